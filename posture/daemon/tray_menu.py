"""The daemon's status as what the tray shows. Pure."""

from __future__ import annotations

from typing import Any

from posture.daemon.status_text import clock_time, headline, held_line, next_line
from posture.desktop.icons import IconState
from posture.desktop.tray import Entry, Face

__all__ = ["face_of", "icon_of"]


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


def face_of(status: dict[str, Any]) -> Face:
    """What the tray shows."""
    lines = [held_line(status), status["trouble"], next_line(status)]
    if status["snoozed"]:
        lines.append(f"{status['snoozed']['reason'].capitalize()} until {clock_time(status['snoozed']['until'])}")
    title = headline(status)
    state = ". ".join(part for part in (title, held_line(status)) if part)
    paused = bool(status["paused"])
    pauses = (
        (Entry("resume", "Resume"),)
        if paused
        else (
            Entry("pause-30m", "Pause for 30 min"),
            Entry("pause-1h", "Pause for 1 h"),
            Entry("pause-tomorrow", "Pause until tomorrow"),
        )
    )
    snoozed = status["snoozed"]
    quiet = Entry("unsnooze", "End the snooze") if snoozed else Entry("snooze", "Snooze reminders")
    menu = (
        Entry("state", state, enabled=False),
        Entry("line-1"),
        *pauses,
        quiet,
        Entry("standing", "I am standing", checked=bool(status["standing"])),
        Entry("line-2"),
        Entry("stretch", "Stretch now"),
        Entry("summary", "Today's summary"),
        Entry("report", "Open the report"),
        Entry("line-3"),
        Entry("calibrate", "Calibrate", enabled=not paused),
        Entry("settings", "Settings file"),
        Entry("quit", "Quit"),
    )
    return Face(icon_of(status), title, "\n".join(line for line in lines if line), menu)
