#!/usr/bin/env python3
"""Every documented command that installs something, dry-run: none may lead to a package that is not ours or declared.

    python tools/documented_commands.py [FOLDER OF OUR WHEEL]

Read are the documents, the texts of the program, its catalogues, and what CI runs; the commands that the program makes
itself (posture/own_package.py) are asked for. posture-coach is the wheel in the folder, or one that is built from here.
What they name is resolved without what it brings along, by pip or, for the commands of uv and pipx, by uv where it is
there: the question is which packages an installer would take.
"""

from __future__ import annotations

import json
import re
import shlex
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path

from packaging.requirements import InvalidRequirement, Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))

READ = (
    "*.md",
    "docs/*.md",
    "posture/**/*.py",
    "posture/locale/**/*.po",
    "packaging/*",
    "Makefile",
    ".ci/*",
    ".github/**/*.yml",
)
INSTALLS = re.compile(
    r"(?:\bpip3?\s+(?:install|download)|\bpipx\s+(?:install|run|inject|upgrade|reinstall|uninstall)"
    r"|\buv\s+(?:pip\s+install|tool\s+(?:install|run|upgrade|uninstall))|\buvx)\b"
)
# Options whose next word is a value and no package.
WITH_VALUE = {
    "-r",
    "-c",
    "-t",
    "-d",
    "-o",
    "--target",
    "--requirement",
    "--python",
    "--with",
    "--platform",
    "--python-version",
}
# What people install in order to install, or for work on the project: it is named nowhere else.
TOOLS = {"pipx", "uv", "cyclonedx-bom", "atheris"}


def documented() -> Iterator[tuple[str, str]]:
    """Give each command as it stands, and the file that it stands in."""
    for pattern in READ:
        for file in sorted(ROOT.glob(pattern)):
            if not file.is_file():
                continue
            text = file.read_text(encoding="utf-8", errors="replace")
            if file.suffix == ".po":  # texts that the program no longer has
                text = re.sub(r"^#~.*", "", text, flags=re.MULTILINE)
            if file.suffix in (".po", ".py"):
                text = re.sub(r'"\s*\n\s*f?"', "", text)  # texts that go over several lines
            for found in INSTALLS.finditer(text):
                rest = re.split(r"[\n`|;&]|\. |\s\(|\)|, |\"|\\$", text[found.start() :], maxsplit=1)[0]
                yield re.sub(r"(?<=\w)[.:]+$", "", rest.strip()), str(file.relative_to(ROOT))


def asked() -> Iterator[tuple[str, str]]:
    """Give the commands that the program itself would tell, for each way of installing it."""
    from posture import own_package
    from posture.pose.litert_model import WANTED

    prefix, sys.prefix = sys.prefix, ""
    with tempfile.TemporaryDirectory() as folder:
        sys.prefix = folder
        for receipt in ("", "pipx_metadata.json", "uv-receipt.toml"):
            if receipt:
                Path(folder, receipt).touch()
            for command in (own_package.reinstall(), own_package.install(WANTED)):
                found = INSTALLS.search(command)
                assert found, command
                yield command[found.start() :], "posture/own_package.py"
            if receipt:
                Path(folder, receipt).unlink()
    sys.prefix = prefix


def packages(command: str) -> list[str]:
    """Give what a command names for an installer: packages with their ranges, and this folder as posture-coach."""
    try:
        words = shlex.split(command)
    except ValueError:
        words = command.replace("'", " ").split()
    words = words[1:] if words[0] == "uvx" else words[next(i for i, word in enumerate(words) if word in VERBS) + 1 :]
    found, skip = [], False
    for word in words:
        if skip or word.startswith("-"):
            skip = word in WITH_VALUE
            continue
        if re.match(r"\.(?=$|\[)", word):
            word = word.replace(".", "posture-coach", 1)
        try:
            Requirement(word)
        except InvalidRequirement:
            break  # the sentence goes on
        found.append(word)
    return found


VERBS = {"install", "download", "run", "inject", "upgrade", "reinstall", "uninstall"}


def declared() -> set[str]:
    """Give the packages that posture asks for, in pyproject.toml or through those (requirements.lock)."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    lines = [*project["dependencies"], *(line for extra in project["optional-dependencies"].values() for line in extra)]
    locked = re.findall(r"^([a-z0-9-]+)==", (ROOT / "requirements.lock").read_text(encoding="utf-8"), re.MULTILINE)
    return {canonicalize_name(Requirement(line).name) for line in lines} | set(locked)


def resolved(requirements: list[str], wheels: Path, *, uv: bool) -> set[str]:
    """Ask an installer which packages it would take, by name; nothing is installed."""
    program = shutil.which("uv") if uv else None
    if program:
        command = [
            program,
            "pip",
            "compile",
            "-q",
            "--no-deps",
            "--no-header",
            "--no-annotate",
            "--prerelease",
            "allow",
        ]
        command += ["--find-links", str(wheels), "-"]
    else:
        command = [
            sys.executable,
            "-m",
            "pip",
            "install",
            "-q",
            "--dry-run",
            "--no-deps",
            "--ignore-installed",
            "--pre",
        ]
        command += ["--find-links", str(wheels), "--report", "-", *requirements]
    made = subprocess.run(command, input="\n".join(requirements), capture_output=True, text=True, check=False)
    if made.returncode:
        raise SystemExit(f"no installer can take {', '.join(requirements)}:\n{made.stderr}")
    if program:
        names = re.findall(r"^([A-Za-z0-9._-]+)(?:\[.*\])?(?:==| @)", made.stdout, re.MULTILINE)
    else:
        names = [one["metadata"]["name"] for one in json.loads(made.stdout)["install"]]
    return {canonicalize_name(name) for name in names}


def main() -> None:
    """Look at every command."""
    allowed = declared() | {"posture-coach"}
    with tempfile.TemporaryDirectory() as folder:
        wheels = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(folder)
        if len(sys.argv) == 1:
            build = [sys.executable, "-m", "pip", "wheel", "-q", "--no-deps", "-w", folder, str(ROOT)]
            subprocess.run(build, check=True)
        named: dict[bool, dict[str, str]] = {False: {}, True: {}}
        faults, seen = [], 0
        for command, file in (*documented(), *asked()):
            for requirement in packages(command):
                seen += 1
                name = canonicalize_name(Requirement(requirement).name)
                named[command.startswith(("uv", "pipx"))][requirement] = name
                if name not in allowed | TOOLS:
                    faults.append(f"{file}: {command!r} names {name}, which posture neither is nor asks for")
        if not faults:
            for uv, wanted in named.items():
                taken = resolved(sorted(wanted), wheels, uv=uv)
                faults += [f"{name} is taken, which no command names" for name in taken - set(wanted.values())]
                faults += [f"{name} is named, and not taken" for name in set(wanted.values()) - taken]
    if faults or not seen:
        sys.exit("\n".join(faults) or "no command was found")
    print(f"{seen} documented installations lead to what is ours or declared:")
    for uv, wanted in named.items():
        print(f"  {'uv, pipx' if uv else 'pip'}: {', '.join(sorted(wanted))}")


if __name__ == "__main__":
    main()
