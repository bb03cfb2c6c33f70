"""Streams of observations for the timeline's tests: written by hand, and drawn by hypothesis."""

from __future__ import annotations

from collections.abc import Iterable

from hypothesis import strategies as st

from posture.measure.observation import DEVIATIONS, Deviation, Observation, Presence
from posture.settings import TimelineSettings
from posture.timeline.advance import advance
from posture.timeline.events import Event
from posture.timeline.state import TimelineState

SETTINGS = TimelineSettings()
STEP_S = 0.5

Look = tuple[float, Presence, dict[Deviation, float | None]]
"""Seconds since the look before it, and what it says."""

PRESENCES: st.SearchStrategy[Presence] = st.sampled_from(["sitting", "standing", "away", "unknown"])
LEVELS = st.dictionaries(st.sampled_from(DEVIATIONS), st.one_of(st.none(), st.floats(0.0, 5.0)))
LOOKS: st.SearchStrategy[list[Look]] = st.lists(st.tuples(st.floats(0.1, 90.0), PRESENCES, LEVELS), max_size=60)


def stream(*spells: tuple[Presence, float], start_s: float = 0.0, **seen: object) -> list[Observation]:
    """Observations twice a second, spell after spell."""
    found, t_s = [], start_s
    for presence, length_s in spells:
        for _ in range(round(length_s / STEP_S)):
            found.append(Observation(t_s, presence, **seen))  # type: ignore[arg-type]
            t_s += STEP_S
    return found


def run(observations: Iterable[Observation], state: TimelineState | None = None) -> tuple[TimelineState, list[Event]]:
    state = state or TimelineState()
    events: list[Event] = []
    for observation in observations:
        state, new = advance(state, observation, SETTINGS)
        events += new
    return state, events


def observations_of(looks: list[Look]) -> list[Observation]:
    t_s, found = 0.0, []
    for step_s, presence, levels in looks:
        t_s += step_s
        found.append(Observation(t_s, presence, levels=levels))
    return found
