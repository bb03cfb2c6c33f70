"""Make the pictures in docs/img from the sample week: the terminal's table, and the page in both colour schemes.

python docs/make_images.py

Needs chromium on the PATH.
"""

from __future__ import annotations

import io
import shutil
import sys
import tempfile
from datetime import date
from pathlib import Path

from PIL import Image
from rich.console import Console
from rich.terminal_theme import MONOKAI

from posture.coach.disclaimer import DISCLAIMER
from posture.history.records import Memory
from posture.report.charts import CALENDAR_DAYS, draw
from posture.report.page import page
from posture.report.review import review
from posture.report.sample import sample_zone, write_sample
from posture.report.terminal import show_review
from posture.settings import GoalSettings, Settings

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tests" / "report"))
from browser import Browser  # noqa: E402

DAY = date(2026, 10, 23)
TERMINAL = """<!DOCTYPE html><meta charset="utf-8"><style>{stylesheet}
body {{ margin: 0; padding: 16px; color: {foreground}; background: {background}; }}
pre {{ font: 14px/1.3 "DejaVu Sans Mono", monospace; margin: 0; }}</style><pre>{code}</pre>"""


def main() -> None:
    """Write them."""
    chromium = shutil.which("chromium")
    if chromium is None:
        sys.exit("chromium is not installed")
    memory, zone = Memory(), sample_zone()
    write_sample(memory, zone)
    settings = Settings(goals=GoalSettings(longest_bout_s=45 * 60, breaks_per_hour=1.5, sitting_s=6 * 3600))
    found = review(memory, [DAY], settings, zone, before=CALENDAR_DAYS - 1)
    title = "Friday 23 October 2026"
    console = Console(record=True, width=100, file=io.StringIO(), force_terminal=True, highlight=False)
    console.print("$ posture summary --day fri")
    show_review(found, title, console)
    with tempfile.TemporaryDirectory() as folder, Browser(chromium) as browser:
        terminal, report = Path(folder, "terminal.html"), Path(folder, "report.html")
        terminal.write_text(console.export_html(theme=MONOKAI, code_format=TERMINAL), encoding="utf-8")
        report.write_text(page(found, title, draw(found), DISCLAIMER), encoding="utf-8")
        shots = (
            ("summary", terminal, 890, 400, "dark", True),
            ("report-light", report, 1280, 1400, "light", False),
            ("report-dark", report, 1280, 1400, "dark", False),
            ("report-phone-light", report, 390, 1200, "light", False),
            ("report-phone-dark", report, 390, 1200, "dark", False),
        )
        (HERE / "img").mkdir(exist_ok=True)
        for name, file, width, height, scheme, whole in shots:
            browser.open(file, width, scheme, height)
            # A few dozen colours are enough for flat drawings, and make small files.
            picture = Image.open(io.BytesIO(browser.picture(whole=whole))).convert("RGB")
            picture.quantize(64).save(HERE / "img" / f"{name}.png", optimize=True)
            print(f"{name}.png: {(HERE / 'img' / f'{name}.png').stat().st_size / 1000:.0f} kB")
    if browser.problems:
        sys.exit("\n".join(browser.problems))


if __name__ == "__main__":
    main()
