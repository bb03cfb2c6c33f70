"""The answer in words: whole sentences, from the figures, that say no more than is known."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.history.records import Detail, Interval, Memory, Point
from posture.report.answer import LEAST_DIFFERENCE_S, answer_of
from posture.report.review import Review, review
from posture.settings import Settings

DAY = date(2026, 3, 4)  # a Wednesday
SPELLS = {"s": "sitting", "a": "away", "t": "standing", "c": "unknown", "u": "unknown"}


def at(day: date, minute: float) -> datetime:
    return datetime(day.year, day.month, day.day, 8, tzinfo=UTC) + timedelta(minutes=minute)


def lived(memory: Memory, day: date, spells: list[tuple[str, float]], points: list[Point] | None = None) -> None:
    """Write a day of sitting, away, standing, in a call and unseen, minutes each, from 8 o'clock."""
    records, minute, whole = [], 0.0, sum(length for _, length in spells)
    for what, length in spells:
        detail: Detail = {"likely": "busy", "reason": "camera in use"} if what == "c" else {}
        records.append(Interval("presence", SPELLS[what], at(day, minute), at(day, minute + length), detail))
        if what == "s":
            seen: Detail = {"sitting_s": 60.0 * length, "ended_by": "break"}
            records.append(Interval("bout", "sitting", at(day, minute), at(day, minute + length), seen))
        minute += length
    memory.write([*records, Interval("watch", "camera", at(day, 0), at(day, whole))], points or [])


def reviewed(memory: Memory, days: int = 1, now: datetime | None = None) -> Review:
    return review(memory, [DAY + timedelta(days=n) for n in range(days)], Settings(), UTC, now=now)


def said(memory: Memory, days: int = 1, now: datetime | None = None) -> str:
    return answer_of(reviewed(memory, days, now)).text


def usual_wednesdays(memory: Memory, minutes: float, number: int = 4) -> None:
    for week in range(1, number + 1):
        lived(memory, DAY - timedelta(days=7 * week), [("s", minutes), ("a", 10.0)])


def test_a_day_is_compared_with_the_same_weekday() -> None:
    memory = Memory()
    usual_wednesdays(memory, 120)
    lived(memory, DAY, [("s", 50), ("a", 10), ("s", 30)])
    assert said(memory).startswith("You sat 1 h 20, 40 min less than on a usual Wednesday.")
    assert "The longest sitting was 50 min, from 08:00 to 08:50." in said(memory)


def test_with_too_few_of_the_same_weekday_it_is_the_days_before() -> None:
    memory = Memory()
    usual_wednesdays(memory, 120, number=2)
    lived(memory, DAY, [("s", 80)])
    assert said(memory).startswith("You sat 1 h 20.")
    for n in (1, 2, 3):
        lived(memory, DAY - timedelta(days=n), [("s", 40)])  # with the 120: 60 on average
    assert said(memory).startswith("You sat 1 h 20, 20 min more than on a usual day.")


def test_a_day_that_goes_on_is_compared_up_to_the_same_hour() -> None:
    memory = Memory()
    usual_wednesdays(memory, 480)
    lived(memory, DAY, [("s", 58), ("a", 2)])
    now = at(DAY, 60)
    assert said(memory, now=now).startswith("So far today, at 09:00, you sat 58 min, about as long as by then on a")
    usual = reviewed(memory, now=now).usual
    assert usual is not None
    assert (usual.trend.figures["sitting_s"], usual.trend.figures["longest_bout_s"]) == (3600.0, 3600.0)
    # Once the day is over, it is one day like others.
    assert "less than on a usual Wednesday" in said(memory, now=at(DAY + timedelta(days=1), 0))


def test_a_week_has_an_average_and_the_difference_from_the_week_before() -> None:
    memory = Memory()
    monday = DAY - timedelta(days=2)
    for n in range(7):
        lived(memory, monday - timedelta(days=7 - n), [("s", 300), ("a", 5)])
        lived(memory, monday + timedelta(days=n), [("s", 240), ("a", 5), ("s", 20), ("a", 5)])
    days = [monday + timedelta(days=n) for n in range(7)]
    answer = answer_of(review(memory, days, Settings(), UTC))
    assert answer.text.startswith(
        "You sat 4 h 20 a day, on average over 7 days. That is 40 min a day less than in the week before."
    )
    assert [(figure.name, figure.value, figure.note.text) for figure in answer.figures] == [
        ("Sitting a day", "4 h 20", "week before: 5 h 00"),
        ("Longest sitting", "4 h 00", "of all these days"),
        ("Breaks a day", "1.0", "week before: 0.0"),
    ]
    assert len(answer.strips) == 7
    # Today is not in the average: an hour of it would say that the week was short.
    running = answer_of(review(memory, days, Settings(), UTC, now=at(days[-1], 60)))
    assert "on average over 6 days" in running.text
    assert "Today still goes on" in running.text


@pytest.mark.parametrize(
    ("first", "last", "than"),
    [
        (date(2026, 2, 1), date(2026, 2, 28), "month"),
        (date(2026, 1, 1), date(2026, 12, 31), "year"),
        (date(2026, 3, 2), date(2026, 3, 8), "week"),
        (date(2026, 3, 3), date(2026, 3, 5), "days"),
    ],
)
def test_what_some_days_are_compared_with(first: date, last: date, than: str) -> None:
    memory = Memory()
    lived(memory, first - timedelta(days=1), [("s", 60)])
    lived(memory, last, [("s", 90)])
    days = [first + timedelta(days=n) for n in range((last - first).days + 1)]
    found = review(memory, days, Settings(), UTC)
    assert found.usual is not None
    assert (found.usual.than, found.usual.trend.figures["sitting_s"]) == (than, 3600.0)
    assert "That is 30 min a day more than in" in answer_of(found).text


def test_nothing_and_too_little_are_said() -> None:
    memory = Memory()
    assert said(memory) == "The camera did not watch on this day."
    assert answer_of(reviewed(memory)).figures == ()
    assert said(memory, now=at(DAY, 60)) == "The camera has not watched today."
    done = Point("hold", at(DAY, 5), "ql_stand", {"side": "left", "hold_s": 20.0, "verified": True})
    memory.write([], [done])
    assert said(memory) == "The camera did not watch on this day. You did one exercise."
    lived(memory, DAY, [("s", 20), ("u", 100)])
    assert said(memory).startswith("Too little was seen to say how it was: 20 min of the 2 h 00")


def leaner(memory: Memory, side: str, days: int) -> None:
    for n in range(days):
        day = DAY - timedelta(days=n)
        lived(memory, day, [("s", 120)])
        memory.write([Interval("deviation", f"lean_{side}", at(day, 10), at(day, 40))])


@pytest.mark.parametrize("side", ["left", "right"])
def test_leaning_has_its_time_and_a_side_only_where_there_is_a_habit(side: str) -> None:
    memory = Memory()
    leaner(memory, side, 2)
    assert f"You leaned {side} for 30 min." in said(memory)
    assert " of the last " not in said(memory)
    memory = Memory()
    leaner(memory, side, 4)
    other = "right" if side == "left" else "left"
    habit = f"You leaned {side} more than {other} on 4 of the last 4 days that were judged"
    assert f"{habit}." in said(memory)
    found = reviewed(memory)
    assert f"{habit}: begin with the {side} side when you stretch" in answer_of(found, exercises=True).text
    # The user's own choice of a side goes before it.
    own = replace(found, settings=replace(Settings(), coach=replace(Settings().coach, first_side="left")))
    assert "begin with" not in answer_of(own, exercises=True).text


SOME_DAY = st.lists(st.tuples(st.sampled_from("satcu"), st.integers(2, 120).map(float)), min_size=1, max_size=9)


@given(days=st.lists(SOME_DAY, min_size=1, max_size=5), hour=st.none() | st.integers(1, 400))
def test_no_answer_says_more_than_is_known(days: list[list[tuple[str, float]]], hour: int | None) -> None:
    """At least and at most wherever something was not seen, and a difference only where it is one in any case."""
    memory = Memory()
    for n, spells in enumerate(days):
        lived(memory, DAY - timedelta(days=n), spells)
    found = reviewed(memory, now=None if hour is None else at(DAY, hour))
    answer = answer_of(found, exercises=True)
    it = found.whole.figures
    assert len(answer.figures) == (3 if found.whole.watches else 0)
    assert all("{" not in sentence.text for sentence in answer.sentences)
    for strip in answer.strips:
        assert all(a < b for a, b, _ in strip.pieces)
        assert all(one[1] <= other[0] for one, other in zip(strip.pieces, strip.pieces[1:], strict=False))
    first = answer.sentences[0]
    if "sitting" in first.values and not found.whole.hidden:
        exact = abs(it.sitting.at_most_s - it.sitting.at_least_s) < 60.0
        assert ("{sitting}" in first.template) == exact or it.sitting.at_least_s < 60.0
        if "difference" in first.template:
            assert found.usual is not None
            least_s, most_s = (found.usual.trend.figures[name] or 0.0 for name in ("sitting_s", "sitting_at_most_s"))
            if " more than" in first.template:
                assert it.sitting.at_least_s - most_s >= LEAST_DIFFERENCE_S
            else:
                assert least_s - it.sitting.at_most_s >= LEAST_DIFFERENCE_S
    if it.busy_s >= 600.0 and it.sitting.at_most_s > 0 and not found.whole.hidden:
        assert "Another program had the camera" in answer.text
