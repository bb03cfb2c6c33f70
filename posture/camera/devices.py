"""Which cameras there are, and why one cannot be opened."""

from __future__ import annotations

import platform
from dataclasses import dataclass

from posture.camera import linux
from posture.camera.errors import CameraAbsent, CameraError
from posture.camera.opencv import opencv
from posture.language import tr
from posture.plain_text import plain

ON_LINUX = platform.system() == "Linux"


@dataclass(frozen=True)
class CameraDevice:
    """One camera."""

    index: int
    """What OpenCV counts it as; may change when cameras are plugged in."""
    name: str
    """What it calls itself."""
    path: str = ""
    """A name for it that stays: /dev/v4l/by-id/... on Linux, the device path of the system elsewhere, or empty."""
    node: str = ""
    """The device file, on Linux; empty elsewhere."""

    def __str__(self) -> str:
        return f"{self.name} ({self.node or self.index})"


def list_cameras() -> list[CameraDevice]:
    """List the cameras that this machine has now, by index.

    Linux answers from its own files. On Windows and macOS the package cv2-enumerate-cameras does; without it, nothing
    is listed, and a camera can still be opened by its index.
    """
    if ON_LINUX:
        return [CameraDevice(*found) for found in linux.capture_devices()]
    opencv()
    try:
        from cv2_enumerate_cameras import enumerate_cameras
    except ImportError:
        return []
    cameras: dict[int, CameraDevice] = {}
    for found in enumerate_cameras():
        cameras.setdefault(found.index, CameraDevice(found.index, plain(found.name), plain(found.path or "")))
    return [cameras[index] for index in sorted(cameras)]


def find_camera(source: str) -> CameraDevice:
    """Find the camera that a user means; CameraAbsent, where there is none, says which there are.

    It is found by its index (``0``), its path (``/dev/video0``, ``/dev/v4l/by-id/...``), or its name or a part of it,
    in any case.
    """
    wanted = source.strip()
    cameras = list_cameras()
    if wanted.isdecimal():
        matching = [camera for camera in cameras if camera.index == int(wanted)]
        if not matching and not cameras and not ON_LINUX:
            return CameraDevice(int(wanted), f"camera {int(wanted)}")
    elif ON_LINUX and wanted.startswith("/"):
        node = linux.node_of(wanted)
        matching = [camera for camera in cameras if camera.node == node]
    else:
        lowered = wanted.lower()
        matching = [camera for camera in cameras if lowered in (camera.name.lower(), camera.path.lower())]
        matching = matching or [camera for camera in cameras if lowered and lowered in camera.name.lower()]
    if matching:
        return matching[0]
    if not cameras:
        raise CameraAbsent(
            tr("There is no camera {wanted}, nor any other: plug one in, or switch it on.", wanted=wanted)
        )
    known = ", ".join(str(camera) for camera in cameras)
    raise CameraAbsent(
        tr(
            "There is no camera {wanted}: choose one of {known} with posture config set camera.source, or plug it in.",
            wanted=wanted,
            known=known,
        )
    )


def others_than(camera: CameraDevice) -> frozenset[str]:
    """Names and paths of the other cameras that are plugged in now."""
    others = [other for other in list_cameras() if other != camera]
    return frozenset(name for other in others for name in (str(other), other.path) if name)


def again(camera: CameraDevice) -> str:
    """What to try with a camera that fails, as the end of a sentence."""
    if ON_LINUX:
        return linux.again(camera.node)
    return tr("see that its switch or shutter is open, or plug it in again if it has a cable")


def why_not(camera: CameraDevice) -> CameraError:
    """Say why a camera gave no picture when it was opened, as the error to raise."""
    if ON_LINUX:
        return linux.why_not(camera.node, str(camera))
    return CameraError(
        tr(
            "{camera} cannot be opened: check that it is plugged in, that no other program uses it, and that programs "
            "may use the camera in the privacy settings of the system.",
            camera=camera,
        )
    )
