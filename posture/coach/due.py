"""What is due, and when: the reminders that the present spell leads to, and which of them go together. Pure."""

from __future__ import annotations

import math
from dataclasses import replace

from posture.coach.reminder import ReminderKind
from posture.coach.sentences import MOVES_UNSEEN, Facts
from posture.coach.state import Asked, CoachContext, CoachState, Due
from posture.language import mark
from posture.measure.observation import DEVIATIONS
from posture.settings import CoachSettings
from posture.timeline.state import Bout, TimelineState

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
SOONER = 0.5
"""Whom standing hurts is reminded to sit after this part of `coach.sit_after` [design choice]."""
MINOR: tuple[ReminderKind, ...] = ("move", "posture")
"""They wait for a stand reminder that is near, which covers them."""


def upcoming(state: CoachState, timeline: TimelineState, context: CoachContext, settings: CoachSettings) -> list[Due]:
    """List the reminders that the present spell leads to, with the time until each.

    The one that covers most comes first: a stretch includes standing up, a shift of position, and the end of a slump.
    """
    found = [due for due in _upcoming(state, timeline, context, settings) if settings.wants(due.kind)]
    if settings.wants("eyes") and timeline.presence == "sitting" and timeline.bout is not None:
        found.append(_eyes(state, timeline, found, settings))
    return found


def _eyes(state: CoachState, timeline: TimelineState, others: list[Due], settings: CoachSettings) -> Due:
    """A look into the distance; it gives way to every other reminder that is near."""
    asked = state.asked.get("eyes")
    began_s = timeline.presence_since_s if timeline.bout is None else timeline.bout.since_s
    since_s = max(began_s, state.back_s, asked.t_s if asked is not None else began_s)
    clock_s = timeline.now_s - since_s
    in_s = settings.eyes_after_s - clock_s
    for other in sorted(others, key=lambda due: due.in_s):
        apart_s = max(in_s, 0.0) - max(other.in_s, 0.0)
        if other.in_s != math.inf and abs(apart_s) <= settings.spacing_s:
            in_s = max(other.in_s, 0.0) + settings.spacing_s + 1.0
    return Due("eyes", since_s, in_s, Facts(clock_s, settings.eyes_after_s, mark("sitting")), clock_s)


def _upcoming(state: CoachState, timeline: TimelineState, context: CoachContext, settings: CoachSettings) -> list[Due]:
    if timeline.presence == "standing" and timeline.candidate != "sitting":
        what = mark("standing, as you said,") if context.said_standing else mark("standing")
        after_s, why = settings.sit_after_s, ""
        if "standing" in context.hurts:
            after_s, why = settings.sit_after_s * SOONER, mark("shorter since standing hurts by your log")
        facts = Facts(timeline.spell_s, after_s, what, said=context.said_standing, limit_why=why)
        since_s = max(timeline.presence_since_s, state.still_s)
        clock_s = timeline.now_s - since_s
        in_s = _next_s(state.asked.get("sit"), since_s, after_s, settings)
        return [Due("sit", since_s, in_s - clock_s, facts, clock_s)]
    bout = timeline.bout
    if timeline.presence != "sitting" or bout is None:
        return []
    stand = _stand(state, timeline, bout, settings)
    found = [] if context.suspended else [_stretch(state, timeline, stand, context, settings)]
    kept_s = timeline.now_s - timeline.shift_s
    # Without a posture there was nothing to see a change by since sitting began.
    what = mark("no change of position") if timeline.posture else MOVES_UNSEEN
    facts = Facts(kept_s, settings.move_after_s, what)
    moved = state.asked.get("move")
    wait_s = 0.0 if moved is None else moved.t_s + 2 * settings.cooldown_s - timeline.now_s
    found += [stand, Due("move", timeline.shift_s, max(settings.move_after_s - kept_s, wait_s), facts, kept_s)]
    return [*found, *_posture(state, timeline, settings)]


def _next_s(asked: Asked | None, episode: float, first_s: float, settings: CoachSettings) -> float:
    """When the next reminder of an episode is due, on the clock of its kind: at `first_s`, then at widening waits."""
    if asked is None or asked.episode != episode:
        return first_s
    return asked.clock_s + settings.repeat_after_s * (1.0 + WIDER * (asked.times - 1))


def _stand(state: CoachState, timeline: TimelineState, bout: Bout, settings: CoachSettings) -> Due:
    clock_s = bout_clock_s(timeline) - state.stand_base_s
    asked = state.asked.get("stand")
    in_s = _next_s(asked, bout.since_s, settings.stand_after_s, settings) - clock_s
    facts = Facts(clock_s, settings.stand_after_s, mark("sitting"), least_s=min(clock_s, timeline.bout_range_s[0]))
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
    clock_s, facts = timeline.in_chair_s, stretch_facts(state, timeline, settings)
    if context.shortened_side is not None and not state.side_asked:
        # The asymmetry rule turns the next stand reminder into a stretch.
        return Due("stretch", -1.0, stand.in_s, facts, clock_s)
    asked = state.asked.get("stretch")
    due_s = state.stretch_base_s + settings.stretch_after_s
    if asked is not None:
        due_s = max(due_s, asked.clock_s + settings.stretch_after_s / 2)
    return Due("stretch", -1.0, due_s - clock_s, facts, clock_s)


def stretch_facts(state: CoachState, timeline: TimelineState, settings: CoachSettings) -> Facts:
    """What a stretch rests on: the sitting since the last one was answered, of which calls are not certain."""
    for_s = timeline.in_chair_s - state.stretch_base_s
    least_s = max(0.0, for_s - timeline.in_chair_busy_s)
    return Facts(for_s, settings.stretch_after_s, mark("sitting without a stretch"), least_s=least_s)


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


def together(coming: list[Due], settings: CoachSettings) -> list[Due]:
    """Choose what is given now, the reminder first and then what it covers; nothing while it should wait.

    A look into the distance covers nothing and is covered by nothing.
    """
    eyes = [due for due in coming if due.kind == "eyes" and due.in_s <= 0]
    coming = [due for due in coming if due.kind != "eyes"]
    return _together(coming, settings) or eyes


def _together(coming: list[Due], settings: CoachSettings) -> list[Due]:
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


def bout_clock_s(timeline: TimelineState) -> float:
    """The clock of stand reminders: the sitting of the bout that was seen, and its calls, seconds."""
    return timeline.bout_s + timeline.bout_busy_s
