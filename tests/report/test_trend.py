"""Averages over days, goals, and which days a review takes."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import date, datetime, timedelta, timezone
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from posture.history.records import Distance, Interval, Memory, Point
from posture.measure.observation import DEVIATIONS
from posture.report.figures import Summary
from posture.report.json import review_json
from posture.report.review import Review, review
from posture.report.summary import Records, day_bounds
from posture.report.trend import FIGURES, GOAL_DAYS, TREND_DAYS, average, goals
from posture.report.words import month_cells
from posture.settings import GoalSettings, Settings

BERLIN = ZoneInfo("Europe/Berlin")
TODAY = date(2026, 6, 30)


def with_goals(longest_bout_min: float = 0, breaks_per_hour: float = 0, sitting_min: float = 0) -> Settings:
    wanted = GoalSettings(
        longest_bout_s=60.0 * longest_bout_min, breaks_per_hour=breaks_per_hour, sitting_s=60.0 * sitting_min
    )
    return replace(Settings(), goals=wanted)


def write_day(
    memory: Memory, ago: int, *bouts_min: float, away_min: float = 5, watched_min: float | None = None
) -> None:
    """Bouts from 8:00 on, with breaks between; a watch that goes on over them makes the day partly unknown."""
    midnight, _ = day_bounds(TODAY - timedelta(days=ago), BERLIN)
    start = midnight + timedelta(hours=8)
    at = start
    records = []
    for minutes in bouts_min:
        end = at + timedelta(minutes=minutes)
        records.append(Interval("presence", "sitting", at, end))
        records.append(Interval("bout", "sitting", at, end, {"sitting_s": 60 * minutes, "ended_by": "break"}))
        at = end + timedelta(minutes=away_min)
        records.append(Interval("presence", "away", end, at))
    until = at if watched_min is None else start + timedelta(minutes=watched_min)
    memory.write([*records, Interval("watch", "camera", start, until)])


def days_of(*bouts_min: Iterable[float]) -> Memory:
    """One day each, the last one today; a day without bouts was not watched."""
    memory = Memory()
    for ago, bouts in enumerate(reversed(bouts_min)):
        if bouts:
            write_day(memory, ago, *bouts)
    return memory


def summaries(memory: Memory, number: int) -> list[Summary]:
    days = [TODAY - timedelta(days=n) for n in range(number - 1, -1, -1)]
    records = Records(memory, day_bounds(days[0], BERLIN)[0], day_bounds(TODAY, BERLIN)[1])
    return [records.summarise(*day_bounds(day, BERLIN), Settings()) for day in days]


def reviewed(memory: Memory, days: int = 1, settings: Settings | None = None, **more: Any) -> Review:
    wanted = [TODAY - timedelta(days=n) for n in range(days - 1, -1, -1)]
    return review(memory, wanted, settings or Settings(), BERLIN, **more)


# -- averages ---------------------------------------------------------------------------------------------------------


def test_a_week_makes_the_trend_and_a_month_the_goals() -> None:
    assert (TREND_DAYS, GOAL_DAYS) == (7, 28)


def test_an_average_is_over_the_days_that_are_known() -> None:
    memory = days_of((20,), (40, 20), (), (90,))
    write_day(memory, 1, 30, watched_min=100)  # too little of it is known
    trend = average(summaries(memory, 4))
    assert (trend.days, trend.known_days) == (4, 3)
    assert trend.figures["sitting_s"] == 60 * (20 + 60 + 90) / 3
    assert trend.figures["longest_bout_s"] == 60 * (20 + 40 + 90) / 3


def test_a_figure_that_too_few_days_have_is_not_averaged() -> None:
    days = summaries(days_of((20,), (40, 20), (30, 10)), 3)
    # A single bout has no break; two of the three days have one.
    for day in days[1:]:
        assert FIGURES["breaks_per_sitting_hour"](day) is not None
    assert average(days, 3).figures["sitting_s"] == 60 * (20 + 60 + 40) / 3
    assert average(days, 4).figures["sitting_s"] is None
    assert average(days).figures["median_cm"] is None
    assert average([]).figures["sitting_s"] is None


JSON_PATHS = {
    "sitting_s": "sitting_s",
    "sitting_at_most_s": "sitting.at_most_s",
    "standing_s": "standing_s",
    "away_s": "away_s",
    "longest_bout_s": "bouts.longest_s",
    "longest_bout_at_least_s": "bouts.longest.at_least_s",
    "longest_bout_at_most_s": "bouts.longest.at_most_s",
    "w50_s": "bouts.w50_s",
    "w50_at_least_s": "bouts.w50.at_least_s",
    "w50_at_most_s": "bouts.w50.at_most_s",
    "over_limit_share": "bouts.over_limit_share",
    "sat_on_share": "bouts.sat_on_share",
    "breaks": "breaks.effective",
    "leaned_left_s": "lean.left_s",
    "leaned_right_s": "lean.right_s",
    "breaks_per_sitting_hour": "breaks.per_sitting_hour",
    "followed_share": "reminders.followed_share",
    "shifts_per_sitting_hour": "postural_shifts.per_sitting_hour",
    "lean_balance": "lean.balance",
    "median_cm": "distance.median_cm",
    "near_share": "distance.near_share",
    **{f"{kind}_share": f"deviations.{kind}.share_of_sitting" for kind in DEVIATIONS},
    **{f"{kind}_share_of_judged": f"deviations.{kind}.share_of_judged" for kind in DEVIATIONS},
}


def test_each_name_is_averaged_from_its_own_figure() -> None:
    """A day on which no two figures are the same: its average has the figures of the day itself."""
    memory = days_of((50, 31, 22, 12))
    start = day_bounds(TODAY, BERLIN)[0] + timedelta(hours=8)

    def at(minutes: float) -> datetime:
        return start + timedelta(minutes=minutes)

    memory.write(
        [
            Interval("presence", "standing", at(135), at(152)),
            Interval("watch", "camera", at(135), at(170)),
            *(
                Interval("presence", "unknown", at(a), at(b))
                for a, b in ((35, 47), (50.5, 53.5), (86.5, 88.5), (152, 170))
            ),
            *(Interval("deviation", kind, at(2), at(9 + 2 * n)) for n, kind in enumerate(DEVIATIONS)),
            *(Interval("unjudged", kind, at(30), at(31.3), {"why": "of that"}) for kind in DEVIATIONS),
        ],
        [
            Point("reminder", at(48), "stand"),
            *(Point("reminder", at(m), "stand") for m in (10, 20)),
            *(Point("shift", at(m)) for m in range(1, 30, 4)),
        ],
        [Distance(at(0), 40, 90.0), Distance(at(0), 61, 700.0)],
    )
    out = review_json(reviewed(memory))
    assert set(JSON_PATHS) == set(FIGURES)
    found = {}
    for name, path in JSON_PATHS.items():
        value: Any = out
        for part in path.split("."):
            value = value[part]
        found[name] = value
    assert {name: out["average_day"][name] for name in JSON_PATHS} == found
    assert None not in found.values()
    assert len(set(found.values())) == len(found)


# -- goals ------------------------------------------------------------------------------------------------------------


def test_a_goal_is_met_up_to_its_very_limit() -> None:
    days = summaries(days_of((30, 30)), 1)  # one break in an hour of sitting
    exact = goals(days, with_goals(30, 1.0, 60))
    assert [(goal.name, goal.limit, goal.value, goal.met) for goal in exact] == [
        ("longest_bout", 1800, 1800, True),
        ("breaks_per_hour", 1.0, 1.0, True),
        ("sitting", 3600, 3600, True),
    ]
    missed = goals(days, with_goals(29.99, 1.01, 59.99))
    assert [goal.met for goal in missed] == [False, False, False]


def test_only_goals_that_are_set_are_judged() -> None:
    days = summaries(days_of((30,)), 1)
    assert goals(days, Settings()) == ()
    assert [goal.name for goal in goals(days, with_goals(sitting_min=10))] == ["sitting"]
    assert [goal.name for goal in goals(days, with_goals(breaks_per_hour=0.5))] == ["breaks_per_hour"]


def test_a_goal_is_counted_over_a_week_and_four() -> None:
    # Over 30 minutes on the 8th and on the 29th day back; the third was not watched.
    bouts = [(20.0,)] * 30
    bouts[-8] = bouts[-29] = (40.0,)
    bouts[-3] = ()  # type: ignore[assignment]
    memory = days_of(*bouts)
    (goal,) = goals(summaries(memory, 30), with_goals(30))
    assert (goal.week.met, goal.week.known) == (6, 6)
    assert (goal.month.met, goal.month.known) == (26, 27)
    assert (goal.value, goal.met) == (1200, True)


def test_a_day_that_is_not_known_is_neither_met_nor_missed() -> None:
    memory = days_of((20,), (20,))
    write_day(memory, 0, 50, watched_min=200)
    (goal,) = goals(summaries(memory, 2)[:1] + summaries(memory, 1), with_goals(30))
    assert (goal.value, goal.met) == (None, None)
    assert (goal.week.met, goal.week.known) == (1, 1)


# -- reviews ----------------------------------------------------------------------------------------------------------


def test_the_trend_is_the_week_before_and_wants_three_days() -> None:
    # 7 days back counts, 8 days back does not.
    memory = days_of((90,), (10,), (), (), (), (20,), (), (60,), (33,))
    found = reviewed(memory)
    assert found.whole.figures.sitting_s == 33 * 60
    assert (found.trend.days, found.trend.known_days) == (7, 3)
    assert found.trend.figures["sitting_s"] == 60 * (10 + 20 + 60) / 3
    assert [day for day, _ in found.before] == [TODAY - timedelta(days=n) for n in range(7, 0, -1)]
    fewer = reviewed(days_of((90,), (), (), (), (), (20,), (), (60,), (33,)))
    assert fewer.trend.known_days == 2
    assert fewer.trend.figures["sitting_s"] is None


def test_the_average_day_of_a_review_wants_one_day() -> None:
    found = reviewed(days_of((20,), (), ()), days=3)
    assert (found.average_day.days, found.average_day.known_days) == (3, 1)
    assert (found.whole.start, found.whole.stop) == (found.days[0][1].start, found.days[2][1].stop)
    assert found.average_day.figures["sitting_s"] == 20 * 60
    assert found.trend.days == 7


def test_days_together_are_one_span() -> None:
    found = reviewed(days_of((20,), (40, 20), (30,)), days=2)
    assert [summary.figures.sitting_s for _, summary in found.days] == [3600, 1800]
    assert [day for day, _ in found.days] == [TODAY - timedelta(days=1), TODAY]
    assert (found.whole.start, found.whole.stop) == (found.days[0][1].start, found.days[1][1].stop)
    assert found.whole.figures.sitting_s == 5400
    assert found.whole.figures.bouts.count == 3
    alone = reviewed(days_of((40, 20), (30,)))
    assert alone.whole is alone.days[0][1]


def test_goals_are_judged_over_the_four_weeks_that_end_with_the_last_day() -> None:
    bouts = [(40.0,)] * 2 + [(20.0,)] * 27
    for days in (1, 2, 28):
        (goal,) = reviewed(days_of(*bouts), days=days, settings=with_goals(30)).goals
        assert (goal.month.met, goal.month.known) == (27, 28)
        assert (goal.week.met, goal.week.known) == (7, 7)
    assert reviewed(days_of(*bouts)).goals == ()


@pytest.mark.parametrize("settings", [with_goals(0.01), with_goals(breaks_per_hour=0.1), with_goals(sitting_min=0.01)])
def test_any_goal_reads_four_weeks(settings: Settings) -> None:
    memory = days_of((20,))
    assert len(reviewed(memory, settings=settings).before) == 27
    assert len(reviewed(memory, days=3, settings=settings).before) == 25
    assert len(reviewed(memory, days=3, settings=settings, before=40).before) == 40
    assert len(reviewed(memory, before=40).before) == 40
    assert len(reviewed(memory).before) == 7


def test_progress_is_told_after_each_day() -> None:
    done: list[int] = []
    reviewed(days_of((20,)), days=2, on_day=lambda: done.append(1))
    assert len(done) == 7 + 2
    reviewed(days_of((20,)), days=2)  # nobody needs to listen


@pytest.mark.parametrize("hours", [-12, 14])
def test_days_are_those_of_the_zone(hours: int) -> None:
    """Far from the machine's own, so that the four hours around the days do not make up for it."""
    zone = timezone(timedelta(hours=hours))
    start, stop = day_bounds(TODAY, zone)
    edges = [
        Interval("presence", "sitting", at, at + timedelta(minutes=9)) for at in (start, stop - timedelta(minutes=9))
    ]
    memory = Memory()
    memory.write([*edges, Interval("watch", "camera", start, stop)])
    assert review(memory, [TODAY], Settings(), zone, before=0).whole.figures.sitting_s == 2 * 9 * 60


def test_many_days_are_grouped_by_month() -> None:
    memory = days_of((20,), *[()] * 60, (30, 30))
    months = reviewed(memory, days=62).months
    first = TODAY - timedelta(days=61)
    assert [month for month, _ in months] == [first.replace(day=1), TODAY.replace(day=1)]
    assert month_cells(months[0][1]) == ("1", "20 min", "20 min", "0.0", "-")
    assert month_cells(months[1][1])[:4] == ("1", "1 h 00", "30 min", "1.0")


def test_a_review_knows_what_it_was_made_of() -> None:
    settings, memory = with_goals(30), days_of((20,), (30,))
    found = reviewed(memory, settings=settings)
    assert (found.settings, found.tz) == (settings, BERLIN)
    # The records go back as far as the days before, so that charts can ask for them.
    earlier = found.records.summarise(*day_bounds(TODAY - timedelta(days=1), BERLIN), settings)
    assert earlier.figures.sitting_s == 1200
    assert review(memory, [TODAY], settings, BERLIN, before=0).before != ()
    assert review(memory, [TODAY], Settings(), BERLIN, before=0).before == ()
