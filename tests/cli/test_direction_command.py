"""The directional check as a user types it: led in a real terminal, and told by another program."""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from posture.cli.main import main
from posture.coach.direction import CHECK_IN, GET_HELP, NO_MORE, STILL_WORSE
from posture.coach.safety import ADVICE, CONDITION_QUESTIONS, QUESTIONS, SUSPENDED, SUSPENDED_EMERGENCY, judge
from posture.history.care import care_of, check_in_point, cleared_point
from posture.history.records import Point
from posture.history.store import Store

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.usefixtures("own_folder")
LESS = ("--before", "4:thigh:left", "--numb", "no", "--extension", "2:buttock:left")
WORSE = ("--before", "4:thigh:left", "--numb", "no", "--extension", "5:foot:left")


@pytest.fixture
def ready(store: Store) -> Store:
    """A user to whom nothing of coach.clearance applies, and who has answered the check-in with no."""
    assert main(["config", "set", "coach.clearance", "none"]) == 0
    store.write(points=[check_in_point(datetime.now(UTC) - timedelta(minutes=1), judge([]))])
    return store


def earlier(store: Store, days: float, answer: str, **ways: str) -> None:
    """A check of some days ago."""
    pain = {"before_level": 4, "before_reach": "thigh", "before_side": "left", "repetitions": 10}
    store.write(points=[Point("direction", datetime.now(UTC) - timedelta(days=days), answer, {**pain, **ways})])


def told(capsys: pytest.CaptureFixture[str], *options: str, code: int = 0) -> dict[str, Any]:
    capsys.readouterr()
    assert main(["direction", "--json", *options]) == code
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def refused(capsys: pytest.CaptureFixture[str], *options: str, code: int = 1) -> str:
    capsys.readouterr()
    assert main(["direction", *options]) == code
    return capsys.readouterr().err


def test_what_has_to_come_first(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert told(capsys)["blocked"] == "not-asked"
    main(["config", "set", "coach.clearance", "hip_replacement"])
    assert "clinician" in refused(capsys, *LESS)
    main(["config", "set", "coach.clearance", "none"])
    assert "posture check-in" in refused(capsys, *LESS)
    now = datetime.now(UTC)
    urgent = next(question.id for question in QUESTIONS if question.rank == "urgent")
    store.write(points=[check_in_point(now - timedelta(minutes=3), judge([urgent]))])
    assert SUSPENDED in refused(capsys, *LESS)
    store.write(points=[cleared_point(now - timedelta(minutes=2))])
    assert told(capsys)["blocked"] == "check-in", "cleared is no answer to the questions"
    store.write(points=[check_in_point(now - timedelta(minutes=1), judge([]))])
    assert told(capsys)["may"] is True


def test_once_a_day_and_the_same_answer_twice_before_it_may_be_taken(
    ready: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    found = told(capsys, *LESS)
    assert (found["result"]["answer"], found["proposed"]) == ("extension", None)
    assert found["checks"][-1]["extension"] == {
        "change": "better",
        "after": {"level": 2, "reach": "buttock", "side": "left"},
    }
    assert "once a day" in refused(capsys, *LESS)
    assert "Nothing is proposed" in refused(capsys, "--take")
    earlier(ready, 2, "extension", extension="better")
    assert told(capsys)["proposed"] == "extension"
    assert main(["plan"]) == 0
    assert "in the directional check, on 2 of the last 2 days" in capsys.readouterr().out
    assert main(["direction", "--take"]) == 0
    assert "coach.bias = extension" in capsys.readouterr().out
    assert main(["config", "get", "coach.bias"]) == 0
    assert "extension" in capsys.readouterr().out
    assert told(capsys)["proposed"] is None


def test_the_log_shows_it_beside_pain_and_tension(
    ready: Store, own_folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    main(["direction", *LESS])
    main(["log", "pain", "3", "--where", "buttock-right", "--better", "lying"])
    main(["log", "tension", "6"])
    main(["log", "tension", "7", "--note", "deadline"])
    text = capsys.readouterr().out
    assert "Extension: 4 of 10, thigh left, then 2 of 10, buttock left: better." in text
    assert "Amended, the entry of a moment ago is now: tension 7 of 10." in text
    assert text.count("posture stretch breath") == 2
    assert main(["log", "list", "--json"]) == 0
    entries = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert [(entry["kind"], entry["level"]) for entry in entries] == [("direction", 4), ("pain", 3), ("tension", 7)]
    assert all(set(entry) >= {"at", "kind", "level", "where", "when", "better", "note"} for entry in entries)
    assert main(["log", "list"]) == 0
    text = capsys.readouterr().out
    for part in ("directional check: leaning back better", "buttock-right", "eased by lying", "tension", "deadline"):
        assert part in text
    assert main(["summary", "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert (found["tension"]["count"], found["tension"]["mean"]) == (1, 7)
    assert found["pain"]["entries"][0]["better"] == "lying"
    assert main(["export", "--output", str(own_folder / "all.json")]) == 0
    exported = json.loads((own_folder / "all.json").read_text(encoding="utf-8"))
    assert exported["version"] == 2
    assert [point["kind"] for point in exported["points"] if point["kind"] == "direction"] == ["direction"]


def test_after_a_red_flag_a_tension_names_no_exercise(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    store.write(points=[check_in_point(datetime.now(UTC), judge([QUESTIONS[0].id]))])
    assert main(["log", "tension", "9"]) == 0
    assert capsys.readouterr().out == "Logged: tension 9 of 10.\n"
    assert main(["log", "tension", "0"]) == 0


def test_after_one_that_made_it_worse(ready: Store, capsys: pytest.CaptureFixture[str]) -> None:
    earlier(ready, 1, "worse", extension="worse")
    assert "--since" in refused(capsys, *LESS, code=2)
    assert told(capsys)["follow_up"] is True
    assert main(["log", "pain", "5"]) == 0
    assert STILL_WORSE in capsys.readouterr().out
    assert main(["log", "pain", "5", "--where", "low"]) == 0
    assert STILL_WORSE not in capsys.readouterr().out
    assert main(["direction", "--since", "still-worse"]) == 0
    assert capsys.readouterr().out == f"{STILL_WORSE}\n"
    found = told(capsys, "--since", "eased", *LESS)
    assert (found["checks"][0]["followed"], found["result"]["answer"]) == ("eased", "extension")
    assert "--since" in refused(capsys, "--since", "eased", code=2)


@pytest.mark.parametrize("why", ["new", "dizzy", "more", "further", "numb", "warning"])
def test_a_stop_ends_the_day(ready: Store, why: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["direction", "--before", "4", "--numb", "no", "--stop", why]) == 0
    text = " ".join(capsys.readouterr().out.split())
    assert NO_MORE in text
    assert (CHECK_IN in text) == (why == "numb")
    assert text.startswith(GET_HELP) == (why == "warning")
    if why != "warning":
        assert "once a day" in refused(capsys, *LESS)


def test_an_emergency_sign_turns_exercises_off_by_itself(ready: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["direction", "--before", "4", "--numb", "no", "--stop", "warning"]) == 0
    assert SUSPENDED_EMERGENCY in refused(capsys, *LESS)
    assert main(["stretch", "walk", "--no-camera"]) == 1
    assert SUSPENDED_EMERGENCY in capsys.readouterr().err
    # What is answered later does not clear it: only the user's word that it has been looked at.
    now = datetime.now(UTC)
    ready.write(points=[check_in_point(now, judge([]))])
    assert care_of(ready, now).emergency
    urgent = next(question.id for question in QUESTIONS if question.rank == "urgent")
    ready.write(points=[check_in_point(now, judge([urgent]))])
    care = care_of(ready, now)
    assert care.verdict is not None
    assert (care.verdict.rank, care.verdict.items) == ("emergency", (urgent,))
    assert care.verdict.texts[0] == ADVICE["emergency"]
    ready.write(points=[cleared_point(now + timedelta(seconds=1))])
    assert not care_of(ready, now + timedelta(seconds=2)).suspended


def test_what_made_it_worse_is_not_tried_the_other_way(ready: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert "--flexion" in refused(capsys, *WORSE, "--flexion", "2", code=2)
    assert "--stop" in refused(capsys, *WORSE, "--stop", "new", code=2)
    assert told(capsys, *WORSE)["result"]["answer"] == "worse"
    assert main(["config", "set", "coach.bias", "extension"]) == 0


@pytest.mark.parametrize(
    "options",
    [
        ("--extension", "3"),
        ("--before", "3"),
        ("--before", "3", "--numb", "no"),
        ("--before", "3", "--numb", "no", "--flexion", "3"),
        ("--before", "3", "--numb", "no", "--flexion", "3", "--stop", "new"),
        ("--since", "eased"),
    ],
)
def test_answers_that_are_not_whole(ready: Store, options: tuple[str, ...], capsys: pytest.CaptureFixture[str]) -> None:
    assert refused(capsys, *options, code=2).startswith("posture: ")
    assert told(capsys)["checks"] == []


@pytest.mark.parametrize("pain", ["11", "x", "", "3:knee", "3:thigh:up", "-1", "3.5", "9" * 5000])
def test_a_pain_that_is_none(pain: str) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["direction", "--before", pain])
    assert caught.value.code == 2


@pytest.mark.parametrize(
    ("options", "why"),
    [
        (("--before", "4", "--numb", "yes"), "numb"),
        (("--before", "0", "--numb", "no"), "no-pain"),
        (("--before", "9", "--numb", "no", "--extension", "3"), "strong"),
        (("--before", "3:foot:both", "--numb", "no", "--extension", "3"), "both-legs"),
    ],
)
def test_where_it_does_not_begin_nothing_is_kept(
    ready: Store, options: tuple[str, ...], why: str, capsys: pytest.CaptureFixture[str]
) -> None:
    found = told(capsys, *options)
    assert (found["result"]["refused"], found["result"]["kept"], found["checks"]) == (why, False, [])


def test_without_a_terminal_it_leads_nobody(ready: Store, capsys: pytest.CaptureFixture[str]) -> None:
    assert "terminal" in refused(capsys, code=2)


# -- in a terminal -----------------------------------------------------------------------------------------------------

QUICK = """
import posture.coach.direction as direction
from posture.coach.exercise import Move
direction.moves = lambda way: (Move("There", {move_s}), Move("Back", 0.01))
direction.REST_S = 0.05
from posture.cli.main import main
raise SystemExit(main(["direction", "--repetitions", "5"]))
"""


class Terminal:
    """A real terminal with the command in it; a repetition takes no time unless it is to be stopped."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor
        self.seen = ""

    def until(self, text: str) -> None:
        """Wait for a text behind what was waited for before."""
        import select

        while text not in self.seen:
            assert select.select([self._descriptor], [], [], 20)[0], self.seen
            try:
                self.seen += os.read(self._descriptor, 4096).decode().replace("\r\n", "\n")
            except OSError:  # the program has ended
                break
        assert text in self.seen, self.seen
        self.seen = self.seen.partition(text)[2]

    def say(self, *turns: tuple[str, str]) -> None:
        """Answer each question with the keys after it."""
        for question, typed in turns:
            self.until(question)
            os.write(self._descriptor, typed.encode())


@contextmanager
def terminal(move_s: float = 0.01) -> Iterator[Terminal]:
    import pty
    import subprocess

    ours, theirs = pty.openpty()
    command = [sys.executable, "-c", QUICK.format(move_s=move_s)]
    with subprocess.Popen(command, stdin=theirs, stdout=theirs, stderr=theirs, cwd=ROOT) as process:
        os.close(theirs)
        try:
            yield Terminal(ours)
            assert process.wait(20) == 0
        finally:
            process.kill()
    os.close(ours)


BEFORE = (("weakness in a leg", "n"), ("0 to 10?", "4\r"), ("Furthest:", "3"), ("the middle:", "l"))


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal")
def test_in_a_terminal_it_leads_both_ways(ready: Store, capsys: pytest.CaptureFixture[str]) -> None:
    with terminal() as shown:
        shown.until("nobody has tested")
        shown.say(*BEFORE)
        for after in ("4\r", "12\r"):
            shown.say(("Enter begins.", "\r"))
            shown.until("5 of 5")
            shown.say(("0 to 10?", after))
            if after == "12\r":
                shown.say(("then Enter.", ""), ("0 to 10?", "13\b\b2\r"))
            shown.say(("Furthest:", "3"), ("the middle:", "l"))
        shown.until("Flexion: 4 of 10, thigh left, then 2 of 10, thigh left: better.")
        shown.until("2 of 3 days")
    check = told(capsys)["checks"][0]
    assert (check["answer"], check["extension"]["change"], check["flexion"]["change"]) == ("flexion", "same", "better")


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal")
def test_in_a_terminal_any_key_stops_and_a_wrong_key_goes_on(ready: Store, capsys: pytest.CaptureFixture[str]) -> None:
    with terminal(move_s=30.0) as shown:
        shown.say(*BEFORE, ("Enter begins.", "\r"), ("1 of 5", " "), ("Which?", "g"), ("Enter begins.", "\r"))
        shown.say(("1 of 5", "x"), ("Which?", "5"))
        shown.until("Please answer posture check-in now.")
        shown.until("no more tests today")
        shown.say((f" 1/{len(QUESTIONS)}", "y"))
        shown.until("emergency number")
    found = told(capsys)
    assert (found["blocked"], found["checks"][0]["stop"]) == ("red-flag", "numb")


@pytest.mark.skipif(sys.platform == "win32", reason="a pseudo-terminal")
def test_in_a_terminal_it_asks_first_what_has_to_be_asked(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    earlier(store, 1, "worse", extension="stopped", stop="dizzy")
    with terminal() as shown:
        shown.say(("still worse", "n"), *((text, "n") for text in CONDITION_QUESTIONS.values()))
        shown.say(*((f"{number:2d}/{len(QUESTIONS)}", "n") for number in range(1, len(QUESTIONS) + 1)))
        shown.say(("weakness in a leg", "q"))
        shown.until("Left before it began")
    found = told(capsys)
    assert (found["follow_up"], found["checks"][0]["followed"], len(found["checks"])) == (False, "eased", 1)
    assert found["may"] is True
