"""What watching costs beside what others do, turn about on one core: the tables of docs/performance.md.

    python benchmarks/beside_peers.py [--lively CLIP] [--core N] [--json] [--into docs/performance.md [README.md]]

The program is all of it (`posture.cli.bench_program`): the daemon with its tick, desktop, store and control channel,
and the sensor. Beside it runs a plain loop as other posture programs have it: MediaPipe's lite model, asked 2 or 10
times a second, each look a whole decode of the camera's picture, a change of colours and an inference. Both get the
clip as a camera would give it, from a process that is not counted, and both run on the same core, in turns. Then each
model runs in each engine, for what it has in memory. It takes about 23 minutes; the load of the machine
is said.

Exits with 1 where the program is not `LIGHTER` times lighter than the lightest loop. Linux only.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from posture.cli.bench_program import measure_program, memory_mb, peak_mb, running_program, until_it_watches
from posture.machine import processor_name
from posture.settings_file import load_settings

ROOT = Path(__file__).resolve().parents[1]
STILL, LIVELY = ROOT / "tests/data/still.mp4", ROOT / "tests/data/laptop_a.mp4"
RATES_PER_S = (2, 10)
"""Looks a second of the lightest and the usual setting of the lightest peer."""
LIGHTER = {"still": 20.0, "lively": 7.0}
"""How many times lighter than the loop at the lower rate the program must be."""
PARTS = ("still", "lively", "models")
MODELS, ENGINES = ("heavy", "full", "lite"), ("litert", "mediapipe")
LOOP_S, MODEL_S = 12.0, 15.0
STILL_S, BEGUN_S = 240.0, 90.0
"""The still clip is watched for so long, after the first minute and a half of a presence: the tray shows that in
seconds, which is not how most of a day is."""
STILL_CLIP_S, STILL_FPS = 360.0, 10.0
DAY_S, BATTERY_WH = 8 * 3600.0, 50.0
CORE_W, CAMERA_W = (6.0, 21.0), (0.13, 2.5)
"""What a busy core, and a camera that is open, take at least and at most; docs/performance.md names the sources."""
RAPL = Path("/sys/class/powercap/intel-rapl:0/energy_uj")
"""Where Linux tells the energy of the processor, to root alone and on few virtual machines."""
RAPL_S = 60.0
BETWEEN = re.compile(r"(<!-- beside peers -->\n).*?(<!-- /beside peers -->)", re.DOTALL)
FIGURE = re.compile(r"(<!-- light -->).*?(<!-- /light -->)", re.DOTALL)

Report = dict[str, Any]


# -- the plain loop, in a process of its own ---------------------------------------------------------------------------


def plain_loop(clip: str, rate_per_s: float, seconds: float) -> Report:
    """Look at a clip at a fixed rate, as others do, and give what that costs this process."""
    began_cpu_s = time.process_time()
    import cv2
    import mediapipe as mp
    from mediapipe.tasks.python import BaseOptions, vision

    from posture.sensor.feeder import HEADER, Feeder, receive_exactly

    import numpy as np  # isort: skip

    options = vision.PoseLandmarkerOptions(
        base_options=BaseOptions(model_asset_path=str(ROOT / "models/pose_landmarker_lite.task")),
        running_mode=vision.RunningMode.IMAGE,
    )
    feeder = Feeder(clip)
    with vision.PoseLandmarker.create_from_options(options) as model:

        def look() -> None:
            feeder.link.send(b"?")
            length, _, _ = HEADER.unpack(receive_exactly(feeder.link, HEADER.size, 10.0))
            jpeg = receive_exactly(feeder.link, length, 10.0)
            picture = cv2.imdecode(np.frombuffer(jpeg, np.uint8), cv2.IMREAD_COLOR)
            model.detect(mp.Image(mp.ImageFormat.SRGB, cv2.cvtColor(picture, cv2.COLOR_BGR2RGB)))

        feeder.play()
        for _ in range(5):
            look()
        load_s = time.process_time() - began_cpu_s
        began_s, cpu_s, looks = time.monotonic(), time.process_time(), 0
        while (due_s := began_s + looks / rate_per_s) < began_s + seconds:
            time.sleep(max(0.0, due_s - time.monotonic()))
            look()
            looks += 1
        cpu_s, wall_s = time.process_time() - cpu_s, time.monotonic() - began_s
        found = {
            "cpu_ms_per_s": 1e3 * cpu_s / max(wall_s, seconds),
            "cpu_ms_a_look": 1e3 * cpu_s / looks,
            "looks_per_s": looks / max(wall_s, seconds),
            "load_cpu_ms": 1e3 * load_s,
            "peak_rss_mb": peak_mb(os.getpid()),
            "memory_mb": memory_mb(os.getpid()),
        }
    feeder.close()
    return found


# -- the turns ---------------------------------------------------------------------------------------------------------


def say(text: str) -> None:
    print(f"{time.strftime('%H:%M:%S')}  {text}", file=sys.stderr, flush=True)


def run_loop(clip: Path, rate_per_s: float) -> Report:
    """Run the loop in a process of its own."""
    command = [sys.executable, __file__, "--loop", str(clip), str(rate_per_s), str(LOOP_S)]
    done = subprocess.run(command, check=True, capture_output=True, text=True)
    found: Report = json.loads(done.stdout.splitlines()[-1])
    say(f"  loop, {rate_per_s} a second: {found['cpu_ms_per_s']:.1f} ms/s")
    return found


def run_program(clip: Path, seconds: float, paused_s: float, *overrides: str, begun_s: float | None = None) -> Report:
    """Run the program, as it is set up where nothing is set."""
    settings = load_settings(overrides=overrides)
    found = measure_program(settings, overrides, str(clip), seconds, paused_s=paused_s, begun_s=begun_s)
    paused = "" if found["paused_cpu_ms_per_s"] is None else f", paused {found['paused_cpu_ms_per_s']:.2f}"
    by, minute = found["cpu_ms_per_s_by"], found["per_minute"]
    say(
        f"  program: {found['cpu_ms_per_s']:.2f} ms/s (sensor {by['sensor']:.2f}, daemon {by['daemon']:.2f}){paused}, "
        f"{minute['inferences']:.1f} inferences a minute"
    )
    return found


def turns(clip: Path, seconds: float, rounds: int, paused_s: float, begun_s: float | None = None) -> Report:
    """Loops and program in turns, beginning and ending with the loops."""
    runs: dict[str, list[Report]] = {"program": [], **{str(rate): [] for rate in RATES_PER_S}}
    for round_ in range(rounds + 1):
        for rate in RATES_PER_S:
            runs[str(rate)].append(run_loop(clip, rate))
        if round_ < rounds:
            runs["program"].append(run_program(clip, seconds, paused_s, begun_s=begun_s))
    return dict(runs)


def there_and_back(frames: int, wanted: int) -> Iterator[int]:
    """Numbers of frames that play a clip forwards, backwards and so on, without a jump."""
    period = max(1, 2 * frames - 2)
    for number in range(wanted):
        at = number % period
        yield at if at < frames else period - at


def lengthened(clip: Path, into: Path) -> Path:
    """Make a clip of `STILL_CLIP_S` of a shorter one, there and back."""
    import cv2

    source = cv2.VideoCapture(str(clip))
    every = max(1, round(source.get(cv2.CAP_PROP_FPS) / STILL_FPS))
    jpegs = []
    while source.grab():
        if int(source.get(cv2.CAP_PROP_POS_FRAMES)) % every == 0:
            jpegs.append(cv2.imencode(".jpg", source.retrieve()[1], [cv2.IMWRITE_JPEG_QUALITY, 95])[1])
    first = cv2.imdecode(jpegs[0], cv2.IMREAD_COLOR)
    longer = into / clip.with_suffix(".avi").name
    writer = cv2.VideoWriter(str(longer), cv2.VideoWriter.fourcc(*"MJPG"), STILL_FPS, first.shape[1::-1])
    writer.set(cv2.VIDEOWRITER_PROP_QUALITY, 95)
    for number in there_and_back(len(jpegs), int(STILL_CLIP_S * STILL_FPS)):
        writer.write(cv2.imdecode(jpegs[number], cv2.IMREAD_COLOR))
    writer.release()
    return longer


def models() -> list[Report]:
    """Each model in each engine, on the still clip."""
    found = []
    for engine in ENGINES:
        for model in MODELS:
            say(f"{model}, {engine}")
            run = run_program(STILL, MODEL_S, 0.0, f"pose.model={model}", f"pose.engine={engine}")
            found.append({"model": model, "engine": engine, **run})
    return found


def package_w() -> dict[str, float] | None:
    """What the processor takes while the program watches, and while it is paused; None where that cannot be read."""

    def joules() -> float:
        return int(RAPL.read_text(encoding="ascii")) / 1e6

    try:
        joules()
    except (OSError, ValueError):
        return None
    say("the processor's own energy counter")
    with running_program(str(STILL), []) as (program, _):
        until_it_watches(program, BEGUN_S)
        found = {}
        for what in ("watching", "paused"):
            if what == "paused":
                program.command("pause")
                time.sleep(5.0)
            before, began_s = joules(), time.monotonic()
            time.sleep(RAPL_S)
            # The counter begins anew after some hours.
            found[what] = max(0.0, joules() - before) / (time.monotonic() - began_s)
    return found


# -- figures -----------------------------------------------------------------------------------------------------------


def together(parts: Sequence[Mapping[str, Any]]) -> Report:
    """Put together what was measured with `--only`, in parts; of what is in two the later one."""
    found: Report = dict(parts[-1])
    for name in ("titles", "clips", "ratios"):
        found[name] = {key: value for part in parts for key, value in part[name].items()}
    for name in ("models", "package_w"):
        found[name] = next((part[name] for part in reversed(parts) if part[name]), parts[-1][name])
    loads = [load for part in parts for load in part["load"]]
    return {**found, "load": [min(loads), max(loads)]}


def middle(runs: Sequence[Mapping[str, Any]], *keys: str) -> float | None:
    """The median of a value that lies in each run under these keys; None where none has it."""
    values = []
    for run in runs:
        value: Any = run
        for key in keys:
            value = value.get(key) if isinstance(value, Mapping) else None
        if value is not None:
            values.append(float(value))
    return statistics.median(values) if values else None


def ratios(runs: Mapping[str, Sequence[Mapping[str, Any]]]) -> dict[str, float]:
    """How many times lighter the program is than each loop: the medians of what they cost a second, divided."""
    own = middle(runs["program"], "cpu_ms_per_s")
    assert own is not None
    loops = {name: middle(found, "cpu_ms_per_s") for name, found in runs.items() if name != "program"}
    return {name: round(cost / max(own, 1e-3), 1) for name, cost in loops.items() if cost is not None}


def a_look(runs: Sequence[Mapping[str, Any]]) -> float:
    """What a look costs without the model, both processes, in a watch: all but the inferences, by the looks."""
    return statistics.median(
        (run["cpu_ms_per_s"] - run["cpu_ms_per_s_of"]["inference"]) * 60.0 / run["per_minute"]["looks"] for run in runs
    )


def too_heavy(found: Mapping[str, Mapping[str, float]]) -> list[str]:
    """What falls short of `LIGHTER`, as sentences; `found` is the ratios of each clip."""
    lowest = str(min(RATES_PER_S))
    return [
        f"{clip}: {found[clip][lowest]:.1f} times lighter than {lowest} looks a second, {wanted:g} are asked for"
        for clip, wanted in LIGHTER.items()
        if clip in found and found[clip][lowest] < wanted
    ]


def shown(value: float | None, digits: int = 2) -> str:
    return "-" if value is None else f"{value:.{digits}f}"


def tables(found: Mapping[str, Any]) -> list[str]:
    """The lines of docs/performance.md."""
    machine, clips = found["machine"], found["clips"]
    names = list(clips)
    lines = [
        f"`python benchmarks/beside_peers.py`, {found['date']}: {machine['name']}, {machine['versions']}. "
        f"Load of the machine (1 minute), at least and at most: {found['load'][0]:.1f}, {found['load'][1]:.1f}.",
        "",
        f"| CPU ms a second, one core, turn about | {' | '.join(found['titles'][name] for name in names)} |",
        f"|---|{'---|' * len(names)}",
    ]

    def row(title: str, cells: Sequence[str]) -> None:
        lines.append(f"| {title} | {' | '.join(cells)} |")

    def of_program(title: str, digits: int, *keys: str) -> None:
        row(title, [shown(middle(clips[name]["program"], *keys), digits) for name in names])

    row(
        "**the whole program**, both processes",
        [f"**{shown(middle(clips[name]['program'], 'cpu_ms_per_s'))}**" for name in names],
    )
    of_program("- sensor", 2, "cpu_ms_per_s_by", "sensor")
    of_program("- daemon", 2, "cpu_ms_per_s_by", "daemon")
    for stage in ("capture", "decode", "gate", "inference", "rest"):
        of_program(f"- of both: {stage}", 2, "cpu_ms_per_s_of", stage)
    row("a look, all but the inference", [shown(a_look(clips[name]["program"])) for name in names])
    of_program("paused", 2, "paused_cpu_ms_per_s")
    of_program("looks a minute", 1, "per_minute", "looks")
    of_program("inferences a minute", 1, "per_minute", "inferences")
    of_program("change to event, p50, s", 1, "latency_s", "p50")
    of_program("change to event, p95, s", 1, "latency_s", "p95")
    for rate in map(str, RATES_PER_S):
        costs = {name: shown(middle(clips[name][rate], "cpu_ms_per_s"), 1) for name in names}
        times = [f"{costs[name]} ({found['ratios'][name][rate]:.1f} times)" for name in names]
        row(f"the plain loop, {rate} looks a second", times)
    count = len(clips[names[0]]["program"])
    lines += [
        "",
        f"Of the still clip {count} x {STILL_S:g} s, from the third minute of a watch on; the lively one as a whole.",
        "",
        "| MB | engine | sensor: peak | now: RSS, anonymous, PSS | daemon: peak | CPU ms: to load, an inference |",
        "|---|---|---|---|---|---|",
    ]
    for run in found["models"]:
        memory = run["memory_mb"]["sensor"] or {}
        lines.append(
            f"| {run['model']} | {run['engine']} | {run['peak_rss_mb']['sensor']:.0f} | {by_what(memory)} | "
            f"{run['peak_rss_mb']['daemon']:.0f} | {shown(run['startup']['load_cpu_ms'], 0)}, "
            f"{shown(run.get('infer_cpu_ms'), 1)} |"
        )
    loop = clips[names[0]][str(RATES_PER_S[0])]
    sizes = {name: middle(loop, "memory_mb", name) for name in ("rss", "anonymous", "pss")}
    lines.append(
        f"| the plain loop: lite | mediapipe | {shown(middle(loop, 'peak_rss_mb'), 0)} | {by_what(sizes)} | - | "
        f"{shown(middle(loop, 'load_cpu_ms'), 0)}, {shown(middle(loop, 'cpu_ms_a_look'), 1)} (all of a look) |"
    )
    return [*lines, "", *day_table(found)]


def day_wh(cpu_ms_per_s: float) -> tuple[float, float, float]:
    """CPU seconds in a working day, and the watt-hours that this takes, at least and at most."""
    busy_s = cpu_ms_per_s * DAY_S / 1e3
    least, most = (busy_s * watts / 3600.0 for watts in CORE_W)
    return busy_s, least, most


def day_table(found: Mapping[str, Any]) -> list[str]:
    """The lines of what a working day costs."""
    lines = [
        f"| a day of 8 hours, estimated | CPU, s | watt-hours | of a battery of {BATTERY_WH:g} Wh |",
        "|---|---|---|---|",
    ]
    rate = str(min(RATES_PER_S))
    rows = {
        **{
            f"processor: {found['titles'][name]}": middle(runs["program"], "cpu_ms_per_s")
            for name, runs in found["clips"].items()
        },
        f"processor: the plain loop, {rate} looks a second": middle(found["clips"]["still"][rate], "cpu_ms_per_s"),
    }
    for title, cost in rows.items():
        if cost is not None:
            busy_s, *wh = day_wh(cost)
            lines.append(f"| {title} | {busy_s:.0f} | {wh[0]:.2f} to {wh[1]:.2f} | {share(wh)} |")
    camera_wh = [watts * DAY_S / 3600.0 for watts in CAMERA_W]
    lines.append(f"| the camera, open all day | - | {camera_wh[0]:.0f} to {camera_wh[1]:.0f} | {share(camera_wh)} |")
    watts = found.get("package_w")
    told = "could not be read on this machine, so the watt-hours are an estimate alone."
    if watts is not None:
        more_w = watts["watching"] - watts["paused"]
        told = (
            f"said {watts['watching']:.2f} W while watching and {watts['paused']:.2f} W while paused: "
            f"{more_w * DAY_S / 3600.0:.2f} Wh more in a day, whatever else ran."
        )
    return [*lines, "", f"The processor's own energy counter (RAPL, `/sys/class/powercap`) {told}"]


def share(wh: Sequence[float]) -> str:
    return " to ".join(f"{100 * value / BATTERY_WH:.1f}" for value in wh) + " %"


def by_what(memory: Mapping[str, float | None]) -> str:
    return ", ".join(shown(memory.get(name), 0) for name in ("rss", "anonymous", "pss"))


def tenths(value: float | None) -> str:
    """A figure of the table, rounded once more: the same as from the table itself."""
    return "-" if value is None else f"{float(shown(value)):.1f}"


def sentence(found: Mapping[str, Any]) -> str:
    """What the README says."""
    still, lively = (middle(found["clips"][name]["program"], "cpu_ms_per_s") for name in ("still", "lively"))
    return (
        f"{tenths(still)} ms of CPU for each second watched while you sit still, {tenths(lively)} while much "
        f"happens, the whole program counted ({found['machine']['name']})"
    )


def write_into(path: Path, found: Mapping[str, Any]) -> None:
    """Write the tables, or the sentence, between the marks of a document."""
    text = path.read_text(encoding="utf-8")
    block = "\n".join(tables(found))
    text = BETWEEN.sub(lambda match: f"{match[1]}\n{block}\n\n{match[2]}", text)
    text = FIGURE.sub(lambda match: f"{match[1]}{sentence(found)}{match[2]}", text)
    path.write_text(text, encoding="utf-8")


# -- the machine -------------------------------------------------------------------------------------------------------


def machine() -> Report:
    """What it was measured on."""
    system = f"{platform.system()} {'.'.join(platform.release().split('.')[:2])}"
    return {
        "name": f"{processor_name() or platform.machine()}, {os.cpu_count()} cores, {system}",
        "versions": ", ".join([f"Python {platform.python_version()}", *versions()]),
    }


def versions() -> Iterator[str]:
    for name in ("mediapipe", "ai-edge-litert"):
        try:
            yield f"{name} {version(name)}"
        except PackageNotFoundError:
            continue


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lively", type=Path, default=LIVELY, metavar="CLIP", help="a clip in which much happens")
    parser.add_argument("--seconds", type=float, default=3600.0, metavar="N", help="of the lively clip (all of it)")
    parser.add_argument("--rounds", type=int, default=1, metavar="N", help="of the still clip (%(default)d)")
    parser.add_argument("--core", type=int, default=max(os.sched_getaffinity(0)), metavar="N")
    parser.add_argument("--only", nargs="+", choices=PARTS, default=PARTS, metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--into", type=Path, nargs="+", default=[], metavar="FILE", help="documents with marks for it")
    parser.add_argument("--from", dest="kept", type=Path, nargs="+", metavar="JSON", help="what --json has printed")
    parser.add_argument("--loop", nargs=3, help=argparse.SUPPRESS)
    a = parser.parse_args()
    if a.loop:
        print(json.dumps(plain_loop(a.loop[0], float(a.loop[1]), float(a.loop[2]))))
        return 0
    found = together([json.loads(path.read_text(encoding="utf-8")) for path in a.kept]) if a.kept else measured(a)
    for path in a.into:
        write_into(path, found)
    whole = set(LIGHTER) <= set(found["clips"])
    print(json.dumps(found) if a.json or not whole else "\n".join(tables(found)))
    short = too_heavy(found["ratios"])
    for line in short:
        say(line)
    return bool(short)


def measured(a: argparse.Namespace) -> Report:
    """All of it, in about 22 minutes."""
    os.sched_setaffinity(0, {a.core})  # what is started here inherits it
    began = os.getloadavg()[0]
    clips = {}
    if "still" in a.only:
        say(f"still: {STILL.name}, lengthened")
        with tempfile.TemporaryDirectory(prefix="posture-still-") as folder:
            clips["still"] = turns(lengthened(STILL, Path(folder)), STILL_S, a.rounds, 30.0, BEGUN_S)
    if "lively" in a.only:
        say(f"lively: {a.lively.name}")
        clips["lively"] = turns(a.lively, a.seconds, 1, 0.0)
    found = {
        "date": date.today().isoformat(),
        "machine": machine(),
        "titles": {"still": "still", "lively": f"lively (`{a.lively.stem}`)"},
        "clips": clips,
        "ratios": {name: ratios(runs) for name, runs in clips.items()},
        "models": models() if "models" in a.only else [],
        "package_w": package_w(),
    }
    return {**found, "load": sorted([began, os.getloadavg()[0]])}


if __name__ == "__main__":
    sys.exit(main())
