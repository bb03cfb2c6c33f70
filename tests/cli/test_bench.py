"""`posture bench`: what it reports, not how fast this machine is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from posture.cli.main import main
from posture.errors import PostureError
from posture.monitor.bench import Change, changes_of, latencies_s, policy_of
from posture.timeline.events import BoutStarted, DeviationStarted, PresenceChanged


def test_the_report(data: Path) -> None:
    source = str(data / "still.mp4")
    arguments = ["--seconds", "3", "--policy", "fps=2", "--set", "pose.model=lite", "--json"]
    # In a process of its own: it is one of the two that are measured.
    command = [sys.executable, "-m", "posture", "bench", "--source", source, *arguments]
    found = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert (found["source"], found["policy"], found["model"], found["restarts"]) == (source, "fps=2", "lite", 0)
    assert 2.9 <= found["seconds"] <= 4.0
    assert 4 <= found["frames"]["inferred"] <= 8
    assert found["frames"]["inferred"] == found["frames"]["decoded"] == found["frames"]["grabbed"]
    of = found["cpu_ms_per_s_of"]
    assert set(of) == {"capture", "decode", "gate", "inference", "rest"}
    assert all(cost >= 0 for cost in of.values())
    assert found["cpu_ms_per_s"] == pytest.approx(sum(of.values()), abs=0.01)
    assert found["cpu_ms_per_s"] == pytest.approx(sum(found["cpu_ms_per_s_by"].values()), abs=0.01)
    assert of["inference"] > of["decode"] > of["capture"]
    assert found["per_minute"]["camera_open_s"] == pytest.approx(60, abs=1)
    assert found["per_minute"]["skips"] == 0
    assert 0 < found["infer_ms"]["p50"] <= found["infer_ms"]["p95"]
    assert found["peak_rss_mb"]["sensor"] > found["peak_rss_mb"]["daemon"] > 0
    assert found["feeder_cpu_ms"] > 0
    assert found["startup"]["until_monitored_s"] >= 10
    assert found["latency_s"] == {"p50": None, "p95": None, "changes": 0, "missed": []}


def test_policies() -> None:
    assert policy_of("default").interval_s is None
    assert policy_of("every-frame").interval_s == 0
    assert policy_of("fps=2").interval_s == 0.5
    for wrong in ("", "fps", "fps=", "fps=0", "fps=-1", "fps=nan", "fps=1e9", "every"):
        with pytest.raises(PostureError):
            policy_of(wrong)


@pytest.mark.parametrize(
    "arguments", [["--policy", "often"], ["--seconds", "0"], ["--seconds", "nan"], ["--source", "nowhere.mp4"]]
)
def test_wrong_use_is_one_sentence(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["bench", *arguments]) in (1, 2)
    assert capsys.readouterr().err.count("\n") == 1


def test_changes_are_read_from_the_truth(data: Path, tmp_path: Path) -> None:
    assert changes_of(str(data / "still.mp4")) == []
    assert Change(450.0, "away") in (changes_of(str(data / "laptop_a.mp4")) or [])
    assert Change(530.0, "sitting") in (changes_of(str(data / "laptop_a.mp4")) or [])
    assert changes_of(str(tmp_path / "none.mp4")) is None
    (tmp_path / "odd.truth.json").write_text("[]")
    assert changes_of(str(tmp_path / "odd.mp4")) is None


def test_latency_is_from_the_change_to_its_own_event() -> None:
    changes = [Change(10.0, "away"), Change(50.0, "sitting"), Change(80.0, "slump")]
    told = [
        (9.0, PresenceChanged(9.0, 8.0, "away", "sitting")),  # before the change: of something else
        (16.0, PresenceChanged(16.0, 14.0, "away", "sitting")),
        (57.0, PresenceChanged(57.0, 55.0, "sitting", "away")),
        (57.0, BoutStarted(57.0, 55.0)),
        (94.0, DeviationStarted(94.0, 84.0, "lean_left", 1.2)),
    ]
    assert latencies_s(changes, told) == ([6.0, 7.0], [Change(80.0, "slump")])
