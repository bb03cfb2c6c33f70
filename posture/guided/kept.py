"""Keeping what was done of an exercise, and telling the daemon, whose reminder it answers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from posture.coach.done import answering
from posture.errors import PostureError
from posture.history.care import hold_points
from posture.history.store import Store
from posture.paths import history_to_write

if TYPE_CHECKING:
    from posture.coach.hold import HoldState, Worked
    from posture.guided.lead import Lead
    from posture.history.records import Point
    from posture.settings import Settings


def points_of(lead: Lead, last_s: float, ended: datetime) -> list[Point]:
    """Make the records of what was done.

    Parameters
    ----------
    last_s : float
        The time of the last look, on its own clock.
    ended : datetime
        The same moment, aware UTC.
    """
    if lead.seen is None or lead.base is None:
        return _points(lead, lead.state, None, last_s, ended, verified=lead.verified)
    seen = _points(lead, lead.seen, None, last_s, ended, verified=True)
    return seen + _points(lead, lead.state, lead.base, last_s, ended, verified=False)


def _points(
    lead: Lead, state: HoldState, base: HoldState | None, last_s: float, ended: datetime, *, verified: bool
) -> list[Point]:
    """Records of `state`, without what was done at `base` already."""
    before_s = base.held_s if base is not None else {}
    held_s: dict[Worked, float] = {side: value - before_s.get(side, 0.0) for side, value in state.held_s.items()}
    when = {side: ended - timedelta(seconds=max(0.0, last_s - at_s)) for side, at_s in state.ended_s.items()}
    reps: dict[Worked, float] | None = None
    if lead.plan.form == "reps":
        before = base.done if base is not None else {}
        reps = {side: value - before.get(side, 0.0) for side, value in state.done.items()}
    held_s = {side: value for side, value in held_s.items() if value > 0}
    return hold_points(lead.exercise.id, held_s, when, form=lead.plan.form, reps=reps, verified=verified)


def keep(
    settings: Settings, points: Sequence[Point], *, store: bool, let_go: Callable[[], bool] = lambda: False
) -> None:
    """Store what was done, let the camera go, and have the daemon take it as the answer to what was due.

    Parameters
    ----------
    store : bool
        Whether it is kept.
    let_go : callable
        Gives the camera back and says whether a daemon had lent it: that one reads what was stored by itself.
    """
    try:
        if points and store:
            with Store(history_to_write(settings)) as writable:
                writable.write(points=points)
    finally:
        lent = let_go()
    if answering(points) and not (store and lent):
        tell_daemon(points[0].label)


def tell_daemon(exercise: str) -> None:
    """Tell a running daemon that an exercise was done."""
    from posture.control.channel import ask

    with suppress(PostureError):  # none runs, or one of an older release
        ask("held", exercise=exercise)
