"""Decide which reminder to give: `advance(state, timeline, context, settings) -> (state, reminders)`. Pure.

A reminder belongs to an *episode*. For a stand reminder this is the bout, for a move reminder the posture kept since,
for a posture reminder the active deviation, for a stretch reminder two hours of sitting, and for a sit reminder the
spell of standing. In each episode a reminder is given once and, when it is not acted on, repeated once. Acting on it
ends the episode, so that nothing else needs to be remembered.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from posture.coach.choose import next_stand, next_stretch
from posture.coach.exercises import Exercise, Side, find_exercise
from posture.coach.quiet import in_hours
from posture.coach.reminder import Reminder, ReminderKind
from posture.coach.words import MOVES_UNSEEN, Facts, body_of, title_of
from posture.measure.observation import DEVIATIONS
from posture.settings import CoachSettings
from posture.timeline.state import Bout, TimelineState


@dataclass(frozen=True)
class CoachContext:
    """What the coach needs to know beside the timeline. `posture.monitor.assemble` puts it together."""

    local_minute: int = 720
    """Minutes since local midnight, for quiet hours."""
    waiting: str = ""
    """Why reminders wait just now (a call, do-not-disturb); empty when they do not."""
    shortened_side: Side | None = None
    """The side that `posture.coach.asymmetry` names over the stored days (evidence, section 4)."""
    suspended: bool = False
    """A red flag is open: no reminder names an exercise until the user clears it."""
    ago_s: Mapping[str, float] = field(default_factory=dict)
    """Seconds since each exercise was done last; one that is missing was never done."""


@dataclass(frozen=True)
class Notified:
    """A reminder was given `times` times for `episode`, last at `t_s`, naming `exercise`."""

    episode: float
    t_s: float
    times: int
    exercise: str = ""


@dataclass(frozen=True)
class CoachState:
    """What the coach remembers."""

    notified: Mapping[ReminderKind, Notified] = field(default_factory=dict)
    """The last reminder of each kind."""
    last_s: float | None = None
    """When the last reminder of any kind was given."""
    snoozed_until_s: float | None = None
    """No reminder before this time."""
    side_asked: bool = False
    """The asymmetry rule has asked for a stretch since watching began."""
    named_s: Mapping[str, float] = field(default_factory=dict)
    """When a stretch reminder last named each exercise."""
    stands: int = 0
    """In how many bouts a stand reminder was given; its exercises take turns."""


@dataclass(frozen=True)
class Due:
    """A reminder that is due in `in_s` seconds if nothing changes; due now when that is 0 or less."""

    kind: ReminderKind
    episode: float
    in_s: float
    facts: Facts


def advance(
    state: CoachState, timeline: TimelineState, context: CoachContext, settings: CoachSettings
) -> tuple[CoachState, list[Reminder]]:
    """Give the reminder that is due now, at most one; the last observation of `timeline` is the present.

    Reminders that are due together are merged into the one that covers most.
    """
    now_s = timeline.now_s
    given = [
        due
        for due in upcoming(state, timeline, context, settings)
        if due.in_s <= 0 and _silence_s(state.notified.get(due.kind), due, now_s, settings) <= 0
    ]
    if not given or _hushed(state, context, now_s, settings):
        return state, []
    first, covered = given[0], given[1:]
    exercise = _exercise(first, state, context, now_s, settings)
    named = exercise.id if exercise else ""
    notified = dict(state.notified)
    for due in given:
        notified[due.kind] = Notified(due.episode, now_s, 1 + _times(state.notified.get(due.kind), due), named)
    repeat = notified[first.kind].times > 1
    side = _first_side(context, settings)
    leant = context.shortened_side if exercise is not None and exercise.target == "QL" else None
    facts = replace(first.facts, side=side, leant=leant, exercise=exercise)
    reminder = Reminder(
        t_s=now_s,
        kind=first.kind,
        title=title_of(first.kind, facts),
        body=body_of(first.kind, facts),
        why=facts.why,
        covers=tuple(due.kind for due in covered),
        side=side if first.kind == "stretch" else None,
        repeat=repeat,
        exercise=named,
    )
    state = replace(state, notified=notified, last_s=now_s)
    if first.kind == "stretch":
        state = replace(
            state,
            side_asked=state.side_asked or context.shortened_side is not None,
            named_s={**state.named_s, named: now_s},
        )
    if first.kind == "stand" and not repeat:
        state = replace(state, stands=state.stands + 1)
    return state, [reminder]


def upcoming(state: CoachState, timeline: TimelineState, context: CoachContext, settings: CoachSettings) -> list[Due]:
    """List the reminders that the present spell leads to, with the time until each.

    The one that covers most comes first: a stretch includes standing up, a shift of position, and the end of a slump.
    """
    if timeline.presence == "standing":
        facts = Facts(timeline.spell_s, settings.sit_after_s, "standing")
        return [Due("sit", timeline.presence_since_s, settings.sit_after_s - timeline.spell_s, facts)]
    bout = timeline.bout
    if timeline.presence != "sitting" or bout is None:
        return []
    found = [] if context.suspended else [_stretch(state, timeline, bout, context, settings)]
    facts = Facts(timeline.bout_s, settings.stand_after_s, "sitting")
    found.append(Due("stand", bout.since_s, settings.stand_after_s - timeline.bout_s, facts))
    kept_s = timeline.now_s - timeline.shift_s
    # Without a posture there was nothing to see a change by since sitting began.
    facts = Facts(kept_s, settings.move_after_s, "no change of position" if timeline.posture else MOVES_UNSEEN)
    found.append(Due("move", timeline.shift_s, settings.move_after_s - kept_s, facts))
    return [*found, *_posture(timeline, settings)]


def next_reminder(
    state: CoachState, timeline: TimelineState, context: CoachContext, settings: CoachSettings
) -> Due | None:
    """Find the reminder that comes next if nothing changes, for the status; None when none is in sight."""
    now_s = timeline.now_s
    wait_s = 0.0
    if state.last_s is not None:
        wait_s = max(wait_s, state.last_s + settings.spacing_s - now_s)
    if state.snoozed_until_s is not None:
        wait_s = max(wait_s, state.snoozed_until_s - now_s)
    waits = [
        replace(due, in_s=max(due.in_s, _silence_s(state.notified.get(due.kind), due, now_s, settings), wait_s))
        for due in upcoming(state, timeline, context, settings)
    ]
    return min((due for due in waits if due.in_s != math.inf), key=lambda due: due.in_s, default=None)


def _hushed(state: CoachState, context: CoachContext, now_s: float, settings: CoachSettings) -> bool:
    """Whether no reminder may be given now: snoozed, quiet hours, waiting, or too soon after another one."""
    return (
        (state.snoozed_until_s is not None and now_s < state.snoozed_until_s)
        or in_hours(context.local_minute, settings.quiet_hours)
        or bool(context.waiting)
        or (state.last_s is not None and now_s - state.last_s < settings.spacing_s)
    )


def _stretch(
    state: CoachState, timeline: TimelineState, bout: Bout, context: CoachContext, settings: CoachSettings
) -> Due:
    # Each full `stretch_after` of sitting is an episode of its own, whether or not a reminder was given in it, so
    # that none are caught up on.
    turns = timeline.sitting_s // settings.stretch_after_s
    facts = Facts(timeline.sitting_s, settings.stretch_after_s, "sitting, breaks not counted,")
    if context.shortened_side is not None and not state.side_asked:
        # The asymmetry rule turns the next stand reminder into a stretch.
        return Due("stretch", -1.0, settings.stand_after_s - timeline.bout_s, facts)
    notified = state.notified.get("stretch")
    # A new bout since the reminder means that the user got up.
    acted = notified is not None and bout.since_s > notified.t_s
    if turns >= 1 and (notified is None or notified.episode < turns or (notified.times < 2 and not acted)):
        return Due("stretch", turns, 0.0, facts)
    return Due("stretch", turns + 1, (turns + 1) * settings.stretch_after_s - timeline.sitting_s, facts)


def _posture(timeline: TimelineState, settings: CoachSettings) -> list[Due]:
    window_s = settings.posture_window_s
    shares = {kind: timeline.active_share(kind, window_s) for kind in DEVIATIONS if kind in timeline.active}
    if not shares:
        return []
    kind = max(shares, key=lambda kind: shares[kind])
    deviation = timeline.active[kind]
    missing_s = (settings.posture_share - shares[kind]) * window_s
    facts = Facts(timeline.now_s - deviation.since_s, window_s, deviation=kind, level=deviation.level)
    return [Due("posture", deviation.since_s, missing_s, facts)]


def _silence_s(notified: Notified | None, due: Due, now_s: float, settings: CoachSettings) -> float:
    """How long `due` has to wait for the last reminder of its kind; infinite when it was given twice."""
    if notified is None:
        return 0.0
    if notified.episode == due.episode:
        return math.inf if notified.times >= 2 else notified.t_s + settings.repeat_after_s - now_s
    return notified.t_s + settings.cooldown_s - now_s


def _exercise(
    due: Due, state: CoachState, context: CoachContext, now_s: float, settings: CoachSettings
) -> Exercise | None:
    """The exercise that a reminder names; a repeat names the same one."""
    if context.suspended or due.kind not in ("stand", "stretch"):
        return None
    notified = state.notified.get(due.kind)
    if notified is not None and notified.exercise and _times(notified, due) > 0:
        return find_exercise(notified.exercise)
    if due.kind == "stand":
        return next_stand(state.stands, settings.bias)
    ago_s = dict(context.ago_s)
    for name, t_s in state.named_s.items():
        ago_s[name] = min(ago_s.get(name, math.inf), now_s - t_s)
    return next_stretch(ago_s, settings.bias, context.shortened_side)


def _times(notified: Notified | None, due: Due) -> int:
    """How often `due` was given in its episode."""
    return notified.times if notified is not None and notified.episode == due.episode else 0


def _first_side(context: CoachContext, settings: CoachSettings) -> Side:
    if settings.first_side == "left":
        return "left"
    if settings.first_side == "right":
        return "right"
    return context.shortened_side or "left"
