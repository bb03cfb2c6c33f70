"""What `posture evaluate` does with landmarks of real people that somebody labelled."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from posture.errors import PostureError
from posture.language import number, tr, trc

if TYPE_CHECKING:
    from collections.abc import Mapping

    import numpy as np
    from numpy.typing import NDArray
    from rich.console import Console

    from posture.pose.landmarks import Pose
    from posture.settings import Settings

LOOK_S = 0.25
"""Looks of a recording, whose rate is not given, are taken to be this far apart."""
CALIBRATION_LOOKS = 40
"""So many of the first straight looks of a recording are its calibration."""
ARRAYS = ("landmarks", "world", "size", "label", "person", "recording", "frame", "keypoints")
NOSE_LOW = 0.03
NECK_SHORT_SW = 0.08
"""See `posture.report.labelled.Look`."""
RIGHT_SHOULDER, LEFT_SHOULDER, RIGHT_EYE, LEFT_EYE = 0, 1, 3, 5
"""Rows of the points that people marked."""
SEEN = 2


def labelled_sets(folder: Path, settings: Settings) -> list[dict[str, Any]]:
    """Score every set of labelled landmarks of a folder, see `posture.report.labelled.labelled_json`.

    Parameters
    ----------
    folder : Path
        With NAME.npz, or NAME_MODEL.npz where another model than the set one found the landmarks: `landmarks`
        (n, 33, 4) in px with visibility, NaN where nobody was found; `world` (n, 33, 3) in metres; `size` (n, 2), width
        and height; `label`; `person`; `recording`; `frame`, the order within it; `keypoints` (n, 7, 3), right and left
        shoulder, right ear, right eye, nose, left eye, left ear as people marked them, in parts of the picture, the
        last 2 if seen. Sets without `label` are passed over.

    Raises
    ------
    PostureError
        If a set lacks one of these.
    """
    import os
    import zipfile

    import numpy as np

    from posture.plain_file import open_plain

    found = []
    for path in sorted(folder.glob("*.npz")):
        try:
            with os.fdopen(open_plain(path), "rb") as file, np.load(file) as stored:
                if "label" not in stored.files:
                    continue
                arrays = {name: stored[name] for name in ARRAYS}
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile):
            raise PostureError(
                tr("{path} is no set of labelled landmarks: it needs {names}.", path=path, names=", ".join(ARRAYS))
            ) from None
        name, _, model = path.stem.rpartition("_")
        known = model in ("lite", "full", "heavy")
        found.append(_scored(name if known else path.stem, arrays, settings, model if known else settings.pose.judge))
    return found


def _scored(name: str, arrays: Mapping[str, NDArray[Any]], settings: Settings, model: str) -> dict[str, Any]:
    import numpy as np

    from posture.measure.baseline import Refusal, calibrate
    from posture.measure.observe import Observer, observe
    from posture.report.labelled import Look, labelled_json

    looks, refused = [], {}
    for recording in np.unique(arrays["recording"]):
        rows = np.flatnonzero(arrays["recording"] == recording)
        rows = rows[arrays["frame"][rows].argsort(kind="stable")]
        poses = {row: _pose(arrays, int(row)) for row in rows}
        straight = [row for row in rows if arrays["label"][row] == "straight"]
        samples = [(k * LOOK_S, poses[row]) for k, row in enumerate(straight[:CALIBRATION_LOOKS])]
        baseline = calibrate(samples, settings.pose.min_visibility, model)
        if isinstance(baseline, Refusal):
            refused[str(recording)] = baseline.reason
            continue
        lines = {row: _lines_deg(arrays["keypoints"][row], arrays["size"][row]) for row in rows}
        rest_lines = np.nanmedian([lines[row] for row in straight], axis=0)
        rest = np.median([_plain(pose) for row in straight if (pose := poses[row])], axis=0)
        for row in rows:
            pose = poses[row]
            _, seen, measures = observe(Observer(), 0.0, pose, baseline, settings, model=model)
            head_deg, line_deg = (float(value) for value in lines[row] - rest_lines)
            nose, neck_sw = _plain(pose) - rest if pose else (0.0, 0.0)
            looks.append(
                Look(
                    label=str(arrays["label"][row]),
                    person=str(arrays["person"][row]),
                    sitting=seen.presence == "sitting",
                    raised=frozenset(kind for kind, level in seen.levels.items() if level is not None and level >= 1.0),
                    lean_deg=measures.lateral_lean_deg,
                    head_tilt_deg=measures.head_tilt_deg,
                    shoulder_tilt_deg=measures.shoulder_tilt_deg,
                    true_head_tilt_deg=head_deg,
                    true_shoulder_tilt_deg=line_deg,
                    nose_low=bool(nose > NOSE_LOW),
                    neck_short=bool(neck_sw < -NECK_SHORT_SW),
                )
            )
    return labelled_json(name, looks, refused)


def _pose(arrays: Mapping[str, NDArray[Any]], row: int) -> Pose | None:
    import numpy as np

    from posture.pose.landmarks import Pose

    points, (width, height) = arrays["landmarks"][row].astype(np.float64), arrays["size"][row]
    if not np.isfinite(points[0, 0]):
        return None
    return Pose(points, arrays["world"][row].astype(np.float64), int(width), int(height))


def _lines_deg(points: NDArray[np.floating], size: NDArray[np.integer]) -> NDArray[np.float64]:
    """Lines of eyes (+ left eye lower) and shoulders (+ left shoulder higher) of marked points, degrees."""
    import numpy as np

    x, y, seen = points[:, 0] * size[0], points[:, 1] * size[1], points[:, 2] == SEEN
    eyes = np.arctan2(y[LEFT_EYE] - y[RIGHT_EYE], x[LEFT_EYE] - x[RIGHT_EYE])
    shoulders = np.arctan2(y[RIGHT_SHOULDER] - y[LEFT_SHOULDER], x[LEFT_SHOULDER] - x[RIGHT_SHOULDER])
    return np.degrees([eyes, shoulders if seen[RIGHT_SHOULDER] and seen[LEFT_SHOULDER] else np.nan])


def _plain(pose: Pose) -> NDArray[np.float64]:
    """Place of the nose in parts of the height, and its height above the shoulders in shoulder widths."""
    import numpy as np

    from posture.pose.landmarks import Landmark

    points = pose.landmarks
    left, right, nose = (points[row] for row in (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER, Landmark.NOSE))
    width_px = max(float(np.hypot(*(left[:2] - right[:2]))), 1.0)
    return np.array([nose[1] / pose.frame_h_px, ((left[1] + right[1]) / 2.0 - nose[1]) / width_px])


def print_labelled(console: Console, found: dict[str, Any]) -> None:
    """Print the figures of one set as tables."""
    from rich.table import Table

    refused = ", ".join(f"{name} ({reason})" for name, reason in found["calibration_refused"].items()) or tr("none")
    said = tr(
        "{set}: {looks} looks at {people} people; calibration refused: {refused}; not taken to be sitting: {share}",
        set=found["set"],
        looks=found["looks"],
        people=len(found["people"]),
        refused=refused,
        share=_percent(found["not_sitting"]),
    )
    console.print(f"{said}\n")
    table = Table(title=tr("Labelled deviations"), title_justify="left")
    for name in (
        tr("deviation"),
        trc("accuracy", "found"),
        tr("right when raised"),
        tr("not known"),
        # Translators: AUC is a name in statistics; straight is how somebody sat.
        tr("AUC against straight"),
    ):
        table.add_column(name)
    for kind in ("lean_left", "lean_right"):
        score = found[kind]
        auc = found["lean_auc"][f"{kind.removeprefix('lean_')}_vs_straight"]
        cells = (_percent(score[name]) for name in ("recall", "precision", "not_known"))
        table.add_row(kind, *cells, "-" if auc is None else number(auc, 3))
    tilt = found["head_tilt"]
    table.add_row("head_tilt", _percent(tilt["recall"]), _percent(tilt["precision_any_tilted"]), "", "")
    console.print(table)
    table = Table(title=tr("Mean error (degrees)"), title_justify="left")
    for name in (tr("measure"), tr("true size"), tr("error")):
        table.add_column(name)
    for size, error in found["head_tilt_mae_deg"].items():
        table.add_row("head_tilt_deg", size, "-" if error is None else number(error, 1))
    error = found["shoulder_tilt_mae_deg"]
    table.add_row("shoulder_tilt_deg", trc("size", "any"), "-" if error is None else number(error, 1))
    console.print(table)
    table = Table(title=tr("Raised on straight looks"), title_justify="left")
    for kind in found["raised_on_straight"]:
        table.add_column(kind)
    table.add_row(*map(_percent, found["raised_on_straight"].values()))
    console.print(table)
    table = Table(title=tr("What plain rules flag, as yardsticks"), title_justify="left")
    labels = found["peer_nose_rule_flags"]
    for name in (tr("rule"), *labels):
        table.add_column(name)
    table.add_row(tr("nose lower in the picture"), *map(_percent, labels.values()))
    table.add_row(tr("shorter neck"), *map(_percent, found["peer_neck_rule_flags"].values()))
    console.print(table)


def _percent(share: float | None) -> str:
    return "-" if share is None else f"{share:.1%}"
