"""Self-checks as a trend: a table of the last ones, before and after a stretch, and what is to be said. Pure."""

from __future__ import annotations

import functools
from collections.abc import Sequence
from datetime import tzinfo

from posture.coach.exercises import find_exercise
from posture.coach.findings import CHECK_WAYS, ERROR_DEG, MARKED, USUAL, Kind, degrees_words, remarks, told, way_words
from posture.errors import PostureError
from posture.history.records import Point
from posture.history.self_checks import changes, degrees_of, mark_of
from posture.language import dated, mark, number, tr
from posture.plain_text import width

CAMERA_ERROR = mark(
    "The camera errs by 5 to 10 degrees, by {error_deg} in this check: look at the trend over weeks, not at one number."
)
SHOWN = 8
"""So many of the last self-checks are shown [design choice]."""


def head(kind: Kind) -> tuple[str, ...]:
    """Name the columns of `rows`."""
    return (tr("when"), *(way_words(kind, way) for way in CHECK_WAYS[kind]), tr("remark"))


def rows(kind: Kind, points: Sequence[Point], tz: tzinfo | None = None) -> list[tuple[str, ...]]:
    """Make a row of each of the last self-checks of a kind: when, degrees each way, and what it followed."""
    found: list[tuple[str, ...]] = []
    for point in [point for point in points if point.label == kind][-SHOWN:]:
        degrees = degrees_of(point, marked=True)
        cells = [
            "-" if way not in degrees else f"{number(degrees[way])}°{'*' if mark_of(point.detail, way) else ''}"
            for way in CHECK_WAYS[kind]
        ]
        found.append((dated(point.at.astimezone(tz), "%d %b %Y %H:%M"), *cells, _after(point)))
    return found


def notes(kind: Kind, points: Sequence[Point], tz: tzinfo | None = None) -> list[str]:
    """Say what the table shows: marks, pairs against the camera's error, comparisons, and what is usual."""
    points = [point for point in points if point.label == kind]
    said: list[str] = []
    marks = {mark_of(point.detail, way) for point in points[-SHOWN:] for way in CHECK_WAYS[kind]} & MARKED.keys()
    if marks:
        along = functools.reduce(_or, [tr(words) for stored, words in MARKED.items() if stored in marks])
        said.append(tr("* In every attempt {along}: it is not compared.", along=along))
    said += [sentence for point in points[-SHOWN:] if (sentence := _pair(kind, point, points))]
    results = [(point.at.timestamp(), kind, degrees_of(point)) for point in points if "after" not in point.detail]
    said += remarks(kind, results, tz)
    return [*said, tr(USUAL[kind]), tr(CAMERA_ERROR, error_deg=number(ERROR_DEG[kind]))]


def _or(first: str, last: str) -> str:
    # Translators: two things that moved along when they should have kept still.
    return tr("{first}, or {last}", first=first, last=last)


def trend_lines(kind: Kind, points: Sequence[Point], tz: tzinfo | None = None) -> list[str]:
    """Write the table and what is to be said for a terminal."""
    table = [head(kind), *rows(kind, points, tz)]
    widths = [max(width(row[column]) for row in table) for column in range(len(table[0]))]
    lines = [
        "  ".join(" " * (columns - width(cell)) + cell for cell, columns in zip(row[:-1], widths, strict=False))
        + f"  {row[-1]}"
        for row in table
    ]
    return [*(line.rstrip() for line in lines), "", *notes(kind, points, tz)]


def _name(exercise: object) -> str:
    try:
        return find_exercise(str(exercise)).name
    except PostureError:  # an exercise that is there no more
        return tr(str(exercise))


def _after(point: Point) -> str:
    return tr("after {exercise}", exercise=_name(point.detail["after"])) if "after" in point.detail else ""


def _pair(kind: Kind, point: Point, points: Sequence[Point]) -> str:
    """Say how much further each way went after a stretch; empty if the point follows none."""
    changed = changes(point, points)
    if not changed:
        return ""
    seconds = point.detail.get("held_s")
    ways = "; ".join(
        # Translators: as in "left +4 degrees, no more than the camera may be wrong by (5)".
        tr(
            "{way} {degrees}, {told}",
            way=way_words(kind, way),
            degrees=degrees_words(changed[way], signed=True),
            told=told(kind, changed[way]),
        )
        for way in CHECK_WAYS[kind]
        if way in changed
    )
    name = _name(point.detail["after"])
    if isinstance(seconds, int | float) and seconds:
        held = number(seconds)
        return tr("Before and after {exercise} ({held} s): {ways}.", exercise=name, held=held, ways=ways)
    return tr("Before and after {exercise}: {ways}.", exercise=name, ways=ways)
