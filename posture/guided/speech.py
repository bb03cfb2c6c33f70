"""A voice, by a program of the desktop that speaks."""

from __future__ import annotations

import shutil
import subprocess

SPEAKERS = ("spd-say", "say", "espeak-ng", "espeak")


class Voice:
    """Speaks sentences; one that comes while another is being spoken is left out."""

    def __init__(self) -> None:
        self._speaker = next((path for name in SPEAKERS if (path := shutil.which(name))), None)
        self._speaking: subprocess.Popen[bytes] | None = None

    @property
    def there(self) -> bool:
        """Whether a program that speaks is installed."""
        return self._speaker is not None

    def say(self, text: str) -> None:
        """Speak a sentence."""
        if self._speaker is not None and (self._speaking is None or self._speaking.poll() is not None):
            self._speaking = subprocess.Popen(
                [self._speaker, text], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )
