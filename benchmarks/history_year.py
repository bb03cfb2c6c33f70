"""What a year of full working days costs: the size of the file, and the time of a summary and of a yearly report.

python benchmarks/history_year.py

Each day is much fuller than a real one: ten hours, a deviation every three minutes, a postural shift every four, a
reminder every half hour. Times are of whole processes, the best and the median of five.
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

from posture.history.records import Distance, Interval, Point
from posture.history.store import Store

LAST = datetime(2026, 3, 2, 8, tzinfo=UTC)
KINDS = ("slump", "forward_head", "lean_left", "lean_right", "shoulder_tilt", "head_tilt", "too_close")


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


def timed(name: str, *words: str) -> None:
    seconds = []
    for _ in range(5):
        began = time.perf_counter()
        subprocess.run([sys.executable, "-m", "posture", *words], check=True, stdout=subprocess.DEVNULL)
        seconds.append(time.perf_counter() - began)
    print(f"{name}: best {min(seconds):.3f} s, median {statistics.median(seconds):.3f} s")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        os.environ |= {"POSTURE_DATA": folder, "POSTURE_CONFIG": f"{folder}/settings.toml"}
        path = Path(folder) / "history.sqlite3"
        days = 0
        with Store(path) as store:
            for back in range(364, -1, -1):
                begin = LAST - timedelta(days=back)
                if begin.weekday() < 5:
                    write_day(store, begin, back)
                    days += 1
            records = store.count()
        print(f"{days} working days: {path.stat().st_size / 1e6:.1f} MB, {records}")
        day, first = str(LAST.date()), str((LAST - timedelta(days=364)).date())
        timed("summary --json of a day", "summary", "--json", "--day", day)
        timed("summary of a day", "summary", "--day", day)
        Path(folder, "settings.toml").write_text('[goals]\nlongest_bout = "45m"\n')
        timed("summary of a day, with a goal", "summary", "--day", day)
        timed("report of a day", "report", "--day", day, "--output", f"{folder}/day.html")
        year = ("report", "--start", first, "--stop", day, "--output", f"{folder}/year.html")
        timed("report of twelve months", *year)
        print(f"the page of twelve months: {Path(folder, 'year.html').stat().st_size / 1e6:.2f} MB")


if __name__ == "__main__":
    main()
