"""The look for network code, on the tables of the real libraries of every system (tools/library_tables.py)."""

from __future__ import annotations

import base64
import gzip
import json
import struct
import sys
from pathlib import Path

import pytest

from posture.errors import PostureError
from posture.pose import network_code as looked
from posture.pose.network_code import NetworkCode, network_code

STORE = Path(__file__).parent.parent / "data/libraries"
LIBRARIES = sorted(file.name.removesuffix(".json.gz") for file in STORE.iterdir())
NOTHING = NetworkCode()
MAC_SOCKETS = NetworkCode(sockets=("connect", "getaddrinfo", "sendto", "socket"))


def content_of(name: str) -> bytearray:
    stored = json.loads(gzip.decompress((STORE / f"{name}.json.gz").read_bytes()))
    content = bytearray(stored["size"])
    for start, part in stored["parts"]:
        read = base64.b64decode(part)
        content[start : start + len(read)] = read
    return content


def of_mediapipe(release: str, system: str) -> list[str]:
    return [name for name in LIBRARIES if name.startswith(f"mediapipe-{release}-{system}")]


# Seen in the whole libraries by lief, too.
EXPECTED = {
    **dict.fromkeys((name for name in LIBRARIES if name.startswith("ai-edge-litert-2.3.0")), NOTHING),
    **{
        name: MAC_SOCKETS if system == "macosx" else NOTHING
        for release in ("0.10.31", "0.10.32", "0.10.33")
        for system in ("manylinux", "win_amd64", "macosx")
        for name in of_mediapipe(release, system)
    },
    **dict.fromkeys(
        of_mediapipe("0.10.35", "manylinux"), NetworkCode(("libcurl",), ("connect", "getaddrinfo", "socket"))
    ),
    **dict.fromkeys(
        of_mediapipe("0.10.35", "win_amd64"), NetworkCode(("WININET.dll", "clearcut", "play.googleapis"), ())
    ),
    **dict.fromkeys(of_mediapipe("0.10.35", "win_arm64"), NetworkCode(("libcurl", "play.googleapis"), ("WS2_32.dll",))),
    **dict.fromkeys(
        of_mediapipe("0.10.35", "macosx"),
        NetworkCode(
            ("CFNetwork", "NSURLSession", "NSURLSessionConfiguration", "clearcut", "play.googleapis"),
            ("connect", "socket"),
        ),
    ),
}


def test_every_system_is_there() -> None:
    assert set(EXPECTED) == set(LIBRARIES)
    assert len(LIBRARIES) == 21


@pytest.mark.parametrize("name", LIBRARIES)
def test_real_libraries(name: str, tmp_path: Path) -> None:
    file = tmp_path / "library"
    file.write_bytes(content_of(name))
    found = network_code([file])
    assert found == EXPECTED[name]
    # A release of the range is taken on its system; 0.10.35 is refused on each, by what it would report with.
    newer = "0.10.35" in name
    assert bool(found.refused(sockets_expected="macosx" in name)) == newer
    assert bool(found.refused(sockets_expected=True)) == newer


@pytest.mark.parametrize(
    ("hidden", "seen"),
    [
        (b"\0WinINet.DLL\0", "wininet"),
        ("\0WINHTTP.dll\0".encode("utf-16-le"), "winhttp"),
        (b"\0libcurl.so.4\0", "libcurl"),
        (b"\0https://Play.GoogleAPIs.com/log\0", "play.googleapis"),
    ],
)
def test_what_is_loaded_later_by_its_name(hidden: bytes, seen: str) -> None:
    content = content_of(of_mediapipe("0.10.33", "win_amd64")[0])
    assert looked.look_through(bytes(content)) == NOTHING
    (start, length), *_ = [text for text in looked._pe(bytes(content))[2] if text[1] > 4096]
    content[start + length - 200 : start + length - 200 + len(hidden)] = hidden
    assert looked.look_through(bytes(content)).web == (seen,)


@pytest.mark.parametrize(
    "said", [b"https://connect.example/getaddrinfo", b"\0connect\0socket\0", b"type.googleapis.com/x"]
)
def test_names_in_a_text_are_no_imports(said: bytes) -> None:
    content = content_of(of_mediapipe("0.10.33", "win_amd64")[0])
    (start, length), *_ = [text for text in looked._pe(bytes(content))[2] if text[1] > 4096]
    content[start + length - 200 : start + length - 200 + len(said)] = said
    assert looked.look_through(bytes(content)) == NOTHING


@pytest.mark.parametrize(
    ("linked", "functions", "found"),
    [
        (["/usr/lib/x86_64-linux-gnu/libcurl.so.4"], set(), NetworkCode(web=("libcurl.so.4",))),
        (["libcurl-gnutls.so.4"], set(), NetworkCode(web=("libcurl-gnutls.so.4",))),
        (["libsoup-3.0.so.0"], set(), NetworkCode(web=("libsoup-3.0.so.0",))),
        (["WinHTTP.DLL", "KERNEL32.dll"], set(), NetworkCode(web=("WinHTTP.DLL",))),
        (["WSOCK32.dll", "mswsock.dll"], set(), NetworkCode(sockets=("WSOCK32.dll", "mswsock.dll"))),
        ([], {"curl_easy_perform", "printf"}, NetworkCode(web=("curl_easy_perform",))),
        ([], {"CFReadStreamCreateForHTTPRequest"}, NetworkCode(web=("CFReadStreamCreateForHTTPRequest",))),
        ([], {"OBJC_CLASS_$_NSURLConnection"}, NetworkCode(web=("NSURLConnection",))),
        ([], {"nw_connection_create"}, NetworkCode(web=("nw_connection_create",))),
        ([], {"gethostbyname", "sendmsg"}, NetworkCode(sockets=("gethostbyname", "sendmsg"))),
        (["libc.so.6", "libconnect.so"], {"connector", "socketpair", "OBJC_CLASS_$_NSURL"}, NOTHING),
    ],
)
def test_what_tables_can_name(
    linked: list[str], functions: set[str], found: NetworkCode, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(looked._TABLES, b"\x7fELF", lambda content: (linked, functions, []))
    assert looked.look_through(b"\x7fELF") == found


def test_a_library_of_windows_that_is_linked_at_the_first_call() -> None:
    content = content_of(of_mediapipe("0.10.33", "win_amd64")[0])
    (head,) = struct.unpack_from("<I", content, 0x3C)
    count, options = struct.unpack_from("<H12xH", content, head + 6)
    sections = [struct.unpack_from("<8x4I12xI", content, head + 24 + options + 40 * i) for i in range(count)]
    _, address, length, offset, _ = next(one for one in sections if not one[4] & 0x20000000 and one[2] > 4096)
    place = length - 200
    struct.pack_into("<I", content, head + 24 + 112 + 8 * 13, address + place)
    struct.pack_into("<II24x", content, offset + place, 1, address + place + 64)
    struct.pack_into("<32x11s", content, offset + place + 32, b"WS2_32.dll\0")
    assert looked.look_through(bytes(content)) == NetworkCode(sockets=("WS2_32.dll",))


@pytest.mark.skipif(sys.platform != "linux", reason="a module that is a file of ELF")
def test_a_library_that_does_reach_networks() -> None:
    import _socket

    found = network_code([Path(getattr(_socket, "__file__", sys.executable))])
    assert {"connect", "getaddrinfo", "socket"} <= set(found.sockets)
    assert found.refused(sockets_expected=False)
    assert not found.refused(sockets_expected=True)


@pytest.mark.parametrize(
    "content", [b"", b"MZ", b"\x7fELF\x01\x01", b"\xcf\xfa\xed\xfe" + b"\xff" * 40, b"#!/bin/sh\n"]
)
def test_what_is_no_library(content: bytes, tmp_path: Path) -> None:
    file = tmp_path / "libmediapipe.so"
    file.write_bytes(content)
    with pytest.raises(PostureError, match="damaged or none of"):
        network_code([file])


@pytest.mark.parametrize("name", [name for name in LIBRARIES if "LiteRt." in name])
def test_cut_off_anywhere(name: str, tmp_path: Path) -> None:
    content = bytes(content_of(name))
    file = tmp_path / "library"
    for part in (40, 64, 200, 700, 4000, len(content) // 2):
        file.write_bytes(content[:part])
        try:
            assert network_code([file]) == NOTHING
        except PostureError:
            continue


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(PostureError, match="nobody can see"):
        network_code([tmp_path / "libmediapipe.so"])
