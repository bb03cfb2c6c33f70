"""Where posture keeps its files: history, socket, lock, logs, and what the daemon remembers over a restart."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from posture.access import is_mine, keep_to_user, make_folder, others_may
from posture.errors import PostureError
from posture.home import home_folder, in_home, own_folder
from posture.language import tr

if TYPE_CHECKING:
    from posture.kept_files import Places
    from posture.settings import Settings

HISTORY = "history.sqlite3"
LONGEST_SOCKET_BYTES = 103
"""What macOS allows; Linux takes four more."""


def runtime_folder() -> Path:
    """Give the folder of the socket, created where missing; only this user may enter it.

    It is ``posture`` in $XDG_RUNTIME_DIR; without that, a folder of this user in the system's temporary folder. A
    PostureError says that it cannot be created, or belongs to somebody else.
    """
    given = os.environ.get("XDG_RUNTIME_DIR")
    return _own(Path(given, "posture")) if given else spare_runtime_folder()


def spare_runtime_folder() -> Path:
    """Give the runtime folder for where $XDG_RUNTIME_DIR is missing, or went at a logout; see `runtime_folder`."""
    import tempfile

    if sys.platform == "win32":
        import re

        # The name that the user has signed in by; the folder's owner is looked at all the same.
        user = re.sub(r"\W", "_", os.environ.get("USERNAME", "")) or "user"
    else:
        user = str(os.getuid())
    return _own(Path(tempfile.gettempdir(), f"posture-{user}"))


def _own(folder: Path) -> Path:
    try:
        make_folder(folder)
        found = folder.lstat()
        # In a temporary folder anybody could have created it first.
        mine = stat.S_ISDIR(found.st_mode) and is_mine(folder, found)
        if mine and others_may(folder, found):
            keep_to_user(folder)
    except OSError as error:
        raise PostureError(
            tr(
                "The folder {folder} cannot be made ({reason}): set XDG_RUNTIME_DIR to one of your own.",
                folder=folder,
                reason=error.strerror,
            )
        ) from None
    if not mine:
        raise PostureError(
            tr("The folder {folder} belongs to somebody else: set XDG_RUNTIME_DIR to one of your own.", folder=folder)
        )
    return folder


def socket_path() -> Path:
    """Give the path of the control socket; a PostureError says that there can be none, or that it would be too long."""
    path = runtime_folder() / "control"
    if len(os.fsencode(path)) > LONGEST_SOCKET_BYTES:
        raise PostureError(
            tr("{path} is too long for a socket: set XDG_RUNTIME_DIR to a short path of your own.", path=path)
        )
    return path


def pipe_name() -> str:
    """Give the name of the control pipe on Windows; each user has their own, as with the folder."""
    from hashlib import sha256

    return rf"\\.\pipe\posture-{sha256(os.fsencode(runtime_folder())).hexdigest()[:16]}"


def lock_path() -> Path:
    """Give the path of the lock of whoever listens at the socket."""
    return runtime_folder() / "lock"


def store_lock_path(settings: Settings) -> Path:
    """Give the path of the daemon's lock: it lies beside the history, wherever a link to that leads."""
    return store_lock_in(settings.history.folder)


def store_lock_in(folder: str) -> Path:
    """As `store_lock_path`, for a setting `history.folder`."""
    return Path(os.path.realpath(history_in(folder))).with_name(".posture.lock")


def run_lock_path(settings: Settings) -> Path:
    """Give the path of the lock of `posture run`, beside that of the daemon, which lends it the camera."""
    return store_lock_path(settings).with_name(".posture-run.lock")


def state_folder() -> Path:
    """Give the folder of logs and memory, $POSTURE_STATE or the user's own; it may not exist yet."""
    given = os.environ.get("POSTURE_STATE")
    return in_home(given) if given else own_folder("state")


def log_path() -> Path:
    """Give the path of the log."""
    return state_folder() / "daemon.log"


def memory_path() -> Path:
    """Give the path of what outlives the daemon, such as until when it is paused."""
    return state_folder() / "daemon.json"


def report_path() -> Path:
    """Give the path of the report that the tray shows."""
    return state_folder() / "report.html"


def history_path(settings: Settings) -> Path:
    """Where the history is: in $POSTURE_DATA, else `history.folder`, else the user's data folder."""
    return history_in(settings.history.folder)


def history_in(folder: str) -> Path:
    """As `history_path`, for a setting `history.folder`."""
    folder = os.environ.get("POSTURE_DATA") or folder
    return (in_home(folder) if folder else own_folder("data")) / HISTORY


def places(settings: Settings) -> Places:
    """Give every place where posture stores something, or has stored it."""
    import tempfile

    from posture.kept_files import Places, noted_places
    from posture.settings_text import settings_path

    history, state = history_path(settings), state_folder()
    others = list(noted_places(state, "history"))
    if not os.environ.get("POSTURE_DATA"):  # which is a place apart, as for a trial
        others.append(own_folder("data") / HISTORY)
    config = settings_path().parent.parent
    left = [Path(os.path.abspath(".")), config / "systemd/user", config / "autostart"]  # noqa: PTH100
    with suppress(PostureError):  # without a home there is nothing in it
        left.append(home_folder())
    return Places(
        history,
        state,
        runtime_folder(),
        settings_path(),
        tuple(path for path in dict.fromkeys(others) if path != history),
        noted_places(state, "output"),
        Path(tempfile.gettempdir()),
        tuple(left),
    )


@contextmanager
def noted_output(path: Path) -> Iterator[None]:
    """Keep in mind, while a file of the user's choice is written, that it is: if that is killed, `forget` finds it."""
    from posture.kept_files import note_place

    note = None
    with suppress(OSError):  # such as on a full disk
        note = note_place(state_folder(), "output", path)
    try:
        yield
    finally:
        if note is not None:
            with suppress(OSError):
                note.unlink()


def history_to_write(settings: Settings) -> Path:
    """Where the history is, for what writes to it: kept in mind, so that `forget` finds it if the setting changes."""
    from posture.kept_files import note_place

    path = history_path(settings)
    with suppress(OSError):  # such as on a full disk
        note_place(state_folder(), "history", path)
    return path
