"""Giving up rights for good, enforced by the kernel rather than by our own good behaviour.

`enter_sensor` is called before anything that sees pictures is imported: no socket of any family, no io_uring, no
program started, no file created, changed or written, no other process touched, no memory dump. `enter_daemon` leaves
only sockets within this machine (AF_UNIX). On Linux (x86-64, aarch64) seccomp and, where the kernel has it, Landlock
enforce this, for every thread and for native code, until the process ends. Elsewhere nothing of the kind exists
without an administrator; `guarantee` says what holds there.

The camera is the only thing that the sensor opens for reading and writing: V4L2 gives pictures in no other way. seccomp
does not see paths, so Landlock allows it only for the device files of cameras that exist at that time: a camera that is
plugged in later is for a sensor started later, see `camera_out_of_reach`. Allowing all of /dev would be simpler, but it
includes /dev/shm, and no system call is needed to write to mapped memory. A limit of zero bytes for files applies too.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import os
import platform
import socket
import stat
import struct
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import NoReturn

from posture.errors import PostureError

# -- what the kernel calls things (linux/seccomp.h, filter.h, audit.h, prctl.h, landlock.h, fcntl.h, sched.h) ---------

PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 4, 38
SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC = 1, 1
KILL, ALLOW, ERRNO = 0x80000000, 0x7FFF0000, 0x00050000
LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
NUMBER_AT, ARCH_AT, ARGUMENTS_AT = 0, 4, 16  # struct seccomp_data; of an argument the lower half, little-endian
X32_FROM = 0x40000000
AF_UNIX = 1
CLONE_THREAD = 0x10000
# O_WRONLY, O_CREAT, O_TRUNC, O_APPEND, __O_TMPFILE: the same on both. A camera is opened with O_RDWR alone.
WRITING = 0o1 | 0o100 | 0o1000 | 0o2000 | 0o20000000

LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 444, 445, 446  # on every architecture
LANDLOCK_VERSION = 1
LANDLOCK_PATH_BENEATH = 1
WRITE_FILE = 1 << 1
# Removing and creating of any kind, by version of Landlock: moving between folders from 2, truncating from 3.
CHANGING = {1: WRITE_FILE | 0x1FF0, 2: WRITE_FILE | 0x3FF0, 3: WRITE_FILE | 0x7FF0}
_BENEATH = struct.Struct("=Qi")

_ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
_SECCOMP = {"x86_64": 317, "aarch64": 277}
_SOCKET = {"x86_64": 41, "aarch64": 198}
_CLONE = {"x86_64": 56, "aarch64": 220}
_OPEN = {"x86_64": ((2, 1), (257, 2)), "aarch64": ((56, 2),)}
"""System calls that open a file, and the argument that holds the flags."""
_ASYNCHRONOUS = (425, 426, 427)
"""io_uring: it does what other calls do, and bypasses a filter of calls."""
_IN_MEMORY = (435, 437)
"""clone3 and openat2: a filter cannot see their flags in memory, and the C library falls back to older calls."""

# By purpose; x86-64, then aarch64 (asm/unistd_64.h, asm-generic/unistd.h).
_REFUSED = {
    "socketpair": ((53,), (199,)),
    "start a program": ((57, 58, 59, 322), (221, 281)),  # fork, vfork, execve, execveat
    "make, move or remove files": (
        (82, 83, 84, 85, 86, 87, 88, 133, 258, 259, 263, 264, 265, 266, 316),
        (33, 34, 35, 36, 37, 38, 276),
    ),
    "change files": ((76, 90, 92, 94, 188, 189, 190, 260, 268, 452), (5, 6, 7, 45, 53, 54, 452)),
    "reach into other processes": ((101, 310, 311, 312, 434, 438), (117, 270, 271, 272, 434, 438)),
    "share memory or messages": ((29, 64, 68, 240), (180, 186, 190, 194)),
    "change namespaces, mounts or the kernel": ((165, 272, 304, 308, 321), (40, 97, 265, 268, 280)),
    "keep keys": ((248, 249, 250), (217, 218, 219)),
}


def guarantee() -> str:
    """Say in one sentence what is guaranteed on this system."""
    if not held_by_kernel():
        return (
            f"{platform.system()} offers a program no way to give up the network for good: here it is kept to by "
            "posture's own code, by a mediapipe without network code, and by proxy variables that lead nowhere."
        )
    files = (
        "files too, but for the device files of cameras"
        if landlock_abi()
        else "of files the making of new ones and every write (this kernel has no Landlock, which would refuse the "
        "opening as well)"
    )
    return f"The kernel refuses the sensor every socket and every program, and {files}; the daemon has AF_UNIX alone."


def held_by_kernel() -> bool:
    """Whether this system lets a process give up rights for good."""
    return sys.platform == "linux" and platform.machine() in _ARCH


def landlock_abi() -> int:
    """Give the version of the kernel's Landlock, 0 where it has none."""
    if not held_by_kernel():
        return 0
    found: int = _libc().syscall(LANDLOCK_CREATE, None, ctypes.c_size_t(0), LANDLOCK_VERSION)
    return max(found, 0)


_reached: frozenset[tuple[int, int]] | None = None
"""The cameras that this process may open, by device and inode; None where the kernel does not limit it to them."""


# -- giving up --------------------------------------------------------------------------------------------------------


def enter_sensor() -> None:
    """Give up network, programs and files until the process ends. Call it before any thread runs.

    A PostureError says that the kernel refuses; nothing that sees pictures may run then.
    """
    _no_dump()
    if not held_by_kernel():
        _keep_to_it()
        return
    global _reached
    import resource

    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))
    rig = os.environ.get("UMOCKDEV_DIR", "")
    try:
        _no_new_privileges()
        cameras = _cameras()
        if _writable([*cameras.values(), Path(os.devnull), *([Path(rig)] if rig else [])]):
            _reached = frozenset(cameras)
        # A camera that umockdev plays, as in tests, is a program behind a socket of this machine.
        _filter(_sensor_program(platform.machine(), unix=bool(rig)))
    except OSError as error:
        raise _refusal(error) from None


def _cameras() -> dict[tuple[int, int], Path]:
    """Find the device files of cameras; one that is unplugged and plugged in again gets another inode."""
    found = {}
    for path in Path("/dev").glob("video*"):
        with contextlib.suppress(OSError):
            status = path.stat()
            if stat.S_ISCHR(status.st_mode):
                found[status.st_dev, status.st_ino] = path
    return found


def camera_out_of_reach() -> bool:
    """Whether a camera was plugged in after `enter_sensor`, so that this process may not open it."""
    return _reached is not None and not _cameras().keys() <= _reached


def enter_daemon() -> None:
    """Give up the network, but for sockets within this machine, for this process and all that it starts.

    A PostureError says that the kernel refuses.
    """
    _no_dump()
    if not held_by_kernel():
        return
    try:
        _no_new_privileges()
        _filter(_daemon_program(platform.machine()))
    except OSError as error:
        raise _refusal(error) from None


def enter_command(arguments: Sequence[str]) -> None:
    """Give up what the daemon gives up, for a command that sees pictures, unless the user named an address.

    A PostureError says that the kernel refuses.
    """
    # A stream is given by its address; a display on another machine is reached by TCP.
    elsewhere = any("://" in argument for argument in arguments) or not os.environ.get("DISPLAY", ":0").startswith(
        (":", "unix")
    )
    if not elsewhere:
        enter_daemon()


def _refusal(error: OSError) -> PostureError:
    return PostureError(
        f"This kernel does not let posture lock itself in ({error.strerror or error}), and without that no camera is "
        "opened: run it on a kernel with seccomp, outside containers that forbid it."
    )


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _fail(what: str) -> NoReturn:
    raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")


def _no_dump() -> None:
    """Write no memory dump at a crash, and let no other program of this user read the memory."""
    with contextlib.suppress(ImportError, OSError, ValueError):
        import resource  # not on Windows

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        _libc().prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def _no_new_privileges() -> None:
    if _libc().prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        _fail("no_new_privs")


def _writable(paths: Iterable[Path]) -> bool:
    """Allow writing only to these files and folders (Landlock; for this thread and those it starts).

    False where the kernel cannot enforce it.
    """
    abi = landlock_abi()
    if not abi:
        return False
    library = _libc()
    rights = struct.pack("=Q", CHANGING[min(abi, max(CHANGING))])
    rules = library.syscall(LANDLOCK_CREATE, rights, ctypes.c_size_t(len(rights)), 0)
    if rules < 0:
        _fail("Landlock")
    try:
        for path in paths:
            handle = os.open(path, os.O_PATH | os.O_CLOEXEC)
            try:
                rule = _BENEATH.pack(WRITE_FILE, handle)
                if library.syscall(LANDLOCK_ADD, rules, LANDLOCK_PATH_BENEATH, rule, 0):
                    _fail("Landlock")
            finally:
                os.close(handle)
        if library.syscall(LANDLOCK_RESTRICT, rules, 0):
            _fail("Landlock")
    finally:
        os.close(rules)
    return True


def _filter(program: bytes) -> None:
    """Install a seccomp filter for all threads of this process."""
    code = ctypes.create_string_buffer(program, len(program))

    class Program(ctypes.Structure):
        _fields_ = [("length", ctypes.c_ushort), ("code", ctypes.c_void_p)]

    given = Program(len(program) // 8, ctypes.addressof(code))
    number = _SECCOMP[platform.machine()]
    failed = _libc().syscall(number, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC, ctypes.byref(given))
    if failed > 0:
        raise OSError(errno.EBUSY, f"thread {failed} has a filter of its own")
    if failed:
        _fail("seccomp")


def _keep_to_it() -> None:
    """Without help of the kernel: point network libraries nowhere, and refuse such calls of Python code."""
    for name in ("http_proxy", "https_proxy", "ftp_proxy", "all_proxy"):
        os.environ[name] = os.environ[name.upper()] = "http://127.0.0.1:9"

    def refuse(event: str, args: tuple[object, ...]) -> None:
        writes = event == "open" and isinstance(args[1], str) and any(letter in args[1] for letter in "wax+")
        if writes or event in ("socket.connect", "socket.getaddrinfo", "socket.bind", "subprocess.Popen", "os.system"):
            raise PermissionError(errno.EACCES, f"not in a process that sees pictures: {event}")

    sys.addaudithook(refuse)


# -- the filters ------------------------------------------------------------------------------------------------------


def _step(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("=HBBI", code, yes, no, value)


def _give(what: int) -> bytes:
    return _step(RETURN, what)


def _head(machine: str) -> bytes:
    """Allow only calls of this architecture: the same numbers mean other calls on another."""
    native = _step(LOAD, ARCH_AT) + _step(EQUAL, _ARCH[machine], yes=1) + _give(KILL) + _step(LOAD, NUMBER_AT)
    return native + (_step(AT_LEAST, X32_FROM, no=1) + _give(KILL) if machine == "x86_64" else b"")


def _refuse(number: int, why: int = errno.EACCES) -> bytes:
    return _step(EQUAL, number, no=1) + _give(ERRNO | why)


def _refuse_where(number: int, argument: int, test: bytes) -> bytes:
    """Refuse a call by an argument; `test` skips one step where the call is allowed."""
    judged = _step(LOAD, ARGUMENTS_AT + 8 * argument) + test + _give(ERRNO | errno.EACCES) + _give(ALLOW)
    return _step(EQUAL, number, no=len(judged) // 8) + judged


def _daemon_program(machine: str) -> bytes:
    return b"".join(
        [
            _head(machine),
            *(_refuse(number) for number in _ASYNCHRONOUS),
            _refuse_where(_SOCKET[machine], 0, _step(EQUAL, AF_UNIX, yes=1)),
            _give(ALLOW),
        ]
    )


def _sensor_program(machine: str, *, unix: bool = False) -> bytes:
    column = list(_ARCH).index(machine)
    refused = [number for numbers in _REFUSED.values() for number in numbers[column]]
    return b"".join(
        [
            _head(machine),
            *(_refuse(number) for number in (*_ASYNCHRONOUS, *refused)),
            *(_refuse(number, errno.ENOSYS) for number in _IN_MEMORY),
            _refuse_where(_SOCKET[machine], 0, _step(EQUAL, AF_UNIX, yes=1)) if unix else _refuse(_SOCKET[machine]),
            *(_refuse_where(number, flags, _step(ANY_BIT, WRITING, no=1)) for number, flags in _OPEN[machine]),
            _refuse_where(_CLONE[machine], 0, _step(ANY_BIT, CLONE_THREAD, yes=1)),
            _give(ALLOW),
        ]
    )


# -- the proof --------------------------------------------------------------------------------------------------------


def attempts(folder: Path) -> dict[str, str]:
    """Try what a process that sees pictures must not do, and give the outcome of each attempt.

    It is ``"refused: ..."`` with the system's reason, or ``"allowed"``. Addresses are those of this machine: where
    nothing is refused, a call gets no further than the loopback device.

    Parameters
    ----------
    folder : Path
        A folder where this user may write, with a file ``there`` and ``shared``, a link to a file in shared memory.
    """
    tried: dict[str, Callable[[], None]] = {
        "TCP": lambda: _connect("127.0.0.1"),
        "TCP over IPv6": lambda: _connect("::1"),
        "UDP": _udp,
        "DNS": _dns,
        "AF_UNIX": _unix,
        "a new file": lambda: os.close(os.open(folder / "new", os.O_WRONLY | os.O_CREAT, 0o600)),
        "an old file": lambda: os.close(os.open(folder / "there", os.O_RDWR)),
        "shared memory": lambda: os.close(os.open(folder / "shared", os.O_RDWR)),
        "a program": _program,
    }
    return {name: _tried(attempt) for name, attempt in tried.items()}


def refused(outcome: str) -> bool:
    """Whether the system refused an attempt; one that failed because nobody answered was not refused."""
    return outcome.startswith("refused")


def _tried(attempt: Callable[[], None]) -> str:
    try:
        attempt()
    except PermissionError as error:
        return f"refused: {error.strerror}"
    except socket.gaierror as error:
        # No resolver can be asked without a socket; whether one can be made is checked in _dns.
        return f"refused: {error.strerror}"
    except OSError as error:
        # A call that got out but found nobody was not refused.
        return f"refused: {error.strerror}" if error.errno in (errno.EPERM, errno.ENOSYS, errno.EFBIG) else "allowed"
    return "allowed"


def _connect(host: str) -> None:
    socket.create_connection((host, 9), 2).close()


def _udp() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as link:
        link.sendto(b"", ("127.0.0.1", 9))


def _dns() -> None:
    # A name, so that a resolver has to be asked; .invalid is never assigned (RFC 6761).
    try:
        socket.getaddrinfo("posture.invalid", 443)
    except socket.gaierror as error:
        with contextlib.suppress(OSError), socket.socket(socket.AF_INET, socket.SOCK_DGRAM):
            return  # the resolver could be asked, and knows no such name
        raise error


def _unix() -> None:
    if hasattr(socket, "AF_UNIX"):
        socket.socket(socket.AF_UNIX).close()


def _program() -> None:
    subprocess.run([sys.executable, "-c", ""], check=False, stdin=subprocess.DEVNULL)
