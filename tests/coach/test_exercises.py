"""The library: whole, sound, and each number with its source."""

from __future__ import annotations

import re
import tomllib
from importlib import resources

import pytest

from posture.coach.exercises import Exercise, find_exercise, library, other_side, read_library
from posture.errors import PostureError
from posture.report.drawings import Line, Ring, bounds, drawing, svg

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

each = pytest.mark.parametrize("one", library(), ids=lambda one: one.id)


def test_all_of_the_evidence_are_there() -> None:
    assert [one.id for one in library()] == IDS
    assert {one.id: one.camera.band for one in library() if one.camera.check} == BANDS


@each
def test_every_number_names_its_source(one: Exercise) -> None:
    assert re.search(r"\[D\]|\[lit", one.dose.source)
    assert one.camera.band is None or "[D]" in one.camera.source
    assert "section 3" in one.source


@each
def test_what_the_camera_cannot_see_says_so(one: Exercise) -> None:
    if one.camera.check is None:
        assert "timed only" in one.camera.says


@each
def test_both_sides_read_well(one: Exercise) -> None:
    left, right = one.steps_for("left"), one.steps_for("right")
    assert (left != right) == (one.sides == "each")
    for text in (*left, *right, one.line_for("left"), one.line_for("right")):
        assert "{" not in text
        assert text[0].isupper()
    assert one.line_for("left").endswith(".")
    assert len(one.steps) <= 4


@each
def test_the_drawing_is_whole_and_the_right_side_is_its_mirror(one: Exercise) -> None:
    left, right = drawing(one, "left"), drawing(one, "right")
    assert sum(isinstance(shape, Ring) for shape in left) == 1
    assert sum(isinstance(shape, Line) for shape in left) >= 6
    assert bounds(left)[2:] == pytest.approx(bounds(right)[2:])
    assert (left != right) == (one.sides == "each")
    text = svg(one, "right")
    assert text.startswith("<svg")
    assert "nan" not in text
    assert one.name in text


def test_the_lengthened_side_is_the_one_with_the_arm_up_as_in_a_mirror() -> None:
    for side in ("left", "right"):
        (flank,) = [shape for shape in drawing(find_exercise("ql_stand"), side) if shape.kind == "worked"]  # type: ignore[arg-type]
        (head,) = [shape for shape in drawing(find_exercise("ql_stand"), side) if isinstance(shape, Ring)]  # type: ignore[arg-type]
        assert isinstance(flank, Line)
        # Bent away from the worked flank, which is at the person's own side of the mirror.
        assert (flank.points[0][0] < head.centre[0]) == (side == "left")
        assert other_side(other_side(side)) == side  # type: ignore[arg-type]


def test_a_name_that_is_not_there_gets_the_nearest() -> None:
    assert find_exercise("ql-stand").id == "ql_stand"
    with pytest.raises(PostureError, match="ql_stand") as caught:
        find_exercise("ql_stnad")
    assert caught.value.exit_code == 2


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ('id = "ql_stand"', 'id = "ql_seat"', "ql_seat .*twice"),
        ('position = "standing"', 'position = "hanging"', "ql_stand .*position.*hanging"),
        ("hold_s = [15, 30]", "hold_s = [30, 15]", "ql_stand .*hold_s"),
        ("band = [15, 35]", 'band = "wide"', "ql_stand .*band"),
        ('unit = "deg", least_s = 20, source = "evidence, section 3 [D]"', 'unit = "deg"', "ql_stand .*source"),
        ('  "Come up slowly.",\n]', '  "Come up slowly.",\n  "And again.",\n]', "ql_stand .*1 to 4"),
        ('"Come up slowly."', '"Come up with the {elbow}."', "names a side"),
        ('"Come up slowly."', '"' + "and on " * 12 + '."', "short sentence"),
        ('check = "side_bend"', 'check = "guess"', "ql_stand .*camera.check"),
        ('name = "Standing side-bend"', 'nam = "Standing side-bend"', "ql_stand .*name is missing"),
        ("lower = 8", 'lower = "x"', "ql_stand .*lower"),
        ('avoid = ["a trunk', 'colour = "red"\navoid = ["a trunk', "ql_stand .*colour"),
    ],
)
def test_what_is_not_sound_is_named(old: str, new: str, says: str) -> None:
    assert old in TEXT
    with pytest.raises(PostureError, match=says):
        read_library(TEXT.replace(old, new, 1))


def test_no_toml_or_no_exercise() -> None:
    with pytest.raises(PostureError, match="not valid TOML"):
        read_library("[[exercise")
    with pytest.raises(PostureError):
        read_library("")


def test_the_file_says_what_it_holds() -> None:
    assert set(tomllib.loads(TEXT)) == {"exercise"}
