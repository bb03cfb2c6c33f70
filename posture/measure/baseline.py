"""The calibrated baseline: how this person sits upright before this camera, and how much that wavers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from posture.measure.angles import ANGLES, Placement, estimate_angles, estimate_placement
from posture.measure.geometry import Geometry, Person, geometry, head_yaw_deg
from posture.pose.landmarks import Pose

__all__ = ["Baseline", "Refusal", "baseline_of", "calibrate", "placement_of"]

MIN_FRAMES = 8
"""Fewer good looks than this give no steady median [design choice]."""
MIN_SECONDS = 3.0
MIN_GOOD_SHARE = 0.6
MAX_YAW_DEG = 26.0
"""Turned further than this is no baseline; a camera beside the screen sees a face turned by 20 to 25 deg."""
MAX_WAVER_SW = 0.06
"""Spread of the head's place in shoulder widths above which the person was moving [design choice]."""
STILL_SHARE = 0.8
"""How many of the looks that spread speaks of: who sits one way for most of the time and another for the rest moved."""


@dataclass(frozen=True, eq=False)
class Baseline:
    """The median of the good looks of a calibration.

    Attributes
    ----------
    pose : Pose
        Median landmarks, in the frame size of the calibration.
    geometry : Geometry
        The plain geometry of that median.
    noise : dict of str to float
        Robust standard deviation of one look: of the fitted angles by their names (see `spread`), and by name of the
        geometry's quantity, in its own unit (places in shoulder widths).
    frames : int
        How many good looks it rests on.
    seconds : float
        Over how long.
    placement : Placement
        Where the camera stands, as far as the baseline tells.
    model : str
        The pose model the landmarks came from: those of another cannot be compared with them.
    """

    pose: Pose
    geometry: Geometry
    noise: dict[str, float]
    frames: int
    seconds: float
    placement: Placement
    model: str

    @property
    def spread(self) -> dict[str, float]:
        """How much each fitted angle wavered from look to look, degrees; empty for a single picture."""
        return {name: self.noise[name] for name in ANGLES if name in self.noise}


@dataclass(frozen=True)
class Refusal:
    """Why there is no baseline: a word for programs and a sentence for the person."""

    reason: str
    sentence: str


def baseline_of(person: Person, model: str) -> Baseline | Refusal:
    """Baseline of a single picture; the noise of one look is not known then."""
    pose, found = person.pose, person.geometry
    if not found.face_seen or not found.shoulders_seen:
        return Refusal("few_frames", "Face and shoulders are not both in the baseline picture: take another.")
    return Baseline(pose, found, {}, frames=1, seconds=0.0, placement=placement_of(pose, model), model=model)


def placement_of(pose: Pose, model: str) -> Placement:
    """Where the camera stands, from the landmarks of upright sitting that `model` gave."""
    found = estimate_placement(pose.landmarks, pose.world, pose.frame_w_px, pose.frame_h_px, model)
    return replace(found, turned_deg=head_yaw_deg(pose.landmarks))


def calibrate(samples: Sequence[tuple[float, Person | None]], min_visibility: float, model: str) -> Baseline | Refusal:
    """Find the baseline in about 10 s of upright sitting.

    Parameters
    ----------
    samples : sequence of (float, Person or None)
        Time in seconds and what was found then.
    min_visibility : float
        Landmarks of the median below this do not count.
    model : str
        The pose model they came from.

    Returns
    -------
    Baseline or Refusal
        The refusal says which: absent, out of frame, turned away, moving, or too few good frames.
    """
    looks = [(t_s, person) for t_s, person in samples if person is not None]
    if len(looks) < MIN_GOOD_SHARE * len(samples) or not looks:
        return Refusal(
            "absent", "Nobody was seen for most of the time: sit in front of the camera and calibrate again."
        )
    whole = [(t_s, person) for t_s, person in looks if person.geometry.face_seen and person.geometry.shoulders_seen]
    if len(whole) < MIN_GOOD_SHARE * len(looks):
        return Refusal(
            "out_of_frame", "Face and shoulders were not both in the picture: move back a little, or tilt the screen."
        )
    good = [(t_s, person) for t_s, person in whole if abs(person.geometry.yaw_deg) <= MAX_YAW_DEG]
    if len(good) < MIN_GOOD_SHARE * len(whole):
        return Refusal(
            "turned_away", "The head was turned away: face the screen as you do at work, and calibrate again."
        )
    seconds = good[-1][0] - good[0][0]
    if len(good) < MIN_FRAMES or seconds < MIN_SECONDS:
        return Refusal(
            "few_frames",
            f"Only {len(good)} good looks in {seconds:.0f} s: at least {MIN_FRAMES} in {MIN_SECONDS:.0f} s are needed.",
        )
    poses, shapes = [person.pose for _, person in good], [person.geometry for _, person in good]
    if _waver_sw(shapes) > MAX_WAVER_SW:
        return Refusal("moving", "You were moving: sit upright and still for ten seconds, and calibrate again.")
    pose = Pose(
        landmarks=_median([pose.landmarks for pose in poses]),
        world=_median([pose.world for pose in poses]),
        frame_w_px=poses[0].frame_w_px,
        frame_h_px=poses[0].frame_h_px,
    )
    noise = _noise(shapes) | _spread(poses, pose, model)
    return Baseline(pose, geometry(pose, min_visibility), noise, len(good), seconds, placement_of(pose, model), model)


def _median(arrays: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    middle: NDArray[np.float64] = np.median(np.stack(arrays), axis=0)
    return middle


def _noise(looks: list[Geometry]) -> dict[str, float]:
    width_px = float(np.median([look.shoulder_width_px for look in looks]))
    columns = {
        "shoulder_line_deg": [look.shoulder_line_deg for look in looks],
        "eye_line_deg": [look.eye_line_deg for look in looks],
        "yaw_deg": [look.yaw_deg for look in looks],
        "pitch_deg": [look.pitch_deg for look in looks],
        "neck": [(look.shoulders_px[1] - look.ears_px[1]) / look.shoulder_width_px for look in looks],
        "size": [look.ear_width_px / width_px for look in looks],
        "ears_x": [look.ears_px[0] / width_px for look in looks],
        "ears_y": [look.ears_px[1] / width_px for look in looks],
        "shoulders_x": [look.shoulders_px[0] / width_px for look in looks],
        "shoulders_y": [look.shoulders_px[1] / width_px for look in looks],
    }
    return {name: _robust_sd(values) for name, values in columns.items()}


def _waver_sw(looks: list[Geometry]) -> float:
    """How much the places of head and shoulders spread, in shoulder widths, as a standard deviation."""
    places = np.array([(*look.ears_px, *look.shoulders_px) for look in looks])
    away = np.abs(places - np.median(places, axis=0)) / np.median([look.shoulder_width_px for look in looks])
    # Eight of ten values of a normal spread lie within 1.2816 standard deviations.
    return float(np.quantile(away, STILL_SHARE, axis=0).max()) / 1.2816


def _spread(poses: list[Pose], middle: Pose, model: str) -> dict[str, float]:
    """Robust standard deviation of each fitted angle over the looks, against their own median."""
    size = (middle.frame_w_px, middle.frame_h_px)
    found = [estimate_angles(one.landmarks, one.world, middle.landmarks, middle.world, *size, model) for one in poses]
    return {name: _robust_sd([one[name].value for one in found]) for name in ANGLES}


def _robust_sd(values: Sequence[float]) -> float:
    """1.4826 turns the median absolute deviation of a normal spread into its standard deviation."""
    return 1.4826 * float(np.median(np.abs(np.asarray(values) - np.median(values))))
