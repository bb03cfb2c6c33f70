"""LiteRT finds what mediapipe finds, and the models it reads are the original ones without their mask."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from ai_edge_litert.interpreter import Interpreter
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays
from people import names, rendered

from posture.camera.frame import Frame
from posture.camera.video import read_image
from posture.errors import PostureError
from posture.measure.baseline import Refusal, baseline_of
from posture.measure.geometry import Person
from posture.measure.measures import measure
from posture.pose.landmarks import Pose
from posture.pose.litert_model import LiteRTPose, anchors, litert_libraries, person_in, refined, upright_square
from posture.pose.model_file import model_file, models_folder
from posture.pose.network_code import NetworkCode
from posture.pose.open_model import engine_of, open_pose_model
from posture.settings import PoseSettings, Settings

UPPER = slice(0, 13)
"""Head and shoulders: what a laptop's camera sees."""
ANGLES = ("shoulder_tilt_deg", "head_tilt_deg", "head_yaw_deg", "lateral_lean_deg", "slump_deg", "forward_head_deg")
ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def litert() -> LiteRTPose:
    return LiteRTPose("heavy")


# -- held to mediapipe ------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("model", ["lite", "heavy"])
def test_landmarks_are_those_of_mediapipe(model: str, frames: Path) -> None:
    """By the poses that mediapipe found in these frames: half a pixel, but for a point here and there."""
    with LiteRTPose(model) as loaded:
        found = {name: loaded.find(read_image(frames / f"{name}.jpg")) for name in names()}
    off_px, off_m, off_deg = [], [], []
    for name, pose in found.items():
        stored = rendered(name, model).pose
        assert pose is not None
        off_px.append(np.hypot(*(pose.landmarks - stored.landmarks)[UPPER, :2].T))
        off_m.append(np.abs(pose.world - stored.world)[UPPER].max())
        off_deg += angles_between(pose, stored, rendered(f"{name.split('__')[0]}__base", model).pose, model)
        assert np.abs(pose.landmarks[UPPER, 3] - stored.landmarks[UPPER, 3]).max() < 0.02, name
    assert np.median(off_px) < 0.25
    assert np.percentile(off_px, 95) < 1.0
    assert np.max(off_px) < 5.0
    assert np.max(off_m) < 0.02
    assert np.median(off_deg) < 0.12
    assert np.max(off_deg) < 2.0


def angles_between(pose: Pose, other: Pose, rest: Pose, model: str) -> list[float]:
    settings = Settings()
    baseline = baseline_of(Person.of(rest, settings.pose.min_visibility), model)
    if isinstance(baseline, Refusal):
        return []
    ours, theirs = (measure(each, baseline, settings, model) for each in (pose, other))
    pairs = [(getattr(ours, name), getattr(theirs, name)) for name in ANGLES]
    return [abs(one - two) for one, two in pairs if one is not None and two is not None]


@pytest.mark.slow
def test_nobody_is_found_where_mediapipe_finds_nobody(litert: LiteRTPose, frames: Path) -> None:
    empty = sorted(frames.glob("*absent*.jpg"))
    assert empty
    assert [litert.find(read_image(path)) for path in empty] == [None] * len(empty)


@pytest.mark.parametrize("shape", [(480, 640, 3), (1, 1, 3), (37, 901, 3)])
def test_blank_pictures_of_any_size(litert: LiteRTPose, shape: tuple[int, int, int]) -> None:
    assert litert.find(Frame(np.zeros(shape, np.uint8), 0.0)) is None


def test_a_look_depends_on_nothing_seen_before(litert: LiteRTPose, frames: Path) -> None:
    picture, other = (read_image(frames / f"{name}.jpg") for name in ("White_M_1__base", "Asian_F_1__lat_lean_+10"))
    first = litert.find(picture)
    litert.find(other)
    again = litert.find(picture)
    assert first is not None
    assert again is not None
    assert np.array_equal(first.landmarks, again.landmarks)
    assert np.array_equal(first.world, again.world)


# -- the models -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["lite", "full", "heavy"])
def test_a_model_without_its_mask_gives_the_same_bits(model: str) -> None:
    full = outputs(model_content=bundled(model, "pose_landmarks_detector.tflite"))
    less = outputs(model_path=str(model_file(f"litert-{model}").path))
    assert set(full) - set(less) == {(1, 256, 256, 1)}
    assert len(less) == 4
    for shape, values in less.items():
        assert np.array_equal(values, full[shape]), shape


@pytest.mark.parametrize("model", ["full", "heavy"])
def test_the_detector_with_unpacked_weights_gives_the_same_bits(model: str) -> None:
    packed = outputs(model_content=bundled(model, "pose_detector.tflite"))
    unpacked = outputs(model_path=str(model_file("litert-detector").path))
    assert len(unpacked) == len(packed) == 2
    for shape, values in unpacked.items():
        assert np.array_equal(values, packed[shape]), shape


def bundled(model: str, name: str) -> bytes:
    with zipfile.ZipFile(models_folder() / f"pose_landmarker_{model}.task") as bundle:
        return bundle.read(name)


def outputs(**model: Any) -> dict[tuple[int, ...], np.ndarray]:
    """What a model makes of noise, by the shapes of its outputs."""
    interpreter = Interpreter(**model, num_threads=1)
    interpreter.allocate_tensors()
    (wanted,) = interpreter.get_input_details()
    interpreter.set_tensor(wanted["index"], np.random.default_rng(3).random(wanted["shape"], np.float32))
    interpreter.invoke()
    return {tuple(one["shape"]): interpreter.get_tensor(one["index"]) for one in interpreter.get_output_details()}


def test_the_files_are_those_the_script_makes() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "tools/prune_models.py", "--check"], capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (0, "all as they are made\n"), done.stderr


# -- the steps --------------------------------------------------------------------------------------------------------


def test_anchors() -> None:
    found = anchors()
    assert found.shape == (2254, 2)
    assert np.allclose(found[:2], 0.5 / 28)
    assert np.allclose(found[2:4], [1.5 / 28, 0.5 / 28])  # row by row
    assert np.allclose(found[-6:], 6.5 / 7)
    assert np.allclose(found.mean(axis=0), 0.5)


def test_boxes_of_one_person_are_averaged_and_another_person_is_left_out() -> None:
    """Two boxes that overlap, of scores 0.9 and 0.6, and a surer-looking crowd elsewhere that is less sure."""
    scores, raw = np.full(2254, -9.0, np.float32), np.zeros((2254, 12), np.float32)
    middle = np.full((2254, 2), 0.5, np.float32)
    for row, probability, x_px, points_px in ((3, 0.9, 0.0, 10.0), (8, 0.6, 4.0, 40.0), (20, 0.8, 90.0, 90.0)):
        scores[row] = np.log(probability / (1.0 - probability))
        raw[row] = [x_px, 0.0, 50.0, 50.0, *([points_px] * 8)]
    found = person_in(scores, raw, middle)
    assert found is not None
    assert np.allclose(found, 0.5 + (10.0 * 0.9 + 40.0 * 0.6) / 1.5 / 224)
    assert person_in(np.full(2254, -1e-3, np.float32), raw, middle) is None


@given(st.floats(-3.1, 3.1), st.floats(1.0, 1e4))
def test_a_person_who_is_turned_is_cut_out_turned(turned: float, size_px: float) -> None:
    rim_px = size_px * np.array([np.sin(turned), -np.cos(turned)])  # turned clockwise from straight up
    side_px, found = upright_square(np.zeros(2), rim_px)
    assert side_px == pytest.approx(2.5 * size_px)
    assert np.isclose(np.exp(1j * found), np.exp(1j * turned))


@given(
    arrays.arrays(np.float64, (33, 2), elements=st.floats(-2.0, 3.0)),
    arrays.arrays(np.float32, (64, 64, 39), elements=st.floats(-1e3, 1e3, width=32), fill=st.just(np.float32(-9.0))),
)
def test_points_move_to_warm_cells_around_them_or_not_at_all(points: np.ndarray, heat: np.ndarray) -> None:
    moved = refined(points, heat)
    assert moved.shape == points.shape
    # From where the point is in its own cell to the far end of the kernel.
    assert (np.abs(moved - points) <= 4.0 / 64).all()
    assert np.array_equal(refined(points, np.full_like(heat, -9.0)), points)


def test_a_single_warm_cell_draws_a_point_onto_it() -> None:
    heat = np.full((64, 64, 39), -80.0, np.float32)
    heat[12, 33, 0] = heat[12, 35, 0] = 9.0
    points = np.full((33, 2), [32.4 / 64, 10.9 / 64])
    moved = refined(points, heat)
    assert np.allclose(moved[0], [34.0 / 64, 12.0 / 64])
    assert np.array_equal(moved[1:], points[1:])


# -- which engine -----------------------------------------------------------------------------------------------------


def test_the_lighter_engine_is_taken_where_it_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    there = {"ai_edge_litert", "mediapipe"}
    monkeypatch.setattr("posture.pose.open_model.find_spec", lambda name: name if name in there else None)
    assert engine_of(Settings()) == "litert"
    assert engine_of(Settings(pose=PoseSettings(engine="mediapipe"))) == "mediapipe"
    there.remove("ai_edge_litert")
    assert engine_of(Settings()) == "mediapipe"
    there.clear()
    with pytest.raises(PostureError, match="Neither LiteRT nor mediapipe is installed"):
        engine_of(Settings())


def test_an_engine_that_is_not_there_is_said_in_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", nothing)
    with pytest.raises(PostureError, match=r"^LiteRT is not installed: run .+ 'ai-edge-litert>=[\d.]+'\.$"):
        open_pose_model(Settings(pose=PoseSettings(engine="litert")))


def test_a_library_with_network_code_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    assert [path.suffix for path in litert_libraries()] == [".so"] * 3
    monkeypatch.setattr("posture.pose.litert_model.network_code", lambda libraries: NetworkCode(sockets=("connect",)))
    with pytest.raises(PostureError, match=r"LiteRT [\d.]+ has network code \(connect\)"):
        LiteRTPose("lite")
