from __future__ import annotations

import asyncio
import os
from collections.abc import Callable
from pathlib import Path

import pytest
from private_session import MOCK, Session, until

from posture.desktop.bus import Bus, BusError
from posture.desktop.quiet_linux import why_quiet
from posture.desktop.session_linux import LOGIND, LOGIND_PATH, MANAGER, LinuxSession, on_battery


@pytest.fixture
def logind(session: Session, missing: Callable[[str], None]) -> Session:
    """logind as python-dbusmock plays it, with a session of this user."""
    python = "/usr/bin/python3"  # the distribution's: dbusmock needs its dbus-python
    if not Path(python).exists() or session.run(python, "-c", "import dbusmock", check=False).returncode:
        missing("python3-dbusmock")
    address = session.env["DBUS_SYSTEM_BUS_ADDRESS"]
    session.start(python, "-m", "dbusmock", "--template", "logind", DBUS_SYSTEM_BUS_ADDRESS=address, PYTHONPATH="")
    return session


async def system_bus() -> Bus:
    bus = Bus("system")
    await bus.connect()
    for _ in range(200):
        if await bus.has_owner(LOGIND):
            break
        await asyncio.sleep(0.05)
    await bus.call(LOGIND, LOGIND_PATH, MOCK, "AddSession", "ssusb", "c1", "seat0", os.getuid(), "me", True)
    await bus.call(LOGIND, LOGIND_PATH, MOCK, "AddSession", "ssusb", "c2", "seat0", os.getuid() + 1, "other", True)
    return bus


def test_lock_and_sleep_are_heard(logind: Session, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "LID0").mkdir()
    monkeypatch.delenv("XDG_SESSION_ID", raising=False)

    async def job() -> None:
        bus = await system_bus()
        heard: asyncio.Queue[str] = asyncio.Queue()
        watch = LinuxSession(heard.put_nowait, tmp_path)
        await watch.watch_logind(bus)
        path, other = f"{LOGIND_PATH}/session/c1", f"{LOGIND_PATH}/session/c2"

        async def emit(where: str, interface: str, member: str, signature: str = "", *body: object) -> None:
            from dbus_fast import Variant

            values = [Variant(kind, value) for kind, value in zip(signature, body, strict=True)]
            await bus.call(LOGIND, where, MOCK, "EmitSignal", "sssav", interface, member, signature, values)

        async def hears(what: str) -> None:
            assert await asyncio.wait_for(heard.get(), 10) == what

        session = "org.freedesktop.login1.Session"
        await emit(other, session, "Lock")
        await emit(path, session, "Lock")
        await hears("locked")
        assert watch.locked
        await emit(path, session, "Lock")
        await emit(path, session, "Unlock")
        await hears("unlocked")
        await emit(LOGIND_PATH, MANAGER, "PrepareForSleep", "b", True)
        await hears("sleeping")
        await emit(LOGIND_PATH, MANAGER, "PrepareForSleep", "b", False)
        await hears("awake")
        for lid, change in (("closed", "closing"), ("open", "sleeping")):
            (tmp_path / "LID0/state").write_text(f"state:      {lid}\n")
            await emit(LOGIND_PATH, MANAGER, "PrepareForSleep", "b", True)
            await hears(change)
            await emit(LOGIND_PATH, MANAGER, "PrepareForSleep", "b", False)
            await hears("awake")
        assert heard.empty()

        # Another user takes the screen, and gives it back; the one session ends, and there is a new one.
        async def active(where: str, now: bool) -> None:
            from dbus_fast import Variant

            await bus.call(LOGIND, where, MOCK, "UpdateProperties", "sa{sv}", session, {"Active": Variant("b", now)})

        await active(other, False)
        await active(path, False)
        await hears("hidden")
        await active(path, True)
        await hears("shown")
        await active(path, False)
        await hears("hidden")
        await bus.call(LOGIND, LOGIND_PATH, MOCK, "AddSession", "ssusb", "c3", "seat0", os.getuid(), "me", True)
        await emit(LOGIND_PATH, MANAGER, "SessionNew", "so", "c3", f"{LOGIND_PATH}/session/c3")
        await hears("shown")
        await active(f"{LOGIND_PATH}/session/c3", False)
        await hears("hidden")
        await active(f"{LOGIND_PATH}/session/c3", True)
        await hears("shown")
        assert heard.empty()
        # What a locker of the desktop says on the session bus counts as well.
        own = Bus("session")
        await own.connect()
        await watch.watch_lockers(own)
        speaker = Bus("session")
        await speaker.connect()
        from dbus_fast import Message

        locker = "org.xfce.ScreenSaver"

        async def says(by: Bus, active: bool, to: str | None = None) -> None:
            signal = Message.new_signal("/x", locker, "ActiveChanged", "b", [active])
            signal.destination = to
            await by.raw.send(signal)

        async def settled() -> None:
            await own.owner(locker)  # whatever was sent before has been heard

        # But not from a program that only says so, to all or to posture alone.
        for to in (None, own.raw.unique_name):
            await says(speaker, True, to)
            await speaker.owner(locker)
            await settled()
        assert heard.empty()
        await speaker.raw.request_name(locker)
        for active in (True, False, True):
            await says(speaker, active)
            await hears("locked" if active else "unlocked")
        liar = Bus("session")
        await liar.connect()
        await says(liar, False)
        await liar.owner(locker)
        await settled()
        assert watch.locked
        await speaker.raw.release_name(locker)  # a locker that has ended locks nothing
        await hears("unlocked")
        assert heard.empty()
        liar.close()
        for connection in (bus, own, speaker):
            connection.close()

    asyncio.run(job())


def test_no_logind_is_said(session: Session) -> None:
    async def job() -> None:
        bus = Bus("system")
        await bus.connect()
        with pytest.raises(BusError):
            await LinuxSession(print).watch_logind(bus)
        bus.close()

    asyncio.run(job())


def test_no_bus_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere/at/all")
    with pytest.raises(BusError, match="There is no session bus"):
        asyncio.run(Bus("session").connect())


def supply(folder: Path, **files: str) -> None:
    folder.mkdir(parents=True)
    for name, text in files.items():
        (folder / name).write_text(text + "\n")


def test_battery(tmp_path: Path) -> None:
    assert on_battery(tmp_path / "none") is None
    supply(tmp_path / "ac/AC", type="Mains", online="1")
    assert on_battery(tmp_path / "ac") is None
    supply(tmp_path / "ac/BAT0", type="Battery", status="Charging")
    assert on_battery(tmp_path / "ac") is False
    supply(tmp_path / "off/AC", type="Mains", online="0")
    supply(tmp_path / "off/BAT0", type="Battery", status="Discharging")
    assert on_battery(tmp_path / "off") is True
    supply(tmp_path / "mouse/hid", type="Battery", scope="Device", status="Discharging")
    assert on_battery(tmp_path / "mouse") is None


@pytest.mark.parametrize(
    ("port", "expected"),
    [
        ({"type": "USB", "online": "1", "status": "Discharging", "scope": "System"}, True),
        ({"type": "USB", "online": "1", "scope": "Device"}, True),
        ({"type": "USB", "online": "0"}, True),
        ({"type": "USB", "online": "1", "status": "Charging", "scope": "System"}, False),
        ({"type": "USB", "online": "1"}, False),
        ({"type": "USB", "online": "2", "status": "Unknown"}, False),  # programmable: fixed and variable voltage
    ],
)
def test_a_port_that_gives_power_away_is_no_supply(tmp_path: Path, port: dict[str, str], expected: bool) -> None:
    supply(tmp_path / "AC", type="Mains", online="0")
    supply(tmp_path / "BAT0", type="Battery", status="Discharging")
    supply(tmp_path / "ucsi-source-psy-USBC000:001", **port)
    assert on_battery(tmp_path) is expected


def asked(sound: Path) -> str:
    async def job() -> str:
        bus = Bus("session")
        await bus.connect()
        try:
            return await why_quiet(bus, sound=sound)
        finally:
            bus.close()

    return asyncio.run(job())


def test_microphone_in_use(tmp_path: Path) -> None:
    status = tmp_path / "card0/pcm0c/sub0/status"
    supply(status.parent, status="closed")
    assert asyncio.run(why_quiet(None, sound=tmp_path)) == ""
    status.write_text("state: RUNNING\nowner_pid   : 4711\n")
    assert asyncio.run(why_quiet(None, sound=tmp_path)) == "the microphone is in use"


def test_do_not_disturb_of_dunst(session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    assert asked(tmp_path) == ""
    server = session.notifications()
    assert asked(tmp_path) == ""
    server.write("paused 1")
    server.told()
    assert asked(tmp_path) == "do not disturb"


def test_full_screen_window(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, require_tool: Callable[[str], str]
) -> None:
    for tool in ("xprop", "xev", "wmctrl"):
        require_tool(tool)
    session.screen(require_tool)
    monkeypatch.setenv("DISPLAY", session.env["DISPLAY"])
    monkeypatch.delenv("XDG_SESSION_TYPE", raising=False)
    until(
        lambda: "window id" in session.run("xprop", "-root", "_NET_SUPPORTING_WM_CHECK", check=False).stdout,
        "the window manager is there",
    )
    session.start("xev", "-name", "film")
    until(lambda: "film" in session.run("wmctrl", "-l", check=False).stdout, "the window is there")
    session.run("wmctrl", "-a", "film")
    assert asked(tmp_path) == ""
    session.run("wmctrl", "-r", "film", "-b", "add,fullscreen")
    until(lambda: asked(tmp_path) == "a window fills the screen", "it fills the screen")
