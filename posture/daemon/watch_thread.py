"""The daemon's watch in a thread of its own, with live loop, engine and history, so that no disk stalls the daemon."""

from __future__ import annotations

import contextlib
import math
import threading
import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from posture.backoff import Backoff
from posture.camera.source_kind import NO_STREAM, is_elsewhere, kind_of_source
from posture.clock import awake_s, now_s
from posture.daemon.due import SELDOM_S
from posture.daemon.session_state import Suspension
from posture.daemon.status import SensorNow, Watch
from posture.errors import PostureError
from posture.history.sink import Defect, HistorySink
from posture.language import mark, sentence_start, tr
from posture.measure.observation import Cause, Observation, cause_of
from posture.monitor.assemble import assemble
from posture.monitor.clock import WallClock
from posture.monitor.live import UNSEEN_S, LiveWatch, Update
from posture.sensor.wire import CostReport
from posture.settings import Settings
from posture.timeline.events import Event

if TYPE_CHECKING:
    from posture.sensor.feeder import Feeder

CALIBRATE_S = 6.0
"""The least time before a provisional calibration: as long as a still stretch."""
RETRY = Backoff(first_s=5.0, longest_s=60.0)
"""When a watch that failed is tried again [design choice]."""
DOUBT_SHOWN_S = 3600.0
"""How long it is said that a sensor was not believed [design choice]."""
STUCK_S = 300.0
"""Looks are at most a minute apart, and a sensor that does not answer is ended sooner [design choice]."""
OVER_S = 60.0
"""So often the thread of a film that is over says that it is alive [design choice]."""
NOT_ASKED = mark("asking the desktop")
"""Why reminders wait until the desktop has said that they need not."""


def _causes(suspended: tuple[Suspension, ...]) -> dict[str, Cause]:
    return {suspension.reason: suspension.cause for suspension in suspended}


class WatchThread:
    """Runs the watch; tries again when it fails, and starts it anew when settings that concern it change.

    Parameters
    ----------
    on_update : callable
        Called in this thread with every `Update`.
    on_problem : callable
        Called in this thread with a sentence about what cannot be stored, or "" when it can again.
    on_battery : callable
        Asked at each look.
    on_defect : callable
        Called in this thread with what has failed beside the watch, which goes on, and the error; None for an error
        says that it works again.

    Attributes
    ----------
    trouble : str
        Why there is no watch; empty while there is.
    """

    def __init__(
        self,
        settings: Settings,
        wall: WallClock,
        on_update: Callable[[Update], None],
        on_problem: Callable[[str], None],
        on_battery: Callable[[], bool],
        on_defect: Callable[[Defect], None] = lambda defect: None,
    ) -> None:
        self._settings, self._wall, self._on_update, self._on_battery = settings, wall, on_update, on_battery
        self._on_defect, self._defects = on_defect, set[str]()
        self._told: tuple[object, ...] = ()
        on_defect = self._note
        self._sink = HistorySink(settings, on_problem, on_defect)
        self.engine = assemble(
            settings,
            self._sink,
            wall.to_utc,
            lambda error: on_problem(str(error)),
            waiting=NOT_ASKED,
            on_defect=on_defect,
        )
        self._lock = threading.Lock()
        self._suspended: tuple[Suspension, ...] = ()
        self._live: LiveWatch | None = None
        self._feeder: Feeder | None = None
        self._feeder_source = ""
        self._found: dict[str, str] = {}  # from a camera as the settings name it to the name it is found by again
        self._baseline: dict[str, Any] | None = None  # the provisional one
        self._changed = threading.Event()
        self._stopping = False
        self._retry = RETRY
        self._over = ""
        self._doubt, self._doubt_s = "", float("-inf")
        self.trouble = ""
        self._thread = self._new_thread()
        self._alive_s = awake_s()

    def start(self) -> None:
        """Start watching."""
        self._thread.start()

    def _note(self, found: Defect) -> None:
        """Pass on what fails, and that it works again; not each time that it works."""
        name, error = found
        if error is not None or name in self._defects:
            self._on_defect(found)
        self._defects = self._defects - {name} if error is None else self._defects | {name}

    def brings_news(self, update: Update) -> bool:
        """Whether an update says more than the last one; called in this thread, with each of them."""
        seen = update.seen
        now = (
            *(update.camera, update.sentence, self.trouble, self.engine.standing, self.engine.let_pass),
            *((seen.calibration, seen.calibrating, seen.missing, seen.offer, seen.moved, seen.name) if seen else ()),
        )
        before, self._told = self._told, now
        calibrated = seen is not None and seen.calibrated is not None
        return now != before or bool(update.events or update.reminders) or calibrated

    def _new_thread(self) -> threading.Thread:
        # Where even `stop` cannot end it, because a disk or a driver hangs, the process ends all the same.
        return threading.Thread(target=self._run, name="posture-watch", daemon=True)

    @property
    def stuck(self) -> bool:
        """Whether the watch has not moved for long, although it should look."""
        return not self._suspended and awake_s() - self._alive_s > STUCK_S

    @property
    def suspended(self) -> bool:
        """Whether nobody is to look."""
        return bool(self._suspended)

    @property
    def due_in_s(self) -> float:
        """In how many seconds `look_after` may have something to do."""
        return SELDOM_S if self._suspended else min(SELDOM_S, max(0.0, self._alive_s + STUCK_S - awake_s()))

    def look_after(self) -> None:
        """Start the thread again if a defect has ended it, and raise an error that says so; another if it is stuck.

        A sensor that has grown too large is ended, and one that a watch is stuck with.
        """
        if (live := self._live) is not None:
            live.check_size()
            if self.stuck:
                live.kill_sensor()
        if not self._thread.is_alive() and self._thread.ident is not None and not self._stopping:
            self._thread = self._new_thread()
            self._thread.start()
            raise RuntimeError("the watch had ended, and is started again")
        if self.stuck:
            raise RuntimeError(f"no look has ended for {STUCK_S / 60:g} minutes")

    def stop(self, timeout_s: float) -> bool:
        """End the watch and close what is open in the history; False when that took longer than `timeout_s`.

        A sensor that holds it up is killed halfway: nothing of it is left.
        """
        self._stopping = True
        self._again()
        self._thread.join(timeout_s / 2)
        if self._thread.is_alive() and (live := self._live) is not None:
            live.kill_sensor()
        self._thread.join(timeout_s / 2)
        return not self._thread.is_alive()

    def suspend(self, suspended: tuple[Suspension, ...]) -> None:
        """Close the camera for these reasons, oldest first; open it when there are none."""
        with self._lock:
            self._suspended = suspended
            self.engine.suspended = bool(suspended)
            self._alive_s = awake_s()
            if self._live is not None:
                self._live.suspend(_causes(suspended))

    @property
    def doubt(self) -> str:
        """Why a sensor was not believed within the last hour, as a sentence; empty where none was."""
        if now_s() - self._doubt_s > DOUBT_SHOWN_S:
            return ""
        # Translators: the end of a sentence.
        return tr("{sentence}.", sentence=sentence_start(tr(self._doubt)))

    def report(self) -> Watch:
        """What the status shows of the watch."""
        live = self._live
        if live is None:
            return Watch(trouble=self.trouble)
        pace = live.last_plan.pace if live.last_plan is not None else None
        return Watch(live.camera.name, SensorNow(live.sensor_pid, live.restarts, pace), self.trouble)

    def tell_cost(self, told: Callable[[CostReport | None], None]) -> None:
        """Have `told` called, in the thread of the watch, with what watching has cost the sensor."""
        if (live := self._live) is not None:
            live.tell_cost(told)
        else:
            told(None)

    def measured(self) -> dict[str, Any]:
        """Give what `posture bench` must know of the watch, as plain JSON."""
        live, feeder = self._live, self._feeder
        return {
            "trouble": self.trouble,
            "open": live is not None and live.camera.ever_open,
            "camera": "" if live is None else live.camera.state,
            "sentence": "" if live is None else live.camera.sentence,
            "calibrating": live is None or live.calibrating,
            "sensor_pid": None if live is None else live.sensor_pid,
            "load_cpu_s": None if live is None else live.load_cpu_s,
            "restarts": 0 if live is None else live.restarts,
            "clip_s": None if feeder is None else feeder.duration_s,
        }

    def use(self, settings: Settings) -> None:
        """Apply changed settings; the sensor is started anew only if they concern it."""
        old, self._settings = self._settings, settings
        self.engine.use(settings)
        sensing = ("camera", "pose", "measure", "cadence", "history")
        speaks = old.general.language != settings.general.language  # the sensor speaks what it was started with
        if speaks or any(getattr(old, name) != getattr(settings, name) for name in sensing):
            self._again()

    def look_again(self) -> None:
        """Start the sensor anew, with the calibration that is stored by now."""
        self._again()

    def play_again(self) -> None:
        """Play a film that is over once more; nothing else happens."""
        if self._over:
            self._again()

    def _again(self) -> None:
        with self._lock:
            self._changed.set()
            if self._live is not None:
                self._live.stop()

    def _run(self) -> None:
        try:
            while not self._stopping:
                self._changed.clear()
                self._alive_s = awake_s()
                try:
                    self._sink.use(self._settings)
                    self._over, name = self._watch(self._settings)
                    self.trouble = self._over and tr("{name} has ended: posture resume plays it again.", name=name)
                except PostureError as error:
                    self.trouble = str(error)
                except Exception as error:  # a defect must not end a watch that nobody supervises
                    traceback.print_exception(error)
                    self.trouble = tr(
                        "The watch has failed ({error}): it is tried again; see posture logs.", error=f"{error!r:.100}"
                    )
                if not self._changed.is_set():
                    self._rest()
                self._over = ""
        finally:
            self._close_feeder()
            with contextlib.suppress(PostureError):
                self.engine.finish()
            self._sink.close()

    def _rest(self) -> None:
        """Wait before the next try, which for a film that is over comes when it is asked for.

        Presence is unknown meanwhile: whoever sat there may have left.
        """
        if self._over:
            self._close_feeder()
            until_s = math.inf
        else:
            self._retry = self._retry.failed(now_s())
            until_s = self._retry.due_s
        while (left_s := until_s - now_s()) > 0 and not self._changed.is_set():
            t_s = max(self._wall.seconds(), self.engine.timeline.t_s or 0.0)
            events: list[Event] = []
            causes = _causes(self._suspended)
            reason = next(iter(causes), mark("ended") if self._over else mark("nobody looks"))
            with contextlib.suppress(Exception):  # the engine itself may be what has failed
                seen = Observation(t_s, "unknown", reason, cause=cause_of(causes.values()))
                events = self.engine.take(seen).events
            if self._over:
                self._on_update(Update(t_s, events, camera="ended", sentence=self._over))
            else:
                self._on_update(Update(t_s, events, camera="failed", sentence=self.trouble))
            settling = not self._over or self.engine.timeline.candidate is not None
            self._changed.wait(min(left_s, UNSEEN_S if settling else OVER_S))
            self._alive_s = awake_s()

    def _watch(self, settings: Settings) -> tuple[str, str]:
        """Watch until something changes or a film is over; then the sentence that says so, and its name."""
        source = settings.camera.source
        live = LiveWatch(
            settings,
            self.engine,
            self._wall,
            source,
            found=self._found.get(source, ""),
            feeder=self._feeder_of(source),
            baseline=self._baseline,
            calibrate_s=CALIBRATE_S,
            on_battery=self._on_battery,
        )
        with self._lock:
            live.suspend(_causes(self._suspended))
            self._live = live
        if self._stopping or self._changed.is_set():
            live.stop()
        try:
            for update in live.watch():
                self.trouble = ""
                if update.seen is not None:
                    self._retry = RETRY
                if live.doubted:
                    self._doubt, self._doubt_s, live.doubted = live.doubted, now_s(), ""
                self._alive_s = awake_s()
                self._on_update(update)
        finally:
            with self._lock:
                self._live = None
            self._found[source], self._baseline = live.source, live.baseline
            live.close()
        ended = live.camera.state == "ended"
        return (live.camera.sentence or "ended", live.camera.name) if ended else ("", "")

    def _feeder_of(self, source: str) -> Feeder | None:
        """The process that plays a file, if the source is one; it outlives a change of settings."""
        if self._feeder is not None and self._feeder_source == source:
            return self._feeder
        self._close_feeder()
        if is_elsewhere(source):
            raise PostureError(tr(NO_STREAM))
        if kind_of_source(source) == "file":
            from posture.sensor.feeder import Feeder

            self._feeder = Feeder(source)
            self._feeder_source = source
        return self._feeder

    def _close_feeder(self) -> None:
        if self._feeder is not None:
            self._feeder.close()
            self._feeder = None
