"""The session of a running daemon: takes facts, carries out their effects, and stores what outlives a restart."""

from __future__ import annotations

import json
from collections.abc import Callable, Coroutine
from datetime import UTC, datetime, timedelta
from typing import Any

from posture.access import make_folder
from posture.atomic_write import read_replaced, write_atomically
from posture.daemon import session_state as facts
from posture.daemon.desktop_link import DesktopLink
from posture.daemon.due import NEVER_S, ends_in_s
from posture.daemon.logs import Log
from posture.daemon.session_state import Effect, Fact, SessionState, difference, step
from posture.daemon.watch_thread import WatchThread
from posture.errors import PostureError
from posture.language import tr
from posture.monitor.clock import WallClock
from posture.paths import memory_path

STORE_AGAIN_S = 10.0
"""When it is tried again to store what could not be stored [design choice]."""


class Session:
    """What the user, the desktop session and borrowers of the camera have asked for.

    Parameters
    ----------
    wall : WallClock
        The clock of the watch.
    do : callable
        Runs a coroutine in the background.
    """

    def __init__(
        self,
        log: Log,
        wall: WallClock,
        watch: WatchThread,
        desktop: DesktopLink,
        do: Callable[[Coroutine[Any, Any, None]], None],
    ) -> None:
        self._log, self._wall, self._watch, self._desktop, self._do = log, wall, watch, desktop, do
        self.state = SessionState()
        self.problem = ""
        """Why what was asked for last would not outlive a restart, as a sentence; empty where it would."""

    def take(self, *taken: Fact) -> None:
        """Take facts, one after another."""
        for fact in taken:
            self.state, effects = step(self.state, fact)
            self._apply(effects)

    def _apply(self, effects: tuple[Effect, ...]) -> None:
        engine = self._watch.engine
        for effect in effects:
            match effect:
                case facts.SuspendLooks(suspended):
                    self._watch.suspend(suspended)
                case facts.ResumeLooks():
                    self._watch.suspend(())
                case facts.SnoozeCoach(None):
                    engine.snooze(None)
                case facts.SnoozeCoach(datetime() as until):
                    engine.snooze(self._wall.seconds() + (until - datetime.now(UTC)).total_seconds())
                case facts.SetStanding(on):
                    engine.stand(on)
                    self._log.write("standing", on=on)
                case facts.WithdrawNotice():
                    self._do(self._desktop.withdraw())
                case facts.StartSensorAnew():
                    self._watch.look_again()
                case facts.StoreMemory():
                    self._store()
                case facts.ShowStatus():
                    self._desktop.show()

    def _store(self) -> None:
        path = memory_path()
        try:
            make_folder(path.parent)
            write_atomically(path, json.dumps(facts.memory_to_json(self.state)), erase_old=True)
            self.problem = ""
        except OSError as error:
            if not self.problem:
                self._log.write("memory", problem=str(error))
            self.problem = tr(
                "What you asked for last (a pause, a snooze, or its end) will not last over a restart: {folder} "
                "cannot be written ({why}). Free some space, or check it.",
                folder=path.parent,
                why=error.strerror or tr("it cannot be written"),
            )

    def remember(self) -> None:
        """Take up what an earlier daemon has stored, before anything else is taken."""
        try:
            found = json.loads(read_replaced(memory_path()))
            state = facts.memory_from_json(found, datetime.now(UTC))
        except FileNotFoundError:
            return
        except (OSError, ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError, PostureError):
            self._log.write("memory", problem="what was remembered cannot be read: a pause or a snooze is over")
            return
        before, self.state = self.state, state
        self._apply(difference(before, state))
        self._watch.engine.remember_let_pass(state.let_pass)
        if state.paused:
            self._log.write("paused", until=state.paused_until)
        if state.snooze is not None:
            self._log.write("snoozed", until=state.snooze.until)

    def due_in_s(self, now: datetime) -> float:
        """In how many seconds `pass_time` has something to do."""
        return min(ends_in_s(self.state, now), STORE_AGAIN_S if self.problem else NEVER_S)

    def pass_time(self, now: datetime) -> None:
        """End what ends by itself, and try again to store what could not be stored."""
        if self.problem:
            self._store()
        paused = self.state.paused
        self.take(facts.TimePassed(now))
        if paused and not self.state.paused:
            self._log.write("resumed")

    def pause(self, until: datetime | None) -> None:
        """Pause until a time, or without an end."""
        self._log.write("paused", until=until)
        self.take(facts.PauseAsked(until))

    def resume(self) -> None:
        """End the pause; whoever asks for that is at the screen."""
        self._log.write("resumed")
        self._desktop.forget_screen()
        self.take(facts.ResumeAsked(), facts.UserIsHere())
        self._watch.play_again()

    def snooze(self, seconds: float, why: str = facts.SNOOZED) -> None:
        """Keep reminders away for so long."""
        until = datetime.now(UTC) + timedelta(seconds=seconds)
        self._log.write("snoozed", until=until)
        self.take(facts.SnoozeAsked(until, why))

    def end_snooze(self) -> None:
        """Let reminders come again."""
        if self.state.snooze is not None:
            self._log.write("no longer snoozed")
        self.take(facts.SnoozeEndAsked())

    def stand(self, on: bool) -> None:
        """Take what the user says about standing."""
        self.update_standing()
        self.take(facts.StandingSaid(on))

    def update_standing(self) -> None:
        """Notice that a break has ended the standing that the user had reported."""
        self.take(facts.StandingSaid(self._watch.engine.standing))

    def change(self, change: facts.SessionChange, looks_on_s: float) -> None:
        """Take what the desktop session reports; a locked camera looks on for `looks_on_s`."""
        self._log.write("session", change=change)
        until = datetime.now(UTC) + timedelta(seconds=looks_on_s) if looks_on_s and change == "locked" else None
        if until is not None:
            # Until the next tick asks: nobody reads a reminder behind a locked screen.
            self._watch.engine.wait_for(facts.LOCKED.reason, 2 * looks_on_s)
        self.take(facts.SessionChanged(change, until))

    def lend(self, reason: str) -> Callable[[], None]:
        """Lend the camera, and return the function that takes it back."""
        self._log.write("camera lent", reason=reason)
        self.take(facts.CameraLent(reason))
        return lambda: self.take(facts.CameraReturned(reason))
