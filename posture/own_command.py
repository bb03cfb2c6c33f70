"""The one place where command lines for processes of our own are made.

`python -m` puts the current folder in front of all modules, so that a file ``json.py`` lying in it, or in the home
folder at a login, would be run. `-P` (Python 3.11) does not. The environment may do it as well: an empty or relative
entry of PYTHONPATH is the current folder or leads there, so children do not get those. The other entries are the user's
word, like the files ``.pth`` of an installation.
"""

from __future__ import annotations

import os
import site
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def own_command(module: str, *arguments: str) -> list[str]:
    """Give the command line that runs a module of this package as a program."""
    if getattr(sys, "frozen", False):  # there is no Python beside the program: see posture.frozen
        return [sys.executable, *(["-m", module] if module != "posture" else []), *arguments]
    return [sys.executable, "-P", "-m", module, *arguments]


def windowless(module: str, *arguments: str) -> list[str]:
    """Give the command line of `own_command` for one who clicks: on Windows, the program that opens no console.

    That is pythonw.exe beside python.exe, and posturew.exe beside posture.exe in a frozen program.
    """
    program, *words = own_command(module, *arguments)
    place = Path(program)
    if place.suffix.lower() == ".exe" and not place.stem.lower().endswith("w"):
        without = place.with_name(f"{place.stem}w.exe")
        program = str(without) if without.is_file() else program
    return [program, *words]


def own_environment() -> dict[str, str]:
    """Give the environment for a process of our own: this one's, in which it finds the same package, and safely."""
    if getattr(sys, "frozen", False):  # it reads no PYTHONPATH, and a browser that is started must not get ours
        return dict(os.environ)
    entries = [entry for entry in os.environ.get("PYTHONPATH", "").split(os.pathsep) if Path(entry).is_absolute()]
    installed = [*site.getsitepackages(), site.getusersitepackages()]
    if str(ROOT) not in [*entries, *installed]:
        entries.append(str(ROOT))
    found = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return found | ({"PYTHONPATH": os.pathsep.join(entries)} if entries else {})


def output() -> int | None:
    """Give what `Popen` is to do with the output of a process that sees pictures: it must reach no file of ours.

    With POSTURE_DEBUG it goes where that of this process goes.
    """
    return None if "POSTURE_DEBUG" in os.environ else subprocess.DEVNULL
