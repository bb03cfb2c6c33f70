"""Which frames are looked at: near the wanted rate, never more often, and on one grid."""

from __future__ import annotations

from itertools import accumulate, pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.camera.pacer import Pacer, paced
from posture.camera.video import VideoFile

steps = st.floats(0.05, 20.0)


def looked_at(frames_s: list[float], step_s: float) -> list[float]:
    pacer, found = Pacer(), []
    for t_s in frames_s:
        if pacer.wants(t_s):
            pacer = pacer.after(t_s, step_s)
            found.append(t_s)
    return found


@pytest.mark.parametrize(
    ("frames_s", "step_s", "wanted"),
    [
        ([0.0, 0.25, 0.5, 0.75, 1.0], 0.5, [0.0, 0.5, 1.0]),
        ([7.0, 7.5, 8.0], 1.0, [7.0, 8.0]),
        # The grid is kept: after a look at 0.5, due at 0.4, the next is due at 0.8 and not at 0.9.
        ([0.0, 0.25, 0.5, 0.75, 1.0, 1.25], 0.4, [0.0, 0.5, 1.0, 1.25]),
        # Times are rounded: half a millisecond early is in time, more is not.
        ([0.0, 0.9996], 1.0, [0.0, 0.9996]),
        ([0.0, 0.999, 1.01], 1.0, [0.0, 1.01]),
        # A gap of several steps is not made up for.
        ([0.0, 5.0, 5.2, 5.4, 6.0], 1.0, [0.0, 5.0, 6.0]),
        # Exactly one step late: still on the grid.
        ([0.0, 2.0, 2.5, 3.0], 1.0, [0.0, 2.0, 2.5, 3.0]),
    ],
)
def test_examples(frames_s: list[float], step_s: float, wanted: list[float]) -> None:
    assert looked_at(frames_s, step_s) == wanted


@given(st.floats(0, 1e5), st.lists(st.floats(0.01, 1.0), min_size=1, max_size=200), steps)
def test_looks_are_on_average_a_step_apart_at_least(first_s: float, gaps_s: list[float], step_s: float) -> None:
    found = looked_at(list(accumulate(gaps_s, initial=first_s)), step_s)
    assert found[0] == first_s
    for earlier in range(len(found)):
        for later in range(earlier + 2, len(found)):
            assert found[later] - found[earlier] >= (later - earlier - 1) * step_s - 0.001


@given(st.integers(1, 200), st.floats(5, 60), steps)
def test_a_steady_rate_misses_no_slot(count: int, rate_fps: float, step_s: float) -> None:
    frames_s = [number / rate_fps for number in range(count)]
    found = looked_at(frames_s, step_s)
    assert all(later - earlier <= step_s + 1.001 / rate_fps for earlier, later in pairwise(found))


def test_a_video_is_passed_and_looked_at_at_that_rate(data: Path) -> None:
    with VideoFile(data / "still.mp4") as video:
        found = list(paced(video, 1.0))
        assert len(found) == 90
    assert found[0] == 0.0
    assert all(abs(t_s - number) < 0.2 for number, t_s in enumerate(found))
