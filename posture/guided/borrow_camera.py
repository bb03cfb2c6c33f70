"""Borrowing the camera from a running daemon, for a command."""

from __future__ import annotations

import contextlib
import socket
import time
from collections.abc import Iterator

from posture.camera.source_kind import kind_of_source
from posture.errors import PostureError
from posture.language import tr

PATIENCE_S = 5.0
STEP_S = 0.05


@contextlib.contextmanager
def lent_camera(source: str | None, reason: str, *, always: bool = False) -> Iterator[bool]:
    """Have a running daemon lend its camera while the block runs; it takes the camera back even if this is killed.

    Yields whether one has lent it.

    Parameters
    ----------
    source : str or None
        A camera. For None, a file or a stream the daemon is not asked.
    reason : str
        What `posture status` shows meanwhile, such as "calibrating".
    always : bool
        Ask the daemon for a file or a stream, too: what records must be the only one that does.

    Raises
    ------
    posture.errors.PostureError
        The daemon does not answer, or does not let the camera go.
    """
    needs_none = source is None or (kind_of_source(source) != "camera" and not always)
    if needs_none or not hasattr(socket, "AF_UNIX"):
        yield False
        return
    from posture.control.channel import ask, borrow_camera

    with borrow_camera(reason) as runs:
        if runs:
            end_s = time.monotonic() + PATIENCE_S
            # The sensor process has the camera until it ends.
            while ask("status")["sensor"]["pid"] is not None:
                if time.monotonic() > end_s:
                    raise PostureError(tr("The daemon does not let the camera go: run posture restart, and try again."))
                time.sleep(STEP_S)
        yield runs
