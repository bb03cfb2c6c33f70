"""`posture calibrate`: ten seconds of sitting upright become the baseline of this camera."""

from __future__ import annotations

import argparse
import math
import sys
from typing import TYPE_CHECKING

from posture.cli.progress import progress
from posture.errors import PostureError

if TYPE_CHECKING:
    from posture.measure.baseline import Baseline


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `calibrate`."""
    parser = commands.add_parser(
        "calibrate",
        help="learn how you sit upright before this camera",
        description="Sit upright, shoulders loose, looking at the screen. The most upright still seconds of ten become "
        "the baseline that all later looks are compared with; if there are none, it goes on looking for half a minute. "
        "Do it again after moving the camera or the chair.",
    )
    parser.add_argument(
        "--source",
        metavar="CAMERA",
        help="a camera by index, path or name (default: the setting), a video file, or the address of a stream",
    )
    parser.add_argument(
        "--seconds", type=float, default=10.0, metavar="N", help="how long at least (default %(default)g)"
    )
    parser.add_argument("--json", action="store_true", help="one JSON object")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Calibrate on a live camera, or on the beginning of a video, and keep the baseline."""
    import json

    from posture.camera.pacer import paced
    from posture.camera.source import open_source
    from posture.cli.borrow_camera import lent_camera
    from posture.cli.replay import calibrated_json
    from posture.history.calibrations import save_baseline
    from posture.measure.baseline import AGAIN_S, SEARCH_S, Baseline, Refusal, calibrate
    from posture.measure.geometry import Person
    from posture.monitor.replay import CALIBRATION_LOOKS_PER_S
    from posture.pose.open_model import open_pose_model
    from posture.settings_file import load_settings

    settings = load_settings()
    if not 3.0 <= args.seconds <= 120.0:
        raise PostureError(f"--seconds {args.seconds:g} is not between 3 and 120.", 2)
    wanted = args.source or settings.camera.source
    samples: list[tuple[float, Person | None]] = []
    found: Baseline | Refusal | None = None
    due_s = args.seconds
    with (
        lent_camera(wanted, "calibrating"),
        open_source(wanted, settings.camera) as source,
        open_pose_model(settings) as model,
        progress("calibrate", args.seconds, "s") as bar,
    ):
        name = source.name
        if not args.json:
            bar.clear()
            print(f"Sit upright and look at the screen ({name}).", file=sys.stderr)
        for t_s in paced(source, 1.0 / CALIBRATION_LOOKS_PER_S):
            pose = model.find(source.retrieve())
            samples.append((t_s, Person.of(pose, settings.pose.min_visibility) if pose else None))
            done_s = t_s - samples[0][0]
            bar(done_s)
            if done_s < due_s:
                continue
            found = calibrate(samples, settings.pose.min_visibility, settings.pose.judge)
            if isinstance(found, Baseline) or done_s >= SEARCH_S:
                break
            # Who comes up or sits back in the first seconds is still soon after.
            due_s = done_s + AGAIN_S
    if not isinstance(found, Baseline):
        found = calibrate(samples, settings.pose.min_visibility, settings.pose.judge)
    if isinstance(found, Refusal):
        if args.json:
            print(json.dumps(calibrated_json(args.seconds, found)))
            return 1
        raise PostureError(found.sentence)
    save_baseline(settings, name, found)
    if args.json:
        print(json.dumps(calibrated_json(args.seconds, found)))
    else:
        print(f"Calibrated on {found.frames} looks in {found.seconds:.0f} s; kept for {name}.")
        for line in _quality(found):
            print(line)
    return 0


def _quality(baseline: Baseline) -> list[str]:
    """How steady the baseline is, where the camera stands and what it cannot see from there."""
    from posture.measure.placement import advice

    wavered = (f"{name.removesuffix('_deg').replace('_', ' ')} {sd:.1f}°" for name, sd in baseline.spread.items())
    lines = ["From look to look it wavered by: " + ", ".join(wavered) + "."]
    where = baseline.placement
    if math.isfinite(where.distance_cm):
        side = "below" if where.lens_below_eyes_cm >= 0 else "above"
        lines.append(
            f"The camera is about {where.distance_cm:.0f} ± {where.distance_sd_cm:.0f} cm away and "
            f"{abs(where.lens_below_eyes_cm):.0f} ± {where.lens_below_eyes_sd_cm:.0f} cm {side} your eyes."
        )
    return [*lines, *advice(where)]
