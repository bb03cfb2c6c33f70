"""`posture evaluate`: how accurate the measures are, on frames with known truth or on labelled landmarks of people."""

from __future__ import annotations

import argparse
import json
import sys
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posture.cli.overrides import add_overrides
from posture.cli.progress import progress
from posture.errors import PostureError
from posture.language import number, tr, trc, trn
from posture.plain_file import read_plain_text

if TYPE_CHECKING:
    from rich.console import Console
    from rich.table import Table

    from posture.report.accuracy import Case

CAMERA = ("cam_dist", "cam_h", "cam_x", "cam_pitch", "cam_yaw", "cam_roll", "hfov")
IGNORED = (*CAMERA, "seed", "scene", "present")
LEAST = 0.05
"""A parameter within this of the neutral frame's value (degrees, metres) counts as not varied."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `evaluate`."""
    parser = commands.add_parser(
        "evaluate",
        description=tr(
            "Run the real measuring path over a folder of frames with truth (NAME.jpg beside NAME.json) and "
            "print bias, error, slope and worst case of every measure, detections and false alarms of every "
            "deviation. Of a folder of labelled landmarks (NAME.npz) print how much of what is labelled is "
            "found and right."
        ),
    )
    parser.add_argument("folder", metavar="FOLDER")
    add_overrides(parser, "pose.model=lite")
    parser.add_argument("--json", action="store_true", help=tr("one JSON object, of landmarks one for each set"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Measure every frame and print the tables."""
    from posture.camera.video import local_path
    from posture.cli.evaluate_labelled import labelled_sets, print_labelled
    from posture.report.accuracy import accuracy_json
    from posture.settings_file import load_settings

    settings = load_settings(overrides=args.overrides)
    folder = local_path(args.folder, "folder")
    if sets := labelled_sets(folder, settings):
        for labelled in sets:
            if args.json:
                print(json.dumps(labelled))
            else:
                print_labelled(_console(), labelled)
        return 0
    found = accuracy_json(_cases(folder, settings), settings.pose.judge)
    if args.json:
        print(json.dumps(found))
    else:
        _print(found)
    return 0


def _cases(folder: Path, settings: Any) -> list[Case]:
    from posture.camera.boxed import BoxedPictures
    from posture.measure.baseline import Baseline, baseline_of
    from posture.measure.geometry import Person
    from posture.measure.levels import deviations_of, not_observable
    from posture.measure.measures import Measures, measure
    from posture.pose.open_model import open_pose_model
    from posture.report.accuracy import TRUTHS, Case, truth_of

    stories = _stories(folder)
    cases: list[Case] = []
    with (
        BoxedPictures([story["image"] for story in stories]) as pictures,
        open_pose_model(settings) as model,
        progress(trc("progress", "evaluate"), len(stories), tr("frames")) as bar,
    ):
        people = {}
        for done, story in enumerate(stories, 1):
            pose = model.find(pictures.read(story["image"]))
            people[story["name"]] = Person.of(pose, settings.pose.min_visibility) if pose else None
            bar(done)
    baselines: dict[Any, tuple[dict[str, Any], Baseline]] = {}
    for story in stories:
        person = people[story["name"]]
        if story["neutral"] and person is not None and story["group"] not in baselines:
            rest = baseline_of(person, settings.pose.judge)
            if isinstance(rest, Baseline):
                baselines[story["group"]] = (story, rest)
    for story in stories:
        if story["group"] not in baselines or not story["params"].get("present", 1):
            continue
        neutral, baseline = baselines[story["group"]]
        person = people[story["name"]]
        measures = measure(person, baseline, settings, settings.pose.judge) if person is not None else Measures()
        truth = {}
        for name in TRUTHS:
            at = truth_of(name, story["params"], story["truth"])
            rest_at = truth_of(name, neutral["params"], neutral["truth"])
            if at is not None and rest_at is not None:
                truth[name] = at if name == "distance_cm" else at - rest_at
        raised = tuple(deviations_of(measures, settings.measure))
        cases.append(
            Case(
                name=story["name"],
                person=story["person"],
                placement=story["placement"],
                varied=_varied(story["params"], neutral["params"]),
                truth=truth,
                measured={name: getattr(measures, name) for name in TRUTHS},
                deviations=raised,
                not_observable=tuple(kind for kind in not_observable(measures) if kind not in raised),
                sd=measures.sd,
                found=person is not None,
            )
        )
    if not cases:
        raise PostureError(
            tr("{folder} holds no neutral frame with a person to compare with: see docs/accuracy.md.", folder=folder)
        )
    return cases


def _stories(folder: Path) -> list[dict[str, Any]]:
    if not folder.is_dir():
        raise PostureError(
            tr("{folder} is not a folder: give one with NAME.jpg beside NAME.json, or with NAME.npz.", folder=folder)
        )
    stories: list[dict[str, Any]] = []
    for path in sorted(folder.glob("*.json")):
        image = next((path.with_suffix(s) for s in (".jpg", ".jpeg", ".png") if path.with_suffix(s).is_file()), None)
        if image is None:
            continue
        try:
            content = json.loads(read_plain_text(path))
            params, truth = dict(content["params"]), dict(content["truth"])
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            raise PostureError(
                tr("{path} is not a truth file: it needs the objects params and truth.", path=path)
            ) from None
        person = str(content.get("asset", path.stem.split("__")[0])).removesuffix(".glb").removesuffix("_Casual")
        camera = tuple(round(float(params.get(key, 0.0)), 4) for key in CAMERA)
        stories.append(
            {"name": path.stem, "image": image, "params": params, "truth": truth, "person": person}
            | {"group": (person, camera), "camera": camera}
        )
    if not stories:
        raise PostureError(
            tr(
                "{folder} holds no frame with truth (NAME.jpg beside NAME.json) and no labelled landmarks (NAME.npz).",
                folder=folder,
            )
        )
    names = _placements(stories)
    for story in stories:
        story["placement"] = names[story["camera"]]
        story["neutral"] = not _varied(story["params"], {}) and bool(story["params"].get("present", 1))
    return stories


def _placements(stories: list[dict[str, Any]]) -> dict[Any, str]:
    """Name each camera placement as in the file names (PERSON__camlow__...), or `default`."""
    seen: dict[Any, set[str]] = defaultdict(set)
    for story in stories:
        parts = story["name"].split("__")
        seen[story["camera"]].add(parts[1] if len(parts) > 1 and parts[1].startswith("cam") else "default")
    return {camera: min(names, key=lambda name: name == "default") for camera, names in seen.items()}


def _varied(params: dict[str, Any], neutral: dict[str, Any]) -> dict[str, float]:
    usual = {"arms": "desk", "light": 1.0}
    varied: dict[str, float] = {}
    for name, value in params.items():
        if name in IGNORED:
            continue
        rest = neutral.get(name, usual.get(name, 0.0))
        if isinstance(value, str) or isinstance(rest, str):
            if value != rest:
                varied[f"{name}={value}"] = 0.0
        elif abs(float(value) - float(rest)) > LEAST:
            varied[name] = round(float(value) - float(rest), 4)
    return varied


def _console() -> Console:
    """Give a console wide enough for the tables where the output is no terminal."""
    from posture.cli.terminal import PlainConsole

    return PlainConsole() if sys.stdout.isatty() else PlainConsole(width=160)


_TEXTS = (0, 1, 10)
"""Columns of a table of scores that hold text."""


def _scores(title: str, scores: list[dict[str, Any]]) -> Table:
    from rich.table import Table

    table = Table(title=title, title_justify="left")
    # Translators: heads of a table that says how right each measure is; MAE and rho are names in statistics.
    heads = (
        tr("measure"),
        tr("camera"),
        tr("frames"),
        tr("not known"),
        trc("statistics", "bias"),
        tr("MAE"),
        tr("slope"),
        tr("rho"),
        tr("wrong sign"),
        tr("worst"),
        trc("accuracy", "in"),
        tr("in 90 %"),
    )
    for place, head in enumerate(heads):
        table.add_column(head, justify="left" if place in _TEXTS else "right")
    for score in scores:
        table.add_row(
            score["measure"],
            score["placement"],
            str(score["frames"]),
            str(score["unknown"]),
            number(score["bias"], 1, sign=True),
            _number(score["mae"]),
            _number(score["slope"]),
            _number(score["rho"]),
            str(score["wrong_signs"]),
            number(score["worst"], 1, sign=True),
            score["worst_name"],
            "-" if score["covered"] is None else f"{score['covered']:.0%}",
        )
    return table


def _print(found: dict[str, Any]) -> None:
    from rich.table import Table

    console = _console()
    nobody = ", ".join(found["nobody_found"]) or tr("none")
    said = trn(
        "{n} frame, model {model}; nobody found in: {names}",
        "{n} frames, model {model}; nobody found in: {names}",
        found["frames"],
        model=found["model"],
        names=nobody,
    )
    console.print(f"{said}\n")
    console.print(_scores(tr("Measures against truth, where nothing else was varied (degrees; cm)"), found["sweeps"]))
    console.print(_scores(tr("Measures against truth, all frames (degrees; cm)"), found["measures"]))
    varied, by, camera = tr("varied"), trc("accuracy", "by"), tr("camera")
    table = Table(title=tr("Deviations found, one thing varied"), title_justify="left")
    for name in (varied, by, camera, tr("deviation"), trc("accuracy", "found"), tr("not observable")):
        table.add_column(name)
    for detection in found["detections"]:
        table.add_row(
            detection["varied"],
            f"{detection['by']:+g}",
            detection["placement"],
            detection["deviation"],
            tr("{number} of {all}", number=detection["found"], all=detection["frames"]),
            str(detection["not_observable"] or ""),
        )
    console.print(table)
    table = Table(title=tr("False alarms: raised by something else"), title_justify="left")
    for name in (varied, by, camera, tr("frames"), tr("raised")):
        table.add_column(name)
    for alarm in found["alarms"]:
        if alarm["raised"]:
            raised = ", ".join(f"{kind} {count}" for kind, count in alarm["raised"].items())
            table.add_row(alarm["varied"], f"{alarm['by']:+g}", alarm["placement"], str(alarm["frames"]), raised)
    console.print(table)


def _number(value: float | None) -> str:
    return "-" if value is None else number(value, 2)
