"""A chart as SVG inside a page: drawn by matplotlib in placeholder colours, which become CSS variables of the page.

Matplotlib, because MediaPipe brings it anyway (nothing more to install), it has every chart needed here, and its SVG
runs no script and asks for nothing. Plotly would put 4.7 MB into each page, Altair loads from the network, pygal links
a script. One drawing serves light, dark and paper.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

# Placeholder colours and the CSS variables that replace them.
_COLOURS = {
    "#010101": "--ink",
    "#020202": "--faint",
    "#030303": "--sitting",
    "#040404": "--standing",
    "#050505": "--away",
    "#060606": "--unknown",
    "#070707": "--accent",
    "#080808": "--warn",
    "#090909": "--paper",
}
INK, FAINT, SITTING, STANDING, AWAY, UNKNOWN, ACCENT, WARN, PAPER = _COLOURS
_NARROW_IN, _WIDE_IN, _HEIGHT_IN = 4.6, 10.5, 2.7

_LOOK: dict[str, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "posture",
    "font.size": 10.0,
    "text.parse_math": False,
    "text.color": INK,
    "axes.edgecolor": FAINT,
    "axes.labelcolor": INK,
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.axisbelow": True,
    "grid.color": FAINT,
    "grid.linewidth": 0.5,
    "xtick.color": INK,
    "ytick.color": INK,
    "hatch.color": PAPER,
    "hatch.linewidth": 1.2,
    "legend.frameon": False,
    "legend.fontsize": 9.0,
}


@dataclass(frozen=True)
class Chart:
    """A chart, the same in words, and its numbers."""

    title: str
    alt: str
    """Its name, and what it shows in a sentence."""
    svg: str
    """Markup to put into a page."""
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    """The numbers behind it, as a table."""
    narrow_svg: str = ""
    """Another drawing for narrow screens; empty if `svg` serves both."""
    key: str = ""
    """Which one it is, whatever the language."""


@dataclass
class Parts:
    """A chart before it is drawn; `key` names it in the program."""

    key: str
    title: str
    alt: str
    head: tuple[str, ...]
    rows: list[tuple[str, ...]] = field(default_factory=list)


@contextmanager
def style() -> Iterator[None]:
    """Set matplotlib up for drawing; its settings are as before afterwards."""
    import logging

    # A missing font or cache is not the user's concern. Set first: matplotlib logs while it is being imported.
    logging.getLogger("matplotlib").setLevel(logging.ERROR)
    import matplotlib as mpl

    # Matplotlib's defaults, whatever a matplotlibrc of the user says.
    chosen: dict[Any, Any] = {**mpl.rcParamsDefault, **_LOOK, "backend": "svg"}
    with mpl.rc_context(chosen), _wide_characters():
        yield


@contextmanager
def _wide_characters() -> Iterator[None]:
    """Let matplotlib leave room for characters that its font lacks, and not warn of them: the page's font has them."""
    from matplotlib.textpath import TextToPath

    from posture.plain_text import width

    measure = TextToPath.get_text_width_height_descent

    def measured(self: TextToPath, text: str, *args: Any) -> Any:
        return measure(self, "".join("W" if width(character) > 1 else character for character in text), *args)

    TextToPath.get_text_width_height_descent = measured  # type: ignore[assignment,method-assign]
    try:
        yield
    finally:
        TextToPath.get_text_width_height_descent = measure  # type: ignore[method-assign]


def one_size(parts: Parts, paint: Callable[[Axes], None], remark: str = "") -> Chart:
    """Draw a chart once, small enough for a phone; `remark` is added to its description."""
    alt = f"{parts.alt} {remark}".strip()
    return Chart(
        parts.title, alt, _svg(paint, _NARROW_IN, _HEIGHT_IN, parts, 10.0), parts.head, tuple(parts.rows), "", parts.key
    )


def two_sizes(parts: Parts, paint: Callable[[Axes], None], height_in: float) -> Chart:
    """Draw a chart twice, for wide and for narrow screens."""
    wide, narrow = (_svg(paint, width_in, height_in, parts, 9.0) for width_in in (_WIDE_IN, _NARROW_IN))
    return Chart(parts.title, parts.alt, wide, parts.head, tuple(parts.rows), narrow, parts.key)


def _svg(paint: Callable[[Axes], None], width_in: float, height_in: float, parts: Parts, size_pt: float) -> str:
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context({"font.size": size_pt, "legend.fontsize": size_pt}):
        figure = Figure(figsize=(width_in, height_in), layout="constrained")
        axes = figure.add_subplot()
        paint(axes)
        out = io.StringIO()
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None, "Creator": None})
    prefix = f"{parts.key}-{width_in:g}-".replace(".", "")
    return _for_a_page(out.getvalue(), prefix, parts.title, parts.alt)


def _for_a_page(svg: str, prefix: str, title: str, alt: str) -> str:
    """Turn matplotlib's file into part of a page: with the page's colours and font, and with unique ids."""
    from html import escape

    svg = svg[svg.index("<svg") :]
    svg = re.sub(r"<metadata>.*?</metadata>\s*", "", svg, flags=re.DOTALL)
    svg = re.sub(r"<!--.*?-->\s*", "", svg, flags=re.DOTALL)
    for colour, variable in _COLOURS.items():
        svg = svg.replace(colour, f"var({variable})")
    svg = re.sub(r"font: ([0-9.]+)px [^;\"]+", r"font-size: \1px", svg)
    used = set(re.findall(r"(?:url\(#|href=\"#)([^)\"]+)", svg))
    svg = re.sub(r' id="([^"]+)"', lambda m: f' id="{prefix}{m[1]}"' if m[1] in used else "", svg)
    svg = re.sub(r"(url\(#|href=\"#)", rf"\1{prefix}", svg)
    svg = re.sub(r"(<svg[^>]*?) width=\"[^\"]*\"", r"\1", svg, count=1)
    svg = re.sub(r"(<svg[^>]*?) height=\"[^\"]*\"", r"\1", svg, count=1)
    svg = svg.replace("<svg", f'<svg role="img" aria-label="{escape(f"{title}. {alt}")}"', 1)
    return re.sub(r">\s+<", "><", svg).strip()
