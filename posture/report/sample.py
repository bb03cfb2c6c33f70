"""Twelve weeks of an invented person, to show a report before there are records; tests rely on its last week.

The last week is 19 to 25 October 2026 in Berlin: on Tuesday some of the sitting is not judged, on Wednesday an hour is
unknown, on Thursday too little is known, from Saturday to Sunday a bout crosses midnight, and Sunday has 25 hours.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta, tzinfo

from posture.history.records import Detail, Distance, Interval, Point, Sink, slot_of
from posture.language import mark
from posture.measure.observation import DEVIATIONS

LAST_DAY = date(2026, 10, 25)
_WEEKS = 12
_LOST_MIN = 30.0
_OF_SHOULDERS = ("forward_head", "lean_left", "lean_right", "shoulder_tilt")
_PRESENCES = {"s": "sitting", "t": "standing", "a": "away", "u": "unknown"}


@dataclass(frozen=True)
class _Sat:
    """A stretch of watching without a gap.

    Of `unjudged` each is (kinds, minute of the beginning, minutes, why).

    `spells` lists presences and minutes: s sitting, t standing, a away, u unknown. Deviations are (kind, minute of the
    beginning, minutes). In every bout a stand reminder comes at 30 and at 40 minutes, and a postural shift every 12.
    """

    begin: tuple[int, int]
    spells: str
    deviations: tuple[tuple[str, float, float], ...] = ()
    cm: int = 62
    unjudged: tuple[tuple[tuple[str, ...], float, float, str], ...] = ()
    extra: tuple[tuple[str, float, str, Detail], ...] = ()


_LAST_WEEK: tuple[_Sat, ...] = (
    _Sat(
        (8, 30),
        "s28 a5 s44 t12 s50 a45 s31 a4 s62 a3 s25",
        (("slump", 60, 12), ("slump", 125, 10), ("lean_left", 200, 15), ("lean_left", 240, 9), ("too_close", 290, 8)),
        60,
    ),
    _Sat(
        (9, 0),
        "s35 a8 s40 t25 s30 a40 s45 a5 s55 a6 s20",
        (("slump", 25, 8), ("lean_left", 50, 22), ("lean_right", 180, 6), ("forward_head", 235, 20)),
        57,
        (
            (_OF_SHOULDERS, 190, 25, mark("your shoulders are not in the picture")),
            (DEVIATIONS, 268, 21, mark("the camera was moved since the calibration")),
        ),
    ),
    _Sat((8, 45), "s40 a5 s20 u60 s30 a6 s45", (("head_tilt", 10, 5), ("lean_left", 165, 14)), 58),
    _Sat((9, 15), "s30 u90 s20", (("slump", 10, 10),), 55),
    _Sat(
        (8, 30),
        "s30 a4 s32 t20 s28 a3 s33 a35 s30 t15 s34 a5 s24",
        (("lean_left", 90, 12), ("slump", 200, 9), ("lean_right", 240, 11)),
        64,
        (),
        (
            ("reminder", 200, "stretch", {"why": "2 h of sitting", "side": "left"}),
            ("hold", 158, "ql_stand", {"side": "left", "hold_s": 25.0, "verified": True}),
            ("hold", 159, "ql_stand", {"side": "right", "hold_s": 22.0, "verified": True}),
            ("hold", 255, "knee_roll", {"side": "both", "hold_s": 60.0, "verified": False}),
            ("pain", 60, "low-left", {"level": 4, "when": "sitting"}),
            ("pain", 280, "low-left", {"level": 2, "when": "standing"}),
        ),
    ),
    _Sat((22, 30), "s30 a5 s65", (("slump", 50, 10),), 50),
    _Sat((1, 30), "s120 a10 s30", (("slump", 60, 30), ("too_close", 95, 20)), 48),
)


def sample_zone() -> tzinfo:
    """Berlin, or UTC if the machine has no time zone data."""
    from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

    try:
        return ZoneInfo("Europe/Berlin")
    except ZoneInfoNotFoundError:
        return UTC


def write_sample(sink: Sink, tz: tzinfo) -> None:
    """Write the twelve weeks up to `LAST_DAY`."""
    monday = LAST_DAY - timedelta(days=6)
    for back in range(7 * (_WEEKS - 1), 0, -1):
        day = monday - timedelta(days=back)
        if day.weekday() < 5 and back % 23:  # a day off now and then
            _write(sink, day, _invented(back), tz)
    for weekday, sat in enumerate(_LAST_WEEK):
        _write(sink, monday + timedelta(days=weekday), sat, tz)


def _invented(number: int) -> _Sat:
    """A working day, each a little different from the others; it only serves to fill the charts."""
    spells: list[str] = []
    deviations: list[tuple[str, float, float]] = []
    at = 0.0
    for turn in range(7 + number % 4):
        sitting = 22 + (7 * number + 13 * turn) % (24 + number // 4)
        off = 45 if turn == 4 else 2 + (3 * number + 5 * turn) % 11
        spells += [f"s{sitting}", f"{'t' if (number + turn) % 3 == 0 else 'a'}{off}"]
        for kind, size in (("slump", 9), ("lean_left", 7), ("lean_right", 4), ("forward_head", 5)):
            held = (number * size + turn * 3) % (size + 4)
            if held > 2:
                deviations.append((kind, at + (sitting - held) * ((turn * size) % 10) / 10, held))
        at += sitting + off
    level = (number // 5 * 3) % 5
    pain: tuple[tuple[str, float, str, Detail], ...] = (("pain", at / 2, "low-left", {"level": level}),)
    begin = 8, 15 * (number % 4)
    return _Sat(begin, " ".join(spells[:-1]), tuple(deviations), 55 + number % 12, extra=pain[: number % 2])


def _write(sink: Sink, day: date, sat: _Sat, tz: tzinfo) -> None:
    begin = datetime(day.year, day.month, day.day, *sat.begin, tzinfo=tz).astimezone(UTC)

    def at(minute: float) -> datetime:
        return begin + timedelta(minutes=minute)

    spells = list(_spells(sat.spells))
    end = spells[-1][2]
    intervals = [Interval("watch", "camera", begin, at(end))]
    points: list[Point] = []
    distances: dict[datetime, float] = {}
    for presence, a, b in spells:
        reason: Detail = {"reason": mark("too dark")} if presence == "unknown" else {}
        intervals.append(Interval("presence", presence, at(a), at(b), reason))
        slot = slot_of(at(a))
        while presence == "sitting" and slot < at(b):
            after = slot + timedelta(minutes=15)
            distances[slot] = distances.get(slot, 0.0) + (min(after, at(b)) - max(slot, at(a))).total_seconds()
            slot = after
    for a, b, sitting, ended_by in _bouts(spells):
        intervals.append(Interval("bout", "sitting", at(a), at(b), {"sitting_s": 60.0 * sitting, "ended_by": ended_by}))
        points += [Point("reminder", at(a + m), "stand", {"why": "sitting"}) for m in (30, 40) if a + m < b]
        points += [Point("shift", at(minute)) for minute in range(int(a) + 12, int(b), 12)]
    for kind, a, length in sat.deviations:
        intervals.append(Interval("deviation", kind, at(a), at(a + length)))
    for kinds, a, length, why in sat.unjudged:
        intervals += [Interval("unjudged", kind, at(a), at(a + length), {"why": why}) for kind in kinds]
    for kind, minute, label, detail in sat.extra:
        points.append(Point(kind, at(minute), label, detail))  # type: ignore[arg-type]
    # A little nearer or farther in each quarter hour, and now and then too close.
    near = [Distance(slot, sat.cm + (slot.minute // 15 * 5) % 12 - 4, s) for slot, s in distances.items()]
    sink.write(intervals, points, near)


def _spells(text: str) -> Iterator[tuple[str, float, float]]:
    at = 0.0
    for word in text.split():
        length = float(word[1:])
        yield _PRESENCES[word[0]], at, at + length
        at += length


def _bouts(spells: list[tuple[str, float, float]]) -> Iterator[tuple[float, float, float, str]]:
    """(begin, end, minutes of sitting, what ended it) of each bout; a short unknown spell does not end one."""
    begin = end = sitting = 0.0
    for presence, a, b in spells:
        if presence == "sitting":
            if sitting == 0.0:
                begin = a
            end, sitting = b, sitting + b - a
        elif sitting and (presence != "unknown" or b - a >= _LOST_MIN):
            yield begin, end, sitting, "unknown" if presence == "unknown" else "break"
            sitting = 0.0
    if sitting:
        yield begin, end, sitting, "end"
