"""Giving up rights for good, enforced by the kernel rather than by our own good behaviour.

A process that decodes pictures goes into a *box* before anything that decodes is imported: `enter_sensor` the one that
opens a camera, `enter_reader` one that reads a file or plays a stream which the user names. In the box only the system
calls of `posture.seccomp` are left, so no socket, program, signal, file made or changed, extended attribute, io_uring;
and where the kernel has Landlock, only the files named there can be read: the program and its libraries, the model, the
one source. `enter_daemon` leaves only sockets within this machine (AF_UNIX). On Linux (x86-64, aarch64) seccomp and
Landlock enforce this, for native code too, until the process ends. Elsewhere nothing of the kind exists without an
administrator; `guarantee` says what holds where.

The camera is the only thing that is opened for reading and writing: V4L2 gives pictures in no other way. seccomp does
not see paths, so Landlock allows it only for the device files of cameras that exist at that time: a camera that is
plugged in later is for a sensor started later, see `out_of_reach`. Without Landlock, a mount namespace in which all is
read-only does the same where the kernel lets a user have one. A limit of zero bytes for files applies too.
"""

from __future__ import annotations

import contextlib
import ctypes
import errno
import mmap
import os
import platform
import re
import signal
import socket
import stat
import struct
import subprocess
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import NoReturn

from posture import seccomp
from posture.errors import PostureError
from posture.language import listed, mark, tr
from posture.link import Link
from posture.link_socket import SocketLink
from posture.machine import system_name
from posture.own_command import own_command, own_environment

# -- what the kernel calls things (linux/prctl.h, seccomp.h, landlock.h, sched.h, mount.h) ---------------------------

PR_SET_PDEATHSIG, PR_SET_DUMPABLE, PR_SET_NO_NEW_PRIVS = 1, 4, 38
SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_TSYNC = 1, 1
_SECCOMP = {"x86_64": 317, "aarch64": 277}

LANDLOCK_CREATE, LANDLOCK_ADD, LANDLOCK_RESTRICT = 444, 445, 446  # on every architecture
LANDLOCK_VERSION = 1
LANDLOCK_PATH_BENEATH = 1
WRITE_FILE, READ_FILE, READ_DIR, IOCTL_DEV = 1 << 1, 1 << 2, 1 << 3, 1 << 15
READ = READ_FILE | READ_DIR
_FILES = {1: 0x1FFF, 2: 0x3FFF, 3: 0x7FFF, 5: 0xFFFF}
"""What Landlock can refuse of files, by its version: moving elsewhere from 2, truncating from 3, ioctls from 5."""
BIND_TCP, CONNECT_TCP = 1, 2  # from 4
ABSTRACT_UNIX, SIGNAL = 1, 2  # from 6
_BENEATH = struct.Struct("=Qi")

CLONE_NEWNS, CLONE_NEWUSER = 0x20000, 0x10000000
MS_RDONLY, MS_REMOUNT, MS_BIND, MS_REC, MS_PRIVATE = 1, 0x20, 0x1000, 0x4000, 0x40000
_KEPT = {"nosuid": 2, "nodev": 4, "noexec": 8, "noatime": 0x400, "nodiratime": 0x800, "relatime": 0x200000}
"""Flags of a mount that a remount must repeat."""

PACKAGE = Path(__file__).resolve().parent
LIBRARIES = (
    *("/usr", "/lib", "/lib64", "/lib32", "/nix/store", "/gnu/store", "/app/lib"),
    *("/etc/ld.so.cache", "/etc/ld.so.preload", "/etc/ssl/openssl.cnf", "/etc/pki/tls/openssl.cnf", "/etc/glvnd"),
    *("/etc/localtime", "/etc/nsswitch.conf", "/etc/passwd", "/etc/group"),
)
"""Where Linux has its libraries, and what they read of the system when they are loaded."""
SYSTEM = (
    *("/proc/self", "/proc/cpuinfo", "/proc/meminfo", "/proc/stat", "/proc/filesystems", "/proc/sys/vm"),
    *("/sys/devices/system/cpu", "/sys/devices/system/node", "/sys/fs/cgroup"),
    *("/dev/null", "/dev/zero", "/dev/urandom", "/dev/random"),
)
"""What they ask about the machine: how many processors and how much memory there are."""
NAMES = (
    *("/etc/resolv.conf", "/etc/hosts", "/etc/host.conf", "/etc/gai.conf", "/etc/services", "/etc/protocols"),
    *("/etc/ssl", "/etc/pki", "/etc/ca-certificates", "/etc/crypto-policies", "/etc/gnutls"),
)
"""What finding a host by its name, and TLS, read."""
_CAMERAS = ("/sys/class/video4linux", "/dev/v4l")
DEVICES, VIDEO_NUM_DEVICES = "/dev/video{}", 256  # drivers/media/v4l2-core/v4l2-dev.c


# Translators: {files} is what of files the kernel refuses: "the making of files and every write call; ..."
_PROCESSES = mark(
    "The kernel refuses the sensor every system call that watching does not need: sockets, programs, signals to "
    "others; of files {files}. What decodes files that you name is held the same way, without the cameras. The "
    "daemon has AF_UNIX alone."
)
_FILES_ALL = mark(
    "the making, changing and opening for writing of every file but the device files of cameras, and the reading of "
    "all but the program, its libraries and model, the calibrations, and facts about the machine; only whether a path "
    "is there, and its size and times, can be asked"
)


_WINDOWS = mark(
    "Windows refuses the process that sees programs of its own, more than 2 GB of memory, the clipboard and the "
    "windows of other programs, and ends it with the daemon (a job object). It has given up its privileges but that "
    "of passing through folders, and what decodes files that you name also the changing of what is yours, but in the "
    "few folders that are open to such processes (low integrity). Windows offers a program no way to give up the "
    "network for good: there it is kept to by posture's own code, by a mediapipe without network code, and by proxy "
    "variables that lead nowhere."
)


def guarantee() -> str:
    """Say what is guaranteed on this system."""
    if sys.platform == "win32":
        return tr(_WINDOWS)
    else:
        return _guarantee()


def _guarantee() -> str:
    if not held_by_kernel():
        return tr(
            "{system} offers a program no way to give up the network for good: here it is kept to by posture's own "
            "code, by a mediapipe that reports nothing, and by proxy variables that lead nowhere.",
            system=system_name(),
        )
    if abi := landlock_abi():
        lacking = {5: tr("device files beyond cameras"), 6: tr("sockets by abstract names")}
        older = [what for version, what in lacking.items() if abi < version]
        files = tr(_FILES_ALL)
        if older:
            # Translators: {what} is what Landlock, a part of the kernel, does not hold yet in this version
            files = tr(
                "{files} (Landlock {version}; without a second lock on {what})",
                files=files,
                version=abi,
                what=listed(older),
            )
        else:
            files = f"{files} (Landlock {abi})"
    elif _mounts_can_be_hidden():
        files = tr(
            "the making, changing and opening for writing of every file; reading it does not limit (this kernel has no "
            "Landlock: a view of the disk that cannot be written stands in for it)"
        )
    else:
        files = tr(
            "the making of files and every write call; but what the user may change could be changed through mapped "
            "memory, and all of it could be read (this kernel has neither Landlock nor private mounts)"
        )
    return tr(_PROCESSES, files=files)


def held_by_kernel() -> bool:
    """Whether this system lets a process give up rights for good."""
    return sys.platform == "linux" and platform.machine() in seccomp.ARCH


def landlock_abi() -> int:
    """Give the version of the kernel's Landlock, 0 where it has none."""
    if not held_by_kernel():
        return 0
    found: int = _libc().syscall(LANDLOCK_CREATE, None, ctypes.c_size_t(0), LANDLOCK_VERSION)
    return max(found, 0)


_reached: frozenset[tuple[int, int]] | None = None
"""What this process may open beside the program, by device and inode; None where the kernel does not limit it."""


# -- giving up --------------------------------------------------------------------------------------------------------


def enter_sensor(files: Iterable[Path] = (), *, camera: bool = True) -> None:
    """Give up all but looking through a camera and reading `files`, until the process ends.

    Call it before any thread runs: Landlock holds those that are started later. Without `camera` it opens none.

    A PostureError says that the kernel refuses; nothing that sees pictures may run then.
    """
    _enter([*files], camera=camera)


def enter_reader(files: Iterable[Path] | None) -> None:
    """Give up all but reading `files`, or, where it is None, all but speaking with the internet; see `enter_sensor`."""
    _enter([] if files is None else [*files], network=files is None)


def end_with(parent: Link) -> None:
    """Have the kernel kill this process when the one that started it ends, whatever this one is made to do by then.

    In the box that cannot be taken back. It is the end of the parent's thread that counts. `parent` is one end of a
    link that it has made; where it has ended before this call, so does this process. Windows does it by the job.
    """
    if sys.platform == "linux" and isinstance(parent, SocketLink):
        _libc().prctl(PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
        (made_by,) = struct.unpack_from("i", parent.socket.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, 12))
        if os.getppid() != made_by:
            os.kill(os.getpid(), signal.SIGKILL)


def _enter(files: list[Path], *, camera: bool = False, network: bool = False) -> None:
    _no_dump()
    if sys.platform == "win32":
        from posture.sandbox_windows import give_up

        try:
            give_up(changing=not camera)
        except OSError as error:
            raise _refusal(error) from None
    if not held_by_kernel():
        if not network:
            _keep_to_it()
        return
    global _reached
    rig = os.environ.get("UMOCKDEV_DIR", "") if camera else ""
    cameras = _cameras() if camera else {}
    readable = [*_own_files(), *map(Path, (*LIBRARIES, *SYSTEM)), *files]
    if camera:
        readable += [*map(Path, _CAMERAS), *Path(_CAMERAS[0]).glob("video*")]
    if network:
        readable += map(Path, NAMES)
    writable = [*cameras.values(), Path(os.devnull)]
    try:
        _no_files()
        if landlock_abi():
            _no_new_privileges()
            # A camera that umockdev plays, as in tests, is a program behind a socket in this folder.
            _landlock(readable, [*writable, *([Path(rig)] if rig else [])], network=network)
            _reached = frozenset([*cameras, *_identities(files)])
        elif camera and not rig:
            _mounts_read_only()
        _no_new_privileges()
        _filter(seccomp.box_filter(platform.machine(), os.getpid(), camera=camera, network=network, rig=bool(rig)))
    except OSError as error:
        raise _refusal(error) from None


def _cameras() -> dict[tuple[int, int], Path]:
    """Find the device files of cameras; one that is unplugged and plugged in again gets another inode."""
    found = {}
    for path in map(Path, map(DEVICES.format, range(VIDEO_NUM_DEVICES))):  # in the box nothing lists /dev
        with contextlib.suppress(OSError):
            status = path.stat()
            if stat.S_ISCHR(status.st_mode):
                found[status.st_dev, status.st_ino] = path
    return found


def camera_out_of_reach() -> bool:
    """Whether a camera was plugged in after `enter_sensor`, so that this process may not open it."""
    return _reached is not None and not _cameras().keys() <= _reached


def out_of_reach(file: Path) -> bool:
    """Whether a file was made or replaced after `enter_sensor`, so that this process may not open it."""
    return _reached is not None and not _identities([file]) <= _reached


def _identities(files: Iterable[Path]) -> set[tuple[int, int]]:
    found = set()
    for file in files:
        with contextlib.suppress(OSError):
            status = file.stat()
            found.add((status.st_dev, status.st_ino))
    return found


def _own_files() -> list[Path]:
    """Give the folders of this program, of Python and of the libraries it was started with.

    A folder that the home of the user lies in, or is, is not among them: of that its ``lib`` folders must do.
    """
    found = [PACKAGE, PACKAGE.parent / "models", Path(os.__file__).parent]
    found += [Path(prefix, lib) for prefix in {sys.prefix, sys.base_prefix} for lib in ("lib", "lib64", "pyvenv.cfg")]
    found += [Path(entry) for entry in sys.path if entry]
    if getattr(sys, "frozen", False):
        found.append(Path(sys.executable))  # a frozen program holds the modules in itself, and reads them when needed
    found += [Path(entry) for entry in os.environ.get("LD_LIBRARY_PATH", "").split(":") if entry]
    for line in Path("/proc/self/maps").read_text(errors="replace").splitlines():
        if ".so" in line and "/" in line:
            found.append(Path(line[line.index("/") :]).parent)
    at_home = os.path.expanduser("~")  # noqa: PTH111 - Path.home raises where there is none
    if at_home.startswith("~"):
        return found
    home = Path(os.path.realpath(at_home))
    return [path for path in found if not home.is_relative_to(os.path.realpath(path))]


def enter_daemon() -> None:
    """Give up the network, but for sockets within this machine, for this process and all that it starts.

    A PostureError says that the kernel refuses.
    """
    _no_dump()
    if not held_by_kernel():
        return
    try:
        _no_new_privileges()
        _filter(seccomp.daemon_filter(platform.machine()))
    except OSError as error:
        raise _refusal(error) from None


_waiting: Callable[[], None] | None = None
"""This command gives up the network once the process that plays its stream has been started."""


def enter_command(*, stream: bool = False) -> None:
    """Give up what the daemon gives up, for a command that sees pictures.

    Where the user named a stream, `source_started` does that, since what plays it inherits it.

    A PostureError says that the kernel refuses.
    """
    global _waiting
    if stream:
        _waiting = enter_daemon
    else:
        enter_daemon()


def source_started() -> None:
    """Give up the network now if `enter_command` has put it off."""
    global _waiting
    enter, _waiting = _waiting, None
    if enter is not None:
        enter()


def _refusal(error: OSError) -> PostureError:
    return PostureError(
        tr(
            "This kernel does not let posture lock itself in ({reason}), and without that no camera is opened: run it "
            "on a kernel with seccomp, outside containers that forbid it.",
            reason=error.strerror or error,
        )
    )


def _libc() -> ctypes.CDLL:
    return ctypes.CDLL(None, use_errno=True)


def _fail(what: str) -> NoReturn:
    raise OSError(ctypes.get_errno(), f"{what}: {os.strerror(ctypes.get_errno())}")


def _no_dump() -> None:
    """Write no memory dump at a crash, and let no other program of this user read the memory."""
    if sys.platform != "win32":
        with contextlib.suppress(ImportError, OSError, ValueError):
            import resource

            resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if sys.platform == "linux":
        _libc().prctl(PR_SET_DUMPABLE, 0, 0, 0, 0)


def _no_files() -> None:
    if sys.platform == "linux":
        import resource

        resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def _ids() -> tuple[int, int]:
    if sys.platform == "win32":
        return 0, 0
    else:
        return os.geteuid(), os.getegid()


def _no_new_privileges() -> None:
    if _libc().prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0):
        _fail("no_new_privs")


def _landlock(readable: Iterable[Path], writable: Iterable[Path], *, network: bool) -> None:
    """Allow reading only beneath these, and writing only to those (for this thread and the ones it starts)."""
    abi, library = landlock_abi(), _libc()
    handled = _FILES[max(version for version in _FILES if version <= abi)]
    refused_network = 0 if abi < 4 else BIND_TCP if network else BIND_TCP | CONNECT_TCP
    parts = [handled, *([refused_network] if abi >= 4 else []), *([ABSTRACT_UNIX | SIGNAL] if abi >= 6 else [])]
    asked = struct.pack(f"={len(parts)}Q", *parts)
    rules = library.syscall(LANDLOCK_CREATE, asked, ctypes.c_size_t(len(asked)), 0)
    if rules < 0:
        _fail("Landlock")
    try:
        for paths, rights in ((readable, READ), (writable, READ | WRITE_FILE | IOCTL_DEV)):
            for path in paths:
                _allow(library, rules, path, rights & handled)
        if library.syscall(LANDLOCK_RESTRICT, rules, 0):
            _fail("Landlock")
    finally:
        os.close(rules)


def _allow(library: ctypes.CDLL, rules: int, path: Path, rights: int) -> None:
    """Allow something of a file, or of a folder and all beneath it; nothing where there is none."""
    try:
        handle = os.open(path, getattr(os, "O_PATH", 0) | getattr(os, "O_CLOEXEC", 0))
    except (OSError, ValueError):
        return
    try:
        if not stat.S_ISDIR(os.fstat(handle).st_mode):
            rights &= ~READ_DIR
        if library.syscall(LANDLOCK_ADD, rules, LANDLOCK_PATH_BENEATH, _BENEATH.pack(rights, handle), 0):
            _fail("Landlock")
    finally:
        os.close(handle)


def _mounts_can_be_hidden() -> bool:
    """Whether this user may have mounts of their own, tried in a process that ends with it."""
    done = subprocess.run(
        own_command("posture.private_mounts", str(_unshared())),
        check=False,
        env=own_environment(),
        stdin=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    return done.returncode == 0


def _unshared() -> int:
    return CLONE_NEWNS if _ids()[0] == 0 else CLONE_NEWNS | CLONE_NEWUSER


def _mounts_read_only() -> bool:
    """Show this process every mount read-only; False where the kernel does not let it. Device files stay as they are.

    For kernels without Landlock: a file on it cannot be opened for writing, so it cannot be mapped for writing either.
    """
    library, (user, group) = _libc(), _ids()
    if library.unshare(_unshared()):
        return False
    with contextlib.suppress(OSError):
        if user:
            Path("/proc/self/setgroups").write_text("deny")
            Path("/proc/self/uid_map").write_text(f"{user} {user} 1")
            Path("/proc/self/gid_map").write_text(f"{group} {group} 1")
    if library.mount(None, b"/", None, MS_REC | MS_PRIVATE, None):
        return False
    held = True
    for line in Path("/proc/self/mountinfo").read_text(errors="surrogateescape").splitlines():
        words = line.split(" ")
        place = re.sub(rb"\\([0-7]{3})", lambda octal: bytes([int(octal[1], 8)]), os.fsencode(words[4]))
        flags = sum(_KEPT.get(word, 0) for word in words[5].split(","))
        held &= not library.mount(None, place, None, MS_REMOUNT | MS_BIND | MS_RDONLY | flags, None)
    return held


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


CHANGING = os.O_WRONLY | os.O_RDWR | os.O_CREAT | os.O_TRUNC | os.O_APPEND
KEPT_TO = {
    *("socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo", "socket.gethostbyname"),
    *("subprocess.Popen", "os.system", "os.exec", "os.fork", "os.forkpty", "os.posix_spawn", "os.spawn"),
    *("os.startfile", "os.kill", "os.remove", "os.rename", "os.link", "os.symlink", "os.mkdir", "os.rmdir"),
    *("os.truncate", "os.chmod", "os.chown", "os.utime", "os.setxattr", "os.removexattr"),
}
"""What Python tells an audit hook of (docs.python.org/3/library/audit_events.html) that watching never does."""


def _keep_to_it() -> None:
    """Without help of the kernel: point network libraries nowhere, and refuse such calls of Python code."""
    for name in ("http_proxy", "https_proxy", "ftp_proxy", "all_proxy"):
        os.environ[name] = os.environ[name.upper()] = "http://127.0.0.1:9"

    def refuse(event: str, args: tuple[object, ...]) -> None:
        writes = event == "open" and isinstance(args[2], int) and args[2] & CHANGING
        if writes or event in KEPT_TO:
            raise PermissionError(errno.EACCES, f"not in a process that sees pictures: {event}")

    sys.addaudithook(refuse)


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
    return {name: _tried(lambda: attempt(folder)) for name, attempt in ATTEMPTS.items()}  # noqa: B023 - called at once


def promised(name: str) -> bool:
    """Whether `guarantee` says that this kernel refuses an attempt of `attempts`."""
    if not held_by_kernel():
        return sys.platform == "win32" and name == "a program"
    if landlock_abi():
        return True
    unlimited = {"reading"} if _mounts_can_be_hidden() else {"reading", "an old file", "shared memory", "a mapped file"}
    return name not in unlimited


def refused(outcome: str) -> bool:
    """Whether the system refused an attempt; one that failed because nobody answered was not refused."""
    return outcome.startswith("refused")


_REFUSALS = (errno.EPERM, errno.ENOSYS, errno.EFBIG, errno.EROFS)


def _tried(attempt: Callable[[], object]) -> str:
    try:
        attempt()
    except PermissionError as error:
        return f"refused: {error.strerror}"
    except socket.gaierror as error:
        # No resolver can be asked without a socket; whether one can be made is checked in _dns.
        return f"refused: {error.strerror}"
    except OSError as error:
        # A call that got out but found nobody was not refused.
        return f"refused: {error.strerror}" if error.errno in _REFUSALS else "allowed"
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


def _mapped(file: Path) -> None:
    handle = os.open(file, os.O_RDWR)
    try:
        with mmap.mmap(handle, 0) as memory:
            memory[0] = memory[0]
    except ValueError:  # an empty file has nothing to map, but it was opened
        pass
    finally:
        os.close(handle)


def _attribute(file: Path) -> None:
    if sys.platform == "linux":
        os.setxattr(file, "user.posture", b"")


def _priority(process: int) -> None:
    if sys.platform != "win32":
        os.setpriority(os.PRIO_PROCESS, process, os.getpriority(os.PRIO_PROCESS, process))


def _processors(process: int) -> None:
    if sys.platform == "linux":
        os.sched_setaffinity(process, os.sched_getaffinity(process))


def _limit(process: int) -> None:
    if sys.platform == "linux":
        with contextlib.suppress(ImportError):
            import resource

            resource.prlimit(process, resource.RLIMIT_CORE)


ATTEMPTS: dict[str, Callable[[Path], object]] = {
    "TCP": lambda folder: _connect("127.0.0.1"),
    "TCP over IPv6": lambda folder: _connect("::1"),
    "UDP": lambda folder: _udp(),
    "DNS": lambda folder: _dns(),
    "AF_UNIX": lambda folder: _unix(),
    "a new file": lambda folder: os.close(os.open(folder / "new", os.O_WRONLY | os.O_CREAT, 0o600)),
    "an old file": lambda folder: os.close(os.open(folder / "there", os.O_RDWR)),
    "shared memory": lambda folder: os.close(os.open(folder / "shared", os.O_RDWR)),
    "a program": lambda folder: _program(),
    "reading": lambda folder: os.close(os.open(folder / "there", os.O_RDONLY)),
    "a mapped file": lambda folder: _mapped(folder / "there"),
    "permissions": lambda folder: (folder / "there").chmod(0o600),
    "an attribute": lambda folder: _attribute(folder / "there"),
    "a signal": lambda folder: os.kill(os.getppid(), 0),
    "a priority": lambda folder: _priority(os.getppid()),
    "processors": lambda folder: _processors(os.getppid()),
    "a limit": lambda folder: _limit(os.getppid()),
}
"""What `attempts` tries, by name, in a folder."""
