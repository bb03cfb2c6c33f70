"""Self-checks as a trend: a table of the last ones, before and after a stretch, and what is to be said. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import tzinfo

from posture.coach.exercises import find_exercise
from posture.coach.findings import CHECK_WAYS, ERROR_DEG, MARKED, USUAL, Kind, degrees_words, remarks, told, way_words
from posture.errors import PostureError
from posture.history.records import Point
from posture.history.self_checks import changes, degrees_of, mark_of

CAMERA_ERROR = (
    "The camera errs by 5 to 10 degrees, by {error_deg:.0f} in this check: look at the trend over weeks, not at one "
    "number."
)
SHOWN = 8
"""So many of the last self-checks are shown [design choice]."""


def head(kind: Kind) -> tuple[str, ...]:
    """Name the columns of `rows`."""
    return ("when", *(way_words(kind, way) for way in CHECK_WAYS[kind]), "remark")


def rows(kind: Kind, points: Sequence[Point], tz: tzinfo | None = None) -> list[tuple[str, ...]]:
    """Make a row of each of the last self-checks of a kind: when, degrees each way, and what it followed."""
    found: list[tuple[str, ...]] = []
    for point in [point for point in points if point.label == kind][-SHOWN:]:
        degrees = degrees_of(point, marked=True)
        cells = [
            "-" if way not in degrees else f"{degrees[way]:.0f}°{'*' if mark_of(point.detail, way) else ''}"
            for way in CHECK_WAYS[kind]
        ]
        found.append((f"{point.at.astimezone(tz):%d %b %Y %H:%M}", *cells, _after(point)))
    return found


def notes(kind: Kind, points: Sequence[Point], tz: tzinfo | None = None) -> list[str]:
    """Say what the table shows: marks, pairs against the camera's error, comparisons, and what is usual."""
    points = [point for point in points if point.label == kind]
    said: list[str] = []
    marks = {mark_of(point.detail, way) for point in points[-SHOWN:] for way in CHECK_WAYS[kind]} & MARKED.keys()
    if marks:
        along = ", or ".join(MARKED[mark] for mark in MARKED if mark in marks)
        said.append(f"* In every attempt {along}: it is not compared.")
    said += [sentence for point in points[-SHOWN:] if (sentence := _pair(kind, point, points))]
    results = [(point.at.timestamp(), kind, degrees_of(point)) for point in points if "after" not in point.detail]
    said += remarks(kind, results, tz)
    return [*said, USUAL[kind], CAMERA_ERROR.format(error_deg=ERROR_DEG[kind])]


def trend_lines(kind: Kind, points: Sequence[Point], tz: tzinfo | None = None) -> list[str]:
    """Write the table and what is to be said for a terminal."""
    table = [head(kind), *rows(kind, points, tz)]
    widths = [max(len(row[column]) for row in table) for column in range(len(table[0]))]
    lines = [
        "  ".join(cell.rjust(width) for cell, width in zip(row[:-1], widths, strict=False)) + f"  {row[-1]}"
        for row in table
    ]
    return [*(line.rstrip() for line in lines), "", *notes(kind, points, tz)]


def _name(exercise: object) -> str:
    try:
        return find_exercise(str(exercise)).name
    except PostureError:  # an exercise that is there no more
        return str(exercise)


def _after(point: Point) -> str:
    return f"after {_name(point.detail['after'])}" if "after" in point.detail else ""


def _pair(kind: Kind, point: Point, points: Sequence[Point]) -> str:
    """Say how much further each way went after a stretch; empty if the point follows none."""
    changed = changes(point, points)
    if not changed:
        return ""
    seconds = point.detail.get("held_s")
    held = f" ({seconds:.0f} s)" if isinstance(seconds, int | float) and seconds else ""
    parts = [
        f"{way_words(kind, way)} {degrees_words(changed[way], signed=True)}, {told(kind, changed[way])}"
        for way in CHECK_WAYS[kind]
        if way in changed
    ]
    return f"Before and after {_name(point.detail['after'])}{held}: {'; '.join(parts)}."
