"""The session of Windows: lock, user switch, sleep, lid, the end of the session, and battery.

Windows tells these to windows, so there is a hidden one, in a thread of its own. It must be a window of the top level:
to message-only windows nothing is broadcast.
"""

from __future__ import annotations

import asyncio
import contextlib
import ctypes
import threading
import uuid
from collections.abc import Callable
from ctypes import c_int32, c_uint32, c_void_p
from typing import Any

from posture.desktop.session import NativeSession, SessionChange
from posture.windows_programs import library

WM_CLOSE, WM_DESTROY, WM_ENDSESSION = 0x10, 0x2, 0x16
WM_POWERBROADCAST, WM_WTSSESSION_CHANGE = 0x218, 0x2B1
SUSPENDS, RESUMES, SETTING = (4,), (7, 0x12), 0x8013  # PBT_*
DISCONNECTED, CONNECTED = (2, 4), (1, 3)  # from the screen of the machine, or from afar: WTS_CONSOLE_*, WTS_REMOTE_*
LOCKED, UNLOCKED = 7, 8  # WTS_SESSION_*
LID = uuid.UUID("ba3e0f4d-b817-4094-a2d1-d56379e6a0f3").bytes_le  # GUID_LIDSWITCH_STATE_CHANGE
THIS_SESSION, INFO, STATE_DISCONNECTED, FLAG_LOCKED = 0xFFFFFFFF, 25, 4, 0
"""WTS_CURRENT_SESSION, WTSSessionInfoEx, WTSDisconnected, WTS_SESSIONSTATE_LOCK."""
HEARD_S = 1.5
"""How long sleep waits for the camera to be let go; Windows gives 2 s."""
END_S = 4.5
"""How long the end of the session waits for the daemon to store what it has and to end; Windows gives 5 s."""
START_S = 10.0
"""How long the window may take to come, on a machine that has much to do at a login [design choice]."""


class WindowsSession(NativeSession):
    """Hears of lock, sleep and user switch; `end` is called when the session ends."""

    def __init__(self, happened: Callable[[SessionChange], None], end: Callable[[], None]) -> None:
        super().__init__(happened)
        self._end = end
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: threading.Thread | None = None
        self._window = 0
        self._there = threading.Event()
        self._lid_closed = False
        self._closed = False

    async def start(self) -> None:
        """Listen, and take how the session stands now."""
        self._loop = asyncio.get_running_loop()
        self._there.clear()
        self._closed = False
        self._thread = threading.Thread(target=self._listen, name="posture-session", daemon=True)
        self._thread.start()
        if not await asyncio.to_thread(self._there.wait, START_S) or not self._window:
            raise OSError("Windows has made no window to listen by")
        locked, disconnected = session_now()
        self.lock(locked)
        self.hide(disconnected)

    async def close(self) -> None:
        """Listen no longer; also after a start that has failed."""
        window, self._window, self._closed = self._window, 0, True
        if window:
            import win32gui

            with contextlib.suppress(win32gui.error):  # it has gone already
                win32gui.PostMessage(window, WM_CLOSE, 0, 0)

    def heard(self, message: int, about: int, setting: tuple[bytes, int] | None = None) -> None:
        """Take a message; in the daemon's loop.

        `about` is its first parameter, `setting` a power setting and its value.
        """
        if message == WM_WTSSESSION_CHANGE:
            if about in (LOCKED, UNLOCKED):
                self.lock(about == LOCKED)
            elif about in DISCONNECTED + CONNECTED:
                self.hide(about in DISCONNECTED)
        elif message == WM_POWERBROADCAST:
            if about in SUSPENDS + RESUMES:
                self.sleep(about in SUSPENDS, lid_closed=self._lid_closed)
            elif about == SETTING and setting is not None and setting[0] == LID:
                self._lid_closed = setting[1] == 0
        elif message == WM_ENDSESSION and about:
            self._end()

    # -- in the thread of the window --------------------------------------------------------------------------------

    def _listen(self) -> None:
        import win32gui

        try:
            described: Any = win32gui.WNDCLASS()
            described.lpszClassName = f"posture-session-{id(self)}"
            described.lpfnWndProc = self._take
            kind = win32gui.RegisterClass(described)
            window = win32gui.CreateWindow(kind, "Posture", 0, 0, 0, 0, 0, 0, 0, 0, None)
        except win32gui.error:
            self._there.set()
            return
        self._register(window)
        self._window = window
        self._there.set()
        win32gui.PumpMessages()
        with contextlib.suppress(win32gui.error):
            win32gui.UnregisterClass(kind, 0)

    def _register(self, window: int) -> None:
        """Ask for what is told to those alone who ask; each may be missing, as in Wine or on a server."""
        import win32ts

        with contextlib.suppress(Exception):
            win32ts.WTSRegisterSessionNotification(window, 0)  # NOTIFY_FOR_THIS_SESSION
        with contextlib.suppress(AttributeError, OSError):
            user = library("user32")
            user.RegisterPowerSettingNotification(c_void_p(window), LID, 0)
            # A machine that never sleeps deeply (modern standby) says it only to who has asked.
            user.RegisterSuspendResumeNotification(c_void_p(window), 0)

    def _take(self, window: int, message: int, about: int, more: int) -> int:
        import win32gui

        if message == WM_CLOSE:
            win32gui.DestroyWindow(window)
        elif message == WM_DESTROY:
            win32gui.PostQuitMessage(0)
        elif message == WM_WTSSESSION_CHANGE:
            self._hand_over(message, about, None, 0)
        elif message == WM_POWERBROADCAST:
            setting = _setting(more) if about == SETTING and more else None
            self._hand_over(message, about, setting, HEARD_S if about in SUSPENDS else 0)
        elif message == WM_ENDSESSION and about and not self._closed:
            # When this returns, Windows may end the process at any time; it ends by itself as soon as it is done.
            self._hand_over(message, about, None, 0)
            threading.Event().wait(END_S)
        else:
            return int(win32gui.DefWindowProc(window, message, about, more))
        return 1

    def _hand_over(self, message: int, about: int, setting: tuple[bytes, int] | None, wait_s: float) -> None:
        done = threading.Event()

        def take() -> None:
            try:
                self.heard(message, about, setting)
            finally:
                done.set()

        with contextlib.suppress(RuntimeError):  # the loop has ended
            if self._loop is not None:
                self._loop.call_soon_threadsafe(take)
                done.wait(wait_s)


def _setting(place: int) -> tuple[bytes, int]:
    """Read POWERBROADCAST_SETTING: which setting, and its value."""
    name = ctypes.string_at(place, 16)
    length = c_uint32.from_address(place + 16).value
    return name, int.from_bytes(ctypes.string_at(place + 20, min(length, 4)), "little")


def session_now() -> tuple[bool, bool]:
    """Whether the session is locked, and whether it is at no screen; False where Windows does not tell."""
    terminals, found, length = library("wtsapi32"), c_void_p(), c_uint32()
    if not terminals.WTSQuerySessionInformationW(
        None, THIS_SESSION, INFO, ctypes.byref(found), ctypes.byref(length)
    ) or (not found.value):
        return False, False
    try:
        if length.value < 20:
            return False, False
        # WTSINFOEXW: the level, room, and for level 1 the session, its state and its flags.
        state, flags = (c_int32.from_address(found.value + at).value for at in (12, 16))
        return flags == FLAG_LOCKED, state == STATE_DISCONNECTED
    finally:
        terminals.WTSFreeMemory(found)


def on_battery() -> bool | None:
    """Whether the machine runs on battery; None where it has none, or that is not known."""
    import win32api

    try:
        told = win32api.GetSystemPowerStatus()
    except win32api.error:
        return None
    line, battery = told["ACLineStatus"], told["BatteryFlag"]
    return None if line not in (0, 1) or battery & 128 else line == 0
