"""What happens, told to other programs as it happens: ``posture events``. docs/commands.md promises the keys."""

from __future__ import annotations

import asyncio
import contextlib
import json
from collections import deque
from collections.abc import AsyncIterator, Callable
from datetime import UTC, datetime
from typing import Any

from posture.coach.event_text import event_json
from posture.coach.reminder import Reminder
from posture.control.ends import Reply
from posture.control.protocol import MAX_FOLLOWERS, answer_line, refusal
from posture.language import mark, tr
from posture.timeline.events import Event

KEPT = 200
"""How many of the last events are kept for who begins to follow; in memory alone [design choice]."""
WAITING = 500
"""How many events wait for a program that does not read; beyond it the oldest are left out, and it is told so."""
GOODBYE_S = 1.0
TOO_MANY = mark("Already {most} programs follow what happens: end one of them, then try again.")

LOGGED: dict[str, tuple[str, tuple[str, ...]]] = {
    "paused": ("paused", ("until",)),
    "resumed": ("resumed", ()),
    "snoozed": ("snoozed", ("until",)),
    "no longer snoozed": ("snooze_end", ()),
    "standing": ("standing_said", ("on",)),
    "session": ("session", ("change",)),
    "camera": ("camera", ("state", "sentence")),
    "camera lent": ("camera_lent", ("reason",)),
    "calibrated": ("calibrated", ("ok", "provisional")),
    "pressed": ("pressed", ("button",)),
    "settings taken": ("settings", ("changed",)),
}
"""What is told of the daemon's log: the event there, its name here, and which of its keys."""


def told(event: Event | Reminder, to_utc: Callable[[float], datetime]) -> dict[str, Any]:
    """Write an event of the timeline, or a reminder, as it is told: `event_json` with times of the calendar."""
    found = event_json(event)
    for key in ("since", "until"):
        if key in found:
            found[key] = _time(to_utc(found[key]))
    return {"v": 1, "at": _time(to_utc(found.pop("t"))), **found}


def of_log(event: str, what: dict[str, Any], now: datetime) -> dict[str, Any] | None:
    """Write an event of the daemon's log as it is told; None for what is not."""
    if event not in LOGGED:
        return None
    name, keys = LOGGED[event]
    values = {key: what.get(key) for key in keys}
    dated = {key: _time(value) if isinstance(value, datetime) else value for key, value in values.items()}
    return {"v": 1, "at": _time(now), "event": name, **dated}


def _time(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds")


class Happenings:
    """Tells every follower what happens; of the event loop. No follower can hold it up, or make it grow."""

    def __init__(self) -> None:
        self._kept: deque[dict[str, Any]] = deque(maxlen=KEPT)
        self._followers: set[_Follower] = set()
        self._alone = asyncio.Event()
        self._alone.set()

    def tell(self, event: dict[str, Any]) -> None:
        """Tell of an event."""
        self._kept.append(event)
        for follower in self._followers:
            follower.take(event)

    def hear_log(self, event: str, what: dict[str, Any]) -> None:
        """Tell of what the daemon has written to its log, where it is to be told."""
        if (found := of_log(event, what, datetime.now(UTC))) is not None:
            self.tell(found)

    def recent(self, most: int) -> list[dict[str, Any]]:
        """The last events, the oldest first."""
        return list(self._kept)[-most:] if most > 0 else []

    def follow(self, now: dict[str, Any], most: int) -> Reply:
        """Answer a program that wants to follow: how it stands now, the last events, and those that come."""
        if len(self._followers) >= MAX_FOLLOWERS:
            return Reply(refusal(tr(TOO_MANY, most=MAX_FOLLOWERS)))
        follower = _Follower()
        self._followers.add(follower)
        self._alone.clear()

        def leave() -> None:
            self._followers.discard(follower)
            if not self._followers:
                self._alone.set()

        return Reply(answer_line({"status": now, "recent": self.recent(most)}), leave, follower.lines())

    async def end(self) -> None:
        """Tell everybody that it ends, and wait a moment until they have heard it."""
        self.tell({"v": 1, "at": _time(datetime.now(UTC)), "event": "stopped"})
        for follower in self._followers:
            follower.end()
        with contextlib.suppress(TimeoutError):  # one that does not read
            await asyncio.wait_for(self._alone.wait(), GOODBYE_S)


class _Follower:
    def __init__(self) -> None:
        self._waiting: deque[dict[str, Any]] = deque()
        self._lost = 0
        self._ended = False
        self._news = asyncio.Event()

    def take(self, event: dict[str, Any]) -> None:
        if len(self._waiting) >= WAITING:
            self._waiting.popleft()
            self._lost += 1
        self._waiting.append(event)
        self._news.set()

    def end(self) -> None:
        self._ended = True
        self._news.set()

    async def lines(self) -> AsyncIterator[bytes]:
        """Each event as a line, until the end."""
        while True:
            while self._waiting or self._lost:
                if self._lost:
                    lost, self._lost = self._lost, 0
                    event = {"v": 1, "at": _time(datetime.now(UTC)), "event": "lost", "count": lost}
                else:
                    event = self._waiting.popleft()
                yield json.dumps(event, default=str).encode() + b"\n"
            if self._ended:
                return
            self._news.clear()
            await self._news.wait()
