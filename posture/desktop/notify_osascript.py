"""Notifications of macOS without an app of its own: osascript, a program of the system, shows them under its name.

They have no buttons. `notices_mac` has, where posture runs from an app that may notify.
"""

from __future__ import annotations

import subprocess

from posture.desktop.notify_base import NotifyError
from posture.language import mark, tr
from posture.plain_text import plain, plain_lines

OSASCRIPT = "/usr/bin/osascript"
SCRIPT = ("on run argv", "display notification (item 2 of argv) with title (item 1 of argv)", "end run")
"""The texts are given as arguments: nothing in them is read as a script."""
NOT_KNOWN = mark("macOS does not say whether it was shown")


class OsascriptService:
    """See `posture.desktop.notify_base.NotificationService`; a program that takes longer than `timeout_s` is ended."""

    def __init__(self, timeout_s: float) -> None:
        self._timeout_s = timeout_s

    def probe(self) -> str:
        """See `NotificationService.probe`; whether macOS shows it is only seen on the screen."""
        self._run("-e", "return")
        return "osascript"

    def show(self, title: str, body: str) -> str:
        """See `NotificationService.show`."""
        title, body = plain(" ".join(title.split())), plain_lines(body)
        script = [part for line in SCRIPT for part in ("-e", line)]
        # What begins with a dash would be an option.
        self._run(*script, f"\u200b{title}" if title.startswith("-") else title, body)
        return tr(NOT_KNOWN)

    def _run(self, *arguments: str) -> None:
        try:
            done = subprocess.run(
                [OSASCRIPT, *arguments],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                timeout=self._timeout_s,
                check=False,
            )
        except subprocess.TimeoutExpired:
            raise NotifyError(
                tr(
                    "The notification service has not answered within {seconds} s: log out and in again.",
                    seconds=f"{self._timeout_s:g}",
                )
            ) from None
        except OSError as error:
            raise _not_shown(error.strerror or str(error)) from None
        if done.returncode:
            said = plain(" ".join(done.stderr.decode("utf-8", "replace").split()))[:200]
            raise _not_shown(said or f"osascript {done.returncode}")


def _not_shown(why: str) -> NotifyError:
    return NotifyError(
        tr("The notification could not be shown ({why}): see the notification settings of the system.", why=why)
    )
