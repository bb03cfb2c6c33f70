"""The status as lines that people read. Light: `posture status` imports it."""

from __future__ import annotations

from datetime import datetime

from posture.coach.bars import NAMES, Bar, bar_lines, bars_of, nearest, unjudged
from posture.coach.words import lasted, minutes
from posture.daemon.status import BoutNow, NextReminder, Status
from posture.language import dated, mark, mark_of, sentence_start, tr, trc

KIND_WORDS = {
    # Translators: what a reminder asks for, inside a sentence: "next: stand up in 6 min".
    "stand": mark_of("reminder", "stand up"),
    "move": mark_of("reminder", "change position"),
    "stretch": mark_of("reminder", "stretch"),
    "posture": mark_of("reminder", "sit another way"),
    "sit": mark_of("reminder", "sit down"),
    "eyes": mark_of("reminder", "look into the distance"),
}
"""What each kind of reminder asks for; `kind_words` gives it in the language."""

MISFIT_HELP = mark("`posture calibrate` takes a new one, `posture calibrate --fits` keeps this one.")
"""What to do about a calibration that may not fit."""

_CAMERA_WORDS = {
    # Translators: the state of the camera, after "camera:".
    "open": mark_of("camera", "open"),
    "closed": mark_of("camera", "closed"),
    "in use": mark_of("camera", "in use"),
    "gone": mark_of("camera", "gone"),
    "forbidden": mark_of("camera", "forbidden"),
    "failed": mark_of("camera", "failed"),
    "ended": mark_of("camera", "ended"),
    "off": mark_of("camera", "off"),
    "starting": mark_of("camera", "starting"),
}


def kind_words(kind: str) -> str:
    """Say what a kind of reminder asks for, such as "stand up"."""
    return trc("reminder", KIND_WORDS[kind])


def clock_time(at: datetime) -> str:
    """A time of day in local time, with the day of the week unless it is today."""
    local = at.astimezone()
    today = datetime.now().astimezone().date()
    return f"{local:%H:%M}" if local.date() == today else dated(local, "%a %H:%M")


def headline(status: Status) -> str:
    """What is going on, in a few words: ``Sitting 23 min``, ``Paused until 14:00``."""
    if status.trouble:
        return tr("Trouble with the camera") if status.camera.state != "open" else tr("Trouble")
    if status.paused is not None:
        until = status.paused.until
        return tr("Paused until {time}", time=clock_time(until)) if until is not None else tr("Paused")
    if status.state == "held off":
        return tr("Not watching: {reason}", reason=tr(status.reason))
    if status.camera.state == "in use":
        return tr("The camera is in use")
    # Translators: what the person does now, with how long: "Sitting 23 min". It has to be short.
    match status.state:
        case "sitting" if status.bout is not None:
            return tr("Sitting {duration}", duration=lasted(status.bout.at_least_s, status.bout.at_most_s))
        case "sitting":
            return tr("Sitting")
        case "standing":
            return tr("Standing {duration}", duration=minutes(status.state_for_s))
        case "away":
            return tr("Away {duration}", duration=minutes(status.state_for_s))
        case "unknown":
            # Translators: whether somebody sits there is not known.
            return tr("Not known: {reason}", reason=tr(status.reason)) if status.reason else tr("Not known")
    return tr("Starting")


def _hidden_words(bout: BoutNow) -> str:
    """What is not known of the present bout, and why; empty where all was seen."""
    if minutes(bout.at_least_s) == minutes(bout.at_most_s):
        return ""
    busy, unseen = minutes(bout.busy_s), minutes(bout.unseen_s)
    # Translators: "it" is the sitting that the line above tells of.
    if bout.busy_s >= 1.0 and bout.unseen_s >= 1.0:
        return tr("of it not known: {busy} in calls and {unseen} not seen", busy=busy, unseen=unseen)
    if bout.busy_s >= 1.0:
        return tr("of it not known: {busy} in calls", busy=busy)
    return tr("of it not known: {unseen} not seen", unseen=unseen) if bout.unseen_s >= 1.0 else ""


def active_line(status: Status) -> str:
    """The active deviations, and for how long; empty when there is none."""
    return sentence_start(_active_words(status))


def _active_words(status: Status) -> str:
    # Translators: a deviation, and how long it has lasted: "head forward for 5 min".
    parts = [
        tr("{deviation} for {duration}", deviation=tr(one.words), duration=minutes(one.for_s)) for one in status.active
    ]
    return ", ".join(parts)


def next_line(status: Status) -> str:
    """The next reminder, or why it waits; empty when none is in sight."""
    return sentence_start(_next_words(status.next)) if status.next is not None else ""


def _next_words(due: NextReminder) -> str:
    what, duration, reason = kind_words(due.kind), minutes(due.in_s), tr(due.waiting)
    # Translators: a reminder comes then; {what} is such as "stand up".
    if due.waiting and due.in_s >= 1:
        return tr("waiting to say: {what} in {duration} ({reason})", what=what, duration=duration, reason=reason)
    if due.waiting:
        return tr("waiting to say: {what} ({reason})", what=what, reason=reason)
    if due.in_s >= 1:
        return tr("next: {what} in {duration}", what=what, duration=duration)
    return tr("next: {what} now", what=what)


def countdown(status: Status, from_s: float) -> str:
    """Count down to the next reminder, such as ``stand up in 6 min``, in the last `from_s`; empty where none comes.

    Nothing is counted while reminders are snoozed, or the next one waits.
    """
    due = status.next
    if due is None or due.waiting or status.snoozed is not None or not 1.0 <= due.in_s <= from_s:
        return ""
    # Translators: a reminder comes then; it stands beside the icon and has to be short.
    return tr("{what} in {duration}", what=kind_words(due.kind), duration=minutes(due.in_s))


def snooze_line(status: Status) -> str:
    """Why and until when there are no reminders; empty when there are."""
    snoozed = status.snoozed
    if snoozed is None:
        return ""
    # Translators: no reminders until then; {reason} is such as "in a meeting" or "snoozed".
    return tr("{reason} until {time}", reason=tr(snoozed.reason), time=clock_time(snoozed.until))


def battery_line(status: Status) -> str:
    """What running on battery does to the watch; empty where that is nothing."""
    match status.battery:
        case "slower":
            return tr("On battery: it looks less often.")
        case "pause":
            return tr("On battery it does not watch: it goes on once the machine is plugged in.")
    return ""


def nearest_line(status: Status) -> str:
    """Which deviation is the nearest to its threshold, beside the active ones; empty where nothing is judged."""
    active = {deviation.kind for deviation in status.active}
    bars = [bar for bar in _bars(status) if bar.level is not None and bar.kind not in active]
    near = nearest(bars)
    if near is not None:
        if near.over:
            return tr("past its threshold: {deviation}, {figures}", deviation=near.name, figures=near.text)
        return tr("nearest to its threshold: {deviation}, {figures}", deviation=near.name, figures=near.text)
    return tr("nothing is near its threshold") if bars and not active else ""


def unjudged_line(status: Status) -> str:
    """What is not judged while somebody sits there, so that silence is not taken for an all-clear; empty otherwise."""
    if status.calibration == "none":
        return ""  # `calibration_line` says it
    bars = _bars(status)
    named = unjudged(bars)
    if len(named) == 1 and all(bar.level is None for bar in bars):
        (why,) = named
        return _how_is_not_judged(tr(why), _unjudged_for(status, why))
    parts = [_not_judged(names, tr(why), _unjudged_for(status, why)) for why, names in named.items()]
    # Translators: {parts} is such as "lean for 5 min, because it is dark; slump, because ...".
    return tr("not judged: {parts}", parts="; ".join(parts)) if parts else ""


def _how_is_not_judged(why: str, duration: str) -> str:
    # Translators: how long is seen, but not how; {why} stands after "because" and is such as "it is dark".
    if why and duration:
        return tr(
            "how you sit has not been judged for {duration}, only how long, because {why}", duration=duration, why=why
        )
    if why:
        return tr("how you sit is not judged, only how long, because {why}", why=why)
    if duration:
        return tr("how you sit has not been judged for {duration}, only how long", duration=duration)
    return tr("how you sit is not judged, only how long")


def _not_judged(names: str, why: str, duration: str) -> str:
    # Translators: stands after "not judged:"; {names} is such as "lean and shoulder tilt", {why} such as "it is dark".
    if why and duration:
        return tr("{names} for {duration}, because {why}", names=names, duration=duration, why=why)
    if why:
        return tr("{names}, because {why}", names=names, why=why)
    return tr("{names} for {duration}", names=names, duration=duration) if duration else names


def _unjudged_for(status: Status, why: str) -> str:
    """How long it has been so for the least of what this reason keeps from being judged; empty if that is not known."""
    lasted = [part.for_s for part in status.unjudged if part.why == why]
    settled = {kind for part in status.unjudged if part.why == why for kind in part.kinds}
    now = {bar.kind for bar in _bars(status) if bar.level is None and bar.why == why}
    return minutes(min(lasted)) if now and now <= settled else ""


def nothing_is_judged(status: Status) -> bool:
    """Whether somebody sits there, but how is not known: silence says nothing then."""
    if status.state != "sitting" or status.active:
        return False
    return status.calibration == "none" or {kind for part in status.unjudged for kind in part.kinds} >= set(NAMES)


def _bars(status: Status) -> tuple[Bar, ...]:
    """Of the last look, while somebody sits there."""
    sitting = status.state == "sitting" and not status.calibrating
    return bars_of(status.levels, status.judged) if sitting else ()


def level_lines(status: Status, columns: int, *, plain: bool = False) -> list[str]:
    """Each deviation of the last look as a bar against its threshold, see `posture.coach.bars.bar_lines`."""
    if bars := _bars(status):
        return bar_lines(bars, columns, plain=plain)
    if status.calibrating:
        return [f"  {tr('nothing is judged until the calibration ends')}"]
    return [f"  {tr('nothing is judged while nobody sits here')}"]


def calibration_line(status: Status) -> str:
    """By what is judged how the user sits, unless it is a calibration that was kept; empty then."""
    if status.calibration == "provisional":
        return tr("judged by how you sat in the first minutes (provisional)")
    if status.calibration == "none" and status.state == "sitting":
        if status.missing:
            return tr("no calibration yet: {missing}", missing=tr(status.missing))
        return tr("no calibration yet: sit still for some seconds, as upright as you like to sit")
    return ""


def offer_lines(status: Status) -> list[str]:
    """What is offered to keep, and how to; empty without an offer."""
    if status.offer is None:
        return []
    return [status.offer.sentence, tr("posture calibrate --keep keeps it; posture calibrate makes a new one")]


def status_lines(status: Status) -> list[str]:
    """`posture status` as people read it."""
    lines = [headline(status)]
    bout = status.bout
    if bout is not None and status.state != "sitting":
        so_far = lasted(bout.at_least_s, bout.at_most_s)
        lines.append(f"  {tr('the bout goes on: {duration} of sitting so far', duration=so_far)}")
    if bout is not None and (hidden := _hidden_words(bout)):
        lines.append(f"  {hidden}")
    if status.standing:
        lines.append(f"  {tr('you said that you are standing')}")
    if active := _active_words(status):
        lines.append(f"  {active}")
    lines.extend(f"  {line}" for line in (nearest_line(status), unjudged_line(status)) if line)
    if status.trouble:
        lines.append(f"  {status.trouble}")
    today = status.today
    if today is not None and today.watched_s:
        said = tr(
            "today: seen {seen} of {watched}, sitting {sitting}",
            seen=minutes(today.observed_s),
            watched=minutes(today.watched_s),
            sitting=lasted(today.sitting.at_least_s, today.sitting.at_most_s),
        )
        lines.append(f"  {said}")
    else:
        lines.append(f"  {tr('today: nothing seen yet')}")
    due = status.next
    if due is not None:
        why = f" ({due.why})" if due.why and not due.waiting else ""
        lines.append(f"  {_next_words(due)}{why}")
    else:
        # Translators: no reminder is in sight.
        lines.append(f"  {tr('next: nothing in sight')}")
    if snoozed := snooze_line(status):
        lines.append(f"  {snoozed}")
    if battery := battery_line(status):
        lines.append(f"  {battery}")
    camera = status.camera
    name = f" ({camera.name})" if camera.name else ""
    watching = "off" if status.paused is not None or status.state == "held off" else camera.state
    if status.state == "starting":
        watching = "starting"
    said = tr("camera: {state}", state=trc("camera", _CAMERA_WORDS.get(watching, watching)) + name)
    lines.append(f"  {said}: {camera.sentence}" if camera.sentence else f"  {said}")
    if status.misfit:
        lines.append(f"  {status.misfit} {tr(MISFIT_HELP)}")
    offered = status.offer is not None and status.offer.reason == "provisional"
    if (calibration := calibration_line(status)) and not offered:  # the offer says it, too
        lines.append(f"  {calibration}")
    lines.extend(f"  {line}" for line in offer_lines(status))
    # Translators: {state} is "shown", or why the icon is not.
    lines.append(f"  {tr('tray: {state}', state=tr(status.tray) if status.tray else trc('tray', 'shown'))}")
    if status.notices:
        lines.append(f"  {tr('notifications: {note}', note=tr(status.notices))}")
    lines.extend(f"  ! {problem}" for problem in status.problems)
    return lines
