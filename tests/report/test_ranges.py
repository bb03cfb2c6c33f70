"""What is not known of a day is said as such: durations at least and at most, and breaks that were not seen."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from html import unescape

import pytest
from rich.console import Console

from posture.history.records import Detail, Interval, Memory, Point
from posture.report.charts import draw
from posture.report.end_of_day import notice
from posture.report.figures import IN_CALL, LEFT, Prompt, Range, Summary, states
from posture.report.page import page
from posture.report.review import Review, review
from posture.report.terminal import show_review
from posture.report.trend import goals
from posture.report.words import Row, breaks, day_cells, figure_rows, goal_rows, hidden, lasted, outcome
from posture.settings import GoalSettings, Settings

DAY = date(2026, 3, 2)
T0 = datetime(2026, 3, 2, 8, tzinfo=UTC)
SPELLS = {"s": "sitting", "t": "standing", "a": "away", "l": "unknown", "c": "unknown", "u": "unknown"}
LIKELY = {"l": ("left", "the screen is locked"), "c": ("busy", "camera in use"), "u": ("blind", "too dark")}


def at(minutes: float, day: int = 0) -> datetime:
    return T0 + timedelta(days=day, minutes=minutes)


def lived(spells: str, day: int = 0, *, watched: bool = True) -> list[Interval]:
    """Records of a day: s sitting, t standing, a away, l left, c in a call, u not seen, each with its minutes.

    Unless it is watched nobody looks while the person has left.
    """
    found: list[Interval] = []
    minute = 0.0
    bout: list[float] = []
    for word in spells.split():
        kind, until = word[0], minute + float(word[1:])
        detail: Detail = {}
        if kind in LIKELY:
            detail = dict(zip(("likely", "reason"), LIKELY[kind], strict=True))
        found.append(Interval("presence", SPELLS[kind], at(minute, day), at(until, day), detail))
        if watched or kind != "l":
            found.append(Interval("watch", "camera", at(minute, day), at(until, day)))
        if kind in "sc" and (kind == "s" or bout):
            bout = [bout[0] if bout else minute, until, (bout[2] if bout else 0.0) + (until - minute) * (kind == "s")]
        elif kind in "atl" and bout:
            found.append(_bout(bout, day, "session" if kind == "l" else "break"))
            bout = []
        minute = until
    return [*found, _bout(bout, day, "end")] if bout else found


def _bout(bout: list[float], day: int, ended_by: str) -> Interval:
    start, end, sitting = bout
    return Interval("bout", "sitting", at(start, day), at(end, day), {"sitting_s": 60 * sitting, "ended_by": ended_by})


def reviewed(records: list[Interval], points: list[Point] | None = None, days: int = 1) -> Review:
    memory = Memory()
    memory.write(records, points or [])
    return review(memory, [DAY + timedelta(days=n) for n in range(days)], Settings(), UTC)


def summed(spells: str, points: list[Point] | None = None, *, watched: bool = True) -> Summary:
    return reviewed(lived(spells, watched=watched), points).whole


def rows(summary: Summary) -> dict[str, Row]:
    return {row.name: row for row in figure_rows(summary)}


MEETING = "s45 c53 s20 a5 s30"
LOCKER = "s40 a1 l9 s40 l30 s30 t5 s20"


# -- words ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("least_s", "most_s", "words"),
    [
        (2700, 2700, "45 min"),
        (2700, 2715, "45 min"),
        (2700, 5880, "45 min to 1 h 38"),
        (0, 1800, "up to 30 min"),
        (0, 0, "-"),
        (130, 130, "2 min 10 s"),
    ],
)
def test_a_duration_as_far_as_it_is_known(least_s: float, most_s: float, words: str) -> None:
    assert lasted(Range(least_s, most_s)) == words


def test_a_call_is_for_the_most_only() -> None:
    found = rows(summed(MEETING))
    assert found["Sitting"].value == "1 h 35 to 2 h 28"
    assert found["Sitting"].note == "in 2 sittings; the most if you sat in calls (53 min)"
    assert (found["In calls"].value, found["In calls"].note) == ("53 min", "another program had the camera")
    assert (found["Not seen"].value, "Left" in found) == ("0 s", False)
    assert found["Longest sitting"].value == "45 min to 1 h 58"
    assert found["Over your setting"].note.startswith("of the sitting that was seen")
    assert found["Breaks an hour"].note == "of sitting that was seen"


def test_a_time_that_was_not_seen_says_why() -> None:
    found = rows(summed("s45 u53 s20 a5 s30"))
    assert found["Sitting"].note == "in 2 sittings; the most if you sat while not seen (53 min)"
    assert (found["Not seen"].value, found["Not seen"].note) == ("53 min", "too dark 53 min")
    assert "In calls" not in found
    both = rows(summed("s45 u10 s10 c20 s20 a5 s30"))
    assert both["Sitting"].note.endswith("the most if you sat in calls (20 min) and while not seen (10 min)")


def test_breaks_that_were_not_seen_are_counted_apart() -> None:
    for watched in (True, False):
        day = summed(LOCKER, watched=watched)
        it = day.figures.breaks
        assert (it.effective, it.seen, it.by_session) == (3, 1, 2)
        assert breaks(day.figures) == "3 breaks, 2 of them by the locked screen or closed lid"
        found = rows(day)
        assert found["Breaks"].note == "2 of them by the locked screen or closed lid, typically 10 min"
        assert (found["Left"].value, found["Left"].note) == ("39 min", "locked or asleep after you left")
        assert (found["Sitting"].value, found["Longest sitting"].value) == ("2 h 10", "40 min")
        assert day.figures.left_s == 39 * 60
    assert breaks(summed("s40 l30 s30").figures) == "1 break, by the locked screen or closed lid"
    assert breaks(summed("s40 l30 s30 l9 s9").figures) == "2 breaks, all of them by the locked screen or closed lid"
    assert breaks(summed("s40 a30 s30").figures) == "1 break"


def test_a_night_in_which_the_lid_was_closed_is_none_of_it() -> None:
    day = summed("s40 l240 s40", watched=False)
    assert (day.figures.left_s, day.left) == (0, ())
    assert summed("s40 l239 s40", watched=False).figures.left_s == 239 * 60


def test_a_table_of_days_has_a_line_for_the_most() -> None:
    cells = day_cells(summed(MEETING), lambda figures: "last")
    assert cells[1:3] == ["1 h 35\nto 2 h 28", "45 min\nto 1 h 58"]
    assert day_cells(summed(LOCKER), lambda figures: "last")[1:3] == ["2 h 10", "40 min"]


def test_the_end_of_the_day_says_no_more_than_is_known() -> None:
    assert notice(summed(MEETING)) == (
        "Your day",
        "Sitting 1 h 35 to 2 h 28, longest sitting 45 min to 1 h 58, 1 break.",
    )
    told = notice(summed(LOCKER))
    assert told is not None
    assert "longest sitting 40 min, 3 breaks, 2 of them by the locked screen or closed lid." in told[1]


def test_a_day_of_calls_is_not_hidden() -> None:
    """What was likely counts as known for that, and the words say what was counted."""
    day = summed("s10 c100 s10 u20")
    assert (day.hidden, day.coverage) == ("", 20 / 140)
    little = summed("s10 c20 s10 u60")
    assert hidden(little) == (
        "The other figures are hidden: only 40 % of the watched time was seen, spent in calls or after you left, and "
        "under 60 % the figures would mislead."
    )
    assert "only 20 % of the watched time is known" in hidden(summed("s20 u80"))


# -- what came of prompts ---------------------------------------------------------------------------------------------


def test_what_came_of_a_prompt_in_words() -> None:
    assert outcome(Prompt(T0, "stand", "told")) == "as you say"
    assert outcome(Prompt(T0, "stand", "partly", 0.6)) == "in part (60 %)"
    assert outcome(Prompt(T0, "move", None)) == "-"


def test_what_was_done_is_said_and_what_nobody_did_is_not_made_up() -> None:
    points = [Point("reminder", at(30), "stand"), Point("answer", at(31), "stand"), Point("reminder", at(94), "stand")]
    points += [Point("reminder", at(110), "stand", {"asks_s": 120.0})]
    day = summed("s95 a5 s11 a1 s60", points)
    found = rows(day)
    assert (found["Reminders followed"].value, found["Reminders followed"].note) == (
        "67 %",
        "1 in time, 1 as you say, 1 in part",
    )
    every = rows(summed("s95 a5 s60", points[:3]))["Reminders followed"]
    assert (every.value, every.note) == ("100 %", "every one: 1 in time, 1 as you say")
    charts = {chart.title: chart for chart in draw(reviewed(lived("s95 a5 s11 a1 s60"), points))}
    assert [row[2] for row in charts["The day"].rows if row[2].startswith("reminder")] == [
        "reminder: stand, as you say",
        "reminder: stand, in time",
        "reminder: stand, in part (50 %)",
    ]
    # A single day is no chart over the days; with the day before it is.
    two = [*lived("s30", 0), *lived("s95 a5 s11 a1 s60", 1)]
    later = [replace(point, at=point.at + timedelta(days=1)) for point in points]
    over = {chart.title: chart for chart in draw(reviewed(two, later, days=2))}["Breaks and reminders"]
    assert over.head == ("", "breaks", "in time", "as you say", "in part", "late", "not followed")
    assert "1 in time, 1 as you say, 1 in part, 0 late, 0 not followed" in over.alt
    assert "reminder as you say" in charts["The day"].svg


# -- goals ------------------------------------------------------------------------------------------------------------


def judged(spells: str, **set_goals: float) -> tuple[bool | None, str]:
    settings = replace(Settings(), goals=GoalSettings(**set_goals))
    found = goals([reviewed(lived(spells)).whole], settings)
    return found[0].met, goal_rows(found)[0].value


def test_a_goal_is_never_claimed() -> None:
    """Met whatever happened unseen, missed whatever happened unseen, or not known."""
    assert judged(MEETING, longest_bout_s=118 * 60) == (True, "met (45 min to 1 h 58)")
    assert judged(MEETING, longest_bout_s=117 * 60) == (None, "not known (45 min to 1 h 58)")
    assert judged(MEETING, longest_bout_s=45 * 60) == (None, "not known (45 min to 1 h 58)")
    assert judged(MEETING, longest_bout_s=44 * 60) == (False, "not met (45 min to 1 h 58)")
    assert judged(MEETING, sitting_s=148 * 60)[0] is True
    assert judged(MEETING, sitting_s=100 * 60)[0] is None
    assert judged(MEETING, sitting_s=94 * 60)[0] is False


def test_breaks_in_calls_may_have_been_taken() -> None:
    # 1 break in 95 to 148 minutes, and 26 more could have been taken in the call.
    assert judged(MEETING, breaks_per_hour=0.4)[0] is True
    assert judged(MEETING, breaks_per_hour=0.41) == (None, "not known (0.4 to 17.1)")
    assert judged(MEETING, breaks_per_hour=17.1)[0] is False
    assert judged("s45 a5 s45", breaks_per_hour=0.7) == (False, "not met (0.7)")


# -- charts, page, terminal -------------------------------------------------------------------------------------------


def test_calls_and_left_have_a_look_and_a_legend_of_their_own() -> None:
    found = reviewed([*lived(MEETING), *lived(LOCKER, 1, watched=False)], days=2)
    assert [state for _, _, state in states(found.days[0][1])][:3] == ["sitting", IN_CALL, "sitting"]
    assert [state for _, _, state in states(found.days[1][1])][:3] == ["sitting", "away", LEFT]
    charts = {chart.title: chart for chart in draw(found)}
    for name in ("in a call", "left"):
        assert f">{name}<" in charts["Hours of the days"].svg
    assert charts["Hours of the days"].head == ("day", "sitting", "standing", "away", "left", "in calls", "not seen")
    assert [row[1:] for row in charts["Hours of the days"].rows] == [
        ("1 h 35 to 2 h 28", "0 s", "5 min", "0 s", "53 min", "0 s"),
        ("2 h 10", "5 min", "1 min", "39 min", "0 s", "0 s"),
    ]
    assert "A thin line with caps: the longest sitting, at least and at most." in charts["Sittings"].alt
    assert "by the locked screen" in charts["Breaks and reminders"].head
    (day,) = (chart for chart in draw(reviewed(lived(LOCKER, watched=False))) if chart.title == "The day")
    assert "left 39 min (locked or asleep); 3 breaks, 2 of them by the locked screen" in day.alt


def test_the_chart_of_bouts_says_where_the_longest_may_have_ended() -> None:
    def bouts(spells: str) -> str:
        (found,) = (chart for chart in draw(reviewed(lived(spells))) if chart.title == "Sittings")
        return found.alt + found.svg

    assert "Shaded: the longest sitting may have ended anywhere here" in bouts(MEETING)
    assert ">longest<" in bouts(MEETING)
    assert "Shaded" not in bouts(LOCKER)
    assert ">longest<" not in bouts(LOCKER)


@pytest.mark.parametrize("spells", [MEETING, LOCKER])
def test_page_and_terminal_say_the_same(spells: str) -> None:
    found = reviewed([*lived(spells), *lived(MEETING, 1)], days=2)
    file = io.StringIO()
    show_review(found, "Two days", Console(file=file, width=110))
    text = " ".join(unescape(re.sub(r"<[^>]+>", " ", page(found, "Two days", [], ""))).split())
    table = " ".join(file.getvalue().split())
    for row in figure_rows(found.whole):
        assert f"{row.name} {row.value}" in table
        assert f"{row.name} {row.value}" in text
    one = reviewed(lived(spells))
    file = io.StringIO()
    show_review(one, "A day", Console(file=file, width=110))
    assert ("≈ in a call" if "c" in spells else "▁ left") in file.getvalue()
    assert "? unknown" not in file.getvalue()
