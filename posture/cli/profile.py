"""`posture profile`: a calibration for each place, chosen again by the name of the camera there."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from posture.language import mark, tr
from posture.settings import Settings

if TYPE_CHECKING:
    from posture.history.calibrations import Profile


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `profile` and what it can do."""
    parser = commands.add_parser(
        "profile",
        description=tr(
            "Calibrations are kept for each camera and place. Each camera has the place chosen for it last, "
            "so the camera of a dock brings its own."
        ),
    )
    actions = parser.add_subparsers(dest="action", metavar="ACTION", required=True)
    actions.add_parser("list", help=tr("all of them; * marks that of the camera in use"))
    use = actions.add_parser("use", help=tr("choose one for this camera"))
    new = actions.add_parser("new", help=tr("make one, and choose it for this camera"))
    for action in (use, new):
        action.add_argument("name", metavar="NAME", help=tr("such as couch"))
        action.add_argument("--source", metavar="CAMERA", help=tr("another camera than that of the settings"))
    parser.set_defaults(run=run, source=None)


def run(args: argparse.Namespace) -> int:
    """Do what was asked; see `posture profile --help`."""
    from posture.history.calibrations import add_profile, load_baseline, use_profile
    from posture.settings_file import load_settings

    settings = load_settings()
    if args.action == "list":
        _list(settings)
        return 0
    camera = _camera(args.source or settings.camera.source, settings)
    if args.action == "new":
        add_profile(settings, args.name)
    use_profile(settings, camera, args.name)
    _tell_daemon()
    print(tr("{name}, for {camera}.", name=args.name, camera=camera))
    if load_baseline(settings, camera) is None:
        print(tr("Not calibrated there yet: posture calibrate."))
    return 0


def _list(settings: Settings) -> None:
    from posture.errors import PostureError
    from posture.history.calibrations import profile_of, profiles

    try:
        now = profile_of(settings, _camera(settings.camera.source, settings))
    except PostureError:  # no camera, so no profile is in use
        now = ""
    for profile in profiles(settings):
        cameras = sorted({*profile.calibrated, *profile.standing})
        calibrated = ", ".join(_how(profile, camera) for camera in cameras) or tr("not calibrated yet")
        print(f"{'*' if profile.name == now else ' '} {profile.name}: {calibrated}")


def _how(profile: Profile, camera: str) -> str:
    if camera not in profile.standing:
        return camera
    return (
        tr("{camera} (sitting and standing)", camera=camera)
        if camera in profile.calibrated
        else tr("{camera} (standing)", camera=camera)
    )


def _camera(source: str, settings: Settings) -> str:
    """Give the name under which calibrations of this camera or video are stored."""
    from posture.camera.source_kind import kind_of_source

    if kind_of_source(source) == "camera":
        from posture.camera.devices import find_camera

        return str(find_camera(source))
    from posture.camera.source import open_source

    with open_source(source, settings.camera) as video:
        return video.name


def _tell_daemon() -> None:
    """Make a running daemon load the calibration again: it does so after it has lent its camera."""
    import socket

    if hasattr(socket, "AF_UNIX"):
        from posture.control.channel import borrow_camera

        with borrow_camera(mark("choosing a profile")):
            pass
