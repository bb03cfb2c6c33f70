"""The window's colours: what is written and drawn stands out in each look, and the desktop's wish is followed."""

from __future__ import annotations

import pytest
from window_rig import app

from posture.report.drawings import _STROKES
from posture.window import theme
from posture.window.stretch_parts import DRAWN
from posture.window.theme import COLOURS, Look

__all__ = ["app"]
TEXTS = ("ink", "soft", "accent", "well", "warn", "bad")
GRAPHICS = ("accent", "well", "warn", "bad", "soft", "ink", "sitting", "standing")
LEAST: dict[Look, float] = {"light": 4.5, "dark": 4.5, "contrast-light": 7.0, "contrast-dark": 7.0}


def luminance(colour: str) -> float:
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def ratio(one: str, other: str) -> float:
    """The contrast of two colours, as in WCAG 2.1."""
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("look", COLOURS)
def test_every_text_stands_out(look: Look) -> None:
    found = COLOURS[look]
    pairs = [(role, ground) for role in TEXTS for ground in ("ground", "card")]
    pairs += [("on_accent", "accent"), ("ink", "trough")]
    low = {pair: round(ratio(*(getattr(found, name) for name in pair)), 2) for pair in pairs}
    assert {pair: value for pair, value in low.items() if value < LEAST[look]} == {}


@pytest.mark.parametrize("look", COLOURS)
def test_everything_drawn_stands_out(look: Look) -> None:
    found = COLOURS[look]
    contrast = look.startswith("contrast")
    roles = (*GRAPHICS, "line", "away", "unknown") if contrast else GRAPHICS
    pairs = [(role, ground) for role in roles for ground in ("ground", "card")]
    pairs += [(role, "trough") for role in ("accent", "well", "warn")]
    low = {pair: round(ratio(*(getattr(found, name) for name in pair)), 2) for pair in pairs}
    assert {pair: value for pair, value in low.items() if value < 3.0} == {}
    drawn = {DRAWN[look].get(colour, colour) for colour, _ in _STROKES.values()}
    assert {colour for colour in drawn if ratio(colour, found.card) < (3.0 if contrast else 2.0)} == set()


@pytest.mark.parametrize(
    ("ground", "ink", "wants"),
    [
        ("#ffffff", "#000000", True),
        ("#000000", "#ffffff", True),
        ("#efefef", "#000000", False),
        ("#000000", "#e0e0e0", False),
    ],
)
def test_a_theme_of_high_contrast_is_known_by_its_colours(ground: str, ink: str, wants: bool) -> None:
    from PySide6.QtGui import QColor, QPalette

    palette = QPalette()
    for role in (QPalette.ColorRole.Window, QPalette.ColorRole.Base, QPalette.ColorRole.Button):
        palette.setColor(role, QColor(ground))
    for role in (QPalette.ColorRole.WindowText, QPalette.ColorRole.Text, QPalette.ColorRole.ButtonText):
        palette.setColor(role, QColor(ink))
    assert theme.is_of_contrast(palette) == wants
    if wants:
        palette.setColor(QPalette.ColorRole.Base, QColor("#808080"))
        assert not theme.is_of_contrast(palette)


def test_the_desktop_is_asked_and_followed(app: object, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(theme, "desktop_asks_for_contrast", lambda: True)
    assert theme.look_of_desktop().startswith("contrast")
    monkeypatch.setattr(theme, "desktop_asks_for_contrast", lambda: False)
    assert theme.look_of_desktop() in ("light", "dark")
    try:
        theme.dress(app, "contrast")  # type: ignore[arg-type]
        assert theme.look_now() in ("contrast-light", "contrast-dark")
        assert theme.colours() == COLOURS[theme.look_now()]
        theme.follow_desktop(app)  # type: ignore[arg-type]
        hints = app.styleHints()  # type: ignore[attr-defined]
        if hasattr(hints, "accessibility"):
            from PySide6.QtCore import Qt

            hints.accessibility().contrastPreferenceChanged.emit(Qt.ContrastPreference.NoPreference)
        else:
            hints.colorSchemeChanged.emit(hints.colorScheme())
        assert theme.look_now() in ("light", "dark")
    finally:
        theme.dress(app, "light")  # type: ignore[arg-type]
