"""The house keeps its one direction, and what is light stays light."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "posture"
ROOMS = ("camera", "pose", "measure", "timeline", "coach", "history", "report", "desktop", "daemon", "cli")
PURE = ("measure", "timeline", "coach")
COMMON = {"settings", "errors", "__version__"}
EDGES = ("desktop", "daemon", "cli")
# What a pure room may import of the standard library and beyond: no clock, no file, no thread, no OpenCV.
IMPURE = {"time", "datetime", "threading", "asyncio", "subprocess", "socket", "cv2", "mediapipe", "sqlite3", "random"}
HEAVY = ("mediapipe", "cv2", "matplotlib", "numpy", "rich", "tomlkit", "sqlite3", "asyncio")


def imports_of(path: Path) -> set[str]:
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found.add(node.module or "")
            if node.module == "posture":
                found |= {f"posture.{alias.name}" for alias in node.names}
    return found


@pytest.mark.parametrize("room", ROOMS)
def test_a_room_imports_only_rooms_to_its_left(room: str) -> None:
    allowed = set(ROOMS[: ROOMS.index(room) + 1]) | COMMON | ({"settings_file"} if room in EDGES else set())
    for path in sorted((PACKAGE / room).rglob("*.py")):
        for name in imports_of(path):
            if name.startswith("posture."):
                assert name.split(".")[1] in allowed, f"{path.relative_to(ROOT)} imports {name}"


@pytest.mark.parametrize("room", PURE)
def test_the_middle_rooms_are_pure(room: str) -> None:
    for path in sorted((PACKAGE / room).rglob("*.py")):
        impure = {name for name in imports_of(path) if name.split(".")[0] in IMPURE}
        assert not impure, f"{path.relative_to(ROOT)} imports {impure}"


@pytest.mark.parametrize("statement", ["import posture", "from posture.cli.main import parser; parser()"])
def test_what_is_light_imports_nothing_heavy(statement: str) -> None:
    code = f"import sys; {statement}; print(*sorted({set(HEAVY)!r} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT)
    assert done.stdout.split() == []


def test_nothing_points_out_of_the_project() -> None:
    listed = subprocess.run(["git", "ls-files", "-z"], capture_output=True, text=True, cwd=ROOT, check=False)
    if listed.returncode != 0:
        pytest.skip("not a git checkout: nothing to list")
    texts = (".py", ".md", ".toml", ".txt", ".sh", ".html", ".json", "run", "NOTICE")
    for name in listed.stdout.split("\0"):
        path = ROOT / name
        if name.endswith(texts) and path.is_file() and path != Path(__file__):
            text = path.read_text(encoding="utf-8")
            assert "../shared" not in text, name
            assert "/work/" not in text, name
