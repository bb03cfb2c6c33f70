"""A voice, by a program of the desktop that speaks."""

from __future__ import annotations

import functools
import re
import shutil
import subprocess

from posture.language import language

SPEAKERS = ("spd-say", "say", "espeak-ng", "espeak")
_VOICES = {"spd-say": ("-L",), "say": ("-v", "?"), "espeak-ng": ("--voices",), "espeak": ("--voices",)}
"""How each is asked for its voices."""
_PATIENCE_S = 3.0
"""How long that may take [design choice]."""


class Voice:
    """Speaks sentences; one that comes while another is being spoken is left out."""

    def __init__(self) -> None:
        self._speaker = speaker(language())
        self._speaking: subprocess.Popen[bytes] | None = None

    @property
    def there(self) -> bool:
        """Whether a program that speaks is installed, with a voice for the language."""
        return bool(self._speaker)

    def say(self, text: str) -> None:
        """Speak a sentence."""
        if self._speaker and (self._speaking is None or self._speaking.poll() is not None):
            self._speaking = subprocess.Popen(
                [*self._speaker, text], stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )


@functools.cache
def speaker(tongue: str) -> tuple[str, ...]:
    """Find the command that speaks a language, to be followed by the text; empty if there is none."""
    for name in SPEAKERS:
        path = shutil.which(name)
        if path is None:
            continue
        if tongue == "en":  # what each of them speaks without being told
            return (path,)
        try:
            done = subprocess.run(
                [path, *_VOICES[name]], stdin=subprocess.DEVNULL, capture_output=True, timeout=_PATIENCE_S, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            continue
        if options := voice_options(name, done.stdout.decode("utf-8", "replace"), tongue):
            return path, *options
    return ()


def voice_options(program: str, listed: str, tongue: str) -> tuple[str, ...]:
    """Choose the options by which a program speaks a language, from its list of voices; empty if it has none for it.

    Parameters
    ----------
    program : str
        One of `SPEAKERS`.
    listed : str
        What it lists: a row for each voice.
    tongue : str
        A language, such as "de" or "pt_BR"; that of the same country comes first.
    """
    wanted = tongue.replace("_", "-").lower()
    known = {
        "say": r"^(?P<name>\S.*?) +(?P<tongue>[a-z]{2,3}_[A-Z]{2}) +#",
        "spd-say": r"^ *(?P<name>\S.*?) +(?P<tongue>[A-Za-z]{2,3}(?:-\S+)?) +\S+ *$",
    }
    rows = re.finditer(known.get(program, r"^ *\d+ +(?P<tongue>\S+) +(?P<name>\S+)"), listed, re.MULTILINE)
    found = [
        (spoken.replace("_", "-").lower() != wanted, row["name"] if program == "say" else spoken)
        for row in rows
        if (spoken := row["tongue"]).replace("_", "-").lower().partition("-")[0] == wanted.partition("-")[0]
    ]
    return ("-l" if program == "spd-say" else "-v", min(found)[1]) if found else ()
