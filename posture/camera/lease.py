"""Holding a camera between looks, letting others have it, and coming back to it.

Continuous, the stream stays open and is read only at a look. A glance opens it, lets the exposure settle, and closes it
after the look. In both, the camera is let go as soon as another program opens it (on Linux a stream has one owner, and
a call must not fail because of us), and it is opened again when that program has closed it.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Literal, Protocol

from posture.camera.errors import CameraBusy, CameraError, CameraForbidden, CameraLost
from posture.camera.frame import FrameSource
from posture.camera.inotify import OpenWatch
from posture.camera.linux import holders
from posture.camera.webcam import Webcam
from posture.errors import PostureError
from posture.settings import CameraSettings

__all__ = ["CameraLease", "Lease", "SourceLease", "State"]

State = Literal["closed", "open", "in use", "gone", "forbidden", "failed", "ended"]

FIRST_RETRY_S = 1.0
MAX_RETRY_S = {"in use": 60.0, "gone": 15.0, "forbidden": 60.0, "failed": 60.0}
"""A camera that is missing is asked for more often than one that somebody uses: no program minds [design choice]."""
VISIT_S, FREE_S = 1.0, 10.0
"""A program that finds the camera taken closes it within milliseconds, as does one that only asks what it is. For so
long it is free after such a visit: the next try shall not fail. Of a real driver each first try did [measured]; how
long is a design choice."""
SUPPLY_S, REFILL, PROBE_S = 60.0, 0.1, 0.03
"""What visits may cost: a supply of seconds, which fills again by this much a second; a program that asks every few
seconds must not end the watch. Without supply, who is gone within PROBE_S only asked [design choice]."""
FROZEN_LOOKS, FROZEN_S = 4, 3.0
"""So many looks, over that long, at the same picture to the byte: nobody sits so still [design choice]."""
SETTLE_FRAMES = 10
SETTLED_LUMA = 2.0
"""The exposure has settled when two frames differ by less than this in mean luma, 0 to 255 [design choice]."""


class Lease(Protocol):
    """A source that may be away for a while."""

    state: State
    sentence: str
    name: str
    source: str

    @property
    def open_s(self) -> float:
        """How long the camera has been open in all."""
        ...

    def picture(self) -> FrameSource | None:
        """A source whose grabbed frame is of now; None, with `state` and `sentence`, where there is none."""
        ...

    def looked(self) -> None:
        """The picture is no longer needed."""
        ...

    def check(self) -> None:
        """Look whether the picture that was decoded is a live one; raises CameraLost when it is not."""
        ...

    def lost(self, error: PostureError) -> None:
        """The source has failed while it was looked at."""
        ...

    def fileno(self) -> int:
        """What to wait on between looks, -1 for nothing."""
        ...

    def notice(self) -> bool:
        """Take in what happened there; True when the state has changed."""
        ...

    def close(self) -> None:
        """Let everything go; safe to call twice."""
        ...


class CameraLease:
    """Holds one webcam.

    Parameters
    ----------
    source : str
        Index, path or name. Once it was open, it is found by its stable path or its name.
    settings : CameraSettings
    clock : callable
        Seconds that never go back.
    """

    def __init__(self, source: str, settings: CameraSettings, clock: Callable[[], float] = time.monotonic) -> None:
        self.source, self._settings, self._clock = source, settings, clock
        self._camera: Webcam | None = None
        self._watch = OpenWatch("")
        self._node = ""
        self._retry_s, self._retry_at_s = FIRST_RETRY_S, float("-inf")
        self._opened_at_s, self._open_before_s = 0.0, 0.0
        self._supply, self._opened_by_others_s = (SUPPLY_S, 0.0), float("-inf")
        self._fingerprint, self._same, self._same_since_s = 0, 0, 0.0
        self._frozen = 0  # how often in a row it was found so
        self.state: State = "closed"
        self.sentence = ""
        self.name = ""

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
        try:
            if self._settings.mode == "glance":
                _settle(camera)
            camera.refresh()
        except CameraLost as lost:
            self.lost(lost)
            return None
        return camera

    def check(self) -> None:
        """See `Lease`. A camera that has hung gives one picture again and again; opening it anew may help."""
        assert self._camera is not None
        if self._camera.fingerprint != self._fingerprint:
            self._fingerprint, self._same, self._same_since_s = self._camera.fingerprint, 1, self._clock()
            self._frozen = 0
            return
        self._same += 1
        if self._same >= FROZEN_LOOKS and self._clock() - self._same_since_s >= FROZEN_S:
            self._frozen += 1
            raise CameraLost(f"{self.name} gives the same picture again and again: unplug it and plug it in again.")

    def lost(self, error: PostureError) -> None:
        """The camera has failed while it was open."""
        self._let_go("gone", str(error))

    def looked(self) -> None:
        """See `Lease`."""
        if self._settings.mode == "glance" and self._camera is not None:
            self._let_go("closed", "")
            self._retry_at_s = float("-inf")

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
                # Between two glances: whoever has it open now is about to use it.
                self.state, self.sentence = "in use", self._in_use()
                self._put_off(self._clock())
            return False
        if opens > closes and self._supply_s() < FREE_S:
            time.sleep(PROBE_S)
            more, gone = self._watch.read()
            opens, closes = opens + more, closes + gone
        if not opens or (opens <= closes and self._supply_s() < FREE_S):
            return False
        more, gone = self._let_go("in use", self._in_use())
        self._visited(opens + more, closes + gone)
        return True

    def _visited(self, opens: int, closes: int) -> None:
        """Others have opened or closed the camera, which is theirs: say when it is tried again."""
        now_s = self._clock()
        if opens:
            self._opened_by_others_s = now_s
            self.sentence = self._in_use()
        if not closes:
            return
        self._retry_s, self._retry_at_s = FIRST_RETRY_S, float("-inf")
        if now_s - self._opened_by_others_s < VISIT_S and (supply_s := self._supply_s()) >= FREE_S:
            self._supply = supply_s - FREE_S, now_s
            self._retry_at_s = now_s + FREE_S
            self.sentence = f"{self.name} was asked for by another program: it is free for that for {FREE_S:g} seconds."

    def _supply_s(self) -> float:
        """What is left for visits."""
        left_s, at_s = self._supply
        return min(SUPPLY_S, left_s + REFILL * max(0.0, self._clock() - at_s))

    def close(self) -> None:
        """See `Lease`."""
        self._let_go("closed", "")
        self._watch.close()

    def _open(self) -> bool:
        """Try to open; after a failure not again before a time that grows."""
        now_s = self._clock()
        if now_s < self._retry_at_s:
            return False
        # Somebody who has it open may be about to stream: opening now could spoil that.
        if self.state == "in use" and holders(self._node):
            self._put_off(now_s)
            return False
        try:
            camera = Webcam(self.source, self._settings)
        except CameraError as error:
            self._watch.read()  # our own attempt is none of its news
            self.state = _state_of(error)
            self.sentence = str(error)
            self._put_off(now_s)
            return False
        self._camera, self.name = camera, camera.name
        device = camera.device
        self.source = device.path or device.name or self.source
        if device.node != self._node or self._watch.fileno() < 0:
            self._watch.close()
            self._node, self._watch = device.node, OpenWatch(device.node)
        self._watch.read()
        self._opened_at_s = self._clock()
        self._retry_s, self._retry_at_s = FIRST_RETRY_S, float("-inf")
        self.state, self.sentence = "open", ""
        return True

    def _in_use(self) -> str:
        who = " and ".join(holders(self._node)) or "another program"
        return f"{self.name} is in use by {who}: watching goes on when it is free."

    def _put_off(self, now_s: float) -> None:
        self._retry_at_s = now_s + self._retry_s
        self._retry_s = min(self._retry_s * 2, MAX_RETRY_S.get(self.state, MAX_RETRY_S["failed"]))

    def _let_go(self, state: State, sentence: str) -> tuple[int, int]:
        """Close it; how often others have opened and closed it meanwhile."""
        opens = closes = 0
        if self._camera is not None:
            self._open_before_s = self.open_s
            self._camera.close()
            self._camera = None
            opens, closes = self._watch.read()
        self.state, self.sentence = state, sentence
        self._retry_s = min(FIRST_RETRY_S * 2 ** max(0, self._frozen - 1), MAX_RETRY_S["gone"])
        self._put_off(self._clock())
        return opens, max(0, closes - 1)  # the last is our own


class SourceLease:
    """A source that is no camera: open until it ends."""

    def __init__(self, source: FrameSource, clock: Callable[[], float] = time.monotonic) -> None:
        self._source, self._clock, self._since_s = source, clock, clock()
        self.state: State = "open"
        self.sentence = ""
        self.name = self.source = source.name

    @property
    def open_s(self) -> float:
        """As if it were a camera."""
        return self._clock() - self._since_s

    def picture(self) -> FrameSource | None:
        """See `Lease`."""
        try:
            if self.state == "open" and self._source.grab() is None:
                self.state, self.sentence = "ended", f"{self.name} has ended."
        except PostureError as error:
            self.lost(error)
        return self._source if self.state == "open" else None

    def check(self) -> None:
        """A file may show what it likes."""

    def lost(self, error: PostureError) -> None:
        """It has failed."""
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


def _state_of(error: CameraError) -> State:
    if isinstance(error, CameraBusy):
        return "in use"
    if isinstance(error, CameraForbidden):
        return "forbidden"
    return "gone" if type(error) is not CameraError else "failed"


def _settle(camera: Webcam) -> None:
    """Pass the first frames after opening, in which the exposure is still being found; a bounded number."""
    last = float("-inf")
    for _ in range(SETTLE_FRAMES):
        camera.grab()
        mean = float(camera.luma().mean())
        if abs(mean - last) < SETTLED_LUMA:
            return
        last = mean
