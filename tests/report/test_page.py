"""The page: safe whatever was typed, complete in itself, and right in a real browser."""

from __future__ import annotations

import argparse
import itertools
import os
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from browser import Browser

from posture.access import others_may
from posture.cli import report
from posture.errors import PostureError
from posture.history.records import Interval, Memory, Point
from posture.history.store import Store
from posture.report.charts import CALENDAR_DAYS, draw
from posture.report.page import page
from posture.report.review import Review, review
from posture.report.sample import LAST_DAY, write_sample
from posture.report.summary import day_bounds
from posture.settings import Settings

pytestmark = pytest.mark.slow

BERLIN = ZoneInfo("Europe/Berlin")
FRIDAY = date(2026, 10, 23)
WEEK = [LAST_DAY - timedelta(days=n) for n in range(6, -1, -1)]


def written(found: Review) -> str:
    return page(found, "A title", draw(found), "Not a medical device.")


def of(memory: Memory, days: list[date]) -> Review:
    return review(memory, days, Settings(), BERLIN, before=CALENDAR_DAYS - 1)


@pytest.fixture(scope="module")
def sample() -> Memory:
    memory = Memory()
    write_sample(memory, BERLIN)
    return memory


@pytest.fixture(scope="module")
def pages(sample: Memory, tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    out = {}
    for name, days in (
        ("day", [FRIDAY]),
        ("week", WEEK),
        ("month", [date(2026, 10, 1) + timedelta(days=n) for n in range(31)]),
        ("quarter", [LAST_DAY - timedelta(days=n) for n in range(83, -1, -1)]),
        ("hidden", [date(2026, 10, 22)]),
    ):
        out[name] = folder / f"{name}.html"
        out[name].write_text(written(of(sample, days)), encoding="utf-8")
    return out


class Outline(HTMLParser):
    """What a page is made of."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def all(self, tag: str) -> list[dict[str, str | None]]:
        return [attributes for name, attributes in self.tags if name == tag]


@pytest.mark.parametrize("name", ["day", "week", "month", "quarter", "hidden"])
def test_the_page_needs_nothing_else(pages: dict[str, Path], name: str) -> None:
    text = pages[name].read_text(encoding="utf-8")
    outline = Outline(text)
    assert not {"script", "iframe", "object", "embed", "base", "form", "img"} & {tag for tag, _ in outline.tags}
    for tag, attributes in outline.tags:
        for key, value in attributes.items():
            assert not key.startswith("on"), (tag, key)
            if key in ("href", "src", "xlink:href"):
                assert value is not None
                assert value.startswith("#") or value == "data:,", (tag, value)
    assert not re.search(r"@import|url\((?!#)", text)
    ids = [attributes["id"] for _, attributes in outline.tags if "id" in attributes]
    assert len(ids) == len(set(ids))
    assert "#0" not in re.sub(r"&#\d+;|href=\"[^\"]*\"|url\([^)]*\)", "", text), "a placeholder colour was left"
    assert len(text) < 700_000


@pytest.mark.parametrize("name", ["day", "week", "month", "quarter", "hidden"])
def test_every_chart_is_also_words_and_a_table(pages: dict[str, Path], name: str) -> None:
    text = pages[name].read_text(encoding="utf-8")
    drawings = re.findall(r"<svg.*?</svg>", text, re.DOTALL)
    assert drawings
    for drawing in drawings:
        root = ET.fromstring(drawing)
        assert root.get("role") == "img"
        assert len(str(root.get("aria-label"))) > 20
    figures = re.findall(r"<figure.*?</figure>", text, re.DOTALL)
    for figure in figures:
        assert "<figcaption>" in figure
        assert "<details>" in figure
        assert figure.count("<tr>") > 1


def test_every_chart_there_is_to_draw(sample: Memory) -> None:
    titles = {chart.title for chart in draw(of(sample, [FRIDAY]))}
    assert titles == {
        "The day",
        "Sittings",
        "How you sat, by hour",
        "Leaning left and right",
        "Viewing distance",
        "Breaks and reminders",
        "Pain and sitting",
        "Sitting, twelve weeks",
    }


def test_a_day_on_which_too_little_was_seen(pages: dict[str, Path]) -> None:
    text = pages["hidden"].read_text(encoding="utf-8")
    assert "Seen 50 min of 2 h 20 (36 %)" in text
    assert "The other figures are hidden: only 36 %" in text
    assert "Typical sitting" not in text.split("What the words mean")[0]
    assert "Sitting bouts" not in text


NASTY = "</td><script>alert(1)</script><img src=x onerror=alert(2)> \"'& $x^2$ \u202e\U0001f926"


def test_what_a_user_typed_is_shown_and_does_nothing() -> None:
    start, _ = day_bounds(FRIDAY, BERLIN)
    memory = Memory()
    end = start + timedelta(hours=10)
    memory.write(
        [
            Interval("watch", "camera", start, end),
            Interval("presence", "sitting", start, end - timedelta(hours=1)),
            Interval("presence", "unknown", end - timedelta(hours=1), end, {"reason": NASTY}),
            Interval("deviation", NASTY, start, end),
        ],
        [Point("pain", start, NASTY, {"level": 5, "note": NASTY}), Point("reminder", start, NASTY)],
    )
    found = of(memory, [FRIDAY])
    text = page(found, NASTY, draw(found), NASTY)
    outline = Outline(text)
    assert not outline.all("script")
    assert not outline.all("img")
    assert "&lt;script&gt;" in text
    for drawing in re.findall(r"<svg.*?</svg>", text, re.DOTALL):
        ET.fromstring(drawing)


def test_an_hour_of_a_first_day() -> None:
    """Little is known yet: no chart fails, none is drawn of nothing."""
    start, _ = day_bounds(FRIDAY, BERLIN)
    memory = Memory()
    memory.write([Interval("watch", "camera", start, start + timedelta(seconds=1))])
    assert [chart.title for chart in draw(of(memory, [FRIDAY]))] == ["The day"]
    memory.write([Interval("presence", "sitting", start, start + timedelta(seconds=1))])
    assert "Seen 1 s of 1 s" in written(of(memory, [FRIDAY]))


# -- as a user types it -----------------------------------------------------------------------------------------------


def typed(*words: str) -> int:
    parser = argparse.ArgumentParser()
    report.add_parser(parser.add_subparsers())
    return int(report.run(parser.parse_args(["report", *words])))


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("POSTURE_CONFIG", str(tmp_path / "settings.toml"))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_sample(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert typed("--sample") == 0
    file = folder / "posture-2026-10-19-to-2026-10-25-sample.html"
    assert capsys.readouterr().out == f"Written: {file.name}\n"
    assert not others_may(file, file.stat())
    assert not (folder / "data").exists()


def test_pages_link_to_each_other(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert typed("--sample", "--day", "fri", "--linked") == 0
    names = sorted(file.name for file in folder.glob("*.html"))
    assert names == [
        "posture-2026-01-01-to-2026-12-31-sample.html",
        "posture-2026-10-01-to-2026-10-31-sample.html",
        "posture-2026-10-19-to-2026-10-25-sample.html",
        "posture-2026-10-23-sample.html",
    ]
    assert capsys.readouterr().out == f"Written: {names[-1]}, and 3 pages that it links to\n"
    for name in names:
        links = re.findall(r'<a href="([^"]+)"', (folder / name).read_text())
        assert links
        assert set(links) <= set(names)  # none leads nowhere
    # What lies beside it already is linked without being asked for.
    assert typed("--sample", "--day", "sat") == 0
    assert (
        'href="posture-2026-10-23-sample.html">before: Fri 23 Oct'
        in (folder / "posture-2026-10-24-sample.html").read_text()
    )


def test_a_day_of_exercises_alone_is_no_empty_day(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    at = day_bounds(date(2026, 3, 2))[0] + timedelta(hours=9)
    done = Point("hold", at, "ql_stand", {"side": "left", "hold_s": 20.0, "verified": True})
    check = Point("self-check", at, "side-bend", {"left": 20.0, "right": 22.0})
    way = Point("direction", at, "neutral", {"repetitions": 10})
    for n, point in enumerate((done, check, way)):
        with Store(folder / "data" / "history.sqlite3") as store:
            store.write([], [replace(point, at=at + timedelta(days=n))])
        day = f"2026-03-0{2 + n}"
        assert typed("--day", day, "--output", "it.html") == 0
        text = (folder / "it.html").read_text()
        assert "The camera did not watch on this day." in text
        assert ("Exercises, seen", "Self-checks", "Directional checks")[n] in text
    assert "neither way changed the pain" in text


def test_a_day_of_the_history(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert typed("--day", "2026-03-02") == 0
    assert "no report written" in capsys.readouterr().out
    start = day_bounds(date(2026, 3, 2))[0] + timedelta(hours=9)
    with Store(folder / "data" / "history.sqlite3") as store:
        store.write(
            [
                Interval("watch", "camera", start, start + timedelta(hours=2)),
                Interval("presence", "sitting", start, start + timedelta(hours=2)),
            ]
        )
    assert typed("--day", "2026-03-02", "--output", "it.html") == 0
    assert "Seen 2 h 00 of 2 h 00 (100 %)" in (folder / "it.html").read_text()
    with pytest.raises(PostureError, match="cannot be written"):
        typed("--day", "2026-03-02", "--output", "no/such/place.html")


# -- in a real browser ------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def browser(require_tool: Callable[[str], str]) -> Iterator[Browser]:
    with Browser(require_tool("chromium")) as opened:
        yield opened


CONTRAST = """
(() => {
  const lum = c => { const [r, g, b] = c.match(/[0-9.]+/g).map(Number).map(v => v / 255)
    .map(v => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4); return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
  const paper = lum(getComputedStyle(document.body).backgroundColor);
  let least = 21;
  for (const node of document.querySelectorAll('h1,h2,h3,p,th,td,figcaption,summary,small,svg text')) {
    if (!node.textContent.trim() || !node.getClientRects().length) continue;
    const style = getComputedStyle(node);
    const ink = lum(node instanceof SVGElement ? style.fill : style.color);
    least = Math.min(least, (Math.max(ink, paper) + 0.05) / (Math.min(ink, paper) + 0.05));
  }
  return least;
})()
"""


SMALLEST = """
Math.min(...[...document.querySelectorAll('svg text')].filter(node => node.getClientRects().length).map(node => {
  const seen = node.getScreenCTM(); return parseFloat(getComputedStyle(node).fontSize) * Math.hypot(seen.a, seen.b); }))
"""


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_in_a_browser(pages: dict[str, Path], browser: Browser, width: int, scheme: str) -> None:
    for name, file in pages.items():
        browser.problems.clear()
        browser.asked.clear()
        browser.open(file, width, scheme)
        assert browser.asked == [file.as_uri()]
        assert browser.problems == []
        # Nothing sticks out sideways, and all text can be read.
        assert browser.evaluate("document.documentElement.scrollWidth") <= width, name
        assert browser.evaluate(CONTRAST) >= 4.5, name
        assert browser.evaluate(SMALLEST) >= 9.0, name
        folder = os.environ.get("POSTURE_ARTIFACTS")
        if folder:
            (Path(folder) / f"report-{name}-{width}-{scheme}.png").write_bytes(browser.picture())


def test_a_screen_reader_finds_its_way(pages: dict[str, Path], browser: Browser) -> None:
    browser.open(pages["week"], 390, "light")
    browser.do("Accessibility.enable")
    nodes = browser.do("Accessibility.getFullAXTree")["nodes"]
    roles: dict[str, list[str]] = {}
    for node in nodes:
        if not node.get("ignored"):
            roles.setdefault(node["role"]["value"], []).append(node.get("name", {}).get("value", ""))
    # Each chart once, although there are two drawings of the timeline.
    drawn = roles["image"]
    assert sum(name.startswith("Hours of the days.") for name in drawn) == 1
    assert sum(name.startswith("Sittings.") for name in drawn) == 1
    assert "All figures" in roles["heading"]
    assert "What the words mean" in roles["heading"]
    assert "Sitting" in roles["rowheader"]
    assert roles["main"]
    # No level is left out, for whom goes from heading to heading.
    levels = browser.evaluate("[...document.querySelectorAll('h1,h2,h3,h4')].map(it => Number(it.tagName[1]))")
    assert levels[0] == 1
    assert all(one <= before + 1 for before, one in itertools.pairwise(levels))
