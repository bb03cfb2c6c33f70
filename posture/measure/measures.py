"""From a pose and a baseline to the measures of a look. A measure that cannot be trusted is None. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from posture.measure.angles import ANGLES, Estimate, estimate_angles, observable
from posture.measure.baseline import Baseline
from posture.measure.distance import distance_cm
from posture.measure.edge import face_lean, face_slump, level_line, neck_sd_sw, widened
from posture.measure.geometry import Geometry, Person, ear_line_deg, eye_line_deg, face_line_deg
from posture.pose.landmarks import Pose
from posture.settings import Settings

MAX_TWIST_DEG = 15.0
"""The forward-head proxy holds only below this yaw (evidence, section 1)."""
HEAD_ALONE = ("head_tilt_deg", "head_pitch_deg", "head_yaw_deg")
"""Angles that need no shoulders in the picture."""


NECK_PER_PITCH = 0.0026
NECK_PER_HINGE = 0.004
NECK_PER_LEAN = 0.003
NECK_PER_TILT = 0.001
"""Shoulder widths by which a degree of looking down, of tipping forward from the hips, of leaning and of tilting the
head shorten the neck in the picture: regression on the rendered people for the first two; for the others so much that
none of 646 leans and tilts of two real people counts, who lean further [measured]."""
HEAD_LINE_SHOWS = 0.84
"""The part of a large head tilt by which the lines of eyes, ears and face turn in the picture, on average: labelled
tilts of two real people from 20 and from 30 deg on are off by 3.9 and 4.7 deg with it, 30 and 40 deg of ten rendered
ones by 4.7 and 5.1, all of them left out of the fit; 0.8 would do better there and worse on the sweep [measured]."""
WIDE_TILT_DEG = (18.0, 28.0)
"""From the first on these lines take over from the fit, from the second on they tell alone: the fit has seen no head
tilted by more than 20 deg and answers no more than about 21 [measured]."""
WIDE_TILT_SD_DEG = 5.5
"""Of the tilts beyond 20 deg of the same people, real and rendered [measured]."""
LINE_PER_LEAN = 1.16
"""By how many degrees a lean of one degree tips the shoulder line the other way (regression on rendered people)."""
UNEVEN_DEG = 2.0
"""By how much the lines of shoulders and eyes may lie above and below their mean in a picture of a level person: those
of the rendered people in pictures rolled by up to 20 deg [measured]."""
PROVISIONAL_SD: Mapping[str, float] = {
    "shoulder_tilt_deg": 1.6,
    "lateral_lean_deg": 0.5,
    "head_tilt_deg": 3.2,
    "head_pitch_deg": 1.7,
    "head_yaw_deg": 5.5,
    "slump_deg": 2.3,
    "forward_head_deg": 2.6,
    "hip_hinge_deg": 0.4,
    "neck_short_sw": 0.014,
}
"""What a provisional baseline adds: how far the still stretches of one person lie apart, divided by the square root of
two, over seven people at webcams. Without any one of them it is at most 0.4 more; only the head tilt (1.4) and the
forward head (1.8) fall by more, without the one who moves most [measured]. For the slump that is 0.9; the rest is the
height by which stretches are not told apart, `LEVEL_SW`, at 35 degrees a shoulder width."""
MOST_DEG: Mapping[str, float] = {
    "shoulder_tilt_deg": 45.0,
    "lateral_lean_deg": 60.0,
    "head_tilt_deg": 60.0,
    "head_pitch_deg": 80.0,
    "head_yaw_deg": 90.0,
    "slump_deg": 90.0,
    "forward_head_deg": 90.0,
    "hip_hinge_deg": 110.0,
}
"""Nobody who sits before a screen goes further; an angle beyond this is a mistake of the model, and not known. The neck
bends to the side by about 45 deg and turns by about 80, the trunk bends by about 40 to the side [design choices]."""


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
    """The measures of one look, against the baseline if there is one."""

    shoulder_tilt_deg: float | None = None
    """Line of the shoulders, + with the left shoulder higher."""
    head_tilt_deg: float | None = None
    """+ towards the left shoulder."""
    head_yaw_deg: float | None = None
    """+ turned to the left."""
    head_pitch_deg: float | None = None
    """+ looking down."""
    lateral_lean_deg: float | None = None
    """Lean of the trunk, + to the left."""
    lateral_shift_sw: float | None = None
    """Sideways shift of the shoulders in shoulder widths of the baseline, + to the left."""
    head_drop_sw: float | None = None
    shoulder_drop_sw: float | None = None
    """How far ears, and how far shoulders have sunk, in shoulder widths of the baseline."""
    forward_head_ratio: float | None = None
    """(I/S)/(I0/S0) - 1, eye distance against shoulder width."""
    neck_short_sw: float | None = None
    """How much shorter the neck is, ears above shoulders in shoulder widths, than at the baseline and than looking
    down, tipping forward, leaning and tilting the head explain."""
    lean_in_ratio: float | None = None
    """I/I0 - 1, how much larger the face is."""
    distance_cm: float | None = None
    """Eyes to camera."""
    slump_deg: float | None = None
    """Thorax bent forward, + forward."""
    forward_head_deg: float | None = None
    """Neck bent forward with the head level, + forward."""
    hip_hinge_deg: float | None = None
    """Trunk tipped from the hips, + forward."""
    sd: Mapping[str, float] = field(default_factory=dict)
    """Standard deviations of the measures whose uncertainty is known, by name and in their units."""
    not_observable: tuple[str, ...] = ()
    """Measures that can only be seen from this placement when they are large: a small value means nothing."""


def measure(found: Pose | Person, baseline: Baseline | None, settings: Settings, model: str = "lite") -> Measures:
    """Measure one person.

    Parameters
    ----------
    found : Pose or Person
        Landmarks in an un-mirrored frame.
    baseline : Baseline or None
        Without one, angles are against the level of the picture, and whatever needs a baseline is None.
    settings : Settings
        For the field of view and the least visibility.
    model : str
        The pose model the landmarks came from: each shows its own part of a tilt.
    """
    person = Person.of(found, settings.pose.min_visibility)
    pose, seen = person.pose, person.geometry
    face, shoulders = seen.face_seen, seen.shoulders_usable
    lens = settings.camera.field_of_view_deg
    if baseline is None:
        tilt_deg, head_deg = against_level(seen, model)
        return Measures(
            shoulder_tilt_deg=_possible("shoulder_tilt_deg", tilt_deg) if shoulders else None,
            head_tilt_deg=_possible("head_tilt_deg", head_deg) if face else None,
            head_yaw_deg=_possible("head_yaw_deg", seen.yaw_deg) if face else None,
            lateral_lean_deg=_possible("lateral_lean_deg", seen.lean_deg) if shoulders and seen.hips_seen else None,
            distance_cm=distance_cm(seen.eye_distance_px, pose.frame_w_px, lens) if face else None,
        )
    rest = baseline.geometry
    # The baseline may come from another frame size: scaled to this one.
    scale = pose.frame_w_px / baseline.pose.frame_w_px
    width_px = rest.shoulder_width_px * scale
    head_drop_sw = (seen.ears_px[1] - rest.ears_px[1] * scale) / width_px
    lean_in = seen.ear_width_px / (rest.ear_width_px * scale) - 1.0
    shift_sw = (seen.shoulders_px[0] - rest.shoulders_px[0] * scale) / width_px
    angles: dict[str, Estimate] = {}
    if face:
        head_shift_sw = (seen.ears_px[0] - rest.ears_px[0] * scale) / width_px
        lean = face_lean(head_shift_sw, seen.eye_line_deg - rest.eye_line_deg)
        of_face = {"slump_deg": face_slump(head_drop_sw, lean_in)} | ({"lateral_lean_deg": lean} if lean else {})
        angles = _angles(person, baseline, scale, model, shift_sw, of_face)
    hidden = tuple(name for name in ANGLES if not observable(name, baseline.placement))
    near = abs(seen.yaw_deg - rest.yaw_deg) < MAX_TWIST_DEG
    neck_short_sw = _neck_short_sw(seen, rest, angles) if angles and shoulders else None
    if baseline.unlevel is not None:
        angles = _from_level(angles, baseline.unlevel)
    # The uncertainty of the fit, and how much this person wavered during the calibration.
    more = PROVISIONAL_SD if baseline.provisional else {}
    sd = {
        name: math.hypot(angle.sd, baseline.noise.get(name, 0.0), more.get(name, 0.0)) for name, angle in angles.items()
    }
    if neck_short_sw is not None:
        edge_sd = neck_sd_sw(max(seen.shoulders_out_sw, rest.shoulders_out_sw))
        sd["neck_short_sw"] = math.hypot(edge_sd, more.get("neck_short_sw", 0.0))
    return Measures(
        lateral_shift_sw=shift_sw if shoulders else None,
        head_drop_sw=head_drop_sw if face else None,
        shoulder_drop_sw=(seen.shoulders_px[1] - rest.shoulders_px[1] * scale) / width_px if shoulders else None,
        forward_head_ratio=_forward(seen, rest) if face and shoulders and near else None,
        neck_short_sw=neck_short_sw,
        lean_in_ratio=lean_in if face else None,
        distance_cm=_nearer_cm(rest, lean_in, baseline.pose.frame_w_px, lens) if face else None,
        sd=sd,
        not_observable=hidden,
        **{name: _possible(name, angle.value) for name, angle in angles.items()},
    )


def against_level(seen: Geometry, model: str) -> tuple[float, float]:
    """Give shoulder tilt and head tilt against the level of the picture, degrees; signs as in `Measures`.

    A camera that is rolled turns the lines of shoulders and eyes alike and in full; only what differs between them is
    the person's own, of which the model shows a part. Where only one of them is in the picture, it is the person's.
    """
    shows, line_deg, eyes_deg = COMPRESSION[model], seen.shoulder_line_deg, -seen.eye_line_deg
    if not (seen.shoulders_usable and seen.face_seen):
        return line_deg / shows.shoulder_tilt, -eyes_deg / shows.head_tilt
    common_deg, half_deg = (line_deg + eyes_deg) / 2.0, (line_deg - eyes_deg) / 2.0
    own_deg = math.copysign(max(0.0, abs(half_deg) - UNEVEN_DEG), half_deg)
    return common_deg + own_deg / shows.shoulder_tilt, -(common_deg - own_deg / shows.head_tilt)


def _possible(name: str, angle_deg: float) -> float | None:
    """Give an angle that a sitting person can have, None for any other."""
    return angle_deg if abs(angle_deg) <= MOST_DEG[name] else None


def _angles(
    person: Person, baseline: Baseline, scale: float, model: str, shift_sw: float, of_face: dict[str, Estimate]
) -> dict[str, Estimate]:
    """Estimate the angles in the person's own space; `of_face` are those told by the face where shoulders are lost."""
    pose, seen = person.pose, person.geometry
    rest, size = baseline.pose, (pose.frame_w_px, pose.frame_h_px)
    found = estimate_angles(pose.landmarks, pose.world, rest.landmarks * scale, rest.world, *size, model)
    if not all(math.isfinite(angle.value) for angle in found.values()):
        return {}
    found["head_tilt_deg"] = _wide_tilt(found["head_tilt_deg"], _head_turn_deg(pose, rest))
    if not seen.shoulders_usable:
        return {name: found[name] for name in HEAD_ALONE} | of_face
    out_sw = max(seen.shoulders_out_sw, baseline.geometry.shoulders_out_sw)
    found["shoulder_tilt_deg"] = level_line(found["shoulder_tilt_deg"], shift_sw, seen.nearer_out_sw)
    return {name: widened(name, angle, out_sw, seen.nearer_out_sw) for name, angle in found.items()}


def _from_level(angles: Mapping[str, Estimate], line: Estimate) -> dict[str, Estimate]:
    """Take lean and shoulder line against level: `line` is how far the shoulders of the baseline are from it."""
    off = {
        "shoulder_tilt_deg": line,
        "lateral_lean_deg": Estimate(-line.value / LINE_PER_LEAN, line.sd / LINE_PER_LEAN),
    }
    return {
        name: Estimate(angle.value + off[name].value, math.hypot(angle.sd, off[name].sd)) if name in off else angle
        for name, angle in angles.items()
    }


def _neck_short_sw(seen: Geometry, rest: Geometry, angles: Mapping[str, Estimate]) -> float:
    """See `Measures.neck_short_sw`."""
    shorter_sw = _neck_sw(rest) - _neck_sw(seen)
    explained_sw = NECK_PER_PITCH * max(angles["head_pitch_deg"].value, 0.0)
    explained_sw += NECK_PER_HINGE * max(angles["hip_hinge_deg"].value, 0.0)
    explained_sw += NECK_PER_LEAN * abs(angles["lateral_lean_deg"].value)
    explained_sw += NECK_PER_TILT * abs(angles["head_tilt_deg"].value)
    return shorter_sw - explained_sw


def _neck_sw(shape: Geometry) -> float:
    return (shape.shoulders_px[1] - shape.ears_px[1]) / shape.shoulder_width_px


def _head_turn_deg(pose: Pose, rest: Pose) -> float:
    """How far the lines of eyes, ears and face have turned in the picture, on average."""
    lines = (eye_line_deg, ear_line_deg, face_line_deg)
    return sum(line(pose.landmarks) - line(rest.landmarks) for line in lines) / len(lines)


def _wide_tilt(fitted: Estimate, turn_deg: float) -> Estimate:
    """Carry a head tilt on beyond what the fit has seen, by how far the head has turned in the picture."""
    seen_deg = turn_deg / HEAD_LINE_SHOWS
    if seen_deg * fitted.value <= 0:
        return fitted
    first, last = WIDE_TILT_DEG
    share = min(max((abs(seen_deg) - first) / (last - first), 0.0), 1.0)
    return Estimate(
        fitted.value + share * (seen_deg - fitted.value), fitted.sd + share * (WIDE_TILT_SD_DEG - fitted.sd)
    )


def _nearer_cm(rest: Geometry, lean_in: float, frame_w_px: int, lens_deg: float) -> float:
    """Give the distance: that of the baseline, divided by how much larger the face has become."""
    return distance_cm(rest.eye_distance_px, frame_w_px, lens_deg) / max(1.0 + lean_in, 0.1)


def _forward(seen: Geometry, rest: Geometry) -> float:
    return (seen.eye_distance_px / seen.shoulder_width_px) / (rest.eye_distance_px / rest.shoulder_width_px) - 1.0
