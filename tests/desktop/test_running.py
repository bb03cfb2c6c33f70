"""Programs are found by name, on a real system."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from posture.desktop.running import NotTold
from posture.desktop.running_linux import LinuxRunning

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="asks /proc")


def test_a_program_is_found_by_its_name_in_any_case_and_however_long_it_is(tmp_path: Path) -> None:
    program = tmp_path / "A-recorder-of-the-screen"
    program.write_bytes(Path("/bin/sleep").read_bytes())
    program.chmod(0o700)
    running = LinuxRunning()
    names = ["obs-of-tests", "a-RECORDER-of-the-screen"]
    assert not running.any_of(names)
    with subprocess.Popen([program, "60"]) as process:
        try:
            assert running.any_of(names)
            assert not running.any_of(["recorder"]), "a part of a name is another name"
            assert not running.any_of([])
        finally:
            process.kill()
    assert not running.any_of(names)


def test_the_name_of_a_process_counts_as_well(tmp_path: Path) -> None:
    (tmp_path / "42").mkdir()
    (tmp_path / "42/comm").write_text("Zoom\n")
    (tmp_path / "43").mkdir()  # it has ended
    assert LinuxRunning(tmp_path).any_of(["zoom"])
    assert not LinuxRunning(tmp_path).any_of(["zoo"])


def test_elsewhere_it_says_that_it_does_not_know() -> None:
    assert not NotTold().any_of(["obs"])
    assert "coach.quiet_while has no effect" in NotTold().note
