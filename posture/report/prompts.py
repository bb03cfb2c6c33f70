"""What came of each prompt for a break. Pure.

A prompt is a reminder together with its repeats. It is answered by time off the chair for as long as it asked, by a
hold that the camera has seen, or by what the user says.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache

from posture.coach.done import answering
from posture.coach.exercises import find_exercise
from posture.coach.reminder import ENOUGH
from posture.errors import PostureError
from posture.history.records import Point
from posture.report.figures import Outcome, Prompt
from posture.report.spans import Span, Track

FOLLOW_S = 300.0
"""A reminder is followed when a break begins within this (evidence, section 7)."""
LATE_S = 900.0
"""A break that begins later, but within this, is late [design choice]."""
LEAST_PART_S = 10.0
"""Off the chair for less than this is no part of a break [design choice]."""
ASKS_FOR_BREAK = ("stand", "stretch")


@dataclass(frozen=True)
class _Asked:
    """A reminder with its repeats: of which kinds, when each was given, and how long off the chair it asks for."""

    first: Point
    kinds: frozenset[str]
    times: tuple[datetime, ...]
    asks_s: float
    enough_s: float
    """How much of that has to be seen."""

    @property
    def until(self) -> datetime:
        """When it can no longer be answered, not even late."""
        return self.times[-1] + timedelta(seconds=LATE_S)


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
    asked = _asked(points, break_s)
    given = [point for point in points if point.kind in ("hold", "answer")]
    began, ats = [one.times[0] for one in asked], [point.at for point in given]
    found = []
    for place, one in enumerate(asked):
        near = given[bisect_left(ats, began[place]) : bisect_right(ats, one.until)]
        answers = [
            point
            for point in near
            if _answers(one, point)
            and not any(_answers(later, point) for later in asked[place + 1 : bisect_right(began, point.at)])
        ]
        found.append(_judged(one, answers, off_chair, watched))
    return found


def _asked(points: Sequence[Point], break_s: float) -> list[_Asked]:
    found: list[_Asked] = []
    is_standing = cache(_is_standing)  # each time the library looks whether the user's own files are as they were
    for point in points:
        if point.kind != "reminder":
            continue
        before = None
        if point.detail.get("repeat"):
            before = next((place for place in range(len(found) - 1, -1, -1) if _same(found[place], point)), None)
        if before is not None:
            asked = found[before]
            found[before] = replace(asked, kinds=asked.kinds | {point.label}, times=(*asked.times, point.at))
        else:
            asks_s, enough_s = _asks_s(point, break_s, is_standing)
            found.append(_Asked(point, frozenset({point.label}), (point.at,), asks_s, enough_s))
    return found


def _same(asked: _Asked, repeat: Point) -> bool:
    """Whether a reminder may be the repeat of another: a stretch asks for a stand as well."""
    return repeat.label in asked.kinds or {asked.first.label, repeat.label} == set(ASKS_FOR_BREAK)


def _asks_s(reminder: Point, break_s: float, is_standing: Callable[[str], bool]) -> tuple[float, float]:
    """How long off the chair it asks for, and how much of that is enough; 0 where that is not what it asks for."""
    if reminder.label not in ASKS_FOR_BREAK:
        return 0.0, 0.0
    asks_s = reminder.detail.get("asks_s")
    if isinstance(asks_s, int | float):
        return float(asks_s), float(asks_s) * ENOUGH
    standing = is_standing(str(reminder.detail.get("exercise") or "walk"))
    return (break_s, break_s) if standing else (0.0, 0.0)


def _is_standing(exercise: str) -> bool:
    try:
        return find_exercise(exercise).position == "standing"
    except PostureError:  # an exercise of another release
        return True


def _answers(asked: _Asked, point: Point) -> bool:
    """Whether a hold or an answer can be one to a prompt before it. It answers the last one of which it can be."""
    kinds = ASKS_FOR_BREAK if point.kind == "hold" else (point.label,)
    return not asked.kinds.isdisjoint(kinds)


def _judged(asked: _Asked, answers: Sequence[Point], off_chair: Track, watched: Track) -> Prompt:
    first = asked.first
    if first.label not in ASKS_FOR_BREAK:
        return Prompt(first.at, first.label, None, times=len(asked.times))
    outcome, share = _outcome(asked, answers, off_chair, watched)
    return Prompt(first.at, first.label, outcome, share, len(asked.times))


def _outcome(
    asked: _Asked, answers: Sequence[Point], off_chair: Track, watched: Track
) -> tuple[Outcome | None, float | None]:
    soon = asked.times[0] + timedelta(seconds=FOLLOW_S)
    off_s = _longest_s(off_chair, asked.times[0], soon)
    if asked.asks_s and off_s >= asked.enough_s:
        return "kept", None
    holds = [point for point in answers if point.kind == "hold"]
    if answering([hold for hold in holds if hold.detail.get("verified") is True]):
        return "kept", None
    if answering(holds) or len(holds) < len(answers):
        return "told", None
    if not asked.asks_s:
        return None, None  # done seated: the camera would not know
    if any(_longest_s(off_chair, at, at + timedelta(seconds=LATE_S)) >= asked.enough_s for at in asked.times):
        return "late", None
    if off_s >= LEAST_PART_S:
        return "partly", off_s / asked.asks_s
    # It is missed only if it was watched for all of the time in which it could have been kept.
    chance_s = FOLLOW_S + asked.asks_s
    watched_s = watched.seconds(asked.times[0], asked.times[0] + timedelta(seconds=chance_s))
    return ("missed" if watched_s >= chance_s else None), None


def _longest_s(off_chair: Track, since: datetime, until: datetime) -> float:
    """The longest time off the chair that begins within a span, seconds."""
    spells: list[Span] = [(max(a, since), b) for a, b in off_chair.near(since, until)]
    return max(((b - a).total_seconds() for a, b in spells), default=0.0)
