"""Starting the daemon's process and ending it."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING

from posture.errors import PostureError
from posture.language import tr

if TYPE_CHECKING:
    from posture.control.instance import Holder

START_TIMEOUT_S = 60.0 if sys.platform == "win32" else 20.0
"""A daemon is there in a second or two; on Windows a scanner may look through every library first [design choice]."""
STOP_TIMEOUT_S = 12.0


def start_daemon(overrides: list[str]) -> bool:
    """Start the daemon; False where another start was faster, PostureError where it has not started."""
    import contextlib
    import os
    from pathlib import Path

    from posture.access import make_folder
    from posture.child import started
    from posture.control.instance import ALREADY
    from posture.erase import overwrite
    from posture.link import pair
    from posture.own_command import own_command, own_environment
    from posture.paths import log_path
    from posture.plain_file import open_plain

    make_folder(log_path().parent)
    # What Python prints at a crash; small, and emptied at each start.
    with contextlib.suppress(OSError):
        overwrite(log_path().with_name("daemon.err"))
    try:
        crash = open_plain(log_path().with_name("daemon.err"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    except OSError as error:
        raise PostureError(
            tr(
                "{path} cannot be written ({why}): check it, or move it away.",
                path=log_path().with_name("daemon.err"),
                why=error.strerror,
            )
        ) from None
    ours, theirs = pair()
    try:
        started(
            [*own_command("posture.daemon"), "--ready"],
            [f"--set={override}" for override in overrides],
            [theirs],
            stays=True,
            env=own_environment(),
            stdout=crash,
            cwd=Path.cwd().anchor,
        )
    finally:
        theirs.close()
        os.close(crash)
    answer, until_s = b"", time.monotonic() + START_TIMEOUT_S
    with contextlib.closing(ours), contextlib.suppress(EOFError, TimeoutError):
        while not answer.endswith(b"\n"):
            answer += ours.receive(4096, max(0.0, until_s - time.monotonic()))
    line = answer.decode("utf-8", "replace").strip()
    if line.startswith("error "):
        raise PostureError(line.removeprefix("error "))
    if line not in ("ready", ALREADY):
        raise PostureError(tr("The daemon has not started: see {path}.", path=log_path().with_name("daemon.err")))
    return bool(line != ALREADY)


def wait_for_answer() -> dict[str, object]:
    """Ask until the daemon answers; another process may still be starting it."""
    from posture.control.channel import ask
    from posture.control.protocol import NotRunningError

    until_s = time.monotonic() + START_TIMEOUT_S
    while True:
        try:
            return ask("status")
        except NotRunningError:
            if time.monotonic() > until_s:
                raise
            time.sleep(0.05)


def end_daemon() -> bool:
    """Ask the daemon to end, and kill it where it cannot be asked or does not; False where none was running.

    A PostureError says that it cannot be ended.
    """
    from posture.control.channel import UnreachableError, ask
    from posture.control.instance import daemon_holder
    from posture.control.protocol import NotRunningError, TakenError

    holder, patience_s = daemon_holder(), STOP_TIMEOUT_S
    try:
        ask("stop")
    except (NotRunningError, TakenError):
        if holder is None:
            return False
    except UnreachableError:
        patience_s = 0.0
    except PostureError:
        pass  # a daemon that does not answer is ended below
    holder = holder or daemon_holder()
    if holder is not None and not _gone(holder, patience_s):
        _kill(holder)
    return True


def _gone(holder: Holder, timeout_s: float) -> bool:
    from posture.control.instance import daemon_pid
    from posture.file_lock import is_locked

    until_s = time.monotonic() + timeout_s
    while is_locked(holder.lock) or daemon_pid() == holder.pid:
        if time.monotonic() > until_s:
            return False
        time.sleep(0.02)
    return True


def _kill(holder: Holder) -> None:
    """End a daemon that does not answer; the lock it holds proves that the process is the daemon."""
    import contextlib
    import os
    import signal

    # On Windows the first ends it at once.
    numbers = [signal.SIGTERM]
    if sys.platform != "win32":
        numbers.append(signal.SIGKILL)
    for number in numbers:
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(holder.pid, number)
        if _gone(holder, STOP_TIMEOUT_S if number == signal.SIGTERM else 3.0):
            return
    raise PostureError(tr("The daemon (process {pid}) cannot be ended: restart the machine.", pid=holder.pid))
