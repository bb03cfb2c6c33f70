"""What this machine is called, and what it runs, without asking Windows for it: its answer (WMI) may never come."""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

_STARTS = r"SYSTEM\CurrentControlSet\Control\Session Manager\Memory Management\PrefetchParameters"
_PROCESSOR = r"HARDWARE\DESCRIPTION\System\CentralProcessor\0"


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


def processor_name() -> str:
    """What the processor is sold as, such as ``"Intel(R) Core(TM) i5-8250U CPU @ 1.60GHz"``; empty if nobody tells."""
    found = ""
    with suppress(OSError):
        if sys.platform == "win32":
            found = _of_registry(_PROCESSOR, "ProcessorNameString")
        elif sys.platform == "darwin":
            found = _of_kernel(b"machdep.cpu.brand_string")
        else:
            for line in Path("/proc/cpuinfo").read_text(encoding="utf-8", errors="replace").splitlines():
                name, _, value = line.partition(":")
                if name.strip() in ("model name", "Model"):
                    found = found or value
    return " ".join(found.split())


if sys.platform == "win32":

    def _of_registry(place: str, name: str) -> str:
        """A value that Windows keeps of this machine; an OSError where it has none."""
        import winreg

        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, place) as key:
            return str(winreg.QueryValueEx(key, name)[0])


def _of_kernel(name: bytes) -> str:
    """A text that the kernel of macOS tells under this name; empty where it does not."""
    import ctypes

    room = ctypes.create_string_buffer(256)
    size = ctypes.c_size_t(len(room))
    known = ctypes.CDLL(None).sysctlbyname(name, room, ctypes.byref(size), None, 0) == 0
    return room.value.decode("ascii", "replace") if known else ""


def this_start() -> str:
    """What tells this start of the machine from every other one; empty where the system does not say."""
    found = ""
    with suppress(OSError):
        if sys.platform == "win32":
            found = _of_registry(_STARTS, "BootId")
        elif sys.platform == "darwin":
            found = _of_kernel(b"kern.bootsessionuuid")
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
