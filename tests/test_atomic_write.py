"""A file is replaced whole or not at all, also when the power goes; and there is one place that does it."""

from __future__ import annotations

import ast
import re
import stat
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from posture.atomic_write import atomic_file, output_file, write_atomically
from posture.errors import PostureError

PACKAGE = Path(__file__).parent.parent / "posture"
MOVES = {"file_system.py": 1, "history/image.py": 1}
"""Files that rename something, and how often."""
USES_MOVE = {"atomic_write.py": 2, "history/rescue.py": 2, "daemon/logs.py": 1}
"""Files that have `file_system.move` do it: to write, to set a damaged history aside, and to turn the log over."""


def permissions(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_text_is_written_as_it_is_and_for_the_user_alone(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    write_atomically(path, "first\n")
    write_atomically(path, "zweite Ärmel\r\n\n")
    assert path.read_bytes() == "zweite Ärmel\r\n\n".encode()
    assert list(tmp_path.iterdir()) == [path]
    if sys.platform != "win32":
        assert permissions(path) == 0o600
        write_atomically(path, "", 0o644)
        assert permissions(path) == 0o644


def test_an_error_half_way_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "notes.txt"
    write_atomically(path, "old")

    def interrupted() -> None:
        with atomic_file(path) as file:
            file.write("new" * 100_000)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    with pytest.raises(UnicodeEncodeError):
        write_atomically(path, "\ud800")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_an_output_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    path = tmp_path / "no such folder" / "report.html"
    with pytest.raises(OSError, match="No such file"):
        write_atomically(path, "")
    sentence = r"report\.html cannot be written \(No such file .*\): choose another place with --output"
    with pytest.raises(PostureError, match=sentence), output_file(path):
        pass


@pytest.mark.skipif(sys.platform != "linux", reason="strace is of Linux")
def test_the_disk_has_the_text_before_the_name_and_the_name_before_it_returns(
    tmp_path: Path, require_tool: Callable[[str], str]
) -> None:
    folder, log = tmp_path / "disk", tmp_path / "strace.log"
    folder.mkdir()
    (folder / "state.json").write_text("{}")
    code = (
        "import sys; from pathlib import Path; from posture.atomic_write import write_atomically\n"
        "write_atomically(Path(sys.argv[1]), '{\"paused\": true}')\n"
        "print('returned', flush=True)\n"
    )
    calls = "openat,write,fsync,fdatasync,rename,renameat,renameat2"
    strace = [require_tool("strace"), "-f", "-y", "-e", f"trace={calls}", "-o", str(log)]
    subprocess.run([*strace, sys.executable, "-c", code, str(folder / "state.json")], check=True, timeout=120)

    temporary = rf"{re.escape(str(folder))}/\.state-\w+"
    steps = {
        "make": rf'openat\(.*"{temporary}", .*O_CREAT\|O_EXCL.*, 0600\)',
        "write": rf"write\(\d+<{temporary}>, .*paused",
        "sync the file": rf"f(data)?sync\(\d+<{temporary}>\) += 0",
        "replace": rf'rename(at2?)?\(.*"{temporary}", .*"{re.escape(str(folder))}/state\.json".*\) += 0',
        "sync the folder": rf"fsync\(\d+<{re.escape(str(folder))}>\) += 0",
        "return": r'write\(1<.*"returned',
    }
    found = [step for line in log.read_text().splitlines() for step, call in steps.items() if re.search(call, line)]
    assert found == list(steps)


def test_nobody_else_replaces_a_file_or_writes_one_directly() -> None:
    renaming = {"rename", "renames", "move"}  # and replace, which text and times have as well
    moves: dict[str, int] = {}
    used: dict[str, int] = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "move":
                used[path.relative_to(PACKAGE).as_posix()] = used.get(path.relative_to(PACKAGE).as_posix(), 0) + 1
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute):
                continue
            name, caller = node.func.attr, ast.unparse(node.func.value)
            where = f"{path.relative_to(PACKAGE)}, line {node.lineno}"
            # What is written to the kernel is no file.
            assert name not in ("write_text", "write_bytes") or caller.startswith("Path('/proc/self/"), where
            replaces = name == "replace" and (len(node.args) == 1 or caller == "os")
            if replaces or (name in renaming and caller != "self"):
                moves[path.relative_to(PACKAGE).as_posix()] = moves.get(path.relative_to(PACKAGE).as_posix(), 0) + 1
    assert moves == MOVES
    assert used == USES_MOVE
