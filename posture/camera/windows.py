"""Cameras of Windows: each once, by what both of OpenCV's ways to them say, and why one gives no picture.

Media Foundation (MSMF) and DirectShow (DSHOW) list the same camera under paths that differ in their last part, the kind
of interface. Nobody has run this with a camera yet.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from posture.camera.errors import CameraAbsent, CameraBusy, CameraError, CameraForbidden
from posture.language import listed, mark, tr
from posture.plain_text import plain
from posture.windows_programs import camera_refused, users_of

WAYS = (1400, 700)
"""CAP_MSMF and CAP_DSHOW of OpenCV, the preferred first: virtual cameras of old are known to DirectShow only."""
# Translators: the names of the settings are those that Windows has in your language.
REFUSED = mark(
    "Windows does not let desktop programs use the camera: allow it under Settings > Privacy & security > Camera."
)


@dataclass(frozen=True)
class Found:
    """One camera."""

    name: str
    path: str
    """Of the device itself; stays as long as it is plugged in at the same place. Empty for some virtual cameras."""
    ways: tuple[tuple[int, int], ...]
    """By what OpenCV opens it, the preferred first: an index, and a way to which that index belongs."""


def cameras() -> list[Found]:
    """List the cameras that there are now, those first that Media Foundation lists, in its order."""
    try:
        from cv2_enumerate_cameras import enumerate_cameras
    except ImportError:
        return []
    found: dict[object, Found] = {}
    for way in WAYS:
        for camera in _asked(enumerate_cameras, way):
            path, name = device_of(camera.path or ""), plain(camera.name or "")
            known = path or (way, camera.index)
            before = found.get(known, Found(name, path, ()))
            found[known] = Found(before.name, path, (*before.ways, (int(camera.index), way)))
    return list(found.values())


def _asked(enumerate_cameras: Any, way: int) -> list[Any]:
    try:
        return list(enumerate_cameras(way))
    except (NotImplementedError, OSError, RuntimeError):  # such as an edition of Windows without Media Foundation
        return []


def device_of(path: str) -> str:
    r"""Give the part of a path that names the device: ``\\?\usb#vid_046d&pid_0825&mi_00#7&1a2b&0&0000``."""
    return plain(path.partition("#{")[0].lower())


def refusal() -> CameraError | None:
    """Give the error to raise where the privacy settings let no desktop program use a camera."""
    return CameraForbidden(tr(REFUSED)) if camera_refused() else None


def why_not(path: str, name: str) -> CameraError:
    """Say why a camera gave no picture when it was opened, as the error to raise."""
    if (refused := refusal()) is not None:
        return refused
    known = cameras()
    if not known:
        return CameraAbsent(
            tr("There is no camera {wanted}, nor any other: plug one in, or switch it on.", wanted=name)
        )
    if path and path not in (camera.path for camera in known):
        return CameraAbsent(tr("{name} is no longer there: plug it in again, or switch it on.", name=name))
    if who := listed(users_of("webcam")):
        return CameraBusy(tr("{name} is in use by {who}: close it there, then start again.", name=name, who=who))
    return CameraError(
        tr(
            "{name} gives no picture: see that its switch or shutter is open, that no other program uses it, "
            "or choose another with posture setup camera.",
            name=name,
        )
    )
