"""The tables of docs/reliability.md can be written: the code has what they break, and the tests what they run."""

from __future__ import annotations

import ast
import importlib.util
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))

import mutation  # noqa: E402
import reliability  # noqa: E402


@pytest.mark.parametrize("entry", reliability.BREAKS, ids=lambda entry: entry.promise)
def test_what_is_broken_is_there_once(entry: reliability.Break) -> None:
    text = (ROOT / entry.file).read_text(encoding="utf-8")
    assert text.count(entry.old) == 1
    assert text.replace(entry.old, entry.new) != text


def test_the_tests_of_the_tables_are_there() -> None:
    named = {test for fault in reliability.FAULTS for test in fault.tests} | {row.test for row in reliability.BREAKS}
    for test in named:
        file, _, words = test.partition(" -k ")
        files = (ROOT / file).rglob("*.py") if (ROOT / file).is_dir() else [ROOT / file]
        text = "".join(path.read_text(encoding="utf-8") for path in files)
        wanted = [word.strip("()") for word in words.split() if word not in ("and", "or", "not")]
        assert all(word in text for word in wanted), test


def test_accepted_mutants_are_of_pure_files_and_have_a_reason() -> None:
    pure = [file for room in mutation.ROOMS for file in mutation.files_of(room, [])]
    entries = mutation.equivalents(pure) + mutation.equivalents(pure, constant=True)
    assert len(entries) == mutation.EQUIVALENT.read_text(encoding="utf-8").count("\n[[equivalent]]")
    for entry in entries:
        assert entry.reason, entry
        assert entry.was != entry.becomes


def test_a_mutant_is_read_as_it_is_printed() -> None:
    lines = (" def f(a):", "-    return (", "-        a + 1)", "+    return (", "+        a - 1)")
    diff = "\n".join(["--- a.py", "+++ a.py", "@@ -1,3 +1,3 @@", *lines])
    name = "posture.timeline.state.xǁTimelineStateǁactive_share__mutmut_3"
    mutant = mutation.read_mutant({"name": name, "file": "a.py", "status": "survived", "diff": diff})
    assert (mutant.function, mutant.was, mutant.becomes) == (
        "TimelineState.active_share",
        "return ( a + 1)",
        "return ( a - 1)",
    )
    room = mutation.Room("timeline", (mutant,), ())
    assert (room.score, room.survivors, room.outdated) == (0.0, [mutant], [])
    known = mutation.Equivalent("a.py", mutant.function, mutant.was, mutant.becomes, "no difference")
    assert mutation.Room("timeline", (mutant,), (known,)).score == 1.0
    assert mutation.Room("timeline", (), (known,)).outdated == [known]


@pytest.mark.parametrize("path", sorted((ROOT / "tools").glob("*.py")) + sorted((ROOT / "benchmarks").glob("*.py")))
def test_what_a_tool_imports_of_the_package_is_there(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").partition(".")[0] == "posture":
            module = importlib.import_module(str(node.module))
            for alias in node.names:
                assert hasattr(module, alias.name) or importlib.util.find_spec(f"{node.module}.{alias.name}")


def test_the_constants_that_are_changed() -> None:
    text = """
LIMIT_S, ON = 30.0, True

@dataclass
class Plan:
    parts: int = 2
    kind: Literal[1] = "a"

    @property
    def half(self) -> float:
        return self.parts / 2

    def other(self) -> int:
        return 7
"""
    assert [(where, becomes.strip()) for where, _, _, becomes in mutation.constants(text)] == [
        ("", "LIMIT_S, ON = 60.0, True"),
        ("", "LIMIT_S, ON = 30.0, False"),
        ("Plan", "parts: int = 4"),
        ("Plan.half", "return self.parts / 4"),
    ]
