"""When to look next, and when a look must run the model. Pure: `plan(state, timeline, situation, settings)`.

At the steady pace there is a look every few seconds, and the model runs only when the picture has changed: at once
after a large change, every 12 s after a small one, once a minute after none. When something seems to change (another
presence, a deviation that comes or goes), the model looks again when its dwell time has passed, and in most cases
half-way through it. Such attention lasts for at most 20 s; what is undecided by then is watched at the
steady pace until it has recovered.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from posture.backoff import TokenBucket
from posture.perception.gate import ALWAYS, Demand
from posture.settings import Settings, TimelineSettings
from posture.timeline.advance import BLIND_DWELL_S
from posture.timeline.state import TimelineState

MOVED = 0.10
STILL = 0.02
"""Shares of the picture. In the rendered clips, sitting down, leaving, leaning, slumping or standing up before a laptop
changes 14 to 50 % of it and sitting still 0 to 8 %; the smallest deviations, a raised shoulder or a head put forward,
change 3.5 % [measured]."""
PARTS = 2
"""Into how many parts looks of the model divide the dwell of a deviation that begins, or of one who leaves or stands
up. So three looks have to agree that something is amiss or over; two on what ends, and on who is back [design choice].
Two looks a second through the dwell, as before, found nothing else in the clips, nor any of it sooner [measured]."""
BLIND_PARTS = 20
"""The same where looks cannot tell: one in three may fail by chance while somebody sits there, and that they go on to
fail is soon disproved [design choice]."""
LATE_S = 0.1
"""The look that ends a dwell comes so much later: a picture may be taken a little sooner after it was asked for than
the first one was."""
OVERDUE_S = 2.0
"""How often the model looks at what is still undecided after its dwell: a deviation between the level at which it
begins and that at which it ends [design choice]."""
REFILL = 0.25
"""Attention is a supply of `attentive_for` seconds, and this much of it comes back each second: a level that wavers
around its threshold all day is watched closely for at most a fifth of it [design choice]."""
CALIBRATING_S = 0.25
"""Forty looks in the ten seconds of a calibration, as many as `posture calibrate` takes."""
GAP_PART = 0.8
"""No two looks are further apart than this part of `timeline.gap`."""


USUAL_PATIENCE_S = 20.0
"""A stalled camera is noticed after 6 s; a sensor that is silent for longer than this hangs [design choice]."""
LONGEST_PATIENCE_S = 160.0
"""For a sensor on a machine so slow that a look takes longer than that [design choice]."""


def patience_s(before_s: float, took_s: float | None) -> float:
    """Say how long the next answer of a sensor is waited for.

    Parameters
    ----------
    before_s : float
        How long the last one was waited for.
    took_s : float or None
        How long it took; None where it did not come, which may be a machine that is slow rather than a sensor that
        hangs: the next one has twice the time. One that comes in a quarter of the usual time ends that.
    """
    if took_s is None:
        return min(2.0 * before_s, LONGEST_PATIENCE_S)
    return USUAL_PATIENCE_S if took_s < USUAL_PATIENCE_S / 4.0 else before_s


@dataclass(frozen=True)
class Situation:
    """What the cadence must know beside the timeline."""

    on_battery: bool = False
    calibrating: bool = False


@dataclass(frozen=True)
class CadenceState:
    """What the cadence remembers."""

    attentive: bool = False
    """Whether a change is being watched through its dwell time."""
    attention: TokenBucket | None = None
    """Seconds of attention that are left; None for a full supply."""


@dataclass(frozen=True)
class LookPlan:
    """The next look: how long after the last one, and when it must run the model."""

    pace: Literal["calibrating", "attentive", "steady", "away"]
    interval_s: float
    demand: Demand


def plan(
    state: CadenceState, timeline: TimelineState, situation: Situation, settings: Settings
) -> tuple[CadenceState, LookPlan]:
    """Plan the next look after the last observation of `timeline`."""
    cadence = settings.cadence
    if situation.calibrating:
        return CadenceState(), LookPlan("calibrating", CALIBRATING_S, ALWAYS)
    pending = _pending(timeline, settings.timeline)
    state = _attend(state, bool(pending), timeline.now_s, cadence.attentive_for_s)
    longest_s = GAP_PART * settings.timeline.gap_s
    if state.attentive:
        until_s = min(dwell.until_decisive_s(timeline.now_s) for dwell in pending)
        return state, LookPlan("attentive", min(max(until_s, cadence.attentive_s), longest_s), ALWAYS)
    away = timeline.presence == "away"
    rare_s = cadence.away_s if away else cadence.steady_s
    interval_s = rare_s if settings.camera.mode == "glance" else cadence.look_s
    slower = situation.on_battery and settings.camera.on_battery != "same"
    factor = cadence.battery_factor if slower else 1.0
    # An empty room is still, so any change in it matters.
    moved = STILL if away else MOVED
    # Half a look early is in time, or the next look would be half a look late.
    early_s = interval_s / 2
    demand = Demand(moved, STILL, (cadence.steady_s - early_s) * factor, (cadence.verify_s - early_s) * factor)
    return state, LookPlan("away" if away else "steady", min(interval_s * factor, longest_s), demand)


def next_due_s(asked_s: float, answered_s: float, interval_s: float) -> float:
    """When the next look is due: a look that took longer than its slot puts the next one off, and none queues."""
    return max(asked_s + interval_s, answered_s + interval_s / 2)


@dataclass(frozen=True)
class _Dwell:
    """Something that has begun to change, how long it must last, and in how many parts looks divide that."""

    since_s: float
    lasts_s: float
    parts: int

    def until_decisive_s(self, now_s: float) -> float:
        """In how many seconds the next look says something of it."""
        lasts_s = self.lasts_s + LATE_S
        left_s = self.since_s + lasts_s - now_s
        return min(left_s, lasts_s / self.parts) if left_s > 0.0 else OVERDUE_S


def _pending(timeline: TimelineState, settings: TimelineSettings) -> list[_Dwell]:
    """Give all that has begun to change and has not lasted for its dwell."""
    pending = [_Dwell(clock.since_s, settings.deviation_dwell_s, PARTS) for clock in timeline.rising.values()]
    ending = [deviation.below_since_s for deviation in timeline.active.values()]
    pending += [_Dwell(since_s, settings.deviation_release_s, 1) for since_s in ending if since_s is not None]
    if timeline.candidate is not None:
        blind = timeline.candidate_unknown == "blind" and timeline.presence == "sitting"
        dwell_s = max(settings.presence_dwell_s, BLIND_DWELL_S) if blind else settings.presence_dwell_s
        parts = BLIND_PARTS if blind else 1 if timeline.candidate == "sitting" else PARTS
        pending.append(_Dwell(timeline.candidate_since_s, dwell_s, parts))
    return pending


def _attend(state: CadenceState, undecided: bool, now_s: float, supply_s: float) -> CadenceState:
    attention = state.attention or TokenBucket(supply_s, REFILL, supply_s, now_s)
    if state.attentive:
        attention = attention.spent(max(0.0, now_s - attention.at_s), now_s)
        enough = attention.left > 0.0
    else:
        attention = attention.refilled(now_s)
        # Once used up, half of it must be back, or it would be spent in pieces too short for any dwell.
        enough = attention.left >= supply_s / 2
    return CadenceState(undecided and enough, attention)
