#!/usr/bin/env python3
"""Write the entry of the menu of programs and its icons for a package of the system: `desktop_files.py /usr/share`."""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from posture.desktop.launcher import ART, NAME, icon_place, launcher_entry


def main(share: Path) -> None:
    """Write the files below `share`."""
    entry = share / "applications" / f"{NAME}.desktop"
    entry.parent.mkdir(parents=True)
    entry.write_text(launcher_entry(lambda *words: " ".join((NAME, *words))), encoding="utf-8")
    for drawing in sorted(ART.glob(f"{NAME}*.[ps][nv]g")):
        place = icon_place(drawing, share)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(drawing, place)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
