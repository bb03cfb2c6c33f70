"""When to look next, and when a look must run the model. Pure: `plan(state, timeline, situation, settings)`.

Steady, the picture is looked at every few seconds and the model runs only when it has changed: at once when much has,
every 12 s when little has, once a minute when nothing has. When something seems to change - another presence, a
deviation that comes or goes - its dwell is watched through with two looks a second, for at most 20 s; what has not come
to an end by then is watched at the steady pace until attention has recovered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from posture.perception.gate import ALWAYS, Demand
from posture.settings import Settings
from posture.timeline.state import TimelineState

__all__ = ["CadenceState", "LookPlan", "Situation", "next_due_s", "plan"]

MOVED = 0.10
STILL = 0.02
"""Shares of the picture. In the rendered clips, sitting down, leaving, leaning, slumping or standing up before a laptop
changes 14 to 50 % of it and sitting still 0 to 8 %; the smallest deviations, a raised shoulder or a head put forward,
change 3.5 % [measured]."""
ATTENTIVE_VERIFY_S = 2.0
"""While attentive a still picture is inferred this often: no dwell hangs on one mistaken look [design choice]."""
REFILL = 0.25
"""Attention is a supply of `attentive_for` seconds, which fills again by this much a second: a level that wavers about
its threshold all day is watched closely for a fifth of it at most [design choice]."""
CALIBRATING_S = 0.25
"""Forty looks in the ten seconds of a calibration, as `posture calibrate` takes."""
GAP_PART = 0.8
"""No two looks are further apart than this part of `timeline.gap`."""


@dataclass(frozen=True)
class Situation:
    """What the cadence must know beside the timeline.

    Attributes
    ----------
    suspended : str
        Why there must be no look at all (locked, suspended, paused); empty when there may.
    on_battery : bool
    calibrating : bool
    """

    suspended: str = ""
    on_battery: bool = False
    calibrating: bool = False


@dataclass(frozen=True)
class CadenceState:
    """What the cadence remembers: whether it is attentive, and how much attention has been spent at `t_s`."""

    attentive: bool = False
    spent_s: float = 0.0
    t_s: float | None = None


@dataclass(frozen=True)
class LookPlan:
    """The next look: how long after the last one, and when it must run the model."""

    pace: Literal["calibrating", "attentive", "steady", "away"]
    interval_s: float
    demand: Demand


def plan(
    state: CadenceState, timeline: TimelineState, situation: Situation, settings: Settings
) -> tuple[CadenceState, LookPlan | None]:
    """Plan the next look.

    Parameters
    ----------
    state : CadenceState
    timeline : posture.timeline.state.TimelineState
        After the last observation.
    situation : Situation
    settings : Settings

    Returns
    -------
    CadenceState
    LookPlan or None
        None: never, until the situation is another.
    """
    cadence = settings.cadence
    if situation.suspended:
        return CadenceState(), None
    if situation.calibrating:
        return CadenceState(), LookPlan("calibrating", CALIBRATING_S, ALWAYS)
    state = _attend(state, _unconfirmed(timeline), timeline.now_s, cadence.attentive_for_s)
    longest_s = GAP_PART * settings.timeline.gap_s
    if state.attentive:
        demand = Demand(moved=STILL, still=STILL, stirred_s=0.0, verify_s=ATTENTIVE_VERIFY_S)
        return state, LookPlan("attentive", min(cadence.attentive_s, longest_s), demand)
    away = timeline.presence == "away"
    rare_s = cadence.away_s if away else cadence.steady_s
    interval_s = rare_s if settings.camera.mode == "glance" else cadence.look_s
    factor = cadence.battery_factor if situation.on_battery else 1.0
    # An empty room is still: whatever changes there is news.
    moved = STILL if away else MOVED
    # Half a look early is in time, or the next look would be half a look late.
    early_s = interval_s / 2
    demand = Demand(moved, STILL, (cadence.steady_s - early_s) * factor, (cadence.verify_s - early_s) * factor)
    return state, LookPlan("away" if away else "steady", min(interval_s * factor, longest_s), demand)


def next_due_s(asked_s: float, answered_s: float, interval_s: float) -> float:
    """When the next look is due: a look that took longer than its slot puts the next one off, and none queues."""
    return max(asked_s + interval_s, answered_s + interval_s / 2)


def _unconfirmed(timeline: TimelineState) -> bool:
    """Whether something has begun to change and has not held for its dwell."""
    leaving = any(one.below_since_s is not None for one in timeline.active.values())
    return bool(timeline.rising) or leaving or timeline.candidate is not None


def _attend(state: CadenceState, unconfirmed: bool, now_s: float, supply_s: float) -> CadenceState:
    passed_s = 0.0 if state.t_s is None else max(0.0, now_s - state.t_s)
    spent_s = max(0.0, state.spent_s + (passed_s if state.attentive else -REFILL * passed_s))
    # Once used up, half of it must be back, or it would be spent in crumbs too short for any dwell.
    enough = spent_s < supply_s if state.attentive else spent_s <= supply_s / 2
    return CadenceState(unconfirmed and enough, spent_s, now_s)
