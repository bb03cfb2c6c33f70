"""A process that looks through a camera for a window, as the window sees it; see `view_process`."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from posture.camera.frame import Closing
from posture.camera.source_kind import kind_of_source
from posture.child import Child
from posture.errors import PostureError
from posture.language import mark, tr
from posture.link import pair, reader
from posture.sensor.view_wire import Ask, Begin, Ended, Mode, Opened, View, ViewError, line_of, read
from posture.sensor.wire import settings_to_json
from posture.settings import Settings

ENDED = mark("The camera's process has ended: try again.")


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
        self._link, theirs = pair()
        try:
            # A file is decoded by a process of its own, which this one starts.
            programs = 1 if kind_of_source(source) == "camera" else 2
            self._child = Child("posture.sensor.view_process", links=[theirs], programs=programs)
        except BaseException:
            self._link.close()
            raise
        finally:
            theirs.close()
        self._send(line_of(Begin(source, settings_to_json(settings), mode, pace, seconds)))

    def views(self) -> Iterator[View]:
        """Yield what is seen until the source ends or this is closed; `opened` is set before the first one.

        A PostureError says why it cannot go on.
        """
        shown = reader(self._link)
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
        with contextlib.suppress(OSError, EOFError):  # the next view says that it has ended
            self._link.send(line)

    def close(self) -> None:
        """End the process; safe to call twice."""
        self._closed = True
        self._link.hang_up()
        self._child.end()
        self._link.close()
