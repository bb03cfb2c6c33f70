"""The search for a taller way of sitting that goes on while somebody is watched. Pure.

Looks come as the watch takes them, a quarter of a second to half a minute apart; a still stretch is made of enough of
them over enough time. A baseline is never better than the moment it was taken in, so stretches that are clearly taller
are counted: of a provisional baseline they take the place once they were held for long enough, and the longer one has
sat, the longer that is. Instead of one that the user has kept they are only offered.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

import numpy as np

from posture.measure.angles import estimate_angles
from posture.measure.baseline import (
    LEVEL_SW,
    LOOK_S,
    MIN_FRAMES,
    RISEN_SW,
    STILL_SHARE,
    STRETCH_S,
    Baseline,
    baseline_of_stretch,
    is_still,
)
from posture.measure.geometry import Person
from posture.perception.calibration import missing
from posture.perception.drift import change_of

MOST_LOOKS = 32
APART_S = 0.2
"""So many looks are remembered, and none nearer to the last one than this: they span a stretch [design choices]."""
MAX_GAP_S = 30.0
"""Between looks farther apart than this anything may have happened: more than the steady pace on battery [design
choice]."""
HELD_S = 20.0
HELD_SHARE = 0.05
"""How long a taller stretch must have been held in all, and for which part of the time sat, before it takes the place
of a provisional baseline: longer than somebody stretches or reaches for something [design choices]."""
OFFER_HELD_S = 60.0
OFFER_STRETCHES = 3
"""How long, and in how many separate stretches, before it is offered instead of a kept one [design choices]."""
OFFER_AFTER_S = 600.0
"""A provisional baseline is offered once the user has sat for this long [design choice]."""
LARGER = 0.08
"""A face larger than in the baseline by more than this has come nearer, which raises it, too [design choice]."""
DOUBT_S = 30.0
"""So long no other stretch is compared after one that was not straighter [design choice]."""
SMALLER = 0.05
STRAIGHTER_DEG = 6.0
TALLER_DEG = 2.0
"""Who straightens up does not always rise in the picture, for the face goes back as well. So a face that is smaller by
the first counts, too, if the baseline, judged by the stretch, is slumped by the second; of a head that is higher by
`LEVEL_SW` the third is asked. Of two looks at one of 27 rendered people, with all else at random, nineteen in twenty of
those that are called taller so are straighter, and none is bent more by over 6 degrees; by height alone it is four in
five, of 18 degrees and more it finds 0.81 and by height alone 0.71 [measured]."""
BETTER_YAW_DEG = 10.0
BETTER_OUT_SW = 0.1
"""A stretch in which the face is turned less by this, or the shoulders are less far out of the picture, is better than
one as tall [design choices]."""
CLOSE_LOOKS = 12
CLOSE_AGAIN_S = 120.0
MOST_CLOSES = 5
"""After a look at somebody taller so many looks run the model, enough for a still stretch; again only after this time,
and each time after twice as long, up to an hour [design choices]."""
AGAIN_S = 4 * 3600.0
"""After nobody sat there for so long, what was counted before is of another day [design choice]."""

Looks = tuple[tuple[float, Person], ...]


@dataclass(frozen=True)
class Rung:
    """Still stretches about as tall as one another."""

    baseline: Baseline
    """Of the first of them."""
    held_s: float = 0.0
    stretches: int = 0


@dataclass(frozen=True)
class Search:
    """What is remembered from look to look."""

    looks: Looks = ()
    rungs: Mapping[int, Rung] = field(default_factory=dict)
    """By how many `LEVEL_SW` the stretches are taller than the baseline; 0 is for better ones that are as tall."""
    sat_s: float = 0.0
    """How long somebody has sat there, and of that about as tall as the baseline, or taller."""
    near_s: float = 0.0
    last_s: float | None = None
    sitting: bool = False
    """Time of the last look at somebody who sat there, and whether that was the last look."""
    still_until_s: float = float("-inf")
    """Until when stillness is counted already."""
    close_looks: int = 0
    """How many of the next looks must run the model."""
    close_again_s: float = float("-inf")
    closes: int = 0
    """When the next look at somebody taller may ask for more, and how often that was so."""
    tall: bool = False
    """Whether the last look was at somebody taller than the baseline."""
    doubt_until_s: float = float("-inf")
    """Until when no other stretch is compared, since the last one was not straighter for all its height."""


@dataclass(frozen=True)
class Proposal:
    """A baseline that might be kept, and for how long the user sat like that."""

    reason: Literal["provisional", "taller"]
    baseline: Baseline
    held_s: float


def advance(
    state: Search, t_s: float, sitter: Person | None, baseline: Baseline | None, min_visibility: float, model: str
) -> Search:
    """Take one look at which the model ran.

    Parameters
    ----------
    t_s : float
        Time of the look, seconds.
    sitter : Person or None
        The user; None unless they sit before a camera that stands as before.
    baseline : Baseline or None
        The one in use.
    min_visibility : float
        Landmarks of the median below this do not count.
    model : str
        The pose model.
    """
    if state.last_s is not None and t_s - state.last_s > AGAIN_S:
        state = Search()
    if sitter is None:
        return replace(state, looks=(), sitting=False, close_looks=0, tall=False)
    passed_s = t_s - state.last_s if state.sitting and state.last_s is not None else 0.0
    near = baseline is None or _rise_sw([sitter], baseline) >= -LEVEL_SW
    state = replace(
        state,
        sat_s=state.sat_s + passed_s,
        near_s=state.near_s + (passed_s if near else 0.0),
        last_s=t_s,
        sitting=True,
    )
    if missing(sitter):
        return replace(state, close_looks=max(0, state.close_looks - 1))
    looks = state.looks if state.looks and t_s - state.looks[-1][0] <= MAX_GAP_S else ()
    if looks and t_s - looks[-1][0] < APART_S:
        return state
    looks = (*looks, (t_s, sitter))[-MOST_LOOKS:]
    state = _look_closely(replace(state, looks=looks), t_s, sitter, baseline)
    stretch = _still_stretch(looks)
    rung = _rung([person for _, person in stretch], baseline) if stretch else None
    # Who has just risen or sinks again has not held it for the whole stretch.
    tall = [look for look in stretch if _rung([look[1]], baseline) is not None] if rung is not None else []
    if rung is None or len(tall) < MIN_FRAMES or tall[-1][0] < t_s:
        return state
    found = state.rungs.get(rung)
    if found is None:
        if t_s < state.doubt_until_s:
            return state
        found = Rung(baseline_of_stretch(tall, min_visibility, model))
        if baseline is not None and rung > 0 and not _is_straighter(found.baseline, baseline):
            return replace(state, doubt_until_s=t_s + DOUBT_S)
    another = tall[0][0] > state.still_until_s
    held_s = found.held_s + t_s - max(tall[0][0], state.still_until_s)
    found = replace(found, held_s=held_s, stretches=found.stretches + another)
    return replace(state, rungs={**state.rungs, rung: found}, still_until_s=t_s)


def taller(state: Search, baseline: Baseline | None) -> Rung | None:
    """Give the tallest stretch that was held long enough, with all that is as tall or taller; None if there is none."""
    kept = baseline is not None and not baseline.provisional
    least_s = 0.0 if baseline is None else max(OFFER_HELD_S if kept else HELD_S, HELD_SHARE * state.sat_s)
    for rung in sorted(state.rungs, reverse=True):
        those = [found for height, found in state.rungs.items() if height >= rung]
        held_s, stretches = sum(found.held_s for found in those), sum(found.stretches for found in those)
        if held_s >= least_s and stretches >= (OFFER_STRETCHES if kept else 1):
            return Rung(state.rungs[rung].baseline, held_s, stretches)
    return None


def proposal(state: Search, baseline: Baseline | None) -> Proposal | None:
    """Say which baseline the user may keep; None if there is none."""
    if baseline is None:
        return None
    if baseline.provisional:
        held = state.near_s >= max(HELD_S, HELD_SHARE * state.sat_s)
        return Proposal("provisional", baseline, state.near_s) if held and state.sat_s >= OFFER_AFTER_S else None
    found = taller(state, baseline)
    return Proposal("taller", found.baseline, found.held_s) if found is not None else None


def begun_anew(state: Search) -> Search:
    """Go on with another baseline: what was counted against the last one no longer counts."""
    return Search(sat_s=state.sat_s, last_s=state.last_s, sitting=state.sitting)


def _look_closely(state: Search, t_s: float, sitter: Person, baseline: Baseline | None) -> Search:
    """Have the next looks run the model if this one is of somebody taller."""
    rung = _rung([sitter], baseline) if baseline is not None else None
    state = replace(state, tall=bool(rung))
    if not rung:
        return replace(state, close_looks=0)
    if state.close_looks:
        return replace(state, close_looks=state.close_looks - 1)
    if t_s < state.close_again_s or taller(state, baseline) is not None:
        return state
    again_s = t_s + CLOSE_AGAIN_S * 2.0 ** min(state.closes, MOST_CLOSES)
    return replace(state, close_looks=CLOSE_LOOKS, close_again_s=again_s, closes=state.closes + 1)


def _still_stretch(looks: Looks) -> list[tuple[float, Person]]:
    """Give the shortest stretch that ends with the last look; empty if there is none, or it is not still."""
    first = len(looks) - MIN_FRAMES
    while first > 0 and looks[-1][0] - looks[first][0] < STRETCH_S - LOOK_S:
        first -= 1
    if first < 0 or looks[-1][0] - looks[first][0] < STRETCH_S - LOOK_S:
        return []
    stretch = list(looks[first:])
    return stretch if is_still(stretch) and _is_level(stretch) else []


def _is_level(stretch: list[tuple[float, Person]]) -> bool:
    """Whether the head stays at one height: half a stretch low and half of it high would be one in between."""
    ears_px = np.array([person.geometry.ears_px[1] for _, person in stretch])
    width_px = max(float(np.median([person.geometry.shoulder_width_px for _, person in stretch])), 1.0)
    return bool(np.quantile(np.abs(ears_px - np.median(ears_px)), STILL_SHARE) <= LEVEL_SW * width_px)


def _rise_sw(people: list[Person], baseline: Baseline) -> float:
    """How much higher the head is than in the baseline, in shoulder widths of the baseline."""
    rest, scale = baseline.geometry, people[0].pose.frame_w_px / baseline.pose.frame_w_px
    ears_px = float(np.median([person.geometry.ears_px[1] for person in people]))
    return (rest.ears_px[1] * scale - ears_px) / max(rest.shoulder_width_px * scale, 1.0)


def _rung(people: list[Person], baseline: Baseline | None) -> int | None:
    """By how many `LEVEL_SW` these looks are taller than the baseline; None unless they are taller, or better."""
    if baseline is None:
        return 0
    rest, scale = baseline.geometry, people[0].pose.frame_w_px / baseline.pose.frame_w_px
    shapes = [person.geometry for person in people]
    larger = float(np.median([shape.ear_width_px for shape in shapes])) / (rest.ear_width_px * scale) - 1.0
    turned_deg = float(np.median([abs(shape.yaw_deg) for shape in shapes])) - abs(rest.yaw_deg)
    # Inside the picture one place is as good as another.
    out_sw = max(0.0, float(np.median([shape.shoulders_out_sw for shape in shapes]))) - max(0.0, rest.shoulders_out_sw)
    rise_sw = _rise_sw(people, baseline)
    if larger > LARGER or turned_deg > BETTER_YAW_DEG or out_sw > BETTER_OUT_SW or rise_sw > RISEN_SW:
        return None
    if rise_sw > LEVEL_SW:
        return int(rise_sw / LEVEL_SW)
    if rise_sw >= 0.0 and larger < -SMALLER:
        return 1
    better = turned_deg < -BETTER_YAW_DEG or out_sw < -BETTER_OUT_SW
    return 0 if better and baseline.provisional and rise_sw >= -LEVEL_SW else None


def _is_straighter(found: Baseline, baseline: Baseline) -> bool:
    """Whether the baseline, judged by what was found, is slumped; and, of one that was kept, no moved camera is why."""
    scale, now, rest = found.pose.frame_w_px / baseline.pose.frame_w_px, found.pose, baseline.pose
    size = (now.frame_w_px, now.frame_h_px)
    angles = estimate_angles(rest.landmarks * scale, rest.world, now.landmarks, now.world, *size, found.model)
    person = Person(now, found.geometry)
    least_deg = TALLER_DEG if _rise_sw([person], baseline) > LEVEL_SW else STRAIGHTER_DEG
    if angles["slump_deg"].value < least_deg:
        return False
    return baseline.provisional or not change_of(person, baseline)
