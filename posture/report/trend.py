"""What is usual: averages over days, and the goals that the user has set. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial

from posture.measure.observation import DEVIATIONS, Deviation
from posture.report.figures import Range, Summary
from posture.settings import Settings

TREND_DAYS = 7
"""How many days before the ones under review are averaged."""
MIN_TREND_DAYS = 3
"""With fewer days of enough coverage there is no telling what is usual: a design choice."""
GOAL_DAYS = 28
"""The longer of the two periods over which goals are counted; the shorter is `TREND_DAYS`."""


def _share_of_sitting(kind: Deviation, day: Summary) -> float | None:
    return day.figures.deviations[kind].share_of_sitting


def _share_of_judged(kind: Deviation, day: Summary) -> float | None:
    return day.figures.deviations[kind].share_of_judged


def _if_judged(day: Summary, kind: Deviation, value_s: float) -> float | None:
    return None if day.figures.deviations[kind].hardly_judged else value_s


def _if_any(of: Range, value_s: float) -> float | None:
    return value_s if of.at_most_s > 0 else None


FIGURES: Mapping[str, Callable[[Summary], float | None]] = {
    "sitting_s": lambda day: day.figures.sitting_s,
    "sitting_at_most_s": lambda day: day.figures.sitting.at_most_s,
    "standing_s": lambda day: day.figures.standing_s,
    "away_s": lambda day: day.figures.away_s,
    "longest_bout_s": lambda day: day.figures.bouts.longest_s,
    "longest_bout_at_least_s": lambda day: _if_any(day.figures.bouts.longest, day.figures.bouts.longest.at_least_s),
    "longest_bout_at_most_s": lambda day: _if_any(day.figures.bouts.longest, day.figures.bouts.longest.at_most_s),
    "w50_s": lambda day: day.figures.bouts.w50_s,
    "w50_at_least_s": lambda day: _if_any(day.figures.bouts.w50, day.figures.bouts.w50.at_least_s),
    "w50_at_most_s": lambda day: _if_any(day.figures.bouts.w50, day.figures.bouts.w50.at_most_s),
    "over_limit_share": lambda day: day.figures.bouts.over_limit_share,
    "breaks_per_sitting_hour": lambda day: day.figures.breaks.per_sitting_hour,
    "followed_share": lambda day: day.figures.reminders.followed_share,
    "shifts_per_sitting_hour": lambda day: day.figures.shifts.per_sitting_hour,
    "breaks": lambda day: float(day.figures.breaks.effective),
    "sat_on_share": lambda day: day.figures.bouts.sat_on_share,
    "leaned_left_s": lambda day: _if_judged(day, "lean_left", day.figures.lean.left_s),
    "leaned_right_s": lambda day: _if_judged(day, "lean_right", day.figures.lean.right_s),
    "lean_balance": lambda day: day.figures.lean.balance,
    "median_cm": lambda day: day.figures.viewing.median_cm,
    "near_share": lambda day: day.figures.viewing.near_share,
    **{f"{kind}_share": partial(_share_of_sitting, kind) for kind in DEVIATIONS},
    **{f"{kind}_share_of_judged": partial(_share_of_judged, kind) for kind in DEVIATIONS},
}
"""The figures that are averaged over days, by their name in the JSON."""


@dataclass(frozen=True)
class Trend:
    """Averages over days."""

    days: int
    known_days: int
    """How many days there were, and how many of them are not hidden; only those are averaged."""
    figures: Mapping[str, float | None]
    """By name (see `FIGURES`), the average over the days that have the figure; None if too few do."""


@dataclass(frozen=True)
class GoalDays:
    """On how many of the known days a goal was met."""

    met: int
    known: int


@dataclass(frozen=True)
class Goal:
    """A goal of the user."""

    name: str
    """One of longest_bout, breaks_per_hour and sitting."""
    limit: float
    """Seconds, or breaks an hour."""
    value: float | None
    """What it was on the last day; None if that is not known."""
    least: float | None
    most: float | None
    """What it was at least and at most: not everything is seen."""
    met: bool | None
    """Whether the goal was met on the last day; None if what was not seen decides it."""
    week: GoalDays
    month: GoalDays
    """The 7 and the 28 days that end with the last day."""
    span: GoalDays = GoalDays(0, 0)
    """The days that are shown."""


def average(days: Sequence[Summary], least: int = 1) -> Trend:
    """Average the figures over days; a figure that fewer than `least` days have is None."""
    known = [day for day in days if not day.hidden]
    figures: dict[str, float | None] = {}
    for name, figure in FIGURES.items():
        values = [value for value in map(figure, known) if value is not None]
        figures[name] = sum(values) / len(values) if values and len(values) >= least else None
    return Trend(len(days), len(known), figures)


def goals(days: Sequence[Summary], settings: Settings, shown: int = 1) -> tuple[Goal, ...]:
    """Judge the goals that the user has set, one `Goal` each, on local days, in order.

    The last `shown` of them are the days under review.
    """
    possible: tuple[tuple[str, float, str, Callable[[Summary], _Ends], bool], ...] = (
        ("longest_bout", settings.goals.longest_bout_s, "longest_bout_s", _longest_ends, True),
        ("breaks_per_hour", settings.goals.breaks_per_hour, "breaks_per_sitting_hour", _breaks_ends, False),
        ("sitting", settings.goals.sitting_s, "sitting_s", _sitting_ends, True),
    )
    found = []
    for name, limit, figure, ends_of, at_most in possible:
        if limit <= 0:
            continue
        ends = [None if day.hidden or FIGURES[figure](day) is None else ends_of(day) for day in days]
        met = [_is_met(each, limit, at_most=at_most) for each in ends]
        value = None if ends[-1] is None else FIGURES[figure](days[-1])
        least, most = ends[-1] or (None, None)
        weeks = _count(met[-TREND_DAYS:]), _count(met[-GOAL_DAYS:]), _count(met[-shown:])
        found.append(Goal(name, limit, value, least, most, met[-1], *weeks))
    return tuple(found)


_Ends = tuple[float, float]


def _longest_ends(day: Summary) -> _Ends:
    return day.figures.bouts.longest.at_least_s, day.figures.bouts.longest.at_most_s


def _sitting_ends(day: Summary) -> _Ends:
    return day.figures.sitting.at_least_s, day.figures.sitting.at_most_s


def _breaks_ends(day: Summary) -> _Ends:
    it, sitting = day.figures.breaks, day.figures.sitting
    return 3600.0 * it.effective / sitting.at_most_s, 3600.0 * (it.effective + it.hidden) / sitting.at_least_s


def _is_met(ends: _Ends | None, limit: float, *, at_most: bool) -> bool | None:
    """Whether a goal was met whatever happened unseen; None if that decides it."""
    if ends is None:
        return None
    least, most = ends
    if at_most:
        return True if most <= limit else False if least > limit else None
    return True if least >= limit else False if most < limit else None


def _count(met: Sequence[bool | None]) -> GoalDays:
    return GoalDays(met.count(True), len(met) - met.count(None))
