"""Idle time from real buses and a real display, and what follows from it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from ctypes.util import find_library

import pytest
from hypothesis import given
from hypothesis import strategies as st
from private_session import Session, until

from posture.desktop.bus import Bus
from posture.desktop.idle import TYPING_S, wait_for_typing
from posture.desktop.idle_kde import SAVER, SAVER_PATH
from posture.desktop.idle_linux import idle_s
from posture.desktop.idle_mutter import MUTTER, MUTTER_PATH
from posture.desktop.idle_wayland import WaylandIdle

MOST_S = 60.0


@given(
    st.lists(st.tuples(st.floats(0.1, 30.0), st.booleans(), st.none() | st.floats(0.0, 10.0))), st.floats(0.0, 600.0)
)
def test_a_nudge_waits_only_for_typing_and_never_longer_than_allowed(
    steps: list[tuple[float, bool, float | None]], most_s: float
) -> None:
    since_s, now_s, due_s = None, 0.0, None
    for passed_s, overdue, found_s in steps:
        now_s += passed_s
        since_s, waits = wait_for_typing(since_s, now_s, overdue, found_s, most_s)
        if waits:
            assert most_s > 0
            assert found_s is not None
            assert found_s < TYPING_S
        if not overdue:
            due_s = None
        elif due_s is None and waits:
            due_s = now_s
        if waits and due_s is not None:
            assert now_s - due_s < most_s
        # The first time that a nudge is due, somebody who types is left to it.
        if overdue and due_s == now_s and most_s > 0 and found_s is not None and found_s < TYPING_S:
            assert waits


def test_the_wait_begins_when_the_nudge_is_due() -> None:
    since_s, waits = wait_for_typing(None, 0.0, False, 0.5, MOST_S)
    assert (since_s, waits) == (None, True)
    since_s, waits = wait_for_typing(since_s, 100.0, True, 0.5, MOST_S)
    assert (since_s, waits) == (100.0, True)
    # It comes in a pause of typing, and after a minute at the latest.
    assert wait_for_typing(since_s, 130.0, True, TYPING_S, MOST_S) == (100.0, False)
    assert wait_for_typing(since_s, 159.0, True, 0.0, MOST_S) == (100.0, True)
    assert wait_for_typing(since_s, 160.0, True, 0.0, MOST_S) == (100.0, False)


def asked(*, alone: bool = False) -> float | None:
    async def job() -> float | None:
        if alone:
            return await idle_s(None, WaylandIdle())
        bus = Bus("session")
        await bus.connect()
        try:
            return await idle_s(bus, WaylandIdle())
        finally:
            bus.close()

    return asyncio.run(job())


def asked_of(name: str, path: str, member: str, signature: str, value: int) -> float | None:
    """Ask while a program on the bus plays the desktop."""
    from dbus_fast import Message, MessageType

    async def job() -> float | None:
        desktop, bus = Bus("session"), Bus("session")
        await desktop.connect()
        await bus.connect()

        def answer(message: Message) -> Message | None:
            if message.message_type is MessageType.METHOD_CALL and (message.path, message.member) == (path, member):
                return Message.new_method_return(message, signature, [value])
            return None

        desktop.raw.add_message_handler(answer)
        await desktop.raw.request_name(name)
        try:
            return await idle_s(bus, WaylandIdle())
        finally:
            desktop.close()
            bus.close()

    return asyncio.run(job())


def test_gnome(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    assert asked_of(MUTTER, MUTTER_PATH, "GetIdletime", "t", 1500) == 1.5


def test_kde(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "KDE")
    assert asked_of(SAVER, SAVER_PATH, "GetSessionIdleTime", "u", 2500) == 2.5
    assert asked_of(SAVER, SAVER_PATH, "GetSessionIdleTime", "u", 0) is None, "as under Wayland, where it does not know"


def test_where_nothing_answers_it_is_not_known(session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    assert asked() is None
    assert asked(alone=True) is None
    # A refusal and a missing display both mean that the idle time is not known.
    assert asked_of(MUTTER, "/elsewhere", "GetIdletime", "t", 1) is None
    monkeypatch.setenv("DISPLAY", ":987")
    monkeypatch.delenv("XDG_SESSION_TYPE", raising=False)
    assert asked() is None


def test_x(
    session: Session,
    require_tool: Callable[[str], str],
    missing: Callable[[str], None],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    if find_library("Xss") is None:
        missing("libXss (libxss1)")
    xdotool = require_tool("xdotool")
    session.screen(require_tool)
    monkeypatch.setenv("DISPLAY", session.env["DISPLAY"])
    monkeypatch.delenv("XDG_SESSION_TYPE", raising=False)
    until(lambda: (asked() or 0.0) > 1.0, "nobody has touched a key for a second")
    rested_s = asked()
    session.run(xdotool, "key", "a")
    typed_s = asked()
    assert rested_s is not None
    assert typed_s is not None
    assert typed_s < rested_s
    monkeypatch.setenv("XDG_SESSION_TYPE", "wayland")
    assert asked() is None
