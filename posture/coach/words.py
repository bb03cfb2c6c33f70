"""Words for deviations and durations. Pure. Light: `posture status` imports it."""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING

from posture.coach.bars import names_of
from posture.language import mark, number, tr

if TYPE_CHECKING:
    from posture.measure.observation import Deviation

# Translators: what is said of how somebody sits; each also begins "slumped for 5 min".
DEVIATION_WORDS: dict[Deviation, str] = {
    "slump": mark("slumped"),
    "forward_head": mark("head forward"),
    "lean_left": mark("leaning left"),
    "lean_right": mark("leaning right"),
    "shoulder_tilt": mark("one shoulder higher"),
    "head_tilt": mark("head tilted"),
    "too_close": mark("close to the screen"),
}

PROGRAM_RUNS = mark("a program of coach.quiet_while is running")
"""Why reminders wait; which program it is, is said and stored nowhere."""


def unjudged_words(kinds: Collection[str]) -> str:
    """Name deviations that are not judged: "lean and shoulder tilt", or "how you sit" for all of them."""
    # Translators: what is not judged, as in "not judged: how you sit".
    return tr("how you sit") if len(kinds) == len(DEVIATION_WORDS) else names_of(kinds)


def span(least_s: float, most_s: float) -> str:
    """Write a duration that is known to lie between two: `45 min to 1 h 38`, or one of them where they read alike."""
    least, most = minutes(least_s), minutes(most_s)
    return most if least == most else tr("{least} to {most}", least=least, most=most)


def lasted(least_s: float, most_s: float) -> str:
    """`span`, or `up to 30 min` where it may be nothing at all."""
    return tr("up to {most}", most=minutes(most_s)) if least_s < 1.0 <= most_s else span(least_s, most_s)


def minutes(seconds: float) -> str:
    """Write a duration as people say it: `40 s`, `31 min`, `2 h 05`."""
    if seconds < 90:
        return tr("{seconds} s", seconds=number(seconds))
    count = round(seconds / 60)
    if count < 60:
        return tr("{minutes} min", minutes=count)
    # Translators: a duration, as in "2 h 05".
    return tr("{hours} h {minutes}", hours=count // 60, minutes=f"{count % 60:02d}")
