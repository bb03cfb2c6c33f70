"""The status as what the tray shows."""

from __future__ import annotations

from posture.daemon.status import Status
from posture.daemon.status_text import (
    active_line,
    calibration_line,
    countdown,
    headline,
    next_line,
    nothing_is_judged,
    snooze_line,
    unjudged_line,
)
from posture.desktop.icons import IconState
from posture.desktop.tray_base import MenuItem, TrayState
from posture.settings import SignalSettings

PAGES = {
    "live": "What the camera sees",
    "back": "My back",
    "history": "History",
    "preferences": "Preferences",
}
"""Pages of the window that have no other entry, by their keys."""


def icon_of(status: Status) -> IconState:
    """The icon for a status."""
    if status.trouble:
        return "trouble"
    if status.paused is not None or status.state == "held off":
        return "paused"
    if status.camera.state == "in use":
        return "camera"
    if status.snoozed is not None:
        return "snoozed"
    if status.state in ("sitting", "standing") and not nothing_is_judged(status):
        return "deviation" if status.active else "well"
    return "away"


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def tray_state(status: Status, signals: SignalSettings | None = None) -> TrayState:
    """Icon, title, tooltip and menu for a status; with a countdown where `signals` want one."""
    label = countdown(status, signals.countdown_from_s) if signals is not None and signals.countdown else ""
    snoozed = snooze_line(status)
    unjudged = unjudged_line(status) if status.unjudged else ""
    said = map(_sentence, (unjudged, snoozed, calibration_line(status)))
    lines = [active_line(status), status.trouble, next_line(status), *said]
    title = headline(status)
    state = ". ".join(part for part in (title, active_line(status)) if part)
    paused = status.paused is not None
    pauses = (
        (MenuItem("resume", "Resume"),)
        if paused
        else (
            MenuItem("pause-30m", "Pause for 30 min"),
            MenuItem("pause-1h", "Pause for 1 h"),
            MenuItem("pause-tomorrow", "Pause until tomorrow"),
        )
    )
    quiet = MenuItem("unsnooze", f"End the snooze ({snoozed})") if snoozed else MenuItem("snooze", "Snooze reminders")
    menu = (
        MenuItem("state", state, enabled=False),
        MenuItem("line-1"),
        *pauses,
        quiet,
        MenuItem("standing", "I am standing", checked=status.standing),
        MenuItem("line-2"),
        MenuItem("open-today", "Open posture"),
        MenuItem("stretch", "Stretch now"),
        *(MenuItem(f"open-{page}", name) for page, name in PAGES.items()),
        MenuItem("report", "Open the report"),
        MenuItem("line-3"),
        *((MenuItem("keep", "Keep this calibration"),) if status.offer is not None else ()),
        MenuItem("calibrate", "Calibrate", enabled=not paused),
        MenuItem("quit", "Quit"),
    )
    title = f"{title}: {label}" if label else title
    return TrayState(icon_of(status), title, "\n".join(line for line in lines if line), menu, label)
