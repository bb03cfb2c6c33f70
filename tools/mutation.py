"""Change the pure code in every small way and see whether a test notices (mutation testing with mutmut).

    python tools/mutation.py                           every room, and the table of docs/reliability.md
    python tools/mutation.py timeline                  one room
    python tools/mutation.py report spans.py trend.py  some files of a room

Works in a throw-away copy of the checkout: nothing in the tree changes, and several runs can go on side by side. Only
the room's own tests are run, without those marked `slow`. Each survivor is printed with its difference.
Survivors that no test can kill, because the changed code does the same, are listed with the reason in
tools/mutants.toml; `--stubs` prints the entries to copy. Ends with 1 when less than 90 % of the others are
killed, or when an entry of that list fits no survivor any more. Wants the `dev` extra, and a system that can fork.

mutmut changes only what is inside functions: constants of a module, defaults of a dataclass and decorated functions
stay as they are. `--constants` changes just these instead: each number is doubled (0 becomes 1), each truth reversed.
It takes a run of the room's tests for each, and is no part of the table.
"""

from __future__ import annotations

import argparse
import ast
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from collections import Counter
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path
from queue import Queue
from typing import Any

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs/reliability.md"
EQUIVALENT = ROOT / "tools/mutants.toml"
PATIENCE_S = 600.0
"""A run of the tests that takes longer has failed."""
WANTED = 0.9
"""Share of the mutants that are not equivalent which the tests must kill."""

ROOMS: dict[str, tuple[str, ...]] = {
    "measure": ("*.py",),
    "timeline": ("*.py",),
    "coach": ("*.py",),
    "perception": (
        "calibration.py",
        "gate.py",
        "change.py",
        "cells.py",
        "drift.py",
        "seen.py",
        "stationary.py",
        "user_filter.py",
        "viewpoint.py",
        "framing.py",
    ),
    "report": (
        "figures.py",
        "summary.py",
        "spans.py",
        "trend.py",
        "review.py",
        "end_of_day.py",
        "json.py",
        "accuracy.py",
    ),
}
"""The pure files of each room; their tests are those of the folder of the same name."""

KILLED = {"killed", "timeout"}
"""What mutmut calls a mutant that a test noticed. Without tests, or with a crash of the runner, it was not noticed."""

_PYTEST = ["-o", "addopts=", "-n", "0", "-p", "no:cacheprovider", "-p", "mutation", "-m", "not slow"]
_CONFIG = """
[tool.mutmut]
source_paths = ["posture"]
only_mutate = {files}
pytest_add_cli_args = {pytest}
pytest_add_cli_args_test_selection = {tests}
use_git_change_detection = false
# Each mutant starts from a process that has imported the tests but run none, so that it meets no cached results.
process_isolation = "forkserver"
"""

_RUN = "import sys; from mutmut.__main__ import cli; cli(['run', '--max-children', sys.argv[1]])"

_RESULTS = """
import json
from mutmut.mutation.data import SourceFileMutationData
from mutmut.mutation.diff_apply import get_diff_for_mutant
from mutmut.stats import status_by_exit_code
from mutmut.utils.file_utils import walk_mutatable_files
found = []
for path in walk_mutatable_files():
    data = SourceFileMutationData(path=path)
    data.load()
    for name, code in data.exit_code_by_key.items():
        status = status_by_exit_code[code]
        diff = "" if status == "killed" else get_diff_for_mutant(name, path=path)
        found.append({"name": name, "file": str(path), "status": status, "diff": diff})
print(json.dumps(found))
"""


# -- this file as the plugin of the runs that it starts ----------------------------------------------------------------


def pytest_configure() -> None:
    """Let hypothesis try the same examples every time, and stop at the first that fails."""
    from hypothesis import Phase, settings

    settings.register_profile(
        "mutation", deadline=None, derandomize=True, database=None, phases=(Phase.explicit, Phase.generate)
    )
    settings.load_profile("mutation")


def pytest_collection_modifyitems(items: list[Any]) -> None:
    """Run plain examples before properties: they are quicker."""
    items.sort(key=lambda item: hasattr(getattr(item, "obj", None), "hypothesis"))


# -- one room ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Mutant:
    """One small change of the code, and what became of it.

    Attributes
    ----------
    name : str
        As mutmut calls it: `mutmut show NAME`.
    file, function : str
        Where it is.
    status : str
        "killed", "timeout", "survived", "no tests", or what else mutmut says.
    was, becomes : str
        The changed lines before and after, in one line each; empty if killed.
    diff : str
        The same as a unified diff.
    """

    name: str
    file: str
    function: str
    status: str
    was: str
    becomes: str
    diff: str


@dataclass(frozen=True)
class Equivalent:
    """A mutant that does the same as the code, so that no test can kill it, and why it does.

    `was` and `becomes` are the changed lines, in one line each; `constant` says that `--constants` makes it.
    """

    file: str
    function: str
    was: str
    becomes: str
    reason: str
    constant: bool = False


@dataclass(frozen=True)
class Room:
    """What became of the mutants of a room."""

    name: str
    mutants: tuple[Mutant, ...]
    equivalent: tuple[Equivalent, ...]

    @property
    def survivors(self) -> list[Mutant]:
        """The mutants that no test killed and that are not equivalent."""
        known = {_key(entry) for entry in self.equivalent}
        return [mutant for mutant in self.mutants if mutant.status not in KILLED and _key(mutant) not in known]

    @property
    def outdated(self) -> list[Equivalent]:
        """Entries of the list that fit no survivor: the code has changed, or a test kills them after all."""
        alive = {_key(mutant) for mutant in self.mutants if mutant.status not in KILLED}
        return [entry for entry in self.equivalent if _key(entry) not in alive]

    @property
    def counts(self) -> dict[str, int]:
        """Mutants in all, killed by a failed test, by a time-out, equivalent, survived."""
        by_status = Counter(mutant.status for mutant in self.mutants)
        noticed, survived = sum(by_status[status] for status in KILLED), len(self.survivors)
        return {
            "mutants": len(self.mutants),
            "killed": by_status["killed"],
            "timeouts": by_status["timeout"],
            "equivalent": len(self.mutants) - noticed - survived,
            "survived": survived,
        }

    @property
    def score(self) -> float:
        """Share of the mutants that are not equivalent which were killed; 1 without mutants."""
        counts = self.counts
        noticed = counts["killed"] + counts["timeouts"]
        return noticed / (noticed + counts["survived"]) if noticed + counts["survived"] else 1.0


def _key(mutant: Mutant | Equivalent) -> tuple[str, str, str, str]:
    return mutant.file, mutant.function, mutant.was, mutant.becomes


def one_line(lines: Iterable[str]) -> str:
    """Join the lines of a change into one, without indentation."""
    return " ".join(text for line in lines if (text := line.strip()))


def function_of(name: str) -> str:
    """Give the function of a mutant: "state.xǁTimelineǁstep__mutmut_3" is "Timeline.step"."""
    mangled = name.rpartition(".")[2].partition("__mutmut_")[0]
    return mangled.removeprefix("xǁ").replace("ǁ", ".") if "ǁ" in mangled else mangled.removeprefix("x_")


def read_mutant(found: dict[str, str]) -> Mutant:
    """Read what mutmut says about a mutant."""
    lines = [line for line in found["diff"].splitlines() if not line.startswith(("---", "+++", "@@"))]
    was = one_line(line[1:] for line in lines if line.startswith("-"))
    becomes = one_line(line[1:] for line in lines if line.startswith("+"))
    name = found["name"]
    return Mutant(name, found["file"], function_of(name), found["status"], was, becomes, found["diff"])


def equivalents(files: Iterable[str], *, constant: bool = False) -> tuple[Equivalent, ...]:
    """Read the list of survivors that are accepted, for some files."""
    entries = tomllib.loads(EQUIVALENT.read_text(encoding="utf-8")).get("equivalent", [])
    wanted = set(files)
    found = (Equivalent(**entry) for entry in entries if entry["file"] in wanted)
    return tuple(entry for entry in found if entry.constant == constant)


def files_of(room: str, names: list[str]) -> list[str]:
    """Give the files of a room that are to be mutated, all pure ones if none is named."""
    folder = ROOT / "posture" / room
    pure = [path for pattern in ROOMS[room] for path in sorted(folder.glob(pattern)) if path.name != "__init__.py"]
    wanted = {Path(name).name for name in names}
    if unknown := wanted - {path.name for path in pure}:
        sys.exit(f"{', '.join(sorted(unknown))}: no pure file of {room}; these are: {' '.join(p.name for p in pure)}")
    return [path.relative_to(ROOT).as_posix() for path in pure if not wanted or path.name in wanted]


def run(room: str, files: list[str], tests: list[str], processes: int) -> Room:
    """Try every mutant of some files of a room.

    Raises
    ------
    SystemExit
        If mutmut itself fails, for example because the tests fail without any mutant.
    """
    with tempfile.TemporaryDirectory(prefix="posture-mutation-") as folder:
        copy = Path(folder, "copy")
        ignore = shutil.ignore_patterns("__pycache__", ".hypothesis")
        for part in ("posture", "tests"):
            shutil.copytree(ROOT / part, copy / part, ignore=ignore)
        config = _CONFIG.format(files=json.dumps(files), tests=json.dumps(tests), pytest=json.dumps(_PYTEST))
        (copy / "pyproject.toml").write_text((ROOT / "pyproject.toml").read_text(encoding="utf-8") + config)
        (copy / "mutants").mkdir()
        for part in ("models", "samples", "docs", "README.md"):
            (copy / "mutants" / part).symlink_to(ROOT / part)
        env = {**os.environ, "PYTHONPATH": str(ROOT / "tools"), "PYTHONDONTWRITEBYTECODE": "1"}
        done = subprocess.run(
            [sys.executable, "-c", _RUN, str(processes)],
            cwd=copy,
            env=env,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
            check=False,
        )
        if done.returncode:
            sys.exit(f"mutmut ended with {done.returncode}:\n{done.stdout[-6000:]}")
        found = subprocess.run(
            [sys.executable, "-c", _RESULTS], cwd=copy, env=env, stdout=subprocess.PIPE, text=True, check=True
        )
    mutants = tuple(read_mutant(each) for each in json.loads(found.stdout))
    return Room(room, mutants, equivalents(files))


# -- what mutmut does not reach: numbers and truths outside of functions, and in decorated ones ------------------------


def constants(text: str) -> list[tuple[str, int, str, str]]:
    """Find what to change in the text of a file: the function or class, the line, and it before and after.

    Annotations and decorators are left alone.
    """
    lines = text.splitlines()
    found = []

    def visit(node: ast.AST, where: str) -> None:
        if isinstance(node, ast.FunctionDef) and not node.decorator_list:
            return
        if isinstance(node, ast.FunctionDef | ast.ClassDef):
            where = f"{where}.{node.name}".lstrip(".")
        if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
            line = lines[node.lineno - 1]
            value = not node.value if isinstance(node.value, bool) else node.value * 2 or 1
            before, after = line.encode()[: node.col_offset].decode(), line.encode()[node.end_col_offset :].decode()
            found.append((where, node.lineno, line, f"{before}{value!r}{after}"))
        for name, value in ast.iter_fields(node):
            for child in value if isinstance(value, list) else [value]:
                if isinstance(child, ast.AST) and name not in ("annotation", "returns", "decorator_list"):
                    visit(child, where)

    visit(ast.parse(text), "")
    return found


def run_constants(room: str, files: list[str], tests: list[str], processes: int) -> Room:
    """Change each constant of some files of a room, and run the room's tests on it."""
    jobs = [(file, *found) for file in files for found in constants((ROOT / file).read_text(encoding="utf-8"))]
    with tempfile.TemporaryDirectory(prefix="posture-mutation-") as folder:
        copies: Queue[Path] = Queue()
        for k in range(processes):
            copy = Path(folder, str(k))
            for part in ("posture", "tests"):
                shutil.copytree(ROOT / part, copy / part, ignore=shutil.ignore_patterns("__pycache__", ".hypothesis"))
            shutil.copy(ROOT / "pyproject.toml", copy)
            for part in ("models", "samples", "docs", "README.md"):
                (copy / part).symlink_to(ROOT / part)
            copies.put(copy)

        def attempt(file: str, where: str, number: int, was: str, becomes: str) -> Mutant:
            copy = copies.get()
            path, text = copy / file, (ROOT / file).read_text(encoding="utf-8")
            lines = text.splitlines(keepends=True)
            lines[number - 1] = becomes + "\n"
            path.write_text("".join(lines), encoding="utf-8")
            env = {**os.environ, "PYTHONPATH": f"{copy}:{ROOT / 'tools'}", "PYTHONDONTWRITEBYTECODE": "1"}
            command = [sys.executable, "-m", "pytest", "-x", "-q", *_PYTEST, *tests]
            try:
                done = subprocess.run(command, cwd=copy, env=env, capture_output=True, check=False, timeout=PATIENCE_S)
                status = {0: "survived", 5: "no tests"}.get(done.returncode, "killed")
            except subprocess.TimeoutExpired:
                status = "timeout"
            path.write_text(text, encoding="utf-8")
            copies.put(copy)
            diff = f"--- {file}:{number}\n-{was}\n+{becomes}"
            return Mutant(f"{file}:{number}", file, where, status, was.strip(), becomes.strip(), diff)

        with ThreadPoolExecutor(processes) as pool:
            mutants = tuple(pool.map(lambda job: attempt(*job), jobs))
    return Room(room, mutants, equivalents(files, constant=True))


# -- what is printed and written ---------------------------------------------------------------------------------------


def report(room: Room) -> str:
    """Say what became of a room's mutants, with the difference of each survivor."""
    parts = [f"\n{mutant.name}: {mutant.status}\n{mutant.diff}" for mutant in room.survivors]
    parts += [
        f"\ntools/mutants.toml: fits no survivor: {entry.file}, {entry.function}: {entry.was}"
        for entry in room.outdated
    ]
    counts = ", ".join(f"{number} {what}" for what, number in room.counts.items())
    return "\n".join([*parts, f"\n{room.name}: {counts}: {room.score:.1%}"])


def stubs(room: Room) -> str:
    """Give the entries for tools/mutants.toml, to which the reasons must be added."""
    entries = []
    for mutant in room.survivors:
        constant = [] if "__mutmut_" in mutant.name else ["constant = true"]
        fields = {"file": mutant.file, "function": mutant.function, "was": mutant.was, "becomes": mutant.becomes}
        lines = [f"{key} = {json.dumps(value, ensure_ascii=False)}" for key, value in fields.items()]
        entries.append("\n".join(["[[equivalent]]", *lines, *constant, 'reason = ""']))
    return "\n\n".join(entries)


def _cell(text: str) -> str:
    return text.replace("|", "\\|").replace("`", "'")


def tables(rooms: list[Room], before: str) -> str:
    """Give the text between the marks of docs/reliability.md; rows of rooms that did not run stay.

    Parameters
    ----------
    rooms : list of Room
        What has run.
    before : str
        The text as it stands there.
    """
    ran = {room.name for room in rooms}
    stand: dict[str, list[str]] = {name: [] for name in ROOMS}
    for line in before.splitlines():
        found = re.match(r"\| (\w+) \|", line)
        if found and found[1] in stand and found[1] not in ran and len(re.findall(r"(?<!\\)\|", line)) == 8:
            stand[found[1]].append(line)
    for room in rooms:
        counts = " | ".join(str(number) for number in room.counts.values())
        stand[room.name] = [f"| {room.name} | {counts} | {100 * room.score:.1f} % |"]
    rows = [row for name in ROOMS for row in stand[name]]
    every = [path for name in ROOMS for path in files_of(name, [])]
    reasons = [
        f"| `{entry.file.removeprefix('posture/')}` {_cell(entry.function)} | `{_cell(entry.was)}` | "
        f"`{_cell(entry.becomes)}` | {_cell(entry.reason)} |"
        for entry in sorted(equivalents(every) + equivalents(every, constant=True), key=_key)
    ]
    return "\n".join(
        [
            "| room | mutants | killed | timed out | equivalent | survived | score |",
            "|---|---|---|---|---|---|---|",
            *rows,
            "",
            "| where | line | as mutated | why no test can tell |",
            "|---|---|---|---|",
            *reasons,
        ]
    )


def write(rooms: list[Room]) -> None:
    """Put the tables in their place on the page."""
    text = PAGE.read_text(encoding="utf-8")
    begin, end = "<!-- mutants: written by tools/mutation.py -->", "<!-- end of mutants -->"
    head, _, rest = text.partition(begin)
    old, _, tail = rest.partition(end)
    PAGE.write_text(f"{head}{begin}\n{tables(rooms, old)}\n{end}{tail}", encoding="utf-8")


def main(argv: list[str] | None = None) -> int:
    """Run what was asked for."""
    parser = argparse.ArgumentParser(prog="mutation.py", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("room", nargs="?", choices=list(ROOMS), help="all rooms without it, and the page is written")
    parser.add_argument("file", nargs="*", help="only these files of the room")
    parser.add_argument("--tests", nargs="+", metavar="PATH", help="run these tests instead of the room's own")
    parser.add_argument("--processes", type=int, default=os.cpu_count() or 1, metavar="N", help="mutants at a time")
    parser.add_argument("--constants", action="store_true", help="change what mutmut does not reach instead")
    parser.add_argument("--json", action="store_true", help="print everything as JSON")
    parser.add_argument("--stubs", action="store_true", help="print entries for tools/mutants.toml")
    parser.add_argument("--write", action="store_true", help="write the room's row of docs/reliability.md")
    args = parser.parse_args(argv)
    if args.write and (args.file or args.constants):
        parser.error("the page shows what mutmut has changed in a whole room")
    rooms = []
    for name in [args.room] if args.room else list(ROOMS):
        room = (run_constants if args.constants else run)(
            name, files_of(name, args.file), args.tests or [f"tests/{name}"], args.processes
        )
        rooms.append(room)
        if args.json:
            continue
        print(stubs(room) if args.stubs else report(room), flush=True)
    if args.json:
        found = [
            {"room": room.name, **room.counts, "score": room.score, "survivors": [asdict(m) for m in room.survivors]}
            for room in rooms
        ]
        print(json.dumps(found, indent=1, ensure_ascii=False))
    if args.write or not (args.room or args.constants):
        write(rooms)
    return 0 if all(room.score >= WANTED and not room.outdated for room in rooms) else 1


if __name__ == "__main__":
    sys.exit(main())
