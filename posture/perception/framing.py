"""How a person sits in the picture: which parts of them are in it, and how the light is. For the preview."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np

from posture.camera.frame import Frame
from posture.camera.light import blindness, small_luma
from posture.pose.landmarks import Landmark, Pose

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
NEEDED = ("head", "left shoulder", "right shoulder")
"""What a calibration needs; only some stretches need the hips."""
LIGHT_WORDS: dict[Light, str] = {
    "good": "light: good",
    "dim": "light: dim, a lamp in front of you helps",
    "from behind": "light: from behind you, turn or close a blind",
    "too dark": "light: too dark to see anybody",
    "lens covered": "the lens seems to be covered",
}


@dataclass(frozen=True)
class Framing:
    """What is in the picture."""

    light: Light
    parts: dict[str, bool]
    """Whether "head", "left shoulder", "right shoulder" and "hips" are in the picture; empty when nobody is found."""

    @property
    def ready(self) -> bool:
        """Whether this is good enough to calibrate."""
        return bool(self.parts) and all(self.parts[part] for part in NEEDED)

    @property
    def lines(self) -> tuple[tuple[bool, str], ...]:
        """The lines to show, each with whether it is as it should be."""
        light = (self.light == "good", LIGHT_WORDS[self.light])
        if not self.parts:
            return (False, "nobody is seen"), light
        parts = [
            (seen, f"{part}: {'in the picture' if seen else 'not in the picture'}")
            if part in NEEDED
            else (True, f"{part}: {'in the picture' if seen else 'not in the picture, needed for some stretches only'}")
            for part, seen in self.parts.items()
        ]
        return (*parts, light)

    @property
    def advice(self) -> str:
        """What to do, in one sentence."""
        if not self.parts:
            return "Sit down before the camera." if self.light in ("good", "dim") else "See to the light first."
        missing = [part for part in NEEDED if not self.parts[part]]
        if "head" in missing:
            return "Tilt the screen so that your head is in the picture."
        if missing:
            return "Sit in the middle, or farther away, so that both shoulders are in the picture."
        return "All that is needed is in the picture: sit upright, and calibrate."


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
    parts = {part: all(_seen(pose, mark, min_visibility) for mark in marks) for part, marks in PARTS.items()}
    if light == "good" and parts["head"] and _face_luma(frame, pose) < float(luma.mean()) - BEHIND_LUMA:
        light = "from behind"
    return Framing(light, parts)


def _seen(pose: Pose, mark: Landmark, min_visibility: float) -> bool:
    x_px, y_px, _, visibility = pose.landmarks[mark]
    x, y = x_px / pose.frame_w_px, y_px / pose.frame_h_px
    return bool(visibility >= min_visibility and MARGIN <= x <= 1 - MARGIN and MARGIN <= y <= 1 - MARGIN)


def _face_luma(frame: Frame, pose: Pose) -> float:
    """Mean over the channels in the box around eyes, nose and mouth; white if it is not in the picture."""
    rows = [Landmark.NOSE, Landmark.LEFT_EYE, Landmark.RIGHT_EYE, Landmark.MOUTH_LEFT, Landmark.MOUTH_RIGHT]
    points = pose.landmarks[rows, :2]
    (left, top), (right, bottom) = points.min(axis=0).astype(int), points.max(axis=0).astype(int) + 1
    face = frame.image[max(0, top) : bottom, max(0, left) : right]
    return float(np.mean(face)) if face.size else 255.0
