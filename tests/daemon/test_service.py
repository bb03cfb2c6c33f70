"""The daemon as users run it, with real processes: commands, kills, sleep, settings, notices."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from private_session import MOCK, SAMPLES, Daemon, Session, until

from posture.control.channel import ask, borrow_camera
from posture.control.protocol import NotRunningError
from posture.desktop.session_linux import LOGIND
from posture.errors import PostureError


def test_start_finds_itself_and_stop_leaves_nothing(daemon: Daemon) -> None:
    starts = [
        subprocess.Popen(
            [sys.executable, "-m", "posture", "start"], env=daemon.session.env, text=True, stdout=subprocess.PIPE
        )
        for _ in range(3)
    ]
    outputs = [start.communicate(timeout=60)[0] for start in starts]
    assert all(start.returncode == 0 for start in starts)
    assert sorted(output.splitlines()[0] for output in outputs) == ["posture has started."] + 2 * [
        "posture is running already."
    ]
    pid = daemon.status()["pid"]
    assert "running already" in daemon.run("start")
    run = Path(daemon.session.env["XDG_RUNTIME_DIR"]) / "posture"
    assert (run / "control").stat().st_mode & 0o777 == 0o600
    assert run.stat().st_mode & 0o777 == 0o700
    assert "has stopped" in daemon.run("stop")
    assert not (run / "control").exists()
    until(lambda: _state(pid) == "Z", "the process is gone")
    assert "not running" in daemon.run("stop")
    assert "posture start" in daemon.run("status", check=False)
    assert daemon.events()[-1] == "stopped"


def test_commands_over_the_socket(daemon: Daemon) -> None:
    daemon.run("start")
    daemon.run("pause", "30m")
    status = daemon.until("paused", state="held off", sensor__pid=None)
    assert status["paused"]["until"]
    assert daemon.run("status").startswith("Paused until ")
    assert "30 days" in daemon.run("pause", "31d", check=False)
    assert "not a duration" in daemon.run("pause", "soon", check=False)

    # Settings are taken while it runs; a broken file is refused with its line, and the old values go on.
    daemon.configure(more="coach.snooze = '5m'\n")
    until(lambda: "settings taken" in daemon.events(), "the file is seen")
    daemon.configure(more="\ncoach.snooze = 'never'\n")
    (problem,) = until(lambda: daemon.status()["problems"], "the file is refused")
    assert "line 3" in problem
    daemon.run("snooze")
    assert daemon.status()["snoozed"]["reason"] == "snoozed"
    daemon.configure()
    until(lambda: not daemon.status()["problems"], "the file is whole again")

    # kill -9: the next start finds socket and lock stale, and that it was paused.
    os.kill(daemon.status()["pid"], signal.SIGKILL)
    until(lambda: daemon.session.run(sys.executable, "-m", "posture", "status", check=False).returncode == 1, "dead")
    assert "has started" in daemon.run("start")
    status = daemon.status()
    assert status["paused"]
    assert status["snoozed"]
    assert status["sensor"]["pid"] is None
    daemon.run("resume")
    assert daemon.status()["paused"] is None
    assert daemon.status()["snoozed"] is None
    daemon.run("standing", "on")
    assert daemon.status()["standing"] is True
    shown = daemon.run("logs", "-n", "5")
    assert "standing  on=true" in shown


def test_clients_that_behave_badly_change_nothing(daemon: Daemon, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NotRunningError):
        ask("status")
    daemon.run("start")
    daemon.run("pause")
    path = Path(daemon.session.env["XDG_RUNTIME_DIR"]) / "posture/control"

    def answer_to(data: bytes) -> bytes:
        with socket.socket(socket.AF_UNIX) as link:
            link.settimeout(10)
            link.connect(str(path))
            try:
                link.sendall(data)
                return link.recv(65536)
            except (BrokenPipeError, ConnectionResetError):
                return b""

    for nonsense in (
        b"\n",
        b"\xff\xfe\n",
        b"[]\n",
        b"{}\n",
        b'{"v": 1, "do": 5}\n',
        b'{"v": 1, "do": "status", "args": 3}\n',
        b"[" * 9000 + b"\n",
        b'{"v": 1, "do": "pause", "args": {"until": "yesterdayish"}}\n',
        b'{"v": 1, "do": "snooze", "args": {"seconds": "x"}}\n',
        b'{"v": 1, "do": "fly"}\n',
        b'{"v": 7, "do": "status"}\n',
    ):
        answer = json.loads(answer_to(nonsense))
        assert answer["ok"] is False, nonsense
        assert "Traceback" not in answer["error"]
    answer_to(b"x" * 1_000_000 + b"\n")
    # Many that connect and send nothing.
    silent = [socket.socket(socket.AF_UNIX) for _ in range(30)]
    for link in silent:
        link.connect(str(path))
    until(_answers, "the silent ones are let go")
    for link in silent:
        link.close()
    assert daemon.status()["paused"]
    assert "error" not in daemon.events()


def _answers() -> bool:
    try:
        return bool(ask("status", 1.0))
    except PostureError:
        return False


def test_the_camera_is_lent_for_as_long_as_the_borrower_lives(daemon: Daemon) -> None:
    with borrow_camera("calibrating") as running:
        assert not running
    daemon.run("start")
    daemon.until("watching", sensor__pace="calibrating")
    with borrow_camera("calibrating") as running:
        assert running
        assert daemon.until("lent", sensor__pid=None)["reason"] == "calibrating"
        with borrow_camera("calibrating"):
            pass
        assert daemon.status()["state"] == "held off", "the first borrower still has it"
    daemon.until("taken back", state="sitting")


def test_light_commands_import_nothing_heavy(daemon: Daemon) -> None:
    daemon.run("start")
    daemon.run("pause")
    heavy = ("numpy", "cv2", "mediapipe", "rich", "matplotlib", "asyncio", "dbus_fast", "tomlkit", "platformdirs")
    for command in (
        ["status"],
        ["status", "--bars"],
        ["resume"],
        ["pause", "1h"],
        ["snooze", "1m"],
        ["standing", "off"],
        ["logs"],
        ["start"],
    ):
        done = daemon.session.run(sys.executable, "-X", "importtime", "-m", "posture", *command)
        loaded = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
        assert not loaded & set(heavy), command


Logind = Callable[..., None]


@pytest.fixture
def logind(daemon: Daemon, missing: Callable[[str], None]) -> Logind:
    """Tells a mocked logind, which has a session of this user, what to do."""
    own: Session = daemon.session
    python = "/usr/bin/python3"
    if not Path(python).exists() or own.run(python, "-c", "import dbusmock", check=False, PYTHONPATH="").returncode:
        missing("python3-dbusmock")
    own.start(python, "-m", "dbusmock", "--template", "logind", PYTHONPATH="")

    def logind(path: str, member: str, *args: str) -> None:
        # The private system bus is addressed like a session bus.
        command = ["dbus-send", f"--bus={own.env['DBUS_SYSTEM_BUS_ADDRESS']}", "--print-reply", f"--dest={LOGIND}"]
        own.run(*command, path, f"{MOCK}.{member}", *args)

    def there() -> bool:
        try:
            logind(
                "/org/freedesktop/login1",
                "AddSession",
                "string:c1",
                "string:seat0",
                f"uint32:{os.getuid()}",
                "string:me",
                "boolean:true",
            )
        except subprocess.CalledProcessError:
            return False
        return True

    until(there, "dbusmock answers")
    return logind


def test_while_another_user_has_the_screen_nobody_is_watched(daemon: Daemon, logind: Logind) -> None:
    def shown(now: str) -> None:
        # dbus-send knows no a{sv}.
        call = ["gdbus", "call", "--address", daemon.session.env["DBUS_SYSTEM_BUS_ADDRESS"], "--dest", LOGIND]
        call += ["--object-path", "/org/freedesktop/login1/session/c1", "--method", f"{MOCK}.UpdateProperties"]
        daemon.session.run(*call, f"{LOGIND}.Session", f"{{'Active': <{now}>}}")

    daemon.run("start")
    daemon.until("watching", state="sitting")
    shown("false")
    assert daemon.until("hidden", sensor__pid=None)["reason"] == "another user has the screen"
    shown("true")
    daemon.until("watching", state="sitting")


def test_lock_sleep_and_kills(daemon: Daemon, logind: Logind) -> None:
    daemon.run("start")
    sensor = daemon.until("watching", state="sitting")["sensor"]["pid"]

    session = "/org/freedesktop/login1/session/c1"
    logind(session, "EmitSignal", "string:org.freedesktop.login1.Session", "string:Lock", "string:", "array:string:")
    assert daemon.until("locked", sensor__pid=None)["reason"] == "the screen is locked"
    assert not Path(f"/proc/{sensor}").exists()
    logind(session, "EmitSignal", "string:org.freedesktop.login1.Session", "string:Unlock", "string:", "array:string:")
    status = daemon.until("unlocked", state="sitting")
    assert status["bout"]["sitting_s"] < status["state_for_s"] + 60

    # kill -9 of the sensor: another takes its place.
    killed = daemon.status()["sensor"]["pid"]
    os.kill(killed, signal.SIGKILL)
    assert daemon.until("restarted", sensor__restarts=1)["pid"] == status["pid"]
    assert until(lambda: (pid := daemon.status()["sensor"]["pid"]) not in (None, killed) and pid, "another sensor")
    daemon.until("sees again", state="sitting", camera__state="open")
    # kill -9 of the daemon: its sensor does not stay behind with the camera.
    sensor = daemon.status()["sensor"]["pid"]
    os.kill(status["pid"], signal.SIGKILL)
    until(lambda: _state(sensor) == "Z", "the sensor has ended")


def _state(pid: int) -> str:
    """The kernel's letter for the state of a process; Z once it has ended, reaped or not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return "Z"


def test_a_reminder_comes_with_buttons_and_goes_when_it_is_acted_on(daemon: Daemon) -> None:
    """The person of the clip sits for 40 s and then stands up."""
    server = daemon.session.notifications()
    daemon.configure(
        SAMPLES / "desk_stand.mp4", "coach.stand_after = '20s'\ncoach.move_after = '4h'\ncoach.spacing = '0s'\n"
    )
    # A history that cannot be written is reported, and nothing else stops.
    data = daemon.session.folder / "data"
    (data / "history.sqlite3").mkdir(parents=True)
    daemon.session.env["POSTURE_DATA"] = str(data)
    daemon.run("start")
    assert server.told()["summary"] == "The history"
    shown = server.told()
    assert shown["summary"] == "Time to stand"
    assert shown["actions"][::2] == ["done", "snooze", "meeting"]
    assert shown["hints"]["urgency"] == 1
    (problem,) = daemon.status()["problems"]
    assert "history" in problem
    assert server.told() == {"closed": shown["shown"]}
    assert daemon.status()["state"] == "standing"


def test_a_frozen_service_and_do_not_disturb_hold_nothing_up(daemon: Daemon) -> None:
    server = daemon.session.notifications()
    server.write("paused 1")
    assert server.told() == {"paused": True}
    daemon.configure(more="coach.stand_after = '10s'\ncoach.move_after = '4h'\ncoach.spacing = '0s'\n")
    daemon.run("start")
    waiting = daemon.until("waits", next__waiting="do not disturb")
    assert waiting["next"]["kind"] == "stand"
    assert "do not disturb" in daemon.run("status")
    server.process.send_signal(signal.SIGSTOP)
    done = threading.Event()
    threading.Thread(target=lambda: (daemon.status(), done.set()), daemon=True).start()
    assert done.wait(20), "the daemon answers while the service is frozen"
    server.process.send_signal(signal.SIGCONT)
    server.write("paused 0")
    assert server.told() == {"paused": False}
    assert server.told()["summary"] == "Time to stand"
    until(lambda: "notice" in daemon.events(), "the daemon knows its number")
    server.write("meeting")
    daemon.until("in a meeting", snoozed__reason="in a meeting")


MUTTER = """
import asyncio, sys
from dbus_fast import Message, MessageType
from dbus_fast.aio import MessageBus

async def main():
    bus = await MessageBus().connect()
    idle_ms = [100]

    def answer(message):
        if message.message_type is MessageType.METHOD_CALL and message.member == "GetIdletime":
            return Message.new_method_return(message, "t", [idle_ms[0]])

    bus.add_message_handler(answer)
    await bus.request_name("org.gnome.Mutter.IdleMonitor")
    print("ready", flush=True)
    while line := await asyncio.to_thread(sys.stdin.readline):
        idle_ms[0] = int(line)
        print("taken", flush=True)

asyncio.run(main())
"""


def test_a_reminder_waits_while_the_user_types(daemon: Daemon) -> None:
    server = daemon.session.notifications()
    mutter = daemon.session.python("-c", MUTTER)
    assert mutter.line() == "ready"
    more = "coach.stand_after = '10s'\ncoach.move_after = '4h'\ncoach.spacing = '0s'\n"
    daemon.configure(more=more + "desktop.typing_wait = '10min'\n")
    daemon.run("start")
    waiting = daemon.until("waits", next__waiting="you are typing")
    assert waiting["next"]["kind"] == "stand"
    assert "you are typing" in daemon.run("status")
    assert server.silent()
    mutter.write("5000")
    assert mutter.line() == "taken"
    assert server.told()["summary"] == "Time to stand"
