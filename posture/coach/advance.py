"""What to say and when: `advance(state, timeline, moment, settings) -> (state, reminders)`. Pure.

A reminder belongs to an *episode*: a stand reminder to the bout, a move reminder to the posture kept since, a posture
reminder to the active deviation, a stretch reminder to the two hours of sitting that it closes, a sit reminder to the
spell of standing. In an episode it is said once and, when not acted on, once more; then it waits for the next episode.
What was acted on needs no book-keeping: the episode is over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from posture.coach.choose import next_stand, next_stretch
from posture.coach.exercises import Exercise, find_exercise
from posture.coach.quiet import in_hours
from posture.coach.reminder import Reminder, ReminderKind
from posture.coach.words import Facts, body_of, title_of
from posture.measure.observation import DEVIATIONS, Deviation
from posture.settings import CoachSettings
from posture.timeline.state import TimelineState

__all__ = ["CoachContext", "CoachState", "Due", "Notified", "advance", "due", "next_reminder", "snooze"]

COVERS: tuple[ReminderKind, ...] = ("stretch", "stand", "move", "posture", "sit")
"""Most covering first: a stretch gets the person up, which is a stand, a shift, and the end of a slump."""


@dataclass(frozen=True)
class CoachContext:
    """What the coach cannot see in the timeline.

    Attributes
    ----------
    local_minute : int
        Minutes since local midnight, for quiet hours.
    waiting : str
        Why nudges wait just now (a call, do-not-disturb); empty when they do not.
    shortened_side : {"left", "right"} or None
        The side that the asymmetry rule names over the stored days (evidence, section 4).
    suspended : bool
        A red flag is open: no exercise is named until the user clears it.
    ago_s : mapping of id to float
        Seconds since each exercise was done last.
    """

    local_minute: int = 720
    waiting: str = ""
    shortened_side: Literal["left", "right"] | None = None
    suspended: bool = False
    ago_s: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Notified:
    """A reminder was said `times` times for `episode`, last at `t_s`, naming `exercise`."""

    episode: float
    t_s: float
    times: int
    exercise: str = ""


@dataclass(frozen=True)
class CoachState:
    """What the coach remembers.

    Attributes
    ----------
    notified : mapping of kind to Notified
    last_s : float or None
        When anything was said last.
    snoozed_until_s : float or None
    side_said : bool
        The asymmetry rule has asked for a stretch since watching began.
    named_s : mapping of id to float
        When each exercise was named by a stretch reminder last.
    stands : int
        How many sittings a stand reminder was said for: the exercises take turns.
    """

    notified: Mapping[ReminderKind, Notified] = field(default_factory=dict)
    last_s: float | None = None
    snoozed_until_s: float | None = None
    side_said: bool = False
    named_s: Mapping[str, float] = field(default_factory=dict)
    stands: int = 0


@dataclass(frozen=True)
class Due:
    """A reminder whose time has come, or comes in `in_s` seconds if all stays as it is."""

    kind: ReminderKind
    episode: float
    in_s: float
    facts: Facts


def advance(
    state: CoachState, timeline: TimelineState, moment: CoachContext, settings: CoachSettings
) -> tuple[CoachState, list[Reminder]]:
    """Say what is due now, at most one thing.

    Parameters
    ----------
    state : CoachState
    timeline : posture.timeline.state.TimelineState
        Its last observation is the present.
    moment : CoachContext
    settings : posture.settings.CoachSettings

    Returns
    -------
    CoachState
    list of Reminder
        Empty, or one: what is due together is merged into the one that covers most.
    """
    now_s = timeline.now_s
    speakable = [
        one
        for one in due(state, timeline, moment, settings)
        if one.in_s <= 0 and _silence_s(state.notified.get(one.kind), one, now_s, settings) <= 0
    ]
    if not speakable or hushed(state, moment, now_s, settings):
        return state, []
    first, covered = speakable[0], speakable[1:]
    exercise = _exercise(first, state, moment, now_s, settings)
    named = exercise.id if exercise else ""
    notified = dict(state.notified)
    for one in speakable:
        notified[one.kind] = Notified(one.episode, now_s, 1 + _times(state.notified.get(one.kind), one), named)
    repeat = notified[first.kind].times > 1
    begin = _side(moment, settings)
    side = begin if first.kind == "stretch" else None
    leant = moment.shortened_side if exercise is not None and exercise.target == "QL" else None
    facts = replace(first.facts, side=begin, leant=leant, exercise=exercise)
    reminder = Reminder(
        t_s=now_s,
        kind=first.kind,
        title=title_of(first.kind, facts),
        body=body_of(first.kind, facts),
        why=facts.why,
        covers=tuple(one.kind for one in covered),
        side=side,
        repeat=repeat,
        exercise=named,
    )
    state = replace(state, notified=notified, last_s=now_s)
    if first.kind == "stretch":
        state = replace(
            state,
            side_said=state.side_said or moment.shortened_side is not None,
            named_s={**state.named_s, named: now_s},
        )
    if first.kind == "stand" and not repeat:
        state = replace(state, stands=state.stands + 1)
    return state, [reminder]


def snooze(state: CoachState, until_s: float) -> CoachState:
    """Say nothing until `until_s`."""
    return replace(state, snoozed_until_s=until_s)


def hushed(state: CoachState, moment: CoachContext, now_s: float, settings: CoachSettings) -> str:
    """Why nothing may be said now: snoozed, quiet hours, a call, or just after another reminder; empty if it may."""
    if state.snoozed_until_s is not None and now_s < state.snoozed_until_s:
        return "snoozed"
    if in_hours(moment.local_minute, settings.quiet_hours):
        return "quiet hours"
    if moment.waiting:
        return moment.waiting
    if state.last_s is not None and now_s - state.last_s < settings.spacing_s:
        return "just after another reminder"
    return ""


def due(state: CoachState, timeline: TimelineState, moment: CoachContext, settings: CoachSettings) -> list[Due]:
    """All reminders of the present spell with the time until each, most covering first."""
    now_s = timeline.now_s
    if timeline.presence == "standing":
        facts = Facts(timeline.spell_s, settings.sit_after_s, "standing")
        return [Due("sit", timeline.presence_since_s, settings.sit_after_s - timeline.spell_s, facts)]
    if timeline.presence != "sitting" or timeline.bout is None:
        return []
    found = [] if moment.suspended else [_stretch(state, timeline, moment, settings)]
    stand = Facts(timeline.bout_s, settings.stand_after_s, "sitting")
    found.append(Due("stand", timeline.bout.since_s, settings.stand_after_s - timeline.bout_s, stand))
    kept_since_s = max(timeline.presence_since_s, timeline.shift_s or 0.0)
    kept_s = now_s - kept_since_s
    found.append(
        Due(
            "move",
            kept_since_s,
            settings.move_after_s - kept_s,
            Facts(kept_s, settings.move_after_s, "no change of position"),
        )
    )
    found.extend(_posture(timeline, settings))
    return sorted(found, key=lambda one: COVERS.index(one.kind))


def next_reminder(
    state: CoachState, timeline: TimelineState, moment: CoachContext, settings: CoachSettings
) -> Due | None:
    """The reminder that comes next if all stays as it is, for the status line; None when none is in sight."""
    now_s = timeline.now_s
    waits: list[Due] = []
    for one in due(state, timeline, moment, settings):
        wait_s = max(one.in_s, _silence_s(state.notified.get(one.kind), one, now_s, settings), 0.0)
        if state.last_s is not None:
            wait_s = max(wait_s, state.last_s + settings.spacing_s - now_s)
        if state.snoozed_until_s is not None:
            wait_s = max(wait_s, state.snoozed_until_s - now_s)
        waits.append(replace(one, in_s=wait_s))
    waits = [one for one in waits if one.in_s != float("inf")]
    return min(waits, key=lambda one: one.in_s, default=None)


def _stretch(state: CoachState, timeline: TimelineState, moment: CoachContext, settings: CoachSettings) -> Due:
    # Each full stretch_after of sitting is an episode of its own, said or not: nothing piles up.
    turns = int(timeline.sitting_s // settings.stretch_after_s)
    facts = Facts(timeline.sitting_s, settings.stretch_after_s, "sitting, breaks not counted,")
    if moment.shortened_side is not None and not state.side_said and timeline.bout is not None:
        # The asymmetry rule makes the next stand reminder a stretch.
        return Due("stretch", -1.0, settings.stand_after_s - timeline.bout_s, facts)
    said = state.notified.get("stretch")
    # Whoever has left the chair since it was said has acted on it.
    acted = said is not None and timeline.bout is not None and timeline.bout.since_s > said.t_s
    if turns >= 1 and (said is None or said.episode < turns or (said.times < 2 and not acted)):
        return Due("stretch", float(turns), 0.0, facts)
    return Due("stretch", float(turns + 1), (turns + 1) * settings.stretch_after_s - timeline.sitting_s, facts)


def _posture(timeline: TimelineState, settings: CoachSettings) -> list[Due]:
    window_s = settings.posture_window_s
    shares: dict[Deviation, float] = {kind: timeline.active_share(kind, window_s) for kind in DEVIATIONS}
    active = [kind for kind in DEVIATIONS if kind in timeline.active]
    if not active:
        return []
    kind = max(active, key=lambda one: shares[one])
    one = timeline.active[kind]
    missing_s = max(0.0, (settings.posture_share - shares[kind]) * window_s)
    facts = Facts(since_s=timeline.now_s - one.since_s, limit_s=window_s, deviation=kind, level=one.level)
    return [Due("posture", one.since_s, missing_s, facts)]


def _silence_s(said: Notified | None, one: Due, now_s: float, settings: CoachSettings) -> float:
    """How long `one` may not be said for what was said before; infinite when its episode has had its two."""
    if said is None:
        return 0.0
    if said.episode == one.episode:
        return float("inf") if said.times >= 2 else said.t_s + settings.repeat_after_s - now_s
    return said.t_s + settings.cooldown_s - now_s


def _exercise(
    one: Due, state: CoachState, moment: CoachContext, now_s: float, settings: CoachSettings
) -> Exercise | None:
    """The next step that a reminder names; said again, it names the same."""
    if moment.suspended or one.kind not in ("stand", "stretch"):
        return None
    said = state.notified.get(one.kind)
    if said is not None and said.exercise and _times(said, one) > 0:
        return find_exercise(said.exercise)
    if one.kind == "stand":
        return next_stand(state.stands, settings.bias)
    ago_s = dict(moment.ago_s)
    for name, t_s in state.named_s.items():
        ago_s[name] = min(ago_s.get(name, float("inf")), now_s - t_s)
    return next_stretch(ago_s, settings.bias, moment.shortened_side)


def _times(said: Notified | None, one: Due) -> int:
    return said.times if said is not None and said.episode == one.episode else 0


def _side(moment: CoachContext, settings: CoachSettings) -> Literal["left", "right"]:
    if settings.first_side == "left":
        return "left"
    if settings.first_side == "right":
        return "right"
    return moment.shortened_side or "left"
