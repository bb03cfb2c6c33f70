"""Apple's C frameworks, as far as they are asked, by ctypes with the signatures of Apple's headers.

`call` loads a framework when a function of it is called for the first time; `value` gives what a reference of Core
Foundation holds as a value of Python. Nothing here needs a run loop, a permission or the main thread. What is asked of
the frameworks is in the files ``*_mac.py``; nobody has run them on a Mac yet (docs/platforms.md).
"""

from __future__ import annotations

import ctypes
from ctypes import POINTER, c_char_p, c_double, c_int32, c_long, c_ubyte, c_uint32, c_ulong, c_void_p
from typing import Any

_FRAMEWORKS = "/System/Library/Frameworks/{0}.framework/{0}"
UTF8 = 0x08000100  # kCFStringEncodingUTF8
DOUBLE = 13  # kCFNumberDoubleType
DEEPEST = 8
"""What lies deeper within a value is left out: the dictionaries that are read have three levels."""


class Rectangle(ctypes.Structure):
    """CGRect."""

    _fields_ = [("x", c_double), ("y", c_double), ("width", c_double), ("height", c_double)]


class AudioAddress(ctypes.Structure):
    """AudioObjectPropertyAddress."""

    _fields_ = [("selector", c_uint32), ("scope", c_uint32), ("element", c_uint32)]


PowerHeard = ctypes.CFUNCTYPE(None, c_void_p, c_uint32, c_uint32, c_void_p)
"""IOServiceInterestCallback."""

_CF, _IO, _CG, _AUDIO = "CoreFoundation", "IOKit", "CoreGraphics", "CoreAudio"
_PROC = "/usr/lib/libproc.dylib"
SIGNATURES: dict[str, tuple[str, Any, tuple[Any, ...]]] = {
    # CFBase.h, CFString.h, CFNumber.h, CFArray.h, CFDictionary.h
    "CFRelease": (_CF, None, (c_void_p,)),
    "CFGetTypeID": (_CF, c_ulong, (c_void_p,)),
    "CFStringGetTypeID": (_CF, c_ulong, ()),
    "CFNumberGetTypeID": (_CF, c_ulong, ()),
    "CFBooleanGetTypeID": (_CF, c_ulong, ()),
    "CFArrayGetTypeID": (_CF, c_ulong, ()),
    "CFDictionaryGetTypeID": (_CF, c_ulong, ()),
    "CFStringCreateWithCString": (_CF, c_void_p, (c_void_p, c_char_p, c_uint32)),
    "CFStringGetLength": (_CF, c_long, (c_void_p,)),
    "CFStringGetMaximumSizeForEncoding": (_CF, c_long, (c_long, c_uint32)),
    "CFStringGetCString": (_CF, c_ubyte, (c_void_p, c_void_p, c_long, c_uint32)),
    "CFNumberGetValue": (_CF, c_ubyte, (c_void_p, c_long, c_void_p)),
    "CFBooleanGetValue": (_CF, c_ubyte, (c_void_p,)),
    "CFArrayGetCount": (_CF, c_long, (c_void_p,)),
    "CFArrayGetValueAtIndex": (_CF, c_void_p, (c_void_p, c_long)),
    "CFDictionaryGetCount": (_CF, c_long, (c_void_p,)),
    "CFDictionaryGetKeysAndValues": (_CF, None, (c_void_p, c_void_p, c_void_p)),
    # CFRunLoop.h
    "CFRunLoopGetCurrent": (_CF, c_void_p, ()),
    "CFRunLoopAddSource": (_CF, None, (c_void_p, c_void_p, c_void_p)),
    "CFRunLoopRun": (_CF, None, ()),
    # IOKitLib.h, IOPMLib.h, IOPowerSources.h
    "IOServiceMatching": (_IO, c_void_p, (c_char_p,)),
    "IOServiceGetMatchingService": (_IO, c_uint32, (c_uint32, c_void_p)),
    "IORegistryEntryCreateCFProperty": (_IO, c_void_p, (c_uint32, c_void_p, c_void_p, c_uint32)),
    "IOObjectRelease": (_IO, c_int32, (c_uint32,)),
    "IORegisterForSystemPower": (_IO, c_uint32, (c_void_p, POINTER(c_void_p), PowerHeard, POINTER(c_uint32))),
    "IONotificationPortGetRunLoopSource": (_IO, c_void_p, (c_void_p,)),
    "IOAllowPowerChange": (_IO, c_int32, (c_uint32, c_long)),
    "IOPSCopyPowerSourcesInfo": (_IO, c_void_p, ()),
    "IOPSCopyPowerSourcesList": (_IO, c_void_p, (c_void_p,)),
    "IOPSGetProvidingPowerSourceType": (_IO, c_void_p, (c_void_p,)),
    # CGSession.h, CGEventSource.h, CGWindow.h, CGDirectDisplay.h
    "CGSessionCopyCurrentDictionary": (_CG, c_void_p, ()),
    "CGEventSourceSecondsSinceLastEventType": (_CG, c_double, (c_int32, c_uint32)),
    "CGWindowListCopyWindowInfo": (_CG, c_void_p, (c_uint32, c_uint32)),
    "CGGetActiveDisplayList": (_CG, c_int32, (c_uint32, POINTER(c_uint32), POINTER(c_uint32))),
    "CGDisplayBounds": (_CG, Rectangle, (c_uint32,)),
    # AudioHardware.h
    "AudioObjectGetPropertyDataSize": (
        _AUDIO,
        c_int32,
        (c_uint32, POINTER(AudioAddress), c_uint32, c_void_p, POINTER(c_uint32)),
    ),
    "AudioObjectGetPropertyData": (
        _AUDIO,
        c_int32,
        (c_uint32, POINTER(AudioAddress), c_uint32, c_void_p, POINTER(c_uint32), c_void_p),
    ),
    # libproc.h
    "proc_listallpids": (_PROC, c_int32, (c_void_p, c_int32)),
    "proc_pidpath": (_PROC, c_int32, (c_int32, c_void_p, c_uint32)),
}
"""Each function: its framework, or the path of its library, what it returns, and what it takes."""

_functions: dict[str, Any] = {}


def load(path: str) -> Any:
    """Load a library; the tests put another in its place."""
    return ctypes.CDLL(path)


def call(name: str, *arguments: Any) -> Any:
    """Call a function of `SIGNATURES`; OSError where there is no such framework, AttributeError for the function."""
    function = _functions.get(name)
    if function is None:
        library, gives, takes = SIGNATURES[name]
        function = getattr(load(library if "/" in library else _FRAMEWORKS.format(library)), name)
        function.restype, function.argtypes = gives, takes
        _functions[name] = function
    return function(*arguments)


def value(reference: int | None, deep: int = 0) -> Any:
    """Give what a reference of Core Foundation holds: a str, float, bool, list or dict; None for anything else."""
    if not reference or deep > DEEPEST:
        return None
    kind = call("CFGetTypeID", reference)
    if kind == call("CFStringGetTypeID"):
        return _text(reference)
    if kind == call("CFBooleanGetTypeID"):
        return bool(call("CFBooleanGetValue", reference))
    if kind == call("CFNumberGetTypeID"):
        number = c_double()
        return number.value if call("CFNumberGetValue", reference, DOUBLE, ctypes.byref(number)) else None
    if kind == call("CFArrayGetTypeID"):
        count = call("CFArrayGetCount", reference)
        return [value(call("CFArrayGetValueAtIndex", reference, index), deep + 1) for index in range(count)]
    if kind == call("CFDictionaryGetTypeID"):
        count = call("CFDictionaryGetCount", reference)
        keys, values = (c_void_p * count)(), (c_void_p * count)()
        call("CFDictionaryGetKeysAndValues", reference, keys, values)
        found = ((value(key, deep + 1), each) for key, each in zip(keys, values, strict=True))
        return {key: value(each, deep + 1) for key, each in found if isinstance(key, str)}
    return None


def taken(reference: int | None) -> Any:
    """Give the value of a reference that the caller owns (from a Create or a Copy function), and let it go."""
    try:
        return value(reference)
    finally:
        if reference:
            call("CFRelease", reference)


def string(text: str) -> int:
    """Make a string of Core Foundation, which the caller owns; OSError where that fails."""
    made: int | None = call("CFStringCreateWithCString", None, text.encode(), UTF8)
    if not made:
        raise OSError("Core Foundation makes no string")
    return made


def _text(reference: int) -> str | None:
    most = call("CFStringGetMaximumSizeForEncoding", call("CFStringGetLength", reference), UTF8) + 1
    buffer = ctypes.create_string_buffer(most)
    if not call("CFStringGetCString", reference, buffer, most, UTF8):
        return None
    return buffer.value.decode("utf-8", "replace")
