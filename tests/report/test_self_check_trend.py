"""Self-checks as a trend: a table, marks, before and after a stretch, and never a claim."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.coach.findings import ERROR_DEG, KINDS, Kind, findings, remarks, told
from posture.history.care import care_of
from posture.history.records import Memory, Point
from posture.history.self_checks import Stretched, changes, degrees_of, self_check_point
from posture.report.self_checks import SHOWN, head, notes, rows, trend_lines

NOON = datetime(2026, 11, 20, 12, tzinfo=UTC)
DAY = timedelta(days=1)


def bend(number: float, left: float, right: float, marks: dict[str, str] | None = None) -> Point:
    return self_check_point(NOON + number * DAY, "side-bend", {"left": left, "right": right}, marks)


def test_an_old_record_still_reads() -> None:
    old = Point("self-check", NOON, "side-bend", {"left": 21.0, "right": 30.5})
    assert degrees_of(old) == {"left": 21.0, "right": 30.5}
    assert rows("side-bend", [old], UTC) == [("20 Nov 2026 12:00", "21°", "30°", "")]
    assert changes(old, [old]) is None


def test_the_table_has_the_last_ones_and_marks_what_moved_along() -> None:
    points = [bend(number, 20.0, 22.0) for number in range(SHOWN + 2)]
    assert len(rows("side-bend", points, UTC)) == SHOWN
    marked = [bend(0, 20.0, 22.0), bend(1, 25.0, 22.0, {"left": "drifted", "right": "turned"})]
    assert rows("side-bend", marked, UTC)[1][1:3] == ("25°*", "22°*")
    assert "* In every attempt the chest turned along, or the hips drifted aside: it is not compared." in notes(
        "side-bend", marked, UTC
    )
    assert not any("In every attempt" in sentence for sentence in notes("side-bend", points, UTC))
    assert degrees_of(marked[1]) == {}
    assert degrees_of(marked[1], marked=True) == {"left": 25.0, "right": 22.0}
    assert head("hip-rotation")[1:-1] == ("left foot in", "left foot out", "right foot in", "right foot out")


def test_a_pair_says_the_change_against_the_cameras_error() -> None:
    before = bend(0, 18.0, 30.0)
    after = self_check_point(
        NOON + timedelta(minutes=6),
        "side-bend",
        {"left": 25.0, "right": 31.0},
        after=Stretched("ql_stand", 58.2, before.at),
    )
    assert changes(after, [before, after]) == {"left": pytest.approx(7.0), "right": pytest.approx(1.0)}
    said = notes("side-bend", [before, after], UTC)[0]
    assert said.startswith("Before and after ")
    assert said.endswith(
        "(58 s): left +7 degrees, more than the camera may be wrong by (5); right +1 degree, no more than the camera "
        "may be wrong by (5)."
    )
    assert rows("side-bend", [before, after], UTC)[1][-1].startswith("after ")
    # What was before it is gone, or something moved along in it.
    assert changes(after, [after]) is None
    assert changes(after, [bend(0, 18.0, 30.0, {"left": "turned"}), after]) == {"right": pytest.approx(1.0)}
    gone = self_check_point(after.at, "side-bend", {"left": 25.0}, after=Stretched("gone", 5.0, before.at))
    assert "Before and after gone (5 s)" in notes("side-bend", [before, gone], UTC)[0]


def test_findings_leave_out_what_follows_a_stretch() -> None:
    reader = Memory()
    before = bend(0, 18.0, 30.0)
    after = self_check_point(
        NOON + timedelta(minutes=6),
        "side-bend",
        {"left": 29.0, "right": 30.0},
        after=Stretched("ql_stand", 58, before.at),
    )
    reader.write(points=[before, after])
    care = care_of(reader, NOON + DAY)
    assert care.check_results() == [(before.at.timestamp(), "side-bend", {"left": 18.0, "right": 30.0})]
    (finding,) = findings(care.check_results(), UTC)
    assert (finding.side, finding.less_deg, finding.difference_deg) == ("left", 18.0, 12.0)
    assert care.own_most() == {"left": 30.0, "right": 29.0}


def said(kind: Kind, *days: dict[str, float]) -> list[str]:
    return list(remarks(kind, [(number * 86400.0, kind, day) for number, day in enumerate(days)], UTC))


def test_what_is_said_of_sides_and_ways() -> None:
    assert said("side-bend", {"left": 30.0, "right": 27.0}) == [
        "Left and right differed by 3 degrees: no more than the camera may be wrong by (5)."
    ]
    assert said("side-bend", {"left": 40.0, "right": 33.0}) == [
        "Left and right differed by 7 degrees: less than a fifth."
    ]
    one_day = (
        "Left and right differed by 12 degrees, with less on the right: more than the camera may be wrong by (5). "
    )
    assert said("side-bend", {"left": 30.0, "right": 18.0}) == [f"{one_day}One day says little: look again on another."]
    assert said("side-bend", {"left": 30.0, "right": 18.0}, {"left": 30.0, "right": 18.0}) == [
        f"{one_day}It was so on 2 days with a check: watch the trend. People without pain are uneven, too."
    ]
    assert said("hip-rotation", {"left_in": 20.0, "right_in": 24.0, "left_out": 40.0, "right_out": 28.0}) == [
        "Foot in: left and right differed by 4 degrees: no more than the camera may be wrong by (10).",
        "Foot out: left and right differed by 12 degrees, with less on the right: more than the camera may be wrong by "
        "(10). One day says little: look again on another.",
        "Foot in and foot out differed by 12 degrees, with less in: more than the camera may be wrong by (10). In and "
        "out often differ.",
    ]
    assert said("hip-extension", {"left": 3.0, "right": 4.0}) == [
        "Left and right differed by 1 degree: no more than the camera may be wrong by (8).",
        "Neither leg was seen to go back by more than 4 degrees; healthy people have measured little, too.",
    ]
    assert said("hip-extension", {"left": 3.0}) == [
        "The left leg was seen to go back by 3 degrees; healthy people have measured little, too."
    ]
    assert said("side-bend") == []
    assert said("side-bend", {"left": 3.0}) == []


@given(st.sampled_from(KINDS), st.floats(-60.0, 60.0))
def test_a_difference_is_told_against_the_error(kind: Kind, difference_deg: float) -> None:
    assert told(kind, difference_deg).startswith("no more" if abs(difference_deg) <= ERROR_DEG[kind] else "more")


def test_no_line_is_a_claim() -> None:
    lines = "\n".join(
        line
        for kind in KINDS
        for line in trend_lines(kind, [self_check_point(NOON, kind, {"left": 3.0, "right": 30.0})], UTC)
    ).lower()
    for word in ("tight", "weak", "short", "improve", "better", "worse", "normal", "should"):
        assert word not in lines
