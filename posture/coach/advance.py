"""Decide which reminder to give: `advance(state, timeline, context, settings) -> (state, reminders)`. Pure.

There is one slot. What is due within `NEAR` of each other is one reminder; after one there is quiet for
`coach.spacing`, and there are at most `coach.most_per_hour`. A shift of position or a posture notice waits for a
stand reminder that is near, and nothing comes soon after a break.

Stand reminders go on while the sitting lasts, at widening intervals. They count the sitting that was seen and calls;
one that is due when a call ends comes soon after it. A posture notice is followed by none for 15, 30, then 60 min of
sitting, whether it was acted on or not: who corrects is not told more often than who does not. A snooze takes the last
reminder back, so it returns. Who gets up when a stand covers a notice has acted on both.

What was asked for is answered by being off the chair for as long as its own text asks, by a guided hold, or by "Done".
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import replace

from posture.coach import heed as heeding
from posture.coach.choose import limits_of, next_stand, next_stretch
from posture.coach.due import MINOR, NEAR, bout_clock_s, together, upcoming
from posture.coach.exercise import Exercise, Side
from posture.coach.exercises import find_exercise
from posture.coach.held import HOUR_S, held_back, told_setting
from posture.coach.reminder import ENOUGH, Reminder, ReminderKind, Silence
from posture.coach.sentences import body_of, title_of
from posture.coach.state import Asked, CoachContext, CoachState, Due
from posture.settings import CoachSettings
from posture.timeline.advance import OFF_CHAIR
from posture.timeline.state import TimelineState

ASKS_S = 40.0
"""What a reminder without an exercise asks for: standing up and a few steps [design choice]."""
ASKS_LESS_S = 15.0
"""The same where standing hurts: getting up, and sitting down another way [design choice]."""
_LIMITS: Mapping[ReminderKind, str] = {
    "stand": "stand_after",
    "move": "move_after",
    "stretch": "stretch_after",
    "posture": "posture_window",
    "sit": "sit_after",
    "eyes": "eyes_after",
}
"""The setting of each kind whose limit is reached when it is due."""


def advance(
    state: CoachState, timeline: TimelineState, context: CoachContext, settings: CoachSettings
) -> tuple[CoachState, list[Reminder]]:
    """Give the reminder that is due now, at most one; the last observation of `timeline` is the present."""
    now_s = timeline.now_s
    state = _answered(state, timeline)
    state = replace(state, heed=heeding.seen(state.heed, timeline, state.asked))
    coming = upcoming(state, timeline, context, settings)
    is_due = any(due.kind == "posture" and due.in_s <= 0 for due in coming)
    since_s = timeline.in_chair_s if state.posture_due_s is None else state.posture_due_s
    state = replace(state, posture_due_s=since_s if is_due else None)
    given = together(coming, settings)
    if not given:
        return state, []
    hold = held_back(state, timeline, context, settings, given[0].kind)
    if hold is not None:
        silence = Silence(given[0].kind, hold.why, *told_setting(settings, hold.setting))
        known = silence in state.silences
        return (state if known else replace(state, silences=(*state.silences, silence))), []
    first, covered = given[0], given[1:]
    exercise = _exercise(first, coming, state, context, now_s, settings)
    named = exercise.id if exercise else ""
    asks_s = _asks_s(first.kind, exercise, context)
    covers_posture = any(due.kind == "posture" for due in covered)
    asked = dict(state.asked)
    for due in given:
        if due is not first and due.kind == "posture":
            continue  # what goes on is said later: who gets up when told is not told of it more often
        times = 1 + _times(state, due)
        clock_s = since_s if due.kind == "posture" else due.clock_s
        # A stand that a seated stretch covers is answered by getting up as well.
        each_s = asks_s or _asks_s(due.kind, None, context) if due.kind == "stand" else asks_s
        asked[due.kind] = Asked(due.episode, now_s, clock_s, times, named, each_s, covers_posture)
    repeat = asked[first.kind].times > 1 or first.kind in state.snoozed
    side = _first_side(context, settings)
    leant = context.shortened_side if exercise is not None and exercise.target == "QL" else None
    limits = limits_of(settings, context.hurts)
    # While a red flag is open nothing names an exercise, and what an own text names is not known.
    facts = replace(
        first.facts,
        side=side,
        leant=leant,
        exercise=exercise,
        hurts=context.hurts,
        walks=limits.walks,
        own=None if context.suspended else context.texts.get(first.kind),
    )
    setting = "repeat_after" if first.kind == "stand" and asked["stand"].times > 1 else _LIMITS[first.kind]
    key, value = told_setting(settings, setting)
    heeded = heeding.given(state.heed, first.kind, now_s)
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
        asks_s=asks_s,
        said=facts.said,
        setting=key,
        value=value,
        let_pass=heeded.let_pass.get(first.kind, 0),
    )
    state = replace(
        state,
        heed=heeded,
        silences=(),
        asked=asked,
        before=state.asked,
        given=(*(each for each in state.given if now_s - each[0] < HOUR_S), (now_s, first.kind)),
        snoozed=tuple(kind for kind in state.snoozed if kind not in [due.kind for due in given]),
        notices=state.notices + (first.kind == "posture"),
    )
    if first.kind == "stretch":
        state = replace(
            state,
            side_asked=state.side_asked or context.shortened_side is not None,
            named_s={**state.named_s, named: now_s},
        )
    if first.kind == "stand" and not repeat:
        state = replace(state, stands=state.stands + 1)
    return state, [reminder]


def snooze(state: CoachState, until_s: float | None) -> CoachState:
    """Say nothing until then, and take the last reminder back so that it returns; None ends a snooze."""
    if until_s is None or not state.given:
        return replace(state, snoozed_until_s=until_s)
    last = [kind for kind, asked in state.asked.items() if asked.t_s == state.given[-1][0]]
    heeded = heeding.heeded(state.heed, last)
    snoozed = tuple(dict.fromkeys((*state.snoozed, *last)))
    return replace(state, snoozed_until_s=until_s, asked=state.before, snoozed=snoozed, heed=heeded)


def answer(state: CoachState, timeline: TimelineState, kind: ReminderKind, *, up: bool | None = None) -> CoachState:
    """Take it that what a reminder of this kind asked for was done: the user says so, or held a guided exercise.

    Parameters
    ----------
    kind : ReminderKind
        "sit" says that they still stand: they are asked again after `coach.sit_after`.
    up : bool or None
        Whether it was done off the chair, so that it is a break as well. By default, whether the reminder asked for
        that, or covered one that did.
    """
    now_s, last = timeline.now_s, state.asked.get(kind)
    if up is None:
        stand = state.asked.get("stand")
        covered = last is not None and stand is not None and stand.t_s == last.t_s
        up = kind == "stand" or (kind == "stretch" and (last is None or last.asks_s > 0 or covered))
    done: set[ReminderKind] = {kind, "stand"} if up else {kind}
    asked = _without(state.asked, tuple(other for other in done if other not in (*MINOR, "eyes")), timeline)
    state = replace(state, asked=asked, before=asked, heed=heeding.heeded(state.heed, done))
    state = replace(state, snoozed=tuple(other for other in state.snoozed if other not in done))
    if kind == "sit":
        return replace(state, still_s=now_s)
    if kind in ("stand", "stretch"):
        state = replace(state, back_s=now_s)
    if up:
        state = replace(state, stand_base_s=bout_clock_s(timeline), bout_since_s=_since_s(timeline))
    return replace(state, stretch_base_s=timeline.in_chair_s) if "stretch" in done else state


def _answered(state: CoachState, timeline: TimelineState) -> CoachState:
    """Take note of breaks, and of time off the chair that answers what was asked."""
    if timeline.rested_total_s != state.rested_s:
        state = replace(state, rested_s=timeline.rested_total_s, stretch_base_s=0.0, notices=0, posture_due_s=None)
    off = timeline.presence in OFF_CHAIR or timeline.unknown == "left"
    if off:
        off_s = timeline.break_s + timeline.session_break_s + timeline.spell_s
        answered = [kind for kind, asked in state.asked.items() if 0 < asked.asks_s * ENOUGH <= off_s]
        if "stretch" in answered:
            state = replace(state, stretch_base_s=timeline.in_chair_s)
        if answered:
            asked = _without(state.asked, answered, timeline)
            state = replace(
                state,
                asked=asked,
                before=asked,
                snoozed=tuple(kind for kind in state.snoozed if kind not in answered),
                back_s=timeline.now_s,
                stand_base_s=bout_clock_s(timeline),
                bout_since_s=_since_s(timeline),
            )
        elif timeline.left_s is not None and state.back_s >= timeline.left_s:
            state = replace(state, back_s=timeline.now_s)
    since_s = _since_s(timeline)
    if since_s is not None and since_s != state.bout_since_s:
        # A new bout: the break before it has answered whatever asked for one.
        asked = _without(state.asked, ("stand", "sit"), timeline)
        is_first = state.bout_since_s is None and state.back_s == -math.inf
        lead_s = 0.0 if timeline.bout is None else timeline.bout.busy_s  # a call that they went into from the break
        back_s = state.back_s if is_first else since_s - lead_s
        snoozed = tuple(kind for kind in state.snoozed if kind not in ("stand", "sit"))
        state = replace(state, asked=asked, before=asked, snoozed=snoozed, back_s=back_s)
        state = replace(state, stand_base_s=0.0, bout_since_s=since_s, silences=())
    return state


def _without(
    asked: Mapping[ReminderKind, Asked], answered: Sequence[ReminderKind], timeline: TimelineState
) -> dict[ReminderKind, Asked]:
    """Drop what was answered. A posture notice that it covered was acted on, too, so its wait begins anew."""
    left = {kind: each for kind, each in asked.items() if kind not in answered}
    told = left.get("posture")
    if told is not None and any(asked[kind].covers_posture for kind in answered if kind in asked):
        left["posture"] = replace(told, clock_s=timeline.in_chair_s)
    return left


def _since_s(timeline: TimelineState) -> float | None:
    return None if timeline.bout is None else timeline.bout.since_s


def _exercise(
    due: Due, coming: list[Due], state: CoachState, context: CoachContext, now_s: float, settings: CoachSettings
) -> Exercise | None:
    """The exercise that a reminder names; a repeat names the same one, if it still fits.

    Where a stand is due too, or soon, it is done standing; seated only in the first half of a bout.
    """
    if context.suspended or due.kind not in ("stand", "stretch"):
        return None
    asked = state.asked.get(due.kind)
    limits = limits_of(settings, context.hurts)
    if due.kind == "stand":
        named = find_exercise(asked.exercise) if asked is not None and asked.exercise else None
        if named is not None and named.position == "standing" and limits.allow(named):
            return named
        has_turn = "stand" in state.snoozed and state.stands > 0  # it comes back with the exercise that it named
        return next_stand(state.stands - has_turn, limits)
    stand = next((other for other in coming if other.kind == "stand"), None)
    seated = stand is None or (
        stand.clock_s < settings.stand_after_s / 2 and stand.in_s > NEAR * settings.stand_after_s
    )
    ago_s = dict(context.ago_s)
    for name, t_s in state.named_s.items():
        ago_s[name] = min(ago_s.get(name, math.inf), now_s - t_s)
    return next_stretch(ago_s, limits, context.shortened_side, standing=not seated)


def _asks_s(kind: ReminderKind, exercise: Exercise | None, context: CoachContext) -> float:
    if kind not in ("stand", "stretch") or (exercise is not None and exercise.position != "standing"):
        return 0.0
    if exercise is None:
        return ASKS_LESS_S if "standing" in context.hurts else ASKS_S
    return exercise.asks_s


def _times(state: CoachState, due: Due) -> int:
    """How often `due` was given in its episode."""
    asked = state.asked.get(due.kind)
    return asked.times if asked is not None and asked.episode == due.episode else 0


def _first_side(context: CoachContext, settings: CoachSettings) -> Side:
    if settings.first_side == "left":
        return "left"
    if settings.first_side == "right":
        return "right"
    return context.shortened_side or "left"
