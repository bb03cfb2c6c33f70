"""Where no panel shows an icon, the window does all that its menu does."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from window_rig import app, around

from posture.daemon.session_state import SessionState
from posture.daemon.status import OfferNow, PauseNow, Process, SnoozeNow, Status, Watch, status_of
from posture.daemon.tray_menu import PAGES, tray_state
from posture.settings import TimelineSettings
from posture.timeline.state import TimelineState
from posture.window.pages import page_keys
from posture.window.today import NO_REPORT, Today

__all__ = ["app"]
BUTTONS = {"pause-30m", "resume", "standing", "stretch", "calibrate", "open-today"}
"""What the page has buttons for, or is."""
AT = datetime(2030, 1, 1, tzinfo=UTC)
STATUS = status_of(
    Process(7, "1", AT, "settings.toml"),
    SessionState(),
    Watch(),
    TimelineState(),
    0.0,
    TimelineSettings(),
    to_utc=lambda t_s: AT,
)


class Daemon:
    def __init__(self, status: Status) -> None:
        self.status: Status | None = status
        self.asked: list[tuple[str, dict[str, Any]]] = []

    def do(self, command: str, then: object = None, **args: Any) -> None:
        self.asked.append((command, args))

    def start(self, then: object = None) -> None:
        raise AssertionError("it runs")


@pytest.mark.parametrize(
    "changed",
    [
        {},
        {"paused": PauseNow(AT)},
        {"snoozed": SnoozeNow(AT, "snoozed")},
        {"offer": OfferNow("provisional", "This may be kept.")},
    ],
)
def test_all_of_the_menu_can_be_done_in_the_window(app: object, changed: dict[str, Any]) -> None:
    said: list[str] = []
    present = STATUS._replace(**changed)
    daemon = Daemon(present)
    page = Today(replace(around(said), daemon=daemon))
    entries = {item.key for item in tray_state(present).menu if item.label and item.enabled}
    assert {f"open-{key}" for key in PAGES} <= entries
    pages = {f"open-{key}" for key in page_keys()}
    assert entries - BUTTONS - pages <= set(page.more()), entries
    page._fill_menu()
    assert [action.data() for action in page._menu.actions()] == list(page.more())
    for action in page._menu.actions():
        action.trigger()
    wanted = {
        "pause-1h": "pause",
        "pause-tomorrow": "pause",
        "snooze": "snooze",
        "unsnooze": "snooze",
        "keep": "keep",
        "quit": "stop",
    }
    assert [command for command, _ in daemon.asked] == [wanted[key] for key in page.more() if key != "report"]
    assert said == [NO_REPORT]
    if "snoozed" in changed:
        assert ("snooze", {"seconds": 0}) in daemon.asked


def test_without_a_daemon_the_report_is_left(app: object) -> None:
    page = Today(around())
    assert list(page.more()) == ["report"]
