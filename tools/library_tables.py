"""The libraries that tests/pose/test_network_code.py reads: those of the wheels, cut down to their tables.

    python tools/library_tables.py          download the wheels and look whether posture still says of each library
                                            what is stored (nightly; some 300 MB)
    python tools/library_tables.py --store  store what the look reads of each, in tests/data/libraries

A stored library keeps its size and, at their places, its headers, its tables, and the text around everything that looks
like an address or a library of the web; the rest is zeros.
"""

from __future__ import annotations

import base64
import gzip
import hashlib
import json
import re
import struct
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

from posture.pose import network_code

STORE = Path(__file__).parent.parent / "tests/data/libraries"
MEDIAPIPE = "mediapipe/tasks/c/libmediapipe"
LITERT = "ai_edge_litert/lib"
# Package, release, the wheel's platform, and which of its libraries.
WHEELS = [
    *(
        ("mediapipe", release, platform, (f"{MEDIAPIPE}.{ending}",))
        for release in ("0.10.31", "0.10.32", "0.10.33", "0.10.35")
        for platform, ending in (("manylinux_2_28_x86_64", "so"), ("win_amd64", "dll"), ("macosx_11_0_arm64", "dylib"))
    ),
    ("mediapipe", "0.10.35", "win_arm64", (f"{MEDIAPIPE}.dll",)),
    *(
        ("ai-edge-litert", "2.3.0", platform, (f"{LITERT}LiteRt.{ending}", f"{common}.{ending}"))
        for platform, ending, common in (
            ("manylinux_2_27_x86_64", "so", f"{LITERT}pywrap_litert_common"),
            ("manylinux_2_27_aarch64", "so", f"{LITERT}pywrap_litert_common"),
            ("win_amd64", "dll", "ai_edge_litert/pywrap_litert_common"),
            ("macosx_12_0_arm64", "dylib", f"{LITERT}pywrap_litert_common"),
        )
    ),
]
TEXT = re.compile(rb"(?i)https?://|googleapis|curl|clearcut|wininet|winhttp|nsurlsession|ws2_32|cfnetwork")
AROUND = 48


def libraries(folder: Path) -> Iterator[tuple[str, bytes]]:
    """Download each wheel and give its libraries, by the name that they are stored under."""
    for package, release, platform, members in WHEELS:
        pip = f"{sys.executable} -m pip download -q --no-deps --only-binary :all: --python-version 3.12"
        which = ["--platform", platform, "-d", str(folder), f"{package}=={release}"]
        subprocess.run([*pip.split(), *which], check=True)
        (wheel,) = folder.glob("*.whl")
        with zipfile.ZipFile(wheel) as archive:
            for member in members:
                yield f"{package}-{release}-{platform}-{Path(member).name}", archive.read(member)
        wheel.unlink()


class Remembering(bytes):
    """The content of a library that remembers which parts of it were read."""

    def __init__(self, content: bytes) -> None:
        self.read: list[tuple[int, int]] = []

    def __getitem__(self, key: slice) -> bytes:  # type: ignore[override]
        found = super().__getitem__(key)
        start = key.start or 0
        if len(found) < 4096:
            self.read.append((start, start + len(found)))
        else:  # text: only what could matter
            for hit in TEXT.finditer(found):
                self.read.append((start + max(0, hit.start() - AROUND), start + hit.end() + AROUND))
        return found


def stored(content: bytes) -> dict[str, object]:
    """Cut a library down to what a look at it reads."""
    remembering = Remembering(content)

    class Struct:
        error, iter_unpack = struct.error, struct.iter_unpack

        @staticmethod
        def unpack_from(layout: str, buffer: bytes, offset: int = 0) -> tuple[object, ...]:
            remembering.read.append((offset, offset + struct.calcsize(layout)))
            return struct.unpack_from(layout, buffer, offset)

    network_code.struct = Struct  # type: ignore[assignment]
    try:
        found = network_code.look_through(remembering)
    finally:
        network_code.struct = struct
    parts: list[list[int]] = []
    for start, end in sorted(remembering.read):
        if parts and start <= parts[-1][1] + 16:
            parts[-1][1] = max(parts[-1][1], end)
        else:
            parts.append([start, end])
    return {
        "sha256": hashlib.sha256(content).hexdigest(),
        "size": len(content),
        "web": found.web,
        "sockets": found.sockets,
        "parts": [[start, base64.b64encode(content[start:end]).decode()] for start, end in parts],
    }


def main() -> None:
    """Store the libraries, or compare what posture says of them with what is stored."""
    different = []
    with tempfile.TemporaryDirectory() as folder:
        for name, content in libraries(Path(folder)):
            file = STORE / f"{name}.json.gz"
            if "--store" in sys.argv:
                file.parent.mkdir(parents=True, exist_ok=True)
                text = json.dumps(stored(content)).encode()
                file.write_bytes(gzip.compress(text, mtime=0))
                print(f"{file.name}: {len(content) >> 20} MB to {file.stat().st_size >> 10} kB")
                continue
            found = network_code.look_through(content)
            want = json.loads(gzip.decompress(file.read_bytes()))
            same = want["sha256"] == hashlib.sha256(content).hexdigest()
            if not same or [list(found.web), list(found.sockets)] != [want["web"], want["sockets"]]:
                different.append(name)
            print(f"{name}: {', '.join(found.names) or 'no network code'}")
    if different:
        sys.exit(f"not as stored: {', '.join(different)}")


if __name__ == "__main__":
    main()
