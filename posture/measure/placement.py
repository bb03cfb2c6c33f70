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
from posture.measure.levels import MEASURE_OF
from posture.measure.observation import Deviation

GOOD_LENS_BELOW_CM = 18.0
GOOD_DISTANCE_CM = 65.0
"""Where to move it to: the laptop and distance at which a forward head stood out (docs/accuracy.md)."""
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

    Parameters
    ----------
    placement : Placement
        As from `estimate_placement`.

    Returns
    -------
    tuple of str
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
