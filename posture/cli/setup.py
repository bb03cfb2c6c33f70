"""`posture setup`: the first steps, one after the other; each can be skipped and repeated."""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

from posture.cli.keypress import answer_to
from posture.errors import PostureError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from posture.camera.devices import CameraDevice
    from posture.settings import CameraSettings, Settings

STEPS = {
    "safety": "say whether there are warning signs, and what has to be cleared first",
    "camera": "choose the camera",
    "preview": "see what the camera sees",
    "calibrate": "calibrate on ten seconds of upright sitting",
    "notification": "show a test notification",
    "autostart": "start with the session",
}
SKIPPED = {
    "safety": "Skipped: nothing is left out until you are asked again, by posture stretch or posture plan, or with "
    "posture check-in --conditions."
}
PREVIEW_S = 3.0
"""How long the preview runs with --yes, where nobody may be there to end it."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `setup`."""
    parser = commands.add_parser(
        "setup",
        help="the first steps: safety, camera, preview, calibration, notification, autostart",
        description=f"Go through the first steps: {', '.join(STEPS.values())}. Each is asked for, can be skipped, and "
        "can be run again: posture setup calibrate.",
    )
    parser.add_argument("steps", nargs="*", metavar="STEP", help=f"only these: {', '.join(STEPS)}")
    parser.add_argument("--skip", action="append", default=[], choices=STEPS, metavar="STEP", help="all but this one")
    parser.add_argument("--yes", action="store_true", help="ask nothing: every step, with its default")
    parser.add_argument("--source", metavar="CAMERA", help="a camera by index, path or name, or a video to try it with")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Go through the steps; a step that fails is reported, and the next follows."""
    from posture.cli.check_in import say
    from posture.coach.safety import DISCLAIMER
    from posture.history.calibrations import calibrations_path
    from posture.settings_file import load_settings, settings_path

    for name in args.steps:
        if name not in STEPS:
            raise PostureError(f'there is no step "{name}": choose of {", ".join(STEPS)}.', 2)
    if not args.yes and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise PostureError("posture setup asks questions: run it in a terminal, or with --yes.", 2)
    settings = load_settings()
    if not settings_path().exists() and not calibrations_path(settings).exists():
        say(DISCLAIMER)
        print("Nothing leaves this machine, and no picture is stored.\n")
    chosen = [name for name in STEPS if name in (args.steps or STEPS) and name not in args.skip]
    talk = _Talk(args.yes, args.source, settings)
    failed: list[str] = []
    for number, name in enumerate(chosen, 1):
        print(f"[{number}/{len(chosen)}] {STEPS[name][0].upper()}{STEPS[name][1:]}.", flush=True)
        try:
            done = _done(talk, name)
        except _EmergencyError:
            print("\nThe rest can wait: posture setup goes on another time.")
            return 1 if failed else 0
        if not done:
            failed.append(name)
        print()
    if failed:
        print(f"Not done: {', '.join(failed)}. Again: posture setup {' '.join(failed)}")
        return 1
    print("That was all. posture start begins the watch.")
    return 0


class _EmergencyError(Exception):
    """A warning sign that cannot wait was named: nothing else matters now."""


@dataclass
class _Talk:
    """What the steps need to know; `source` is that of the command line."""

    yes: bool
    source: str | None
    settings: Settings

    @property
    def looks_at(self) -> str:
        return self.source or self.settings.camera.source

    @property
    def is_camera(self) -> bool:
        from posture.camera.source_kind import kind_of_source

        return kind_of_source(self.looks_at) == "camera"

    def agrees(self, question: str) -> bool:
        """Ask yes or no; yes is the default."""
        return self.yes or _answer(f"{question} [Y/n] ").lower() in ("", "y", "yes")


def _answer(question: str) -> str:
    try:
        return answer_to(question).strip()
    except EOFError:
        print()
        raise KeyboardInterrupt from None


def _done(talk: _Talk, name: str) -> bool:
    """Do a step, repeated as often as the user wants; True where it was done, or skipped by the user."""
    from posture.cli.check_in import say

    step = {
        "camera": _camera,
        "safety": _safety,
        "preview": _preview,
        "calibrate": _calibrate,
        "notification": _notification,
        "autostart": _autostart,
    }[name]
    # The camera step asks its own question.
    if name != "camera" and not talk.agrees("Do it?"):
        say(SKIPPED.get(name, "Skipped."))
        return True
    while True:
        try:
            step(talk)
        except PostureError as error:
            print(error)
        else:
            return True
        if talk.yes or _answer("Try again? [y/N] ").lower() not in ("y", "yes"):
            return False


def _that_shows_something(
    first: CameraDevice, cameras: Sequence[CameraDevice], settings: CameraSettings
) -> CameraDevice:
    """Choose the camera to propose: `first` if it gives colour pictures, otherwise the first one that does.

    Some laptops list nodes that never give a picture, and a second camera for infrared that gives grey ones.
    """
    from posture.camera.light import has_colour
    from posture.camera.webcam import Webcam

    grey = None
    for camera in dict.fromkeys((first, *cameras)):
        try:
            with Webcam(camera.path or camera.node or str(camera.index), settings) as opened:
                if has_colour(opened.look().image):
                    return camera
        except PostureError:
            continue
        grey = grey or camera
    return grey or first


def _camera(talk: _Talk) -> None:
    from posture.camera.devices import find_camera, list_cameras
    from posture.camera.source import open_source
    from posture.camera.source_kind import is_elsewhere
    from posture.guided.first_steps import NO_CAMERA, after_lock_line, keep_camera

    # An address in the settings is what the user comes here to change: the daemon does not take one.
    if not talk.is_camera and (talk.source or not is_elsewhere(talk.looks_at)):
        with open_source(talk.looks_at, talk.settings.camera) as video:
            print(f"{video.name}, a video; the setting camera.source stays as it is.")
        return
    cameras = list_cameras()
    if not cameras and not talk.source:
        raise PostureError(NO_CAMERA)
    try:
        camera = find_camera(talk.looks_at)
    except PostureError:
        if talk.source:
            raise
        camera = cameras[0]
    if not talk.source:
        camera = _that_shows_something(camera, cameras, talk.settings.camera)
    if not talk.yes and not talk.source:
        for number, choice in enumerate(cameras, 1):
            print(f"  {number}. {choice}{'  (now)' if choice == camera else ''}")
        answer = _answer(f"Which, 1 to {len(cameras)}? [{cameras.index(camera) + 1}, s skips] ")
        if answer.lower() in ("s", "skip"):
            print("Skipped.")
            return
        if answer:
            if not (answer.isdecimal() and 1 <= int(answer) <= len(cameras)):
                raise PostureError(
                    f"{answer[:20]!r} is not a camera of this list: type 1 to {len(cameras)}, or s to skip."
                )
            camera = cameras[int(answer) - 1]
    talk.settings, talk.source = keep_camera(camera, cameras), None
    print(f"{camera}; kept as camera.source.")
    if line := after_lock_line(talk.settings):
        print(line)


def _safety(talk: _Talk) -> None:
    from posture.cli.check_in import ask_conditions, ask_signs, say
    from posture.coach.safety import CLEARANCE, STOP

    say(f"{STOP} {CLEARANCE}")
    if talk.yes:
        say("Nothing was asked, so no exercise is left out: posture check-in, and posture check-in --conditions, ask.")
        return
    say("Your answers stay on this machine: the warning signs in the history, the rest in the settings.")
    print()
    asked = ask_signs(talk.settings)
    if asked.emergency:
        raise _EmergencyError
    if asked.may_go_on:
        print()
        ask_conditions()


def _preview(talk: _Talk) -> None:
    from posture.cli.preview import show
    from posture.own_command import own_command, own_environment
    from posture.window.app import has_display

    if talk.yes or not has_display():
        show(talk.looks_at, talk.settings, text=True, seconds=PREVIEW_S if talk.yes else None)
        return
    import subprocess

    command = own_command("posture", "preview", "--source", talk.looks_at)
    if subprocess.run(command, env=own_environment(), check=False).returncode:
        raise PostureError("The window could not be shown: posture preview --text shows it in words.")


def _calibrate(talk: _Talk) -> None:
    from posture.cli.calibrate import calibrate_on

    if talk.yes:
        calibrate_on(talk.looks_at, word="keep")
        return
    both = _answer("Do you sometimes work standing at this desk? [y/N] ").lower() in ("y", "yes")
    stands = both and _answer("Do you sit or stand now? [sit] ").lower() in ("stand", "standing", "st")
    calibrate_on(talk.looks_at, standing=stands)
    if not both:
        return
    question = "Lower the desk, sit down and press Enter" if stands else "Raise the desk, stand up and press Enter"
    if _answer(f"{question}; or type l to do it later. [now] ").lower() in ("l", "later", "n", "no"):
        print(f"Later: posture calibrate{'' if stands else ' --standing'}.")
    else:
        calibrate_on(talk.looks_at, standing=not stands)


def _notification(talk: _Talk) -> None:
    from posture.guided.first_steps import NOT_SHOWN, show_test

    delivered = show_test(talk.settings, print)
    if delivered.via == "console":
        print("Reminders go to the log until then: posture logs.")
    elif not talk.yes and not talk.agrees("Did you see it?"):
        raise PostureError(NOT_SHOWN)
    else:
        print("The desktop has taken it.")


def _autostart(talk: _Talk) -> None:
    from posture.guided.settle import settle_in

    print(f"posture starts with the session, by {settle_in()}; posture autostart off undoes it.")
