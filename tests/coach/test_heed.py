"""What is let pass is counted by kind, and what is acted on, answered or snoozed ends the count."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.coach import heed
from posture.coach.heed import LESS_OFTEN, Heed
from posture.coach.reminder import ReminderKind
from posture.settings import KINDS, find_spec
from posture.timeline.state import Bout, Span, TimelineState

SITS = TimelineState(1000.0, "sitting", 100.0, bout=Bout(100.0), shift_s=100.0)
ASKED: tuple[ReminderKind, ...] = ("stand", "stretch")
kinds = st.sampled_from([kind for kind in get_args(ReminderKind) if kind != "eyes"])  # those end by themselves


def test_there_are_as_many_kinds_here_as_in_the_settings() -> None:
    assert get_args(ReminderKind) == KINDS
    assert set(LESS_OFTEN) == set(KINDS)
    assert all(find_spec(key).kind == "duration" for key in LESS_OFTEN.values())


@given(st.lists(kinds, max_size=30), kinds)
def test_each_reminder_that_nothing_came_of_counts_once(given_kinds: list[ReminderKind], kind: ReminderKind) -> None:
    state = Heed()
    for t_s, each in enumerate(given_kinds):
        state = heed.seen(heed.given(state, each, 500.0 + t_s), SITS, ASKED)
    assert state.let_pass.get(kind, 0) == max(0, given_kinds.count(kind) - 1)
    after = heed.heeded(state, [kind])
    assert kind not in after.let_pass
    assert heed.given(after, kind, 900.0).let_pass.get(kind, 0) == 0


@pytest.mark.parametrize(
    ("kind", "seen", "asked", "acted_on"),
    [
        ("stand", SITS, ("stand",), False),
        ("stand", SITS, (), True),  # it was answered
        ("stand", replace(SITS, bout=Bout(600.0)), ("stand",), True),  # a break
        ("stretch", replace(SITS, bout=Bout(600.0)), ("stretch",), True),
        ("move", SITS, (), False),
        ("move", replace(SITS, shift_s=501.0), (), True),
        ("posture", SITS, (), False),
        ("posture", replace(SITS, spans=(Span("slump", 300.0, 800.0),)), (), True),
        ("posture", replace(SITS, spans=(Span("slump", 300.0, 801.0),)), (), False),  # 301 s later
        ("posture", replace(SITS, spans=(Span("slump", 300.0, 499.0),)), (), False),  # before it was said
        ("sit", replace(SITS, presence="standing"), (), False),
        ("sit", replace(SITS, presence_since_s=600.0), (), True),
        ("sit", replace(SITS, presence="away", presence_since_s=600.0), (), True),
        ("sit", replace(SITS, presence="unknown", presence_since_s=600.0), (), False),
    ],
)
def test_what_counts_as_acted_on(kind: ReminderKind, seen: TimelineState, asked: Any, acted_on: bool) -> None:
    state = heed.given(Heed(), kind, 500.0)
    assert (heed.seen(state, seen, asked) == Heed()) is acted_on
