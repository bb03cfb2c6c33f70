"""Write events and reminders as JSON objects for programs, and as lines for people."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from posture.coach.reminder import Reminder
from posture.coach.words import DEVIATION_WORDS, lasted, minutes, unjudged_words
from posture.language import mark, tr
from posture.measure.observation import Presence
from posture.timeline import events

_ENDED_BY = {
    "break": mark("a break"),
    "session": mark("a break by the session, seen leaving and then locked or asleep"),
    "unknown": mark("lost from sight"),
    "end": mark("the end of watching"),
}
_PRESENCE: Mapping[Presence, str] = {
    "sitting": mark("sitting"),
    "standing": mark("standing"),
    "away": mark("away"),
    "unknown": mark("unknown"),
}
_LIKELY = {"left": mark("likely left"), "busy": mark("likely in a call"), "blind": ""}


def event_json(event: events.Event | Reminder) -> dict[str, Any]:
    """Write one event as the object that `posture replay --json` prints; the README documents the keys.

    It always has ``t`` (seconds on the source's clock) and ``event``; all other times are in seconds too.
    """
    found: dict[str, Any] = {"t": _round(event.t_s)}
    match event:
        case events.PresenceChanged():
            found |= {"event": "presence", "state": event.presence, "was": event.was, "since": _round(event.since_s)}
            if event.reason:
                found["reason"] = event.reason
            if event.unknown:
                found["unknown"] = event.unknown
        case events.BoutStarted():
            found |= {"event": "bout_start", "since": _round(event.since_s)}
        case events.BoutEnded():
            found |= {
                "event": "bout_end",
                "since": _round(event.since_s),
                "until": _round(event.until_s),
                "sitting_s": _round(event.sitting_s),
                "ended_by": event.ended_by,
                "busy_s": _round(event.busy_s),
                "unseen_s": _round(event.unseen_s),
                "longest_run_s": _round(event.longest_run_s),
            }
        case events.DeviationStarted():
            found |= {
                "event": "deviation_start",
                "kind": event.kind,
                "since": _round(event.since_s),
                "level": round(event.level, 2),
            }
        case events.DeviationEnded():
            found |= {
                "event": "deviation_end",
                "kind": event.kind,
                "since": _round(event.since_s),
                "until": _round(event.until_s),
            }
        case events.UnjudgedStarted():
            found |= {
                "event": "unjudged_start",
                "kinds": list(event.kinds),
                "since": _round(event.since_s),
                "why": event.why,
            }
        case events.UnjudgedEnded():
            found |= {
                "event": "unjudged_end",
                "kinds": list(event.kinds),
                "since": _round(event.since_s),
                "until": _round(event.until_s),
                "why": event.why,
            }
        case events.PosturalShift():
            found |= {"event": "postural_shift", "since": _round(event.since_s)}
        case Reminder():
            found |= {
                "event": "reminder",
                "kind": event.kind,
                "title": event.title,
                "body": event.body,
                "why": event.why,
                "covers": list(event.covers),
                "side": event.side,
                "repeat": event.repeat,
                "exercise": event.exercise or None,
            }
    return found


def event_line(event: events.Event | Reminder) -> str:
    """Write one event as people read it."""
    match event:
        case events.PresenceChanged():
            likely = _LIKELY[event.unknown] if event.unknown else ""
            why = ", ".join(tr(part) for part in (event.reason, likely) if part)
            presence = tr(_PRESENCE[event.presence])
            return f"{presence} ({why})" if why else presence
        case events.BoutStarted():
            return tr("a sitting bout begins")
        case events.BoutEnded():
            how = tr(_ENDED_BY[event.ended_by])
            most_s = event.sitting_s + event.busy_s + event.unseen_s
            sat = lasted(event.longest_run_s, most_s)
            return tr("the bout ends after {lasted} of sitting: {how}", lasted=sat, how=how)
        case events.DeviationStarted():
            return tr(DEVIATION_WORDS[event.kind])
        case events.DeviationEnded():
            length = minutes(event.until_s - event.since_s)
            return tr("no longer {deviation}, after {lasted}", deviation=tr(DEVIATION_WORDS[event.kind]), lasted=length)
        case events.UnjudgedStarted():
            return tr("not judged: {what}, because {why}", what=unjudged_words(event.kinds), why=tr(event.why))
        case events.UnjudgedEnded():
            length = minutes(event.until_s - event.since_s)
            what = unjudged_words(event.kinds)
            return tr("was not judged for {lasted}, because {why}: {what}", lasted=length, why=tr(event.why), what=what)
        case events.PosturalShift():
            return tr("changed position")
        case Reminder():
            return tr("REMINDER {title}: {body}", title=event.title, body=event.body)


def _round(seconds: float) -> float:
    return round(seconds, 2)
