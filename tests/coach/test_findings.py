"""What self-checks found: only what clears the camera's error, with the side that has less and the days it was seen."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from posture.coach.findings import ERROR_DEG, KINDS, SMALL_ERROR_DEG, WAYS, Finding, Kind, findings

DAY_S = 86400.0
NOON_S = 12 * 3600.0


def found(kind: Kind, *days: Mapping[str, float]) -> tuple[Finding, ...]:
    return findings([(NOON_S + number * DAY_S, kind, result) for number, result in enumerate(days)], UTC)


@pytest.mark.parametrize(
    ("left", "right", "side"),
    [(30, 20, "right"), (20, 30, "left"), (30, 25, None), (40, 33, None), (12, 6, "right"), (4, 2, None), (0, 0, None)],
)
def test_a_side_bend(left: float, right: float, side: str | None) -> None:
    # Over 5 degrees and over a fifth of the larger.
    expected = (Finding("side-bend", side, min(left, right), abs(left - right), 1),) if side else ()  # type: ignore[arg-type]
    assert found("side-bend", {"left": left, "right": right}) == expected


def test_rotation_is_compared_left_with_right_and_in_with_out() -> None:
    even = {"left_in": 30.0, "right_in": 30.0, "left_out": 30.0, "right_out": 30.0}
    assert found("hip-rotation", even) == ()
    assert found("hip-rotation", {**even, "left_in": 20.0}) == ()
    assert found("hip-rotation", {**even, "left_in": 19.0}) == (Finding("hip-rotation", "left", 19.0, 11.0, 1, "in"),)
    assert found("hip-rotation", {**even, "left_in": 18.0, "right_in": 20.0}) == (
        Finding("hip-rotation", None, 19.0, 11.0, 1, "in"),
    )
    assert found("hip-rotation", {"right_in": 30.0, "right_out": 10.0}) == (
        Finding("hip-rotation", None, 10.0, 20.0, 1, "out"),
    )
    assert found("hip-rotation", {"left_in": 40.0, "right_out": 10.0}) == ()


def test_extension() -> None:
    assert found("hip-extension", {"left": 5.0, "right": 5.0}) == ()
    assert found("hip-extension", {"left": 4.0, "right": 3.0}) == (Finding("hip-extension", None, 4.0, 6.0, 1),)
    assert found("hip-extension", {"left": 4.0}) == (Finding("hip-extension", None, 4.0, 6.0, 1),)
    assert found("hip-extension", {"left": 12.0, "right": 3.0}) == (Finding("hip-extension", "right", 3.0, 9.0, 1),)


def test_days_are_those_up_to_the_last_that_agree() -> None:
    apart, even = {"left": 30.0, "right": 15.0}, {"left": 30.0, "right": 29.0}
    other = {"left": 15.0, "right": 30.0}
    assert [each.days for each in found("side-bend", apart, apart)] == [2]
    assert [each.days for each in found("side-bend", apart, even, apart)] == [1]
    assert [each.days for each in found("side-bend", other, apart)] == [1]
    assert found("side-bend", apart, apart, even) == ()
    # What moved along is not compared, and such a day says nothing.
    assert [each.days for each in found("side-bend", apart, {"left": 30.0}, apart)] == [2]
    assert [each.days for each in found("side-bend", apart, {})] == [1]
    assert found("side-bend", {}) == ()


def test_a_day_counts_once_by_what_was_last() -> None:
    apart, even = {"left": 30.0, "right": 15.0}, {"left": 30.0, "right": 29.0}
    assert findings([(NOON_S + 60, "side-bend", apart), (NOON_S, "side-bend", even)], UTC)[0].days == 1
    assert findings([(NOON_S, "side-bend", apart), (NOON_S + 60, "side-bend", even)], UTC) == ()
    # One side in the morning, the other in the evening.
    sides = findings([(NOON_S, "side-bend", {"left": 30.0}), (NOON_S + 60, "side-bend", {"right": 15.0})], UTC)
    assert [each.side for each in sides] == ["right"]
    assert findings([], UTC) == ()


RESULTS = st.dictionaries(
    st.sampled_from(("left", "right", *(f"{side}_{way}" for side in ("left", "right") for way in WAYS), "error_deg")),
    st.floats(0.0, 60.0),
)


@given(st.sampled_from(KINDS), st.lists(RESULTS, max_size=5))
@example("hip-extension", [{"left": 2.0}])
def test_nothing_within_the_cameras_error_is_a_finding(kind: Kind, days: list[dict[str, float]]) -> None:
    for finding in found(kind, *days):
        # How little a hip extends is an angle of at most 10 degrees, of which the error is smaller.
        small = kind == "hip-extension" and finding.side is None
        assert finding.difference_deg > (SMALL_ERROR_DEG if small else ERROR_DEG[kind])
        assert 1 <= finding.days <= len(days)
        assert finding.less_deg >= 0


@given(st.sampled_from(KINDS), st.lists(RESULTS, max_size=4))
def test_a_mirrored_person_has_mirrored_findings(kind: Kind, days: list[dict[str, float]]) -> None:
    swap = {"left": "right", "right": "left", None: None}

    def mirrored(result: dict[str, float]) -> dict[str, float]:
        return {
            name.replace("left", "?").replace("right", "left").replace("?", "right"): deg
            for name, deg in result.items()
        }

    assert {(each.side, each.way, each.days) for each in found(kind, *days)} == {
        (swap[each.side], each.way, each.days) for each in found(kind, *map(mirrored, days))
    }
