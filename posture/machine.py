"""What this machine is called, and what it runs, without asking Windows for it: its answer (WMI) may never come."""

from __future__ import annotations

import os
import sys


def system_name() -> str:
    """The name of this system, such as ``"Windows"``."""
    return {"linux": "Linux", "win32": "Windows", "darwin": "macOS"}.get(sys.platform, sys.platform)


def processor() -> str:
    """The kind of processor, such as ``"x86_64"``, as the system writes it."""
    if sys.platform == "win32":
        found = os.environ.get("PROCESSOR_ARCHITECTURE", "")
    else:
        found = os.uname().machine
    return found


def host_name() -> str:
    """What the machine is called; empty where nobody has given it a name."""
    if sys.platform == "win32":
        found = os.environ.get("COMPUTERNAME", "")
    else:
        found = os.uname().nodename
    return found
