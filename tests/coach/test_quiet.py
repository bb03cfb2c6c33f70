"""Quiet hours by weekday, against a week that is walked through minute by minute."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from posture.coach.quiet import DAY, WEEK, in_hours, quiet_min, quiet_words
from posture.settings import QuietSpan

spans = st.builds(
    lambda first, count, start, length: QuietSpan(
        tuple((first + n) % 7 for n in range(count)), start, (start + length - 1) % DAY + 1
    ),
    st.integers(0, 6),
    st.integers(1, 7),
    st.integers(0, DAY - 1),
    st.integers(1, DAY - 1),
)


def walked(found: list[QuietSpan]) -> list[bool]:
    """Which minutes of a week are quiet, by walking through each span."""
    quiet = [False] * WEEK
    for span in found:
        for day in span.days:
            minute = day * DAY + span.start
            while True:
                quiet[minute % WEEK] = True
                minute += 1
                if minute % DAY == span.end % DAY:
                    break
    return quiet


@given(st.lists(spans, max_size=3), st.lists(st.integers(0, WEEK - 1), min_size=1, max_size=20))
@settings(max_examples=60, deadline=None)
def test_it_is_quiet_in_the_spans_and_until_the_end_of_the_last(found: list[QuietSpan], minutes: list[int]) -> None:
    text, quiet = ", ".join(map(str, found)), walked(found)
    for minute in minutes:
        weekday, of_day = divmod(minute, DAY)
        assert in_hours(of_day, text, weekday) is quiet[minute]
        expected = next((n for n in range(WEEK) if not quiet[(minute + n) % WEEK]), WEEK)
        assert quiet_min(of_day, text, weekday) == expected


@pytest.mark.parametrize(
    ("weekday", "clock", "words"),
    [
        (0, "06:59", ""),  # the night before it is Sunday's, which is no day of the span but a whole day itself
        (1, "06:59", "quiet hours until 07:00"),
        (1, "07:00", ""),
        (4, "23:00", "quiet hours until Monday 00:00"),
        (5, "12:00", "quiet hours until Monday 00:00"),
        (6, "12:00", "quiet hours until 00:00"),
    ],
)
def test_a_span_that_passes_midnight_belongs_to_the_day_it_begins_on(weekday: int, clock: str, words: str) -> None:
    hour, minute = map(int, clock.split(":"))
    assert quiet_words(hour * 60 + minute, "Mon-Fri 22:00-07:00, Sat-Sun", weekday) == words


def test_a_week_without_an_end_names_none() -> None:
    assert quiet_words(0, "00:00-24:00", 3) == "quiet hours"
