"""Glow and card: without a screen, and on one."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from private_session import Session, session, until
from window_rig import app

from posture.errors import PostureError
from posture.window.signal_fade import FADE_S, card_left, faded

__all__ = ["app", "session"]
CARD: dict[str, Any] = {
    "number": 1,
    "title": "Time to stand",
    "body": "You have been sitting for 31 min. Stand up and walk a few steps.",
    "exercise": "ql_stand",
    "side": "left",
    "left_s": 40.0,
    "strength": 0.9,
}
SILENT: dict[str, Any] = {"glow": 0.0, "card": None, "sound": None}
SERVER = """
import asyncio, json, sys
from pathlib import Path
from posture.control.channel import ControlServer
async def answer(command, args):
    assert command == "signals"
    return json.loads(Path(sys.argv[1]).read_text())
async def main():
    server = ControlServer(answer, None, None)
    await server.start()
    print("ready", flush=True)
    await asyncio.Event().wait()
asyncio.run(main())
"""
BELOW = """
from PySide6.QtWidgets import QApplication, QWidget
app = QApplication([])
class Below(QWidget):
    def mousePressEvent(self, event):
        print("clicked", flush=True)
    def paintEvent(self, event):
        print("there", flush=True)
below = Below()
below.setWindowTitle("below")
below.showFullScreen()
app.exec()
"""


@given(st.floats(0.0, 1.0), st.floats(0.0, 1.0), st.floats(0.0, 3.0))
def test_the_glow_goes_to_what_is_wanted_and_never_past_it(now: float, wanted: float, passed_s: float) -> None:
    then = faded(now, wanted, passed_s)
    assert min(now, wanted) <= then <= max(now, wanted)
    assert abs(then - now) <= passed_s / FADE_S + 1e-9
    assert faded(now, wanted, FADE_S) == pytest.approx(wanted)


def test_a_card_that_was_taken_away_stays_away() -> None:
    found = {**SILENT, "card": CARD}
    assert card_left(found, 0) == CARD
    assert card_left(found, 1) is None
    assert card_left(SILENT, 0) is None


def test_without_x11_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    from posture.window.signals import choose_platform

    monkeypatch.setattr("sys.platform", "linux")
    monkeypatch.setenv("QT_QPA_PLATFORM", "wayland")
    monkeypatch.delenv("DISPLAY", raising=False)
    with pytest.raises(PostureError, match="Wayland"):
        choose_platform()


def test_strips_lie_at_the_edges_and_let_everything_through(app: object) -> None:
    from PySide6.QtCore import QRect, Qt

    from posture.window.signal_shapes import EDGES, Shown, strip

    screen = QRect(100, 50, 800, 600)
    for edge in EDGES:
        assert screen.contains(strip(screen, edge, 40))
    shown = Shown(app, clear=True)  # type: ignore[arg-type]
    shown.take({**SILENT, "glow": 0.5})
    shown._drawn_s -= FADE_S
    shown._fade()
    assert len(shown.strips) == 4
    assert all(
        each.isVisible() and each.windowFlags() & Qt.WindowType.WindowTransparentForInput for each in shown.strips
    )
    shown.take(SILENT)
    shown._drawn_s -= FADE_S
    shown._fade()
    assert not any(each.isVisible() for each in shown.strips)
    shown.finish()


@pytest.mark.parametrize("by", ["key", "click", "withdrawn"])
def test_a_card_goes_by_key_by_click_and_with_its_reminder(app: object, by: str) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    from posture.window.signal_shapes import Shown

    shown = Shown(app, clear=False)  # type: ignore[arg-type]
    assert shown.take({**SILENT, "card": CARD})
    (card,) = shown.cards
    shown.take({**SILENT, "card": {**CARD, "left_s": 12.3}})
    assert card.left.text() == "12 s"
    if by == "key":
        QTest.keyClick(card, Qt.Key.Key_Space)
    elif by == "click":
        QTest.mouseClick(card, Qt.MouseButton.LeftButton)
    shown.take({**SILENT, "card": CARD} if by != "withdrawn" else SILENT)
    assert not shown.cards
    shown.take({**SILENT, "card": {**CARD, "number": 2}})
    assert shown.cards
    shown.finish()


def test_a_card_leaves_the_focus_where_it_would_take_every_key(app: object) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest
    from PySide6.QtWidgets import QLabel

    from posture.window.signal_shapes import Shown

    shown = Shown(app, clear=False, takes_focus=False)  # type: ignore[arg-type]
    assert shown.take({**SILENT, "card": CARD})
    (card,) = shown.cards
    assert card.windowFlags() & Qt.WindowType.WindowDoesNotAcceptFocus
    assert card.windowFlags() & Qt.WindowType.BypassWindowManagerHint
    assert "A click takes this away." in {label.text() for label in card.findChildren(QLabel)}
    QTest.mouseClick(card, Qt.MouseButton.LeftButton)
    assert not shown.cards
    shown.finish()


def test_on_a_screen(session: Session, require_tool: Callable[[str], str], tmp_path: Any) -> None:
    """The strips let a click through, a key takes the card away, and all ends with the daemon."""
    xdotool = require_tool("xdotool")
    session.screen(require_tool)
    session.env.pop("QT_QPA_PLATFORM", None)
    wanted = tmp_path / "wanted.json"

    def want(found: dict[str, Any]) -> None:
        import json

        part = tmp_path / "part"
        part.write_text(json.dumps(found))
        part.replace(wanted)

    def windows(name: str) -> list[str]:
        return session.run(xdotool, "search", "--onlyvisible", "--name", name, check=False).stdout.split()

    want({**SILENT, "glow": 1.0})
    server = session.python("-c", SERVER, str(wanted))
    assert server.line() == "ready"
    below = session.python("-c", BELOW)
    until(lambda: below.line() == "there", "the window below")
    signals = session.python("-m", "posture.window.signals")
    until(lambda: len(windows("posture: glow")) == 4, "four strips")
    session.run(xdotool, "mousemove", "1", "250", "click", "1")
    until(lambda: below.line() == "clicked", "the click below")
    want({**SILENT, "card": CARD})
    until(lambda: windows("posture: time for a break"), "the card")
    until(lambda: not windows("posture: glow"), "the glow has faded")
    until(
        lambda: session.run(xdotool, "key", "space") and not windows("posture: time for a break"), "the card has gone"
    )
    server.end()
    assert until(lambda: signals.process.poll() is not None, "it ends with the daemon")
    assert signals.process.returncode == 0
