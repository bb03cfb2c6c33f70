"""Cameras of Windows, over a list that is played: paths as Windows gives them. Nobody has run it with a camera yet."""

from __future__ import annotations

import sys
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

from posture.camera import devices, webcam
from posture.camera.errors import CameraAbsent, CameraBusy, CameraError, CameraForbidden
from posture.camera.lease import RETRY, CameraLease
from posture.settings import CameraSettings
from posture.windows_programs import EPOCH_S, STORE
from tests.camera.fake_capture import FakeCapture, play_captures
from tests.desktop.fake_windows import BOOTED_S, FakeWindows, started_windows

MSMF, DSHOW = 1400, 700
VIDEO, CAPTURE = "{e5323777-f976-4f5b-9b94-b55699c46e44}", "{65e8773d-8f56-11d0-a3b9-00a0c9223196}"
BUILT_IN = r"\\?\usb#vid_04f2&pid_b6d9&mi_00#6&1a9e8c5f&0&0000"
LOGITECH = r"\\?\USB#VID_046D&PID_0825&MI_00#7&2E6C2C4&0&0000"
TWIN = r"\\?\usb#vid_046d&pid_0825&mi_00#7&31c8f6a1&0&0000"


def camera(index: int, name: str, path: str | None) -> Any:
    return SimpleNamespace(index=index, name=name, path=path)


class Plugged:
    """What each way lists, and which open."""

    def __init__(self) -> None:
        self.lists: dict[int, list[Any]] = {
            MSMF: [
                camera(0, "Integrated Camera", rf"{BUILT_IN}#{VIDEO}\global"),
                camera(1, "HD Webcam C270", rf"{LOGITECH}#{VIDEO}\GLOBAL"),
            ],
            DSHOW: [
                camera(0, "HD Webcam C270", rf"{LOGITECH.lower()}#{CAPTURE}\global"),
                camera(1, "Integrated Camera", rf"{BUILT_IN}#{CAPTURE}\global"),
                camera(2, "OBS Virtual Camera", None),
            ],
        }
        self.opens = {MSMF, DSHOW}
        self.tried: list[tuple[int, int]] = []


@pytest.fixture
def windows(monkeypatch: pytest.MonkeyPatch) -> FakeWindows:
    return started_windows(monkeypatch)


@pytest.fixture
def plugged(windows: FakeWindows, monkeypatch: pytest.MonkeyPatch) -> Plugged:
    found = Plugged()
    package = ModuleType("cv2_enumerate_cameras")

    def listed(way: int) -> list[Any]:
        if way not in found.lists:
            raise NotImplementedError
        return found.lists[way]

    package.enumerate_cameras = listed  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "cv2_enumerate_cameras", package)
    for module in (devices, webcam):
        monkeypatch.setattr(module, "ON_LINUX", False)
    monkeypatch.setattr(devices, "ON_WINDOWS", True)

    def open_it(index: int, way: int) -> FakeCapture:
        found.tried.append((index, way))
        return FakeCapture(index, is_open=way in found.opens, takes=True)

    play_captures(monkeypatch, open_it)
    return found


def used_by_zoom(windows: FakeWindows, *, now: bool) -> None:
    windows.registry.keys["HKCU", rf"{STORE}\webcam\NonPackaged\C:#Zoom#bin#Zoom.exe"] = {
        "LastUsedTimeStart": int((BOOTED_S + 60 + EPOCH_S) * 1e7),
        "LastUsedTimeStop": 0 if now else 1,
    }


def test_each_camera_is_listed_once(plugged: Plugged) -> None:
    assert [(each.index, each.name, each.path, each.ways) for each in devices.list_cameras()] == [
        (0, "Integrated Camera", BUILT_IN, ((0, MSMF), (1, DSHOW))),
        (1, "HD Webcam C270", LOGITECH.lower(), ((1, MSMF), (0, DSHOW))),
        (2, "OBS Virtual Camera", "", ((2, DSHOW),)),
    ]


def test_two_of_a_kind_are_two(plugged: Plugged) -> None:
    plugged.lists[MSMF].append(camera(2, "HD Webcam C270", rf"{TWIN}#{VIDEO}\global"))
    assert [each.path for each in devices.list_cameras() if "C270" in each.name] == [LOGITECH.lower(), TWIN]


def test_without_media_foundation_there_is_directshow(plugged: Plugged) -> None:
    del plugged.lists[MSMF]
    assert [each.ways for each in devices.list_cameras()] == [((0, DSHOW),), ((1, DSHOW),), ((2, DSHOW),)]


@pytest.mark.parametrize(
    "source", ["1", "c270", rf"{LOGITECH}#{VIDEO}\GLOBAL", rf"{LOGITECH}#{CAPTURE}\global", LOGITECH.lower()]
)
def test_a_camera_is_found_again_whatever_its_index(plugged: Plugged, source: str) -> None:
    assert devices.find_camera(source).path == LOGITECH.lower()
    if not source.isdecimal():
        for cameras in plugged.lists.values():
            cameras.reverse()
        assert devices.find_camera(source).path == LOGITECH.lower()


def test_the_other_way_is_tried_where_one_fails(plugged: Plugged) -> None:
    with webcam.Webcam("0", CameraSettings()) as opened:
        assert opened.device.path == BUILT_IN
    plugged.opens = {DSHOW}
    with webcam.Webcam("0", CameraSettings()):
        pass
    assert plugged.tried == [(0, MSMF), (0, MSMF), (1, DSHOW)]


def test_why_a_camera_gives_no_picture(plugged: Plugged, windows: FakeWindows) -> None:
    plugged.opens = set()
    with pytest.raises(CameraError, match="switch or shutter") as plain:
        webcam.Webcam("0", CameraSettings())
    assert type(plain.value) is CameraError
    used_by_zoom(windows, now=True)
    with pytest.raises(CameraBusy, match="in use by Zoom"):
        webcam.Webcam("0", CameraSettings())
    known = devices.find_camera("c270")
    del plugged.lists[MSMF][1], plugged.lists[DSHOW][0]
    assert isinstance(devices.why_not(known), CameraAbsent)
    plugged.lists = {}
    assert "nor any other" in str(devices.why_not(known))
    plugged.tried.clear()
    windows.registry.keys["HKCU", rf"{STORE}\webcam\NonPackaged"] = {"Value": "Deny"}
    with pytest.raises(CameraForbidden, match="Settings > Privacy"):
        webcam.Webcam("0", CameraSettings())
    assert plugged.tried == []
    assert isinstance(devices.why_not(known), CameraForbidden)


def test_another_program_gets_the_camera_and_it_comes_back(plugged: Plugged, windows: FakeWindows) -> None:
    now = [0.0]
    held = CameraLease("c270", CameraSettings(), lambda: now[0])
    assert held.picture() is not None
    used_by_zoom(windows, now=True)
    assert held.picture() is None
    assert held.state == "in use"
    assert "in use by Zoom" in held.sentence
    opened = len(plugged.tried)
    now[0] += RETRY.longest_s + 1
    assert held.picture() is None
    assert len(plugged.tried) == opened
    used_by_zoom(windows, now=False)
    now[0] += RETRY.longest_s + 1
    assert held.picture() is not None
    assert held.state == "open"
