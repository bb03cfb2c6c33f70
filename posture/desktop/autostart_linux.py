"""Starting with the session of Linux.

A systemd user unit where the desktop reaches ``graphical-session.target`` (GNOME, KDE), since only there such a unit
starts and ends with the session; elsewhere XDG autostart.
"""

from __future__ import annotations

import os
import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

from posture.desktop.autostart_base import Run
from posture.desktop.entry_file import remove_empty, remove_entry, write_entry
from posture.errors import PostureError
from posture.home import xdg_folder
from posture.language import in_all_languages, mark, tr
from posture.own_command import own_command

UNIT = "posture.service"
NO_XDG = mark(
    "There is an entry for XDG autostart, which {desktop} does not read: put the line “{line}” into {file}, and "
    "posture starts with the session."
)
WITHOUT_XDG = {
    "sway": ("exec posture start", "~/.config/sway/config"),
    "i3": ("exec --no-startup-id posture start", "~/.config/i3/config"),
    "Hyprland": ("exec-once = posture start", "~/.config/hypr/hyprland.conf"),
    "river": ("riverctl spawn 'posture start'", "~/.config/river/init"),
}
"""Desktops that read none, by their names in XDG_CURRENT_DESKTOP: the line that starts it, and its file."""


class SystemdUnit:
    """The systemd user unit; see `posture.desktop.autostart_base.Way`."""

    # Translators: by what posture starts with the session: "posture starts with the session, by XDG autostart".
    words = mark("a systemd user unit")

    def __init__(self, run: Run) -> None:
        self._run = run

    def fits(self) -> bool:
        """See `Way.fits`."""
        return self._run("systemctl", "--user", "is-active", "graphical-session.target")

    def exists(self) -> bool:
        """See `Way.exists`."""
        return _unit_file().exists()

    def write(self) -> None:
        """See `Way.write`."""
        write_entry(_unit_file(), systemd_unit())
        self._run("systemctl", "--user", "daemon-reload")
        if not self._run("systemctl", "--user", "enable", UNIT):
            self.remove()
            raise PostureError(tr("systemd has refused the unit: see systemctl --user status posture."))

    def remove(self) -> bool:
        """See `Way.remove`."""
        file = _unit_file()
        if not file.exists():
            return False
        self._run("systemctl", "--user", "disable", UNIT)
        remove_entry(file)
        # Where systemctl has failed, its link is still there.
        (file.parent / "graphical-session.target.wants" / UNIT).unlink(missing_ok=True)
        remove_empty(file.parent / "graphical-session.target.wants")
        self._run("systemctl", "--user", "daemon-reload")
        remove_empty(file.parent)
        remove_empty(file.parent.parent)
        return True

    def note(self) -> str:
        """See `Way.note`."""
        return ""


class XdgEntry:
    """The entry for XDG autostart; see `posture.desktop.autostart_base.Way`."""

    words = mark("XDG autostart")

    def fits(self) -> bool:
        """See `Way.fits`."""
        return True

    def exists(self) -> bool:
        """See `Way.exists`."""
        return _xdg_file().exists()

    def write(self) -> None:
        """See `Way.write`."""
        write_entry(_xdg_file(), desktop_entry())

    def remove(self) -> bool:
        """See `Way.remove`."""
        return remove_entry(_xdg_file())

    def note(self) -> str:
        """See `Way.note`."""
        return xdg_note(os.environ.get("XDG_CURRENT_DESKTOP", ""))


def xdg_note(desktops: str) -> str:
    """Say what to do where one of these desktops, joined by colons, starts nothing by XDG autostart."""
    for name in desktops.split(":"):
        if name in WITHOUT_XDG:
            line, file = WITHOUT_XDG[name]
            return tr(NO_XDG, desktop=name, line=line, file=file)
    return ""


def systemd_unit() -> str:
    """Write the systemd unit; options without effect in a user's systemd are left out (docs/tray.md)."""
    return f"""[Unit]
Description=posture: watches how and how long you sit
PartOf=graphical-session.target
After=graphical-session.target

[Service]
Type=notify
ExecStart={_quoted(_started([sys.executable, *own_command("posture", "start", "--foreground")[1:]]), _systemd_word)}
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


def _config() -> Path:
    return xdg_folder("XDG_CONFIG_HOME", ".config")


def _unit_file() -> Path:
    return _config() / "systemd/user" / UNIT


def _xdg_file() -> Path:
    return _config() / "autostart/posture.desktop"


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
