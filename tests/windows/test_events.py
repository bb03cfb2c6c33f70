"""What the whole pipeline finds in the three clips on Windows: the events that Linux found, each within a second."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest
from life import Life
from recorded import differences_of_events, recorded

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform != "win32", reason="runs on Windows: .ci/windows")]

TESTS = Path(__file__).parents[1]
CLIPS = {
    "laptop_a": TESTS / "data/laptop_a.mp4",
    "laptop_b": TESTS / "data/laptop_b.mp4",
    "desk_stand": TESTS.parent / "samples/desk_stand.mp4",
}
START, CALIBRATE_S = "2026-11-25T09:00:00+00:00", "10"


@pytest.mark.parametrize("name", CLIPS)
def test_events_are_those_of_linux(tmp_path: Path, name: str) -> None:
    life = Life(tmp_path)
    life.settings.unlink()
    with life.started("replay", str(CLIPS[name]), "--start", START, "--calibrate", CALIBRATE_S, "--json") as process:
        printed, errors = process.communicate(timeout=1800)
    assert (process.returncode, errors) == (0, "")
    assert differences_of_events(recorded(f"{name}.jsonl"), [json.loads(line) for line in printed.splitlines()]) == []
