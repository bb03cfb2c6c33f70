"""The running median and the One-Euro filter, against the formulas as published and on their own limits."""

from __future__ import annotations

import math
from statistics import median

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.measure.smoothing import Smoother, smooth

values = st.floats(-90, 90)
steps = st.floats(0.01, 3.0)
looks = st.lists(st.tuples(steps, values), min_size=1, max_size=20)


def smoothed(sequence: list[tuple[float, float]], **how: float) -> list[float]:
    """What comes out, look by look; each look is the seconds since the one before, and the value."""
    state, t_s, out = Smoother(), 0.0, []
    for step_s, value in sequence:
        t_s += step_s
        state, result = smooth(state, t_s, value, **how)
        assert result is not None
        out.append(result)
    return out


def one_euro(sequence: list[tuple[float, float]], min_cutoff_hz: float = 0.3) -> list[float]:
    """As in the paper (Casiez 2012), with the settings for degrees of docs/evidence.md, section 1."""

    def alpha(cutoff_hz: float, step_s: float) -> float:
        tau = 1 / (2 * math.pi * cutoff_hz)
        return 1 / (1 + tau / step_s)

    out: list[float] = []
    rate, t_s = 0.0, 0.0
    times: list[float] = []
    for k, (step_s, _) in enumerate(sequence):
        t_s += step_s
        times.append(t_s)
        recent = [value for at_s, (_, value) in zip(times, sequence, strict=False) if t_s - at_s <= 3.0][-5:]
        middle = median(recent)
        if k == 0:
            out.append(middle)
            continue
        step_s = times[-1] - times[-2]
        rate = alpha(1.0, step_s) * (middle - out[-1]) / step_s + (1 - alpha(1.0, step_s)) * rate
        weight = alpha(min_cutoff_hz + 0.02 * abs(rate), step_s)
        out.append(weight * middle + (1 - weight) * out[-1])
    return out


@given(looks, st.sampled_from([0.3, 1.0]))
def test_it_is_the_published_filter_after_a_median_of_five(
    sequence: list[tuple[float, float]], min_cutoff_hz: float
) -> None:
    # Times add up with rounding, so that a step of 3 s can be a hair more.
    sequence = [(min(step_s, 2.99), value) for step_s, value in sequence]
    expected = one_euro(sequence, min_cutoff_hz)
    assert smoothed(sequence, min_cutoff_hz=min_cutoff_hz) == pytest.approx(expected, abs=1e-9)


def test_degrees_are_smoothed_with_a_cut_off_of_a_third_of_a_hertz() -> None:
    sequence = [(0.5, 0.0), (0.5, 4.0), (0.5, 4.0), (0.5, 4.0)]
    assert smoothed(sequence) == smoothed(sequence, min_cutoff_hz=0.3)
    assert smoothed(sequence) == pytest.approx([0.0, 1.0624, 2.7051, 3.3962], abs=0.0001)


def test_what_moves_fast_is_followed_sooner() -> None:
    """By the share of its way, a large step is followed further than a small one."""
    small, large = smoothed([(1.0, 0.0), (1.0, 1.0)])[-1], smoothed([(1.0, 0.0), (1.0, 60.0)])[-1] / 60
    assert large > small + 0.05


def test_two_wild_looks_of_five_change_nothing_and_three_do() -> None:
    still = [(0.3, 2.0)] * 5
    assert smoothed([*still, (0.3, 50.0), (0.3, 50.0), (0.3, 2.0)]) == [2.0] * 8
    assert smoothed([*still, *[(0.3, 50.0)] * 3])[-1] > 2.5


def test_looks_further_back_than_three_seconds_are_out_of_the_median() -> None:
    state, _ = smooth(Smoother(), 10.0, 0.0)
    after, middle = smooth(state, 13.0, 10.0)
    assert len(after.recent) == 2
    assert middle is not None
    assert 0.0 < middle < 5.0  # towards the median, which is 5
    after, value = smooth(state, 13.001, 10.0)
    assert (after, value) == (Smoother(((13.001, 10.0),), 13.001, 10.0, 0.0), 10.0)


@pytest.mark.parametrize("unknown", [None, math.nan, math.inf, -math.inf])
def test_what_is_not_known_stays_so_and_the_memory_too(unknown: float | None) -> None:
    state, _ = smooth(Smoother(), 1.0, 5.0)
    assert smooth(state, 2.0, unknown) == (state, None)
    assert smooth(Smoother(), 2.0, unknown) == (Smoother(), None)


@pytest.mark.parametrize("t_s", [5.0, 4.0])
def test_a_clock_that_does_not_go_on_begins_anew(t_s: float) -> None:
    state, _ = smooth(smooth(Smoother(), 4.5, 0.0)[0], 5.0, 0.0)
    after, value = smooth(state, t_s, 8.0)
    assert value == 0.0  # the median of three
    assert (after.t_s, after.value, after.rate) == (t_s, 0.0, 0.0)


def test_the_first_look_is_taken_as_it_is() -> None:
    assert smooth(Smoother(), 7.0, 5.0) == (Smoother(((7.0, 5.0),), 7.0, 5.0, 0.0), 5.0)


@given(looks)
def test_it_never_leaves_what_was_measured(sequence: list[tuple[float, float]]) -> None:
    low, high = min(value for _, value in sequence), max(value for _, value in sequence)
    assert all(low - 1e-9 <= out <= high + 1e-9 for out in smoothed(sequence))


@given(looks)
def test_left_and_right_are_alike(sequence: list[tuple[float, float]]) -> None:
    other = smoothed([(step_s, -value) for step_s, value in sequence])
    assert other == pytest.approx([-value for value in smoothed(sequence)])
