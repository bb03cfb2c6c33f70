"""How far the plan of today is, and what of it comes next."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from posture.coach.exercise import Exercise
from posture.coach.plan import tick
from posture.guided.stored import stored_records
from posture.history.care import care_of, done_by_day
from posture.history.planned import planned
from posture.settings import Settings


@dataclass(frozen=True)
class PlanToday:
    """The plan of a day that has begun."""

    done: int
    planned: int
    """How many exercises there is time for."""
    next: Exercise | None
    """The first that is not done yet; None where all are."""


def plan_today(settings: Settings, but: str = "") -> PlanToday:
    """Read how far the plan of today is; `but` is an exercise that is not to come next."""
    now = datetime.now(UTC)
    with stored_records(settings) as reader:
        care = care_of(reader, now)
        plan = planned(reader, care, settings.coach, now, settings.coach.plan_s / 60.0)
    today, done = now.astimezone().date(), done_by_day(care.holds)
    items = [item.exercise for item in plan.items if item.fits]
    left = [each for each in items if tick(each, done.get((today, each.id))) in ("open", "begun")]
    return PlanToday(len(items) - len(left), len(items), next((each for each in left if each.id != but), None))
