"""What starts programs of the user's for a process that is in a box, on each system."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence

from posture.daemon.helper_base import Helper


def helper_for(commands: Mapping[str, Sequence[str]], asked: Mapping[str, Sequence[str]] | None = None) -> Helper:
    """Make one; call it before the box is entered.

    Parameters
    ----------
    commands : mapping
        The command lines of what is opened, by their names.
    asked : mapping, optional
        Those whose output is given back.
    """
    if sys.platform == "win32":
        from posture.daemon.helper_direct import DirectHelper

        return DirectHelper(commands, asked)
    else:
        from posture.daemon.helper_shell import HelperShell

        return HelperShell(commands, asked)
