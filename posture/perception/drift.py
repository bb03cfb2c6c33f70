"""Whether the camera still stands as it did at the calibration, judged by what posture alone cannot do. Pure.

A person who leans, slumps or turns changes shape: the line of the shoulders against that of the eyes, the head against
the shoulders, the face against both. A camera that was rolled, tilted or turned, another lens or a lower chair leaves
the shape as it was and turns, moves or scales all of it together. A single look proves little, so a change is only
reported when most looks of ten minutes of sitting show it. Some causes cannot be told apart (a chair rolled nearer or
aside, a person who has slid down in it); the sentences then name both, and the remedy is the same: calibrate again.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from posture.language import mark
from posture.measure.baseline import Baseline
from posture.measure.geometry import Geometry, Person

Change = Literal["", "rolled", "higher", "lower", "left", "right", "nearer", "farther", "format"]

MIN_SPAN_S = 600.0
"""The looks must span at least this [design choice]."""
WINDOW_S = 900.0
MIN_LOOKS = 10
MIN_SHARE = 0.6
APART_S = 5.0
"""Looks closer together than this count once [design choices]."""

# Limits of one look: below what a roll of 5 deg, a shift by 15 % of the picture or a zoom by 20 % does to the rendered
# clips, and above how much a person who sits as calibrated wavers there; the rendered people's postures stay outside.
ROLL_DEG, ROLL_LEAST_DEG, ROLL_APART_DEG = 3.75, 2.0, 3.5
ROLL_OFF_SW_PER_DEG = 0.016
"""A lean displaces the shoulders by about 0.034 shoulder widths a degree from where a rolled camera shows them."""
UP_SW, SIDE_SW, SHIFT_APART_SW = 0.15, 0.25, 0.06
SAME_SIZE, OTHER_SIZE, SIZE_APART, SCALED_OFF_SW = 0.08, 0.13, 0.07, 0.04
LEVEL_DEG, EYES_LEVEL_DEG, FACING_DEG, NODDED_DEG = 3.5, 5.0, 12.0, 8.0
ASPECT = 0.01

SENTENCES: dict[Change, str] = {
    "rolled": mark(
        "The picture is tilted against the calibration: the camera seems to have been moved. Calibrate again."
    ),
    "higher": mark(
        "You are higher in the picture than at the calibration, in the same shape: the screen was tilted or the "
        "chair raised. Calibrate again."
    ),
    "lower": mark(
        "You are lower in the picture than at the calibration, in the same shape: the screen was tilted, the "
        "chair lowered, or you have slid down in it. Calibrate again once you sit as you like to."
    ),
    "left": mark(
        "You are farther to your left in the picture than at the calibration: the camera or the chair has been "
        "moved. Calibrate again."
    ),
    "right": mark(
        "You are farther to your right in the picture than at the calibration: the camera or the chair has been "
        "moved. Calibrate again."
    ),
    "nearer": mark(
        "Everything is larger in the picture than at the calibration: the camera or the chair has been moved. "
        "Calibrate again."
    ),
    "farther": mark(
        "Everything is smaller in the picture than at the calibration: the camera or the chair has been moved. "
        "Calibrate again."
    ),
    "format": mark("The camera gives pictures of another shape than at the calibration: calibrate again."),
}


@dataclass(frozen=True)
class Drift:
    """What each look at a sitting person showed in the last quarter of an hour: its time in seconds, the change."""

    looks: tuple[tuple[float, Change], ...] = ()


def watch_drift(state: Drift, t_s: float, person: Person, baseline: Baseline) -> tuple[Drift, str]:
    """Take one look at a person who sits; the state is ``Drift()`` at first and after each calibration.

    The sentence is for the user as long as the camera seems to have been moved; empty otherwise.
    """
    change = change_of(person, baseline)
    if change == "format":
        return Drift(), SENTENCES["format"]
    looks = tuple(look for look in state.looks if t_s - WINDOW_S <= look[0] <= t_s)
    if change is not None and (not looks or t_s - looks[-1][0] >= APART_S):
        looks = (*looks, (t_s, change))
    return Drift(looks), SENTENCES.get(_lasting(looks), "")


def _lasting(looks: tuple[tuple[float, Change], ...]) -> Change:
    """Which change most looks show, if they are many and span long enough."""
    if len(looks) < MIN_LOOKS or looks[-1][0] - looks[0][0] < MIN_SPAN_S:
        return ""
    kinds = [kind for _, kind in looks]
    most = max(set(kinds), key=kinds.count)
    return most if kinds.count(most) >= MIN_SHARE * len(kinds) else ""


def change_of(person: Person, baseline: Baseline) -> Change | None:
    """What one look shows of a moved camera: a word, empty for nothing, None if it cannot tell."""
    width_px, height_px = baseline.pose.frame_w_px, baseline.pose.frame_h_px
    scale = person.pose.frame_w_px / width_px
    if abs(person.pose.frame_h_px / (height_px * scale) - 1.0) > ASPECT:
        return "format"
    now, rest = person.geometry, baseline.geometry
    if not (now.face_seen and now.shoulders_seen):
        return None
    centre = (width_px / 2.0, height_px / 2.0)
    seen = _Shape.of(now, (centre[0] * scale, centre[1] * scale), rest.shoulder_width_px * scale)
    upright = _Shape.of(rest, centre, rest.shoulder_width_px)
    turns = (
        now.shoulder_line_deg - rest.shoulder_line_deg,
        rest.eye_line_deg - now.eye_line_deg,
        upright.axis_deg - seen.axis_deg,
    )
    facing = abs(now.yaw_deg - rest.yaw_deg) <= FACING_DEG and abs(now.pitch_deg - rest.pitch_deg) <= NODDED_DEG
    grown = (
        math.log(now.ear_width_px / (rest.ear_width_px * scale)),
        math.log(now.shoulder_width_px / (rest.shoulder_width_px * scale)),
    )
    if not facing or abs(grown[0] - grown[1]) > SIZE_APART:
        return ""
    same_size = max(map(abs, grown)) <= SAME_SIZE
    if same_size and _rolled(turns, upright, seen):
        return "rolled"
    line, eyes, axis = map(abs, turns)
    if max(line, axis) > LEVEL_DEG or eyes > EYES_LEVEL_DEG:
        return ""
    return _moved(upright, seen) if same_size else _scaled(grown, upright, seen)


@dataclass(frozen=True)
class _Shape:
    """The middles of ears and shoulders, from the picture's middle, in shoulder widths of the baseline."""

    ears: complex
    shoulders: complex

    @staticmethod
    def of(found: Geometry, centre: tuple[float, float], unit_px: float) -> _Shape:
        middle = complex(*centre)
        return _Shape((complex(*found.ears_px) - middle) / unit_px, (complex(*found.shoulders_px) - middle) / unit_px)

    @property
    def axis_deg(self) -> float:
        """The line from shoulders to ears against the picture's upright, + towards the person's left."""
        up = self.ears - self.shoulders
        return math.degrees(math.atan2(up.real, -up.imag))


def _rolled(turns: tuple[float, float, float], upright: _Shape, seen: _Shape) -> bool:
    """Whether both lines and the axis turned alike and all lies where a turned picture puts it, which no lean does."""
    mean = sum(turns) / 3.0
    one_way = min(turns) > ROLL_LEAST_DEG or max(turns) < -ROLL_LEAST_DEG
    if not one_way or abs(mean) < ROLL_DEG or max(turns) - min(turns) > ROLL_APART_DEG:
        return False
    turn = complex(math.cos(math.radians(mean)), -math.sin(math.radians(mean)))
    off = max(abs(seen.ears - upright.ears * turn), abs(seen.shoulders - upright.shoulders * turn))
    return off <= ROLL_OFF_SW_PER_DEG * abs(mean)


def _moved(upright: _Shape, seen: _Shape) -> Change:
    """Whether ears and shoulders moved together, and which way."""
    ears, shoulders = seen.ears - upright.ears, seen.shoulders - upright.shoulders
    if abs(ears - shoulders) > SHIFT_APART_SW:
        return ""
    middle = (ears + shoulders) / 2.0
    if abs(middle.imag) >= UP_SW and abs(middle.imag) >= abs(middle.real):
        return "lower" if middle.imag > 0 else "higher"
    if abs(middle.real) >= SIDE_SW:
        return "left" if middle.real > 0 else "right"
    return ""


def _scaled(grown: tuple[float, float], upright: _Shape, seen: _Shape) -> Change:
    """Whether all of it grew or shrank about the picture's middle; a person who comes nearer rises in it as well."""
    if min(map(abs, grown)) < OTHER_SIZE:
        return ""
    larger = math.exp(sum(grown) / 2.0)
    off = max(abs(seen.ears - upright.ears * larger), abs(seen.shoulders - upright.shoulders * larger))
    if off > SCALED_OFF_SW:
        return ""
    return "nearer" if larger > 1.0 else "farther"
