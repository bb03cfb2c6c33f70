"""The toolkit itself, where a fault of it would end the window."""

from __future__ import annotations

import sys

import pytest
from window_rig import app

__all__ = ["app"]
CALLS = 500


@pytest.mark.usefixtures("app")
def test_calls_of_the_toolkit_give_no_reference_to_none_away() -> None:
    """PySide6 6.12.0 does on Python 3.11; None is gone after some thousand calls, and the process with it."""
    from PySide6.QtWidgets import QLabel

    label = QLabel()
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        label.setText("")
    assert abs(sys.getrefcount(None) - before) < CALLS / 2
