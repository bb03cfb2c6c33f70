"""exercises, log, check-in, plan, why and self-check as a user types them, on a history of their own."""

from __future__ import annotations

import io
import json
import os
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from contextlib import nullcontext
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest

from posture.cli.main import main
from posture.coach.choose import limits_of, next_stand, next_stretch
from posture.coach.exercises import library
from posture.coach.plan import SLOTS
from posture.coach.safety import (
    ADVICE,
    CONDITION_QUESTIONS,
    IN_A_NOTE,
    QUESTIONS,
    SUSPENDED,
    SUSPENDED_EMERGENCY,
    Question,
)
from posture.history.records import Interval, Point
from posture.history.store import Store
from posture.settings import CONDITIONS, CoachSettings
from posture.settings_file import load_settings

ROOT = Path(__file__).parents[2]


pytestmark = pytest.mark.usefixtures("own_folder")
Answer = Callable[..., None]


def out(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


def test_the_list_and_its_filters(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["exercises"]) == 0
    text = out(capsys)
    assert all(exercise.id in text for exercise in library())
    assert main(["exercises", "--json"]) == 0
    assert len(json.loads(out(capsys))) == 17
    assert main(["exercises", "list", "--target", "ql", "--position", "desk", "--minutes", "2", "--json"]) == 0
    assert [exercise["id"] for exercise in json.loads(out(capsys))] == ["ql_seat"]
    assert main(["exercises", "--bias", "extension", "--json"]) == 0
    biases = [exercise["bias"] for exercise in json.loads(out(capsys))]
    assert all({"neutral", "extension"} & set(bias) for bias in biases)
    assert main(["exercises", "--minutes", "0.01"]) == 0
    assert "Nothing fits" in out(capsys)


def test_the_list_follows_the_bias_that_was_taken(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["config", "set", "coach.bias", "flexion"]) == 0
    out(capsys)
    assert main(["exercises", "--json"]) == 0
    assert "back_bend" not in [exercise["id"] for exercise in json.loads(out(capsys))]


def test_show(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["exercises", "show", "ql_stand", "--side", "right"]) == 0
    text = out(capsys)
    assert "right arm overhead" in text
    assert "Stop at new leg symptoms" in text
    assert main(["exercises", "show", "hf_split", "--svg"]) == 0
    assert ET.fromstring(out(capsys)).tag.endswith("svg")
    assert main(["exercises", "show"]) == 2
    assert main(["exercises", "show", "nothing"]) == 2


def test_the_page_is_the_library(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["exercises", "--markdown"]) == 0
    assert out(capsys) == (ROOT / "docs/exercises.md").read_text(encoding="utf-8")


def test_log_and_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["log", "list"]) == 0
    assert "Nothing was logged" in out(capsys)
    assert main(["log", "pain", "4", "--where", "low-left", "--when", "sitting", "--note", "after lunch"]) == 0
    assert out(capsys) == "Logged: 4 of 10, low left, sitting.\n"
    assert main(["log", "list", "--json"]) == 0
    (line,) = out(capsys).splitlines()
    entry = json.loads(line)
    assert (entry["level"], entry["where"], entry["when"], entry["note"]) == (4, "low-left", "sitting", "after lunch")
    assert main(["log", "list"]) == 0
    assert "####" in out(capsys)


@pytest.mark.parametrize("level", ["11", "-1", "3.5", "x", "", "1" * 5000])
def test_a_level_that_is_none(level: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["log", "pain", level])
    assert caught.value.code == 2


def test_three_that_agree_propose_and_take_nothing(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    now = datetime.now(UTC)
    said = {"level": 3, "when": "walking", "better": "sitting"}
    store.write(points=[Point("pain", now - timedelta(days=days), "leg-left", said) for days in (2, 1)])
    assert main(["log", "pain", "3", "--where", "leg-left", "--when", "walking", "--better", "sitting"]) == 0
    text = out(capsys)
    assert "clinician look at" in text
    assert "flexion" not in text, "no direction beside advice to see somebody"
    assert main(["log", "pain", "8", "--where", "leg-left", "--when", "walking", "--better", "sitting"]) == 0
    text = out(capsys)
    assert "answer posture check-in" in text
    assert "flexion" not in text, "nor beside a strong pain"
    assert main(["log", "pain", "3"]) == 0
    text = out(capsys)
    assert "flexion (bending forward)" in text
    assert "Nobody has tested" in text
    assert "posture config set coach.bias flexion" in text
    assert "clinician look at" in text
    assert main(["config", "get", "coach.bias"]) == 0
    assert "any" in out(capsys)
    assert main(["plan"]) == 0
    assert "Proposed: coach.bias flexion" in out(capsys)
    assert main(["config", "set", "coach.clearance", "osteoporosis"]) == 0
    for command in (["log", "pain", "3"], ["plan"]):
        out(capsys)
        assert main(command) == 0
        assert "flexion" not in out(capsys)


def test_three_within_a_minute_are_one(capsys: pytest.CaptureFixture[str]) -> None:
    for level in ("3", "4", "5"):
        assert main(["log", "pain", level, "--when", "bending", "--better", "walking"]) == 0
        assert "extension" not in out(capsys)
    assert main(["log", "list", "--json"]) == 0
    (line,) = out(capsys).splitlines()
    assert json.loads(line)["level"] == 5


def test_a_note_leads_to_the_questions_calmly_and_to_no_exercise(
    store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    now = datetime.now(UTC)
    earlier = [now - timedelta(hours=hours) for hours in (3, 2)]
    store.write(points=[Point("pain", at, "", {"level": 3, "when": "sitting"}) for at in earlier])
    main(["log", "pain", "3", "--when", "sitting", "--note", "and my bladder"])
    assert out(capsys) == f"Logged: 3 of 10, sitting.\n{IN_A_NOTE}\n"
    assert "emergency" not in IN_A_NOTE


def test_a_note_keeps_no_referral_back(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    now = datetime.now(UTC)
    store.write(points=[Point("pain", now - timedelta(days=days), "low", {"level": 4}) for days in (15, 8)])
    assert main(["log", "pain", "4", "--where", "low", "--note", "Nachts Fieber"]) == 0
    text = out(capsys)
    assert "consider seeing a clinician" in text, "it is said once, so it must not be lost"
    assert IN_A_NOTE in text


def test_the_page_of_the_check_in(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-in", "--markdown"]) == 0
    page = (ROOT / "docs/check-in.md").read_text(encoding="utf-8")
    assert page == out(capsys), "write it again: posture check-in --markdown > docs/check-in.md"
    assert all(question.text in page for question in QUESTIONS)
    rows = {name: row for row in page.splitlines() for name in CONDITIONS if row.startswith(f"| `{name}` |")}
    assert list(rows) == list(CONDITIONS)
    assert rows["surgery"].endswith("| all but: Long exhale |")
    assert "Seated figure four" in rows["hip_replacement"]


def test_a_referral_is_raised_once(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    now = datetime.now(UTC)
    store.write(points=[Point("pain", now - timedelta(days=days), "low", {"level": 4}) for days in (15, 8)])
    assert main(["log", "pain", "4", "--where", "low"]) == 0
    assert "consider seeing a clinician" in out(capsys)
    assert main(["log", "pain", "4", "--where", "low"]) == 0
    assert "clinician" not in out(capsys)


def test_an_emergency_suspends_until_it_is_cleared(answer: Answer, capsys: pytest.CaptureFixture[str]) -> None:
    answer("bladder")
    assert main(["check-in"]) == 0
    text = out(capsys)
    assert ADVICE["emergency"] in text
    assert QUESTIONS[2].text not in text, "help comes before further questions"
    assert main(["stretch", "--no-camera"]) == 1
    assert SUSPENDED in capsys.readouterr().err
    assert main(["self-check", "side-bend"]) == 1
    assert main(["plan"]) == 0
    assert SUSPENDED in out(capsys)
    answer()
    assert main(["check-in"]) == 0
    assert SUSPENDED in out(capsys), "a later all-clear does not clear it"
    assert main(["check-in", "--show"]) == 0
    assert ADVICE["emergency"] in out(capsys)
    assert main(["check-in", "--clear"]) == 0
    out(capsys)
    assert main(["plan"]) == 0
    assert "posture stretch" in out(capsys)


def test_routine_advises_and_suspends_nothing(answer: Answer, capsys: pytest.CaptureFixture[str]) -> None:
    answer("two_weeks")
    assert main(["check-in"]) == 0
    assert ADVICE["routine"] in out(capsys)
    assert main(["plan"]) == 0
    assert "posture stretch" in out(capsys)


def test_answers_that_end_early_keep_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\nmaybe\ny\n"))
    assert main(["check-in"]) == 0  # the third line answers the second question: an emergency
    assert ADVICE["emergency"] in out(capsys)
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\nn\n"))
    assert main(["check-in"]) == 1
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\nq\n"))
    assert main(["check-in"]) == 0
    assert "without keeping" in out(capsys)


@pytest.mark.parametrize("end", ["q\n", ""], ids=["left", "ended"])
@pytest.mark.parametrize("question", QUESTIONS[:-1], ids=lambda question: question.id)
def test_no_yes_to_a_warning_sign_is_lost(
    question: Question, end: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answers = "n\n" * QUESTIONS.index(question) + "y\n" + end
    monkeypatch.setattr(sys, "stdin", io.StringIO(answers))
    assert main(["check-in"]) == 0
    text = out(capsys)
    assert ADVICE[question.rank] in text
    assert ("counts, and is kept" in text) == (question.rank == "urgent"), "an emergency ends the questions"
    assert main(["stretch", "--no-camera"]) == 1
    error = capsys.readouterr().err
    assert SUSPENDED in error
    assert ("get it now" in error) == (question.rank == "emergency")


def test_an_urgent_sign_takes_no_open_emergency_back(answer: Answer, capsys: pytest.CaptureFixture[str]) -> None:
    for sign in ("chest", "night"):
        answer(sign)
        assert main(["check-in"]) == 0
    out(capsys)
    assert main(["check-in", "--show"]) == 0
    text = out(capsys)
    assert text.index(ADVICE["emergency"]) < text.index(ADVICE["urgent"])
    assert main(["stretch", "--no-camera"]) == 1
    assert SUSPENDED_EMERGENCY in capsys.readouterr().err


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal")
@pytest.mark.parametrize(("key", "suspends"), [("n", True), ("\x1b", True), ("y", False)])
def test_clear_asks_in_a_terminal(
    key: str, suspends: bool, answer: Answer, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    answer("night")
    assert main(["check-in"]) == 0
    out(capsys)
    monkeypatch.setattr("posture.cli.check_in.sys", SimpleNamespace(stdin=Terminal(), stdout=Terminal()))
    monkeypatch.setattr("posture.cli.keypress.keys", lambda: nullcontext(lambda _s: key))
    assert main(["check-in", "--clear"]) == 0
    text = out(capsys)
    assert "Has a clinician looked at it?" in text
    assert ("Nothing was cleared" in text) == suspends
    assert main(["plan"]) == 0
    assert (SUSPENDED in out(capsys)) == suspends


class Terminal:
    """A stream of a terminal."""

    def isatty(self) -> bool:
        return True


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal")
def test_on_a_terminal_each_answer_is_one_key(own_folder: Path) -> None:
    import pty
    import select
    import subprocess

    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [sys.executable, "-m", "posture", "check-in"], stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT
    ) as process:
        os.close(theirs)
        seen = b""

        def until(text: bytes) -> None:
            nonlocal seen
            while text not in seen:
                assert select.select([ours], [], [], 60)[0], seen
                seen += os.read(ours, 4096)

        for number in range(1, len(QUESTIONS) + 1):
            until(f"{number:2d}/{len(QUESTIONS)}".encode())
            arrow = b"\x1b[A" if number == 5 else b""  # no Escape, and no answer
            os.write(ours, arrow + (b"y" if number == len(QUESTIONS) else b"N"))
        until(b"appointment")
        assert process.wait(20) == 0
    os.close(ours)


def test_plan_ticks_what_was_held(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["plan", "--json"]) == 0
    before = json.loads(out(capsys))
    assert {item["today"] for item in before["items"]} == {"open"}
    now = datetime.now(UTC)
    store.write(
        points=[
            Point("hold", now, "ql_stand", {"side": "left", "hold_s": 45.0, "verified": True}),
            Point("hold", now - timedelta(seconds=1), "ql_stand", {"side": "right", "hold_s": 39.0, "verified": True}),
            Point("hold", now, "breath", {"side": "both", "hold_s": 40.0, "verified": False}),
        ]
    )
    assert main(["plan", "--json"]) == 0
    today = {item["id"]: item["today"] for item in json.loads(out(capsys))["items"]}
    assert today["ql_stand"] == "verified"
    assert today["breath"] == "self-reported"
    assert main(["plan", "--minutes", "2"]) == 0
    text = out(capsys)
    assert "[x] side stretch" in text
    assert "when there is more time" in text
    assert main(["plan", "--minutes", "0"]) == 2


def test_plan_says_which_side_was_leaned_to(
    store: Store, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    now = datetime.now(UTC)
    spells = []
    for days in (1, 2, 3):
        start = now - timedelta(days=days)
        spells.append(Interval("watch", "camera", start, start + timedelta(hours=1)))
        spells.append(Interval("deviation", "lean_left", start, start + timedelta(minutes=25)))
    store.write(intervals=spells)
    assert main(["plan"]) == 0
    assert "You leaned left more on 3 of the last 3 days; lengthening that side may feel good." in out(capsys)
    monkeypatch.setattr("posture.coach.pace.SETTLE_S", 0.2)
    monkeypatch.setattr("posture.coach.pace.CHANGE_S", 0.2)
    assert main(["stretch", "--no-camera", "--minutes", "0.02", "--json"]) == 0
    found = json.loads(out(capsys))
    assert found["left_s"] > found["right_s"] > 0, "that side once more, and both sides always"


def test_why_explains_the_last_reminder(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["why"]) == 0
    assert "no reminder" in out(capsys)
    now = datetime.now(UTC)
    why = "so for 31 min; your setting is 30 min"
    store.write(
        points=[
            Point("reminder", now - timedelta(minutes=30), "move", {"why": "older"}),
            Point("reminder", now - timedelta(minutes=3), "stand", {"why": why, "covers": "move", "exercise": "walk"}),
        ]
    )
    assert main(["why"]) == 0
    text = out(capsys)
    for part in ("a stand reminder", why, "move was due", "Easy walk", "not recorded"):
        assert part in text
    assert "30m" not in text, "the setting of today is not that of then"
    assert main(["why", "--json"]) == 0
    found = json.loads(out(capsys))
    assert (found["kind"], found["silence"]) == ("stand", None)

    then = {"why": why, "setting": "coach.stand_after", "value": "45m"}
    spacing = {"why": "another reminder came just before", "setting": "coach.spacing", "value": "5m"}
    store.write(points=[Point("reminder", now - timedelta(minutes=2), "stand", then)])
    store.write(points=[Point("silence", now - timedelta(minutes=1), "move", spacing)])
    assert main(["why"]) == 0
    held, _, _, said, *_ = text = out(capsys).splitlines()
    assert "a move reminder was due and was held back" in held
    assert "a stand reminder" in said
    assert any("coach.stand_after = 45m then" in line for line in text)
    assert any("coach.spacing = 5m then" in line for line in text)
    assert main(["why", "--json"]) == 0
    found = json.loads(out(capsys))
    assert (found["setting"], found["value"]) == ("coach.stand_after", "45m")
    assert found["silence"] == {"at": found["silence"]["at"], "kind": "move", **spacing}


def test_why_there_was_no_reminder_at_all(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    store.write(points=[Point("silence", datetime.now(UTC), "stand", {"why": "quiet hours until 07:00"})])
    assert main(["why"]) == 0
    assert "quiet hours until 07:00" in out(capsys)
    assert main(["why", "--json"]) == 0
    found = json.loads(out(capsys))
    assert (found["at"], found["kind"], found["silence"]["kind"]) == (None, None, "stand")


def test_an_empty_history_of_self_checks(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["self-check", "side-bend", "--history"]) == 0
    assert "Nothing was kept yet" in out(capsys)
    assert main(["self-check", "hip-rotation", "--history", "--json"]) == 0
    assert json.loads(out(capsys)) == []


@pytest.mark.slow
def test_the_report_draws_the_exercises_of_the_week(
    own_folder: Path, answer: Answer, capsys: pytest.CaptureFixture[str]
) -> None:
    page = own_folder / "report.html"
    assert main(["report", "--sample", "--output", str(page)]) == 0
    text = page.read_text(encoding="utf-8")
    section = text[text.index("Exercises of the week") :]
    assert section.count("<svg") == len(SLOTS)
    assert "Standing side-bend, left" in section
    # While a red flag is open, a report of what was recorded names no exercise.
    main(["log", "pain", "5"])
    answer("night")
    main(["check-in"])
    assert main(["report", "--output", str(page)]) == 0
    assert "Exercises of the week" not in page.read_text(encoding="utf-8")


# -- what has to be cleared first --------------------------------------------------------------------------------------


def conditions(monkeypatch: pytest.MonkeyPatch, *yes: str) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("".join("y\n" if name in yes else "n\n" for name in CONDITIONS)))
    assert main(["check-in", "--conditions"]) == 0


def test_what_has_to_be_cleared_is_asked_and_kept(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    assert list(CONDITION_QUESTIONS) == list(CONDITIONS)
    assert main(["check-in", "--show"]) == 0
    assert "has not been answered yet" in out(capsys)
    conditions(monkeypatch, "osteoporosis", "balance")
    text = out(capsys)
    assert "stay on this machine" in text
    assert "With osteoporosis and poor balance, 10 of 17 exercises are left out from now on." in text
    assert load_settings().coach.conditions == ("osteoporosis", "balance")
    assert main(["check-in", "--show"]) == 0
    assert "because of osteoporosis and poor balance" in out(capsys)
    conditions(monkeypatch)
    assert "Nothing is left out." in out(capsys)
    assert load_settings().coach.clearance == "none"
    monkeypatch.setattr(sys, "stdin", io.StringIO("n\nq\n"))
    assert main(["check-in", "--conditions"]) == 0
    assert "nothing is left out until you have answered" in out(capsys)
    assert load_settings().coach.clearance == "none", "who leaves has changed nothing"


def test_what_is_left_out_says_why_and_is_done_only_on_purpose(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    conditions(monkeypatch, "hip_replacement")
    out(capsys)
    assert main(["exercises"]) == 0
    text = out(capsys)
    assert "piri_seat" not in text
    assert "with a hip replacement (coach.clearance)" in text
    left = "Seated figure four is left out because of a hip replacement: ask a clinician first."
    assert main(["exercises", "show", "piri_seat"]) == 0
    assert out(capsys).rstrip().endswith(left)
    assert main(["stretch", "piri_seat", "--no-camera"]) == 1
    assert capsys.readouterr().err == f"posture: {left} If one has agreed: posture stretch piri_seat --anyway.\n"
    assert main(["self-check", "hip-rotation"]) == 1
    assert "This hip-rotation self-check is left out because of a hip replacement" in capsys.readouterr().err
    monkeypatch.setattr("posture.coach.pace.SETTLE_S", 0.0)
    monkeypatch.setattr("posture.coach.pace.CHANGE_S", 0.0)
    assert main(["stretch", "piri_seat", "--no-camera", "--anyway", "--minutes", "0.02", "--json", "--no-store"]) == 0


@pytest.mark.parametrize("condition", CONDITIONS)
def test_no_default_choice_is_one_that_is_left_out(condition: str) -> None:
    limits = limits_of(CoachSettings(clearance=condition))
    for turn in range(6):
        ago = {exercise.id: float(turn + n) for n, exercise in enumerate(library())}
        stand = next_stand(turn, limits)
        assert condition not in next_stretch(ago, limits).unless
        assert stand is None or condition not in stand.unless


@pytest.mark.parametrize("before", ["", "osteoporosis", "none"])
def test_a_yes_counts_where_the_user_then_leaves(
    before: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    if before:
        assert main(["config", "set", "coach.clearance", before]) == 0
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\nq\n"))
    assert main(["check-in", "--conditions"]) == 0
    assert "Your yes counts" in out(capsys)
    assert set(load_settings().coach.conditions) == {"surgery", *({before} - {"", "none"})}
    assert main(["stretch", "back_bend", "--no-camera"]) == 1
    assert "left out because of" in capsys.readouterr().err


def test_in_a_terminal_it_is_asked_once_where_it_was_not_answered(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from posture.cli import check_in

    asked: list[int] = []
    monkeypatch.setattr(check_in, "ask_conditions", lambda: asked.append(1))
    check_in.clearance_once(load_settings(), quiet=False)
    assert asked == [], "nobody could answer here"

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    monkeypatch.setattr(sys, "stdin", Terminal())
    monkeypatch.setattr(sys, "stdout", Terminal())
    check_in.clearance_once(load_settings(), quiet=True)
    assert asked == [], "another program reads the output"
    check_in.clearance_once(load_settings(), quiet=False)
    assert asked == [1]
    check_in.clearance_once(load_settings(overrides=["coach.clearance=none"]), quiet=False)
    assert asked == [1]
