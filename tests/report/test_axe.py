"""axe-core finds nothing wrong with the report: names, order, headings, tables and contrast, in both schemes."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from browser import Browser

from posture import language
from posture.history.records import Memory
from posture.language import speak
from posture.report.charts import CALENDAR_DAYS, draw
from posture.report.page import page
from posture.report.review import review
from posture.report.sample import LAST_DAY, write_sample
from posture.settings import Settings

pytestmark = pytest.mark.slow

BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY = date(2026, 10, 23)
DAYS = {
    "day": [FRIDAY],
    "empty": [date(2020, 3, 2)],
    "week": [LAST_DAY - timedelta(days=n) for n in range(6, -1, -1)],
    "month": [date(2026, 10, 1) + timedelta(days=n) for n in range(31)],
    "year": [date(2026, 1, 1) + timedelta(days=n) for n in range(365)],
}
GERMAN = (language.FOLDER / "de/LC_MESSAGES/posture.mo").exists()  # the catalogues are made when it is installed

RUN = """
axe.run(document, {resultTypes: ['violations'], elementRef: false}).then(found => JSON.stringify({
  wrong: found.violations.map(each => [each.id, each.help, each.nodes.length, each.nodes.slice(0, 3).map(n => n.html)]),
  held: found.passes.map(each => each.id)}))
"""


@pytest.fixture
def axe(missing: Callable[[str], None]) -> str:
    """axe-core; .ci/run gets it."""
    found = Path(os.environ.get("POSTURE_AXE", ""), "axe_playwright_python/axe.min.js")
    if not found.exists():
        missing("axe-core, in the folder that POSTURE_AXE names")
    return found.read_text(encoding="utf-8")


@pytest.fixture(autouse=True)
def _english_again() -> Iterator[None]:
    yield
    speak("en")


def test_nothing_is_wrong_for_axe(axe: str, require_tool: Callable[[str], str], tmp_path: Path) -> None:
    memory = Memory()
    write_sample(memory, BERLIN)
    wrong: dict[tuple[str, str], object] = {}
    with Browser(require_tool("chromium")) as browser:
        for name, tongue in [*((name, "en") for name in DAYS), *([("day", "de")] if GERMAN else [])]:
            speak(tongue)
            found = review(memory, DAYS[name], Settings(), BERLIN, before=CALENDAR_DAYS - 1)
            file = tmp_path / f"{name}.html"
            file.write_text(page(found, "A title", draw(found), "Not a medical device."), encoding="utf-8")
            for scheme in ("light", "dark"):
                browser.open(file, 1280, scheme)
                assert browser.evaluate("document.documentElement.lang") == tongue
                browser.evaluate("document.querySelectorAll('details').forEach(each => each.open = true)")
                browser.evaluate(axe)
                said = json.loads(browser.evaluate(RUN))
                assert "color-contrast" in said["held"], (name, scheme)
                if said["wrong"]:
                    wrong[name + " " + tongue, scheme] = said["wrong"]
    assert wrong == {}
