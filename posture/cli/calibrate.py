"""`posture calibrate`: some seconds of sitting upright and still become the baseline of this camera."""

from __future__ import annotations

import argparse
import contextlib
import json
import math
import sys
from contextlib import ExitStack
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from posture.errors import PostureError

if TYPE_CHECKING:
    from posture.measure.baseline import Baseline, Refusal
    from posture.settings import Settings


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `calibrate`."""
    parser = commands.add_parser(
        "calibrate",
        help="learn how you sit upright before this camera",
        description="Sit back, rock from one sit bone to the other, let your shoulders go and look straight ahead. The "
        "most upright still seconds become the baseline that all later looks are compared with; they are looked for "
        "over half a minute. Do it again after moving the camera or the chair.",
    )
    parser.add_argument(
        "--source",
        metavar="CAMERA",
        help="a camera by index, path or name (default: the setting), a video file, or the address of a stream",
    )
    parser.add_argument(
        "--seconds", type=float, default=10.0, metavar="N", help="how long at least (default %(default)g)"
    )
    parser.add_argument("--yes", action="store_true", help="keep a baseline with shoulders that are not level")
    parser.add_argument(
        "--fits", action="store_true", help="look at nobody: say that the calibration fits, and propose no other"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Calibrate on a live camera, or on the beginning of a video, and keep the baseline."""
    if args.fits:
        return _confirm()
    return calibrate_on(args.source, args.seconds, as_json=args.json, keep_unlevel=args.yes)


def _confirm() -> int:
    """Take the user's word that the calibration that was in use last fits."""
    from posture.cli.stored import stored_records
    from posture.control.channel import ask
    from posture.control.protocol import NotRunningError
    from posture.history.calibrations import calibration_made, confirm_calibration
    from posture.report.baseline_check import last_used
    from posture.settings_file import load_settings

    settings = load_settings()
    with stored_records(settings) as reader:
        made = last_used(reader, datetime.now(UTC))
    if made is None or calibration_made(settings, made) is None:
        raise PostureError("No stored calibration has been in use lately: posture calibrate makes one.")
    confirm_calibration(settings, made)
    with contextlib.suppress(NotRunningError):
        ask("reload")
    print("The calibration fits: no other one is proposed.")
    return 0


def calibrate_on(
    source: str | None, seconds: float = 10.0, *, as_json: bool = False, keep_unlevel: bool = False
) -> int:
    """Do what the command does; see its options."""
    from posture.camera.source_kind import kind_of_source
    from posture.cli.replay import calibrated_json
    from posture.history.calibrations import save_baseline
    from posture.measure.baseline import Refusal
    from posture.measure.placement import level_sentence
    from posture.settings_file import load_settings

    settings = load_settings()
    if not 3.0 <= seconds <= 120.0:
        raise PostureError(f"--seconds {seconds:g} is not between 3 and 120.", 2)
    wanted = source or settings.camera.source
    asks = sys.stdin.isatty() and not (as_json or keep_unlevel) and kind_of_source(wanted) == "camera"
    while True:
        name, found = _calibrate(settings, wanted, seconds, quiet=as_json)
        if isinstance(found, Refusal):
            if as_json:
                print(json.dumps(calibrated_json(seconds, found)))
                return 1
            raise PostureError(found.sentence)
        unlevel = level_sentence(found)
        if not (unlevel and asks) or input(f"{unlevel} Once more? [Y/n] ").strip().lower() in ("n", "no"):
            break
    save_baseline(settings, name, found)
    if as_json:
        print(json.dumps(calibrated_json(seconds, found)))
    else:
        print(f"Calibrated on {found.frames} looks in {found.seconds:.0f} s; kept for {name}.")
        for line in [*([unlevel] if unlevel and not asks else []), *_quality(found)]:
            print(line)
    return 0


def _calibrate(settings: Settings, wanted: str, seconds: float, *, quiet: bool) -> tuple[str, Baseline | Refusal]:
    """Look until there is a baseline or a reason why not; give the name of the source as well."""
    from posture.camera.pacer import paced
    from posture.camera.source import open_source
    from posture.cli.borrow_camera import lent_camera
    from posture.cli.progress import StatusLine
    from posture.measure.baseline import calibrate
    from posture.measure.geometry import Person
    from posture.monitor.replay import CALIBRATION_LOOKS_PER_S
    from posture.perception.calibration import Calibration, feedback, take
    from posture.pose.open_model import open_pose_model

    state, line, pose = Calibration(seconds), StatusLine(sys.stderr), settings.pose
    with (
        lent_camera(wanted, "calibrating"),
        open_source(wanted, settings.camera) as source,
        open_pose_model(settings) as model,
        ExitStack() as stack,
    ):
        stack.callback(line.clear)
        if not quiet:
            print(f"Sit upright and look at the screen ({source.name}).", file=sys.stderr)
        for t_s in paced(source, 1.0 / CALIBRATION_LOOKS_PER_S):
            found = model.find(source.retrieve())
            person = Person.of(found, pose.min_visibility) if found else None
            state, outcome = take(state, t_s, person, pose.min_visibility, pose.judge)
            if line.visible:
                line.show(feedback(state))
            if outcome is not None:
                break
        else:
            outcome = calibrate(state.looks, pose.min_visibility, pose.judge)
    return source.name, outcome


def _quality(baseline: Baseline) -> list[str]:
    """How steady the baseline is, where the camera stands and what it cannot see from there."""
    from posture.measure.placement import advice, coarse_sentences

    wavered = (f"{name.removesuffix('_deg').replace('_', ' ')} {sd:.1f}°" for name, sd in baseline.spread.items())
    lines = ["From look to look it wavered by: " + ", ".join(wavered) + "."]
    where = baseline.placement
    if math.isfinite(where.distance_cm):
        side = "below" if where.lens_below_eyes_cm >= 0 else "above"
        lines.append(
            f"The camera is about {where.distance_cm:.0f} ± {where.distance_sd_cm:.0f} cm away and "
            f"{abs(where.lens_below_eyes_cm):.0f} ± {where.lens_below_eyes_sd_cm:.0f} cm {side} your eyes."
        )
    return [*lines, *coarse_sentences(baseline), *advice(where)]
