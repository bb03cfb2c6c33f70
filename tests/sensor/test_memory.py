"""How much memory a process may have."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from posture import child
from posture.clock import now_s
from posture.perception.gate import ALWAYS
from posture.process_memory import DATA_MB, MB, limit_memory, size_mb
from posture.sensor.client import SensorProcess
from posture.sensor.feeder import Feeder
from posture.sensor.wire import Look, LookResult, Ready, Start, settings_to_json
from posture.settings import PoseSettings, Settings

if sys.platform != "win32":
    import resource

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="known on Linux")
PATIENCE_S = 120.0
GIVE_BACK = """
import ctypes, mmap, sys
from pathlib import Path
from posture.process_memory import give_back_file, give_back_libraries

file = Path(sys.argv[1])

def of_files_mb():
    return int(Path("/proc/self/status").read_text().split("RssFile:")[1].split()[0]) / 1024

def mapped(writable):
    with file.open("rb") as opened:
        return mmap.mmap(opened.fileno(), 0, mmap.MAP_PRIVATE, mmap.PROT_READ | (mmap.PROT_WRITE if writable else 0))

read, changed = mapped(False), mapped(True)
changed[0:3] = b"own"
address = ctypes.addressof(ctypes.c_char.from_buffer(changed))
assert ctypes.CDLL(None).mprotect(ctypes.c_void_p(address), ctypes.c_size_t(len(changed)), mmap.PROT_READ) == 0
assert read[:] == file.read_bytes()
before_mb = of_files_mb()
give_back_libraries() if file.suffix == ".so" else give_back_file(file)
assert before_mb - of_files_mb() > 7.0, (before_mb, of_files_mb())
assert read[:] == file.read_bytes()
assert changed[0:3] == b"own"
assert changed[3:] == file.read_bytes()[3:]
"""


def test_the_size_is_what_is_in_memory_and_what_is_swapped_out(tmp_path: Path) -> None:
    (tmp_path / "7").mkdir()
    (tmp_path / "7/status").write_text("Name:\tx\nVmPeak:\t 9999999 kB\nVmRSS:\t  204800 kB\nVmSwap:\t  102400 kB\n")
    assert size_mb(7, tmp_path) == 300
    (tmp_path / "7/status").write_text("Name:\tx\nState:\tZ (zombie)\n")
    assert size_mb(7, tmp_path) is None
    assert size_mb(8, tmp_path) is None
    assert 5 < (size_mb(os.getpid()) or 0) < 100_000


@pytest.mark.parametrize("name", ["a model", "lib.so"])
def test_pages_of_files_are_given_back_but_for_what_was_changed_in_memory(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(os.urandom(8 << 20))
    subprocess.run([sys.executable, "-c", GIVE_BACK, tmp_path / name], check=True)


@pytest.mark.slow
@pytest.mark.parametrize(("model", "most_mb"), [("heavy", 165), ("full", 130)])
def test_a_sensor_keeps_to_its_memory(data: Path, model: str, most_mb: int) -> None:
    """All that it ever has at once, from its start: 147 MB with heavy, 101 with full [measured]."""
    settings = Settings(pose=PoseSettings(model=model, engine="litert"))
    feeder = Feeder(str(data / "still.mp4"))
    sensor = SensorProcess(Start(settings_to_json(settings), "0", None, 0.0), feeder)
    try:
        assert isinstance(sensor.receive(PATIENCE_S), Ready)
        feeder.play()
        for number in range(3):
            sensor.send(Look(number, ALWAYS, now_s() + PATIENCE_S))
            seen = sensor.receive(PATIENCE_S)
            assert isinstance(seen, LookResult)
            assert seen.inferred
        status = Path(f"/proc/{sensor.pid}/status").read_text()
    finally:
        sensor.end()
        feeder.close()
    assert 50 < int(status.partition("VmHWM:")[2].split()[0]) / 1024 <= most_mb


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
