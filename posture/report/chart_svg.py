"""A chart as SVG inside a page, in the page's own colours: one drawing serves light, dark and paper, and the window.

Drawn here rather than by a library: the eight charts need boxes, lines, marks and two axes, and matplotlib, which drew
them before, took a second to load and to draw, of the 1.4 s of a day's report. Its SVG was also four times as long.
Plotly would put 4.7 MB into each page, Altair loads from the network, pygal links a script.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape

from posture.plain_text import width as columns

INK, FAINT, SITTING, STANDING, AWAY, UNKNOWN, ACCENT, WARN, PAPER = (
    f"var(--{name})" for name in ("ink", "faint", "sitting", "standing", "away", "unknown", "accent", "warn", "paper")
)
"""Colours: variables of the page's style; the window puts its own in their place."""

_NARROW, _WIDE, _HEIGHT = 331.0, 756.0, 194.0
"""Sizes of drawings, in the unit of their coordinates, which is about a point."""
_GAP = 6.0
"""Between an axis and its labels."""
_LINE = 1.35
"""Height of a line of text, in its size."""


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


@dataclass(frozen=True)
class Look:
    """How an area is filled."""

    colour: str
    opacity: float = 1.0
    hatch: str = ""
    """One of `_HATCHES`, drawn over it in the colour of the paper; so it can be told without its colour."""


@dataclass(frozen=True)
class Mark:
    """How a moment or a value is marked."""

    shape: str
    """One of `_SHAPES`, or "o" for a dot and "_" for a dash."""
    colour: str
    radius: float = 3.2
    opacity: float = 1.0


@dataclass(frozen=True)
class Axis:
    """An axis: its values at both ends, left and right or bottom and top, and what is written at it."""

    first: float
    last: float
    ticks: Sequence[tuple[float, str]] = ()
    """Values, and their labels; a line break makes two lines."""
    title: str = ""
    grid: bool = False
    """Whether each tick has a line across."""
    ruled: bool = True
    """Whether the axis itself is drawn."""


Painter = Callable[["Plot"], None]
"""Draws a chart: `Plot.lay_out` first, then what it shows, back to front."""

_HATCH_PERIOD = 9
_HATCHES = {
    "/": "M-1,1 L1,-1 M0,9 L9,0 M8,10 L10,8",
    "\\": "M-1,8 L1,10 M0,0 L9,9 M8,-1 L10,1",
    "x": "M0,9 L9,0 M0,0 L9,9",
    ".": "M2.2,1.4 a0.8,0.8 0 1,1 -0.01,0 M6.7,5.9 a0.8,0.8 0 1,1 -0.01,0",
}
_ARM = 0.36
"""Half the breadth of a cross's arms, of its radius."""
_PLUS = [(_ARM, -1.0), (_ARM, -_ARM), (1.0, -_ARM), (1.0, _ARM), (_ARM, _ARM), (_ARM, 1.0)]
_PLUS += [(-x, -y) for x, y in _PLUS]
_SHAPES: dict[str, Sequence[tuple[float, float]]] = {
    "square": [(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)],
    "diamond": [(0.0, -1.2), (1.2, 0.0), (0.0, 1.2), (-1.2, 0.0)],
    "up": [(0.0, -1.1), (1.1, 0.9), (-1.1, 0.9)],
    "down": [(0.0, 1.1), (1.1, -0.9), (-1.1, -0.9)],
    "plus": [(1.1 * x, 1.1 * y) for x, y in _PLUS],
    "cross": [(0.85 * (x - y), 0.85 * (x + y)) for x, y in _PLUS],
}


class Plot:
    """A drawing with two axes. See `Painter`.

    Its height is with the legend, or, where that is `below`, without.
    """

    def __init__(self, width: float, height: float, size: float, prefix: str, *, below: bool = False) -> None:
        self.is_wide = width > _NARROW
        self._width, self._height, self._size, self._prefix, self._below = width, height, size, prefix, below
        self._drawn: list[str] = []
        self._rules: list[str] = []
        self._hatches: dict[str, str] = {}
        self._left, self._top, self._right, self._bottom = 0.0, 0.0, width, height
        self._x, self._y = Axis(0.0, 1.0), Axis(0.0, 1.0)

    def lay_out(
        self,
        x: Axis,
        y: Axis,
        right: Axis | None = None,
        legend: Sequence[tuple[str, Look | Mark]] = (),
        above: str = "",
    ) -> None:
        """Draw the axes, one more at the `right` and a legend; leave room for a text `above`."""
        self._x, self._y = x, y
        size, line = self._size, self._size * _LINE
        rows = _rows([(name, 2.4 * size + text_width(name, size)) for name, _ in legend], self._width - 4.0)
        looks = dict(legend)
        self._height += line * len(rows) * self._below
        self._top = line * (len(rows) + 0.25) if rows else line * 1.1 if above else 0.7 * size
        self._bottom = self._height - _GAP - line * (2 if x.title else 1) - 1.0
        self._left = _GAP + self._room(y)
        self._right = self._width - (_GAP + self._room(right) if right else 2.0)
        if x.ticks:
            last, label = x.ticks[-1]
            over = self._across(last) + text_width(label, size) / 2.0 - self._width
            self._right -= max(0.0, over + 1.0)
        for number, row in enumerate(rows):
            self._legend_row(row, looks, line * (number + 0.5), self._left if self.is_wide else 2.0)
        self._ticks_of_x(x)
        self._ticks_of_y(y, self._left, -1.0)
        if right:
            self._y = right
            self._ticks_of_y(right, self._right, 1.0)
            self._y = y

    def area(self, x0: float, x1: float, y0: float, y1: float, look: Look) -> None:
        """Fill a box between two values of each axis."""
        (left, right), (top, bottom) = sorted(map(self._across, (x0, x1))), sorted(map(self._down, (y0, y1)))
        self._drawn.append(self._filled(left, top, right - left, bottom - top, look))

    def band(self, y0: float, y1: float, look: Look) -> None:
        """Fill from one end to the other between two values."""
        self.area(self._x.first, self._x.last, y0, y1, look)

    def line(
        self, x0: float, x1: float, y0: float, y1: float, colour: str, breadth: float = 1.4, dash: str = ""
    ) -> None:
        """Draw a line; `dash` as in SVG."""
        self._drawn.append(
            _line(self._across(x0), self._down(y0), self._across(x1), self._down(y1), colour, breadth, dash)
        )

    def level(self, y: float, colour: str, breadth: float = 1.4, dash: str = "") -> None:
        """Draw a line from one end to the other at a value."""
        self.line(self._x.first, self._x.last, y, y, colour, breadth, dash)

    def upright(self, x: float, colour: str, dash: str = "") -> None:
        """Draw a line from the bottom to the top at a value."""
        self.line(x, x, self._y.first, self._y.last, colour, 1.4, dash)

    def mark(self, x: float, y: float, mark: Mark, axis: Axis | None = None) -> None:
        """Mark a value; of `axis`, if there is one at the right."""
        self._drawn.append(_marked(self._across(x), self._down(y, axis), mark))

    def note(self, x: float, y: float, text: str, anchor: str, colour: str = INK) -> None:
        """Write just above a value; `anchor` as in SVG."""
        self._drawn.append(self._text(self._across(x), self._down(y) - 2.5, text, anchor, colour))

    def svg(self, label: str) -> str:
        """The markup; `label` is what a screen reader says."""
        patterns = "".join(
            f'<pattern id="{name}" patternUnits="userSpaceOnUse" width="{_HATCH_PERIOD}" height="{_HATCH_PERIOD}">'
            f'<path d="{_HATCHES[hatch]}" style="fill:{PAPER if hatch == "." else "none"};stroke:{PAPER};'
            f'stroke-width:{0 if hatch == "." else 1.3}"/></pattern>'
            for hatch, name in self._hatches.items()
        )
        return (
            f'<svg role="img" aria-label="{escape(label)}" xmlns="http://www.w3.org/2000/svg"'
            f' viewBox="0 0 {self._width:g} {self._height:g}">'
            f"{f'<defs>{patterns}</defs>' if patterns else ''}{''.join(self._drawn)}{''.join(self._rules)}</svg>"
        )

    # -- where things lie -----------------------------------------------------------------------------------------

    def _across(self, x: float) -> float:
        part = (x - self._x.first) / ((self._x.last - self._x.first) or 1.0)
        return self._left + part * (self._right - self._left)

    def _down(self, y: float, axis: Axis | None = None) -> float:
        of = axis or self._y
        part = (y - of.first) / ((of.last - of.first) or 1.0)
        return self._bottom - part * (self._bottom - self._top)

    def _room(self, axis: Axis) -> float:
        lines = (line for _, label in axis.ticks for line in label.split("\n"))
        longest = max((text_width(line, self._size) for line in lines), default=0.0)
        return longest + 2.0 + (self._size * _LINE if axis.title else 0.0)

    # -- axes -----------------------------------------------------------------------------------------------------

    def _ticks_of_x(self, axis: Axis) -> None:
        size, low = self._size, self._bottom
        for value, label in axis.ticks:
            x = self._across(value)
            if axis.grid:
                self._drawn.append(_line(x, self._top, x, low, FAINT, 0.5))
            if axis.ruled:
                self._rules.append(_line(x, low, x, low + 3.0, INK, 0.8))
            self._drawn.append(self._text(x, low + _GAP + 0.8 * size, label, "middle"))
        if axis.ruled:
            self._rules.append(_line(self._left, low, self._right, low, FAINT, 0.8))
        if axis.title:
            middle = (self._left + self._right) / 2.0
            self._drawn.append(self._text(middle, low + _GAP + (0.8 + _LINE) * size, axis.title, "middle"))

    def _ticks_of_y(self, axis: Axis, x: float, outward: float) -> None:
        size, anchor = self._size, "end" if outward < 0 else "start"
        for value, label in axis.ticks:
            y, lines = self._down(value), label.split("\n")
            if axis.grid:
                self._drawn.append(_line(self._left, y, self._right, y, FAINT, 0.5))
            if axis.ruled:
                self._rules.append(_line(x, y, x + 3.0 * outward, y, INK, 0.8))
            for number, line in enumerate(lines):
                down = y + size * (0.35 + 1.1 * (number - (len(lines) - 1) / 2.0))
                self._drawn.append(self._text(x + outward * (_GAP - 1.0), down, line, anchor))
        if axis.ruled:
            self._rules.append(_line(x, self._top, x, self._bottom, FAINT, 0.8))
        if axis.title:
            at, middle = (0.85 * size if outward < 0 else self._width - 0.35 * size), (self._top + self._bottom) / 2.0
            turned = f' transform="rotate(-90 {at:.1f} {middle:.1f})"'
            self._drawn.append(self._text(at, middle, axis.title, "middle", more=turned))

    def _legend_row(self, names: Iterable[str], looks: dict[str, Look | Mark], y: float, left: float) -> None:
        size = self._size
        for name in names:
            look = looks[name]
            if isinstance(look, Mark):
                self._drawn.append(_marked(left + 0.5 * size, y, look))
            else:
                self._drawn.append(self._filled(left, y - 0.35 * size, size, 0.7 * size, look))
            self._drawn.append(self._text(left + 1.4 * size, y + 0.35 * size, name, "start"))
            left += 2.4 * size + text_width(name, size)

    # -- markup ---------------------------------------------------------------------------------------------------

    def _filled(self, x: float, y: float, width: float, height: float, look: Look) -> str:
        box = f'<rect x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}"'
        opacity = f";opacity:{look.opacity:.3g}" if look.opacity < 1 else ""
        found = f'{box} style="fill:{look.colour}{opacity}"/>'
        if look.hatch:
            name = self._hatches.setdefault(look.hatch, f"{self._prefix}{len(self._hatches)}")
            found += f'{box} style="fill:url(#{name}){opacity}"/>'
        return found

    def _text(self, x: float, y: float, text: str, anchor: str, colour: str = INK, more: str = "") -> str:
        placed = f'x="{x:.1f}" y="{y:.1f}" style="fill:{colour};font-size:{self._size:g}px;text-anchor:{anchor}"'
        return f"<text {placed}{more}>{escape(text)}</text>"


def one_size(parts: Parts, paint: Painter, remark: str = "") -> Chart:
    """Draw a chart once, small enough for a phone; `remark` is added to its description."""
    alt = f"{parts.alt} {remark}".strip()
    return Chart(
        parts.title, alt, _svg(paint, _NARROW, _HEIGHT, parts, 10.0), parts.head, tuple(parts.rows), "", parts.key
    )


def two_sizes(parts: Parts, paint: Painter, height: float) -> Chart:
    """Draw a chart twice, for wide and for narrow screens; the height is that below the legend."""
    wide, narrow = (_svg(paint, width, height, parts, 9.0, below=True) for width in (_WIDE, _NARROW))
    return Chart(parts.title, parts.alt, wide, parts.head, tuple(parts.rows), narrow, parts.key)


def _svg(paint: Painter, width: float, height: float, parts: Parts, size: float, *, below: bool = False) -> str:
    name = f"{parts.key}-{'wide' if width > _NARROW else 'narrow'}-"
    plot = Plot(width, height, size, name, below=below)
    paint(plot)
    return plot.svg(f"{parts.title}. {parts.alt}")


def steps(least: float, most: float, about: int = 8, whole: bool = False) -> list[float]:
    """Round values from `least` to `most`, at most about so many, for an axis; `whole` for things that are counted."""
    if most <= least:
        return [least]
    raw = (most - least) / about
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * factor for factor in (1.0, 2.0, 5.0, 10.0) if power * factor >= raw)
    if whole:
        step = max(1.0, step)
    first, last = math.ceil(least / step - 1e-9), math.floor(most / step + 1e-9)
    return [number * step for number in range(first, last + 1)]


_NARROW_LETTERS, _BROAD_LETTERS = frozenset("iIjl.,:;'|!ftr()[] -"), frozenset("mwMW%@")


def text_width(text: str, size: float) -> float:
    """About how wide a text is: the page's font is whatever the system has; this is that of a broad one."""
    return size * sum(map(_letter_width, text))


@cache
def _letter_width(letter: str) -> float:
    if columns(letter) > 1:
        return 1.05
    return 0.38 if letter in _NARROW_LETTERS else 0.95 if letter in _BROAD_LETTERS else 0.64


def _rows(entries: Sequence[tuple[str, float]], room: float) -> list[list[str]]:
    """Names in rows, each as long as there is room."""
    rows: list[list[str]] = []
    used = room
    for name, wide in entries:
        if used + wide > room:
            rows.append([])
            used = 0.0
        rows[-1].append(name)
        used += wide
    return rows


def _line(x0: float, y0: float, x1: float, y1: float, colour: str, breadth: float, dash: str = "") -> str:
    dashed = f";stroke-dasharray:{dash}" if dash else ""
    placed = f'x1="{x0:.2f}" y1="{y0:.2f}" x2="{x1:.2f}" y2="{y1:.2f}"'
    return f'<line {placed} style="stroke:{colour};stroke-width:{breadth:g}{dashed}"/>'


def _marked(x: float, y: float, mark: Mark) -> str:
    opacity = f";opacity:{mark.opacity:.3g}" if mark.opacity < 1 else ""
    if mark.shape == "_":
        return _line(x - mark.radius, y, x + mark.radius, y, mark.colour, 2.0)
    style = f'style="fill:{mark.colour}{opacity}"'
    if mark.shape == "o":
        return f'<circle cx="{x:.2f}" cy="{y:.2f}" r="{mark.radius:g}" {style}/>'
    points = " ".join(f"{x + mark.radius * a:.2f},{y + mark.radius * b:.2f}" for a, b in _SHAPES[mark.shape])
    return f'<polygon points="{points}" {style}/>'
