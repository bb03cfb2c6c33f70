"""Cameras of macOS, by AVFoundation: which there are, whether this program may use them, and who else does.

They are asked through rubicon-objc, and where that is missing, or says something unexpected, nothing is known. Whom
macOS asks the user about is not this process but the app that is responsible for it: the terminal in which posture was
started, or Posture.app (docs/platforms.md). Nobody has run this on a Mac yet.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Literal, TypeVar

from posture.camera.errors import CameraBusy, CameraError, CameraForbidden
from posture.language import mark, tr
from posture.plain_text import plain

Permission = Literal["allowed", "denied", "restricted", "not asked", ""]
PERMISSIONS: dict[int, Permission] = {0: "not asked", 1: "restricted", 2: "denied", 3: "allowed"}
"""AVAuthorizationStatus of AVCaptureDevice.h."""
REFUSALS: dict[Permission, str] = {
    # Translators: the names of the settings are those that macOS has in your language.
    "denied": mark(
        "macOS does not let posture use the camera: in System Settings > Privacy & Security > Camera, switch on the "
        "app that posture was started from (your terminal, or Posture), then quit that app and open it again."
    ),
    "restricted": mark(
        "This Mac forbids the camera to programs, by parental controls or by a rule of whoever manages it: ask them."
    ),
    # Translators: the names of the settings are those that macOS has in your language.
    "not asked": mark(
        "macOS asks whether the camera may be used: answer it. If it asks nothing, start posture from the app Terminal "
        "or from Posture.app, and see System Settings > Privacy & Security > Camera."
    ),
}
_asked: list[Any] = []
"""What waits for the user's answer; macOS calls it then."""
_Found = TypeVar("_Found")


@dataclass(frozen=True)
class MacCamera:
    """A camera, as AVFoundation describes it."""

    index: int
    """What OpenCV counts it as."""
    name: str
    identity: str
    """It stays over plugging in again and restarts."""
    phone: bool
    """An iPhone or iPad (Continuity Camera)."""
    elsewhere: bool
    """Another app uses it now."""
    suspended: bool
    """It gives no pictures now: the lid is closed over it, or its cover."""


def permission() -> Permission:
    """Whether macOS lets this program use cameras; empty where that is not known."""
    return _tell(
        lambda: PERMISSIONS.get(int(_devices_class().authorizationStatusForMediaType_(_media("Video"))), ""), ""
    )


def ask() -> None:
    """Have macOS ask the user, if nobody has answered yet; returns at once. It asks once for each app."""

    def request() -> None:
        from ctypes import c_bool

        from rubicon.objc import Block

        answered = Block(lambda _granted: None, None, c_bool)
        _asked.append(answered)
        _devices_class().requestAccessForMediaType_completionHandler_(_media("Video"), answered)

    if not _asked:
        _tell(request, None)


def refusal() -> CameraForbidden | None:
    """Give the error to raise where macOS does not let this program use cameras, and have it ask the user if it can."""
    found = permission()
    if found == "not asked":
        ask()
    sentence = REFUSALS.get(found)
    return CameraForbidden(tr(sentence)) if sentence else None


def cameras() -> list[MacCamera]:
    """List the cameras, phones last; empty where that is not known.

    OpenCV numbers what gives video or video with sound, in the order of the identities.
    """

    def listed() -> list[MacCamera]:
        _catch_up()
        found = {}
        for media in ("Video", "Muxed"):
            for device in _devices_class().devicesWithMediaType_(_media(media)):
                found[str(device.uniqueID)] = device
        return [_camera(index, identity, found[identity]) for index, identity in enumerate(sorted(found))]

    nothing: list[MacCamera] = []
    return sorted(_tell(listed, nothing), key=lambda camera: (camera.phone, camera.index))


def used_elsewhere(identity: str) -> bool:
    """Whether another app uses a camera; False where that is not known. Asked at each look, so of that one alone."""

    def asked() -> bool:
        _catch_up()
        device = _devices_class().deviceWithUniqueID_(identity)
        return device is not None and _is(device, "isInUseByAnotherApplication")

    return _tell(asked, False)


def why_not(identity: str, name: str) -> CameraError:
    """Say why a camera gave no picture when it was opened, as the error to raise."""
    found = refusal()
    if found is not None:
        return found
    camera = next((camera for camera in cameras() if camera.identity == identity), None)
    if camera is not None and camera.suspended:
        return CameraError(
            tr("{camera} gives no pictures while the lid, or its cover, is closed: open it.", camera=name)
        )
    if camera is not None and camera.elsewhere:
        return CameraBusy(tr("{name} is in use by another program: close it there, then start again.", name=name))
    return CameraError(
        tr("{camera} gives no pictures: plug it in again, or restart the Mac if it is built in.", camera=name)
    )


def _camera(index: int, identity: str, device: Any) -> MacCamera:
    return MacCamera(
        index,
        plain(str(device.localizedName)),
        plain(identity),
        phone=_is(device, "isContinuityCamera"),
        elsewhere=_is(device, "isInUseByAnotherApplication"),
        suspended=_is(device, "isSuspended"),
    )


def _is(device: Any, question: str) -> bool:
    try:
        return bool(getattr(device, question)())
    except AttributeError:  # a macOS that does not have it yet
        return False


def _tell(ask: Callable[[], _Found], otherwise: _Found) -> _Found:
    """Ask, and let go at once of what Objective-C has made for it."""
    try:
        from rubicon.objc.runtime import autoreleasepool

        with autoreleasepool():
            return ask()
    except Exception:  # of any kind of system
        return otherwise


def _devices_class() -> Any:
    from rubicon.objc import ObjCClass
    from rubicon.objc.runtime import load_library

    load_library("AVFoundation")
    return ObjCClass("AVCaptureDevice")


def _media(kind: str) -> Any:
    from rubicon.objc import objc_const
    from rubicon.objc.runtime import load_library

    return objc_const(load_library("AVFoundation"), f"AVMediaType{kind}")


def _catch_up() -> None:
    """Take in what was plugged in since: AVFoundation hears of it in a run loop, and this process has none running."""
    from ctypes import c_bool, c_double, c_int32, c_void_p

    from rubicon.objc import objc_const
    from rubicon.objc.runtime import load_library

    core = load_library("CoreFoundation")
    run = core.CFRunLoopRunInMode
    run.restype, run.argtypes = c_int32, (c_void_p, c_double, c_bool)
    run(objc_const(core, "kCFRunLoopDefaultMode"), 0.0, False)
