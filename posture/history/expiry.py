"""Days older than `history.keep` are removed, a day or two at a time, by a date that no wrong calendar can move far.

A calendar may be years ahead, for a moment or for weeks. So it is not asked what is too old, but a *trusted date* that
is kept beside the history. That moves on by about a day for each day on which posture has run for an hour, and never
past the calendar. A machine that was off for a month is caught up with, one day more each day; a calendar that is
further ahead is believed after a month of such days. Nothing is removed that was not too old on an earlier day already.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

from posture.atomic_write import read_replaced, write_atomically
from posture.history.records import Reader
from posture.history.store import Store
from posture.machine import this_start

AFTER_S = 3600.0
"""A machine may wake with a wrong date, which the network corrects within minutes [design choice]."""
AGAIN_S = 3600.0
AT_LEAST_S = 86_400.0
_DAY = timedelta(days=1)
ANOTHER_DAY = timedelta(hours=20)
"""What is this long after a day counts as another one: people start their machine a bit earlier or later."""
CREDIBLE = timedelta(days=35)
"""A machine may well have been off for so long [design choice]."""
CONVINCING_DAYS = 30
"""On so many days a calendar that is further ahead must have been seen: a wrong one is put right by then
[design choice]."""
MOST_AT_ONCE = timedelta(days=2)
"""More of the history than this is never removed at once, unless the user has just shortened `history.keep`: a run a
day removes one."""
SETTLED_DAYS = 7
"""On so many days a sane calendar has written, at least, before one is taken from a history without a trusted date."""


@dataclass(frozen=True)
class Trusted:
    """What is kept about the date."""

    date: datetime
    """The trusted date, aware UTC: it was this late, at least, when it was noted."""
    calendar: datetime
    """What the calendar said then."""
    up_s: float = 0.0
    """How long the machine had been up then, seconds."""
    boot: str = ""
    """Which start of the machine that was; empty where that is not known."""
    days: int = 0
    """On how many days in a row it has been ahead by more than `CREDIBLE`."""
    before: datetime | None = None
    """What lay before this was too old then; None where nothing was."""
    keep_s: float | None = None
    """How long days were kept then; 0 for ever, None where nothing was asked yet."""
    shortened: bool = False
    """The user had just shortened that."""


def moved(state: Trusted, calendar: datetime, up_s: float = 0.0, boot: str = "") -> Trusted | None:
    """The state after an hour's run under a calendar; None where it is no other day yet.

    Parameters
    ----------
    state : Trusted
        As it was kept.
    calendar : datetime
        What the calendar says, aware UTC.
    up_s : float
        Seconds since the machine was started.
    boot : str
        Which start of the machine that was; empty where that is not known.
    """
    if calendar < state.calendar:
        # It was set back: days are counted from here, and the date stays for now.
        return replace(state, calendar=calendar, up_s=up_s, boot=boot, days=0, before=None, shortened=False)
    same_start = bool(boot) and boot == state.boot
    if calendar - state.calendar < ANOTHER_DAY or (same_start and up_s - state.up_s < ANOTHER_DAY.total_seconds()):
        return None
    ahead = calendar - state.date
    days = state.days + 1 if ahead > CREDIBLE + _DAY else 0
    date = calendar
    if ahead > timedelta() and days <= CONVINCING_DAYS:
        date = min(calendar, state.date + (_DAY if days else 2 * _DAY))
    return replace(state, date=date, calendar=calendar, up_s=up_s, boot=boot, days=days)


def due(state: Trusted, oldest: datetime, keep_s: float) -> tuple[Trusted, datetime | None]:
    """The state after it was asked what is too old, and before when records are to be removed; None for nothing.

    Parameters
    ----------
    state : Trusted
        As `moved` gave it.
    oldest : datetime
        When the first record begins.
    keep_s : float
        How long days are kept, seconds; 0 for ever.
    """
    if keep_s == 0:
        return replace(state, before=None, keep_s=0.0, shortened=False), None
    # By a calendar that is behind nothing is older than it says.
    before = min(state.date, state.calendar) - timedelta(seconds=max(keep_s, AT_LEAST_S))
    asked = replace(
        state, before=before, keep_s=keep_s, shortened=state.keep_s is not None and keep_s < (state.keep_s or math.inf)
    )
    if state.before is None:
        return asked, None
    removed = min(before, state.before)
    if not state.shortened:
        removed = min(removed, oldest + MOST_AT_ONCE)
    return asked, removed if removed > oldest else None


def first_date(reader: Reader, now: datetime) -> datetime:
    """A date that a history without a trusted one vouches for: that of its newest records, if several days have some.

    Records of a calendar that was ahead for a day or two lie alone, far after all others.
    """
    days = sorted({interval.end.date() for interval in reader.intervals(_EVER[0], _EVER[1])})
    end = len(days)
    while end:
        start = end - 1
        while start and days[start] - days[start - 1] <= CREDIBLE:
            start -= 1
        if end - start >= SETTLED_DAYS or not start:
            return min(now, datetime.combine(days[end - 1], datetime.min.time(), UTC) + _DAY)
        end = start
    return now


_EVER = datetime(1971, 1, 1, tzinfo=UTC), datetime(9000, 1, 1, tzinfo=UTC)


class Expiry:
    """Removes old records: an hour after the start, and then once on each day.

    Parameters
    ----------
    clock : callable
        Seconds that never go back.
    utc : callable
        The date and time, aware UTC.
    boot : str, optional
        Which start of the machine this is; by default the kernel says so.
    """

    def __init__(
        self,
        clock: Callable[[], float],
        utc: Callable[[], datetime] = lambda: datetime.now(UTC),
        boot: str | None = None,
    ) -> None:
        self._clock, self._utc = clock, utc
        self._boot = this_start() if boot is None else boot
        self._due_s = clock() + AFTER_S

    def opened(self, store: Store) -> None:
        """Note a date to begin with, if there is none; call it before this run writes anything."""
        if _load(store.path) is None:
            _save(store.path, self._first(store))

    def _first(self, store: Store) -> Trusted:
        now = self._utc()
        return Trusted(first_date(store, now), now, self._clock(), self._boot)

    def apply(self, store: Store, keep_s: float) -> int:
        """Remove records that are too old, if it is time; returns how many. See `Store` for errors."""
        if self._clock() < self._due_s:
            return 0
        self._due_s = self._clock() + AGAIN_S
        found = _load(store.path)
        state = self._first(store) if found is None else moved(found, self._utc(), self._clock(), self._boot)
        if state is None:
            return 0
        self._due_s = self._clock() + ANOTHER_DAY.total_seconds()
        span = store.span()
        state, before = due(state, span[0] if span else state.date, keep_s)
        # Kept first: what is not known to have been asked before is asked again.
        if not _save(store.path, state) or before is None:
            return 0
        return store.delete_before(before, rewrite=False)


def _file(history: Path) -> Path:
    return history.with_name("expiry.json")


def _load(history: Path) -> Trusted | None:
    try:
        found = json.loads(read_replaced(_file(history)))
        date, calendar = (datetime.fromisoformat(found[name]).astimezone(UTC) for name in ("date", "calendar"))
        before = None if found["before"] is None else datetime.fromisoformat(found["before"]).astimezone(UTC)
        return Trusted(
            date,
            calendar,
            float(found["up_s"]),
            str(found["boot"]),
            days=int(found["days"]),
            before=before,
            keep_s=None if found["keep_s"] is None else float(found["keep_s"]),
            shortened=found["shortened"] is True,
        )
    except (OSError, ValueError, KeyError, TypeError, OverflowError, RecursionError, AttributeError):
        return None


def _save(history: Path, state: Trusted) -> bool:
    try:
        write_atomically(_file(history), json.dumps(asdict(state), default=datetime.isoformat), erase_old=True)
    except OSError:
        return False
    return True
