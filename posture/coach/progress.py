"""How far the dose of a strength exercise or a walk has risen, by what was done and not by the calendar alone. Pure.

All of it is a design choice: what is known is that exercise helps somewhat, and no step of a dose was compared with
another (evidence, section 3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from posture.coach.exercise import Exercise
from posture.coach.exercises import library
from posture.coach.pain import RISE, RISE_DAYS
from posture.coach.plan import RISING, Done, dose_at, rises, tick, week_of

ENOUGH_DAYS = 2
"""A week in which a dose was done on so many days lets it rise by a step."""
GAP_WEEKS = 2
"""From so many weeks on in which nothing of its kind was done, a dose steps back, once for each."""


def levels(
    done: Mapping[tuple[int, str], Done],
    pains: Sequence[tuple[int, int]],
    today: int,
    exercises: Sequence[Exercise] = (),
) -> dict[str, int]:
    """Give how many steps the dose of each exercise has risen, of `RISING`; those at their least are left out.

    Parameters
    ----------
    done : mapping of (int, str) to Done
        What was done, by the ordinal of the day and the exercise's id.
    pains : sequence of (int, int)
        Logged pain: the ordinal of the day, and its level.
    today : int
        Ordinal of today. The week that goes on lets no dose rise yet.
    """
    rising = [exercise for exercise in library() if rises(exercise)]
    found = {exercise.id: _level(exercise, rising, done, pains, today) for exercise in rising}
    return {name: level for name, level in found.items() if level}


def _level(
    exercise: Exercise,
    rising: Sequence[Exercise],
    done: Mapping[tuple[int, str], Done],
    pains: Sequence[tuple[int, int]],
    today: int,
) -> int:
    kind = {other.id for other in rising if other.target == exercise.target}
    active = {week_of(day) for day, name in done if name in kind}
    level = idle = 0
    for week in range(min(active, default=week_of(today)), week_of(today)):
        days = range(week * 7 + 1, week * 7 + 8)
        due = replace(exercise, dose=dose_at(exercise, level))
        good = sum(tick(due, done.get((day, exercise.id))) in ("verified", "self-reported") for day in days)
        idle = 0 if week in active else idle + 1
        more = _went_up_by(pains, days)
        if more >= RISE or idle >= GAP_WEEKS:
            level -= 1
        elif good >= ENOUGH_DAYS and more <= 0:
            level += 1
        level = min(max(level, 0), RISING)
    # What has gone up this week counts at once.
    now = range(week_of(today) * 7 + 1, today + 1)
    return max(level - (_went_up_by(pains, now) >= RISE), 0)


def _went_up_by(pains: Sequence[tuple[int, int]], days: range) -> int:
    """By how many points pain went up on these days, against the least of the days just before."""
    found = 0
    for day, level in pains:
        if day in days:
            before = [other for at, other in pains if day - RISE_DAYS <= at <= day]
            found = max(found, level - min(before))
    return found
