"""Why a reminder that is due is held back, and for how long. Pure."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from posture.coach.due import MINOR, NEAR
from posture.coach.quiet import WEEK, quiet_min, quiet_words
from posture.coach.reminder import ReminderKind
from posture.coach.state import CoachContext, CoachState
from posture.coach.words import PROGRAM_RUNS
from posture.language import mark
from posture.settings import CoachSettings, Settings, find_spec
from posture.timeline.state import TimelineState

HOUR_S = 3600.0
MINOR_SHARE = 0.5
"""They get at most this part of `coach.most_per_hour`; a stand reminder that was given before leaves them the last one
of an hour, or who gets up when told would hear more of them than who does not [design choice]."""


@dataclass(frozen=True)
class Hold:
    """Why a reminder that is due is held back, and for how long: infinite where that is not known."""

    why: str
    """To be shown with `tr`; quiet hours are in the language already."""
    in_s: float
    setting: str = ""
    """Its name in the section of the coach; empty where none says so."""


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
        holds.append(Hold(mark("just back from a break"), back_s - now_s, "stand_after"))
    if context.waiting:
        holds.append(Hold(context.waiting, math.inf, "quiet_while" if context.waiting == PROGRAM_RUNS else ""))
    quiet = context.local_minute, settings.quiet_hours, context.local_weekday
    if left := quiet_min(*quiet):
        in_s = math.inf if left >= WEEK else 60.0 * left - context.local_second
        holds.append(Hold(quiet_words(*quiet), in_s, "quiet_hours"))
    if state.snoozed_until_s is not None:
        holds.append(Hold(mark("snoozed"), state.snoozed_until_s - now_s))
    times_s = [t_s for t_s, _ in state.given]
    if times_s:
        holds.append(
            Hold(mark("another reminder came just before"), times_s[-1] + settings.spacing_s - now_s, "spacing")
        )
    if kind == "eyes":
        return holds
    times_s = [t_s for t_s, given in state.given if given != "eyes"]  # they take no place from the others
    most = settings.most_per_hour
    free_s = _slot_s(times_s, most)
    if kind in MINOR:
        minor_s = [t_s for t_s, given in state.given if given in MINOR]
        free_s = max(free_s, _slot_s(minor_s, max(1, int(most * MINOR_SHARE))))
    elif kind in state.asked and timeline.call is None:
        free_s = max(free_s, _slot_s(times_s, max(1, most - 1)))
    return [*holds, Hold(mark("enough reminders in this hour"), free_s - now_s, "most_per_hour")]


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
