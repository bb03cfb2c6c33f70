"""What months and years of full working days cost: the size of the file, and the time of what is asked of them.

    python benchmarks/history_year.py [--runs N] [--against FOLDER]

Each day is much fuller than a real one: ten hours, a deviation every three minutes, a postural shift every four, a
reminder every half hour. Each command runs N times in a process of its own, on one month, twelve and thirty-six, and
with --against by turns with another tree of posture (FOLDER holds the package), so that a machine that is busy for a
while is so for both. Printed are the medians: CPU seconds (user and system) and the memory at its highest. What is
asked each day (the upper lines) is to cost the same however much there is. Linux and macOS.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

from posture.history.records import Distance, Interval, Point
from posture.history.store import Store

HERE = Path(__file__).resolve().parents[1]
LAST = datetime(2026, 3, 2, 8, tzinfo=UTC)
DAYS = {"1 month": 30, "12 months": 364, "36 months": 3 * 365}
KINDS = ("slump", "forward_head", "lean_left", "lean_right", "shoulder_tilt", "head_tilt", "too_close")
DAY, FIRST = str(LAST.date()), str((LAST - timedelta(days=364)).date())
DAILY = {
    "summary of a day": ("summary", "--day", DAY),
    "report of a day": ("report", "--day", DAY, "--output", "day.html"),
    "plan": ("plan",),
    "why": ("why",),
}
RARE = {
    "report of 12 months": ("report", "--start", FIRST, "--stop", DAY, "--output", "year.html"),
    "summary --json of 12 months": ("summary", "--json", "--start", FIRST, "--stop", DAY),
    "export, json": ("export", "--output", "all.json"),
    "export, csv": ("export", "--format", "csv", "--output", "all.csv"),
    "export, activitywatch": ("export", "--format", "activitywatch", "--output", "all.aw"),
    "import of it, json": ("import", "all.json"),
    "import of it, csv": ("import", "all.csv"),
    "history check": ("history", "check"),
}


def write_day(store: Store, begin: datetime, number: int) -> None:
    def at(minute: float) -> datetime:
        return begin + timedelta(minutes=minute)

    intervals = [Interval("watch", "camera", begin, at(600))]
    points, distances, minute, turn = [], [], 0, 0
    while minute < 590:
        sitting = 20 + (7 * number + 13 * turn) % 30
        end = min(590, minute + sitting)
        intervals.append(Interval("presence", "sitting", at(minute), at(end)))
        bout = {"sitting_s": 60.0 * (end - minute), "ended_by": "break"}
        intervals.append(Interval("bout", "sitting", at(minute), at(end), bout))
        for second in range(minute * 60, end * 60, 180):
            kind = KINDS[(second // 180 + number) % 7]
            start = begin + timedelta(seconds=second)
            intervals.append(Interval("deviation", kind, start, start + timedelta(seconds=20 + second % 130)))
        points += [Point("shift", at(m)) for m in range(minute, end, 4)]
        points += [Point("reminder", at(m), "stand", {"why": "30 min of sitting"}) for m in range(minute + 30, end, 10)]
        intervals.append(Interval("presence", "away" if turn % 3 else "standing", at(end), at(end + 4)))
        minute, turn = end + 4, turn + 1
    for slot in range(0, 600, 15):
        distances += [Distance(at(slot), 50 + (number + slot + cm) % 25, 60.0) for cm in range(12)]
    store.write(intervals, points, distances)


def write_days(path: Path, days: int) -> str:
    """Write working days up to the last one, and say how many there are."""
    with Store(path) as store:
        begins = [LAST - timedelta(days=back) for back in range(days, -1, -1)]
        for back, begin in zip(range(days, -1, -1), begins, strict=True):
            if begin.weekday() < 5:
                write_day(store, begin, back)
        records = sum(store.count().values())
    return f"{sum(begin.weekday() < 5 for begin in begins)} days, {path.stat().st_size / 1e6:.1f} MB, {records} records"


def cost(tree: Path, folder: Path, words: tuple[str, ...]) -> tuple[float, float]:
    """Run once; gives CPU seconds and megabytes."""
    own = {"POSTURE_DATA": str(folder), "POSTURE_CONFIG": str(folder / "settings.toml"), "PYTHONPATH": str(tree)}
    command = [sys.executable, "-m", "posture", *words]
    process = subprocess.Popen(command, env={**os.environ, **own}, cwd=folder, stdout=subprocess.DEVNULL)
    _, status, used = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"posture {' '.join(words)} failed")
    return used.ru_utime + used.ru_stime, used.ru_maxrss / (1 << 20 if sys.platform == "darwin" else 1 << 10)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5, metavar="N")
    parser.add_argument("--against", type=Path, metavar="FOLDER")
    a = parser.parse_args()
    trees = ({"before": a.against.resolve()} if a.against else {}) | {"": HERE}  # whose files are there at the end
    with tempfile.TemporaryDirectory(prefix="posture-years-") as name:
        for time, days in DAYS.items():
            folder = Path(name, time.replace(" ", "-"))
            folder.mkdir()
            print(f"\n{time}: {write_days(folder / 'history.sqlite3', days)}")
            print(f"{'':36} {'CPU s':>8} {'MB':>6}")
            for what, words in (DAILY | RARE if time == "12 months" else DAILY).items():
                took: dict[str, list[tuple[float, float]]] = {tree: [] for tree in trees}
                for run in range(a.runs + 1):
                    for tree, place in trees.items():
                        measured = cost(place, folder, words)
                        if run:  # the first writes the bytecode
                            took[tree].append(measured)
                for tree, found in took.items():
                    cpu_s, mb = (statistics.median(values) for values in zip(*found, strict=True))
                    print(f"{what + (f' ({tree})' if tree else ''):36} {cpu_s:8.3f} {mb:6.0f}")
            for page in sorted(folder.glob("*.html")):
                print(f"{page.name}: {page.stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
