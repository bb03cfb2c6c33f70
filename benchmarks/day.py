"""A working day of eight hours, from a script, through cadence, timeline, coach and the history on disk.

    python benchmarks/day.py

No video: the observations are made up. Prints the CPU time for the default cadence and for a look every half second.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

from posture.history.store import Store
from posture.measure.observation import DEVIATIONS, Observation, Presence
from posture.monitor import cadence
from posture.monitor.assemble import assemble
from posture.settings import Settings

DAY_S = 8 * 3600.0
START = datetime(2026, 1, 5, 8, tzinfo=UTC)


def script(seed: int = 1) -> Iterator[tuple[float, Presence, str]]:
    """What the person does, and until when: sits about 25 minutes with a slump or a lean now and then, gets up."""
    chance, t_s = random.Random(seed), 0.0
    while t_s < DAY_S:
        for _ in range(chance.randint(5, 15)):
            t_s += chance.uniform(20, 180)
            yield t_s, "sitting", chance.choice(["", "", *DEVIATIONS])
        t_s += chance.uniform(30, 600)
        yield t_s, chance.choice(["standing", "away"]), ""


def day(folder: Path, every_s: float | None) -> tuple[int, int, float]:
    """Looks, events and reminders, seconds of work."""
    settings = Settings()
    looks = events = 0
    chance = random.Random(2)
    with Store(folder / f"{every_s}.sqlite3") as store:
        began = time.process_time()
        engine = assemble(settings, store, lambda t_s: START + timedelta(seconds=t_s))
        pace, scenes, t_s = cadence.CadenceState(), script(), 0.0
        until_s, presence, bent = next(scenes)
        while t_s < DAY_S:
            while t_s >= until_s:
                until_s, presence, bent = next(scenes)
            levels = {kind: chance.gauss(1.4 if kind == bent else 0.2, 0.1) for kind in DEVIATIONS}
            seen = Observation(t_s, presence, "", levels if presence == "sitting" else {}, (), 60.0)
            step = engine.take(seen)
            looks, events = looks + 1, events + len(step.events) + len(step.reminders)
            pace, plan = cadence.plan(pace, engine.timeline, cadence.Situation(), settings)
            t_s += plan.interval_s if every_s is None else every_s
        engine.finish()
        return looks, events, time.process_time() - began


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder:
        for name, every_s in (("default cadence", None), ("a look every 0.5 s", 0.5)):
            looks, events, took_s = day(Path(folder), every_s)
            print(f"{name}: {looks} looks, {events} events and reminders, {took_s:.2f} s of CPU")
