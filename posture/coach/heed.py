"""Whether reminders are acted on, by kind: what is let pass several times running may come less often. Pure."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from posture.coach.reminder import ReminderKind
from posture.timeline.state import TimelineState

EASED_WITHIN_S = 300.0
"""A posture notice is heeded if the deviation ends within this [design choice]."""
LET_PASS = 5
"""So many let pass one after another: the next one asks whether to say it less often [design choice]."""
EYES_S = 20.0
"""A look into the distance takes this long, and is taken to be done by then: no camera checks it [design choice]."""
LESS_OFTEN: Mapping[ReminderKind, str] = {
    "stand": "coach.stand_after",
    "move": "coach.move_after",
    "stretch": "coach.stretch_after",
    "posture": "coach.cooldown",
    "sit": "coach.sit_after",
    "eyes": "coach.eyes_after",
}
"""The setting by which each kind comes less often."""


@dataclass(frozen=True)
class Heed:
    """What became of the reminders of each kind."""

    waiting_s: Mapping[ReminderKind, float] = field(default_factory=dict)
    """When one was given that has not been acted on."""
    let_pass: Mapping[ReminderKind, int] = field(default_factory=dict)
    """How many were let pass, one after another."""


def given(heed: Heed, kind: ReminderKind, t_s: float) -> Heed:
    """Take note of a reminder: the last one of its kind, if nothing came of it, was let pass."""
    if kind in heed.waiting_s:
        heed = replace(heed, let_pass={**heed.let_pass, kind: heed.let_pass.get(kind, 0) + 1})
    return replace(heed, waiting_s={**heed.waiting_s, kind: t_s})


def heeded(heed: Heed, kinds: Collection[ReminderKind]) -> Heed:
    """Take note that reminders of these kinds were acted on, answered or snoozed: none counts as let pass any more."""
    if not any(kind in heed.waiting_s or kind in heed.let_pass for kind in kinds):
        return heed
    return Heed(
        {kind: t_s for kind, t_s in heed.waiting_s.items() if kind not in kinds},
        {kind: count for kind, count in heed.let_pass.items() if kind not in kinds},
    )


def seen(heed: Heed, timeline: TimelineState, asked: Collection[ReminderKind]) -> Heed:
    """Take note of what the last look shows; `asked` are the kinds that the coach still waits for."""
    kinds = [kind for kind, t_s in heed.waiting_s.items() if _acted_on(kind, t_s, timeline, asked)]
    return heeded(heed, kinds)


def _acted_on(kind: ReminderKind, t_s: float, timeline: TimelineState, asked: Collection[ReminderKind]) -> bool:
    match kind:
        case "stand" | "stretch":
            return kind not in asked or (timeline.bout is not None and timeline.bout.since_s > t_s)
        case "move":
            return timeline.shift_s > t_s
        case "posture":
            return any(t_s <= span.until_s <= t_s + EASED_WITHIN_S for span in timeline.spans)
        case "eyes":
            return timeline.now_s - t_s >= EYES_S
        case "sit":
            return timeline.presence in ("sitting", "away") and timeline.presence_since_s > t_s
