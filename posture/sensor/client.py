"""The sensor as the process that started it sees it: start it, talk to it, end it; and what it is believed.

A single message is checked by `posture.sensor.wire`. Here its time, the rate of messages and the text in them are
bounded, and its memory: a sensor that keeps to none of that is ended like one that has died.
"""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from posture.backoff import TokenBucket
from posture.child import END_S, Child
from posture.clock import now_s
from posture.language import mark, tr
from posture.link import pair
from posture.process_memory import MOST_MB, size_mb
from posture.sensor.wire import FROM_SENSOR, CameraNews, LookResult, Message, SensorLink, Start, WireError

if TYPE_CHECKING:
    from posture.sensor.feeder import Feeder

START_TIMEOUT_S = 45.0
"""How long a sensor may take until it is ready: it loads the model, in 2 s [measured]. One that never is has been
replaced within a minute [design choice]."""
AHEAD_S = 1.0
"""Both processes read one clock, so nothing is seen later than now; this leaves room for rounding [design choice]."""
MESSAGES = TokenBucket(most=30.0, refill_per_s=2.0, left=30.0)
"""Messages that were not asked for; an honest sensor sends one when the state of its camera changes [design choice]."""
NEWS = TokenBucket(most=30.0, refill_per_s=0.1, left=30.0)
"""Calibrations that end, offers, and moves of the camera, each of which may be shown to the user; an honest sensor
tries a calibration twice a minute at most [design choice]."""
TEXT = TokenBucket(most=6_000.0, refill_per_s=5.0, left=6_000.0)
"""Characters of text that was not sent before: a few sentences are, a picture is not [design choice]."""
MOST_KNOWN = 500
DOUBTED = mark("the process that sees sent something that it never should: it was ended, and another is started")
TOO_LARGE = mark("the process that sees had grown to {found_mb} MB of memory: it was ended, and another is started")


class Doubt:
    """What a sensor is not believed, over all its messages; `check` raises WireError."""

    def __init__(self, at_s: float) -> None:
        self._unasked = TokenBucket(MESSAGES.most, MESSAGES.refill_per_s, MESSAGES.left, at_s)
        self._news = TokenBucket(NEWS.most, NEWS.refill_per_s, NEWS.left, at_s)
        self._moved = ""
        self._text = TokenBucket(TEXT.most, TEXT.refill_per_s, TEXT.left, at_s)
        self._known: set[str] = set()

    def check(self, message: Message, at_s: float) -> None:
        """Check a message that has come at `at_s`."""
        if not isinstance(message, FROM_SENSOR):
            raise WireError("a message that only a sensor gets")
        seen_s = None
        if isinstance(message, CameraNews):
            seen_s = message.t_s
            self._unasked = self._unasked.refilled(at_s).spent(1.0, at_s)
            if self._unasked.left < 0.0:
                raise WireError("more messages than there can be")
        elif isinstance(message, LookResult):
            seen_s = message.observation.t_s if message.observation is not None else None
            news = (message.calibrated is not None) + (message.offer is not None) + (message.moved != self._moved)
            self._moved = message.moved
            self._news = self._news.refilled(at_s).spent(float(news), at_s)
            if self._news.left < 0.0:
                raise WireError("more news than there can be")
        if seen_s is not None and seen_s > at_s + AHEAD_S:
            raise WireError("a look of the future")
        new = {text for text in _texts(message) if text not in self._known}
        self._text = self._text.refilled(at_s).spent(float(sum(map(len, new))), at_s)
        if self._text.left < 0.0:
            raise WireError("more text than there can be")
        self._known = new if len(self._known) > MOST_KNOWN else self._known | new


def _texts(message: Message) -> list[str]:
    """The texts of a message that are shown or kept."""
    found = [value for value in vars(message).values() if isinstance(value, str)]
    if isinstance(message, LookResult):
        found += [] if message.offer is None else [message.offer.sentence, message.offer.camera]
        calibrated = message.calibrated or {}
        found += [value for value in calibrated.values() if isinstance(value, str)]
        if (seen := message.observation) is not None:
            found += [seen.reason, *(part for one in seen.judged.values() for part in (one.why, one.coarse))]
    return found


class SensorProcess:
    """One sensor, from its start to its end. The link of a feeder is handed on to it."""

    def __init__(self, start: Start, feeder: Feeder | None = None) -> None:
        ours, theirs = pair()
        try:
            links, names = ([theirs], []) if feeder is None else ([theirs, feeder.link], [feeder.name])
            # Ctrl-C goes to the daemon, which ends the sensor.
            self._child = Child("posture.sensor.process", *names, links=links)
        except BaseException:
            ours.close()
            raise
        finally:
            theirs.close()
        self.link = SensorLink(ours)
        self.pid = self._child.pid
        self._doubt = Doubt(now_s())
        self.doubted = ""
        """Why it is no longer believed, as a sentence; empty while it is."""
        with contextlib.suppress(OSError):
            self.link.send(start, END_S)

    def send(self, message: Message) -> None:
        """Send; that it is gone shows at the next receive."""
        with contextlib.suppress(OSError):
            self.link.send(message, END_S)

    def receive(self, timeout_s: float) -> Message | None:
        """Wait for the next message, see `SensorLink.receive`; WireError where it cannot be believed."""
        try:
            message = self.link.receive(timeout_s)
            if message is not None:
                self._doubt.check(message, now_s())
        except WireError:
            self.doubted = self.doubted or tr(DOUBTED)
            raise
        return message

    def check_size(self) -> None:
        """Kill it if it has more memory than watching needs; any thread may do so."""
        if not self.doubted and (found_mb := size_mb(self.pid)) is not None and found_mb > MOST_MB:
            self.doubted = tr(TOO_LARGE, found_mb=found_mb)
            self.kill()

    def kill(self) -> None:
        """Kill it; any thread may do so, and whoever waits for it goes on."""
        self._child.kill()

    def end(self) -> None:
        """End it, whatever it does; safe to call twice.

        One that was doubted is killed at once; another closes its camera first, when its link is closed.
        """
        self.link.close()
        if self.doubted:
            self.kill()
        self._child.end(ask=False)
