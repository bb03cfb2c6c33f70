"""The sentences of reminders and events, word for word."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.coach.event_text import event_json, event_line
from posture.coach.exercises import find_exercise
from posture.coach.quiet import in_hours
from posture.coach.reminder import Reminder, ReminderKind
from posture.coach.sentences import Facts, body_of, title_of
from posture.coach.words import DEVIATION_WORDS, minutes, span, unjudged_words
from posture.measure.observation import DEVIATIONS, Deviation
from posture.settings import parse_hours
from posture.timeline.events import (
    BoutEnded,
    BoutStarted,
    DeviationEnded,
    DeviationStarted,
    Event,
    PosturalShift,
    PresenceChanged,
    UnjudgedEnded,
    UnjudgedStarted,
)

FACTS = Facts(1860.0, 1800.0, "sitting")


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (0.0, "0 s"),
        (39.6, "40 s"),
        (89.9, "90 s"),
        (90.0, "2 min"),
        (100.0, "2 min"),
        (1860.0, "31 min"),
        (3569.0, "59 min"),
        (3571.0, "1 h 00"),
        (7500.0, "2 h 05"),
        (36000.0, "10 h 00"),
    ],
)
def test_a_duration(seconds: float, words: str) -> None:
    assert minutes(seconds) == words


@pytest.mark.parametrize(
    ("kind", "title", "body"),
    [
        ("stand", "Time to stand", "You have been sitting for 31 min. Stand up and walk a few steps."),
        (
            "move",
            "Change your position",
            "You have been in one position for 31 min. Shift your weight, roll the shoulders, sit another way.",
        ),
        ("sit", "Time to sit", "You have been standing for 31 min. Sit down for a while, or walk a little."),
        (
            "stretch",
            "Time for a side stretch",
            "You have sat for 31 min without a stretch. Stand up and stretch both sides, as far as is easy.",
        ),
    ],
)
def test_a_reminder_without_an_exercise(kind: ReminderKind, title: str, body: str) -> None:
    assert (title_of(kind, FACTS), body_of(kind, FACTS)) == (title, body)


def test_a_reminder_with_an_exercise() -> None:
    facts = replace(FACTS, exercise=find_exercise("ql_stand"))
    line = (
        "Stand, raise the {} arm, bend gently to the {} and breathe for 20 s; then the {} arm. Stop if it hurts."
    ).format
    sat = "You have sat for 31 min without a stretch."
    assert title_of("stretch", facts) == "Time to stretch: standing side-bend"
    assert body_of("stretch", facts) == f"{sat} {line('left', 'right', 'right')}"
    right = replace(facts, side="right")
    assert body_of("stretch", right) == f"{sat} {line('right', 'left', 'left')}"
    assert body_of("stand", facts) == f"You have been sitting for 31 min. {line('left', 'right', 'right')}"
    assert body_of("stand", right) == f"You have been sitting for 31 min. {line('right', 'left', 'left')}"
    leant = replace(right, leant="right")
    assert body_of("stretch", leant) == (
        "You leaned right more on most of the last days; lengthening that side may feel good. "
        f"{line('right', 'left', 'left')} Once more on the right."
    )
    other = replace(right, leant="left")
    assert body_of("stretch", other) == body_of("stretch", right)
    assert "Once more" not in body_of("stand", leant)


@pytest.mark.parametrize(
    ("kind", "title", "body"),
    [
        ("slump", "Slumped", "Any other position will do: sit back, stand up, or sit another way for a while."),
        ("forward_head", "Head forward", "Lean back, look into the distance for a moment, or bring the screen nearer."),
        ("lean_left", "Leaning left", "Shift to the other side or to the middle."),
        ("lean_right", "Leaning right", "Shift to the other side or to the middle."),
        ("shoulder_tilt", "One shoulder higher", "Let both shoulders drop, or rest the arms another way."),
        ("head_tilt", "Head tilted", "Let the head come to the middle, or turn it gently both ways."),
        ("too_close", "Close to the screen", "Lean back, or move the screen a little away."),
    ],
)
def test_a_posture_reminder(kind: Deviation, title: str, body: str) -> None:
    facts = Facts(300.0, 180.0, deviation=kind, level=1.26)
    assert title_of("posture", facts) == f"{title} for 5 min"
    assert body_of("posture", facts) == body
    assert facts.why == f"{title.lower()} for 5 min, 1.3 times its threshold now; kept for most of the last 3 min"
    assert DEVIATION_WORDS[kind] == title.lower()


def test_a_stand_names_the_call_that_has_just_ended_and_claims_no_sitting() -> None:
    assert body_of("stand", replace(FACTS, call_s=3600.0)) == (
        "Your camera was in a call for 1 h 00. If you sat through it, this is a good moment to stand. "
        "Stand up and walk a few steps."
    )


def test_what_was_not_all_seen_is_said_as_a_range() -> None:
    facts = Facts(5880.0, 1800.0, "sitting", least_s=2700.0)
    assert body_of("stand", facts) == ("You have been sitting for 45 min to 1 h 38. Stand up and walk a few steps.")
    assert facts.why == "sitting for 45 min to 1 h 38; your setting is 30 min"
    assert span(2700.0, 2710.0) == "45 min"


def test_who_said_they_stand_is_asked_and_not_told() -> None:
    facts = replace(FACTS, said=True)
    assert title_of("sit", facts) == "Still standing?"
    assert body_of("sit", facts) == (
        "You said 31 min ago that you were standing. If you still are, sit for a while or walk a little."
    )


def test_all_deviations_have_words() -> None:
    assert set(DEVIATION_WORDS) == set(DEVIATIONS)


def test_why() -> None:
    assert Facts(1.0, 2.0) == Facts(1.0, 2.0, "", None, 0.0, None, None, None, None, 0.0, False)
    assert FACTS.why == "sitting for 31 min; your setting is 30 min"


# -- events ------------------------------------------------------------------------------------------------------------

REMINDER = Reminder(12.343, "stretch", "A title", "A body.", "why", ("stand",), "left", True, "ql_stand")


@pytest.mark.parametrize(
    ("event", "line", "found"),
    [
        (
            PresenceChanged(12.343, 1.234, "unknown", "sitting", "dark"),
            "unknown (dark)",
            {"event": "presence", "state": "unknown", "was": "sitting", "since": 1.23, "reason": "dark"},
        ),
        (
            PresenceChanged(12.343, 1.236, "away", "sitting"),
            "away",
            {"event": "presence", "state": "away", "was": "sitting", "since": 1.24},
        ),
        (BoutStarted(12.343, 1.236), "a sitting bout begins", {"event": "bout_start", "since": 1.24}),
        (
            PresenceChanged(12.343, 1.236, "unknown", "away", "the screen is locked", "left"),
            "unknown (the screen is locked, likely left)",
            {"event": "presence", "state": "unknown", "was": "away", "since": 1.24, "reason": "the screen is locked"}
            | {"unknown": "left"},
        ),
        (
            PresenceChanged(12.343, 1.236, "unknown", "away", "dark", "blind"),
            "unknown (dark)",
            {"event": "presence", "state": "unknown", "was": "away", "since": 1.24, "reason": "dark"}
            | {"unknown": "blind"},
        ),
        (
            BoutEnded(12.343, 1.236, 601.236, 599.996, "break", 0.0, 0.0, 599.996),
            "the bout ends after 10 min of sitting: a break",
            {"event": "bout_end", "since": 1.24, "until": 601.24, "sitting_s": 600.0, "ended_by": "break"}
            | {"busy_s": 0.0, "unseen_s": 0.0, "longest_run_s": 600.0},
        ),
        (
            BoutEnded(12.343, 0.0, 0.0, 4080.0, "session", 1500.004, 300.006, 2700.0),
            "the bout ends after 45 min to 1 h 38 of sitting: a break by the session, seen leaving and then locked or "
            "asleep",
            {"event": "bout_end", "since": 0.0, "until": 0.0, "sitting_s": 4080.0, "ended_by": "session"}
            | {"busy_s": 1500.0, "unseen_s": 300.01, "longest_run_s": 2700.0},
        ),
        (
            BoutEnded(12.343, 0.0, 0.0, 60.0, "unknown", 0.0, 0.0, 60.0),
            "the bout ends after 60 s of sitting: lost from sight",
            {"event": "bout_end", "since": 0.0, "until": 0.0, "sitting_s": 60.0, "ended_by": "unknown"}
            | {"busy_s": 0.0, "unseen_s": 0.0, "longest_run_s": 60.0},
        ),
        (
            BoutEnded(12.343, 0.0, 0.0, 60.0, "end", 0.0, 0.0, 60.0),
            "the bout ends after 60 s of sitting: the end of watching",
            {"event": "bout_end", "since": 0.0, "until": 0.0, "sitting_s": 60.0, "ended_by": "end"}
            | {"busy_s": 0.0, "unseen_s": 0.0, "longest_run_s": 60.0},
        ),
        (
            DeviationStarted(12.343, 1.236, "slump", 1.236),
            "slumped",
            {"event": "deviation_start", "kind": "slump", "since": 1.24, "level": 1.24},
        ),
        (
            DeviationEnded(12.343, 1.236, 61.236, "too_close"),
            "no longer close to the screen, after 60 s",
            {"event": "deviation_end", "kind": "too_close", "since": 1.24, "until": 61.24},
        ),
        (
            UnjudgedStarted(12.343, 1.236, ("lean_left", "lean_right", "head_tilt", "too_close"), "of this"),
            "not judged: lean, head tilt and too close, because of this",
            {
                "event": "unjudged_start",
                "kinds": ["lean_left", "lean_right", "head_tilt", "too_close"],
                "since": 1.24,
                "why": "of this",
            },
        ),
        (
            UnjudgedEnded(12.343, 1.236, 61.236, ("lean_right",), "of that"),
            "was not judged for 60 s, because of that: lean right",
            {"event": "unjudged_end", "kinds": ["lean_right"], "since": 1.24, "until": 61.24, "why": "of that"},
        ),
        (PosturalShift(12.343, 1.236), "changed position", {"event": "postural_shift", "since": 1.24}),
        (
            REMINDER,
            "REMINDER A title: A body.",
            {
                "event": "reminder",
                "kind": "stretch",
                "title": "A title",
                "body": "A body.",
                "why": "why",
                "covers": ["stand"],
                "side": "left",
                "repeat": True,
                "exercise": "ql_stand",
            },
        ),
    ],
    ids=lambda value: type(value).__name__,
)
def test_an_event_as_a_line_and_as_json(event: Event | Reminder, line: str, found: dict[str, object]) -> None:
    assert event_line(event) == line
    assert event_json(event) == {"t": 12.34, **found}


@pytest.mark.parametrize(
    ("kinds", "words"),
    [
        (DEVIATIONS, "how you sit"),
        (DEVIATIONS[:-1], "slump, forward head, lean, shoulder tilt and head tilt"),
        (("lean_left", "slump"), "slump and lean left"),
        (("too_close",), "too close"),
    ],
)
def test_what_is_not_judged_is_named(kinds: tuple[str, ...], words: str) -> None:
    assert unjudged_words(kinds) == words


def test_no_exercise_is_null() -> None:
    assert event_json(replace(REMINDER, exercise=""))["exercise"] is None


# -- quiet hours -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("clock", "hours", "quiet"),
    [
        ("11:59", "12:00-13:00", False),
        ("12:00", "12:00-13:00", True),
        ("12:59", "12:00-13:00", True),
        ("13:00", "12:00-13:00", False),
        ("23:59", "12:00-13:00", False),
        ("00:00", "12:00-13:00", False),
        ("21:59", "22:00-07:00", False),
        ("22:00", "22:00-07:00", True),
        ("00:00", "22:00-07:00", True),
        ("06:59", "22:00-07:00", True),
        ("07:00", "22:00-07:00", False),
        ("12:30", "12:00-13:00, 22:00-07:00", True),
        ("23:00", "12:00-13:00, 22:00-07:00", True),
        ("18:00", "12:00-13:00, 22:00-07:00", False),
        ("23:59", "00:00-24:00", True),
        ("00:00", "00:00-24:00", True),
        ("12:00", "", False),
    ],
)
def test_quiet_hours(clock: str, hours: str, quiet: bool) -> None:
    hour, minute = clock.split(":")
    assert in_hours(int(hour) * 60 + int(minute), hours) is quiet


@given(st.integers(0, 1439), st.integers(0, 1439))
def test_a_span_is_as_long_as_it_says(start: int, stop: int) -> None:
    if start == stop:
        return
    text = "{:02}:{:02}-{:02}:{:02}".format(*divmod(start, 60), *divmod(stop, 60))
    assert [(span.start, span.end) for span in parse_hours(text)] == [(start, stop)]
    quiet = [minute for minute in range(1440) if in_hours(minute, text)]
    assert len(quiet) == (stop - start) % 1440
    assert start in quiet
    assert stop not in quiet
