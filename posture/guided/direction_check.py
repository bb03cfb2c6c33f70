"""The directional check, for terminal and window: whether it may begin, what is kept of it, and what is proposed.

Its steps are `posture.coach.direction.advance`.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from posture.coach.direction import Blocked, Change, DirectionState, Way, blocked, next_proposal
from posture.coach.safety import suspended_text
from posture.errors import PostureError
from posture.guided.questions import care_now
from posture.history.care import Care, care_of, direction_point, followed_point
from posture.language import mark, sentence_start, tr

if TYPE_CHECKING:
    from posture.coach.pain import Proposal
    from posture.history.records import Point
    from posture.settings import Settings

NOTHING_PROPOSED = mark("Nothing is proposed now: the same answer on 2 of 3 days is needed, or a log that agrees.")


# Translators: the two ways of the directional check, and what a way did to the pain.
_WAYS: Mapping[Way, str] = {"extension": mark("extension"), "flexion": mark("flexion")}
_CHANGES: Mapping[Change, str] = {
    "better": mark("better"),
    "same": mark("same"),
    "worse": mark("worse"),
    "stopped": mark("stopped"),
}


class ExercisesOffError(PostureError):
    """Exercises are off, since a warning sign was named.

    Parameters
    ----------
    emergency : bool
        Whether it is one that needs help now.
    """

    def __init__(self, *, emergency: bool) -> None:
        super().__init__(suspended_text(emergency=emergency))
        self.emergency = emergency


def blocked_now(care: Care, settings: Settings) -> Blocked | None:
    """Say why no check may begin now; None if one may."""
    now = datetime.now(UTC)
    return blocked(
        care.directions,
        now.timestamp(),
        now.astimezone().date().toordinal(),
        suspended=care.suspended,
        conditions=settings.coach.conditions,
        asked=bool(settings.coach.clearance),
        checked_in_s=care.checked_in_s,
    )


def proposal_now(care: Care, settings: Settings) -> Proposal | None:
    """Which direction is proposed in place of the one that is set, if any."""
    now_s = datetime.now(UTC).timestamp()
    return next_proposal(care.directions, care.pains, now_s, settings.coach.bias, settings.coach.conditions)


def take(settings: Settings) -> Proposal:
    """Take what is proposed: plan and reminders follow it. A PostureError says that exercises are off, or why not."""
    from posture.control.channel import tell
    from posture.settings import find_spec
    from posture.settings_file import set_setting
    from posture.settings_text import settings_path

    care = care_now(settings)
    if care.suspended:
        raise ExercisesOffError(emergency=care.emergency)
    proposal = proposal_now(care, settings)
    if proposal is None:
        raise PostureError(tr(NOTHING_PROPOSED))
    set_setting(settings_path(), find_spec("coach.bias"), proposal.bias)
    tell("reload")
    return proposal


def keep_check(settings: Settings, state: DirectionState) -> Care:
    """Keep a check that is over and had begun, tell the daemon, and give what is known now."""
    return _kept(settings, direction_point(datetime.now(UTC), state))


def keep_followed(settings: Settings, *, worse: bool) -> Care:
    """Keep how it was on another day after a check that made it worse; as `keep_check`."""
    return _kept(settings, followed_point(datetime.now(UTC), worse=worse))


def changes_text(state: DirectionState) -> list[str]:
    """Say how the pain was before and after each way that was tried to its end."""
    return [
        tr(
            "{way}: {before}, then {after}: {change}.",
            way=sentence_start(tr(_WAYS[way])),
            before=state.before.words,
            after=state.after[way].words,
            change=tr(_CHANGES[change]),
        )
        for way, change in state.changed.items()
        if way in state.after and state.before is not None
    ]


def _kept(settings: Settings, point: Point) -> Care:
    from posture.control.channel import tell
    from posture.history.store import Store
    from posture.paths import history_to_write

    with Store(history_to_write(settings)) as store:
        store.write(points=[point])
        care = care_of(store, datetime.now(UTC))
    tell("care")
    return care
