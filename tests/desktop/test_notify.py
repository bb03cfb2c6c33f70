"""Notifications on a real bus of the test's own, with a service that records, a frozen one, dunst, and none at all."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from posture.desktop.notify import notification_service, open_notifier
from posture.desktop.notify_base import Delivery, NotifyError
from posture.desktop.notify_dbus import DBusService
from posture.desktop.notify_plyer import NOT_KNOWN, PlyerService
from posture.settings import DesktopSettings

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="D-Bus desktops")

# No service folders: nothing is started that the test has not started.
BUS_CONFIG = """\
<!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
 "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
<busconfig>
  <type>session</type>
  <listen>unix:dir={folder}</listen>
  <policy context="default">
    <allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/>
  </policy>
</busconfig>
"""
MARKUP = "body-markup"
SOON_S = 0.2  # for what never comes


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, require_tool: Callable[[str], str]) -> Iterator[str]:
    """A session bus with nobody on it."""
    config = tmp_path / "bus.conf"
    config.write_text(BUS_CONFIG.format(folder=tmp_path))
    command = [require_tool("dbus-daemon"), f"--config-file={config}", "--print-address", "--nofork"]
    daemon = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
    assert daemon.stdout is not None
    address = daemon.stdout.readline().strip()
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    yield address
    end(daemon)


@pytest.fixture
def no_bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "XDG_RUNTIME_DIR"):
        monkeypatch.delenv(name, raising=False)


def end(process: subprocess.Popen[str]) -> None:
    process.kill()
    process.wait()
    if process.stdout is not None:
        process.stdout.close()


class Recorder:
    """A notification service, and what it was told."""

    def __init__(self, *capabilities: str) -> None:
        program = Path(__file__).parent / "notification_server.py"
        self.process = subprocess.Popen(
            [sys.executable, str(program), *capabilities], stdout=subprocess.PIPE, text=True
        )
        assert self.next() == {"ready": True}

    def next(self) -> Any:
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())


@pytest.fixture
def record(bus: str) -> Iterator[Callable[..., Recorder]]:
    started: list[Recorder] = []

    def start(*capabilities: str) -> Recorder:
        started.append(Recorder(*capabilities))
        return started[-1]

    yield start
    for recorder in started:
        recorder.process.send_signal(signal.SIGCONT)
        end(recorder.process)


def test_a_message_arrives_as_it_was_meant(record: Callable[..., Recorder]) -> None:
    recorder = record(MARKUP)
    printed: list[str] = []
    delivery = open_notifier(DesktopSettings(), printed.append).send("-u Time to\nstand", "5 < 6 & <b>bold</b> “ü”")
    assert delivery == Delivery("desktop")
    assert printed == []
    received = recorder.next()
    assert received["app"] == "Posture"
    assert received["title"] == "-u Time to stand"
    assert received["body"] == "5 &lt; 6 &amp; &lt;b&gt;bold&lt;/b&gt; “ü”"
    assert received["hints"]["urgency"] == 1


def test_no_markup_where_the_service_knows_none(record: Callable[..., Recorder]) -> None:
    recorder = record("body")
    open_notifier(DesktopSettings()).send("Stretch", "5 < 6")
    assert recorder.next()["body"] == "5 < 6"


def test_many_in_a_row(record: Callable[..., Recorder]) -> None:
    recorder = record()
    notifier = open_notifier(DesktopSettings())
    for n in range(20):
        assert notifier.send(str(n), "").via == "desktop"
        assert recorder.next()["title"] == str(n)


def test_inside_a_program_with_an_event_loop(record: Callable[..., Recorder]) -> None:
    recorder = record()

    async def program() -> Delivery:
        return open_notifier(DesktopSettings()).send("Stand", "now")

    assert asyncio.run(program()).via == "desktop"
    assert recorder.next()["title"] == "Stand"


def test_nobody_on_the_bus(bus: str) -> None:
    printed: list[str] = []
    notifier = open_notifier(DesktopSettings(), printed.append)
    delivery = notifier.send("Stand", "now")
    assert delivery.via == "console"
    assert "No notification service answers" in delivery.note
    notifier.send("Stretch", "")
    assert printed == [f"{delivery.note} Messages are shown here instead.", "Stand: now", "Stretch"]


def test_no_bus_at_all(no_bus: None) -> None:
    printed: list[str] = []
    delivery = open_notifier(DesktopSettings(), printed.append).send("Stand", "now")
    assert delivery.via == "console"
    assert "has no bus" in delivery.note
    assert printed[-1] == "Stand: now"
    with pytest.raises(NotifyError, match="has no bus"):
        notification_service().probe()


@pytest.mark.parametrize("address", ["unix:path=/none/bus", "nonsense", ""])
def test_a_bus_address_that_leads_nowhere(monkeypatch: pytest.MonkeyPatch, no_bus: None, address: str) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", address)
    assert open_notifier(DesktopSettings(), lambda line: None).send("Stand", "now").via == "console"


def test_the_bus_of_the_runtime_folder(
    record: Callable[..., Recorder], bus: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recorder = record()
    (tmp_path / "run").mkdir()
    (tmp_path / "run/bus").symlink_to(bus.removeprefix("unix:path=").partition(",")[0])
    monkeypatch.delenv("DBUS_SESSION_BUS_ADDRESS")
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path / "run"))
    assert open_notifier(DesktopSettings()).send("Stand", "now").via == "desktop"
    assert recorder.next()["title"] == "Stand"


def test_a_frozen_service_is_given_up(record: Callable[..., Recorder]) -> None:
    recorder = record()
    recorder.process.send_signal(signal.SIGSTOP)
    service = DBusService(SOON_S)
    with pytest.raises(NotifyError, match="has not answered"):
        service.show("Stand", "now")
    recorder.process.send_signal(signal.SIGCONT)
    # It was asked what it can do, and no more: a message that is late does not pop up afterwards.
    assert DBusService(10.0).show("Stretch", "") == ""
    assert recorder.next()["title"] == "Stretch"


def test_a_service_that_ends_and_comes_back(record: Callable[..., Recorder]) -> None:
    printed: list[str] = []
    notifier = open_notifier(DesktopSettings(), printed.append)
    first = record()
    assert notifier.send("one", "").via == "desktop"
    end(first.process)
    assert notifier.send("two", "").via == "console"
    second = record()
    assert notifier.send("three", "").via == "desktop"
    assert second.next()["title"] == "three"


def test_probe_names_the_service(record: Callable[..., Recorder]) -> None:
    record()
    assert notification_service().probe() == "recorder 1.0"


def test_switched_off_by_the_user(record: Callable[..., Recorder]) -> None:
    printed: list[str] = []
    delivery = open_notifier(DesktopSettings(notifications=False), printed.append).send("Stand", "now")
    assert delivery.via == "console"
    assert "switched off" in delivery.note
    assert printed == ["Stand: now"]


def test_console_is_standard_error(no_bus: None, capsys: pytest.CaptureFixture[str]) -> None:
    open_notifier(DesktopSettings(notifications=False)).send("Stand", "now")
    captured = capsys.readouterr()
    assert (captured.out, captured.err) == ("", "Stand: now\n")


def test_dunst_shows_it(bus: str, require_tool: Callable[[str], str], monkeypatch: pytest.MonkeyPatch) -> None:
    ready, display_number = os.pipe()
    command = [
        require_tool("Xvfb"),
        "-displayfd",
        str(display_number),
        "-screen",
        "0",
        "640x480x24",
        "-nolisten",
        "tcp",
    ]
    display = subprocess.Popen(command, pass_fds=[display_number], text=True, stderr=subprocess.DEVNULL)
    os.close(display_number)
    started = [display]
    try:
        with os.fdopen(ready) as number:
            monkeypatch.setenv("DISPLAY", f":{number.readline().strip()}")
        dunst = [require_tool("dunst"), "-conf", "/dev/null"]
        started.append(subprocess.Popen(dunst, text=True, stderr=subprocess.DEVNULL, stdout=subprocess.DEVNULL))
        wait = [require_tool("gdbus"), "wait", "--session", "--timeout", "20", "org.freedesktop.Notifications"]
        subprocess.run(wait, check=True)
        assert notification_service().probe().startswith("dunst")
        assert open_notifier(DesktopSettings()).send("-t Stand", "5 < 6 & more").via == "desktop"
        control = require_tool("dunstctl")
        subprocess.run([control, "close-all"], check=True)
        history = json.loads(subprocess.run([control, "history"], check=True, capture_output=True).stdout)
    finally:
        for process in reversed(started):
            end(process)
    (shown,) = history["data"][0]
    assert shown["summary"]["data"] == "-t Stand"
    assert shown["body"]["data"] == "5 < 6 & more"  # as a person reads it
    assert shown["appname"]["data"] == "Posture"


class TestPlyer:
    """The way of other systems; on Linux plyer calls notify-send, which reaches the same services."""

    @pytest.fixture(autouse=True)
    def _notify_send(self, require_tool: Callable[[str], str]) -> None:
        require_tool("notify-send")

    def test_a_message_arrives(self, record: Callable[..., Recorder]) -> None:
        recorder = record(MARKUP)
        assert PlyerService(20.0).show("-u critical", "5 < 6") == NOT_KNOWN
        received = recorder.next()
        assert received["title"].lstrip("\u200b") == "-u critical"
        assert received["body"] == "5 &lt; 6"

    def test_a_frozen_service_is_given_up(self, record: Callable[..., Recorder]) -> None:
        recorder = record()
        recorder.process.send_signal(signal.SIGSTOP)
        service = PlyerService(SOON_S)
        with pytest.raises(NotifyError, match="has not answered"):
            service.show("Stand", "now")
        with pytest.raises(NotifyError, match="still has not answered"):
            service.show("Stand", "now")
        recorder.process.send_signal(signal.SIGCONT)
        assert recorder.next()["title"] == "Stand"

    def test_probe(self) -> None:
        assert PlyerService(1.0).probe().startswith("plyer")

    def test_no_way_known(self, monkeypatch: pytest.MonkeyPatch) -> None:
        from plyer import facades, notification

        object.__setattr__(notification, "_obj", facades.Notification())
        try:
            with pytest.raises(NotifyError, match="knows no way"):
                PlyerService(1.0).show("Stand", "now")
        finally:
            object.__setattr__(notification, "_obj", None)
