"""Keeping a camera between looks, giving it to other programs, and coming back to it.

In continuous mode the stream stays open and is read only at a look. A glance opens it, lets the exposure settle, and
closes it after the look. In both, the camera is given up as soon as another program opens it (on Linux a stream has one
owner, and a call must not fail because of us), and it is opened again when that program has closed it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal, Protocol

from posture.backoff import Backoff, TokenBucket
from posture.camera.devices import CameraDevice, again, used_elsewhere, users
from posture.camera.errors import CameraBusy, CameraError, CameraForbidden, CameraLost
from posture.camera.frame import FrameSource
from posture.camera.inotify import OpenWatch
from posture.camera.webcam import Webcam
from posture.errors import PostureError
from posture.language import listed, tr
from posture.settings import CameraSettings

LeaseState = Literal["closed", "open", "in use", "gone", "forbidden", "failed", "ended"]

RETRY = Backoff(first_s=1.0, longest_s=60.0)
GONE_RETRY_S = 15.0
"""A missing camera is tried more often than one that another program uses: it disturbs nobody [design choice]."""
VISIT_S, FREE_S = 1.0, 10.0
"""A program that finds the camera taken closes it within milliseconds, as does one that only asks what it is. After
such a visit the camera is free for this long, so that the next try does not fail. With a real driver each first try
did [measured]; how long is a design choice."""
SUPPLY_S, REFILL, PROBE_S = 60.0, 0.1, 0.03
"""What visits may cost: a supply of seconds, and how much of it comes back each second, because a program that asks
every few seconds must not end the watch. With none left, a program gone within PROBE_S only asked [design choice]."""
FROZEN_LOOKS, FROZEN_S = 4, 3.0
"""So many looks, over that long, at the same picture to the byte: nobody sits so still [design choice]."""
SETTLE_FRAMES = 10
SETTLED_LUMA = 2.0
"""The exposure has settled when two frames differ by less than this in mean luma, 0 to 255 [design choice]."""


@dataclass(frozen=True)
class _SamePicture:
    """How often in a row a picture came that is the same to the byte, and since when."""

    fingerprint: int = 0
    looks: int = 0
    since_s: float = 0.0


class Lease(Protocol):
    """A source that may be away for a while."""

    state: LeaseState
    sentence: str
    """What is wrong, for the user; empty while nothing is."""
    name: str
    """What it calls itself; empty until it was open."""
    source: str
    """By what it is found again."""

    @property
    def identity(self) -> tuple[str, frozenset[str]]:
        """See `Webcam.identity`; of a camera that is not open nothing is known."""

    @property
    def open_s(self) -> float:
        """How long the camera has been open in all."""

    def picture(self) -> FrameSource | None:
        """A source whose grabbed frame is of now; None, with `state` and `sentence`, where there is none."""

    def looked(self) -> None:
        """The picture is no longer needed."""

    def check(self) -> None:
        """Raise CameraLost when the picture decoded last is not a live one."""

    def lost(self, error: PostureError) -> None:
        """Take note that the source failed during a look."""

    def fileno(self) -> int:
        """What to wait on between looks, -1 for nothing."""

    def notice(self) -> bool:
        """Read what other programs did to it; True when the state has changed."""

    def close(self) -> None:
        """Let everything go; safe to call twice."""


class CameraLease:
    """The lease of one webcam.

    Parameters
    ----------
    source : str
        Index, path or name. Once it was open, it is found by its stable path or its name.
    clock : callable
        Seconds that never go back.
    """

    def __init__(self, source: str, settings: CameraSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self.source, self._settings, self._clock = source, settings, clock
        self._camera: Webcam | None = None
        self._watch, self._node = OpenWatch(""), ""
        self._device: CameraDevice | None = None  # the one that was open last
        self._retry = RETRY
        self._opened_at_s, self._open_before_s = 0.0, 0.0
        self._visits, self._opened_by_others_s = TokenBucket(SUPPLY_S, REFILL, SUPPLY_S), float("-inf")
        self._same, self._frozen = _SamePicture(), RETRY
        self.state: LeaseState = "closed"
        self.sentence = ""
        self.name = ""

    @property
    def identity(self) -> tuple[str, frozenset[str]]:
        """See `Webcam.identity`; of a camera that is not open nothing is known."""
        return self._camera.identity if self._camera is not None else ("", frozenset())

    @property
    def open_s(self) -> float:
        """How long the camera has been open in all."""
        now_s = self._clock() - self._opened_at_s if self._camera is not None else 0.0
        return self._open_before_s + now_s

    def picture(self) -> FrameSource | None:
        """See `Lease`. Never raises for what is wrong with a camera."""
        if self._camera is None and not self._open():
            return None
        camera = self._camera
        assert camera is not None
        if used_elsewhere(camera.device):
            self._close("in use", self._in_use())
            return None
        try:
            if self._settings.mode == "glance":
                _settle(camera)
            camera.refresh()
        except CameraLost as error:
            self.lost(error)
            return None
        return camera

    def check(self) -> None:
        """See `Lease`. A camera that has hung gives the same picture again and again; opening it anew may help."""
        assert self._camera is not None
        now_s = self._clock()
        if self._camera.fingerprint != self._same.fingerprint:
            self._same, self._frozen = _SamePicture(self._camera.fingerprint, 1, now_s), RETRY
            return
        self._same = replace(self._same, looks=self._same.looks + 1)
        if self._same.looks >= FROZEN_LOOKS and now_s - self._same.since_s >= FROZEN_S:
            self._frozen = self._frozen.failed(now_s, GONE_RETRY_S)
            # Translators: {remedy} is what to try, such as "unplug it and plug it in again"
            said = tr(
                "{name} gives the same picture again and again: {remedy}.",
                name=self.name,
                remedy=again(self._camera.device),
            )
            raise CameraLost(said)

    def lost(self, error: PostureError) -> None:
        """See `Lease`."""
        self._close("gone", str(error))

    def looked(self) -> None:
        """See `Lease`."""
        if self._settings.mode == "glance" and self._camera is not None:
            self._close("closed", "")
            self._retry = RETRY

    def fileno(self) -> int:
        """See `Lease`."""
        return self._watch.fileno()

    def notice(self) -> bool:
        """Give way when another program has opened the camera; come back soon when it has closed it."""
        opens, closes = self._watch.read()
        if self._camera is None:
            if self.state == "in use":
                self._visited(opens, closes)
            elif opens > closes and self.state == "closed":
                # Between two glances: the program that has it open now is about to use it.
                self.state, self.sentence = "in use", self._in_use()
                self._retry = self._retry.failed(self._clock())
            return False
        visits_s = self._visits.refilled(self._clock()).left
        if opens > closes and visits_s < FREE_S:
            time.sleep(PROBE_S)
            more, gone = self._watch.read()
            opens, closes = opens + more, closes + gone
        if not opens or (opens <= closes and visits_s < FREE_S):
            return False
        more, gone = self._close("in use", self._in_use())
        self._visited(opens + more, closes + gone)
        return True

    def _visited(self, opens: int, closes: int) -> None:
        """Decide when to try again, after others have opened or closed the camera while it is theirs."""
        now_s = self._clock()
        if opens:
            self._opened_by_others_s = now_s
            self.sentence = self._in_use()
        if not closes:
            return
        self._retry = RETRY
        visits = self._visits.refilled(now_s)
        if now_s - self._opened_by_others_s < VISIT_S and visits.left >= FREE_S:
            self._visits = visits.spent(FREE_S, now_s)
            self._retry = replace(RETRY, due_s=now_s + FREE_S)
            self.sentence = tr(
                "{name} was asked for by another program: it is free for that for {seconds} seconds.",
                name=self.name,
                seconds=f"{FREE_S:g}",
            )

    def close(self) -> None:
        """See `Lease`."""
        self._close("closed", "")
        self._watch.close()

    def _open(self) -> bool:
        """Try to open the camera; after a failure, wait longer each time before the next try."""
        now_s = self._clock()
        if now_s < self._retry.due_s:
            return False
        # A program that has it open may be about to stream; opening it now could spoil that.
        if self.state == "in use" and (users(self._node) or (self._device and used_elsewhere(self._device))):
            self._retry = self._retry.failed(now_s)
            return False
        try:
            camera = Webcam(self.source, self._settings)
        except CameraError as error:
            self._watch.read()  # our own attempt must not count as another program's
            self.state = _state_of(error)
            self.sentence = self._in_use() if self.state == "in use" and self.name else str(error)
            self._retry = self._retry.failed(now_s, GONE_RETRY_S if self.state == "gone" else None)
            return False
        self._camera, self.name = camera, camera.name
        self._device = device = camera.device
        self.source = device.path or device.name or self.source
        if device.node != self._node or self._watch.fileno() < 0:
            self._watch.close()
            self._node, self._watch = device.node, OpenWatch(device.node)
        self._watch.read()
        self._opened_at_s, self._retry = self._clock(), RETRY
        self.state, self.sentence = "open", ""
        return True

    def _in_use(self) -> str:
        who = listed(users(self._node)) or tr("another program")
        return tr("{name} is in use by {who}: watching goes on when it is free.", name=self.name, who=who)

    def _close(self, state: LeaseState, sentence: str) -> tuple[int, int]:
        """Close the camera; return how often others opened and closed it meanwhile."""
        opens = closes = 0
        if self._camera is not None:
            self._open_before_s = self.open_s
            self._camera.close()
            self._camera = None
            opens, closes = self._watch.read()
        self.state, self.sentence = state, sentence
        # After each freeze in a row the camera is left alone for longer.
        now_s, frozen = self._clock(), self._frozen
        self._retry = replace(frozen, due_s=now_s + frozen.wait_s) if frozen.wait_s else RETRY.failed(now_s)
        return opens, max(0, closes - 1)  # the last is our own


class SourceLease:
    """The lease of a source that is no camera: open until it ends."""

    def __init__(self, source: FrameSource, clock: Callable[[], float] = time.monotonic) -> None:
        self._source, self._clock, self._since_s = source, clock, clock()
        self.state: LeaseState = "open"
        self.sentence = ""
        self.name = self.source = source.name

    @property
    def identity(self) -> tuple[str, frozenset[str]]:
        """See `Lease`."""
        return "", frozenset()

    @property
    def open_s(self) -> float:
        """See `Lease`."""
        return self._clock() - self._since_s

    def picture(self) -> FrameSource | None:
        """See `Lease`."""
        try:
            if self.state == "open" and self._source.grab() is None:
                self.state, self.sentence = "ended", tr("{name} has ended.", name=self.name)
        except PostureError as error:
            self.lost(error)
        return self._source if self.state == "open" else None

    def check(self) -> None:
        """Files are never checked for a frozen picture."""

    def lost(self, error: PostureError) -> None:
        """See `Lease`."""
        self.state, self.sentence = "ended", str(error)

    def looked(self) -> None:
        """Nothing to do."""

    def fileno(self) -> int:
        """Nothing to wait on."""
        return -1

    def notice(self) -> bool:
        """Nothing happens."""
        return False

    def close(self) -> None:
        """See `Lease`."""
        self._source.close()


def _state_of(error: CameraError) -> LeaseState:
    if isinstance(error, CameraBusy):
        return "in use"
    if isinstance(error, CameraForbidden):
        return "forbidden"
    return "gone" if type(error) is not CameraError else "failed"


def _settle(camera: Webcam) -> None:
    """Pass the first frames after opening, while the exposure still settles; at most SETTLE_FRAMES of them."""
    last = float("-inf")
    for _ in range(SETTLE_FRAMES):
        camera.grab()
        mean = float(camera.luma().mean())
        if abs(mean - last) < SETTLED_LUMA:
            return
        last = mean
