"""The daemon over a long time: `python tools/soak.py live MINUTES` and `python tools/soak.py replay HOURS`.

live: a daemon of its own watches a clip that is played again and again; each minute the memory and the descriptors of
daemon and sensor are taken, and neither may grow after the first quarter of the time.
replay: timeline, coach and history go through simulated hours of somebody who sits, leans, stands and leaves; the
second half may not use more memory than the first, and the seconds of sitting, standing, away and unknown must add up
to the time watched.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
import time
import tracemalloc
from datetime import UTC, datetime, timedelta
from pathlib import Path

ROOT = Path(__file__).parents[1]
GROWTH_MB = 3.0
"""What a process may gain over the rest of its time: caches of the allocator, not a leak of every look."""


def main(arguments: list[str]) -> int:
    """Run one of the two; 1 when something grew."""
    how, amount = arguments[0], float(arguments[1])
    return live(amount) if how == "live" else replay(amount)


def live(minutes: float) -> int:
    """Let a real daemon watch."""
    with tempfile.TemporaryDirectory(prefix="posture-") as folder:
        env = {
            **os.environ,
            "XDG_RUNTIME_DIR": folder,
            "XDG_STATE_HOME": f"{folder}/state",
            "POSTURE_DATA": f"{folder}/data",
            "POSTURE_CONFIG": f"{folder}/settings.toml",
            "PYTHONPATH": str(ROOT),
        }
        env.pop("DBUS_SESSION_BUS_ADDRESS", None)
        clip = Path(folder, "long.mp4")
        _repeated(ROOT / "tests/data/laptop_a.mp4", clip, minutes * 60.0 + 120.0)
        Path(env["POSTURE_CONFIG"]).write_text(f'camera.source = "{clip}"\n')

        def posture(*args: str) -> str:
            return subprocess.run(
                [sys.executable, "-m", "posture", *args], env=env, check=True, capture_output=True, text=True
            ).stdout

        posture("start")
        taken: list[tuple[float, float, int, int]] = []
        until_s = time.monotonic() + minutes * 60.0
        try:
            while time.monotonic() < until_s:
                time.sleep(min(60.0, minutes * 3.0))
                status = json.loads(posture("status", "--json"))
                pids = status["pid"], status["sensor"]["pid"]
                if None in pids or status["sensor"]["restarts"]:
                    print(f"the sensor is gone or was restarted: {status['sensor']}")
                    return 1
                taken.append((_rss_mb(pids[0]), _rss_mb(pids[1]), _descriptors(pids[0]), _descriptors(pids[1])))
                print("daemon {:.1f} MB, sensor {:.1f} MB, {} and {} descriptors".format(*taken[-1]), flush=True)
        finally:
            posture("stop")
    settled = taken[len(taken) // 4 :]
    grew = [settled[-1][n] - settled[0][n] for n in range(4)]
    print("then daemon {:+.1f} MB, sensor {:+.1f} MB, {:+.0f} and {:+.0f} descriptors".format(*grew))
    return int(max(grew[:2]) > GROWTH_MB or max(grew[2:]) > 0)


def _repeated(clip: Path, to: Path, seconds: float) -> None:
    import cv2

    source = cv2.VideoCapture(str(clip))
    frames = []
    rate = source.get(cv2.CAP_PROP_FPS)
    step = max(1, round(rate / 5.0))
    while source.grab():
        if int(source.get(cv2.CAP_PROP_POS_FRAMES)) % step == 0:
            frames.append(source.retrieve()[1])
    height, width = frames[0].shape[:2]
    writer = cv2.VideoWriter(str(to), cv2.VideoWriter.fourcc(*"mp4v"), 5.0, (width, height))
    for n in range(round(seconds * 5.0)):
        writer.write(frames[n % len(frames)])
    writer.release()


def _rss_mb(pid: int) -> float:
    status = Path(f"/proc/{pid}/status").read_text()
    return int(status.partition("VmRSS:")[2].split()[0]) / 1024


def _descriptors(pid: int) -> int:
    return len(list(Path(f"/proc/{pid}/fd").iterdir()))


def replay(hours: float) -> int:
    """Run engine and history through simulated hours."""
    sys.path.insert(0, str(ROOT))
    from posture.history.store import Store
    from posture.measure.observation import Observation
    from posture.monitor.assemble import assemble
    from posture.settings import Settings

    start = datetime(2026, 3, 28, 0, tzinfo=UTC)  # the night after it, Europe sets its clocks
    # Somebody's hour: until which minute, what.
    hour = ((48, "sitting"), (50, "unknown"), (54, "standing"), (60, "away"))
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder, "history.sqlite3")) as store:

        def to_utc(t_s: float) -> datetime:
            return start + timedelta(seconds=t_s)

        engine = assemble(Settings(), store, to_utc)
        tracemalloc.start()
        halves = []
        for half in range(2):
            tracemalloc.reset_peak()
            for step in range(round(hours * 900 * half), round(hours * 900 * (half + 1))):
                t_s = step * 2.0
                presence = next(what for until, what in hour if t_s % 3600.0 < until * 60.0)
                lean = 1.5 if presence == "sitting" and t_s % 900.0 < 200.0 else 0.2
                levels = {"slump": lean, "lean_left": 0.1} if presence == "sitting" else {}
                engine.take(
                    Observation(t_s, presence, "dark" if presence == "unknown" else "", levels, (t_s % 7,), 60.0)
                )
            halves.append(tracemalloc.get_traced_memory()[1] / 2**20)
        engine.finish()
        stored = store.intervals(start, start + timedelta(days=30), "presence")
        total_s = sum(interval.length_s for interval in stored)
        sums = {
            name: sum(interval.length_s for interval in stored if interval.label == name) / 3600.0 for _, name in hour
        }
        problems = store.problems()
    print(
        f"{hours:g} h: {sums}, {total_s:.0f} of {hours * 3600 - 2:.0f} s; peak {halves[0]:.1f}, then {halves[1]:.1f} MB"
    )
    well = abs(total_s - (hours * 3600 - 2)) < 2.0 and halves[1] <= halves[0] + 0.5 and not problems
    return int(not well)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
