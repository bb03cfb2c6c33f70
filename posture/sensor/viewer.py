"""A process that looks through a camera for a window, as the window sees it; see `view_process`."""

from __future__ import annotations

import contextlib
import subprocess
from collections.abc import Iterator
from typing import Any, BinaryIO, cast

from posture.camera.frame import Closing
from posture.errors import PostureError
from posture.language import language, mark, tr
from posture.own_command import output, own_command, own_environment
from posture.own_language import OVERRIDE
from posture.process_memory import limit_memory
from posture.sensor.view_wire import Ask, Begin, Ended, Mode, Opened, View, ViewError, line_of, read
from posture.sensor.wire import settings_to_json
from posture.settings import Settings

ENDED = mark("The camera's process has ended: try again.")
END_S = 3.0
"""How long it has to close the camera before it is ended by force [design choice]."""


class Viewer(Closing):
    """Starts the process; end it by `close`, from any thread.

    Parameters
    ----------
    source : str
        A camera, a video file or the address of a stream.
    mode : Mode
        What for it looks.
    pace : bool
        Play a file at its own pace.
    seconds : float
        How long a calibration looks at least.
    """

    def __init__(
        self, source: str, settings: Settings, mode: Mode = "preview", *, pace: bool = True, seconds: float = 10.0
    ) -> None:
        self.opened: Opened | None = None
        self._closed = False
        self._process: subprocess.Popen[bytes] = subprocess.Popen(
            own_command("posture.sensor.view_process"),
            env=own_environment() | {OVERRIDE: language()},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=output(),
            **_apart(),
        )
        limit_memory(self._process.pid)
        self._send(line_of(Begin(source, settings_to_json(settings), mode, pace, seconds)))

    def views(self) -> Iterator[View]:
        """Yield what is seen until the source ends or this is closed; `opened` is set before the first one.

        A PostureError says why it cannot go on.
        """
        shown = cast(BinaryIO, self._process.stdout)
        while not self._over():
            try:
                message = read(shown)
            except (EOFError, OSError, ViewError, ValueError):
                if self._over():
                    return
                raise PostureError(tr(ENDED)) from None
            if isinstance(message, Opened):
                self.opened = message
            elif isinstance(message, Ended):
                if message.error:
                    raise PostureError(message.error)
                return
            else:
                yield message

    def _over(self) -> bool:
        """Whether it was closed, by whichever thread."""
        return self._closed

    def ask(self, mode: Mode, seconds: float = 10.0) -> None:
        """Have it look otherwise from the next look on."""
        self._send(line_of(Ask(mode, seconds)))

    def _send(self, line: bytes) -> None:
        with contextlib.suppress(OSError, ValueError):  # the next view says that it has ended
            assert self._process.stdin is not None
            self._process.stdin.write(line)
            self._process.stdin.flush()

    def close(self) -> None:
        """End the process; safe to call twice."""
        self._closed = True
        with contextlib.suppress(OSError, ValueError):
            if self._process.stdin is not None:
                self._process.stdin.close()
        if self._process.poll() is None:
            self._process.terminate()
        try:
            self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()


def _apart() -> dict[str, Any]:
    """Keep a Ctrl-C in the terminal from it."""
    import sys

    return {"creationflags": 0x08000000} if sys.platform == "win32" else {"start_new_session": True}
