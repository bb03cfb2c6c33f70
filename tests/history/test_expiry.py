"""history.keep: what is too old goes once a day, and no wrong calendar costs the history."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from posture.history.expiry import Expiry
from posture.history.records import Point
from posture.history.store import Store

NOW = datetime(2026, 3, 2, 12, tzinfo=UTC)
KEEP_S = 30 * 86_400.0


class Time:
    def __init__(self) -> None:
        self.s, self.now = 0.0, NOW


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with Store(tmp_path / "history.sqlite3") as opened:
        for days in range(60):
            opened.write(points=[Point("shift", NOW - timedelta(days=days))])
        yield opened


def left(store: Store) -> int:
    return store.count()["point"]


def test_once_a_day(store: Store) -> None:
    time = Time()
    expiry = Expiry(lambda: time.s, lambda: time.now)
    expiry.opened(store)
    assert expiry.apply(store, KEEP_S) == 0  # not at once
    time.s = 3600.0
    assert expiry.apply(store, KEEP_S) == 29
    assert left(store) == 31
    # Weeks of one run: each day's oldest goes, and only once a day is looked.
    for day in range(1, 46):
        time.s, time.now = 3600.0 + day * 86_400.0, NOW + timedelta(days=day)
        store.write(points=[Point("shift", time.now)])
        assert expiry.apply(store, KEEP_S) == 1
        assert expiry.apply(store, KEEP_S) == 0
    assert left(store) == 31


def test_zero_keeps_all(store: Store) -> None:
    time = Time()
    expiry = Expiry(lambda: time.s, lambda: time.now)
    expiry.opened(store)
    time.s = 3600.0
    assert expiry.apply(store, 0.0) == 0
    assert left(store) == 60


def test_a_calendar_years_ahead_costs_nothing(store: Store) -> None:
    time = Time()
    expiry = Expiry(lambda: time.s, lambda: time.now)
    expiry.opened(store)
    time.s, time.now = 3600.0, NOW + timedelta(days=20_000)
    store.write(points=[Point("shift", time.now)])
    assert expiry.apply(store, KEEP_S) == 0
    assert left(store) == 61


def test_a_short_time_still_keeps_a_day(store: Store) -> None:
    time = Time()
    expiry = Expiry(lambda: time.s, lambda: time.now)
    expiry.opened(store)
    time.s = 3600.0
    expiry.apply(store, 1.0)
    assert left(store) == 2
