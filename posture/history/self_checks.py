"""Self-checks as records: how far each way, what moved along, and the stretch that one followed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from posture.coach.findings import ERROR_DEG, Kind
from posture.history.records import Detail, Point

_NO_WAYS = ("error_deg", "held_s")


@dataclass(frozen=True)
class Stretched:
    """What was between a self-check and the one that follows it."""

    exercise: str
    held_s: float
    before: datetime
    """When the self-check before it was made."""


def self_check_point(
    at: datetime,
    kind: Kind,
    best: Mapping[str, float],
    marks: Mapping[str, str] | None = None,
    after: Stretched | None = None,
) -> Point:
    """Make the record of a self-check.

    Parameters
    ----------
    best : mapping of str to float
        Degrees of the best attempt each way.
    marks : mapping of str to str, optional
        What moved along in it, a key of `posture.coach.findings.MARKED`.
    after : Stretched, optional
        The stretch that it follows.
    """
    detail: dict[str, str | float | bool | None] = {way: round(deg, 1) for way, deg in best.items()}
    detail |= {f"{way}_with": mark for way, mark in (marks or {}).items()}
    detail["error_deg"] = ERROR_DEG[kind]
    if after is not None:
        detail |= {"after": after.exercise, "held_s": round(after.held_s, 1), "before": after.before.isoformat()}
    return Point("self-check", at, kind, detail)


def degrees_of(point: Point, *, marked: bool = False) -> dict[str, float]:
    """Return the degrees of a self-check by way; those in which something moved along only if `marked`."""
    return {
        way: float(value)
        for way, value in point.detail.items()
        if way not in _NO_WAYS and isinstance(value, int | float) and (marked or not mark_of(point.detail, way))
    }


def mark_of(detail: Detail, way: str) -> str:
    """Return what moved along that way; empty if nothing did."""
    return str(detail.get(f"{way}_with") or "")


def changes(point: Point, points: Sequence[Point]) -> dict[str, float] | None:
    """How much further each way went after the stretch than before it, degrees.

    None of a self-check that follows no stretch, or whose first half is not among the points.
    """
    for other in points if "after" in point.detail else ():
        if other.label == point.label and other.at.isoformat() == point.detail.get("before"):
            before = degrees_of(other)
            return {way: deg - before[way] for way, deg in degrees_of(point).items() if way in before}
    return None
