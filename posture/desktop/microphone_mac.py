"""Whether a program records sound on macOS, by Core Audio; no sound is heard for it, and no permission needed.

From macOS 14 on each program that uses sound can be asked. Before that only a device can, and a headset that plays
music is as much in use as one that records; so a device that also plays is not counted there.
"""

from __future__ import annotations

import ctypes

from posture.desktop.mac_frameworks import AudioAddress, call

SYSTEM_OBJECT = 1  # kAudioObjectSystemObject
MOST_OBJECTS = 4096


def _code(four: bytes) -> int:
    return int.from_bytes(four, "big")


GLOBAL, INPUT, OUTPUT = _code(b"glob"), _code(b"inpt"), _code(b"outp")
PROCESSES, RECORDS, DEVICES = _code(b"prs#"), _code(b"piri"), _code(b"pdv#")
DEFAULT_INPUT, IN_USE, STREAMS = _code(b"dIn "), _code(b"gone"), _code(b"stm#")


def microphone_in_use() -> bool:
    """Whether a program records sound; False where that is not known."""
    try:
        processes = _numbers(SYSTEM_OBJECT, PROCESSES)
        if processes is not None:
            return any(_records(process) for process in processes)
        device = next(iter(_numbers(SYSTEM_OBJECT, DEFAULT_INPUT) or ()), 0)
        return bool(device) and _is(device, IN_USE) and not _numbers(device, STREAMS, OUTPUT)
    except Exception:  # of any kind of system
        return False


def _records(process: int) -> bool:
    # What waits for "Hey Siri" says for ever that it records, but has no microphone among its devices.
    return _is(process, RECORDS) and _numbers(process, DEVICES, INPUT) != []


def _is(thing: int, selector: int) -> bool:
    return (_numbers(thing, selector) or [0])[0] != 0


def _numbers(thing: int, selector: int, scope: int = GLOBAL) -> list[int] | None:
    """Ask for a property that is one or more numbers of 32 bits; None where there is no such property."""
    address, size = AudioAddress(selector, scope, 0), ctypes.c_uint32()
    if call("AudioObjectGetPropertyDataSize", thing, ctypes.byref(address), 0, None, ctypes.byref(size)):
        return None
    count = min(size.value // 4, MOST_OBJECTS)
    data = (ctypes.c_uint32 * max(count, 1))()
    size.value = 4 * count
    if call("AudioObjectGetPropertyData", thing, ctypes.byref(address), 0, None, ctypes.byref(size), data):
        return None
    return list(data[: min(size.value // 4, count)])
