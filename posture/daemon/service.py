"""The long-running process: one event loop that joins the watch, the desktop and the control channel.

Nothing here blocks: the watch runs in a thread, pictures are seen in another process, a desktop that does not answer
is given up on after 2 s, and the history is read in a worker thread.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from posture import __version__, own_language
from posture.clock import local_minute, local_weekday, now_s
from posture.coach.event_text import event_json
from posture.coach.quiet import quiet_words
from posture.coach.reminder import ReminderKind
from posture.control.channel import ControlServer
from posture.control.ends import Reply
from posture.control.instance import SingleInstance
from posture.control.protocol import answer_line
from posture.daemon.calibration_check import BUTTONS, TITLE, CalibrationCheck
from posture.daemon.calibration_news import CalibrationNews
from posture.daemon.day_figures import DayFigures
from posture.daemon.desktop_link import DesktopLink
from posture.daemon.happenings import Happenings, told
from posture.daemon.held import STRETCHING, credit, credit_held
from posture.daemon.helper_base import Helper
from posture.daemon.less_often import doubled, say_less_often
from posture.daemon.logs import Log
from posture.daemon.menu_calibration import ALWAYS_SO, KEEP, MenuCalibration
from posture.daemon.programs import Programs
from posture.daemon.reach import Reach
from posture.daemon.reminders import ASK_DESKTOP_S, TICK_S, Reminders
from posture.daemon.session import Session
from posture.daemon.session_state import (
    LOCKED,
    CalibrationDoubted,
    CameraChanged,
    DayTold,
    LessOftenAsked,
    OfferShown,
    RemindersLetPass,
    parse_time,
)
from posture.daemon.settings_watch import SettingsWatch
from posture.daemon.signals import Signals
from posture.daemon.status import Process, Status, Today, status_of
from posture.daemon.supervisor import Supervisor
from posture.daemon.systemd import Watchdog
from posture.daemon.time_keeper import TimeKeeper
from posture.daemon.tray_menu import tray_state
from posture.daemon.watch_thread import WatchThread
from posture.desktop.battery import on_battery
from posture.desktop.notices import Button
from posture.desktop.running import running
from posture.desktop.session import SessionChange
from posture.errors import PostureError
from posture.history.calibrations import keep_offered
from posture.kept_files import tighten
from posture.language import mark, tr, trn
from posture.monitor.clock import WallClock
from posture.monitor.live import Update
from posture.paths import places
from posture.settings import SignalSettings, parse_names
from posture.settings_text import settings_path
from posture.stop_signals import when_stopped

MEETING_S = 3600.0
"""How long "In a meeting" keeps reminders away [design choice]."""
READ_S = 600.0
"""How long a notice that is no reminder has the screen to itself, if nobody answers it [design choice]."""
MAX_SNOOZE_S = 7 * 86400
STOP_S = 8.0


class Service:
    """The daemon. `overrides` are ``key=value`` settings that win over the file."""

    def __init__(
        self, overrides: Sequence[str], log: Log, shell: Helper, instance: SingleInstance | None = None
    ) -> None:
        self._log = log
        self._settings = SettingsWatch(overrides)
        self._process = Process(os.getpid(), __version__, datetime.now(UTC), str(settings_path()))
        self._loop = asyncio.get_running_loop()
        self._stopped = asyncio.Event()
        self._supervisor = Supervisor(log)
        self._wall = WallClock()
        self._watch = WatchThread(
            self._settings.present,
            self._wall,
            self._from_thread(mark("taking a look"), self._on_update),
            self._from_thread(mark("telling of the history"), self._on_problem),
            _battery,
            on_defect=self._from_thread(mark("noting a defect"), lambda found: self._supervisor.note(*found)),
        )
        self._desktop = DesktopLink(
            log,
            lambda: self._settings.present.desktop,
            lambda: tray_state(self._status(), self._settings.present.signals),
            self._supervisor.heard(mark("doing what the menu asks for"), self._on_clicked),
            self._supervisor.heard(mark("doing what a button asks for"), self._on_pressed),
            self._supervisor.heard(mark("taking what the session says"), self._on_session),
            self._stopped.set,
        )
        self._session = Session(log, self._wall, self._watch, self._desktop, self._supervisor.do)
        self._reminders = Reminders(log, self._watch.engine, self._desktop, self._supervisor.do)
        self._programs = Programs(shell, log, self._notify)
        self._signals = Signals(self._programs.show_signals)
        self._programs.no_signals = lambda why: self._signals.failed(why, now_s())
        self._quiet_now = ""
        self._quiet_asked_s = float("-inf")
        self._calibration = CalibrationNews(log, self._notify)
        self._menu_calibration = MenuCalibration(lambda: self._settings.present, self._lend, self._notify)
        self._happenings = Happenings()
        log.heard = self._happenings.hear_log
        self._control = ControlServer(self._answer, self._lend, self._follow)
        self._reach = Reach(log, instance, self._control, lambda: self._settings.present, self._stopped.set)
        self._history_problem = ""
        self._day = DayFigures(lambda: self._settings.present)
        self._check = CalibrationCheck(lambda: self._settings.present)
        self._may_show_from_s = float("-inf")

    # -- life ---------------------------------------------------------------------------------------------------

    async def run(self, ready: Callable[[], None]) -> None:
        """Serve until stopped; `ready` is called when the control channel answers."""
        when_stopped(self._stopped.set, self._loop)
        await self._control.start()
        self._programs.listen()
        for name, step in self._steps().items():
            self._supervisor.add(name, step)
        with self._supervisor.trying(mark("remembering the last run")):
            self._session.remember()
        with self._supervisor.trying(mark("tightening permissions")):
            self._tighten()
        self._watch.start()
        source = self._settings.present.camera.source
        self._log.write("started", pid=self._process.pid, version=__version__, source=source)
        await self._reach.keep()
        ready()
        for name, job in self._desktop.jobs().items():
            self._supervisor.keep(name, job)
        self._supervisor.keep(mark("going round its jobs"), self._rounds)
        # What starting needed is never collected again: less heap to walk.
        gc.collect()
        gc.freeze()
        await self._stopped.wait()
        await self._happenings.end()
        await self._control.close()
        await self._supervisor.end()
        with self._supervisor.trying(mark("taking leave of the desktop")):
            await self._desktop.close()
        in_time = await asyncio.to_thread(self._watch.stop, STOP_S)
        self._log.write("stopped", in_time=in_time)

    def _steps(self) -> dict[str, Callable[[], Awaitable[None] | None]]:
        """What is done in every round, by its name."""
        return {
            mark("keeping the time"): TimeKeeper(self._log, self._wall).keep,
            mark("reading the settings"): self._reload_settings,
            mark("staying within reach"): self._reach.keep,
            mark("looking after the watch"): self._watch.look_after,
            mark("ending pauses"): lambda: self._session.pass_time(datetime.now(UTC)),
            mark("preparing reminders"): self._prepare_reminders,
            mark("telling of the day"): self._tell_of_the_day,
            mark("checking the calibration"): self._check.refresh,
            mark("telling of the calibration"): self._tell_of_misfit,
            mark("offering a calibration"): self._offer,
            mark("showing the state"): self._desktop.show,
            mark("showing signals"): self._show_signals,
        }

    async def _rounds(self) -> None:
        watchdog = Watchdog()
        while True:
            await asyncio.sleep(TICK_S)
            await self._supervisor.round()
            if self._supervisor.going and not self._watch.stuck:
                watchdog.alive()

    def _tighten(self) -> None:
        loose = tighten(places(self._settings.present))
        for path in loose:
            self._log.write("permissions tightened", path=str(path))
        if loose:
            self._notify(tr("Others could read what posture stores"), _tightened(loose))

    async def _prepare_reminders(self) -> None:
        due = None if self._session.state.suspended else self._watch.engine.next_reminder()
        in_s = due.in_s - (self._wall.seconds() - self._watch.engine.timeline.now_s) if due is not None else 0.0
        locked = LOCKED.reason if self._session.state.locking_until is not None else ""
        await self._reminders.prepare(self._settings.present, in_s, due, elsewhere=locked)

    def _from_thread(self, name: str, call: Callable[[Any], None]) -> Callable[[Any], None]:
        heard = self._supervisor.heard(name, call)

        def in_loop(value: Any) -> None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(heard, value)

        return in_loop

    def _reload_settings(self, *, at_once: bool = False) -> None:
        before = self._settings.problem
        if changed := self._settings.reload(at_once=at_once):
            self._log.write("settings taken", changed=changed)
            own_language.begin(self._settings.present.general.language)
            self._watch.use(self._settings.present)
        if self._settings.problem not in ("", before):
            self._log.write("settings refused", why=self._settings.problem)

    def _lend(self, reason: str) -> Callable[[], None]:
        take_back, since = self._session.lend(reason), datetime.now(UTC)

        def returned() -> None:
            with self._supervisor.trying(mark("taking the camera back")):
                self._calibration.camera_returned(reason)
                self._check.again()
            if reason == STRETCHING:
                self._supervisor.do(self._credit_held(since, take_back))
            else:
                take_back()

        return returned

    async def _credit_held(self, since: datetime, then: Callable[[], None]) -> None:
        """Answer what was due by what was held since then, before anybody looks again."""
        try:
            if await credit_held(self._watch.engine, self._settings.present, since, self._log):
                self._reminders.withdraw("stand", "stretch")
        finally:
            then()

    # -- what happens -------------------------------------------------------------------------------------------

    def _on_update(self, update: Update) -> None:
        state = self._session.state
        if (update.camera, update.sentence) != (state.camera, state.sentence):
            self._log.write("camera", state=update.camera, sentence=update.sentence)
        self._session.update_standing()
        if update.seen is not None:
            self._calibration.take(update.seen)
        self._session.take(CameraChanged(update.camera, update.sentence))
        with self._supervisor.trying(mark("telling of what was seen")):  # reminders come all the same
            for event in update.events:
                self._log.write("seen", **{("what" if k == "event" else k): v for k, v in event_json(event).items()})
                self._reminders.withdraw_after(event)
                self._happenings.tell(told(event, self._wall.to_utc))
        settings = self._settings.present
        for reminder in update.reminders:
            asks_less = state.may_ask_less(reminder) and doubled(settings, reminder.kind) is not None
            self._reminders.show(reminder, settings.coach.snooze_s, asks_less=asks_less)
            self._signals.remind(reminder, now_s())
            self._happenings.tell(told(reminder, self._wall.to_utc))
            if asks_less:
                self._session.take(LessOftenAsked(reminder.kind))
        self._session.take(RemindersLetPass(self._watch.engine.let_pass))
        if update.events or update.reminders:
            self._day.forget()
            self._desktop.show()

    def _on_problem(self, sentence: str) -> None:
        if sentence != self._history_problem:
            self._log.write("history", problem=sentence)
            if sentence:
                # Translators: the title of a notification, as the others here: 60 characters at most.
                self._notify(tr("The history"), sentence)
        self._history_problem = sentence

    def _on_session(self, change: SessionChange) -> None:
        if change == "awake":
            self._wall.check()
        self._session.change(change, self._settings.present.camera.after_lock_s)

    def _on_pressed(self, key: str) -> None:
        exercise = self._reminders.exercise
        kind = self._reminders.take_shown()
        self._log.write("pressed", button=key)
        if key == "done" and kind is not None:
            self._watch.engine.done(kind)
        elif key == "sits":
            self._session.stand(False)
        elif key == "stands":
            self._watch.engine.done("sit")
        elif key == "show" and exercise:
            self._programs.open_window("stretch", exercise)
        elif key == "less" and kind is not None:
            self._supervisor.do(self._say_less_often(kind))
        elif key == "snooze":
            self._session.snooze(self._settings.present.coach.snooze_s)
        elif key == "meeting":
            self._session.snooze(MEETING_S, mark("in a meeting"))
        elif key == "calibrate":
            self._supervisor.do(self._menu_calibration.run())
        elif key in (KEEP, ALWAYS_SO):
            self._supervisor.do(self._menu_calibration.keep(always_so=key == ALWAYS_SO))
        elif key == "fits":
            self._supervisor.do(self._confirm_calibration())
        elif key == "keep":
            self._supervisor.do(self._keep_clicked())
        elif key == "day" and self._session.state.told_day is not None:
            self._programs.open_window("history", self._session.state.told_day.isoformat())
        self._desktop.show()

    def _on_clicked(self, key: str) -> None:
        self._log.write("clicked", entry=key)
        match key:
            case "pause-30m":
                self._session.pause(datetime.now(UTC) + timedelta(minutes=30))
            case "pause-1h":
                self._session.pause(datetime.now(UTC) + timedelta(hours=1))
            case "pause-tomorrow":
                self._session.pause(_tomorrow())
            case "resume":
                self._session.resume()
            case "snooze":
                self._session.snooze(self._settings.present.coach.snooze_s)
            case "unsnooze":
                self._session.end_snooze()
            case "standing":
                self._session.stand(not self._watch.engine.standing)
            case "stretch":
                self._programs.open_window("stretch")
            case "activate":
                self._programs.open_window()
            case "report":
                self._programs.open_report()
            case "keep":
                self._supervisor.do(self._keep_clicked())
            case "calibrate":
                self._supervisor.do(self._menu_calibration.run())
            case "quit":
                self._stopped.set()
            case _ if key.startswith("open-"):
                self._programs.open_window(key.removeprefix("open-"))
        self._desktop.show()

    async def _answer(self, command: str, args: dict[str, Any]) -> dict[str, Any]:
        try:
            found = await self._obey(command, args)
        except PostureError:
            raise
        except Exception as error:
            self._supervisor.note(f"doing {command!r:.20}", error, tr("doing {command}", command=f"{command!r:.20}"))
            raise PostureError(
                tr("The daemon has failed at this ({error}): see posture logs.", error=f"{error!r:.100}")
            ) from None
        self._supervisor.note(f"doing {command!r:.20}", None)
        return found

    async def _obey(self, command: str, args: dict[str, Any]) -> dict[str, Any]:
        match command:
            case "status":
                await self._day.refresh()
            case "signals":
                return self._signals.answer(*await self._for_signals())
            case "pause":
                self._session.pause(parse_time(args.get("until")))
            case "resume":
                self._resume()
            case "toggle":
                if self._session.state.paused or self._session.state.snooze is not None:
                    self._resume()
                else:
                    self._session.pause(None)
            case "snooze":
                seconds = args.get("seconds", self._settings.present.coach.snooze_s)
                if not isinstance(seconds, int | float) or not 0 <= seconds <= MAX_SNOOZE_S:
                    raise PostureError(tr("A snooze lasts up to seven days: give a shorter time."), 2)
                self._session.snooze(float(seconds)) if seconds else self._session.end_snooze()
            case "standing":
                self._session.stand(bool(args.get("on", True)))
            case "reload":
                self._reload_settings(at_once=True)
                self._check.again()
                if self._settings.problem:
                    raise PostureError(self._settings.problem, 2)
            case "keep":
                await self._keep()
            case "held":
                credit(self._watch.engine, [str(args.get("exercise"))], self._log)
                self._reminders.withdraw("stand", "stretch")
            case "care":
                await asyncio.to_thread(self._watch.engine.reread)
                if self._watch.engine.red_flag:
                    self._reminders.withdraw("stand", "stretch")  # they may name an exercise
            case "stop":
                self._loop.call_later(0.05, self._stopped.set)  # after the answer has gone out
            case _:
                raise PostureError(
                    tr(
                        "The daemon does not know {command}: run posture restart after an update.",
                        command=f"{command!r:.40}",
                    )
                )
        self._desktop.show()
        not_kept = self._session.problem if command != "status" else ""
        return self._status().to_json() | ({"not_kept": not_kept} if not_kept else {})

    async def _follow(self, args: dict[str, Any]) -> Reply:
        most = args.get("recent", 0)
        most = most if isinstance(most, int) else 0
        if args.get("follow") is not True:
            return Reply(answer_line({"status": {}, "recent": self._happenings.recent(most)}))
        await self._day.refresh()
        return self._happenings.follow(self._status().to_json(), most)

    def _resume(self) -> None:
        self._session.resume()
        self._session.end_snooze()

    # -- what is shown ------------------------------------------------------------------------------------------

    def _notify(self, title: str, body: str, buttons: Sequence[Button] = ()) -> None:
        self._reminders.take_shown()  # this notice replaces it
        self._supervisor.do(self._desktop.notify(title, body, buttons))

    async def _say_less_often(self, kind: ReminderKind) -> None:
        self._notify(*await say_less_often(lambda: self._settings.present, self._reload_settings, kind))

    @property
    def _user_listens(self) -> bool:
        """Whether the user sits there, and no reminder is shown or near."""
        return not self._reminders.busy and self._watch.engine.timeline.presence == "sitting"

    async def _show_signals(self) -> None:
        wanted = self._settings.present.signals
        if wanted.glow or wanted.card or wanted.sound or self._signals.problem:
            self._signals.start_if_wanted(*await self._for_signals())

    async def _for_signals(self) -> tuple[Status, ReminderKind | None, SignalSettings, float, str]:
        """What the signals of this moment come of."""
        settings, status = self._settings.present, self._status()
        if status.active and now_s() - self._quiet_asked_s >= ASK_DESKTOP_S:
            self._quiet_asked_s, now = now_s(), datetime.now(UTC)
            hours = quiet_words(local_minute(now), settings.coach.quiet_hours, local_weekday(now))
            self._quiet_now = hours or await self._desktop.why_quiet(parse_names(settings.coach.quiet_while))
        return status, self._reminders.shown, settings.signals, now_s(), self._quiet_now

    async def _may_show(self) -> bool:
        """Whether a notice that is no reminder may be shown now; if so, the next one leaves it time to be read."""
        if now_s() < self._may_show_from_s:
            return False
        self._may_show_from_s = now_s() + ASK_DESKTOP_S
        if await self._desktop.why_quiet(parse_names(self._settings.present.coach.quiet_while)):
            return False
        self._may_show_from_s = now_s() + READ_S
        return True

    async def _tell_of_the_day(self) -> None:
        """Show the figures of the day once, from `desktop.end_of_day` on, when somebody can and may be told."""
        day = self._day.due_day(datetime.now(UTC), self._session.state.told_day)
        if day is None or self._session.state.user_is_elsewhere or self._session.state.snooze is not None:
            return
        if await self._may_show() and (words := await self._day.notice_of(day)) is not None:
            self._session.take(DayTold(day))
            self._notify(*words, (Button("day", tr("Show the day")),))

    async def _tell_of_misfit(self) -> None:
        """Say once of a calibration that it may not fit, when the user sits there and nothing else is to be said."""
        misfit, state = self._check.misfit, self._session.state
        if self._calibration.offer is not None:
            return  # another one is offered already
        if misfit is None or state.doubted == misfit.made or state.suspended or state.snooze is not None:
            return
        if self._user_listens and await self._may_show():
            self._session.take(CalibrationDoubted(misfit.made))
            self._log.write("misfit", kind=misfit.kind, sentence=misfit.sentence)
            self._notify(tr(TITLE), tr(misfit.sentence), BUTTONS)

    async def _confirm_calibration(self) -> None:
        try:
            await self._check.confirm()
        except PostureError as error:
            self._notify(tr("Not stored"), str(error))

    async def _offer(self) -> None:
        """Show once a week that a calibration may be kept, when the user is there and may be told."""
        offer, now = self._calibration.offer, datetime.now(UTC)
        if offer is None or not self._session.state.may_offer(offer.camera, now):
            return
        if self._user_listens and await self._may_show():
            self._session.take(OfferShown(offer.camera, now))
            self._calibration.show_offer(offer)

    async def _keep(self) -> None:
        """Store what is offered, and go by it from now on; PostureError where nothing is, or it cannot be stored."""
        offer = self._calibration.offer
        if offer is None:
            raise PostureError(tr("There is no calibration to keep now: posture status says so when there is one."))
        await asyncio.to_thread(keep_offered, self._settings.present, offer.camera, offer.baseline)
        self._log.write("calibration kept", camera=offer.camera, reason=offer.reason)
        self._calibration.kept()
        self._check.again()
        self._watch.look_again()

    async def _keep_clicked(self) -> None:
        try:
            await self._keep()
        except PostureError as error:
            self._notify(tr("Not kept"), str(error))
            return
        self._notify(tr("Kept"), tr("This is how you sit upright, from now on. You can calibrate anew at any time."))

    def _today(self) -> Today | None:
        timeline = self._watch.engine.timeline
        looked = self._wall.to_utc(timeline.t_s) if timeline.t_s is not None else None
        return self._day.today_until(looked, timeline.presence)

    def _status(self) -> Status:
        engine, note = self._watch.engine, running().note if self._settings.present.coach.quiet_while else ""
        problems = (
            self._settings.problem,
            self._history_problem,
            self._session.problem,
            tr(self._calibration.moved),
            note,
            self._watch.doubt,
            self._signals.problem,
            *self._supervisor.problems,
        )
        now = datetime.now(UTC)
        # Before the timeline: once the reason is gone, the timeline that is read next has seen the first look.
        unseen_reason = engine.not_seen_since
        return status_of(
            self._process,
            self._session.state,
            self._watch.report(),
            engine.timeline,
            self._wall.seconds(),
            self._settings.present.timeline,
            to_utc=self._wall.to_utc,
            unseen_reason=unseen_reason,
            due=engine.next_reminder(),
            waiting=self._reminders.waiting,
            quiet=quiet_words(local_minute(now), self._settings.present.coach.quiet_hours, local_weekday(now)),
            calibrating=self._calibration.running,
            today=self._today(),
            on_battery=_battery(),
            tray=self._desktop.tray_note,
            notices=self._desktop.notice_note,
            problems=tuple(problem for problem in problems if problem),
            look=engine.seen,
            misfit=tr(self._check.misfit.sentence) if self._check.misfit is not None else "",
            calibration=self._calibration.state,
            missing=self._calibration.missing,
            offer=self._calibration.offer_now,
        )


def _tomorrow() -> datetime:
    """Local midnight."""
    local = datetime.now().astimezone()
    return datetime.combine(local.date() + timedelta(days=1), datetime.min.time()).astimezone(UTC)


def _tightened(loose: Sequence[Path]) -> str:
    if len(loose) == 1:
        return tr(
            "Others on this machine could use {file}: it is yours alone again, as posture logs shows.", file=loose[0]
        )
    return trn(
        "Others on this machine could use {file} and {n} more: they are yours alone again, as posture logs shows.",
        "Others on this machine could use {file} and {n} more: they are yours alone again, as posture logs shows.",
        len(loose) - 1,
        file=loose[0],
    )


def _battery() -> bool:
    return on_battery() is True
