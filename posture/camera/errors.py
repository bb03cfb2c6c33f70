"""What can be wrong with a camera; each error has its own remedy."""

# ruff: noqa: N818 - the names say what is wrong with the camera; each is a CameraError.

from __future__ import annotations

from posture.errors import PostureError


class CameraError(PostureError):
    """A camera cannot be used."""


class CameraAbsent(CameraError):
    """There is no such camera."""


class CameraBusy(CameraError):
    """Another program uses the camera."""


class CameraForbidden(CameraError):
    """This user may not open the camera."""


class CameraLost(CameraError):
    """The camera was open and has stopped giving frames."""
