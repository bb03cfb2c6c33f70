"""Whether the calibration in use fits the days since it was made. Pure.

Three signs that it may not, each of them only where the last days agree: a deviation for most of the sitting, another
viewing distance, hardly any sitting. Each has other reasons as well, such as a habit, so the sentence names both. That
somebody sits taller than at the calibration is not among them: it leaves no record, and the sensor sees it at once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Literal

from posture.coach.words import DEVIATION_WORDS
from posture.history.records import SLOT_S, Interval, Memory, Reader
from posture.language import dated, number, tr
from posture.measure.observation import DEVIATIONS, Deviation
from posture.report.figures import Summary
from posture.report.spans import Track, union
from posture.report.summary import Records, day_bounds
from posture.settings import Settings

if TYPE_CHECKING:
    from posture.history.calibrations import Calibration

Kind = Literal["distance", "standing", "deviation"]

DAYS = 3
"""So many days, the last ones that can be judged, have to agree [design choice]: a bad day is none."""
LOOK_BACK_DAYS = 14
"""Days longer ago than this say nothing about today [design choice]."""
LEAST_S = 3600.0
"""A day can be judged from this much judged sitting on, or standing, or known distance [design choice]."""
MOSTLY = 0.5
"""A deviation over more than this part of the sitting: the median of the day lies beyond its threshold."""
NEARLY_ALL = 0.9
"""Standing for more than this part of the time in the chair or on the feet [design choice]: at a standing desk people
sit for more than the rest of it."""
ELSEWHERE = 1.25
"""Farther or nearer than at the calibration by this factor [design choice]: to lean back or forward in a chair moves
the eyes by some 10 cm in 65."""


@dataclass(frozen=True)
class Misfit:
    """A sign that the calibration may not fit."""

    kind: Kind
    made: datetime
    """When the calibration was made, aware UTC."""
    sentence: str
    """What was seen, and what it may mean."""
    deviation: Deviation | None = None
    """Which one, for that kind."""


@dataclass(frozen=True)
class DayOfUse:
    """A day, as far as it was watched with one calibration."""

    day: Summary
    said_standing: bool
    """The user said that day that they stand."""


def last_used(reader: Reader, now: datetime) -> datetime | None:
    """When the calibration was made that the last watch went by; None if it went by none, or was long ago.

    `now` is aware.
    """
    watches = reader.intervals(now - timedelta(days=LOOK_BACK_DAYS), now, "watch")
    made = max(watches, key=lambda watch: watch.end).detail.get("calibration") if watches else None
    try:
        return datetime.fromisoformat(str(made)).astimezone(UTC) if made else None
    except (ValueError, OverflowError):
        return None  # from a file that was made by hand


def misfit_now(
    reader: Reader,
    known: Callable[[datetime], Calibration | None],
    now: datetime,
    settings: Settings,
    tz: tzinfo | None = None,
) -> Misfit | None:
    """Compare the last days with the calibration of the last watch, see `misfit`.

    Parameters
    ----------
    known : callable
        Gives the calibration that was made at a moment; None if it is no longer stored.
    now : datetime
        Aware.
    tz : tzinfo or None
        The time zone of the days; None is the machine's.
    """
    made = last_used(reader, now)
    calibration = known(made) if made is not None else None
    if calibration is None:
        return None
    return misfit(days_of_use(reader, calibration, now, settings, tz), calibration, tz)


def days_of_use(
    reader: Reader, calibration: Calibration, now: datetime, settings: Settings, tz: tzinfo | None = None
) -> list[DayOfUse]:
    """Summarise the last days as far as they were watched with a calibration, oldest first.

    A watch of another camera, place or time does not count; nor does one that names no calibration, such as those of
    older releases.

    Parameters
    ----------
    now : datetime
        Aware.
    tz : tzinfo or None
        The time zone of the days; None is the machine's.
    """
    today = now.astimezone(tz).date()
    bounds = [day_bounds(today - timedelta(days=ago), tz) for ago in range(LOOK_BACK_DAYS, -1, -1)]
    start, stop = bounds[0][0], bounds[-1][1]
    made = calibration.made.isoformat()
    intervals = reader.intervals(start, stop)
    # A distance names neither calibration nor presence: a quarter hour with another, or with standing, says nothing.
    others = Track(
        union(
            (each.start, each.end)
            for each in intervals
            if _is_watch(each, other_than=made) or (each.kind == "presence" and each.label == "standing")
        )
    )
    slot = timedelta(seconds=SLOT_S)
    memory = Memory()
    memory.write(
        [interval for interval in intervals if not _is_watch(interval, other_than=made)],
        distances=[
            distance
            for distance in reader.distance(start, stop)
            if not others.seconds(distance.slot, distance.slot + slot)
        ],
    )
    records = Records(memory, start, stop)
    said = [interval for interval in intervals if interval.kind == "presence" and _is_said(interval)]
    return [
        DayOfUse(records.summarise(a, b, settings), any(record.start < b and record.end > a for record in said))
        for a, b in bounds
    ]


def _is_watch(interval: Interval, *, other_than: str) -> bool:
    return interval.kind == "watch" and interval.detail.get("calibration") != other_than


def _is_said(presence: Interval) -> bool:
    """Whether it is standing because the user said so: the camera gives no reason for what it sees."""
    return presence.label == "standing" and bool(presence.detail.get("reason"))


def misfit(days: Sequence[DayOfUse], calibration: Calibration, tz: tzinfo | None = None) -> Misfit | None:
    """Compare the days since a calibration with it.

    Parameters
    ----------
    days : sequence of DayOfUse
        In order, see `days_of_use`.

    Returns
    -------
    Misfit or None
        The first sign on the last days that can be judged for it, `DAYS` of them; None when there is none, when they
        are too few, and once the user has said that the calibration fits.
    """
    if calibration.confirmed:
        return None
    known = [each for each in days if not each.day.hidden]
    since = calibration.made.astimezone(tz)
    said = {"days": number(DAYS), "date": dated(since, "%-d %B")}
    signs = (
        _distance(known, calibration, said),
        _standing(known, calibration, said),
        _deviation(known, calibration, said),
    )
    return next((sign for sign in signs if sign is not None), None)


def _distance(days: Sequence[DayOfUse], calibration: Calibration, said: Mapping[str, str]) -> Misfit | None:
    rest_cm = calibration.distance_cm
    seen = [each.day.figures.viewing for each in days]
    medians_cm = [it.median_cm for it in seen if it.median_cm is not None and it.known_s >= LEAST_S][-DAYS:]
    if rest_cm is None or rest_cm <= 0 or len(medians_cm) < DAYS:
        return None
    if min(medians_cm) < rest_cm * ELSEWHERE and max(medians_cm) > rest_cm / ELSEWHERE:
        return None
    middle_cm = sorted(medians_cm)[DAYS // 2]
    return Misfit(
        "distance",
        calibration.made,
        tr(
            "On the last {days} days that can be judged your eyes were about {now_cm} cm from the camera, and about "
            "{then_cm} cm at the calibration of {date}: the screen or the chair may stand elsewhere now.",
            now_cm=number(middle_cm),
            then_cm=number(rest_cm),
            **said,
        ),
    )


def _standing(days: Sequence[DayOfUse], calibration: Calibration, said: Mapping[str, str]) -> Misfit | None:
    up = [each for each in days if each.day.figures.sitting_s + each.day.figures.standing_s >= LEAST_S][-DAYS:]
    shares = [it.standing_s / (it.sitting_s + it.standing_s) for it in (each.day.figures for each in up)]
    if calibration.standing or any(each.said_standing for each in up):
        return None  # they do stand
    if len(up) < DAYS or min(shares) <= NEARLY_ALL:
        return None
    return Misfit(
        "standing",
        calibration.made,
        tr(
            "On the last {days} days that can be judged you were seen standing nearly all the time. If you sat, the "
            "calibration of {date} was taken too low, or the desk has been raised since; if you stood, "
            "`posture calibrate --standing` makes that sure.",
            **said,
        ),
    )


def _deviation(days: Sequence[DayOfUse], calibration: Calibration, said: Mapping[str, str]) -> Misfit | None:
    least: dict[Deviation, float] = {}
    for kind in DEVIATIONS:
        judged = [it for it in (each.day.figures.deviations[kind] for each in days) if it.judged_s >= LEAST_S][-DAYS:]
        if len(judged) == DAYS and kind != "too_close":  # how near somebody sits is a matter of the distance, above
            least[kind] = min(it.total_s / it.judged_s for it in judged)
    held = [kind for kind in least if least[kind] > MOSTLY]
    if not held:
        return None
    kind = max(held, key=lambda kind: least[kind])
    return Misfit(
        "deviation",
        calibration.made,
        tr(
            'On the last {days} days that can be judged more than half of your sitting was "{posture}" against the '
            "calibration of {date}: that may be how you sit, or the calibration may not fit.",
            posture=tr(DEVIATION_WORDS[kind]),
            **said,
        ),
        kind,
    )
