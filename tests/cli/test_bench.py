"""`posture bench`: what it reports, not how fast this machine is."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from test_contracts import missing_keys, recorded

from posture.cli.main import main
from posture.errors import PostureError
from posture.monitor.bench import Change, changes_of, figures, interval_of, latencies_s, latency, percentiles
from posture.sensor.wire import CostReport
from posture.timeline.events import BoutStarted, DeviationStarted, PresenceChanged


@pytest.mark.slow
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
    assert missing_keys(recorded("bench.json"), found) == []  # what other programs may count on


def test_policies() -> None:
    assert interval_of("default") is None
    assert interval_of("every-frame") == 0
    assert interval_of("fps=2") == 0.5
    assert interval_of("fps=0.01") == 100.0
    assert interval_of("fps=120") == pytest.approx(1 / 120)
    for wrong in (
        "",
        "fps",
        "fps=",
        "fps=0",
        "fps=0.009",
        "fps=-1",
        "fps=120.1",
        "fps=nan",
        "fps=1e9",
        "every",
        "fps=2x",
    ):
        with pytest.raises(PostureError):
            interval_of(wrong)


@pytest.mark.slow
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
    labels = ["upright", "slump", "upright", "lean_left", "away", "slump", "standing", "upright"]
    segments = [{"label": label, "start": 10 * number} for number, label in enumerate(labels)]
    (tmp_path / "day.truth.json").write_text(json.dumps({"segments": segments}))
    # Back from being away, what is new is that somebody sits, however they do.
    assert changes_of(str(tmp_path / "day.mp4")) == [
        Change(10.0, "slump"),
        Change(30.0, "lean_left"),
        Change(40.0, "away"),
        Change(50.0, "sitting"),
        Change(60.0, "standing"),
        Change(70.0, "sitting"),
    ]


def test_latency_is_from_the_change_to_its_own_event() -> None:
    changes = [Change(10.0, "away"), Change(50.0, "sitting"), Change(80.0, "slump")]
    events = [
        (9.0, PresenceChanged(9.0, 8.0, "away", "sitting")),  # before the change: of something else
        (16.0, PresenceChanged(16.0, 14.0, "away", "sitting")),
        (57.0, PresenceChanged(57.0, 55.0, "sitting", "away")),
        (57.0, BoutStarted(57.0, 55.0)),
        (94.0, DeviationStarted(94.0, 84.0, "lean_left", 1.2)),
    ]
    assert latencies_s(changes, events) == ([6.0, 7.0], [Change(80.0, "slump")])


@pytest.mark.parametrize(("at_s", "taken_s"), [(99.9, None), (100.0, 0.0), (103.0, 3.0), (145.0, 45.0), (145.1, None)])
def test_an_event_counts_for_a_change_within_its_time(at_s: float, taken_s: float | None) -> None:
    change = Change(100.0, "slump")
    found, missed = latencies_s([change], [(at_s, DeviationStarted(at_s, 90.0, "slump", 1.2))])
    assert (found, missed) == (([], [change]) if taken_s is None else ([pytest.approx(taken_s)], []))


def test_the_first_of_two_events_counts() -> None:
    events = [(at_s, PresenceChanged(at_s, at_s, "away", "sitting")) for at_s in (120.0, 108.0, 130.0)]
    assert latencies_s([Change(100.0, "away")], events) == ([8.0], [])


def test_changes_outside_the_window_are_left_out(tmp_path: Path) -> None:
    segments = [{"label": "slump", "start": at_s} for at_s in (99, 100, 170, 171)]
    (tmp_path / "clip.truth.json").write_text(json.dumps({"segments": segments}))
    events = [(104.0, DeviationStarted(104.0, 101.0, "slump", 1.2))]
    found = latency(str(tmp_path / "clip.mp4"), events, 100.0, 100.0)
    assert found == {"p50": 4.0, "p95": 4.0, "changes": 2, "missed": ["slump at 170"]}
    assert latency(str(tmp_path / "none.mp4"), events, 100.0, 100.0) is None
    assert latency("rtsp://camera.example:554/", events, 100.0, 100.0) is None


@pytest.mark.parametrize(
    ("values", "p50", "p95"),
    [
        ([], None, None),
        ([7.04], 7.0, 7.0),
        ([1.0, 2.0], 1.5, 2.0),
        ([float(value) for value in range(20, 0, -1)], 10.5, 19.0),
        ([float(value) for value in range(1, 22)], 11.0, 20.0),
        ([float(value) for value in range(1, 101)], 50.5, 95.0),
    ],
)
def test_percentiles(values: list[float], p50: float | None, p95: float | None) -> None:
    assert percentiles(values, 1) == {"p50": p50, "p95": p95}


def cost(scale: float, infer_ms: list[float]) -> CostReport:
    cpu_s = {"capture": 0.1 * scale, "decode": 0.2 * scale, "gate": 0.3 * scale, "inference": 1.0 * scale}
    counts = {"looks": 10, "grabbed": 9, "decoded_small": 8, "decoded": 7, "inferred": 6, "dropped": 5}
    scaled = {name: round(count * scale) for name, count in counts.items()}
    return CostReport(cpu_s, 2.0 * scale, scaled, infer_ms, 15.0 * scale, 200.0, 3.0 * scale)


def test_the_figures_are_those_of_the_window_alone() -> None:
    found = figures(cost(1.0, [9.0]), cost(3.0, [9.0, 40.0, 60.0]), 30.0, 0.6)
    # Of 30 s: the sensor used 4 s and the other process 0.6 s.
    assert found["cpu_ms_per_s"] == round(4600 / 30, 3)
    assert found["cpu_ms_per_s_by"] == {"sensor": round(4000 / 30, 3), "daemon": 20.0}
    assert found["cpu_ms_per_s_of"] == {
        "capture": round(200 / 30, 3),
        "decode": round(400 / 30, 3),
        "gate": 20.0,
        "inference": round(2000 / 30, 3),
        "rest": round(1400 / 30, 3),
    }
    assert found["frames"] == {"grabbed": 18, "decoded_small": 16, "decoded": 14, "inferred": 12, "dropped": 10}
    assert found["per_minute"] == {"looks": 40.0, "inferences": 24.0, "skips": 16.0, "camera_open_s": 60.0}
    assert found["infer_ms"] == {"p50": 50.0, "p95": 60.0}


def test_figures_are_rounded() -> None:
    found = figures(cost(1.0, []), cost(2.0, [40.04]), 7.0, 0.1)
    assert found["cpu_ms_per_s"] == 300.0
    assert found["cpu_ms_per_s_by"] == {"sensor": 285.714, "daemon": 14.286}
    assert found["per_minute"] == {"looks": 85.7, "inferences": 51.4, "skips": 34.3, "camera_open_s": 128.6}
    assert found["infer_ms"] == {"p50": 40.0, "p95": 40.0}
