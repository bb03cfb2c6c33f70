"""Text and signals of others on a desktop: nothing in them is obeyed, and nobody but the service itself is believed."""

from __future__ import annotations

import asyncio
import os
import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from private_session import Session, session

from posture.camera import devices
from posture.desktop import notify_plyer
from posture.desktop.bus import Bus
from posture.desktop.session_linux import LOGIND, LOGIND_PATH, MANAGER, PROPERTIES, SESSION, LinuxSession
from posture.desktop.tray_base import TrayState
from posture.desktop.tray_sni import ITEM_PATH, NO_HOST, WATCHER, WATCHER_PATH, StatusNotifierTray

__all__ = ["session"]

OBEYED = (
    "\x1b[2J",
    "\x1b]0;x\x07",
    "\r",
    "\x9b1m",
    "\u202e",
    "\u2066",
    "\u200f",
    "\u061c",
    "\x00",
    "\x7f",
    "\U000e0041",
)
MARKUP = ("<b>", "<a href='x'>", "<img src=x>")
EVIL = "camera\n" + "".join(OBEYED) + "".join(MARKUP)
TEXTS = st.lists(st.sampled_from((*OBEYED, "\ud800", *MARKUP, "\n", "camera", " ")), max_size=8).map("".join)


def obeyed(text: str) -> list[str]:
    """What of a text is more than shown; lines may end."""
    return [part for part in text if part != "\n" and not part.isprintable()]


@given(TEXTS, TEXTS, st.sampled_from(["win32", "freebsd14"]))
def test_messages_elsewhere(title: str, body: str, system: str) -> None:
    shown: dict[str, Any] = {}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(notify_plyer, "_plyer", lambda: SimpleNamespace(notify=lambda **given: shown.update(given)))
        patch.setattr(notify_plyer.sys, "platform", system)
        notify_plyer.PlyerService(30.0).show(title, body)
    assert obeyed(shown["title"] + shown["message"]) == []
    assert "\n" not in shown["title"]
    assert system != "freebsd14" or "<" not in shown["message"]


@given(st.lists(TEXTS, max_size=3))
def test_names_of_cameras_elsewhere(names: list[str]) -> None:
    package = ModuleType("cv2_enumerate_cameras")
    found = [SimpleNamespace(index=index, name=name, path=f"{index} {name}") for index, name in enumerate(names)]
    package.enumerate_cameras = lambda _way: found  # type: ignore[attr-defined]
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(sys.modules, "cv2_enumerate_cameras", package)
        patch.setattr(devices, "ON_LINUX", False)
        cameras = devices.list_cameras()
    assert len(cameras) == len(names)
    for camera in cameras:
        assert (camera.name + camera.path).isprintable()


async def connected(which: Any = "session") -> Bus:
    bus = Bus(which)
    await bus.connect()
    return bus


def signal_of(path: str, interface: str, member: str, signature: str, *body: object, to: str | None = None) -> Any:
    from dbus_fast import Message

    found = Message.new_signal(path, interface, member, signature, list(body))
    found.destination = to
    return found


def service_of(bus: Bus, answers: dict[str, tuple[str, list[Any]]]) -> list[str]:
    """Answer these calls in the name of a service; gives the list of what has been called."""
    from dbus_fast import Message, MessageType

    called: list[str] = []

    def answer(message: Message) -> Message | bool:
        if message.message_type is not MessageType.METHOD_CALL or message.member not in answers:
            return False
        called.append(message.member)
        return Message.new_method_return(message, *answers[message.member])

    bus.raw.add_message_handler(answer)
    return called


def test_a_tray_watcher_that_lies(session: Session) -> None:
    """Neither who only claims to be the watcher is believed, nor does a wrong answer of the watcher end anything."""
    from dbus_fast import Variant

    async def job() -> None:
        bus, watcher, liar = await connected(), await connected(), await connected()
        hosted = {
            "RegisterStatusNotifierItem": ("", []),
            "Get": ("v", [Variant("as", ["x" * 200_000])]),  # what is no answer at all
        }
        called = service_of(watcher, hosted)
        await watcher.raw.request_name(WATCHER)
        tray = StatusNotifierTray(bus, print)
        await tray.start(TrayState("well", EVIL, EVIL, ()))
        assert called == ["RegisterStatusNotifierItem", "Get"]
        assert tray.note == ""
        for to in (None, bus.raw.unique_name):
            for member in ("StatusNotifierHostUnregistered", "StatusNotifierHostRegistered"):
                await liar.raw.send(signal_of(WATCHER_PATH, WATCHER, member, "", to=to))
        await liar.owner(WATCHER)
        await bus.owner(WATCHER)  # all that was sent before has been heard
        await watcher.owner(WATCHER)
        assert tray.note == ""
        assert len(called) == 2
        # The text of others is shown as it was meant to be read, and nothing in it is markup.
        item = await liar.get(bus.raw.unique_name, ITEM_PATH, "org.kde.StatusNotifierItem", "ToolTip")
        assert obeyed(item[2] + item[3]) == []
        assert "<" not in item[3]
        title = await liar.get(bus.raw.unique_name, ITEM_PATH, "org.kde.StatusNotifierItem", "Title")
        assert obeyed(title) == []
        # Only the watcher itself says that nobody shows it.
        await watcher.raw.send(signal_of(WATCHER_PATH, WATCHER, "StatusNotifierHostUnregistered", ""))
        await watcher.owner(WATCHER)
        await bus.owner(WATCHER)
        assert tray.note == NO_HOST
        await tray.close()
        for connection in (bus, watcher, liar):
            connection.close()

    asyncio.run(job())


def test_a_logind_that_lies(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither who only claims to be logind is believed, nor does a wrong word of logind end anything."""
    from dbus_fast import Variant

    monkeypatch.delenv("XDG_SESSION_ID", raising=False)
    path = f"{LOGIND_PATH}/session/c1"

    async def job() -> None:
        bus, logind, liar = [await connected("system") for _ in range(3)]
        sessions = [["c1", os.getuid(), EVIL.replace("\x00", ""), "seat0", path]]
        service_of(logind, {"ListSessions": ("a(susso)", [sessions]), "Get": ("v", [Variant("b", False)])})
        await logind.raw.request_name(LOGIND)
        heard: list[str] = []
        watch = LinuxSession(heard.append)
        await watch.watch_logind(bus)
        heard.clear()

        async def says(by: Bus, to: str | None, *, wrong: bool) -> None:
            value = Variant("as", ["x" * 200_000]) if wrong else Variant("b", True)
            kind, body = ("s", "true") if wrong else ("b", True)
            await by.raw.send(signal_of(LOGIND_PATH, MANAGER, "PrepareForSleep", kind, body, to=to))
            changed = [SESSION, {"LockedHint": value}, []]
            await by.raw.send(signal_of(path, PROPERTIES, "PropertiesChanged", "sa{sv}as", *changed, to=to))
            if not wrong:
                await by.raw.send(signal_of(path, SESSION, "Lock", "", to=to))
            await by.owner(LOGIND)
            await bus.owner(LOGIND)

        for to in (None, bus.raw.unique_name):
            await says(liar, to, wrong=False)
            await says(logind, to, wrong=True)
        assert heard == []
        await says(logind, None, wrong=False)
        assert sorted(heard) == ["locked", "sleeping"]
        for connection in (bus, logind, liar):
            connection.close()

    asyncio.run(job())
