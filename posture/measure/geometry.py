"""Plain geometry of the landmarks of one frame: lines, sizes and places. Pure.

Signs: lean, shift, head tilt and yaw are + towards the person's own left, which is image right in an un-mirrored frame;
shoulder tilt is + with the left shoulder higher; pitch is + looking down. y points down in pixels.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from posture.pose.landmarks import Landmark, Pose, quarter_turns

NOSE_REACH = 0.78
"""How far the nose is in front of the ear axis, in ear widths: 13.8 cm to 17.7 cm, the mean of the rendered heads."""

MOST_OUT_SW = 0.6
"""Shoulders farther outside the picture than this say nothing, see `posture.measure.edge` [design choice]."""

Landmarks = NDArray[np.float64]
FACE = (Landmark.NOSE, Landmark.LEFT_EYE, Landmark.RIGHT_EYE)
_EARS = (Landmark.LEFT_EAR, Landmark.RIGHT_EAR)
_SHOULDERS = (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER)
_HIPS = (Landmark.LEFT_HIP, Landmark.RIGHT_HIP)


def _middle(landmarks: Landmarks, pair: tuple[Landmark, Landmark]) -> Landmarks:
    middle: Landmarks = (landmarks[pair[0], :2] + landmarks[pair[1], :2]) / 2.0
    return middle


def _between(landmarks: Landmarks, pair: tuple[Landmark, Landmark]) -> float:
    return float(np.hypot(*(landmarks[pair[0], :2] - landmarks[pair[1], :2])))


def shoulder_line_deg(landmarks: Landmarks) -> float:
    """Angle of the shoulder line against the level of the picture, degrees, + with the left shoulder higher.

    Landmarks are (33, 4): x px, y px, z px, visibility. It is atan2(y12 - y11, x11 - x12) (evidence, section 1).
    """
    left, right = landmarks[Landmark.LEFT_SHOULDER], landmarks[Landmark.RIGHT_SHOULDER]
    return float(np.degrees(np.arctan2(right[1] - left[1], left[0] - right[0])))


def eye_line_deg(landmarks: Landmarks) -> float:
    """Angle of the eye line against the picture's level, + left eye lower: atan2(y2 - y5, x2 - x5), degrees."""
    left, right = landmarks[Landmark.LEFT_EYE], landmarks[Landmark.RIGHT_EYE]
    return float(np.degrees(np.arctan2(left[1] - right[1], left[0] - right[0])))


def ear_line_deg(landmarks: Landmarks) -> float:
    """Angle of the line through the ears against the picture's level, + left ear lower, degrees."""
    left, right = landmarks[Landmark.LEFT_EAR], landmarks[Landmark.RIGHT_EAR]
    return float(np.degrees(np.arctan2(left[1] - right[1], left[0] - right[0])))


def face_line_deg(landmarks: Landmarks) -> float:
    """Angle of the line from the mouth to the eyes against the picture's upright, + tipped to the left, degrees."""
    eyes = _middle(landmarks, (Landmark.LEFT_EYE, Landmark.RIGHT_EYE))
    mouth = _middle(landmarks, (Landmark.MOUTH_LEFT, Landmark.MOUTH_RIGHT))
    return float(np.degrees(np.arctan2(eyes[0] - mouth[0], mouth[1] - eyes[1])))


def lateral_lean_deg(landmarks: Landmarks) -> float:
    """Lean of the trunk in the picture, for visible hips: atan2(x_ms - x_mh, y_mh - y_ms), degrees, + to the left."""
    shoulders, hips = _middle(landmarks, _SHOULDERS), _middle(landmarks, _HIPS)
    return float(np.degrees(np.arctan2(shoulders[0] - hips[0], hips[1] - shoulders[1])))


def head_yaw_deg(landmarks: Landmarks) -> float:
    """Turn of the head, + to the person's own left, from the nose against the ears; degrees.

    The nose is `NOSE_REACH` ear widths in front of the ear axis, so a turn by yaw moves it sideways by that times
    tan(yaw), in ear widths as seen.
    """
    return float(np.degrees(np.arctan(_nose_offset(landmarks)[0] / NOSE_REACH)))


def head_pitch_deg(landmarks: Landmarks) -> float:
    """Nod of the head against the line of sight, + looking down, from the nose against the ears; degrees.

    Only the change against a baseline is a nod, since the camera looks up or down as well.
    """
    across, down = _nose_offset(landmarks)
    # A turn shortens the ear width by cos(yaw); this is undone before heights are divided by it.
    reach = NOSE_REACH / max(np.cos(np.arctan(across / NOSE_REACH)), 0.2)
    return float(np.degrees(np.arcsin(np.clip(down / reach, -1.0, 1.0))))


def _nose_offset(landmarks: Landmarks) -> tuple[float, float]:
    """Place of the nose from the middle of the ears, across and down along the head's own axes, in ear widths."""
    width_px = max(_between(landmarks, _EARS), 1e-6)
    offset = landmarks[Landmark.NOSE, :2] - _middle(landmarks, _EARS)
    roll = np.radians(eye_line_deg(landmarks))
    across = offset[0] * np.cos(roll) + offset[1] * np.sin(roll)
    down = -offset[0] * np.sin(roll) + offset[1] * np.cos(roll)
    return float(across / width_px), float(down / width_px)


def _size_px(landmarks: Landmarks) -> float:
    """Size of a person, however turned: the shoulder width or one and a half times the neck's height.

    From the front, the neck is about 0.64 shoulder widths high (median of the rendered people), so both agree within a
    few per cent; in profile only the neck is left.
    """
    neck = _middle(landmarks, _SHOULDERS) - _middle(landmarks, _EARS)
    return max(_between(landmarks, _SHOULDERS), 1.5 * float(np.hypot(*neck)))


@dataclass(frozen=True)
class Geometry:
    """Lines, sizes and places of one person in one frame, and which of them can be trusted."""

    face_seen: bool
    """The points are visible enough and inside the picture; `hips_seen` says the same of the hips."""
    shoulders_out_sw: float
    """How far the farther shoulder lies outside the picture, in shoulder widths: the model places joints outside it,
    too, and gives them 0.9 of visibility. Negative inside; infinite when a shoulder is not visible enough."""
    nearer_out_sw: float
    """The same of the shoulder that is less far out."""
    hips_seen: bool
    shoulder_line_deg: float
    eye_line_deg: float
    yaw_deg: float
    pitch_deg: float
    lean_deg: float
    shoulder_width_px: float
    eye_distance_px: float
    ear_width_px: float
    """The distance between the eyes and the width of the ears are divided by cos(yaw)."""
    size_px: float
    """Size of the person however turned: the shoulder width or one and a half times the neck's height."""
    shoulders_px: tuple[float, float]
    ears_px: tuple[float, float]
    """x, y of the middle of the shoulders, and of the ears."""

    @property
    def shoulders_seen(self) -> bool:
        """Whether both shoulders are inside the picture."""
        return self.shoulders_out_sw <= 0.0

    @property
    def shoulders_usable(self) -> bool:
        """Whether where the model places the shoulders says anything."""
        return self.shoulders_out_sw <= MOST_OUT_SW


def geometry(pose: Pose, min_visibility: float) -> Geometry:
    """Compute all plain geometry of a pose.

    Parameters
    ----------
    pose : Pose
        Landmarks in an un-mirrored frame.
    min_visibility : float
        Landmarks below this do not count as seen.
    """
    points = pose.landmarks
    seen = (
        (points[:, 3] >= min_visibility)
        & (points[:, 0] >= 0)
        & (points[:, 0] < pose.frame_w_px)
        & (points[:, 1] >= 0)
        & (points[:, 1] < pose.frame_h_px)
    )
    yaw_deg = head_yaw_deg(points)
    # Beyond 60 degrees the ear width means nothing; this keeps the division bounded.
    cos_yaw = max(float(np.cos(np.radians(yaw_deg))), 0.5)
    shoulders, ears = _middle(points, _SHOULDERS), _middle(points, _EARS)
    width_px = _between(points, _SHOULDERS)
    out_sw = [_out_sw(pose, joint, width_px) for joint in _SHOULDERS]
    visible = bool((points[list(_SHOULDERS), 3] >= min_visibility).all())
    return Geometry(
        face_seen=bool(seen[list(FACE)].all()),
        shoulders_out_sw=max(out_sw) if visible else math.inf,
        nearer_out_sw=min(out_sw) if visible else math.inf,
        hips_seen=bool(seen[list(_HIPS)].all()),
        shoulder_line_deg=shoulder_line_deg(points),
        eye_line_deg=eye_line_deg(points),
        yaw_deg=yaw_deg,
        pitch_deg=head_pitch_deg(points),
        lean_deg=lateral_lean_deg(points),
        shoulder_width_px=width_px,
        eye_distance_px=_between(points, (Landmark.LEFT_EYE, Landmark.RIGHT_EYE)) / cos_yaw,
        ear_width_px=_between(points, _EARS) / cos_yaw,
        size_px=_size_px(points),
        shoulders_px=(float(shoulders[0]), float(shoulders[1])),
        ears_px=(float(ears[0]), float(ears[1])),
    )


def _out_sw(pose: Pose, joint: Landmark, width_px: float) -> float:
    """See `Geometry.shoulders_out_sw`."""
    x, y = pose.landmarks[joint, :2]
    out_px = max(-x, x - (pose.frame_w_px - 1), -y, y - (pose.frame_h_px - 1))
    return float(out_px) / max(width_px, 1.0)


@dataclass(frozen=True, eq=False)
class Person:
    """A person found in a frame: the pose, and its plain geometry, computed once."""

    pose: Pose
    geometry: Geometry

    @cached_property
    def turns(self) -> int:
        """Quarter turns after which the person would be upright, see `quarter_turns`."""
        return quarter_turns(self.pose.landmarks)

    @classmethod
    def of(cls, found: Pose | Person, min_visibility: float) -> Person:
        """Compute the geometry of a pose, see `geometry`; a person has theirs already."""
        return found if isinstance(found, Person) else cls(found, geometry(found, min_visibility))
