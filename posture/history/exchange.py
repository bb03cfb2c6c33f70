"""Export and import of the history: our own JSON and CSV, which lose nothing, and JSON for ActivityWatch."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache, partial
from typing import Any, TextIO

from posture.errors import PostureError
from posture.history.records import Detail, Distance, Interval, Point, Reader, distance_of, interval_of, point_of
from posture.language import tr

FORMAT, VERSIONS = "posture-history", (1, 2)
"""Version 2 has kinds that older releases do not know, see `NEWER`; an export without any is still of version 1."""
NEWER = ("unjudged", "answer", "silence", "tension", "direction")
CSV_HEAD = ("record", "kind", "label", "start", "end", "open", "cm", "seconds", "detail")
# What makes a spreadsheet take a cell for a formula (OWASP, "CSV Injection"), and the mark itself.
_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n", "'")
_json = json.JSONEncoder(ensure_ascii=False).encode


@dataclass(frozen=True)
class ExportedRecords:
    """The records of a span of time, as they are stored."""

    intervals: tuple[Interval, ...]
    points: tuple[Point, ...]
    distances: tuple[Distance, ...]

    @property
    def count(self) -> int:
        """How many records there are."""
        return len(self.intervals) + len(self.points) + len(self.distances)


def gather(reader: Reader, start: datetime, stop: datetime) -> ExportedRecords:
    """Read what overlaps [start, stop), intervals whole."""
    return ExportedRecords(
        tuple(reader.intervals(start, stop)), tuple(reader.points(start, stop)), tuple(reader.distance(start, stop))
    )


# -- writing ----------------------------------------------------------------------------------------------------------


def write_json(exported: ExportedRecords, file: TextIO) -> None:
    """Write one JSON object, with a record on each line."""
    kinds = {interval.kind for interval in exported.intervals} | {point.kind for point in exported.points}
    version = VERSIONS[not kinds.isdisjoint(NEWER)]
    file.write(f'{{"format": "{FORMAT}", "version": {version}')
    for name, records in (
        ("intervals", map(_interval_json, exported.intervals)),
        ("points", map(_point_json, exported.points)),
        ("distances", map(_distance_json, exported.distances)),
    ):
        file.write(f',\n"{name}": [')
        file.write(",".join(records))
        file.write("]")
    file.write("}\n")


def write_csv(exported: ExportedRecords, file: TextIO) -> None:
    """Write a line for each record; text that a spreadsheet would take for a formula is marked, see `safe_text`."""
    out = csv.writer(file, lineterminator="\n", quoting=csv.QUOTE_NONNUMERIC)
    out.writerow(CSV_HEAD)
    out.writerows(map(_interval_row, exported.intervals))
    out.writerows(map(_point_row, exported.points))
    # Of numbers alone, so it needs no writer.
    file.writelines(f'"distance","","","{_iso(d.slot)}","","",{d.cm},{d.seconds},""\n' for d in exported.distances)


def _interval_row(it: Interval) -> tuple[Any, ...]:
    ends = it.start.isoformat(), it.end.isoformat()
    return "interval", it.kind, safe_text(it.label), *ends, it.open, "", "", _detail_cell(it.detail)


def _point_row(it: Point) -> tuple[Any, ...]:
    return "point", it.kind, safe_text(it.label), it.at.isoformat(), "", "", "", "", _detail_cell(it.detail)


def _detail_cell(detail: Detail) -> str:
    return safe_text(_detail_json(detail)) if detail else ""


def write_activitywatch(exported: ExportedRecords, file: TextIO, hostname: str, now: datetime) -> None:
    """Write buckets that ActivityWatch imports: one for each kind of interval, and one for all points.

    Parameters
    ----------
    hostname : str
        Part of the name of each bucket.
    now : datetime
        When the buckets were made.
    """
    events: dict[str, list[dict[str, Any]]] = {}
    for interval in exported.intervals:
        data = {**interval.detail, "title": interval.label, "status": interval.label}
        event = {"timestamp": interval.start.isoformat(), "duration": interval.length_s, "data": data}
        events.setdefault(interval.kind, []).append(event)
    for point in exported.points:
        data = {**point.detail, "title": f"{point.kind} {point.label}".strip(), "kind": point.kind}
        events.setdefault("event", []).append({"timestamp": point.at.isoformat(), "duration": 0.0, "data": data})
    file.write('{"buckets": {')
    for number, (name, found) in enumerate(events.items()):
        bucket_id = f"posture-{name}_{hostname}"
        bucket = {
            "id": bucket_id,
            "created": now.isoformat(),
            "type": f"posture.{name}",
            "client": "posture",
            "hostname": hostname,
            "data": {},
        }
        file.write(f'{"," * bool(number)}\n{_json(bucket_id)}: {_json(bucket).removesuffix("}")}, "events": [')
        file.write(",".join(f"\n{event}" for event in map(_json, found)))
        file.write("]}")
    file.write("}}\n")


def safe_text(text: str) -> str:
    """Put an apostrophe before text that a spreadsheet would take for a formula; `unsafe_text` takes it away."""
    return f"'{text}" if text.startswith(_DANGEROUS) else text


def unsafe_text(text: str) -> str:
    """Undo `safe_text`."""
    return text[1:] if text.startswith("'") else text


# A year has a quarter of a million records. Put together by hand, because their form is fixed, they take a third of the
# time; a text that could be any goes through `_json`, and a number is finite, see `distance_of`.


def _interval_json(it: Interval) -> str:
    start, end = it.start.isoformat(), it.end.isoformat()
    times = f'"start": "{start}", "end": "{end}", "open": {"true" if it.open else "false"}'
    return f'\n{{"kind": "{it.kind}", "label": {_label_json(it.label)}, {times}, "detail": {_detail_json(it.detail)}}}'


def _point_json(it: Point) -> str:
    named = f'"kind": "{it.kind}", "label": {_label_json(it.label)}'
    return f'\n{{{named}, "at": "{it.at.isoformat()}", "detail": {_detail_json(it.detail)}}}'


def _distance_json(it: Distance) -> str:
    return f'\n{{"slot": "{_iso(it.slot)}", "cm": {it.cm}, "seconds": {it.seconds}}}'


def _detail_json(detail: Detail) -> str:
    return _json(dict(detail)) if detail else "{}"


_label_json = lru_cache(maxsize=64)(_json)
"""Most labels are one of a few."""
_iso = lru_cache(maxsize=4)(datetime.isoformat)
"""Of a slot there are as many distances as centimetres, one after the other."""


# -- reading ----------------------------------------------------------------------------------------------------------


def read_export(text: str, name: str) -> ExportedRecords:
    """Read a file that `write_json` or `write_csv` wrote.

    Parameters
    ----------
    text : str
        The whole file.
    name : str
        Its name, for messages.

    Raises
    ------
    PostureError
        It is neither, is cut off, or holds an impossible record (the first is named).
    """
    text = text.removeprefix("\ufeff")  # the mark with which Windows begins a file
    if text.lstrip().startswith("{"):
        return _read_json(text, name)
    if text.lstrip('"').startswith(CSV_HEAD[0]):
        return _read_csv(text, name)
    raise _no_export(name)


def _no_export(name: str) -> PostureError:
    return PostureError(
        tr("{name} is no export of posture: give a file that `posture export` wrote, as csv or json.", name=name)
    )


def _numbered(name: str, key: str, place: int) -> str:
    # Translators: a place in a file, such as "posture.json, intervals, number 3".
    return tr("{file}, {list}, number {number}", file=name, list=key, number=place)


def _line(name: str, place: int) -> str:
    # Translators: a place in a file, such as "posture.csv, line 3".
    return tr("{file}, line {number}", file=name, number=place)


def _read_json(text: str, name: str) -> ExportedRecords:
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        raise PostureError(
            tr("{name} is damaged or was cut off, it is no whole JSON: export it again.", name=name)
        ) from None
    if not isinstance(whole, dict) or whole.get("format") != FORMAT:
        raise _no_export(name)
    if whole.get("version") not in VERSIONS:
        raise PostureError(
            tr("{name} was written by another release of posture: update this one, then import it.", name=name)
        )
    found: dict[str, list[Any]] = {}
    for key, make in (("intervals", _interval), ("points", _point), ("distances", _distance)):
        records = whole.get(key)
        if not isinstance(records, list):
            raise PostureError(tr("{name} has no list of {key}: export it again.", name=name, key=key))
        found[key] = [
            _made(make, record, partial(_numbered, name, key, place)) for place, record in enumerate(records, 1)
        ]
    return ExportedRecords(tuple(found["intervals"]), tuple(found["points"]), tuple(found["distances"]))


def _read_csv(text: str, name: str) -> ExportedRecords:
    found: dict[str, list[Any]] = {"interval": [], "point": [], "distance": []}
    makers = {"interval": _interval, "point": _point, "distance": _distance}
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        if tuple(next(reader)) != CSV_HEAD:
            raise _no_export(name)
        for cells in reader:
            place = partial(_line, name, reader.line_num)
            row = dict(zip(CSV_HEAD, map(unsafe_text, cells), strict=False))
            if len(cells) != len(CSV_HEAD) or row["record"] not in makers:
                raise PostureError(
                    tr("{place} is no record: give a file that `posture export` wrote, as csv or json.", place=place())
                )
            found[row["record"]].append(_made(lambda raw: makers[raw["record"]](_typed(raw)), row, place))
    except csv.Error as error:
        raise PostureError(
            tr("{name} is damaged or was cut off ({error}): export it again.", name=name, error=error)
        ) from None
    return ExportedRecords(tuple(found["interval"]), tuple(found["point"]), tuple(found["distance"]))


def _typed(row: Mapping[str, str]) -> dict[str, Any]:
    """The cells of a line, as the values that the JSON export has."""
    out: dict[str, Any] = {**row, "at": row["start"], "slot": row["start"]}
    out["detail"] = json.loads(row["detail"]) if row["detail"] else {}
    if row["record"] == "interval":
        out["open"] = {"True": True, "False": False}[row["open"]]
    if row["record"] == "distance":
        out |= {"cm": int(row["cm"]), "seconds": float(row["seconds"])}
    return out


def _made(make: Any, raw: Any, place: Callable[[], str]) -> Any:
    try:
        return make(raw)
    except (ValueError, TypeError, KeyError, AttributeError, OverflowError, RecursionError):
        raise PostureError(
            tr("{place} is no record of posture: export it again; nothing was imported.", place=place())
        ) from None


def _interval(raw: Mapping[str, Any]) -> Interval:
    if not isinstance(raw["open"], bool):
        raise ValueError
    return interval_of(raw["kind"], raw["label"], _time(raw["start"]), _time(raw["end"]), raw["detail"], raw["open"])


def _point(raw: Mapping[str, Any]) -> Point:
    return point_of(raw["kind"], _time(raw["at"]), raw["label"], raw["detail"])


def _distance(raw: Mapping[str, Any]) -> Distance:
    return distance_of(_time(raw["slot"]), raw["cm"], float(raw["seconds"]))


def _time(text: Any) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError
    return at if at.tzinfo is UTC else at.astimezone(UTC)
