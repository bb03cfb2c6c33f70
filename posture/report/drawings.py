"""Line drawings of the exercises, from the directions of the body's segments, so that all look alike.

Everything is drawn as in a mirror: the person's left is at the left of the picture.
"""

from __future__ import annotations

import html
import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from posture.coach.exercise import BOTH_SIDES, Arrow, Exercise, Figure, Limb, Side
from posture.language import tr

Place = tuple[float, float]

# Lengths in about centimetres, with the proportions of an adult.
_TRUNK, _NECK, _HEAD_R = 25.0, 9.0, 10.0
_UPPER_ARM, _FOREARM, _THIGH, _SHANK, _FOOT = 27.0, 25.0, 41.0, 41.0, 13.0
_SHOULDER, _HIP = 17.0, 9.0
_MARGIN = 14.0
_FORESHORTENED = 0.45
"""Visible share of a thigh that points at the viewer, sitting."""
_ARROW, _ARROW_GAP, _ARROW_TIP = 24.0, 11.0, 8.0
"""Length of an arrow, its distance from the part that moves, and the length of its tip."""


@dataclass(frozen=True)
class Line:
    """A stroke through points; `kind` is "body", "far", "worked", "thing" or "arrow"."""

    points: tuple[Place, ...]
    kind: str


@dataclass(frozen=True)
class Ring:
    """The head."""

    centre: Place
    radius: float
    kind: str = "body"


Shape = Line | Ring


def drawing(exercise: Exercise, side: Side = "left") -> list[Shape]:
    """The strokes of one exercise, back to front; x to the right, y down, all at least the margin away from 0.

    `side` is the one that is lengthened or worked; the right side is the mirror image. Empty where an exercise has no
    figure.
    """
    if exercise.figure is None:
        return []
    shapes = list(_shapes(exercise.figure, _WORKED.get(exercise.target, "")))
    if side == "right" and exercise.sides == "each":
        shapes = [_moved(shape, 0.0, 0.0, -1.0) for shape in shapes]
    left, top, _, _ = bounds(shapes)
    return [_moved(shape, _MARGIN - left, _MARGIN - top) for shape in shapes]


def svg(exercise: Exercise, side: Side = "left", height_px: int = 220) -> str:
    """The drawing as an SVG element that works on light and dark backgrounds, or ""; for `side` see `drawing`."""
    shapes = drawing(exercise, side)
    if not shapes:
        return ""
    _, _, right, bottom = bounds(shapes)
    width, height = right + _MARGIN, bottom + _MARGIN
    parts = [_svg_shape(shape) for shape in shapes]
    name = html.escape(exercise.name, quote=False).replace('"', "&quot;")
    title = name if exercise.sides == "both" else tr("{exercise}, {side}", exercise=name, side=side)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:.1f} {height:.1f}" height="{height_px}"'
        f' width="{height_px * width / height:.0f}" role="img" aria-label="{title}" fill="none"'
        f' stroke-linecap="round" stroke-linejoin="round"><title>{title}</title>{"".join(parts)}</svg>'
    )


_STROKES = {
    "thing": ("#8a8f98", 3.0),
    "far": ("#9aa3ad", 6.0),
    "body": ("#4b6584", 7.0),
    "worked": ("#d9772b", 7.0),
    "arrow": ("#d9772b", 2.5),
}
"""Colour and width of each kind, readable on white and on near-black."""


def _svg_shape(shape: Shape) -> str:
    colour, width = stroke(shape)
    if isinstance(shape, Ring):
        x, y = shape.centre
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{shape.radius:.1f}" stroke="{colour}" stroke-width="{width:g}"/>'
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in shape.points)
    return f'<polyline points="{points}" stroke="{colour}" stroke-width="{width:g}"/>'


_WORKED = {
    "QL": "flank",
    "lower back": "trunk",
    "hip flexors": "leg",
    "buttock": "leg",
    "hip rotation": "leg",
    "upper back": "trunk",
    "strength": "trunk",
}
"""The part of the body that is drawn in the accent colour, by target of the exercise."""


def _shapes(figure: Figure, worked: str) -> Iterator[Shape]:
    hips: Place = (0.0, 0.0)
    waist = _go(hips, figure.lower, _TRUNK)
    chest = _go(waist, figure.trunk, _TRUNK)
    neck = _go(chest, figure.head, _NECK)
    face = _go(neck, figure.head, _HEAD_R)
    front = figure.view != "side"
    shoulder_w, hip_w = (_SHOULDER, _HIP) if front else (0.0, 0.0)
    shoulders = [_go(chest, figure.trunk - 90.0, shoulder_w), _go(chest, figure.trunk + 90.0, shoulder_w)]
    hip_joints = [_go(hips, figure.lower - 90.0, hip_w), _go(hips, figure.lower + 90.0, hip_w)]
    sitting = "chair" in figure.props
    arms = [_limb(at, limb, _UPPER_ARM, _FOREARM) for at, limb in zip(shoulders, figure.arms, strict=True)]
    thigh = _THIGH * (_FORESHORTENED if front and sitting else 1.0)
    legs = [
        _limb(at, limb, thigh * seen[0], _SHANK * seen[1])
        for at, limb, seen in zip(hip_joints, figure.legs, figure.legs_seen, strict=True)
    ]
    feet = [
        _foot(leg, limb[1], front, number) for number, (leg, limb) in enumerate(zip(legs, figure.legs, strict=True))
    ]
    low = max(y for part in (*arms, *legs, *feet, (face,)) for _, y in part) + 4.0
    wide = [x for part in (*arms, *legs, *feet, (face,)) for x, _ in part]
    if figure.view == "above":
        high = min(y for part in (*arms, *legs, *feet, (face,)) for _, y in part) - _HEAD_R - 6.0
        yield _mat(min(wide) - 16.0, high, max(wide) + 16.0, low + 6.0)
    else:
        yield from _things(figure, hips, low, min(wide) - 12.0, max(wide) + 12.0)
    far = [] if front else [1]
    for number in far:
        yield Line(arms[number], "far")
        yield Line((*legs[number], *feet[number][1:]), "far")
    for number in (0, 1):
        if number not in far:
            yield Line((*legs[number], *feet[number][1:]), "body")
    if worked == "leg":
        yield Line(legs[0][:2], "worked")
    flanks = ("worked" if worked in ("flank", "trunk") else "body", "worked" if worked == "trunk" else "body")
    if front:
        yield Line((hip_joints[0], hip_joints[1]), "body")
        yield Line((shoulders[0], shoulders[1]), "body")
        yield Line((hip_joints[1], _middle(hip_joints[1], shoulders[1], waist), shoulders[1]), flanks[1])
        yield Line((hip_joints[0], _middle(hip_joints[0], shoulders[0], waist), shoulders[0]), flanks[0])
    else:
        yield Line((hips, waist, chest), flanks[0])
    yield Line((chest, neck), "body")
    yield Ring(face, _HEAD_R)
    for number in (1, 0):
        if number not in far:
            yield Line(arms[number], "body")
    if figure.turn:
        yield from _turning(face)
    places = {"head": face, "chest": chest, "belly": waist, "hips": hips}
    for side, arm, leg in zip(BOTH_SIDES, arms, legs, strict=True):
        places |= {f"{side}_hand": arm[2], f"{side}_knee": leg[1], f"{side}_foot": leg[2]}
    middle = ((min(wide) + max(wide)) / 2.0, (face[1] + low) / 2.0)
    for arrow in figure.arrows:
        yield from _arrow(places[arrow.part], arrow, middle)


def _things(figure: Figure, hips: Place, low: float, left: float, right: float) -> Iterator[Line]:
    yield Line(((left, low + 5.0), (right, low + 5.0)), "thing")
    if "chair" in figure.props:
        seat = hips[1] + 8.0
        yield Line(((-24.0, low + 5.0), (-24.0, seat), (24.0, seat), (24.0, low + 5.0)), "thing")


def _mat(left: float, top: float, right: float, bottom: float) -> Line:
    """The mat that somebody who is seen from above lies or kneels on."""
    return Line(((left, top), (right, top), (right, bottom), (left, bottom), (left, top)), "thing")


def _arrow(at: Place, arrow: Arrow, middle: Place) -> Iterator[Line]:
    """An arrow where a part goes; to and fro it stands beside the part, on the side away from the body."""
    if arrow.back:
        aside = arrow.toward_deg + 90.0
        if math.dist(_go(at, aside, 1.0), middle) < math.dist(at, middle):
            aside -= 180.0
        centre = _go(at, aside, _ARROW_GAP + 3.0)
        ends = [_go(centre, arrow.toward_deg, _ARROW * 0.7), _go(centre, arrow.toward_deg + 180.0, _ARROW * 0.7)]
    else:
        start = _go(at, arrow.toward_deg, _ARROW_GAP)
        ends = [_go(start, arrow.toward_deg, _ARROW), start]
    yield Line(tuple(ends), "arrow")
    for number, end in enumerate(ends[: 2 if arrow.back else 1]):
        back_deg = arrow.toward_deg + 180.0 * (number + 1)
        yield Line((_go(end, back_deg - 32.0, _ARROW_TIP), end, _go(end, back_deg + 32.0, _ARROW_TIP)), "arrow")


def _turning(face: Place) -> Iterator[Line]:
    x, y = face[0], face[1] - _HEAD_R - 8.0
    arc = [(x + 20.0 * math.sin(math.radians(a)), y - 6.0 * math.cos(math.radians(a))) for a in range(-80, 81, 16)]
    yield Line(tuple(arc), "arrow")
    for end, direction in ((arc[0], 1.0), (arc[-1], -1.0)):
        yield Line(((end[0] + direction * 7.0, end[1] - 1.0), end, (end[0] + direction * 2.0, end[1] - 8.0)), "arrow")


def _limb(at: Place, limb: Limb, first: float, second: float) -> tuple[Place, ...]:
    middle = _go(at, limb[0], first)
    return at, middle, _go(middle, limb[1], second)


def _foot(leg: tuple[Place, ...], shank: float, front: bool, number: int) -> tuple[Place, Place]:
    if front:
        return leg[-1], _go(leg[-1], 240.0 if number == 0 else 120.0, _FOOT * 0.6)
    # If the shank lies flat, the toes continue its direction.
    lying = 225.0 < shank % 360.0 < 315.0
    return leg[-1], _go(leg[-1], shank if lying else shank - 85.0, _FOOT)


def _middle(a: Place, b: Place, waist: Place) -> Place:
    """The middle of the flank between hip and shoulder: it follows the bend of the trunk, a little waisted."""
    x, y = (a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0
    return x + 0.25 * (waist[0] - x), y + 0.25 * (waist[1] - y)


def _go(at: Place, direction_deg: float, length: float) -> Place:
    angle = math.radians(direction_deg)
    return at[0] + length * math.sin(angle), at[1] - length * math.cos(angle)


def stroke(shape: Shape) -> tuple[str, float]:
    """Colour (as in `#4b6584`) and width of a shape."""
    colour, width = _STROKES[shape.kind]
    return colour, 5.0 if isinstance(shape, Ring) else width


def bounds(shapes: Sequence[Shape]) -> tuple[float, float, float, float]:
    """Least x and y, greatest x and y of all shapes."""
    xs: list[float] = []
    ys: list[float] = []
    for shape in shapes:
        if isinstance(shape, Ring):
            xs += [shape.centre[0] - shape.radius, shape.centre[0] + shape.radius]
            ys += [shape.centre[1] - shape.radius, shape.centre[1] + shape.radius]
        else:
            xs += [x for x, _ in shape.points]
            ys += [y for _, y in shape.points]
    return min(xs), min(ys), max(xs), max(ys)


def _moved(shape: Shape, x: float, y: float, flip: float = 1.0) -> Shape:
    if isinstance(shape, Ring):
        return Ring((shape.centre[0] * flip + x, shape.centre[1] + y), shape.radius, shape.kind)
    return Line(tuple((px * flip + x, py + y) for px, py in shape.points), shape.kind)
