"""Every exercise of the library is led through by its form: paced, counted, said and kept as what it is."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from posture.coach.checks import CheckedLook
from posture.coach.done import answering
from posture.coach.exercise import BOTH_SIDES, Exercise, Side
from posture.coach.exercises import find_exercise, library
from posture.coach.hold import Event, HoldPlan, HoldState, Paused, RepDone, advance, plan_for
from posture.coach.pace import CHANGE_S, REST_S, Beat, Clock, beat, begun, timed
from posture.coach.plan import tick
from posture.coach.told import counted, done_words, event_text, going_on, planned, reached, side_of
from posture.history.care import done_by_day, hold_points
from posture.history.records import Point

STEP_S = 0.125
NOW = datetime(2026, 11, 28, 9, tzinfo=UTC)
each = pytest.mark.parametrize("exercise", library(), ids=lambda exercise: exercise.id)
seen_ones = pytest.mark.parametrize(
    "exercise", [one for one in library() if one.camera.check], ids=lambda exercise: exercise.id
)


class Led:
    """An exercise led to its end, or for so many seconds."""

    def __init__(
        self, exercise: Exercise, plan: HoldPlan, until_s: float = 3000.0, at: tuple[CheckedLook, ...] = ()
    ) -> None:
        self.exercise, self.plan, self.seen = exercise, plan, bool(at)
        self.state, self.t_s, self.lines, self.events = HoldState(), 0.0, list[str](), list[Event]()
        self.going_on: set[str] = set()
        clock, number = Clock(), 0
        while not self.state.finished and self.t_s < until_s:
            if at:
                look = replace(at[min(number, len(at) - 1)], t_s=self.t_s)
            else:
                clock, look = timed(clock, self.state, self.t_s, plan)
            before = self.state
            self.state, events = advance(before, look, plan)
            self.events += events
            self.lines += [*(event_text(event, plan) for event in events), begun(before, self.state, plan)]
            self.going_on.add(re.sub(r"\d+", "N", going_on(self.state, plan)))
            self.t_s += STEP_S
            number += 1
        self.lines = [line for line in self.lines if line]

    @property
    def words(self) -> str:
        return done_words(self.exercise, self.state, self.plan, verified=self.seen)

    @property
    def points(self) -> list[Point]:
        state, plan = self.state, self.plan
        ended = {side: NOW - timedelta(seconds=self.t_s - at_s) for side, at_s in state.ended_s.items()}
        reps = state.done if plan.form == "reps" else None
        return hold_points(self.exercise.id, state.held_s, ended, form=plan.form, reps=reps, verified=self.seen)


def sides_of(exercise: Exercise) -> list[str]:
    return ["left", "right"] if exercise.sides == "each" else ["both"]


@each
def test_without_a_camera_each_is_led_to_its_dose_and_kept_as_it_was_done(exercise: Exercise) -> None:
    led = Led(exercise, plan_for(exercise, BOTH_SIDES, seen=False))
    assert led.state.finished
    assert reached(exercise, led.state, led.plan)
    dose, points = exercise.dose, led.points
    assert [point.detail["side"] for point in points] == sides_of(exercise)
    for point in points:
        assert (point.detail["form"], point.detail["verified"]) == (dose.form, False)
        done = point.detail["reps"] if dose.form == "reps" else point.detail["hold_s"]
        assert dose.least <= float(done or 0) <= dose.most + 0.2
        assert ("reps" in point.detail) == (dose.form == "reps")
    assert tick(exercise, done_by_day(points, UTC)[NOW.date(), exercise.id]) == "self-reported"
    assert answering(points) == {exercise.id}
    assert re.search(r"\bwell (held|done|walked)|Well walked", led.words), led.words


@each
def test_only_a_hold_is_held_only_a_walk_is_walked_and_repetitions_are_counted(exercise: Exercise) -> None:
    led = Led(exercise, plan_for(exercise, BOTH_SIDES, seen=False))
    said = " | ".join([*led.lines, *led.going_on, led.words, planned(exercise, led.plan)])
    assert ("Stay and breathe" in said) == (exercise.dose.form == "hold")
    assert ("the clock runs" in said) == (exercise.dose.form == "hold")
    assert ("Walk easily" in said) == (exercise.dose.form == "walk")
    assert ("repetitions" in said) == (exercise.dose.form == "reps")
    last = f"{exercise.dose.least:.0f} of {exercise.dose.least:.0f}"
    assert (last in said) == (exercise.dose.form == "reps")
    assert "{" not in said
    for move in exercise.dose.moves:
        assert move.says.split("{")[0] in said
    assert ("Hold" in led.lines) == (exercise.dose.form == "reps" and exercise.dose.hold_s[0] > 0)


@each
def test_repetitions_take_their_pace_and_are_said_one_by_one(exercise: Exercise) -> None:
    led = Led(exercise, plan_for(exercise, BOTH_SIDES, seen=False))
    numbers = [event.number for event in led.events if isinstance(event, RepDone)]
    if exercise.dose.form != "reps":
        assert numbers == []
        return
    count = round(exercise.dose.least)
    assert numbers == list(range(1, count + 1)) * len(sides_of(exercise))
    took_s = count * exercise.dose.rep_s * len(sides_of(exercise)) + 3.0 + CHANGE_S * (len(sides_of(exercise)) - 1)
    assert led.t_s == pytest.approx(took_s, abs=1.0)
    firsts = [line for line in led.lines if line.startswith(exercise.dose.moves[0].says.split("{")[0])]
    assert len(firsts) == len(numbers), "each begins with its first movement, and none after the last"


@each
def test_what_was_hardly_begun_is_said_plainly_and_answers_nothing(exercise: Exercise) -> None:
    led = Led(exercise, plan_for(exercise, BOTH_SIDES, seen=False), until_s=3.0 + 2.2)
    assert "well" not in led.words.lower().split(": ")[-1].split()
    assert "fine" in led.words
    assert not reached(exercise, led.state, led.plan)
    points = led.points
    assert points[0].detail["hold_s"] == pytest.approx(2.0, abs=0.3)
    assert answering(points) == set()
    assert tick(exercise, done_by_day(points, UTC)[NOW.date(), exercise.id]) == "begun"


@pytest.mark.parametrize("side", BOTH_SIDES)
@pytest.mark.parametrize(
    "exercise", [one for one in library() if one.sides == "each"], ids=lambda exercise: exercise.id
)
def test_one_side_alone_names_no_other(exercise: Exercise, side: Side) -> None:
    other = "left" if side == "right" else "right"
    plan = plan_for(exercise, (side,), seen=False)
    led = Led(exercise, plan)
    assert side_of(HoldState(), plan) == side_of(led.state, plan) == side
    said = " ".join([*led.lines, led.words, planned(exercise, plan)])
    about = re.sub(rf"\bthe {other} (arm|leg)\b", "", said)  # the dead bug's other leg
    assert other not in about, about
    assert [point.detail["side"] for point in led.points] == [side]
    assert "well" in led.words.lower()


# What the camera says of each that it checks: in the band, and between two repetitions.
LOOKS: dict[str, tuple[dict[str, object], dict[str, object]]] = {
    "ql_stand": ({"value": 25.0}, {"value": 3.0}),
    "ql_seat": ({"value": 18.0}, {"value": 3.0}),
    "piri_seat": ({"value": 0.1}, {"value": 1.2}),
    "hip_rot": ({"value": 30.0}, {"value": 5.0}),
    "thor_rot": ({"value": 0.75}, {"value": 1.0}),
}


def camera(side: Side, *, way: str = "", value: float) -> CheckedLook:
    return CheckedLook(0.0, True, side=side, value=value, way=way)


def shown_to_a_camera(exercise: Exercise) -> tuple[CheckedLook, ...]:
    (inside, outside) = LOOKS[exercise.id]
    looks: list[CheckedLook] = []
    for side in BOTH_SIDES:
        if exercise.dose.form == "hold":
            looks += [camera(side, **inside)] * round(61 / STEP_S)  # type: ignore[arg-type]
            continue
        for _ in range(8):
            for way in ("out", "in") if exercise.id == "hip_rot" else ("",):
                looks += [camera(side, way=way, **inside)] * 8 + [camera(side, way=way, **outside)] * 8  # type: ignore[arg-type]
    return tuple(looks)


@seen_ones
def test_what_the_camera_checks_is_led_and_kept_as_verified(exercise: Exercise) -> None:
    led = Led(exercise, plan_for(exercise, BOTH_SIDES, seen=True), 400.0, shown_to_a_camera(exercise))
    assert led.state.finished
    assert reached(exercise, led.state, led.plan)
    points = led.points
    assert [point.detail["side"] for point in points] == ["left", "right"]
    for point in points:
        assert (point.detail["form"], point.detail["verified"]) == (exercise.dose.form, True)
        assert point.detail.get("reps") == (8 if exercise.dose.form == "reps" else None)
    assert tick(exercise, done_by_day(points, UTC)[NOW.date(), exercise.id]) == "verified"
    assert "seen by the camera" in led.words
    assert not [event for event in led.events if isinstance(event, Paused)]


@seen_ones
def test_what_is_not_in_the_band_counts_nothing(exercise: Exercise) -> None:
    outside = LOOKS[exercise.id][1]
    led = Led(exercise, plan_for(exercise, BOTH_SIDES, seen=True), 60.0, (camera("left", **outside),))  # type: ignore[arg-type]
    assert (led.state.done, led.points) == ({}, [])
    assert led.words.startswith("Nothing was")


# -- the pace ----------------------------------------------------------------------------------------------------------


def test_the_beats_of_a_bridge() -> None:
    plan = plan_for(find_exercise("bridge"), BOTH_SIDES, seen=False)
    assert [beat(plan, "both", at_s) for at_s in (0.0, 2.0, 4.5, 5.0, 7.0)] == [
        Beat("Lift the hips", pytest.approx(2.0), 1, 0),
        Beat("Hold", pytest.approx(3.0), 1, 1),
        Beat("Hold", pytest.approx(0.5, abs=1e-5), 1, 1),
        Beat("Lower slowly", pytest.approx(2.0, abs=1e-5), 1, 2),
        Beat("Lift the hips", pytest.approx(2.0), 2, 0),
    ]
    assert beat(plan_for(find_exercise("ql_stand"), BOTH_SIDES, seen=False), "left", 1.0) is None
    assert beat(plan_for(find_exercise("hip_rot"), BOTH_SIDES, seen=True), "left", 1.0) is None


def test_a_roll_goes_to_the_other_side_each_time_and_a_pair_is_named_by_its_side() -> None:
    roll = plan_for(find_exercise("knee_roll"), BOTH_SIDES, seen=False)
    assert [beat(roll, "both", at_s).says.split()[-1] for at_s in (0.0, 6.0, 12.0)] == ["left", "right", "left"]  # type: ignore[union-attr]
    bug = plan_for(find_exercise("dead_bug"), BOTH_SIDES, seen=False)
    assert beat(bug, "right", 0.0).says == "Lower the right arm and the left leg"  # type: ignore[union-attr]


def test_between_sets_there_is_a_rest() -> None:
    exercise = find_exercise("back_bend")
    exercise = replace(exercise, dose=replace(exercise.dose, times=(2, 2)))
    led = Led(exercise, plan_for(exercise, BOTH_SIDES, seen=False))
    assert led.t_s == pytest.approx(3.0 + 60.0 + REST_S, abs=1.0)
    assert led.lines.count("Rest a little.") == 1
    assert led.points[0].detail["reps"] == 10


# -- what is said ------------------------------------------------------------------------------------------------------


def test_how_far_it_is() -> None:
    state = HoldState(done={"both": 3.0, "left": 12.4})
    assert counted(state, plan_for(find_exercise("back_bend"), BOTH_SIDES, seen=False), "both") == "3 of 5"
    assert counted(state, plan_for(find_exercise("ql_stand"), BOTH_SIDES, seen=False), "left") == "12 of 60 s"
    walked = HoldState(done={"both": 80.0})
    assert counted(walked, plan_for(find_exercise("walk"), BOTH_SIDES, seen=False), "both") == "1:20 of 2 min"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("ql_stand", "60 s on each side"),
        ("dbl_knee", "60 s"),
        ("bridge", "12 repetitions of 3 s"),
        ("bird_dog", "10 repetitions of 5 s on each side"),
        ("back_bend", "5 repetitions"),
        ("walk", "2 min"),
    ],
)
def test_what_is_planned(name: str, words: str) -> None:
    exercise = find_exercise(name)
    assert planned(exercise, plan_for(exercise, BOTH_SIDES, seen=False)) == words


def test_what_is_planned_for_one_side_and_for_one_more() -> None:
    exercise = find_exercise("ql_stand")
    assert planned(exercise, plan_for(exercise, ("right",), seen=False)) == "60 s on the right side"
    more = plan_for(exercise, BOTH_SIDES, seen=False, extra="right")
    assert planned(exercise, more) == "60 s on each side, and one more right"
    turns = find_exercise("thor_rot")
    assert planned(turns, plan_for(turns, BOTH_SIDES, seen=True)) == "8 repetitions each way"


def test_praise_is_for_a_whole_dose() -> None:
    exercise = find_exercise("ql_stand")
    plan = plan_for(exercise, BOTH_SIDES, seen=True)
    for left_s, right_s, words in (
        (0.0, 0.0, "Nothing was held this time. That is fine: come back when it suits you."),
        (2.0, 0.0, "Held, seen by the camera: left 2 s. A whole dose is 30 s on each side. Stopping early is fine."),
        (45.3, 38.1, "Held, seen by the camera: left 45 s, right 38 s. 83 s in all: well held."),
    ):
        state = HoldState(held_s={"left": left_s, "right": right_s})
        assert done_words(exercise, state, plan, verified=True) == words
    alone = done_words(
        exercise, HoldState(held_s={"right": 5.0}), plan_for(exercise, ("right",), seen=False), verified=False
    )
    assert alone == "Held, self-reported: right 5 s. A whole dose is 30 s. Stopping early is fine."
    short = plan_for(exercise, BOTH_SIDES, 10.0, seen=False)
    state = HoldState(held_s={"left": 5.0, "right": 5.0}, finished=True)
    words = done_words(exercise, state, short, verified=False)
    assert words == (
        "Held, self-reported: left 5 s, right 5 s. That is what was planned; a whole dose is 30 s on each side."
    )


def test_records_of_older_releases_still_count() -> None:
    def old(name: str, seconds: float, side: str = "both") -> Point:
        return Point("hold", NOW, name, {"side": side, "hold_s": seconds, "verified": False})

    for name, seconds in (("bridge", 36.0), ("knee_roll", 48.0), ("breath", 30.0), ("dbl_knee", 30.0), ("walk", 120.0)):
        done = done_by_day([old(name, seconds)], UTC)
        assert tick(find_exercise(name), done[NOW.date(), name]) == "self-reported", name
        done = done_by_day([old(name, seconds * 0.9)], UTC)
        assert tick(find_exercise(name), done[NOW.date(), name]) == "begun", name
    assert done_by_day([old("gone", 30.0)], UTC)[NOW.date(), "gone"].reported == {"both": 30.0}
    assert answering([old("gone", 1.0)]) == {"gone"}


def test_half_of_what_a_reminder_asks_for_answers_it() -> None:
    def held(seconds: float) -> list[Point]:
        return hold_points("ql_stand", {"left": seconds}, {"left": NOW}, verified=True)

    assert answering(held(20.0)) == {"ql_stand"}
    assert answering(held(19.9)) == set()
