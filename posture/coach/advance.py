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
from dataclasses import dataclass, field, replace

from posture.coach import heed as heeding
from posture.coach.choose import next_stand, next_stretch
from posture.coach.exercises import Exercise, Side, find_exercise
from posture.coach.quiet import DAY, WEEK, quiet_min, quiet_words
from posture.coach.reminder import Reminder, ReminderKind, Silence
from posture.coach.words import MOVES_UNSEEN, PROGRAM_RUNS, Facts, body_of, title_of
from posture.measure.observation import DEVIATIONS
from posture.settings import CoachSettings, Settings, find_spec
from posture.timeline.advance import OFF_CHAIR
from posture.timeline.state import Bout, TimelineState

HOUR_S = 3600.0
NEAR = 1 / 6
"""Part of `coach.stand_after`, 5 of 30 min: what is due within it is one reminder, and nothing comes this soon after a
break [design choice]."""
WIDER = 1 / 3
"""By this part of `coach.repeat_after` the wait between stand reminders of one bout grows each time: 30, 45, 65, 90
min, and so on [design choice]."""
CALL_S = 60.0
"""A call shorter than this is none [design choice]."""
AFTER_CALL_S = 20.0
"""A reminder waits this long after a call: somebody may be ringing again [design choice]."""
CALL_ENDED_S = 600.0
"""So long after a call a reminder still names it [design choice]."""
POSTURE_WAITS = (1.0, 2.0, 4.0)
"""Quiet after each posture notice in a day, in parts of `coach.cooldown`; the last goes on."""
ENOUGH = 0.9
"""Part of the time asked for that has to be seen off the chair: looks are seconds apart [design choice]."""
ASKS_S = 40.0
"""What a reminder without an exercise asks for: standing up and a few steps [design choice]."""
MOST_STEPS = 200
STEP_S = 0.5
"""How far `next_reminder` looks ahead at most, in moments at which something becomes due or may be said; the least that
one moves on."""
_LIMITS: Mapping[ReminderKind, str] = {
    "stand": "stand_after",
    "move": "move_after",
    "stretch": "stretch_after",
    "posture": "posture_window",
    "sit": "sit_after",
}
"""The setting of each kind whose limit is reached when it is due."""
MINOR: tuple[ReminderKind, ...] = ("move", "posture")
MINOR_SHARE = 0.5
"""They get at most this part of `coach.most_per_hour`; a stand reminder that was given before leaves them the last one
of an hour, or who gets up when told would hear more of them than who does not [design choice]."""


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
    said_standing: bool = False
    """The user has said that they stand; the camera may see a sitter."""
    local_weekday: int = 0
    """Monday is 0."""
    local_second: float = 0.0
    """Seconds since the local minute began."""


@dataclass(frozen=True)
class Asked:
    """The last reminder of a kind that has not been answered: its episode, when and how often it was given in it."""

    episode: float
    """When the bout, the spell, or the deviation began that it is about; -1 where there is none."""
    t_s: float
    clock_s: float
    """What the clock of its kind showed: sitting in the bout, time without a shift, standing; for a posture notice
    the sitting at which it was due, so that one that had to wait does not put off the next."""
    times: int
    exercise: str = ""
    asks_s: float = 0.0
    """Off the chair for this long answers it; 0 where that is not what it asks for."""
    covers_posture: bool = False
    """A posture notice was near, which getting up answers as well."""


@dataclass(frozen=True)
class CoachState:
    """What the coach remembers."""

    asked: Mapping[ReminderKind, Asked] = field(default_factory=dict)
    """The last reminder of each kind."""
    before: Mapping[ReminderKind, Asked] = field(default_factory=dict)
    """`asked` before the last reminder, to which a snooze goes back."""
    given: tuple[tuple[float, ReminderKind], ...] = ()
    """When reminders were given in the last hour, with their kinds; the last one stays."""
    snoozed_until_s: float | None = None
    """No reminder before this time."""
    snoozed: tuple[ReminderKind, ...] = ()
    """Kinds that were snoozed and have not come back."""
    back_s: float = float("-inf")
    """When the user was last back from a break, or from what a reminder asked for."""
    stand_base_s: float = 0.0
    """What the clock of the bout showed when a stand was last answered in it."""
    stretch_base_s: float = 0.0
    """What the clock of the stretch showed when one was last answered."""
    bout_since_s: float | None = None
    """The bout that `stand_base_s` belongs to."""
    notices: int = 0
    """Posture notices since the last long rest."""
    posture_due_s: float | None = None
    """What `TimelineState.in_chair_s` was when a posture notice became due; None while none is."""
    rested_s: float = 0.0
    """`TimelineState.rested_total_s` when that was."""
    side_asked: bool = False
    """The asymmetry rule has asked for a stretch since watching began."""
    named_s: Mapping[str, float] = field(default_factory=dict)
    """When a stretch reminder last named each exercise."""
    stands: int = 0
    """In how many bouts a stand reminder was given; its exercises take turns."""
    still_s: float = -math.inf
    """When the user last said that they still stand."""
    heed: heeding.Heed = field(default_factory=heeding.Heed)
    """What became of the reminders of each kind."""
    silences: tuple[Silence, ...] = ()
    """What was held back since the last reminder, each once."""


@dataclass(frozen=True)
class Due:
    """A reminder that is due in `in_s` seconds if nothing changes; due now when that is 0 or less."""

    kind: ReminderKind
    episode: float
    in_s: float
    facts: Facts
    clock_s: float = 0.0
    """See `Asked`."""
    held: str = ""
    """Why it is held back, if it is due already."""


@dataclass(frozen=True)
class Hold:
    """Why a reminder that is due is held back, and for how long: infinite where that is not known."""

    why: str
    in_s: float
    setting: str = ""
    """Its name in the section of the coach; empty where none says so."""


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
    given = _together(coming, settings)
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
    asks_s = _asks_s(first.kind, exercise)
    covers_posture = any(due.kind == "posture" for due in covered)
    asked = dict(state.asked)
    for due in given:
        if due is not first and due.kind == "posture":
            continue  # what goes on is said later: who gets up when told is not told of it more often
        times = 1 + _times(state, due)
        clock_s = since_s if due.kind == "posture" else due.clock_s
        asked[due.kind] = Asked(due.episode, now_s, clock_s, times, named, asks_s, covers_posture)
    repeat = asked[first.kind].times > 1 or first.kind in state.snoozed
    side = _first_side(context, settings)
    leant = context.shortened_side if exercise is not None and exercise.target == "QL" else None
    facts = replace(first.facts, side=side, leant=leant, exercise=exercise)
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
    asked = _without(state.asked, tuple(other for other in done if other not in MINOR), timeline)
    state = replace(state, asked=asked, before=asked, heed=heeding.heeded(state.heed, done))
    state = replace(state, snoozed=tuple(other for other in state.snoozed if other not in done))
    if kind == "sit":
        return replace(state, still_s=now_s)
    if kind in ("stand", "stretch"):
        state = replace(state, back_s=now_s)
    if up:
        state = replace(state, stand_base_s=_bout_clock_s(timeline), bout_since_s=_since_s(timeline))
    return replace(state, stretch_base_s=timeline.in_chair_s) if "stretch" in done else state


def upcoming(state: CoachState, timeline: TimelineState, context: CoachContext, settings: CoachSettings) -> list[Due]:
    """List the reminders that the present spell leads to, with the time until each.

    The one that covers most comes first: a stretch includes standing up, a shift of position, and the end of a slump.
    """
    return [due for due in _upcoming(state, timeline, context, settings) if settings.wants(due.kind)]


def _upcoming(state: CoachState, timeline: TimelineState, context: CoachContext, settings: CoachSettings) -> list[Due]:
    if timeline.presence == "standing" and timeline.candidate != "sitting":
        what = "standing, as you said," if context.said_standing else "standing"
        facts = Facts(timeline.spell_s, settings.sit_after_s, what, said=context.said_standing)
        since_s = max(timeline.presence_since_s, state.still_s)
        clock_s = timeline.now_s - since_s
        in_s = _next_s(state.asked.get("sit"), since_s, settings.sit_after_s, settings)
        return [Due("sit", since_s, in_s - clock_s, facts, clock_s)]
    bout = timeline.bout
    if timeline.presence != "sitting" or bout is None:
        return []
    stand = _stand(state, timeline, bout, settings)
    found = [] if context.suspended else [_stretch(state, timeline, stand, context, settings)]
    kept_s = timeline.now_s - timeline.shift_s
    # Without a posture there was nothing to see a change by since sitting began.
    facts = Facts(kept_s, settings.move_after_s, "no change of position" if timeline.posture else MOVES_UNSEEN)
    moved = state.asked.get("move")
    wait_s = 0.0 if moved is None else moved.t_s + 2 * settings.cooldown_s - timeline.now_s
    found += [stand, Due("move", timeline.shift_s, max(settings.move_after_s - kept_s, wait_s), facts, kept_s)]
    return [*found, *_posture(state, timeline, settings)]


def next_reminder(
    state: CoachState, timeline: TimelineState, context: CoachContext, settings: CoachSettings
) -> Due | None:
    """Find the reminder that `advance` gives next if nothing changes, and when; None when none is in sight.

    What makes reminders wait just now, such as a call, is taken to be over by then.
    """
    context = replace(context, waiting="")
    now = {due.kind: due for due in upcoming(state, timeline, context, settings)}
    in_s, held = 0.0, ""
    for _ in range(MOST_STEPS):
        later = replace(timeline, t_s=timeline.now_s + in_s)
        at = _context_in(context, in_s)
        coming = [due for due in upcoming(state, later, at, settings) if due.in_s != math.inf]
        given = _together(coming, settings)
        steps_s = [due.in_s for due in coming if due.in_s > 0]
        if given:
            hold = held_back(state, later, at, settings, given[0].kind)
            if hold is None:
                # What it rests on is told as of now.
                return replace(now.get(given[0].kind, given[0]), in_s=in_s, held=held)
            held = held if in_s else hold.why
            steps_s.append(hold.in_s)
        step_s = min(steps_s, default=math.inf)
        if step_s == math.inf:
            return None
        in_s += max(step_s, STEP_S)
    return None


def _context_in(context: CoachContext, in_s: float) -> CoachContext:
    minutes, second = divmod(context.local_second + in_s, 60.0)
    day, minute = divmod(context.local_weekday * DAY + context.local_minute + int(minutes), DAY)
    return replace(context, local_minute=minute, local_second=second, local_weekday=day % 7)


def held_back(
    state: CoachState, timeline: TimelineState, context: CoachContext, settings: CoachSettings, kind: ReminderKind
) -> Hold | None:
    """Why no reminder of this kind may be given, and for how long; None if it may. Of several reasons the longest."""
    holds = [hold for hold in _holds(state, timeline, context, settings, kind) if hold.in_s > 0]
    return max(holds, key=lambda hold: hold.in_s, default=None)


def _holds(
    state: CoachState, timeline: TimelineState, context: CoachContext, settings: CoachSettings, kind: ReminderKind
) -> list[Hold]:
    now_s = timeline.now_s
    holds = []
    if kind != "sit":  # who is on their feet is not back
        back_s = state.back_s + NEAR * settings.stand_after_s
        holds.append(Hold("just back from a break", back_s - now_s, "stand_after"))
    if context.waiting:
        holds.append(Hold(context.waiting, math.inf, "quiet_while" if context.waiting == PROGRAM_RUNS else ""))
    quiet = context.local_minute, settings.quiet_hours, context.local_weekday
    if left := quiet_min(*quiet):
        in_s = math.inf if left >= WEEK else 60.0 * left - context.local_second
        holds.append(Hold(quiet_words(*quiet), in_s, "quiet_hours"))
    if state.snoozed_until_s is not None:
        holds.append(Hold("snoozed", state.snoozed_until_s - now_s))
    times_s = [t_s for t_s, _ in state.given]
    if times_s:
        holds.append(Hold("another reminder came just before", times_s[-1] + settings.spacing_s - now_s, "spacing"))
    most = settings.most_per_hour
    free_s = _slot_s(times_s, most)
    if kind in MINOR:
        minor_s = [t_s for t_s, given in state.given if given in MINOR]
        free_s = max(free_s, _slot_s(minor_s, max(1, int(most * MINOR_SHARE))))
    elif kind in state.asked and timeline.call is None:
        free_s = max(free_s, _slot_s(times_s, max(1, most - 1)))
    return [*holds, Hold("enough reminders in this hour", free_s - now_s, "most_per_hour")]


def told_setting(settings: CoachSettings, name: str) -> tuple[str, str]:
    """Give the key of a setting of the coach and its value as the user writes it; both empty for no name.

    The value of `quiet_while` is left out: it may be stored, and which programs run is not.
    """
    if not name:
        return "", ""
    spec = find_spec(f"coach.{name}")
    return spec.key, "" if name == "quiet_while" else spec.text(spec.of(Settings(coach=settings)))


def _slot_s(times_s: Sequence[float], most: int) -> float:
    """From when on there may be another one, if there are at most so many in an hour."""
    return times_s[-most] + HOUR_S if len(times_s) >= most else -math.inf


def _together(coming: list[Due], settings: CoachSettings) -> list[Due]:
    """Choose what is given now, the reminder first and then what it covers; nothing while it should wait."""
    near_s = NEAR * settings.stand_after_s
    now = [due for due in coming if due.in_s <= 0]
    if not now:
        return []
    near = [due for due in coming if due.in_s <= near_s]
    major = [due for due in near if due.kind not in MINOR]
    if not major:
        return [now[0], *(due for due in near if due.kind != now[0].kind)]
    # What is minor waits for what is near, which covers it.
    return near if any(due.in_s <= 0 for due in major) else []


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
                stand_base_s=_bout_clock_s(timeline),
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


def _bout_clock_s(timeline: TimelineState) -> float:
    return timeline.bout_s + timeline.bout_busy_s


def _since_s(timeline: TimelineState) -> float | None:
    return None if timeline.bout is None else timeline.bout.since_s


def _next_s(asked: Asked | None, episode: float, first_s: float, settings: CoachSettings) -> float:
    """When the next reminder of an episode is due, on the clock of its kind: at `first_s`, then at widening waits."""
    if asked is None or asked.episode != episode:
        return first_s
    return asked.clock_s + settings.repeat_after_s * (1.0 + WIDER * (asked.times - 1))


def _stand(state: CoachState, timeline: TimelineState, bout: Bout, settings: CoachSettings) -> Due:
    clock_s = _bout_clock_s(timeline) - state.stand_base_s
    asked = state.asked.get("stand")
    in_s = _next_s(asked, bout.since_s, settings.stand_after_s, settings) - clock_s
    facts = Facts(clock_s, settings.stand_after_s, "sitting", least_s=min(clock_s, timeline.bout_range_s[0]))
    call = timeline.call
    if call is not None and call.length_s >= CALL_S:
        ended_s = timeline.now_s - call.until_s
        if clock_s >= settings.stand_after_s and (asked is None or asked.t_s < call.until_s):
            in_s = min(in_s, 0.0)
            if ended_s < CALL_ENDED_S:
                facts = replace(facts, call_s=call.length_s)
        in_s = max(in_s, AFTER_CALL_S - ended_s)
    return Due("stand", bout.since_s, in_s, facts, clock_s)


def _stretch(
    state: CoachState, timeline: TimelineState, stand: Due, context: CoachContext, settings: CoachSettings
) -> Due:
    clock_s = timeline.in_chair_s
    facts = Facts(clock_s - state.stretch_base_s, settings.stretch_after_s, "sitting without a stretch")
    if context.shortened_side is not None and not state.side_asked:
        # The asymmetry rule turns the next stand reminder into a stretch.
        return Due("stretch", -1.0, stand.in_s, facts, clock_s)
    asked = state.asked.get("stretch")
    due_s = state.stretch_base_s + settings.stretch_after_s
    if asked is not None:
        due_s = max(due_s, asked.clock_s + settings.stretch_after_s / 2)
    return Due("stretch", -1.0, due_s - clock_s, facts, clock_s)


def _posture(state: CoachState, timeline: TimelineState, settings: CoachSettings) -> list[Due]:
    window_s = settings.posture_window_s
    shares = {kind: timeline.active_share(kind, window_s) for kind in DEVIATIONS if kind in timeline.active}
    if not shares:
        return []
    kind = max(shares, key=lambda kind: shares[kind])
    deviation = timeline.active[kind]
    in_s = (settings.posture_share - shares[kind]) * window_s
    asked = state.asked.get("posture")
    if asked is not None and state.notices:
        wait = POSTURE_WAITS[min(state.notices, len(POSTURE_WAITS)) - 1]
        in_s = max(in_s, asked.clock_s + wait * settings.cooldown_s - timeline.in_chair_s)
    for_s = timeline.now_s - deviation.since_s
    facts = Facts(for_s, window_s, deviation=kind, level=deviation.level)
    return [Due("posture", deviation.since_s, in_s, facts, for_s)]


def _exercise(
    due: Due, coming: list[Due], state: CoachState, context: CoachContext, now_s: float, settings: CoachSettings
) -> Exercise | None:
    """The exercise that a reminder names; a repeat names the same one.

    Where a stand is due too, or soon, it is done standing; seated only in the first half of a bout.
    """
    if context.suspended or due.kind not in ("stand", "stretch"):
        return None
    asked = state.asked.get(due.kind)
    if due.kind == "stand":
        if asked is not None and asked.exercise:
            return find_exercise(asked.exercise)
        has_turn = "stand" in state.snoozed and state.stands > 0  # it comes back with the exercise that it named
        return next_stand(state.stands - has_turn, settings.bias)
    stand = next((other for other in coming if other.kind == "stand"), None)
    seated = stand is None or (
        stand.clock_s < settings.stand_after_s / 2 and stand.in_s > NEAR * settings.stand_after_s
    )
    ago_s = dict(context.ago_s)
    for name, t_s in state.named_s.items():
        ago_s[name] = min(ago_s.get(name, math.inf), now_s - t_s)
    return next_stretch(ago_s, settings.bias, context.shortened_side, standing=not seated)


def _asks_s(kind: ReminderKind, exercise: Exercise | None) -> float:
    if kind not in ("stand", "stretch") or (exercise is not None and exercise.position != "standing"):
        return 0.0
    return ASKS_S if exercise is None else exercise.asks_s


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
