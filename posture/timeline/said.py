"""What the user has said: that they stand, although the camera may see a sitter. Pure.

A desk that is raised takes the camera along. It ends when they are seen to sit down: the view is back, or a person who
was seen standing is seen sitting; and at the latest with the next absence.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from posture.measure.observation import Observation
from posture.settings import TimelineSettings
from posture.timeline.state import TimelineState

SETTLED_S = 20.0
"""The usual view of a sitter must be back for this long: a desk that passes the old height is no desk that is down
[design choice]."""


@dataclass(frozen=True)
class SaidStanding:
    """The user said at `since_s` that they stand."""

    since_s: float
    up: bool = False
    """The camera has seen it too: another view than that of a sitter, or a person who stands."""
    sits_since_s: float | None = None
    """Since when the usual view of a sitter is back."""


def look(
    state: SaidStanding, observation: Observation, timeline: TimelineState, settings: TimelineSettings
) -> SaidStanding | None:
    """Take one look; None when they no longer stand. `timeline` is as of the last look."""
    gone_s = timeline.spell_s if timeline.presence == "away" or timeline.unknown == "left" else 0.0
    if gone_s >= settings.break_after_s and timeline.presence_since_s >= state.since_s:
        return None
    if observation.presence == "standing" or not observation.view_fits:
        return replace(state, up=True, sits_since_s=None)
    if observation.presence != "sitting" or not state.up:
        return replace(state, sits_since_s=None)
    since_s = observation.t_s if state.sits_since_s is None else state.sits_since_s
    return None if observation.t_s - since_s >= SETTLED_S else replace(state, sits_since_s=since_s)
