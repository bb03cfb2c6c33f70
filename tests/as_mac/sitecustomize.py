"""Makes Python say that it runs on macOS, for the tests: read at its start where this folder is on PYTHONPATH.

What the standard library has for Linux alone is taken away, and what it has for macOS is put in, as far as Linux can
do it. The standard library itself stays that of Linux: it is loaded before. Frameworks of Apple there are none, as
on a Mac on which each of them fails.
"""

import ctypes
import fcntl
import importlib
import os
import resource
import socket
import struct
import sys
import time

for _name in (
    *("asyncio.subprocess", "concurrent.futures.thread", "ctypes.util"),
    *("argparse", "glob", "gettext", "importlib.metadata", "json", "locale", "logging", "multiprocessing.connection"),
    *("multiprocessing.popen_spawn_posix", "pathlib", "platform", "plistlib", "shutil", "signal", "sqlite3", "stat"),
    *("subprocess", "sysconfig", "tempfile", "threading", "urllib.request", "uuid", "webbrowser", "zipfile"),
    *("numpy", "cv2"),
):
    importlib.import_module(_name)

_LINUX_ALONE = {
    os: "memfd_create posix_fallocate eventfd pidfd_open O_PATH O_TMPFILE sched_getaffinity sched_setaffinity "
    "setxattr getxattr splice copy_file_range",
    socket: "SO_PEERCRED",
    time: "CLOCK_BOOTTIME",
    resource: "prlimit",
}
for _module, _names in _LINUX_ALONE.items():
    for _name in _names.split():
        if hasattr(_module, _name):
            delattr(_module, _name)

fcntl.F_FULLFSYNC = 51  # refused by Linux, as by file systems of macOS that do not have it

_library = ctypes.CDLL


class _Library(_library):
    def __getattr__(self, name: str) -> object:
        if name == "sysctlbyname":
            return lambda *_: -1
        return super().__getattr__(name)


ctypes.CDLL = _Library

_getsockopt = socket.socket.getsockopt


def _with_peer(self: socket.socket, level: int, option: int, *size: int) -> object:
    if (level, option, size) == (0, 1, (76,)):  # SOL_LOCAL, LOCAL_PEERCRED, struct xucred
        return struct.pack("IIh2x16I", 0, os.getuid(), 1, *[0] * 16)
    return _getsockopt(self, level, option, *size)


socket.socket.getsockopt = _with_peer
sys.platform = "darwin"


def _play_camera(folder: str) -> None:
    """Have a camera whose pictures are a film, and AVFoundation say of it what stands in a file."""
    import json

    import cv2

    from tests.camera.fake_avfoundation import FakeAVFoundation, FakeDevice

    class Told(FakeAVFoundation):
        def _class(self, name: str) -> object:
            with open(f"{folder}/camera.json") as file:  # noqa: PTH123
                told = json.load(file)
            self.status = told["status"]
            self.plugged = [FakeDevice("A1", "FaceTime HD Camera", in_use=told["in_use"])]
            return super()._class(name)

    class Patch:
        setitem = staticmethod(dict.__setitem__)

    Told().install(Patch())
    film = cv2.VideoCapture
    cv2.VideoCapture = lambda source, *_: film(f"{folder}/film.mp4" if isinstance(source, int) else source)


if "AS_MAC_CAMERA" in os.environ:
    _play_camera(os.environ["AS_MAC_CAMERA"])
