"""The limits of the small rules: whose turn it is, which side, what pain and a check-in lead to, and the programme."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.coach.asymmetry import DAYS, LEAST_DAYS, LEAST_S, DayLean, Finding, shortened_side
from posture.coach.choose import QL_WEIGHT, STRETCHES, Limits, fitting, next_stand, next_stretch
from posture.coach.exercise import BIASES, Exercise, Side, other_side
from posture.coach.exercises import find_exercise, library
from posture.coach.pain import PainEntry, Proposal, Referral, episode, propose, referrals
from posture.coach.plan import Done, tick, week_of
from posture.coach.safety import ADVICE, QUESTIONS, Verdict, judge

DAY_S = 86400.0

# -- whose turn it is --------------------------------------------------------------------------------------------------

QL = ("ql_stand", "ql_seat")


def test_side_stretches_come_twice_as_often() -> None:
    assert QL_WEIGHT == 2.0
    ago_s = dict.fromkeys(STRETCHES, 1000.0)
    for name in STRETCHES:
        if name not in QL:
            assert next_stretch({**ago_s, name: 1999.9}).id == "ql_stand"
            assert next_stretch({**ago_s, name: 2000.1}).id == name


def test_over_a_long_time_side_stretches_are_as_many_as_all_others() -> None:
    named_s: dict[str, float] = {}
    turns = []
    for turn in range(1, 401):
        chosen = next_stretch({name: turn - t for name, t in named_s.items()}).id
        named_s[chosen] = float(turn)
        turns.append(chosen)
    counts = {name: turns.count(name) for name in STRETCHES}
    assert sum(counts[name] for name in QL) == pytest.approx(200, abs=2)
    assert all(count == pytest.approx(50, abs=2) for name, count in counts.items() if name not in QL)


def test_ties_go_to_the_first() -> None:
    assert next_stretch({}).id == "ql_stand"
    assert next_stretch(dict.fromkeys(STRETCHES, 500.0)).id == "ql_stand"
    assert next_stretch({**dict.fromkeys(STRETCHES, 500.0), "ql_stand": 499.0}).id == "ql_seat"


def test_for_a_side_only_side_stretches_are_considered() -> None:
    sides: tuple[Side, Side] = ("left", "right")
    for side in sides:
        assert next_stretch({"ql_stand": 5.0}, Limits(), side).id == "ql_seat"
        assert next_stretch({"ql_stand": 5.0, "ql_seat": 4.0}, Limits(), side).id == "ql_stand"


def exercise_of(turn: int, bias: str = "any") -> str:
    chosen = next_stand(turn, Limits(bias))
    assert chosen is not None
    return chosen.id


@pytest.mark.parametrize("bias", ["any", *BIASES])
def test_stand_exercises_take_turns(bias: str) -> None:
    turns = {
        "any": ["walk", "ql_stand", "hf_split"],
        "neutral": ["walk", "ql_stand"],
        "flexion": ["ql_stand"],  # for those whom being upright hurts: no walking
        "extension": ["hf_split", "back_bend", "walk", "ql_stand"],
    }[bias]
    assert [exercise_of(turn, bias) for turn in range(2 * len(turns))] == 2 * turns
    assert [exercise_of(turn) for turn in range(3)] == ["walk", "ql_stand", "hf_split"]


@pytest.mark.parametrize("bias", ["any", *BIASES])
def test_a_bias_is_followed(bias: str) -> None:
    fit = fitting(library(), Limits(bias))
    assert next_stretch({exercise.id: 1.0 for exercise in fit}, Limits(bias)) in fit
    for exercise in library():
        directed = bias == "any" or "neutral" in exercise.bias or bias in exercise.bias
        assert (exercise in fit) == (directed and not (bias == "flexion" and exercise.id == "walk"))


def test_filters_take_part_of_a_region_a_place_and_a_time() -> None:
    assert fitting(library()) == list(library())
    flexors = fitting(library(), target="HIP F")
    assert flexors
    assert {exercise.target for exercise in flexors} == {"hip flexors"}
    desk = fitting(library(), positions=["desk"])
    assert {exercise.position for exercise in desk} == {"desk", "any"}
    both = fitting(library(), positions=["desk", "standing"])
    assert {exercise.position for exercise in both} == {"desk", "standing", "any"}
    shortest = min(exercise.least_s for exercise in library())
    assert {exercise.least_s for exercise in fitting(library(), within_s=shortest)} == {shortest}
    assert fitting(library(), within_s=shortest - 0.1) == []
    only = fitting(library(), Limits("flexion"), target="ql", positions=["floor"], within_s=600.0)
    assert [exercise.id for exercise in only] == ["ql_child", "knee_roll"][: len(only)]
    assert only


def test_the_other_side() -> None:
    assert (other_side("left"), other_side("right")) == ("right", "left")


# -- the side that is leaned to ----------------------------------------------------------------------------------------

LEFT, EVEN = DayLean(1200.0, 1199.0), DayLean(0.0, 0.0)


def mirrored(days: list[DayLean]) -> list[DayLean]:
    return [DayLean(day.right_s, day.left_s) for day in days]


def test_the_rule_is_that_of_the_evidence() -> None:
    assert DayLean() == DayLean(0.0, 0.0)
    assert (LEAST_S, LEAST_DAYS, DAYS) == (20 * 60.0, 3, 5)


@pytest.mark.parametrize(
    ("days", "found"),
    [
        ([LEFT] * 3, Finding("left", 3, 3)),
        ([LEFT] * 2, None),
        ([LEFT] * 2 + [EVEN] * 3, None),
        ([EVEN, LEFT, EVEN, LEFT, LEFT], Finding("left", 3, 5)),
        ([LEFT] * 9, Finding("left", 5, 5)),
        ([LEFT, LEFT, LEFT, EVEN, EVEN, EVEN], None),
        ([DayLean(1199.9, 0.0)] * 5, None),
        ([DayLean(2000.0, 2000.0)] * 5, None),
        ([DayLean(2000.0, 2000.1)] * 5, Finding("right", 5, 5)),
    ],
)
def test_three_days_of_five_with_twenty_minutes(days: list[DayLean], found: Finding | None) -> None:
    assert shortened_side(days) == found
    other = None if found is None else replace(found, side=other_side(found.side))
    assert shortened_side(mirrored(days)) == other


def test_what_the_finding_says() -> None:
    assert Finding("right", 3, 4).sentence == (
        "You leaned right more on 3 of the last 4 days; lengthening that side may feel good. "
        "Both sides are always done."
    )


# -- pain --------------------------------------------------------------------------------------------------------------

NOW_S = 100 * DAY_S


def logged(*entries: tuple[float, int, str]) -> list[PainEntry]:
    """Of (days ago, level, when)."""
    return [PainEntry(NOW_S - days * DAY_S, level, "low", when) for days, level, when in entries]


def test_each_proposal_has_its_reason() -> None:
    reasons = {
        "extension": "by the last 3 entries sitting or bending brings it on and walking eases it; leaning back may "
        "feel better",
        "flexion": "by the last 3 entries walking brings it on and sitting eases it; bending forward may feel better",
        "neutral": "the last 3 entries do not agree on what brings it on or eases it",
    }
    for said in ("bending>walking sitting>walking sitting>", "walking>sitting " * 3, "sitting> walking> walking>"):
        told = [said.partition(">") for said in said.split()]
        entries = [PainEntry(NOW_S - DAY_S * (3 - n), 1, "low", when, "", to) for n, (when, _, to) in enumerate(told)]
        proposal = propose(entries, NOW_S, "any")
        assert proposal is not None
        assert proposal == Proposal(proposal.bias, reasons[proposal.bias])


@pytest.mark.parametrize(("apart_days", "count"), [(14.0, 2), (14.01, 1)])
def test_an_episode_ends_with_two_weeks_without_an_entry(apart_days: float, count: int) -> None:
    assert len(episode(logged((3 + apart_days, 2, ""), (3, 2, "")), NOW_S)) == count
    assert len(episode(logged((apart_days, 2, "")), NOW_S)) == count - 1


def test_an_episode_is_in_order_and_ends_with_a_zero() -> None:
    entries = logged((1, 3, ""), (9, 1, ""), (5, 2, ""), (12, 0, ""), (13, 4, ""), (-1, 9, ""))
    assert [entry.level for entry in episode(entries, NOW_S)] == [1, 2, 3]
    assert [entry.level for entry in episode(entries, NOW_S + DAY_S)] == [1, 2, 3, 9]


def said(*entries: tuple[float, int], shown: set[str] | None = None) -> list[Referral]:
    return referrals(logged(*((days, level, "") for days, level in entries)), NOW_S, shown or set())


def test_day_14_and_day_21_word_for_word() -> None:
    assert said((13.99, 4), (0, 4)) == []
    assert said((14, 4), (0, 4)) == [
        Referral(
            f"day14:{NOW_S - 14 * DAY_S:.0f}",
            "This has been logged for 14 days without clear improvement: "
            "consider seeing a clinician or physiotherapist.",
        )
    ]
    assert [referral.key[:5] for referral in said((20.99, 4), (10, 4), (0, 4))] == ["day14"]
    assert said((21, 4), (10, 4), (0, 4)) == [
        Referral(
            f"day21:{NOW_S - 21 * DAY_S:.0f}",
            "This has been logged for 21 days without clear improvement: please see a clinician or physiotherapist.",
        )
    ]
    assert said((14, 4), (0, 3)) != []
    assert said((14, 4), (0, 2)) == []


def test_a_rise_word_for_word() -> None:
    assert said((6, 3), (0, 6)) == [
        Referral(
            f"rise:{NOW_S - 6 * DAY_S:.0f}",
            "It has gone up by 3 points within 7 days: please see a clinician or physiotherapist, and leave out what "
            "makes it worse. posture check-in asks about the warning signs.",
        )
    ]
    assert said((7, 3), (0, 5)) != []
    assert said((7.01, 3), (0, 5)) == []
    assert said((6, 3), (0, 4)) == []
    assert [referral.key[:4] for referral in said((10, 2), (5, 4), (3, 3), (1, 5))] == ["rise"]


def test_a_referral_is_shown_once() -> None:
    both = said((14, 3), (5, 3), (0, 6))
    assert [referral.key.partition(":")[0] for referral in both] == ["day14", "rise"]
    assert said((14, 3), (5, 3), (0, 6), shown={both[0].key}) == both[1:]
    assert said() == []


# -- the check-in ------------------------------------------------------------------------------------------------------


RANKS = {
    "emergency": "saddle bladder bowel both_legs weaker chest head ill trauma",
    "urgent": "night severe leg fever shape history",
    "routine": "two_weeks",
}


def test_each_question_has_the_rank_of_the_evidence() -> None:
    assert {rank: " ".join(q.id for q in QUESTIONS if q.rank == rank) for rank in RANKS} == RANKS


def test_the_advice_says_how_soon_and_that_exercises_are_off() -> None:
    assert list(ADVICE) == ["emergency", "urgent", "routine", "clear"]
    assert "emergency number" in ADVICE["emergency"]
    assert "today or tomorrow" in ADVICE["urgent"]
    assert "appointment" in ADVICE["routine"]
    for rank, text in ADVICE.items():
        assert ("posture check-in --clear" in text) == (rank in ("emergency", "urgent"))


def test_a_verdict_lists_what_was_answered_in_order() -> None:
    ids = [question.id for question in QUESTIONS]
    assert len(set(ids)) == len(ids)
    assert judge(ids[::-1]) == Verdict("emergency", tuple(ids))
    assert judge(["no such question"]) == judge([]) == Verdict("clear")


@given(st.lists(st.sampled_from([question.id for question in QUESTIONS])))
def test_the_worst_answer_decides(yes: list[str]) -> None:
    order = ["emergency", "urgent", "routine", "clear"]
    ranks = [question.rank for question in QUESTIONS if question.id in yes]
    verdict = judge(yes)
    assert verdict.rank == min(ranks, key=order.index, default="clear")
    assert verdict.suspends == (verdict.rank in ("emergency", "urgent"))
    assert verdict.texts == [ADVICE[rank] for rank in ("emergency", "urgent", "routine") if rank in ranks] or [
        ADVICE["clear"]
    ]


# -- the programme -----------------------------------------------------------------------------------------------------


def test_the_number_of_a_week() -> None:
    assert [week_of(ordinal) for ordinal in (1, 7, 8, 14, 15)] == [0, 0, 1, 1, 2]


EACH = find_exercise("ql_stand")  # 30 s a side at least
BOTH = next(exercise for exercise in library() if exercise.sides == "both" and exercise.dose.form == "hold")


@pytest.mark.parametrize(
    ("exercise", "verified", "reported", "mark"),
    [
        (EACH, {"left": 30.0, "right": 30.0}, {}, "verified"),
        (EACH, {"left": 30.0, "right": 29.9}, {}, "begun"),
        (EACH, {"left": 29.9, "right": 30.0}, {}, "begun"),
        (EACH, {"left": 30.0, "right": 20.0}, {"right": 10.0}, "self-reported"),
        (EACH, {"both": 60.0}, {}, "begun"),
        (EACH, {}, {"left": 30.0, "right": 30.0}, "self-reported"),
        (EACH, {}, {}, "begun"),
        (BOTH, {"left": BOTH.dose.least_s / 2, "right": BOTH.dose.least_s / 2}, {}, "verified"),
        (BOTH, {"left": BOTH.dose.least_s - 0.1}, {}, "begun"),
        (BOTH, {"left": BOTH.dose.least_s - 1}, {"both": 1.0}, "self-reported"),
    ],
)
def test_how_far_an_item_is(
    exercise: Exercise, verified: dict[str, float], reported: dict[str, float], mark: str
) -> None:
    assert tick(exercise, Done(verified, reported)) == mark
    assert tick(exercise, None) == "open"
