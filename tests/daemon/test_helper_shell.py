"""What the helper shell gives back of a program that it runs outside of the box, and what it cannot be made to do."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from private_session import PATIENCE_S, until

from posture import sandbox
from posture.daemon.helper_base import MOST_ANSWER_BYTES
from posture.daemon.helper_shell import HelperShell

PRINTS = [sys.executable, "-c", "print('one');print('two')"]


@pytest.fixture
def shell(tmp_path: Path) -> Iterator[HelperShell]:
    found = HelperShell(
        {"touch": ["touch", str(tmp_path / "touched")]},
        {
            "prints": PRINTS,
            "much": [sys.executable, "-c", "print('x' * 3_000_000)"],
            "fails": [sys.executable, "-c", "import sys; print('no'); print('why', file=sys.stderr); sys.exit(1)"],
            "silent": ["sleep", "3"],
        },
    )
    yield found
    found.close()


def test_what_a_program_prints_comes_back(shell: HelperShell) -> None:
    assert shell.ask("prints", PATIENCE_S) == b"one two "
    assert shell.ask("fails", PATIENCE_S) == b"no ", "and nothing that it complains of"
    assert shell.ask("much", PATIENCE_S) == b"x" * MOST_ANSWER_BYTES
    assert shell.ask("prints", PATIENCE_S) == b"one two ", "what is cut leaves nothing behind"


def test_nothing_but_what_is_known_is_run(shell: HelperShell, tmp_path: Path) -> None:
    shell.open("touch", "a/b")
    shell.open("touch;", "a")
    assert shell.ask("nothing", 0.5) is None
    assert shell.ask("silent", 0.5) is None
    assert shell.ask("prints", PATIENCE_S) == b"one two ", "it still answers"
    assert list(tmp_path.iterdir()) == []
    shell.open("touch")
    until((tmp_path / "touched").exists, "what is known is run")
    shell.close()
    assert shell.ask("prints", PATIENCE_S) is None


def test_without_programs_to_ask_none_is_asked() -> None:
    plain = HelperShell({"prints": PRINTS})
    assert plain.ask("prints", 0.5) is None
    plain.close()


BOXED = """
import json, socket, sys
from posture import sandbox
from posture.daemon.helper_shell import HelperShell
from posture.errors import PostureError
from posture.own_command import own_command
from posture.window.step_others import PROOF, privacy_checks

shell = HelperShell({}, {PROOF: own_command("posture", "doctor", "--privacy", "--json")})
sandbox.enter_daemon()
try:
    socket.socket(socket.AF_INET)
    said = {"here": "allowed"}
except OSError:
    said = {"here": "refused"}
said |= privacy_checks(shell.ask)
shell.close()
print(json.dumps(said))
"""
NOTED = """
import os, socket, sys
try:
    socket.socket(socket.AF_INET).close()
    said = "allowed"
except OSError:
    said = "refused"
with open(os.environ["NOTES"], "a") as notes:
    notes.write(f"{said} {' '.join(sys.orig_argv[1:])}\\n")
"""


@pytest.mark.slow
@pytest.mark.skipif(not sandbox.held_by_kernel(), reason="the kernel holds no box here")
def test_the_proof_is_made_outside_of_the_box(tmp_path: Path) -> None:
    """Who makes the proof can have the network, which the window's box refuses; so the sensor's own box is tried."""
    (tmp_path / "sitecustomize.py").write_text(NOTED)
    notes = tmp_path / "notes"
    own = {f"XDG_{name}": str(tmp_path / name) for name in ("RUNTIME_DIR", "DATA_HOME", "CONFIG_HOME", "STATE_HOME")}
    path = os.pathsep.join([str(tmp_path), *filter(None, [os.environ.get("PYTHONPATH")])])
    done = subprocess.run(
        [sys.executable, "-c", BOXED],
        env=os.environ | own | {"PYTHONPATH": path, "NOTES": str(notes)},
        capture_output=True,
        text=True,
        timeout=10 * PATIENCE_S,
        check=True,
    )
    said = json.loads(done.stdout)
    assert said["here"] == "refused"
    assert said["ok"]
    by_name = {check["name"]: check for check in said["checks"]}
    assert by_name["sensor: TCP"]["status"] == "pass"
    assert by_name["sensor: TCP"]["says"].startswith("refused")
    assert [line for line in notes.read_text().splitlines() if line.endswith("posture doctor --privacy --json")] == [
        "allowed -P -m posture doctor --privacy --json"
    ]
