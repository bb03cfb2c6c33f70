"""What the page Live says of a look: who sits there, the bars, what is in the picture, and what to do. Pure."""

from __future__ import annotations

from dataclasses import dataclass

from posture.coach.bars import Bar, bars_of
from posture.language import mark, sentence_start
from posture.sensor.preview import presence_of
from posture.sensor.view_wire import View

GOOD, NOT_GOOD = "✓  {line}", "○  {line}"
"""Told apart by their shape."""
COUNTS = mark(
    "The mark is the threshold, and the thin line shows how far off the value may be. It counts after {seconds} s."
)


@dataclass(frozen=True)
class LiveShown:
    """The texts and the bars."""

    presence: str
    """The heading."""
    bars: tuple[Bar, ...] = ()
    """Empty unless somebody sits there."""
    framing: tuple[str, ...] = ()
    """What is in the picture, a line each."""
    advice: str = ""
    """What to do, or that all is well."""
    note: str = ""
    """By what calibration it is judged."""


def shown(view: View) -> LiveShown:
    """Say what a look shows."""
    look, framing = view.observation, view.framing
    presence = "" if look is None else presence_of(look)
    bars = bars_of(look.levels, look.judged) if look is not None and look.presence == "sitting" else ()
    lines = () if framing is None else framing.lines
    return LiveShown(
        presence=sentence_start(presence),
        bars=bars,
        framing=tuple((GOOD if good else NOT_GOOD).format(line=line) for good, line in lines),
        advice="" if framing is None else framing.advice,
        note=view.note,
    )
