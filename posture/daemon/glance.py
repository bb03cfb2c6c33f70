"""One glance at the daemon: what it does, as plain JSON for `posture status`, and as the face of the tray. Pure."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from posture.coach.words import minutes
from posture.desktop.icons import IconState
from posture.desktop.tray import Entry, Face

__all__ = ["KIND_WORDS", "clock_time", "face_of", "headline", "icon_of", "status_lines"]

KIND_WORDS = {
    "stand": "stand up",
    "move": "change position",
    "stretch": "stretch",
    "posture": "ease your posture",
    "sit": "sit down",
}

_MEASURES = {
    "stand": "sitting",
    "move": "in one position",
    "stretch": "sitting, all in all,",
    "sit": "standing",
}

_STATE_WORDS = {
    "sitting": "Sitting",
    "standing": "Standing",
    "away": "Away",
    "unknown": "Not known",
    "starting": "Starting",
    "held off": "Not watching",
}


def clock_time(text: str) -> str:
    """An ISO time as the clock of this place shows it; with the day when it is not today."""
    at = datetime.fromisoformat(text).astimezone()
    today = datetime.now().astimezone().date()
    return f"{at:%H:%M}" if at.date() == today else f"{at:%a %H:%M}"


def headline(status: dict[str, Any]) -> str:
    """What is going on, in a few words: ``Sitting 23 min``, ``Paused until 14:00``."""
    if status["trouble"]:
        return "Trouble with the camera" if status["camera"]["state"] != "open" else "Trouble"
    if status["paused"]:
        until = status["paused"]["until"]
        return f"Paused until {clock_time(until)}" if until else "Paused"
    state = status["state"]
    if state == "held off":
        return f"Not watching: {status['reason']}"
    if status["camera"]["state"] == "in use":
        return "The camera is in use"
    words = _STATE_WORDS[state]
    if state == "sitting" and status["bout"]:
        return f"{words} {minutes(status['bout']['sitting_s'])}"
    if state in ("standing", "away"):
        return f"{words} {minutes(status['state_for_s'])}"
    return f"{words}: {status['reason']}" if status["reason"] else words


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


def _held_line(status: dict[str, Any]) -> str:
    held = [f"{one['words']} for {minutes(one['for_s'])}" for one in status["held"]]
    return ", ".join(held).capitalize()


def _next_line(status: dict[str, Any]) -> str:
    due = status["next"]
    if due is None:
        return ""
    what = KIND_WORDS[due["kind"]]
    if due["waiting"]:
        return f"Waiting to say: {what} ({due['waiting']})"
    return f"Next: {what} in {minutes(due['in_s'])}" if due["in_s"] >= 1 else f"Next: {what} now"


def face_of(status: dict[str, Any]) -> Face:
    """What the tray shows."""
    lines = [_held_line(status), status["trouble"], _next_line(status)]
    if status["snoozed"]:
        lines.append(f"{status['snoozed']['reason'].capitalize()} until {clock_time(status['snoozed']['until'])}")
    title = headline(status)
    state = ". ".join(part for part in (title, _held_line(status)) if part)
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


def status_lines(status: dict[str, Any]) -> list[str]:
    """`posture status` as people read it."""
    lines = [headline(status)]
    if status["bout"] and status["state"] != "sitting":
        lines.append(f"  the bout goes on: {minutes(status['bout']['sitting_s'])} of sitting so far")
    if status["standing"]:
        lines.append("  you said that you are standing")
    if held := _held_line(status):
        lines.append(f"  {held[0].lower()}{held[1:]}")
    if status["trouble"]:
        lines.append(f"  {status['trouble']}")
    today = status["today"]
    if today and today["watched_s"]:
        seen = f"today: seen {minutes(today['observed_s'])} of {minutes(today['watched_s'])}"
        lines.append(f"  {seen}, sitting {minutes(today['sitting_s'])}")
    else:
        lines.append("  today: nothing seen yet")
    due = status["next"]
    if due:
        measure = _MEASURES.get(due["kind"])
        reason = due["why"].replace("so for", f"{measure} for", 1) if measure else due["why"]
        why = f" ({reason})" if reason and not due["waiting"] else ""
        line = _next_line(status)
        lines.append(f"  {line[0].lower()}{line[1:]}{why}")
    else:
        lines.append("  next: nothing in sight")
    if status["snoozed"]:
        lines.append(f"  {status['snoozed']['reason']} until {clock_time(status['snoozed']['until'])}")
    camera = status["camera"]
    name = f" ({camera['name']})" if camera["name"] else ""
    watching = "off" if status["paused"] or status["state"] == "held off" else camera["state"]
    if status["state"] == "starting":
        watching = "starting"
    lines.append(f"  camera: {watching}{name}" + (": " + camera["sentence"] if camera["sentence"] else ""))
    if status["calibrating"]:
        lines.append("  calibrating: sit upright and look at the screen")
    lines.append(f"  tray: {status['tray'] or 'shown'}")
    if status["notices"]:
        lines.append(f"  notifications: {status['notices']}")
    lines.extend(f"  ! {problem}" for problem in status["problems"])
    return lines
