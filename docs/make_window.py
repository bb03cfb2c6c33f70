"""Make docs/img/window.png: the window's page History, from an invented day.

xvfb-run -s "-screen 0 1400x1000x24" python docs/make_window.py
"""

from __future__ import annotations

import os
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from posture.history.records import Interval, Point
from posture.history.store import Store

IMAGE = Path(__file__).parent / "img/window.png"
SPELLS = "s38 a4 s29 t18 s41 a35 s27 t9 s33 a3 s24"
"""Presences and minutes: s sitting, t standing, a away."""
NAMES = {"s": "sitting", "t": "standing", "a": "away"}
SETTLED_S = 12.0
"""For the figures to be read and the charts to be drawn."""


def write_day(folder: Path) -> None:
    """Invent a day until now."""
    spells = [(word[0], float(word[1:])) for word in SPELLS.split()]
    at = begin = datetime.now(UTC) - timedelta(minutes=sum(lasted for _, lasted in spells))
    with Store(folder / "history.sqlite3") as store:
        for name, lasted_min in spells:
            end = at + timedelta(minutes=lasted_min)
            store.write([Interval("presence", NAMES[name], at, end)])
            if name == "s":
                store.write(
                    [Interval("bout", "sitting", at, end, {"sitting_s": 60.0 * lasted_min, "ended_by": "break"})]
                )
            if lasted_min > 30 and name == "s":
                store.write(points=[Point("reminder", at + timedelta(minutes=30), "stand")])
            at = end
        store.write([Interval("watch", "camera", begin, at)])


def main() -> None:
    """Show it, and keep the picture."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"POSTURE_DATA": folder, "POSTURE_CONFIG": f"{folder}/settings.toml", "XDG_RUNTIME_DIR": folder}
        write_day(Path(folder))
        from PySide6.QtWidgets import QApplication

        from posture.window import theme
        from posture.window.main_window import MainWindow

        app = QApplication([])
        theme.dress(app, "light")
        window = MainWindow()
        window.resize(960, 760)
        window.go_to("history")
        window.show()
        end_s = time.monotonic() + SETTLED_S
        while time.monotonic() < end_s:
            app.processEvents()
            time.sleep(0.05)
        window.grab().save(str(IMAGE))
        window.close()


if __name__ == "__main__":
    main()
