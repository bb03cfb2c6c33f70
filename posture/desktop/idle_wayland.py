"""Idle time of a Wayland session, where the compositor tells: sway and all of wlroots, KDE Plasma, Hyprland, COSMIC.

The protocol has no question for how long nothing was touched; it tells when nothing was for so long, and when that has
ended (ext-idle-notify-v1, or KDE's own, from which it was made). So it is listened to from a while before a reminder is
due. By the second version of the protocol, a film that keeps the screen on does not count as input; by the first one
and KDE's it does, and nobody can tell the two apart.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass

from posture.backoff import Backoff
from posture.clock import now_s
from posture.desktop.wayland import Wayland, connected

REST_S = 3.0
"""After so long without input the compositor tells: `posture.desktop.idle.TYPING_S`."""
LATE_S = 0.5
"""So much later than that it may tell [design choice]."""
NOTIFIER, KDE_IDLE, SEAT = "ext_idle_notifier_v1", "org_kde_kwin_idle", "wl_seat"
GET_NOTIFICATION, GET_INPUT_NOTIFICATION, KDE_GET_TIMEOUT = 1, 2, 0
"""Requests of the notifier and of KDE's."""
DESTROY = 0
"""Of what they make; KDE calls it release."""
IDLED, RESUMED = 0, 1
"""Its events."""
LISTEN_S = 60.0
"""How long nobody has to ask until it is no longer listened to [design choice]."""
MOST_SEATS = 8
AGAIN = Backoff(10.0, 120.0)
"""When a session that is not there, or does not tell, is looked for again [design choice]."""


@dataclass
class _Seat:
    """A keyboard with its mouse."""

    told_by: int
    """The object whose events are of this seat."""
    since_s: float
    """Since when it is listened to."""
    idle_since_s: float | None = None
    """Since when it is known to be idle; None while it may be in use."""


class WaylandIdle:
    """What the compositor has told; it is listened to from `begin` on, for a while."""

    def __init__(self) -> None:
        self._wayland: Wayland | None = None
        self._notifier = (0, 0)  # the object, and its request for a notification
        self._seats: dict[int, _Seat] = {}
        self._connecting: asyncio.Task[None] | None = None
        self._again = AGAIN
        self._ending: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Listen for the next `LISTEN_S`, and so much longer each time that this is called again."""
        if self._ending is not None:
            self._ending.cancel()
        self._ending = asyncio.get_running_loop().call_later(LISTEN_S, self.end)
        if self._wayland is None and self._connecting is None and now_s() >= self._again.due_s:
            self._connecting = asyncio.get_running_loop().create_task(self._connect())

    def end(self) -> None:
        """Listen no more; safe to call twice."""
        if self._ending is not None:
            self._ending.cancel()
            self._ending = None
        if self._connecting is not None:
            self._connecting.cancel()
            self._connecting = None
        self._drop()
        self._again = AGAIN

    def idle_s(self) -> float | None:
        """Give the seconds since the last input: 0 for within the last three; None while that is not known."""
        if not self._seats:
            return None
        now, rests = now_s(), []
        for seat in self._seats.values():
            if seat.idle_since_s is not None:
                rests.append(REST_S + now - seat.idle_since_s)
            elif now - seat.since_s >= REST_S + LATE_S:
                return 0.0
        return min(rests) if len(rests) == len(self._seats) else None

    async def _connect(self) -> None:
        try:
            wayland = await connected()
            if wayland is None:
                self._again = self._again.failed(now_s())
                return
            self._wayland = wayland
            wayland.lost = self._lost
            wayland.appeared, wayland.disappeared = self._appeared, self._disappeared
            self._find(wayland)
            if not self._seats:
                self._drop()
                self._again = self._again.failed(now_s())
        finally:
            if self._connecting is asyncio.current_task():
                self._connecting = None

    def _find(self, wayland: Wayland) -> None:
        for interface, request in ((NOTIFIER, GET_NOTIFICATION), (KDE_IDLE, KDE_GET_TIMEOUT)):
            for name in wayland.named(interface)[:1]:
                input_alone = interface == NOTIFIER and wayland.offered[name][1] >= 2
                self._notifier = wayland.bind(name, 2), GET_INPUT_NOTIFICATION if input_alone else request
                for seat in wayland.named(SEAT):
                    self._appeared(seat)
                return

    def _appeared(self, name: int) -> None:
        wayland, (notifier, request) = self._wayland, self._notifier
        if wayland is None or not notifier or wayland.offered[name][0] != SEAT or len(self._seats) >= MOST_SEATS:
            return
        seat, rest_ms = wayland.bind(name, 1), round(1000 * REST_S)
        # They are alike but for the order of the last two.
        last = (seat, rest_ms) if request == KDE_GET_TIMEOUT else (rest_ms, seat)
        told_by = wayland.new(notifier, request, *last)
        self._seats[name] = _Seat(told_by, now_s())
        wayland.hear(told_by, lambda event, body: self._told(name, event))

    def _disappeared(self, name: int) -> None:
        gone = self._seats.pop(name, None)
        if gone is not None and self._wayland is not None:
            self._wayland.forget(gone.told_by)
            self._wayland.request(gone.told_by, DESTROY)

    def _told(self, name: int, event: int) -> None:
        seat = self._seats.get(name)
        if seat is not None and event in (IDLED, RESUMED):
            seat.idle_since_s = now_s() if event == IDLED else None

    def _lost(self) -> None:
        self._wayland = None
        self._drop()
        self._again = self._again.failed(now_s())

    def _drop(self) -> None:
        if self._wayland is not None:
            self._wayland.close()
        self._wayland, self._notifier, self._seats = None, (0, 0), {}
