"""`posture bench`: what it reports, not how fast this machine is."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

import pytest
from test_contracts import missing_keys, recorded
from waiting import PATIENCE_S, until

from posture.cli import bench_program
from posture.cli.bench_program import (
    Program,
    Used,
    environment,
    family,
    measure_program,
    memory_mb,
    peak_mb,
    what_began,
)
from posture.cli.main import main
from posture.errors import PostureError
from posture.monitor.bench import Change, changes_of, figures, interval_of, latencies_s, latency, percentiles
from posture.paths import history_path, runtime_folder, state_folder
from posture.sensor.wire import CostReport
from posture.settings import Settings
from posture.settings_file import load_settings
from posture.timeline.events import BoutStarted, DeviationStarted, PresenceChanged


@pytest.mark.nightly
def test_the_report_of_looks_at_a_fixed_rate(data: Path) -> None:
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
    assert not found["whole_program"]


def clocks_s(pids: list[int]) -> float:
    """What /proc says that these processes have used, in whole ticks, and so at most two each too little."""
    ticks = 0
    for pid in pids:
        words = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
        ticks += int(words[11]) + int(words[12])
    return ticks / os.sysconf("SC_CLK_TCK")


def threads_s(pids: list[int]) -> float:
    """What /proc says that the threads of these processes have used, those that have ended not counted."""
    files = (path for pid in pids for path in Path(f"/proc/{pid}/task").glob("*/schedstat"))
    return sum(int(path.read_text().split()[0]) for path in files) / 1e9


@pytest.mark.slow
@pytest.mark.skipif(sys.platform != "linux", reason="its figures are compared with /proc")
def test_the_whole_program_is_measured(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    source, overrides = str(data / "still.mp4"), ["pose.model=lite"]
    monkeypatch.setattr(bench_program, "BEGUN_S", 0.0)
    monkeypatch.setattr(bench_program, "SETTLE_S", 0.0)
    seen: list[tuple[list[int], Path]] = []
    used = Program.used

    def also_seen_from_outside(program: Program, told: Any = None) -> Used:
        pids = family(program.pid)
        threads, before_s = threads_s(pids), clocks_s(pids)
        found, after_s = used(program, told), clocks_s(pids)
        tick_s = 1 / os.sysconf("SC_CLK_TCK")
        mine_s = found.sensor_s + found.others_s
        assert found.others_s > 0
        assert threads <= mine_s
        assert before_s <= mine_s <= after_s + 2 * tick_s * len(pids)
        seen.append((pids, program.folder))
        return found

    monkeypatch.setattr(Program, "used", also_seen_from_outside)
    settings = load_settings(overrides=overrides)
    found = measure_program(settings, overrides, source, 2.0, paused_s=1.0)
    assert len(seen) == 4  # before and after, watching and paused
    assert len(seen[0][0]) > len(seen[-1][0]) >= 1  # paused, there is no sensor
    assert not any(Path(f"/proc/{pid}").exists() for pids, _ in seen for pid in pids)
    assert not any(folder.exists() for _, folder in seen)
    assert found["whole_program"]
    assert found["left_out"] == ([] if shutil.which("dbus-daemon") else ["desktop"])
    assert (found["policy"], found["model"], found["restarts"]) == ("default", "lite", 0)
    assert found["cpu_ms_per_s"] == pytest.approx(sum(found["cpu_ms_per_s_of"].values()), abs=0.01)
    assert found["cpu_ms_per_s"] == pytest.approx(sum(found["cpu_ms_per_s_by"].values()), abs=0.01)
    assert min(found["cpu_ms_per_s_by"].values()) >= 0  # in two seconds nothing may be due
    assert found["paused_cpu_ms_per_s"] >= 0
    assert found["peak_rss_mb"]["sensor"] > found["peak_rss_mb"]["daemon"] > 0
    assert found["memory_mb"]["sensor"]["rss"] <= found["peak_rss_mb"]["sensor"] + 1
    assert found["startup"]["load_cpu_ms"] > 0
    machine = {"source": source, "machine": "", "processor": "", "cores": 1}
    assert missing_keys(recorded("bench.json"), machine | found) == []


@pytest.mark.skipif(sys.platform != "linux", reason="it is looked for in /proc")
@pytest.mark.parametrize(
    "name",
    [
        pytest.param("SIGTERM", marks=pytest.mark.slow),
        *(pytest.param(one, marks=pytest.mark.nightly) for one in ("SIGINT", "SIGHUP", "SIGKILL")),
    ],
)
def test_nothing_stays_of_one_that_is_interrupted(data: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    monkeypatch.setattr(bench_program, "FEEDER", b"nothing is left out")
    # A short path, for the sockets in it.
    with tempfile.TemporaryDirectory(prefix="posture-") as folder:
        command = [sys.executable, "-m", "posture", "bench", "--source", str(data / "still.mp4"), "--seconds", "60"]
        bench = subprocess.Popen(command, env=os.environ | {"TMPDIR": folder}, stderr=subprocess.DEVNULL)
        until(lambda: list(Path(folder).glob("posture-bench-*/state/daemon.log")), "the daemon has begun")
        pids = family(bench.pid)
        assert len(pids) >= 2
        bench.send_signal(signal.Signals[name])
        bench.wait(PATIENCE_S)
        until(lambda: not any(Path(f"/proc/{pid}").exists() for pid in pids), "all of it has ended")
        if name != "SIGKILL":  # which leaves nobody who could remove it
            assert list(Path(folder).iterdir()) == []


def test_nothing_of_the_users_is_reached(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "NOTIFY_SOCKET", "DBUS_SESSION_BUS_ADDRESS", "POSTURE_DATA"):
        monkeypatch.setenv(name, "/of/the/user")
    found = environment(tmp_path, None)
    assert "/of/the/user" not in found.values()
    places = ("DATA", "STATE", "CONFIG"), ("RUNTIME_DIR", "CONFIG_HOME", "DATA_HOME", "CACHE_HOME")
    for name in [*(f"POSTURE_{place}" for place in places[0]), *(f"XDG_{place}" for place in places[1])]:
        assert Path(found[name]).is_relative_to(tmp_path)
    for name, value in found.items():
        monkeypatch.setenv(name, value)
    assert state_folder() == tmp_path / "state"
    assert history_path(Settings()).is_relative_to(tmp_path)
    assert runtime_folder().is_relative_to(tmp_path)


def test_the_feeder_is_no_part_of_the_program(tmp_path: Path) -> None:
    commands = {
        10: (1, "posture.daemon"),
        11: (10, "sh"),
        12: (10, "posture.sensor.process"),
        13: (11, "x"),
        9: (1, "y"),
    }
    for pid, (parent, module) in (commands | {14: (10, "posture.sensor.feeder"), 15: (14, "decoder")}).items():
        (tmp_path / str(pid)).mkdir()
        (tmp_path / str(pid) / "stat").write_text(f"{pid} (a) b) c) S {parent} 0 0")
        (tmp_path / str(pid) / "cmdline").write_bytes(f"python\0-m\0{module}\0".encode())
    assert sorted(family(10, tmp_path)) == [10, 11, 12, 13]


def test_memory_is_told_by_what_it_is(tmp_path: Path) -> None:
    (tmp_path / "7").mkdir()
    rollup = (
        "55d0-7ffe ---p 00000000 00:00 0 [rollup]\nRss:  2048 kB\nPss:  1024 kB\nPss_Anon: 7 kB\nAnonymous: 512 kB\n"
    )
    (tmp_path / "7/smaps_rollup").write_text(rollup)
    (tmp_path / "7/status").write_text("Name:\tx\nVmPeak:\t 9 kB\nVmHWM:\t  3072 kB\n")
    assert memory_mb(7, tmp_path) == {"rss": 2.0, "anonymous": 0.5, "pss": 1.0}
    assert peak_mb(7, tmp_path) == 3.0
    assert memory_mb(8, tmp_path) is None
    assert peak_mb(8, tmp_path) is None


def test_what_the_log_says_began() -> None:
    assert what_began({"what": "presence", "state": "away"}) == "away"
    assert what_began({"what": "deviation_start", "kind": "slump"}) == "slump"
    assert what_began({"what": "bout_start", "since": 3}) == ""
    assert what_began({}) == ""


def test_the_sum_is_that_of_the_processes() -> None:
    found = figures(cost(1.0, []), cost(2.0, []), 10.0, 0.5, 3.0)
    # The sensor itself knows of 2 s of the 3 that it has used.
    assert found["cpu_ms_per_s"] == 350.0
    assert found["cpu_ms_per_s_by"] == {"sensor": 300.0, "daemon": 50.0}
    assert found["cpu_ms_per_s_of"]["rest"] == 350.0 - 160.0


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
    events = [(104.0, "slump")]
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
