"""The status as what the tray shows."""

from __future__ import annotations

from posture.daemon.due import SHOWN_IN_SECONDS_S
from posture.daemon.status import Status
from posture.daemon.status_text import (
    active_line,
    battery_line,
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
from posture.language import mark, sentence_start, tr
from posture.settings import SignalSettings

PAGES = {
    # Translators: entries of the tray's menu, 45 characters at most.
    "live": mark("What the camera sees"),
    "back": mark("My back"),
    "history": mark("History"),
    "preferences": mark("Preferences"),
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


def in_tens(status: Status) -> Status:
    """A status whose durations go in steps of ten seconds, as long as they are shown in seconds.

    Nobody waits before the tray for the next second, and each text that changes wakes the panel, too.
    """
    bout, due = status.bout, status.next
    return status._replace(
        state_for_s=_tens(status.state_for_s),
        bout=bout and bout._replace(at_least_s=_tens(bout.at_least_s), at_most_s=_tens(bout.at_most_s)),
        active=tuple(one._replace(for_s=_tens(one.for_s)) for one in status.active),
        unjudged=tuple(one._replace(for_s=_tens(one.for_s)) for one in status.unjudged),
        next=due and due._replace(in_s=_tens(due.in_s)),
    )


def _tens(seconds: float) -> float:
    return 10.0 * max(1.0, seconds // 10.0) if 1.0 <= seconds < SHOWN_IN_SECONDS_S else seconds


def tray_state(status: Status, signals: SignalSettings | None = None) -> TrayState:
    """Icon, title, tooltip and menu for a status; with a countdown where `signals` want one."""
    status = in_tens(status)
    label = countdown(status, signals.countdown_from_s) if signals is not None and signals.countdown else ""
    snoozed = snooze_line(status)
    unjudged = unjudged_line(status) if status.unjudged else ""
    said = map(sentence_start, (unjudged, snoozed, calibration_line(status)))
    battery = battery_line(status) if status.battery == "pause" else ""
    lines = [active_line(status), status.trouble, next_line(status), *said, battery]
    title = headline(status)
    state = ". ".join(part for part in (title, active_line(status)) if part)
    paused = status.paused is not None
    # Translators: from here on entries of the tray's menu, 45 characters at most.
    pauses = (
        (MenuItem("resume", tr("Resume")),)
        if paused
        else (
            MenuItem("pause-30m", tr("Pause for 30 min")),
            MenuItem("pause-1h", tr("Pause for 1 h")),
            MenuItem("pause-tomorrow", tr("Pause until tomorrow")),
        )
    )
    quiet = (
        # Translators: {snoozed} is such as "snoozed until 14:00".
        MenuItem("unsnooze", tr("End the snooze ({snoozed})", snoozed=snoozed))
        if snoozed
        else MenuItem("snooze", tr("Snooze reminders"))
    )
    menu = (
        MenuItem("state", state, enabled=False),
        MenuItem("line-1"),
        *pauses,
        quiet,
        MenuItem("standing", tr("I am standing"), checked=status.standing),
        MenuItem("line-2"),
        MenuItem("open-today", tr("Open posture")),
        MenuItem("stretch", tr("Stretch now")),
        *(MenuItem(f"open-{page}", tr(name)) for page, name in PAGES.items()),
        MenuItem("report", tr("Open the report")),
        MenuItem("line-3"),
        *((MenuItem("keep", tr("Keep this calibration")),) if status.offer is not None else ()),
        MenuItem("calibrate", tr("Calibrate"), enabled=not paused),
        MenuItem("quit", tr("Quit")),
    )
    title = f"{title}: {label}" if label else title
    return TrayState(icon_of(status), title, "\n".join(line for line in lines if line), menu, label)
