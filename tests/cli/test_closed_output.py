"""A command whose output is closed, full or read by nobody ends with a code of its own, never with a traceback."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
WAYS = (">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-", ">/dev/full", "2>/dev/full", ">/dev/full 2>/dev/full", "| true")
COMMANDS = ("config list", "--help", "nonsense", "status")
pytestmark = pytest.mark.skipif(
    sys.platform == "win32" or not Path("/dev/full").exists(), reason="no /dev/full and no shell of POSIX"
)


@pytest.mark.parametrize(
    "command", [pytest.param(name, marks=[] if name == "config list" else pytest.mark.nightly) for name in COMMANDS]
)
def test_a_closed_or_full_output_is_no_traceback(command: str, tmp_path: Path) -> None:
    for name in ("XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "XDG_RUNTIME_DIR"):
        os.makedirs(tmp_path / name, mode=0o700)  # noqa: PTH103 - the mode
    folders = {path.name: str(path) for path in tmp_path.iterdir()}
    # Each in a subshell, whose standard error is kept where the command does not close its own.
    tries = "\n".join(f"({sys.executable} -m posture {command} {way}); echo $? >&3" for way in WAYS)
    environment = {key: value for key, value in os.environ.items() if not key.startswith("POSTURE_")}
    done = subprocess.run(
        ["sh", "-c", f"exec 3>codes\n{tries}".replace("3>codes", f"3>{tmp_path / 'codes'}")],
        capture_output=True,
        text=True,
        cwd=ROOT,
        env=environment | folders,
        timeout=300,
        check=False,
    )
    assert "Traceback" not in done.stdout + done.stderr
    assert "Exception ignored" not in done.stdout + done.stderr
    codes = (tmp_path / "codes").read_text().split()
    assert len(codes) == len(WAYS)
    assert set(codes) <= {"0", "1", "2"}
