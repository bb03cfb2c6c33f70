"""When each part of the daemon is due: nothing is late, and nothing is done again and again for nothing."""

from __future__ import annotations

import asyncio
import math
import sys
from collections.abc import Awaitable, Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.clock import now_s
from posture.coach.sentences import Facts
from posture.coach.state import Due
from posture.control.protocol import parse_answer, request_line
from posture.daemon.clock_news import ClockNews
from posture.daemon.due import (
    ASK_BEFORE_S,
    ASK_DESKTOP_S,
    NEVER_S,
    SELDOM_S,
    TICK_S,
    Asking,
    asks_in_s,
    day_is_told_in_s,
    ends_in_s,
    midnight_in_s,
    words_change_in_s,
)
from posture.daemon.file_news import FileNews
from posture.daemon.helper_base import shown_commands
from posture.daemon.helper_shell import HelperShell
from posture.daemon.logs import Log
from posture.daemon.service import Service
from posture.daemon.session_state import PAUSED, SessionState, Snooze, TimePassed, step
from posture.daemon.status import Process, Status, Watch, status_of
from posture.daemon.supervisor import LEAST_S
from posture.daemon.tray_menu import tray_state
from posture.daemon.watch_thread import WatchThread
from posture.monitor.clock import WallClock
from posture.monitor.live import Update
from posture.report.end_of_day import due
from posture.settings import DesktopSettings, Settings, TimelineSettings
from posture.timeline.events import PresenceChanged
from posture.timeline.state import ActiveDeviation, Bout, TimelineState, Unjudged

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)
PROCESS = Process(7, "1", NOON, "settings.toml")
on_linux = pytest.mark.skipif(sys.platform != "linux", reason="inotify and timerfd are of Linux")


# -- the words of the tray ---------------------------------------------------------------------------------------------

LATEST_S = 20_000.0


def seen_after(
    seconds: float,
    presence: str,
    since_s: float,
    sat_s: float,
    active_s: float | None,
    in_s: float,
    session: SessionState | None = None,
) -> Status:
    """The status so long after the last look, of somebody who has been there since."""
    looked_s = LATEST_S
    seen = TimelineState(
        t_s=looked_s,
        presence=presence,  # type: ignore[arg-type]
        presence_since_s=looked_s - since_s,
        bout=Bout(looked_s - since_s - sat_s, sat_s, unseen_s=30.0, run_s=sat_s) if presence == "sitting" else None,
        active={"slump": ActiveDeviation(looked_s - active_s, 1.2, looked_s)} if active_s is not None else {},
        unjudged={"lean_left": Unjudged(looked_s - since_s / 2, "it is dark")} if presence == "sitting" else {},
    )
    return status_of(
        PROCESS,
        session or SessionState(),
        Watch(),
        seen,
        looked_s + seconds,
        TimelineSettings(gap_s=LATEST_S),
        to_utc=lambda t_s: NOON + timedelta(seconds=t_s),
        due=Due("stand", 100.0, in_s, Facts(800.0, 2700.0, what="sitting")),
        calibration="kept",
    )


long = st.floats(0.0, 9000.0)


@given(
    st.sampled_from(["sitting", "standing", "away"]),
    *(long, long, st.none() | long),
    st.floats(-100.0, 9000.0),
    st.floats(0.0, 1.0),
)
def test_the_words_of_the_tray_stay_until_it_is_said_that_they_change(
    presence: str, since_s: float, sat_s: float, active_s: float | None, in_s: float, part: float
) -> None:
    of = (presence, since_s, sat_s, active_s, in_s)
    change_s = words_change_in_s(seen_after(0.0, *of))
    assert change_s >= TICK_S
    if change_s > TICK_S:
        # The status rounds to a tenth of a second.
        earlier_s = part * max(0.0, min(change_s, 120.0) - 0.3)
        assert tray_state(seen_after(earlier_s, *of)) == tray_state(seen_after(0.0, *of))


def test_the_words_of_the_tray_change_when_it_is_said() -> None:
    now = seen_after(0.0, "sitting", 600.0, 100.0, None, 4000.0)
    change_s = words_change_in_s(now)
    assert 0.0 < change_s <= 60.0
    assert tray_state(seen_after(change_s + 0.2, "sitting", 600.0, 100.0, None, 4000.0)) != tray_state(now)


def test_nothing_changes_by_itself_while_it_is_paused() -> None:
    assert words_change_in_s(seen_after(0.0, "sitting", 60.0, 80.0, 5.0, 17.0)) == pytest.approx(5.0)
    paused = SessionState(suspended=(PAUSED,))
    assert words_change_in_s(seen_after(0.0, "sitting", 60.0, 80.0, 5.0, 17.0, paused)) == NEVER_S


# -- pauses, snoozes, the day ------------------------------------------------------------------------------------------

times = st.none() | st.integers(-100, 100_000).map(lambda seconds: NOON + timedelta(seconds=seconds))


@given(times, times, times)
def test_what_ends_by_itself_ends_then(
    paused: datetime | None, snoozed: datetime | None, locking: datetime | None
) -> None:
    state = SessionState(
        suspended=(PAUSED,) if paused is not None else (),
        paused_until=paused,
        snooze=Snooze(snoozed, "so") if snoozed is not None else None,
        locking_until=locking,
    )
    in_s = ends_in_s(state, NOON)
    assert (in_s == NEVER_S) == (paused is snoozed is locking is None)
    if in_s < NEVER_S:
        assert step(state, TimePassed(NOON + timedelta(seconds=in_s)))[0] != state
        if in_s > 0.0:
            assert step(state, TimePassed(NOON + timedelta(seconds=in_s - 0.5)))[0] == state


@given(
    st.integers(0, 3 * 86400),
    st.none() | st.sampled_from([date(2026, 3, day) for day in (1, 2, 3, 4)]),
    st.sampled_from(["", "00:00", "17:30", "23:59"]),
    st.integers(0, 86_400),
)
def test_the_day_is_told_of_when_it_is_due(at_s: int, told: date | None, end: str, later_s: int) -> None:
    settings, now = Settings(desktop=DesktopSettings(end_of_day=end)), (NOON + timedelta(seconds=at_s)).astimezone()
    in_s = day_is_told_in_s(now, told, settings, wanted=True, may_s=-1.0)
    day = due(now, told, settings)
    assert (in_s <= 0.0) == (day is not None)
    assert not end or in_s <= 25 * 3600.0
    if later_s < in_s:
        assert due(now + timedelta(seconds=later_s), told, settings) is None
    if day is not None:
        assert day_is_told_in_s(now, told, settings, wanted=False, may_s=-1.0) == NEVER_S
        assert day_is_told_in_s(now, told, settings, wanted=True, may_s=7.0) == 7.0


@given(st.integers(0, 86_399))
def test_the_next_day_begins_at_midnight(at_s: int) -> None:
    local = datetime(2026, 6, 1) + timedelta(seconds=at_s)
    in_s = midnight_in_s(local)
    assert 0.0 < in_s <= 86_400.0
    assert (local + timedelta(seconds=in_s)).time().isoformat() == "00:00:00"


# -- reminders ---------------------------------------------------------------------------------------------------------


@given(st.floats(0.0, 9000.0), st.booleans())
def test_the_desktop_is_asked_before_a_reminder_and_as_often_as_is_said(in_s: float, quiet: bool) -> None:
    passed_s, asked_s, is_open = 0.0, -math.inf, False
    prepared: list[float] = []
    while passed_s < in_s + 30.0:
        left_s = in_s - passed_s
        wait_s = max(LEAST_S, asks_in_s(Asking(left_s, passed_s - asked_s, is_open, quiet and is_open)))
        assert wait_s <= max(ASK_DESKTOP_S, left_s - ASK_BEFORE_S)
        passed_s += wait_s
        prepared.append(in_s - passed_s)  # as `Reminders.prepare` does
        is_open = prepared[-1] <= ASK_BEFORE_S
        if is_open and passed_s - asked_s >= ASK_DESKTOP_S:
            asked_s = passed_s
    assert prepared[0] >= min(in_s - LEAST_S, ASK_BEFORE_S) - 0.01, "45 s before, or at once"
    shortly = [left_s for left_s in prepared if -10.0 <= left_s <= 4.0]
    assert len(shortly) >= (1 if quiet else 5)
    assert len(prepared) <= 30, "and not more often"
    assert any(-LEAST_S - 0.01 <= left_s <= 0.01 for left_s in prepared) or not quiet, "what waits waits from then on"


def test_without_a_reminder_in_sight_nothing_is_asked() -> None:
    assert asks_in_s(Asking(None, 5.0)) == NEVER_S
    assert asks_in_s(Asking(None, 5.0, open=True)) == 0.0, "one that was near is not any more"
    assert asks_in_s(Asking(1000.0, 5.0, open=True)) == 0.0


# -- the daemon as a whole ---------------------------------------------------------------------------------------------


@pytest.fixture
def log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Log]:
    for name in ("XDG_RUNTIME_DIR", "XDG_STATE_HOME", "XDG_DATA_HOME", "XDG_CONFIG_HOME"):
        monkeypatch.setenv(name, str(tmp_path))
    for name in ("POSTURE_CONFIG", "TZ"):
        monkeypatch.delenv(name, raising=False)
    opened = Log(tmp_path / "log")
    yield opened
    opened.close()


def served(log: Log, tmp_path: Path, job: Callable[[Service], Awaitable[None]]) -> None:
    """Run `job` with a service that listens, and watches nothing."""

    async def serve() -> None:
        shell = HelperShell(shown_commands(tmp_path / "report.html"))
        service = Service([], log, shell)
        service._files.start()
        service._clock.start()
        service._listen_to_files()
        for name, one in service._steps().items():
            service._supervisor.add(name, *one)
        await job(service)
        service._files.close()
        service._clock.close()
        await service._supervisor.end()
        shell.close()

    asyncio.run(serve())


async def ask(service: Service, command: str, **args: Any) -> dict[str, Any]:
    return parse_answer((await service._control.reply(request_line(command, args))).line)


@on_linux
def test_a_daemon_that_is_paused_sleeps(log: Log, tmp_path: Path) -> None:
    async def job(service: Service) -> None:
        await ask(service, "pause")
        assert service._something_heard
        assert await service._supervisor.round() >= SELDOM_S - 1.0
        assert await service._supervisor.round(everything=False) >= SELDOM_S - 1.0
        service._something_heard = False
        await ask(service, "status")
        assert not service._something_heard, "to be asked changes nothing"
        end = datetime.now(UTC) + timedelta(seconds=9)
        await ask(service, "pause", until=end.isoformat())
        assert 5.0 < await service._supervisor.round() <= 9.0, "it ends by itself"

    served(log, tmp_path, job)


@on_linux
def test_what_is_done_to_the_settings_file_wakes_the_daemon(log: Log, tmp_path: Path) -> None:
    async def job(service: Service) -> None:
        await service._supervisor.round()
        path = service._settings.file
        service._files._read()
        service._something_heard = False
        path.parent.mkdir(exist_ok=True)
        path.write_text('coach.snooze = "5m"\n')
        service._files._read()
        assert service._something_heard
        await service._supervisor.round()
        assert service._settings.present.coach.snooze_s == 300.0

    served(log, tmp_path, job)


def test_what_is_found_by_a_look_wakes_the_daemon_as_well(log: Log, tmp_path: Path) -> None:
    """Where nothing is heard of a file, or of a calendar that was set."""

    async def job(service: Service) -> None:
        await service._supervisor.round()
        service._something_heard = False
        await service._supervisor.round()
        assert not service._something_heard
        service._wall._anchors = [(t_s, at + timedelta(hours=1)) for t_s, at in service._wall._anchors]
        await service._supervisor.round()
        assert service._something_heard, "pauses may be over by now"
        service._something_heard = False
        service._settings.file.parent.mkdir(exist_ok=True)
        service._settings.file.write_text('camera.on_battery = "same"\n')
        await service._supervisor.round()
        assert service._something_heard

    served(log, tmp_path, job)


def test_a_look_that_brings_nothing_wakes_nobody(log: Log) -> None:
    defects: list[str] = []
    watch = WatchThread(
        Settings(),
        WallClock(),
        lambda update: None,
        lambda sentence: None,
        lambda: False,
        lambda found: defects.append(found[0]),
    )
    assert [watch.brings_news(Update(t_s)) for t_s in (0.0, 4.0, 8.0)] == [True, False, False]
    assert watch.brings_news(Update(12.0, [PresenceChanged(12.0, "sitting", "unknown", 0.0)]))
    assert not watch.brings_news(Update(16.0))
    gone = Update(20.0, camera="gone", sentence="It is gone.")
    assert [watch.brings_news(gone) for _ in range(2)] == [True, False]
    watch.engine.stand(True)
    assert watch.brings_news(gone)
    for error in (None, ValueError("no"), None, None):
        watch._note(("reading", error))
    assert defects == ["reading", "reading"], "that it fails, and that it works again"


# -- what is heard -----------------------------------------------------------------------------------------------------


@on_linux
def test_files_that_are_written_replaced_and_removed_are_heard_of(tmp_path: Path) -> None:
    heard: list[float] = []
    folder, state = tmp_path / "later/settings", tmp_path / "state"
    state.mkdir()
    file, lock, link = folder / "settings.toml", state / "lock", tmp_path / "link.toml"
    lock.touch()
    link.symlink_to(state / "real.toml")

    async def run() -> None:
        news = FileNews(lambda: heard.append(now_s()))
        news.start()

        def again() -> None:
            assert news.watch([file, link], [lock])

        def hears(what: str, *, well: bool = True) -> None:
            news._read()
            assert bool(heard) == well, what
            again()
            heard.clear()

        again()
        folder.parent.mkdir()
        hears("a folder on the way to it")
        folder.mkdir()
        hears("its folder")
        file.write_text("x")
        hears("it is written")
        (folder / "other").write_text("x")
        hears("another one", well=False)
        (folder / "other").replace(file)
        hears("it is replaced")
        (state / "real.toml").write_text("x")
        hears("where a link leads")
        (state / "history-wal").write_text("x")
        lock.write_text("who has it")
        hears("what is written beside a lock and into it", well=False)
        with lock.open():
            lock.unlink()
            lock.touch()
            hears("a lock is removed that is held")
        state.rename(tmp_path / "away")
        state.mkdir()
        lock.touch()
        hears("its folder is moved away")
        lock.unlink()
        hears_all = news.watch([file], [lock])
        assert not hears_all, "there is none"
        news.close()
        news.close()

    asyncio.run(run())


@on_linux
def test_the_clock_is_listened_to() -> None:
    heard: list[bool] = []

    async def run() -> None:
        news = ClockNews(lambda: heard.append(True))
        assert not news.hears
        news.start()
        assert news.hears
        news._read()  # as when the timer is cancelled
        assert heard == [True]
        assert news.hears
        news.close()
        assert not news.hears

    asyncio.run(run())
