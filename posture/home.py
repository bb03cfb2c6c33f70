"""The user's home, which a service or a container may not have."""

from __future__ import annotations

import os
from pathlib import Path

from posture.errors import PostureError


def home_folder() -> Path:
    """Give the user's home; a PostureError says that neither HOME nor the list of users names one."""
    return in_home("~")


def in_home(path: str | Path) -> Path:
    """Give a path with its ``~`` replaced; a PostureError says that nobody knows which home that is.

    The same for a path that a library has made without a home: it then begins with the ``~`` itself.
    """
    whole = os.path.expanduser(path)  # noqa: PTH111 - leaves an unknown home as it is, where Path raises another error
    if whole.startswith("~"):
        raise PostureError("Your home folder is not known: set HOME to it.")
    return Path(whole)
