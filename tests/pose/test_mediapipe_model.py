"""The real model on rendered people whose joints are known, and on the clips."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from posture.camera.frame import Frame
from posture.camera.video import VideoFile, read_image
from posture.errors import PostureError
from posture.pose import mediapipe_model
from posture.pose.landmarks import Landmark, Pose
from posture.pose.mediapipe_model import MediaPipePose, mediapipe_release

pytestmark = pytest.mark.slow

PEOPLE = ("White_M_1", "Asian_F_1")
KNOWN = {
    "nose": Landmark.NOSE,
    "left_eye": Landmark.LEFT_EYE,
    "right_eye": Landmark.RIGHT_EYE,
    "left_ear": Landmark.LEFT_EAR,
    "right_ear": Landmark.RIGHT_EAR,
    "left_shoulder": Landmark.LEFT_SHOULDER,
    "right_shoulder": Landmark.RIGHT_SHOULDER,
}


def look(model: MediaPipePose, picture: Path, t_s: float = 0.0) -> Pose | None:
    return model.find(Frame(read_image(picture).image, t_s))


@pytest.mark.parametrize("person", PEOPLE)
@pytest.mark.parametrize("pose", ["base", "lat_lean_+10", "dim"])
def test_landmarks_lie_where_the_joints_are(model: MediaPipePose, frames: Path, person: str, pose: str) -> None:
    found = look(model, frames / f"{person}__{pose}.jpg")
    assert found is not None
    truth = json.loads((frames / f"{person}__{pose}.json").read_text())["joints_px"]
    assert (found.frame_w_px, found.frame_h_px) == (640, 480)
    # A fifth of the eyes-to-shoulders size of these pictures: a model that mirrors or mixes up rows is far beyond it.
    for joint, row in KNOWN.items():
        off_px = np.hypot(*(found.landmarks[row, :2] - truth[joint]))
        assert off_px < 45, (joint, off_px)
    assert (found.landmarks[list(KNOWN.values()), 3] > 0.9).all()


@pytest.mark.parametrize("person", PEOPLE)
def test_left_is_the_persons_own_and_units_are_right(model: MediaPipePose, frames: Path, person: str) -> None:
    found = look(model, frames / f"{person}__base.jpg")
    assert found is not None
    for array, shape in ((found.landmarks, (33, 4)), (found.world, (33, 3))):
        assert array.shape == shape
        assert array.dtype == np.float64
        assert np.isfinite(array).all()
    left, right = found.landmarks[Landmark.LEFT_SHOULDER], found.landmarks[Landmark.RIGHT_SHOULDER]
    assert left[0] > right[0] + 100  # not mirrored: the person's left is on the right of the picture
    width_m = np.linalg.norm(found.world[Landmark.LEFT_SHOULDER] - found.world[Landmark.RIGHT_SHOULDER])
    assert 0.2 < width_m < 0.5
    assert found.landmarks[Landmark.NOSE, 2] < left[2]  # z grows away from the camera


@pytest.mark.parametrize("person", PEOPLE)
def test_empty_chair(model: MediaPipePose, frames: Path, person: str) -> None:
    assert look(model, frames / f"{person}__absent.jpg") is None


@pytest.mark.parametrize("shape", [(480, 640, 3), (1, 1, 3), (37, 901, 3)])
def test_blank_pictures_of_any_size(model: MediaPipePose, shape: tuple[int, int, int]) -> None:
    assert model.find(Frame(np.zeros(shape, np.uint8), 0.0)) is None


def test_a_look_depends_on_nothing_seen_before(frames: Path) -> None:
    with MediaPipePose() as model:
        first = look(model, frames / "White_M_1__base.jpg")
        look(model, frames / "Asian_F_1__camside__base_+0.jpg")
        again = look(model, frames / "White_M_1__base.jpg")
    assert first is not None
    assert again is not None
    assert np.array_equal(first.landmarks, again.landmarks)


def test_somebody_is_found_in_a_grainy_picture_and_nobody_in_a_grainy_room(desk_stand: Path, frames: Path) -> None:
    """Grain of this size hides nine of these ten looks from the detector, until they are smoothed."""
    rng = np.random.default_rng(0)

    def grainy(image: np.ndarray) -> Frame:
        return Frame(np.clip(image + rng.normal(0.0, 40.0, image.shape), 0, 255).astype(np.uint8), 0.0)

    with VideoFile(desk_stand) as video, MediaPipePose("lite") as model:
        found = []
        while (t_s := video.grab()) is not None and t_s < 30.0:
            if round(t_s * 10) % 30 == 0:
                found.append(model.find(grainy(video.retrieve().image)))
        empty = [model.find(grainy(read_image(room).image)) for room in frames.glob("*__absent.jpg")]
    assert len(found) == 10
    assert sum(pose is not None for pose in found) >= 9
    assert len(empty) == 2
    assert set(empty) == {None}


def test_somebody_is_found_without_colours(desk_stand: Path) -> None:
    """As an infrared camera sees; as they are, none of these four looks shows the detector anybody."""
    found = []
    with VideoFile(desk_stand) as video, MediaPipePose("lite") as model:
        while (t_s := video.grab()) is not None and len(found) < 4:
            if t_s >= 303.0 and round(t_s * 10) % 50 == 0:
                grey = video.retrieve().image.mean(axis=2, keepdims=True).repeat(3, axis=2).astype(np.uint8)
                found.append(model.find(Frame(grey, t_s)))
    assert len(found) == 4
    assert None not in found


def test_close_twice() -> None:
    model = MediaPipePose()
    model.close()
    model.close()


LOOK_TWICE = """
import sys, os, threading
from posture.camera.video import read_image
from posture.pose.mediapipe_model import MediaPipePose
for _ in range(2):
    with MediaPipePose() as model:
        assert model.find(read_image(sys.argv[1])) is None
        for _ in range(3):
            assert model.find(read_image(sys.argv[2])) is not None
print("seen", file=sys.stderr)
"""


def test_nothing_of_mediapipe_reaches_the_terminal(frames: Path) -> None:
    pictures = [str(frames / "White_M_1__absent.jpg"), str(frames / "White_M_1__base.jpg")]
    done = subprocess.run(
        [sys.executable, "-c", LOOK_TWICE, *pictures], capture_output=True, text=True, timeout=120, check=True
    )
    assert done.stdout == ""
    assert done.stderr == "seen\n"


HIDDEN = """
import os, sys
sys.platform = sys.argv[1]
from posture.pose.native_log import native_log_hidden
with native_log_hidden():
    print("ours, by Python", file=sys.stderr)
    os.write(2, b"W0000 00:00:1795320848.312269    6063 inference_feedback_manager.cc:114] Feedback manager\\n")
    os.write(2, b"E0000 00:00:1795320848.312269    6063 graph.cc:114] broken\\n")
    os.write(2, b"INFO: Created TensorFlow Lite XNNPACK delegate for CPU.\\n")
    os.write(2, b"Error in cpuinfo: failed to query size of processor cores information: error 1\\n")
    os.write(2, b"ours, by descriptor")
"""


@pytest.mark.parametrize("system", ["linux", "darwin", "win32"] if sys.platform == "linux" else [sys.platform])
def test_only_noise_is_dropped(system: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", HIDDEN, system], capture_output=True, text=True, timeout=60, check=True
    )
    assert done.stderr == (
        "ours, by Python\nE0000 00:00:1795320848.312269    6063 graph.cc:114] broken\nours, by descriptor"
    )


@pytest.mark.skipif(os.name != "posix", reason="closes a file descriptor before the start")
def test_without_a_standard_error() -> None:
    done = subprocess.run(
        ["/bin/sh", "-c", f'exec 2>&-; exec "{sys.executable}" -c "$1"', "sh", MODEL_ONLY],
        capture_output=True,
        text=True,
        timeout=120,
        check=True,
    )
    assert done.stdout == "loaded\n"


MODEL_ONLY = "from posture.pose.mediapipe_model import MediaPipePose\nMediaPipePose().close()\nprint('loaded')"


def test_installed_release_is_allowed() -> None:
    assert mediapipe_release().startswith("0.10.")


@pytest.mark.parametrize("release", ["0.10.30", "0.10.35", "1.0.0", "0.9.1", "unknown"])
def test_other_releases_are_refused(monkeypatch: pytest.MonkeyPatch, release: str) -> None:
    monkeypatch.setattr(mediapipe_model.metadata, "version", lambda name: release)
    with pytest.raises(PostureError, match=f"mediapipe {release} is not used"):
        MediaPipePose()


@pytest.mark.skipif(sys.platform == "win32", reason="os.uname is of Unix")
def test_a_processor_without_mediapipe(monkeypatch: pytest.MonkeyPatch) -> None:
    def nothing(name: str) -> str:
        raise mediapipe_model.metadata.PackageNotFoundError(name)

    monkeypatch.setattr(mediapipe_model.metadata, "version", nothing)
    with pytest.raises(PostureError, match=r"^mediapipe is not installed: reinstall posture \(.+\)\.$"):
        mediapipe_release()
    riscv = os.uname_result(("Linux", "here", "6", "1", "riscv64"))
    monkeypatch.setattr(os, "uname", lambda: riscv)
    with pytest.raises(PostureError, match=r"^There is no mediapipe for this kind of processor"):
        mediapipe_release()


@pytest.mark.parametrize("release", ["0.10.31", "0.10.32.post1", "0.10.34"])
def test_releases_without_metrics(monkeypatch: pytest.MonkeyPatch, release: str) -> None:
    monkeypatch.setattr(mediapipe_model.metadata, "version", lambda name: release)
    assert mediapipe_release() == release


def test_light_imports_stay_light() -> None:
    program = (
        "import sys, posture.pose, posture.camera, posture.pose.model_file\n"
        "print([name for name in ('mediapipe', 'cv2', 'matplotlib') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, timeout=60, check=True)
    assert done.stdout == "[]\n"


def test_newer_releases_by_the_users_own_word(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mediapipe_model.metadata, "version", lambda name: "0.10.35")
    assert mediapipe_release(allow_telemetry=True) == "0.10.35"


def test_the_installed_library_has_no_network_code() -> None:
    assert len(mediapipe_model.mediapipe_libraries()) == 1
    found = mediapipe_model.mediapipe_network_code()
    assert found.web == ()
    assert bool(found.sockets) == (sys.platform == "darwin")


def test_a_library_with_network_code_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    # A library that does reach networks: that of Python's own socket module, or Python itself where it is built in.
    import _socket

    library = Path(getattr(_socket, "__file__", sys.executable))
    monkeypatch.setattr(mediapipe_model, "mediapipe_libraries", lambda: [library])
    with pytest.raises(PostureError, match=r"has network code \(connect, getaddrinfo"):
        mediapipe_release()
    assert mediapipe_release(allow_telemetry=True)
    # The releases for macOS all have sockets: there it takes means to report by.
    monkeypatch.setattr(mediapipe_model, "SOCKETS_EXPECTED", True)
    assert mediapipe_release()
