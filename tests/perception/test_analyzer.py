"""One look after another with the real model: when it runs, what stands without it, and whom it takes for the user."""

from __future__ import annotations

import math
import sys
from dataclasses import replace
from pathlib import Path
from types import FrameType

import numpy as np
import pytest

from posture.camera.frame import Frame
from posture.camera.light import small_luma
from posture.camera.opencv import opencv
from posture.camera.video import read_image
from posture.measure.baseline import Baseline, Refusal, baseline_of
from posture.measure.geometry import Person, geometry
from posture.measure.observation import Observation
from posture.perception.analyzer import MOVED, FrameAnalyzer
from posture.perception.gate import ALWAYS, Demand
from posture.pose.landmarks import Pose, PoseModel
from posture.pose.upright import UprightModel
from posture.settings import Settings

Image = np.ndarray
SETTINGS = replace(Settings(), pose=replace(Settings().pose, model="lite"))
STEADY = Demand(moved=0.10, still=0.02, stirred_s=10.0, verify_s=60.0)


class Pictures:
    """A source of pictures that are already here."""

    name, duration_s = "pictures", None

    def __init__(self) -> None:
        self.image: Image = np.zeros((480, 640, 3), np.uint8)

    def retrieve(self) -> Frame:
        return Frame(self.image, 0.0)

    def luma(self) -> Image:
        return small_luma(self.image)


@pytest.fixture(scope="module")
def seated(frames: Path) -> Image:
    return read_image(frames / "White_M_1__base.jpg").image


@pytest.fixture(scope="module")
def empty(frames: Path) -> Image:
    return read_image(frames / "White_M_1__absent.jpg").image


@pytest.fixture(scope="module")
def behind(frames: Path) -> Image:
    """Somebody else, cut out, twice as far away."""
    image = read_image(frames / "Asian_F_1__base.jpg").image[:, 150:500]
    cv2 = opencv()
    small: Image = cv2.resize(image, None, fx=0.45, fy=0.45, interpolation=cv2.INTER_AREA)
    return small


@pytest.fixture(scope="module")
def baseline(lite: PoseModel, seated: Image) -> Baseline:
    pose = lite.find(Frame(seated, 0.0))
    assert pose is not None
    found = baseline_of(Person.of(pose, SETTINGS.pose.min_visibility), "lite")
    assert isinstance(found, Baseline)
    return found


def with_other(image: Image, other: Image, x: int) -> Image:
    both = image.copy()
    both[100 : 100 + other.shape[0], x : x + other.shape[1]] = other
    return both


def glances(analyzer: FrameAnalyzer, *looks: tuple[Image, float, Demand]) -> list[tuple[str, str, bool]]:
    """What each look says, why if it is unknown, and whether the model ran."""
    source, found = Pictures(), []
    for image, t_s, demand in looks:
        source.image = image
        analysis = analyzer.glance(source, t_s, demand)  # type: ignore[arg-type]
        assert analysis.observation.t_s == t_s
        found.append((analysis.observation.presence, analysis.observation.reason, analysis.measures is not None))
    return found


def test_what_was_seen_stands_until_something_changes(
    lite: PoseModel, seated: Image, empty: Image, baseline: Baseline
) -> None:
    analyzer = FrameAnalyzer(lite, SETTINGS, baseline)
    brighter = np.clip(seated * 1.15, 0, 255).astype(np.uint8)
    assert glances(
        analyzer,
        (seated, 0.0, STEADY),
        (seated, 4.0, STEADY),
        (brighter, 8.0, STEADY),
        (empty, 12.0, STEADY),
        (empty, 16.0, STEADY),
        (empty, 80.0, STEADY),
    ) == [
        ("sitting", "", True),
        ("sitting", "", False),
        ("sitting", "", False),
        ("away", "", True),
        ("away", "", False),
        ("away", "", True),  # verified once a minute
    ]
    assert analyzer.meter.counts["inferred"] == 3
    assert (analyzer.meter.counts["decoded_small"], analyzer.meter.counts["decoded"]) == (6, 3)


def test_whoever_moves_to_and_fro_is_not_new_at_each_turn(
    lite: PoseModel, frames: Path, seated: Image, empty: Image
) -> None:
    aside = read_image(frames / "White_M_1__lat_lean_+10.jpg").image
    to_and_fro = [(seated, 0.0, STEADY), (aside, 4.0, STEADY), (seated, 8.0, STEADY), (aside, 12.0, STEADY)]
    analyzer = FrameAnalyzer(lite, SETTINGS)
    assert [ran for *_, ran in glances(analyzer, *to_and_fro)] == [True, True, False, False]
    # How long somebody sits taller is counted by looks of the model.
    analyzer._search = replace(analyzer._search, tall=True)
    assert [ran for *_, ran in glances(analyzer, (seated, 16.0, STEADY))] == [True]
    assert glances(analyzer, (empty, 20.0, STEADY)) == [("away", "", True)]


def test_levels_stand_too(lite: PoseModel, frames: Path, baseline: Baseline) -> None:
    leaning = read_image(frames / "White_M_1__lat_lean_+10.jpg").image
    analyzer, source = FrameAnalyzer(lite, SETTINGS, baseline), Pictures()
    source.image = leaning
    first = analyzer.glance(source, 0.0, STEADY).observation  # type: ignore[arg-type]
    second = analyzer.glance(source, 4.0, STEADY).observation  # type: ignore[arg-type]
    assert first.levels
    assert second == replace(first, t_s=4.0)


def test_nothing_is_inferred_where_nothing_can_be_seen(lite: PoseModel, seated: Image, baseline: Baseline) -> None:
    analyzer = FrameAnalyzer(lite, SETTINGS, baseline)
    covered = np.full_like(seated, 90)
    assert glances(
        analyzer,
        (seated, 0.0, ALWAYS),
        (np.zeros_like(seated), 1.0, ALWAYS),
        (covered, 2.0, ALWAYS),
        (seated, 3.0, STEADY),
    ) == [
        ("sitting", "", True),
        ("unknown", "too dark", False),
        ("unknown", "lens covered", False),
        ("sitting", "", True),  # what was before the dark is not taken for what is after
    ]


@pytest.mark.parametrize("x", [0, 440])
def test_somebody_else_is_not_the_user(
    lite: PoseModel, seated: Image, empty: Image, behind: Image, baseline: Baseline, x: int
) -> None:
    analyzer = FrameAnalyzer(lite, SETTINGS, baseline)
    assert [presence for presence, _, _ in glances(
        analyzer,
        (seated, 0.0, ALWAYS),
        (with_other(seated, behind, x), 1.0, ALWAYS),
        (with_other(empty, behind, x), 2.0, ALWAYS),
        (empty, 3.0, ALWAYS),
        (with_other(empty, behind, x), 4.0, ALWAYS),
        (seated, 5.0, ALWAYS),
    )] == ["sitting", "sitting", "away", "away", "away", "sitting"]  # fmt: skip


def test_the_other_does_not_make_a_deviation(lite: PoseModel, seated: Image, behind: Image, baseline: Baseline) -> None:
    seen = FrameAnalyzer(lite, SETTINGS, baseline).look(Frame(with_other(seated, behind, 0), 0.0)).observation
    assert seen.levels
    assert all((level or 0.0) < 1.0 for level in seen.levels.values())


def test_a_moved_camera_is_reported_and_deviations_are_not_scored(
    lite: PoseModel, seated: Image, baseline: Baseline
) -> None:
    analyzer = FrameAnalyzer(lite, SETTINGS, baseline)
    for minute in range(12):
        analysis = analyzer.look(Frame(seated, 60.0 * minute))
    assert analyzer.moved == ""
    assert any(level is not None for level in analysis.observation.levels.values())

    # The screen was tilted while nobody looked: everything is higher in the picture, by a seventh of it.
    higher = np.roll(seated, -70, axis=0)
    higher[-70:] = seated[-1]
    analyzer = FrameAnalyzer(lite, SETTINGS, baseline)
    for minute in range(12, 30):
        analysis = analyzer.look(Frame(higher, 60.0 * minute))
    assert "higher in the picture" in analyzer.moved
    assert analysis.observation.presence == "sitting"
    assert set(analysis.observation.levels.values()) == {None}

    # A new calibration, and it is judged again.
    analyzer.calibrate(5.0)
    for k in range(25):
        analysis = analyzer.look(Frame(higher, 2000.0 + k / 4))
    assert analyzer.moved == ""
    assert any(level is not None for level in analysis.observation.levels.values())


def calibrating(model: PoseModel, images: list[Image]) -> tuple[float, Baseline | Refusal | None]:
    """When a calibration of five seconds ends and with what, looking at these four times a second."""
    analyzer = FrameAnalyzer(model, SETTINGS, calibrate_s=5.0)
    for k, image in enumerate(images):
        analysis = analyzer.look(Frame(image, 100.0 + k / 4))
        if analysis.calibrated is not None:
            assert not analyzer.calibrating
            assert analyzer.baseline is (analysis.calibrated if isinstance(analysis.calibrated, Baseline) else None)
            return k / 4, analysis.calibrated
        assert analyzer.calibrating
    return math.inf, None


def test_a_still_stretch_is_looked_for_up_to_half_a_minute(lite: PoseModel, seated: Image) -> None:
    restless = [np.roll(seated, (-60, 0, 60)[k % 3], axis=1) for k in range(130)]
    ended_s, found = calibrating(lite, [seated] * 40)
    assert ended_s == 5.0
    assert isinstance(found, Baseline)
    # Moving for eight seconds: tried again every second, until the shortest stretch is still.
    ended_s, found = calibrating(lite, [*restless[:32], *[seated] * 60])
    assert 10.0 <= ended_s <= 11.0
    assert isinstance(found, Baseline)
    assert found.frames >= 12
    ended_s, found = calibrating(lite, restless)
    assert ended_s == 30.0
    assert isinstance(found, Refusal)
    assert found.reason == "moving"


def test_a_calibration_without_more_pictures_ends_with_what_it_has(lite: PoseModel, seated: Image) -> None:
    analyzer = FrameAnalyzer(lite, SETTINGS, calibrate_s=5.0)
    for k in range(22):
        analyzer.look(Frame(np.roll(seated, (-60, 0, 60)[k % 3], axis=1), k / 4))
    found = analyzer.end_calibration()
    assert isinstance(found, Refusal)
    assert found.reason == "moving"
    assert not analyzer.calibrating
    assert analyzer.end_calibration() is None


class Counting:
    """The real model, counting whom it finds."""

    def __init__(self, model: PoseModel) -> None:
        self._model, self.found = model, 0

    def find(self, frame: Frame) -> Pose | None:
        pose = self._model.find(frame)
        self.found += pose is not None
        return pose

    def close(self) -> None:
        """The model is the fixture's."""


def test_geometry_is_taken_once_for_each_person_found(
    lite: PoseModel, seated: Image, behind: Image, baseline: Baseline
) -> None:
    """Counted by the code that runs, whatever name it is called by."""
    calls = 0

    def count(frame: FrameType, event: str, _: object) -> None:
        nonlocal calls
        calls += event == "call" and frame.f_code is geometry.__code__

    for image, found in ((seated, 1), (with_other(np.full_like(seated, 90), behind, 0), 1)):
        model, calls = Counting(lite), 0
        analyzer = FrameAnalyzer(model, SETTINGS, baseline)
        sys.setprofile(count)
        try:
            analyzer.look(Frame(image, 0.0))
        finally:
            sys.setprofile(None)
        assert calls == model.found == found


@pytest.mark.parametrize("turns", [1, 2, 3])
def test_a_camera_on_its_side_is_watched_like_any_other(lite: PoseModel, seated: Image, turns: int) -> None:
    analyzer = FrameAnalyzer(UprightModel(lite, "auto"), SETTINGS)
    picture = np.ascontiguousarray(np.rot90(seated, turns))
    looks = [analyzer.look(Frame(picture, float(t_s))).observation for t_s in range(5)]
    assert {look.presence for look in looks} == {"sitting"}
    # Who was found stands upright in the picture as it was turned.
    assert analyzer.turned_by == -turns % 4
    assert analyzer.user is not None
    assert analyzer.user.turns == 0
    upright = np.rot90(picture, analyzer.turned_by)
    assert (analyzer.user.pose.frame_h_px, analyzer.user.pose.frame_w_px) == upright.shape[:2]


def test_while_it_calibrates_it_says_what_to_do(lite: PoseModel, seated: Image, empty: Image) -> None:
    analyzer = FrameAnalyzer(lite, SETTINGS, calibrate_s=5.0)
    said = []
    for k, image in enumerate([empty, *[seated] * 28]):
        analyzer.look(Frame(image, k / 4))
        said.append(analyzer.feedback)
    assert said[:2] == ["nobody in the picture", "hold still ..."]
    assert "good, 2 s left" in said
    assert said[-1] == "", "it is over"
    analyzer.look(Frame(empty, 8.0))
    assert analyzer.user is None


def test_a_wrong_angle_is_unknown_and_says_what_to_do(lite: PoseModel, seated: Image, baseline: Baseline) -> None:
    analyzer = FrameAnalyzer(UprightModel(lite, "180"), SETTINGS, baseline)
    look = analyzer.look(Frame(seated, 0.0)).observation
    assert (look.presence, look.levels) == ("unknown", {})
    assert look.reason == "the picture is upside down: set camera.rotate to auto"


def test_a_dim_empty_picture_is_an_empty_chair_only_in_light_that_somebody_was_found_in(
    lite: PoseModel, seated: Image, empty: Image
) -> None:
    def dim(image: Image, mean: float) -> Image:
        return (image * (mean / image.mean())).astype(np.uint8)

    analyzer = FrameAnalyzer(lite, SETTINGS)
    first = analyzer.look(Frame(dim(empty, 40.0), 0.0)).observation
    assert (first.presence, first.reason) == ("unknown", "too dark")
    assert analyzer.look(Frame(dim(seated, 45.0), 10.0)).observation.presence == "sitting"
    assert analyzer.look(Frame(dim(empty, 40.0), 20.0)).observation.presence == "away"
    darker = analyzer.look(Frame(dim(empty, 27.0), 30.0)).observation
    assert (darker.presence, darker.reason) == ("unknown", "too dark")


@pytest.fixture(scope="module")
def raised(seated: Image) -> Image:
    """The desk raised with the camera on it, the user before it a little farther away: another view."""
    cv2 = opencv()
    smaller = np.array([[0.7, 0.0, 110.0], [0.0, 0.7, 170.0]])
    found: Image = cv2.warpAffine(seated, smaller, seated.shape[1::-1], borderMode=cv2.BORDER_REPLICATE)
    return found


@pytest.fixture(scope="module")
def standing(lite: PoseModel, raised: Image) -> Baseline:
    pose = lite.find(Frame(raised, 0.0))
    assert pose is not None
    found = baseline_of(Person.of(pose, SETTINGS.pose.min_visibility), "lite")
    assert isinstance(found, Baseline)
    return found


def looks(analyzer: FrameAnalyzer, pictures: list[Image], first_s: float) -> list[Observation]:
    """One every ten seconds."""
    return [analyzer.look(Frame(image, first_s + 10.0 * k)).observation for k, image in enumerate(pictures)]


def test_a_raised_desk_is_no_moved_camera_where_there_is_a_standing_baseline(
    lite: PoseModel, seated: Image, raised: Image, empty: Image, baseline: Baseline, standing: Baseline
) -> None:
    analyzer = FrameAnalyzer(lite, SETTINGS, baseline, standing=standing)
    first = looks(analyzer, [seated] * 3, 0.0)
    assert {look.presence for look in first} == {"sitting"}
    up = looks(analyzer, [raised] * 30, 30.0)
    assert [(look.presence, look.reason) for look in up] == [("standing", "")] * 30
    down = looks(analyzer, [seated] * 10, 330.0)
    assert [look.presence for look in down] == ["sitting"] * 10
    assert [look.levels.keys() for look in down] == [first[0].levels.keys()] * 10
    assert all(any(level is not None for level in look.levels.values()) for look in down)
    assert analyzer.moved == ""

    # Without it the camera was moved, and nothing can be told.
    analyzer = FrameAnalyzer(lite, SETTINGS, baseline)
    looks(analyzer, [seated] * 3, 0.0)
    for look in looks(analyzer, [raised] * 5, 30.0):
        assert look.presence == "sitting"
        assert {judged.why for judged in look.judged.values()} == {MOVED}


def test_the_view_fits_again_only_where_it_was_left(
    lite: PoseModel, seated: Image, raised: Image, empty: Image, baseline: Baseline
) -> None:
    """A desk that is raised and lowered, under a kept calibration, and under a provisional one that is made anew."""
    kept = FrameAnalyzer(lite, SETTINGS, baseline)
    provisional = FrameAnalyzer(lite, SETTINGS, replace(baseline, provisional=True), calibrate_s=5.0, provisional=True)
    provisional.use(replace(baseline, provisional=True))
    for analyzer in (kept, provisional):
        first = analyzer.baseline
        for moves in range(2):
            since_s = 1000.0 * moves
            assert {look.view_fits for look in looks(analyzer, [seated] * 3, since_s)} == {True}
            up = looks(analyzer, [raised] * 40, since_s + 30.0)
            assert {(look.presence, look.view_fits) for look in up} == {("sitting", False)}
            assert (analyzer.baseline is first) == (analyzer is kept)
            down = looks(analyzer, [seated] * 10, since_s + 430.0)
            assert {(look.presence, look.view_fits) for look in down} == {("sitting", True)}
            assert analyzer.baseline is first, "the calibration comes back with the view"
            assert any(level is not None for level in down[-1].levels.values())


def test_an_empty_picture_of_another_view_does_not_fit(
    lite: PoseModel, seated: Image, raised: Image, empty: Image, baseline: Baseline
) -> None:
    smaller = np.array([[0.7, 0.0, 110.0], [0.0, 0.7, 170.0]])
    other: Image = opencv().warpAffine(empty, smaller, empty.shape[1::-1], borderMode=opencv().BORDER_REPLICATE)
    analyzer = FrameAnalyzer(lite, SETTINGS, baseline)
    looks(analyzer, [seated] * 3, 0.0)
    (here, there) = looks(analyzer, [empty, other], 30.0)
    assert (here.presence, here.view_fits) == ("away", True)
    assert (there.presence, there.view_fits) == ("unknown", False)


def test_a_view_that_was_left_long_ago_is_forgotten(
    lite: PoseModel, seated: Image, raised: Image, baseline: Baseline
) -> None:
    analyzer = FrameAnalyzer(lite, SETTINGS, calibrate_s=5.0, provisional=True)
    analyzer.use(replace(baseline, provisional=True))
    looks(analyzer, [seated] * 3, 0.0)
    assert not looks(analyzer, [raised] * 40, 30.0)[-1].view_fits
    assert looks(analyzer, [raised] * 3, 7400.0)[-1].view_fits, "it is the usual one by now"


def test_an_empty_picture_of_another_view_stays_unknown_with_both(
    lite: PoseModel, seated: Image, raised: Image, empty: Image, baseline: Baseline, standing: Baseline
) -> None:
    analyzer = FrameAnalyzer(lite, SETTINGS, baseline, standing=standing)
    looks(analyzer, [raised] * 3, 0.0)
    (look,) = looks(analyzer, [empty], 30.0)
    assert (look.presence, look.reason) == ("unknown", "the camera looks elsewhere than before")
    (look,) = looks(analyzer, [seated], 40.0)
    assert (look.presence, analyzer.moved) == ("sitting", "")


def test_who_stands_is_not_calibrated_as_sitting(
    lite: PoseModel, seated: Image, raised: Image, standing: Baseline
) -> None:
    analyzer = FrameAnalyzer(lite, SETTINGS, calibrate_s=5.0)
    analyzer.use(None, standing)
    for k in range(40):
        analysis = analyzer.look(Frame(raised, k / 4))
        assert (analysis.observation.presence, analysis.calibrated) == ("standing", None)
        assert not analyzer.calibrating
    for k in range(40, 70):
        analysis = analyzer.look(Frame(seated, k / 4))
        if analysis.calibrated is not None:
            break
    assert isinstance(analysis.calibrated, Baseline)
    assert analyzer.look(Frame(seated, 30.0)).observation.presence == "sitting"
    assert analyzer.look(Frame(raised, 40.0)).observation.presence == "standing"
