"""What each stage of a look costs: CPU milliseconds, medians; docs/performance.md holds a table.

python benchmarks/stages.py [PICTURE] [--into docs/performance.md]

Warm is one call straight after another, as benchmarks like it. Cold is what a watch has: `REST_S` of rest before each
call, in which other programs take the caches and the processor its clock down. It takes about seven minutes. `--into`
writes the table between the marks of a document.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
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
from posture.cli.bench_program import cpu_s
from posture.clock import now_s
from posture.link import pair
from posture.machine import processor_name
from posture.measure.observation import DEVIATIONS, Observation
from posture.perception.change import change
from posture.perception.gate import ALWAYS, Demand
from posture.sensor.client import SensorProcess
from posture.sensor.feeder import Feeder
from posture.sensor.wire import (
    LENGTH,
    Look,
    LookResult,
    Message,
    Ready,
    SensorLink,
    Start,
    decoded,
    encoded,
    settings_to_json,
)
from posture.settings import Settings

PICTURE = Path(__file__).parents[1] / "tests/data/frames/White_M_1__base.jpg"
STILL = PICTURE.parents[1] / "still.mp4"
MODELS = ("lite", "full", "heavy")


REST_S, COLD_TIMES = 4.0, 8
BETWEEN = re.compile(r"(<!-- stages -->\n).*?(<!-- /stages -->)", re.DOTALL)


def cpu_ms(
    work: Callable[[], object], rest_s: float, times: int, clock: Callable[[], float] = time.process_time
) -> float:
    """Median CPU time of one call, all threads, after a few to warm up and some rest before each."""
    for _ in range(3):
        work()
    taken = []
    for _ in range(times):
        time.sleep(rest_s)
        start = clock()
        work()
        taken.append(clock() - start)
    return 1e3 * statistics.median(taken)


def row(
    what: str,
    work: Callable[[], object],
    more: str = "",
    times: int = 60,
    clock: Callable[[], float] = time.process_time,
) -> None:
    warm, cold = cpu_ms(work, 0.0, times, clock), cpu_ms(work, REST_S, COLD_TIMES, clock)
    print(f"| {what} | {warm:.2f} | {cold:.2f} | {more} |", flush=True)


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
    row(f"inference, {name}, {engine_of(settings)}", look, more, times=40)


def sensor_looks() -> None:
    """A look without the model, as the process that sees has it: all of it, from the question to the answer."""
    feeder = Feeder(str(STILL))
    sensor = SensorProcess(Start(settings_to_json(Settings()), str(STILL), None, 0.0), feeder)
    number, never = 0, Demand(moved=2.0, still=2.0, stirred_s=1e9, verify_s=1e9)
    demand = ALWAYS

    def answer(kind: type[Message]) -> None:
        while not isinstance(sensor.receive(30.0), kind):
            pass

    def look() -> None:
        nonlocal number
        number += 1
        sensor.send(Look(number, demand, now_s() + 30.0))
        answer(LookResult)

    answer(Ready)
    feeder.play()
    look()  # the first one needs the model
    demand = never
    row(
        "a look without the model, in the sensor",
        look,
        "from the question to the answer",
        20,
        lambda: cpu_s(sensor.pid),
    )
    sensor.end()
    feeder.close()


def main(picture: Path) -> None:
    cv2 = opencv()
    cv2.setNumThreads(1)
    image = read_image(picture).image
    jpeg = cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 90])[1]
    luma = small_luma(image)
    moved = np.roll(luma, 2, axis=0)
    print(
        f"{processor_name()}, {os.cpu_count()} cores, {platform.system()} {platform.release()}, "
        f"Python {platform.python_version()}, OpenCV {cv2.__version__}:\n"
    )
    print("| stage | warm, CPU ms | cold | |\n|---|---|---|---|")
    size = f"{image.shape[1]}x{image.shape[0]}, {len(jpeg) // 1000} kB"
    row("decode a JPEG, whole", lambda: cv2.imdecode(jpeg, cv2.IMREAD_COLOR), size)
    row("decode a JPEG, an eighth, grey", lambda: cv2.imdecode(jpeg, cv2.IMREAD_REDUCED_GRAYSCALE_8), "80x60")
    row("shrink a decoded picture", lambda: small_luma(image), "where the camera gives no JPEG")
    row("gate: light", lambda: blindness(luma, nobody=False))
    row("gate: change", lambda: change(luma, moved))
    seen = LookResult(
        1, Observation(1.0, "sitting", "", dict.fromkeys(DEVIATIONS, 0.123456789)), "open", "", "", True, 0.1, False
    )
    row("message: encode", lambda: encoded(seen), f"{len(encoded(seen))} bytes")
    body = encoded(seen)[LENGTH.size :]
    row("message: decode and check", lambda: decoded(body))
    ours, theirs = (SensorLink(end) for end in pair())
    row("message: over a link", lambda: (ours.send(seen), theirs.receive()))
    if sys.platform == "linux":
        sensor_looks()
    for name in MODELS:
        subprocess.run([sys.executable, __file__, str(picture), "--model", name], check=True)


def write_into(path: Path, picture: Path) -> None:
    """Measure in a process of its own, and write what that prints between the marks."""
    done = subprocess.run([sys.executable, __file__, str(picture)], check=True, stdout=subprocess.PIPE, text=True)
    text = path.read_text(encoding="utf-8")
    load = f"Load of the machine (1 minute) afterwards: {os.getloadavg()[0]:.1f}."
    block = f"{done.stdout.rstrip()}\n\n{load}"
    path.write_text(BETWEEN.sub(lambda match: f"{match[1]}\n{block}\n\n{match[2]}", text), encoding="utf-8")
    print(block)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("picture", type=Path, nargs="?", default=PICTURE)
    parser.add_argument("--into", type=Path, metavar="FILE")
    parser.add_argument("--model", choices=MODELS, help=argparse.SUPPRESS)
    a = parser.parse_args()
    if a.model:
        one_model(a.picture, a.model)
    elif a.into:
        write_into(a.into, a.picture)
    else:
        main(a.picture)
