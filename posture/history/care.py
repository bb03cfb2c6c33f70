"""What the coach has to respect, read from the history: pain, check-ins, holds, checks, days of leaning."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, get_args

from posture.coach.asymmetry import DAYS, DayLean, Finding, shortened_side
from posture.coach.direction import (
    PAIN_SIDES,
    REACHES,
    STOPS,
    WAYS,
    Answer,
    Change,
    DirectionCheck,
    DirectionState,
    Felt,
    not_today,
)
from posture.coach.done import amount_done
from posture.coach.exercise import Form, Side, other_side
from posture.coach.findings import KINDS, Kind
from posture.coach.pain import PainEntry, hurts_by, sore_places
from posture.coach.plan import Done
from posture.coach.safety import QUESTIONS, Verdict, judge, together
from posture.history.records import Point, PointKind, Reader, one_a_minute
from posture.history.self_checks import degrees_of
from posture.language import mark

if TYPE_CHECKING:
    from posture.coach.hold import Worked  # brings NumPy, which the daemon has no use for

LOOK_BACK_DAYS = 120
"""Older records no longer matter: a pain episode has ended, an exercise counts as not done [design choice]."""


ABOUT_THE_USER: tuple[PointKind, ...] = (
    *("check-in", "pain", "direction", "referral"),
    *("hold", "self-check", "tension"),
)
"""What is read of them; the others are what was seen and said all day."""
LEAST_JUDGED = 0.6
"""The share of sitting that counts as enough to judge a day by, as for the figures of the day (evidence, section 7)."""


@dataclass(frozen=True)
class Care:
    """What is known about the user at a moment."""

    pains: list[PainEntry]
    """By time."""
    verdict: Verdict | None
    """Of the last check-in, or of all that raised a red flag since the user cleared it last; None before the first
    check-in and after a flag was cleared."""
    referred: frozenset[str]
    """Referrals that were shown."""
    holds: list[Point]
    """Kind "hold", by time."""
    self_checks: list[Point]
    """Kind "self-check", by time."""
    tensions: list[Point]
    """Kind "tension", by time."""
    directions: list[DirectionCheck]
    """Directional checks, by time; their days are local."""
    checked_in_s: float | None = None
    """When a check-in was answered without a red flag last, seconds since 1970; None if there is none since the last
    one with a red flag."""

    @property
    def suspended(self) -> bool:
        """Whether exercise prompts are off."""
        return self.verdict is not None and self.verdict.suspends

    @property
    def emergency(self) -> bool:
        """Whether what is open is an emergency."""
        return self.verdict is not None and self.verdict.emergency

    def hurts(self, now: datetime) -> frozenset[str]:
        """What hurts by the log: doing something, and places; see `posture.coach.choose.Limits`.

        With what a directional check of today has made worse.
        """
        logged = hurts_by(self.pains, now.timestamp()) | sore_places(self.pains, now.timestamp())
        return logged | not_today(self.directions, now.astimezone().date().toordinal())

    def ago_s(self, now: datetime) -> dict[str, float]:
        """Seconds since each exercise was done last."""
        return {point.label: (now - point.at).total_seconds() for point in self.holds}

    def own_most(self) -> dict[Side, float]:
        """Comfortable side-bend that lengthens each side, in degrees, from the last self-check.

        Bending to one side lengthens the other.
        """
        found: dict[Side, float] = {}
        sides: tuple[Side, Side] = ("left", "right")
        for point in self.self_checks:
            for side in sides:
                value = degrees_of(point).get(other_side(side))
                if point.label == "side-bend" and value is not None:
                    found[side] = value
        return found

    def check_results(self) -> list[tuple[float, Kind, Mapping[str, float]]]:
        """What `posture.coach.findings` takes: what was measured by itself, and not after a stretch."""
        return [
            (point.at.timestamp(), kind, degrees_of(point))
            for point in self.self_checks
            for kind in KINDS
            if point.label == kind and "after" not in point.detail
        ]


def care_of(reader: Reader, now: datetime, zone: tzinfo | None = None) -> Care:
    """Read what is known about the user at `now`, aware UTC; days are local."""
    start, stop = now - timedelta(days=LOOK_BACK_DAYS), now + timedelta(seconds=1)
    points = one_a_minute(reader.points(start, stop, ABOUT_THE_USER))
    verdict: Verdict | None = None
    pains: list[PainEntry] = []
    directions: list[DirectionCheck] = []
    checked_in_s: float | None = None
    for point in points:
        if point.kind == "check-in":
            new = None if point.label == "cleared" else judge(str(point.detail.get("items", "")).split())
            if new is not None:
                checked_in_s = None if new.suspends else point.at.timestamp()
            # A red flag stays until the user clears it, whatever is answered later.
            if new is None or verdict is None or not verdict.suspends:
                verdict = new
            elif new.suspends:
                verdict = together(verdict, new)
        elif point.kind == "pain":
            pains.append(_entry(point))
        elif point.kind == "direction":
            _take_direction(directions, point, zone)
            if point.detail.get("stop") == "warning":  # an emergency sign, as if the check-in had been told of it
                verdict, checked_in_s = together(verdict or Verdict("clear"), Verdict("emergency")), None
    return Care(
        pains=pains,
        verdict=verdict,
        referred=frozenset(point.label for point in points if point.kind == "referral"),
        holds=[point for point in points if point.kind == "hold"],
        self_checks=[
            _unnamed(point) if verdict is not None and verdict.suspends else point
            for point in points
            if point.kind == "self-check"
        ],
        tensions=[point for point in points if point.kind == "tension"],
        directions=directions,
        checked_in_s=checked_in_s,
    )


def _unnamed(check: Point) -> Point:
    """A self-check that does not name the stretch it followed: nothing names an exercise while a red flag is open."""
    return replace(check, detail={**check.detail, "after": mark("a stretch")}) if "after" in check.detail else check


def leaning(reader: Reader, now: datetime, zone: tzinfo | None = None) -> Finding | None:
    """Apply the asymmetry rule to the last days that were watched; days are local.

    A day of whose sitting leans were judged for less than `LEAST_JUDGED` is left out: it says nothing of either side.
    """
    start = now - timedelta(days=4 * DAYS)
    watched = {_day(watch.start, zone) for watch in reader.intervals(start, now, "watch")}
    sat: dict[date, float] = {}
    unjudged: dict[date, float] = {}
    for interval in reader.intervals(start, now, "presence") + reader.intervals(start, now, "unjudged"):
        day = _day(interval.start, zone)
        for label, sums in (("sitting", sat), ("lean_left", unjudged)):
            if interval.label == label:
                sums[day] = sums.get(day, 0.0) + interval.length_s
    left: dict[date, float] = {}
    right: dict[date, float] = {}
    for deviation in reader.intervals(start, now, "deviation"):
        day = _day(deviation.start, zone)
        for label, sums in (("lean_left", left), ("lean_right", right)):
            if deviation.label == label:
                sums[day] = sums.get(day, 0.0) + deviation.length_s
    hardly = {day for day, lost_s in unjudged.items() if lost_s > (1.0 - LEAST_JUDGED) * sat.get(day, 0.0)}
    days = sorted((watched | set(left) | set(right)) - hardly)
    return shortened_side([DayLean(left.get(day, 0.0), right.get(day, 0.0)) for day in days])


def done_by_day(holds: Sequence[Point], zone: tzinfo | None = None) -> dict[tuple[date, str], Done]:
    """What was done of each exercise on each local day."""
    verified: dict[tuple[date, str], dict[str, float]] = {}
    self_reported: dict[tuple[date, str], dict[str, float]] = {}
    for point in holds:
        key = _day(point.at, zone), point.label
        sums = (verified if point.detail.get("verified") is True else self_reported).setdefault(key, {})
        side = str(point.detail.get("side", "both"))
        sums[side] = sums.get(side, 0.0) + amount_done(point)
    keys = verified.keys() | self_reported.keys()
    return {key: Done(verified.get(key, {}), self_reported.get(key, {})) for key in keys}


def hold_points(
    exercise: str,
    held_s: Mapping[Worked, float],
    ended: Mapping[Worked, datetime],
    *,
    form: Form = "hold",
    reps: Mapping[Worked, float] | None = None,
    verified: bool,
) -> list[Point]:
    """Make a record for each side on which something was done; `ended` says until when, `reps` how often."""
    found: list[Point] = []
    for side, seconds in held_s.items():
        at = ended[side]
        # Both sides may end at the same moment, but each needs a key of its own.
        while any(at == point.at for point in found):
            at += timedelta(microseconds=1)
        if seconds > 0:
            detail: dict[str, str | float | bool | None] = {"side": side, "hold_s": round(seconds, 1), "form": form}
            if reps is not None:
                detail["reps"] = round(reps.get(side, 0.0))
            found.append(Point("hold", at, exercise, {**detail, "verified": verified}))
    return found


def pain_point(at: datetime, entry: PainEntry) -> Point:
    """A logged pain as a record."""
    detail: dict[str, str | float | bool | None] = {"level": entry.level}
    for name, value in (("when", entry.when), ("better", entry.better), ("note", entry.note)):
        if value:
            detail[name] = value
    return Point("pain", at, entry.where, detail)


def tension_point(at: datetime, level: int, note: str) -> Point:
    """A logged tension, 0 to 10, as a record."""
    return Point("tension", at, "", {"level": level} | ({"note": note} if note else {}))


def direction_point(at: datetime, state: DirectionState) -> Point:
    """A directional check that is over, and had begun, as a record."""
    detail: dict[str, str | float | bool | None] = {"repetitions": state.repetitions}
    if state.stop is not None:
        detail["stop"] = state.stop
    if state.before is not None:
        detail |= _felt_detail("before", state.before)
    for way, change in state.changed.items():
        detail[way] = change
        if way in state.after:
            detail |= _felt_detail(way, state.after[way])
    return Point("direction", at, state.answer, detail)


def followed_point(at: datetime, *, worse: bool) -> Point:
    """A record of how it was the day after a directional check that made it worse."""
    return Point("direction", at, "still-worse" if worse else "eased")


def check_in_point(at: datetime, verdict: Verdict) -> Point:
    """An answered check-in as a record."""
    known = {question.id for question in QUESTIONS}
    return Point("check-in", at, verdict.rank, {"items": " ".join(item for item in verdict.items if item in known)})


def cleared_point(at: datetime) -> Point:
    """A record that the user cleared the red flag: exercise prompts may go on."""
    return Point("check-in", at, "cleared")


def _entry(point: Point) -> PainEntry:
    level = point.detail.get("level", 0)
    return PainEntry(
        at_s=point.at.timestamp(),
        level=int(level) if isinstance(level, int | float) else 0,
        where=point.label,
        when=str(point.detail.get("when", "")),
        note=str(point.detail.get("note", "")),
        better=str(point.detail.get("better", "")),
    )


def _felt_detail(name: str, felt: Felt) -> dict[str, str | float | bool | None]:
    return {f"{name}_level": felt.level, f"{name}_reach": felt.reach, f"{name}_side": felt.side}


def _felt(point: Point, name: str) -> Felt | None:
    level, reach = point.detail.get(f"{name}_level"), point.detail.get(f"{name}_reach")
    side = point.detail.get(f"{name}_side", "")
    if not isinstance(level, int | float) or reach not in REACHES or side not in PAIN_SIDES:
        return None
    return Felt(int(level), REACHES[REACHES.index(reach)], PAIN_SIDES[PAIN_SIDES.index(side)])


def _take_direction(checks: list[DirectionCheck], point: Point, zone: tzinfo | None) -> None:
    """Add a directional check, or what was said of the day after to the last one; what cannot be is left out."""
    if point.label in ("still-worse", "eased"):
        if checks:
            checks[-1] = replace(checks[-1], followed="eased" if point.label == "eased" else "still-worse")
        return
    answers: tuple[Answer, ...] = get_args(Answer)
    answer = next((known for known in answers if known == point.label), None)
    before = _felt(point, "before")
    if before is None or answer is None:
        return
    changes: tuple[Change, ...] = get_args(Change)
    changed = {way: change for way in WAYS for change in changes if point.detail.get(way) == change}
    after = {way: felt for way in WAYS if (felt := _felt(point, way)) is not None}
    stop = point.detail.get("stop")
    checks.append(
        DirectionCheck(
            at_s=point.at.timestamp(),
            day=_day(point.at, zone).toordinal(),
            answer=answer,
            before=before,
            changed=changed,
            stop=next((known for known in STOPS if known == stop), None),
            after=after,
        )
    )


def _day(at: datetime, zone: tzinfo | None) -> date:
    return at.astimezone(zone).date()
