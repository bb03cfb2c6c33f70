"""Watching now: the side that asks the sensor for a look when one is due and passes what was seen to the engine.

Sees no picture and imports nothing that does. One look is in flight at a time. A sensor that does not answer is ended
and started again, later each time. While looks are suspended (paused, locked, asleep) the sensor is ended too, and its
memory goes back to the machine.
"""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Generator, Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from posture.backoff import Backoff
from posture.clock import now_s
from posture.coach.reminder import Reminder
from posture.errors import PostureError
from posture.history.calibrations import made_in_use
from posture.language import mark, tr
from posture.link import WakeUp, wait
from posture.measure.observation import Cause, Observation, cause_of
from posture.monitor import cadence
from posture.monitor.clock import WallClock
from posture.monitor.engine import Engine, Outcome
from posture.perception.gate import ALWAYS
from posture.sensor import wire
from posture.sensor.client import DOUBTED, START_TIMEOUT_S, SensorProcess
from posture.settings import Settings
from posture.timeline.events import Event

if TYPE_CHECKING:
    from posture.sensor.feeder import Feeder

LATE_S = 5.0
"""An answer that comes this long after the question is of no use."""
RESTART = Backoff(first_s=1.0, longest_s=60.0)
"""When a sensor that died is started again; one that lived longer than the longest wait counts as well."""
STOPPED = mark("the sensor has stopped")
LATE = mark("a look takes long")
# Translators: of a camera: why it gives no pictures
_CAMERA_WORDS = (mark("open"), mark("gone"), mark("forbidden"), mark("failed"), mark("ended"))
"""States of the camera that are given as reasons, translated where they are shown."""
LAG_S = 60.0
"""What is seen is no older than this at the question: only a file slow to decode lags behind [design choice]."""
SIZE_S = 2.0
"""A sensor that is silent is looked at this often: it may be growing [design choice]."""
UNSEEN_S = 2.0
"""While nobody looks, the timeline is told so this often: unknown must last for its dwell time as well."""


@dataclass(frozen=True)
class Update:
    """What one turn of the loop led to."""

    t_s: float
    events: list[Event] = field(default_factory=list)
    reminders: list[Reminder] = field(default_factory=list)
    seen: wire.LookResult | None = None
    camera: wire.CameraState = "open"
    sentence: str = ""


@dataclass(frozen=True)
class CameraStatus:
    """What the sensor last said of the camera."""

    state: wire.CameraState = "open"
    sentence: str = ""
    """What is wrong with it, for the user; empty while nothing is."""
    name: str = ""
    """What it calls itself; empty until it was open."""
    ever_open: bool = False
    """Whether it has been open since the watch began."""


class _BrokenError(Exception):
    """The sensor has died or hangs; the message is the reason."""


class _DoubtedError(_BrokenError):
    """It has sent what it never should, or has grown too large."""


class LiveWatch:
    """The loop of a live watch.

    Parameters
    ----------
    clock : WallClock
        The engine's; begins anew when a file begins to be played to an engine that has seen nothing yet.
    source : str
        A camera by index, path or name.
    found : str
        By what an earlier watch says that this camera is found again; empty where none has found it.
    feeder : Feeder or None
        Plays a file or a stream instead of a camera.
    interval_s : float or None
        Look at this fixed interval, with the model at every look; 0 for every frame, None for the cadence.
    baseline : dict or None
        A provisional one from an earlier watch, as JSON; what is stored goes before it.
    calibrate_s : float
        How long to look closely at first, where no baseline is stored.
    on_battery : callable
        Asked at each look.

    Attributes
    ----------
    last_plan : LookPlan or None
        The cadence's plan for the next look.
    restarts : int
        How often the sensor had to be started again.
    doubted : str
        Why the last sensor that was not believed was ended, as a sentence; empty where all were.
    load_cpu_s : float or None
        What the last sensor has needed until it was ready; None before that.
    """

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        clock: WallClock,
        source: str,
        *,
        found: str = "",
        feeder: Feeder | None = None,
        interval_s: float | None = None,
        baseline: dict[str, Any] | None = None,
        calibrate_s: float = 0.0,
        on_battery: Callable[[], bool] = lambda: False,
    ) -> None:
        self._settings, self._engine, self._clock, self._feeder = settings, engine, clock, feeder
        self._interval_s, self._named = interval_s, source
        self._on_battery = on_battery
        # How the next sensor is to begin: with what this one has found out about the camera.
        self._next_start = wire.Start(
            settings=wire.settings_to_json(settings),
            source=found or source,
            baseline=baseline,
            calibrate_s=calibrate_s,
        )
        self._calibrating = calibrate_s > 0
        self._suspended: Mapping[str, Cause] = {}
        self._stopping = False
        self._wake = WakeUp()
        self._sensor: SensorProcess | None = None
        self._calibration_sought = False
        self._restart, self._patience_s, self.doubted = RESTART, cadence.USUAL_PATIENCE_S, ""
        self._cadence = cadence.CadenceState()
        self._number = 0
        self._ready_s = self._due_s = float("-inf")
        self.camera = CameraStatus()
        self.last_plan: cadence.LookPlan | None = None
        self.restarts = 0
        self.load_cpu_s: float | None = None
        self._told_cost: Callable[[wire.CostReport | None], None] | None = None

    # What other threads and signal handlers may call.

    def suspend(self, causes: Mapping[str, Cause]) -> None:
        """Look no more and let camera and memory go, for these reasons (paused, locked, asleep); look again for none.

        The causes say what may be likely of the user meanwhile, see `Observation`.
        """
        self._suspended = dict(causes)
        self._wake()

    def stop(self) -> None:
        """End the watch: `watch` returns."""
        self._stopping = True
        self._wake()

    def check_size(self) -> None:
        """End a sensor that has grown too large; the watch starts another."""
        if (sensor := self._sensor) is not None:
            sensor.check_size()

    def kill_sensor(self) -> None:
        """End the sensor at once, whatever the watch waits for."""
        if (sensor := self._sensor) is not None:
            sensor.kill()

    def tell_cost(self, told: Callable[[wire.CostReport | None], None]) -> None:
        """Have `told` called between two looks, in the thread of the watch, with what `cost` gives."""
        self._told_cost = told
        self._wake()

    @property
    def calibrating(self) -> bool:
        """Whether it looks closely, to find out how the user sits."""
        return self._calibrating

    @property
    def sensor_pid(self) -> int | None:
        """The process that sees, None while there is none."""
        return self._sensor.pid if self._sensor is not None else None

    @property
    def source(self) -> str:
        """By what the camera is found; once it was open, a name that stays when it is plugged in elsewhere."""
        return self._next_start.source

    @property
    def baseline(self) -> dict[str, Any] | None:
        """The provisional one that was found last, for the next watch."""
        return self._next_start.baseline

    # The loop.

    def watch(self, tick_s: float | None = None) -> Generator[Update, None, None]:
        """Watch until stopped or the source ends; PostureError where the sensor cannot work at all.

        Yields at least every `tick_s`, for a status line; by default only when there is something new.
        """
        try:
            while not self._stopping:
                try:
                    if self._suspended:
                        yield from self._wait_suspended()
                    elif self._sensor is None:
                        yield from self._start(tick_s)
                    else:
                        yield from self._look(tick_s)
                except _BrokenError as error:
                    yield self._broken(error)
        finally:
            self._end_sensor()

    def cost(self) -> wire.CostReport | None:
        """What watching has cost the sensor since it was ready; None when there is none to ask."""
        if self._sensor is None:
            return None
        self._sensor.send(wire.Ask())
        until_s = now_s() + cadence.USUAL_PATIENCE_S
        with contextlib.suppress(EOFError, wire.WireError):
            while (left_s := until_s - now_s()) > 0:
                if isinstance(message := self._sensor.receive(left_s), wire.CostReport):
                    return message
        return None

    def close(self) -> None:
        """Let everything go; safe to call twice."""
        self._end_sensor()
        self._wake.close()

    @property
    def _interrupted(self) -> bool:
        return self._stopping or bool(self._suspended)

    def _wait_suspended(self) -> Iterator[Update]:
        told: tuple[str, Cause] | None = None
        while (suspended := self._suspended) and not self._stopping:
            now = next(iter(suspended)), cause_of(suspended.values())
            self._end_sensor()
            if now != told:
                told = now
                yield self._unknown(*now)
            elif self._engine.timeline.candidate is not None:
                # Until it has lasted for its dwell: who was seen leaving only just now has left.
                self._wait(UNSEEN_S)
                told = None
            else:
                self._wait(None)
        self._restart = RESTART

    def _start(self, tick_s: float | None) -> Iterator[Update]:
        while (wait_s := self._restart.due_s - now_s()) > 0 and not self._interrupted:
            self._wait(min(wait_s, tick_s or UNSEEN_S, UNSEEN_S))
            yield self._unseen(STOPPED)
        if self._stopping or self._suspended:
            return
        self._sensor = SensorProcess(self._next_start, self._feeder)
        message = self._answer(START_TIMEOUT_S)
        if isinstance(message, wire.Failed):
            if self._next_start.baseline is not None:
                # It may be the baseline that fails, which came from a sensor: the next one does without.
                self._next_start = replace(self._next_start, baseline=None)
                raise _BrokenError(message.sentence)
            raise PostureError(message.sentence)
        if isinstance(message, wire.Ready):
            if self._feeder is not None and not self._feeder.playing:
                if self._engine.timeline.t_s is None:
                    self._clock.restart()
                self._feeder.play()
            self.load_cpu_s = message.cpu_s
            self._ready_s = self._due_s = now_s()
            self._calibration_sought = False
            self._plan_look()
        elif self._interrupted:
            self._end_sensor()  # what it may still answer is not waited for
        else:
            raise _BrokenError(STOPPED) if message is None else self._doubt()

    def _look(self, tick_s: float | None) -> Iterator[Update]:
        """Wait until a look is due, then take it."""
        while (wait_s := self._due_s - now_s()) > 0:
            if self._told_cost is not None:
                told, self._told_cost = self._told_cost, None
                told(self.cost())
            news = self._wait(min(wait_s, tick_s) if tick_s else wait_s)
            if self._interrupted:
                return
            if news:
                message = self._receive()
                if isinstance(message, wire.CameraNews):
                    yield self._camera_lost(message)
                elif message is not None:
                    raise _BrokenError(message.sentence) if isinstance(message, wire.Failed) else self._doubt()
            elif tick_s:
                yield Update(self._clock.seconds(), camera=self.camera.state, sentence=self.camera.sentence)
        yield from self._ask()

    def _ask(self) -> Iterator[Update]:
        assert self._sensor is not None
        self._number += 1
        asked_s = now_s()
        assert self.last_plan is not None
        self._sensor.check_size()
        self._sensor.send(wire.Look(self._number, self.last_plan.demand, asked_s + LATE_S))
        message, late = None, False
        while message is None and (left_s := asked_s + self._patience_s - now_s()) > 0 and not self._interrupted:
            message = self._answer(min(left_s, UNSEEN_S if late else cadence.USUAL_PATIENCE_S))
            if isinstance(message, wire.CameraNews):
                yield self._camera_lost(message)
                message = None
            elif message is None and now_s() < asked_s + self._patience_s and not self._interrupted:
                late = True  # what it will say is of no use any more, but it may be alive
                yield self._unseen(LATE)
        if self._interrupted:
            self._end_sensor()  # its answer is not waited for, and would come where none is expected
            return
        self._patience_s = cadence.patience_s(self._patience_s, None if message is None else now_s() - asked_s)
        if late and isinstance(message, wire.LookResult):
            message = replace(message, observation=None)
        if message is None or isinstance(message, wire.Failed):
            raise _BrokenError(message.sentence if message is not None else STOPPED)
        if not isinstance(message, wire.LookResult) or message.number != self._number:
            raise self._doubt()
        if now_s() - self._ready_s > RESTART.longest_s:
            self._restart = RESTART
        yield self._taken(message, asked_s)
        if message.camera == "ended":
            self._stopping = True
        self._due_s = cadence.next_due_s(asked_s, now_s(), self._plan_look().interval_s)

    def _taken(self, seen: wire.LookResult, asked_s: float) -> Update:
        is_open = seen.camera == "open"
        self.camera = CameraStatus(seen.camera, seen.sentence, seen.name, self.camera.ever_open or is_open)
        calibrated = seen.calibrated or {}
        self._calibrating = seen.calibrating
        # An open camera without a calibration: what an earlier sensor has found does not fit, or no longer.
        before = None if is_open and seen.calibration == "none" else self._next_start.baseline
        self._next_start = replace(
            self._next_start,
            source=(self._feeder is None and is_open and seen.source) or self.source,
            baseline=calibrated["baseline"] if calibrated.get("ok") else before,
        )
        if is_open and not self._calibration_sought:
            self._name_calibration(seen.name)
        if seen.observation is None:
            return Update(self._clock.seconds(), seen=seen, camera=seen.camera, sentence=seen.sentence)
        outcome = self._take(replace(seen.observation, t_s=max(seen.observation.t_s, asked_s - LAG_S)))
        return Update(self._engine.timeline.now_s, outcome.events, outcome.reminders, seen, seen.camera, seen.sentence)

    def _name_calibration(self, camera: str) -> None:
        """Have the engine record which stored calibration a new sensor has found: its camera is open, so it has."""
        self._calibration_sought = True
        made = None
        with contextlib.suppress(PostureError):  # the sensor says that it cannot be read
            made = made_in_use(self._settings, camera)
        self._engine.use_calibration(made)

    def _plan_look(self) -> cadence.LookPlan:
        if self._interval_s is not None:
            self.last_plan = cadence.LookPlan("steady", self._interval_s, ALWAYS)
            return self.last_plan
        # A camera that is away cannot be calibrated with, and need not be asked for four times a second.
        calibrating = self._calibrating and self.camera.state == "open"
        situation = cadence.Situation(on_battery=self._on_battery(), calibrating=calibrating)
        self._cadence, self.last_plan = cadence.plan(self._cadence, self._engine.timeline, situation, self._settings)
        return self.last_plan

    def _doubt(self) -> _DoubtedError:
        assert self._sensor is not None
        self._sensor.doubted = self._sensor.doubted or tr(DOUBTED)
        return _DoubtedError(self._sensor.doubted)

    def _broken(self, error: _BrokenError) -> Update:
        """End the sensor, and start another after a while, which takes nothing over from one that was not believed."""
        self._end_sensor()
        self.restarts += 1
        self._restart = self._restart.failed(now_s())
        if isinstance(error, _DoubtedError):
            self.doubted = str(error)
            self._next_start = replace(self._next_start, source=self._named, baseline=None)
        self.camera = replace(self.camera, state="failed", sentence=tr(str(error)))
        return self._unseen(STOPPED)

    def _camera_lost(self, news: wire.CameraNews) -> Update:
        self.camera = replace(self.camera, state=news.camera, sentence=news.sentence)
        busy = news.camera == "in use"
        return self._unseen(mark("camera in use") if busy else news.camera, "busy" if busy else "blind")

    def _unknown(self, reason: str, cause: Cause = "blind") -> Update:
        self.camera = replace(self.camera, sentence=reason)
        return self._unseen(reason, cause)

    def _unseen(self, reason: str, cause: Cause = "blind") -> Update:
        """Tell the timeline now that nobody looks, rather than let it find a gap later."""
        outcome = self._take(Observation(now_s(), "unknown", reason, cause=cause))
        state, sentence = self.camera.state, self.camera.sentence
        return Update(self._engine.timeline.now_s, outcome.events, outcome.reminders, None, state, sentence)

    def _take(self, observation: Observation) -> Outcome:
        # An answer may be older than what the timeline was told meanwhile; its time never goes back.
        t_s = max(self._clock.seconds(observation.t_s), self._engine.timeline.t_s or 0.0)
        return self._engine.take(replace(observation, t_s=t_s))

    def _answer(self, timeout_s: float) -> wire.Message | None:
        """The next message; None when it did not come in time, or the watch is interrupted."""
        until_s = now_s() + timeout_s
        while (left_s := until_s - now_s()) > 0 and not self._interrupted:
            if self._wait(min(left_s, SIZE_S)):
                if (message := self._receive()) is not None:
                    return message
            else:
                self.check_size()  # an answer that is on its way comes sooner
        return None

    def _receive(self) -> wire.Message | None:
        """What has come; None where that is not a whole message yet."""
        assert self._sensor is not None
        try:
            return self._sensor.receive(0.0)
        except EOFError:
            raise (self._doubt() if self._sensor.doubted else _BrokenError(STOPPED)) from None
        except wire.WireError:
            raise self._doubt() from None

    def _wait(self, timeout_s: float | None) -> bool:
        """Wait for the sensor, a wake-up or the time; True when there is something from the sensor."""
        if self._sensor is not None and self._sensor.link.waiting:
            return True
        begun = self._sensor is not None and self._sensor.link.begun
        if begun:  # the rest of it must come in time
            timeout_s = min(wire.MESSAGE_S, timeout_s if timeout_s is not None else wire.MESSAGE_S)
        waited: list[Any] = [self._wake, *([self._sensor.link.stream] if self._sensor is not None else [])]
        ready = wait(waited, timeout_s)
        if self._wake in ready:
            self._wake.clear()
        return self._sensor is not None and (self._sensor.link.stream in ready or begun)

    def _end_sensor(self) -> None:
        if self._sensor is not None:
            self._sensor.end()
            self._sensor = None
