"""The figures of a day as the daemon shows them, read from the history in a worker thread."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import date, datetime

from posture.clock import now_s
from posture.daemon.status import Today
from posture.errors import PostureError
from posture.history.store import existing_store
from posture.paths import history_path
from posture.report.end_of_day import due, notice
from posture.report.figures import Range, Summary
from posture.report.summary import Records, day_bounds
from posture.settings import Settings

TODAY_S = 30.0
"""How old the figures of today may be."""


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

    async def refresh(self) -> None:
        """Read the figures of today again, unless that was less than `TODAY_S` ago."""
        if now_s() - self._read_s < TODAY_S:
            return
        self._read_s = now_s()
        with contextlib.suppress(PostureError):
            self.today = await asyncio.to_thread(_today_of, self._settings())

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


def _rounded(of: Range) -> Range:
    return Range(round(of.at_least_s), round(of.at_most_s))


def _today_of(settings: Settings) -> Today | None:
    summary = _summary_of(settings, datetime.now().astimezone().date())
    if summary is None:
        return None
    return Today(
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
