"""The directional check: its steps, its stop rules, and what may be proposed after it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta, timezone
from typing import Literal, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.coach import direction
from posture.coach.choose import Limits, fitting
from posture.coach.direction import (
    APART_S,
    CHECK_IN,
    GET_HELP,
    NO_MORE,
    NOT_TODAY,
    PAIN_SIDES,
    REACHES,
    STOPS,
    WAYS,
    Answer,
    Blocked,
    Change,
    DirectionCheck,
    DirectionState,
    Felt,
    Input,
    Moved,
    Refused,
    Stop,
    Stopped,
    Told,
    Waited,
    Way,
    advance,
    blocked,
    blocked_text,
    check_words,
    compare,
    follows,
    next_proposal,
    not_today,
    proposed,
    result_texts,
    ruled_out,
    still_worse,
)
from posture.coach.disclaimer import DISCLAIMER
from posture.coach.exercises import find_exercise, library
from posture.coach.pain import PainEntry
from posture.coach.safety import SUSPENDED, SUSPENDED_EMERGENCY
from posture.history.care import care_of, direction_point, followed_point
from posture.history.records import Memory

DAY_S = 86400.0
NOW_S = 1000 * DAY_S + 12 * 3600
TODAY = 1000
THIGH = Felt(4, "thigh", "left")

felts = st.builds(Felt, st.integers(0, 10), st.sampled_from(REACHES), st.sampled_from(PAIN_SIDES))
inputs: st.SearchStrategy[Input] = st.one_of(
    st.builds(Told, felts, st.booleans()),
    st.builds(Moved),
    st.builds(Waited, st.floats(0, 90)),
    st.builds(Stopped, st.sampled_from(get_args(Stop))),
)


def taken(state: DirectionState, *given_inputs: Input) -> DirectionState:
    for each in given_inputs:
        state = advance(state, each)
    return state


def one_way(state: DirectionState, felt: Felt) -> DirectionState:
    return taken(state, *[Moved()] * state.repetitions, Waited(60.0), Told(felt))


# -- the steps ---------------------------------------------------------------------------------------------------------


def test_leaning_back_comes_first_and_bending_forward_only_if_nothing_changed() -> None:
    state = advance(DirectionState(), Told(THIGH))
    assert (state.stage, state.way) == ("moving", "extension")
    state = one_way(state, THIGH)
    assert (state.stage, state.way, state.changed) == ("moving", "flexion", {"extension": "same"})
    assert one_way(state, THIGH).answer == "neutral"
    assert one_way(state, Felt(2, "thigh", "left")).answer == "flexion"
    assert one_way(state, Felt(5, "thigh", "left")).answer == "worse"
    for felt, answer in ((Felt(3, "thigh", "left"), "extension"), (Felt(4, "foot", "left"), "worse")):
        state = one_way(advance(DirectionState(5), Told(THIGH)), felt)
        assert (state.stage, state.answer, state.after) == ("done", answer, {"extension": felt})


def test_the_pain_is_asked_for_a_whole_minute_after_the_last_repetition() -> None:
    state = taken(DirectionState(5), Told(THIGH), *[Moved()] * 4)
    assert state.stage == "moving"
    state = advance(state, Moved())
    assert state.stage == "resting"
    assert taken(state, Told(Felt(0)), Waited(-5.0), Waited(59.9)).stage == "resting"
    assert taken(state, Waited(59.9), Waited(0.1)).stage == "after"


@pytest.mark.parametrize(
    ("felt", "numb", "refused"),
    [
        (THIGH, True, "numb"),
        (Felt(0), False, "no-pain"),
        (Felt(8), False, "strong"),
        (Felt(7), False, ""),
        (Felt(3, "thigh", "both"), False, "both-legs"),
        (Felt(3, "foot", "both"), False, "both-legs"),
        (Felt(3, "buttock", "both"), False, ""),
    ],
)
def test_where_it_does_not_begin(felt: Felt, numb: bool, refused: Refused) -> None:
    state = advance(DirectionState(), Told(felt, numb))
    assert (state.refused, state.stage) == (refused, "done" if refused else "moving")
    assert not state.begun
    if refused not in ("", "no-pain"):
        assert result_texts(state, "any")[-1] == CHECK_IN


@pytest.mark.parametrize(
    ("before", "after", "change"),
    [
        (THIGH, THIGH, "same"),
        (THIGH, Felt(3, "thigh", "left"), "better"),
        (THIGH, Felt(4, "buttock", "left"), "better"),
        (THIGH, Felt(0, "foot", "both"), "better"),
        (THIGH, Felt(5, "thigh", "left"), "worse"),
        (THIGH, Felt(4, "lower-leg", "left"), "worse"),
        (THIGH, Felt(2, "lower-leg", "left"), "worse"),
        (THIGH, Felt(5, "back"), "worse"),
        (THIGH, Felt(3, "thigh", "right"), "worse"),
        (THIGH, Felt(3, "thigh", "both"), "worse"),
        (THIGH, Felt(4, "back", "both"), "better"),
        (Felt(3, "back", "left"), Felt(3, "back", "right"), "same"),
        (Felt(0), Felt(0), "same"),
        (Felt(0), Felt(1), "worse"),
    ],
)
def test_more_or_further_down_outweighs_what_is_better(before: Felt, after: Felt, change: Change) -> None:
    assert compare(before, after) == change


@given(felts, felts)
def test_what_is_better_is_worse_the_other_way_round(before: Felt, after: Felt) -> None:
    change = compare(before, after)
    if change == "better":
        assert compare(after, before) == "worse"
    if change == "worse" and after.level:
        assert (
            after.level >= before.level
            or REACHES.index(after.reach) > REACHES.index(before.reach)
            or (before.side != after.side)
        )


@given(st.integers(5, 10), st.lists(inputs, max_size=60))
def test_a_stop_ends_it_at_any_time_and_nothing_begins_again(repetitions: int, given_inputs: list[Input]) -> None:
    state = DirectionState(repetitions)
    for each in given_inputs:
        before, state = state, advance(state, each)
        if before.stage == "done":
            assert state == before
        elif isinstance(each, Stopped):
            assert (state.stage, state.stop) == ("done", each.why)
            if each.why != "left" and before.stage != "before":
                assert state.changed[before.way] == "stopped"
                assert state.answer == "worse"
                assert (NO_MORE if each.why == "warning" else NOT_TODAY) in result_texts(state, "any")
        if "flexion" in state.changed or state.way == "flexion":
            assert state.changed["extension"] == "same"
        if "worse" in state.changed.values():
            assert (state.stage, state.answer) == ("done", "worse")
    if state.stage == "done" and not state.refused:
        assert (state.answer in WAYS) <= ({"worse", "stopped"}.isdisjoint(state.changed.values()))


@given(felts, st.lists(felts, min_size=2, max_size=2))
def test_it_always_comes_to_an_end(before: Felt, after: list[Felt]) -> None:
    state = advance(DirectionState(), Told(before))
    for felt in after:
        state = one_way(state, felt)
    assert state.stage == "done"
    assert result_texts(state, "any")


@pytest.mark.parametrize("why", get_args(Stop))
def test_what_each_stop_says(why: Stop) -> None:
    state = taken(DirectionState(), Told(THIGH), Moved(), Stopped(why))
    texts = " ".join(result_texts(state, "extension"))
    assert (NO_MORE in texts) == (why != "left")
    assert (NOT_TODAY in texts) == (why not in ("left", "warning"))
    assert (CHECK_IN in texts) == (why == "numb")
    assert texts.startswith(GET_HELP) == (GET_HELP in texts) == (why == "warning")
    assert ("Sit or lie down" in texts) == (why == "dizzy")
    assert ("config set coach.bias any" in texts) == (why != "left")
    assert "config" not in " ".join(result_texts(state, "flexion"))
    assert state.begun
    assert set(STOPS) == set(get_args(Stop))


def test_pain_that_is_new_in_both_legs_leads_to_the_check_in() -> None:
    state = one_way(advance(DirectionState(), Told(THIGH)), Felt(3, "thigh", "both"))
    assert result_texts(state, "any")[0] == CHECK_IN


def test_each_way_is_led_slowly() -> None:
    for way in WAYS:
        assert len(direction.steps(way)) == 3
        assert sum(move.takes_s for move in direction.moves(way)) == 6.0


# -- when it may be done -----------------------------------------------------------------------------------------------


def done(
    days_ago: float, answer: Answer, stop: Stop | None = None, **more: Literal["", "eased", "still-worse"]
) -> DirectionCheck:
    changed: dict[Way, Change] = {
        "extension": {"extension": {"extension": "better"}},
        "flexion": {"flexion": {"extension": "same", "flexion": "better"}},
        "neutral": {"neutral": {"extension": "same", "flexion": "same"}},
        "worse": {"worse": {"extension": "worse"}},
        "left": {"left": {}},
    }[answer][answer]  # type: ignore[assignment,index]
    at_s = NOW_S - days_ago * DAY_S
    return DirectionCheck(at_s, int(at_s // DAY_S), answer, THIGH, changed, stop, **more)


def why(
    *checks: DirectionCheck,
    suspended: bool = False,
    conditions: Sequence[str] = (),
    asked: bool = True,
    checked_in_s: float | None = NOW_S - 60.0,
) -> Blocked | None:
    return blocked(
        checks,
        NOW_S,
        TODAY,
        suspended=suspended,
        conditions=conditions,
        asked=asked,
        checked_in_s=checked_in_s,
    )


def test_it_comes_after_a_check_in_without_a_red_flag_and_once_a_day() -> None:
    assert why() is None
    assert why(suspended=True) == "red-flag"
    assert why(conditions=("hip_replacement",)) == "clearance"
    assert why(asked=False) == "not-asked"
    assert why(checked_in_s=None) == "check-in"
    assert why(checked_in_s=NOW_S - DAY_S) is None
    assert why(checked_in_s=NOW_S - DAY_S - 1.0) == "check-in"
    assert why(done(1.0, "neutral")) is None
    assert why(done(0.4, "left")) == "today"
    assert why(done(1.0, "worse", "numb")) is None
    assert why(done(1.0, "worse", "numb"), checked_in_s=NOW_S - DAY_S) == "check-in"
    assert why(done(1.0, "worse", "dizzy"), checked_in_s=NOW_S - DAY_S) is None
    for each in get_args(Blocked):
        assert blocked_text(each)
    assert blocked_text("red-flag") == SUSPENDED
    assert blocked_text("red-flag", emergency=True) == SUSPENDED_EMERGENCY


@given(
    st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)),
    st.lists(st.tuples(st.floats(0.0, 40.0), st.integers(-12, 14)), max_size=8),
)
def test_two_checks_never_fall_on_one_day_whatever_the_time_zone(
    start: datetime, tries: list[tuple[float, int]]
) -> None:
    """Each is a number of hours later, by a clock of that zone."""
    memory, now = Memory(), start.replace(tzinfo=UTC)
    held: list[datetime] = []
    over = taken(DirectionState(5), Told(THIGH), Moved(), Stopped("left"))
    for hours, offset in tries:
        now += timedelta(hours=hours)
        zone = timezone(timedelta(hours=offset))
        care = care_of(memory, now, zone)
        may = blocked(
            care.directions,
            now.timestamp(),
            now.astimezone(zone).date().toordinal(),
            suspended=False,
            conditions=(),
            asked=True,
            checked_in_s=now.timestamp(),
        )
        if may is None:
            assert all(now.astimezone(zone).date() != at.astimezone(zone).date() for at in held)
            assert all((now - at).total_seconds() >= APART_S for at in held)
            memory.write(points=[direction_point(now, over)])
            held.append(now)
        else:
            assert held
            assert now - held[-1] < timedelta(hours=24)


# -- what is proposed --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("answers", "bias"),
    [
        ("extension", None),
        ("extension extension", "extension"),
        ("extension neutral extension", "extension"),
        ("extension extension neutral neutral", "neutral"),
        ("extension extension neutral flexion", None),
        ("extension left extension", "extension"),
        ("extension extension worse", None),
        ("extension worse extension", None),
        ("flexion worse flexion", "flexion"),
        ("flexion flexion worse", None),
        ("flexion flexion worse left", None),
        ("neutral neutral", "neutral"),
        ("left left", None),
        ("", None),
    ],
)
def test_the_same_answer_on_two_of_three_days(answers: str, bias: str | None) -> None:
    words = answers.split()
    checks = [done(len(words) - n, answer) for n, answer in enumerate(words)]  # type: ignore[arg-type]
    found = proposed(checks, NOW_S, "any")
    assert (found.bias if found else None) == bias
    if found is not None:
        assert "of the last" in found.reason
        assert proposed(checks, NOW_S, found.bias) is None
        assert proposed(checks, NOW_S + 15 * DAY_S, "any") is None


def test_with_osteoporosis_no_bending_forward_is_proposed() -> None:
    checks = [done(2, "flexion"), done(1, "flexion")]
    assert proposed(checks, NOW_S, "any", ("osteoporosis",)) is None
    assert proposed(checks, NOW_S, "any", ("balance",)) is not None


answers_in_turn = st.lists(
    st.tuples(st.floats(0.0, 20.0), st.sampled_from(get_args(Answer)), st.sampled_from((*WAYS, None))), max_size=8
)


@given(answers_in_turn, st.sampled_from(("any", "neutral", *WAYS)), st.lists(st.integers(0, 27), max_size=6))
def test_nothing_is_proposed_that_made_it_worse(
    told: list[tuple[float, Answer, Way | None]], current: str, days: list[int]
) -> None:
    checks = []
    for ago, answer, way in sorted(told, reverse=True, key=lambda each: each[0]):
        check = done(ago, answer)
        if answer == "worse" and way is not None:
            changed: dict[Way, Change] = {way: "stopped"}
            check = DirectionCheck(check.at_s, check.day, "worse", THIGH, changed)
        checks.append(check)
    entries = [PainEntry(NOW_S - ago * DAY_S, 4, "low", "sitting", better="walking") for ago in sorted(days)[::-1]]
    for found in (proposed(checks, NOW_S, current), next_proposal(checks, entries, NOW_S, current)):
        if found is not None:
            assert found.bias not in ruled_out(checks, NOW_S)
            assert found.bias != current
            told_s = {check.at_s: check.answer for check in checks if check.answer != "left"}
            recent = [at_s for at_s in told_s if NOW_S - at_s <= 14 * DAY_S]
            assert not recent or told_s[max(recent)] != "worse", "nothing after one that made it worse"


def test_the_check_outweighs_the_log() -> None:
    log = [PainEntry(NOW_S - days * DAY_S, 4, "low", "sitting", better="walking") for days in (3, 2, 1)]

    def bias(current: str, *checks: DirectionCheck) -> str | None:
        found = next_proposal(checks, log, NOW_S, current)
        return found.bias if found else None

    assert bias("any") == "extension"
    assert bias("any", done(1, "extension")) == "extension"
    assert bias("any", done(2, "flexion"), done(1, "flexion")) == "flexion"
    assert bias("flexion", done(2, "flexion"), done(1, "flexion")) is None
    assert bias("any", done(3, "worse"), done(1, "left")) is None
    assert bias("any", done(3, "worse"), done(1, "neutral")) is None, "leaning back is ruled out for two weeks"
    assert bias("any", done(15, "worse")) == "extension"


def test_what_made_it_worse_today_is_not_asked_of_anybody_today() -> None:
    assert not_today([done(0.1, "worse")], TODAY) == {"leaning-back"}
    assert not_today([done(1.0, "worse"), done(0.1, "extension")], TODAY) == frozenset()
    assert not_today([done(1.0, "worse", followed="still-worse")], TODAY) == {"leaning-back"}
    assert not_today([done(1.0, "worse", followed="eased")], TODAY) == frozenset()
    flexed = advance(one_way(advance(DirectionState(5), Told(THIGH)), THIGH), Stopped("dizzy"))
    memory, now = Memory(), datetime.now(UTC)
    memory.write(points=[direction_point(now, flexed)])
    assert care_of(memory, now).hurts(now) == {"bending"}
    limits = Limits("flexion", hurts=frozenset({"bending"}))
    assert "dbl_knee" not in [exercise.id for exercise in fitting(library(), limits)]
    for way, exercise in (("leaning-back", "back_bend"), ("bending", "dbl_knee")):
        assert way in find_exercise(exercise).hurts


def test_still_worse_the_next_day_is_for_a_clinician_once() -> None:
    worse = done(1.0, "worse")

    def found(level: int, days: float = 0.0, said: tuple[str, ...] = (), check: DirectionCheck = worse) -> bool:
        entry = PainEntry(NOW_S - days * DAY_S, level)
        referral = still_worse([check], [entry], said)
        return referral is not None and "clinician" in referral.text

    assert found(5)
    assert not found(4)
    assert not found(5, days=0.6), "the same day"
    assert not found(5, days=-2.1), "another matter by then"
    assert not found(5, said=(f"direction:{worse.at_s:.0f}",))
    assert not found(5, check=done(1.0, "worse", followed="eased"))
    assert not found(5, check=done(1.0, "extension"))
    assert still_worse([], [], ()) is None
    assert follows(worse, TODAY)
    assert not follows(done(0.1, "worse"), TODAY)
    assert not follows(done(1.0, "worse", followed="eased"), TODAY)
    assert not follows(done(1.0, "neutral"), TODAY)


# -- as it is stored ---------------------------------------------------------------------------------------------------


def ended() -> list[DirectionState]:
    begun = advance(DirectionState(5), Told(THIGH))
    once = one_way(begun, THIGH)
    whole = [one_way(begun, Felt(2, "back")), one_way(once, THIGH), one_way(begun, Felt(9, "foot", "both"))]
    return whole + [taken(state, Moved(), Stopped(stop)) for stop in get_args(Stop) for state in (begun, once)]


@pytest.mark.parametrize("state", ended())
def test_what_is_stored_is_read_again(state: DirectionState) -> None:
    now = datetime(2026, 3, 2, 23, 30, tzinfo=UTC)
    memory = Memory()
    memory.write(points=[direction_point(now, state)])
    zone = timezone(timedelta(hours=1))
    (check,) = care_of(memory, now, zone).directions
    assert check == DirectionCheck(
        now.timestamp(), datetime(2026, 3, 3).toordinal(), state.answer, THIGH, state.changed, state.stop, state.after
    )
    assert check_words(check) or not check.changed
    later = now + timedelta(days=1)
    memory.write(points=[followed_point(later, worse=True)])
    assert care_of(memory, later, zone).directions[0].followed == "still-worse"
    memory.write(points=[followed_point(later + timedelta(seconds=1), worse=False)])
    assert care_of(memory, later + timedelta(seconds=1), zone).directions[0].followed == "eased"


def test_its_words_promise_nothing() -> None:
    assert "nobody has tested" in direction.HONESTLY
    assert "design choices" in (direction.__doc__ or "")
    assert "clinician" in direction.NOT_TODAY
    assert DISCLAIMER not in direction.HONESTLY
