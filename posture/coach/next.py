"""Which reminder comes next if nothing changes, and when: for the status. Pure."""

from __future__ import annotations

import math
from dataclasses import replace

from posture.coach.due import together, upcoming
from posture.coach.held import held_back
from posture.coach.quiet import DAY
from posture.coach.state import CoachContext, CoachState, Due
from posture.settings import CoachSettings
from posture.timeline.state import TimelineState

MOST_STEPS = 200
STEP_S = 0.5
"""How far `next_reminder` looks ahead at most, in moments at which something becomes due or may be said; the least that
one moves on."""


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
        given = together(coming, settings)
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
