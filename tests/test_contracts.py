"""The JSON that the README promises: what other programs read may gain keys, and loses none.

tests/data/contracts/ has the outputs of 27 November 2026, from before the rooms were rebuilt. Figures of the model
differ a little from one processor to another; what is computed without it does not.
"""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from inferred import CLIPS, LOADED_BY_COMMANDS, Replay, commands_model
from private_session import Daemon, daemon, session  # noqa: F401 - fixtures
from recorded import differences, differences_of_events, exact, missing_keys, of_a_measure, of_an_event, recorded

from posture.cli.main import main

HISTORY = Path(__file__).parent / "data/history/v1.sqlite3"

pytestmark = pytest.mark.usefixtures("own_folder")
Printed = Callable[..., str]


@pytest.fixture
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.fixture
def history(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    shutil.copy(HISTORY, tmp_path / "data/history.sqlite3")


# -- replay ------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize("name", CLIPS)
def test_replay_finds_the_same_events_in_the_same_order(replayed: Replay, name: str) -> None:
    assert differences_of_events(recorded(f"{name}.jsonl"), replayed(name)) == []


# -- measure, bench, stretch, summary and what is computed from the history --------------------------------------------


def test_measure(printed: Printed, frames: Path, answers: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(LOADED_BY_COMMANDS, commands_model(answers))
    picture, upright = frames / "Asian_F_1__slouch_+18.jpg", frames / "Asian_F_1__base.jpg"
    now = json.loads(printed("measure", picture, "--baseline", upright, "--json"))
    assert differences(recorded("measure.json"), now, of_a_measure) == []


def test_stretch(printed: Printed, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("posture.coach.pace.SETTLE_S", 0.2)
    options = ["--no-camera", "--minutes", "0.02", "--side", "right", "--no-store", "--json"]
    now = json.loads(printed("stretch", "hf_split", *options))
    assert differences(recorded("stretch.json"), now, lambda key: 0.2) == []


@pytest.mark.parametrize("name", ["summary_day", "summary_week"])
def test_summary(printed: Printed, history: None, utc: None, name: str) -> None:
    week = ["--week"] if name == "summary_week" else []
    now = json.loads(printed("summary", "--day", "2026-03-02", *week, "--json"))
    assert differences(recorded(f"{name}.json"), now, exact) == []


def test_export(history: None, utc: None, tmp_path: Path) -> None:
    assert main(["export", "--format", "json", "--output", str(tmp_path / "out.json")]) == 0
    assert differences(recorded("export.json"), json.loads((tmp_path / "out.json").read_text()), exact) == []


def test_an_exercise_and_the_plan_keep_their_keys(printed: Printed) -> None:
    assert missing_keys(recorded("exercise.json"), json.loads(printed("exercises", "show", "ql_stand", "--json"))) == []
    assert missing_keys(recorded("plan.json"), json.loads(printed("plan", "--json"))) == []


# -- status ------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_status(daemon: Daemon) -> None:  # noqa: F811 - the fixture
    daemon.run("start")
    assert missing_keys(recorded("status.json"), daemon.until("it watches", state="sitting")) == []


def test_the_keys_of_status_are_in_the_documentation() -> None:
    text = (Path(__file__).parents[1] / "docs/commands.md").read_text(encoding="utf-8")
    table = text.partition("## `posture status --json`")[2].partition("\n\nThe log")[0]
    named = {name for row in table.splitlines() for name in row.split("|")[1:2]}
    keys = {key.strip("` ") for cell in named for key in cell.split(",")}
    assert set(recorded("status.json")) <= keys


# -- the comparison itself ---------------------------------------------------------------------------------------------


def test_a_lost_key_a_changed_figure_and_a_new_key() -> None:
    before = {"a": 1, "b": {"c": 2.0, "d": [1, {"e": None}]}}
    assert differences(before, {**before, "new": 1}, exact) == []
    assert differences(before, {"a": 1}, exact) == [".b is gone"]
    assert differences(before, {"a": 1, "b": {"c": 2.5, "d": [1, {"e": None}]}}, exact) == [".b.c was 2.0, is 2.5"]
    assert differences({"a": [1]}, {"a": [1, 2]}, exact) != []
    assert differences({"a": True}, {"a": 1}, exact) != []
    assert differences({"level": 1.0}, {"level": 1.2}, of_an_event) != []
    assert missing_keys(before, {"a": None, "b": {"c": None, "d": []}}) == []
    assert missing_keys(before, {"a": 1, "b": {"d": []}}) == [".b.c"]
    assert missing_keys({"a": [{"b": 1}]}, {"a": [{}]}) == [".a[0].b"]
