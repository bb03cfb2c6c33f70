"""Which system calls a process that decodes pictures may make, and the filter that the kernel holds it to.

What is not listed is refused: the list is what the sensor, OpenCV, mediapipe with TensorFlow Lite, numpy and ffmpeg
were seen to call (traced with strace over every model, over files, streams and played cameras), and what other C
libraries and kernels call for the same. Of calls that can do more than that, the arguments are judged as well.
"""

from __future__ import annotations

import errno
import struct
from collections.abc import Iterable

# -- what the kernel calls things (linux/seccomp.h, filter.h, audit.h, fcntl.h, sched.h, mman.h, ioctl.h, prctl.h) ----

KILL, ALLOW, ERRNO = 0x80000000, 0x7FFF0000, 0x00050000
LOAD, EQUAL, AT_LEAST, ANY_BIT, MASK, RETURN = 0x20, 0x15, 0x35, 0x45, 0x54, 0x06
NUMBER_AT, ARCH_AT, ARGUMENTS_AT = 0, 4, 16  # struct seccomp_data; of an argument the lower half first, little-endian
X32_FROM = 0x40000000
ARCH = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}

AF_UNIX, AF_INET, AF_INET6, AF_NETLINK = 1, 2, 10, 16
NETLINK_ROUTE = 0
CLONE_THREAD = 0x10000
CLONE_NEW = 0x7E020080
"""Namespaces of any kind."""
O_RDWR = 0o2
# O_WRONLY, O_CREAT, O_TRUNC, O_APPEND, __O_TMPFILE: the same on both. A camera is opened with O_RDWR alone.
WRITING = 0o1 | 0o100 | 0o1000 | 0o2000 | 0o20000000
PROT_WRITE, MAP_SHARED = 2, 1
COMMANDS = (0, 1, 2, 3, 4, 1030)
"""Of fcntl: F_DUPFD, F_GETFD, F_SETFD, F_GETFL, F_SETFL, F_DUPFD_CLOEXEC. No owner that is sent signals, no lease."""
OPTIONS = (3, 15, 16, 0x53564D41)
"""Of prctl: PR_GET_DUMPABLE, PR_SET_NAME, PR_GET_NAME, PR_SET_VMA (a name for memory, of newer C libraries)."""
TERMINAL = (0x5401, 0x5413, 0x541B, 0x5421, 0x5450, 0x5451)
"""Of ioctl: TCGETS, TIOCGWINSZ, FIONREAD, FIONBIO, FIONCLEX, FIOCLEX."""
VIDEO, DIRECTIONS = 0x5600, 0xC0000000
"""ioctls of V4L2 are of this type, and give or take a structure; those of consoles are of it too, but have none."""

# -- the calls: their numbers on x86-64 and aarch64 (asm/unistd_64.h, asm-generic/unistd.h), None where there is none --

_Numbers = tuple[int | None, int | None]

ALLOWED: dict[str, _Numbers] = {
    # reading and answering on what is open; RLIMIT_FSIZE keeps bytes out of files
    "read": (0, 63),
    "write": (1, 64),
    "close": (3, 57),
    "lseek": (8, 62),
    "pread64": (17, 67),
    "readv": (19, 65),
    "writev": (20, 66),
    "preadv": (295, 69),
    "dup": (32, 23),
    "dup2": (33, None),
    "dup3": (292, 24),
    "pipe": (22, None),
    "pipe2": (293, 59),
    "sendto": (44, 206),
    "recvfrom": (45, 207),
    "shutdown": (48, 210),
    "getsockname": (51, 204),
    "getpeername": (52, 205),
    "getsockopt": (55, 209),
    "poll": (7, None),
    "ppoll": (271, 73),
    "select": (23, None),
    "pselect6": (270, 72),
    # what there is
    "stat": (4, None),
    "fstat": (5, 80),
    "lstat": (6, None),
    "newfstatat": (262, 79),
    "statx": (332, 291),
    "access": (21, None),
    "faccessat": (269, 48),
    "faccessat2": (439, 439),
    "readlink": (89, None),
    "readlinkat": (267, 78),
    "getdents": (78, None),
    "getdents64": (217, 61),
    "statfs": (137, 43),
    "fstatfs": (138, 44),
    "getcwd": (79, 17),
    "chdir": (80, 49),
    # memory of its own
    "brk": (12, 214),
    "munmap": (11, 215),
    "mremap": (25, 216),
    "mprotect": (10, 226),
    "madvise": (28, 233),
    "mbind": (237, 235),
    "membarrier": (324, 283),
    # threads and signals of its own
    "futex": (202, 98),
    "set_robust_list": (273, 99),
    "rseq": (334, 293),
    "set_tid_address": (218, 96),
    "gettid": (186, 178),
    "arch_prctl": (158, None),
    "getpid": (39, 172),
    "getppid": (110, 173),
    "sched_yield": (24, 124),
    "sched_getaffinity": (204, 123),
    "sched_getparam": (143, 121),
    "sched_getscheduler": (145, 120),
    "sched_get_priority_max": (146, 125),
    "sched_get_priority_min": (147, 126),
    "getpriority": (140, 141),
    "getcpu": (309, 168),
    "rt_sigaction": (13, 134),
    "rt_sigprocmask": (14, 135),
    "rt_sigreturn": (15, 139),
    "sigaltstack": (131, 132),
    "restart_syscall": (219, 128),
    "exit": (60, 93),
    "exit_group": (231, 94),
    # the clock, who it is, where it runs
    "time": (201, None),
    "gettimeofday": (96, 169),
    "clock_gettime": (228, 113),
    "clock_getres": (229, 114),
    "clock_nanosleep": (230, 115),
    "nanosleep": (35, 101),
    "times": (100, 153),
    "getrusage": (98, 165),
    "getrlimit": (97, 163),
    "sysinfo": (99, 179),
    "uname": (63, 160),
    "getrandom": (318, 278),
    "getuid": (102, 174),
    "geteuid": (107, 175),
    "getgid": (104, 176),
    "getegid": (108, 177),
    "getgroups": (115, 158),
    "getresuid": (118, 148),
    "getresgid": (120, 150),
}
"""Whatever their arguments."""

JUDGED: dict[str, _Numbers] = {
    "mmap": (9, 222),
    "ioctl": (16, 29),
    "openat": (257, 56),
    "open": (2, None),
    "fcntl": (72, 25),
    "clone": (56, 220),
    "prctl": (157, 167),
    "prlimit64": (302, 261),
    "tgkill": (234, 131),
    "sched_setaffinity": (203, 122),
    "setpriority": (141, 140),
}
"""By their arguments."""

CAMERA: dict[str, _Numbers] = {}
"""For a process that opens a camera, to give way to others."""

NETWORK: dict[str, _Numbers] = {
    "connect": (42, 203),
    "bind": (49, 200),
    "sendmsg": (46, 211),
    "recvmsg": (47, 212),
    "sendmmsg": (307, 269),
    "setsockopt": (54, 208),
}
"""For a process that plays a stream, or a played camera, besides a socket; none listens."""
SOCKET: _Numbers = (41, 198)

FALLS_BACK = (435, 437, 441, 449, 451, 453, 454, 455, 456, 462)
"""clone3, openat2, epoll_pwait2, futex_waitv, cachestat, map_shadow_stack, futex_*, mseal, the same on both: the C
library takes an older call where the kernel says that it has no such one. A filter cannot see the flags of the first
two, which lie in memory."""
UNKNOWN_FROM = 470
"""Calls that no kernel had when this was written. Libraries take it well that a kernel has them not."""
IO_URING = (425, 426, 427)
"""It does what other calls do, and bypasses a filter of calls."""


def daemon_filter(machine: str) -> bytes:
    """Make the filter that leaves a process, and all that it starts, only sockets within this machine."""
    return b"".join(
        [
            _head(machine),
            *(_when([number], _give(ERRNO | errno.EACCES)) for number in IO_URING),
            _when(_on(machine, SOCKET), _one_of(0, (AF_UNIX,)) + _give(ALLOW)),
            _give(ALLOW),
        ]
    )


def box_filter(machine: str, pid: int, *, camera: bool = False, network: bool = False, rig: bool = False) -> bytes:
    """Make the filter of a process that decodes pictures.

    Parameters
    ----------
    machine : str
        ``x86_64`` or ``aarch64``.
    pid : int
        Its own number: signals, and how it is scheduled, are its own affair alone.
    camera : bool
        It opens a camera: for reading and writing, with memory that the driver shares with it.
    network : bool
        It plays a stream: sockets of the internet, that do not listen.
    rig : bool
        It opens a camera that umockdev plays, a program behind a socket of this machine.
    """
    opened = WRITING if camera else WRITING | O_RDWR
    judged = {
        "mmap": b"" if camera else _not_both((2, PROT_WRITE), (3, MAP_SHARED)),
        "ioctl": _ioctl(camera),
        "openat": _no_bit(2, opened),
        "open": _no_bit(1, opened),
        "fcntl": _one_of(1, COMMANDS),
        "clone": _some_bit(0, CLONE_THREAD) + _no_bit(0, CLONE_NEW),
        "prctl": _one_of(0, OPTIONS),
        "prlimit64": _one_of(0, (0, pid)) + _null(2),  # to read a limit, not to set one
        "tgkill": _one_of(0, (pid,)),
        "sched_setaffinity": _one_of(0, (0, pid)),
        "setpriority": _one_of(0, (0,)) + _one_of(1, (0, pid)),
    }
    steps = [_head(machine)]
    steps += [_when(_on(machine, JUDGED[name]), test + _give(ALLOW)) for name, test in judged.items()]
    allowed = dict(ALLOWED)
    if camera:
        allowed |= CAMERA
    if network or rig:
        allowed |= NETWORK
        steps.append(_when(_on(machine, SOCKET), (_internet() if network else _one_of(0, (AF_UNIX,))) + _give(ALLOW)))
    numbers = sorted(number for pair in allowed.values() for number in _on(machine, pair))
    steps += [_step(EQUAL, number, no=1) + _give(ALLOW) for number in numbers]
    steps += [_step(EQUAL, number, no=1) + _give(ERRNO | errno.ENOSYS) for number in FALLS_BACK]
    steps += [_step(AT_LEAST, UNKNOWN_FROM, no=1) + _give(ERRNO | errno.ENOSYS), _give(ERRNO | errno.EACCES)]
    return b"".join(steps)


# -- the steps of a filter --------------------------------------------------------------------------------------------


def _step(code: int, value: int, yes: int = 0, no: int = 0) -> bytes:
    return struct.pack("=HBBI", code, yes, no, value)


def _give(what: int) -> bytes:
    return _step(RETURN, what)


REFUSE = _give(ERRNO | errno.EACCES)


def _head(machine: str) -> bytes:
    """Allow only calls of this architecture: the same numbers mean other calls on another."""
    native = _step(LOAD, ARCH_AT) + _step(EQUAL, ARCH[machine], yes=1) + _give(KILL) + _step(LOAD, NUMBER_AT)
    return native + (_step(AT_LEAST, X32_FROM, no=1) + _give(KILL) if machine == "x86_64" else b"")


def _on(machine: str, numbers: _Numbers) -> list[int]:
    number = numbers[list(ARCH).index(machine)]
    return [] if number is None else [number]


def _when(numbers: Iterable[int], judged: bytes) -> bytes:
    """Decide on a call by these steps, which end with an answer."""
    return b"".join(_step(EQUAL, number, no=len(judged) // 8) + judged for number in numbers)


def _load(argument: int, *, upper: bool = False) -> bytes:
    return _step(LOAD, ARGUMENTS_AT + 8 * argument + 4 * upper)


def _one_of(argument: int, values: tuple[int, ...]) -> bytes:
    """Refuse unless an argument has one of these values. Of each test: go on after its last step if all is well."""
    tests = (_step(EQUAL, value, yes=len(values) - at) for at, value in enumerate(values))
    return _load(argument) + b"".join(tests) + REFUSE


def _no_bit(argument: int, bits: int) -> bytes:
    return _load(argument) + _step(ANY_BIT, bits, no=1) + REFUSE


def _some_bit(argument: int, bits: int) -> bytes:
    return _load(argument) + _step(ANY_BIT, bits, yes=1) + REFUSE


def _not_both(one: tuple[int, int], other: tuple[int, int]) -> bytes:
    return _load(one[0]) + _step(ANY_BIT, one[1], no=3) + _load(other[0]) + _step(ANY_BIT, other[1], no=1) + REFUSE


def _null(argument: int) -> bytes:
    halves = (_load(argument, upper=upper) + _step(EQUAL, 0, yes=1) + REFUSE for upper in (False, True))
    return b"".join(halves)


def _ioctl(camera: bool) -> bytes:
    if not camera:
        return _one_of(1, TERMINAL)
    video = _step(ANY_BIT, DIRECTIONS, no=2) + _step(MASK, 0xFF00) + _step(EQUAL, VIDEO, yes=1) + REFUSE
    known = (_step(EQUAL, value, yes=len(TERMINAL) - at - 1 + len(video) // 8) for at, value in enumerate(TERMINAL))
    return _load(1) + b"".join(known) + video


def _internet() -> bytes:
    """Sockets of the internet, and the one that a resolver asks which addresses this machine has."""
    asked = _load(2) + _step(EQUAL, NETLINK_ROUTE, yes=1) + REFUSE
    families = (AF_INET, AF_INET6)
    known = (_step(EQUAL, family, yes=len(families) - at + 1 + len(asked) // 8) for at, family in enumerate(families))
    return _load(0) + b"".join(known) + _step(EQUAL, AF_NETLINK, yes=1) + REFUSE + asked
