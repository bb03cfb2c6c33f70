"""After an emergency answer nothing anywhere names an exercise; every command is an outlet here, or says why not."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from posture.cli.commands import MODULES
from posture.cli.main import main
from posture.coach.exercises import library
from posture.daemon.service import Service
from posture.history.records import Interval, Memory, Point
from posture.history.store import Store
from posture.monitor.assemble import assemble
from posture.settings_file import load_settings

pytestmark = pytest.mark.usefixtures("own_folder")

OUTLETS = {
    "summary": ["summary"],
    "report": ["report", "--output", "{folder}/page.html"],
    "stretch": ["stretch", "piri_seat", "--no-camera", "--anyway"],
    "exercises": ["exercises", "show", "ql_stand"],
    "plan": ["plan"],
    "log": ["log", "pain", "3", "--when", "sitting"],
    "check-in": ["check-in", "--show"],
    "self-check": ["self-check", "side-bend"],
    "why": ["why"],
    "about": ["about"],
    "glossary": ["glossary"],
    "direction": ["direction"],
}
MORE = [
    *(["stretch"], ["stretch", "--json"], ["stretch", "dbl_knee"]),
    *(["exercises"], ["exercises", "--json"], ["exercises", "--markdown"], ["exercises", "show", "breath", "--svg"]),
    *(["plan", "--json"], ["why", "--json"], ["summary", "--json"], ["summary", "--week"], ["log", "list"]),
    *(["report", "--sample", "--output", "{folder}/page.html"], ["report", "--week", "--output", "{folder}/page.html"]),
    *(["direction", "--json"], ["direction", "--take"], ["log", "tension", "5"]),
    *(["self-check", "--trend"], ["self-check", "--trend", "--json"], ["self-check", "side-bend", "--stretch", "walk"]),
    *(["self-check", "hip-rotation"], ["self-check", "side-bend", "--history"], ["check-in", "--conditions"]),
]
ELSEWHERE = {
    **dict.fromkeys(
        ("run", "replay", "demo", "bench"), "tests/monitor/test_assemble.py: they get their coach assembled"
    ),
    **dict.fromkeys(
        ("start", "stop", "restart", "status", "pause", "resume", "toggle", "snooze", "standing", "events", "logs"),
        "the daemon, below",
    ),
    **dict.fromkeys(("export", "import", "history", "forget"), "the user's own records, as they are"),
    **dict.fromkeys(
        ("calibrate", "preview", "measure", "evaluate", "doctor", "profile", "config", "launcher", "autostart"),
        "no exercise in it",
    ),
    "setup": "tests/cli/test_setup.py: its step on safety names none",
    "completion": "below",
    "open": "the tests of the window's pages",
}


@pytest.fixture(autouse=True)
def emergency(store: Store, answer: Callable[..., None], capsys: pytest.CaptureFixture[str]) -> None:
    """A day with reminders, holds and pain that would name exercises, and then an emergency."""
    now = datetime.now(UTC)
    start = now - timedelta(hours=3)
    named = {"why": "2 h of sitting", "exercise": "ql_stand", "side": "left"}
    after = {"left": 20.0, "right": 21.0, "after": "ql_stand", "held_s": 40.0, "before": start.isoformat()}
    store.write(
        intervals=[
            Interval("watch", "camera", start, now),
            Interval("presence", "sitting", start, now),
            *(
                Interval("deviation", "lean_left", now - timedelta(days=days), now - timedelta(days=days, hours=-1))
                for days in (1, 2, 3)
            ),
        ],
        points=[
            Point("reminder", now - timedelta(minutes=50), "stretch", named),
            Point("hold", now - timedelta(minutes=49), "ql_stand", {"side": "left", "hold_s": 20.0, "verified": True}),
            Point("self-check", now - timedelta(minutes=48), "side-bend", after),
            *(Point("pain", now - timedelta(hours=n), "low", {"level": 4, "when": "sitting"}) for n in (3, 2, 1)),
        ],
    )
    answer("chest")
    assert main(["check-in"]) == 0
    capsys.readouterr()


def named(text: str) -> list[str]:
    """The exercises that a text names: by name, id, sentence or step."""
    flat = " ".join(text.split()).lower()
    found = []
    for exercise in library():
        words = [exercise.name.lower(), *([exercise.id] if "_" in exercise.id else [])]
        sentences = [*exercise.steps_for("left"), exercise.line_for("left"), exercise.line_for("right")]
        whole = any(re.search(rf"\b{re.escape(word)}\b", flat) for word in words)
        if whole or any(len(each.split()) > 3 and each.lower() in flat for each in sentences):
            found.append(exercise.id)
    return found


def printed(arguments: list[str], folder: Path, capsys: pytest.CaptureFixture[str]) -> str:
    main([argument.format(folder=folder) for argument in arguments])
    shown = capsys.readouterr()
    pages = "".join(page.read_text(encoding="utf-8") for page in folder.glob("*.html"))
    return shown.out + shown.err + pages


@pytest.mark.parametrize(
    "arguments", [*(typed for name, typed in OUTLETS.items() if name in MODULES), *MORE], ids=" ".join
)
def test_a_command_names_none(
    arguments: list[str], own_folder: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    import io

    monkeypatch.setattr("sys.stdin", io.StringIO("n\n" * 20))
    text = printed(arguments, own_folder, capsys)
    assert text.strip()
    assert named(text) == []


def test_each_would_name_one_without_it(own_folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check-in", "--clear"]) == 0
    capsys.readouterr()
    for arguments in (
        ["exercises", "show", "ql_stand"],
        ["plan"],
        ["why"],
        ["exercises", "--json"],
        ["self-check", "--trend"],
    ):
        assert named(printed(arguments, own_folder, capsys)), arguments


def test_completion_offers_none() -> None:
    from posture.cli.completion import _COMPLETERS

    assert not _COMPLETERS["ID"]()
    assert main(["check-in", "--clear"]) == 0
    assert "ql_stand" in _COMPLETERS["ID"]()


def test_every_command_is_an_outlet_or_says_why_not() -> None:
    known = {*OUTLETS, *ELSEWHERE}
    assert set(MODULES) <= known, set(MODULES) - known


def service_that_answers(service: Any, withdrawn: list[str]) -> Any:
    """As much of the daemon as an answer needs; what it withdraws goes into the list."""
    service._session = SimpleNamespace(problem="")
    service._reminders = SimpleNamespace(withdraw=lambda *kinds: withdrawn.extend(kinds))
    service._stir = lambda: None
    service._desktop, service._status = SimpleNamespace(show=lambda: None), lambda: SimpleNamespace(to_json=dict)
    return service


def test_the_daemon_names_none_and_withdraws_what_may(store: Store) -> None:
    engine = assemble(load_settings(), Memory(), lambda t_s: datetime.now(UTC))
    service: Any = SimpleNamespace(_watch=SimpleNamespace(engine=engine))
    engine.reread()
    assert engine.red_flag, "before anybody has looked, too"
    assert engine.stretch_now().exercise is None
    assert main(["check-in", "--clear"]) == 0
    asyncio.run(Service._obey(service_that_answers(service, []), "care", {}))
    assert engine.stretch_now().exercise is not None
    assert not engine.red_flag
    store.write(points=[Point("check-in", datetime.now(UTC), "emergency", {"items": "chest"})])
    assert not engine.red_flag
    withdrawn: list[str] = []
    asyncio.run(Service._obey(service_that_answers(service, withdrawn), "care", {}))
    assert engine.red_flag
    assert withdrawn == ["stand", "stretch"], "what is on the screen may name one"
