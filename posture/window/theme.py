"""How the window looks: light or dark as the desktop is, its own sizes of type, and what has the focus drawn clearly.

Each pair of colours that text is written in has a contrast of 4.5 to 1 at least (WCAG 2.1, 1.4.3). Where the desktop
asks for high contrast it is 7 to 1 (1.4.6), and borders and what is drawn have 3 to 1 (1.4.11). Tests hold it to that.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette
from PySide6.QtWidgets import QApplication

Look = Literal["light", "dark", "contrast-light", "contrast-dark"]
Asked = Literal["light", "dark", "contrast"]
"""What may be asked for in place of the desktop's look; contrast is light or dark as the desktop is."""
_ART = Path(__file__).parent / "art"
"""Ticks and arrows, each for light and dark grounds."""


@dataclass(frozen=True)
class Colours:
    """The colours of a look, as #rrggbb."""

    ground: str
    card: str
    line: str
    """Borders."""
    trough: str
    """What a bar is drawn in, and what lies where a picture is not there yet."""
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
        trough="#d5d9df",
        ink="#1c232b",
        soft="#56606c",
        accent="#1a66dc",
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
        trough="#39424d",
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
    "contrast-light": Colours(
        ground="#ffffff",
        card="#ffffff",
        line="#4d4d4d",
        trough="#f0f0f0",
        ink="#000000",
        soft="#333333",
        accent="#00378f",
        on_accent="#ffffff",
        well="#00521c",
        warn="#663800",
        bad="#8f0000",
        sitting="#1f4e96",
        standing="#00652b",
        away="#6e6e6e",
        unknown="#855c00",
    ),
    "contrast-dark": Colours(
        ground="#000000",
        card="#000000",
        line="#b3b3b3",
        trough="#1c1c1c",
        ink="#ffffff",
        soft="#d6d6d6",
        accent="#8ec5ff",
        on_accent="#000000",
        well="#6ee797",
        warn="#ffc766",
        bad="#ffaaa3",
        sitting="#7db4ff",
        standing="#4fd987",
        away="#949494",
        unknown="#d8b14a",
    ),
}


def look_of_desktop(contrast: bool = False) -> Look:
    """Whether the desktop is light or dark, and of high contrast, which `contrast` asks for in its place."""
    dark = QGuiApplication.styleHints().colorScheme() == Qt.ColorScheme.Dark
    if contrast or desktop_asks_for_contrast():
        return "contrast-dark" if dark else "contrast-light"
    return "dark" if dark else "light"


def desktop_asks_for_contrast() -> bool:
    """Whether the desktop is set to high contrast, as far as Qt tells (from 6.10 on), or began with such a theme."""
    hints, app = QGuiApplication.styleHints(), QApplication.instance()
    if hasattr(hints, "accessibility") and (
        hints.accessibility().contrastPreference() == Qt.ContrastPreference.HighContrast
    ):
        return True
    return app is not None and bool(app.property("theme of contrast"))


def is_of_contrast(palette: QPalette) -> bool:
    """Whether a theme is of high contrast: text, fields, buttons and ground are plain black and white."""
    roles = QPalette.ColorRole
    grounds = {palette.color(role).name() for role in (roles.Window, roles.Base, roles.Button)}
    inks = {palette.color(role).name() for role in (roles.WindowText, roles.Text, roles.ButtonText)}
    return grounds | inks == {"#000000", "#ffffff"} and len(grounds) == len(inks) == 1


def follow_desktop(app: QApplication) -> None:
    """Dress it anew whenever the desktop becomes light, dark, or of high contrast."""
    hints = app.styleHints()
    hints.colorSchemeChanged.connect(lambda _: dress(app))
    if hasattr(hints, "accessibility"):
        hints.accessibility().contrastPreferenceChanged.connect(lambda _: dress(app))


def look_now() -> Look:
    """The look that is in use."""
    found = QApplication.instance()
    name = found.property("look") if found is not None else None
    return name if name in COLOURS else "light"


def colours() -> Colours:
    """The colours that are in use."""
    return COLOURS[look_now()]


def dress(app: QApplication, look: Asked | Look | None = None) -> None:
    """Give the window its look, that of the desktop unless one is given."""
    if app.property("theme of contrast") is None:  # these are still the desktop's own colours
        app.setProperty("theme of contrast", is_of_contrast(app.palette()))
    chosen = look if look in COLOURS else look_of_desktop(contrast=look == "contrast")
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
    drawn = _ART.glob(f"*-{chosen.rpartition('-')[2]}.svg")
    art = {path.stem.partition("-")[0]: path.as_posix().replace('"', '\\"') for path in drawn}
    sheet = _sheet(found, art)
    app.setStyleSheet(sheet + _contrast_sheet(found) if chosen.startswith("contrast") else sheet)


def _sheet(found: Colours, art: Mapping[str, str]) -> str:
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
    QPushButton:pressed {{ background: {found.trough}; }}
    QPushButton:focus, QComboBox:focus, QLineEdit:focus, QListWidget:focus, QSpinBox:focus, QDoubleSpinBox:focus {{
        border: 2px solid {found.accent}; }}
    QPushButton[role="main"] {{ background: {found.accent}; color: {found.on_accent}; border-color: {found.accent};
        font-weight: 600; }}
    QPushButton[role="main"]:focus {{ border: 2px solid {found.ink}; }}
    QPushButton:checked {{ background: {found.accent}; color: {found.on_accent}; }}
    QPushButton:disabled {{ color: {found.soft}; }}
    QPushButton[role="main"]:disabled {{ background: {found.card}; color: {found.soft}; border-color: {found.line}; }}
    QCheckBox {{ border: 2px solid transparent; border-radius: 4px; }}
    QCheckBox:focus {{ border: 2px solid {found.accent}; }}
    QCheckBox::indicator {{ width: 16px; height: 16px; border: 1px solid {found.soft}; background: {found.card}; }}
    QCheckBox::indicator:checked {{ background: {found.ink}; image: url("{art["tick"]}"); }}
    QListWidget#sidebar {{ background: {found.card}; border: none; border-right: 1px solid {found.line};
        font-size: 12pt; outline: none; padding-top: 12px; }}
    QListWidget#sidebar::item {{ padding: 11px 18px; }}
    QListWidget#sidebar::item:selected {{ background: {found.accent}; color: {found.on_accent}; }}
    QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox {{ padding: 5px 6px; border: 1px solid {found.line};
        border-radius: 6px; background: {found.ground}; }}
    QComboBox::drop-down {{ width: 24px; border: none; }}
    QSpinBox::up-button, QSpinBox::down-button, QDoubleSpinBox::up-button, QDoubleSpinBox::down-button {{
        width: 22px; border: none; }}
    QComboBox::down-arrow, QSpinBox::down-arrow, QDoubleSpinBox::down-arrow {{ width: 12px; height: 12px;
        image: url("{art["down"]}"); }}
    QSpinBox::up-arrow, QDoubleSpinBox::up-arrow {{ width: 12px; height: 12px; image: url("{art["up"]}"); }}
    QTabBar::tab {{ padding: 8px 14px; border: none; border-bottom: 3px solid transparent; }}
    QTabBar::tab:selected {{ border-bottom: 3px solid {found.accent}; font-weight: 600; }}
    QTabBar::tab:hover {{ color: {found.accent}; }}
    QTabBar:focus {{ border: 2px solid {found.accent}; border-radius: 6px; }}
    QSlider {{ border: 2px solid transparent; border-radius: 6px; }}
    QSlider:focus {{ border: 2px solid {found.accent}; }}
    QSlider::groove:horizontal {{ height: 8px; border-radius: 4px; background: {found.trough}; }}
    QSlider::sub-page:horizontal {{ border-radius: 4px; background: {found.accent}; }}
    QSlider::handle:horizontal {{ width: 24px; margin: -8px 0; border-radius: 12px; background: {found.accent};
        border: 2px solid {found.ground}; }}
    QLabel#foot {{ padding: 6px 18px; background: {found.card}; border-top: 1px solid {found.line}; }}
    """


def _contrast_sheet(found: Colours) -> str:
    """What is too faint otherwise: borders, bars for scrolling, and what cannot be used."""
    return f"""
    QPushButton, QFrame[role="card"], QLineEdit, QComboBox, QSpinBox, QDoubleSpinBox {{ border-width: 2px; }}
    QPushButton:focus, QComboBox:focus, QLineEdit:focus, QListWidget:focus, QSpinBox:focus, QDoubleSpinBox:focus,
    QTabBar:focus, QSlider:focus {{ border: 3px solid {found.accent}; }}
    QPushButton:disabled {{ border-style: dashed; }}
    QCheckBox::indicator {{ border: 2px solid {found.ink}; }}
    QSlider::groove:horizontal {{ border: 1px solid {found.line}; }}
    QScrollBar:vertical {{ width: 14px; background: {found.trough}; }}
    QScrollBar:horizontal {{ height: 14px; background: {found.trough}; }}
    QScrollBar::handle {{ background: {found.line}; min-width: 28px; min-height: 28px; }}
    QScrollBar::add-line, QScrollBar::sub-line {{ width: 0; height: 0; }}
    QListWidget, QAbstractItemView {{ border: 1px solid {found.line}; }}
    """
