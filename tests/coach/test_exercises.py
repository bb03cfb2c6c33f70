"""The library of exercises: complete, every number with its source, and drawn. The program itself only parses it."""

from __future__ import annotations

import math
import re
import tomllib
from importlib import resources
from typing import Any

import pytest

from posture.coach.choose import STANDS
from posture.coach.exercise import HURTS, Dose, Exercise, Move, Side, other_side
from posture.coach.exercise_file import faults_of
from posture.coach.exercises import find_exercise, library
from posture.errors import PostureError
from posture.report.drawings import Line, Ring, bounds, drawing, svg
from posture.settings import CONDITIONS, CoachSettings

TEXT = resources.files("posture.coach").joinpath("exercises.toml").read_text(encoding="utf-8")
# Evidence, section 3.
IDS = [
    *("ql_stand", "ql_seat", "ql_child", "knee_roll", "hf_kneel", "hf_split", "piri_seat", "hip_rot", "thor_rot"),
    *("back_bend", "dbl_knee", "side_bridge_knees", "bird_dog", "bridge", "dead_bug", "breath", "walk"),
]
BANDS = {
    "ql_stand": (15, 35),
    "ql_seat": (10, 25),
    "hip_rot": (20, 40),
    "thor_rot": (0.64, 0.87),
    "piri_seat": (0, 0.3),
}

each = pytest.mark.parametrize("exercise", library(), ids=lambda exercise: exercise.id)


def test_all_of_the_evidence_are_there() -> None:
    assert [exercise.id for exercise in library()] == IDS
    assert {exercise.id: exercise.camera.band for exercise in library() if exercise.camera.check} == BANDS


@each
def test_every_number_names_its_source(exercise: Exercise) -> None:
    for source in (exercise.dose.source, exercise.source):
        assert re.search(r"a choice of this program|American College of Sports Medicine", source)
        assert "section" not in source, "users are told who says so, not where it stands in a document"
    assert exercise.camera.band is None or "a choice of this program" in exercise.camera.source


@each
def test_what_the_camera_cannot_see_says_so(exercise: Exercise) -> None:
    if exercise.camera.check is None:
        assert "timed only" in exercise.camera.says


@each
def test_both_sides_read_well(exercise: Exercise) -> None:
    left, right = exercise.steps_for("left"), exercise.steps_for("right")
    assert (left != right) == (exercise.sides == "each")
    for text in (*left, *right, exercise.line_for("left"), exercise.line_for("right")):
        assert "{" not in text
        assert text[0].isupper()
    assert exercise.line_for("left").endswith(".")
    assert len(exercise.steps) <= 4


@each
def test_the_drawing_is_whole_and_the_right_side_is_its_mirror(exercise: Exercise) -> None:
    left, right = drawing(exercise, "left"), drawing(exercise, "right")
    assert sum(isinstance(shape, Ring) for shape in left) == 1
    assert sum(isinstance(shape, Line) for shape in left) >= 6
    assert bounds(left)[2:] == pytest.approx(bounds(right)[2:])
    assert (left != right) == (exercise.sides == "each")
    text = svg(exercise, "right")
    assert text.startswith("<svg")
    assert "nan" not in text
    assert exercise.name in text


@each
def test_an_arrow_shows_what_moves(exercise: Exercise) -> None:
    arrows = [shape for shape in drawing(exercise) if shape.kind == "arrow"]
    assert arrows, "a posture alone does not say what to do"
    assert min(math.dist(arrow.points[0], arrow.points[-1]) for arrow in arrows if isinstance(arrow, Line)) > 5.0


def test_an_arrow_points_where_the_steps_go() -> None:
    """To the right with the left arm up, as in a mirror; up with the hips; the knees towards the chest."""

    def shaft(name: str, side: Side = "left") -> tuple[float, float]:
        lines = [shape for shape in drawing(find_exercise(name), side) if isinstance(shape, Line)]
        tip, start = next(line.points for line in lines if line.kind == "arrow")
        return tip[0] - start[0], tip[1] - start[1]

    for name in ("ql_stand", "ql_seat", "ql_child", "hf_kneel"):
        assert shaft(name)[0] > 10 > -10 > shaft(name, "right")[0], name
    assert shaft("bridge")[1] < -10
    knees = shaft("dbl_knee")
    assert knees[0] < -10
    assert knees[1] < 0


def test_the_lengthened_side_is_the_one_with_the_arm_up_as_in_a_mirror() -> None:
    for side in ("left", "right"):
        (flank,) = [shape for shape in drawing(find_exercise("ql_stand"), side) if shape.kind == "worked"]  # type: ignore[arg-type]
        (head,) = [shape for shape in drawing(find_exercise("ql_stand"), side) if isinstance(shape, Ring)]  # type: ignore[arg-type]
        assert isinstance(flank, Line)
        # Bent away from the worked flank, which is at the person's own side of the mirror.
        assert (flank.points[0][0] < head.centre[0]) == (side == "left")
        assert other_side(other_side(side)) == side  # type: ignore[arg-type]


def out_for(condition: str) -> set[str]:
    return {exercise.id for exercise in library() if condition in exercise.unless}


def test_what_has_to_be_cleared_first_takes_exercises_out() -> None:
    # Evidence, section 3: far bending and far twisting.
    assert out_for("osteoporosis") == {"ql_child", "dbl_knee", "knee_roll", "piri_seat", "thor_rot"}
    assert out_for("surgery") == out_for("fracture") == set(IDS) - {"breath"}
    on_the_floor = {exercise.id for exercise in library() if exercise.position == "floor"}
    assert on_the_floor <= out_for("late_pregnancy")
    assert {"piri_seat", "hip_rot", "knee_roll", "dbl_knee", "ql_child"} <= out_for("hip_replacement")
    assert {"hf_split", "bird_dog", "back_bend"} <= out_for("balance")


def test_what_takes_an_exercise_out_is_among_what_to_avoid() -> None:
    words = {
        "osteoporosis": "osteoporosis",
        "late_pregnancy": "late pregnancy",
        "hip_replacement": "a hip replacement",
        "balance": "poor balance",
    }
    for exercise in library():
        said = {name for name, word in words.items() if word in exercise.avoid}
        assert said == set(exercise.unless) & set(words), exercise.id


def test_what_the_log_can_tell_is_among_what_to_avoid() -> None:
    words = {
        **{
            "sitting": "on sitting",
            "standing": "on standing",
            "walking": "walking",
            "lying": "lying",
            "bending": "bending",
        },
        **{"twisting": "twisting", "leaning-back": "leaning back", "shoulder": "shoulder", "wrist": "wrist"},
        **{"ribs": "rib", "groin": "groin", "hip": "hip", "knee": "knee pain", "leg": "in the leg"},
    }
    assert set(words) == set(HURTS)
    for exercise in library():
        # A side-bend gives way to its other form where sitting or standing hurts: that is no reason to avoid it.
        told = set(exercise.hurts) - ({"sitting", "standing"} if exercise.target == "QL" else set())
        assert [name for name in told if words[name] not in "; ".join(exercise.avoid)] == [], exercise.id


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("piri_seat", ("knee pain", "a hip replacement")),
        ("hf_split", ("poor balance",)),
        ("ql_stand", ("dizziness",)),
        ("ql_seat", ("dizziness",)),
        ("back_bend", ("dizziness",)),
        ("dbl_knee", ("knee pain", "osteoporosis", "late pregnancy")),
    ],
)
def test_who_should_not_do_it(name: str, words: tuple[str, ...]) -> None:
    assert set(words) <= set(find_exercise(name).avoid)


def test_the_split_stance_holds_on() -> None:
    split = find_exercise("hf_split")
    assert "hold the desk" in split.line_for("left").lower()
    assert split.steps_for("left")[0].startswith("Hold the desk")


def test_after_an_operation_or_a_fracture_something_is_left_and_the_rest_leaves_a_plan() -> None:
    everything = {exercise.id for exercise in library() if not set(CONDITIONS) & set(exercise.unless)}
    assert everything == {"breath"}
    others = set(CONDITIONS) - {"surgery", "fracture"}
    assert {exercise.id for exercise in library() if not others & set(exercise.unless)} >= {"ql_seat", "walk", "breath"}


def test_asked_and_nothing_applies_is_not_a_condition() -> None:
    assert CoachSettings().conditions == CoachSettings(clearance="none").conditions == ()
    assert CoachSettings(clearance="none, balance").conditions == ("balance",)
    assert CoachSettings(clearance=", ".join(CONDITIONS)).conditions == CONDITIONS


def test_a_name_that_is_not_there_gets_the_nearest() -> None:
    assert find_exercise("ql-stand").id == "ql_stand"
    with pytest.raises(PostureError, match="ql_stand") as caught:
        find_exercise("ql_stnad")
    assert caught.value.exit_code == 2


# -- what the file may say ---------------------------------------------------------------------------------------------


def faults(source: str) -> list[str]:
    """What is wrong with a library, as sentences; empty when it is sound."""
    data = tomllib.loads(source)
    if set(data) != {"exercise"} or not data["exercise"]:
        return ["the file holds something else than exercises"]
    found = [f"{entry.get('id')}.{says}" for entry in data["exercise"] for _, says in faults_of(entry)]
    ids = [entry.get("id") for entry in data["exercise"]]
    return found + [f"{name} is there twice" for name in set(ids) if ids.count(name) > 1]


NUMBERS = {"five": 5, "eight": 8, "two": 2, "three": 3, "ten": 10, "twelve": 12}


def seconds_of(exercise: Exercise) -> float | None:
    """What the sentence of a reminder asks for, read from its words; None where it counts breaths or repetitions."""
    line = exercise.line_for("left")
    found = re.search(r"for (\w+) (s|minutes)\b", line)
    if found is None:
        return None
    number = NUMBERS.get(found[1]) or float(found[1])
    again = re.search(r"; then (the|change)", line)
    times = next((NUMBERS[word] for word in NUMBERS if f"{word} times" in line), 1)
    return number * (60.0 if found[2] == "minutes" else 1.0) * times * (2 if again else 1)


def test_what_is_done_standing_asks_for_what_its_line_says() -> None:
    standing = {exercise.id: exercise for exercise in library() if exercise.position == "standing"}
    assert set(STANDS) <= set(standing)
    for exercise in standing.values():
        asked_s = seconds_of(exercise)
        assert asked_s is None or exercise.asks_s == asked_s, exercise.id
    assert {name: seconds_of(standing[name]) for name in STANDS} == {"walk": 120.0, "ql_stand": 40.0, "hf_split": 40.0}
    assert all((exercise.sides == "each") == ("then" in exercise.line) for exercise in standing.values())


def test_without_seconds_of_its_own_a_line_asks_for_the_smallest_dose() -> None:
    assert find_exercise("back_bend").asks_s == find_exercise("back_bend").least_s == 30.0
    assert find_exercise("ql_stand").least_s == 60.0


def test_the_smallest_and_the_largest_dose_on_a_side() -> None:
    doses = {exercise.id: exercise.dose for exercise in library()}
    assert (doses["ql_stand"].least, doses["ql_stand"].most, doses["ql_stand"].rep_s) == (30.0, 90.0, 0.0)
    assert (doses["bridge"].least, doses["bridge"].most, doses["bridge"].rep_s) == (12.0, 15.0, 7.0)
    assert (doses["walk"].least, doses["walk"].most) == (120.0, 300.0)
    two_sets = Dose("reps", (2, 3), SOURCE, (0.0, 0.0), (5, 8), MOVES)
    assert (two_sets.least, two_sets.most, two_sets.rep_s) == (10.0, 24.0, 6.0)


# Evidence, section 3: what is held, what is repeated with a hold of its own (0: return at once), what is walked.
FORMS = {
    **dict.fromkeys(
        ("ql_stand", "ql_seat", "ql_child", "hf_kneel", "hf_split", "piri_seat", "dbl_knee"), ("hold", None)
    ),
    **dict.fromkeys(("knee_roll", "hip_rot", "thor_rot", "back_bend", "dead_bug", "breath"), ("reps", 0.0)),
    "side_bridge_knees": ("reps", 10.0),
    "bird_dog": ("reps", 5.0),
    "bridge": ("reps", 3.0),
    "walk": ("walk", None),
}


@each
def test_each_has_the_form_of_the_evidence(exercise: Exercise) -> None:
    form, rep_hold_s = FORMS[exercise.id]
    assert exercise.dose.form == form
    assert rep_hold_s is None or exercise.dose.hold_s == (rep_hold_s, rep_hold_s)


def test_the_file_is_sound() -> None:
    assert faults(TEXT) == []


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ('id = "ql_stand"', 'id = "ql_seat"', "ql_seat is there twice"),
        ('position = "standing"', 'position = "hanging"', "ql_stand.position is 'hanging'"),
        ("hold_s = [15, 30]", "hold_s = [30, 15]", "ql_stand.dose.hold_s is not in order"),
        ("hold_s = [15, 30]", "hold_s = [15, 30], reps = [1, 2]", "ql_stand.dose has reps and moves"),
        ('form = "hold", ', "", "ql_stand.dose.form is missing"),
        ('form = "hold"', 'form = "jump"', "ql_stand.dose.form is 'jump'"),
        ("hold_s = [15, 30]", "hold_s = [0, 30]", "ql_stand.dose.hold_s is nothing to keep"),
        ("dose.reps = [8, 10]\n", "", "knee_roll.dose has reps and moves"),
        ("knees to the {way}", "knees to the {side}", "names a side"),
        ("takes_s = 3", "takes_s = 0", "knee_roll.dose.moves take no time"),
        ("takes_s = 3", 'takes_s = "slow"', "knee_roll.dose.moves.takes_s is not a number"),
        (
            "hold_s = [120, 300], times = [1, 1]",
            "hold_s = [120, 300], times = [2, 2]",
            "walk.dose.times of a walk is not 1",
        ),
        ("times = [2, 3]", "times = [2, 2.5]", "ql_stand.dose.times is not whole"),
        ("band = [15, 35]", 'band = "wide"', "ql_stand.camera.band is not a list"),
        ("band = [15, 35], ", "", "ql_stand.camera.band is missing"),
        (
            'unit = "deg", least_s = 20, source = "a choice of this program"',
            'unit = "deg"',
            "needs a unit and a source",
        ),
        (
            '  "Come up slowly.",\n]',
            '  "Come up slowly.",\n  "And again.",\n]',
            "ql_stand.steps is not a list",
        ),
        ('"Come up slowly."', '"Come up with the {elbow}."', "names a side"),
        ('"Come up slowly."', '"' + "and on " * 12 + '."', "is not a short sentence"),
        ('"Come up slowly."', '"Come up slowly"', "is not a short sentence"),
        ('check = "side_bend"', 'check = "guess"', "ql_stand.camera.check is 'guess'"),
        ('view = "front", check = "side_bend"', 'view = "front"', "ql_stand.camera.check belongs"),
        ('name = "Standing side-bend"', 'nam = "Standing side-bend"', "did you mean name"),
        ('name = "Standing side-bend"', 'name = " "', "ql_stand.name is not text"),
        ('bias = ["neutral"]', "bias = []", "ql_stand.bias is not a list of 1"),
        ("lower = 8", 'lower = "x"', "ql_stand.figure.lower is not a number"),
        ("lower = 8", "lower = true", "ql_stand.figure.lower is not a number"),
        ("[12, 40]", "[12]", "ql_stand.figure.arms is not a list of 2"),
        ('avoid = ["a trunk', 'colour = "red"\navoid = ["a trunk', "ql_stand.colour is not known"),
        ('group = "QL"', 'group = "legs"', "ql_stand.group is 'legs'"),
        ('hurts = ["standing"', 'hurts = ["singing"', "ql_stand.hurts is 'singing'"),
        ('unless = ["surgery"', 'unless = ["a cold"', "ql_stand.unless is 'a cold'"),
        ("[[exercise]]", "[more]\n[[exercise]]", "something else than exercises"),
    ],
)
def test_a_fault_would_be_found(old: str, new: str, fault: str) -> None:
    assert old in TEXT
    assert [found for found in faults(TEXT.replace(old, new, 1)) if fault in found]


# -- what becomes of it ------------------------------------------------------------------------------------------------


def test_an_exercise_says_what_its_entry_says() -> None:
    entries = tomllib.loads(TEXT)["exercise"]
    assert len(entries) == len(library())
    for entry, exercise in zip(entries, library(), strict=True):
        for key, value in entry.items():
            same(value, getattr(exercise, key))


def same(value: Any, read: Any) -> None:
    if isinstance(value, dict):
        for key, inner in value.items():
            same(inner, getattr(read, key))
    elif isinstance(value, list):
        assert isinstance(read, tuple)
        for inner, inner_read in zip(value, read, strict=True):
            same(inner, inner_read)
    else:
        assert value == read


@pytest.mark.parametrize("exercise", library(), ids=lambda exercise: exercise.id)
def test_measured_numbers_are_floats_and_counts_whole(exercise: Exercise) -> None:
    camera, dose, figure = exercise.camera, exercise.dose, exercise.figure
    measured = [camera.least_s, *(camera.band or ()), *dose.hold_s, figure.lower, figure.trunk, figure.head]
    measured += [move.takes_s for move in dose.moves]
    measured += [direction for limb in (*figure.arms, *figure.legs) for direction in limb]
    assert {type(value) for value in measured} == {float}
    assert {type(value) for value in (*dose.times, *(dose.reps or ()))} == {int}


def test_what_an_entry_leaves_out() -> None:
    walk = find_exercise("walk")
    assert (walk.camera.check, walk.camera.band, walk.camera.unit, walk.camera.least_s) == (None, None, "", 0.0)
    assert (walk.figure.props, walk.figure.turn) == ((), False)


SOURCE = "[D]"
MOVES = (Move("Go", 2.0), Move("Return", 4.0))


@pytest.mark.parametrize(
    ("dose", "words", "least_s"),
    [
        (Dose("hold", (2, 3), SOURCE, (15.0, 30.0)), "15-30 s, 2-3 times", 30.0),
        (Dose("hold", (2, 2), SOURCE, (20.0, 20.0)), "20 s, 2 times", 40.0),
        (Dose("hold", (1, 1), SOURCE, (119.0, 150.0)), "119-150 s", 119.0),
        (Dose("walk", (1, 1), SOURCE, (120.0, 300.0)), "2-5 min", 120.0),
        (Dose("walk", (1, 1), SOURCE, (180.0, 180.0)), "3 min", 180.0),
        (Dose("reps", (1, 1), SOURCE, (0.0, 0.0), (8, 10), MOVES), "8-10 repetitions", 48.0),
        (Dose("reps", (1, 1), SOURCE, (3.0, 3.0), (12, 15), MOVES), "12-15 repetitions of 3 s", 108.0),
        (Dose("reps", (2, 3), SOURCE, (0.0, 0.0), (5, 5), MOVES), "5 repetitions, 2-3 sets", 60.0),
        (Dose("reps", (2, 2), SOURCE, (2.0, 3.0), (5, 6), MOVES), "5-6 repetitions of 2-3 s, 2 sets", 80.0),
    ],
)
def test_a_dose_in_words_and_in_seconds(dose: Dose, words: str, least_s: float) -> None:
    assert (dose.words, dose.least_s) == (words, least_s)


def test_the_steps_of_each_side() -> None:
    step = "Let the hips drift to the {} while the ribs curve to the {}.".format
    assert find_exercise("ql_stand").steps_for("left")[1] == step("left", "right")
    assert find_exercise("ql_stand").steps_for("right")[1] == step("right", "left")


def test_an_exercise_on_each_side_takes_twice_as_long() -> None:
    assert find_exercise("ql_stand").sides == "each"
    assert find_exercise("ql_stand").least_s == 2 * 30.0
    both = next(exercise for exercise in library() if exercise.sides == "both")
    assert both.least_s == both.dose.least_s


@pytest.mark.parametrize(("name", "found"), [("QL-Stand", "ql_stand"), ("walk", "walk")])
def test_an_id_in_any_case_and_with_hyphens(name: str, found: str) -> None:
    assert find_exercise(name).id == found


def test_a_very_long_name_is_cut_in_the_sentence() -> None:
    with pytest.raises(PostureError) as caught:
        find_exercise("ql_stand" * 30)
    assert str(caught.value) == (
        f"There is no exercise {('ql_stand' * 30)[:50]!r}; the nearest is ql_stand (Standing side-bend): see "
        "posture exercises."
    )
