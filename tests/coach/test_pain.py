"""What follows from logged pain: a proposal, a referral said once, and nothing else."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.coach.pain import WHEN, PainEntry, episode, propose, referrals
from posture.coach.safety import ADVICE, QUESTIONS, Question, judge, names_red_flag

DAY_S = 86400.0
NOW_S = 100 * DAY_S


def entries(*told: tuple[float, int, str]) -> list[PainEntry]:
    """Of (days ago, level, when)."""
    return sorted(
        (PainEntry(NOW_S - ago * DAY_S, level, "low", when) for ago, level, when in told), key=lambda e: e.at_s
    )


@pytest.mark.parametrize(
    ("whens", "bias"),
    [
        (("sitting", "bending", "sitting"), "extension"),
        (("standing", "walking", "walking"), "flexion"),
        (("sitting", "walking", "sitting"), "neutral"),
        (("sitting", "sitting"), None),
        (("night", "night", "sitting", "sitting"), None),
    ],
)
def test_a_direction_needs_three_that_agree(whens: tuple[str, ...], bias: str | None) -> None:
    found = propose(entries(*((n, 4, when) for n, when in enumerate(whens))), NOW_S, "any")
    assert (found.bias if found else None) == bias


def test_the_last_three_count_and_zero_does_not() -> None:
    told = entries((9, 4, "walking"), (3, 4, "sitting"), (2, 4, "sitting"), (1, 0, "walking"), (0, 4, "bending"))
    found = propose(told, NOW_S, "any")
    assert found is not None
    assert found.bias == "extension"


def test_old_entries_and_a_bias_that_is_set_propose_nothing() -> None:
    assert propose(entries((40, 4, "sitting"), (39, 4, "sitting"), (38, 4, "sitting")), NOW_S, "any") is None
    assert propose(entries((3, 4, "sitting"), (2, 4, "sitting"), (1, 4, "sitting")), NOW_S, "extension") is None


def keys(told: list[PainEntry], said: set[str] | None = None) -> list[str]:
    return [referral.key.partition(":")[0] for referral in referrals(told, NOW_S, said or set())]


def test_day_14_suggests_and_day_21_is_firm() -> None:
    assert keys(entries((13, 4, ""), (0, 4, ""))) == []
    assert keys(entries((14, 4, ""), (0, 4, ""))) == ["day14"]
    assert keys(entries((21, 4, ""), (10, 4, ""), (0, 4, ""))) == ["day21"]
    assert "consider" in referrals(entries((14, 4, ""), (0, 4, "")), NOW_S, set())[0].text


def test_an_episode_that_improves_needs_none() -> None:
    assert keys(entries((14, 5, ""), (0, 3, ""))) == []
    assert keys(entries((14, 5, ""), (0, 4, ""))) == ["day14"]


def test_a_rise_of_two_within_a_week() -> None:
    assert keys(entries((6, 3, ""), (0, 5, ""))) == ["rise"]
    assert keys(entries((6, 3, ""), (0, 4, ""))) == []
    assert keys(entries((8, 3, ""), (0, 5, ""))) == []


def test_each_is_said_once_in_an_episode() -> None:
    told = entries((14, 3, ""), (5, 3, ""), (0, 6, ""))
    found = referrals(told, NOW_S, set())
    assert len(found) == 2
    assert referrals(told, NOW_S, {referral.key for referral in found}) == []


def test_a_zero_or_two_quiet_weeks_end_an_episode() -> None:
    assert [entry.level for entry in episode(entries((20, 4, ""), (10, 0, ""), (3, 5, "")), NOW_S)] == [5]
    assert [entry.level for entry in episode(entries((20, 4, ""), (3, 5, "")), NOW_S)] == [5]
    assert episode(entries((15, 4, "")), NOW_S) == []


@given(st.lists(st.tuples(st.floats(0, 60), st.integers(0, 10), st.sampled_from(("", *WHEN))), max_size=12))
def test_saying_what_is_due_leaves_nothing_due(told: list[tuple[float, int, str]]) -> None:
    made = entries(*told)
    found = referrals(made, NOW_S, set())
    assert len({referral.key for referral in found}) == len(found)
    assert referrals(made, NOW_S, {referral.key for referral in found}) == []


@pytest.mark.parametrize("question", QUESTIONS, ids=lambda question: question.id)
def test_every_answer_shows_its_advice(question: Question) -> None:
    verdict = judge([question.id])
    assert verdict.rank == question.rank
    assert verdict.texts == [ADVICE[question.rank]]
    assert verdict.suspends == (question.rank in ("emergency", "urgent"))


def test_all_signs_of_the_evidence_are_asked_worst_first() -> None:
    ranks = [question.rank for question in QUESTIONS]
    assert ranks == sorted(ranks, key=["emergency", "urgent", "routine"].index)
    emergencies = " ".join(question.text.lower() for question in QUESTIONS if question.rank == "emergency")
    for sign in ("numbness", "urine", "bowel", "sexual", "both legs", "weakness", "chest pain", "injury"):
        assert sign in emergencies
    urgent = " ".join(question.text.lower() for question in QUESTIONS if question.rank == "urgent")
    for sign in ("night", "severe", "leg", "fever", "weight", "cancer", "osteoporosis", "steroids", "immune"):
        assert sign in urgent


def test_the_worst_decides_and_all_are_shown() -> None:
    verdict = judge(["two_weeks", "bladder", "night"])
    assert verdict.rank == "emergency"
    assert verdict.texts == [ADVICE["emergency"], ADVICE["urgent"], ADVICE["routine"]]
    assert judge([]).texts == [ADVICE["clear"]]


@pytest.mark.parametrize(
    "note", ["my bladder is odd", "new BOWEL trouble", "numbness in the groin", "both legs tingle"]
)
def test_a_note_that_belongs_to_the_red_flags(note: str) -> None:
    assert names_red_flag(note)


@pytest.mark.parametrize("note", ["", "after the long drive", "below the ribs", "a numb foot after sitting on it"])
def test_a_note_that_does_not(note: str) -> None:
    assert not names_red_flag(note)
