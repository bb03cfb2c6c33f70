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
from posture.language import mark, number, tr, trn

Kind = Literal["hip-rotation", "hip-extension", "side-bend"]
Way = Literal["in", "out"]
KINDS: tuple[Kind, ...] = ("side-bend", "hip-rotation", "hip-extension")
WAYS: tuple[Way, ...] = ("in", "out")

ERROR_DEG: Mapping[Kind, float] = {"side-bend": 5.0, "hip-rotation": 10.0, "hip-extension": 8.0}
"""What the camera may be wrong by: 5 to 10 degrees (evidence, section 6), by kind as on rendered people [measured]."""
SMALL_ERROR_DEG = 5.0
"""The same of angles up to 10 degrees: smaller ones are less than the camera can tell [measured]."""
USUAL: Mapping[Kind, str] = {
    "side-bend": mark("20 to 45 degrees is often quoted, less with age; left and right are often uneven without pain."),
    "hip-rotation": mark(
        "In and out often differ; left and right are mostly alike. A left-right difference of more than 10 degrees on "
        "two days is worth watching."
    ),
    "hip-extension": mark(
        "10 to 20 degrees is often quoted; healthy people have measured less. It says little while the trunk moves by "
        "more than 5 degrees."
    ),
}
"""The usual range of the line that is measured (evidence, section 6)."""
MARKED: Mapping[str, str] = {
    "turned": mark("the chest turned along"),
    "drifted": mark("the hips drifted aside"),
    "leaned": mark("the trunk moved along"),
    "hiked": mark("the hip came up"),
    "knee": mark("the knee left its place"),
}
"""What may move along in an attempt, by the word that is stored, as an observation."""
CHECK_WAYS: Mapping[Kind, tuple[str, ...]] = {
    "side-bend": BOTH_SIDES,
    "hip-rotation": tuple(f"{side}_{way}" for side in BOTH_SIDES for way in WAYS),
    "hip-extension": BOTH_SIDES,
}
"""The ways of each kind, as they are shown."""
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
        for groups, judge in _JUDGES[kind]:
            # A day that does not compare these says nothing for or against it.
            compared = [day for day in days if any(all(way in day for way in group) for group in groups)]
            last = judge(compared[-1]) if compared else None
            if last is None:
                continue
            count = 0
            for day in reversed(compared):
                seen = judge(day)
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
    if missing_deg <= SMALL_ERROR_DEG:
        return None
    return Finding("hip-extension", None, max(measured), missing_deg, 1)


def way_words(kind: Kind, way: str) -> str:
    """Name a way for the user: "left", or "left foot in" of a hip rotation."""
    if kind != "hip-rotation":
        return tr(way)
    side, _, turn = way.partition("_")
    return tr("{side} foot in", side=side) if turn == "in" else tr("{side} foot out", side=side)


def degrees_words(deg: float, *, signed: bool = False) -> str:
    """Round an angle to whole degrees, as in "1 degree", or with its sign, as in "+2 degrees"."""
    whole = round(deg)
    if signed:
        return trn("{signed} degree", "{signed} degrees", abs(whole), signed=number(whole, sign=True))
    return trn("{n} degree", "{n} degrees", abs(whole), n=number(whole))


def told(kind: Kind, difference_deg: float) -> str:
    """Say a difference against the camera's error, as the end of a sentence."""
    error_deg = ERROR_DEG[kind]
    if abs(difference_deg) <= error_deg:
        return tr("no more than the camera may be wrong by ({degrees})", degrees=number(error_deg))
    return tr("more than the camera may be wrong by ({degrees})", degrees=number(error_deg))


def remarks(
    kind: Kind, results: Sequence[tuple[float, Kind, Mapping[str, float]]], zone: tzinfo | None = None
) -> tuple[str, ...]:
    """Compare left with right, and in with out, at the last day with a self-check of this kind; see `findings`."""
    days = _by_day([(at_s, result) for at_s, of, result in results if of == kind], zone)
    if not days:
        return ()
    last = days[-1]
    found = {
        (finding.side is not None, finding.way): finding for finding in findings(results, zone) if finding.kind == kind
    }
    said: list[str] = []
    ways: tuple[Way | None, ...] = WAYS if kind == "hip-rotation" else (None,)
    for way in ways:
        left, right = (last.get(side if way is None else f"{side}_{way}") for side in BOTH_SIDES)
        if left is None or right is None:
            continue
        finding = found.get((True, way))
        differed = tr(_DIFFERED[way], degrees=degrees_words(abs(left - right)))
        if finding is None:
            little = abs(left - right) <= ERROR_DEG[kind]
            mostly = told(kind, left - right) if little else tr("less than a fifth")
            said.append(tr("{differed}: {how_much}.", differed=differed, how_much=mostly))
        else:
            less = tr(
                "{differed}, with less on the {side}: {how_much}.",
                differed=differed,
                side=finding.side,
                how_much=told(kind, left - right),
            )
            said.append(f"{less} {_seen(finding)}")
    if kind == "hip-rotation":
        said += _in_and_out(last, next((it for it in found.values() if it.side is None), None))
    both_little = found.get((False, None))
    if both_little is not None:
        sides = [side for side in BOTH_SIDES if side in last]
        degrees = degrees_words(both_little.less_deg)
        said.append(
            tr(
                "Neither leg was seen to go back by more than {degrees}; healthy people have measured little, too.",
                degrees=degrees,
            )
            if len(sides) == 2
            else tr(
                "The {side} leg was seen to go back by {degrees}; healthy people have measured little, too.",
                side=sides[0],
                degrees=degrees,
            )
        )
    return tuple(said)


def _seen(finding: Finding) -> str:
    if finding.days == 1:
        return tr("One day says little: look again on another.")
    return tr(
        "It was so on {n} days with a check: watch the trend. People without pain are uneven, too.", n=finding.days
    )


def _in_and_out(last: _Result, finding: Finding | None) -> list[str]:
    legs = [side for side in BOTH_SIDES if all(f"{side}_{way}" in last for way in WAYS)]
    if not legs:
        return []
    apart_deg = abs(sum(last[f"{side}_in"] - last[f"{side}_out"] for side in legs)) / len(legs)
    degrees, how_much = degrees_words(apart_deg), told("hip-rotation", apart_deg)
    if finding is None:
        return [tr("Foot in and foot out differed by {degrees}: {how_much}.", degrees=degrees, how_much=how_much)]
    if finding.way == "in":
        text = tr(
            "Foot in and foot out differed by {degrees}, with less in: {how_much}. In and out often differ.",
            degrees=degrees,
            how_much=how_much,
        )
    else:
        text = tr(
            "Foot in and foot out differed by {degrees}, with less out: {how_much}. In and out often differ.",
            degrees=degrees,
            how_much=how_much,
        )
    return [text]


_DIFFERED: Mapping[Way | None, str] = {
    None: mark("Left and right differed by {degrees}"),
    "in": mark("Foot in: left and right differed by {degrees}"),
    "out": mark("Foot out: left and right differed by {degrees}"),
}


_LEGS = tuple(tuple(f"{side}_{way}" for way in WAYS) for side in BOTH_SIDES)
_JUDGES: Mapping[Kind, tuple[tuple[tuple[tuple[str, ...], ...], Callable[[_Result], Finding | None]], ...]] = {
    "side-bend": (((BOTH_SIDES,), lambda result: _uneven("side-bend", result)),),
    "hip-rotation": (
        ((("left_in", "right_in"),), lambda result: _uneven("hip-rotation", result, "in")),
        ((("left_out", "right_out"),), lambda result: _uneven("hip-rotation", result, "out")),
        (_LEGS, _one_way_less),
    ),
    "hip-extension": (
        ((BOTH_SIDES,), lambda result: _uneven("hip-extension", result)),
        ((("left",), ("right",)), _little_extension),
    ),
}
"""Of each kind what is compared: the groups of ways of which it takes one at least, and the comparison."""
