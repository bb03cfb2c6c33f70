"""Cameras of macOS, over AVFoundation played behind rubicon-objc: no Mac has run this yet."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posture.camera import avfoundation, devices, lease, webcam
from posture.camera.errors import CameraAbsent, CameraBusy, CameraError, CameraForbidden
from posture.camera.lease import CameraLease
from posture.guided.first_steps import no_camera
from posture.settings import CameraSettings
from tests.camera.fake_avfoundation import AUTHORIZED, DENIED, NOT_DETERMINED, RESTRICTED, FakeAVFoundation, FakeDevice
from tests.camera.fake_capture import FakeCapture, play_captures

BUILT_IN = FakeDevice("47B4B64B70674B9C", "FaceTime HD Camera")
PHONE = FakeDevice("1A2B3C4D-0001", "Ada's iPhone Camera", phone=True)


@pytest.fixture
def mac(monkeypatch: pytest.MonkeyPatch) -> Iterator[FakeAVFoundation]:
    played = FakeAVFoundation()
    put_in(played, monkeypatch)
    yield played
    assert played.wrong == []


def put_in(played: FakeAVFoundation, patch: pytest.MonkeyPatch) -> None:
    played.install(patch)
    patch.setattr(avfoundation, "_asked", [])
    for module in (devices, webcam):
        patch.setattr(module, "ON_LINUX", False)
        patch.setattr(module, "ON_MAC", True)
    patch.setattr(webcam, "DEFAULT_BUFFERS", 0)


# -- the permission ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("status", "found"), [(NOT_DETERMINED, "not asked"), (RESTRICTED, "restricted"), (DENIED, "denied")]
)
def test_each_refusal_has_its_sentence(mac: FakeAVFoundation, status: int, found: str) -> None:
    mac.status = status
    assert avfoundation.permission() == found
    refused = devices.refusal()
    assert isinstance(refused, CameraForbidden)
    assert ("System Settings > Privacy & Security > Camera" in str(refused)) == (found != "restricted")
    assert len(mac.asked) == (found == "not asked")


def test_the_user_is_asked_once_however_often_the_camera_is_tried(mac: FakeAVFoundation) -> None:
    mac.status = NOT_DETERMINED
    for _ in range(3):
        with pytest.raises(CameraForbidden):
            webcam.Webcam("0", CameraSettings())
    (answer,) = mac.asked
    answer(True)
    mac.status = AUTHORIZED
    assert devices.refusal() is None


def test_where_nothing_is_listed_the_first_steps_say_what_macos_says(mac: FakeAVFoundation) -> None:
    assert no_camera().startswith("There is no camera")
    mac.status = DENIED
    assert "Privacy & Security > Camera" in no_camera()


@given(st.none() | st.integers(-3, 9) | st.text() | st.binary())
def test_a_status_that_is_not_known_refuses_nothing(status: Any) -> None:
    played = FakeAVFoundation(status=status)
    with pytest.MonkeyPatch.context() as patch:
        put_in(played, patch)
        assert avfoundation.permission() in avfoundation.PERMISSIONS.values() or avfoundation.permission() == ""


@pytest.mark.parametrize("error", [ImportError("no rubicon"), OSError("no framework"), AttributeError("no method")])
def test_a_system_that_fails_tells_nothing(mac: FakeAVFoundation, error: Exception) -> None:
    mac.failing = error
    assert avfoundation.permission() == ""
    assert avfoundation.cameras() == []
    assert not avfoundation.used_elsewhere("any")
    assert devices.refusal() is None
    assert devices.find_camera("0") == devices.CameraDevice(0, "camera 0")
    assert type(avfoundation.why_not("any", "camera 0")) is CameraError


# -- which cameras there are ------------------------------------------------------------------------------------------


def test_cameras_are_numbered_as_opencv_does_and_phones_come_last(mac: FakeAVFoundation) -> None:
    muxed = FakeDevice("0x1420000046d0825", "DV", media="muxx")
    mac.plugged = [PHONE, BUILT_IN, muxed]
    found = devices.list_cameras()
    assert [(camera.index, camera.name, camera.phone) for camera in found] == [
        (0, "DV", False),
        (2, "FaceTime HD Camera", False),
        (1, "Ada's iPhone Camera", True),
    ]
    assert found[1].path == BUILT_IN.uniqueID


def test_a_phone_is_taken_only_where_it_is_named(mac: FakeAVFoundation) -> None:
    mac.plugged = [PHONE, BUILT_IN]
    assert devices.find_camera("0").name == "FaceTime HD Camera"
    assert devices.find_camera("iphone").index == 0
    assert devices.find_camera(BUILT_IN.uniqueID).index == 1
    mac.plugged = [PHONE]
    with pytest.raises(CameraAbsent, match="a phone"):
        devices.find_camera("0")


def test_a_camera_that_was_just_plugged_in_is_heard_of(mac: FakeAVFoundation) -> None:
    mac.plugged, mac.unheard = [BUILT_IN], [FakeDevice("0x14", "Logitech")]
    assert [camera.name for camera in devices.list_cameras()] == ["Logitech", "FaceTime HD Camera"]


def test_a_macos_that_does_not_know_phones_yet(mac: FakeAVFoundation) -> None:
    mac.plugged = [FakeDevice("1", "Camera", phone=None)]
    assert [camera.phone for camera in devices.list_cameras()] == [False]


NAMES = st.text("aß \n\x1b\u202e\0", max_size=5)


@given(st.lists(st.tuples(NAMES, st.none() | NAMES), max_size=4))
@settings(deadline=None)
def test_whatever_cameras_call_themselves(named: list[tuple[str, str | None]]) -> None:
    played = FakeAVFoundation(plugged=[FakeDevice(identity, name) for identity, name in named])
    with pytest.MonkeyPatch.context() as patch:
        put_in(played, patch)
        found = devices.list_cameras()
    assert len(found) == len({identity for identity, _ in named})
    assert all((camera.name + camera.path).isprintable() for camera in found)


# -- looking, and giving way ------------------------------------------------------------------------------------------


@pytest.fixture
def captures(monkeypatch: pytest.MonkeyPatch) -> list[FakeCapture]:
    made: list[FakeCapture] = []

    def open_it(index: int, backend: int) -> FakeCapture:
        assert backend == 1200  # CAP_AVFOUNDATION
        made.append(FakeCapture(index))
        return made[-1]

    play_captures(monkeypatch, open_it)
    return made


def test_a_look_waits_for_one_new_picture(mac: FakeAVFoundation, captures: list[FakeCapture]) -> None:
    mac.plugged = [PHONE, BUILT_IN]
    with webcam.Webcam("0", CameraSettings()) as opened:
        assert captures[0].index == 1
        before = captures[0].grabbed
        opened.look()
        assert captures[0].grabbed == before + 1
        assert opened.identity[0] == BUILT_IN.uniqueID


def test_another_app_gets_the_camera_and_it_comes_back(mac: FakeAVFoundation, captures: list[FakeCapture]) -> None:
    now = [0.0]
    mac.plugged = [camera] = [FakeDevice("1", "FaceTime HD Camera")]
    held = CameraLease("0", CameraSettings(), lambda: now[0])
    assert held.picture() is not None
    camera.in_use = True
    assert held.picture() is None
    assert (held.state, captures[0].open) == ("in use", False)
    assert "another program" in held.sentence
    now[0] += lease.RETRY.longest_s + 1
    assert held.picture() is None
    assert len(captures) == 1  # not even opened
    camera.in_use = False
    now[0] += lease.RETRY.longest_s + 1
    assert held.picture() is not None
    assert held.state == "open"


def test_all_cameras_are_asked_for_once_when_one_is_opened(mac: FakeAVFoundation, captures: list[FakeCapture]) -> None:
    mac.plugged = [PHONE, BUILT_IN]
    held = CameraLease("0", CameraSettings(), lambda: 0.0)
    for _ in range(3):
        assert held.picture() is not None
    assert held.identity[1]
    assert mac.listed == 2, "those with video, and those with video and sound"


def test_a_camera_in_use_from_the_start_is_let_go_at_once(mac: FakeAVFoundation, captures: list[FakeCapture]) -> None:
    mac.plugged = [FakeDevice("1", "FaceTime HD Camera", in_use=True)]
    held = CameraLease("0", CameraSettings(), lambda: 0.0)
    assert held.picture() is None
    assert (held.state, [each.open for each in captures]) == ("in use", [False])


def test_without_permission_the_lease_says_what_to_do(mac: FakeAVFoundation, captures: list[FakeCapture]) -> None:
    mac.status, mac.plugged = DENIED, [BUILT_IN]
    held = CameraLease("0", CameraSettings(), lambda: 0.0)
    assert held.picture() is None
    assert (held.state, captures) == ("forbidden", [])
    assert "Privacy & Security" in held.sentence


@pytest.mark.parametrize(
    ("camera", "kind", "words"),
    [
        (FakeDevice("1", suspended=True), CameraError, "the lid"),
        (FakeDevice("1", in_use=True), CameraBusy, "another program"),
        (FakeDevice("1"), CameraError, "plug it in again"),
    ],
)
def test_why_a_camera_gives_no_picture(
    mac: FakeAVFoundation, camera: FakeDevice, kind: type[CameraError], words: str
) -> None:
    mac.plugged = [camera]
    found = devices.why_not(devices.find_camera("0"))
    assert type(found) is kind
    assert words in str(found)
