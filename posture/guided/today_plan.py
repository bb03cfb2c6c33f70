"""The programme of today, how far it is, and what of it comes next."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import TYPE_CHECKING

from posture.coach.exercise import Exercise
from posture.coach.plan import Item, Tick, tick
from posture.guided.stored import stored_records
from posture.history.care import Care, care_of, done_by_day
from posture.history.planned import Planned, planned
from posture.language import tr
from posture.settings import Settings

if TYPE_CHECKING:
    from posture.coach.pain import Proposal


@dataclass(frozen=True)
class Programme:
    """What there is for today and this week, and what was done of it."""

    care: Care
    plan: Planned
    """Without any items while a red flag is open."""
    week: tuple[date, ...]
    """Its days, Monday first."""
    today: date
    ticks: Mapping[str, Sequence[Tick]]
    """How far each exercise of the week is on each of its days."""
    proposal: Proposal | None
    """A direction of exercises to propose, if any."""

    def tick_today(self, item: Item) -> Tick:
        """How far an item of today is."""
        return self.ticks[item.exercise.id][self.today.weekday()]


def programme_now(settings: Settings, minutes: float) -> Programme:
    """Put together what there is for somebody who has so many minutes today."""
    from posture.guided.direction_check import proposal_now

    now = datetime.now(UTC)
    with stored_records(settings) as reader:
        care = care_of(reader, now)
        plan = planned(reader, care, settings.coach, now, minutes)
    today = now.astimezone().date()
    monday = today - timedelta(days=today.weekday())
    week = tuple(monday + timedelta(days=number) for number in range(7))
    done = done_by_day(care.holds)
    ticks = {exercise.id: [tick(exercise, done.get((day, exercise.id))) for day in week] for exercise in plan.week}
    return Programme(care, plan, week, today, ticks, None if care.suspended else proposal_now(care, settings))


def nothing_fits(missing: Sequence[str]) -> str:
    """Say that nothing here fits, and who can help."""
    return tr(
        "For {areas} nothing here fits what you have set and logged: a clinician or physiotherapist can say what does.",
        areas=", ".join(missing),
    )


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
    now = programme_now(settings, settings.coach.plan_s / 60.0)
    items = [item for item in now.plan.items if item.fits]
    left = [item.exercise for item in items if now.tick_today(item) in ("open", "begun")]
    return PlanToday(len(items) - len(left), len(items), next((each for each in left if each.id != but), None))
