"""A guided stretch that has borrowed the camera answers what was due: what was held is read from the history."""

from __future__ import annotations

import asyncio
import contextlib
from datetime import UTC, datetime, timedelta

from posture.coach.done import answering
from posture.coach.exercises import find_exercise
from posture.daemon.logs import Log
from posture.errors import PostureError
from posture.history.store import existing_store
from posture.language import mark
from posture.monitor.engine import Engine
from posture.paths import history_path
from posture.settings import Settings

# Translators: why posture does not watch just now.
STRETCHING = mark("stretching")
"""The reason for which `posture stretch` borrows the camera."""


async def credit_held(engine: Engine, settings: Settings, since: datetime, log: Log) -> bool:
    """Answer what was due if enough of an exercise was done since then, an aware UTC time; whether it was."""
    with contextlib.suppress(PostureError):
        exercises = await asyncio.to_thread(_held_since, settings, since)
        if exercises:
            credit(engine, exercises, log)
            return True
    return False


def credit(engine: Engine, exercises: list[str], log: Log) -> None:
    """Answer what was due by exercises that were done; one that is done standing is a break as well.

    PostureError for one that does not exist.
    """
    up = "standing" in {find_exercise(exercise).position for exercise in exercises}
    engine.done("stretch", told=False, up=up)
    log.write("held", exercises=exercises, up=up)


def _held_since(settings: Settings, since: datetime) -> list[str]:
    store = existing_store(history_path(settings))
    if store is None:
        return []
    with store:
        points = store.points(since, datetime.now(UTC) + timedelta(seconds=1))
    return sorted(answering([point for point in points if point.kind == "hold"]))
