"""The long-running process: one event loop that holds the watcher, the desktop and the control socket together.

Nothing here blocks: the watch runs in its own thread, pictures in a process of their own, a desktop that does not
answer is given up after 2 s, and the history is read in a worker.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import faulthandler
import gc
import json
import os
import signal
import socket
import sys
from collections.abc import Callable, Coroutine, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posture import __version__, sandbox
from posture.atomic_write import write_atomically
from posture.clock import now_s
from posture.coach.event_text import event_json
from posture.coach.reminder import Reminder, ReminderKind
from posture.coach.words import DEVIATION_WORDS, Facts, body_of, minutes, title_of
from posture.control.channel import ControlServer
from posture.control.instance import ALREADY, SingleInstance
from posture.daemon.helper_shell import HelperShell
from posture.daemon.logs import Log
from posture.daemon.tray_menu import tray_state
from posture.daemon.watch_thread import WatchThread
from posture.desktop.bus import Bus, BusError
from posture.desktop.idle import TYPING, idle_s, wait_for_typing
from posture.desktop.notices import Button, Notices
from posture.desktop.notify import open_notifier
from posture.desktop.notify_base import NotifyError
from posture.desktop.quiet import why_quiet
from posture.desktop.session import SessionChange, SessionWatch, on_battery
from posture.desktop.tray import tray_for
from posture.desktop.tray_base import Tray
from posture.errors import PostureError
from posture.kept_files import tighten
from posture.monitor.clock import WallClock
from posture.monitor.live import Update
from posture.paths import log_path, memory_path, places, report_path, state_folder
from posture.settings import Settings
from posture.settings_file import load_settings, settings_path
from posture.timeline.events import DeviationEnded, Event, PosturalShift, PresenceChanged

if TYPE_CHECKING:
    from posture.report.figures import Summary

__all__ = ["Service", "main"]

TICK_S = 2.0
RECONNECT_S = 15.0
TODAY_S = 30.0
"""How old the figures of today may be."""
ASK_DESKTOP_S = 10.0
"""Before a reminder is due, the desktop is asked this often whether it may be said."""
ASK_BEFORE_S = 45.0
ASK_TYPING_BEFORE_S = 2 * TICK_S
"""Shortly before it is due, whether the user is typing is asked at each tick."""
MEETING_S = 3600.0
"""How long "In a meeting" keeps quiet [design choice]."""
STOP_S = 8.0
HIDDEN = "another user has the screen"
CALIBRATING = (
    "Shoulders loose, looking at the screen: posture learns how you sit upright, for this session. "
    "Calibrate in the menu, or posture calibrate, keeps it."
)
ACTED_ON: dict[ReminderKind, tuple[str, ...]] = {
    "stand": ("standing", "away"),
    "stretch": ("standing", "away"),
    "move": ("standing", "away"),
    "posture": ("standing", "away"),
    "sit": ("sitting", "away"),
}
"""A presence that shows that a reminder has been acted on: it is withdrawn."""
_BY_HAND = {
    "report": "In a terminal, posture report --open says why.",
    "settings": "No program to open it was found. The file is {settings}",
}


class Service:
    """The daemon.

    Parameters
    ----------
    overrides : sequence of str
        ``key=value`` settings that win over the file.
    log : Log
    opener : HelperShell
    """

    def __init__(self, overrides: Sequence[str], log: Log, opener: HelperShell) -> None:
        self._overrides, self._log, self._opener = list(overrides), log, opener
        self._settings = load_settings(overrides=self._overrides)
        self._settings_seen = _stamp(settings_path())
        self._settings_problem = ""
        self._wall = WallClock()
        self._loop = asyncio.get_running_loop()
        self._watcher = WatchThread(
            self._settings,
            self._wall,
            self._from_thread(self._on_update),
            self._from_thread(self._on_problem),
            _battery,
        )
        self._engine = self._watcher.engine
        self._stopped = asyncio.Event()
        self._jobs: set[asyncio.Task[None]] = set()
        self._tray: Tray | None = None
        self._notices: Notices | None = None
        self._desktop_note, self._desktop_sought = "not connected yet", asyncio.Event()
        self._bus: Bus | None = None
        self._session = SessionWatch(self._on_session)
        self._history_problem = self._notice_problem = ""
        self._started = datetime.now(UTC)
        self._paused = False
        self._paused_until: datetime | None = None
        self._snoozed_until: datetime | None = None
        self._snoozed_why = ""
        self._last: Update | None = None
        self._calibrating = False
        self._moved, self._moved_told = "", False
        self._shown: ReminderKind | None = None
        self._waits: tuple[float, str] | None = None
        self._quiet = ""
        self._typing_since_s: float | None = None
        self._today: dict[str, Any] = {}
        self._told_day: date | None = None
        self._today_at_s = self._asked_s = self._day_at_s = float("-inf")
        self._control = ControlServer(self._answer, self._lend)

    # -- life ---------------------------------------------------------------------------------------------------

    async def run(self, ready: Callable[[], None]) -> None:
        """Serve until stopped.

        Parameters
        ----------
        ready : callable
            Is called when the control socket answers.
        """
        for number in (signal.SIGTERM, signal.SIGINT):
            self._loop.add_signal_handler(number, self._stopped.set)
        await self._control.start()
        if self._opener.failures is not None:
            self._loop.add_reader(self._opener.failures, self._not_opened)
        self._remember()
        loose = tighten(places(self._settings))
        for path in loose:
            self._log.write("permissions tightened", path=str(path))
        if loose:
            self._tell("Others could read what posture keeps", _tightened(loose))
        self._watcher.start()
        self._log.write("started", pid=os.getpid(), version=__version__, source=self._settings.camera.source)
        ready()
        for job in (self._keep_session_bus(), self._keep_system_bus(), self._tick()):
            self._do(job)
        # What was needed to start is not looked through again: a smaller heap to walk.
        gc.collect()
        gc.freeze()
        await self._stopped.wait()
        await self._control.close()
        for task in list(self._jobs):
            task.cancel()
        await asyncio.gather(*self._jobs, return_exceptions=True)
        if self._notices is not None:
            await self._notices.close()
        if self._tray is not None:
            await self._tray.close()
        if self._bus is not None:
            self._bus.close()
        in_time = await asyncio.to_thread(self._watcher.stop, STOP_S)
        self._log.write("stopped", in_time=in_time)

    def _do(self, job: Coroutine[Any, Any, None]) -> None:
        task = self._loop.create_task(job)
        self._jobs.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._jobs.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            # A part that fails must not take the watch with it; the log says which.
            import traceback

            self._log.write("error", error=repr(error), trace=traceback.format_exception(error)[-3:])

    def _from_thread(self, what: Callable[[Any], None]) -> Callable[[Any], None]:
        def call(value: Any) -> None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(what, value)

        return call

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK_S)
            self._look_at_settings()
            now = datetime.now(UTC)
            if jump_s := self._wall.check():
                self._log.write("the calendar was set", jump_s=round(jump_s, 1))
            if self._paused_until is not None and now >= self._paused_until:
                self._resume()
            if self._snoozed_until is not None and now >= self._snoozed_until:
                self._snoozed_until = None
            await self._ask_desktop()
            await self._tell_of_the_day(now)
            self._show()

    # -- what is seen -------------------------------------------------------------------------------------------

    def _on_update(self, moment: Update) -> None:
        was = self._last
        self._last = moment
        if moment.seen is not None:
            if moment.seen.calibrating and not self._calibrating:
                self._tell("Sit upright for ten seconds", CALIBRATING)
            self._calibrating = moment.seen.calibrating
            self._on_moved(moment.seen.moved)
            if moment.seen.calibrated is not None:
                found = moment.seen.calibrated
                self._moved_told = False
                self._log.write("calibrated", ok=found.get("ok"), sentence=found.get("sentence", ""))
        if was is None or (was.camera, was.sentence) != (moment.camera, moment.sentence):
            self._log.write("camera", state=moment.camera, sentence=moment.sentence)
        for event in moment.events:
            self._log.write("seen", **{("what" if k == "event" else k): v for k, v in event_json(event).items()})
            self._withdraw_after(event)
        for reminder in moment.reminders:
            self._remind(reminder)
        if moment.events or moment.reminders or was is None or was.camera != moment.camera:
            self._show()

    def _on_moved(self, sentence: str) -> None:
        """Say once that the calibration no longer fits; `status` says it for as long as it is so."""
        if sentence != self._moved:
            self._log.write("camera moved", sentence=sentence)
        self._moved = sentence
        if sentence and not self._moved_told:
            self._moved_told = True
            self._tell("The calibration no longer fits", f"{sentence} Until then how you sit is not judged.")

    def _withdraw_after(self, event: Event) -> None:
        kind = self._shown
        if kind is None or self._notices is None:
            return
        match event:
            case PresenceChanged():
                acted = event.presence in ACTED_ON[kind]
            case DeviationEnded():
                acted = kind == "posture"
            case PosturalShift():
                acted = kind == "move"
            case _:
                acted = False
        if acted:
            self._shown = None
            self._do(self._notices.withdraw())

    def _remind(self, reminder: Reminder) -> None:
        body = reminder.body
        if self._waits is not None and now_s() - self._waits[0] >= 60:
            body += f" (It waited {minutes(now_s() - self._waits[0])}: {self._waits[1]}.)"
        self._waits = None
        self._log.write("reminder", kind=reminder.kind, title=reminder.title, why=reminder.why, covers=reminder.covers)
        self._shown = reminder.kind
        snooze = Button("snooze", f"Snooze {minutes(self._settings.coach.snooze_s)}")
        self._tell(reminder.title, body, (Button("done", "Done"), snooze, Button("meeting", "In a meeting")))

    def _tell(self, title: str, body: str, buttons: Sequence[Button] = ()) -> None:
        async def tell() -> None:
            # What is found at the start is said when it is known whether there is a desktop to say it on.
            await self._desktop_sought.wait()
            if self._notices is None or not self._settings.desktop.notifications:
                self._log.write("message", title=title, body=body)
                return
            delivery = await self._notices.show(title, body, buttons)
            self._notice_problem = "" if delivery.via == "desktop" else delivery.note
            self._log.write("notice", title=title, via=delivery.via, note=delivery.note)

        self._do(tell())

    def _on_pressed(self, key: str) -> None:
        kind, self._shown = self._shown, None
        self._log.write("pressed", button=key)
        if key == "done" and kind is not None:
            self._engine.done(kind)
        elif key == "snooze":
            self._snooze(self._settings.coach.snooze_s, "snoozed")
        elif key == "meeting":
            self._snooze(MEETING_S, "in a meeting")
        self._show()

    async def _ask_desktop(self) -> None:
        """Before something is said, ask whether it may be; while it may not, go on asking."""
        due = self._engine.next_reminder()
        in_s = due.in_s - (self._wall.seconds() - self._engine.timeline.now_s) if due is not None else 0.0
        if due is None or self._watcher.suspended_by or in_s > ASK_BEFORE_S:
            self._waits = self._typing_since_s = None
            return
        if now_s() - self._asked_s >= ASK_DESKTOP_S:
            self._asked_s = now_s()
            self._quiet = await why_quiet(self._bus)
        reason = self._quiet or await self._why_typing(in_s, due.in_s <= 0)
        self._engine.wait_for(reason, 3 * ASK_DESKTOP_S)
        if reason and due.in_s <= 0:
            if self._waits is None:
                self._log.write("waiting", kind=due.kind, reason=reason)
            self._waits = (self._waits[0] if self._waits else now_s(), reason)
        elif self._waits is not None and not reason and due.in_s > 0:
            self._waits = None

    async def _why_typing(self, in_s: float, overdue: bool) -> str:
        most_s = self._settings.desktop.typing_wait_s
        if in_s > ASK_TYPING_BEFORE_S or most_s <= 0:
            self._typing_since_s = None
            return ""
        found_s = await idle_s(self._bus)
        self._typing_since_s, waits = wait_for_typing(self._typing_since_s, now_s(), overdue, found_s, most_s)
        return TYPING if waits else ""

    def _on_problem(self, sentence: str) -> None:
        if sentence != self._history_problem:
            self._log.write("history", problem=sentence)
            if sentence:
                self._tell("The history", sentence)
        self._history_problem = sentence

    # -- the desktop --------------------------------------------------------------------------------------------

    async def _keep_session_bus(self) -> None:
        while True:
            bus: Bus | None = Bus("session")
            assert bus is not None
            try:
                await bus.connect()
            except BusError as error:
                bus, self._desktop_note = None, str(error)
            try:
                await self._join_desktop(bus)
                self._log.write("desktop", tray=self._tray.note if self._tray else "", bus=bus is not None)
                self._desktop_sought.set()
                if bus is not None:
                    await bus.lost()
                    self._desktop_note = "the session bus has closed"
            except BusError as error:
                self._desktop_note = str(error)
            self._bus = None
            self._desktop_sought.set()
            await asyncio.sleep(RECONNECT_S)

    async def _join_desktop(self, bus: Bus | None) -> None:
        self._bus = bus
        # Notifications go to the log where there is no bus: nobody reads the terminal of a daemon.
        fallback = open_notifier(self._settings.desktop, lambda line: self._log.write("message", text=line))
        self._notices = Notices(bus, fallback, self._on_pressed, self._unsaid)
        await self._notices.start()
        self._tray = tray_for(bus, self._on_clicked)
        self._desktop_note = ""
        await self._tray.start(tray_state(self._status()))
        if bus is not None:
            await self._session.watch_lockers(bus)

    def _unsaid(self, message: str, why: str) -> None:
        self._log.write("message", text=message, why=why)

    async def _keep_system_bus(self) -> None:
        while True:
            bus = Bus("system")
            try:
                await bus.connect()
                await self._session.watch_logind(bus)
                self._log.write("logind", found=True)
                await bus.lost()
            except BusError as error:
                self._log.write("logind", found=False, why=str(error))
            bus.close()
            await asyncio.sleep(10 * RECONNECT_S)

    def _on_session(self, change: SessionChange) -> None:
        self._log.write("session", change=change)
        match change:
            case "locked":
                self._watcher.suspend("the screen is locked")
            case "unlocked":
                self._watcher.resume("the screen is locked")
            case "hidden":
                self._watcher.suspend(HIDDEN)
            case "shown":
                self._watcher.resume(HIDDEN)
            case "sleeping":
                self._watcher.suspend("asleep")
            case "awake":
                self._wall.check()
                self._watcher.resume("asleep")
        self._show()

    def _show(self) -> None:
        if self._tray is not None:
            self._tray.show(tray_state(self._status()))

    def _on_clicked(self, key: str) -> None:
        self._log.write("clicked", entry=key)
        match key:
            case "pause-30m":
                self._pause(datetime.now(UTC) + timedelta(minutes=30))
            case "pause-1h":
                self._pause(datetime.now(UTC) + timedelta(hours=1))
            case "pause-tomorrow":
                self._pause(tomorrow())
            case "resume":
                self._resume()
            case "snooze":
                self._snooze(self._settings.coach.snooze_s, "snoozed")
            case "unsnooze":
                self._snooze(0.0, "")
            case "standing":
                self._engine.standing = not self._engine.standing
            case "stretch":
                self._stretch()
            case "summary" | "activate":
                self._do(self._say_today())
            case "report":
                self._open("report")
            case "calibrate":
                self._do(self._calibrate())
            case "settings":
                self._open_settings()
            case "quit":
                self._stopped.set()
        self._show()

    def _stretch(self) -> None:
        facts = Facts(
            since_s=self._engine.timeline.sitting_s,
            limit_s=self._settings.coach.stretch_after_s,
            exercise=self._engine.next_stretch(self._settings.coach.bias),
        )
        self._tell(title_of("stretch", facts), body_of("stretch", facts), (Button("done", "Done"),))

    async def _say_today(self) -> None:
        await self._refresh_today()
        today = self._today
        if not today.get("watched_s"):
            self._tell("Today", "Nothing has been seen yet.")
            return
        longest = f", the longest bout {minutes(today['longest_s'])}" if today["longest_s"] else ""
        self._tell(
            "Today",
            f"Sitting {minutes(today['sitting_s'])}{longest}, standing {minutes(today['standing_s'])}. "
            f"Seen {minutes(today['observed_s'])} of {minutes(today['watched_s'])}.",
        )

    async def _tell_of_the_day(self, now: datetime) -> None:
        """Say the figures of the day, once, from the time that the settings name; not to a locked screen or a call."""
        if not self._settings.desktop.end_of_day or now_s() - self._day_at_s < ASK_DESKTOP_S:
            return
        self._day_at_s = now_s()
        from posture.report.end_of_day import due, notice

        day = due(now, self._told_day, self._settings)
        unseen = self._session.locked or self._session.asleep or self._session.hidden
        if day is None or unseen or self._snoozed_until is not None:
            return
        if await why_quiet(self._bus):
            return
        try:
            found = await asyncio.to_thread(_summary, self._settings, day)
        except PostureError:
            return
        said = notice(found) if found is not None else None
        if said is None:
            return
        self._told_day = day
        self._keep()
        self._shown = None  # what was shown is replaced
        self._tell(*said)

    async def _calibrate(self) -> None:
        self._tell("Calibrating", "Sit upright, shoulders loose, and look at the screen for ten seconds.")
        release = self._lend("calibrating")
        try:
            code, said = await self._ran("calibrate")
        finally:
            release()
        self._tell("Calibrated" if code == 0 else "Not calibrated", said.splitlines()[-1] if said else "")

    def _open_settings(self) -> None:
        path = settings_path()
        if not path.exists():
            from posture.settings_file import settings_template, write_settings_text

            write_settings_text(path, settings_template())
        self._open("settings")

    def _open(self, what: str) -> None:
        if not self._opener.open(what):
            self._tell("That did not work", _BY_HAND[what].format(settings=settings_path()))

    def _not_opened(self) -> None:
        """Say what the shell could not show."""
        assert self._opener.failures is not None
        said = os.read(self._opener.failures.fileno(), 4096)
        if not said:
            self._loop.remove_reader(self._opener.failures)
        for what in said.decode("ascii", "replace").split():
            self._log.write("not opened", what=what)
            self._tell("That did not work", _BY_HAND[what].format(settings=settings_path()))

    async def _ran(self, *args: str) -> tuple[int, str]:
        """Run a command of ours, and give its exit code and what it said."""
        process = await asyncio.create_subprocess_exec(
            sys.executable,
            "-m",
            "posture",
            *args,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
        )
        try:
            out, _ = await process.communicate()
        except asyncio.CancelledError:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
            raise
        return process.returncode or 0, out.decode("utf-8", "replace").strip()

    # -- what the user asks for ---------------------------------------------------------------------------------

    async def _answer(self, command: str, args: dict[str, Any]) -> dict[str, Any]:
        match command:
            case "status":
                await self._refresh_today()
            case "pause":
                self._pause(_time(args.get("until")))
            case "resume":
                self._resume()
                self._snooze(0.0, "")
            case "snooze":
                seconds = args.get("seconds", self._settings.coach.snooze_s)
                if not isinstance(seconds, int | float) or not 0 <= seconds <= 7 * 86400:
                    raise PostureError("A snooze lasts up to seven days.", 2)
                self._snooze(float(seconds), "snoozed")
            case "standing":
                self._engine.standing = bool(args.get("on", True))
                self._log.write("standing", on=self._engine.standing)
            case "reload":
                self._look_at_settings(at_once=True)
                if self._settings_problem:
                    raise PostureError(self._settings_problem, 2)
            case "stop":
                self._loop.call_later(0.05, self._stopped.set)  # after the answer is out
            case _:
                raise PostureError(f"The daemon does not know {command!r:.40}: run posture restart after an update.")
        self._show()
        return self._status()

    def _lend(self, reason: str) -> Callable[[], None]:
        self._watcher.suspend(reason)
        self._log.write("camera lent", reason=reason)

        def release() -> None:
            self._watcher.resume(reason)
            self._moved_told = self._moved_told and reason != "calibrating"
            # A new calibration may lie there.
            self._watcher.look_again()

        return release

    def _pause(self, until: datetime | None) -> None:
        self._paused, self._paused_until = True, until
        self._watcher.suspend("paused")
        self._log.write("paused", until=until)
        self._keep()
        if self._notices is not None:
            self._do(self._notices.withdraw())

    def _resume(self) -> None:
        self._paused, self._paused_until = False, None
        for reason in ("paused", "the screen is locked", "asleep", HIDDEN):
            self._watcher.resume(reason)  # who asks for it is here and awake, whatever a locker has not said
        self._session.locked = self._session.asleep = self._session.hidden = False
        self._log.write("resumed")
        self._keep()

    def _snooze(self, seconds: float, why: str) -> None:
        self._snoozed_until = datetime.now(UTC) + timedelta(seconds=seconds) if seconds else None
        self._snoozed_why = why
        self._engine.snooze(self._wall.seconds() + seconds if seconds else None)
        self._log.write("snoozed" if seconds else "no longer snoozed", until=self._snoozed_until)
        self._keep()

    # -- what outlives a restart --------------------------------------------------------------------------------

    def _keep(self) -> None:
        """Keep a pause and a snooze over a restart: a camera that was paused must not open after a crash."""
        kept = {
            "paused": self._paused,
            "paused_until": self._paused_until and self._paused_until.isoformat(),
            "snoozed_until": self._snoozed_until and self._snoozed_until.isoformat(),
            "snoozed_why": self._snoozed_why,
            "told_day": self._told_day and self._told_day.isoformat(),
        }
        path = memory_path()
        try:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            write_atomically(path, json.dumps(kept))
        except OSError as error:
            self._log.write("memory", problem=str(error))

    def _remember(self) -> None:
        try:
            kept = json.loads(memory_path().read_text(encoding="utf-8"))
            paused, until, snoozed = kept["paused"], _time(kept["paused_until"]), _time(kept["snoozed_until"])
            why = str(kept["snoozed_why"])
            told = kept.get("told_day")  # not in what a release before this has kept
            self._told_day = date.fromisoformat(told) if told else None
        except (OSError, ValueError, KeyError, TypeError, PostureError):
            return
        now = datetime.now(UTC)
        if paused and (until is None or until > now):
            self._pause(until)
        if snoozed is not None and snoozed > now:
            self._snooze((snoozed - now).total_seconds(), why)

    # -- settings -----------------------------------------------------------------------------------------------

    def _look_at_settings(self, *, at_once: bool = False) -> None:
        """Take a changed file; a broken one is refused, and the values of before go on."""
        stamp = _stamp(settings_path())
        if stamp == self._settings_seen and not at_once:
            return
        self._settings_seen = stamp
        try:
            settings = load_settings(overrides=self._overrides)
        except PostureError as error:
            if str(error) != self._settings_problem:
                self._log.write("settings refused", why=str(error))
            self._settings_problem = str(error)
            return
        self._settings_problem = ""
        if settings != self._settings:
            self._log.write("settings taken", changed=_changed(self._settings, settings))
            self._settings = settings
            self._watcher.use(settings)

    # -- status -------------------------------------------------------------------------------------------------

    def _status(self) -> dict[str, Any]:
        timeline, now = self._engine.timeline, self._wall.seconds()
        live, last = self._watcher.live, self._last
        # Between two looks time goes on as it was.
        since_s = max(0.0, now - timeline.now_s) if timeline.t_s is not None else 0.0
        suspended = self._watcher.suspended_by
        state, reason = str(timeline.presence), timeline.reason
        if suspended:
            state, reason, since_s = "held off", suspended[0], 0.0
        elif timeline.t_s is None:
            state, reason = "starting", ""
        elif unseen := self._engine.not_seen_since:
            state, reason, since_s = "unknown", unseen, 0.0
        elif since_s > self._settings.timeline.gap_s:
            state, reason = "unknown", "no look"  # as the timeline will say with the next one
        sitting = state == "sitting"
        camera = last.camera if last is not None else "open"
        sentence = last.sentence if last is not None else ""
        trouble = self._watcher.trouble
        if not suspended and camera in ("gone", "forbidden", "failed"):
            trouble = trouble or sentence or "the camera does not work"
        bout = timeline.bout
        due = None if suspended else self._engine.next_reminder()
        return {
            "v": 1,
            "pid": os.getpid(),
            "version": __version__,
            "started": self._started.isoformat(timespec="seconds"),
            "state": state,
            "state_for_s": round(timeline.spell_s + since_s, 1),
            "reason": reason if state not in ("sitting", "standing", "away") else "",
            "trouble": trouble,
            "bout": bout
            and {
                "since": self._wall.to_utc(bout.since_s).isoformat(timespec="seconds"),
                "sitting_s": round(timeline.bout_s + (since_s if sitting else 0.0), 1),
            },
            "held": [
                {
                    "kind": kind,
                    "words": DEVIATION_WORDS[kind],
                    "for_s": round(timeline.now_s - one.since_s + since_s, 1),
                    "level": round(one.level, 2),
                }
                for kind, one in timeline.active.items()
                if sitting
            ],
            "next": due
            and {
                "kind": due.kind,
                "in_s": round(max(0.0, due.in_s - since_s), 1),
                "why": due.facts.why,
                "waiting": self._waits[1] if self._waits is not None else "",
            },
            "today": self._today,
            "camera": {
                "state": camera,
                "name": live.camera.name if live is not None else "",
                "sentence": "" if trouble or camera == "open" else sentence,
            },
            "sensor": {
                "pid": live.sensor_pid if live is not None else None,
                "restarts": live.restarts if live is not None else 0,
                "pace": live.last_plan.pace if live is not None and live.last_plan is not None else None,
            },
            "calibrating": self._calibrating and not suspended,
            "paused": {"until": self._paused_until and self._paused_until.isoformat()} if self._paused else None,
            "snoozed": self._snoozed_until and {"until": self._snoozed_until.isoformat(), "reason": self._snoozed_why},
            "standing": self._engine.standing,
            "on_battery": _battery(),
            "tray": self._tray.note if self._tray is not None and not self._desktop_note else self._desktop_note,
            "notices": self._notice_problem,
            "settings": str(settings_path()),
            "problems": [one for one in (self._settings_problem, self._history_problem, self._moved) if one],
        }

    async def _refresh_today(self) -> None:
        if now_s() - self._today_at_s < TODAY_S:
            return
        self._today_at_s = now_s()
        with contextlib.suppress(PostureError):
            self._today = await asyncio.to_thread(_today, self._settings)


def tomorrow() -> datetime:
    """Local midnight."""
    local = datetime.now().astimezone()
    return datetime.combine(local.date() + timedelta(days=1), datetime.min.time()).astimezone(UTC)


def _tightened(loose: Sequence[Path]) -> str:
    """What was open to others and is not any more, in a sentence."""
    more = f" and {len(loose) - 1} more: they are" if len(loose) > 1 else ": it is"
    return f"Others on this machine could use {loose[0]}{more} yours alone again, as posture logs shows."


def _battery() -> bool:
    return on_battery() is True


def _time(text: object) -> datetime | None:
    if text is None:
        return None
    try:
        return datetime.fromisoformat(str(text)).astimezone(UTC)
    except (ValueError, OverflowError, RecursionError):
        raise PostureError("That is no time.", 2) from None


def _stamp(path: Path) -> tuple[int, ...] | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size, found.st_ino


def _changed(old: Settings, new: Settings) -> list[str]:
    from posture.settings import setting_specs

    return [f"{spec.key}={spec.text(spec.of(new))}" for spec in setting_specs() if spec.of(old) != spec.of(new)]


def _summary(settings: Settings, day: date) -> Summary | None:
    """The figures of a local day; None when there is no history."""
    from posture.history.store import existing_store, history_path
    from posture.report.summary import day_bounds, summarise

    store = existing_store(history_path(settings))
    if store is None:
        return None
    with store:
        start, stop = day_bounds(day)
        records = store.intervals(start, stop), store.points(start, stop), store.distance(start, stop)
    return summarise(*records, start, stop, settings)


def _today(settings: Settings) -> dict[str, Any]:
    """The figures of today for `status`; empty when there is no history."""
    found = _summary(settings, datetime.now().astimezone().date())
    if found is None:
        return {}
    return {
        "watched_s": round(found.watched_s),
        "observed_s": round(found.observed_s),
        "coverage": found.coverage,
        "sitting_s": round(found.figures.sitting_s),
        "standing_s": round(found.figures.standing_s),
        "away_s": round(found.figures.away_s),
        "longest_s": found.figures.bouts.longest_s,
    }


# -- the process --------------------------------------------------------------------------------------------------


class _Ready:
    """Tells whoever started the daemon: the parent by a pipe, systemd by its socket."""

    def __init__(self, pipe: int | None) -> None:
        self._pipe = pipe

    def __call__(self) -> None:
        self.say("ready")
        _systemd("READY=1")

    def say(self, line: str) -> None:
        if self._pipe is not None:
            with contextlib.suppress(OSError):
                os.write(self._pipe, line.encode() + b"\n")
                os.close(self._pipe)
            self._pipe = None


def _systemd(state: str) -> None:
    """Tell systemd (Type=notify), if it asked to be told."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address or not hasattr(socket, "AF_UNIX"):
        return
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as link:
        link.connect("\0" + address[1:] if address.startswith("@") else address)
        link.sendall(state.encode())


def main(argv: Sequence[str] | None = None) -> int:
    """Be the daemon."""
    parser = argparse.ArgumentParser(prog="posture-daemon")
    parser.add_argument("--set", dest="overrides", action="append", default=[])
    parser.add_argument("--ready-fd", type=int)
    parser.add_argument("--foreground", action="store_true")
    args = parser.parse_args(argv)
    faulthandler.enable()
    os.umask(0o077)
    ready = _Ready(args.ready_fd)
    instance = SingleInstance()
    try:
        if not instance.take():
            ready.say(ALREADY)
            return 0
        state_folder().mkdir(mode=0o700, parents=True, exist_ok=True)
        log = Log(None if args.foreground else log_path())
        try:
            opener = HelperShell(settings_path(), report_path())
            sandbox.enter_daemon()
            try:
                asyncio.run(_serve(args.overrides, log, opener, ready))
            finally:
                opener.close()
        finally:
            log.close()
    except (PostureError, NotifyError) as error:
        ready.say(f"error {error}")
        print(f"posture: {error}", file=sys.stderr)
        return error.exit_code
    except OSError as error:
        sentence = f"The daemon cannot start ({error.strerror or error}: {error.filename or ''})."
        ready.say(f"error {sentence}")
        print(f"posture: {sentence}", file=sys.stderr)
        return 1
    finally:
        _systemd("STOPPING=1")
        instance.release()
    return 0


async def _serve(overrides: Sequence[str], log: Log, opener: HelperShell, ready: Callable[[], None]) -> None:
    await Service(overrides, log, opener).run(ready)
