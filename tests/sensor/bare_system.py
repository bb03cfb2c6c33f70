"""A system that has next to nothing, such as Windows or macOS: `python bare_system.py MODULE ARGUMENTS` runs a module.

The kernel holds no box, and of what the box is made on Linux, and of what libraries there stand on, nothing is there.
"""

from __future__ import annotations

import os
import runpy
import socket
import sys

for module, names in ((os, ("memfd_create", "pipe2", "eventfd", "getuid")), (socket, ("AF_UNIX",))):
    for name in names:
        if hasattr(module, name):
            delattr(module, name)
for missing in ("resource", "pwd", "grp"):
    sys.modules[missing] = None  # type: ignore[assignment]

from posture import sandbox  # noqa: E402
from posture.camera import inotify  # noqa: E402

sandbox.held_by_kernel = lambda: False
inotify._watched = lambda path: -1

if __name__ == "__main__":
    del sys.argv[0]
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
