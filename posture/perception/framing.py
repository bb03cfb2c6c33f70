"""How a person sits in the picture: which parts of them are in it, and how the light is. For the preview."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from posture.camera.frame import Frame
from posture.camera.light import blindness, small_luma
from posture.language import mark, tr
from posture.measure.geometry import MOST_OUT_SW
from posture.pose.landmarks import Landmark, Pose, quarter_turns

Place = Literal["inside", "edge", "outside"]
"""Where a part of the person is: shoulders at the edge, or not far outside it, are judged coarsely."""
Light = Literal["good", "dim", "from behind", "too dark", "lens covered"]

DIM_LUMA = 60.0
"""Mean luma, 0 to 255, below which a lamp is advised [design choice]."""
BEHIND_LUMA = 60.0
"""How much darker than the whole picture a face is against a window [design choice]."""
MARGIN = 0.02
"""What is nearer to the edge than this counts as cut off; in parts of the picture [design choice]."""

PARTS: dict[str, tuple[Landmark, ...]] = {
    "head": (Landmark.NOSE, Landmark.LEFT_EYE, Landmark.RIGHT_EYE),
    "left shoulder": (Landmark.LEFT_SHOULDER,),
    "right shoulder": (Landmark.RIGHT_SHOULDER,),
    "hips": (Landmark.LEFT_HIP, Landmark.RIGHT_HIP),
}
PART_WORDS = {
    # Translators: parts of the body, as "head: in the picture"
    "head": mark("head"),
    "left shoulder": mark("left shoulder"),
    "right shoulder": mark("right shoulder"),
    "hips": mark("hips"),
}
NEEDED = ("head", "left shoulder", "right shoulder")
"""What a calibration needs; only some stretches need the hips."""
SHOULDERS = (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER)
LIGHT_WORDS: dict[Light, str] = {
    "good": mark("light: good"),
    "dim": mark("light: dim, a lamp in front of you helps"),
    "from behind": mark("light: from behind you, turn or close a blind"),
    "too dark": mark("light: too dark to see anybody"),
    "lens covered": mark("the lens seems to be covered"),
}


PLACE_WORDS: dict[Place, str] = {
    "inside": mark("in the picture"),
    "edge": mark("cut off by the edge of the picture, judged coarsely"),
    "outside": mark("not in the picture"),
}


@dataclass(frozen=True)
class Framing:
    """What is in the picture."""

    light: Light
    parts: dict[str, Place]
    """Where "head", "left shoulder", "right shoulder" and "hips" are; empty when nobody is found."""
    upright: bool = True
    """Whether the person is upright in the picture."""

    @property
    def ready(self) -> bool:
        """Whether this is good enough to calibrate."""
        return bool(self.parts) and self.upright and all(self.parts[part] != "outside" for part in NEEDED)

    @property
    def lines(self) -> tuple[tuple[bool, str], ...]:
        """The lines to show, each with whether it is as it should be."""
        light = (self.light == "good", tr(LIGHT_WORDS[self.light]))
        if not self.parts:
            return (False, tr("nobody is seen")), light
        if not self.upright:
            return (False, tr("the picture is not upright")), light
        parts = [(place == "inside" or part not in NEEDED, _line(part, place)) for part, place in self.parts.items()]
        return (*parts, light)

    @property
    def advice(self) -> str:
        """What to do, in one sentence."""
        if not self.parts:
            return tr("Sit down before the camera.") if self.light in ("good", "dim") else tr("See to the light first.")
        if not self.upright:
            return tr("Turn the camera, or set camera.rotate to auto.")
        missing = [part for part in NEEDED if self.parts[part] == "outside"]
        if "head" in missing:
            return tr("Tilt the screen so that your head is in the picture.")
        if missing:
            return tr("Sit in the middle, or farther away, so that both shoulders are in the picture.")
        if "edge" in self.parts.values():
            return tr(
                "This will do. To see more of your shoulders, sit in the middle and farther back, or tilt the screen."
            )
        return tr("All that is needed is in the picture.")


def _line(part: str, place: Place) -> str:
    """Say where a part is; all but the one that only some stretches need is needed."""
    name, where = tr(PART_WORDS[part]), tr(PLACE_WORDS[place])
    if part in NEEDED or place == "inside":
        return tr("{part}: {place}", part=name, place=where)
    return tr("{part}: {place}, needed for some stretches only", part=name, place=where)


def framing_of(frame: Frame, pose: Pose | None, min_visibility: float) -> Framing:
    """Judge how a person sits in a picture.

    Parameters
    ----------
    pose : Pose or None
        What the model found in it.
    min_visibility : float
        Landmarks below this count as not seen.
    """
    luma = small_luma(frame.image)
    light: Light = blindness(luma, nobody=pose is None) or ("dim" if float(luma.mean()) < DIM_LUMA else "good")
    if pose is None:
        return Framing(light, {})
    parts = {part: _place(pose, marks, min_visibility) for part, marks in PARTS.items()}
    if light == "good" and parts["head"] == "inside" and _face_luma(frame, pose) < float(luma.mean()) - BEHIND_LUMA:
        light = "from behind"
    return Framing(light, parts, upright=quarter_turns(pose.landmarks) == 0)


def _place(pose: Pose, marks: tuple[Landmark, ...], min_visibility: float) -> Place:
    points = pose.landmarks[list(marks)]
    size_px = pose.frame_w_px, pose.frame_h_px
    places = points[:, :2] / size_px
    if not (points[:, 3] >= min_visibility).all():
        return "outside"
    if ((places >= MARGIN) & (places <= 1 - MARGIN)).all():
        return "inside"
    left, right = pose.landmarks[list(SHOULDERS), :2]
    out_px = np.maximum(-points[:, :2], points[:, :2] - size_px).max()
    near = out_px <= MOST_OUT_SW * float(np.hypot(*(left - right)))
    return "edge" if near and set(marks) <= set(SHOULDERS) else "outside"


def _face_luma(frame: Frame, pose: Pose) -> float:
    """Mean over the channels in the box around eyes, nose and mouth; white if it is not in the picture."""
    rows = [Landmark.NOSE, Landmark.LEFT_EYE, Landmark.RIGHT_EYE, Landmark.MOUTH_LEFT, Landmark.MOUTH_RIGHT]
    points = pose.landmarks[rows, :2]
    (left, top), (right, bottom) = points.min(axis=0).astype(int), points.max(axis=0).astype(int) + 1
    face = frame.image[max(0, top) : bottom, max(0, left) : right]
    return float(np.mean(face)) if face.size else 255.0
