"""What each stage of a look costs: CPU milliseconds, medians; docs/performance.md holds a table.

python benchmarks/stages.py [PICTURE]
"""

from __future__ import annotations

import os
import platform
import statistics
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np

from posture.camera.light import blindness, small_luma
from posture.camera.opencv import opencv
from posture.camera.video import read_image
from posture.link import pair
from posture.measure.observation import DEVIATIONS, Observation
from posture.perception.change import change
from posture.sensor.wire import LENGTH, LookResult, SensorLink, decoded, encoded

PICTURE = Path(__file__).parents[1] / "tests/data/frames/White_M_1__base.jpg"
MODELS = ("lite", "full", "heavy")


def cpu_ms(work: Callable[[], object], times: int = 60) -> float:
    """Median CPU time of one call, all threads, after a few to warm up."""
    for _ in range(3):
        work()
    taken = []
    for _ in range(times):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return 1e3 * statistics.median(taken)


def row(what: str, ms: float, more: str = "") -> None:
    print(f"| {what} | {ms:.3f} | {more} |", flush=True)


def one_model(picture: Path, name: str) -> None:
    """In a process of its own, so that its memory is its own."""
    from posture.perception.meter import peak_rss_mb
    from posture.pose.open_model import engine_of, open_pose_model
    from posture.settings import Settings

    frame, settings = read_image(picture), Settings()
    start = time.process_time()
    model = open_pose_model(settings, name)

    def look() -> None:
        model.find(frame)

    look()
    ready_s = time.process_time() - start
    more = f"loading and first look {1e3 * ready_s:.0f} ms; peak {peak_rss_mb():.0f} MB"
    row(f"inference, {name}, {engine_of(settings)}", cpu_ms(look, 40), more)


def main(picture: Path) -> None:
    cv2 = opencv()
    cv2.setNumThreads(1)
    image = read_image(picture).image
    jpeg = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 90])[1]
    luma = small_luma(image)
    moved = np.roll(luma, 2, axis=0)
    print(
        f"{platform.platform()}, {os.cpu_count()} CPUs, Python {platform.python_version()}, OpenCV {cv2.__version__}\n"
    )
    print("| stage | CPU ms | |\n|---|---|---|")
    size = f"{image.shape[1]}x{image.shape[0]}, {len(jpeg) // 1000} kB"
    row("decode a JPEG, whole", cpu_ms(lambda: cv2.imdecode(jpeg, cv2.IMREAD_COLOR)), size)
    row("decode a JPEG, an eighth, grey", cpu_ms(lambda: cv2.imdecode(jpeg, cv2.IMREAD_REDUCED_GRAYSCALE_8)), "80x60")
    row("shrink a decoded picture", cpu_ms(lambda: small_luma(image)), "where the camera gives no JPEG")
    row("gate: light", cpu_ms(lambda: blindness(luma, nobody=False)))
    row("gate: change", cpu_ms(lambda: change(luma, moved)))
    seen = LookResult(
        1, Observation(1.0, "sitting", "", dict.fromkeys(DEVIATIONS, 0.123456789)), "open", "", "", True, 0.1, False
    )
    row("message: encode", cpu_ms(lambda: encoded(seen)), f"{len(encoded(seen))} bytes")
    body = encoded(seen)[LENGTH.size :]
    row("message: decode and check", cpu_ms(lambda: decoded(body)))
    ours, theirs = (SensorLink(end) for end in pair())
    row("message: over a link", cpu_ms(lambda: (ours.send(seen), theirs.receive())))
    for name in MODELS:
        subprocess.run([sys.executable, __file__, str(picture), name], check=True)


if __name__ == "__main__":
    if len(sys.argv) == 3:
        one_model(Path(sys.argv[1]), sys.argv[2])
    else:
        main(Path(sys.argv[1]) if len(sys.argv) > 1 else PICTURE)
