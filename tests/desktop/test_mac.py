"""What is asked of macOS, over frameworks that are played (`fake_mac`): no Mac has run this yet."""

from __future__ import annotations

import asyncio
import itertools
import math
import plistlib
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from posture.desktop import (
    autostart_mac,
    idle_mac,
    mac_frameworks,
    microphone_mac,
    power_mac,
    quiet_mac,
    running_mac,
    screen_mac,
    session_mac,
)
from posture.errors import PostureError
from tests.desktop.fake_mac import HEADERS, FakeMac


@pytest.fixture
def mac(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeMac]:
    played = FakeMac()
    put_in(played, monkeypatch)
    yield played
    assert (played.wrong, played.left) == ([], [])


def put_in(played: FakeMac, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mac_frameworks, "load", played.library)
    monkeypatch.setattr(mac_frameworks, "_functions", {})


def test_every_function_is_declared_as_in_its_header() -> None:
    assert mac_frameworks.SIGNATURES.keys() == HEADERS.keys()


# -- values -----------------------------------------------------------------------------------------------------------

plain_values = st.recursive(
    st.booleans()
    | st.floats(allow_nan=False)
    | st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0")),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text("abcé", max_size=4), inner, max_size=3),
    max_leaves=8,
)


@given(plain_values)
@settings(max_examples=50, deadline=None)
def test_a_value_comes_over_whole_and_is_let_go(value: Any) -> None:
    played = FakeMac()
    with pytest.MonkeyPatch.context() as patch:
        put_in(played, patch)
        assert mac_frameworks.taken(played.refer(value, owned=True)) == value
    assert (played.wrong, played.left) == ([], [])


def test_what_is_no_plain_value_is_none(mac: FakeMac) -> None:
    assert mac_frameworks.taken(mac.refer({"image": b"...", "layer": 3, "name": "\ud800"}, owned=True)) == {
        "image": None,
        "layer": 3.0,
        "name": None,
    }
    assert mac_frameworks.value(None) is None


# -- whatever the system answers --------------------------------------------------------------------------------------

ASKED: dict[str, tuple[Callable[[], object], object]] = {
    "idle": (idle_mac.mac_idle_s, None),
    "battery": (power_mac.on_battery, None),
    "lid": (power_mac.lid_closed, False),
    "screen": (screen_mac.screen, None),
    "full screen": (screen_mac.full_screen, False),
    "microphone": (microphone_mac.microphone_in_use, False),
    "programs": (lambda: running_mac.MacRunning().any_of(["zoom"]), False),
}


@pytest.mark.parametrize("name", ASKED)
@pytest.mark.parametrize("error", [OSError("no such framework"), AttributeError("no such function"), ValueError("odd")])
def test_a_system_that_fails_tells_nothing(mac: FakeMac, name: str, error: Exception) -> None:
    ask, nothing = ASKED[name]
    mac.failing = error
    assert ask() == nothing
    assert mac.called


@pytest.mark.parametrize("name", ASKED)
def test_a_system_without_the_functions_tells_nothing(mac: FakeMac, name: str) -> None:
    ask, nothing = ASKED[name]
    mac.missing = set(HEADERS)
    assert ask() == nothing


anything = st.none() | plain_values


@given(anything, anything, anything, st.floats(), anything)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
def test_whatever_the_system_answers_nothing_is_raised(
    session: Any, lid: Any, power: Any, idle_s: float, more: Any
) -> None:
    played = FakeMac()
    played.session, played.lid, played.power, played.idle_s, played.windows = session, lid, (power, more), idle_s, more
    with pytest.MonkeyPatch.context() as patch:
        put_in(played, patch)
        found = {name: ask() for name, (ask, _) in ASKED.items()}
    assert found["idle"] is None or (math.isfinite(found["idle"]) and found["idle"] >= 0)  # type: ignore[arg-type, operator]
    assert found["battery"] in (None, True, False)
    assert (played.wrong, played.left) == ([], [])


# -- one by one -------------------------------------------------------------------------------------------------------


def test_idle_time_is_that_of_any_input(mac: FakeMac) -> None:
    mac.idle_s = 12.25
    assert idle_mac.mac_idle_s() == 12.25


@pytest.mark.parametrize(
    ("power", "expected"),
    [
        (("Battery Power", ["a battery"]), True),
        (("AC Power", ["a battery"]), False),
        (("AC Power", []), None),  # a desktop
        ((None, ["a battery"]), None),
    ],
)
def test_battery(mac: FakeMac, power: tuple[Any, Any], expected: bool | None) -> None:
    mac.power = power
    assert power_mac.on_battery() is expected


@pytest.mark.parametrize(("lid", "expected"), [(True, True), (False, False), (None, False), ("Yes", False)])
def test_lid(mac: FakeMac, lid: Any, expected: bool) -> None:
    mac.lid = lid
    assert power_mac.lid_closed() is expected


@pytest.mark.parametrize(
    ("session", "expected"),
    [
        ({"kCGSSessionOnConsoleKey": True}, (False, False)),
        ({"kCGSSessionOnConsoleKey": True, "CGSSessionScreenIsLocked": True}, (True, False)),
        ({"kCGSSessionOnConsoleKey": 1, "CGSSessionScreenIsLocked": 1}, (True, False)),
        ({"kCGSSessionOnConsoleKey": False}, (False, True)),
        ({"kCGSSessionOnConsoleKey": 0}, (False, True)),
        ({}, (False, False)),
        (None, None),  # over ssh there is no session of the window server
    ],
)
def test_screen(mac: FakeMac, session: Any, expected: tuple[bool, bool] | None) -> None:
    mac.session = session
    assert screen_mac.screen() == expected


def window(x: float, y: float, width: float, height: float, level: int = 0) -> dict[str, Any]:
    return {
        "kCGWindowLayer": float(level),
        "kCGWindowBounds": {"X": x, "Y": y, "Width": width, "Height": height},
        "kCGWindowOwnerName": "Keynote",
    }


BAR = window(0, 0, 1512, 37, 24)
SECOND_BAR = window(1512, 0, 1920, 24, 24)


@pytest.mark.parametrize(
    ("windows", "expected"),
    [
        ([window(0, 0, 1512, 982)], True),
        ([window(0, 38, 1512, 944)], True),  # below a notch
        ([window(0, 37, 1512, 945), BAR], False),  # zoomed, with the Dock hidden
        ([window(0, 37, 1512, 945), SECOND_BAR], True),  # only the other screen shows its menu bar
        ([window(0, 38, 1512, 860)], False),  # zoomed above the Dock
        ([window(1512, 0, 1920, 1080)], True),  # on the other screen
        ([window(100, 100, 600, 400), window(0, 0, 1512, 982)], False),  # another window lies in front
        ([window(0, 0, 1512, 982, 25)], False),  # no ordinary window
        ([{"kCGWindowLayer": 0.0}, window(0, 0, 1512, 982)], True),
        ([], False),
    ],
)
def test_full_screen(mac: FakeMac, windows: list[Any], expected: bool) -> None:
    mac.displays.append((1512.0, 0.0, 1920.0, 1080.0))
    mac.windows = windows
    assert screen_mac.full_screen() is expected


def test_a_program_that_records_is_told_from_one_that_plays(mac: FakeMac) -> None:
    mac.sound = {(1, b"prs#", b"glob"): [40, 41, 42]}
    mac.sound |= {(40, b"piri", b"glob"): [0]}
    # It waits for "Hey Siri": recording for ever, with no microphone of its own.
    mac.sound |= {(41, b"piri", b"glob"): [1], (41, b"pdv#", b"inpt"): []}
    assert microphone_mac.microphone_in_use() is False
    mac.sound |= {(42, b"piri", b"glob"): [1], (42, b"pdv#", b"inpt"): [77]}
    assert microphone_mac.microphone_in_use() is True


def test_before_macos_14_the_device_is_asked(mac: FakeMac) -> None:
    mac.sound = {(1, b"dIn ", b"glob"): [77], (77, b"gone", b"glob"): [1], (77, b"stm#", b"outp"): []}
    assert microphone_mac.microphone_in_use() is True
    mac.sound[77, b"stm#", b"outp"] = [78]  # a headset: it may only be playing
    assert microphone_mac.microphone_in_use() is False
    mac.sound |= {(77, b"gone", b"glob"): [0], (77, b"stm#", b"outp"): []}
    assert microphone_mac.microphone_in_use() is False


def test_a_program_is_found_by_its_file_and_by_its_app(mac: FakeMac) -> None:
    mac.programs = {1: "/sbin/launchd", 400: "/Applications/zoom.us.app/Contents/MacOS/zoom.us"}
    running = running_mac.MacRunning()
    assert running.any_of(["Zoom.us"])
    assert running.any_of(["zoom.us.app"])
    assert running.any_of(["keynote", "launchd"])
    assert not running.any_of(["zoom"])
    assert running_mac.names_of("/Applications/Microsoft Teams.app/Contents/MacOS/MSTeams") == {
        "microsoft teams",
        "msteams",
    }


def test_sleep_is_heard_and_never_held_up(mac: FakeMac) -> None:
    heard: list[bool] = []
    mac.messages = [(0xE0000270, 0x7FFF_0001), (0xE0000280, 0x7FFF_0002), (0xE0000320, 0), (0xE0000300, 0)]
    power_mac.SleepWatch(heard.append)._run()
    assert heard == [True, False]
    assert mac.allowed == [(0x2B07, 0x7FFF_0001), (0x2B07, 0x7FFF_0002)]
    assert mac.left == ["kCFRunLoopDefaultMode"]  # as long as its run loop
    mac._owned.clear()


def test_a_listener_that_fails_does_not_hold_up_sleep(mac: FakeMac) -> None:
    def fails(_asleep: bool) -> None:
        raise RuntimeError("the loop is closed")

    mac.messages = [(0xE0000280, 3)]
    power_mac.SleepWatch(fails)._run()
    assert mac.allowed == [(0x2B07, 3)]
    mac._owned.clear()


# -- the seams --------------------------------------------------------------------------------------------------------


def ended(session: session_mac.MacSession) -> None:
    """The thread that hears of sleep has ended, as it does once the played run loop has no more to tell."""
    assert session._sleep_watch is not None
    session._sleep_watch._thread.join()


def test_the_session_is_told_as_it_changes(mac: FakeMac, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(session_mac, "LOOK_S", 0.0)
    heard: list[str] = []

    async def until(expected: str) -> None:
        while heard[-1:] != [expected]:
            await asyncio.sleep(0)

    async def job() -> None:
        mac.session = {"CGSSessionScreenIsLocked": True}
        session = session_mac.MacSession(heard.append)
        await session.start()
        assert heard == ["locked"]  # at once, not after the first wait
        mac.session = {}
        await until("unlocked")
        mac.session = {"kCGSSessionOnConsoleKey": False}
        await until("hidden")
        mac.session = None
        await asyncio.sleep(0)
        mac.session = {}
        await until("shown")
        await session.close()
        await session.close()
        ended(session)

    asyncio.run(asyncio.wait_for(job(), 60))
    assert heard == ["locked", "unlocked", "hidden", "shown"]
    mac._owned.clear()  # the name of the run loop's mode


def test_sleep_reaches_the_daemon_with_its_reason(mac: FakeMac) -> None:
    heard: list[str] = []
    mac.lid = True
    mac.messages = [(0xE0000280, 3), (0xE0000300, 0), (0xE0000280, 4)]

    async def job() -> None:
        session = session_mac.MacSession(heard.append)
        await session.start()
        while len(heard) < 3:
            await asyncio.sleep(0)
        await session.close()
        ended(session)

    asyncio.run(asyncio.wait_for(job(), 60))
    assert heard == ["closing", "awake", "closing"]
    mac._owned.clear()


@given(st.lists(anything, max_size=6))
@settings(max_examples=25, deadline=None)
def test_whatever_the_session_is_said_to_be(told: list[Any]) -> None:
    played, heard = FakeMac(), list[str]()
    with pytest.MonkeyPatch.context() as patch:
        put_in(played, patch)
        session = session_mac.MacSession(heard.append)
        for played.session in told:
            session._look()
    assert (played.wrong, played.left) == ([], [])
    assert all(one != other for one, other in itertools.pairwise(heard))


def test_why_it_is_quiet(mac: FakeMac, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posture.desktop.quiet.running", running_mac.MacRunning)
    assert asyncio.run(quiet_mac.why_quiet(["keynote"])) == ""
    mac.windows = [window(0, 0, 1512, 982)]
    assert asyncio.run(quiet_mac.why_quiet(["keynote"])) == "a window fills the screen"
    mac.programs = {9: "/Applications/Keynote.app/Contents/MacOS/Keynote"}
    assert "program" in asyncio.run(quiet_mac.why_quiet(["keynote"]))
    mac.sound = {(1, b"prs#", b"glob"): [40], (40, b"piri", b"glob"): [1], (40, b"pdv#", b"inpt"): [7]}
    assert asyncio.run(quiet_mac.why_quiet(["keynote"])) == "the microphone is in use"


@pytest.mark.parametrize("program", ["/usr/bin/python3", "/Users/Ada & Bo/my <apps>/bin/python 3", "/Users/Ünï/p"])
def test_the_launch_agent_is_one(program: str, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(sys, "executable", program)
    monkeypatch.setenv("HOME", str(tmp_path))
    entry = autostart_mac.LaunchAgent()
    assert not entry.exists()
    entry.write()
    agent = plistlib.loads((tmp_path / "Library/LaunchAgents/posture.plist").read_bytes())
    assert agent["ProgramArguments"] == [program, "-P", "-m", "posture", "start", "--foreground"]
    assert (agent["RunAtLoad"], agent["KeepAlive"]) == (True, {"SuccessfulExit": False})
    assert "AssociatedBundleIdentifiers" not in agent
    assert entry.exists()
    assert entry.remove()
    assert not entry.remove()


def test_the_launch_agent_of_the_app(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", "/Applications/Posture.app/Contents/MacOS/posture")
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    agent = plistlib.loads(autostart_mac.launch_agent().encode())
    assert agent["ProgramArguments"] == [sys.executable, "start", "--foreground"]
    assert agent["AssociatedBundleIdentifiers"] == [autostart_mac.BUNDLE]


def test_an_app_that_was_not_moved_does_not_start_with_the_session(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    place = "/private/var/folders/zz/x/T/AppTranslocation/0F3C/d/Posture.app/Contents/MacOS/posture"
    monkeypatch.setattr(sys, "executable", place)
    monkeypatch.setenv("HOME", str(tmp_path))
    with pytest.raises(PostureError, match="Applications"):
        autostart_mac.LaunchAgent().write()
    assert not autostart_mac.LaunchAgent().exists()
