#!/usr/bin/env python3
"""Write what a frozen program carries of others, with the licences in full: THIRD-PARTY.txt.

Run it with the Python that the program is frozen with: it reads the metadata of what is installed there. Packages that
the specification leaves out are named too, where something that is carried requires them; that errs on the safe side.

    python packaging/third_party.py > THIRD-PARTY.txt
"""

from __future__ import annotations

import re
import sys
import sysconfig
from importlib import metadata
from pathlib import Path

OWN = "posture-coach"
LGPL = ("pyside6-essentials", "shiboken6", "textual-image", "pystray")
HEAD = """\
What this copy of posture carries of others
===========================================

posture is under the Apache License 2.0 (LICENSE, NOTICE). Beside it lie the packages below, the interpreter of Python
and the libraries that these bring along. Each has its own licence, which follows in full.

Under the GNU Lesser General Public License are Qt and Qt for Python (PySide6, shiboken6), textual-image, the parts of
FFmpeg and of Qt 5 that OpenCV brings, and on Windows and macOS pystray. They are used unchanged, as their authors
publish them. Each lies as a file of its own in the folder _internal (textual-image and pystray as Python's
source files), and you may replace it by a version that you have changed: put yours in its place, under the same name.
Nothing here keeps you from doing so, or from taking this program apart to find mistakes in such a change.
The sources: Qt and Qt for Python at https://code.qt.io, FFmpeg at https://ffmpeg.org, OpenCV's build of it at
https://github.com/opencv/opencv-python, textual-image at https://github.com/lnqs/textual-image, pystray at
https://github.com/moses-palmer/pystray. The LGPL 2.1 is in full under opencv-contrib-python, the LGPL 3 under
textual-image, and the GPL 3, which that adds to, under numpy.
"""
INTERPRETER = """\
The interpreter of Python carries parts of others, named in its licence; on Windows and macOS, and on Linux as separate
files, it brings libffi (MIT), SQLite (public domain), bzip2 (BSD-like), liblzma (public domain, 0BSD) and OpenSSL's
libcrypto (Apache-2.0).
"""
LOADER = """\
The program file begins with the loader of PyInstaller, which is under the GNU General Public License 2.0 or later with
an exception: programs made with it may be under any licence. https://pyinstaller.org/en/stable/license.html
"""


def carried() -> list[metadata.Distribution]:
    """Give the distributions that the program needs, directly or through others, by name; not its own."""
    found: dict[str, metadata.Distribution] = {}
    waiting = [OWN]
    while waiting:
        name = _plain(waiting.pop())
        if name in found:
            continue
        try:
            found[name] = metadata.distribution(name)
        except metadata.PackageNotFoundError:  # not on this system
            continue
        # What an extra wants is not ours; the rest of a marker was weighed when it was installed, or not.
        wanted = [line for line in found[name].requires or [] if "extra ==" not in line]
        waiting += [re.split(r"[\s;<>=!~\[(]", line, maxsplit=1)[0] for line in wanted]
    del found[_plain(OWN)]
    return [found[name] for name in sorted(found)]


def _plain(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def licence_of(found: metadata.Distribution) -> str:
    """Say in a few words which licence a distribution names."""
    about = found.metadata
    classifiers = [line.rpartition(" :: ")[2] for line in about.get_all("Classifier", []) if line.startswith("License")]
    given = (about.get("License") or "").strip()
    return about.get("License-Expression") or (given if given and "\n" not in given else "; ".join(classifiers)) or "-"


def texts_of(found: metadata.Distribution) -> dict[str, str]:
    """Give the licences and notices that lie in a distribution's metadata, by their names."""
    texts = {}
    for file in found.files or []:
        inside, name = ".dist-info" in file.parts[0], file.name.lower()
        if inside and re.search(r"licen[cs]e|copying|notice|authors", "/".join(file.parts[1:]).lower()):
            path = Path(str(found.locate_file(file)))
            if path.is_file() and not name.endswith((".json", ".py")):
                texts["/".join(file.parts[1:])] = path.read_text(encoding="utf-8", errors="replace")
    if not texts and "\n" in (found.metadata.get("License") or ""):
        texts["License"] = found.metadata["License"]
    return texts


def title(words: str) -> str:
    """Write a heading."""
    return f"\n\n{words}\n{'-' * len(words)}\n"


def document() -> str:
    """Write the whole."""
    parts, packages = [HEAD], carried()
    parts.append(title("Packages") + "\n")
    parts += [f"{each.metadata['Name']} {each.version}: {licence_of(each)}\n" for each in packages]
    parts.append(title(f"Python {sys.version.split()[0]}") + INTERPRETER)
    for place in (Path(sysconfig.get_path("stdlib")) / "LICENSE.txt", Path(sys.base_prefix) / "LICENSE.txt"):
        if place.is_file():
            parts.append("\n" + place.read_text(encoding="utf-8"))
            break
    else:
        raise SystemExit("the licence of Python was not found")
    parts.append(title("PyInstaller") + LOADER)
    for each in packages:
        parts.append(title(f"{each.metadata['Name']} {each.version}") + f"Licence: {licence_of(each)}\n")
        texts = texts_of(each)
        parts += [f"\n[{name}]\n\n{text.strip()}\n" for name, text in texts.items()]
        if not texts and _plain(each.metadata["Name"]) in LGPL:
            parts.append(
                "Its licence is the LGPL 3, in full under textual-image; the GPL 3, which that adds to, below.\n"
            )
    return "".join(parts)


if __name__ == "__main__":
    sys.stdout.reconfigure(encoding="utf-8", newline="\n")
    sys.stdout.write(document())
