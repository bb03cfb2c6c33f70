"""In every language the icon's menu, notifications and their buttons have room for their texts."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from daemon.test_status import status
from spoken import catalogues_in
from test_language import SPOKEN, catalogues

from posture import language
from posture.coach.exercises import library
from posture.coach.reminder import ReminderKind
from posture.coach.sentences import Facts, body_of, title_of
from posture.coach.words import DEVIATION_WORDS
from posture.daemon.status import PauseNow
from posture.daemon.tray_menu import tray_state
from posture.language import LANGUAGES, speak
from posture.plain_text import width

TITLE, BODY, ITEM, BUTTON = 70, 340, 48, 26
"""Columns: what desktops show of a notification and of a menu without cutting it (docs/translating.md)."""


@pytest.fixture(scope="module")
def catalogue(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """All catalogues, made anew."""
    from babel.messages.mofile import write_mo

    folder = tmp_path_factory.mktemp("locale")
    for name in SPOKEN:
        path = folder / name / "LC_MESSAGES/posture.mo"
        path.parent.mkdir(parents=True)
        with path.open("wb") as file:
            write_mo(file, catalogues.read(name))
    return folder


@pytest.fixture(params=LANGUAGES)
def spoken(request: pytest.FixtureRequest, catalogue: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """Each language in turn."""
    with catalogues_in(catalogue, monkeypatch):
        speak(request.param)
        yield request.param


def too_long(texts: Iterator[str], most: int) -> list[str]:
    return sorted({f"{width(text)}: {text}" for text in texts if width(text) > most})


def facts() -> Iterator[tuple[ReminderKind, Facts]]:
    for kind in get_args(ReminderKind):
        if kind == "posture":
            for deviation in DEVIATION_WORDS:
                yield kind, Facts(2700.0, 1800.0, deviation=deviation, level=1.4)
            continue
        for exercise in (None, *library()):
            for side in ("left", "right"):
                yield kind, Facts(7260.0, 1800.0, side=side, exercise=exercise, leant=side)
        yield kind, Facts(7260.0, 1800.0, call_s=3000.0, least_s=5000.0)
        yield kind, Facts(7260.0, 1800.0, said=True)


def test_a_reminder_has_room(spoken: str) -> None:
    assert language.language() == spoken
    assert not too_long((title_of(kind, each) for kind, each in facts()), TITLE)
    assert not too_long((body_of(kind, each) for kind, each in facts()), BODY)


def test_the_menu_of_the_icon_has_room(spoken: str) -> None:
    found = status()
    states = [found, found._replace(paused=PauseNow(found.started)), found._replace(standing=True)]
    items = [item for each in states for item in tray_state(each).menu]
    assert not too_long((item.label for item in items if item.key != "state"), ITEM)
    assert not too_long((item.label for item in items if item.key == "state"), 2 * ITEM)


def test_buttons_have_room(spoken: str) -> None:
    words = ("Done", "Less often", "Show me", "In a meeting", "Still standing", "I'm sitting", "Show the day")
    words += ("Calibrate", "It fits", "Keep it", "Calibrate properly", "Try again", "Always so")
    assert not too_long(map(language.tr, words), BUTTON)
