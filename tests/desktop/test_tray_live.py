"""The tray on a real panel and the notices on a real notification service, used with a mouse."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray
from private_session import Daemon, Program, until

from posture.desktop.icons import COLOURS, IconState

PANEL = Path(__file__).parent / "xfce4-panel.xml"


class Screen:
    """What is on the screen of the session, and the mouse.

    Screenshots go to the folder that POSTURE_ARTIFACTS names, or away with the session.
    """

    def __init__(self, daemon: Daemon) -> None:
        self.session = daemon.session
        self.folder = Path(os.environ.get("POSTURE_ARTIFACTS") or daemon.session.folder) / "tray"
        self.folder.mkdir(parents=True, exist_ok=True)

    def shot(self, name: str) -> NDArray[np.uint8]:
        path = self.folder / f"{name}.png"
        self.session.run("scrot", "-o", str(path))
        found = cv2.imread(str(path))
        assert found is not None
        return np.asarray(found, dtype=np.uint8)

    def icon(self, state: IconState) -> tuple[int, int] | None:
        """Where the icon is, found by its colour; None when it is not there."""
        near = np.abs(self.shot(f"icon-{state}").astype(int) - np.array(COLOURS[state][::-1])).max(axis=2) <= 6
        near[:460] = False
        ys, xs = np.nonzero(near)
        return (int(xs.mean()), int(ys.mean())) if len(xs) >= 40 else None

    def menu(self, at: tuple[int, int], name: str) -> list[tuple[int, int]]:
        """Open the menu and give the middle of each of its lines of text, from above."""
        before = self.shot("before")
        self.session.run("xdotool", "mousemove", str(at[0]), str(at[1]), "click", "3")

        def open_menu() -> list[tuple[int, int]]:
            changed = np.abs(self.shot(name).astype(int) - before).max(axis=2) > 8
            changed[460:] = False
            ys, xs = np.nonzero(changed)
            if len(ys) < 20_000:
                return []
            left, right, top, bottom = xs.min(), xs.max(), ys.min(), ys.max()
            inside = cv2.cvtColor(self.shot(name), cv2.COLOR_BGR2GRAY)[top:bottom, left + 4 : right - 4].astype(int)
            # A line of text varies much along its row, an empty row or a separator does not.
            text = inside.std(axis=1) > 6
            edges = np.flatnonzero(np.diff(np.concatenate([[False], text, [False]]).astype(int)))
            rows = [(a, b) for a, b in edges.reshape(-1, 2) if b - a >= 5]
            return [(int((left + right) // 2), int(top + (a + b) // 2)) for a, b in rows]

        found = until(open_menu, "the menu opens")
        assert isinstance(found, list)
        return found

    def click(self, at: tuple[int, int]) -> None:
        self.session.run("xdotool", "mousemove", str(at[0]), str(at[1]), "click", "1")


@pytest.fixture
def desk(daemon: Daemon, require_tool: Callable[[str], str]) -> Daemon:
    for tool in ("xfce4-panel", "xdotool", "scrot", "dunst", "dunstctl", "dbus-run-session"):
        require_tool(tool)
    daemon.session.env["XDG_CURRENT_DESKTOP"] = "XFCE"
    daemon.session.screen(require_tool)
    place = Path(daemon.session.env["XDG_CONFIG_HOME"]) / "xfce4/xfconf/xfce-perchannel-xml"
    place.mkdir(parents=True)
    shutil.copy(PANEL, place)
    return daemon


def panel(desk: Daemon) -> Program:
    return desk.session.start("xfce4-panel", "--disable-wm-check")


def test_the_tray_is_shown_clicked_and_comes_back(desk: Daemon) -> None:
    screen, host = Screen(desk), panel(desk)
    desk.run("start")
    desk.until("the panel shows it", tray="", state="sitting")
    icon = until(lambda: screen.icon("well"), "the icon of sitting well")
    lines = screen.menu(icon, "menu")
    screen.click(lines[1])  # the first below the line of the state
    desk.until("paused by a click", state="held off", reason="paused")
    icon = until(lambda: screen.icon("paused"), "the icon of a pause")

    # The panel goes, and another one comes: the icon is there again.
    host.end()
    desk.until(
        "nobody shows it", tray="no panel of this desktop shows tray icons (GNOME needs its AppIndicator extension)"
    )
    panel(desk)
    desk.until("shown again", tray="")
    icon = until(lambda: screen.icon("paused"), "the icon on the new panel")
    lines = screen.menu(icon, "menu-paused")
    screen.click(lines[1])
    desk.until("watching again", paused=None, state="sitting")


def test_a_button_on_dunst_comes_back_as_a_snooze(desk: Daemon) -> None:
    """dunst shows buttons as a menu, for which it runs a program of the user's choice: here one that takes Snooze."""
    screen = Screen(desk)
    rules = desk.session.folder / "dunstrc"
    rules.write_text("[global]\n    dmenu = /bin/grep -m1 Snooze\n    mouse_middle_click = do_action\n")
    desk.session.start("dunst", "-conf", str(rules))
    until(lambda: desk.session.run("dunstctl", "count", check=False).returncode == 0, "dunst answers")
    desk.configure(more="coach.stand_after = '10s'\ncoach.move_after = '4h'\ncoach.spacing = '0s'\n")
    desk.run("start")

    def shown() -> tuple[int, int] | None:
        # Its blue; the first message, to sit upright, is replaced by the reminder.
        if "reminder" not in desk.events() or "notice" not in desk.events()[desk.events().index("reminder") :]:
            return None
        blue = np.abs(screen.shot("dunst").astype(int) - np.array([0x77, 0x55, 0x28])).max(axis=2) <= 8
        ys, xs = np.nonzero(blue)
        return (int(np.median(xs)), int(np.median(ys))) if len(xs) > 2000 else None

    at = until(shown, "the reminder is on the screen")
    desk.session.run("xdotool", "mousemove", str(at[0]), str(at[1]), "click", "2")
    status = desk.until("snoozed by a button", snoozed__reason="snoozed")
    assert status["next"] is None or status["next"]["in_s"] > 500
    assert "pressed" in desk.events()
