"""A user's own exercises and texts: what is sound is there, what is not is said with its line."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.cli.main import main
from posture.coach.choose import ANY, Limits, next_stretch
from posture.coach.exercise_file import read
from posture.coach.exercises import find_exercise, library
from posture.coach.own import own
from posture.coach.packaged import packaged
from posture.coach.reminder import OwnText
from posture.coach.sentences import Facts, body_of, title_of

SOUND = """\
[[exercise]]
id = "towel"
name = "Towel pull"
position = "desk"
sides = "each"
line = "Pull the towel with the {side} hand for 10 s; then the other."
steps = [
  "Hold a towel behind the back.",
  "Pull with the {side} hand.",
]
dose = { form = "hold", hold_s = [10, 20], times = [2, 2] }

[[exercise]]
id = "heel_raise"
name = "Heel raises"
position = "standing"
sides = "both"
line = "Stand and raise the heels ten times."
steps = ["Stand at the desk.", "Raise the heels, and lower them slowly."]

[exercise.dose]
form = "reps"
hold_s = [0, 0]
times = [1, 2]
reps = [10, 12]
moves = [{ says = "up", takes_s = 1 }, { says = "down", takes_s = 2 }]

[[reminder]]
kind = "stand"
title = "Up!"
body = "You have sat for {lasted}. {exercise}"
"""


@pytest.fixture
def folder(own_folder: Path) -> Path:
    made = own_folder / "exercises.d"
    made.mkdir()
    return made


def test_what_is_sound_is_read_whole() -> None:
    contents = read(SOUND)
    assert contents.faults == ()
    towel, heels = contents.exercises
    assert towel.steps_for("right")[1] == "Pull with the right hand."
    assert towel.figure is None
    assert (towel.bias, towel.avoid, towel.camera.check) == (("neutral",), (), None)
    assert heels.dose.least == 10.0
    assert heels.dose.rep_s == 3.0
    (text,) = contents.texts
    assert (text.kind, text.title) == ("stand", "Up!")


@pytest.mark.parametrize(
    ("old", "new", "line", "says"),
    [
        ('position = "desk"', 'position = "hanging"', 4, "position is 'hanging', not one of desk"),
        ('sides = "each"\n', "", 1, "sides is missing"),
        ('name = "Towel pull"', 'nam = "Towel pull"', 3, "nam is not known: did you mean name?"),
        ('  "Pull with the {side} hand.",', '  "Pull with the {side} hand",', 9, "is not a short sentence"),
        ("Pull with the {side} hand.", "Pull with the {foot}.", 9, "names a side that there is not"),
        ("Pull with the {side} hand.", "Pull with the {side.", 9, "names a side that there is not"),
        ("hold_s = [10, 20]", "hold_s = [20, 10]", 11, "dose.hold_s is not in order"),
        ("reps = [10, 12]", "reps = [10, 1e9]", 25, "dose.reps is not a number"),
        ('{ says = "down", takes_s = 2 }', '{ says = "down", takes_s = "2" }', 26, "takes_s is not a number"),
        ('id = "heel_raise"', 'id = "towel"', 14, "there is an exercise towel already"),
        ('id = "heel_raise"', 'id = "walk"', 14, "there is an exercise walk already"),
        ('id = "heel_raise"', 'id = "../heel"', 14, "id is not a name of small letters"),
        ('kind = "stand"', 'kind = "shout"', 29, "kind is 'shout', not one of stand"),
        ("{lasted}", "{lasted.__class__}", 31, "body may name {lasted}"),
        ("{lasted}", "{lasted!r:>99}", 31, "body may name {lasted}"),
        ('title = "Up!"', 'title = "Up\\u001b[31m!"', 30, "a character that cannot be shown"),
        ("[[reminder]]", "[[reminders]]", 28, "reminders is not known"),
        ('name = "Heel raises"', 'name = "Heel raises', 15, ""),
    ],
)
def test_what_is_wrong_is_said_with_its_line(old: str, new: str, line: int, says: str) -> None:
    assert old in SOUND
    contents = read(SOUND.replace(old, new, 1), {exercise.id for exercise in packaged()})
    (fault,) = contents.faults
    assert fault.line == line
    assert says in fault.says
    if "=" in new:
        assert len(contents.exercises) + len(contents.texts) in (0, 2), "the rest is there, unless it is no TOML at all"


@given(st.text(max_size=300))
def test_any_text_is_read_or_is_a_fault_on_one_of_its_lines(text: str) -> None:
    contents = read(text)
    assert all(1 <= fault.line <= text.count("\n") + 1 and fault.says for fault in contents.faults)


@given(st.integers(0, len(SOUND) - 1), st.sampled_from(["", '"', "[", "{", "=", "9e9", "\x00", "side"]))
def test_a_slip_of_the_hand_never_ends_in_a_traceback(at: int, put: str) -> None:
    text = SOUND[:at] + put + SOUND[at + 1 :]
    contents = read(text)
    for exercise in contents.exercises:
        assert exercise.line_for("left")
        assert exercise.steps_for("right")
        assert exercise.dose.words
        assert exercise.least_s >= 0
    assert all(1 <= fault.line <= text.count("\n") + 1 for fault in contents.faults)


def test_they_are_among_the_others_and_follow_the_file(folder: Path) -> None:
    (folder / "mine.toml").write_text(SOUND)
    assert [exercise.id for exercise in library()][-2:] == ["towel", "heel_raise"]
    assert find_exercise("Heel-Raise").name == "Heel raises"
    assert own().texts["stand"].title == "Up!"
    (folder / "mine.toml").write_text(SOUND.replace("Heel raises", "Raising the heels"))
    os.utime(folder / "mine.toml", ns=(1, 1))
    assert find_exercise("heel_raise").name == "Raising the heels"
    (folder / "mine.toml").unlink()
    assert library() == packaged()


@pytest.mark.skipif(sys.platform == "win32", reason="no pipes with names of POSIX")
def test_what_cannot_be_read_is_left_out_and_said(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "a.toml").write_text("﻿" + SOUND, encoding="utf-8")  # with a mark, as some editors write
    (folder / "b.toml").write_bytes(b"\xff\xfe")
    (folder / "c.toml").write_text(SOUND)
    os.mkfifo(folder / "d.toml")
    (folder / "e.toml").mkdir()
    (folder / "f.toml").write_text("#" * 300_000)
    faults = own().faults
    assert len(own().exercises) == 2
    assert [Path(fault.split(",")[0].split(" ")[0]).name for fault in faults] == [
        *("b.toml", "c.toml", "c.toml", "d.toml", "e.toml", "f.toml")
    ]
    assert main(["exercises"]) == 0
    printed = capsys.readouterr()
    assert "Towel pull" in printed.out
    assert printed.err.count("posture: left out: ") == len(faults)


def test_commands_know_them(folder: Path, printed: Callable[..., str]) -> None:
    (folder / "mine.toml").write_text(SOUND)
    assert "2. Raise the heels" in printed("exercises", "show", "heel_raise")
    ids = [exercise["id"] for exercise in json.loads(printed("exercises", "--json"))]
    assert {"towel", "heel_raise", "ql_stand"} <= set(ids)
    assert printed("exercises", "show", "towel", "--svg").strip() == ""


def test_an_exercise_that_was_left_out_says_why(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (folder / "mine.toml").write_text(SOUND.replace('"desk"', '"hanging"'))
    assert main(["exercises", "show", "towel"]) == 2
    error = capsys.readouterr().err
    assert "mine.toml, line 4: position is 'hanging'" in error
    assert error.count("\n") == 1


def test_doctor_says_what_is_wrong(
    folder: Path, printed: Callable[..., str], capsys: pytest.CaptureFixture[str]
) -> None:
    from posture.cli.doctor import _own_exercises

    assert list(_own_exercises()) == []
    (folder / "mine.toml").write_text(SOUND)
    (check,) = _own_exercises()
    assert (check.status, check.says.split(" in ")[0]) == ("pass", "2 exercises, 1 text for reminders")
    (folder / "mine.toml").write_text(SOUND.replace('"desk"', '"hanging"'))
    (check,) = _own_exercises()
    assert check.status == "warn"
    assert "line 4" in check.says


OWN = OwnText("stand", "Up after {lasted}", "Hey, {lasted}. {exercise}")
SAT = Facts(1860.0, 1800.0, "sitting", exercise=find_exercise("ql_stand"), side="right", own=OWN)


def test_own_words_are_filled_in() -> None:
    assert title_of("stand", SAT) == "Up after 31 min"
    assert body_of("stand", SAT) == f"Hey, 31 min. {find_exercise('ql_stand').line_for('right')}"
    assert body_of("stand", replace(SAT, exercise=None)) == "Hey, 31 min."
    assert title_of("stand", replace(SAT, own=OwnText("stand", body="Up."))) == "Time to stand"
    seen = Facts(300.0, 180.0, deviation="slump", own=OwnText("posture", body="You were {what} for {lasted}."))
    assert body_of("posture", seen) == "You were slumped for 5 min."


def test_a_reminder_to_stretch_names_them_in_turn(folder: Path) -> None:
    (folder / "mine.toml").write_text(SOUND.replace('position = "standing"', 'position = "floor"'))
    done = dict.fromkeys((exercise.id for exercise in packaged()), 60.0)
    assert next_stretch(done).id == "towel"
    assert next_stretch({**done, "towel": 60.0}).id != "towel"
    everything = {**done, "towel": 60.0}
    assert next_stretch({**everything, "ql_stand": 30.0}, Limits("extension")).id != "heel_raise", "it needs the floor"


def test_a_reminder_reads_no_file_twice_and_sees_what_has_changed(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (folder / "mine.toml").write_text(SOUND)
    read_from: list[Path] = []

    def counted(path: Path, largest_b: int) -> str:
        read_from.append(path)
        return path.read_text()

    monkeypatch.setattr("posture.own_files.read_plain_text", counted)
    for _ in range(5):
        assert next_stretch({}, ANY, standing=True)
    assert len(read_from) == 1
    (folder / "mine.toml").write_text(SOUND.replace("Towel pull", "Towel pulls"))
    assert "Towel pulls" in [exercise.name for exercise in library()]
    assert len(read_from) == 2
    (folder / "mine.toml").unlink()
    assert library() == packaged()
