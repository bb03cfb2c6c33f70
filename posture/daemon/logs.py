"""The daemon's log: one JSON object a line, rotated. It has no landmarks or pictures; nor has the daemon."""

from __future__ import annotations

import json
import logging
import logging.handlers
import sys
from datetime import datetime
from pathlib import Path

MAX_BYTES, BACKUPS = 500_000, 3


class Log:
    """Writes events to a file (0600), created with its folder (0700).

    Without a path, for `start --foreground`, it writes to standard error.
    """

    def __init__(self, path: Path | None) -> None:
        self._logger = logging.Logger("posture")
        handler: logging.Handler
        if path is None:
            handler = logging.StreamHandler(sys.stderr)
        else:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            path.touch(mode=0o600)
            handler = logging.handlers.RotatingFileHandler(path, "a", MAX_BYTES, BACKUPS, encoding="utf-8")
        # A full disk must neither fill standard error with tracebacks nor stop anything.
        handler.handleError = lambda record: None  # type: ignore[method-assign]
        self._logger.addHandler(handler)

    def write(self, event: str, **what: object) -> None:
        """Write an event; `what` is plain JSON."""
        at = datetime.now().astimezone().isoformat(timespec="milliseconds")
        self._logger.info(json.dumps({"at": at, "event": event, **what}, ensure_ascii=False, default=str))

    def close(self) -> None:
        """Close the file."""
        for handler in self._logger.handlers:
            handler.close()


def log_line(line: str) -> str:
    """A line of the log as people read it; a line that is not JSON stays as it is."""
    try:
        found = json.loads(line)
        at, event = datetime.fromisoformat(found.pop("at")), found.pop("event")
    except (ValueError, KeyError, TypeError, AttributeError):
        return line
    plain = {k: v if isinstance(v, str) else json.dumps(v, ensure_ascii=False) for k, v in found.items()}
    rest = "  ".join(f"{name}={value}" for name, value in plain.items())
    return f"{at:%Y-%m-%d %H:%M:%S}  {event}  {rest}".rstrip()
