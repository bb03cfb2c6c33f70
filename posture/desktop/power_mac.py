"""Battery, lid and sleep on macOS, by IOKit."""

from __future__ import annotations

import contextlib
import ctypes
import threading
from collections.abc import Callable

from posture.desktop.mac_frameworks import PowerHeard, call, string, taken, value

# IOMessage.h: iokit_common_msg
CAN_SLEEP, WILL_SLEEP, HAS_POWERED_ON = 0xE0000270, 0xE0000280, 0xE0000300
ON_BATTERY = "Battery Power"  # kIOPMBatteryPowerKey


def on_battery() -> bool | None:
    """Whether the machine runs on battery; None where it has none, or that is not known."""
    try:
        sources = call("IOPSCopyPowerSourcesInfo")
        if not sources:
            return None
        try:
            if not taken(call("IOPSCopyPowerSourcesList", sources)):
                return None
            # Not ours to let go: it lives as long as the sources.
            feeding = value(call("IOPSGetProvidingPowerSourceType", sources))
        finally:
            call("CFRelease", sources)
    except Exception:  # of any kind of system
        return None
    return feeding == ON_BATTERY if isinstance(feeding, str) else None


def lid_closed() -> bool:
    """Whether the lid is closed; False where the machine has none, or that is not known."""
    try:
        root = call("IOServiceGetMatchingService", 0, call("IOServiceMatching", b"IOPMrootDomain"))
        if not root:
            return False
        key = string("AppleClamshellState")
        try:
            return taken(call("IORegistryEntryCreateCFProperty", root, key, None, 0)) is True
        finally:
            call("CFRelease", key)
            call("IOObjectRelease", root)
    except Exception:  # of any kind of system
        return False


class SleepWatch:
    """Hears when the machine falls asleep and wakes, in a thread with a run loop of its own.

    The notifications of IOKit come to the run loop that asks for them, whichever thread has it (Apple's QA1340); those
    of NSWorkspace would come to that of the main thread, which the daemon needs for itself.

    Parameters
    ----------
    happened : callable
        Called in that thread, with True when the machine is about to sleep, and False when it has woken.
    """

    def __init__(self, happened: Callable[[bool], object]) -> None:
        self._happened = happened
        self._port = 0
        self._heard_by_ref = PowerHeard(self._heard)  # kept: the system calls it as long as the process lives
        self._thread = threading.Thread(target=self._run, name="sleep", daemon=True)

    def start(self) -> None:
        """Begin to listen; where the system does not tell, nothing is heard."""
        self._thread.start()

    def _run(self) -> None:
        with contextlib.suppress(Exception):  # of any kind of system
            notifications, notifier = ctypes.c_void_p(), ctypes.c_uint32()
            self._port = call(
                "IORegisterForSystemPower",
                None,
                ctypes.byref(notifications),
                self._heard_by_ref,
                ctypes.byref(notifier),
            )
            if not self._port:
                return
            source = call("IONotificationPortGetRunLoopSource", notifications)
            # The string that kCFRunLoopDefaultMode names; a mode is told from another by its name.
            mode = string("kCFRunLoopDefaultMode")
            call("CFRunLoopAddSource", call("CFRunLoopGetCurrent"), source, mode)
            call("CFRunLoopRun")

    def _heard(self, _given: int | None, _service: int, message: int, argument: int | None) -> None:
        with contextlib.suppress(Exception):  # nothing may stay unanswered
            if message in (WILL_SLEEP, HAS_POWERED_ON):
                self._happened(message == WILL_SLEEP)
        if message in (CAN_SLEEP, WILL_SLEEP):
            # Unanswered, the machine would wait half a minute before it sleeps.
            with contextlib.suppress(Exception):
                call("IOAllowPowerChange", self._port, argument or 0)
