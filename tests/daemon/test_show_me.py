"""The button "Show me" of a reminder, and what it opens."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest

from posture.coach.reminder import Reminder
from posture.daemon.reminders import Reminders
from posture.daemon.service import Service
from posture.desktop.notices import Button


class Desk:
    """Stands for the log, the desktop and the programs, and keeps what they were asked for."""

    def __init__(self) -> None:
        self.buttons: list[str] = []
        self.opened: list[tuple[str, str]] = []

    def notify(self, title: str, body: str, buttons: Sequence[Button] = ()) -> None:
        self.buttons = [button.key for button in buttons]

    def open_window(self, page: str = "today", detail: str = "") -> None:
        self.opened.append((page, detail))

    def withdraw(self) -> None: ...

    def show(self) -> None: ...

    def write(self, *_: Any, **__: Any) -> None: ...


def reminders_on(desk: Any) -> Reminders:
    return Reminders(desk, desk, desk, lambda asked: None)


def service_on(desk: Any, reminders: Reminders) -> Service:
    service = Service.__new__(Service)
    service._reminders, service._log, service._programs, service._desktop = reminders, desk, desk, desk
    return service


@pytest.mark.parametrize("asks_less", [False, True])
@pytest.mark.parametrize("said", [False, True])
@pytest.mark.parametrize("exercise", ["", "walk", "ql_stand", "my_own"])
def test_what_is_named_can_be_shown_and_desktops_show_three(exercise: str, said: bool, asks_less: bool) -> None:
    desk = Desk()
    reminders = reminders_on(desk)
    reminders.show(Reminder(1.0, "stretch", "T", "B", "W", exercise=exercise, said=said), 600.0, asks_less=asks_less)
    assert len(set(desk.buttons)) == 3
    shown = exercise in ("ql_stand", "my_own") and not said
    assert ("show" in desk.buttons) == shown
    assert ("less" in desk.buttons) == asks_less
    if not said:
        assert "done" in desk.buttons


def test_show_me_opens_the_stretch_that_was_named_and_counts_nothing_as_done() -> None:
    desk = Desk()
    reminders = reminders_on(desk)
    reminders.show(Reminder(1.0, "stretch", "T", "B", "W", exercise="piri_seat"), 600.0)
    service = service_on(desk, reminders)
    service._on_pressed("show")
    assert desk.opened == [("stretch", "piri_seat")]
    # A press of an older message opens nothing.
    service._on_pressed("show")
    assert len(desk.opened) == 1


def test_what_is_withdrawn_is_not_shown_any_more() -> None:
    desk = Desk()
    reminders = reminders_on(desk)
    reminders.show(Reminder(1.0, "stretch", "T", "B", "W", exercise="piri_seat"), 600.0)
    reminders.withdraw("stretch")
    assert not reminders.exercise


def test_the_tray_opens_the_page() -> None:
    desk = Desk()
    service_on(desk, reminders_on(desk))._on_clicked("stretch")
    assert desk.opened == [("stretch", "")]
