"""Whom it takes for the user: by size and place against the baseline, nothing else."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from people import H, W, baseline_like, names, person_of, rendered, rendered_baseline, sitter

from posture.measure.geometry import Person
from posture.perception.user_filter import is_user

BASE = baseline_like(sitter())
UPRIGHT = person_of(sitter())


def somebody(shoulders: float = 1.0, face: float = 1.0, aside_sw: float = 0.0, scale: int = 1) -> Person:
    """Of this size against the baseline, so far aside, in a picture `scale` times as large."""
    geometry = replace(
        UPRIGHT.geometry,
        shoulder_width_px=shoulders * 240.0 * scale,
        ear_width_px=face * 100.0 * scale,
        shoulders_px=((320.0 + aside_sw * 240.0) * scale, 360.0 * scale),
    )
    return Person(replace(UPRIGHT.pose, frame_w_px=W * scale, frame_h_px=H * scale), geometry)


@pytest.mark.parametrize("scale", [1, 2])
@pytest.mark.parametrize(
    ("shoulders", "face", "user"),
    [
        (1.0, 1.0, True),
        (0.6, 0.6, True),
        (0.59, 0.59, False),
        (0.6, 0.2, True),  # looking down or aside
        (0.2, 0.6, True),  # turned aside
        (0.59, 0.2, False),
        (0.2, 0.59, False),
        (3.0, 3.0, True),
    ],
)
def test_the_larger_of_shoulders_and_face_tells_the_size(shoulders: float, face: float, user: bool, scale: int) -> None:
    assert is_user(somebody(shoulders, face, scale=scale), BASE) is user


@pytest.mark.parametrize("scale", [1, 2])
@pytest.mark.parametrize("side", [1.0, -1.0])
@pytest.mark.parametrize(
    ("aside_sw", "size", "user"),
    [
        (1.19, 0.84, True),  # smaller, and not aside
        (1.21, 0.85, True),  # aside, and not smaller
        (1.21, 0.84, False),
        (2.0, 1.0, True),
        (0.0, 0.6, True),
        (2.0, 0.6, False),
    ],
)
def test_somebody_else_is_aside_and_smaller(aside_sw: float, size: float, user: bool, side: float, scale: int) -> None:
    assert is_user(somebody(size, size, side * aside_sw, scale), BASE) is user


def test_exactly_so_far_aside_is_the_user() -> None:
    base = baseline_like(sitter())
    base = replace(base, geometry=replace(base.geometry, shoulders_px=(0.0, 360.0)))
    person = somebody(0.7, 0.7)
    for aside_sw, user in ((1.2, True), (1.2001, False)):
        geometry = replace(person.geometry, shoulders_px=(aside_sw * 240.0, 360.0))
        assert is_user(replace(person, geometry=geometry), base) is user


@pytest.mark.parametrize("name", [name for name in names() if "seat" not in name])
def test_the_rendered_people_are_themselves_in_every_posture(name: str) -> None:
    person, *placement, _ = name.split("__")
    rest = "__".join([person, *placement, "base_+0"]) if placement else f"{person}__base"
    assert is_user(rendered(name), rendered_baseline(rest))


@given(st.floats(0.1, 3.0), st.floats(0.1, 3.0), st.floats(-3.0, 3.0), st.floats(1.0, 2.0))
def test_whoever_is_larger_in_the_same_place_is_no_less_the_user(
    shoulders: float, face: float, aside_sw: float, larger: float
) -> None:
    if is_user(somebody(shoulders, face, aside_sw), BASE):
        assert is_user(somebody(larger * shoulders, larger * face, aside_sw), BASE)
