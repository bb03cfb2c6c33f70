"""One glance at the daemon: its status as lines that people read. Pure, and light: `posture status` imports it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from posture.coach.words import minutes

__all__ = ["KIND_WORDS", "clock_time", "headline", "held_line", "next_line", "status_lines"]

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


def held_line(status: dict[str, Any]) -> str:
    """Deviations that are held, and for how long; empty when none is."""
    held = [f"{one['words']} for {minutes(one['for_s'])}" for one in status["held"]]
    return ", ".join(held).capitalize()


def next_line(status: dict[str, Any]) -> str:
    """The next reminder, or why it waits; empty when none is in sight."""
    due = status["next"]
    if due is None:
        return ""
    what = KIND_WORDS[due["kind"]]
    if due["waiting"]:
        return f"Waiting to say: {what} ({due['waiting']})"
    return f"Next: {what} in {minutes(due['in_s'])}" if due["in_s"] >= 1 else f"Next: {what} now"


def status_lines(status: dict[str, Any]) -> list[str]:
    """`posture status` as people read it."""
    lines = [headline(status)]
    if status["bout"] and status["state"] != "sitting":
        lines.append(f"  the bout goes on: {minutes(status['bout']['sitting_s'])} of sitting so far")
    if status["standing"]:
        lines.append("  you said that you are standing")
    if held := held_line(status):
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
        line = next_line(status)
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
