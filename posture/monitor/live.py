"""Watching now: the daemon's side. Asks the sensor for a look when one is due, and passes what was seen to the engine.

Sees no picture and imports nothing that does. One look is in flight at a time. A sensor that does not answer is ended
and started again, later each time; when watching is held off (paused, locked, asleep) it is ended too, and its memory
goes back to the machine.
"""

from __future__ import annotations

import contextlib
import select
import socket
from collections.abc import Callable, Generator, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from posture.clock import now_s
from posture.coach.reminder import Reminder
from posture.errors import PostureError
from posture.measure.observation import Observation
from posture.monitor import cadence
from posture.monitor.clock import WatchClock
from posture.monitor.engine import Engine, Outcome
from posture.perception.gate import ALWAYS
from posture.sensor.client import START_TIMEOUT_S, SensorProcess
from posture.sensor.wire import (
    Ask,
    CameraNews,
    CameraState,
    CostReport,
    Failed,
    Look,
    LookResult,
    Message,
    Ready,
    Start,
    WireError,
    settings_to_json,
)
from posture.settings import Settings
from posture.timeline.events import Event

if TYPE_CHECKING:
    from posture.sensor.feeder import Feeder

__all__ = ["LiveWatch", "Policy", "Update"]

ANSWER_TIMEOUT_S = 20.0
"""A stalled camera takes 6 s to be found out; a sensor that is silent for longer than this hangs."""
LATE_S = 5.0
"""What is seen this long after it was asked for is old news."""
FIRST_RESTART_S, MAX_RESTART_S = 1.0, 60.0
UNSEEN_S = 2.0
"""While nobody looks, the timeline is told so this often: unknown must hold for its dwell as well."""


@dataclass(frozen=True)
class Policy:
    """How looks are paced: the default cadence, or at a fixed interval with the model at every look.

    Attributes
    ----------
    interval_s : float or None
        None for the default cadence; 0 for every frame.
    """

    interval_s: float | None = None


@dataclass(frozen=True)
class Update:
    """What one turn of the loop led to."""

    t_s: float
    events: list[Event] = field(default_factory=list)
    reminders: list[Reminder] = field(default_factory=list)
    seen: LookResult | None = None
    camera: CameraState = "open"
    sentence: str = ""


class LiveWatch:
    """The loop of a live watch.

    Parameters
    ----------
    settings : Settings
    engine : Engine
    clock : WatchClock
        The engine's; begins anew when a file begins to be played to an engine that has seen nothing yet.
    source : str
        A camera by index, path or name.
    feeder : Feeder or None
        Plays a file instead of a camera.
    policy : Policy
    calibrate_s : float
        How much of the beginning is upright sitting, where no baseline is stored.
    on_battery : callable
        Asked at each look.
    on_ready : callable
        Called whenever a sensor is ready for its first look.
    """

    def __init__(
        self,
        settings: Settings,
        engine: Engine,
        clock: WatchClock,
        source: str,
        *,
        feeder: Feeder | None = None,
        policy: Policy | None = None,
        calibrate_s: float = 0.0,
        on_battery: Callable[[], bool] = lambda: False,
        on_ready: Callable[[Ready], None] = lambda ready: None,
    ) -> None:
        self._settings, self._engine, self._clock, self.source = settings, engine, clock, source
        self._feeder = feeder
        self._policy = policy or Policy()
        self._calibrate_s, self._on_battery, self._on_ready = calibrate_s, on_battery, on_ready
        self._calibrating = calibrate_s > 0
        self._baseline: dict[str, Any] | None = None
        self._suspended: dict[str, None] = {}
        self._wake_in, self._wake_out = socket.socketpair()
        self._sensor: SensorProcess | None = None
        self._cadence = cadence.CadenceState()
        self._due_s = self._ready_s = float("-inf")
        self._planned: cadence.LookPlan | None = None
        self._number = 0
        self._restart_s, self._restart_at_s = FIRST_RESTART_S, float("-inf")
        self._stopping = False
        self.restarts = 0
        self.late = 0
        self.last_plan: cadence.LookPlan | None = None
        self.camera: CameraState = "open"
        self.sentence = ""
        self.name = ""
        self.ever_open = False

    # What other threads and signal handlers may call.

    def suspend(self, reason: str) -> None:
        """Look no more and let camera and memory go, until `resume` with the same reason (paused, locked, asleep)."""
        self._suspended[reason] = None
        self._wake()

    def resume(self, reason: str) -> None:
        """Look again, unless another reason holds."""
        self._suspended.pop(reason, None)
        self._wake()

    def stop(self) -> None:
        """End the watch: `watch` returns."""
        self._stopping = True
        self._wake()

    @property
    def sensor_pid(self) -> int | None:
        """The process that sees, None while there is none."""
        return self._sensor.pid if self._sensor is not None else None

    def _wake(self) -> None:
        with contextlib.suppress(OSError):
            self._wake_out.send(b"w")

    # The loop.

    def watch(self, tick_s: float | None = None) -> Generator[Update, None, None]:
        """Watch until stopped or the source ends.

        Parameters
        ----------
        tick_s : float, optional
            Yield at least this often, for a status line; by default only when something came of it.

        Yields
        ------
        Update

        Raises
        ------
        posture.errors.PostureError
            The sensor cannot work at all.
        """
        try:
            while not self._stopping:
                if self._suspended:
                    yield from self._hold()
                elif self._sensor is None:
                    yield from self._start(tick_s)
                else:
                    yield from self._look(tick_s)
        finally:
            self._end_sensor()

    def cost(self) -> CostReport | None:
        """What watching has cost the sensor since it was ready; None when there is none to ask."""
        if self._sensor is None:
            return None
        self._sensor.send(Ask())
        with contextlib.suppress(EOFError, WireError):
            while (message := self._sensor.link.receive(ANSWER_TIMEOUT_S)) is not None:
                if isinstance(message, CostReport):
                    return message
        return None

    def close(self) -> None:
        """Let everything go; safe to call twice."""
        self._end_sensor()
        self._wake_in.close()
        self._wake_out.close()

    def _hold(self) -> Iterator[Update]:
        # Another thread may say "go on" while the sensor ends.
        reason = next(iter(tuple(self._suspended)), "held off")
        self._end_sensor()
        yield self._unknown(reason)
        while self._suspended and not self._stopping:
            self._wait(None)
        self._restart_s, self._restart_at_s = FIRST_RESTART_S, float("-inf")

    def _start(self, tick_s: float | None) -> Iterator[Update]:
        while (wait_s := self._restart_at_s - now_s()) > 0 and not self._stopping and not self._suspended:
            self._wait(min(wait_s, tick_s or UNSEEN_S, UNSEEN_S))
            yield self._unknown(self.sentence)
        if self._stopping or self._suspended:
            return
        start = Start(
            settings=settings_to_json(self._settings),
            source=self.source,
            baseline=self._baseline,
            calibrate_s=self._calibrate_s if self._calibrating else 0.0,
            follow=self._policy.interval_s is not None,
        )
        self._sensor = SensorProcess(start, self._feeder)
        message = self._answer(START_TIMEOUT_S)
        if isinstance(message, Failed):
            raise PostureError(message.sentence)
        if isinstance(message, Ready):
            self._ready_s = now_s()
            if self._feeder is not None and not self._feeder.playing:
                if self._engine.timeline.t_s is None:
                    self._clock.restart()
                self._feeder.play()
            self._on_ready(message)
            self._due_s = now_s()
        elif not self._stopping and not self._suspended:
            yield from self._broken()

    def _look(self, tick_s: float | None) -> Iterator[Update]:
        assert self._sensor is not None
        while (wait_s := self._due_s - now_s()) > 0:
            news = self._wait(min(wait_s, tick_s) if tick_s else wait_s)
            if self._stopping or self._suspended:
                return
            if news:
                message = self._receive(1.0)
                if isinstance(message, CameraNews):
                    yield self._unknown("camera in use" if message.camera == "in use" else message.camera, message)
                else:
                    yield from self._broken()
                    return
            elif tick_s:
                yield Update(self._clock.seconds(), camera=self.camera, sentence=self.sentence)
        yield from self._ask()

    def _ask(self) -> Iterator[Update]:
        assert self._sensor is not None
        self._number += 1
        asked_s = now_s()
        plan = self._planned or self._plan()
        self._sensor.send(Look(self._number, plan.demand, asked_s + LATE_S))
        message: Message | None = None
        while not self._stopping and not self._suspended:
            message = self._answer(asked_s + ANSWER_TIMEOUT_S - now_s())
            if isinstance(message, CameraNews):
                yield self._unknown("camera in use" if message.camera == "in use" else message.camera, message)
                continue
            break
        if self._stopping or self._suspended:
            return
        if not isinstance(message, LookResult) or message.number != self._number:
            yield from self._broken()
            return
        if now_s() - self._ready_s > MAX_RESTART_S:
            self._restart_s = FIRST_RESTART_S
        yield self._taken(message)
        if message.camera == "ended":
            self._stopping = True
        self._planned = self._plan()
        self._due_s = cadence.next_due_s(asked_s, now_s(), self._planned.interval_s)

    def _taken(self, seen: LookResult) -> Update:
        self.camera, self.sentence, self.name = seen.camera, seen.sentence, seen.name
        if self._feeder is None and seen.camera == "open":
            self.source = seen.source or self.source
        self._calibrating = seen.calibrating
        self.ever_open = self.ever_open or seen.camera == "open"
        if seen.calibrated is not None and seen.calibrated.get("ok"):
            self._baseline = seen.calibrated["baseline"]
        if seen.observation is None:
            self.late += seen.camera != "ended"
            return Update(self._clock.seconds(), seen=seen, camera=seen.camera, sentence=seen.sentence)
        step = self._take(seen.observation)
        return Update(self._engine.timeline.now_s, step.events, step.reminders, seen, seen.camera, seen.sentence)

    def _plan(self) -> cadence.LookPlan:
        if self._policy.interval_s is not None:
            return cadence.LookPlan("steady", self._policy.interval_s, ALWAYS)
        # A camera that is away cannot be calibrated with, and need not be asked for four times a second.
        calibrating = self._calibrating and self.camera == "open"
        situation = cadence.Situation(on_battery=self._on_battery(), calibrating=calibrating)
        self._cadence, plan = cadence.plan(self._cadence, self._engine.timeline, situation, self._settings)
        assert plan is not None
        self.last_plan = plan
        return plan

    def _broken(self) -> Iterator[Update]:
        """The sensor has died, hangs, or speaks another language: end it, and start another after a while."""
        self._end_sensor()
        self.restarts += 1
        self._restart_at_s = now_s() + self._restart_s
        self._restart_s = min(self._restart_s * 2, MAX_RESTART_S)
        self.camera = "failed"
        yield self._unknown("the sensor has stopped")

    def _unknown(self, reason: str, message: CameraNews | None = None) -> Update:
        """Nothing is seen for a while: say so to the timeline now, rather than let a gap tell it later."""
        if message is not None:
            self.camera, self.sentence = message.camera, message.sentence
        else:
            self.sentence = reason
        step = self._take(Observation(now_s(), "unknown", reason))
        return Update(self._engine.timeline.now_s, step.events, step.reminders, None, self.camera, self.sentence)

    def _take(self, observation: Observation) -> Outcome:
        # What was seen while something else was said already counts from then.
        t_s = max(self._clock.seconds(observation.t_s), self._engine.timeline.t_s or 0.0)
        return self._engine.take(replace(observation, t_s=t_s))

    def _answer(self, timeout_s: float) -> Message | None:
        """The next message; None when it did not come in time, the sensor is gone, or the watch is to end."""
        assert self._sensor is not None
        until_s = now_s() + timeout_s
        while (left_s := until_s - now_s()) > 0 and not self._stopping and not self._suspended:
            if self._wait(left_s):
                return self._receive(1.0)
        return None

    def _receive(self, timeout_s: float) -> Message | None:
        assert self._sensor is not None
        try:
            return self._sensor.link.receive(timeout_s)
        except (EOFError, WireError):
            return None

    def _wait(self, timeout_s: float | None) -> bool:
        """Wait for the sensor, a wake-up or the time; True when there is something from the sensor."""
        if self._sensor is not None and self._sensor.link.waiting:
            return True
        waited: list[Any] = [self._wake_in]
        if self._sensor is not None:
            waited.append(self._sensor.link)
        ready = select.select(waited, [], [], timeout_s)[0]
        if self._wake_in in ready:
            self._wake_in.recv(4096)
        return self._sensor is not None and self._sensor.link in ready

    def _end_sensor(self) -> None:
        self._planned = None
        if self._sensor is not None:
            self._sensor.end()
            self._sensor = None
