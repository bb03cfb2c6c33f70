"""What came of a prompt: its repeats are one with it, and what was asked and done is the answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.history.records import Detail, Point, PointKind
from posture.report.figures import Prompt
from posture.report.prompts import prompts_of
from posture.report.spans import Track, union

T0 = datetime(2026, 3, 2, 8, tzinfo=UTC)
BREAK_S = 60.0
STRETCHED: Detail = {"exercise": "seated_side", "asks_s": 0.0}
"""A stretch that is done seated."""


def at(s: float) -> datetime:
    return T0 + timedelta(seconds=s)


def told(s: float, kind: str = "stand", *, repeat: bool = False, **detail: str | float | bool) -> Point:
    return Point("reminder", at(s), kind, {**detail, **({"repeat": True} if repeat else {})})


def judged(points: list[Point], *off: tuple[float, float], watched_s: float = 90000.0) -> list[Prompt]:
    spans = union((at(a), at(b)) for a, b in off)
    ordered = sorted(points, key=lambda point: point.at)
    return prompts_of(ordered, Track(spans), Track([(at(0), at(watched_s))]), BREAK_S)


def outcomes(points: list[Point], *off: tuple[float, float]) -> list[str | None]:
    return [prompt.outcome for prompt in judged(points, *off)]


# -- how long off the chair -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("off_s", "outcome", "share"),
    [
        (120, "kept", None),
        (108, "kept", None),
        (107, "partly", 107 / 120),
        (10, "partly", 10 / 120),
        (9, "missed", None),
    ],
)
def test_the_break_is_what_its_text_asks_for(off_s: float, outcome: str, share: float | None) -> None:
    (prompt,) = judged([told(1000, asks_s=120.0)], (1100, 1100 + off_s))
    assert (prompt.outcome, prompt.share) == (outcome, share)


def test_two_sides_of_twenty_seconds_are_a_break_that_was_asked_for() -> None:
    points = [told(1000, "stretch", exercise="ql_stand", asks_s=50.0)]
    assert outcomes(points, (1020, 1070)) == ["kept"]
    # A reminder of an older release does not say how long.
    assert outcomes([told(1000, "stretch", exercise="ql_stand")], (1020, 1070)) == ["partly"]
    assert outcomes([told(1000, "stretch", exercise="of another release")], (1020, 1080)) == ["kept"]


def test_what_is_done_seated_is_judged_by_holds_and_answers_only() -> None:
    asked = told(1000, "stretch", **STRETCHED)
    assert outcomes([asked]) == [None]
    assert outcomes([asked], (1010, 5000)) == [None]
    hold = Point("hold", at(1100), "seated_side", {"hold_s": 20.0, "verified": True})
    assert outcomes([asked, hold]) == ["kept"]
    assert outcomes([asked, Point("hold", at(1100), "seated_side", {"verified": False})]) == ["told"]
    assert outcomes([asked, Point("answer", at(1100), "stretch")]) == ["told"]


def test_a_hold_of_two_seconds_is_no_answer_and_two_short_ones_may_be() -> None:
    asked = told(1000, "stretch", exercise="ql_seat", asks_s=0.0)

    def held(at_s: float, seconds: float, *, verified: bool = True) -> Point:
        return Point("hold", at(at_s), "ql_seat", {"hold_s": seconds, "form": "hold", "verified": verified})

    assert outcomes([asked, held(1100, 2.0)]) == [None]
    assert outcomes([asked, held(1100, 25.0), held(1130, 15.0)]) == ["kept"]
    assert outcomes([asked, held(1100, 25.0), held(1130, 15.0, verified=False)]) == ["told"]


def test_a_break_that_comes_late_is_late_after_any_repeat() -> None:
    assert outcomes([told(1000)], (1301, 1400)) == ["late"]
    assert outcomes([told(1000), told(1600, repeat=True)], (2500, 2600)) == ["late"]
    assert outcomes([told(1000), told(1600, repeat=True)], (2501, 2600)) == ["missed"]
    # A part of it in time, and all of it later: it was done.
    assert outcomes([told(1000)], (1100, 1130), (1500, 1600)) == ["late"]


# -- what the user says -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("after_s", "outcome"), [(0, "told"), (900, "told"), (901, "missed"), (-1, "missed")])
def test_an_answer_counts_as_long_as_a_late_break(after_s: float, outcome: str) -> None:
    assert outcomes([told(1000), Point("answer", at(1000 + after_s), "stand")]) == [outcome]


def test_an_answer_to_a_repeat_is_an_answer() -> None:
    asked = [told(1000), told(1800, repeat=True)]
    assert outcomes([*asked, Point("answer", at(2700), "stand")]) == ["told"]
    assert outcomes([*asked, Point("answer", at(2701), "stand")]) == ["missed"]


def test_what_was_seen_is_more_than_what_was_said() -> None:
    answer = Point("answer", at(1100), "stand")
    assert outcomes([told(1000), answer], (1100, 1200)) == ["kept"]
    assert outcomes([told(1000), answer], (1100, 1130)) == ["told"]
    assert outcomes([told(1000), answer], (1500, 1600)) == ["told"]


def test_an_answer_is_of_the_last_prompt_before_it() -> None:
    asked = [told(1000), told(1600)]
    assert outcomes([*asked, Point("answer", at(1700), "stand")]) == ["missed", "told"]
    assert outcomes([*asked, Point("answer", at(1500), "stand")]) == ["told", "missed"]
    assert outcomes([told(1000), told(1200, "stretch"), Point("answer", at(1300), "stand")]) == ["told", "missed"]
    hold = Point("hold", at(1300), "ql_stand", {"hold_s": 20.0, "verified": True})
    assert outcomes([told(1000), told(1200, "stretch"), told(1250, "move"), hold]) == ["missed", "kept", None]
    # A repeat may be of the other kind; the answer to it is an answer to the prompt.
    mixed = [told(1000), told(1600, "stretch", repeat=True), Point("answer", at(1700), "stretch")]
    assert outcomes(mixed) == ["told"]


def test_a_reminder_that_asks_for_no_break_has_no_outcome() -> None:
    for kind in ("move", "posture", "sit"):
        (prompt,) = judged([told(1000, kind), told(1600, kind, repeat=True), Point("answer", at(1700), kind)])
        assert (prompt.kind, prompt.outcome, prompt.times) == (kind, None, 2)


# -- repeats ----------------------------------------------------------------------------------------------------------


def test_repeats_of_a_prompt_are_one_prompt() -> None:
    points = [told(1000), told(1300, "move"), told(1600, repeat=True), told(1900, "move", repeat=True)]
    points += [told(2200, "stretch", repeat=True), told(4000), told(4600, repeat=True)]
    assert [(prompt.at, prompt.kind, prompt.times) for prompt in judged(points)] == [
        (at(1000), "stand", 3),
        (at(1300), "move", 2),
        (at(4000), "stand", 2),
    ]
    # A repeat without its first, at the edge of a span, is a prompt.
    assert [prompt.times for prompt in judged([told(1000, repeat=True)])] == [1]


# -- whatever happens -------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Told:
    at_s: int
    kind: str
    repeat: bool
    asks_s: float | None

    @property
    def point(self) -> Point:
        more = {} if self.asks_s is None else {"asks_s": self.asks_s}
        return told(self.at_s, self.kind, repeat=self.repeat, **more)


def unique(points: list[Point]) -> list[Point]:
    """A point is stored once."""
    return list({point.key: point for point in points}.values())


reminders = st.builds(
    Told,
    st.integers(0, 9000),
    st.sampled_from(["stand", "stretch", "move", "posture", "sit"]),
    st.booleans(),
    st.sampled_from([None, 0.0, 50.0, 120.0]),
).map(lambda one: one.point)
answer_kinds: st.SearchStrategy[PointKind] = st.sampled_from(["answer", "hold"])
answers = st.builds(
    lambda kind, s, label, seen: Point(kind, at(s), label, {"verified": seen}),
    answer_kinds,
    st.integers(0, 12000),
    st.sampled_from(["stand", "stretch", "move"]),
    st.booleans(),
)
points_of = st.lists(st.one_of(reminders, answers), max_size=10).map(unique)
off_spans = st.lists(st.tuples(st.integers(0, 11000), st.integers(1, 400)).map(lambda p: (p[0], sum(p))), max_size=6)
WORST_FIRST = (None, "missed", "partly", "late", "told", "kept")


@given(points_of, off_spans)
def test_each_reminder_belongs_to_one_prompt(points: list[Point], off: list[tuple[float, float]]) -> None:
    found = judged(points, *off)
    assert sum(prompt.times for prompt in found) == sum(point.kind == "reminder" for point in points)
    assert [prompt.at for prompt in found] == sorted(prompt.at for prompt in found)
    assert all((prompt.share is not None) == (prompt.outcome == "partly") for prompt in found)
    assert all(0.0 < prompt.share < 1.0 for prompt in found if prompt.share is not None)


@given(points_of, off_spans, off_spans)
def test_more_time_off_makes_no_outcome_worse(
    points: list[Point], off: list[tuple[float, float]], more: list[tuple[float, float]]
) -> None:
    for before, after in zip(judged(points, *off), judged(points, *off, *more), strict=True):
        assert WORST_FIRST.index(after.outcome) >= WORST_FIRST.index(before.outcome)
        if before.share is not None and after.share is not None:
            assert after.share >= before.share


@given(points_of, off_spans, st.lists(st.integers(0, 12000), max_size=4))
def test_answers_of_another_kind_change_nothing(
    points: list[Point], off: list[tuple[float, float]], other: list[int]
) -> None:
    more = [Point("answer", at(s), kind) for s in other for kind in ("posture", "sit")]
    more += [Point("shift", at(s), "stand") for s in other] + [Point("pain", at(s), "stretch") for s in other]
    assert judged([*points, *more], *off) == judged(points, *off)


@given(points_of, off_spans, answers)
def test_an_answer_is_given_to_one_prompt(points: list[Point], off: list[tuple[float, float]], answer: Point) -> None:
    before, after = judged(points, *off), judged(unique([*points, answer]), *off)
    assert sum(a != b for a, b in zip(before, after, strict=True)) <= 1
    assert all(WORST_FIRST.index(b.outcome) >= WORST_FIRST.index(a.outcome) for a, b in zip(before, after, strict=True))


@given(
    st.lists(st.tuples(st.integers(0, 5000), st.sampled_from(["stand", "move"])), max_size=12),
    st.lists(st.tuples(st.integers(0, 7000), st.sampled_from(["stand", "move"])), max_size=6),
)
def test_an_answer_is_that_to_the_last_one_asked(asked: list[tuple[int, str]], said: list[tuple[int, str]]) -> None:
    """As one would look it up: the last reminder of that kind before the answer, for a quarter of an hour."""
    asked, said = sorted(set(asked)), sorted(set(said))
    points = unique([told(s, kind, asks_s=120.0) for s, kind in asked] + [Point("answer", at(s), k) for s, k in said])
    answered = set()
    for s, kind in said:
        before = [one for one in asked if one[1] == kind and one[0] <= s]
        if before and s <= before[-1][0] + 900:
            answered.add(before[-1])
    found = judged(points)
    assert len(found) == len(asked)
    for prompt in found:
        if prompt.kind == "stand":
            is_answered = (round((prompt.at - T0).total_seconds()), "stand") in answered
            assert prompt.outcome == ("told" if is_answered else "missed")
