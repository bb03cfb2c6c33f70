#!/usr/bin/env python3
"""The sizes of the program's icon, from posture/desktop/art/posture.svg: python tools/icons.py writes them anew."""

from __future__ import annotations

import os
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
ART = Path(__file__).parents[1] / "posture/desktop/art"
SIZES_PX = (16, 22, 24, 32, 48, 64, 128, 256)


def main() -> None:
    """Write a PNG of each size."""
    from PySide6.QtCore import Qt
    from PySide6.QtGui import QGuiApplication, QImage, QPainter
    from PySide6.QtSvg import QSvgRenderer

    app = QGuiApplication([])
    drawing = QSvgRenderer(str(ART / "posture.svg"))
    for size_px in SIZES_PX:
        image = QImage(size_px, size_px, QImage.Format.Format_ARGB32)
        image.fill(Qt.GlobalColor.transparent)
        painter = QPainter(image)
        drawing.render(painter)
        painter.end()
        image.save(str(ART / f"posture-{size_px}.png"))
    app.quit()


if __name__ == "__main__":
    main()
