#!/usr/bin/env python3
"""Where posture can be installed, from the wheels on the index: the table of the README, between its markers.

    python tools/supported.py          writes the table
    python tools/supported.py --check  fails if the index has wheels for more or for less than the table says

A place counts if every dependency that is machine code and that pyproject.toml asks for there has a wheel, in a release
that is within our range and admits the Python. The index is the one that pip uses.
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
import urllib.request
from pathlib import Path
from typing import NamedTuple

from packaging.requirements import Requirement
from packaging.specifiers import SpecifierSet
from packaging.utils import InvalidWheelFilename, parse_wheel_filename
from packaging.version import Version

ROOT = Path(__file__).parents[1]
README = ROOT / "README.md"
BEGIN, END = "<!-- supported: begin (tools/supported.py) -->\n", "<!-- supported: end -->\n"
PYTHONS = ("3.11", "3.12", "3.13", "3.14")
ENGINES = {"mediapipe": "mediapipe", "ai-edge-litert": "LiteRT"}
# What is machine code; the rest is Python, or comes with wheels for more than these have.
NATIVE = (
    *ENGINES,
    "opencv-contrib-python",
    "pyside6-essentials",
    "numpy",
    "pillow",
    "dbus-fast",
    "pywin32",
)


class Place(NamedTuple):
    """A kind of machine."""

    name: str
    sys_platform: str
    platform_machine: str
    tags: str
    """The wheels that it takes; the groups are the oldest system that they run on."""
    system: str
    """What the groups number."""


PLACES = (
    Place("Linux, x86_64", "linux", "x86_64", r"manylinux_(\d+)_(\d+)_x86_64", "glibc"),
    Place("Linux, aarch64 (Raspberry Pi, 64 bits)", "linux", "aarch64", r"manylinux_(\d+)_(\d+)_aarch64", "glibc"),
    Place("Alpine Linux (musl), x86_64", "linux", "x86_64", r"musllinux_(\d+)_(\d+)_x86_64", "musl"),
    Place("Alpine Linux (musl), aarch64", "linux", "aarch64", r"musllinux_(\d+)_(\d+)_aarch64", "musl"),
    Place("Windows, x64", "win32", "AMD64", r"win_amd64()()", ""),
    Place("Windows, ARM", "win32", "ARM64", r"win_arm64()()", ""),
    Place("macOS, Apple silicon", "darwin", "arm64", r"macosx_(\d+)_(\d+)_(?:arm64|universal2)", "macOS"),
    Place("macOS, Intel", "darwin", "x86_64", r"macosx_(\d+)_(\d+)_(?:x86_64|universal2)", "macOS"),
)


def asked_for(place: Place, python: str) -> list[Requirement]:
    """Give what pyproject.toml asks for there, of what is machine code."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    here = {"sys_platform": place.sys_platform, "platform_machine": place.platform_machine, "python_version": python}
    found = [Requirement(line) for line in project["dependencies"]]
    return [one for one in found if one.name in NATIVE and (one.marker is None or one.marker.evaluate(here))]


def engine_asked_for(place: Place, python: str) -> str | None:
    """Give the engine among that, or None."""
    found = [one.name for one in asked_for(place, python) if one.name in ENGINES]
    return found[0] if found else None


def files(package: str, index: str) -> list[dict[str, object]]:
    """Give the files of a package, as the index lists them."""
    kind = "application/vnd.pypi.simple.v1+json"
    request = urllib.request.Request(f"{index.rstrip('/')}/{package}/", headers={"Accept": kind})
    with urllib.request.urlopen(request, timeout=60) as answer:
        if answer.headers.get_content_type() != kind:
            sys.exit(f"{index} has no JSON; name an index that has in PIP_INDEX_URL")
        found: list[dict[str, object]] = json.load(answer)["files"]
    return [file for file in found if not file.get("yanked")]


def oldest(place: Place, python: str, wanted: Requirement, listed: list[dict[str, object]]) -> tuple[int, int] | None:
    """Give the oldest system of that kind for which there is a wheel, or None if there is no wheel at all."""
    found = []
    for file in listed:
        try:
            _, version, _, tags = parse_wheel_filename(str(file["filename"]))
        except (InvalidWheelFilename, ValueError):
            continue
        needs = SpecifierSet(str(file.get("requires-python") or ""))
        if version.is_prerelease or version not in wanted.specifier or not needs.contains(f"{python}.9"):
            continue
        for tag in tags:
            if not _fits(tag.interpreter, tag.abi, python):
                continue
            if tag.platform == "any":
                found.append((0, 0))
            elif match := re.fullmatch(place.tags, tag.platform.replace("manylinux2014", "manylinux_2_17")):
                found.append((int(match[1] or 0), int(match[2] or 0)))
    return min(found, default=None)


def _fits(interpreter: str, abi: str, python: str) -> bool:
    if interpreter in ("py3", "py2.py3") and abi == "none":
        return True
    match = re.fullmatch(r"cp3(\d+)", interpreter)
    if match is None:
        return False
    minor, here = int(match[1]), Version(python).minor
    return (minor == here and abi in (f"cp3{minor}", "none")) or (abi == "abi3" and minor <= here)


def rows() -> list[list[str]]:
    """Ask the index, and give the cells of the table."""
    index = os.environ.get("PIP_INDEX_URL") or _pip_index()
    listed = {package: files(package, index) for package in NATIVE}
    made = []
    for place in PLACES:
        cells = [place.name]
        for python in PYTHONS:
            needs = [oldest(place, python, one, listed[one.name]) for one in asked_for(place, python)]
            engine = engine_asked_for(place, python)
            if engine is None or None in needs:
                cells.append("no")
                continue
            first = max(one for one in needs if one is not None)
            newest = f"{first[0]}.{first[1]}" if place.system != "macOS" else str(first[0])
            cells.append(ENGINES[engine] + (f", {place.system} {newest}" if place.system else ""))
        made.append(cells)
    return made


def _pip_index() -> str:
    """Give the index that pip uses: the configured one, or its own."""
    asked = subprocess.run([sys.executable, "-m", "pip", "config", "get", "global.index-url"], capture_output=True)
    if found := asked.stdout.decode().strip():
        return found
    own = "from pip._internal.models.index import PyPI; print(PyPI.simple_url)"
    return subprocess.run([sys.executable, "-c", own], capture_output=True, check=True).stdout.decode().strip()


def table(made: list[list[str]]) -> str:
    """Write the rows as Markdown."""
    head = ["", *(f"Python {python}" for python in PYTHONS)]
    lines = [head, ["---"] * len(head), *made]
    return "".join(f"| {' | '.join(line)} |\n".replace("|  |", "| |") for line in lines)


def main() -> None:
    """Write the table, or compare it."""
    text = README.read_text(encoding="utf-8")
    before, rest = text.split(BEGIN)
    written, after = rest.split(END)
    made = table(rows())
    if "--check" not in sys.argv:
        README.write_text(before + BEGIN + made + END + after, encoding="utf-8")
    elif made != written:
        sys.exit(f"the index has other wheels than README.md says; python tools/supported.py writes:\n{made}")


if __name__ == "__main__":
    main()
