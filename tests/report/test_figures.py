"""The figures of a day: a scripted one to the last number, and what holds for any."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.history.records import Detail, Distance, Interval, IntervalKind, Memory, Point
from posture.report.figures import Summary
from posture.report.json import to_json
from posture.report.summary import Records, day_bounds
from posture.settings import Settings

T0 = datetime(2026, 3, 2, 8, tzinfo=UTC)
SETTINGS = Settings()


def at(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


def lasted(kind: IntervalKind, label: str, start_min: float, end_min: float, **detail: str | float) -> Interval:
    return Interval(kind, label, at(start_min), at(end_min), detail)


def bout(start_min: float, end_min: float, sitting_min: float | None = None, ended_by: str = "break") -> Interval:
    sitting_s = 60.0 * (end_min - start_min if sitting_min is None else sitting_min)
    detail: Detail = {"sitting_s": sitting_s, "ended_by": ended_by}
    return Interval("bout", "sitting", at(start_min), at(end_min), detail)


def summed(memory: Memory, start: datetime, stop: datetime) -> Summary:
    return Records(memory, start, stop).summarise(start, stop, SETTINGS)


@pytest.fixture
def morning() -> Memory:
    """8:00 to 11:00 UTC: bouts of 40, 20, 60 (with 10 unknown) and 20 min; breaks of 5 min, 90 s, and standing."""
    memory = Memory()
    memory.write(
        [
            lasted("watch", "camera", 0, 180),
            lasted("presence", "sitting", 0, 40),
            bout(0, 40),
            lasted("presence", "away", 40, 45),
            lasted("presence", "sitting", 45, 65),
            bout(45, 65),
            lasted("presence", "away", 65, 66.5),
            lasted("presence", "sitting", 66.5, 90),
            lasted("presence", "unknown", 90, 100, reason="too dark"),
            lasted("presence", "sitting", 100, 136.5),
            bout(66.5, 136.5, 60),
            lasted("presence", "standing", 136.5, 160),
            lasted("presence", "sitting", 160, 180),
            bout(160, 180, ended_by="end"),
            lasted("deviation", "slump", 10, 20),
            lasted("deviation", "slump", 50, 54),
            lasted("deviation", "lean_left", 20, 29),
            lasted("deviation", "lean_right", 30, 33),
        ],
        [
            Point("shift", at(5)),
            Point("shift", at(70)),
            Point("reminder", at(30), "stand"),  # 10 minutes before the break: late
            Point("reminder", at(38), "stand"),  # followed at 40
            Point("reminder", at(15), "posture"),  # asks for no break
            Point("reminder", at(133), "stretch"),  # followed at 136.5
            Point("reminder", at(176), "stand"),  # the watch ended before it could be followed
        ],
        [
            Distance(at(0), 44, 60.0),
            Distance(at(0), 45, 60.0),
            Distance(at(15), 60, 360.0),
            Distance(at(15), 70, 120.0),
        ],
    )
    return memory


def judged(total_s: float, share: float, median_dwell_s: float | None, sitting_s: float = 8400) -> dict[str, object]:
    """The figures of a deviation that was judged all the while."""
    shares = {"share_of_sitting": share, "share_of_judged": share}
    return {"total_s": total_s, "median_dwell_s": median_dwell_s, "judged_s": sitting_s, **shares}


def test_a_morning_to_the_last_number(morning: Memory) -> None:
    out = to_json(summed(morning, *day_bounds(date(2026, 3, 2), UTC)), UTC)
    assert out == {
        "start": "2026-03-02T00:00:00+00:00",
        "stop": "2026-03-03T00:00:00+00:00",
        "watched_s": 180 * 60,
        "observed_s": 170 * 60,
        "coverage": 0.9444,
        "hidden": None,
        "unknown_s": 600,
        "unknown_reasons": {"too dark": 600},
        "sitting_s": 140 * 60,
        "standing_s": 23.5 * 60,
        "away_s": 6.5 * 60,
        "sitting": {"at_least_s": 140 * 60, "at_most_s": 150 * 60},
        "left_s": 0,
        "busy_s": 0,
        "blind_s": 600,
        "bouts": {
            "count": 4,
            "longest_s": 3600,
            # 20 + 20 + 40 of 140 min: the half of it lies in the bout of 40.
            "w50_s": 2400,
            "limit_s": 1800,
            "over_limit_share": 0.7143,  # 100 of 140
            "sat_on_share": 0.2714,  # 38 of 140: up to the second reminder, as the first was kept late
            # In the 10 unknown minutes there may have been a break, or none.
            "longest": {"at_least_s": 2400, "at_most_s": 70 * 60},
            # At least: 20 + 20 + 23.5 of the 65 that are half of 130; at most: 20 + 20 + 40 of 75.
            "w50": {"at_least_s": 36.5 * 60, "at_most_s": 2400},
        },
        "breaks": {
            "effective": 2,
            "per_sitting_hour": 0.8571,
            "median_s": (300 + 23.5 * 60) / 2,
            "seen": 2,
            "by_session": 0,
        },
        "reminders": {
            "given": 5,
            "by_kind": {"stand": 3, "move": 0, "stretch": 1, "posture": 1, "sit": 0, "eyes": 0},
            "asked_break": 3,
            "kept": 2,
            "told": 0,
            "partly": 0,
            "late": 1,
            "missed": 0,
            "followed_share": 0.6667,
        },
        "postural_shifts": {"count": 2, "per_sitting_hour": 0.8571},
        "deviations": {
            "slump": judged(840, 0.1, 420),
            "forward_head": judged(0, 0, None),
            "lean_left": judged(540, 0.0643, 540),
            "lean_right": judged(180, 0.0214, 180),
            "shoulder_tilt": judged(0, 0, None),
            "head_tilt": judged(0, 0, None),
            "too_close": judged(0, 0, None),
        },
        "not_judged": [],
        "lean": {"left_s": 540, "right_s": 180, "balance": 0.5},
        "distance": {"known_s": 600, "median_cm": 60.5, "near_cm": 45, "near_share": 0.1},
        "holds": {
            "verified": {"count": 0, "left_s": 0, "right_s": 0, "both_s": 0, "reps": 0, "walked_s": 0},
            "self_reported": {"count": 0, "left_s": 0, "right_s": 0, "both_s": 0, "reps": 0, "walked_s": 0},
        },
        "pain": {"count": 0, "mean": None, "entries": []},
        "self_checks": 0,
        "directional_checks": 0,
        "tension": {"count": 0, "mean": None, "entries": []},
    }


def test_under_ten_minutes_of_leaning_say_nothing_about_a_side(morning: Memory) -> None:
    summary = summed(morning, at(0), at(30))
    assert summary.figures.lean.left_s == 540
    assert summary.figures.lean.balance is None


def test_little_sitting_makes_no_rate(morning: Memory) -> None:
    summary = summed(morning, at(0), at(9))
    assert summary.figures.shifts.count == 1
    assert summary.figures.shifts.per_sitting_hour is None


def test_under_sixty_percent_the_figures_are_hidden_and_the_reason_said() -> None:
    memory = Memory()
    memory.write([lasted("watch", "camera", 0, 100), lasted("presence", "sitting", 0, 59), bout(0, 59)])
    summary = summed(memory, at(0), at(100))
    assert "59 %" in summary.hidden
    out = to_json(summary)
    assert out["coverage"] == 0.59
    assert out["sitting_s"] is None
    no_range = dict.fromkeys(("at_least_s", "at_most_s"))
    assert out["sitting"] == no_range
    assert out["bouts"] == {
        **dict.fromkeys(("count", "longest_s", "w50_s", "limit_s", "over_limit_share", "sat_on_share")),
        "longest": no_range,
        "w50": no_range,
    }
    assert out["deviations"]["slump"] == dict.fromkeys(judged(0, 0, None))
    assert summed(memory, at(0), at(98)).hidden == ""


def test_a_span_that_begins_within_a_quarter_hour_has_its_distances(morning: Memory) -> None:
    assert summed(morning, at(7), at(9)).figures.viewing.known_s == 120


def test_a_span_without_records() -> None:
    summary = summed(Memory(), at(0), at(100))
    assert summary.hidden == "nothing was watched"
    assert to_json(summary)["coverage"] is None


def test_unknown_is_never_a_break() -> None:
    memory = Memory()
    memory.write(
        [
            lasted("watch", "camera", 0, 100),
            lasted("presence", "sitting", 0, 30),
            bout(0, 30),
            lasted("presence", "away", 30, 31),
            lasted("presence", "unknown", 31, 40),
            lasted("presence", "away", 40, 41.5),
            lasted("presence", "sitting", 41.5, 60),
            bout(41.5, 60, ended_by="unknown"),
            lasted("presence", "unknown", 60, 95),
            lasted("presence", "sitting", 95, 100),
            bout(95, 100),
        ]
    )
    breaks = summed(memory, at(0), at(100)).figures.breaks
    assert breaks.effective == 1
    assert breaks.median_s == 150


def test_a_bout_over_midnight_is_split_for_totals_and_whole_for_the_longest() -> None:
    memory, tz = Memory(), ZoneInfo("Europe/Berlin")
    start = datetime(2026, 3, 2, 23, 20, tzinfo=tz).astimezone(UTC)
    end = start + timedelta(minutes=60)
    memory.write(
        [
            Interval("watch", "camera", start, end),
            Interval("presence", "sitting", start, end),
            Interval("bout", "sitting", start, end, {"sitting_s": 3600.0, "ended_by": "break"}),
        ]
    )
    before, after = (summed(memory, *day_bounds(date(2026, 3, day), tz)).figures for day in (2, 3))
    assert (before.sitting_s, after.sitting_s) == (2400, 1200)
    assert before.bouts.longest_s == after.bouts.longest_s == 3600
    assert before.bouts.over_limit_share == after.bouts.over_limit_share == 1.0


def test_overlapping_presence_counts_once() -> None:
    """A heartbeat before a kill, or a clock set back: the later record wins."""
    memory = Memory()
    memory.write(
        [
            lasted("watch", "camera", 0, 60),
            lasted("watch", "camera", 30, 90),
            lasted("presence", "sitting", 0, 60),
            lasted("presence", "away", 30, 90),
        ]
    )
    summary = summed(memory, at(0), at(90))
    assert summary.watched_s == 90 * 60
    assert (summary.figures.sitting_s, summary.figures.away_s) == (30 * 60, 60 * 60)


def test_a_break_and_a_prompt_at_the_edge_of_a_day() -> None:
    """Left at 23:58 after a prompt at 23:57, back at 0:05: the break is of the day in which sitting began again."""
    midnight = datetime(2026, 3, 3, tzinfo=UTC)

    def minute(m: float) -> datetime:
        return midnight + timedelta(minutes=m)

    memory = Memory()
    memory.write(
        [
            Interval("watch", "camera", minute(-60), minute(60)),
            Interval("presence", "sitting", minute(-60), minute(-2)),
            Interval("bout", "sitting", minute(-60), minute(-2), {"sitting_s": 58 * 60.0, "ended_by": "break"}),
            Interval("presence", "away", minute(-2), minute(5)),
            Interval("presence", "sitting", minute(5), minute(60)),
            Interval("bout", "sitting", minute(5), minute(60), {"sitting_s": 55 * 60.0, "ended_by": "end"}),
        ],
        [Point("reminder", minute(-3), "stand")],
    )
    before, after = (summed(memory, *day_bounds(date(2026, 3, day), UTC)).figures for day in (2, 3))
    assert (before.breaks.effective, after.breaks.effective) == (0, 1)
    assert after.breaks.median_s == 7 * 60
    assert before.reminders.kept == 1


def test_a_night_is_no_break() -> None:
    memory = Memory()
    memory.write(
        [
            lasted("watch", "camera", 0, 600),
            lasted("presence", "sitting", 0, 30),
            bout(0, 30),
            lasted("presence", "away", 30, 500),
            lasted("presence", "sitting", 500, 600),
            bout(500, 600),
        ]
    )
    assert summed(memory, at(0), at(600)).figures.breaks.effective == 0


def test_a_late_break_and_a_missed_one() -> None:
    memory = Memory()
    memory.write(
        [
            lasted("watch", "camera", 0, 120),
            lasted("presence", "sitting", 0, 60),
            bout(0, 60),
            lasted("presence", "away", 60, 65),
            lasted("presence", "sitting", 65, 120),
        ],
        [Point("reminder", at(m), "stand") for m in (40, 50, 56, 80)],
    )
    assert [prompt.outcome for prompt in summed(memory, at(0), at(120)).prompts] == ["missed", "late", "kept", "missed"]


# -- days -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        ("Europe/Berlin", date(2026, 3, 29), 23),
        ("Europe/Berlin", date(2026, 10, 25), 25),
        ("Europe/Berlin", date(2026, 3, 2), 24),
        ("America/Havana", date(2024, 3, 10), 23),  # midnight itself is skipped
        ("America/Havana", date(2024, 11, 3), 25),  # midnight comes twice
        ("Australia/Lord_Howe", date(2026, 4, 5), 24.5),
        ("Asia/Kathmandu", date(2026, 3, 2), 24),
    ],
)
def test_a_day_is_as_long_as_it_is(zone: str, day: date, hours: float) -> None:
    tz = ZoneInfo(zone)
    start, stop = day_bounds(day, tz)
    assert stop - start == timedelta(hours=hours)
    assert start.tzinfo is stop.tzinfo is UTC
    assert start.astimezone(tz).date() == day
    assert (start - timedelta(microseconds=1)).astimezone(tz).date() == day - timedelta(days=1)


@given(
    st.sampled_from(("Europe/Berlin", "America/Havana", "Australia/Lord_Howe", "Asia/Kathmandu", "America/New_York")),
    st.dates(date(2000, 1, 1), date(2040, 1, 1)),
)
def test_days_follow_each_other(zone: str, day: date) -> None:
    tz = ZoneInfo(zone)
    assert day_bounds(day, tz)[1] == day_bounds(day + timedelta(days=1), tz)[0]


def test_a_day_with_twenty_three_hours_counts_its_sitting() -> None:
    tz, memory = ZoneInfo("Europe/Berlin"), Memory()
    start, stop = day_bounds(date(2026, 3, 29), tz)
    memory.write([Interval("watch", "camera", start, stop), Interval("presence", "sitting", start, stop)])
    assert summed(memory, start, stop).figures.sitting_s == 23 * 3600


# -- whatever was recorded --------------------------------------------------------------------------------------------

moments = st.integers(0, 50_000).map(lambda seconds: T0 + timedelta(seconds=seconds))


@st.composite
def anything(draw: st.DrawFn) -> Interval:
    start, end = sorted((draw(moments), draw(moments)))
    kind, labels = draw(
        st.sampled_from(
            (
                ("presence", ("sitting", "standing", "away", "unknown")),
                ("watch", ("camera",)),
                ("deviation", ("slump", "lean_left", "lean_right")),
                ("bout", ("sitting",)),
            )
        )
    )
    detail: Detail = {"sitting_s": (end - start).total_seconds(), "ended_by": "break"} if kind == "bout" else {}
    return Interval(kind, draw(st.sampled_from(labels)), start, end, detail)  # type: ignore[arg-type]


@st.composite
def histories(draw: st.DrawFn) -> Memory:
    memory = Memory()
    reminders = st.builds(Point, st.just("reminder"), moments, st.sampled_from(("stand", "stretch", "posture")))
    points = draw(st.lists(st.builds(Point, st.just("shift"), moments) | reminders, max_size=8))
    memory.write(draw(st.lists(anything(), max_size=40)), points)
    return memory


@given(histories(), moments, moments)
def test_the_parts_sum_to_the_whole(memory: Memory, moment: datetime, other: datetime) -> None:
    start, stop = min(moment, other), max(moment, other) + timedelta(seconds=1)
    summary = summed(memory, start, stop)
    it = summary.figures
    assert it.sitting_s + it.standing_s + it.away_s == summary.observed_s
    assert summary.observed_s + summary.unknown_s == summary.watched_s <= (stop - start).total_seconds()
    assert summary.coverage is None or 0.0 <= summary.coverage <= 1.0
    shares = [it.bouts.over_limit_share, *(held.share_of_sitting for held in it.deviations.values())]
    assert all(0.0 <= share <= 1.0 for share in shares if share is not None)
    assert all(a < b for a, b, _ in summary.spells)
    assert all(spell[1] <= after[0] for spell, after in pairwise(summary.spells))


@given(histories(), st.lists(moments, min_size=3, max_size=6))
def test_the_parts_of_a_range_add_up_to_it(memory: Memory, cuts: list[datetime]) -> None:
    cuts = sorted(cuts)
    whole = summed(memory, cuts[0], cuts[-1])
    parts = [summed(memory, a, b) for a, b in pairwise(cuts)]

    def added(figure: str) -> float:
        return float(sum(getattr(part.figures, figure) for part in parts))

    assert sum(part.watched_s for part in parts) == whole.watched_s
    assert sum(part.unknown_s for part in parts) == whole.unknown_s
    assert added("sitting_s") == whole.figures.sitting_s
    assert added("standing_s") == whole.figures.standing_s
    assert added("away_s") == whole.figures.away_s
    assert sum(part.figures.shifts.count for part in parts) == whole.figures.shifts.count
    # Also what lies across a cut is judged as in the whole.
    assert sum(part.figures.breaks.effective for part in parts) == whole.figures.breaks.effective
    assert tuple(prompt for part in parts for prompt in part.prompts) == whole.prompts
    for outcome in ("asked_break", "kept", "late", "missed"):
        assert sum(getattr(part.figures.reminders, outcome) for part in parts) == getattr(
            whole.figures.reminders, outcome
        )
    for kind, held in whole.figures.deviations.items():
        assert sum(part.figures.deviations[kind].total_s for part in parts) == held.total_s
