"""Which picture a new one is like: the last, or one of the last minutes that said the same; small pictures by hand."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posture.measure.baseline import Baseline
from posture.measure.observation import Observation, Presence
from posture.perception.change import change, nearest, outline
from posture.perception.gate import Demand
from posture.perception.seen import MOST_SEEN, SEEN_S, Seen, most_like, remembered, said_by

STEADY = Demand(moved=0.10, still=0.02, stirred_s=10.0, verify_s=58.0)
ROOM = np.random.default_rng(1).integers(40, 120, (60, 80)).astype(np.uint8)


def scene(x: int, y: int = 20) -> np.ndarray:
    """A bright face somewhere before the same room."""
    luma = ROOM.copy()
    luma[y : y + 24, x : x + 18] = 220
    return luma


def sitting(t_s: float, **levels: float | None) -> Observation:
    return Observation(t_s, "sitting", levels=levels)  # type: ignore[arg-type]


def seen_of(*looks: tuple[np.ndarray, Observation], baseline: Baseline | None = None) -> tuple[Seen, ...]:
    seen: tuple[Seen, ...] = ()
    for luma, observation in looks:
        seen = remembered(seen, luma, observation, baseline)
    return seen


def test_who_moves_to_and_fro_is_not_new_at_each_turn() -> None:
    seen = seen_of((scene(10), sitting(0.0, slump=0.1)), (scene(40), sitting(12.0, slump=0.2)))
    found, changed = most_like(seen, scene(10), 16.0, STEADY)
    assert (found.t_s, changed) == (0.0, 0.0)
    assert found.observation == sitting(0.0, slump=0.1)
    found, changed = most_like(seen, scene(40), 16.0, STEADY)
    assert (found.t_s, changed) == (12.0, 0.0)
    # A third place is as new as it is against the nearer of the two.
    found, changed = most_like(seen, scene(12), 16.0, STEADY)
    assert found.t_s == 0.0
    assert changed == change(scene(10), scene(12)) < change(scene(40), scene(12))


@pytest.mark.parametrize(
    "before",
    [
        sitting(0.0, slump=1.0),
        sitting(0.0, slump=None),
        sitting(0.0, slump=0.1, head_tilt=0.1),
        Observation(0.0, "standing", levels={"slump": 0.1}),
        Observation(0.0, "away"),
        replace(sitting(0.0, slump=0.1), view_fits=False),
    ],
)
def test_what_said_something_else_is_not_compared_with(before: Observation) -> None:
    seen = seen_of((scene(10), before), (scene(40), sitting(12.0, slump=0.1)))
    found, changed = most_like(seen, scene(10), 16.0, STEADY)
    assert found.t_s == 12.0
    assert changed == change(scene(40), scene(10)) > STEADY.moved


@pytest.mark.parametrize(
    ("level", "other", "same"),
    [(0.1, 0.99, True), (1.0, 3.0, True), (0.99, 1.0, False)],
)
def test_levels_on_the_same_side_of_the_threshold_say_the_same(level: float, other: float, same: bool) -> None:
    assert (said_by(sitting(0.0, slump=level)) == said_by(sitting(9.0, slump=other))) is same


@pytest.mark.parametrize("presence", ["away", "unknown"])
def test_an_empty_chair_is_compared_with_the_last_picture_only(presence: Presence) -> None:
    """Whom the model has missed, it finds when they move."""
    seen = seen_of((scene(10), Observation(0.0, presence)), (scene(40), Observation(12.0, presence)))
    found, changed = most_like(seen, scene(10), 16.0, STEADY)
    assert found.t_s == 12.0
    assert changed > STEADY.moved


def test_who_stands_moves_to_and_fro_as_well() -> None:
    seen = seen_of((scene(10), Observation(0.0, "standing")), (scene(40), Observation(12.0, "standing")))
    assert most_like(seen, scene(10), 16.0, STEADY)[1] == 0.0


def test_another_baseline_judges_anew() -> None:
    baseline = object.__new__(Baseline)
    seen = seen_of((scene(10), sitting(0.0)))
    seen = remembered(seen, scene(40), sitting(12.0), baseline)
    assert most_like(seen, scene(10), 16.0, STEADY)[0].t_s == 12.0
    seen = remembered(seen, scene(70), sitting(13.0), baseline)
    assert most_like(seen, scene(40), 16.0, STEADY)[0].t_s == 12.0


def test_what_the_last_picture_decides_is_not_looked_for_in_others() -> None:
    """What is still, and what is asked for in any case."""
    slightly = scene(40)
    slightly[:2, :10] = 255
    seen = seen_of((slightly, sitting(0.0)), (scene(40), sitting(12.0)))
    assert 0.0 < change(scene(40), slightly) < STEADY.still
    assert most_like(seen, slightly, 16.0, STEADY)[0].t_s == 12.0
    assert most_like(seen, slightly, 16.0, replace(STEADY, still=0.001))[0].t_s == 0.0
    assert most_like(seen, slightly, 70.0, replace(STEADY, still=0.001))[0].t_s == 12.0
    assert most_like(seen, slightly, 69.9, replace(STEADY, still=0.001))[0].t_s == 0.0


def test_of_two_that_are_as_like_the_last_stands() -> None:
    seen = seen_of((scene(10), sitting(0.0)), (scene(10), sitting(12.0)))
    assert most_like(seen, scene(14), 16.0, STEADY)[0].t_s == 12.0


def test_as_much_as_a_small_change_is_one() -> None:
    by = change(scene(40), scene(42))
    seen = seen_of((scene(42), sitting(0.0)), (scene(40), sitting(12.0)))
    assert most_like(seen, scene(42), 16.0, replace(STEADY, still=by))[0].t_s == 0.0


def test_so_many_pictures_are_remembered_and_none_longer_than_ten_minutes() -> None:
    seen = seen_of(*((scene(x), sitting(float(x))) for x in range(MOST_SEEN + 5)))
    assert [one.t_s for one in seen] == [float(t_s) for t_s in range(5, MOST_SEEN + 5)]
    later = remembered(seen, scene(0), sitting(SEEN_S + 20.0), None)
    assert [one.t_s for one in later] == [*(float(t_s) for t_s in range(20, MOST_SEEN + 5)), SEEN_S + 20.0]


@given(
    st.lists(st.tuples(st.integers(0, 60), st.sampled_from([0.1, 0.8, 1.2])), min_size=1, max_size=8),
    st.integers(0, 60),
)
@settings(max_examples=50)
def test_it_is_never_less_like_than_the_last_and_never_says_anything_else(
    places: list[tuple[int, float]], x: int
) -> None:
    seen = seen_of(*((scene(at), sitting(4.0 * k, slump=level)) for k, (at, level) in enumerate(places)))
    found, changed = most_like(seen, scene(x), 40.0, STEADY)
    assert changed == change(found.luma, scene(x)) <= change(seen[-1].luma, scene(x))
    assert found.said == seen[-1].said


# -- outlines ----------------------------------------------------------------------------------------------------------


def test_an_outline_is_the_means_of_blocks_without_brightness_and_contrast() -> None:
    luma = np.zeros((9, 10), np.uint8)
    luma[:4, :4] = 100
    luma[8] = luma[:, 8:] = 255  # less than a block is left out
    assert outline(luma).shape == (2, 2)
    assert outline(luma) == pytest.approx(np.array([[3.0, -1.0], [-1.0, -1.0]]) / 3**0.5, abs=1e-6)
    assert outline((ROOM * 0.5 + 30.0).astype(np.uint8)) == pytest.approx(outline(ROOM), abs=0.1)
    assert outline(np.full((60, 80), 7, np.uint8)) == pytest.approx(0.0)
    almost_even = np.full((4, 8), 7, np.uint8)
    almost_even[:, 4:] = 8  # so little is not made more of
    assert outline(almost_even) == pytest.approx(np.array([[-0.5, 0.5]]))


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("shape", [(1, 1), (2, 2), (3, 9), (9, 1)])
def test_a_picture_of_a_few_cells_has_an_outline(shape: tuple[int, int]) -> None:
    found = outline(np.arange(shape[0] * shape[1], dtype=np.uint8).reshape(shape))
    assert found.size
    assert np.isfinite(found).all()


def test_the_nearest_of_those_with_its_shape() -> None:
    to = np.zeros((2, 2), np.float32)
    uneven = np.array([[0.0, 0.0], [0.0, 3.0]], np.float32)
    outlines = [to + 3.0, to - 1.0, np.zeros((3, 2), np.float32), uneven]
    assert nearest(outlines, to) == 3
    assert nearest(outlines[:3], to) == 1
    assert nearest(outlines[2:3], to) is None
    assert nearest([], to) is None
