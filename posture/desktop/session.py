"""The state of the session: locked, hidden, asleep, on battery; on Linux only.

Lock and sleep are reported by logind; a screen locker that does not inform logind is heard on the session bus.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from posture.desktop.bus import Bus, BusError

if TYPE_CHECKING:
    from dbus_fast import Message

SessionChange = Literal["locked", "unlocked", "sleeping", "closing", "awake", "hidden", "shown"]
"""Hidden: another user has the screen, and so sits before the camera. Closing: the machine falls asleep because its
lid is closed."""

LOGIND, LOGIND_PATH = "org.freedesktop.login1", "/org/freedesktop/login1"
MANAGER, SESSION = "org.freedesktop.login1.Manager", "org.freedesktop.login1.Session"
PROPERTIES = "org.freedesktop.DBus.Properties"
LOCKERS = tuple(f"org.{desktop}.ScreenSaver" for desktop in ("freedesktop", "gnome", "cinnamon", "mate", "xfce"))
"""The names of screen lockers on the session bus; each speaks of an interface of the same name. KDE has the first."""
MOST_SESSIONS = 64
POWER_SUPPLIES = Path("/sys/class/power_supply")
LIDS = Path("/proc/acpi/button/lid")


class SessionWatch:
    """Listens to logind and to screen lockers; `happened` is called once for each change.

    `lids` is the kernel's folder of lids.
    """

    def __init__(self, happened: Callable[[SessionChange], None], lids: Path = LIDS) -> None:
        self._happened, self._lids = happened, lids
        self._paths: set[str] = set()
        self._active: dict[str, bool] = {}  # those of our sessions that are at a seat
        self._bus: Bus | None = None
        self._jobs: set[asyncio.Task[None]] = set()
        self._locked_by = ""  # the locker that says so; empty for logind
        self.locked = False
        self.asleep = False
        self.hidden = False

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
        mine = [session for session in sessions[:MOST_SESSIONS] if session[1] == os.getuid()]
        mine = [session for session in mine if session[0] == own] or mine
        new = {path for *_, path in mine} - self._paths
        self._paths = {path for *_, path in mine}
        self._active = {path: self._active.get(path, True) for *_, seat, path in mine if seat}
        for path in sorted(new):
            await bus.listen(LOGIND, self._heard, path=path)
            with contextlib.suppress(BusError):  # an older logind has no hint
                self._lock(bool(await bus.get(LOGIND, path, SESSION, "LockedHint")))
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
            self._lock(active[0])

    def _locker_there(self, locker: str, there: bool) -> None:
        """A locker that has ended, or was replaced, holds the screen no longer."""
        if self.locked and self._locked_by == locker:
            self._lock(False)

    def _heard(self, message: Message) -> None:
        interface, member, body = message.interface or "", message.member, message.body
        if interface == MANAGER and member == "PrepareForSleep" and message.signature == "b":
            self._sleep(body[0])
        elif interface == SESSION and message.path in self._paths and member in ("Lock", "Unlock"):
            self._locked_by = ""
            self._lock(member == "Lock")
        elif interface == PROPERTIES and message.path in self._paths and message.signature == "sa{sv}as":
            changed: dict[str, Any] = body[1] if body[0] == SESSION else {}
            if "LockedHint" in changed:
                self._locked_by = ""
                self._lock(bool(changed["LockedHint"].value))
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

    def _hide(self) -> None:
        """Report hidden only where all sessions at a seat are inactive, and there is one."""
        hidden = bool(self._active) and not any(self._active.values())
        if hidden != self.hidden:
            self.hidden = hidden
            self._happened("hidden" if hidden else "shown")

    def _lock(self, locked: bool) -> None:
        if locked != self.locked:
            self.locked = locked
            self._happened("locked" if locked else "unlocked")

    def _sleep(self, asleep: bool) -> None:
        if asleep != self.asleep:
            self.asleep = asleep
            self._happened("awake" if not asleep else "closing" if lid_closed(self._lids) else "sleeping")


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
