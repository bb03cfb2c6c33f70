"""What the self-checks found: less to one side, less one way, little extension. Pure, without NumPy.

Only differences that are larger than the camera's error are findings, and none is a verdict: people without pain are
uneven, too (evidence, section 4).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, tzinfo
from typing import Literal

from posture.coach.exercise import BOTH_SIDES, Side, other_side

Kind = Literal["hip-rotation", "hip-extension", "side-bend"]
Way = Literal["in", "out"]
KINDS: tuple[Kind, ...] = ("side-bend", "hip-rotation", "hip-extension")
WAYS: tuple[Way, ...] = ("in", "out")

ERROR_DEG: Mapping[Kind, float] = {"side-bend": 5.0, "hip-rotation": 10.0, "hip-extension": 5.0}
"""What the camera may be wrong by (evidence, section 6)."""
UNEVEN_PART = 0.2
"""Left and right differ in a side-bend from this part of the larger on (evidence, section 6) [design choice]."""
QUOTED_EXTENSION_DEG = 10.0
"""The least that is often quoted for hip extension; healthy people have measured less (evidence, section 6)."""


@dataclass(frozen=True)
class Finding:
    """A difference that is larger than the camera's error at the last self-check of its kind.

    With a side, that side has less than the other. Without one, but with a way, the hips turn less that way than the
    other. Without either, both hips extend little.
    """

    kind: Kind
    side: Side | None
    """The side that has less; None if sides are not what differs."""
    less_deg: float
    """How far it went on that side or that way; the better of both sides if both extend little."""
    difference_deg: float
    """How much further the other side or the other way went; for little extension, how much is missing to what is
    often quoted."""
    days: int
    """On how many days it was seen, up to the last self-check of the kind and without a day between that showed
    something else."""
    way: Way | None = None
    """Of a hip rotation: the way that was compared, or that has less."""


_Result = Mapping[str, float]


def findings(
    results: Sequence[tuple[float, Kind, Mapping[str, float]]], zone: tzinfo | None = None
) -> tuple[Finding, ...]:
    """Return what the last self-check of each kind found.

    Parameters
    ----------
    results : sequence of (float, str, mapping of str to float)
        Time in seconds since 1970, kind, and degrees by way ("left", "right", "left_in", ...), in any order. Other
        names are passed over.
    zone : tzinfo, optional
        What a day is; the machine's own by default.
    """
    found: list[Finding] = []
    for kind in KINDS:
        days = _by_day([(at_s, result) for at_s, of, result in results if of == kind], zone)
        if not days:
            continue
        for judge in _JUDGES[kind]:
            last = judge(days[-1])
            if last is None:
                continue
            count = 0
            for result in reversed(days):
                seen = judge(result)
                if seen is None or seen.side != last.side or seen.way != last.way:
                    break
                count += 1
            found.append(Finding(kind, last.side, last.less_deg, last.difference_deg, count, last.way))
    return tuple(found)


def _by_day(results: Iterable[tuple[float, _Result]], zone: tzinfo | None) -> list[_Result]:
    """What was measured last on each day, each way."""
    days: dict[date, dict[str, float]] = {}
    for at_s, result in sorted(results, key=lambda each: each[0]):
        days.setdefault(datetime.fromtimestamp(at_s, zone).date(), {}).update(result)
    return [days[day] for day in sorted(days)]


def _uneven(kind: Kind, result: _Result, way: Way | None = None) -> Finding | None:
    left, right = (result.get(side if way is None else f"{side}_{way}") for side in BOTH_SIDES)
    if left is None or right is None:
        return None
    more: Side = "left" if left > right else "right"
    less_deg, most_deg = sorted((left, right))
    if most_deg - less_deg <= ERROR_DEG[kind]:
        return None
    if kind == "side-bend" and most_deg - less_deg <= UNEVEN_PART * most_deg:
        return None
    return Finding(kind, other_side(more), less_deg, most_deg - less_deg, 1, way)


def _one_way_less(result: _Result) -> Finding | None:
    """Inward against outward, over the legs for which both are known."""
    legs = [side for side in BOTH_SIDES if all(f"{side}_{way}" in result for way in WAYS)]
    if not legs:
        return None
    means: dict[Way, float] = {way: sum(result[f"{side}_{way}"] for side in legs) / len(legs) for way in WAYS}
    less: Way = "in" if means["in"] < means["out"] else "out"
    difference_deg = abs(means["in"] - means["out"])
    if difference_deg <= ERROR_DEG["hip-rotation"]:
        return None
    return Finding("hip-rotation", None, means[less], difference_deg, 1, less)


def _little_extension(result: _Result) -> Finding | None:
    measured = [result[side] for side in BOTH_SIDES if side in result]
    missing_deg = QUOTED_EXTENSION_DEG - max(measured, default=QUOTED_EXTENSION_DEG)
    if missing_deg <= ERROR_DEG["hip-extension"]:
        return None
    return Finding("hip-extension", None, max(measured), missing_deg, 1)


_JUDGES: Mapping[Kind, tuple[Callable[[_Result], Finding | None], ...]] = {
    "side-bend": (lambda result: _uneven("side-bend", result),),
    "hip-rotation": (
        lambda result: _uneven("hip-rotation", result, "in"),
        lambda result: _uneven("hip-rotation", result, "out"),
        _one_way_less,
    ),
    "hip-extension": (lambda result: _uneven("hip-extension", result), _little_extension),
}
