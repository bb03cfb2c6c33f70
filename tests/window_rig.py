"""The window in a test: Qt without a screen, waited for by what it shows."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import Any

import pytest
from private_session import PATIENCE_S

from posture.errors import PostureError
from posture.settings_file import load_settings
from posture.window.page import Surroundings


class NoDaemon:
    """None runs."""

    status = None

    def do(self, command: str, then: object = None, **args: object) -> None:
        raise AssertionError("nothing is asked of a daemon that is not there")

    start = do


def around(said: list[str] | None = None, went: list[str] | None = None, source: str = "") -> Surroundings:
    """Surroundings without a daemon, in which what is slow is done at once."""

    def work(run: Callable[[], Any], then: Callable[[Any], None]) -> None:
        try:
            found = run()
        except PostureError as error:
            found = error
        then(found)

    said, went = [] if said is None else said, [] if went is None else went
    return Surroundings(
        NoDaemon(), load_settings, source, lambda key, detail: went.append(f"{key}:{detail}"), said.append, work
    )


@pytest.fixture(scope="session")
def app() -> object:
    """The one application of this process."""
    from PySide6.QtWidgets import QApplication

    from posture.window import theme

    # For this application alone: to everything else in this process there is no screen.
    before = os.environ.get("QT_QPA_PLATFORM")
    os.environ["QT_QPA_PLATFORM"] = before or "offscreen"
    found = QApplication.instance() or QApplication(["posture"])
    if before is None:
        del os.environ["QT_QPA_PLATFORM"]
    theme.dress(found, "light")  # type: ignore[arg-type]
    return found


def wait_for(what: Callable[[], object], why: str, patience_s: float = PATIENCE_S) -> None:
    """Let the window work until `what` is true."""
    from PySide6.QtTest import QTest

    end_s = time.monotonic() + patience_s
    while not what():
        assert time.monotonic() < end_s, f"not in {patience_s:g} s: {why}"
        QTest.qWait(20)
