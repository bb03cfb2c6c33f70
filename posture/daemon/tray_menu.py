"""The daemon's status as what the tray shows. Pure."""

from __future__ import annotations

from typing import Any

from posture.daemon.status_text import clock_time, headline, held_line, next_line
from posture.desktop.icons import IconState
from posture.desktop.tray_base import MenuItem, TrayState

__all__ = ["icon_of", "tray_state"]


def icon_of(status: dict[str, Any]) -> IconState:
    """Which icon says it."""
    if status["trouble"]:
        return "trouble"
    if status["paused"] or status["state"] == "held off":
        return "paused"
    if status["camera"]["state"] == "in use":
        return "camera"
    if status["state"] in ("sitting", "standing"):
        return "deviation" if status["held"] else "well"
    return "away"


def tray_state(status: dict[str, Any]) -> TrayState:
    """What the tray shows."""
    lines = [held_line(status), status["trouble"], next_line(status)]
    if status["snoozed"]:
        lines.append(f"{status['snoozed']['reason'].capitalize()} until {clock_time(status['snoozed']['until'])}")
    title = headline(status)
    state = ". ".join(part for part in (title, held_line(status)) if part)
    paused = bool(status["paused"])
    pauses = (
        (MenuItem("resume", "Resume"),)
        if paused
        else (
            MenuItem("pause-30m", "Pause for 30 min"),
            MenuItem("pause-1h", "Pause for 1 h"),
            MenuItem("pause-tomorrow", "Pause until tomorrow"),
        )
    )
    snoozed = status["snoozed"]
    quiet = MenuItem("unsnooze", "End the snooze") if snoozed else MenuItem("snooze", "Snooze reminders")
    menu = (
        MenuItem("state", state, enabled=False),
        MenuItem("line-1"),
        *pauses,
        quiet,
        MenuItem("standing", "I am standing", checked=bool(status["standing"])),
        MenuItem("line-2"),
        MenuItem("stretch", "Stretch now"),
        MenuItem("summary", "Today's summary"),
        MenuItem("report", "Open the report"),
        MenuItem("line-3"),
        MenuItem("calibrate", "Calibrate", enabled=not paused),
        MenuItem("settings", "Settings file"),
        MenuItem("quit", "Quit"),
    )
    return TrayState(icon_of(status), title, "\n".join(line for line in lines if line), menu)
