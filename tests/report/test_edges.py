"""Every limit of the figures, just on one side of it and just on the other."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.history.records import Detail, Distance, Interval, IntervalKind, Memory, Point
from posture.report.figures import Figures, Pain, Summary
from posture.report.summary import Records, summarise
from posture.report.words import logged_rows
from posture.settings import Settings

T0 = datetime(2026, 3, 2, 8, tzinfo=UTC)
SETTINGS = Settings()
H = 3600.0
DAY = 24 * H


def at(second: float) -> datetime:
    return T0 + timedelta(seconds=second)


def lasted(kind: IntervalKind, label: str, start_s: float, end_s: float, detail: Detail | None = None) -> Interval:
    return Interval(kind, label, at(start_s), at(end_s), detail or {})


def bout(start_s: float, end_s: float, ended_by: str = "break", **detail: float) -> Interval:
    return lasted("bout", "sitting", start_s, end_s, {"ended_by": ended_by, **detail})


def presence(label: str, start_s: float, end_s: float, reason: str = "") -> Interval:
    return lasted("presence", label, start_s, end_s, {"reason": reason} if reason else {})


def sat(start_s: float, end_s: float) -> list[Interval]:
    return [presence("sitting", start_s, end_s), bout(start_s, end_s)]


def watch(start_s: float, end_s: float) -> Interval:
    return lasted("watch", "camera", start_s, end_s)


def summed(
    intervals: Sequence[Interval],
    points: Sequence[Point] = (),
    distances: Sequence[Distance] = (),
    start_s: float = 0.0,
    stop_s: float = DAY,
    settings: Settings = SETTINGS,
) -> Summary:
    """Through a `Memory` and `Records`, as every caller does it."""
    memory = Memory()
    memory.write(intervals, points, distances)
    return Records(memory, at(start_s), at(stop_s)).summarise(at(start_s), at(stop_s), settings)


def figures(*intervals: Interval, points: Sequence[Point] = (), **more: float) -> Figures:
    return summed(intervals, points, **more).figures  # type: ignore[arg-type]


# -- coverage ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("known_s", "shown"), [(600, True), (599, False), (1000, True), (0, False)])
def test_figures_are_shown_from_sixty_percent_on(known_s: float, shown: bool) -> None:
    summary = summed([watch(0, 1000), *([presence("sitting", 0, known_s)] if known_s else [])])
    assert summary.coverage == known_s / 1000
    assert (summary.hidden == "") is shown


def test_why_figures_are_hidden_is_said_in_full() -> None:
    assert summed([watch(0, 1000), presence("away", 0, 274)]).hidden == (
        "only 27 % of the watched time is known, and under 60 % the figures would mislead"
    )
    assert summed([]).hidden == "nothing was watched"
    assert summed([]).coverage is None


def test_what_is_known_while_nobody_watched_does_not_count() -> None:
    """A presence that went on while the camera did not: after a kill, or a machine that slept."""
    summary = summed([watch(0, 100), watch(300, 400), presence("sitting", 0, 350)])
    assert (summary.watched_s, summary.observed_s, summary.unknown_s) == (200, 150, 50)
    assert summary.figures.sitting_s == 150
    assert summary.watches == ((at(0), at(100)), (at(300), at(400)))
    assert summary.spells == ((at(0), at(100), "sitting"), (at(300), at(350), "sitting"))


def test_watches_that_touch_are_one() -> None:
    assert summed([watch(0, 100), watch(100, 200), watch(150, 180)]).watches == ((at(0), at(200)),)


def test_the_spells_of_a_span_are_cut_to_it_and_in_order() -> None:
    intervals = [watch(-100, 900), presence("away", 200, 300), presence("sitting", -100, 200)]
    summary = summed([*intervals, presence("standing", 300, 800)], stop_s=500)
    assert summary.spells == ((at(0), at(200), "sitting"), (at(200), at(300), "away"), (at(300), at(500), "standing"))
    assert summary.watches == ((at(0), at(500)),)
    assert (summary.start, summary.stop) == (at(0), at(500))


@pytest.mark.parametrize("label", ["sitting", "standing", "away"])
def test_each_known_presence_counts_as_itself(label: str) -> None:
    it = figures(watch(0, 1000), presence(label, 100, 900))
    assert (it.sitting_s, it.standing_s, it.away_s) == tuple(
        800 if label == each else 0 for each in ("sitting", "standing", "away")
    )


def test_the_reasons_of_what_is_not_known_add_up() -> None:
    summary = summed(
        [
            watch(0, 1000),
            presence("unknown", -50, 100, "too dark"),
            presence("sitting", 100, 300),
            presence("unknown", 300, 350, "too dark"),
            presence("unknown", 350, 500, "covered"),
            presence("unknown", 500, 600),
            presence("away", 600, 800, "not a reason of unknown time"),
            presence("unknown", 980, 1100, "asleep"),
            presence("unknown", 1200, 1300, "not watched"),
        ]
    )
    assert summary.unknown_reasons == {"too dark": 150, "covered": 150, "asleep": 20}
    assert summary.unknown_s == 1000 - 400


def test_a_share_wants_no_more_than_a_moment() -> None:
    records = [watch(0, 0.5), *sat(0, 0.5), lasted("deviation", "slump", 0, 0.25), presence("unknown", 0.5, 9, "dark")]
    summary = summed(records, distances=[Distance(at(0), 40, 0.5), Distance(at(0), 60, 0.25)])
    assert summary.coverage == 1.0
    assert summary.figures.bouts.over_limit_share == 0.0
    assert summary.figures.bouts.w50_s == 0.5
    assert summary.figures.deviations["slump"].share_of_sitting == 0.5
    assert summary.figures.viewing.near_share == 0.5 / 0.75
    assert summed([watch(0, 1), presence("unknown", 0.5, 1, "dark")]).unknown_reasons == {"dark": 0.5}


# -- records that overlap ---------------------------------------------------------------------------------------------


def test_the_record_that_began_last_holds() -> None:
    it = figures(watch(0, 900), presence("sitting", 0, 900), presence("away", 300, 500), presence("standing", 400, 600))
    assert (it.sitting_s, it.away_s, it.standing_s) == (300 + 300, 100, 200)


def test_of_records_that_began_together_the_longer_holds_then_the_label() -> None:
    it = figures(watch(0, 900), presence("away", 0, 300), presence("sitting", 0, 200))
    assert (it.away_s, it.sitting_s) == (300, 0)
    it = figures(watch(0, 900), presence("away", 0, 300), presence("standing", 0, 300))
    assert (it.away_s, it.standing_s) == (0, 300)


def test_a_record_within_records_is_seen_where_they_leave_it() -> None:
    it = figures(
        watch(0, 900),
        presence("sitting", 0, 500),
        presence("away", 100, 200),
        presence("away", 300, 400),
        presence("standing", 500, 600),
    )
    assert (it.sitting_s, it.away_s, it.standing_s) == (300, 200, 100)


kinds = st.sampled_from(("sitting", "standing", "away", "unknown"))


@given(st.lists(st.tuples(kinds, st.integers(0, 50), st.integers(0, 50)), max_size=8, unique_by=lambda one: one[:2]))
def test_each_second_is_what_the_last_record_says(some: list[tuple[str, int, int]]) -> None:
    records = [(a, b, label) for label, a, b in some if b > a]
    expected = dict.fromkeys(("sitting", "standing", "away", "unknown"), 0)
    for second in range(60):
        holding = [record for record in records if record[0] <= second < record[1]]
        expected[max(holding)[2] if holding else "unknown"] += 1
    summary = summed([watch(0, 60), *(presence(label, a, b) for a, b, label in records)])
    it = summary.figures
    assert (it.sitting_s, it.standing_s, it.away_s) == tuple(
        expected[label] for label in ("sitting", "standing", "away")
    )
    assert summary.unknown_s == expected["unknown"]


# -- rates ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("sitting_s", "rate"), [(600, 12.0), (599, None), (7200, 1.0)])
def test_a_rate_wants_ten_minutes_of_sitting(sitting_s: float, rate: float | None) -> None:
    shifts = [Point("shift", at(10)), Point("shift", at(20))]
    it = figures(watch(0, 9000), presence("sitting", 0, sitting_s), points=shifts)
    assert (it.shifts.count, it.shifts.per_sitting_hour) == (2, rate)


@pytest.mark.parametrize(("sitting_s", "rate"), [(600, 6.0), (599, None)])
def test_a_rate_of_breaks_wants_ten_minutes_of_sitting(sitting_s: float, rate: float | None) -> None:
    it = figures(watch(0, 9000), *sat(0, 300), presence("away", 300, 600), *sat(600, 300 + sitting_s))
    assert (it.breaks.effective, it.breaks.per_sitting_hour) == (1, rate)


def test_what_happens_as_a_span_begins_is_in_it_and_as_it_ends_is_not() -> None:
    points = [Point("shift", at(s)) for s in (-1, 0, 50, 100)]
    points += [Point("pain", at(s), f"at {s}", {"level": 3}) for s in (-1, 0, 99, 100)]
    summary = summed([watch(0, 100)], points, stop_s=100)
    assert summary.figures.shifts.count == 2
    assert [pain.where for pain in summary.pain] == ["at 0", "at 99"]
    direct = summarise([], points, [], at(0), at(100), SETTINGS)
    assert (direct.figures.shifts.count, len(direct.pain)) == (2, 2)


# -- bouts ------------------------------------------------------------------------------------------------------------


def test_a_bout_of_just_the_limit_is_not_over_it() -> None:
    it = figures(watch(0, 9000), *sat(0, 1800), *sat(2000, 3800))
    assert (it.bouts.limit_s, it.bouts.over_limit_share) == (1800, 0.0)
    it = figures(watch(0, 9000), *sat(0, 1801), *sat(2000, 3799))
    assert it.bouts.over_limit_share == 1801 / 3600


def test_the_limit_of_a_bout_is_the_one_of_the_coach() -> None:
    settings = replace(SETTINGS, coach=replace(SETTINGS.coach, stand_after_s=100.0))
    it = summed([watch(0, 900), *sat(0, 100), *sat(200, 301)], settings=settings).figures
    assert (it.bouts.limit_s, it.bouts.over_limit_share) == (100, 101 / 201)


def test_half_of_the_sitting_is_in_bouts_up_to_the_w50() -> None:
    # 100 + 200 = 300 is just the half of 600; a second more in the longest and it is not.
    assert figures(watch(0, 9000), *sat(0, 100), *sat(200, 400), *sat(500, 800)).bouts.w50_s == 200
    assert figures(watch(0, 9000), *sat(0, 100), *sat(200, 400), *sat(500, 801)).bouts.w50_s == 301


def test_the_w50_is_weighed_by_the_sitting_inside_the_span() -> None:
    """The long bout lies mostly before the span: whole it is the longest, in it it weighs 60 s."""
    it = figures(watch(-4000, 900), *sat(-4000, 60), *sat(200, 300))
    assert (it.bouts.count, it.bouts.longest_s, it.bouts.w50_s) == (2, 4060, 100)
    assert it.bouts.over_limit_share == 60 / 160


def test_the_length_of_a_bout_is_the_sitting_seen_in_it() -> None:
    it = figures(watch(0, 900), presence("sitting", 0, 500), bout(0, 500, sitting_s=420.0))
    assert it.bouts.longest_s == 420
    # Without it, as in an early record of a bout, it is from start to end.
    assert figures(watch(0, 900), bout(0, 500)).bouts.longest_s == 500
    assert figures(watch(0, 900), bout(0, 500, sitting_s="many")).bouts.longest_s == 500  # type: ignore[arg-type]


def test_bouts_without_sitting_have_no_share_and_no_w50() -> None:
    it = figures(watch(0, 900), bout(0, 500))
    assert (it.bouts.count, it.bouts.w50_s, it.bouts.over_limit_share) == (1, None, None)
    it = figures(watch(0, 900))
    assert (it.bouts.count, it.bouts.longest_s, it.bouts.w50_s, it.bouts.over_limit_share) == (0, None, None, None)


def test_a_bout_that_only_touches_the_span_is_not_in_it() -> None:
    it = summed([watch(-500, 1500), *sat(-100, 0), *sat(200, 300), *sat(1000, 1100)], stop_s=1000)
    assert it.figures.bouts.count == 1
    assert it.bouts == ((at(200), at(300), 100.0),)
    direct = summarise([bout(-100, 0), bout(1000, 1100)], [], [], at(0), at(1000), SETTINGS)
    assert direct.bouts == ()


# -- breaks -----------------------------------------------------------------------------------------------------------


def breaks(*intervals: Interval, start_s: float = 0.0, stop_s: float = DAY) -> list[tuple[float, float]]:
    summary = summed([watch(-DAY, 2 * DAY), *intervals], start_s=start_s, stop_s=stop_s)
    found = [((a - T0).total_seconds(), (b - T0).total_seconds()) for a, b in summary.breaks]
    assert summary.figures.breaks.effective == len(found)
    return found


@pytest.mark.parametrize(("off_s", "effective"), [(120, 1), (119, 0)])
@pytest.mark.parametrize("label", ["away", "standing"])
def test_a_break_is_effective_from_two_minutes_on(label: str, off_s: float, effective: int) -> None:
    found = breaks(*sat(0, 300), presence(label, 300, 300 + off_s), *sat(450, 700))
    assert len(found) == effective


def test_away_and_standing_add_up_in_a_break() -> None:
    it = figures(
        watch(0, 900), *sat(0, 300), presence("away", 300, 360), presence("standing", 360, 425), *sat(430, 700)
    )
    assert (it.breaks.effective, it.breaks.median_s) == (1, 125)


def test_how_long_an_effective_break_is_can_be_set() -> None:
    settings = replace(SETTINGS, timeline=replace(SETTINGS.timeline, effective_break_s=300.0))
    records = [watch(0, 9000), *sat(0, 300), presence("away", 300, 599), *sat(599, 700)]
    records += [presence("away", 700, 1000), *sat(1000, 1100)]
    assert summed(records, settings=settings).figures.breaks.effective == 1


@pytest.mark.parametrize(("gap_s", "effective"), [(4 * H, 1), (4 * H + 1, 0)])
def test_more_than_four_hours_are_no_break(gap_s: float, effective: int) -> None:
    assert len(breaks(*sat(0, 300), presence("away", 300, 300 + gap_s), *sat(300 + gap_s, 5 * H))) == effective


@pytest.mark.parametrize("ended_by", ["unknown", "end", ""])
def test_only_a_bout_that_a_break_ended_is_followed_by_one(ended_by: str) -> None:
    first = [presence("sitting", 0, 300), bout(0, 300, ended_by)]
    assert breaks(*first, presence("away", 300, 600), *sat(600, 900)) == []


def test_a_break_belongs_to_the_span_in_which_sitting_begins_again() -> None:
    records = [*sat(0, 300), presence("away", 300, 600), *sat(600, 900)]
    assert breaks(*records, stop_s=600) == []
    assert breaks(*records, stop_s=601) == [(300, 600)]
    assert breaks(*records, start_s=600) == [(300, 600)]
    assert breaks(*records, start_s=601) == []


def test_a_break_that_began_nearly_four_hours_before_the_span_counts() -> None:
    records = [*sat(-4 * H, 10 - 4 * H), presence("away", 10 - 4 * H, 5), *sat(5, 900)]
    assert breaks(*records) == [(10 - 4 * H, 5)]


def test_a_break_begins_where_the_bout_that_ended_last_ends() -> None:
    """Bouts that lie within one another, as after a clock that was set back."""
    long = [presence("sitting", 0, 1000), bout(0, 1000)]
    assert breaks(*long, bout(100, 300), presence("away", 1000, 1200), *sat(1200, 1500)) == [(1000, 1200)]
    # Of two that end together it is the later one that says what ended it.
    unended = [presence("sitting", 0, 1000), bout(0, 1000, "end"), bout(500, 1000)]
    assert breaks(*unended, presence("away", 1000, 1200), *sat(1200, 1500)) == [(1000, 1200)]
    assert breaks(*long, bout(500, 1000, "end"), presence("away", 1000, 1200), *sat(1200, 1500)) == []
    assert breaks(*long, bout(500, 900)) == []  # the second began while the first went on: there is nothing between


def test_each_break_is_between_neighbours() -> None:
    records = [*sat(0, 300), presence("away", 300, 500), *sat(500, 800), presence("standing", 800, 1000)]
    assert breaks(*records, *sat(1000, 1200)) == [(300, 500), (800, 1000)]
    it = figures(watch(0, 9000), *records, *sat(1000, 1200), presence("away", 1200, 1700), *sat(1700, 1800))
    assert it.breaks.median_s == 200


@pytest.mark.parametrize(
    ("lengths_s", "median_s"),
    [
        ((200,), 200),
        ((400, 200), 300),
        ((500, 130, 140), 140),
        ((500, 130, 140, 600), 320),
        ((900, 130, 140, 600, 700), 600),
    ],
)
def test_the_median_of_breaks(lengths_s: tuple[float, ...], median_s: float) -> None:
    records, now_s = [*sat(0, 300)], 300.0
    for length_s in lengths_s:
        records += [presence("away", now_s, now_s + length_s), *sat(now_s + length_s, now_s + length_s + 300)]
        now_s += length_s + 300
    assert figures(watch(0, 9000), *records).breaks.median_s == median_s


# -- prompts ----------------------------------------------------------------------------------------------------------


def outcome(*intervals: Interval, watched_s: float = DAY, kind: str = "stand") -> str | None:
    """What came of a prompt at second 1000."""
    summary = summed([watch(0, watched_s), *intervals], [Point("reminder", at(1000), kind)])
    (prompt,) = summary.prompts
    it = summary.figures.reminders
    assert (prompt.at, prompt.kind) == (at(1000), kind)
    assert it.given == 1
    assert it.by_kind == {**dict.fromkeys(it.by_kind, 0), kind: 1}
    assert it.asked_break == (prompt.outcome is not None)
    assert (it.kept, it.late, it.missed) == tuple(prompt.outcome == name for name in ("kept", "late", "missed"))
    assert it.followed_share == (None if prompt.outcome is None else float(prompt.outcome == "kept"))
    return prompt.outcome


@pytest.mark.parametrize(
    ("after_s", "expected"),
    [(1, "kept"), (300, "kept"), (301, "late"), (900, "late"), (901, "missed"), (5000, "missed")],
)
def test_a_prompt_is_kept_for_five_minutes_and_late_up_to_fifteen(after_s: float, expected: str) -> None:
    assert outcome(presence("sitting", 0, 1000 + after_s), presence("away", 1000 + after_s, 8000)) == expected


@pytest.mark.parametrize(("off_s", "expected"), [(60, "kept"), (59, "partly"), (10, "partly"), (9, "missed")])
def test_a_prompt_wants_a_break_of_a_minute(off_s: float, expected: str) -> None:
    assert outcome(presence("sitting", 0, 1100), presence("standing", 1100, 1100 + off_s)) == expected


@pytest.mark.parametrize(("until_s", "expected"), [(1060, "kept"), (1059, "partly"), (1009, "missed")])
def test_whoever_is_off_the_chair_already_has_to_stay_off(until_s: float, expected: str) -> None:
    assert outcome(presence("sitting", 0, 500), presence("away", 500, until_s)) == expected


def test_a_break_before_the_prompt_does_not_follow_it() -> None:
    assert outcome(presence("away", 500, 999), presence("sitting", 999, 5000)) == "missed"
    assert outcome(presence("away", 500, 1000), presence("sitting", 1000, 5000)) == "missed"


def test_a_short_time_off_before_a_long_one_does_not_count() -> None:
    off = [presence("away", 1100, 1130), presence("away", 1500, 1700)]
    assert outcome(presence("sitting", 0, 1100), presence("sitting", 1130, 1500), *off) == "late"


@pytest.mark.parametrize(("watched_s", "expected"), [(1360, "missed"), (1359, None)])
def test_a_prompt_is_judged_when_all_of_its_chance_was_watched(watched_s: float, expected: str | None) -> None:
    assert outcome(presence("sitting", 0, 5000), watched_s=watched_s) == expected


def test_a_prompt_that_was_kept_is_judged_however_long_was_watched() -> None:
    assert outcome(presence("sitting", 0, 1010), presence("away", 1010, 1075), watched_s=1075) == "kept"


@pytest.mark.parametrize(
    ("kind", "expected"),
    [("stand", "missed"), ("stretch", "missed"), ("move", None), ("posture", None), ("sit", None)],
)
def test_which_prompts_ask_for_a_break(kind: str, expected: str | None) -> None:
    assert outcome(presence("sitting", 0, 5000), kind=kind) == expected


def test_a_prompt_at_the_end_of_a_span_is_judged_by_what_came_after_it() -> None:
    intervals = [watch(0, 2000), *sat(0, 1100), watch(1100, 9000), presence("away", 1100, 1500), *sat(1500, 9000)]
    summary = summed(intervals, [Point("reminder", at(990), "stand")], stop_s=1000)
    assert [prompt.outcome for prompt in summary.prompts] == ["kept"]
    later = [watch(0, 990), watch(990, 9000), *sat(0, 1700), presence("away", 1700, 1900)]
    summary = summed(later, [Point("reminder", at(990), "stand")], stop_s=1000)
    assert [prompt.outcome for prompt in summary.prompts] == ["late"]


def test_the_break_that_a_prompt_wants_can_be_set() -> None:
    settings = replace(SETTINGS, timeline=replace(SETTINGS.timeline, break_after_s=200.0))
    records = [watch(0, 5000), presence("sitting", 0, 1100), presence("away", 1100, 1299)]
    (prompt,) = summed(records, [Point("reminder", at(1000), "stand")], settings=settings).prompts
    assert (prompt.outcome, prompt.share) == ("partly", 199 / 200)
    records = [watch(0, 1499), presence("sitting", 0, 1499)]
    (prompt,) = summed(records, [Point("reminder", at(1000), "stand")], settings=settings).prompts
    assert prompt.outcome is None  # five minutes and the length of a break were not watched


def test_the_share_that_was_followed() -> None:
    points = [Point("reminder", at(s), "stand") for s in (1000, 1500, 3000)]
    points += [Point("reminder", at(1000), "posture"), Point("shift", at(1000), "stand")]
    records = [
        watch(0, 9000),
        presence("sitting", 0, 1600),
        presence("away", 1600, 1800),
        presence("sitting", 1800, 9000),
    ]
    it = summed(records, points).figures.reminders
    assert (it.given, it.asked_break, it.kept, it.late, it.missed) == (4, 3, 1, 1, 1)
    assert it.followed_share == 1 / 3
    assert it.by_kind == {"stand": 3, "move": 0, "stretch": 0, "posture": 1, "sit": 0, "eyes": 0}
    assert summed(records).figures.reminders.followed_share is None


# -- deviations -------------------------------------------------------------------------------------------------------


def test_a_deviation_counts_while_sitting_was_seen_and_once() -> None:
    it = figures(
        watch(0, 900),
        presence("sitting", 0, 400),
        lasted("deviation", "slump", 100, 200),
        lasted("deviation", "slump", 150, 250),
        lasted("deviation", "slump", 390, 600),
        lasted("deviation", "head_tilt", 0, 40),
    ).deviations
    assert (it["slump"].total_s, it["slump"].share_of_sitting, it["slump"].median_dwell_s) == (160, 0.4, 100)
    assert (it["head_tilt"].total_s, it["head_tilt"].median_dwell_s) == (40, 40)
    assert (it["too_close"].total_s, it["too_close"].share_of_sitting, it["too_close"].median_dwell_s) == (0, 0, None)


def test_a_deviation_over_the_edge_is_cut_for_the_total_and_whole_for_the_median() -> None:
    it = figures(watch(-500, 900), presence("sitting", -500, 900), lasted("deviation", "slump", -300, 100))
    assert (it.deviations["slump"].total_s, it.deviations["slump"].median_dwell_s) == (100, 400)


def test_without_sitting_a_deviation_has_no_share() -> None:
    it = figures(watch(0, 900), lasted("deviation", "slump", 0, 100)).deviations["slump"]
    assert (it.total_s, it.share_of_sitting, it.median_dwell_s) == (0, None, 100)


@pytest.mark.parametrize(
    ("left_s", "right_s", "balance"), [(400, 200, 200 / 600), (150, 450, -0.5), (399, 200, None), (600, 0, 1.0)]
)
def test_the_balance_of_leaning_wants_ten_minutes(left_s: float, right_s: float, balance: float | None) -> None:
    it = figures(
        watch(0, 9000),
        presence("sitting", 0, 9000),
        lasted("deviation", "lean_left", 0, left_s),
        *([lasted("deviation", "lean_right", 2000, 2000 + right_s)] if right_s else []),
    ).lean
    assert (it.left_s, it.right_s, it.balance) == (left_s, right_s, balance)


def test_the_deviations_of_a_span_are_given_whole() -> None:
    memory = Memory()
    memory.write([lasted("deviation", "slump", a, a + 100) for a in (-100, -50, 200, 950, 1000)])
    memory.write([watch(0, 900), presence("sitting", 0, 900)])
    records = Records(memory, at(-DAY), at(DAY))
    assert [(i.start, i.end) for i in records.deviations(at(0), at(1000))] == [
        (at(a), at(a + 100)) for a in (-50, 200, 950)
    ]


def test_a_long_record_among_short_ones_is_found() -> None:
    """What overlaps a span may have begun long before others that ended before it."""
    memory = Memory()
    memory.write([lasted("deviation", "slump", 0, 50_000), lasted("deviation", "slump", 10, 20)])
    memory.write([watch(0, 60_000), presence("sitting", 0, 60_000)])
    records = Records(memory, at(0), at(60_000))
    assert [i.length_s for i in records.deviations(at(40_000), at(60_000))] == [50_000]
    assert records.summarise(at(40_000), at(60_000), SETTINGS).figures.deviations["slump"].total_s == 10_000


# -- distance ---------------------------------------------------------------------------------------------------------


def viewing(*pairs: tuple[int, float], near_cm: float = 45.0) -> tuple[float, float | None, float, float | None]:
    settings = replace(SETTINGS, measure=replace(SETTINGS.measure, too_close_cm=near_cm))
    it = summed([], [], [Distance(at(0), cm, s) for cm, s in pairs], settings=settings).figures.viewing
    return it.known_s, it.median_cm, it.near_cm, it.near_share


def test_a_centimetre_is_taken_at_its_middle() -> None:
    assert viewing((44, 30.0), (45, 70.0)) == (100, 45.5, 45, 0.3)
    assert viewing((44, 50.0), (45, 50.0)) == (100, 44.5, 45, 0.5)
    assert viewing((44, 30.0), (45, 70.0), near_cm=44.5) == (100, 45.5, 44.5, 0.0)
    assert viewing((60, 10.0)) == (10, 60.5, 45, 0.0)
    assert viewing() == (0, None, 45, None)
    assert viewing((60, 0.0)) == (0, None, 45, None)


def test_the_quarter_hours_of_a_span() -> None:
    distances = [Distance(at(900 * n), 50 + n, 60.0) for n in range(-1, 4)]
    memory = Memory()
    memory.write([], [], distances)
    records = Records(memory, at(-DAY), at(DAY))
    for start_s, stop_s, slots in ((0, 1800, [0, 1]), (899, 1801, [0, 1, 2]), (900, 901, [1]), (-900, 0, [-1])):
        found = records.distances(at(start_s), at(stop_s))
        assert [d.slot for d in found] == [at(900 * n) for n in slots]
        for summary in (
            records.summarise(at(start_s), at(stop_s), SETTINGS),
            summarise([], [], distances, at(start_s), at(stop_s), SETTINGS),
        ):
            assert summary.figures.viewing.known_s == 60 * len(slots)


# -- pain and holds ---------------------------------------------------------------------------------------------------


def test_pain_is_taken_as_it_was_logged() -> None:
    points = [
        Point("pain", at(10), "low-left", {"level": 4, "note": "after lunch"}),
        Point("pain", at(20), "hip", {"level": 2.5, "note": None, "when": "sitting"}),
        Point("pain", at(30), "neck", {"level": "much"}),
        Point("shift", at(40)),
        Point("tension", at(50), "", {"level": 6}),
        Point("tension", at(60), "", {"level": 7}),
        Point("pain", at(70), "", {"level": 1, "better": "walking"}),
    ]
    summary = summed([], points)
    assert summary.pain == (
        Pain(at(10), 4.0, "low-left", "after lunch"),
        Pain(at(20), 2.5, "hip", "", "sitting"),
        Pain(at(70), 1.0, "neck", "", "", "walking"),
    ), "what names no place amends what was logged in the minute before"
    assert summary.tension == (Pain(at(60), 7.0),)


def test_holds_are_told_apart_by_who_saw_them_and_by_side() -> None:
    points = [
        Point("hold", at(n), "ql_stand", detail)
        for n, detail in enumerate(
            [
                {"side": "left", "hold_s": 20.0, "verified": True},
                {"side": "left", "hold_s": 5, "verified": True},
                {"side": "right", "hold_s": 7.0, "verified": True},
                {"hold_s": 11.0, "verified": True},
                {"side": "both", "hold_s": 13.0, "verified": 1},
                {"side": "right", "hold_s": 17.0, "verified": False},
                {"side": "right", "hold_s": 19.0},
                {"side": "left", "hold_s": "long"},
            ]
        )
    ]
    summary = summed([], [*points, Point("pain", at(99), "ql_stand", {"level": 1, "hold_s": 50.0})])
    seen, told = summary.verified, summary.self_reported
    assert (seen.count, seen.left_s, seen.right_s, seen.both_s) == (4, 25, 7, 11)
    assert (told.count, told.left_s, told.right_s, told.both_s) == (4, 0, 36, 13)


def test_repetitions_and_walks_are_no_holds() -> None:
    points = [
        Point("hold", at(n), "bridge", {"side": "both", "hold_s": 30.0, "verified": False, **detail})
        for n, detail in enumerate(({"form": "reps", "reps": 5}, {"form": "reps", "reps": 7}, {"form": "walk"}, {}))
    ]
    told = summed([], points).self_reported
    assert (told.count, told.both_s, told.reps, told.walked_s) == (4, 30.0, 12, 30.0)
    (row,) = logged_rows(summed([], points))
    assert (row.name, row.value, row.note) == (
        "Exercises, as you say",
        "4",
        "both sides 30 s, walked 30 s, 12 repetitions",
    )


# -- reading ----------------------------------------------------------------------------------------------------------


@given(
    st.integers(-20, 20), st.integers(1, 20), st.lists(st.tuples(st.integers(-30, 30), st.integers(1, 30)), max_size=9)
)
def test_a_part_of_what_was_read_is_as_if_it_had_been_read_alone(
    start: int, hours: int, pieces: list[tuple[int, int]]
) -> None:
    """Records read for days give the same figures for a span of them as records read for the span."""
    intervals = [watch(-40 * H, 40 * H)]
    for begin, length in pieces:
        intervals += [*sat(begin * H, (begin + length) * H), lasted("deviation", "slump", begin * H, begin * H + 900)]
    points = [Point(kind, at(h * H + 60), "stand") for h in range(-30, 40, 3) for kind in ("shift", "reminder")]
    distances = [Distance(at(900 * n), 60, 1.0) for n in range(-200, 200, 3)]
    memory = Memory()
    memory.write(intervals, points, distances)
    span = at(start * H), at((start + hours) * H)
    alone = Records(memory, *span).summarise(*span, SETTINGS)
    assert Records(memory, at(-40 * H), at(50 * H)).summarise(*span, SETTINGS) == alone
    everything = memory.intervals(at(-50 * H), at(60 * H)), points, distances
    assert summarise(*everything, *span, SETTINGS) == alone
