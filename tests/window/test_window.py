"""The window as a whole: every page comes up, and every way to close it ends the process with nothing lost."""

from __future__ import annotations

import pytest
from window_rig import app

from posture.window.page import Page
from posture.window.pages import PAGES

__all__ = ["app"]


@pytest.mark.usefixtures("app")
def test_every_page_comes_up_and_is_left() -> None:
    from posture.window.main_window import MainWindow

    window = MainWindow()
    window.show()
    for spec in PAGES:
        window.go_to(spec.key)
        assert isinstance(window.page, Page)
        assert spec.title in window.windowTitle()
        window.page.on_status(None)
    window.close()
    assert not window.isVisible()
