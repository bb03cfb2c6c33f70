"""The calibrated baseline: how this person sits upright in front of this camera, and how much they waver. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from posture.measure.angles import ANGLES, Placement, estimate_angles, estimate_placement
from posture.measure.geometry import Geometry, Person, geometry, head_yaw_deg
from posture.pose.landmarks import Pose

MIN_FRAMES = 8
"""Fewer good looks than this do not give a steady median [design choice]."""
MIN_SECONDS = 3.0
MIN_GOOD_SHARE = 0.6
MAX_YAW_DEG = 26.0
"""A head turned further is refused; a camera beside the screen sees a face turned by 20 to 25 deg."""
MAX_WAVER_SW = 0.06
"""Spread of the place of head and shoulders, in shoulder widths, above which the person moved [design choice]."""
STILL_SHARE = 0.8
"""Share of the looks that the spread is taken over: a person who sits one way for most of the time and another way for
the rest has moved."""


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
        Robust standard deviation of a single look, for the fitted angles by name, degrees; older stored baselines
        have other quantities as well, see `spread`.
    frames : int
        The number of good looks.
    seconds : float
        The time from the first to the last of them.
    placement : Placement
        Where the camera stands, as far as the baseline tells.
    model : str
        The pose model the landmarks came from; those of another model cannot be compared with them.
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
    """Why there is no baseline: a word for programs and a sentence for the user."""

    reason: str
    sentence: str


def baseline_of(person: Person, model: str) -> Baseline | Refusal:
    """Take a single picture as the baseline; the noise of a look is then not known."""
    pose, found = person.pose, person.geometry
    if not found.face_seen or not found.shoulders_seen:
        return Refusal("few_frames", "Face and shoulders are not both in the baseline picture: take another.")
    return Baseline(pose, found, {}, frames=1, seconds=0.0, placement=placement_of(pose, model), model=model)


def placement_of(pose: Pose, model: str) -> Placement:
    """Estimate where the camera stands, from a person who sits upright and the model that found them."""
    found = estimate_placement(pose.landmarks, pose.world, pose.frame_w_px, pose.frame_h_px, model)
    return replace(found, turned_deg=head_yaw_deg(pose.landmarks))


def calibrate(samples: Sequence[tuple[float, Person | None]], min_visibility: float, model: str) -> Baseline | Refusal:
    """Take the baseline from about 10 s of upright sitting.

    Parameters
    ----------
    samples : sequence of (float, Person or None)
        Time in seconds, and who was found.
    min_visibility : float
        Landmarks of the median below this do not count.
    model : str
        The pose model they came from.

    Returns
    -------
    Baseline or Refusal
        The reason of a refusal is "absent", "out_of_frame", "turned_away", "few_frames" or "moving".
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
    noise = _spread(poses, pose, model)
    return Baseline(pose, geometry(pose, min_visibility), noise, len(good), seconds, placement_of(pose, model), model)


def _median(arrays: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    middle: NDArray[np.float64] = np.median(np.stack(arrays), axis=0)
    return middle


def _waver_sw(looks: list[Geometry]) -> float:
    """Spread of the places of head and shoulders, in shoulder widths, as a standard deviation."""
    places = np.array([(*look.ears_px, *look.shoulders_px) for look in looks])
    away = np.abs(places - np.median(places, axis=0)) / np.median([look.shoulder_width_px for look in looks])
    # Eight of ten values of a normal distribution lie within 1.2816 standard deviations.
    return float(np.quantile(away, STILL_SHARE, axis=0).max()) / 1.2816


def _spread(poses: list[Pose], middle: Pose, model: str) -> dict[str, float]:
    """Robust standard deviation of each fitted angle over the looks, against their median pose."""
    rest = (middle.landmarks, middle.world, middle.frame_w_px, middle.frame_h_px)
    angles = [estimate_angles(pose.landmarks, pose.world, *rest, model) for pose in poses]
    return {name: _robust_sd([look[name].value for look in angles]) for name in ANGLES}


def _robust_sd(values: Sequence[float]) -> float:
    """1.4826 turns the median absolute deviation of a normal distribution into its standard deviation."""
    return 1.4826 * float(np.median(np.abs(np.asarray(values) - np.median(values))))
