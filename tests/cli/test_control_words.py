from __future__ import annotations

import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from posture.cli.pause import pause_until
from posture.daemon.logs import log_line
from posture.errors import PostureError

pytestmark = pytest.mark.skipif(not hasattr(time, "tzset"), reason="no time zone of one process alone")
NOON = datetime(2026, 3, 2, 12)


@pytest.fixture(autouse=True)
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize(
    ("text", "until"),
    [
        ("", None),
        ("30m", datetime(2026, 3, 2, 12, 30, tzinfo=UTC)),
        ("1h30m", datetime(2026, 3, 2, 13, 30, tzinfo=UTC)),
        ("until 14:00", datetime(2026, 3, 2, 14, tzinfo=UTC)),
        ("until-14:00", datetime(2026, 3, 2, 14, tzinfo=UTC)),
        ("until 9:15", datetime(2026, 3, 3, 9, 15, tzinfo=UTC)),
        ("until-tomorrow", datetime(2026, 3, 3, tzinfo=UTC)),
        ("until tomorrow", datetime(2026, 3, 3, tzinfo=UTC)),
    ],
)
def test_until_when(text: str, until: datetime | None) -> None:
    assert pause_until(text, NOON) == until


@pytest.mark.parametrize("text", ["30", "soon", "until", "until 25:00", "until 9", "0", "31d", "until 14:00 or so"])
def test_what_is_no_time_is_said(text: str) -> None:
    with pytest.raises(PostureError) as error:
        pause_until(text, NOON)
    assert error.value.exit_code == 2


def test_half_an_hour_over_a_change_of_the_clocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Europe/Berlin")
    time.tzset()
    # The hour from two to three does not exist that night.
    late = datetime(2026, 3, 29, 1, 45)
    assert pause_until("30m", late) == datetime(2026, 3, 29, 1, 15, tzinfo=UTC)
    assert pause_until("until 9:00", late) == datetime(2026, 3, 29, 7, 0, tzinfo=UTC)


def test_a_log_line_for_people() -> None:
    line = '{"at": "2026-03-02T12:00:00.123+00:00", "event": "camera", "state": "open", "n": 3}'
    assert log_line(line) == "2026-03-02 12:00:00  camera  state=open  n=3"
    for odd in ("Traceback", "{}", "[1]", "7", '{"at": 3, "event": "x"}'):
        assert log_line(odd) == odd
