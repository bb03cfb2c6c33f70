"""What the camera cannot show from where it stands, and what to move so that it can. Pure."""

from __future__ import annotations

import math

from posture.language import number, tr
from posture.measure.angles import (
    ANGLES,
    FORWARD_HEAD_DISTANCE_CM,
    FORWARD_HEAD_MAX_LENS_BELOW_CM,
    FORWARD_HEAD_MAX_TURNED_DEG,
    Placement,
    observable,
)
from posture.measure.baseline import Baseline, head_line_deg, smaller
from posture.measure.edge import MARGIN_SW
from posture.measure.levels import MEASURE_OF
from posture.measure.observation import Deviation
from posture.pose.landmarks import Landmark

GOOD_LENS_BELOW_CM = 18.0
GOOD_DISTANCE_CM = 65.0
"""Where to move it to: the laptop and distance at which a forward head stood out (docs/accuracy.md)."""
HIP_LEAN_DEG = 7.0
"""Shoulders this far aside of the hips are said: the threshold of a lean. By the model's hips, where it sees them, a
lean is off by 3.4 deg (1 sd) [measured on rendered people]."""
ASIDE_SW = 0.15
ASIDE_PER_YAW = 0.15
"""A head this far from the middle of the shoulders is said: of 80 rendered people who sit level none has more than
0.10. A turned head goes aside by the second, times the tangent of its yaw [measured]."""
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
        return (tr("Where the camera stands could not be told, so a forward head is not judged: calibrate again."),)
    near, far = FORWARD_HEAD_DISTANCE_CM
    sentences = []
    if below > FORWARD_HEAD_MAX_LENS_BELOW_CM:
        sure = below - FORWARD_HEAD_MAX_LENS_BELOW_CM > placement.lens_below_eyes_sd_cm
        length = _step(below - GOOD_LENS_BELOW_CM)
        sentences.append(
            tr("The camera is too low to see a forward head: raise the screen by about {length} cm.", length=length)
            if sure
            else tr(
                "The camera may be too low to see a forward head: raise the screen by about {length} cm.", length=length
            )
        )
    if distance < near:
        sure = near - distance > placement.distance_sd_cm
        length = _step(GOOD_DISTANCE_CM - distance)
        sentences.append(
            tr("The camera is too near to see a forward head: sit about {length} cm farther from it.", length=length)
            if sure
            else tr(
                "The camera may be too near to see a forward head: sit about {length} cm farther from it.",
                length=length,
            )
        )
    if distance > far:
        sure = distance - far > placement.distance_sd_cm
        length = _step(distance - GOOD_DISTANCE_CM)
        sentences.append(
            tr("The camera is too far away to see a forward head: bring it about {length} cm nearer.", length=length)
            if sure
            else tr(
                "The camera may be too far away to see a forward head: bring it about {length} cm nearer.",
                length=length,
            )
        )
    if abs(placement.turned_deg) > FORWARD_HEAD_MAX_TURNED_DEG:
        sentences.append(
            tr(
                "The camera sees your face from the side, where a forward head hardly shows: place it in front of you, "
                "or face it while you calibrate."
            )
        )
    return tuple(sentences)


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
        return (
            tr(
                "Your shoulders lie just under the picture: lean and shoulder line are judged coarsely; sit back a "
                "little, or tilt the screen towards you, to see more."
            )
            if out_px[edge] > 0
            else tr(
                "Your shoulders lie at the lower edge of the picture: lean and shoulder line are judged coarsely; sit "
                "back a little, or tilt the screen towards you, to see more."
            ),
        )
    other = "left" if edge == "right" else "right"
    return (
        tr(
            "Your {side} shoulder lies at the edge of the picture: lean and shoulder line are judged coarsely; move a "
            "little to the {other}, or turn the camera to your {side}.",
            side=edge,
            other=other,
        ),
    )


def aslant_sentence(baseline: Baseline) -> str:
    """Say how far from level and straight somebody sat at the calibration, and to which side; empty if they did not.

    Of shoulders that are level, the hips tell a lean, where they are seen, and the head that is not over the shoulders.
    Of a baseline that the user calls their level nothing is said.
    """
    if baseline.always_so:
        return ""
    shape, line = baseline.geometry, baseline.unlevel
    if line is not None:
        side = "left" if line.value < 0 else "right"
        return tr(
            "Your {side} shoulder was lower by about {degrees}°, as when leaning {side}.",
            side=side,
            degrees=number(abs(line.value)),
        )
    # A rolled camera tips trunk, neck and head alike.
    if shape.hips_seen:
        lean_deg = smaller(shape.lean_deg, shape.lean_deg - head_line_deg(baseline.pose.landmarks))
        if abs(lean_deg) >= HIP_LEAN_DEG:
            degrees = number(abs(lean_deg))
            return tr("You leaned {side} by about {degrees}°.", side=_side(lean_deg), degrees=degrees)
    aside_sw = _aside_sw(baseline)
    if abs(aside_sw) >= ASIDE_SW:
        return tr(
            "Your head was {side} of the middle of your shoulders by about {percent} % of their width, as when sitting "
            "on one hip.",
            side=_side(aside_sw),
            percent=number(100 * abs(aside_sw)),
        )
    return ""


def _aside_sw(baseline: Baseline) -> float:
    """How far the head is from the middle of the shoulders, in shoulder widths, + to the left."""
    shape, roll = baseline.geometry, math.radians(head_line_deg(baseline.pose.landmarks))
    (ears_x, ears_y), (shoulders_x, shoulders_y) = shape.ears_px, shape.shoulders_px
    across_px, down_px = ears_x - shoulders_x, ears_y - shoulders_y
    own_px = smaller(across_px, across_px * math.cos(roll) + down_px * math.sin(roll))
    return own_px / max(shape.shoulder_width_px, 1.0) - ASIDE_PER_YAW * math.tan(math.radians(shape.yaw_deg))


def _side(leftward: float) -> str:
    return "left" if leftward > 0 else "right"


def sentences_on(baseline: Baseline) -> tuple[str, ...]:
    """Say all there is to say of a baseline: how it is judged by, what it shows coarsely or not at all, what to do."""
    aslant = aslant_sentence(baseline)
    if aslant and baseline.unlevel is not None:
        aslant += " " + tr("Lean and shoulder line are judged against level.")
    return (*([aslant] if aslant else []), *coarse_sentences(baseline), *advice(baseline.placement))
