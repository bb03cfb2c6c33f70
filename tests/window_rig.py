"""The window in a test: Qt without a screen, waited for by what it shows."""

from __future__ import annotations

import os
import time
from collections.abc import Callable

import pytest
from private_session import PATIENCE_S

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")


@pytest.fixture(scope="session")
def app() -> object:
    """The one application of this process."""
    from PySide6.QtWidgets import QApplication

    from posture.window import theme

    found = QApplication.instance() or QApplication(["posture"])
    theme.dress(found, "light")  # type: ignore[arg-type]
    return found


def wait_for(what: Callable[[], object], why: str, patience_s: float = PATIENCE_S) -> None:
    """Let the window work until `what` is true."""
    from PySide6.QtTest import QTest

    end_s = time.monotonic() + patience_s
    while not what():
        assert time.monotonic() < end_s, f"not in {patience_s:g} s: {why}"
        QTest.qWait(20)
