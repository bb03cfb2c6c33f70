"""The status as lines that people read. Light: `posture status` imports it."""

from __future__ import annotations

from datetime import datetime

from posture.coach.bars import Bar, bar_lines, bars_of, nearest, unjudged
from posture.coach.words import lasted, minutes
from posture.daemon.status import BoutNow, Status
from posture.measure.observation import DEVIATIONS

KIND_WORDS = {
    "stand": "stand up",
    "move": "change position",
    "stretch": "stretch",
    "posture": "sit another way",
    "sit": "sit down",
    "eyes": "look into the distance",
}

MISFIT_HELP = "`posture calibrate` takes a new one, `posture calibrate --fits` keeps this one."
"""What to do about a calibration that may not fit."""

_MEASURES = {"stand": "sitting", "move": "in one position", "stretch": "sitting, all in all,", "sit": "standing"}

_STATE_WORDS = {
    "sitting": "Sitting",
    "standing": "Standing",
    "away": "Away",
    "unknown": "Not known",
    "starting": "Starting",
    "held off": "Not watching",
}


def clock_time(at: datetime) -> str:
    """A time of day in local time, with the day of the week unless it is today."""
    local = at.astimezone()
    today = datetime.now().astimezone().date()
    return f"{local:%H:%M}" if local.date() == today else f"{local:%a %H:%M}"


def headline(status: Status) -> str:
    """What is going on, in a few words: ``Sitting 23 min``, ``Paused until 14:00``."""
    if status.trouble:
        return "Trouble with the camera" if status.camera.state != "open" else "Trouble"
    if status.paused is not None:
        return f"Paused until {clock_time(status.paused.until)}" if status.paused.until is not None else "Paused"
    if status.state == "held off":
        return f"Not watching: {status.reason}"
    if status.camera.state == "in use":
        return "The camera is in use"
    words = _STATE_WORDS[status.state]
    if status.state == "sitting" and status.bout is not None:
        return f"{words} {lasted(status.bout.at_least_s, status.bout.at_most_s)}"
    if status.state in ("standing", "away"):
        return f"{words} {minutes(status.state_for_s)}"
    return f"{words}: {status.reason}" if status.reason else words


def _hidden_words(bout: BoutNow) -> str:
    """What is not known of the present bout, and why; empty where all was seen."""
    if minutes(bout.at_least_s) == minutes(bout.at_most_s):
        return ""
    parts = [
        f"{minutes(bout.busy_s)} in calls" if bout.busy_s >= 1.0 else "",
        f"{minutes(bout.unseen_s)} not seen" if bout.unseen_s >= 1.0 else "",
    ]
    hidden = " and ".join(filter(None, parts))
    return f"of it not known: {hidden}" if hidden else ""


def active_line(status: Status) -> str:
    """The active deviations, and for how long; empty when there is none."""
    return ", ".join(f"{active.words} for {minutes(active.for_s)}" for active in status.active).capitalize()


def next_line(status: Status) -> str:
    """The next reminder, or why it waits; empty when none is in sight."""
    due = status.next
    if due is None:
        return ""
    what = KIND_WORDS[due.kind]
    if due.waiting:
        when = f" in {minutes(due.in_s)}" if due.in_s >= 1 else ""
        return f"Waiting to say: {what}{when} ({due.waiting})"
    return f"Next: {what} in {minutes(due.in_s)}" if due.in_s >= 1 else f"Next: {what} now"


def countdown(status: Status, from_s: float) -> str:
    """Count down to the next reminder, such as ``stand up in 6 min``, in the last `from_s`; empty where none comes.

    Nothing is counted while reminders are snoozed, or the next one waits.
    """
    due = status.next
    if due is None or due.waiting or status.snoozed is not None or not 1.0 <= due.in_s <= from_s:
        return ""
    return f"{KIND_WORDS[due.kind]} in {minutes(due.in_s)}"


def snooze_line(status: Status) -> str:
    """Why and until when there are no reminders; empty when there are."""
    snoozed = status.snoozed
    return f"{snoozed.reason} until {clock_time(snoozed.until)}" if snoozed is not None else ""


def nearest_line(status: Status) -> str:
    """Which deviation is the nearest to its threshold, beside the active ones; empty where nothing is judged."""
    active = {deviation.kind for deviation in status.active}
    bars = [bar for bar in _bars(status) if bar.level is not None and bar.kind not in active]
    near = nearest(bars)
    if near is not None:
        return f"{'past' if near.over else 'nearest to'} its threshold: {near.name}, {near.text}"
    return "nothing is near its threshold" if bars and not active else ""


def unjudged_line(status: Status) -> str:
    """What is not judged while somebody sits there, so that silence is not taken for an all-clear; empty otherwise."""
    if status.calibration == "none":
        return ""  # `calibration_line` says it
    bars = _bars(status)
    reasons = {why: f", because {why}" if why else "" for why in unjudged(bars)}
    if len(reasons) == 1 and all(bar.level is None for bar in bars):
        (why,) = reasons
        lasted = _unjudged_for(status, why)
        for_how_long = f"has not been judged{lasted}" if lasted else "is not judged"
        return f"how you sit {for_how_long}, only how long{reasons[why]}"
    parts = [f"{names}{_unjudged_for(status, why)}{reasons[why]}" for why, names in unjudged(bars).items()]
    return f"not judged: {'; '.join(parts)}" if parts else ""


def _unjudged_for(status: Status, why: str) -> str:
    """How long it has been so for the least of what this reason keeps from being judged; empty if that is not known."""
    lasted = [part.for_s for part in status.unjudged if part.why == why]
    settled = {kind for part in status.unjudged if part.why == why for kind in part.kinds}
    now = {bar.kind for bar in _bars(status) if bar.level is None and bar.why == why}
    return f" for {minutes(min(lasted))}" if now and now <= settled else ""


def nothing_is_judged(status: Status) -> bool:
    """Whether somebody sits there, but how is not known: silence says nothing then."""
    if status.state != "sitting" or status.active:
        return False
    return status.calibration == "none" or {kind for part in status.unjudged for kind in part.kinds} >= set(DEVIATIONS)


def _bars(status: Status) -> tuple[Bar, ...]:
    """Of the last look, while somebody sits there."""
    sitting = status.state == "sitting" and not status.calibrating
    return bars_of(status.levels, status.judged) if sitting else ()


def level_lines(status: Status, columns: int, *, plain: bool = False) -> list[str]:
    """Each deviation of the last look as a bar against its threshold, see `posture.coach.bars.bar_lines`."""
    if bars := _bars(status):
        return bar_lines(bars, columns, plain=plain)
    return [f"  nothing is judged {'until the calibration ends' if status.calibrating else 'while nobody sits here'}"]


def calibration_line(status: Status) -> str:
    """By what is judged how the user sits, unless it is a calibration that was kept; empty then."""
    if status.calibration == "provisional":
        return "judged by how you sat in the first minutes (provisional)"
    if status.calibration == "none" and status.state == "sitting":
        return f"no calibration yet: {status.missing or 'sit still for some seconds, as upright as you like to sit'}"
    return ""


def offer_lines(status: Status) -> list[str]:
    """What is offered to keep, and how to; empty without an offer."""
    if status.offer is None:
        return []
    return [status.offer.sentence, "posture calibrate --keep keeps it; posture calibrate makes a new one"]


def status_lines(status: Status) -> list[str]:
    """`posture status` as people read it."""
    lines = [headline(status)]
    bout = status.bout
    if bout is not None and status.state != "sitting":
        lines.append(f"  the bout goes on: {lasted(bout.at_least_s, bout.at_most_s)} of sitting so far")
    if bout is not None and (hidden := _hidden_words(bout)):
        lines.append(f"  {hidden}")
    if status.standing:
        lines.append("  you said that you are standing")
    if active := active_line(status):
        lines.append(f"  {active[0].lower()}{active[1:]}")
    lines.extend(f"  {line}" for line in (nearest_line(status), unjudged_line(status)) if line)
    if status.trouble:
        lines.append(f"  {status.trouble}")
    today = status.today
    if today is not None and today.watched_s:
        seen = f"today: seen {minutes(today.observed_s)} of {minutes(today.watched_s)}"
        lines.append(f"  {seen}, sitting {lasted(today.sitting.at_least_s, today.sitting.at_most_s)}")
    else:
        lines.append("  today: nothing seen yet")
    due = status.next
    if due is not None:
        measure = _MEASURES.get(due.kind)
        reason = due.why.replace("so for", f"{measure} for", 1) if measure else due.why
        why = f" ({reason})" if reason and not due.waiting else ""
        line = next_line(status)
        lines.append(f"  {line[0].lower()}{line[1:]}{why}")
    else:
        lines.append("  next: nothing in sight")
    if snoozed := snooze_line(status):
        lines.append(f"  {snoozed}")
    camera = status.camera
    name = f" ({camera.name})" if camera.name else ""
    watching = "off" if status.paused is not None or status.state == "held off" else camera.state
    if status.state == "starting":
        watching = "starting"
    lines.append(f"  camera: {watching}{name}" + (": " + camera.sentence if camera.sentence else ""))
    if status.misfit:
        lines.append(f"  {status.misfit} {MISFIT_HELP}")
    offered = status.offer is not None and status.offer.reason == "provisional"
    if (calibration := calibration_line(status)) and not offered:  # the offer says it, too
        lines.append(f"  {calibration}")
    lines.extend(f"  {line}" for line in offer_lines(status))
    lines.append(f"  tray: {status.tray or 'shown'}")
    if status.notices:
        lines.append(f"  notifications: {status.notices}")
    lines.extend(f"  ! {problem}" for problem in status.problems)
    return lines
