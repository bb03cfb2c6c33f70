"""`posture setup`: the first steps, one after the other; each can be skipped and repeated."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

from posture.cli.keypress import agrees, answer_to
from posture.errors import PostureError
from posture.guided.yes_no import is_no
from posture.language import english_at_hand, mark, sentence_start, tr, tr_safety, trc

if TYPE_CHECKING:
    from collections.abc import Sequence

    from posture.camera.devices import CameraDevice
    from posture.settings import CameraSettings, Settings

STEPS = {
    "safety": mark("say whether there are warning signs, and what has to be cleared first"),
    "camera": mark("choose the camera"),
    "preview": mark("see what the camera sees"),
    "calibrate": mark("calibrate on ten seconds of upright sitting"),
    "notification": mark("show a test notification"),
    "autostart": mark("start with the session"),
}
SKIPPED = {
    "safety": mark(
        "Skipped: nothing is left out until you are asked again, by posture stretch or posture plan, or "
        "with posture check-in --conditions."
    )
}
SKIPPED_ANY = mark("Skipped.")
PREVIEW_S = 3.0
"""How long the preview runs with --yes, where nobody may be there to end it."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `setup`."""
    parser = commands.add_parser(
        "setup",
        description=tr(
            "Go through the first steps: {steps}. Each is asked for, can be skipped, and can be run again: posture "
            "setup calibrate.",
            steps=", ".join(map(tr, STEPS.values())),
        ),
    )
    parser.add_argument("steps", nargs="*", metavar="STEP", help=tr("only these: {steps}", steps=", ".join(STEPS)))
    parser.add_argument(
        "--skip", action="append", default=[], choices=STEPS, metavar="STEP", help=tr("all but this one")
    )
    parser.add_argument("--yes", action="store_true", help=tr("ask nothing: every step, with its default"))
    parser.add_argument(
        "--source", metavar="CAMERA", help=tr("a camera by index, path or name, or a video to try it with")
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Go through the steps; a step that fails is reported, and the next follows."""
    from posture.coach.disclaimer import DISCLAIMER
    from posture.history.calibrations import calibrations_path
    from posture.settings_file import load_settings
    from posture.settings_text import settings_path

    for name in args.steps:
        if name not in STEPS:
            raise PostureError(
                tr('there is no step "{name}": choose of {steps}.', name=name, steps=", ".join(STEPS)), 2
            )
    if not args.yes and not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise PostureError(tr("posture setup asks questions: run it in a terminal, or with --yes."), 2)
    settings = load_settings()
    if not settings_path().exists() and not calibrations_path(settings).exists():
        _say_of_safety(DISCLAIMER)
        print(tr("Nothing leaves this machine, and no picture is stored."), end="\n\n")
    chosen = [name for name in STEPS if name in (args.steps or STEPS) and name not in args.skip]
    if not args.steps:
        _say_of_the_session()
    talk = _Talk(args.yes, args.source, settings)
    failed: list[str] = []
    for number, name in enumerate(chosen, 1):
        does = tr("{sentence}.", sentence=sentence_start(tr(STEPS[name])))
        print(f"[{number}/{len(chosen)}] {does}", flush=True)
        try:
            done = _done(talk, name)
        except _EmergencyError:
            print(f"\n{tr('The rest can wait: posture setup goes on another time.')}")
            return 1 if failed else 0
        if not done:
            failed.append(name)
        print()
    if failed:
        again = f"posture setup {' '.join(failed)}"
        print(tr("Not done: {steps}. Again: {command}", steps=", ".join(failed), command=again))
        return 1
    print(tr("That was all. posture start begins the watch."))
    return 0


def _say_of_the_session() -> None:
    """Say at once what this desktop lacks, and what to do instead."""
    from posture.cli.check_in import say
    from posture.desktop.session_notes import session_notes

    for note in session_notes():
        say(note)
        print()


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
        return self.yes or _agrees(question, by_enter=True)


def _answer(question: str) -> str:
    with _end_of_input():
        return answer_to(f"{question} ").strip()


def _agrees(question: str, *, by_enter: bool = False) -> bool:
    with _end_of_input():
        return agrees(question, by_enter=by_enter)


@contextmanager
def _end_of_input() -> Iterator[None]:
    try:
        yield
    except EOFError:
        print()
        raise KeyboardInterrupt from None


def _say_of_safety(*texts: str) -> None:
    from posture.cli.check_in import say

    say(" ".join(map(tr_safety, texts)))
    if english := english_at_hand(*texts):
        say(english)


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
    if name != "camera" and not talk.agrees(tr("Do it?")):
        say(tr(SKIPPED.get(name, SKIPPED_ANY)))
        return True
    while True:
        try:
            step(talk)
        except PostureError as error:
            print(error)
        else:
            return True
        if talk.yes or not _agrees(tr("Try again?")):
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
    for camera in dict.fromkeys((first, *(camera for camera in cameras if not camera.phone))):
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
    from posture.guided.first_steps import after_lock_line, keep_camera, no_camera

    # An address in the settings is what the user comes here to change: the daemon does not take one.
    if not talk.is_camera and (talk.source or not is_elsewhere(talk.looks_at)):
        with open_source(talk.looks_at, talk.settings.camera) as video:
            print(tr("{name}, a video; the setting camera.source stays as it is.", name=video.name))
        return
    cameras = list_cameras()
    if not cameras and not talk.source:
        raise PostureError(no_camera())
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
            print(f"  {number}. {choice}" + (f"  {tr('(now)')}" if choice == camera else ""))
        answer = _answer(tr("Which, 1 to {most}? [{now}, s skips]", most=len(cameras), now=cameras.index(camera) + 1))
        if answer.lower() in ("s", "skip"):
            print(tr(SKIPPED_ANY))
            return
        if answer:
            if not (answer.isdecimal() and 1 <= int(answer) <= len(cameras)):
                raise PostureError(
                    tr(
                        "{answer!r} is not a camera of this list: type 1 to {most}, or s to skip.",
                        answer=answer[:20],
                        most=len(cameras),
                    )
                )
            camera = cameras[int(answer) - 1]
    talk.settings, talk.source = keep_camera(camera, cameras), None
    print(tr("{camera}; kept as camera.source.", camera=camera))
    if line := after_lock_line(talk.settings):
        print(line)


def _safety(talk: _Talk) -> None:
    from posture.cli.check_in import ask_conditions, ask_signs, say
    from posture.coach.safety import CLEARANCE, STOP

    _say_of_safety(STOP, CLEARANCE)
    if talk.yes:
        say(
            tr(
                "Nothing was asked, so no exercise is left out: posture check-in, and posture check-in "
                "--conditions, ask."
            )
        )
        return
    say(tr("Your answers stay on this machine: the warning signs in the history, the rest in the settings."))
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
        raise PostureError(tr("The window could not be shown: posture preview --text shows it in words."))


def _calibrate(talk: _Talk) -> None:
    from posture.cli.calibrate import calibrate_on

    if talk.yes:
        calibrate_on(talk.looks_at, word="keep")
        return
    both = _agrees(tr("Do you sometimes work standing at this desk?"))
    # Translators: what is typed for "stand" in answer to "Do you sit or stand now? [sit]".
    words = ("stand", "standing", "st", trc("answer", "stand"))
    stands = both and _answer(tr("Do you sit or stand now? [sit]")).lower() in words
    calibrate_on(talk.looks_at, standing=stands)
    if not both:
        return
    question = (
        tr("Lower the desk, sit down and press Enter; or type l to do it later. [now]")
        if stands
        else tr("Raise the desk, stand up and press Enter; or type l to do it later. [now]")
    )
    answer = _answer(question).lower()
    if answer in ("l", "later") or is_no(answer):
        print(tr("Later: {command}.", command=f"posture calibrate{'' if stands else ' --standing'}"))
    else:
        calibrate_on(talk.looks_at, standing=not stands)


def _notification(talk: _Talk) -> None:
    from posture.guided.first_steps import NOT_SHOWN, show_test

    delivered = show_test(talk.settings, print)
    if delivered.via == "console":
        print(tr("Reminders go to the log until then: posture logs."))
    elif not talk.yes and not talk.agrees(tr("Did you see it?")):
        raise PostureError(tr(NOT_SHOWN))
    else:
        print(tr("The desktop has taken it."))


def _autostart(talk: _Talk) -> None:
    from posture.desktop.autostart import Autostart
    from posture.guided.settle import settle_in

    how = settle_in()
    if note := Autostart().note():
        print(note)
        return
    print(tr("posture starts with the session, by {how}; posture autostart off undoes it.", how=tr(how)))
