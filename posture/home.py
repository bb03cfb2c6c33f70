"""The user's home, which a service or a container may not have."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from posture.errors import PostureError
from posture.language import mark, tr

UNKNOWN = mark("Your home folder is not known: set HOME to it.")


def home_folder() -> Path:
    """Give the user's home; a PostureError says that neither HOME nor the list of users names one."""
    return in_home("~")


def in_home(path: str | Path) -> Path:
    """Give a path with its ``~`` replaced; a PostureError says that nobody knows which home that is."""
    whole = os.path.expanduser(path)  # noqa: PTH111 - leaves an unknown home as it is, where Path raises another error
    if whole.startswith("~"):
        raise PostureError(tr(UNKNOWN))
    return Path(whole)


def xdg_folder(variable: str, usual: str) -> Path:
    """Give a folder of the user's that a variable such as XDG_CONFIG_HOME names, else the usual one in the home.

    A relative name does not count (XDG Base Directory Specification). A PostureError says that the home is unknown.
    """
    given = os.environ.get(variable, "")
    return Path(given) if given.startswith("/") else home_folder() / usual


def usual_folder(find: Callable[..., Path]) -> Path:
    """Ask a function of platformdirs for the folder of posture; a PostureError says that it lies in an unknown home."""
    try:
        return in_home(find("posture", appauthor=False))
    except RuntimeError:
        raise PostureError(tr(UNKNOWN)) from None
