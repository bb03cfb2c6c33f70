"""The figures of a day as the daemon shows them, read from the history in a worker thread."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import date, datetime

from posture.clock import now_s
from posture.daemon.status import RangeNow, Today
from posture.errors import PostureError
from posture.history.store import existing_store
from posture.paths import history_path
from posture.report.end_of_day import due, notice
from posture.report.figures import Range, Summary
from posture.report.summary import Records, day_bounds
from posture.settings import Settings

TODAY_S = 30.0
"""How long the figures of today that were read stand, as long as nothing happens."""
WRITTEN_S = 90.0
"""What goes on is written at least as often; a longer time since then is a gap [design choice]."""


class DayFigures:
    """The figures of today, and of a day at its end.

    Parameters
    ----------
    settings : callable
        Returns the present settings.

    Attributes
    ----------
    today : Today or None
        As of the last `refresh`; None without a history.
    """

    def __init__(self, settings: Callable[[], Settings]) -> None:
        self._settings = settings
        self._read_s = float("-inf")
        self.today: Today | None = None
        self._until: datetime | None = None  # the end of what they are made of

    def forget(self) -> None:
        """Something has happened: what is read next has it."""
        self._read_s = float("-inf")

    def today_until(self, looked: datetime | None, presence: str) -> Today | None:
        """The figures of today with what has gone on since they were written; see `going_on`."""
        return None if self.today is None else going_on(self.today, self._until, looked, presence)

    async def refresh(self) -> None:
        """Read the figures of today again, unless that was less than `TODAY_S` ago and nothing has happened since."""
        if now_s() - self._read_s < TODAY_S:
            return
        self._read_s = now_s()
        with contextlib.suppress(PostureError):
            self.today, self._until = await asyncio.to_thread(_today_of, self._settings())

    def due_day(self, now: datetime, told_day: date | None) -> date | None:
        """The day whose figures are to be shown now, see `desktop.end_of_day`; None when there is none."""
        return due(now, told_day, self._settings())

    async def notice_of(self, day: date) -> tuple[str, str] | None:
        """Title and body of the notice at the end of a day; None when nothing was watched or the history fails."""
        with contextlib.suppress(PostureError):
            summary = await asyncio.to_thread(_summary_of, self._settings(), day)
            return notice(summary) if summary is not None else None
        return None


def _summary_of(settings: Settings, day: date) -> Summary | None:
    store = existing_store(history_path(settings))
    if store is None:
        return None
    start, stop = day_bounds(day)
    with store:
        records = Records(store, start, stop)
    return records.summarise(start, stop, settings)


def _rounded(of: Range) -> RangeNow:
    return RangeNow(round(of.at_least_s), round(of.at_most_s))


def going_on(today: Today, until: datetime | None, looked: datetime | None, presence: str) -> Today:
    """Add to the figures of a day what goes on since they were written: whatever changes is written at once.

    Parameters
    ----------
    until : datetime or None
        The end of what was written; None where nothing was.
    looked : datetime or None
        When somebody looked last; nothing is known after that.
    presence : str
        What has been seen since `until`.
    """
    if until is None or looked is None or not 0.0 < (more := (looked - until).total_seconds()) <= WRITTEN_S:
        return today
    more_s = round(more)
    known_s = more_s if presence in ("sitting", "standing", "away") else 0
    sat_s = more_s if presence == "sitting" else 0
    watched_s, observed_s = today.watched_s + more_s, today.observed_s + known_s
    return today._replace(
        watched_s=watched_s,
        observed_s=observed_s,
        coverage=observed_s / watched_s if watched_s else None,
        sitting_s=today.sitting_s + sat_s,
        standing_s=today.standing_s + (more_s if presence == "standing" else 0),
        away_s=today.away_s + (more_s if presence == "away" else 0),
        sitting=RangeNow(today.sitting.at_least_s + sat_s, today.sitting.at_most_s + sat_s),
    )


def _today_of(settings: Settings) -> tuple[Today | None, datetime | None]:
    summary = _summary_of(settings, datetime.now().astimezone().date())
    if summary is None:
        return None, None
    today = Today(
        watched_s=round(summary.watched_s),
        observed_s=round(summary.observed_s),
        coverage=summary.coverage,
        sitting_s=round(summary.figures.sitting_s),
        standing_s=round(summary.figures.standing_s),
        away_s=round(summary.figures.away_s),
        longest_s=summary.figures.bouts.longest_s,
        sitting=_rounded(summary.figures.sitting),
        longest=_rounded(summary.figures.bouts.longest),
    )
    return today, summary.watches[-1][1] if summary.watches else None
