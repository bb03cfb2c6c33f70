"""From a pose and a baseline to the measures of a look. A measure that cannot be trusted is None. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from posture.measure.angles import ANGLES, Estimate, estimate_angles, observable
from posture.measure.baseline import Baseline
from posture.measure.geometry import Geometry, Person, distance_cm
from posture.pose.landmarks import Pose
from posture.settings import Settings

MAX_TWIST_DEG = 15.0
"""The forward-head proxy holds only below this yaw (evidence, section 1)."""
HEAD_ALONE = ("head_tilt_deg", "head_pitch_deg", "head_yaw_deg")
"""Angles that need no shoulders in the picture."""


@dataclass(frozen=True)
class Compression:
    """The part of a true angle that a pose model shows (evidence, section 8: slopes measured on rendered people)."""

    shoulder_tilt: float
    head_tilt: float


COMPRESSION: Mapping[str, Compression] = {
    "lite": Compression(0.43, 0.55),
    "full": Compression(0.49, 0.66),
    "heavy": Compression(0.61, 0.72),
}


@dataclass(frozen=True)
class Measures:
    """The measures of one look, against the baseline if there is one.

    Attributes
    ----------
    shoulder_tilt_deg : float or None
        Line of the shoulders, + with the left shoulder higher.
    head_tilt_deg, head_yaw_deg, head_pitch_deg : float or None
        + toward the left shoulder, + turned to the left, + looking down.
    lateral_lean_deg : float or None
        Lean of the trunk, + to the left.
    lateral_shift_sw : float or None
        Sideways shift of the shoulders in shoulder widths of the baseline, + to the left.
    head_drop_sw, shoulder_drop_sw : float or None
        How far ears and shoulders have sunk, in shoulder widths of the baseline.
    forward_head_ratio : float or None
        (I/S)/(I0/S0) - 1, eye distance against shoulder width.
    lean_in_ratio : float or None
        I/I0 - 1, how much larger the face is.
    distance_cm : float or None
        Eyes to camera.
    slump_deg, forward_head_deg, hip_hinge_deg : float or None
        Thorax bent forward, neck bent forward with the head level, trunk tipped from the hips; + forward.
    sd : mapping of str to float
        Standard deviations of the measures whose uncertainty is known, by name and in their units.
    not_observable : tuple of str
        Measures that can only be seen from this placement when they are large: a small value means nothing.
    """

    shoulder_tilt_deg: float | None = None
    head_tilt_deg: float | None = None
    head_yaw_deg: float | None = None
    head_pitch_deg: float | None = None
    lateral_lean_deg: float | None = None
    lateral_shift_sw: float | None = None
    head_drop_sw: float | None = None
    shoulder_drop_sw: float | None = None
    forward_head_ratio: float | None = None
    lean_in_ratio: float | None = None
    distance_cm: float | None = None
    slump_deg: float | None = None
    forward_head_deg: float | None = None
    hip_hinge_deg: float | None = None
    sd: Mapping[str, float] = field(default_factory=dict)
    not_observable: tuple[str, ...] = ()


def measure(person: Person, baseline: Baseline | None, settings: Settings, model: str = "lite") -> Measures:
    """Measure one person.

    Parameters
    ----------
    person : Person
        Landmarks in an un-mirrored frame, and their geometry.
    baseline : Baseline or None
        Without one, angles are against the level of the picture, and whatever needs a baseline is None.
    settings : Settings
        For the field of view.
    model : str
        The pose model the landmarks came from: each shows its own part of a tilt.

    Returns
    -------
    Measures
    """
    pose, seen = person.pose, person.geometry
    shows = COMPRESSION[model]
    face, shoulders = seen.face_seen, seen.shoulders_seen
    lens = settings.camera.field_of_view_deg
    if baseline is None:
        return Measures(
            shoulder_tilt_deg=seen.shoulder_line_deg / shows.shoulder_tilt if shoulders else None,
            head_tilt_deg=seen.eye_line_deg / shows.head_tilt if face else None,
            head_yaw_deg=seen.yaw_deg if face else None,
            lateral_lean_deg=seen.lean_deg if shoulders and seen.hips_seen else None,
            distance_cm=distance_cm(seen.eye_distance_px, pose.frame_w_px, lens) if face else None,
        )
    rest = baseline.geometry
    # The baseline may come from another frame size: scaled to this one.
    scale = pose.frame_w_px / baseline.pose.frame_w_px
    width_px = rest.shoulder_width_px * scale
    angles = _angles(pose, baseline, scale, model, face=face, shoulders=shoulders)
    hidden = tuple(name for name in ANGLES if not observable(name, baseline.placement))
    near = abs(seen.yaw_deg - rest.yaw_deg) < MAX_TWIST_DEG
    lean_in = seen.ear_width_px / (rest.ear_width_px * scale) - 1.0
    return Measures(
        lateral_shift_sw=(seen.shoulders_px[0] - rest.shoulders_px[0] * scale) / width_px if shoulders else None,
        head_drop_sw=(seen.ears_px[1] - rest.ears_px[1] * scale) / width_px if face else None,
        shoulder_drop_sw=(seen.shoulders_px[1] - rest.shoulders_px[1] * scale) / width_px if shoulders else None,
        forward_head_ratio=_forward(seen, rest) if face and shoulders and near else None,
        lean_in_ratio=lean_in if face else None,
        distance_cm=_nearer_cm(rest, lean_in, baseline.pose.frame_w_px, lens) if face else None,
        # The uncertainty of the fit, and how much this person wavered during the calibration.
        sd={name: math.hypot(angle.sd, baseline.noise.get(name, 0.0)) for name, angle in angles.items()},
        not_observable=hidden,
        **{name: angle.value for name, angle in angles.items()},
    )


def _angles(
    pose: Pose, baseline: Baseline, scale: float, model: str, *, face: bool, shoulders: bool
) -> dict[str, Estimate]:
    """Estimate the angles in the person's own space whose points are in the picture."""
    if not face:
        return {}
    rest = baseline.pose
    size = (pose.frame_w_px, pose.frame_h_px)
    found = estimate_angles(pose.landmarks, pose.world, rest.landmarks * scale, rest.world, *size, model)
    wanted = [name for name in found if shoulders or name in HEAD_ALONE]
    return {name: found[name] for name in wanted if math.isfinite(found[name].value)}


def _nearer_cm(rest: Geometry, lean_in: float, frame_w_px: int, lens_deg: float) -> float:
    """Give the distance: that of the baseline, divided by how much larger the face has become."""
    return distance_cm(rest.eye_distance_px, frame_w_px, lens_deg) / max(1.0 + lean_in, 0.1)


def _forward(seen: Geometry, rest: Geometry) -> float:
    return (seen.eye_distance_px / seen.shoulder_width_px) / (rest.eye_distance_px / rest.shoulder_width_px) - 1.0
