"""Where the kernel holds nothing, the sensor still loads its model and sees, and its own code keeps to the promise."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from posture import child, own_command
from posture.clock import now_s
from posture.perception.gate import ALWAYS
from posture.sensor.client import SensorProcess
from posture.sensor.feeder import Feeder
from posture.sensor.wire import Look, LookResult, Probe, Probed, Ready, Start, settings_to_json
from posture.settings import Settings

BARE = Path(__file__).with_name("bare_system.py")
KEPT_TO = {
    *("TCP", "TCP over IPv6", "UDP", "DNS", "a new file", "an old file", "shared memory", "a mapped file"),
    *("a program", "permissions", "a signal"),
}
"""What Python tells of, of the attempts that `doctor --privacy` makes."""
PATIENCE_S = 120.0


@pytest.mark.slow
def test_a_sensor_sees_with_nothing_of_the_kernel(
    data: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(child, "own_command", lambda module, *rest: [sys.executable, str(BARE), module, *rest])
    monkeypatch.setenv("PYTHONPATH", str(own_command.ROOT))
    monkeypatch.setenv("POSTURE_DEBUG", "1")
    for name in ("there", "shared"):
        (tmp_path / name).write_bytes(b"x")
    feeder = Feeder(str(data / "still.mp4"))
    sensor = SensorProcess(Start(settings_to_json(Settings()), "0", None, 0.0), feeder)
    try:
        assert isinstance(sensor.receive(PATIENCE_S), Ready)
        feeder.play()
        sensor.send(Look(1, ALWAYS, now_s() + PATIENCE_S))
        seen = sensor.receive(PATIENCE_S)
        assert isinstance(seen, LookResult)
        assert seen.observation is not None
        assert (seen.camera, seen.inferred, seen.observation.presence) == ("open", True, "sitting")
        sensor.send(Probe(str(tmp_path)))
        tried = sensor.receive(PATIENCE_S)
        assert isinstance(tried, Probed)
        assert {name for name in KEPT_TO if not tried.attempts[name].startswith("refused")} == set()
    finally:
        sensor.end()
        feeder.close()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["shared", "there"]
    assert capfd.readouterr().err == ""
