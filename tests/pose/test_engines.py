"""LiteRT held to mediapipe itself, over whole clips: `benchmarks/engines.py` makes the table of docs/accuracy.md."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
pytestmark = pytest.mark.nightly


@pytest.mark.parametrize("model", ["lite", "full", "heavy"])
def test_both_engines_see_the_same_people_in_the_same_places(model: str, data: Path, frames: Path) -> None:
    """In rendered clips and frames; and in footage of real people, where POSTURE_FOOTAGE names a folder of it.

    Median and 95th percentile of the landmarks of head and shoulders in px and of the angles in degrees. The largest
    are of pictures in which the model itself wavers, see docs/accuracy.md.
    """
    check(model, [*sorted(data.glob("*.mp4")), *sorted(frames.glob("*.jpg"))], every_s=10.0)
    if folder := os.environ.get("POSTURE_FOOTAGE"):
        check(model, sorted(path for path in Path(folder).iterdir() if path.suffix != ".tsv"), every_s=0.5)


def check(model: str, sources: list[Path], every_s: float) -> None:
    command = [sys.executable, ROOT / "benchmarks/engines.py", "--model", model, "--every", str(every_s), *sources]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    (row,) = (line for line in done.stdout.splitlines() if line.startswith(f"| {model} |"))
    numbers = [float(cell) for cell in row.strip("| ").split(" | ")[1:]]
    pictures, nobody, by_one, px_median, px_p95, _, deg_median, deg_p95 = numbers[:8]
    assert pictures > 2 * nobody > 0
    assert by_one <= 0.01 * pictures
    assert (px_median < 0.25, px_p95 < 1.0) == (True, True), row
    assert (deg_median < 0.12, deg_p95 < 0.6) == (True, True), row
