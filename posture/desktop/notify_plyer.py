"""Notifications through the package plyer: Windows, and whatever else it supports."""

from __future__ import annotations

import io
import sys
import threading
import warnings
from contextlib import redirect_stderr
from html import escape
from typing import Any

from posture.desktop.notify_base import NotifyError
from posture.language import mark, tr
from posture.plain_text import plain, plain_lines

NOT_KNOWN = mark("plyer does not say whether it was shown")
# Windows refuses longer texts.
WINDOWS_TITLE, WINDOWS_BODY = 63, 255


class PlyerService:
    """The notification service that plyer finds; a call longer than `timeout_s` is left behind in its thread."""

    def __init__(self, timeout_s: float) -> None:
        self._timeout_s = timeout_s
        self._worker: threading.Thread | None = None

    def probe(self) -> str:
        """Name the back end that plyer has chosen; whether it works shows only on the user's screen."""
        return f"plyer, {type(_plyer()).__name__}"

    def show(self, title: str, body: str) -> str:
        """Show a message; the note says that plyer does not report the outcome."""
        if self._worker is not None and self._worker.is_alive():
            raise NotifyError(tr("The notification service still has not answered: log out and in again."))
        backend = _plyer()
        title, body = plain(" ".join(title.split())), plain_lines(body)
        if sys.platform == "win32":
            title, body = title[:WINDOWS_TITLE], body[:WINDOWS_BODY]
        else:
            # notify-send takes a leading dash for an option, and services take < and & for markup.
            title, body = ("\u200b" + title if title.startswith("-") else title), escape(body, quote=False)
        failures: list[Exception] = []

        def work() -> None:
            try:
                backend.notify(title=title, message=body, app_name="Posture", timeout=10)
            except Exception as error:  # of any system's library; reported below
                failures.append(error)

        self._worker = threading.Thread(target=work, name="posture-notify", daemon=True)
        self._worker.start()
        self._worker.join(self._timeout_s)
        if self._worker.is_alive():
            raise NotifyError(
                tr(
                    "The notification service has not answered within {seconds} s: log out and in again.",
                    seconds=f"{self._timeout_s:g}",
                )
            )
        if failures:
            reason = str(failures[0]) or type(failures[0]).__name__
            raise NotifyError(
                tr(
                    "The notification could not be shown ({why}): see the notification settings of the system.",
                    why=reason,
                )
            )
        return tr(NOT_KNOWN)


def _plyer() -> Any:
    """Give plyer's back end for this system, without the traceback that plyer prints where it has none."""
    with redirect_stderr(io.StringIO()), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from plyer import facades, notification

        found = notification.notify.__self__
    if type(found) is facades.Notification:
        if sys.platform == "linux":
            why = tr("plyer knows no way to notify here: install notify-send (libnotify-bin).")
        else:
            why = tr("plyer knows no way to notify here: see the documentation of plyer.")
        raise NotifyError(why)
    return found
