"""What the camera cannot show from where it stands, and what to move so that it can. Pure."""

from __future__ import annotations

import math

from posture.measure.angles import (
    ANGLES,
    FORWARD_HEAD_DISTANCE_CM,
    FORWARD_HEAD_MAX_LENS_BELOW_CM,
    FORWARD_HEAD_MAX_TURNED_DEG,
    Placement,
    observable,
)
from posture.measure.baseline import Baseline
from posture.measure.edge import MARGIN_SW
from posture.measure.levels import MEASURE_OF
from posture.measure.measures import against_level
from posture.measure.observation import Deviation
from posture.pose.landmarks import Landmark

GOOD_LENS_BELOW_CM = 18.0
GOOD_DISTANCE_CM = 65.0
"""Where to move it to: the laptop and distance at which a forward head stood out (docs/accuracy.md)."""
UNLEVEL_DEG = 5.0
"""Shoulders less level than this are said: the threshold of a shoulder tilt [design choice]."""
STEP_CM = 5.0
"""Lengths are given in steps of this, about the standard deviation of the estimate."""


def hidden_deviations(placement: Placement) -> tuple[Deviation, ...]:
    """List the deviations that a camera placed like this cannot show: they are unknown, not absent."""
    hidden = {angle for angle in ANGLES if not observable(angle, placement)}
    return tuple(kind for kind, measure in MEASURE_OF.items() if measure in hidden)


def advice(placement: Placement) -> tuple[str, ...]:
    """Say what this placement hides and what to move, a sentence each; empty if it hides nothing.

    If a limit is missed by less than the estimate's standard deviation, the sentence says "may be"; lengths are
    rounded to `STEP_CM`.
    """
    if not hidden_deviations(placement):
        return ()
    below, distance = placement.lens_below_eyes_cm, placement.distance_cm
    if not (math.isfinite(below) and math.isfinite(distance)):
        return ("Where the camera stands could not be told, so a forward head is not judged: calibrate again.",)
    near, far = FORWARD_HEAD_DISTANCE_CM
    sentences = []
    if below > FORWARD_HEAD_MAX_LENS_BELOW_CM:
        sure = below - FORWARD_HEAD_MAX_LENS_BELOW_CM > placement.lens_below_eyes_sd_cm
        sentences.append(
            f"The camera {_is(sure)} too low to see a forward head: "
            f"raise the screen by about {_step(below - GOOD_LENS_BELOW_CM)} cm."
        )
    if distance < near:
        sure = near - distance > placement.distance_sd_cm
        sentences.append(
            f"The camera {_is(sure)} too near to see a forward head: "
            f"sit about {_step(GOOD_DISTANCE_CM - distance)} cm farther from it."
        )
    if distance > far:
        sure = distance - far > placement.distance_sd_cm
        sentences.append(
            f"The camera {_is(sure)} too far away to see a forward head: "
            f"bring it about {_step(distance - GOOD_DISTANCE_CM)} cm nearer."
        )
    if abs(placement.turned_deg) > FORWARD_HEAD_MAX_TURNED_DEG:
        sentences.append(
            "The camera sees your face from the side, where a forward head hardly shows: "
            "place it in front of you, or face it while you calibrate."
        )
    return tuple(sentences)


def _is(sure: bool) -> str:
    return "is" if sure else "may be"


def _step(length_cm: float) -> int:
    return round(max(STEP_CM, STEP_CM * round(length_cm / STEP_CM)))


def coarse_sentences(baseline: Baseline) -> tuple[str, ...]:
    """Say what is judged coarsely because shoulders lie at or outside the picture's edge, and how to see more."""
    pose, margin_px = baseline.pose, MARGIN_SW * baseline.geometry.shoulder_width_px
    left, right = pose.landmarks[Landmark.LEFT_SHOULDER], pose.landmarks[Landmark.RIGHT_SHOULDER]
    out_px = {
        "below": max(left[1], right[1]) - (pose.frame_h_px - 1),
        "right": -right[0],
        "left": left[0] - (pose.frame_w_px - 1),
    }
    edge = max(out_px, key=lambda name: out_px[name])
    if out_px[edge] < -margin_px:
        return ()
    if edge == "below":
        lie = "just under the picture" if out_px[edge] > 0 else "at the lower edge of the picture"
        return (
            f"Your shoulders lie {lie}: lean and shoulder line are judged coarsely; sit back a little, or tilt the "
            "screen toward you, to see more.",
        )
    other = "left" if edge == "right" else "right"
    return (
        f"Your {edge} shoulder lies at the edge of the picture: lean and shoulder line are judged coarsely; move a "
        f"little to the {other}, or turn the camera to your {edge}.",
    )


def level_sentence(baseline: Baseline) -> str:
    """Say how far the shoulders of a baseline are from level; empty when they are about level.

    Whoever calibrates while leaning reads upright as a lean to the other side ever after.
    """
    tilt_deg, _ = against_level(baseline.geometry, baseline.model)
    if abs(tilt_deg) < UNLEVEL_DEG:
        return ""
    lower = "left" if tilt_deg < 0 else "right"
    return (
        f"Your {lower} shoulder was lower by about {abs(tilt_deg):.0f}°: if you leaned, sit on both sit bones and "
        "calibrate again; if it is always so, keep this."
    )
