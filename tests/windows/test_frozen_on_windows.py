"""The frozen build, as it is unpacked: the program starts, sees, says so and stops, without a Python beside it."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from life import Life, offspring, processes, until

BUILD = os.environ.get("POSTURE_FROZEN", "")
pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "win32" or not BUILD, reason="no frozen build is named in POSTURE_FROZEN"),
]


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    (program,) = (path for path in Path(BUILD).rglob("posture.exe"))
    one = Life(tmp_path, (str(program),))
    for name in ("PYTHONPATH", "PYTHONUTF8", "PYTHONIOENCODING"):
        one.environment.pop(name, None)
    yield one
    one.run("stop", code=None)


def test_it_starts_sees_and_stops(life: Life) -> None:
    life.begin()
    seen = life.seeing()
    family = offspring(seen["pid"])
    assert seen["sensor"]["pid"] in family
    assert "running already" in life.run("start")
    assert "Sitting" in life.run("status")
    assert "has stopped" in life.run("stop")
    until(lambda: not family & set(processes()), "nothing is left")
    life.run("history", "check")
