"""Apple's C frameworks, played at their outermost edge: what is called, with what, across a real C boundary.

Each function is a Python function behind a C function pointer of the signature that Apple's headers declare, written
down here a second time: a call that would hand over something else is `wrong`, as are a reference that was cut to 32
bits, and one that is used after it was let go. `left` tells what was never let go.
"""

# ruff: noqa: N802 - the names are Apple's

from __future__ import annotations

import ctypes
import itertools
from collections.abc import Callable
from ctypes import c_char_p, c_double, c_int32, c_long, c_ubyte, c_uint32, c_ulong, c_void_p
from typing import Any

CF = "/System/Library/Frameworks/CoreFoundation.framework/CoreFoundation"
IO = "/System/Library/Frameworks/IOKit.framework/IOKit"
CG = "/System/Library/Frameworks/CoreGraphics.framework/CoreGraphics"
AUDIO = "/System/Library/Frameworks/CoreAudio.framework/CoreAudio"
PROC = "/usr/lib/libproc.dylib"
IN_OUT = c_void_p  # any pointer

HEADERS: dict[str, tuple[str, Any, tuple[Any, ...]]] = {
    "CFRelease": (CF, None, (c_void_p,)),
    "CFGetTypeID": (CF, c_ulong, (c_void_p,)),
    "CFStringGetTypeID": (CF, c_ulong, ()),
    "CFNumberGetTypeID": (CF, c_ulong, ()),
    "CFBooleanGetTypeID": (CF, c_ulong, ()),
    "CFArrayGetTypeID": (CF, c_ulong, ()),
    "CFDictionaryGetTypeID": (CF, c_ulong, ()),
    "CFStringCreateWithCString": (CF, c_void_p, (c_void_p, c_char_p, c_uint32)),
    "CFStringGetLength": (CF, c_long, (c_void_p,)),
    "CFStringGetMaximumSizeForEncoding": (CF, c_long, (c_long, c_uint32)),
    "CFStringGetCString": (CF, c_ubyte, (c_void_p, IN_OUT, c_long, c_uint32)),
    "CFNumberGetValue": (CF, c_ubyte, (c_void_p, c_long, IN_OUT)),
    "CFBooleanGetValue": (CF, c_ubyte, (c_void_p,)),
    "CFArrayGetCount": (CF, c_long, (c_void_p,)),
    "CFArrayGetValueAtIndex": (CF, c_void_p, (c_void_p, c_long)),
    "CFDictionaryGetCount": (CF, c_long, (c_void_p,)),
    "CFDictionaryGetKeysAndValues": (CF, None, (c_void_p, IN_OUT, IN_OUT)),
    "CFRunLoopGetCurrent": (CF, c_void_p, ()),
    "CFRunLoopAddSource": (CF, None, (c_void_p, c_void_p, c_void_p)),
    "CFRunLoopRun": (CF, None, ()),
    "IOServiceMatching": (IO, c_void_p, (c_char_p,)),
    "IOServiceGetMatchingService": (IO, c_uint32, (c_uint32, c_void_p)),
    "IORegistryEntryCreateCFProperty": (IO, c_void_p, (c_uint32, c_void_p, c_void_p, c_uint32)),
    "IOObjectRelease": (IO, c_int32, (c_uint32,)),
    "IORegisterForSystemPower": (IO, c_uint32, (c_void_p, IN_OUT, IN_OUT, IN_OUT)),
    "IONotificationPortGetRunLoopSource": (IO, c_void_p, (c_void_p,)),
    "IOAllowPowerChange": (IO, c_int32, (c_uint32, c_long)),
    "IOPSCopyPowerSourcesInfo": (IO, c_void_p, ()),
    "IOPSCopyPowerSourcesList": (IO, c_void_p, (c_void_p,)),
    "IOPSGetProvidingPowerSourceType": (IO, c_void_p, (c_void_p,)),
    "CGSessionCopyCurrentDictionary": (CG, c_void_p, ()),
    "CGEventSourceSecondsSinceLastEventType": (CG, c_double, (c_int32, c_uint32)),
    "CGWindowListCopyWindowInfo": (CG, c_void_p, (c_uint32, c_uint32)),
    "CGGetActiveDisplayList": (CG, c_int32, (c_uint32, IN_OUT, IN_OUT)),
    "CGDisplayBounds": (CG, ctypes.Structure, (c_uint32,)),
    "AudioObjectGetPropertyDataSize": (AUDIO, c_int32, (c_uint32, IN_OUT, c_uint32, c_void_p, IN_OUT)),
    "AudioObjectGetPropertyData": (AUDIO, c_int32, (c_uint32, IN_OUT, c_uint32, c_void_p, IN_OUT, IN_OUT)),
    "proc_listallpids": (PROC, c_int32, (IN_OUT, c_int32)),
    "proc_pidpath": (PROC, c_int32, (c_int32, IN_OUT, c_uint32)),
}
KINDS = {str: 7, float: 22, bool: 21, list: 19, dict: 18}
OTHER_KIND = 99
FIRST = 0x6000_0123_4560
"""References lie where only 64 bits reach."""


class FakeFunction:
    """A function of a framework, called across C."""

    def __init__(self, mac: FakeMac, name: str) -> None:
        self._mac, self._name = mac, name
        self.restype: Any = "not declared"
        self.argtypes: Any = "not declared"

    def __call__(self, *arguments: Any) -> Any:
        _, gives, takes = HEADERS[self._name]
        declared, header = [self.restype, *self.argtypes], [gives, *takes]
        if len(declared) != len(header) or not all(map(_same, declared, header)):
            self._mac.wrong.append(f"{self._name} is declared as {declared}")
        self._mac.called.append(self._name)
        if self._mac.failing is not None:
            raise self._mac.failing
        answer = self._guarded(getattr(self._mac, self._name))
        if gives is ctypes.Structure:  # ctypes gives no structure back from Python
            return self.restype(*answer(*arguments))
        return ctypes.CFUNCTYPE(gives, *self.argtypes)(answer)(*arguments)

    def _guarded(self, answer: Callable[..., Any]) -> Callable[..., Any]:
        """Keep what went wrong: C would drop it."""

        def guarded(*arguments: Any) -> Any:
            try:
                return answer(*arguments)
            except Exception as error:
                self._mac.wrong.append(f"{self._name}{arguments}: {error!r}")
                return None if self.restype is None else (0.0,) * 4 if HEADERS[self._name][1] is ctypes.Structure else 0

        return guarded


class FakeMac:
    """A Mac; its attributes are what the system would tell."""

    def __init__(self) -> None:
        self.failing: Exception | None = None
        self.called: list[str] = []
        self.wrong: list[str] = []
        self.missing: set[str] = set()
        self.session: Any = {"kCGSSessionOnConsoleKey": True}
        self.lid: Any = False
        self.power: tuple[Any, Any] = ("AC Power", ["a battery"])
        self.idle_s = 1.5
        self.windows: Any = []
        self.displays: list[tuple[float, float, float, float]] = [(0.0, 0.0, 1512.0, 982.0)]
        self.sound: dict[tuple[int, bytes, bytes], list[int]] = {}
        self.programs: dict[int, str] = {}
        self.allowed: list[tuple[int, int]] = []
        self.messages: list[tuple[int, int]] = []
        self._values: dict[int, Any] = {}
        self._owned: set[int] = set()
        self._numbers = itertools.count()

    def library(self, path: str) -> Any:
        """Give what `ctypes.CDLL` would."""
        mac = self

        class Library:
            def __getattr__(self, name: str) -> FakeFunction:
                if name in mac.missing or name not in HEADERS or HEADERS[name][0] != path:
                    raise AttributeError(name)
                return FakeFunction(mac, name)

        return Library()

    @property
    def left(self) -> list[Any]:
        """What was made for the caller and never let go."""
        return [self._values[each] for each in sorted(self._owned)]

    def refer(self, value: Any, owned: bool = False) -> int:
        """Make a reference to a value of Python."""
        made = FIRST + 0x20 * next(self._numbers)
        self._values[made] = value
        if owned:
            self._owned.add(made)
        return made

    # -- Core Foundation ----------------------------------------------------------------------------------------------

    def CFRelease(self, reference: int) -> None:
        self._owned.remove(reference)
        del self._values[reference]

    def CFGetTypeID(self, reference: int) -> int:
        value = self._values[reference]
        return KINDS.get(float if type(value) is int else type(value), OTHER_KIND)

    def CFStringGetTypeID(self) -> int:
        return KINDS[str]

    def CFNumberGetTypeID(self) -> int:
        return KINDS[float]

    def CFBooleanGetTypeID(self) -> int:
        return KINDS[bool]

    def CFArrayGetTypeID(self) -> int:
        return KINDS[list]

    def CFDictionaryGetTypeID(self) -> int:
        return KINDS[dict]

    def CFStringCreateWithCString(self, _allocator: Any, text: bytes, encoding: int) -> int:
        assert encoding == 0x08000100
        return self.refer(text.decode(), owned=True)

    def CFStringGetLength(self, reference: int) -> int:
        return len(self._values[reference].encode("utf-16-le", "surrogatepass")) // 2

    def CFStringGetMaximumSizeForEncoding(self, length: int, _encoding: int) -> int:
        return 3 * length

    def CFStringGetCString(self, reference: int, buffer: int, size: int, _encoding: int) -> int:
        try:
            data = self._values[reference].encode() + b"\0"
        except UnicodeEncodeError:
            return 0
        if len(data) > size:
            return 0
        ctypes.memmove(buffer, data, len(data))
        return 1

    def CFNumberGetValue(self, reference: int, kind: int, place: int) -> int:
        assert kind == 13
        c_double.from_address(place).value = self._values[reference]
        return 1

    def CFBooleanGetValue(self, reference: int) -> int:
        return int(self._values[reference])

    def CFArrayGetCount(self, reference: int) -> int:
        return len(self._values[reference])

    def CFArrayGetValueAtIndex(self, reference: int, index: int) -> int:
        return self.refer(self._values[reference][index])

    def CFDictionaryGetCount(self, reference: int) -> int:
        return len(self._values[reference])

    def CFDictionaryGetKeysAndValues(self, reference: int, keys: int, values: int) -> None:
        for at, (key, value) in enumerate(self._values[reference].items()):
            c_void_p.from_address(keys + 8 * at).value = self.refer(key)
            c_void_p.from_address(values + 8 * at).value = self.refer(value)

    def CFRunLoopGetCurrent(self) -> int:
        return self.refer("the run loop")

    def CFRunLoopAddSource(self, loop: int, source: int, mode: int) -> None:
        assert self._values[loop] == "the run loop"
        assert self._values[source] == "the source"
        assert self._values[mode] == "kCFRunLoopDefaultMode"

    def CFRunLoopRun(self) -> None:
        """Deliver the messages that there are, and return, as a run loop without sources would."""
        for message, argument in self.messages:
            self._power(None, 7, message, argument)

    # -- IOKit --------------------------------------------------------------------------------------------------------

    def IOServiceMatching(self, name: bytes) -> int:
        return self.refer(name, owned=True)

    def IOServiceGetMatchingService(self, port: int, matching: int) -> int:
        assert port == 0
        name = self._values[matching]
        self.CFRelease(matching)  # it takes what it is given
        return 0x1F03 if name == b"IOPMrootDomain" and self.lid is not None else 0

    def IORegistryEntryCreateCFProperty(self, entry: int, key: int, _allocator: Any, _options: int) -> int | None:
        assert (entry, self._values[key]) == (0x1F03, "AppleClamshellState")
        return self.refer(self.lid, owned=True)

    def IOObjectRelease(self, entry: int) -> int:
        assert entry == 0x1F03
        return 0

    def IORegisterForSystemPower(self, _refcon: Any, port: Any, callback: Any, notifier: Any) -> int:
        self._power = callback
        port[0] = c_void_p(self.refer("the port"))
        notifier[0] = 5
        return 0x2B07

    def IONotificationPortGetRunLoopSource(self, port: int) -> int:
        assert self._values[port] == "the port"
        return self.refer("the source")

    def IOAllowPowerChange(self, port: int, argument: int) -> int:
        self.allowed.append((port, argument))
        return 0

    def IOPSCopyPowerSourcesInfo(self) -> int:
        return self.refer(b"sources", owned=True)

    def IOPSCopyPowerSourcesList(self, sources: int) -> int:
        assert self._values[sources] == b"sources"
        return self.refer(self.power[1], owned=True)

    def IOPSGetProvidingPowerSourceType(self, sources: int) -> int | None:
        assert self._values[sources] == b"sources"
        return None if self.power[0] is None else self.refer(self.power[0])

    # -- the window server --------------------------------------------------------------------------------------------

    def CGSessionCopyCurrentDictionary(self) -> int | None:
        return None if self.session is None else self.refer(self.session, owned=True)

    def CGEventSourceSecondsSinceLastEventType(self, state: int, kind: int) -> float:
        assert (state, kind) == (0, 0xFFFFFFFF)
        return self.idle_s

    def CGWindowListCopyWindowInfo(self, option: int, window: int) -> int | None:
        assert (option, window) == (17, 0)
        return None if self.windows is None else self.refer(self.windows, owned=True)

    def CGGetActiveDisplayList(self, most: int, places: Any, count: Any) -> int:
        for at in range(min(most, len(self.displays))):
            places[at] = 100 + at
        count[0] = len(self.displays)
        return 0

    def CGDisplayBounds(self, display: int) -> tuple[float, float, float, float]:
        return self.displays[display - 100]

    # -- sound and programs -------------------------------------------------------------------------------------------

    def _asked(self, thing: int, address: Any) -> list[int] | None:
        given = address[0]
        assert given.element == 0
        return self.sound.get((thing, given.selector.to_bytes(4, "big"), given.scope.to_bytes(4, "big")))

    def AudioObjectGetPropertyDataSize(self, thing: int, address: Any, _qualified: int, _by: Any, size: Any) -> int:
        found = self._asked(thing, address)
        if found is None:
            return int.from_bytes(b"who?", "big")
        size[0] = 4 * len(found)
        return 0

    def AudioObjectGetPropertyData(
        self, thing: int, address: Any, _qualified: int, _by: Any, size: Any, data: int
    ) -> int:
        found = (self._asked(thing, address) or [])[: size[0] // 4]
        ctypes.memmove(data, (c_uint32 * len(found))(*found), 4 * len(found))
        size[0] = 4 * len(found)
        return 0

    def proc_listallpids(self, place: int | None, size: int) -> int:
        if place is None:
            return len(self.programs)
        found = list(self.programs)[: size // 4]
        ctypes.memmove(place, (c_int32 * len(found))(*found), 4 * len(found))
        return len(found)

    def proc_pidpath(self, process: int, place: int, size: int) -> int:
        path = self.programs[process].encode()
        assert size == 4096
        ctypes.memmove(place, path + b"\0", len(path) + 1)
        return len(path)


def _same(given: Any, header: Any) -> bool:
    """Whether a declared type crosses C as that of the header does."""
    if header is IN_OUT:
        pointer = isinstance(given, type) and issubclass(given, ctypes._Pointer | ctypes._CFuncPtr)
        return given is c_void_p or pointer
    if header is ctypes.Structure:
        return isinstance(given, type) and issubclass(given, ctypes.Structure) and ctypes.sizeof(given) == 32
    return given is header
