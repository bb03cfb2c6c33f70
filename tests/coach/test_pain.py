"""What follows from logged pain: a proposal, a referral said once, and nothing else."""

from __future__ import annotations

from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.coach.pain import ACTIVITIES, MOVEMENTS, WHEN, PainEntry, episode, hurts_by, propose, referrals
from posture.coach.safety import ADVICE, QUESTIONS, Question, judge

DAY_S = 86400.0
NOW_S = 100 * DAY_S


def entries(*told: tuple[float, int, str], where: str = "low") -> list[PainEntry]:
    """Of (days ago, level, when, or "when>better")."""
    made = []
    for ago, level, said in told:
        when, _, better = said.partition(">")
        made.append(PainEntry(NOW_S - ago * DAY_S, level, where, when, better=better))
    return sorted(made, key=lambda entry: entry.at_s)


def in_turn(said: str, where: str = "low") -> list[PainEntry]:
    """Entries of level 4, one a day, the last one now."""
    words = said.split()
    return entries(*((len(words) - n, 4, "" if word == "-" else word) for n, word in enumerate(words, 1)), where=where)


@pytest.mark.parametrize(
    ("said", "bias"),
    [
        ("sitting>walking bending>standing sitting>walking", "extension"),
        ("sitting>walking bending sitting", "extension"),
        ("sitting bending >walking", "extension"),
        ("standing>sitting walking>sitting walking>bending", "flexion"),
        ("sitting>walking walking>sitting sitting>walking", "neutral"),
        ("sitting>bending sitting>walking sitting>walking", "neutral"),
        ("sitting bending sitting", None),
        (">walking >walking >standing", None),
        ("sitting>lying sitting>lying sitting>lying", None),
        ("sitting>walking sitting>walking", None),
        ("night night lying lying sitting>walking sitting>walking", None),
        ("walking>sitting walking>sitting sitting>walking sitting>walking sitting>walking", "extension"),
    ],
)
def test_a_direction_needs_three_that_agree_on_worse_and_better(said: str, bias: str | None) -> None:
    found = propose(in_turn(said), NOW_S, "any")
    assert (found.bias if found else None) == bias
    if bias is not None:
        assert propose(in_turn(said), NOW_S, bias) is None


def test_the_last_three_count_and_zero_does_not() -> None:
    back = "sitting>walking"
    told = entries((9, 4, "walking>sitting"), (3, 4, back), (2, 4, back), (1, 0, "walking>sitting"), (0, 4, "bending"))
    found = propose(told, NOW_S, "any")
    assert found is not None
    assert found.bias == "extension"


def test_old_entries_propose_nothing() -> None:
    for days, proposed in ((28.0, True), (28.01, False)):
        told = entries((days, 4, "sitting>walking"), (2, 4, "sitting>walking"), (1, 4, "sitting>walking"))
        assert (propose(told, NOW_S, "any") is not None) == proposed
        assert bool(hurts_by(told, NOW_S)) == proposed


def test_three_entries_within_a_minute_are_one() -> None:
    moment = 30.0 / DAY_S
    at_once = [(n * moment, 4, "walking>sitting") for n in range(3)]
    assert propose(entries(*at_once), NOW_S, "any") is None
    assert hurts_by(entries(*at_once), NOW_S) == frozenset()
    apart = [(n * 3 * moment, 4, "walking>sitting") for n in range(3)]
    assert propose(entries(*apart), NOW_S, "any") is not None
    assert hurts_by(entries(*apart), NOW_S) == {"walking"}


def test_a_leg_that_walking_hurts_and_sitting_eases_is_to_be_looked_at() -> None:
    for where in ("leg-left", "leg-right", "buttock-left", "buttock-right"):
        found = propose(in_turn("walking>sitting walking>sitting standing>sitting", where), NOW_S, "any")
        assert found is not None
        assert "clinician look at" in found.advice
    assert keys(in_turn("walking>sitting", "leg-left")) == ["walking"]
    assert keys(in_turn("walking>sitting", "low")) == keys(in_turn("walking walking>lying", "leg-left")) == []
    for said, where in (("walking>sitting " * 3, "low"), ("standing>sitting " * 3, "leg-left")):
        found = propose(in_turn(said, where), NOW_S, "any")
        assert found is not None
        assert found.advice == ""


def test_with_osteoporosis_no_bending_forward_is_proposed() -> None:
    forward, back = in_turn("walking>sitting " * 3), in_turn("sitting>walking " * 3)
    assert propose(forward, NOW_S, "any", ("balance", "osteoporosis")) is None
    assert propose(forward, NOW_S, "any", ("balance",)) is not None
    assert propose(back, NOW_S, "any", ("osteoporosis",)) is not None


# -- what hurts --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "hurts"),
    [
        ("walking walking walking", "walking"),
        ("walking walking", ""),
        ("standing walking standing", "standing walking"),
        ("sitting standing sitting standing sitting standing", "sitting standing"),
        ("walking walking walking >walking", ""),
        ("walking walking >walking walking", ""),
        ("walking sitting walking night walking", "walking"),
        ("lying lying lying", "lying"),
        ("night night night", ""),
        (">sitting >sitting >sitting", ""),
        ("bending>walking sitting>walking bending>walking", "bending sitting"),
        ("walking>walking walking>walking walking>walking", ""),
    ],
)
def test_what_hurts_by_the_last_entries(said: str, hurts: str) -> None:
    assert hurts_by(in_turn(said), NOW_S) == set(hurts.split())


def test_a_level_of_zero_speaks_for_an_activity_or_ends_it_all() -> None:
    three = [(4.0, 4, "walking"), (3.0, 4, "walking"), (2.0, 4, "walking")]
    assert hurts_by(entries(*three), NOW_S) == {"walking"}
    assert hurts_by(entries(*three, (1.0, 0, "walking")), NOW_S) == frozenset()
    assert hurts_by(entries(*three, (1.0, 0, "")), NOW_S) == frozenset()
    assert hurts_by(entries(*three, (1.0, 0, "sitting")), NOW_S) == {"walking"}
    assert hurts_by(entries(*three, (-1.0, 0, "")), NOW_S) == {"walking"}, "what is not yet is not known"


SAID = st.builds("{}>{}".format, st.sampled_from(("", *WHEN)), st.sampled_from(("", *ACTIVITIES)))
DAYS_AGO = st.integers(-200, 6000).map(lambda hundredths: hundredths / 100)
TOLD = st.lists(st.tuples(DAYS_AGO, st.integers(0, 10), SAID), max_size=14, unique_by=lambda said: said[0])


@given(TOLD, st.randoms(use_true_random=False))
def test_what_hurts_was_said_to_hurt_three_times_in_all(told: list[tuple[float, int, str]], chance: Random) -> None:
    made = entries(*told)
    found = hurts_by(made, NOW_S)
    assert found <= set(MOVEMENTS)
    recent = [entry for entry in made if 0 <= NOW_S - entry.at_s <= 28 * DAY_S]
    for activity in found:
        speaking = [entry for entry in recent if activity in (entry.when, entry.better)]
        assert any(entry.when == activity and entry.level > 0 for entry in speaking)
        assert speaking[-1].level > 0
        assert speaking[-1].when == activity
    if found:
        assert sum(entry.level > 0 and bool(entry.when or entry.better) for entry in recent) >= 3
    chance.shuffle(made)
    assert hurts_by(made, NOW_S) == found, "their order does not matter"


@given(TOLD, st.sampled_from(("any", "neutral", "extension", "flexion")))
def test_what_is_proposed_is_new_and_not_what_the_last_entry_says_hurts(
    told: list[tuple[float, int, str]], current: str
) -> None:
    found = propose(entries(*told), NOW_S, current)
    if found is None:
        return
    assert found.bias != current
    four = ("sitting", "bending", "standing", "walking")
    telling = [entry for entry in entries(*told) if entry.level > 0 and 0 <= NOW_S - entry.at_s <= 28 * DAY_S]
    last = [entry for entry in telling if entry.when in four or entry.better in four][-1]
    if found.bias == "extension":
        assert last.when not in four[2:]
        assert last.better not in four[:2]
    elif found.bias == "flexion":
        assert last.when not in four[:2]
        assert last.better not in four[2:]


def keys(told: list[PainEntry], said: set[str] | None = None) -> list[str]:
    return [referral.key.partition(":")[0] for referral in referrals(told, NOW_S, said or set())]


def test_day_14_suggests_and_day_21_is_firm() -> None:
    assert keys(entries((13, 4, ""), (0, 4, ""))) == []
    assert keys(entries((14, 4, ""), (0, 4, ""))) == ["day14"]
    assert keys(entries((21, 4, ""), (10, 4, ""), (0, 4, ""))) == ["day21"]
    assert "consider" in referrals(entries((14, 4, ""), (0, 4, "")), NOW_S, set())[0].text


def test_months_of_nights_that_moving_eases() -> None:
    weeks = [(91.0 - 10 * n, 4, "night>walking") for n in range(10)]
    assert keys(entries(*weeks)) == ["day21", "months"]
    assert keys(entries(*weeks[1:])) == ["day21"]
    assert keys(entries(*((ago, level, "night>lying") for ago, level, _ in weeks))) == ["day21"]
    assert keys(entries(*((ago, level, "sitting>walking") for ago, level, _ in weeks))) == ["day21"]


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


@given(TOLD)
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
    for sign in (
        *("numbness", "changed feeling", "back passage", "urine", "bowel", "sexual", "both legs", "weakness of an arm"),
        *("foot that drops", "getting worse", "severe", "chest pain now", "faintness", "double vision", "slurred"),
        *("stiff neck", "very ill", "pregnancy", "waters", "maternity", "injury", "with pain since"),
    ):
        assert sign in emergencies
    urgent = " ".join(question.text.lower() for question in QUESTIONS if question.rank == "urgent")
    for sign in (
        *("night", "severe", "one leg", "clumsy", "unsteady", "fever", "sweats", "weight", "lump", "shoulder blades"),
        *("cancer", "osteoporosis", "steroids", "immune", "injected", "infection", "procedure", "coughing", "blood"),
    ):
        assert sign in urgent


def test_an_old_fall_and_a_pain_in_the_chest_long_ago_are_no_emergency() -> None:
    texts = {question.id: question.text for question in QUESTIONS}
    assert "in the last weeks, with pain since" in texts["trauma"]
    assert "now" in texts["chest"]
    assert "lately" not in " ".join(texts.values())
    assert "It is seldom serious; a person should look at it." in ADVICE["urgent"]
    assert "seldom" not in ADVICE["emergency"]
    assert "Do not wait to see whether it passes" in ADVICE["emergency"]
    assert ADVICE["emergency"].startswith("Please get help now: call"), "what to do comes before how likely it is"


def test_the_worst_decides_and_all_are_shown() -> None:
    verdict = judge(["two_weeks", "bladder", "night"])
    assert verdict.rank == "emergency"
    assert verdict.texts == [ADVICE["emergency"], ADVICE["urgent"], ADVICE["routine"]]
    assert judge([]).texts == [ADVICE["clear"]]
