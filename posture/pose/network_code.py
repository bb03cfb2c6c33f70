"""Whether a native library can reach a network, read from what it asks the system for; nothing of it is loaded.

Each system has its own kind of library, and each kind a table of what the system must lend it: the libraries it links
(ELF's needed ones, PE's import directory, Mach-O's load commands) and, on Linux and macOS, each function by name. The
tables are exact where a search through the file is not: a name in some text of the library is no import. Only what a
library could load later by its name, or a server that it would write to, has to be looked for in its text.
"""

from __future__ import annotations

import mmap
import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from posture.errors import PostureError
from posture.language import tr

# The functions that any talk with another machine begins with; of the rest (send, recv, bind) each needs one of them.
SOCKET_FUNCTIONS = frozenset(("connect", "getaddrinfo", "gethostbyname", "sendmsg", "sendto", "socket"))
# Windows has its sockets in libraries of their own, of which nothing else is wanted.
SOCKET_LIBRARIES = frozenset(("ws2_32", "wsock32", "mswsock"))
# Libraries that speak HTTP, named without folder, "lib" and ending.
WEB_LIBRARIES = frozenset(("wininet", "winhttp", "urlmon", "webservices", "curl", "soup", "cfnetwork"))
# How the names of functions begin that speak HTTP: Apple's and libcurl's.
WEB_FUNCTIONS = (
    "OBJC_CLASS_$_NSURLSession",
    "OBJC_CLASS_$_NSURLConnection",
    "CFReadStreamCreateForHTTP",
    "CFHTTP",
    "nw_connection",
    "curl_",
)
# What is looked for in the text, in small letters: libraries that could be loaded by their name, a library that is
# built in, and where mediapipe's metrics go (0.10.35 names play.googleapis.com and its service, Clearcut). Addresses as
# such say nothing: every release names pages of documentation and type.googleapis.com, which is no server of its own.
WEB_TEXTS = (b"play.googleapis", b"clearcut", b"libcurl", b"winhttp", b"wininet", b"nsurlsession")
_SMALL = bytes(range(256)).lower()


@dataclass(frozen=True)
class NetworkCode:
    """What a library, or several, could reach a network with, by the names that the library uses; each sorted."""

    web: tuple[str, ...] = ()
    """Means to speak with a web server, or the name of a server that metrics go to."""
    sockets: tuple[str, ...] = ()
    """Functions or libraries for sockets, with which a program can do anything or nothing."""

    @property
    def names(self) -> tuple[str, ...]:
        """All of them."""
        return self.web + self.sockets

    def refused(self, *, sockets_expected: bool) -> tuple[str, ...]:
        """Name what is a reason not to use the library.

        Parameters
        ----------
        sockets_expected : bool
            Every release of this library has sockets on this system, none of them with a means to report by.
        """
        return self.web if sockets_expected else self.names


def network_code(libraries: Iterable[Path]) -> NetworkCode:
    """Look at libraries of any system; each file once in the life of a process.

    Raises
    ------
    posture.errors.PostureError
        One of them cannot be read, or is no library of a 64-bit Linux, Windows or macOS.
    """
    found = []
    for library in libraries:
        try:
            stat = library.stat()
            found.append(_look(library, stat.st_size, stat.st_mtime_ns))
        except (OSError, ValueError, LookupError, struct.error) as error:
            raise PostureError(
                tr(
                    "The library {path} is damaged or none of a 64-bit Linux, Windows or macOS, so nobody can see what "
                    "network code it has: install the package that it belongs to once more.",
                    path=library,
                )
            ) from error
    return NetworkCode(
        tuple(sorted({name for each in found for name in each.web})),
        tuple(sorted({name for each in found for name in each.sockets})),
    )


@lru_cache(maxsize=64)
def _look(library: Path, size: int, changed_ns: int) -> NetworkCode:
    with library.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        return look_through(content)


def look_through(content: bytes | mmap.mmap) -> NetworkCode:
    """Look through one library, given as its content.

    Raises
    ------
    ValueError, LookupError, struct.error
        It is no library of a 64-bit Linux, Windows or macOS, or it is damaged.
    """
    tables = _TABLES.get(content[:4]) or _TABLES.get(content[:2])
    if tables is None:
        raise ValueError("no library of Linux, Windows or macOS")
    linked, functions, texts = tables(content)
    sockets = {name for name in functions if name in SOCKET_FUNCTIONS}
    sockets |= {_file(name) for name in linked if _stem(name) in SOCKET_LIBRARIES}
    web = {name.removeprefix("OBJC_CLASS_$_") for name in functions if name.startswith(WEB_FUNCTIONS)}
    web |= {_file(name) for name in linked if _stem(name) in WEB_LIBRARIES}
    named = " ".join(web).lower()
    for start, length in texts:
        # UTF-16, in which Windows takes names, is ASCII with a zero after each letter.
        text = content[start : start + length].translate(_SMALL, b"\0")
        web |= {word for word in map(bytes.decode, WEB_TEXTS) if word not in named and word.encode() in text}
    return NetworkCode(tuple(sorted(web)), tuple(sorted(sockets)))


def _file(library: str) -> str:
    return library.replace("\\", "/").rpartition("/")[2]


def _stem(library: str) -> str:
    """Give the name of a library by itself: "/usr/lib/libcurl-gnutls.so.4" is "curl", "WININET.dll" is "wininet"."""
    return _file(library).lower().partition(".")[0].removeprefix("lib").partition("-")[0]


# What a library asks for: the libraries it links, the functions it takes from them by name (Windows: none are needed),
# and where in the file its text may be, which is everything that is not machine code, as offset and length.
_Tables = tuple[list[str], set[str], list[tuple[int, int]]]


def _elf(content: bytes | mmap.mmap) -> _Tables:
    if content[4:6] != b"\x02\x01":
        raise ValueError("not of a 64-bit processor")
    start, size, count = struct.unpack_from("<Q14xHH", content, 32)
    parts = [struct.unpack_from("<IIQQQQ", content, start + size * i) for i in range(count)]
    loads = [part for part in parts if part[0] == 1]

    def offset_of(address: int) -> int:
        return _offset(address, ((at, offset, length) for _, _, offset, at, _, length in loads))

    dynamic: dict[int, list[int]] = {}
    for _, _, offset, _, _, length in (part for part in parts if part[0] == 2):
        for tag, value in struct.iter_unpack("<QQ", content[offset : offset + length // 16 * 16]):
            dynamic.setdefault(tag, []).append(value)
    texts = [(offset, length) for _, flags, offset, _, _, length in loads if not flags & 1]
    if 5 not in dynamic:  # linked with nothing
        return [], set(), texts
    strings, symbols = offset_of(dynamic[5][0]), offset_of(dynamic[6][0])
    # What is asked for comes before everything that is offered: GNU's table of names says where that begins; the older
    # table of names says how many there are of both.
    first_offered = struct.unpack_from("<I", content, offset_of((dynamic.get(0x6FFFFEF5) or dynamic[4])[0]) + 4)[0]
    functions = set()
    for i in range(first_offered):
        name, section = struct.unpack_from("<I2xH", content, symbols + 24 * i)
        if section == 0:
            functions.add(_name(content, strings + name))
    return [_name(content, strings + name) for name in dynamic.get(1, ())], functions, texts


def _pe(content: bytes | mmap.mmap) -> _Tables:
    head = struct.unpack_from("<I", content, 0x3C)[0]
    signature, count, options = struct.unpack_from("<4s2xH12xH", content, head)
    if signature != b"PE\0\0" or struct.unpack_from("<H", content, head + 24)[0] != 0x20B:
        raise ValueError("not of a 64-bit processor")
    sections = [struct.unpack_from("<8x4I12xI", content, head + 24 + options + 40 * i) for i in range(count)]

    def offset_of(address: int) -> int:
        return _offset(address, ((at, offset, length) for _, at, length, offset, _ in sections))

    linked = []
    # Directory 1 holds what is linked at the start, 13 what is linked at the first call; each ends with an empty row.
    for directory, row, name_at in ((1, 20, 12), (13, 32, 4)):
        table = struct.unpack_from("<I", content, head + 24 + 112 + 8 * directory)[0]
        place = offset_of(table) if table else 0
        while place and (name := struct.unpack_from("<I", content, place + name_at)[0]):
            linked.append(_name(content, offset_of(name)))
            place += row
    texts = [(offset, length) for _, _, length, offset, flags in sections if not flags & 0x20000000]
    return linked, set(), texts


def _mach_o(content: bytes | mmap.mmap) -> _Tables:
    linked, texts, strings, symbols, asked = [], [], 0, 0, (0, 0)
    place = 32
    for _ in range(struct.unpack_from("<I", content, 16)[0]):
        command, size = struct.unpack_from("<II", content, place)
        if command == 0x19:  # a segment
            for i in range(struct.unpack_from("<I", content, place + 64)[0]):
                length, offset, flags = struct.unpack_from("<40xQI12xI", content, place + 72 + 80 * i)
                if not flags & 0x80000400 and flags & 0xFF not in (1, 12, 18):  # no code, and not zeros without a place
                    texts.append((offset, length))
        elif command == 0x2:
            symbols, strings = struct.unpack_from("<I4xI", content, place + 8)
        elif command == 0xB:
            asked = struct.unpack_from("<II", content, place + 24)
        elif command in (0xC, 0x20, 0x80000018, 0x8000001F, 0x80000023):  # linked, in its five ways
            linked.append(_name(content, place + struct.unpack_from("<I", content, place + 8)[0]))
        place += size
    functions = set()
    for i in range(asked[0], asked[0] + asked[1]):
        name = _name(content, strings + struct.unpack_from("<I", content, symbols + 16 * i)[0])
        functions.add(name.removeprefix("_").partition("$UNIX2003")[0])
    return linked, functions, texts


_TABLES = {b"\x7fELF": _elf, b"MZ": _pe, b"\xcf\xfa\xed\xfe": _mach_o}


def _offset(address: int, parts: Iterator[tuple[int, int, int]]) -> int:
    """Find where in the file something is that is said by its address in memory."""
    for start, offset, length in parts:
        if start <= address < start + length:
            return address - start + offset
    raise ValueError("a table lies outside the file")


def _name(content: bytes | mmap.mmap, offset: int) -> str:
    end = content.find(b"\0", offset)
    if end < offset:
        raise ValueError("a name has no end")
    return content[offset:end].decode("latin-1")
