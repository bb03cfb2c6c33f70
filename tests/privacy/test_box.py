"""The box of a process that decodes pictures, attacked from inside, and its list of calls, number by number."""

from __future__ import annotations

import errno
import json
import os
import re
import shutil
import socket
import struct
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from filter_steps import judged
from hypothesis import given
from hypothesis import strategies as st

from posture import sandbox, seccomp
from posture.camera.boxed import BoxedPictures, BoxedVideo, enter_box
from posture.camera.video import VideoFile, read_image
from posture.errors import PostureError
from posture.link import pair
from posture.seccomp import box_filter

pytestmark = pytest.mark.skipif(not sandbox.held_by_kernel(), reason="seccomp is of Linux")

USER = 65534
"""An ordinary user, for tests that run as root."""

# The process under attack is another of the same user; `path` is a file of theirs, `handle` it opened for reading.
HOLES = {
    # the nine kinds
    "setxattrat": "call(463, -100, path, 0, b'user.p', struct.pack('QII', address(b'jpeg'), 4, 0), 16)",
    "fchmod": "call(91, handle, 0o644)",
    "kill": "call(62, other, 0)",
    "prlimit": "call(302, other, 4, struct.pack('QQ', 0, 0), None)",
    "sched_setaffinity": "call(203, other, 8, b'\\x01' + bytes(7))",
    "setpriority": "call(141, 0, other, 19)",
    "home": "Path(home, 'secret').read_text()",
    "mapped": "mapped(path)",
    "socket": "socket.socket(socket.AF_INET)",
    # the same in other disguises
    "setxattr": "os.setxattr(path, 'user.p', b'jpeg')",
    "lsetxattr": "os.setxattr(path, 'user.p', b'jpeg', follow_symlinks=False)",
    "fsetxattr": "os.setxattr(handle, 'user.p', b'jpeg')",
    "removexattr": "call(197, path, b'user.there')",
    "removexattrat": "call(466, -100, path, 0, b'user.there2')",
    "chmod": "call(90, path, 0o644)",
    "fchmodat": "call(268, -100, path, 0o644)",
    "fchmodat2": "call(452, -100, path, 0o644, 0)",
    "fchown": "call(93, handle, -1, -1)",
    "lchown": "call(94, path, -1, -1)",
    "utimensat": "call(280, -100, path, None, 0)",
    "futimesat": "call(261, -100, path, None)",
    "file_setattr": "call(469, -100, path, bytes(24), 24, 0)",
    "tkill": "call(200, other, 0)",
    "tgkill": "call(234, other, other, 0)",
    "rt_sigqueueinfo": "call(129, other, 0, struct.pack('iii', 0, 0, -1) + bytes(116))",
    "rt_tgsigqueueinfo": "call(297, other, other, 0, struct.pack('iii', 0, 0, -1) + bytes(116))",
    "pidfd_open": "call(434, other, 0)",
    "pidfd_send_signal": "call(424, pidfd, 0, None, 0)",
    "pidfd_getfd": "call(438, pidfd, 0, 0)",
    "process_madvise": "call(440, pidfd, struct.pack('QQ', address(b'x'), 0), 1, 20, 0)",
    "kill by a descriptor": "fcntl.fcntl(pipe[0], fcntl.F_SETOWN, other)",
    "kill by ioctl": "fcntl.ioctl(pair[0].fileno(), 0x8901, struct.pack('i', other))",
    "kill by a lease": "fcntl.fcntl(handle, fcntl.F_SETLEASE, fcntl.F_RDLCK)",
    "watch a folder": "fcntl.fcntl(os.open(home, 0), fcntl.F_NOTIFY, 1)",
    "sched_setscheduler": "call(144, other, 3, struct.pack('i', 0))",
    "sched_setparam": "call(142, other, struct.pack('i', 0))",
    "sched_setattr": "call(314, other, struct.pack('IIQiIQQQ', 48, 3, 0, 0, 0, 0, 0, 0), 0)",
    "ioprio_set": "call(251, 1, other, 0x4004)",
    "move_pages": "call(279, other, 0, None, None, None, 0)",
    "migrate_pages": "call(256, other, 0, None, None)",
    "get_robust_list": "call(274, other, ctypes.create_string_buffer(8), ctypes.create_string_buffer(8))",
    "process_vm_readv": "call(310, other, None, 0, None, 0, 0)",
    "process_vm_writev": "call(311, other, None, 0, None, 0, 0)",
    "kcmp": "call(312, other, other, 2, 0, 0)",
    "ptrace": "call(101, 0x4206, other, None, None)",
    "own limit": "call(302, 0, 4, struct.pack('QQ', 0, 0), None)",
    "setrlimit": "call(160, 4, struct.pack('QQ', 0, 0))",
    "dumpable": "call(157, 4, 1, 0, 0, 0)",
    "memfd_secret": "call(447, 0)",
    "memfd_create": "call(319, b'x', 0)",
    "name_to_handle_at": "call(303, -100, path, struct.pack('Ii', 128, 0) + bytes(128), bytes(4), 0)",
    "copy_file_range": "call(326, handle, None, pipe[1], None, 0, 0)",
    "sendfile": "call(40, pipe[1], handle, None, 1)",
    "splice": "call(275, handle, None, pipe[1], None, 1, 0)",
    "vmsplice": "call(278, pipe[1], struct.pack('QQ', address(b'x'), 1), 1, 0)",
    "tee": "call(276, pipe[0], other_pipe[1], 1, 2)",
    "io_uring_setup": "call(425, 1, ctypes.create_string_buffer(120))",
    "userfaultfd": "call(323, 1)",
    "bpf": "call(321, 0, bytes(72), 72)",
    "perf_event_open": "call(298, struct.pack('IIQ', 1, 112, 0) + bytes(96), 0, -1, -1, 0)",
    "keyctl": "call(250, 0, -2, 1, 0, 0)",
    "add_key": "call(248, b'user', b'p', b'jpeg', 4, -2)",
    "unshare": "call(272, 0x400)",
    "fork": "os._exit(0) if os.fork() == 0 else os.wait()",
    "truncate": "call(76, path, 1)",
    "ftruncate": "os.ftruncate(writable, 1)",
    "fallocate": "call(285, writable, 0, 0, 1)",
    "open for writing": "os.open(path, os.O_WRONLY)",
    "open for appending": "os.open(path, os.O_RDWR | os.O_APPEND)",
    "open and empty": "os.open(path, os.O_TRUNC)",
    "a file without a name": "os.open(home, os.O_TMPFILE | os.O_RDWR)",
    "a new file": "os.open(Path(home, 'new'), os.O_CREAT | os.O_WRONLY)",
    "mkdir": "os.mkdir(Path(home, 'folder'))",
    "mkfifo": "os.mkfifo(Path(home, 'fifo'))",
    "symlink": "os.symlink('jpeg', Path(home, 'link'))",
    "link": "os.link(path, Path(home, 'link2'))",
    "rename": "os.rename(Path(home, 'moved'), Path(home, 'moved2'))",
    "unlink": "os.unlink(Path(home, 'gone'))",
    "lock": "fcntl.flock(handle, fcntl.LOCK_SH)",
    "write": "os.write(writable, b'jpeg')",
    "pwrite": "os.pwrite(writable, b'jpeg', 0)",
    "mapped by its descriptor": "mmap.mmap(mappable, 4)[0]",
    "list home": "os.listdir(home)",
    "home by another process": "os.listdir(f'/proc/{other}/root' + home)",
    "environment of another": "Path(f'/proc/{other}/environ').read_bytes()",
    "memory of another": "os.open(f'/proc/{other}/mem', os.O_RDWR)",
    "shared memory": "call(31, call(29, 0, 4096, 0o1600, value=True), 0, None)",
    "a message queue": "call(71, call(68, 0, 0o1600, value=True), 0, None)",
    "socketpair": "socket.socketpair()",
    "AF_UNIX": "socket.socket(socket.AF_UNIX)",
    "AF_ALG": "call(41, 38, 5, 0)",
    "netlink": "call(41, 16, 3, 0)",
    "a descriptor away": "socket.send_fds(pair[0], [b'x'], [handle])",
    "type for the terminal": "fcntl.ioctl(terminal, termios.TIOCSTI, b'x')",
    "inotify of home": "call(254, call(294, 0, value=True), os.fsencode(home), 0x38)",
    "timer signal": "call(222, 1, None, ctypes.create_string_buffer(4))",
}
OF_ROOT = {"sched_setattr", "process_madvise", "perf_event_open", "type for the terminal", "AF_ALG"}
"""What the system may refuse anyway, so that without the box nothing is learnt."""
NEEDS_LANDLOCK = {"home", "list home", "home by another process", "environment of another"}
"""seccomp does not see paths."""
OWN = {"mapped by its descriptor"}
"""Of a descriptor opened for writing before the box, which no process of ours has."""

ATTACK = """
import ctypes, errno, fcntl, json, mmap, os, pty, resource, signal, socket, struct, subprocess, sys, termios
from pathlib import Path
from posture import sandbox
signal.signal(signal.SIGIO, signal.SIG_IGN)
folder, user, landlock, entering, holes = json.loads(sys.argv[1])
if user is not None and os.getuid() == 0:
    os.setgroups([]); os.setgid(user); os.setuid(user)
home = os.environ["HOME"] = str(Path(folder, "home"))
os.mkdir(home)
for name in ("secret", "moved", "gone"):
    Path(home, name).write_text("as it was")
path = os.fsencode(Path(folder, "of mine"))
Path(os.fsdecode(path)).write_text("as it was")
try:
    os.setxattr(path, "user.there", b""); os.setxattr(path, "user.there2", b"")
except OSError: pass
library = ctypes.CDLL(None, use_errno=True)
kept = []
def address(data):
    kept.append(ctypes.create_string_buffer(data))
    return ctypes.addressof(kept[-1])
def call(number, *args, value=False):
    found = library.syscall(number, *args)
    if found < 0: raise OSError(ctypes.get_errno(), "refused")
    return found if value else None
def mapped(path):
    with mmap.mmap(os.open(path, os.O_RDWR), 4) as memory: memory[0] = 88
process = subprocess.Popen(["cat"], stdin=subprocess.PIPE, pass_fds=[])
other = process.pid
handle, writable, mappable = os.open(path, os.O_RDONLY), os.open(path, os.O_WRONLY), os.open(path, os.O_RDWR)
pipe, other_pipe, pair = os.pipe(), os.pipe(), socket.socketpair()
os.write(pipe[1], b"x")
pidfd = os.pidfd_open(other)
master, terminal = pty.openpty()
if not landlock: sandbox.landlock_abi = lambda: 0
if entering: eval(entering)
found = {}
for name, hole in holes.items():
    try: eval(hole)
    except OSError as error: found[name] = errno.errorcode[error.errno]
    else: found[name] = "done"
os.write(1, json.dumps(found).encode())
"""


@pytest.fixture
def open_folder() -> Iterator[Path]:
    """A folder where every user may write."""
    folder = Path(tempfile.mkdtemp())
    folder.chmod(0o777)
    yield folder
    shutil.rmtree(folder)


def attacked(folder: Path, entering: str, *, user: int | None, landlock: bool = True) -> dict[str, str]:
    given = json.dumps([str(folder), user, landlock, entering, HOLES])
    done = subprocess.run(
        [sys.executable, "-c", ATTACK, given],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )
    assert done.stdout, done.stderr
    found: dict[str, str] = json.loads(done.stdout)
    return found


REFUSALS = {"EACCES", "EPERM", "ENOSYS", "EFBIG", "EROFS"}
USERS = [pytest.param(None, id="as it is"), pytest.param(USER, id="an ordinary user")]
X86 = pytest.mark.skipif(sandbox.platform.machine() != "x86_64", reason="the numbers are those of x86-64")


@X86
@pytest.mark.parametrize("user", USERS)
@pytest.mark.parametrize("entering", ["sandbox.enter_sensor()", "sandbox.enter_reader([])"])
@pytest.mark.parametrize("landlock", [True, False])
def test_no_hole_from_inside(entering: str, landlock: bool, user: int | None, open_folder: Path) -> None:
    if landlock and not sandbox.landlock_abi():
        pytest.skip("this kernel has no Landlock")
    found = attacked(open_folder, entering, user=user, landlock=landlock)
    through = {name: outcome for name, outcome in found.items() if outcome not in REFUSALS}
    ours = OWN if "sensor" in entering else set()
    assert set(through) <= ours | (set() if landlock else NEEDS_LANDLOCK), through
    assert (open_folder / "of mine").read_text() == "as it was"


@X86
@pytest.mark.parametrize("user", USERS)
def test_outside_each_of_them_is_one(user: int | None, open_folder: Path) -> None:
    """A probe that fails anyway would prove nothing; a call that this kernel does not have yet is none."""
    found = attacked(open_folder, "", user=user)
    failed = {name: outcome for name, outcome in found.items() if outcome in REFUSALS - {"ENOSYS"}}
    assert set(failed) <= OF_ROOT, failed


# -- the list of calls, number by number ------------------------------------------------------------------------------

MACHINES = st.sampled_from(["x86_64", "aarch64"])
BOXES = st.fixed_dictionaries({}, optional={"camera": st.just(True), "network": st.just(True), "rig": st.just(True)})
PID = 4711
HIGH = st.integers(0, 2**64 - 1)
REFUSED, MISSING = seccomp.ERRNO | errno.EACCES, seccomp.ERRNO | errno.ENOSYS


def answered(machine: str, box: dict[str, Any], name: str, *args: int) -> int:
    """What the filter of a box says of a call by its name."""
    known = {**seccomp.ALLOWED, **seccomp.JUDGED, **seccomp.CAMERA, **seccomp.NETWORK}
    known |= {"socket": seccomp.SOCKET}
    number = known[name][["x86_64", "aarch64"].index(machine)]
    assert number is not None
    return judged(box_filter(machine, PID, **box), seccomp.ARCH[machine], number, *args)


@given(MACHINES, BOXES, st.integers(0, 1000), st.lists(HIGH, min_size=6, max_size=6))
def test_what_is_not_listed_is_refused_whatever_its_arguments(
    machine: str, box: dict[str, Any], number: int, args: list[int]
) -> None:
    column = ["x86_64", "aarch64"].index(machine)
    listed = {**seccomp.ALLOWED, **seccomp.JUDGED}
    if box.get("camera"):
        listed |= seccomp.CAMERA
    if box.get("network") or box.get("rig"):
        listed |= {**seccomp.NETWORK, "socket": seccomp.SOCKET}
    found = judged(box_filter(machine, PID, **box), seccomp.ARCH[machine], number, *args)
    if number not in {numbers[column] for numbers in listed.values()}:
        known = number < seccomp.UNKNOWN_FROM and number not in seccomp.FALLS_BACK
        assert found == (REFUSED if known else MISSING)
    elif number in {numbers[column] for numbers in seccomp.ALLOWED.values()}:
        assert found == seccomp.ALLOW


OF_PROBES = (335, 336)
"""uretprobe and uprobe: the kernel asks no filter of them, and ends who calls them without one being set."""


@X86
@pytest.mark.parametrize("entering", ["enter_sensor()", "enter_reader([])", "enter_reader(None)"])
def test_every_number_is_answered_as_the_table_says(entering: str) -> None:
    """From inside, each call that the table refuses with arguments of 0; those it allows might do something."""
    box = {"enter_sensor()": {"camera": True}, "enter_reader([])": {}, "enter_reader(None)": {"network": True}}[
        entering
    ]
    program = box_filter("x86_64", 0, **box)
    expected = {number: judged(program, seccomp.ARCH["x86_64"], number) for number in range(601)}
    expected = {number: answer for number, answer in expected.items() if number not in OF_PROBES}
    refused = {number: answer & 0xFFFF for number, answer in expected.items() if answer != seccomp.ALLOW}
    assert len(refused) > 480
    text = f"""
import ctypes, json, os
from posture import sandbox
library = ctypes.CDLL(None, use_errno=True)
sandbox.{entering}
found = {{}}
for number in {list(refused)}:
    ctypes.set_errno(0)
    found[number] = ctypes.get_errno() if library.syscall(number, 0, 0, 0, 0, 0, 0) == -1 else 0
os.write(1, json.dumps(found).encode())
"""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
    environment.pop("UMOCKDEV_DIR", None)
    done = subprocess.run([sys.executable, "-c", text], capture_output=True, text=True, env=environment, check=False)
    assert done.stdout, done.stderr
    assert {int(number): code for number, code in json.loads(done.stdout).items()} == refused


HEADERS = {"x86_64": "/usr/include/x86_64-linux-gnu/asm/unistd_64.h", "aarch64": "/usr/include/asm-generic/unistd.h"}
NUMBERS = """
access:21:- arch_prctl:158:- bind:49:200 brk:12:214 chdir:80:49 clock_getres:229:114 clock_gettime:228:113
clock_nanosleep:230:115 clone:56:220 close:3:57 connect:42:203 dup:32:23 dup2:33:- dup3:292:24 exit:60:93
exit_group:231:94 faccessat:269:48 faccessat2:439:439 fcntl:72:25 fstat:5:80 fstatfs:138:44 futex:202:98
getcpu:309:168 getcwd:79:17 getdents:78:- getdents64:217:61 getegid:108:177 geteuid:107:175 getgid:104:176
getgroups:115:158 getpeername:52:205 getpid:39:172 getppid:110:173 getpriority:140:141 getrandom:318:278
getresgid:120:150 getresuid:118:148 getrlimit:97:163 getrusage:98:165 getsockname:51:204 getsockopt:55:209
gettid:186:178 gettimeofday:96:169 getuid:102:174 ioctl:16:29 lseek:8:62 lstat:6:- madvise:28:233 mbind:237:235
membarrier:324:283 mmap:9:222 mprotect:10:226 mremap:25:216 munmap:11:215 nanosleep:35:101 newfstatat:262:79
open:2:- openat:257:56 pipe:22:- pipe2:293:59 poll:7:- ppoll:271:73 prctl:157:167 pread64:17:67 preadv:295:69
prlimit64:302:261 pselect6:270:72 read:0:63 readlink:89:- readlinkat:267:78 readv:19:65 recvfrom:45:207
recvmsg:47:212 restart_syscall:219:128 rseq:334:293 rt_sigaction:13:134 rt_sigprocmask:14:135 rt_sigreturn:15:139
sched_get_priority_max:146:125 sched_get_priority_min:147:126 sched_getaffinity:204:123 sched_getparam:143:121
sched_getscheduler:145:120 sched_setaffinity:203:122 sched_yield:24:124 select:23:- sendmmsg:307:269 sendmsg:46:211
sendto:44:206 set_robust_list:273:99 set_tid_address:218:96 setpriority:141:140 setsockopt:54:208 shutdown:48:210
sigaltstack:131:132 stat:4:- statfs:137:43 statx:332:291 sysinfo:99:179 tgkill:234:131 time:201:- times:100:153
uname:63:160 write:1:64 writev:20:66
"""
"""Of Linux's headers: each call with its number on x86-64 and on aarch64."""


@pytest.mark.parametrize("machine", HEADERS)
def test_the_numbers_are_those_of_the_kernel(machine: str) -> None:
    """A slip in the table would allow another call."""
    rows = (row.split(":") for row in NUMBERS.split())
    written = {row[0]: tuple(None if number == "-" else int(number) for number in row[1:]) for row in rows}
    ours = {**seccomp.ALLOWED, **seccomp.JUDGED, **seccomp.CAMERA, **seccomp.NETWORK}
    at = 0 if machine == "x86_64" else 1
    assert {name: numbers[at] for name, numbers in ours.items()} == {name: row[at] for name, row in written.items()}
    header = Path(HEADERS[machine])
    if header.exists():  # what is written here is true
        defined = re.findall(r"#define __NR(?:3264)?_(\w+) (\d+)", header.read_text())
        kernel = {int(number): name for name, number in defined}
        for name, row in written.items():
            assert row[at] is None or kernel[row[at]] in (name, GENERIC.get(name)), name


GENERIC = {"newfstatat": "fstatat"}


@given(MACHINES, st.integers(0, 2**32 - 1), st.integers(0, 2**25))
def test_opening_by_flags(machine: str, at: int, flags: int) -> None:
    writing = os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_APPEND | (os.O_TMPFILE & ~os.O_DIRECTORY)
    assert answered(machine, {"camera": True}, "openat", at, 0, flags) == (
        REFUSED if flags & writing else seccomp.ALLOW
    )
    readable = not flags & (writing | os.O_RDWR)
    assert answered(machine, {}, "openat", at, 0, flags) == (seccomp.ALLOW if readable else REFUSED)


@given(MACHINES, st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1), st.integers(0, 2**32 - 1))
def test_sockets_by_family(machine: str, family: int, kind: int, protocol: int) -> None:
    for box, allowed in (
        ({"camera": True, "rig": True}, {1}),
        ({"network": True}, {2, 10, *([16] if protocol == 0 else [])}),
    ):
        found = answered(machine, box, "socket", family, kind, protocol)
        assert found == (seccomp.ALLOW if family in allowed else REFUSED)
    for plain in ({}, {"camera": True}):
        assert answered(machine, plain, "socket", family, kind, protocol) == REFUSED


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_daemon_makes_sockets_of_this_machine(machine: str) -> None:
    program, (number,) = seccomp.daemon_filter(machine), [seccomp.SOCKET[machine != "x86_64"]]
    assert number is not None
    families = [judged(program, seccomp.ARCH[machine], number, family) for family in range(60)]
    assert [family for family, answer in enumerate(families) if answer == seccomp.ALLOW] == [seccomp.AF_UNIX]
    assert all(judged(program, seccomp.ARCH[machine], ring) == REFUSED for ring in (425, 426, 427))


@given(MACHINES, st.booleans(), st.integers(0, 2**32 - 1))
def test_threads_but_no_processes(machine: str, camera: bool, flags: int) -> None:
    thread = flags & seccomp.CLONE_THREAD and not flags & seccomp.CLONE_NEW
    box = {"camera": True} if camera else {}
    assert answered(machine, box, "clone", flags) == (seccomp.ALLOW if thread else REFUSED)


@given(MACHINES, st.sampled_from([0, PID, 1, PID + 1]) | st.integers(0, 2**32 - 1), HIGH)
def test_of_processes_only_its_own(machine: str, process: int, limit: int) -> None:
    own = process in (0, PID)
    assert answered(machine, {}, "tgkill", process, process, 9) == (seccomp.ALLOW if process == PID else REFUSED)
    assert answered(machine, {}, "sched_setaffinity", process) == (seccomp.ALLOW if own else REFUSED)
    assert answered(machine, {}, "setpriority", 0, process) == (seccomp.ALLOW if own else REFUSED)
    assert answered(machine, {}, "setpriority", 1, process) == REFUSED  # a group, or all of a user
    assert answered(machine, {}, "prlimit64", process, 1, limit) == (seccomp.ALLOW if own and not limit else REFUSED)


@given(MACHINES, st.integers(0, 2**32 - 1) | st.integers(0x5400, 0x5700))
def test_devices_are_asked_by_few_numbers(machine: str, number: int) -> None:
    """Cameras by those of V4L2, which have a structure; consoles have the same letter, and none."""
    harmless = number in seccomp.TERMINAL
    video = number >> 8 & 0xFF == ord("V") and number >= 0x40000000
    assert answered(machine, {}, "ioctl", 3, number) == (seccomp.ALLOW if harmless else REFUSED)
    assert answered(machine, {"camera": True}, "ioctl", 3, number) == (seccomp.ALLOW if harmless or video else REFUSED)


@given(MACHINES, st.integers(0, 15), st.integers(0, 0xFFFF))
def test_memory_shared_with_a_file_is_not_written(machine: str, protection: int, flags: int) -> None:
    shared = protection & seccomp.PROT_WRITE and flags & seccomp.MAP_SHARED
    assert answered(machine, {}, "mmap", 0, 1, protection, flags) == (REFUSED if shared else seccomp.ALLOW)


@given(MACHINES, st.integers(0, 500), st.integers(0, 2**32 - 1))
def test_only_the_own_architecture(machine: str, number: int, arch: int) -> None:
    for program in (box_filter(machine, PID), seccomp.daemon_filter(machine)):
        if arch != seccomp.ARCH[machine]:
            assert judged(program, arch, number) == seccomp.KILL


# -- what decodes is in it --------------------------------------------------------------------------------------------


def test_what_decodes_a_file_that_the_user_names_is_boxed(data: Path, frames: Path) -> None:
    picture = next(frames.glob("*__base.jpg"))
    with BoxedVideo((data / "still.mp4").as_uri()) as video, BoxedPictures([picture]) as pictures:
        assert video.grab() == 0.0
        assert np.array_equal(pictures.read(picture).image, read_image(picture).image)
        children = Path(f"/proc/self/task/{os.getpid()}/children").read_text().split()
        boxed = [child for child in children if b"posture.camera.boxed" in Path(f"/proc/{child}/cmdline").read_bytes()]
        assert len(boxed) == 2
        for child in boxed:
            status = Path(f"/proc/{child}/status").read_text()
            assert "Seccomp:\t2" in status
            assert "NoNewPrivs:\t1" in status


def test_a_boxed_video_is_the_video(data: Path) -> None:
    with BoxedVideo(data / "still.mp4") as boxed, VideoFile(data / "still.mp4") as plain:
        assert (boxed.name, boxed.duration_s) == (plain.name, plain.duration_s)
        for _ in range(3):
            assert boxed.grab() == plain.grab()
        assert np.array_equal(boxed.luma(), plain.luma())
        frame, same = boxed.retrieve(), plain.retrieve()
        assert frame.t_s == same.t_s
        assert np.array_equal(frame.image, same.image)
        while plain.grab() is not None:
            assert boxed.grab() is not None
        assert boxed.grab() is None


@pytest.mark.parametrize(
    "name", ["missing.mp4", "ftp://somewhere/x", "file:///missing.mp4", "", "rtsp://127.0.0.1:9/x"]
)
def test_it_says_the_same_of_what_cannot_be_read(name: str) -> None:
    with pytest.raises(PostureError) as plain:
        VideoFile(name)
    with pytest.raises(PostureError) as boxed:
        BoxedVideo(name)
    assert str(boxed.value) == str(plain.value)


LIES = {
    "nothing": b"",
    "no kind": bytes(21),
    "more than a picture": struct.pack(">cdIII", b"p", 0.0, 2**31, 2**31, 3),
    "no width": struct.pack(">cdIII", b"p", 0.0, 5, 0, 3),
    "five channels": struct.pack(">cdIII", b"p", 0.0, 5, 5, 5),
    "no time": struct.pack(">cdIII", b"t", float("nan"), 0, 0, 0),
    "a long text": struct.pack(">cdIII", b"{", 0.0, 2**31, 0, 0),
    "no text": struct.pack(">cdIII", b"{", 0.0, 3, 0, 0) + b"{{{",
    "half": struct.pack(">cdIII", b"p", 0.0, 5, 5, 3) + bytes(7),
}


@pytest.mark.parametrize("lie", LIES)
def test_what_comes_out_of_the_box_is_not_trusted(lie: str, data: Path) -> None:
    with BoxedVideo(data / "still.mp4") as video:
        ours, theirs = pair()
        video._decoder._link.close()
        video._decoder._link = ours
        theirs.send(LIES[lie])
        with socket.socket(fileno=os.dup(theirs.fileno())) as end:  # it says no more, but what it is told still arrives
            end.shutdown(socket.SHUT_WR)
        with pytest.raises(PostureError, match="cannot be read: the process that decodes it has ended"):
            video.retrieve()
        theirs.close()


def test_a_name_of_the_neighbourhood_is_looked_up_before_the_box(monkeypatch: pytest.MonkeyPatch) -> None:
    """A service of this machine knows it, and what is in the box can ask none."""
    monkeypatch.setattr(sandbox, "enter_reader", lambda _files: None)
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_args, **_more: [(2, 1, 6, "", ("192.0.2.7", 554))])
    assert enter_box("rtsp://me:secret@camera.local:554/a?b=c") == "rtsp://me:secret@192.0.2.7:554/a?b=c"
    assert enter_box("http://camera.local/x") == "http://192.0.2.7/x"
    assert enter_box("http://camera.example/x") is None
