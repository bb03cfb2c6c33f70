"""Nothing leaves: what the kernel refuses to the processes of posture, tried inside them."""

from __future__ import annotations

import errno
import json
import os
import signal
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from private_session import DATA, PATIENCE_S, Daemon, until

from posture import sandbox
from posture.sensor.client import SensorProcess
from posture.sensor.wire import Probe, Probed, Ready, Start, settings_to_json
from posture.settings import Settings

pytestmark = pytest.mark.skipif(not sandbox.held_by_kernel(), reason="seccomp is of Linux")


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "there").write_text("as it was")
    with tempfile.NamedTemporaryFile(dir="/dev/shm") as shared:
        (tmp_path / "shared").symlink_to(shared.name)
        yield tmp_path


def inside(enter: str, program: str, folder: Path, *, before: str = "") -> subprocess.CompletedProcess[str]:
    """Run a program in a process that has entered a sandbox; `say` is its only way out."""
    text = f"""
import ctypes, errno, json, os, socket, subprocess, sys, threading
from pathlib import Path
from posture import sandbox
folder = Path({str(folder)!r})
def say(what): os.write(1, json.dumps(what).encode())
def call(number, *args):
    library = ctypes.CDLL(None, use_errno=True)
    return ctypes.get_errno() if library.syscall(number, *args) < 0 else 0
{before}
sandbox.{enter}()
{program}
"""
    return subprocess.run(
        [sys.executable, "-c", text],
        capture_output=True,  # pipes, not files: no byte may go into one
        text=True,
        timeout=60,
        check=False,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)},
    )


@pytest.mark.slow
def test_a_real_sensor_can_do_nothing_but_answer(folder: Path) -> None:
    sensor = SensorProcess(Start(settings_to_json(Settings()), "0", None, 0.0))
    try:
        assert isinstance(sensor.link.receive(60), Ready)  # the model is loaded, with all its threads
        sensor.send(Probe(str(folder)))
        found = sensor.link.receive(30)
        assert isinstance(found, Probed)
        status = Path(f"/proc/{sensor.pid}/status").read_text()
    finally:
        sensor.end()
    assert len(found.attempts) == 17
    assert all(sandbox.refused(outcome) for outcome in found.attempts.values()), found.attempts
    assert "Seccomp:\t2" in status
    assert "NoNewPrivs:\t1" in status
    assert {path.name for path in folder.iterdir()} == {"there", "shared"}
    assert (folder / "there").read_text() == "as it was"


def test_without_the_sandbox_each_attempt_succeeds(folder: Path) -> None:
    """An attempt that fails anyway would prove nothing."""
    found = sandbox.attempts(folder)
    # Without IPv6 the address family is missing, which is no refusal.
    assert {name for name, outcome in found.items() if sandbox.refused(outcome)} == set()


def test_the_daemon_speaks_within_this_machine_alone(folder: Path) -> None:
    done = inside("enter_daemon", "say(sandbox.attempts(folder))", folder)
    found = json.loads(done.stdout)
    network = {"TCP", "TCP over IPv6", "UDP", "DNS"}
    assert {name for name, outcome in found.items() if sandbox.refused(outcome)} == network
    program = "say(subprocess.run([sys.executable, '-c', 'import socket; socket.socket()']).returncode)"
    assert json.loads(inside("enter_daemon", program, folder).stdout) == 1  # and so with what it starts


@pytest.mark.parametrize("enter", ["enter_sensor", "enter_daemon"])
def test_threads_that_ran_before_are_held_too(enter: str, folder: Path) -> None:
    before = """
go, found = threading.Event(), []
def late():
    go.wait()
    try: socket.socket()
    except OSError as error: found.append(error.errno)
thread = threading.Thread(target=late); thread.start()
"""
    done = inside(enter, "go.set(); thread.join(); say(found)", folder, before=before)
    assert json.loads(done.stdout) == [errno.EACCES]


@pytest.mark.skipif(sandbox.platform.machine() != "x86_64", reason="the numbers are those of x86-64")
def test_calls_past_the_library_are_refused(folder: Path) -> None:
    calls = {
        "io_uring_setup": "425, 1, None",
        "openat2": "437, -100, b'there', None, 0",
        "clone3": "435, None, 0",
        "fork": "57",
        "ptrace": "101, 16, os.getppid(), None, None",
        "process_vm_readv": "310, os.getppid(), None, 0, None, 0, 0",
        "execve": "59, b'/bin/true', None, None",
        "socketpair": "53, 1, 1, 0, None",
        "netlink": "41, 16, 3, 0",
        "packet": "41, 17, 3, 0",
        "vsock": "41, 40, 1, 0",
        "creat": "85, bytes(folder / 'new'), 0o600",
        "append": "257, -100, bytes(folder / 'there'), 1 | 0o2000, 0",
        "unlink": "87, bytes(folder / 'there')",
        "rename": "82, bytes(folder / 'there'), bytes(folder / 'new')",
        "truncate": "76, bytes(folder / 'there'), 0",
        "unshare": "272, 0x10000000",
        "mq_open": "240, b'posture', 0o102, 0o600, None",
        "shmget": "29, 0, 4096, 0o1600",
    }
    program = "say({" + ", ".join(f"{name!r}: call({args})" for name, args in calls.items()) + "})"
    found = json.loads(inside("enter_sensor", program, folder).stdout)
    hidden = {"openat2", "clone3"}
    assert found == {name: errno.ENOSYS if name in hidden else errno.EACCES for name in calls}


@pytest.mark.skipif(sandbox.platform.machine() != "x86_64", reason="x32 is of x86-64")
def test_numbers_of_another_architecture_end_the_process(folder: Path) -> None:
    done = inside("enter_daemon", "call(0x40000000 + 41, 2, 1, 0)", folder)
    assert done.returncode == -signal.SIGSYS


@pytest.mark.parametrize("mounts", [True, False])
def test_a_kernel_without_landlock_does_what_it_says(folder: Path, mounts: bool) -> None:
    """Mounts of its own stand in for it, and where there are none either, still no call writes a byte."""
    before = "sandbox.landlock_abi = lambda: 0"
    if not mounts:
        before += "; sandbox._mounts_read_only = sandbox._mounts_can_be_hidden = lambda: False"
    before += "\ntold = sandbox.guarantee(), {name: sandbox.promised(name) for name in sandbox.ATTEMPTS}"
    program = """
found = sandbox.attempts(folder)
try: os.write(os.open(folder / "there", os.O_RDWR), b"changed")
except OSError as error: found["write"] = error.errno
say([found, *told])
"""
    done = inside("enter_sensor", program, folder, before=before)
    found, says, promised = json.loads(done.stdout)
    assert found.pop("write") in ((errno.EROFS,) if mounts else (errno.EFBIG,))
    assert {name for name, outcome in found.items() if not sandbox.refused(outcome)} == {
        name for name, held in promised.items() if not held
    }
    assert ("mapped memory" in says) is not mounts
    assert "no Landlock" in says or "neither Landlock" in says
    assert (folder / "there").read_text() == "as it was"


@pytest.mark.skipif(not sandbox.landlock_abi(), reason="this kernel has no Landlock")
def test_of_dev_only_cameras_may_be_opened_for_writing(folder: Path) -> None:
    """Not shared memory, which can be written without a call, nor the terminal."""
    terminal, other = os.openpty()
    program = f"""
found = {{}}
for path in ["/dev/null", "/dev/zero", {os.ttyname(other)!r}, str(folder / "shared")]:
    try: os.close(os.open(path, os.O_RDWR))
    except OSError as error: found[path] = error.errno
    else: found[path] = 0
say(list(found.values()))
"""
    try:
        assert json.loads(inside("enter_sensor", program, folder).stdout) == [0, *[errno.EACCES] * 3]
    finally:
        os.close(terminal)
        os.close(other)


def test_a_camera_that_comes_later_is_for_another_sensor(folder: Path) -> None:
    """Device files made by this test, in a folder that the box lets nobody list, as it is with /dev."""
    cameras = folder / "dev"
    cameras.mkdir()
    try:
        os.mknod(cameras / "video0", 0o600 | stat.S_IFCHR, os.makedev(1, 3))
    except PermissionError:
        pytest.skip("needs the right to make device files (root)")
    before = f"sandbox.DEVICES = {str(cameras / 'video{}')!r}"
    program = """
print(json.dumps(sandbox.camera_out_of_reach()), flush=True)
sys.stdin.readline()
print(json.dumps(sandbox.camera_out_of_reach()), flush=True)
sys.stdin.readline()
print(json.dumps(sandbox.camera_out_of_reach()), flush=True)
"""
    process = subprocess.Popen(
        [
            sys.executable,
            "-c",
            f"import json, sys\nfrom posture import sandbox\n{before}\nsandbox.enter_sensor()\n{program}",
        ],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdin is not None
    assert process.stdout is not None
    held = bool(sandbox.landlock_abi())
    assert json.loads(process.stdout.readline()) is False, "the one that was there can be opened"
    (cameras / "video0").unlink()
    process.stdin.write("\n")
    process.stdin.flush()
    assert json.loads(process.stdout.readline()) is False, "unplugged: no other sensor would see more"
    os.mknod(cameras / "video0", 0o600 | stat.S_IFCHR, os.makedev(1, 3))
    out, _ = process.communicate("\n")
    assert json.loads(out) is held, "plugged in again, it is another device file"


ORPHAN = """
import os, signal, socket, subprocess, sys, time
ours, theirs = socket.socketpair()
child = '''
import ctypes, os, signal, sys, time
from posture import sandbox
from posture.link import handed
for number in (signal.SIGTERM, signal.SIGHUP, signal.SIGINT):
    signal.signal(number, signal.SIG_IGN)
sandbox.end_with(handed(sys.argv[1]))
sandbox.enter_sensor()
if ctypes.CDLL(None).prctl(1, 0, 0, 0, 0) == 0:
    os.write(1, b"taken back")
os.write(1, b"%d" % os.getpid())
while True:
    time.sleep(60.0)
'''
subprocess.Popen([sys.executable, "-c", child, str(theirs.fileno())], pass_fds=[theirs.fileno()])
time.sleep(600.0)
"""
"""A process whose child was taken over: it listens to no signal, and does not look whether its parent is there."""


def test_a_sensor_that_was_taken_over_ends_with_its_daemon() -> None:
    parent = subprocess.Popen([sys.executable, "-c", ORPHAN], stdout=subprocess.PIPE)
    assert parent.stdout is not None
    pid = int(os.read(parent.stdout.fileno(), 100))
    parent.kill()
    parent.wait()

    def ended() -> bool:
        try:
            return "\nState:\tZ" in Path(f"/proc/{pid}/status").read_text()
        except OSError:
            return True

    until(ended, "the kernel ends it")


@pytest.mark.parametrize("enter", ["enter_sensor", "enter_daemon"])
def test_a_crash_leaves_no_memory_behind(enter: str, folder: Path) -> None:
    before = "import resource; resource.setrlimit(resource.RLIMIT_CORE, (resource.RLIM_INFINITY,) * 2)"
    dumpable = "ctypes.CDLL(None).prctl(3, 0, 0, 0, 0)"  # PR_GET_DUMPABLE
    program = f"os.chdir(folder); say([resource.getrlimit(resource.RLIMIT_CORE), {dumpable}]); os.abort()"
    done = inside(enter, program, folder, before=before)
    assert done.returncode == -signal.SIGABRT
    assert json.loads(done.stdout) == [[0, 0], 0]  # no core file, and nothing for a collector (not dumpable)
    assert {path.name for path in folder.iterdir()} == {"there", "shared"}


def test_a_kernel_that_refuses_ends_the_sensor_before_the_camera(folder: Path) -> None:
    before = "sandbox._SECCOMP[sandbox.platform.machine()] = 100_000"  # a call that no kernel has
    done = inside("enter_sensor", "say('went on')", folder, before=before)
    assert done.stdout == ""
    assert "no camera is opened" in done.stderr


@pytest.mark.parametrize("display", [":0", "unix:0", "host:0"])
@pytest.mark.parametrize(
    "named", ["clip.mp4", "file:///clip.mp4", "http://127.0.0.1:9/", "rtsp://127.0.0.1:9/", "a://b"]
)
def test_commands_that_look_give_up_the_network_too(named: str, display: str) -> None:
    """A stream is played by a process of its own; once that has been started, its command gives it up as well."""
    program = (
        "import sys; sys.argv = ['posture', 'replay', sys.argv[1]]\n"
        "from posture.cli import main, replay\n"
        "def run(args):\n"
        "    try: BoxedVideo(args.video)\n"
        "    except PostureError: pass\n"
        "    print(open('/proc/self/status').read())\n"
        "    return 0\n"
        "from posture.camera.boxed import BoxedVideo\n"
        "from posture.errors import PostureError\n"
        "replay.run = run\n"
        "sys.exit(main.main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, named],
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path), "DISPLAY": display},
    )
    assert "Seccomp:\t2" in done.stdout


# -- what they do by themselves ---------------------------------------------------------------------------------------


@pytest.fixture
def strace(require_tool: Callable[[str], str], missing: Callable[[str], None]) -> str:
    path = require_tool("strace")
    if subprocess.run([path, "-qq", "-o", os.devnull, "true"], check=False).returncode:
        missing("the right to trace")
    return path


@pytest.mark.parametrize("command", [["posture", "run"], ["posture.daemon", "--foreground"]])
def test_a_traced_watch_asks_for_no_internet_socket(strace: str, daemon: Daemon, command: list[str]) -> None:
    """Not even an attempt that the sandbox then refuses, from start to end, in it and in all that it starts.

    It is ended when somebody has been seen to sit; with POSTURE_TRACE_S, so many seconds later.
    """
    daemon.configure(DATA / "laptop_a.mp4")
    trace = daemon.session.folder / "trace"
    traced = [strace, "-f", "-qq", "-s", "200", "-e", "trace=socket,connect,bind,io_uring_setup,execve", "-o"]
    watch = daemon.session.start(*traced, str(trace), sys.executable, "-m", *command)
    if command[0] == "posture":
        until(lambda: "sitting" in watch.line(), "it watches")
    else:
        until((daemon.session.folder / "run/posture/control").exists, "it answers")
        daemon.until("it watches", state="sitting")
    time.sleep(float(os.environ.get("POSTURE_TRACE_S", "0")))
    (watched,) = Path(f"/proc/{watch.process.pid}/task/{watch.process.pid}/children").read_text().split()
    os.kill(int(watched), signal.SIGINT)
    watch.process.wait(PATIENCE_S)
    lines = trace.read_text(errors="replace").splitlines()
    assert any("execve(" in line and "posture.sensor.process" in line for line in lines)
    made = [line for line in lines if "socket(" in line or "io_uring_setup(" in line]
    assert [line for line in made if "AF_UNIX" not in line] == []
    # Both ask whether a daemon runs, so that sockets are seen at all.
    assert made


def test_a_frozen_program_finds_out_what_mounts_it_may_have(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It has no Python beside it: what it starts is itself."""
    before = sandbox._mounts_can_be_hidden()
    frozen = tmp_path / "posture"
    frozen.write_text(f"#!{sys.executable} -P\nimport sys\nfrom posture.frozen import main\nsys.exit(main())\n")
    frozen.chmod(0o755)
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    monkeypatch.setattr(sys, "executable", str(frozen))
    monkeypatch.setenv("PYTHONPATH", str(Path(sandbox.__file__).parents[1]))
    assert sandbox._mounts_can_be_hidden() == before
