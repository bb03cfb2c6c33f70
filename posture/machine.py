"""What this machine is called, and what it runs, without asking Windows for it: its answer (WMI) may never come."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

_STARTS = r"SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management\PrefetchParameters"


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


def this_start() -> str:
    """What tells this start of the machine from every other one; empty where the system does not say."""
    found = ""
    with suppress(OSError):
        if sys.platform == "win32":
            import winreg

            with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, _STARTS) as key:
                found = str(winreg.QueryValueEx(key, "BootId")[0])
        elif sys.platform == "darwin":
            import ctypes

            room = ctypes.create_string_buffer(64)
            size = ctypes.c_size_t(len(room))
            if ctypes.CDLL(None).sysctlbyname(b"kern.bootsessionuuid", room, ctypes.byref(size), None, 0) == 0:
                found = room.value.decode("ascii")
        else:
            found = Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    return found


def host_name() -> str:
    """What the machine is called; empty where nobody has given it a name."""
    if sys.platform == "win32":
        found = os.environ.get("COMPUTERNAME", "")
    else:
        found = os.uname().nodename
    return found
