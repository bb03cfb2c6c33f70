"""Every way to close the real window, on a screen with a window manager: it ends at once, and says nothing wrong."""

from __future__ import annotations

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from private_session import Session, session, until

__all__ = ["session"]
pytestmark = [pytest.mark.slow, pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X11")]
CLIP = Path(__file__).parents[1] / "data/laptop_a.mp4"


@pytest.mark.parametrize(
    ("page", "way"),
    [
        ("live", "Alt+F4"),
        ("history", "Esc"),
        ("live", "the session ends"),
        pytest.param("today", "the X", marks=pytest.mark.nightly),
        pytest.param("setup", "Ctrl+W", marks=pytest.mark.nightly),
    ],
)
def test_it_ends_and_lets_go(session: Session, require_tool: Callable[[str], str], page: str, way: str) -> None:
    session.screen(require_tool, "1100x800")
    process = subprocess.Popen(
        [sys.executable, "-m", "posture", "open", page, "--source", str(CLIP)],
        env=session.env,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        until(lambda: "posture" in session.run("wmctrl", "-l", check=False).stdout, "the window is there")
        session.run("wmctrl", "-a", "posture")
        if way == "the X":
            session.run("wmctrl", "-c", "posture")
        elif way == "the session ends":
            process.send_signal(signal.SIGTERM)
        else:
            key = {"Alt+F4": "alt+F4", "Esc": "Escape", "Ctrl+W": "ctrl+w"}[way]

            def pressed() -> bool:
                session.run("wmctrl", "-a", "posture", check=False)
                session.run("xdotool", "key", "--clearmodifiers", key, check=False)
                return process.poll() is not None

            until(pressed, "the key is heard")
        out, err = process.communicate(timeout=45)
    finally:
        process.kill()
    assert (process.returncode, out, err) == (0, "", "")
    assert not session.run("pgrep", "-f", "posture.sensor.view_proces[s]", check=False).stdout.strip() or page != "live"
    assert not list(Path(session.env["XDG_RUNTIME_DIR"]).rglob("window.page"))


def test_a_second_call_brings_up_the_first(session: Session, require_tool: Callable[[str], str]) -> None:
    session.screen(require_tool, "1100x800")
    first = session.python("-m", "posture", "open", "today")
    until(lambda: "Today" in session.run("wmctrl", "-l", check=False).stdout, "the window is there")
    second = session.python("-m", "posture", "open", "preferences")
    assert second.process.wait(45) == 0
    until(lambda: "Preferences" in session.run("wmctrl", "-l", check=False).stdout, "it shows the other page")
    assert session.run("wmctrl", "-l").stdout.count("posture") == 1
    first.process.terminate()
    assert first.process.wait(45) == 0
