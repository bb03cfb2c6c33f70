"""Deviations as bars against their thresholds, in characters; and what is not judged, in words. Pure.

The preview draws the same bars in its window. Light: `posture status` imports it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from posture.language import listed, mark, number, tr
from posture.plain_text import cut, padded, width
from posture.plain_text import wrapped as broken

if TYPE_CHECKING:
    from posture.measure.observation import Deviation, Judged

TOP = 1.5
"""The level at the right end of a bar, so that there is room beyond the threshold [design choice]."""
NEAR = 0.5
"""A level below this is not called near its threshold [design choice]."""
LONGEST = 24
SHORTEST = 6
"""Columns of a bar of characters."""
# Translators: names of deviations; each also stands inside a sentence, as in "not judged: lean left".
NAMES: dict[Deviation, str] = {
    "slump": mark("slump"),
    "forward_head": mark("forward head"),
    "lean_left": mark("lean left"),
    "lean_right": mark("lean right"),
    "shoulder_tilt": mark("shoulder tilt"),
    "head_tilt": mark("head tilt"),
    "too_close": mark("too close"),
}
_LEAN = mark("lean")
"""To the left or to the right."""
_TEXT_COLUMNS = 28
PLAIN = str.maketrans({"°": " deg", "±": "+-", "█": "#", "▓": "=", "░": "-", "│": "|", "·": "."})
"""For where only ASCII can be shown."""


class JudgedNow(NamedTuple):
    """How the level of a deviation came about: a `Judged` of an observation that light commands can afford."""

    value: float | None = None
    sd: float | None = None
    threshold: float | None = None
    unit: str = "deg"
    why: str = ""
    coarse: str = ""


class Bar(NamedTuple):
    """One deviation against its threshold; levels are in parts of it and never below 0."""

    kind: Deviation
    level: float | None = None
    """None if it is not judged."""
    low: float = 0.0
    high: float = 0.0
    """One standard deviation less and more, as far as that is known."""
    text: str = ""
    """Value, uncertainty and threshold, as in "8° ± 5 of 12°"."""
    why: str = ""
    """Why it is not judged, to be read after "because", in English; empty if it is."""
    coarse: str = ""
    """Why only a large one shows, in English; empty if that is not so."""

    @property
    def name(self) -> str:
        """The deviation in words."""
        return tr(NAMES[self.kind])

    @property
    def over(self) -> bool:
        """Whether the threshold is reached."""
        return self.level is not None and self.level >= 1.0

    @property
    def not_judged(self) -> str:
        """What stands in place of the bar; empty if it is judged."""
        if self.level is not None:
            return ""
        return tr("not judged: {why}", why=tr(self.why)) if self.why else tr("not judged")


def bars_of(
    levels: Mapping[Any, float | None], judged: Mapping[Any, Judged] | Mapping[Any, JudgedNow], why: str = ""
) -> tuple[Bar, ...]:
    """Make a bar of each deviation.

    Parameters
    ----------
    levels, judged : mapping
        As in `posture.measure.observation.Observation`, or in `posture.daemon.status.Status`.
    why : str
        Why nothing is judged, where `judged` is empty.
    """
    if not judged:
        return tuple(Bar(kind, why=why) for kind in NAMES)
    return tuple(_bar(kind, levels.get(kind), judged[kind]) for kind in NAMES if kind in judged)


def _bar(kind: Deviation, level: float | None, judged: Judged | JudgedNow) -> Bar:
    if level is None or judged.value is None or judged.threshold is None:
        return Bar(kind, why=judged.why)
    text = _text(judged.value, judged.threshold, judged)
    if judged.sd is None or judged.threshold <= 0:
        return Bar(kind, level, level, level, text, coarse=judged.coarse)
    low, high = ((judged.value + way * judged.sd) / judged.threshold for way in (-1, 1))
    return Bar(kind, level, max(0.0, min(low, level)), max(level, high), text, coarse=judged.coarse)


def _text(value: float, threshold: float, judged: Judged | JudgedNow) -> str:
    """Write value, uncertainty and threshold with their unit.

    What points the other way is none of it, so 0; and nothing is said to be more certain than by the unit shown.
    """
    if judged.unit == "cm":
        return tr("{value} cm, counts under {threshold} cm", value=number(value), threshold=number(threshold))
    value = max(0.0, value)
    if judged.unit == "sw":
        about = "" if judged.sd is None else f" ± {number(max(1.0, 100 * judged.sd))}"
        percent = f"{number(100 * value)}{about}"
        return tr("neck shorter, {percent} of {threshold} %", percent=percent, threshold=number(100 * threshold))
    about = "" if judged.sd is None else f" ± {number(max(1.0, judged.sd))}"
    # Translators: an angle and its threshold, as in "8° ± 5 of 12°".
    return tr("{value} of {threshold}°", value=f"{number(value)}°{about}", threshold=number(threshold))


# -- in characters -----------------------------------------------------------------------------------------------------


def cells(bar: Bar, columns: int) -> str:
    """Draw a bar: what is certain full, what is uncertain lighter, and the mark at the threshold.

    The bar reaches the mark if, and only if, the level reaches the threshold.
    """
    low, filled, high = (_filled(level, columns) for level in (bar.low, bar.level or 0.0, bar.high))
    drawn = [
        "█" if place < low else "▓" if place < filled else "░" if place < high else "·" for place in range(columns)
    ]
    drawn[_mark(columns)] = "│"
    return "".join(drawn)


def _mark(columns: int) -> int:
    return min(columns - 1, round(columns / TOP))


def _filled(level: float, columns: int) -> int:
    """How many columns a level takes."""
    mark = _mark(columns)
    if level < 1.0:
        return int(level * mark)
    beyond = columns - mark - 1
    return mark + 1 + min(beyond, int((level - 1.0) / (TOP - 1.0) * beyond))


def bar_lines(bars: Sequence[Bar], columns: int = 80, *, plain: bool = False) -> list[str]:
    """Draw bars, one a line, none longer than `columns`; one sentence if none is judged, for one reason.

    ``!`` stands before what is over its threshold, ``~`` before what is judged coarsely, and why below all of them.
    `plain` is for where only ASCII can be shown.
    """

    def shown(text: str) -> str:
        return text.translate(PLAIN) if plain else text

    if shared := shared_reason(bars):
        return wrapped(shown(shared), columns, " ")
    names = max(width(tr(name)) for name in NAMES.values())
    length = max(SHORTEST, min(LONGEST, columns - names - _TEXT_COLUMNS - 6))
    found = []
    for bar in bars:
        sign = "!" if bar.over else "~" if bar.coarse else " "
        line = shown(f"{sign} {padded(bar.name, names)}  " + (bar.not_judged or f"{cells(bar, length)}  {bar.text}"))
        found.append(line if width(line) <= columns else cut(line, columns - 1) + ("~" if plain else "…"))
    return found + [line for remark in remarks(bars) for line in wrapped(shown(remark), columns, "~")]


def wrapped(text: str, columns: int, sign: str = "") -> list[str]:
    """Break a text into lines no longer than `columns`, unless a word is; `sign` stands before the first of them."""
    words = " ".join(text.split())
    return broken(f"{sign} {words}", columns, 2) if sign else broken(words, columns)


# -- in words ----------------------------------------------------------------------------------------------------------


def shared_reason(bars: Sequence[Bar]) -> str:
    """What to say in place of all bars, where none is judged and all for one reason; empty otherwise."""
    said = {bar.not_judged for bar in bars}
    return said.pop() if len(said) == 1 else ""


def remarks(bars: Iterable[Bar]) -> list[str]:
    """Say what is judged coarsely and why, deviations of one reason together."""
    reasons = _by_reason((bar.coarse, bar.name) for bar in bars if bar.coarse)
    return [f"{listed(names)}: {tr(why)}" for why, names in reasons.items()]


def unjudged(bars: Iterable[Bar]) -> dict[str, str]:
    """Give by each reason, in English and to be read after "because", what is not judged: "lean and shoulder tilt"."""
    missing = _by_reason((bar.why, bar.kind) for bar in bars if bar.level is None)
    return {why: names_of(kinds) for why, kinds in missing.items()}


def names_of(kinds: Collection[str]) -> str:
    """Name deviations in a sentence; left and right are one where both are meant: "lean and shoulder tilt"."""
    both = {"lean_left", "lean_right"} <= set(kinds)
    names = (_LEAN if both and kind.startswith("lean") else name for kind, name in NAMES.items() if kind in kinds)
    return listed([tr(name) for name in dict.fromkeys(names)])


def nearest(bars: Iterable[Bar]) -> Bar | None:
    """Give the bar that is the nearest to its threshold; None if none is near, or over it."""
    near = [bar for bar in bars if bar.level is not None and bar.level >= NEAR]
    return max(near, key=lambda bar: bar.level or 0.0, default=None)


def _by_reason(pairs: Iterable[tuple[str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for why, name in pairs:
        found.setdefault(why, []).append(name)
    return found
