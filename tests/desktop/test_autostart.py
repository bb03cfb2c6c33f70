from __future__ import annotations

import os
import shlex
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from posture.desktop import autostart_linux
from posture.desktop.autostart import Autostart
from posture.desktop.autostart_linux import desktop_entry, systemd_unit


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


ODD = (
    "a b",
    "it's",
    'say "q"',
    "$HOME",
    "back\\slash",
    "50%i",
    "a=b",
    "é",
    "`x`",
    ";x",
    "{a}",
    "#h",
    "-d",
    "new\nline",
    "t\tb",
)
"""Folders that Python may lie in."""


@pytest.mark.parametrize("name", ["plain", *(name for name in ODD if name.isprintable())])
def test_the_entry_is_read_as_it_was_meant(config: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    python = f"/home/{name}/python"
    monkeypatch.setattr(autostart_linux.sys, "executable", python)
    (exec_line,) = [line for line in desktop_entry().splitlines() if line.startswith("Exec=")]
    # First the escapes of the file, then those inside quotes (a shell word, but for $ and `); %% is a percent sign.
    value = exec_line.removeprefix("Exec=").replace("\\\\", "\\")
    words = shlex.split(value.replace("%%", "%").replace("\\$", "$").replace("\\`", "`"))
    if words[0] == "/bin/sh":
        assert words[1:3] == ["-c", 'exec "$0" "$@"']
        del words[:3]
    assert words == [python, "-P", "-m", "posture", "start"]


def test_a_desktop_starts_it_wherever_python_lies(
    config: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, missing: Callable[[str], None]
) -> None:
    """Read by GLib, as desktops do."""
    code = (
        "import gi, subprocess, sys; gi.require_version('Gio', '2.0'); from gi.repository import Gio, GLib\n"
        "for file in sys.argv[1:]:\n"
        "    words = GLib.shell_parse_argv(Gio.DesktopAppInfo.new_from_filename(file).get_commandline())[1]\n"
        "    subprocess.run([word.replace('%%', '%') for word in words], check=True)"
    )
    if subprocess.run(["/usr/bin/python3", "-c", "import gi"], capture_output=True, check=False).returncode:
        missing("the system package python3-gi")
    said, entries = tmp_path / "said", []
    for number, name in enumerate(["plain", *ODD]):
        python = tmp_path / name / "python"
        python.parent.mkdir()
        python.write_text(f'#!/bin/sh\nprintf "%s|" "$0" "$@" >> "{said}"\n')
        python.chmod(0o755)
        monkeypatch.setattr(autostart_linux.sys, "executable", str(python))
        entries.append(tmp_path / f"{number}.desktop")
        entries[-1].write_text(desktop_entry())
    subprocess.run(["/usr/bin/python3", "-c", code, *map(str, entries)], check=True, env={"PATH": "/usr/bin:/bin"})
    expected = [f"{tmp_path / name / 'python'}|-P|-m|posture|start|" for name in ["plain", *ODD]]
    assert said.read_text() == "".join(expected)


def test_systemd_finds_nothing_wrong_with_the_unit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, require_tool: Callable[[str], str]
) -> None:
    units = [tmp_path / "posture.service"]
    units[0].write_text(systemd_unit())
    for number, name in enumerate(ODD):
        python = tmp_path / name / "python"
        python.parent.mkdir()
        python.symlink_to(autostart_linux.sys.executable)
        with monkeypatch.context() as patch:
            patch.setattr(autostart_linux.sys, "executable", str(python))
            units.append(tmp_path / f"posture-{number}.service")
            units[-1].write_text(systemd_unit())
    done = subprocess.run(
        [require_tool("systemd-analyze"), "verify", "--user", "--man=no", *map(str, units)],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "XDG_RUNTIME_DIR": str(tmp_path)},  # without one it looks at nothing
    )
    complaints = (done.stdout + done.stderr).splitlines()
    assert [line for line in complaints if "posture" in line or "Failed" in line] == []


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
