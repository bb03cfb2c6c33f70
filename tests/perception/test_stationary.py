"""A poster on the wall, somebody else in the picture, a lid half closed: the real model on rendered people."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import footage
import numpy as np
import pytest
from footage import Image

from posture.camera.frame import Frame
from posture.camera.video import VideoFile, read_image
from posture.measure.baseline import Baseline, baseline_of
from posture.measure.geometry import Person
from posture.measure.observation import Observation
from posture.perception.analyzer import FrameAnalyzer
from posture.pose.landmarks import Pose, PoseModel
from posture.settings import Settings

pytestmark = pytest.mark.slow

PLACES = [(110, 110), (320, 120), (530, 110)]
LOOK_S = 10.0


@dataclass(frozen=True)
class Desk:
    """One rendered person at their desk, and a picture of another."""

    settings: Settings
    model: PoseModel
    baseline: Baseline
    upright: Image
    leaning: Image
    empty: Image
    other: Image

    def analyzer(self) -> FrameAnalyzer:
        return FrameAnalyzer(self.model, self.settings, self.baseline)


@pytest.fixture(scope="module")
def models(lite: PoseModel, heavy: PoseModel) -> dict[str, PoseModel]:
    return {"lite": lite, "heavy": heavy}


@pytest.fixture(scope="module", params=[("Asian_F_1", "lite"), ("White_M_1", "heavy")], ids=["she", "he"])
def desk(request: pytest.FixtureRequest, frames: Path, models: dict[str, PoseModel]) -> Desk:
    user, model = request.param
    other = {"Asian_F_1": "White_M_1", "White_M_1": "Asian_F_1"}[user]

    def picture(name: str) -> Image:
        return read_image(frames / f"{name}.jpg").image

    settings = replace(Settings(), pose=replace(Settings().pose, model=model))
    pose = models[model].find(Frame(picture(f"{user}__base"), 0.0))
    assert pose is not None
    baseline = baseline_of(Person.of(pose, settings.pose.min_visibility), model)
    assert isinstance(baseline, Baseline)
    names = f"{user}__base", f"{user}__lat_lean_+10", f"{user}__absent", f"{other}__base"
    return Desk(settings, models[model], baseline, *map(picture, names))


def watch(analyzer: FrameAnalyzer, images: list[Image], start_s: float = 0.0) -> list[Observation]:
    """One look each `LOOK_S`, each with its own noise."""
    return [
        analyzer.look(Frame(footage.grain(image, k), start_s + LOOK_S * k)).observation
        for k, image in enumerate(images)
    ]


def presences(observations: list[Observation]) -> list[str]:
    return [observation.presence for observation in observations]


@pytest.mark.parametrize(("x", "y"), PLACES)
@pytest.mark.parametrize("height", [100, 220, 300])
def test_a_poster_is_nobody(desk: Desk, x: int, y: int, height: int) -> None:
    wall = footage.hung(desk.empty, footage.portrait(desk.other), x, y, height)
    seated = [footage.before(image, desk.empty, wall) for image in (desk.upright, desk.leaning)]
    analyzer = desk.analyzer()
    there = watch(analyzer, seated * 2)
    assert presences(there) == ["sitting"] * 4
    gone = watch(analyzer, [wall] * 15, 100.0)
    assert presences(gone)[-2:] == ["away"] * 2
    hidden = (footage.cut_out(desk.leaning, desk.empty) & (wall != desk.empty).any(axis=2)).any()
    if not hidden:
        # It was to be seen beside the user, so it takes no time to know that it is none.
        assert presences(gone) == ["away"] * 15
    assert presences(watch(analyzer, seated, 400.0)) == ["sitting"] * 2
    assert presences(watch(analyzer, [wall] * 2, 500.0)) == ["away"] * 2


@pytest.mark.parametrize(("x", "y"), PLACES)
def test_a_poster_beside_the_user_changes_no_level(desk: Desk, x: int, y: int) -> None:
    wall = footage.hung(desk.empty, footage.portrait(desk.other), x, y, 150)
    alone = watch(desk.analyzer(), [desk.leaning] * 3)[-1]
    beside = watch(desk.analyzer(), [footage.before(desk.leaning, desk.empty, wall)] * 3)[-1]
    assert beside.presence == "sitting"
    assert alone.levels["lean_left"] is not None
    assert beside.levels["lean_left"] == pytest.approx(alone.levels["lean_left"], abs=0.35)
    assert all((level or 0.0) < 1.2 for level in beside.levels.values() if level != beside.levels["lean_left"])


def test_who_sits_still_is_no_poster(desk: Desk) -> None:
    """Breathing and a swaying head are enough; and before anybody has moved, stillness says nothing."""
    assert set(presences(watch(desk.analyzer(), [desk.upright] * 20))) == {"sitting"}
    breathing = [np.roll(desk.upright, shift, axis=0) for shift in (0, 1, 3, 1)]
    assert set(presences(watch(desk.analyzer(), [desk.leaning, *breathing * 5]))) == {"sitting"}


def test_somebody_behind_is_not_the_user(desk: Desk) -> None:
    """A colleague at twice the distance, who moves."""
    rooms = [footage.hung(desk.empty, footage.portrait(desk.other)[:, 60:320], x, 200, 190) for x in (90, 110, 130)]
    seated = [footage.before(desk.upright, desk.empty, room) for room in rooms]
    analyzer = desk.analyzer()
    there = watch(analyzer, seated * 2)
    assert presences(there) == ["sitting"] * 6
    assert all((level or 0.0) < 1.0 for observation in there for level in observation.levels.values())
    assert presences(watch(analyzer, rooms * 2, 100.0)) == ["away"] * 6


class Losing:
    """The real model, which at some looks finds nobody."""

    def __init__(self, model: PoseModel) -> None:
        self._model, self.loses = model, False

    def find(self, frame: Frame) -> Pose | None:
        return None if self.loses else self._model.find(frame)

    def close(self) -> None:
        """The model is the fixture's."""


def test_whom_the_model_loses_has_not_left(desk: Desk) -> None:
    model = Losing(desk.model)
    analyzer = FrameAnalyzer(model, desk.settings, desk.baseline)
    before = watch(analyzer, [desk.upright, desk.leaning])[-1]
    model.loses = True
    lost = watch(analyzer, [desk.leaning] * 14, 20.0)
    assert presences(lost) == ["sitting"] * 11 + ["unknown"] * 3
    assert lost[0].levels == before.levels
    assert lost[-1].reason == "nobody is found where nothing has changed"
    assert presences(watch(analyzer, [desk.empty] * 2, 200.0)) == ["away"] * 2
    # And whoever has left is not there again because the light is as it was.
    assert presences(watch(analyzer, [desk.leaning], 300.0)) == ["away"]
    model.loses = False
    assert presences(watch(analyzer, [desk.leaning], 310.0)) == ["sitting"]


def test_who_leaves_in_dim_light_is_away(data: Path, models: dict[str, PoseModel]) -> None:
    """Head and shoulders before a dark room look much like the room without them."""
    analyzer = FrameAnalyzer(models["lite"], Settings())
    seen = []
    with VideoFile(data / "laptop_b.mp4") as video:
        due_s = 440.0
        while (t_s := video.grab()) is not None and t_s < 462.0:
            if t_s < due_s:
                continue
            due_s = t_s + 1.0
            image = footage.grain((video.retrieve().image * 0.7).astype(np.uint8), int(t_s))
            seen.append(analyzer.look(Frame(image, t_s)).observation)
    assert {observation.presence for observation in seen if observation.t_s < 450.0} == {"sitting"}
    assert {observation.presence for observation in seen if observation.t_s > 452.0} == {"away"}


@pytest.mark.parametrize("down_deg", [12.0, 20.0, 30.0, 45.0])
def test_a_lid_half_closed_is_no_empty_chair(desk: Desk, down_deg: float) -> None:
    analyzer = desk.analyzer()
    watch(analyzer, [desk.upright, desk.leaning, desk.upright])
    seated = watch(analyzer, [footage.turned(desk.upright, down_deg)] * 4, 100.0)
    assert set(presences(seated)) <= {"sitting", "unknown"}
    assert {level for observation in seated for level in observation.levels.values()} <= {None}
    left = watch(analyzer, [footage.turned(desk.empty, down_deg)] * 4, 200.0)
    assert presences(left) == ["unknown"] * 4
    assert left[-1].reason == "the camera looks elsewhere than before"
    opened = watch(analyzer, [desk.empty, desk.empty, desk.upright], 300.0)
    assert presences(opened) == ["away", "away", "sitting"]
    assert opened[-1].levels["slump"] is not None
    assert analyzer.moved == ""


def test_a_lid_that_stays_tilted_is_reported_and_watched_on(desk: Desk) -> None:
    """Whoever goes on sitting before the new view is watched there; only how upright they are is not known."""
    analyzer = desk.analyzer()
    watch(analyzer, [desk.upright, desk.leaning, desk.upright])
    tilted = watch(analyzer, [footage.turned(desk.upright, 6.0)] * 10, 100.0)
    assert presences(tilted) == ["sitting"] * 10
    assert {level for observation in tilted for level in observation.levels.values()} == {None}
    assert "calibrate again" in analyzer.moved
    assert presences(watch(analyzer, [footage.turned(desk.empty, 6.0)] * 3, 300.0)) == ["away"] * 3
    assert watch(analyzer, [desk.upright] * 2, 400.0)[-1].levels["slump"] is not None
    assert analyzer.moved == ""


def test_a_first_look_that_shows_little_is_no_view_to_hold_on_to(desk: Desk) -> None:
    """As from a camera whose exposure has not settled."""
    analyzer = desk.analyzer()
    washed_out = (200 + desk.empty * 0.2).clip(0, 255).astype(np.uint8)
    seen = watch(analyzer, [washed_out, desk.upright, desk.leaning])
    assert presences(seen)[1:] == ["sitting"] * 2
    assert presences(watch(analyzer, [footage.turned(desk.empty, 30.0)] * 2, 100.0)) == ["unknown"] * 2
    assert presences(watch(analyzer, [desk.empty] * 2, 200.0)) == ["away"] * 2


def test_a_lamp_is_not_another_view(desk: Desk) -> None:
    """Half the light, and a lamp that brightens one side of the room."""
    slope = np.linspace(0.4, 1.3, desk.upright.shape[1])[None, :, None]
    analyzer = desk.analyzer()
    watch(analyzer, [desk.upright, desk.leaning, desk.upright])
    lit = [np.clip(image * slope, 0, 255).astype(np.uint8) for image in (desk.upright, desk.empty)]
    assert presences(watch(analyzer, [lit[0], lit[1], lit[1]], 100.0)) == ["sitting", "away", "away"]
    assert presences(watch(analyzer, [desk.empty // 2, desk.empty], 200.0)) == ["away", "away"]
