"""`posture measure`: measure the person in one picture."""

from __future__ import annotations

import argparse
import json
from typing import TYPE_CHECKING, Any

from posture.cli.overrides import add_overrides
from posture.errors import PostureError
from posture.language import mark, number, tr
from posture.plain_text import padded, width

if TYPE_CHECKING:
    from posture.measure.measures import Measures
    from posture.measure.observation import Deviation

KEYS = (
    "shoulder_tilt_deg",
    "head_tilt_deg",
    "head_yaw_deg",
    "head_pitch_deg",
    "lateral_lean_deg",
    "lateral_shift_sw",
    "head_drop_sw",
    "shoulder_drop_sw",
    "forward_head_ratio",
    "lean_in_ratio",
    "distance_cm",
)
"""The keys that `--json` always has; a value that is not known is null."""
ALSO = ("slump_deg", "forward_head_deg", "hip_hinge_deg", "neck_short_sw")
LABELS = {
    "shoulder_tilt_deg": mark("shoulder tilt"),
    "head_tilt_deg": mark("head tilt"),
    "head_yaw_deg": mark("head yaw"),
    "head_pitch_deg": mark("head pitch"),
    "lateral_lean_deg": mark("lateral lean"),
    "lateral_shift_sw": mark("lateral shift"),
    "head_drop_sw": mark("head drop"),
    "shoulder_drop_sw": mark("shoulder drop"),
    "forward_head_ratio": mark("forward head ratio"),
    "lean_in_ratio": mark("lean in ratio"),
    "distance_cm": mark("distance"),
    "slump_deg": mark("slump"),
    "forward_head_deg": mark("forward head"),
    "hip_hinge_deg": mark("hip hinge"),
    "neck_short_sw": mark("neck short"),
}
"""The names of the measures, for people."""
_DEVIATIONS = mark("deviations")


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `measure`."""
    parser = commands.add_parser("measure", description=tr("Measure the person in one picture."))
    parser.add_argument("image", metavar="IMAGE", help=tr("the picture, not mirrored"))
    parser.add_argument(
        "--baseline", metavar="IMAGE", help=tr("a picture of the same person sitting upright, same camera")
    )
    add_overrides(parser, "pose.model=lite")
    parser.add_argument("--json", action="store_true", help=tr("one JSON object"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Measure and print."""
    from posture.camera.boxed import BoxedPictures
    from posture.measure.baseline import Refusal, baseline_of
    from posture.measure.geometry import Person
    from posture.measure.levels import deviations_of
    from posture.measure.measures import Measures, measure
    from posture.measure.placement import sentences_on
    from posture.pose.open_model import open_pose_model
    from posture.settings_file import load_settings

    settings = load_settings(overrides=args.overrides)
    with BoxedPictures([args.image, *([args.baseline] if args.baseline else [])]) as pictures:
        frame = pictures.read(args.image)
        rest_frame = pictures.read(args.baseline) if args.baseline else None
    baseline = None
    with open_pose_model(settings) as model:
        if rest_frame is not None:
            rest = model.find(rest_frame)
            if rest is None:
                raise PostureError(
                    tr("Nobody was found in the baseline picture {baseline}: take another.", baseline=args.baseline)
                )
            found = baseline_of(Person.of(rest, settings.pose.min_visibility), settings.pose.judge)
            if isinstance(found, Refusal):
                raise PostureError(f"{args.baseline}: {found.sentence}")
            baseline = found
        pose = model.find(frame)
    person = Person.of(pose, settings.pose.min_visibility) if pose is not None else None
    measures = measure(person, baseline, settings, settings.pose.judge) if person is not None else Measures()
    deviations = deviations_of(measures, settings.measure) if baseline is not None else []
    said = sentences_on(baseline) if baseline is not None else ()
    if args.json:
        print(json.dumps(_json(pose is not None, measures, list(deviations), list(said))))
    elif pose is None:
        print(tr("Nobody was found in the picture."))
    else:
        _print(measures, list(deviations), list(said), relative=baseline is not None)
    return 0


def _seen(measures: Measures, deviations: list[str]) -> tuple[dict[str, float | None], list[Deviation]]:
    """Give the values to show, and the deviations that this placement hides; the measures of those are not shown."""
    from posture.measure.levels import MEASURE_OF, not_observable

    unseen = [kind for kind in not_observable(measures) if kind not in deviations]
    values: dict[str, float | None] = {key: getattr(measures, key) for key in (*KEYS, *ALSO)}
    return values | {MEASURE_OF[kind]: None for kind in unseen}, list(unseen)


def _json(found: bool, measures: Measures, deviations: list[str], said: list[str]) -> dict[str, Any]:
    values, unseen = _seen(measures, deviations)
    return {
        "pose": found,
        **{key: None if value is None else round(value, 3) for key, value in values.items()},
        "deviations": deviations,
        "not_observable": unseen,
        "advice": said,
        "sd": {name: round(value, 2) for name, value in measures.sd.items()},
    }


def _print(measures: Measures, deviations: list[str], said: list[str], *, relative: bool) -> None:
    from posture.coach.bars import NAMES

    values, unseen = _seen(measures, deviations)
    columns = max(18, *(width(tr(LABELS[name])) for name in values), width(tr(_DEVIATIONS)))
    for name, value in values.items():
        print(f"{padded(tr(LABELS[name]), columns)} {_shown(name, value)}")
    for kind in unseen:
        print(tr("this camera placement cannot show: {deviation}", deviation=tr(NAMES[kind])))
    for sentence in said:
        print(sentence)
    if relative:
        print(f"{padded(tr(_DEVIATIONS), columns)} {', '.join(deviations) or tr('none')}")
    else:
        print(tr("Without --baseline the angles are against the picture's own level, and nothing is judged."))


def _shown(name: str, value: float | None) -> str:
    if value is None:
        return tr("not known")
    unit = name.rpartition("_")[2]
    said = number(value, 1 if unit in ("deg", "cm") else 2, sign=True)
    match unit:
        case "deg":
            return f"{said}°"
        case "cm":
            return tr("{number} cm", number=said)
        case "sw":
            return tr("{number} shoulder widths", number=said)
        case _:
            return said
