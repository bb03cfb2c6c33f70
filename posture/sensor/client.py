"""The sensor as the process that started it sees it: start it, talk to it, end it."""

from __future__ import annotations

import contextlib
import socket
import subprocess
from typing import TYPE_CHECKING

from posture.own_command import own_command, own_environment
from posture.sensor.wire import Message, SensorLink, Start

if TYPE_CHECKING:
    from posture.sensor.feeder import Feeder

START_TIMEOUT_S = 60.0
"""How long a sensor may take until it is ready: it loads the model."""
END_TIMEOUT_S = 3.0


class SensorProcess:
    """One sensor, from its start to its end. The socket of a feeder is handed on to it."""

    def __init__(self, start: Start, feeder: Feeder | None = None) -> None:
        ours, theirs = socket.socketpair()
        with theirs:
            passed = [theirs.fileno(), *([] if feeder is None else [feeder.socket.fileno()])]
            names = [str(fd) for fd in passed] + ([] if feeder is None else [feeder.name])
            self._process = subprocess.Popen(
                own_command("posture.sensor.process", *names),
                env=own_environment(),
                pass_fds=passed,
                stdin=subprocess.DEVNULL,
                # Ctrl-C goes to the daemon, which ends the sensor.
                start_new_session=True,
            )
        self.link = SensorLink(ours)
        self.pid = self._process.pid
        with contextlib.suppress(OSError):
            self.link.send(start, END_TIMEOUT_S)

    def send(self, message: Message) -> None:
        """Send; that it is gone shows at the next receive."""
        with contextlib.suppress(OSError):
            self.link.send(message, END_TIMEOUT_S)

    def end(self) -> None:
        """End it, whatever it does; safe to call twice."""
        self.link.close()
        try:
            self._process.wait(END_TIMEOUT_S if self._process.poll() is None else 0)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
