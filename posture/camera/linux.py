"""Cameras of Linux (V4L2), as the kernel's own files describe them."""

from __future__ import annotations

import errno
import os
import re
import stat
import struct
import sys
from contextlib import suppress
from pathlib import Path

from posture.camera.errors import CameraAbsent, CameraBusy, CameraError, CameraForbidden
from posture.language import listed, tr
from posture.plain_text import plain

# linux/videodev2.h
VIDIOC_QUERYCAP = 0x80685600
QUERYCAP_BYTES = 104
CAPABILITIES_OFFSET = 84
VIDIOC_G_FMT, VIDIOC_S_FMT = 0xC0D05604, 0xC0D05605
FORMAT_BYTES = 208
V4L2_BUF_TYPE_VIDEO_CAPTURE = 1
V4L2_CAP_VIDEO_CAPTURE = 0x1
V4L2_CAP_DEVICE_CAPS = 0x80000000


def capture_devices() -> list[tuple[int, str, str, str]]:
    """List (index, name, stable path, device file) of every camera; the stable path is empty where there is none."""
    stable = {}
    for folder in ("/dev/v4l/by-path", "/dev/v4l/by-id"):  # by-id last: it survives another USB port
        for link in _listed(folder):
            stable[node_of(f"{folder}/{link}")] = f"{folder}/{link}"
    found = []
    for entry in _listed("/sys/class/video4linux"):
        match = re.fullmatch(r"video(\d+)", entry)
        node = f"/dev/{entry}"
        if match is None or not _captures(node):
            continue
        try:
            name = Path(f"/sys/class/video4linux/{entry}/name").read_text(errors="replace").strip()
        except OSError:
            name = ""
        found.append((int(match[1]), plain(name) or entry, stable.get(node, ""), node))
    return sorted(found)


def _listed(folder: str) -> list[str]:
    try:
        return sorted(os.listdir(folder))  # noqa: PTH208
    except OSError:
        return []


def _opened(node: str) -> int:
    if sys.platform != "win32":
        return os.open(node, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC)
    else:
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), node)


def _ask(device: int, request: int, answer: bytearray) -> None:
    if sys.platform != "win32":
        import fcntl

        fcntl.ioctl(device, request, answer)


def _captures(node: str) -> bool:
    """Whether pictures come from this node; a USB camera has a second one, for metadata. True where unknown."""
    try:
        device = _opened(node)
    except OSError as error:
        return error.errno not in (errno.ENOENT, errno.ENXIO, errno.ENODEV)
    answer = bytearray(QUERYCAP_BYTES)
    try:
        _ask(device, VIDIOC_QUERYCAP, answer)
    except OSError:
        return True
    finally:
        os.close(device)
    of_all, of_node = struct.unpack_from("II", answer, CAPABILITIES_OFFSET)
    return bool((of_node if of_all & V4L2_CAP_DEVICE_CAPS else of_all) & V4L2_CAP_VIDEO_CAPTURE)


def node_of(path: str) -> str:
    """Return the device file that a path leads to."""
    return os.path.realpath(path)


def why_not(node: str, name: str) -> CameraError:
    """Say why a camera gave no picture when it was opened.

    OpenCV has the same message for every cause; the errno of opening the device and who has it open tell more.
    """
    try:
        busy = _streams_elsewhere(node)
    except OSError as error:
        if error.errno in (errno.EACCES, errno.EPERM):
            return CameraForbidden(
                tr(
                    "You may not open {name}: join the group that may (sudo usermod -aG {group} $USER), then log out "
                    "and in again.",
                    name=name,
                    group=_group_of(node),
                )
            )
        if error.errno in (errno.ENOENT, errno.ENXIO, errno.ENODEV):
            return CameraAbsent(tr("{name} is not there any more: plug it in again.", name=name))
        if error.errno == errno.EBUSY:
            return _busy(node, name)
        # Translators: {remedy} is what to try, such as "unplug it and plug it in again"
        said = tr(
            "{name} cannot be opened ({reason}): {remedy}, or choose another with posture setup camera.",
            name=name,
            reason=error.strerror,
            remedy=again(node),
        )
        return CameraError(said)
    if busy:
        return _busy(node, name)
    # Translators: {remedy} is what to try, such as "unplug it and plug it in again"
    said = tr(
        "{name} opens but gives no picture: {remedy}, or choose another with posture setup camera.",
        name=name,
        remedy=again(node),
    )
    return CameraError(said)


def again(node: str) -> str:
    """What to try with a camera that fails, as the end of a sentence: one in the case of a laptop has no plug."""
    for folder in Path(os.path.realpath(f"/sys/class/video4linux/{Path(node).name}/device")).parents:
        try:
            removable = (folder / "removable").read_text().strip()
        except OSError:
            continue
        if removable == "removable":
            return tr("unplug it and plug it in again")
        break
    return tr("see that its switch or shutter is open, or plug it in again if it has a cable")


def _streams_elsewhere(node: str) -> bool:
    """Whether another program streams from the camera; sound servers have it open without streaming.

    Asks for the format it already has: a driver answers EBUSY to anyone but the one that streams.
    """
    device = _opened(node)
    try:
        form = bytearray(FORMAT_BYTES)
        struct.pack_into("I", form, 0, V4L2_BUF_TYPE_VIDEO_CAPTURE)
        _ask(device, VIDIOC_G_FMT, form)
        _ask(device, VIDIOC_S_FMT, form)
    except OSError as error:
        return error.errno == errno.EBUSY
    finally:
        os.close(device)
    return False


def _busy(node: str, name: str) -> CameraBusy:
    who = listed(holders(node)) or tr("another program")
    return CameraBusy(tr("{name} is in use by {who}: close it there, then start again.", name=name, who=who))


def holders(node: str) -> list[str]:
    """Name the other programs that have a device file open, such as ``["zoom (process 4711)"]``.

    Programs of other users cannot be seen.
    """
    if not node:
        return []
    try:
        wanted = Path(node).stat()
    except OSError:
        return []
    found = []
    for process in _listed("/proc"):
        if not process.isdecimal() or int(process) == os.getpid():
            continue
        if any(_same_device(f"/proc/{process}/fd/{fd}", wanted) for fd in _listed(f"/proc/{process}/fd")):
            try:
                program = Path(f"/proc/{process}/comm").read_text(errors="replace").strip()
            except OSError:
                continue
            found.append(tr("{program} (process {number})", program=program, number=process))
    return found


def _same_device(path: str, wanted: os.stat_result) -> bool:
    try:
        status = Path(path).stat()  # of what the descriptor leads to
    except OSError:
        return False
    if sys.platform != "win32" and stat.S_ISCHR(status.st_mode) and stat.S_ISCHR(wanted.st_mode):
        return status.st_rdev == wanted.st_rdev
    return os.path.samestat(status, wanted)


def _group_of(node: str) -> str:
    group = "root"
    if sys.platform != "win32":
        import grp

        with suppress(OSError, KeyError):
            group = grp.getgrgid(Path(node).stat().st_gid).gr_name
    return "video" if group == "root" else group
