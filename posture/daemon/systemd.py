"""What systemd is told of the daemon (sd_notify): that it is ready, that it ends, and that it is alive."""

from __future__ import annotations

import contextlib
import os
import socket
import time
from collections.abc import Callable


def notify(state: str) -> None:
    """Send a state to systemd (Type=notify), if it has asked for it."""
    address = os.environ.get("NOTIFY_SOCKET")
    if not address or not hasattr(socket, "AF_UNIX"):
        return
    # A full queue must not stop the daemon: the next state says the same.
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as link:
        link.setblocking(False)
        link.connect("\0" + address[1:] if address.startswith("@") else address)
        link.sendall(state.encode())


def watchdog_s() -> float | None:
    """How often systemd wants to hear that the daemon is alive (WatchdogSec); None where it does not."""
    meant_for = os.environ.get("WATCHDOG_PID", "")
    try:
        given_s = int(os.environ["WATCHDOG_USEC"]) / 1e6
        if given_s > 0 and (not meant_for or int(meant_for) == os.getpid()):
            return given_s
    except (KeyError, ValueError):
        pass
    return None


class Watchdog:
    """Says that the daemon is alive, four times as often as systemd wants to hear it.

    A daemon that no longer says so is killed and started again. `clock` stands still while the machine sleeps, as
    systemd's own does.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._every_s, self._clock = watchdog_s(), clock
        self._said_s = float("-inf")

    def alive(self) -> float:
        """Say so, if it is time; gives in how many seconds it is time again."""
        if self._every_s is None:
            return float("inf")
        if self._clock() - self._said_s >= self._every_s / 4:
            self._said_s = self._clock()
            notify("WATCHDOG=1")
        return self._said_s + self._every_s / 4 - self._clock()
