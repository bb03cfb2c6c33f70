"""`posture calibrate`: some seconds of sitting upright and still become the baseline of this camera."""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from posture.cli.keypress import agrees, answer_to
from posture.errors import PostureError
from posture.guided.yes_no import is_no, is_yes
from posture.language import mark, number, tr

if TYPE_CHECKING:
    from posture.history.calibrations import Which
    from posture.measure.baseline import Baseline, Refusal
    from posture.settings import Settings

Word = Literal["again", "keep", "always so", ""]
"""The user's word on somebody who did not sit level; empty where nothing was said."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `calibrate`."""
    parser = commands.add_parser(
        "calibrate",
        description=tr(
            "Sit back, rock from one sit bone to the other, let your shoulders drop and look straight ahead. "
            "The most upright still seconds become the baseline that all later looks are compared with; they "
            "are looked for over half a minute. Do it again after moving the camera or the chair."
        ),
    )
    parser.add_argument(
        "--source",
        metavar="CAMERA",
        help=tr("a camera by index, path or name (default: the setting), a video file, or the address of a stream"),
    )
    parser.add_argument(
        "--seconds", type=float, default=10.0, metavar="N", help=tr("how long at least (default %(default)g)")
    )
    parser.add_argument(
        "--standing",
        action="store_true",
        help=tr("learn how you stand at a raised desk; kept beside how you sit, it tells standing from sitting"),
    )
    kept = parser.add_mutually_exclusive_group()
    kept.add_argument(
        "--yes",
        action="store_true",
        help=tr("keep a baseline that is not level; leaning is judged against level then"),
    )
    kept.add_argument(
        "--always-so",
        action="store_true",
        help=tr("your shoulders are always like that: what is seen now is your level"),
    )
    parser.add_argument(
        "--fits",
        action="store_true",
        help=tr("look at nobody: say that the calibration fits, and propose no other"),
    )
    parser.add_argument(
        "--keep", action="store_true", help=tr("look at nobody: keep the calibration that the daemon offers")
    )
    parser.add_argument("--json", action="store_true", help=tr("one JSON object"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Calibrate on a live camera, or on the beginning of a video, and keep the baseline."""
    if args.fits:
        return _confirm()
    if args.keep:
        return _keep(as_json=args.json)
    word: Word = "always so" if args.always_so else "keep" if args.yes else ""
    return calibrate_on(args.source, args.seconds, as_json=args.json, word=word, standing=args.standing)


def _confirm() -> int:
    """Take the user's word that the calibration that was in use last fits."""
    from posture.control.channel import ask
    from posture.control.protocol import NotRunningError
    from posture.guided.stored import stored_records
    from posture.history.calibrations import calibration_made, confirm_calibration
    from posture.report.baseline_check import last_used
    from posture.settings_file import load_settings

    settings = load_settings()
    with stored_records(settings) as reader:
        made = last_used(reader, datetime.now(UTC))
    if made is None or calibration_made(settings, made) is None:
        raise PostureError(tr("No stored calibration has been in use lately: posture calibrate makes one."))
    confirm_calibration(settings, made)
    with contextlib.suppress(NotRunningError):
        ask("reload")
    print(tr("The calibration fits: no other one is proposed."))
    return 0


def _keep(*, as_json: bool) -> int:
    from posture.control.channel import ANSWER_TIMEOUT_S, ask

    status = ask("keep", ANSWER_TIMEOUT_S)
    if as_json:
        print(json.dumps({"kept": True, "camera": status["camera"]["name"]}))
    else:
        print(tr("Kept for {camera}: this is how you sit upright, from now on.", camera=status["camera"]["name"]))
    return 0


def calibrate_on(
    source: str | None, seconds: float = 10.0, *, as_json: bool = False, word: Word = "", standing: bool = False
) -> int:
    """Do what the command does; see its options. `word` is what the user says of not sitting level, if asked."""
    from posture.camera.source_kind import kind_of_source
    from posture.cli.replay import calibrated_json
    from posture.guided.calibration import STANDS, keep, outcome_of
    from posture.history.calibrations import baseline_to_json
    from posture.measure.baseline import Refusal
    from posture.measure.placement import sentences_on
    from posture.settings_file import load_settings

    settings = load_settings()
    if not 3.0 <= seconds <= 120.0:
        raise PostureError(tr("--seconds {seconds:g} is not between 3 and 120.", seconds=seconds), 2)
    wanted = source or settings.camera.source
    live, asks = kind_of_source(wanted) == "camera", sys.stdin.isatty() and not as_json
    while True:
        which, found = _looked(settings, wanted, seconds, quiet=as_json, live=live, standing=standing)
        outcome = outcome_of(found, settings, standing=standing)
        if isinstance(found, Refusal):
            return _refused(found, seconds, as_json=as_json)
        if standing:
            return _keep_standing(settings, which, found, seconds, as_json=as_json)
        if outcome.kind == "stands" and not word:
            if asks and _agrees(f"{tr(STANDS)} {tr('Keep it as how you stand?')}"):
                return _keep_standing(settings, which, found, seconds, as_json=as_json)
            return _refused(Refusal("standing", f"{tr(STANDS)} {tr(SIT)}"), seconds, as_json=as_json)
        aslant = outcome.says if outcome.kind == "unlevel" else ""
        said = word or (_ask(aslant, found, again=live) if aslant and asks else "")
        if said != "again":
            break
    if aslant and not said:
        # What was seen goes along, so that a program can ask the user and keep it.
        seen = {
            "seen": tr(aslant),
            "advice": [tr(sentence) for sentence in sentences_on(found)],
            "camera": which.name,
            "baseline": baseline_to_json(found),
        }
        return _refused(Refusal("unlevel", f"{tr(aslant)} {tr(NOT_KEPT)}"), seconds, as_json=as_json, more=seen)
    about = keep(settings, which, found, always_so=said == "always so")
    if as_json:
        print(json.dumps(calibrated_json(seconds, replace(found, always_so=said == "always so"))))
    else:
        print(
            tr(
                "Calibrated on {looks} looks in {seconds} s; kept for {camera}.",
                looks=number(found.frames),
                seconds=number(found.seconds),
                camera=which.name,
            )
        )
        for line in [*_quality(found), *about]:
            print(tr(line))
    return 0


def _keep_standing(settings: Settings, which: Which, found: Baseline, seconds: float, *, as_json: bool) -> int:
    from posture.cli.replay import calibrated_json
    from posture.guided.calibration import SIT_TOO, keep

    about = keep(settings, which, found, standing=True)
    if as_json:
        alike = [tr(line) for line in about if line not in (SIT_TOO, tr(SIT_TOO))]
        line = calibrated_json(seconds, found) | {"standing": True, "not_observable": [], "advice": alike}
        print(json.dumps(line))
        return 0
    print(
        tr(
            "Calibrated standing on {looks} looks in {seconds} s; kept for {camera}.",
            looks=number(found.frames),
            seconds=number(found.seconds),
            camera=which.name,
        )
    )
    for sentence in about:
        print(tr(sentence))
    return 0


SIT = mark("posture calibrate --standing learns how you stand; sit down to calibrate how you sit.")
NOT_KEPT = mark(
    "Sit on both sit bones and calibrate again; --yes keeps it all the same, --always-so if your "
    "shoulders are always like that."
)


def _refused(refusal: Refusal, seconds: float, *, as_json: bool, more: dict[str, Any] | None = None) -> int:
    from posture.cli.replay import calibrated_json

    if not as_json:
        raise PostureError(tr(refusal.sentence))
    print(json.dumps(calibrated_json(seconds, refusal) | (more or {})))
    return 1


def _agrees(question: str) -> bool:
    with _end_of_input():
        return agrees(question, by_enter=True)


def _answer(question: str) -> str:
    with _end_of_input():
        return answer_to(f"{question} ").strip().lower()


@contextlib.contextmanager
def _end_of_input() -> Iterator[None]:
    try:
        yield
    except EOFError:  # Ctrl-D
        print()
        raise KeyboardInterrupt from None


def _ask(aslant: str, baseline: Baseline, *, again: bool) -> Word:
    """Say how the user sat and ask what to do; Enter is to try again, where that may give something else."""
    print(tr(aslant))
    kept = tr("keep it: lean and shoulder line are judged against level") if baseline.unlevel else tr("keep it")
    print(f"  k  {kept}")
    print(f"  a  {tr('keep it: I am always like that, so this is my level')}")
    if again:
        print(f"  t  {tr('try again: sit on both sit bones, and let your shoulders drop')}")
    while True:
        answer = _answer(f"{tr('Which?')} [t]" if again else tr("Which, or Enter to drop it?"))
        if not answer or (again and (answer in ("t", "try", "try again") or is_yes(answer))):
            return "again" if again else ""
        if answer in ("k", "keep") or is_no(answer):
            return "keep"
        if answer in ("a", "always"):
            return "always so"


def _looked(
    settings: Settings, wanted: str, seconds: float, *, quiet: bool, live: bool, standing: bool
) -> tuple[Which, Baseline | Refusal]:
    """Look until there is a baseline or a reason why not; give which camera it was as well."""
    from posture.camera.pacer import paced
    from posture.camera.source import open_source
    from posture.cli.progress import StatusLine
    from posture.guided.borrow_camera import lent_camera
    from posture.guided.calibration import GUIDE_S
    from posture.history.calibrations import Which
    from posture.measure.baseline import Refusal, calibrate
    from posture.measure.geometry import Person
    from posture.measure.standing import of_standing
    from posture.monitor.replay import CALIBRATION_LOOKS_PER_S
    from posture.perception.calibration import Calibration, feedback, take
    from posture.perception.guidance import STANDING_STEPS, STEPS
    from posture.pose.open_model import open_pose_model

    state, line, pose = Calibration(seconds), StatusLine(sys.stderr), settings.pose
    # In a terminal each step has its time; elsewhere they are said at once.
    guidance = [tr(step) for step in (STANDING_STEPS if standing else STEPS)]
    steps = list(guidance) if live and line.visible and not quiet else []
    began_s = None
    with (
        lent_camera(wanted, mark("calibrating")),
        open_source(wanted, settings.camera) as source,
        open_pose_model(settings) as model,
        ExitStack() as stack,
    ):
        stack.callback(line.clear)
        if not quiet:
            print(f"{source.name}:" if steps else f"{' '.join(guidance)} ({source.name})", file=sys.stderr)
        for t_s in paced(source, 1.0 / CALIBRATION_LOOKS_PER_S):
            began_s = t_s if began_s is None else began_s
            shown = len(guidance) - len(steps)
            if steps and t_s - began_s >= shown * GUIDE_S:
                print(f"  {shown + 1}. {steps.pop(0)}", file=sys.stderr)
            if steps:
                continue
            found = model.find(source.retrieve())
            person = Person.of(found, pose.min_visibility) if found else None
            state, outcome = take(state, t_s, person, pose.min_visibility, pose.judge)
            if line.visible:
                line.show(f"  {tr(feedback(state))}")
            if outcome is not None:
                break
        else:
            outcome = calibrate(state.looks, pose.min_visibility, pose.judge)
        which = Which(source.name, *source.identity)
    return which, of_standing(outcome) if standing and isinstance(outcome, Refusal) else outcome


_ANGLES = {
    "shoulder_tilt_deg": mark("shoulder tilt"),
    "lateral_lean_deg": mark("lateral lean"),
    "head_tilt_deg": mark("head tilt"),
    "head_pitch_deg": mark("head pitch"),
    "head_yaw_deg": mark("head yaw"),
    "slump_deg": mark("slump"),
    "forward_head_deg": mark("forward head"),
    "hip_hinge_deg": mark("hip hinge"),
}


def _quality(baseline: Baseline) -> list[str]:
    """How steady the baseline is, where the camera stands and what it cannot see from there."""
    wavered = ", ".join(f"{tr(_ANGLES[name])} {number(sd, 1)}°" for name, sd in baseline.spread.items())
    lines = [tr("From look to look it wavered by: {angles}.", angles=wavered)]
    where = baseline.placement
    if math.isfinite(where.distance_cm):
        room = {
            "distance": f"{number(where.distance_cm)} ± {number(where.distance_sd_cm)}",
            "height": f"{number(abs(where.lens_below_eyes_cm))} ± {number(where.lens_below_eyes_sd_cm)}",
        }
        lines.append(
            tr("The camera is about {distance} cm away and {height} cm below your eyes.", **room)
            if where.lens_below_eyes_cm >= 0
            else tr("The camera is about {distance} cm away and {height} cm above your eyes.", **room)
        )
    return lines
