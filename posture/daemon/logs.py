"""The daemon's log: one JSON object a line, rotated. It has no landmarks or pictures; nor has the daemon."""

from __future__ import annotations

import json
import logging
import logging.handlers
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from datetime import datetime
from pathlib import Path
from typing import Any

from posture.access import keep_to_user, make_folder, others_may
from posture.erase import erase
from posture.file_system import may_move, move
from posture.plain_file import open_plain
from posture.plain_text import plain, shortened

MAX_BYTES, BACKUPS = 500_000, 3
SAID: dict[str, tuple[str, ...]] = {
    "started": ("pid", "version"),
    "stopped": (),
    "error": ("error",),
    "history": ("problem",),
    "memory": ("problem",),
    "settings refused": ("why",),
}
"""What a supervisor such as systemd is told as well, and with which words: nothing of what was seen, since its journal
lies where `posture forget` cannot reach it."""


class Log:
    """Writes events to a file (0600), created with its folder (0700).

    With `supervised`, for `start --foreground`, starts and errors go to standard error too.
    """

    def __init__(self, path: Path, *, supervised: bool = False) -> None:
        self._supervised = supervised
        self.heard: Callable[[str, dict[str, Any]], None] = lambda event, what: None
        """Called with each event that is written."""
        self._logger = logging.Logger("posture")
        _make(path)
        handler = _Rotating(path, "a", MAX_BYTES, BACKUPS, encoding="utf-8")
        # A full disk must neither fill standard error with tracebacks nor stop anything.
        handler.handleError = lambda record: None  # type: ignore[method-assign]
        self._logger.addHandler(handler)

    def write(self, event: str, **what: object) -> None:
        """Write an event; `what` is plain JSON."""
        at = datetime.now().astimezone().isoformat(timespec="milliseconds")
        cut = {name: shortened(value) if isinstance(value, str) else value for name, value in what.items()}
        self._logger.info(plain(json.dumps({"at": at, "event": event, **cut}, ensure_ascii=False, default=str)))
        self.heard(event, what)
        if self._supervised and event in SAID:
            # Of an error its sort alone: what it says may be about the user.
            words = (str(what.get(name, "")).partition("(" if name == "error" else "\n")[0] for name in SAID[event])
            with suppress(OSError, ValueError):
                print(plain(f"{event} {' '.join(words)}".rstrip()), file=sys.stderr, flush=True)

    def close(self) -> None:
        """Close the file."""
        for handler in self._logger.handlers:
            with suppress(OSError):  # what a full disk has refused is lost
                handler.close()


def _make(path: Path) -> None:
    make_folder(path.parent)
    os.close(open_plain(path, os.O_WRONLY | os.O_CREAT))  # nothing else: opening a pipe would wait
    with suppress(OSError):  # a file that somebody else has put there
        if others_may(path, path.stat()):
            keep_to_user(path)


class _Rotating(logging.handlers.RotatingFileHandler):
    """Overwrites the oldest file before it goes; goes on in a new one when its own, or the folder, was removed."""

    def emit(self, record: logging.LogRecord) -> None:
        with suppress(OSError):
            if self.stream is not None and not self._is_in_place(self.stream.fileno()):
                self.stream.close()
                self.stream = None
                _make(Path(self.baseFilename))
                self.stream = self._open()
        super().emit(record)

    def _open(self) -> Any:
        file = open_plain(self.baseFilename, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
        return os.fdopen(file, "a", encoding=self.encoding)

    def _is_in_place(self, opened: int) -> bool:
        try:
            there, ours = Path(self.baseFilename).stat(), os.fstat(opened)
        except FileNotFoundError:
            return False
        return (there.st_dev, there.st_ino) == (ours.st_dev, ours.st_ino)

    def doRollover(self) -> None:  # noqa: N802 - the name is the library's
        if self.stream is not None:
            self.stream.close()
            self.stream = None
        files = [Path(self.baseFilename), *(Path(f"{self.baseFilename}.{n}") for n in range(1, self.backupCount + 1))]
        if may_move(files[0]):  # else none of them moves, and none is lost
            with suppress(OSError):
                erase(files[-1])
                for older, newer in zip(files[:0:-1], files[-2::-1], strict=True):
                    if newer.exists():
                        move(newer, older)
        self.stream = self._open()


def log_line(line: str) -> str:
    """A line of the log as people read it, and on one line; one that is not JSON stays as it is but for that."""
    try:
        found = json.loads(line)
        at, event = datetime.fromisoformat(found.pop("at")), found.pop("event")
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return plain(line)
    words = {k: v if isinstance(v, str) else json.dumps(v, ensure_ascii=False) for k, v in found.items()}
    rest = "  ".join(f"{name}={value}" for name, value in words.items())
    return plain(f"{at:%Y-%m-%d %H:%M:%S}  {event}  {rest}".rstrip())
