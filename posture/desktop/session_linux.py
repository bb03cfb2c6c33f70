"""The state of the session on Linux: locked, hidden, asleep, on battery.

Lock and sleep are reported by logind; a screen locker that does not inform logind is heard on the session bus.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posture.desktop.bus import Bus, BusError
from posture.desktop.session import SessionChange, SessionWatch

if TYPE_CHECKING:
    from dbus_fast import Message

LOGIND, LOGIND_PATH = "org.freedesktop.login1", "/org/freedesktop/login1"
MANAGER, SESSION = "org.freedesktop.login1.Manager", "org.freedesktop.login1.Session"
PROPERTIES = "org.freedesktop.DBus.Properties"
LOCKERS = tuple(f"org.{desktop}.ScreenSaver" for desktop in ("freedesktop", "gnome", "cinnamon", "mate", "xfce"))
"""The names of screen lockers on the session bus; each speaks of an interface of the same name. KDE has the first."""
MOST_SESSIONS = 64
POWER_SUPPLIES = Path("/sys/class/power_supply")
LIDS = Path("/proc/acpi/button/lid")


class LinuxSession(SessionWatch):
    """Listens to logind and to screen lockers; `lids` is the kernel's folder of lids."""

    def __init__(self, happened: Callable[[SessionChange], None], lids: Path = LIDS) -> None:
        super().__init__(happened)
        self._lids = lids
        self._paths: set[str] = set()
        self._active: dict[str, bool] = {}  # those of our sessions that are at a seat
        self._bus: Bus | None = None
        self._jobs: set[asyncio.Task[None]] = set()
        self._locked_by = ""  # the locker that says so; empty for logind

    async def watch_logind(self, bus: Bus) -> None:
        """Listen on the system bus; BusError where there is no logind."""
        self._bus, self._paths, self._active = bus, set(), {}
        for member in ("PrepareForSleep", "SessionNew", "SessionRemoved"):
            await bus.listen(LOGIND, self._heard, interface=MANAGER, member=member)
        await self._find_sessions(bus)

    async def _find_sessions(self, bus: Bus) -> None:
        (sessions,) = await bus.call(LOGIND, LOGIND_PATH, MANAGER, "ListSessions", answer="a(susso)")
        own = os.environ.get("XDG_SESSION_ID")
        # A user unit belongs to no session: all sessions of the user count then.
        user = _own_user()
        mine = [session for session in sessions[:MOST_SESSIONS] if session[1] == user]
        mine = [session for session in mine if session[0] == own] or mine
        new = {path for *_, path in mine} - self._paths
        self._paths = {path for *_, path in mine}
        self._active = {path: self._active.get(path, True) for *_, seat, path in mine if seat}
        for path in sorted(new):
            await bus.listen(LOGIND, self._heard, path=path)
            with contextlib.suppress(BusError):  # an older logind has no hint
                self.lock(bool(await bus.get(LOGIND, path, SESSION, "LockedHint")))
            if path in self._active:
                with contextlib.suppress(BusError):
                    self._active[path] = bool(await bus.get(LOGIND, path, SESSION, "Active"))
        self._hide()

    async def watch_lockers(self, bus: Bus) -> None:
        """Listen on the session bus for screen lockers (GNOME, KDE, Xfce, Cinnamon, MATE)."""
        for locker in LOCKERS:
            await bus.listen(locker, self._locker_heard, interface=locker, member="ActiveChanged")
            await bus.watch_owner(locker, lambda there, locker=locker: self._locker_there(locker, there))  # type: ignore[misc]

    def _locker_heard(self, message: Message) -> None:
        interface, active = message.interface or "", message.body
        if interface in LOCKERS and message.member == "ActiveChanged" and message.signature == "b":
            self._locked_by = interface
            self.lock(active[0])

    def _locker_there(self, locker: str, there: bool) -> None:
        """A locker that has ended, or was replaced, holds the screen no longer."""
        if self.locked and self._locked_by == locker:
            self.lock(False)

    def _heard(self, message: Message) -> None:
        interface, member, body = message.interface or "", message.member, message.body
        if interface == MANAGER and member == "PrepareForSleep" and message.signature == "b":
            self._prepare_for_sleep(body[0])
        elif interface == SESSION and message.path in self._paths and member in ("Lock", "Unlock"):
            self._locked_by = ""
            self.lock(member == "Lock")
        elif interface == PROPERTIES and message.path in self._paths and message.signature == "sa{sv}as":
            changed: dict[str, Any] = body[1] if body[0] == SESSION else {}
            if "LockedHint" in changed:
                self._locked_by = ""
                self.lock(bool(changed["LockedHint"].value))
            if "Active" in changed and message.path in self._active:
                self._active[message.path] = bool(changed["Active"].value)
                self._hide()
        elif interface == MANAGER and member in ("SessionNew", "SessionRemoved") and self._bus is not None:
            job = asyncio.get_running_loop().create_task(self._find_again(self._bus))
            self._jobs.add(job)
            job.add_done_callback(self._jobs.discard)

    async def _find_again(self, bus: Bus) -> None:
        with contextlib.suppress(BusError):  # logind is gone; the daemon connects to it again
            await self._find_sessions(bus)

    def _prepare_for_sleep(self, asleep: bool) -> None:
        self.sleep(asleep, lid_closed=lid_closed(self._lids))

    def _hide(self) -> None:
        """Report hidden only where all sessions at a seat are inactive, and there is one."""
        self.hide(bool(self._active) and not any(self._active.values()))


def _own_user() -> int:
    if sys.platform == "win32":
        found = -1
    else:
        found = os.getuid()
    return found


def lid_closed(lids: Path = LIDS) -> bool:
    """Whether a lid is closed; False where the machine has none, or that is not known."""
    return any("closed" in _read(state) for state in lids.glob("*/state"))


def on_battery(supplies: Path = POWER_SUPPLIES) -> bool | None:
    """Whether the machine runs on battery; None where it has none, or that is not known.

    `supplies` is the kernel's folder of power supplies. One that gives power away, such as a port at which a phone is
    charged, is online as well; it says of itself that it is discharging, or that it belongs to a device.
    """
    discharging = plugged = known = False
    try:
        folders = sorted(supplies.iterdir())
    except OSError:
        return None
    for folder in folders:
        kind, status = _read(folder / "type"), _read(folder / "status")
        if _read(folder / "scope") == "Device":  # the battery of a mouse
            continue
        if kind == "Battery":
            known = True
            discharging = discharging or status == "Discharging"
        elif kind in ("Mains", "USB", "Wireless") and status != "Discharging":
            plugged = plugged or _read(folder / "online") not in ("", "0")
    return (discharging and not plugged) if known else None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
