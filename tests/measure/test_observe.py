"""Whether somebody sits, stands or is away, one look at a time; and what of a look is smoothed."""

from __future__ import annotations

from dataclasses import fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from people import H, Points, W, baseline_like, person_of, rendered, rendered_baseline, sitter, zoomed

from posture.measure.geometry import Person
from posture.measure.levels import NO_BASELINE, judge
from posture.measure.measures import Measures, measure
from posture.measure.observation import Observation
from posture.measure.observe import Observer, observe
from posture.measure.smoothing import Smoother, smooth
from posture.pose.landmarks import Landmark
from posture.settings import Settings

SETTINGS = Settings()
BASE = baseline_like(sitter())
WIDTH_PX = 240.0
RISE_PX = 0.8 * WIDTH_PX
"""How far a head must have risen for somebody to stand: `measure.standing_rise_sw`."""
HEAD = [Landmark(row) for row in (0, 2, 5, 7, 8, 9, 10)]
SHOULDERS = [Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]
KNEES = [Landmark.LEFT_KNEE, Landmark.RIGHT_KNEE]


def seen(person: Person | None, **how: object) -> Observation:
    return observe(Observer(), 5.0, person, how.pop("baseline", BASE), SETTINGS, **how)[1]  # type: ignore[arg-type]


def presence(points: Points, size: int = 1) -> str:
    return seen(person_of(points * [size, size, size, 1], size * W, size * H)).presence


def risen(px: float) -> Points:
    points = sitter()
    points[:, 1] -= px
    return points


# -- away and unknown --------------------------------------------------------------------------------------------------


def test_nobody_is_away_and_in_the_dark_unknown() -> None:
    state = Observer({"slump_deg": Smoother()})
    assert observe(state, 5.0, None, BASE, SETTINGS) == (state, Observation(5.0, "away"), Measures())
    assert observe(state, 5.0, None, BASE, SETTINGS, blind="too dark") == (
        state,
        Observation(5.0, "unknown", "too dark"),
        Measures(),
    )
    assert seen(person_of(sitter()), blind="too dark").presence == "sitting"


@pytest.mark.parametrize("size", [1, 2])
@pytest.mark.parametrize(("share", "found"), [(0.44, "away"), (0.46, "sitting"), (1.0, "sitting")])
def test_who_is_over_twice_as_far_is_not_at_the_desk(share: float, found: str, size: int) -> None:
    assert presence(zoomed(sitter(), share, (320, 480)), size) == found


def test_exactly_that_share_is_too_small() -> None:
    small = zoomed(sitter(), 0.45, (320, 480))
    person = person_of(small)
    exact = replace(person, geometry=replace(person.geometry, size_px=0.45 * BASE.geometry.size_px))
    assert seen(exact).presence == "away"


@pytest.mark.parametrize(("size_px", "found"), [(47.9, "away"), (48.0, "sitting")])
def test_without_a_baseline_a_tenth_of_the_height_is_enough(size_px: float, found: str) -> None:
    person = person_of(sitter())
    small = replace(person, geometry=replace(person.geometry, size_px=size_px))
    assert seen(small, baseline=None).presence == found
    assert seen(small).presence == "away"


def test_neither_face_nor_shoulders_is_unknown() -> None:
    points = sitter()
    points[[*HEAD, *SHOULDERS], 3] = 0.2
    assert seen(person_of(points)) == Observation(5.0, "unknown", "neither face nor shoulders are in the picture")
    for part in (HEAD, SHOULDERS):
        points = sitter()
        points[part, 3] = 0.2
        assert seen(person_of(points)).presence == "sitting"
        assert seen(person_of(points), baseline=None).presence == "sitting"


# -- standing ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", [1, 2])
@pytest.mark.parametrize(
    ("part", "found"), [(0.0, "sitting"), (0.5, "sitting"), (0.99, "sitting"), (1.01, "standing"), (-1.1, "sitting")]
)
def test_standing_is_a_head_risen_by_that_much(part: float, found: str, size: int) -> None:
    assert presence(risen(part * RISE_PX), size) == found


def test_exactly_that_much_is_not_yet_standing() -> None:
    person = person_of(sitter())
    up = replace(person, geometry=replace(person.geometry, ears_px=(320.0, 200.0 - RISE_PX)))
    assert seen(up).presence == "sitting"


def test_the_rise_is_a_setting() -> None:
    low = replace(SETTINGS, measure=replace(SETTINGS.measure, standing_rise_sw=0.3))
    assert observe(Observer(), 0.0, person_of(risen(0.4 * WIDTH_PX)), BASE, low)[1].presence == "standing"


@pytest.mark.parametrize(
    ("larger", "found"), [(1.0, "standing"), (1.49, "standing"), (1.51, "sitting"), (2.0, "sitting")]
)
def test_a_near_face_is_not_standing(larger: float, found: str) -> None:
    """Whoever leans in to the camera is higher in the picture too."""
    points = risen(1.1 * RISE_PX)
    head = zoomed(points, larger, (320, 200 - 1.1 * RISE_PX))
    points[HEAD] = head[HEAD]
    person = person_of(points)
    # A face that is cut off at the top is of unknown size; here it is seen.
    near = replace(person, geometry=replace(person.geometry, face_seen=True))
    assert seen(near).presence == found


def test_half_as_large_again_may_still_stand() -> None:
    person = person_of(risen(1.1 * RISE_PX))
    near = replace(person, geometry=replace(person.geometry, face_seen=True, ear_width_px=150.0))
    assert seen(near).presence == "standing"


def test_a_head_out_of_the_picture_may_stand() -> None:
    points = risen(1.1 * RISE_PX)
    assert not person_of(points).geometry.face_seen
    assert seen(person_of(points)).presence == "standing"


def test_standing_is_not_smoothed_and_begins_anew() -> None:
    person = person_of(risen(1.2 * RISE_PX))
    person = replace(person, geometry=replace(person.geometry, face_seen=True))
    state, observation, measures = observe(Observer({"slump_deg": Smoother()}), 9.0, person, BASE, SETTINGS)
    assert state == Observer()
    assert measures == measure(person, BASE, SETTINGS)
    assert observation == Observation(9.0, "standing", distance_cm=measures.distance_cm)
    assert observation.distance_cm is not None


def on_legs(thigh_px: float, **seen_as: float) -> Person:
    """Shoulders at 100, hips at 200, knees further down."""
    points = sitter()
    points[HEAD, 1] -= 160
    points[SHOULDERS, 1] = 100
    points[[Landmark.LEFT_HIP, Landmark.RIGHT_HIP], 1] = 200
    points[KNEES, 1] = 200 + thigh_px
    points[KNEES, 0] = 300
    points[KNEES, 3] = 0.99
    for name, visibility in seen_as.items():
        points[Landmark[name], 3] = visibility
    return person_of(points)


@pytest.mark.parametrize(
    ("thigh_px", "found"), [(100.0, "standing"), (71.0, "standing"), (70.0, "sitting"), (20.0, "sitting")]
)
def test_without_a_baseline_straight_legs_stand(thigh_px: float, found: str) -> None:
    assert seen(on_legs(thigh_px), baseline=None).presence == found
    assert seen(on_legs(thigh_px)).presence == "sitting"


def test_legs_that_are_not_seen_do_not_stand() -> None:
    assert seen(on_legs(100.0, LEFT_HIP=0.6), baseline=None).presence == "standing"
    assert seen(on_legs(100.0, LEFT_HIP=0.59), baseline=None).presence == "sitting"
    assert seen(on_legs(100.0, RIGHT_HIP=0.2), baseline=None).presence == "sitting"
    assert seen(on_legs(100.0, LEFT_KNEE=0.2), baseline=None).presence == "standing"
    for hip_px, found in ((H - 1, "standing"), (H, "sitting")):
        low = on_legs(400.0)
        low.pose.landmarks[Landmark.LEFT_HIP, 1] = hip_px
        assert seen(low, baseline=None).presence == found
    assert seen(on_legs(560.0), baseline=None).presence == "standing"  # half of them above the lower edge
    assert seen(on_legs(561.0), baseline=None).presence == "sitting"
    upside_down = on_legs(100.0)
    upside_down.pose.landmarks[SHOULDERS, 1] = 250
    assert seen(upside_down, baseline=None).presence == "sitting"
    short = on_legs(100.0)
    short.pose.landmarks[SHOULDERS, 1] = 199
    observation = seen(short, baseline=None)
    assert (observation.presence, observation.reason) == ("standing", "")
    level = on_legs(100.0)
    level.pose.landmarks[SHOULDERS, 1] = 200
    assert seen(level, baseline=None).presence == "sitting"


# -- what a look says of one who sits ----------------------------------------------------------------------------------


def test_each_measure_is_smoothed_by_itself() -> None:
    base = rendered_baseline("Asian_F_1__base")
    people = [rendered(f"Asian_F_1__{name}") for name in ("base", "lat_lean_+10", "slouch_+18", "lat_lean_-15")]
    state, smoothers = Observer(), {}
    for k, person in enumerate(people):
        state, observation, measures = observe(state, 0.5 * k, person, base, SETTINGS, model="heavy")
        raw = measure(person, base, SETTINGS, "heavy")
        for name in (spec.name for spec in fields(Measures) if spec.name not in ("sd", "not_observable")):
            smoothers[name], expected = smooth(smoothers.get(name, Smoother()), 0.5 * k, getattr(raw, name))
            assert getattr(measures, name) == expected, name
        assert (measures.sd, measures.not_observable) == (raw.sd, raw.not_observable)
        assert dict(state.smoothers) == smoothers
        assert observation == Observation(
            0.5 * k,
            "sitting",
            levels=judge(measures, SETTINGS.measure)[0],
            posture=observation.posture,
            distance_cm=measures.distance_cm,
            judged=judge(measures, SETTINGS.measure)[1],
        )
        assert observation.levels


def test_what_the_placement_hides_stays_with_the_smoothed_measures() -> None:
    base = rendered_baseline("Asian_F_1__base")
    low = replace(base, placement=replace(base.placement, lens_below_eyes_cm=40.0))
    measures = observe(Observer(), 0.0, rendered("Asian_F_1__slouch_+18"), low, SETTINGS, model="heavy")[2]
    assert measures.not_observable == ("forward_head_deg",)


def test_without_a_baseline_no_deviation_is_judged() -> None:
    observation = seen(rendered("Asian_F_1__lat_lean_+10"), baseline=None)
    assert (observation.presence, observation.reason) == ("sitting", "")
    assert (observation.levels, observation.posture) == ({}, ())
    assert {judged.why for judged in observation.judged.values()} == {NO_BASELINE}
    assert observation.distance_cm is not None


def test_the_model_is_lite_unless_named() -> None:
    base = rendered_baseline("White_M_1__base", "lite")
    look = rendered("White_M_1__lat_lean_+10", "lite")
    assert observe(Observer(), 0.0, look, base, SETTINGS)[2] == measure(look, base, SETTINGS, "lite")
    assert observe(Observer(), 0.0, look, base, SETTINGS, model="full")[2] == measure(look, base, SETTINGS, "full")


def test_posture_is_in_parts_of_a_shift() -> None:
    """0.12 shoulder widths aside, 0.10 down, a tenth larger: each is one shift."""
    assert seen(person_of(sitter())).posture == pytest.approx((0.0, 0.0, 0.0))
    moved = sitter(dict.fromkeys(SHOULDERS, (0.12 * WIDTH_PX, 0)) | dict.fromkeys(HEAD, (0, 0.10 * WIDTH_PX)))
    assert seen(person_of(moved)).posture == pytest.approx((1.0, 1.0, 0.0))
    points = sitter()
    points[HEAD] = zoomed(points, 1.2, (320, 200))[HEAD]
    assert seen(person_of(points)).posture == pytest.approx((0.0, 0.0, 2.0))
    for part in (HEAD, SHOULDERS):
        points = sitter()
        points[part, 3] = 0.2
        assert seen(person_of(points)).posture == ()


@given(st.floats(-200, 250), st.floats(0.3, 2.5), st.booleans())
def test_whatever_is_seen_the_time_stands_and_a_reason_is_given_exactly_where_unknown(
    down_px: float, nearer: float, blind: bool
) -> None:
    points = zoomed(sitter(), nearer)
    points[:, 1] += down_px
    observation = seen(person_of(points), blind="too dark" if blind else "")
    assert observation.t_s == 5.0
    assert bool(observation.reason) == (observation.presence == "unknown")
    assert bool(observation.levels) == (observation.presence == "sitting")


@given(st.floats(0, 200), st.floats(0, 100))
def test_whoever_rises_further_does_not_sit_down(px: float, more_px: float) -> None:
    if presence(risen(px)) == "standing":
        assert presence(risen(px + more_px)) == "standing"
