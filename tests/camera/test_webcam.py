"""The webcam through the unmodified V4L2 back end of OpenCV, on a camera whose driver the test plays."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from posture.camera import lease, linux, opencv

if TYPE_CHECKING:
    from conftest import FakeCamera

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="V4L2 is of Linux")

NAME = "Fake UVC Cam: Integrated"
BY_ID = "/dev/v4l/by-id/usb-Fake_UVC_Cam-video-index0"


def test_cameras_are_listed_with_name_and_stable_path(fake_camera: FakeCamera) -> None:
    client = fake_camera.client()
    assert client("list")["answer"] == [[0, NAME, BY_ID, "/dev/video0"]]
    fake_camera.tell("unplug")
    assert client("list")["answer"] == []


@pytest.mark.parametrize("source", ["0", "/dev/video0", BY_ID, NAME, NAME.upper(), "uvc cam"])
def test_opened_by_index_path_or_name(fake_camera: FakeCamera, source: str) -> None:
    name, granted = fake_camera.client()(f"open {source}")["answer"]
    assert name == f"{NAME} (/dev/video0)"
    assert granted == {"pixel_format": "MJPG", "width_px": 640, "height_px": 480, "rate_fps": 5.0, "buffers": 2}
    state = fake_camera.tell("state")
    assert (state["format"], state["fps"], state["streaming"]) == ("MJPG", 5, True)


def test_what_was_granted_is_read_back(fake_camera: FakeCamera) -> None:
    fake_camera.tell("mjpg off")
    client = fake_camera.client()
    assert client("open 0")["answer"][1]["pixel_format"] == "YUYV"
    assert client("look")["answer"] == fake_camera.tell("state")["frame"]


def test_a_look_shows_now(fake_camera: FakeCamera) -> None:
    client = fake_camera.client()
    client("open 0")
    before = fake_camera.tell("tick 50")["frame"]
    assert client("look")["answer"] > before
    # Why a look passes frames: the next one to come has waited in the driver.
    before = fake_camera.tell("tick 50")["frame"]
    client("grab")
    assert client("retrieve")["answer"] <= before - 48


def test_closing_ends_the_stream(fake_camera: FakeCamera) -> None:
    client = fake_camera.client()
    client("open 0")
    client("close")
    client("close")
    assert fake_camera.tell("state")["streaming"] is False


@pytest.mark.parametrize("source", ["1", "/dev/video7", "/dev/v4l/by-id/none", "Logitech"])
def test_absent(fake_camera: FakeCamera, source: str) -> None:
    answer = fake_camera.client()(f"open {source}")
    assert answer["error"] == "CameraAbsent"
    assert source in answer["says"]
    assert f"choose one of {NAME}" in answer["says"]


def test_absent_and_no_other(fake_camera: FakeCamera) -> None:
    fake_camera.tell("unplug")
    answer = fake_camera.client()("open 0")
    assert answer["error"] == "CameraAbsent"
    assert "nor any other" in answer["says"]


def test_busy_names_who_holds_it(fake_camera: FakeCamera) -> None:
    holder = fake_camera.client()
    holder("open 0")
    fake_camera.tell("busy on")
    answer = fake_camera.client()("open 0")
    assert answer["error"] == "CameraBusy"
    assert f"(process {holder.hello['pid']})" in answer["says"]


def test_busy_by_a_program_that_cannot_be_seen(fake_camera: FakeCamera) -> None:
    fake_camera.tell("busy on")
    client = fake_camera.client()
    answer = client("open 0")
    assert answer["error"] == "CameraBusy"
    assert "another program" in answer["says"]
    fake_camera.tell("busy off")
    assert "answer" in client("open 0")


def test_a_program_that_asks_again_and_again_does_not_keep_the_camera(fake_camera: FakeCamera) -> None:
    client = fake_camera.client()

    def asked(at_s: float) -> str:
        os.close(os.open(fake_camera.tell.hello["node"], os.O_RDWR))
        state, sentence = client(f"lease {at_s}")["answer"]
        assert state == "open" or f"free for that for {lease.FREE_S:g} seconds" in sentence
        return str(state)

    assert client("lease 0")["answer"] == ["open", ""]
    # For so long after each visit it is free, and then it is taken back.
    times = round(lease.SUPPLY_S / lease.FREE_S)
    for n in range(times):
        assert asked(20.0 * n) == "in use"
        assert client(f"lease {20.0 * n + lease.FREE_S - 1}")["answer"][0] == "in use"
        assert client(f"lease {20.0 * n + lease.FREE_S + 1}")["answer"][0] == "open"
    states = [asked(20.0 * n) for n in range(times, 10 * times)]
    assert states.count("open") > states.count("in use") > 0


def test_forbidden(fake_camera: FakeCamera, request: pytest.FixtureRequest) -> None:
    before: list[str] = []
    if os.geteuid() == 0:  # root may open anything, unless it has given that up
        setpriv = request.getfixturevalue("require_tool")("setpriv")
        before = [setpriv, "--bounding-set", "-all", "--inh-caps", "-all"]
    fake_camera.tell("forbid on")
    answer = fake_camera.client(*before)("open 0")
    assert answer["error"] == "CameraForbidden"
    assert "usermod -aG video" in answer["says"]


def test_opens_but_gives_no_picture(fake_camera: FakeCamera) -> None:
    fake_camera.tell("stall on")
    answer = fake_camera.client()("open 0")
    assert answer["error"] == "CameraError"
    assert "gives no picture" in answer["says"]


@pytest.mark.parametrize("trouble", ["unplug", "stall on", "error on", "damage 1000"])
def test_lost(fake_camera: FakeCamera, trouble: str) -> None:
    client = fake_camera.client()
    client("open 0")
    fake_camera.tell(trouble)
    answer = client("look")
    assert answer["error"] == "CameraLost"
    assert "\n" not in answer["says"]


def test_opened_again_by_its_stable_name_after_an_unplug(fake_camera: FakeCamera) -> None:
    client = fake_camera.client()
    client("open 0")
    fake_camera.tell("unplug")
    assert client("look")["error"] == "CameraLost"
    client("close")
    assert client(f"open {BY_ID}")["error"] == "CameraAbsent"
    fake_camera.tell("plug")
    assert "answer" in client(f"open {BY_ID}")
    assert client("look")["answer"] == fake_camera.tell("state")["frame"]


def test_a_few_damaged_frames_are_passed(fake_camera: FakeCamera) -> None:
    client = fake_camera.client()
    client("open 0")
    fake_camera.tell("damage 4")
    assert client("look")["answer"] == fake_camera.tell("state")["frame"]


def test_a_stall_is_bounded() -> None:
    assert opencv.ENVIRONMENT["OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT"] == "2"
    opencv.opencv()
    assert "OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT" in os.environ


def test_nobody_holds_it(tmp_path: Path) -> None:
    path = tmp_path / "device"
    path.touch()
    assert linux.holders(str(path)) == []
    assert linux.holders(str(tmp_path / "none")) == []
