from __future__ import annotations

import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from posture.desktop import autostart
from posture.desktop.autostart import Autostart, desktop_entry, systemd_unit


class Systemd:
    """What systemctl is asked, and whether this session has a graphical target."""

    def __init__(self, graphical: bool, config: Path) -> None:
        self.graphical, self.config = graphical, config
        self.asked: list[tuple[str, ...]] = []

    def __call__(self, *command: str) -> bool:
        self.asked.append(command[2:])
        link = self.config / "systemd/user/graphical-session.target.wants/posture.service"
        if command[2] == "enable":
            link.parent.mkdir(exist_ok=True)
            link.symlink_to(self.config / "systemd/user/posture.service")
        elif command[2] == "disable":
            link.unlink()
        return self.graphical


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("platform.system", lambda: "Linux")
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path))
    return tmp_path


def test_systemd_where_the_session_has_a_target_and_off_leaves_nothing(config: Path) -> None:
    entry = Autostart(Systemd(True, config))
    assert entry.how() == ""
    assert entry.turn_on() == "a systemd user unit"
    assert (config / "systemd/user/posture.service").read_text() == systemd_unit()
    before = sorted(config.rglob("*"))
    (config / "systemd/user/graphical-session.target.wants/posture.service").unlink()
    assert entry.turn_on() == entry.how() == "a systemd user unit"
    assert sorted(config.rglob("*")) == before
    assert entry.turn_off()
    assert list(config.iterdir()) == []
    assert not entry.turn_off()


def test_xdg_elsewhere_and_never_both(config: Path) -> None:
    systemd = Systemd(True, config)
    entry = Autostart(systemd)
    entry.turn_on()
    systemd.graphical = False
    assert entry.turn_on() == entry.how() == "XDG autostart"
    assert [path.name for path in config.rglob("*") if path.is_file()] == ["posture.desktop"]
    (config / "autostart/mine.desktop").touch()
    assert entry.turn_off()
    assert [path.name for path in config.rglob("*")] == ["autostart", "mine.desktop"]


@pytest.mark.parametrize("python", ["/usr/bin/python3", '/home/a b/50%/$x/"q"/py\\thon'])
def test_the_entry_is_read_as_it_was_meant(config: Path, monkeypatch: pytest.MonkeyPatch, python: str) -> None:
    monkeypatch.setattr(autostart.sys, "executable", python)
    (exec_line,) = [line for line in desktop_entry().splitlines() if line.startswith("Exec=")]
    # First the escapes of the file, then those inside quotes (a shell word, but for the $); %% is a percent sign.
    value = exec_line.removeprefix("Exec=").replace("\\\\", "\\").replace("%%", "%")
    assert shlex.split(value.replace("\\$", "$")) == [python, "-m", "posture", "start"]


def test_systemd_finds_nothing_wrong_with_the_unit(tmp_path: Path, require_tool: Callable[[str], str]) -> None:
    unit = tmp_path / "posture.service"
    unit.write_text(systemd_unit())
    done = subprocess.run(
        [require_tool("systemd-analyze"), "verify", "--user", "--man=no", str(unit)], capture_output=True, text=True
    )
    complaints = [line for line in (done.stdout + done.stderr).splitlines() if "posture.service" in line]
    assert complaints == []


def test_ready_is_told_to_systemd(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    from posture.daemon import systemd

    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as link:
        link.bind(str(tmp_path / "notify"))
        link.settimeout(5)
        monkeypatch.setenv("NOTIFY_SOCKET", str(tmp_path / "notify"))
        systemd.notify("READY=1")
        assert link.recv(100) == b"READY=1"


def test_off_says_so_where_there_was_nothing_to_turn_off(config: Path, capsys: pytest.CaptureFixture[str]) -> None:
    from posture.cli.main import main

    assert main(["autostart", "off"]) == 0
    assert capsys.readouterr().out == (
        "posture does not start with the session: posture autostart on makes it do so.\n"
    )
