"""The first steps, for the terminal and the window alike: the camera that is kept, and the test notification."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from posture.language import mark, tr

if TYPE_CHECKING:
    from posture.camera.devices import CameraDevice
    from posture.desktop.notify_base import Delivery
    from posture.settings import Settings

TEST_TITLE, TEST_TEXT = "posture", mark("A reminder looks like this.")
NOT_SHOWN = mark("The desktop has taken it but not shown it: check its notification settings, and do not disturb.")
AFTER_LOCK = mark(
    "After the screen is locked it looks on for {seconds} s, to see whether you leave, and then "
    "closes; camera.after_lock = 0 turns that off."
)
NO_CAMERA = mark("There is no camera: plug one in, or switch it on.")


def no_camera() -> str:
    """Say that there is none, and what to do."""
    from posture import wsl
    from posture.camera.devices import refusal

    refused = refusal()  # macOS may show no cameras to who may not use them
    return str(refused) if refused else tr(wsl.NO_CAMERA) if wsl.inside_windows() else tr(NO_CAMERA)


def source_of(camera: CameraDevice, cameras: Sequence[CameraDevice]) -> str:
    """What the setting camera.source calls a camera.

    An index may mean another camera tomorrow; a name means the same one, unless two cameras share it.
    """
    same = sum(other.name == camera.name for other in cameras) > 1
    return (camera.path if same and camera.path else camera.name) or str(camera.index)


def keep_camera(camera: CameraDevice, cameras: Sequence[CameraDevice]) -> Settings:
    """Keep a camera as the one that is looked through, and give the settings as they are then."""
    from posture.control.channel import tell
    from posture.settings import find_spec
    from posture.settings_file import load_settings, set_setting
    from posture.settings_text import settings_path

    set_setting(settings_path(), find_spec("camera.source"), source_of(camera, cameras))
    tell("reload")
    return load_settings()


def after_lock_line(settings: Settings) -> str:
    """Say that the camera looks on after the screen is locked; empty if it does not."""
    looks_on_s = settings.camera.after_lock_s
    return tr(AFTER_LOCK, seconds=f"{looks_on_s:g}") if looks_on_s else ""


def show_test(settings: Settings, say: Callable[[str], None]) -> Delivery:
    """Show a notification as the reminders are shown; `say` gets the reason where the desktop shows none."""
    from posture.desktop.notify import open_notifier

    return open_notifier(settings.desktop, say).send(TEST_TITLE, tr(TEST_TEXT))
