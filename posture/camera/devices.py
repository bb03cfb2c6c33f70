"""Which cameras there are, and why one cannot be opened."""

from __future__ import annotations

import sys
from dataclasses import dataclass

from posture import wsl
from posture.camera import avfoundation, linux, windows
from posture.camera.errors import CameraAbsent, CameraError
from posture.camera.opencv import opencv
from posture.language import tr
from posture.windows_programs import users_of

ON_LINUX = sys.platform == "linux"
ON_MAC = sys.platform == "darwin"
ON_WINDOWS = sys.platform == "win32"


@dataclass(frozen=True)
class CameraDevice:
    """One camera."""

    index: int
    """What OpenCV counts it as, on Windows its place in the list; may change when cameras are plugged in."""
    name: str
    """What it calls itself."""
    path: str = ""
    """A name for it that stays: /dev/v4l/by-id/... on Linux, the device path of the system elsewhere, or empty."""
    node: str = ""
    """The device file, on Linux; empty elsewhere."""
    ways: tuple[tuple[int, int], ...] = ()
    """On Windows: see `posture.camera.windows.Found`."""
    phone: bool = False
    """A phone that offers itself as a camera, on macOS: it is taken only where the user has named it."""

    def __str__(self) -> str:
        return f"{self.name} ({self.node or self.index})"


def list_cameras() -> list[CameraDevice]:
    """List the cameras that this machine has now, by index; phones come last.

    Linux answers from its own files, macOS by AVFoundation. On Windows the package cv2-enumerate-cameras does, and each
    is listed once; where nothing is listed, a camera can still be opened by its index.
    """
    if ON_LINUX:
        return [CameraDevice(*found) for found in linux.capture_devices()]
    if ON_MAC:
        return [
            CameraDevice(found.index, found.name, found.identity, phone=found.phone) for found in avfoundation.cameras()
        ]
    opencv()
    return [
        CameraDevice(place, found.name or f"camera {place}", found.path, ways=found.ways)
        for place, found in enumerate(windows.cameras())
    ]


def find_camera(source: str) -> CameraDevice:
    """Find the camera that a user means; CameraAbsent, where there is none, says which there are.

    It is found by its index (``0``), its path (``/dev/video0``, ``/dev/v4l/by-id/...``), or its name or a part of it,
    in any case. On macOS ``0``, which is the default, is the first that is no phone: cameras have no order there.
    """
    return _found_among(source, list_cameras())


def find_with_others(source: str) -> tuple[CameraDevice, frozenset[str]]:
    """Find a camera as `find_camera` does, and name the others that are plugged in now, by name and path."""
    cameras = list_cameras()
    camera = _found_among(source, cameras)
    others = [other for other in cameras if other != camera]
    return camera, frozenset(name for other in others for name in (str(other), other.path) if name)


def _found_among(source: str, cameras: list[CameraDevice]) -> CameraDevice:
    wanted = source.strip()
    if ON_MAC and wanted == "0" and cameras:
        matching = cameras[:1]
        if cameras[0].phone:
            raise CameraAbsent(
                tr(
                    "The only camera is {camera}, a phone: if it is to watch, choose it with posture config set "
                    "camera.source.",
                    camera=cameras[0],
                )
            )
    elif wanted.isdecimal():
        matching = [camera for camera in cameras if camera.index == int(wanted)]
        # On macOS the name that stays may be digits alone.
        matching = matching or [camera for camera in cameras if camera.path == wanted]
        if not matching and not cameras and not ON_LINUX:
            return CameraDevice(int(wanted), f"camera {int(wanted)}")
    elif ON_LINUX and wanted.startswith("/"):
        node = linux.node_of(wanted)
        matching = [camera for camera in cameras if camera.node == node]
    else:
        lowered = windows.device_of(wanted) if wanted.startswith("\\\\?\\") else wanted.lower()
        matching = [camera for camera in cameras if lowered in (camera.name.lower(), camera.path.lower())]
        matching = matching or [camera for camera in cameras if lowered and lowered in camera.name.lower()]
    if matching:
        return matching[0]
    if not cameras and wsl.inside_windows():
        raise CameraAbsent(tr("There is no camera {wanted}.", wanted=wanted) + " " + tr(wsl.NO_CAMERA))
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


def again(camera: CameraDevice) -> str:
    """What to try with a camera that fails, as the end of a sentence."""
    if ON_LINUX:
        return linux.again(camera.node)
    return tr("see that its switch or shutter is open, or plug it in again if it has a cable")


def refusal() -> CameraError | None:
    """Give the error to raise where the system lets this program use no camera, before one is opened."""
    return avfoundation.refusal() if ON_MAC else windows.refusal() if ON_WINDOWS else None


def used_elsewhere(camera: CameraDevice) -> bool:
    """Whether another program uses a camera, which this one may have open as well; False where that is not known.

    Windows does not tell which camera that is: any counts there.
    """
    return bool(users()) if ON_WINDOWS else ON_MAC and avfoundation.used_elsewhere(camera.path)


def users(node: str = "") -> list[str]:
    """Name the other programs that use a camera: on Linux the one with this device file, on Windows any."""
    return users_of("webcam") if ON_WINDOWS else linux.holders(node)


def why_not(camera: CameraDevice) -> CameraError:
    """Say why a camera gave no picture when it was opened, as the error to raise."""
    if ON_LINUX:
        return linux.why_not(camera.node, str(camera))
    if ON_MAC:
        return avfoundation.why_not(camera.path, str(camera))
    if ON_WINDOWS:
        return windows.why_not(camera.path, str(camera))
    return CameraError(
        tr(
            "{camera} cannot be opened: check that it is plugged in, that no other program uses it, and that programs "
            "may use the camera in the privacy settings of the system.",
            camera=camera,
        )
    )
