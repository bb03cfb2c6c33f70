"""Which language this process speaks: that of the settings, else that of the desktop."""

from __future__ import annotations

import os

from posture.language import language_of, language_of_system, speak
from posture.settings_text import raw_setting

OVERRIDE = "POSTURE_LANGUAGE"
"""The environment variable that names the language whatever the settings say: for processes without the settings."""


def begin(setting: str | None = None) -> None:
    """Speak what this process is to speak.

    Parameters
    ----------
    setting : str, optional
        The setting ``general.language``; by default what the settings file says.
    """
    if override := os.environ.get(OVERRIDE):
        speak(override)
    else:
        wanted = raw_setting("general", "language") if setting is None else setting
        speak(language_of(str(wanted), os.environ, language_of_system()))
