"""Take one observation: `advance(state, observation, settings) -> (state, events)`. Pure.

Four rules:

1. Unknown is never a break, unless the person was seen leaving before the screen was locked, or the lid was closed:
   then it is a break by the session, and is called so.
2. A presence, a deviation, a posture, or that nothing can be said of a deviation, counts only after it has lasted for
   its dwell, and then from when it began.
3. A value that is not known changes nothing.
4. Time without observations is unknown.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Literal

from posture.language import mark
from posture.measure.observation import DEVIATIONS, Cause, Deviation, Observation, Presence
from posture.settings import TimelineSettings
from posture.timeline.events import (
    BoutEnded,
    BoutStarted,
    DeviationEnded,
    DeviationStarted,
    Event,
    PosturalShift,
    PresenceChanged,
    UnjudgedEnded,
    UnjudgedStarted,
)
from posture.timeline.state import (
    HORIZON_S,
    REST_S,
    ActiveDeviation,
    Bout,
    Call,
    Clock,
    Span,
    TimelineState,
    Unjudged,
    UnknownKind,
)

OFF_CHAIR: tuple[Presence, ...] = ("away", "standing")
BLIND_DWELL_S = 10.0
"""Looks at a sitter's place that cannot tell count only after so long: a hand before the lens is no end of sitting
[design choice]."""
LONGEST_CALL_S = 4 * 3600.0
"""After this long in one call a bout is closed, without a break [design choice]."""
LONGEST_LEAD_S = 1800.0
"""A blind spell before a bout belongs to it up to this long: after that it says nothing [design choice]."""


def advance(
    state: TimelineState, observation: Observation, settings: TimelineSettings
) -> tuple[TimelineState, list[Event]]:
    """Take one observation.

    Parameters
    ----------
    state : TimelineState
        The state before it; a fresh one to begin with.
    observation : Observation
        What the next look saw.
    settings : posture.settings.TimelineSettings
        Dwells and break lengths, in seconds.

    Returns
    -------
    TimelineState
        The state after it.
    list of Event
        What has become certain with it. Events are ordered by `t_s`; their `since_s` lies earlier.

    Raises
    ------
    ValueError
        The observation lies before the last one.
    """
    if state.t_s is not None and observation.t_s < state.t_s:
        raise ValueError(f"observation at {observation.t_s} s lies before the last one at {state.t_s} s")
    events: list[Event] = []
    if state.t_s is None:
        state = replace(state, t_s=observation.t_s, presence_since_s=observation.t_s, unknown="blind")
    else:
        state = _unseen(state, state.t_s, observation.t_s, settings, events)
    state = _presence(state, observation, settings, events)
    state = _breaks(state, settings, events)
    if observation.presence == "sitting":
        state = _judging(state, observation, settings, events)
    elif state.presence != "sitting":
        state = replace(state, turning={})
    if state.presence == "sitting" and observation.presence == "sitting":
        state = _deviations(state, observation, settings, events)
        state = _shifts(state, observation, settings, events)
    return state, events


def at(
    state: TimelineState, now_s: float, settings: TimelineSettings, reason: str = "", cause: Cause = ""
) -> TimelineState:
    """Return the state as it stands at `now_s` when nobody has looked since the last observation.

    For reading only (a status, the next reminder): continue with `advance` from the state that was passed in, or the
    gap since the last observation is lost.

    Parameters
    ----------
    now_s : float
        Seconds on the source's clock; a time before the last observation is taken as that observation's.
    reason, cause : str, optional
        Why nobody could look (paused, locked, camera lent), see `Observation`. Presence is then unknown from the last
        observation on.

    Returns
    -------
    TimelineState
        Presence is unknown where a reason is given or `settings.gap_s` is exceeded; otherwise the present spell goes
        on. A break or a bout ends where its time has come. Before the first observation only the reason changes.
    """
    if state.t_s is None:
        return replace(state, reason=reason or state.reason)
    events: list[Event] = []
    state = _unseen(state, state.t_s, max(now_s, state.t_s), settings, events, reason, cause)
    return _end_unseen(_breaks(state, settings, events), settings, events)


def finish(state: TimelineState) -> tuple[TimelineState, list[Event]]:
    """Stop watching: end active deviations and the bout at the last observation."""
    now_s = state.now_s
    events: list[Event] = []
    state = _end_active(state, now_s, now_s, events)
    state = _end_unjudged(state, now_s, now_s, events)
    if state.bout is not None:
        # If the user had left the chair, the bout ended there, even when it was not long enough for a break.
        until_s = now_s if state.left_s is None else state.left_s
        bout = _with_spell(state.bout, state.presence, state.unknown, state.spell_s)
        events.append(_bout_ended(bout, now_s, until_s, "end"))
        state = replace(state, bout=None)
    return state, events


def _unseen(
    state: TimelineState,
    last_s: float,
    t_s: float,
    settings: TimelineSettings,
    events: list[Event],
    reason: str = "",
    cause: Cause = "",
) -> TimelineState:
    """Let the time from `last_s` to `t_s` pass without a look."""
    if reason or t_s - last_s > settings.gap_s:
        since_s, said = last_s, state.candidate_unknown
        # Without a cause, what was unknown already is so in the same way.
        unknown = _unknown_kind(state, cause) if cause else said or state.unknown or "blind"
        if unknown == said:
            # The last looks said why there would be none.
            since_s, reason = state.candidate_since_s, reason or state.candidate_reason
        reason = reason or mark("no look")
        state = replace(
            _change_presence(state, since_s, t_s, "unknown", unknown, reason, settings, events), reason=reason
        )
    return replace(state, t_s=t_s)


def _unknown_kind(state: TimelineState, cause: Cause) -> UnknownKind:
    """Tell what is likely while nobody can see: see `UnknownKind`."""
    if cause == "busy":
        return "busy"
    gone = "left" in (state.unknown, state.candidate_unknown)
    gone = gone or state.presence in OFF_CHAIR or state.candidate in OFF_CHAIR
    if cause == "lid closed" or (cause in ("locked", "asleep") and gone):
        return "left"
    return "blind"


def _presence(
    state: TimelineState, observation: Observation, settings: TimelineSettings, events: list[Event]
) -> TimelineState:
    presence = observation.presence
    unknown = _unknown_kind(state, observation.cause) if presence == "unknown" else None
    if (presence, unknown) == (state.presence, state.unknown):
        return replace(state, candidate=None, candidate_unknown=None, blink_s=None, reason=observation.reason)
    since_s = observation.t_s
    if presence == "unknown" and state.candidate not in (None, "unknown"):
        # A look that cannot tell does not take back what others have said, unless it goes on like that.
        since_s = state.blink_s if state.blink_s is not None else since_s
        if observation.t_s - since_s < settings.presence_dwell_s:
            return replace(state, blink_s=since_s)
    if (presence, unknown) != (state.candidate, state.candidate_unknown):
        state = replace(state, candidate=presence, candidate_unknown=unknown, candidate_since_s=since_s)
    state = replace(state, candidate_reason=observation.reason)
    state = replace(state, blink_s=None)
    dwell_s = settings.presence_dwell_s
    if unknown == "blind" and not observation.cause and state.presence == "sitting":
        dwell_s = max(dwell_s, BLIND_DWELL_S)
    if observation.t_s - state.candidate_since_s < dwell_s:
        return state
    return _change_presence(
        state, state.candidate_since_s, observation.t_s, presence, unknown, observation.reason, settings, events
    )


def _change_presence(
    state: TimelineState,
    since_s: float,
    t_s: float,
    presence: Presence,
    unknown: UnknownKind | None,
    reason: str,
    settings: TimelineSettings,
    events: list[Event],
) -> TimelineState:
    was, was_unknown = state.presence, state.unknown
    if (presence, unknown) == (was, was_unknown):
        return replace(state, candidate=None, candidate_unknown=None, blink_s=None, turning={})
    spell_s = since_s - state.presence_since_s
    events.append(PresenceChanged(t_s, since_s, presence, was, reason, unknown))
    if was == "sitting":
        state = _end_active(state, since_s, t_s, events)
        state = _end_unjudged(state, since_s, t_s, events)
        state = replace(state, sitting_total_s=state.sitting_total_s + spell_s, left_s=since_s)
    elif was in OFF_CHAIR:
        state = replace(state, break_s=state.break_s + spell_s)
    elif was_unknown == "left":
        state = replace(state, session_break_s=state.session_break_s + spell_s)
    elif was_unknown == "busy":
        state = replace(state, busy_total_s=state.busy_total_s + spell_s, call=Call(since_s, spell_s))
    if state.bout is not None:
        state = replace(state, bout=_with_spell(state.bout, was, was_unknown, spell_s))
    elif was_unknown == "busy":
        state = replace(state, lead_busy_s=state.lead_busy_s + spell_s, break_s=0.0, session_break_s=0.0)
    elif was_unknown == "blind":
        lead_s = spell_s if spell_s < LONGEST_LEAD_S else 0.0
        state = replace(state, lead_unseen_s=state.lead_unseen_s + lead_s, break_s=0.0, session_break_s=0.0)
    elif state.break_s + state.session_break_s >= settings.break_after_s:
        # They may have sat all along before; only a break since then ends that.
        state = replace(state, lead_busy_s=0.0, lead_unseen_s=0.0)
    return replace(
        state,
        presence=presence,
        unknown=unknown,
        presence_since_s=since_s,
        reason=reason,
        candidate=None,
        candidate_unknown=None,
        blink_s=None,
        turning=state.turning if presence == "sitting" else {},
        posture=(),
        posture_next=(),
        shift_s=since_s,
    )


def _with_spell(bout: Bout, presence: Presence, unknown: UnknownKind | None, spell_s: float) -> Bout:
    """Add a spell that is over to the bout that it lies in."""
    if presence == "sitting":
        return replace(bout, counted_s=bout.counted_s + spell_s, run_s=bout.run_s + spell_s)
    if unknown == "busy":
        return replace(bout, busy_s=bout.busy_s + spell_s)
    if unknown == "blind":
        return replace(bout, unseen_s=bout.unseen_s + spell_s)
    return bout


def _bout_ended(
    bout: Bout, t_s: float, until_s: float, ended_by: Literal["break", "session", "unknown", "end"]
) -> BoutEnded:
    longest_run_s = max(bout.run_s, bout.longest_run_s)
    return BoutEnded(t_s, bout.since_s, until_s, bout.counted_s, ended_by, bout.busy_s, bout.unseen_s, longest_run_s)


def _breaks(state: TimelineState, settings: TimelineSettings, events: list[Event]) -> TimelineState:
    """End a bout after a break or when out of sight for long; begin one with sitting."""
    left_s = state.left_s
    if state.bout is not None and left_s is not None:
        # Up to the dwell of what follows: a break may be seen a look too short, but none is denied to who took it.
        spell_s = state.spell_s
        seen_s = state.break_s + (spell_s if state.presence in OFF_CHAIR else 0.0)
        off_s = seen_s + state.session_break_s + (spell_s if state.unknown == "left" else 0.0)
        lost = (state.unknown == "blind" and spell_s >= settings.lost_after_s) or (
            state.unknown == "busy" and spell_s >= LONGEST_CALL_S
        )
        # Also checked when sitting is confirmed again: only then is the whole length of the break known.
        if off_s >= settings.break_after_s or lost:
            ended_by: Literal["break", "session", "unknown"] = (
                "break"
                if seen_s >= settings.break_after_s
                else "session"
                if off_s >= settings.break_after_s
                else "unknown"
            )
            bout = _with_spell(state.bout, state.presence, state.unknown, spell_s) if lost else state.bout
            events.append(_bout_ended(bout, state.now_s, left_s, ended_by))
            state = replace(state, bout=None, call=None, lead_busy_s=0.0, lead_unseen_s=0.0)
    if state.presence == "sitting":
        since_s, bout_now = state.presence_since_s, state.bout
        if left_s is not None and since_s - left_s >= REST_S:
            total_s = state.sitting_total_s + state.busy_total_s
            state = replace(state, rested_total_s=total_s, rested_busy_s=state.busy_total_s)
        if bout_now is None:
            events.append(BoutStarted(state.now_s, since_s))
            state = replace(state, bout=Bout(since_s, 0.0, state.lead_busy_s, state.lead_unseen_s))
        elif left_s is not None and since_s - left_s >= settings.break_after_s:
            # A break may have gone unseen: what is certain begins anew.
            longest_s = max(bout_now.run_s, bout_now.longest_run_s)
            state = replace(state, bout=replace(bout_now, run_s=0.0, longest_run_s=longest_s))
        state = replace(state, left_s=None, break_s=0.0, session_break_s=0.0, lead_busy_s=0.0, lead_unseen_s=0.0)
    return state


def _deviations(
    state: TimelineState, observation: Observation, settings: TimelineSettings, events: list[Event]
) -> TimelineState:
    t_s = observation.t_s
    rising, active = dict(state.rising), dict(state.active)
    for kind, level in observation.levels.items():
        if level is None:
            continue
        if kind in active:
            if level >= settings.release_ratio:
                active[kind] = ActiveDeviation(active[kind].since_s, level, t_s)
                continue
            below_since_s = active[kind].below_since_s
            if below_since_s is None:
                active[kind] = replace(active[kind], level=level, seen_s=t_s, below_since_s=t_s)
            elif t_s - below_since_s >= settings.deviation_release_s:
                state = _end(replace(state, active=active), kind, below_since_s, t_s, events)
                active = dict(state.active)
        elif level >= 1.0:
            clock, since_s = rising.get(kind), t_s
            # After not being seen for as long as a dwell, the dwell starts again.
            if clock is not None and t_s - clock.last_s <= settings.deviation_dwell_s:
                since_s = clock.since_s
            rising[kind] = Clock(since_s, t_s)
            if t_s - since_s >= settings.deviation_dwell_s:
                del rising[kind]
                active[kind] = ActiveDeviation(since_s, level, t_s)
                events.append(DeviationStarted(t_s, since_s, kind, level))
        elif level < settings.release_ratio:
            rising.pop(kind, None)
        elif kind in rising:
            rising[kind] = replace(rising[kind], last_s=t_s)
    return _end_unseen(replace(state, rising=rising, active=active), settings, events)


def _end_unseen(state: TimelineState, settings: TimelineSettings, events: list[Event]) -> TimelineState:
    """End what has not been seen for longer than a gap, at the time it was seen last."""
    for kind, deviation in state.active.items():
        if state.now_s - deviation.seen_s > settings.gap_s:
            state = _end(state, kind, deviation.seen_s, state.now_s, events)
    return state


def _end(state: TimelineState, kind: Deviation, until_s: float, t_s: float, events: list[Event]) -> TimelineState:
    ended = state.active[kind]
    events.append(DeviationEnded(t_s, ended.since_s, until_s, kind))
    lasted_s = until_s - ended.since_s
    recent = (span for span in state.spans if span.until_s > t_s - HORIZON_S)
    return replace(
        state,
        active={other: deviation for other, deviation in state.active.items() if other != kind},
        spans=(*recent, Span(kind, ended.since_s, until_s)),
        lean_left_s=state.lean_left_s + (lasted_s if kind == "lean_left" else 0.0),
        lean_right_s=state.lean_right_s + (lasted_s if kind == "lean_right" else 0.0),
    )


def _end_active(state: TimelineState, until_s: float, t_s: float, events: list[Event]) -> TimelineState:
    """End all active deviations at `until_s`, or where they fell below the leaving level."""
    for kind, deviation in state.active.items():
        state = _end(state, kind, until_s if deviation.below_since_s is None else deviation.below_since_s, t_s, events)
    return replace(state, rising={})


def _judging(
    state: TimelineState, observation: Observation, settings: TimelineSettings, events: list[Event]
) -> TimelineState:
    """Settle which deviations are judged, by the dwell of a deviation: in less time none could be raised either.

    Looks count from the first at which somebody is seen sitting, even before sitting has lasted for its own dwell.
    """
    t_s = observation.t_s
    unjudged, turning = dict(state.unjudged), dict(state.turning)
    ended: list[tuple[Unjudged, float, Deviation]] = []
    started: list[tuple[Unjudged, Deviation]] = []
    for kind in DEVIATIONS:
        why, now = observation.why_unjudged(kind), unjudged.get(kind)
        if why is None:
            continue
        if why == (now.why if now else ""):
            turning.pop(kind, None)
            continue
        turn = turning.get(kind)
        # While it counts as judged, different reasons add up: however they change, nothing is said of it.
        if turn is None or (now is not None and turn.why != why):
            turn = Unjudged(t_s, why)
        turning[kind] = turn = replace(turn, why=why)
        if state.presence != "sitting" or t_s - turn.since_s < settings.deviation_dwell_s:
            continue
        del turning[kind]
        if now is not None:
            del unjudged[kind]
            ended.append((now, turn.since_s, kind))
        if why:
            unjudged[kind] = turn
            started.append((turn, kind))
    _tell_ended(ended, t_s, events)
    for turn in dict.fromkeys(turn for turn, _ in started):
        kinds = tuple(kind for other, kind in started if other == turn)
        events.append(UnjudgedStarted(t_s, turn.since_s, kinds, turn.why))
    return replace(state, unjudged=unjudged, turning=turning)


def _end_unjudged(state: TimelineState, until_s: float, t_s: float, events: list[Event]) -> TimelineState:
    """End all that is not judged: nobody sits there."""
    _tell_ended([(was, until_s, kind) for kind, was in state.unjudged.items()], t_s, events)
    return replace(state, unjudged={}, turning={})


def _tell_ended(ended: list[tuple[Unjudged, float, Deviation]], t_s: float, events: list[Event]) -> None:
    for was, until_s in dict.fromkeys((was, until_s) for was, until_s, _ in ended):
        kinds = tuple(kind for other, end_s, kind in ended if (other, end_s) == (was, until_s))
        events.append(UnjudgedEnded(t_s, was.since_s, until_s, kinds, was.why))


def _shifts(
    state: TimelineState, observation: Observation, settings: TimelineSettings, events: list[Event]
) -> TimelineState:
    if not observation.posture:
        return state
    if not state.posture:
        return replace(state, posture=observation.posture)
    if _near(observation.posture, state.posture):
        return replace(state, posture_next=())
    if not _near(observation.posture, state.posture_next):
        return replace(state, posture_next=observation.posture, posture_next_since_s=observation.t_s)
    if observation.t_s - state.posture_next_since_s < settings.shift_hold_s:
        return state
    since_s = state.posture_next_since_s
    events.append(PosturalShift(observation.t_s, since_s))
    return replace(state, posture=state.posture_next, posture_next=(), shift_s=since_s)


def _near(posture: tuple[float, ...], other: tuple[float, ...]) -> bool:
    return len(posture) == len(other) and all(abs(place - other[axis]) <= 1.0 for axis, place in enumerate(posture))
