"""benchmarks/beside_peers.py: what it makes of its runs, and that README and docs/performance.md say the same."""

from __future__ import annotations

import re
import sys
from itertools import pairwise
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / "benchmarks"))

from beside_peers import (  # noqa: E402
    BETWEEN,
    FIGURE,
    LIGHTER,
    day_table,
    day_wh,
    middle,
    ratios,
    sentence,
    tables,
    there_and_back,
    together,
    too_heavy,
    write_into,
)


def program(cpu_ms: float, **more: Any) -> dict[str, Any]:
    parts = {"capture": 0.1, "decode": 0.1, "gate": 0.1, "inference": cpu_ms - 0.5, "rest": 0.2}
    return {
        "cpu_ms_per_s": cpu_ms,
        "cpu_ms_per_s_of": parts,
        "cpu_ms_per_s_by": {"sensor": cpu_ms - 0.4, "daemon": 0.4},
        "paused_cpu_ms_per_s": 0.04,
        "per_minute": {"looks": 15.0, "inferences": 1.5},
        "latency_s": None,
        "peak_rss_mb": {"sensor": 163.6, "daemon": 30.4},
        "memory_mb": {"sensor": {"rss": 150.6, "anonymous": 101.4, "pss": 130.0}, "daemon": None},
        "startup": {"load_cpu_ms": 390},
        "infer_cpu_ms": 31.44,
        **more,
    }


def loop(cpu_ms: float) -> dict[str, Any]:
    return {
        "cpu_ms_per_s": cpu_ms,
        "peak_rss_mb": 201.0,
        "load_cpu_ms": 600.0,
        "cpu_ms_a_look": 21.0,
        "memory_mb": None,
    }


def found() -> dict[str, Any]:
    clips = {
        "still": {"program": [program(2.0), program(1.5), program(9.0)], "2": [loop(40), loop(44)], "10": [loop(210)]},
        "lively": {"program": [program(5.0, latency_s={"p50": 13.5, "p95": None})], "2": [loop(35)], "10": [loop(200)]},
    }
    return {
        "date": "2026-11-28",
        "machine": {"name": "A Processor, 2 cores, Linux 6.18", "versions": "Python 3.11.2"},
        "titles": {"still": "still", "lively": "lively (`a`)"},
        "clips": clips,
        "ratios": {name: ratios(runs) for name, runs in clips.items()},
        "models": [{"model": "heavy", "engine": "litert", **program(2.0)}],
        "package_w": None,
        "load": [0.1, 0.24],
    }


def test_a_ratio_is_that_of_the_medians() -> None:
    assert found()["ratios"] == {"still": {"2": 21.0, "10": 105.0}, "lively": {"2": 7.0, "10": 40.0}}


def test_the_middle_of_what_is_known() -> None:
    runs = [{"a": {"b": 1.0}}, {"a": {"b": None}}, {"a": None}, {}, {"a": {"b": 3.0}}, {"a": {"b": 4.0}}]
    assert middle(runs, "a", "b") == 3.0
    assert middle(runs, "a", "c") is None
    assert middle([], "a") is None


def test_a_clip_is_lengthened_without_a_jump() -> None:
    assert list(there_and_back(4, 14)) == [0, 1, 2, 3, 2, 1, 0, 1, 2, 3, 2, 1, 0, 1]
    assert list(there_and_back(1, 3)) == [0, 0, 0]
    numbers = list(there_and_back(900, 3600))
    assert set(numbers) == set(range(900))
    assert all(abs(after - before) == 1 for before, after in pairwise(numbers))


def test_parts_measured_one_by_one_are_put_together() -> None:
    whole = found()
    still = whole | {"clips": {"still": whole["clips"]["still"]}, "models": [], "load": [0.3, 0.5]}
    lively = whole | {"clips": {"lively": whole["clips"]["lively"]}, "load": [0.1, 0.4]}
    assert together([lively, still]) == whole | {"load": [0.1, 0.5]}
    later = still | {"clips": {"still": {}}}
    assert together([still, later])["clips"] == {"still": {}}


def test_what_falls_short_is_said() -> None:
    assert too_heavy({"still": {"2": 20.0}, "lively": {"2": 7.0}}) == []
    assert too_heavy({}) == []
    short = too_heavy({"still": {"2": 19.9, "10": 90.0}, "lively": {"2": 6.9, "10": 30.0}})
    assert [line.split(":")[0] for line in short] == list(LIGHTER)
    assert "19.9" in short[0]
    assert "6.9" in short[1]


def test_the_tables() -> None:
    lines = tables(found())
    assert "A Processor, 2 cores, Linux 6.18" in lines[0]
    assert "0.1, 0.2" in lines[0]
    rows = {line.split(" | ")[0].strip("| "): line for line in lines if line.startswith("|")}
    assert rows["**the whole program**, both processes"].endswith("| **2.00** | **5.00** |")
    assert rows["a look, all but the inference"].endswith("| 2.00 | 2.00 |")  # 0.5 ms a second, four seconds a look
    assert rows["change to event, p50, s"].endswith("| - | 13.5 |")
    assert rows["change to event, p95, s"].endswith("| - | - |")
    assert rows["the plain loop, 2 looks a second"].endswith("| 42.0 (21.0 times) | 35.0 (7.0 times) |")
    assert rows["heavy"] == "| heavy | litert | 164 | 151, 101, 130 | 30 | 390, 31.4 |"
    assert (
        rows["the plain loop: lite"]
        == "| the plain loop: lite | mediapipe | 201 | -, -, - | - | 600, 21.0 (all of a look) |"
    )
    columns = {}
    for line in lines:
        if line.startswith("|"):
            columns[line] = line.count("|")
        elif columns:
            assert len(set(columns.values())) == 1
            columns = {}


def test_a_day_in_watt_hours() -> None:
    assert day_wh(0.0) == (0.0, 0.0, 0.0)
    # A core that is busy all day, at 6 to 21 W.
    assert day_wh(1000.0) == (8 * 3600.0, 48.0, 168.0)
    lines = day_table(found())
    assert "| processor: still | 58 | 0.10 to 0.34 | 0.2 to 0.7 % |" in lines
    assert "| the camera, open all day | - | 1 to 20 | 2.1 to 40.0 % |" in lines
    assert "could not be read" in lines[-1]
    watts = {"watching": 2.5, "paused": 2.25}
    assert (
        "2.50 W while watching and 2.25 W while paused: 2.00 Wh more" in day_table(found() | {"package_w": watts})[-1]
    )


def test_they_are_written_between_the_marks(tmp_path: Path) -> None:
    document, readme = tmp_path / "a.md", tmp_path / "b.md"
    document.write_text("before\n<!-- beside peers -->\nold\n<!-- /beside peers -->\nafter\n")
    readme.write_text("It costs <!-- light -->old<!-- /light --> and that is all.\n")
    for _ in range(2):
        write_into(document, found())
        write_into(readme, found())
    block = "\n".join(tables(found()))
    assert document.read_text() == f"before\n<!-- beside peers -->\n\n{block}\n\n<!-- /beside peers -->\nafter\n"
    assert readme.read_text() == f"It costs <!-- light -->{sentence(found())}<!-- /light --> and that is all.\n"
    assert sentence(found()).startswith("2.0 ms of CPU for each second watched while you sit still, 5.0 while")


def test_readme_and_performance_say_the_same() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    performance = (ROOT / "docs/performance.md").read_text(encoding="utf-8")
    said, block = FIGURE.search(readme), BETWEEN.search(performance)
    assert said is not None
    assert block is not None
    measured = re.search(r"\*\*the whole program\*\*.*\*\*([\d.]+)\*\* \| \*\*([\d.]+)\*\*", block[0])
    assert measured is not None
    still, lively = (f"{float(value):.1f} " for value in measured.groups())
    assert still in said[0]
    assert lively in said[0]
    machine = re.search(r"\(((?:[^()]|\([^()]*\))+)\)<!--", said[0])
    assert machine is not None
    assert machine[1] in block[0]
