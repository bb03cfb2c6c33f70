"""How right the measures are: the tables of docs/accuracy.md, made anew.

    python benchmarks/accuracy.py FRAMES [--clip CLIP.mp4 ...] [--left-out cv_heavy.npz] > tables.md

FRAMES is a folder of frames with truth (NAME.jpg beside NAME.json, as `posture evaluate` takes it), each CLIP a video
with CLIP.truth.json beside it. Everything but the last table comes from `posture evaluate`, and so from the measuring
path a user has. Run it in a folder that holds the package `posture`: a copy of it with another fit in its measure/data
gives the tables of that fit. CPU times are of this machine, one picture of 640x480 at a time. `--left-out`
takes what `fit_angles.py --dump` wrote: its answers for people it had not seen, several things off at once.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Iterable
from pathlib import Path
from typing import Any

MODELS = ("lite", "full", "heavy")
GAP_S = 15.0
SETTLED_S = 3.0
"""How long after the beginning of a segment the person has got there."""


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("frames", type=Path)
    parser.add_argument("--clip", type=Path, action="append", default=[])
    parser.add_argument("--left-out", type=Path)
    parser.add_argument("--cost", metavar="MODEL", help=argparse.SUPPRESS)
    a = parser.parse_args()
    if a.cost:
        print(json.dumps(cost_here(a.cost, a.frames)))
        return
    found = {model: evaluate(a.frames, model) for model in MODELS}
    print_scores(found["heavy"])
    print_detections(found["heavy"])
    print_alarms(found["heavy"])
    print_models(found, {model: cost(a.frames, model) for model in MODELS})
    if a.clip:
        print_modes(a.clip)
    if a.left_out:
        print_left_out(a.left_out)


def evaluate(frames: Path, model: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "posture", "evaluate", str(frames), "--json", "--set", f"pose.model={model}"]
    done: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return done


def cost(frames: Path, model: str) -> dict[str, float]:
    """In a process of its own, which has looked at nothing else."""
    command = [sys.executable, __file__, str(frames), "--cost", model]
    done: dict[str, float] = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    return done


def cost_here(model: str, frames: Path) -> dict[str, float]:
    sys.path.insert(0, str(Path.cwd()))
    from posture.camera.video import read_image
    from posture.pose.model_file import model_file
    from posture.pose.open_model import open_pose_model
    from posture.settings import Settings

    picture = read_image(sorted(frames.glob("*__base.jpg"))[0])
    with open_pose_model(Settings(), model) as loaded:
        for _ in range(5):
            loaded.find(picture)
        began_s, times = time.process_time(), 40
        for _ in range(times):
            loaded.find(picture)
        cpu_s = (time.process_time() - began_s) / times
    return {
        "cpu_ms": 1000.0 * cpu_s,
        "file_mb": model_file(model).path.stat().st_size / 1e6,
    }


def table(title: str, head: Iterable[str], rows: Iterable[Iterable[str]]) -> None:
    names = list(head)
    print(f"\n{title}\n\n| {' | '.join(names)} |\n|{'---|' * len(names)}")
    for row in rows:
        print(f"| {' | '.join(row)} |")


def number(value: float | None, form: str = ".2f") -> str:
    return "" if value is None else format(value, form)


def print_scores(found: dict[str, Any]) -> None:
    table(
        "Each measure where nothing but its own parameter was varied (degrees; distance in cm):",
        ("measure", "camera", "frames", "not known", "bias", "MAE", "slope", "rho", "wrong sign", "worst", "in 90 %"),
        (
            (
                one["measure"],
                one["placement"],
                str(one["frames"]),
                str(one["unknown"]),
                number(one["bias"], "+.1f"),
                number(one["mae"]),
                number(one["slope"]),
                number(one["rho"]),
                str(one["wrong_signs"]),
                number(one["worst"], "+.1f"),
                number(one["covered"], ".0%"),
            )
            for one in found["sweeps"]
        ),
    )  # fmt: skip
    pooled: dict[str, list[dict[str, Any]]] = {}
    for one in found["measures"]:
        pooled.setdefault(one["measure"], []).append(one)
    rows = []
    for measure, scores in pooled.items():
        frames = sum(one["frames"] for one in scores)
        mae = sum(one["mae"] * one["frames"] for one in scores) / frames
        worst = max(scores, key=lambda one: abs(one["worst"]))
        wrong = str(sum(one["wrong_signs"] for one in scores))
        rows.append((measure, str(frames), number(mae), wrong, number(worst["worst"], "+.1f"), worst["worst_name"]))
    table(
        "Each measure over all frames and placements, whatever was varied:",
        ("measure", "frames", "MAE", "wrong sign", "worst", "in"),
        rows,
    )


def print_detections(found: dict[str, Any]) -> None:
    sizes: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for one in found["detections"]:
        sizes.setdefault((one["deviation"], one["placement"]), []).append(one)
    rows = []
    for (kind, placement), group in sorted(sizes.items(), key=lambda item: (item[0][0], item[0][1] != "default")):
        levels = sorted(group, key=lambda one: abs(one["by"]))
        said = "; ".join(
            f"{one['by']:+g}: " + ("not observable" if one["not_observable"] else f"{one['found']} of {one['frames']}")
            for one in levels
        )
        rows.append((kind, placement, said))
    table("Deviations found, by how far the parameter was varied:", ("deviation", "camera", "found"), rows)


def print_alarms(found: dict[str, Any]) -> None:
    parameters: dict[str, list[dict[str, Any]]] = {}
    for one in found["alarms"]:
        parameters.setdefault(one["varied"], []).append(one)
    rows = []
    for name, group in parameters.items():
        raised = [
            f"{kind} at {one['by']:+g} ({one['placement']}), {count} of {one['frames']}"
            for one in group
            for kind, count in one["raised"].items()
        ]
        sizes = ", ".join(f"{size:+g}" for size in sorted({one["by"] for one in group}) if size) or "-"
        rows.append((name, sizes, str(sum(one["frames"] for one in group)), "; ".join(raised) or "nothing"))
    table("Raised by something else than it should be:", ("varied", "by", "frames", "raised"), rows)


def print_models(found: dict[str, dict[str, Any]], costs: dict[str, dict[str, float]]) -> None:
    rows = []
    for model in MODELS:
        mae = {one["measure"]: one["mae"] for one in found[model]["sweeps"] if one["placement"] == "default"}
        seen = [one for one in found[model]["detections"] if not one["not_observable"]]
        hits = f"{sum(one['found'] for one in seen)} of {sum(one['frames'] for one in seen)}"
        false = str(sum(sum(one["raised"].values()) for one in found[model]["alarms"]))
        cost = costs[model]
        rows.append(
            (
                model,
                *(number(mae[name]) for name in mae if name != "distance_cm"),
                hits,
                false,
                *(f"{cost[key]:.0f}" for key in ("cpu_ms", "file_mb")),
            )
        )
    names = [one["measure"] for one in found["heavy"]["sweeps"] if one["placement"] == "default"]
    measures = (f"{name.removesuffix('_deg').replace('_', ' ')}" for name in names if name != "distance_cm")
    table(
        "MAE of each model at the default placement, its own parameter varied; deviations; cost:",
        ("model", *measures, "found", "false", "CPU ms a look", "file MB"),
        rows,
    )


def print_modes(clips: list[Path]) -> None:
    sys.path.insert(0, str(Path.cwd()))
    rows = []
    for model in MODELS:
        for mode in ("image", "video"):
            errors, ghosts, empty = [], 0, 0
            for clip in clips:
                more, found, looked = look_rarely(clip, model, mode)
                errors += more
                ghosts, empty = ghosts + found, empty + looked
            mae = [sum(abs(one[k]) for one in errors) / len(errors) for k in range(len(errors[0]))]
            rows.append((model, mode, str(len(errors)), *(number(value) for value in mae), f"{ghosts} of {empty}"))
    from posture.measure.angles import ANGLES

    measures = (name.removesuffix("_deg").replace("_", " ") for name in ANGLES)
    table(
        f"One look every {GAP_S:g} s: MAE on {', '.join(clip.stem for clip in clips)} by running mode:",
        ("model", "mode", "looks", *measures, "somebody found in the empty chair"),
        rows,
    )


def in_mode(model: str, mode: str) -> Any:
    """Load a model that takes each picture by itself, as the program does, or one that follows a person."""
    from posture.camera.frame import Frame
    from posture.pose.landmarks import Pose
    from posture.pose.mediapipe_model import MediaPipePose

    class Following(MediaPipePose):
        def find(self, frame: Frame) -> Pose | None:
            self._t_ms = round(frame.t_s * 1000.0)
            return self._detect(frame)

        def _run(self, picture: Any) -> Any:
            return self._landmarker.detect_for_video(picture, self._t_ms)

    return MediaPipePose(model) if mode == "image" else Following(model, mode)  # type: ignore[arg-type]


def look_rarely(clip: Path, model: str, mode: str) -> tuple[list[list[float]], int, int]:
    """Errors of every angle in each look, and in how many looks at an empty chair somebody was found."""
    from posture.camera.video import VideoFile
    from posture.measure.angles import ANGLES, estimate_angles
    from posture.measure.baseline import Baseline, calibrate
    from posture.measure.geometry import Person

    told = json.loads(clip.with_suffix(".truth.json").read_text())
    calibration_s = told["calibrate"][1]
    neutral = truth(told, 0.0)
    samples, errors, ghosts, empty = [], [], 0, 0
    rest: Baseline | None = None
    with VideoFile(str(clip)) as video, in_mode(model, mode) as loaded:
        due_s = 0.0
        while (t_s := video.grab()) is not None:
            if t_s < due_s - 0.001:
                continue
            due_s = t_s + (0.25 if t_s < calibration_s else GAP_S)
            pose = loaded.find(video.retrieve())
            if t_s < calibration_s:
                samples.append((t_s, Person.of(pose, 0.6) if pose else None))
                continue
            if rest is None:
                found = calibrate(samples, 0.6, model)
                assert isinstance(found, Baseline), found
                rest = found
            segment = next(one for one in told["segments"] if one["start"] <= t_s <= one["end"])
            if t_s - segment["start"] < SETTLED_S or segment["label"] == "standing":
                continue
            if segment["label"] == "away":
                empty, ghosts = empty + 1, ghosts + (pose is not None)
            elif pose is not None:
                size = (pose.frame_w_px, pose.frame_h_px)
                now = estimate_angles(pose.landmarks, pose.world, rest.pose.landmarks, rest.pose.world, *size, model)
                true = truth(told, t_s)
                errors.append([now[name].value - (true[name] - neutral[name]) for name in ANGLES])
    return errors, ghosts, empty


def print_left_out(dump: Path) -> None:
    """What would be raised, by the true size of each deviation. The camera's place is taken as known."""
    sys.path.insert(0, str(Path.cwd()))
    import numpy as np

    from posture.measure.angles import ANGLES, Placement, observable
    from posture.measure.levels import LINE_PER_LEAN, levels
    from posture.measure.measures import Measures
    from posture.settings import MeasureSettings

    with np.load(dump) as stored:
        kept = {name: stored[name] for name in ("values", "sd", "y", "camera", "neutral")}
    off = ~kept["neutral"]
    values, sd, true, camera = (kept[name][off] for name in ("values", "sd", "y", "camera"))
    found = []
    for value, error, (pitch_deg, below_cm, log_cm) in zip(values, sd, camera, strict=True):
        place = Placement(pitch_deg, below_cm, float(np.exp(log_cm)), 0.0, 0.0, 0.0)
        seen = {name: float(one) for name, one in zip(ANGLES, value, strict=True) if observable(name, place)}
        found.append(levels(Measures(**seen, sd=dict(zip(ANGLES, map(float, error), strict=True))), MeasureSettings()))
    line, lean, roll, slump, forward = (true[:, ANGLES.index(name)] for name in (
        "shoulder_tilt_deg", "lateral_lean_deg", "head_tilt_deg", "slump_deg", "forward_head_deg"
    ))  # fmt: skip
    sizes = {
        "slump": (slump, (6, 12, 18, 24)),
        "forward_head": (forward, (6, 12, 18, 24, 32)),
        "lean_left": (lean, (3, 5, 8, 10)),
        "lean_right": (-lean, (3, 5, 8, 10)),
        "shoulder_tilt": (np.abs(line + LINE_PER_LEAN * lean), (3, 5, 8, 10)),
        "head_tilt": (np.abs(roll), (5, 10, 15)),
    }
    rows = []
    for kind, (size, edges) in sizes.items():
        told = np.array([one[kind] is not None for one in found])
        raised = np.array([(one[kind] or 0.0) >= 1.0 for one in found])  # type: ignore[index]
        cells = []
        for least, most in zip((*edges,), (*edges[1:], np.inf), strict=True):
            at = told & (size >= least) & (size < most)
            upto = f" to {most}" if np.isfinite(most) else " and more"
            cells.append(f"{least}{upto}: {raised[at].mean():.0%} of {at.sum()}")
        small = told & (size < edges[0])
        alarms = f"{raised[small].mean():.1%} of {small.sum()}"
        rows.append((kind, f"{told.mean():.0%}", "; ".join(cells), alarms))
    table(
        f"People the fit had not seen, {len(found)} looks with several things off at once:",
        ("deviation", "can be told", "found, by true size (degrees)", "raised although smaller"),
        rows,
    )


def truth(told: dict[str, Any], t_s: float) -> dict[str, float]:
    params = next(one["params"] for one in told["segments"] if one["start"] <= t_s <= one["end"])
    derived = next((one["truth"] for one in told["keyframes"] if one["start"] <= t_s <= one["end"]), {})
    given = {"shoulder_tilt_deg": "shoulder_line_deg", "lateral_lean_deg": "trunk_lat_deg"}
    names = {
        "head_tilt_deg": "head_roll",
        "head_pitch_deg": "head_pitch",
        "head_yaw_deg": "head_yaw",
        "slump_deg": "slouch",
        "forward_head_deg": "head_fwd",
        "hip_hinge_deg": "trunk_fwd",
    }
    return {ours: float(derived.get(theirs) or 0.0) for ours, theirs in given.items()} | {
        ours: float(params.get(theirs, 0.0)) for ours, theirs in names.items()
    }


if __name__ == "__main__":
    main()
