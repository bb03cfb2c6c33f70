"""Inside the bench: freeze the program with what a release has, from the wheel in the project's dist folder."""

import re
import subprocess
import sys
from importlib import metadata
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

project = Path(__file__).resolve().parents[1]


def named_in(*files: str) -> set[str]:
    """Give the packages that lists name for this system."""
    found = set()
    for file in files:
        for line in re.findall(r"^[a-z0-9][^\\#\n]*", (project / file).read_text(encoding="utf-8"), re.MULTILINE):
            wanted = Requirement(line.partition("--hash")[0])
            if wanted.marker is None or wanted.marker.evaluate():
                found.add(canonicalize_name(wanted.name))
    return found


def pip(*words: str) -> None:
    """Run this Python's pip."""
    subprocess.run([sys.executable, "-P", "-m", "pip", *words], check=True)


# What only the tests use, or another engine, would be found and frozen as well.
released = named_in("requirements.lock", "packaging/requirements.lock")
tests_own = named_in(".ci/windows-wheels.txt") - released
there = {canonicalize_name(found.name) for found in metadata.distributions()}
if surplus := sorted(tests_own & there):
    pip("uninstall", "-q", "-y", *surplus)
(wheel,) = (project / "dist").glob("*.whl")
pip("install", "-q", "--no-deps", "--no-index", str(wheel))
subprocess.run([sys.executable, "-P", str(project / "packaging/build.py"), "frozen", "--here"], check=True)
