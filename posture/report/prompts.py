"""What came of each prompt for a break. Pure.

A prompt is a reminder together with its repeats. It is answered by time off the chair for as long as it asked, by a
hold that the camera has seen, or by what the user says.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from posture.coach.exercises import find_exercise
from posture.errors import PostureError
from posture.history.records import Point
from posture.report.figures import Outcome, Prompt
from posture.report.spans import Span, Track

FOLLOW_S = 300.0
"""A reminder is followed when a break begins within this (evidence, section 7)."""
LATE_S = 900.0
"""A break that begins later, but within this, is late [design choice]."""
ENOUGH = 0.9
"""Part of the time asked for that has to be seen off the chair: looks are seconds apart [design choice]."""
LEAST_PART_S = 10.0
"""Off the chair for less than this is no part of a break [design choice]."""
ASKS_FOR_BREAK = ("stand", "stretch")


@dataclass(frozen=True)
class _Asked:
    """A reminder with its repeats: when each was given, and how long off the chair it asks for."""

    first: Point
    times: tuple[datetime, ...]
    asks_s: float


def prompts_of(points: Sequence[Point], off_chair: Track, watched: Track, break_s: float) -> list[Prompt]:
    """Judge the prompts among the points, in order.

    Parameters
    ----------
    points : sequence of Point
        By time: reminders, holds and answers; others are ignored.
    off_chair : Track
        Seen away or standing, or left.
    watched : Track
        When the camera watched.
    break_s : float
        What a reminder asks for that does not say how long, seconds.
    """
    return [_judged(asked, points, off_chair, watched) for asked in _asked(points, break_s)]


def _asked(points: Sequence[Point], break_s: float) -> list[_Asked]:
    found: list[_Asked] = []
    for point in points:
        if point.kind != "reminder":
            continue
        before = next((place for place in range(len(found) - 1, -1, -1) if _same(found[place].first, point)), None)
        if point.detail.get("repeat") and before is not None:
            asked = found[before]
            found[before] = _Asked(asked.first, (*asked.times, point.at), asked.asks_s)
        else:
            found.append(_Asked(point, (point.at,), _asks_s(point, break_s)))
    return found


def _same(first: Point, repeat: Point) -> bool:
    """Whether a reminder may be the repeat of another: a stretch asks for a stand as well."""
    both = {first.label, repeat.label}
    return len(both) == 1 or both == set(ASKS_FOR_BREAK)


def _asks_s(reminder: Point, break_s: float) -> float:
    """How long off the chair it asks for; 0 where that is not what it asks for."""
    if reminder.label not in ASKS_FOR_BREAK:
        return 0.0
    asks_s = reminder.detail.get("asks_s")
    if isinstance(asks_s, int | float):
        return float(asks_s) * ENOUGH
    try:
        position = find_exercise(str(reminder.detail.get("exercise") or "walk")).position
    except PostureError:  # an exercise of another release
        return break_s
    return break_s if position == "standing" else 0.0


def _judged(asked: _Asked, points: Sequence[Point], off_chair: Track, watched: Track) -> Prompt:
    first = asked.first
    if first.label not in ASKS_FOR_BREAK:
        return Prompt(first.at, first.label, None)
    outcome, share = _outcome(asked, points, off_chair, watched)
    return Prompt(first.at, first.label, outcome, share, len(asked.times))


def _outcome(
    asked: _Asked, points: Sequence[Point], off_chair: Track, watched: Track
) -> tuple[Outcome | None, float | None]:
    soon, late = asked.times[0] + timedelta(seconds=FOLLOW_S), asked.times[-1] + timedelta(seconds=LATE_S)
    held, told = _answers(asked, points, late)
    off = _longest_s(off_chair, asked.times[0], soon)
    if asked.asks_s and off >= asked.asks_s:
        return "kept", None
    if held:
        return "kept", None
    if told:
        return "told", None
    if not asked.asks_s:
        return None, None  # done seated: the camera would not know
    if any(_longest_s(off_chair, at, at + timedelta(seconds=LATE_S)) >= asked.asks_s for at in asked.times):
        return "late", None
    if off >= LEAST_PART_S:
        return "partly", off / asked.asks_s * ENOUGH
    # It is missed only if it was watched for all of the time in which it could have been kept.
    chance_s = FOLLOW_S + asked.asks_s
    watched_s = watched.seconds(first_at := asked.times[0], first_at + timedelta(seconds=chance_s))
    return ("missed" if watched_s >= chance_s else None), None


def _answers(asked: _Asked, points: Sequence[Point], until: datetime) -> tuple[bool, bool]:
    """Whether a hold was seen by the camera, and whether the user says that it was done, between the first and last."""
    since = asked.times[0]
    between = [point for point in points if since <= point.at <= until]
    holds = [point for point in between if point.kind == "hold"]
    seen = any(hold.detail.get("verified") is True for hold in holds)
    return seen, bool(holds) or any(point.kind == "answer" and point.label == asked.first.label for point in between)


def _longest_s(off_chair: Track, since: datetime, until: datetime) -> float:
    """The longest time off the chair that begins within a span, seconds."""
    spells: list[Span] = [(max(a, since), b) for a, b in off_chair.from_on(since) if a <= until]
    return max(((b - a).total_seconds() for a, b in spells), default=0.0)
