"""Which of two baselines somebody fits: symmetric, steady, the same in every picture size; and never for a sitter."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from people import VISIBLE, H, Points, W, baseline_like, names, person_of, rendered, sitter, zoomed

from posture.measure.baseline import Baseline, Refusal, baseline_of, calibrate
from posture.measure.geometry import Person
from posture.measure.observe import Observer, observe
from posture.measure.standing import APART, Fits, alike_sentence, apart, of_standing, on_straight_legs, which_fits
from posture.pose.landmarks import Landmark, Pose
from posture.settings import Settings

SETTINGS = Settings()
REAL = Path(__file__).parents[1] / "data/real"
LOWER_SW = SETTINGS.measure.standing_rise_sw
DESK_SW = 0.5
"""How much lower in the picture whoever stands before a raised desk is here, in shoulder widths."""
WIDTH_PX = 240.0


def moved(right_px: float = 0.0, down_px: float = 0.0, larger: float = 1.0) -> Points:
    points = zoomed(sitter(), larger, (320, 280))
    points[:, :2] += (right_px, down_px)
    return points


SITTING = baseline_like(sitter())
STANDING = baseline_like(moved(down_px=DESK_SW * WIDTH_PX, larger=0.75))
OTHER: dict[Fits, Fits] = {"sitting": "standing", "standing": "sitting", "": ""}


LOW_PX = 150.0
LOW = baseline_like(moved(down_px=LOW_PX))
PER_PX = apart(SITTING, LOW) / LOW_PX
"""Of the same size, so that places alone tell, in proportion."""


def at(down_px: float) -> Person:
    """A sitter that much lower; the picture is high enough."""
    person = person_of(moved(down_px=down_px))
    return replace(person, geometry=replace(person.geometry, face_seen=True, shoulders_out_sw=-0.1))


def fits(points: Points, sitting: Baseline | None = SITTING, standing: Baseline = STANDING, before: Fits = "") -> Fits:
    return which_fits(person_of(points), sitting, standing, before, LOWER_SW)


def between(part: float) -> Points:
    """On the way from the sitting baseline, 0, to the standing one, 1."""
    return (1 - part) * SITTING.pose.landmarks + part * STANDING.pose.landmarks


def test_each_baseline_fits_itself() -> None:
    assert apart(SITTING, STANDING) > APART
    assert fits(sitter()) == "sitting"
    assert fits(between(1.0)) == "standing"
    assert fits(between(1.0), before="sitting") == "standing"
    assert fits(sitter(), before="standing") == "sitting", "who lowers the desk sits at once"


@pytest.mark.parametrize(
    ("moved_by", "apart_by"),
    [
        ({"right_px": WIDTH_PX}, 5.41),
        ({"down_px": WIDTH_PX}, 11.63),
        ({"larger": 1.2}, 1.90),
        # To the side and downwards have nothing to do with each other.
        ({"right_px": WIDTH_PX, "down_px": WIDTH_PX}, np.hypot(5.414, 11.635)),
        ({"right_px": -WIDTH_PX, "down_px": WIDTH_PX}, np.hypot(5.414, 11.635)),
    ],
)
def test_how_far_apart_a_chair_moved_by_a_shoulder_width_is(moved_by: dict[str, float], apart_by: float) -> None:
    """To the side least, for people lean."""
    other = baseline_like(moved(**moved_by))
    assert apart(SITTING, other) == pytest.approx(apart(other, SITTING))
    assert apart(SITTING, other) == pytest.approx(apart_by, abs=0.01)


@pytest.mark.parametrize(
    ("part", "right_px", "down_px", "apart_by"),
    [("head", 24.0, 0.0, 1.749), ("head", 0.0, 24.0, 1.312), ("shoulders", 24.0, 0.0, 2.076)],
)
def test_head_and_shoulders_go_together(part: str, right_px: float, down_px: float, apart_by: float) -> None:
    """A tenth of a shoulder width of one without the other is more than of both."""
    points = sitter()
    points[slice(0, 11) if part == "head" else slice(11, 33), :2] += (right_px, down_px)
    assert apart(SITTING, baseline_like(points)) == pytest.approx(apart_by, abs=0.001)


PLACES = st.builds(
    moved,
    st.floats(-60, 60),
    st.floats(-120, 120),
    st.floats(0.7, 1.3),
)


@given(PLACES, st.sampled_from(["", "sitting", "standing"]))
def test_swapped_baselines_give_the_swapped_answer(points: Points, before: Fits) -> None:
    assert fits(points, STANDING, SITTING, OTHER[before]) == OTHER[fits(points, before=before)]


@given(st.floats(-2.0, 2.0), st.lists(st.floats(-1.0, 1.0), min_size=2, max_size=30))
@example(0.0, [1.0, -1.0, 1.0, -1.0])
def test_noise_does_not_make_it_flap(beyond: float, noise: list[float]) -> None:
    """Wherever it is, standard deviations beyond the middle of the two."""
    told: list[Fits] = []
    for step in noise:
        person = at(LOW_PX / 2 + (beyond + 0.98 * step) / PER_PX)
        told.append(which_fits(person, SITTING, LOW, told[-1] if told else "", LOWER_SW))
    clear = [each for each in told if each]
    assert sum(first != second for first, second in pairwise(clear)) <= 1


@given(PLACES, st.sampled_from([0.5, 2.0, 3.0]), st.booleans())
def test_it_is_the_same_in_every_picture_size(points: Points, size: float, alone: bool) -> None:
    sitting = None if alone else SITTING
    person = person_of(points * [size, size, size, 1], int(size * W), int(size * H))
    assert which_fits(person, sitting, STANDING, "", LOWER_SW) == fits(points, sitting)


@given(PLACES, st.sampled_from(["", "sitting", "standing"]))
def test_baselines_that_are_alike_tell_nothing(points: Points, before: Fits) -> None:
    near = baseline_like(moved(down_px=20))
    assert apart(SITTING, near) < APART
    assert fits(points, standing=near, before=before) in (before, "")
    assert fits(sitter(), standing=near, before=before) == before
    assert alike_sentence(SITTING, near) == (
        "You look much the same here sitting and standing, so posture cannot tell which it is: say posture standing on "
        "when you stand up, or place the camera where it does not rise with the desk and calibrate both again."
    )
    assert alike_sentence(SITTING, STANDING) == alike_sentence(None, near) == alike_sentence(SITTING, None) == ""


@pytest.mark.parametrize(("beyond", "told"), [(-1.02, "sitting"), (-0.98, ""), (0.98, ""), (1.02, "standing")])
def test_it_counts_from_one_standard_deviation_beyond_the_middle(beyond: float, told: Fits) -> None:
    assert which_fits(at(LOW_PX / 2 + beyond / PER_PX), SITTING, LOW, "", LOWER_SW) == told


@pytest.mark.parametrize(
    ("off", "before", "told"),
    [
        (6.98, "", "standing"),
        (7.02, "", ""),
        (7.02, "sitting", ""),
        (9.98, "standing", "standing"),
        (10.02, "standing", ""),
    ],
)
def test_how_far_off_still_fits(off: float, before: Fits, told: Fits) -> None:
    assert which_fits(at(LOW_PX + off / PER_PX), SITTING, LOW, before, LOWER_SW) == told


def test_who_fits_neither_is_not_told() -> None:
    assert fits(moved(larger=0.4)) == ""
    assert fits(moved(down_px=-400)) == ""


def test_where_only_the_face_is_seen_the_face_tells() -> None:
    low = moved(down_px=220, larger=0.75)
    for points, told in ((sitter(), "sitting"), (low, "standing")):
        unseen = points.copy()
        unseen[[Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER], 1] = 2 * H
        assert fits(unseen, standing=baseline_like(low)) == told
    unseen[:, 3] = 0.0
    assert fits(unseen, before="standing") == ""


def test_alone_a_standing_baseline_tells_who_fits_it() -> None:
    assert fits(between(1.0), None) == "standing"
    assert fits(between(0.9), None) == "standing"
    assert fits(sitter(), None) == ""
    for lower_sw, told in ((0.19, ""), (0.21, "standing")):
        person = person_of(moved(down_px=0.2 * WIDTH_PX))
        assert which_fits(person, None, SITTING, "", lower_sw) == told


@pytest.mark.parametrize("before", ["", "standing"])
def test_what_fits_it_once_fits_it_a_little_longer(before: Fits) -> None:
    per_px = apart(baseline_like(moved(right_px=1.0)), baseline_like(sitter()))
    aside = moved(right_px=3.8 / per_px)
    assert fits(aside, None, baseline_like(sitter()), before) == before


def test_no_refusal_tells_who_stands_to_sit() -> None:
    nobody = calibrate([], VISIBLE, "heavy")
    assert isinstance(nobody, Refusal)
    assert of_standing(nobody) == Refusal(
        "absent", "Nobody was seen: stand in front of the camera and calibrate again."
    )


# -- a look ------------------------------------------------------------------------------------------------------------


def look(points: Points, sitting: Baseline | None, standing: Baseline | None, state: Observer | None = None) -> str:
    return observe(state or Observer(), 5.0, person_of(points), sitting, SETTINGS, standing=standing)[1].presence


def test_a_stander_stands_and_a_sitter_is_judged_by_the_sitting_one() -> None:
    assert look(between(1.0), SITTING, None) == "sitting"
    assert look(between(1.0), SITTING, STANDING) == "standing"
    state, seen, _ = observe(Observer(), 5.0, person_of(sitter()), SITTING, SETTINGS, standing=STANDING)
    plain = observe(Observer(), 5.0, person_of(sitter()), SITTING, SETTINGS)[1]
    assert (state.fits, seen) == ("sitting", plain)
    assert observe(state, 6.0, person_of(between(1.0)), SITTING, SETTINGS, standing=STANDING)[0].stood_s == 6.0


def test_without_a_sitting_baseline_who_does_not_fit_sits_and_is_not_judged() -> None:
    assert look(between(1.0), None, STANDING) == "standing"
    _, seen, _ = observe(Observer(), 5.0, person_of(sitter()), None, SETTINGS, standing=STANDING)
    assert (seen.presence, dict(seen.levels)) == ("sitting", {})
    assert {judged.why for judged in seen.judged.values()} == {"there is no calibration yet"}


def test_a_head_that_has_risen_stands_with_both_as_with_one() -> None:
    high = moved(down_px=-1.1 * LOWER_SW * WIDTH_PX)
    assert fits(high) == ""
    assert look(high, SITTING, STANDING) == look(high, SITTING, None) == "standing"


# -- legs --------------------------------------------------------------------------------------------------------------


def legs(knee_px: float = 400.0, hip_px: float = 200.0, shoulder_px: float = 100.0, seen: float = 1.0) -> Pose:
    """Shoulders, hips and knees at these heights of a picture that is 480 px high, from its top."""
    points = sitter()
    for part, down_px in (("SHOULDER", shoulder_px), ("HIP", hip_px), ("KNEE", knee_px)):
        points[[Landmark[f"LEFT_{part}"], Landmark[f"RIGHT_{part}"]], 1] = down_px
    points[[Landmark.LEFT_HIP, Landmark.RIGHT_HIP], 3] = seen
    return replace(person_of(points).pose, frame_h_px=480)


def stands(pose: Pose) -> bool:
    return on_straight_legs(pose, VISIBLE)


def test_legs_hang_straight_from_so_far_below_the_hips_on() -> None:
    assert not stands(legs(knee_px=269.9))
    assert stands(legs(knee_px=270.1))
    assert not stands(legs(shoulder_px=201.0)), "with the shoulders under the hips nothing is known"
    assert not stands(legs(shoulder_px=200.0))


def test_half_the_thighs_must_be_in_the_picture() -> None:
    assert stands(legs(hip_px=300.0, knee_px=659.9))
    assert stands(legs(hip_px=300.0, knee_px=660.0))
    assert not stands(legs(hip_px=300.0, knee_px=660.1))


def test_both_hips_must_be_seen_and_lie_in_the_picture() -> None:
    assert stands(legs(seen=VISIBLE))
    assert not stands(legs(seen=VISIBLE - 0.01))
    for hip in (Landmark.LEFT_HIP, Landmark.RIGHT_HIP):
        one = legs()
        one.landmarks[hip, 3] = 0.0
        assert not stands(one)
        for hip_px, seen in ((479.9, True), (480.0, False)):
            low = legs(knee_px=560.0)
            low.landmarks[hip, 1] = hip_px
            assert stands(low) is seen
    assert not stands(replace(legs(), frame_h_px=200))


# -- sitters never stand -----------------------------------------------------------------------------------------------


def real(name: str) -> list[tuple[str, Person]]:
    """Looks at real people who sit, with the recording."""
    with np.load(REAL / f"{name}_heavy.npz") as stored:
        of = stored["recording" if "recording" in stored.files else "name"]
        looks = zip(of, stored["landmarks"], stored["world"], stored["size"], strict=True)
        return [
            (str(recording), Person.of(Pose(points.astype(float), world.astype(float), int(w), int(h)), VISIBLE))
            for recording, points, world, (w, h) in looks
            if np.isfinite(points).all()
        ]


@pytest.mark.parametrize("name", ["webcam5", "webcam_clips"])
def test_no_real_sitter_stands_on_their_legs(name: str) -> None:
    """One of them sits on a sofa, hips and knees in the picture."""
    assert [recording for recording, person in real(name) if on_straight_legs(person.pose, VISIBLE)] == []


def test_no_rendered_sitter_stands_on_their_legs() -> None:
    assert [name for name in names() if on_straight_legs(rendered(name).pose, VISIBLE)] == []


@pytest.mark.parametrize("down_sw", [-1.0, -0.7, 0.6, 0.9])
def test_real_people_who_lean_and_turn_stay_sitters(down_sw: float) -> None:
    """With a standing baseline that is theirs, moved up or down in the picture as by a desk that is raised."""
    wrong = judged = 0
    people = real("webcam5")
    for recording in sorted({each for each, _ in people}):
        looks = [person for each, person in people if each == recording]
        sitting = baseline_of(looks[0], "heavy")
        assert isinstance(sitting, Baseline)
        raised = sitting.pose.landmarks.copy()
        raised[:, 1] += down_sw * sitting.geometry.shoulder_width_px
        person = Person.of(Pose(raised, sitting.pose.world, sitting.pose.frame_w_px, sitting.pose.frame_h_px), VISIBLE)
        standing = Baseline(person.pose, person.geometry, {}, 1, 0.0, sitting.placement, "heavy")
        before: Fits = ""
        for look in looks:
            before = which_fits(look, sitting, standing, before, LOWER_SW)
            wrong, judged = wrong + (before == "standing"), judged + 1
    assert judged > 900
    assert wrong <= 0.002 * judged
