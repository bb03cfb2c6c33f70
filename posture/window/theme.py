"""How the window looks: light or dark as the desktop is, its own sizes of type, and what has the focus drawn clearly.

Each pair of colours that text is written in has a contrast of 4.5 to 1 at least (WCAG 2.1, 1.4.3); tests hold it to
that. Where the desktop asks for high contrast the desktop's own colours are used.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

Look = Literal["light", "dark"]


@dataclass(frozen=True)
class Colours:
    """The colours of a look, as #rrggbb."""

    ground: str
    card: str
    line: str
    ink: str
    soft: str
    """Text of less weight."""
    accent: str
    on_accent: str
    well: str
    warn: str
    bad: str
    sitting: str
    standing: str
    away: str
    unknown: str


COLOURS: dict[Look, Colours] = {
    "light": Colours(
        ground="#f4f5f7",
        card="#ffffff",
        line="#d5d9df",
        ink="#1c232b",
        soft="#56606c",
        accent="#1f6feb",
        on_accent="#ffffff",
        well="#1d7a3e",
        warn="#9a5400",
        bad="#c0312b",
        sitting="#4a7fc1",
        standing="#1d8a4a",
        away="#c9ced6",
        unknown="#e8cf8e",
    ),
    "dark": Colours(
        ground="#171b20",
        card="#20262d",
        line="#39424d",
        ink="#eceff3",
        soft="#a9b3bf",
        accent="#6ea8ff",
        on_accent="#0c1420",
        well="#5fcb86",
        warn="#f0b050",
        bad="#ff8a80",
        sitting="#6f9fe0",
        standing="#4fbf7d",
        away="#4a535e",
        unknown="#8a7433",
    ),
}


def look_of_desktop() -> Look:
    """Whether the desktop is light or dark."""
    return "dark" if QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark else "light"


def colours(app: QApplication | None = None) -> Colours:
    """The colours that are in use."""
    found = app or QApplication.instance()
    name = found.property("look") if found is not None else None
    return COLOURS["dark" if name == "dark" else "light"]


def dress(app: QApplication, look: Look | None = None) -> None:
    """Give the window its look, that of the desktop unless one is given."""
    chosen = look or look_of_desktop()
    app.setProperty("look", chosen)
    app.setStyle("Fusion")
    found = COLOURS[chosen]
    palette = QPalette()
    roles = {
        QPalette.ColorRole.Window: found.ground,
        QPalette.ColorRole.Base: found.card,
        QPalette.ColorRole.AlternateBase: found.ground,
        QPalette.ColorRole.Button: found.card,
        QPalette.ColorRole.WindowText: found.ink,
        QPalette.ColorRole.Text: found.ink,
        QPalette.ColorRole.ButtonText: found.ink,
        QPalette.ColorRole.PlaceholderText: found.soft,
        QPalette.ColorRole.ToolTipBase: found.card,
        QPalette.ColorRole.ToolTipText: found.ink,
        QPalette.ColorRole.Highlight: found.accent,
        QPalette.ColorRole.HighlightedText: found.on_accent,
        QPalette.ColorRole.Link: found.accent,
        QPalette.ColorRole.Mid: found.line,
    }
    for role, colour in roles.items():
        palette.setColor(role, QColor(colour))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(QPalette.ColorGroup.Disabled, role, QColor(found.soft))
    app.setPalette(palette)
    app.setStyleSheet(_sheet(found))


def _sheet(found: Colours) -> str:
    """Sizes are in points, so that they follow the desktop's scale and its size of type."""
    return f"""
    QWidget#page, QWidget#window {{ background: {found.ground}; }}
    QFrame[role="card"] {{ background: {found.card}; border: 1px solid {found.line}; border-radius: 10px; }}
    QFrame[role="card"] QLabel {{ background: transparent; }}
    QLabel[role="title"] {{ font-size: 20pt; font-weight: 600; }}
    QLabel[role="heading"] {{ font-size: 13pt; font-weight: 600; }}
    QLabel[role="figure"] {{ font-size: 26pt; font-weight: 600; }}
    QLabel[role="answer"] {{ font-size: 12pt; }}
    QLabel[role="soft"] {{ color: {found.soft}; }}
    QLabel[role="warn"] {{ color: {found.warn}; }}
    QLabel[role="bad"] {{ color: {found.bad}; }}
    QLabel[role="well"] {{ color: {found.well}; }}
    QPushButton {{ padding: 8px 16px; border: 1px solid {found.line}; border-radius: 8px; background: {found.card}; }}
    QPushButton:hover {{ border-color: {found.accent}; }}
    QPushButton:pressed {{ background: {found.ground}; }}
    QPushButton:focus, QComboBox:focus, QLineEdit:focus, QListWidget:focus, QSpinBox:focus, QDoubleSpinBox:focus {{
        border: 2px solid {found.accent}; }}
    QPushButton[role="main"] {{ background: {found.accent}; color: {found.on_accent}; border-color: {found.accent};
        font-weight: 600; }}
    QPushButton[role="main"]:focus {{ border: 2px solid {found.ink}; }}
    QPushButton:checked {{ background: {found.accent}; color: {found.on_accent}; }}
    QPushButton:disabled {{ color: {found.soft}; }}
    QListWidget#sidebar {{ background: {found.card}; border: none; border-right: 1px solid {found.line};
        font-size: 12pt; outline: none; padding-top: 12px; }}
    QListWidget#sidebar::item {{ padding: 11px 18px; }}
    QListWidget#sidebar::item:selected {{ background: {found.accent}; color: {found.on_accent}; }}
    QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox {{ padding: 5px 6px; border: 1px solid {found.line};
        border-radius: 6px; background: {found.ground}; }}
    QTabBar::tab {{ padding: 8px 14px; border: none; border-bottom: 3px solid transparent; }}
    QTabBar::tab:selected {{ border-bottom: 3px solid {found.accent}; font-weight: 600; }}
    QTabBar::tab:hover {{ color: {found.accent}; }}
    QTabBar:focus {{ border: 2px solid {found.accent}; border-radius: 6px; }}
    QSlider {{ border: 2px solid transparent; border-radius: 6px; }}
    QSlider:focus {{ border: 2px solid {found.accent}; }}
    QSlider::groove:horizontal {{ height: 8px; border-radius: 4px; background: {found.line}; }}
    QSlider::sub-page:horizontal {{ border-radius: 4px; background: {found.accent}; }}
    QSlider::handle:horizontal {{ width: 24px; margin: -8px 0; border-radius: 12px; background: {found.accent};
        border: 2px solid {found.ground}; }}
    QLabel#foot {{ padding: 6px 18px; background: {found.card}; border-top: 1px solid {found.line}; }}
    """
