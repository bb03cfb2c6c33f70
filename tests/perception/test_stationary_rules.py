"""Who is stationary, look by look, without a model: pictures of made-up textures in the places of made-up people."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from people import pose_of, sitter

from posture.perception.cells import Cells, Luma, covered_cells
from posture.perception.stationary import Snapshot, StationaryPeople, is_stationary, is_still_there
from posture.pose.landmarks import Pose

SHAPE = (60, 80)
RNG = np.random.default_rng(7)
ROOM = RNG.integers(40, 200, SHAPE).astype(np.uint8)
OTHER_ROOM = np.random.default_rng(8).integers(40, 200, SHAPE).astype(np.uint8)


def person(right: float = 0.0, size: float = 1.0) -> Pose:
    points = sitter()
    points[:, :2] = (points[:, :2] - (320, 280)) * size + (320 + right, 280)
    return pose_of(points)


MIDDLE = person()
HEAD = covered_cells(MIDDLE, SHAPE, below=False)
BODY = covered_cells(MIDDLE, SHAPE, below=True)


def changed(luma: Luma, cells: Cells, count: int, seed: int = 0) -> Luma:
    """So many of the cells become wholly another grey, far from any change of brightness."""
    out = luma.copy()
    places = np.argwhere(cells)[:: max(1, int(cells.sum()) // max(count, 1))][:count]
    for k, (row, column) in enumerate(places):
        out[row, column] = (int(luma[row, column]) + 128 + seed + k % 3) % 256
    return out


def share_of(cells: Cells, share: float) -> int:
    return int(share * cells.sum())


def watch(*looks: tuple[float, Luma, Pose]) -> tuple[StationaryPeople, list[bool]]:
    state, found = StationaryPeople(), []
    for t_s, luma, pose in looks:
        state, stationary = is_stationary(state, t_s, luma, pose)
        found.append(stationary)
    return state, found


def moving(t_s: float, seed: int = 1) -> tuple[float, Luma, Pose]:
    """A look at the user in the middle, who has moved since the last one."""
    return t_s, changed(ROOM, HEAD, share_of(HEAD, 0.3), seed), MIDDLE


# -- stillness ---------------------------------------------------------------------------------------------------------


def test_the_first_look_is_the_user() -> None:
    state, found = watch((5.0, ROOM, MIDDLE))
    assert found == [False]
    assert state.user is state.still
    assert (state.known, state.alive) == ((), False)
    assert state.user is not None
    assert state.user.t_s == 5.0
    assert np.array_equal(state.user.luma, ROOM)
    assert np.array_equal(state.user.cells, HEAD)
    assert np.array_equal(state.user.whole, BODY)


@pytest.mark.parametrize(("still_s", "stationary"), [(119.9, False), (120.0, True), (1000.0, True)])
def test_who_was_alive_and_is_still_for_two_minutes_is_stationary(still_s: float, stationary: bool) -> None:
    start = changed(ROOM, HEAD, share_of(HEAD, 0.3))
    noisy = changed(ROOM, ~HEAD & ~BODY, 1)
    state, found = watch((0.0, start, MIDDLE), (10.0, ROOM, MIDDLE), (10.0 + still_s, noisy, MIDDLE))
    assert found == [False, False, stationary]
    assert state.alive
    assert len(state.known) == stationary
    if stationary:
        assert state.user is state.still is None
        assert state.known[0].t_s == 10.0 + still_s
    else:
        assert state.user is not None
        assert state.still is not None
        assert (state.user.t_s, state.still.t_s) == (10.0 + still_s, 10.0)


def test_before_anybody_has_moved_stillness_says_nothing() -> None:
    noisy = changed(ROOM, ~HEAD & ~BODY, 1)
    state, found = watch((0.0, ROOM, MIDDLE), (500.0, noisy, MIDDLE))
    assert found == [False, False]
    assert not state.alive


def test_the_very_same_picture_says_nothing() -> None:
    """A source that repeats its frames: nothing moves in it, living or not."""
    start = changed(ROOM, HEAD, share_of(HEAD, 0.3))
    assert watch((0.0, start, MIDDLE), (10.0, ROOM, MIDDLE), (500.0, ROOM, MIDDLE))[1] == [False] * 3


def test_one_cell_in_three_hundred_is_a_movement() -> None:
    """More than 0.3 % of head and shoulders."""
    few, enough = int(0.003 * HEAD.sum()), int(0.003 * HEAD.sum()) + 1
    for count, alive in ((few, False), (enough, True)):
        state, _ = watch((0.0, ROOM, MIDDLE), (10.0, changed(ROOM, HEAD, count), MIDDLE))
        assert state.alive is alive
        assert state.still is not None
        assert state.still.t_s == (10.0 if alive else 0.0)


def test_who_is_elsewhere_is_somebody_else_and_has_not_moved() -> None:
    """Less than half of the larger of both places is common."""
    state, _ = watch((0.0, ROOM, MIDDLE), (10.0, OTHER_ROOM, person(right=160)))
    assert not state.alive
    assert state.still is not None
    assert state.still.t_s == 10.0
    state, _ = watch((0.0, ROOM, MIDDLE), (10.0, OTHER_ROOM, person(right=60)))
    assert state.alive
    for size in (0.55, 1.8):  # in the same place, but hardly as large
        state, _ = watch((0.0, ROOM, MIDDLE), (10.0, OTHER_ROOM, person(size=size)))
        assert not state.alive


def test_a_picture_of_another_size_is_no_movement() -> None:
    state, _ = watch((0.0, ROOM, MIDDLE), (10.0, ROOM[:45], MIDDLE))
    assert not state.alive
    assert state.still is not None
    assert state.still.t_s == 10.0


# -- a poster that is known --------------------------------------------------------------------------------------------


def known_poster() -> StationaryPeople:
    start = changed(ROOM, HEAD, share_of(HEAD, 0.3))
    noisy = changed(ROOM, ~HEAD & ~BODY, 1)
    return watch((0.0, start, MIDDLE), (10.0, ROOM, MIDDLE), (200.0, noisy, MIDDLE))[0]


def test_a_known_poster_stays_one_in_any_light() -> None:
    state = known_poster()
    for luma in (ROOM, (ROOM * 0.7).astype(np.uint8), np.clip(ROOM.astype(int) + 30, 0, 255).astype(np.uint8)):
        after, stationary = is_stationary(state, 300.0, luma, MIDDLE)
        assert stationary
        assert after is state


@pytest.mark.parametrize(("share", "stationary"), [(0.049, True), (0.052, False), (0.3, False)])
def test_a_known_poster_of_which_a_twentieth_has_changed_is_somebody(share: float, stationary: bool) -> None:
    luma = changed(ROOM, HEAD, share_of(HEAD, share))
    assert is_stationary(known_poster(), 300.0, luma, MIDDLE)[1] is stationary


def test_exactly_a_twentieth_may_change() -> None:
    assert is_stationary(known_poster(), 300.0, changed(ROOM, HEAD, 68), MIDDLE)[1]
    assert not is_stationary(known_poster(), 300.0, changed(ROOM, HEAD, 69), MIDDLE)[1]


def test_somebody_elsewhere_is_not_the_poster() -> None:
    assert not is_stationary(known_poster(), 300.0, ROOM, person(right=160))[1]


def test_somebody_in_a_picture_of_another_size_is_not_the_poster() -> None:
    small = ROOM[:45]
    state, stationary = is_stationary(known_poster(), 300.0, small, MIDDLE)
    assert not stationary
    assert state.still is not None
    assert state.still.luma is small
    again, stationary = is_stationary(state, 310.0, ROOM, person(right=160))
    assert not stationary
    assert again.user is not None
    assert again.user.t_s == 310.0


def test_eight_are_remembered() -> None:
    state, nobody = StationaryPeople(), np.zeros(SHAPE, np.bool_)
    for k in range(10):
        state = replace(state, user=Snapshot(0.0, ROOM, nobody, nobody))
        state, stationary = is_stationary(state, float(k), ROOM, person(right=-240 + 52 * k, size=0.25))
        assert stationary
    assert [poster.t_s for poster in state.known] == [2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0]


# -- a poster beside the user ------------------------------------------------------------------------------------------


def test_who_was_there_beside_the_user_is_stationary_at_once() -> None:
    state, _ = watch((0.0, ROOM, person(right=-200, size=0.5)))
    assert is_stationary(state, 10.0, ROOM, person(right=150, size=0.5))[1]
    moved = changed(ROOM, covered_cells(person(right=150, size=0.5), SHAPE, below=False), 60)
    assert not is_stationary(state, 10.0, moved, person(right=150, size=0.5))[1]


@pytest.mark.parametrize(("share", "stationary"), [(0.049, True), (0.055, False)])
def test_a_twentieth_of_it_may_change_with_the_light(share: float, stationary: bool) -> None:
    state, _ = watch((0.0, ROOM, person(right=-200, size=0.5)))
    poster = person(right=150, size=0.5)
    cells = covered_cells(poster, SHAPE, below=False)
    luma = changed(ROOM, cells, int(share * cells.sum()) + (not stationary))
    after, found = is_stationary(state, 10.0, luma, poster)
    assert found is stationary
    if stationary:
        assert after.user is after.still is None
        assert [known.t_s for known in after.known] == [10.0]


def test_who_was_half_hidden_by_the_user_may_be_the_user() -> None:
    """More than half of the place must have been visible beside them."""
    poster = person(right=150, size=0.5)
    cells = covered_cells(poster, SHAPE, below=False)
    for hidden, stationary in ((0.49, True), (0.51, False)):
        whole = np.zeros_like(cells)
        places = np.argwhere(cells)[: round(hidden * cells.sum())]
        whole[tuple(places.T)] = True
        user = Snapshot(0.0, ROOM, np.zeros_like(cells), whole)
        assert is_stationary(StationaryPeople(user=user), 10.0, ROOM, poster)[1] is stationary


def test_half_of_it_is_not_more_than_half() -> None:
    poster = person(right=150, size=0.5)
    cells = covered_cells(poster, SHAPE, below=False)
    whole = np.zeros_like(cells)
    whole[tuple(np.argwhere(cells)[: int(np.ceil(cells.sum() / 2))].T)] = True
    user = Snapshot(0.0, ROOM, np.zeros_like(cells), whole)
    assert not is_stationary(StationaryPeople(user=user), 10.0, ROOM, poster)[1]


# -- what cannot be told -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("deviation", "told"), [(9, False), (10, True)])
def test_in_the_dark_nothing_is_told(deviation: int, told: bool) -> None:
    """Below a standard deviation of 10 in head and shoulders."""
    even = np.indices(SHAPE).sum(axis=0) % 2 * 2 * deviation
    luma = (100 + even).astype(np.uint8)
    cells = covered_cells(MIDDLE, SHAPE, below=False)
    assert luma[cells].std() == pytest.approx(deviation, abs=1e-9)
    state, stationary = is_stationary(StationaryPeople(), 0.0, luma, MIDDLE)
    assert not stationary
    assert (state.user is not None) is told


def test_who_is_out_of_the_picture_is_not_told() -> None:
    state = StationaryPeople()
    assert is_stationary(state, 0.0, ROOM, person(right=2000)) == (state, False)


# -- whether the user is still there -----------------------------------------------------------------------------------


@pytest.mark.parametrize(("share", "there"), [(0.0, True), (0.099, True), (0.103, False), (0.5, False)])
def test_the_place_looks_as_it_did(share: float, there: bool) -> None:
    state, _ = watch((0.0, ROOM, MIDDLE))
    assert is_still_there(state, changed(ROOM, HEAD, share_of(HEAD, share))) is there


def test_exactly_a_tenth_may_change() -> None:
    assert HEAD.sum() == 1360
    state, _ = watch((0.0, ROOM, MIDDLE))
    assert is_still_there(state, changed(ROOM, HEAD, 136))
    assert not is_still_there(state, changed(ROOM, HEAD, 137))


def test_nobody_was_there() -> None:
    assert not is_still_there(StationaryPeople(), ROOM)


def test_a_picture_of_another_size_is_another_place() -> None:
    state, _ = watch((0.0, ROOM, MIDDLE))
    assert not is_still_there(state, ROOM[:45])


@pytest.mark.parametrize(("deviation", "there"), [(19, False), (20, True)])
def test_in_the_dark_all_places_look_alike(deviation: int, there: bool) -> None:
    even = np.indices(SHAPE).sum(axis=0) % 2 * 2 * deviation
    luma = (100 + even).astype(np.uint8)
    state, _ = watch((0.0, luma, MIDDLE))
    assert state.user is not None
    assert is_still_there(state, luma) is there


@given(st.lists(st.tuples(st.floats(0, 100), st.floats(0, 0.5), st.sampled_from([-200.0, 0.0, 160.0])), max_size=12))
def test_whoever_is_not_stationary_is_the_user_of_that_look(steps: list[tuple[float, float, float]]) -> None:
    state, t_s = StationaryPeople(), 0.0
    for k, (wait_s, share, right) in enumerate(steps):
        t_s += wait_s
        pose = person(right=right, size=0.6)
        luma = changed(ROOM, HEAD, share_of(HEAD, share), seed=k)
        state, stationary = is_stationary(state, t_s, luma, pose)
        assert len(state.known) <= 8
        assert (state.user is None) or state.user.t_s <= t_s
        if not stationary:
            assert state.user is not None
            assert state.user.t_s == t_s
