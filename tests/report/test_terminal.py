"""The table for people. What it says is held to the figures; how it looks may change."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from posture.history.records import Distance, Interval, Memory, Point
from posture.report.figures import Summary
from posture.report.summary import summarise
from posture.report.terminal import show, show_days
from posture.report.words import duration
from posture.settings import Settings

T0 = datetime(2026, 3, 2, 8, tzinfo=UTC)


def at(minutes: float) -> datetime:
    return T0 + timedelta(minutes=minutes)


def shown(summary: Summary, width: int = 80, encoding: str = "utf-8") -> str:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding, newline="\n")
    show(summary, "Monday 2 March 2026", Console(file=file, width=width, highlight=False), UTC)
    file.flush()
    return raw.getvalue().decode(encoding)


def day(*, known_min: float = 300, slump_min: float = 30) -> Summary:
    memory = Memory()
    memory.write(
        [
            Interval("watch", "camera", at(0), at(422)),
            Interval("presence", "sitting", at(0), at(known_min)),
            Interval("bout", "sitting", at(0), at(known_min), {"sitting_s": known_min * 60}),
            Interval("presence", "unknown", at(known_min), at(422), {"reason": "too dark"}),
            Interval("deviation", "slump", at(10), at(10 + slump_min)),
        ],
        [Point("reminder", at(30), "stand")],
        [Distance(at(0), 57, 600.0)],
    )
    start, stop = at(-480), at(960)
    return summarise(
        memory.intervals(start, stop), memory.points(start, stop), memory.distance(start, stop), start, stop, Settings()
    )


@pytest.mark.parametrize(
    ("seconds", "text"),
    [
        (0, "0 s"),
        (59.4, "59 s"),
        (59.6, "1 min"),
        (130, "2 min 10 s"),
        (600, "10 min"),
        (3540, "59 min"),
        (3599, "1 h 00"),
        (18600, "5 h 10"),
    ],
)
def test_durations_are_said_as_people_say_them(seconds: float, text: str) -> None:
    assert duration(seconds) == text


def test_coverage_comes_first() -> None:
    lines = shown(day()).splitlines()
    assert lines[0] == "Monday 2 March 2026"
    assert lines[1] == "Seen 5 h 00 of 7 h 02 (71 %)"


def test_the_figures_are_there() -> None:
    text = shown(day())
    assert "08:00" in text
    assert "▾ reminder" in text
    assert "█ sitting" in text
    assert "? not seen" in text
    assert "too dark 2 h 02" in text
    assert "57 cm" in text
    assert "slumped" in text.split("how you sat")[1]
    assert "never: head forward" in text


def test_hidden_figures_are_not_shown_and_the_reason_is_said() -> None:
    text = " ".join(shown(day(known_min=200)).split())
    assert "Seen 3 h 20 of 7 h 02 (47 %)" in text
    assert "figures are hidden: only 47 % of the watched time is known" in text
    assert "slump" not in text
    assert "Typical" not in text


def test_no_deviation() -> None:
    assert "You kept no posture that is watched for long." in shown(day(slump_min=0))


def test_a_terminal_without_utf_8() -> None:
    text = shown(day(), encoding="ascii")
    assert "# sitting" in text
    assert "v reminder" in text


def test_no_line_is_wider_than_the_terminal() -> None:
    for width in (60, 80, 120, 200):
        assert max(map(len, shown(day(), width).splitlines())) <= width


def test_days_are_lines() -> None:
    file = io.StringIO()
    show_days([("Mon 02", day()), ("Tue 03", day(known_min=100))], Console(file=file, width=80))
    first, most, second = file.getvalue().splitlines()[1:]
    assert first.split()[:2] == ["Mon", "02"]
    assert "5 h 00 (71 %)" in first
    # The two hours that were not seen may have been sitting: a line for the least, a line for the most.
    assert first.count("5 h 00") == 4
    assert most.count("to 7 h 02") == 3
    assert second.count(" -") == 5


spans = st.tuples(st.floats(0, 1400), st.floats(0.01, 700)).map(lambda pair: (at(pair[0]), at(pair[0] + pair[1])))


@settings(max_examples=50, deadline=None)
@given(st.lists(spans, min_size=1, max_size=4), st.lists(spans, max_size=6), st.integers(40, 200))
def test_any_day_can_be_shown(
    watches: list[tuple[datetime, datetime]], sat: list[tuple[datetime, datetime]], width: int
) -> None:
    memory = Memory()
    memory.write([Interval("watch", "camera", *span) for span in watches])
    memory.write([Interval("presence", "sitting", *span) for span in sat])
    memory.write([], [Point("reminder", span[0], "stand") for span in sat])
    start, stop = at(0), at(1440)
    summary = summarise(memory.intervals(start, stop), memory.points(start, stop), [], start, stop, Settings())
    text = shown(summary, width)
    assert text.startswith("Monday 2 March 2026\n")
