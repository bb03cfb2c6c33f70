"""How each exercise can reach a user: by a reminder, in the plan, with a direction, after a self-check. Pure.

Found by asking what chooses them, over all directions and a whole round of weeks.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from posture.coach.choose import DIRECTIONS, Limits, next_stand, next_stretch
from posture.coach.exercise import BIASES
from posture.coach.findings import Finding
from posture.coach.plan import Known, programme

T = TypeVar("T")
BIAS_SETTINGS = ("any", *BIASES)
WEEKS = 12
"""After so many the plan begins anew."""
MINUTES = 10.0
TURNS = 60
FOUND: dict[str, Finding] = {
    "side-bend": Finding("side-bend", "left", 20.0, 15.0, 1),
    "hip rotation": Finding("hip-rotation", "left", 20.0, 15.0, 1, "in"),
    "hip extension": Finding("hip-extension", "left", 2.0, 8.0, 1),
}
"""What the self-checks can find, one of each; the right side is as the left."""


@dataclass
class Ways:
    """How one exercise reaches a user."""

    stand: list[str] = field(default_factory=list)
    """The values of `coach.bias` under which reminders to stand name it."""
    stretch: list[str] = field(default_factory=list)
    """The same for reminders to stretch."""
    plan: dict[str, list[int]] = field(default_factory=dict)
    """The weeks of twelve, from 1, in which it has its time in the plan, by `coach.bias`."""
    direction: list[str] = field(default_factory=list)
    """The directions that bring it into the plan or a reminder since it goes that way."""
    self_check: list[str] = field(default_factory=list)
    """The self-checks after whose finding it is in the plan for that."""


def ways(names: Sequence[str]) -> dict[str, Ways]:
    """Find how these exercises reach a user whom nothing else limits."""
    found = {name: Ways() for name in names}

    for bias in BIAS_SETTINGS:
        limits = Limits(bias)
        ago_s: dict[str, float] = {}
        for turn in range(TURNS):
            stand, stretch = next_stand(turn, limits), next_stretch(ago_s, limits)
            ago_s = {**{name: passed + 1.0 for name, passed in ago_s.items()}, stretch.id: 0.0}
            if stretch.id in found:
                _add(found[stretch.id].stretch, bias)
            if stand is not None and stand.id in found:
                _add(found[stand.id].stand, bias)
            for exercise in (stretch, stand):
                if exercise is not None and exercise.id in found and bias in DIRECTIONS and bias in exercise.bias:
                    _add(found[exercise.id].direction, bias)
        for day in range(1, WEEKS * 7 + 1):
            for item in programme(limits, MINUTES, day):
                if item.fits and item.exercise.id in found:
                    way = found[item.exercise.id]
                    _add(way.plan.setdefault(bias, []), (day - 1) // 7 + 1)
                    if bias in DIRECTIONS and bias in item.exercise.bias:
                        _add(way.direction, bias)
    for kind, finding in FOUND.items():
        for day in range(1, WEEKS * 7 + 1):
            for item in programme(Limits(), MINUTES, day, Known(findings=(finding,))):
                if item.why and item.fits and item.exercise.id in found:
                    _add(found[item.exercise.id].self_check, kind)
    return found


def _add(values: list[T], value: T) -> None:
    if value not in values:
        values.append(value)


def as_table(names: Sequence[str]) -> list[str]:
    """Write it as the lines of a Markdown table."""
    lines = [
        "| id | reminder to stand | reminder to stretch | plan: bias and weeks of 12 | direction | self-check |",
        "|---|---|---|---|---|---|",
    ]
    for name, way in ways(names).items():
        plan = "; ".join(f"{bias}: {_weeks(weeks)}" for bias, weeks in way.plan.items())
        cells = (_biases(way.stand), _biases(way.stretch), plan, ", ".join(way.direction), ", ".join(way.self_check))
        lines.append(f"| `{name}` | " + " | ".join(cells) + " |")
    return lines


def _biases(biases: Sequence[str]) -> str:
    return "always" if len(biases) == len(BIAS_SETTINGS) else ", ".join(biases)


def _weeks(weeks: Sequence[int]) -> str:
    """`1-3, 7` for 1, 2, 3 and 7; `all` for all."""
    if len(weeks) == WEEKS:
        return "all"
    spans: list[list[int]] = []
    for week in weeks:
        if spans and week == spans[-1][-1] + 1:
            spans[-1].append(week)
        else:
            spans.append([week])
    return ", ".join(str(span[0]) if len(span) == 1 else f"{span[0]}-{span[-1]}" for span in spans)
