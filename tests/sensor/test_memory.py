"""How much memory a process may have."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from posture import child
from posture.process_memory import DATA_MB, MB, limit_memory, size_mb
from posture.sensor.client import SensorProcess
from posture.sensor.wire import Start, settings_to_json
from posture.settings import Settings

if sys.platform != "win32":
    import resource

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="known on Linux")


def test_the_size_is_what_is_in_memory_and_what_is_swapped_out(tmp_path: Path) -> None:
    (tmp_path / "7").mkdir()
    (tmp_path / "7/status").write_text("Name:\tx\nVmPeak:\t 9999999 kB\nVmRSS:\t  204800 kB\nVmSwap:\t  102400 kB\n")
    assert size_mb(7, tmp_path) == 300
    (tmp_path / "7/status").write_text("Name:\tx\nState:\tZ (zombie)\n")
    assert size_mb(7, tmp_path) is None
    assert size_mb(8, tmp_path) is None
    assert 5 < (size_mb(os.getpid()) or 0) < 100_000


def test_a_process_gets_no_more_than_its_limit() -> None:
    program = "import sys; sys.stdin.readline(); print(len(b'x' * (300 << 20)))"
    with subprocess.Popen([sys.executable, "-c", program], stdin=-1, stdout=-1, stderr=-1, text=True) as other:
        limit_memory(other.pid, 200)
        out, errors = other.communicate("\n")
    assert out == ""
    assert "MemoryError" in errors


def test_the_kernel_holds_a_sensor_to_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(child, "own_command", lambda module, *rest: [sys.executable, "-c", "input()"])
    sensor = SensorProcess(Start(settings_to_json(Settings()), "0", None, 0.0))
    try:
        assert resource.prlimit(sensor.pid, resource.RLIMIT_DATA) == (DATA_MB * MB, DATA_MB * MB)
    finally:
        sensor.kill()
        sensor.end()


def test_what_a_sensor_prints_reaches_nobody(
    monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    """Its output would be a file of the daemon's, `daemon.err`."""
    monkeypatch.delenv("POSTURE_DEBUG", raising=False)
    program = "import sys; print('a picture', flush=True); print('a picture', file=sys.stderr, flush=True)"
    monkeypatch.setattr(child, "own_command", lambda module, *rest: [sys.executable, "-c", program])
    sensor = SensorProcess(Start(settings_to_json(Settings()), "0", None, 0.0))
    sensor._child.wait(60)
    sensor.end()
    assert capfd.readouterr() == ("", "")
