"""What was not judged: silence is never shown as good posture."""

from __future__ import annotations

import io
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from posture.coach.disclaimer import DISCLAIMER
from posture.history.care import leaning
from posture.history.records import Interval, Memory
from posture.measure.observation import DEVIATIONS, Deviation
from posture.report.charts import draw
from posture.report.end_of_day import notice
from posture.report.figures import Summary
from posture.report.json import csv_rows, review_json
from posture.report.page import page
from posture.report.review import Review, review
from posture.report.summary import MIN_COVERAGE
from posture.report.terminal import show_review
from posture.report.words import absent_line, deviation_rows, figure_rows, unjudged_lines
from posture.settings import Settings

DAY = date(2026, 3, 2)
T0 = datetime(2026, 3, 2, 8, tzinfo=UTC)
SHOULDERS, CALIBRATION = "your shoulders are not in the picture", "there is no calibration yet"
OF_SHOULDERS: tuple[Deviation, ...] = ("forward_head", "lean_left", "lean_right", "shoulder_tilt")


def at(minutes: float, day: int = 0) -> datetime:
    return T0 + timedelta(days=day, minutes=minutes)


def sat(minutes: float = 100, day: int = 0) -> list[Interval]:
    start, end = at(0, day), at(minutes, day)
    return [
        Interval("watch", "camera", start, end),
        Interval("presence", "sitting", start, end),
        Interval("bout", "sitting", start, end, {"sitting_s": 60.0 * minutes}),
    ]


def lost(from_min: float, to_min: float, kinds: tuple[Deviation, ...], why: str, day: int = 0) -> list[Interval]:
    return [Interval("unjudged", kind, at(from_min, day), at(to_min, day), {"why": why}) for kind in kinds]


def held(kind: Deviation, from_min: float, to_min: float, day: int = 0) -> Interval:
    return Interval("deviation", kind, at(from_min, day), at(to_min, day))


def reviewed(records: list[Interval], days: int = 1) -> Review:
    memory = Memory()
    memory.write(records)
    return review(memory, [DAY + timedelta(days=n) for n in range(days)], Settings(), UTC)


def shown(found: Review) -> str:
    file = io.StringIO()
    show_review(found, "Monday", Console(file=file, width=100, highlight=False))
    return " ".join(file.getvalue().split())


def paged(found: Review) -> str:
    return page(found, "Monday", draw(found), DISCLAIMER)


def row(summary: Summary, name: str) -> tuple[str, str]:
    (found,) = [row for row in figure_rows(summary) if row.name == name]
    return found.value, found.note


def test_a_share_is_of_the_sitting_that_was_judged() -> None:
    records = [*sat(), *lost(60, 100, OF_SHOULDERS, SHOULDERS), held("lean_left", 10, 25), held("slump", 10, 25)]
    day = reviewed(records).whole
    lean, slump = day.figures.deviations["lean_left"], day.figures.deviations["slump"]
    assert (lean.judged_s, lean.share_of_judged, lean.share_of_sitting) == (3600.0, 0.25, 0.15)
    assert (slump.judged_s, slump.share_of_judged) == (6000.0, 0.15)
    assert not lean.hardly_judged
    assert [(part.why, part.total_s, part.kinds) for part in day.figures.not_judged] == [
        (SHOULDERS, 2400.0, OF_SHOULDERS)
    ]
    (first, second) = [row for _, _, row in deviation_rows(day)]
    assert (first.value, first.note) == ("15 %", "15 min")
    assert (second.value, second.note) == ("25 %", "15 min, judged for 1 h 00")
    assert absent_line(day) == (
        "never: head tilted, close to the screen; as far as judged: head forward, leaning right, one shoulder higher"
    )
    assert unjudged_lines(day) == []


@pytest.mark.parametrize(("lost_min", "hardly"), [(40, False), (40.1, True)])
def test_what_was_hardly_judged_has_no_share_and_is_no_absence(lost_min: float, hardly: bool) -> None:
    assert MIN_COVERAGE == 0.6
    found = reviewed([*sat(), *lost(0, lost_min, ("head_tilt",), SHOULDERS)])
    assert found.whole.figures.deviations["head_tilt"].hardly_judged is hardly
    assert (found.whole.figures.deviations["head_tilt"].share_of_judged is None) is hardly
    said = f"Hardly judged: head tilt, because {SHOULDERS}."
    assert unjudged_lines(found.whole) == ([said] if hardly else [])
    assert absent_line(found.whole) == (
        "never: slumped, head forward, leaning left, leaning right, one shoulder higher, close to the screen"
        if hardly
        else "As far as it could be judged, you kept no posture that is watched for long."
    )
    for text in (shown(found), paged(found)):
        assert (said in text) is hardly
        assert ("As far as it could be judged, you kept no posture that is watched for long." in text) is not hardly


def test_a_day_of_which_nothing_was_judged_says_nothing_good() -> None:
    found = reviewed([*sat(), *lost(0, 100, DEVIATIONS, CALIBRATION)])
    for text in (shown(found), paged(found)):
        assert "you kept no posture" not in text
        assert "You kept no posture" not in text
        assert "never:" not in text
        assert f"Not judged: how you sit, because {CALIBRATION}." in text
        assert "sitting, not judged" in text
        assert "Leaning none" not in text
        assert "an hour of sitting, 0 in all" not in text
    assert row(found.whole, "Not judged") == ("1 h 40", f"how you sit, because {CALIBRATION}")
    assert row(found.whole, "Moved in your seat") == ("-", f"not seen, because {CALIBRATION}")
    assert row(found.whole, "Leaning") == ("-", f"not judged, because {CALIBRATION}")
    assert notice(found.whole) == (
        "Your day",
        f"Sitting 1 h 40, longest sitting 1 h 40, 0 breaks. Not judged: how you sit, because {CALIBRATION}.",
    )
    assert found.whole.unjudged == ((at(0), at(100)),)


def test_a_deviation_that_was_held_was_judged_meanwhile() -> None:
    day = reviewed([*sat(), *lost(0, 100, ("slump",), SHOULDERS), held("slump", 10, 30)]).whole
    slump = day.figures.deviations["slump"]
    assert (slump.total_s, slump.judged_s, slump.hardly_judged) == (1200.0, 1200.0, True)
    assert [row.value for _, _, row in deviation_rows(day)] == ["-"]
    assert unjudged_lines(day) == [f"Hardly judged: slump, because {SHOULDERS}."]


def test_the_reason_is_the_one_that_lasted_longest() -> None:
    parts = [*lost(0, 30, ("slump",), SHOULDERS), *lost(30, 80, ("slump",), CALIBRATION)]
    day = reviewed([*sat(), *parts, *lost(80, 90, ("slump",), SHOULDERS)]).whole
    assert day.figures.deviations["slump"].why == CALIBRATION
    assert [part.why for part in day.figures.not_judged] == [CALIBRATION, SHOULDERS]
    assert unjudged_lines(day) == [f"Hardly judged: slump, because {CALIBRATION}."]


def test_only_sitting_counts() -> None:
    records = [*sat(60), Interval("watch", "camera", at(60), at(90)), Interval("presence", "away", at(60), at(90))]
    day = reviewed([*records, *lost(50, 90, ("slump",), SHOULDERS)]).whole
    assert day.figures.deviations["slump"].judged_s == 3000.0
    assert day.figures.not_judged[0].total_s == 600.0


def test_an_older_history_counts_as_judged() -> None:
    found = reviewed([*sat(), held("slump", 0, 25)])
    for it in found.whole.figures.deviations.values():
        assert (it.judged_s, it.share_of_judged) == (6000.0, it.share_of_sitting)
    assert found.whole.figures.not_judged == ()
    assert "udged" not in shown(found)


def test_a_day_that_was_not_judged_is_not_averaged_with_others() -> None:
    records: list[Interval] = []
    for day in range(4):
        records += [*sat(100, day), held("slump", 0, 20, day)] if day else sat(100, day)
    records += lost(0, 100, DEVIATIONS, CALIBRATION)
    found = reviewed(records, 4)
    assert found.average_day.figures["slump_share_of_judged"] == pytest.approx(0.2)
    assert found.average_day.figures["slump_share"] == pytest.approx(0.15)
    out = review_json(found)
    assert out["average_day"]["slump_share_of_judged"] == 0.2
    assert out["days"][0]["deviations"]["slump"] == {
        "total_s": 0.0,
        "share_of_sitting": 0.0,
        "median_dwell_s": None,
        "judged_s": 0.0,
        "share_of_judged": None,
    }
    assert out["days"][0]["not_judged"] == [{"why": CALIBRATION, "seconds": 6000.0, "kinds": list(DEVIATIONS)}]
    assert out["days"][0]["postural_shifts"]["per_sitting_hour"] is None
    head, first, *_ = csv_rows(found)
    assert dict(zip(head, first, strict=True))["deviations.slump.judged_s"] == 0.0


def test_charts_show_it() -> None:
    records = [*sat(), *lost(0, 50, OF_SHOULDERS, SHOULDERS), held("lean_left", 60, 80)]
    charts = {chart.title: chart for chart in draw(reviewed(records))}
    day = charts["The day"]
    assert ("08:00", "08:50", "leaning left not judged") in day.rows
    assert "not judged" in day.svg
    assert f"Hardly judged: forward head, lean and shoulder tilt, because {SHOULDERS}." in day.alt
    by_hour = charts["How you sat, by hour"]
    assert by_hour.rows[0] == ("08", "0 min (hardly judged)")
    assert "most was leaning left at 09: 50 %" in by_hour.alt
    assert "Hatched: hardly judged." in by_hour.alt
    assert "<pattern" in by_hour.svg
    plain = {chart.title: chart for chart in draw(reviewed([*sat(), held("lean_left", 60, 80)]))}[
        "How you sat, by hour"
    ]
    assert "Hatched" not in plain.alt
    assert "<pattern" not in plain.svg
    over = draw(
        reviewed([*sat(), *sat(100, 1), *lost(0, 50, OF_SHOULDERS, SHOULDERS, 1), held("lean_left", 60, 80, 1)], 2)
    )
    lean = next(chart for chart in over if chart.title == "Leaning left and right")
    assert lean.rows[-1][1:] == ("20 min", "0 s (hardly judged)")
    assert "when it was hardly judged" in lean.alt
    week = {chart.title: chart for chart in draw(reviewed([*sat(), *lost(0, 50, DEVIATIONS, CALIBRATION)], 3))}
    assert "sitting, not judged" in week["Hours of the days"].svg


def test_days_on_which_leans_were_not_judged_say_nothing_of_a_side() -> None:
    """Three of five days of leaning left; on the other two, nobody could tell."""
    records: list[Interval] = []
    for day in range(7):
        records += sat(100, day)
        records += [held("lean_left", 10, 40, day)] if day < 3 else lost(0, 70, OF_SHOULDERS, SHOULDERS, day)
    memory = Memory()
    memory.write(records)
    found = leaning(memory, at(0, 8), UTC)
    assert found is not None
    assert (found.side, found.days, found.of) == ("left", 3, 3)
    # Judged for long enough, they are days without a lean.
    memory = Memory()
    judged = [record for record in records if record.kind != "unjudged"]
    memory.write([*judged, *(part for day in range(3, 7) for part in lost(0, 30, OF_SHOULDERS, SHOULDERS, day))])
    assert leaning(memory, at(0, 8), UTC) is None


cuts = st.lists(
    st.tuples(st.sampled_from(DEVIATIONS), st.floats(-20, 120), st.floats(0.1, 60), st.sampled_from(["a", "b"])),
    max_size=12,
)


@given(cuts, st.lists(st.tuples(st.sampled_from(DEVIATIONS), st.floats(-20, 120), st.floats(0.1, 60)), max_size=6))
def test_judged_and_not_judged_are_all_of_the_sitting(
    lost_parts: list[tuple[Deviation, float, float, str]], held_parts: list[tuple[Deviation, float, float]]
) -> None:
    records = sat()
    for kind, from_min, length_min, why in lost_parts:
        records += lost(from_min, from_min + length_min, (kind,), why)
    records += [held(kind, from_min, from_min + length_min) for kind, from_min, length_min in held_parts]
    found = reviewed(records)
    it = found.whole.figures
    spans = found.records.unjudged(found.whole.start, found.whole.stop)
    for kind, figures in it.deviations.items():
        lost_s = sum(max(0.0, (min(b, at(100)) - max(a, at(0))).total_seconds()) for a, b in spans[kind])
        assert figures.judged_s + lost_s == pytest.approx(it.sitting_s)
        assert 0.0 <= figures.total_s <= figures.judged_s + 1e-6
        assert figures.share_of_judged is None or 0.0 <= figures.share_of_judged <= 1.0 + 1e-9
        assert figures.hardly_judged == (figures.judged_s < MIN_COVERAGE * it.sitting_s)
    assert all(0.0 < part.total_s <= it.sitting_s for part in it.not_judged)
