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
from posture.clock import local_minute, local_weekday, now_s, time_zone_files
from posture.coach.event_text import event_json
from posture.coach.quiet import quiet_words
from posture.coach.reminder import ReminderKind
from posture.coach.state import Due
from posture.control.channel import ControlServer
from posture.control.ends import Reply
from posture.control.instance import SingleInstance
from posture.control.protocol import answer_line
from posture.daemon import measured
from posture.daemon.calibration_check import BUTTONS, TITLE, CalibrationCheck
from posture.daemon.calibration_news import CalibrationNews
from posture.daemon.clock_news import ClockNews
from posture.daemon.day_figures import DayFigures
from posture.daemon.desktop_link import DesktopLink
from posture.daemon.due import (
    ASK_DESKTOP_S,
    NEVER_S,
    SELDOM_S,
    TICK_S,
    UNHEARD_S,
    day_is_told_in_s,
    words_change_in_s,
)
from posture.daemon.file_news import FileNews
from posture.daemon.happenings import Happenings, told
from posture.daemon.held import STRETCHING, credit, credit_held
from posture.daemon.helper_base import Helper
from posture.daemon.less_often import doubled, say_less_often
from posture.daemon.logs import Log
from posture.daemon.menu_calibration import ALWAYS_SO, KEEP, MenuCalibration
from posture.daemon.power import Power
from posture.daemon.programs import Programs
from posture.daemon.reach import Reach
from posture.daemon.reminders import Reminders
from posture.daemon.session import Session
from posture.daemon.session_state import (
    BATTERY,
    LOCKED,
    BatteryPauses,
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
from posture.desktop.notices import Button
from posture.desktop.running import running
from posture.desktop.session import SessionChange
from posture.desktop.tray_base import TrayState
from posture.errors import PostureError
from posture.history.calibrations import keep_offered
from posture.kept_files import tighten
from posture.language import mark, tr, trn
from posture.link import Link
from posture.monitor.clock import WallClock
from posture.monitor.live import Update
from posture.paths import places
from posture.report.baseline_check import Misfit
from posture.sensor.wire import Offer
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
        self._supervisor.stir = self._stir
        self._files, self._clock = FileNews(self._stir), ClockNews(self._stir)
        self._up, self._something_heard, self._hears_files = asyncio.Event(), True, False
        self._wall, self._power = WallClock(), Power(lambda: self._settings.present)
        self._watch = WatchThread(
            self._settings.present,
            self._wall,
            self._told_of_news(self._from_thread(mark("taking a look"), self._on_update)),
            self._from_thread(mark("telling of the history"), self._on_problem),
            self._power.on_battery,
            on_defect=self._from_thread(mark("noting a defect"), lambda found: self._supervisor.note(*found)),
        )
        self._desktop = DesktopLink(
            log,
            lambda: self._settings.present.desktop,
            self._tray_state,
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
        self._may_show_from_s, self._words_due_s = float("-inf"), NEVER_S
        self._time = TimeKeeper(log, self._wall, self._stir)

    # -- life ---------------------------------------------------------------------------------------------------

    async def run(self, ready: Callable[[], None]) -> None:
        """Serve until stopped; `ready` is called when the control channel answers."""
        when_stopped(self._stopped.set, self._loop)
        await self._control.start()
        self._programs.listen()
        self._files.start()
        self._clock.start()
        self._listen_to_files()
        for name, (step, due_in_s) in self._steps().items():
            self._supervisor.add(name, step, due_in_s)
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
        self._files.close()
        self._clock.close()
        await self._happenings.end()
        await self._control.close()
        await self._supervisor.end()
        with self._supervisor.trying(mark("taking leave of the desktop")):
            await self._desktop.close()
        in_time = await asyncio.to_thread(self._watch.stop, STOP_S)
        self._log.write("stopped", in_time=in_time)

    def measure_for(self, link: Link) -> None:
        """Tell the `posture bench` at the other end of a link what is used, and end with it."""
        end = self._from_thread(mark("ending with the bench"), lambda _: self._stopped.set())
        measured.tell(link, self._watch, self._wall, lambda: end(None))

    def _steps(self) -> dict[str, tuple[Callable[[], Awaitable[None] | None], Callable[[], float]]]:
        """What is done in rounds, by its name, and when it is due; all of it is when something was heard."""
        return {
            mark("keeping the time"): (self._time.keep, self._unheard_s),
            mark("reading the settings"): (self._reload_settings, self._unheard_s),
            mark("staying within reach"): (self._stay_within_reach, self._unheard_s),
            mark("looking after the watch"): (self._watch.look_after, lambda: self._watch.due_in_s),
            mark("ending pauses"): (self._pass_time, lambda: self._session.due_in_s(datetime.now(UTC))),
            mark("minding the battery"): (self._mind_the_battery, lambda: self._power.due_in_s),
            mark("preparing reminders"): (self._prepare_reminders, self._reminder_due_in_s),
            mark("telling of the day"): (self._tell_of_the_day, self._day_due_in_s),
            mark("checking the calibration"): (self._check.refresh, lambda: self._check.due_in_s),
            mark("telling of the calibration"): (self._tell_of_misfit, lambda: self._listener_due_in_s(self._misfit)),
            mark("offering a calibration"): (self._offer, lambda: self._listener_due_in_s(self._offered)),
            mark("showing the state"): (self._desktop.show, lambda: self._words_due_s - now_s()),
            mark("showing signals"): (self._show_signals, self._signals_due_in_s),
        }

    async def _rounds(self) -> None:
        """Do the steps as they are due, and all of them when something was heard."""
        watchdog, due_in_s = Watchdog(), TICK_S
        while True:
            everything = await self._nap(due_in_s)
            due_in_s = await self._supervisor.round(everything=everything)
            if self._supervisor.going and not self._watch.stuck:
                due_in_s = min(due_in_s, watchdog.alive())

    async def _nap(self, seconds: float) -> bool:
        """Wait so long, or until something is heard; whether it was."""
        later = self._loop.call_later(min(max(0.0, seconds), SELDOM_S), self._up.set)
        await self._up.wait()
        later.cancel()
        self._up.clear()
        heard, self._something_heard = self._something_heard, False
        return heard

    def _stir(self) -> None:
        """Something was heard: see at once what is to be done."""
        self._something_heard = True
        self._up.set()

    def _tighten(self) -> None:
        loose = tighten(places(self._settings.present))
        for path in loose:
            self._log.write("permissions tightened", path=str(path))
        if loose:
            self._notify(tr("Others could read what posture stores"), _tightened(loose))

    def _pass_time(self) -> None:
        self._session.pass_time(datetime.now(UTC))

    def _mind_the_battery(self) -> None:
        pauses = self._power.effect == "pause"
        if pauses != (BATTERY in self._session.state.suspended):
            self._log.write("battery", pauses=pauses)
            self._session.take(BatteryPauses(pauses))

    def _next_reminder(self) -> tuple[Due | None, float]:
        """The next reminder as of the last look, and in how many seconds it is due now."""
        due = None if self._session.state.suspended else self._watch.engine.next_reminder()
        return due, due.in_s - (self._wall.seconds() - self._watch.engine.timeline.now_s) if due is not None else 0.0

    def _reminder_due_in_s(self) -> float:
        due, in_s = self._next_reminder()
        return self._reminders.due_in_s(in_s if due is not None else None)

    async def _prepare_reminders(self) -> None:
        due, in_s = self._next_reminder()
        locked = LOCKED.reason if self._session.state.locking_until is not None else ""
        await self._reminders.prepare(self._settings.present, in_s, due, elsewhere=locked)

    def _told_of_news(self, tell: Callable[[Update], None]) -> Callable[[Update], None]:
        """Nobody is woken for a look that brings nothing, unless to see that something works again."""

        def told_of(update: Update) -> None:
            if self._watch.brings_news(update) or self._supervisor.problems:
                tell(update)

        return told_of

    def _from_thread(self, name: str, call: Callable[[Any], None]) -> Callable[[Any], None]:
        heard = self._supervisor.heard(name, call)

        def in_loop(value: Any) -> None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                self._loop.call_soon_threadsafe(heard, value)

        return in_loop

    async def _stay_within_reach(self) -> None:
        await self._reach.keep()
        self._listen_to_files()

    def _listen_to_files(self) -> None:
        """Hear of what is done to files that are gone by; there may be others at their places since."""
        changing = (self._settings.file, *time_zone_files())
        self._hears_files = self._files.watch(changing, self._reach.files)

    def _unheard_s(self) -> float:
        """When to look for what may not have been heard."""
        return SELDOM_S if self._hears_files and self._clock.hears else UNHEARD_S

    def _reload_settings(self, *, at_once: bool = False) -> None:
        before = self._settings.problem
        if changed := self._settings.reload(at_once=at_once):
            self._log.write("settings taken", changed=changed)
            own_language.begin(self._settings.present.general.language)
            self._watch.use(self._settings.present)
            self._stir()
        if self._settings.problem not in ("", before):
            self._log.write("settings refused", why=self._settings.problem)

    def _lend(self, reason: str) -> Callable[[], None]:
        take_back, since = self._session.lend(reason), datetime.now(UTC)
        self._stir()

        def returned() -> None:
            with self._supervisor.trying(mark("taking the camera back")):
                self._calibration.camera_returned(reason)
                self._check.again()
            self._stir()
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
                self._time.keep()
                self._power.forget()
                await self._day.refresh()
                return self._status().to_json()
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
        self._stir()
        return self._status().to_json() | ({"not_kept": self._session.problem} if self._session.problem else {})

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

    def _tray_state(self) -> TrayState:
        status = self._status()
        self._words_due_s = now_s() + words_change_in_s(status)
        return tray_state(status, self._settings.present.signals)

    @property
    def _signals_are_wanted(self) -> bool:
        wanted = self._settings.present.signals
        return bool(wanted.glow or wanted.card or wanted.sound or self._signals.problem)

    def _signals_due_in_s(self) -> float:
        """Again and again only while there may be something to show."""
        shown = self._reminders.shown is not None or (self._watch.engine.timeline.active and not self._watch.suspended)
        return TICK_S if self._signals_are_wanted and shown else NEVER_S

    async def _show_signals(self) -> None:
        if self._signals_are_wanted:
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

    def _day_due_in_s(self) -> float:
        state, settings = self._session.state, self._settings.present
        wanted = not state.user_is_elsewhere and state.snooze is None
        may_s = self._may_show_from_s - now_s()
        return day_is_told_in_s(datetime.now(UTC), state.told_day, settings, wanted=wanted, may_s=may_s)

    async def _tell_of_the_day(self) -> None:
        """Show the figures of the day once, from `desktop.end_of_day` on, when somebody can and may be told."""
        day = self._day.due_day(datetime.now(UTC), self._session.state.told_day)
        if day is None or self._session.state.user_is_elsewhere or self._session.state.snooze is not None:
            return
        if await self._may_show() and (words := await self._day.notice_of(day)) is not None:
            self._session.take(DayTold(day))
            self._notify(*words, (Button("day", tr("Show the day")),))

    def _listener_due_in_s(self, news: object) -> float:
        """When something that is not urgent can be said to a user who listens; whether they do is heard."""
        return self._may_show_from_s - now_s() if news is not None and self._user_listens else NEVER_S

    @property
    def _misfit(self) -> Misfit | None:
        """What is to be said of the calibration: once, that it may not fit, unless another one is offered already."""
        misfit, state = self._check.misfit, self._session.state
        if self._calibration.offer is not None or misfit is None or state.doubted == misfit.made:
            return None
        return None if state.suspended or state.snooze is not None else misfit

    async def _tell_of_misfit(self) -> None:
        """Say once of a calibration that it may not fit, when the user sits there and nothing else is to be said."""
        misfit = self._misfit
        if misfit is not None and self._user_listens and await self._may_show():
            self._session.take(CalibrationDoubted(misfit.made))
            self._log.write("misfit", kind=misfit.kind, sentence=misfit.sentence)
            self._notify(tr(TITLE), tr(misfit.sentence), BUTTONS)

    async def _confirm_calibration(self) -> None:
        try:
            await self._check.confirm()
        except PostureError as error:
            self._notify(tr("Not stored"), str(error))

    @property
    def _offered(self) -> Offer | None:
        """The calibration that a notice may offer to keep: once a week."""
        offer = self._calibration.offer
        return offer if offer is not None and self._session.state.may_offer(offer.camera, datetime.now(UTC)) else None

    async def _offer(self) -> None:
        """Show once a week that a calibration may be kept, when the user is there and may be told."""
        offer = self._offered
        if offer is not None and self._user_listens and await self._may_show():
            self._session.take(OfferShown(offer.camera, datetime.now(UTC)))
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
            on_battery=self._power.on_battery(),
            battery=self._power.effect,
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
