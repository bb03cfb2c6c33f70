"""The user's home, which a service or a container may not have."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Literal

from posture.errors import PostureError
from posture.language import mark, tr

UNKNOWN = mark("Your home folder is not known: set HOME to it.")
Kind = Literal["config", "data", "state"]
_XDG: dict[Kind, tuple[str, str]] = {
    "config": ("XDG_CONFIG_HOME", ".config"),
    "data": ("XDG_DATA_HOME", ".local/share"),
    "state": ("XDG_STATE_HOME", ".local/state"),
}


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


def own_folder(kind: Kind) -> Path:
    """Give the folder of posture for settings, for data, or for logs and memory; it may not exist yet.

    A PostureError says that it lies in a home that is unknown.
    """
    if sys.platform == "linux":  # what platformdirs gives there, without its milliseconds
        return xdg_folder(*_XDG[kind]) / "posture"
    else:
        import platformdirs

        find = {
            "config": platformdirs.user_config_path,
            "data": platformdirs.user_data_path,
            "state": platformdirs.user_state_path,
        }[kind]
        try:
            return in_home(find("posture", appauthor=False))
        except RuntimeError:
            raise PostureError(tr(UNKNOWN)) from None
