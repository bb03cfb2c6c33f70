"""Starting with the session, by one file in the user's own folders.

Linux: a systemd user unit where the desktop reaches ``graphical-session.target`` (GNOME, KDE), since only there such a
unit starts and ends with the session; elsewhere XDG autostart. macOS: a LaunchAgent. Windows: the Startup folder. The
last two have not been run yet.
"""

from __future__ import annotations

import contextlib
import os
import platform
import re
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Literal

from posture.atomic_write import write_atomically
from posture.errors import PostureError
from posture.home import home_folder
from posture.language import in_all_languages, listed, mark, tr
from posture.own_command import own_command

Way = Literal["systemd", "xdg", "launchd", "startup folder"]
UNIT = "posture.service"
WORDS: dict[Way, str] = {
    # Translators: by what posture starts with the session: "posture starts with the session, by XDG autostart".
    "systemd": mark("a systemd user unit"),
    "xdg": mark("XDG autostart"),
    "launchd": mark("a LaunchAgent"),
    "startup folder": mark("the Startup folder"),
}


def _run(*command: str) -> bool:
    try:
        done = subprocess.run(command, capture_output=True, timeout=20, check=False, stdin=subprocess.DEVNULL)
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


class Autostart:
    """The autostart entry of this user. `run` runs a command and returns whether it succeeded."""

    def __init__(self, run: Callable[..., bool] = _run) -> None:
        self._run = run

    def how(self) -> str:
        """Say how posture starts with the session; empty when it does not."""
        return listed([tr(WORDS[way]) for way in _ways() if _file(way).exists()])

    def turn_on(self, way: Way | None = None) -> str:
        """Make the entry that fits this session, remove any other, and give the way in words.

        A PostureError says that it cannot be written.
        """
        chosen = way or self._fitting()
        for other in _ways():
            if other != chosen:
                self._remove(other)
        file = _file(chosen)
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            write_atomically(file, _TEXTS[chosen](), 0o644)
        except OSError as error:
            raise PostureError(
                tr("{file} cannot be written ({why}): check the folder.", file=file, why=error.strerror)
            ) from None
        if chosen == "systemd":
            self._run("systemctl", "--user", "daemon-reload")
            if not self._run("systemctl", "--user", "enable", UNIT):
                self._remove("systemd")
                raise PostureError(tr("systemd has refused the unit: see systemctl --user status posture."))
        return tr(WORDS[chosen])

    def turn_off(self) -> bool:
        """Remove every entry; returns whether there was one. A running daemon goes on."""
        removed = [self._remove(way) for way in _ways()]
        return any(removed)

    def _fitting(self) -> Way:
        system = platform.system()
        if system == "Darwin":
            return "launchd"
        if system == "Windows":
            return "startup folder"
        return "systemd" if self._run("systemctl", "--user", "is-active", "graphical-session.target") else "xdg"

    def _remove(self, way: Way) -> bool:
        file = _file(way)
        if not file.exists():
            return False
        if way == "systemd":
            self._run("systemctl", "--user", "disable", UNIT)
        try:
            file.unlink()
        except OSError as error:
            raise PostureError(
                tr("{file} cannot be removed ({why}): remove it by hand.", file=file, why=error.strerror)
            ) from None
        if way == "systemd":
            # Where systemctl has failed, its link is still there.
            (file.parent / "graphical-session.target.wants" / UNIT).unlink(missing_ok=True)
            _remove_empty(file.parent / "graphical-session.target.wants")
            self._run("systemctl", "--user", "daemon-reload")
            _remove_empty(file.parent)
            _remove_empty(file.parent.parent)
        else:
            _remove_empty(file.parent)
        return True


def systemd_unit() -> str:
    """Write the systemd unit; options without effect in a user's systemd are left out (docs/tray.md)."""
    return f"""[Unit]
Description=posture: watches how and how long you sit
PartOf=graphical-session.target
After=graphical-session.target

[Service]
Type=notify
ExecStart={_quoted(_started(_command("--foreground")), _systemd_word)}
Restart=on-failure
RestartSec=5
TimeoutStopSec=15
# Started anew if it no longer says that all its jobs go on.
WatchdogSec=120
UMask=0077
Nice=5
# No internet, whatever runs inside: only sockets of this machine.
RestrictAddressFamilies=AF_UNIX
NoNewPrivileges=yes
SystemCallArchitectures=native
RestrictRealtime=yes
LockPersonality=yes
# A picture must not end in a core dump.
LimitCORE=0
MemoryMax=700M
TasksMax=100

[Install]
WantedBy=graphical-session.target
"""


def desktop_command(*words: str) -> str:
    """Write a command of posture as a desktop entry has it."""
    return _quoted(_started([sys.executable, *own_command("posture", *words)[1:]]), _desktop_word)


def localised(key: str, english: str) -> str:
    """Write a text of a desktop entry: in English, and in each language that has a catalogue with it."""
    spoken = {f"{key}[{name}]": text for name, text in in_all_languages(english).items()}
    found = {key: english} | spoken
    return "\n".join(f"{name}={_in_one_line(text.replace(chr(92), chr(92) * 2))}" for name, text in found.items())


def desktop_entry() -> str:
    """Write the entry for XDG autostart."""
    return f"""[Desktop Entry]
Type=Application
Name=Posture
{localised("Comment", mark("Watches how and how long you sit"))}
Exec={desktop_command("start")}
Icon=posture
Terminal=false
NoDisplay=true
X-GNOME-Autostart-enabled=true
"""


def launch_agent() -> str:
    """Write the property list for launchd."""
    from xml.sax.saxutils import escape

    words = "".join(f"<string>{escape(word)}</string>" for word in _command("--foreground"))
    return f"""<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE plist PUBLIC "-//Apple//DTD PLIST 1.0//EN" "http://www.apple.com/DTDs/PropertyList-1.0.dtd">
<plist version="1.0"><dict>
<key>Label</key><string>posture</string>
<key>ProgramArguments</key><array>{words}</array>
<key>RunAtLoad</key><true/>
<key>KeepAlive</key><dict><key>SuccessfulExit</key><false/></dict>
<key>ProcessType</key><string>Background</string>
</dict></plist>
"""


def startup_script() -> str:
    """Write the script for the Startup folder; pythonw shows no window."""
    return f'@start "" /b {subprocess.list2cmdline(_command())}\r\n'


_TEXTS: dict[Way, Callable[[], str]] = {
    "systemd": systemd_unit,
    "xdg": desktop_entry,
    "launchd": launch_agent,
    "startup folder": startup_script,
}


def _ways() -> tuple[Way, ...]:
    system = platform.system()
    return ("launchd",) if system == "Darwin" else ("startup folder",) if system == "Windows" else ("systemd", "xdg")


def _file(way: Way) -> Path:
    if way == "launchd":
        return home_folder() / "Library/LaunchAgents/posture.plist"
    if way == "startup folder":
        return (
            Path(os.environ.get("APPDATA") or home_folder() / "AppData/Roaming")
            / "Microsoft/Windows/Start Menu/Programs/Startup/posture.cmd"
        )
    given = os.environ.get("XDG_CONFIG_HOME", "")
    config = Path(given) if given.startswith("/") else home_folder() / ".config"
    return config / ("systemd/user/" + UNIT if way == "systemd" else "autostart/posture.desktop")


def _command(*more: str) -> list[str]:
    program = sys.executable
    if platform.system() == "Windows":
        program = str(Path(program).with_name("pythonw.exe"))
    return [program, *own_command("posture", "start", *more)[1:]]


def _started(command: list[str]) -> list[str]:
    """Have a shell start a program whose path systemd, or a desktop, does not take as that of a program.

    systemd refuses some characters there however they are quoted, and reads a ``$`` in it otherwise than in arguments.
    """
    plain = re.fullmatch(r"[\w/.+@:, ~-]+", command[0], re.ASCII)
    return command if plain else ["/bin/sh", "-c", 'exec "$0" "$@"', *command]


def _quoted(words: Sequence[str], quote: Callable[[str], str]) -> str:
    return " ".join(quote(word) for word in words)


def _systemd_word(word: str) -> str:
    escaped = word.replace("\\", "\\\\").replace('"', '\\"').replace("%", "%%").replace("$", "$$")
    return f'"{_in_one_line(escaped)}"'


def _in_one_line(escaped: str) -> str:
    return escaped.replace("\n", "\\n").replace("\t", "\\t").replace("\r", "\\r")


def _desktop_word(word: str) -> str:
    # Quoted by the rule for Exec, then escaped again, since the value is itself read with escapes.
    escaped = "".join("\\" + character if character in '"`$\\' else character for character in word)
    return '"' + _in_one_line(escaped.replace("\\", "\\\\").replace("%", "%%")) + '"'


def _remove_empty(folder: Path) -> None:
    with contextlib.suppress(OSError):
        folder.rmdir()
