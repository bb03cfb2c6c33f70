"""The programme of today, from what the history knows of the user; for the plan and the report."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, tzinfo

from posture.coach import asymmetry
from posture.coach.choose import Limits, limits_of
from posture.coach.exercise import Exercise
from posture.coach.findings import findings
from posture.coach.plan import SLOTS, Item, Known, missing, programme, week_of
from posture.coach.progress import levels
from posture.history.care import Care, done_by_day, leaning
from posture.history.records import Reader
from posture.settings import CoachSettings


@dataclass(frozen=True)
class Planned:
    """The programme of a day."""

    items: list[Item]
    """Empty while a red flag is open."""
    week: list[Exercise]
    """Each exercise of this week once: two of strength take turns by day."""
    missing: list[str]
    """What a week is to reach and nothing that fits the user does; see `posture.coach.plan.missing`."""
    limits: Limits
    leaning: asymmetry.Finding | None


def planned(
    reader: Reader, care: Care, settings: CoachSettings, now: datetime, minutes: float, zone: tzinfo | None = None
) -> Planned:
    """Put together the programme of the local day of `now`, aware UTC, for somebody who has so many minutes."""
    limits, found = limits_of(settings, care.hurts(now)), leaning(reader, now, zone)
    if care.suspended:
        return Planned([], [], [], limits, found)
    today = now.astimezone(zone).date().toordinal()
    leant = found.side if found is not None and settings.first_side == "auto" else None
    known = Known(leant, findings(care.check_results(), zone), dose_levels(care, now, zone))
    items = programme(limits, minutes, today, known)
    monday = 7 * week_of(today) + 1
    days = [items, *(programme(limits, minutes, day, known) for day in range(monday, monday + 7))]
    by_slot = sorted((item for day in days for item in day), key=lambda item: SLOTS.index(item.slot))
    week = list({item.exercise.id: item.exercise for item in by_slot}.values())
    return Planned(items, week, missing(items, limits), limits, found)


def dose_levels(care: Care, now: datetime, zone: tzinfo | None = None) -> dict[str, int]:
    """How far the dose of each exercise has risen; see `posture.coach.progress`."""
    done = {(day.toordinal(), name): each for (day, name), each in done_by_day(care.holds, zone).items()}
    pains = [(datetime.fromtimestamp(pain.at_s, zone).date().toordinal(), pain.level) for pain in care.pains]
    return levels(done, pains, now.astimezone(zone).date().toordinal())
