"""What looking costs: the loop alone at real pace, with a sensor of its own, at a fixed rate or at the cadence.

It is what `posture bench` compares the whole program with (`posture.cli.bench_program`), and what remains of that for a
stream, which no daemon watches: without service, desktop, store and control channel.

Monitored time begins when the model is loaded and the calibration is over; the start-up before that is reported apart.
A video file is not a camera: decoding it between two looks is the file's cost, not that of watching. So a process of
its own plays it, as MJPG pictures at the clip's rate, and the sensor decodes only those it looks at; the cost of that
process is reported apart as well.
"""

from __future__ import annotations

import contextlib
import json
import re
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from posture.clock import now_s
from posture.errors import PostureError
from posture.history.records import Memory
from posture.language import mark, number, tr
from posture.measure.observation import DEVIATIONS
from posture.monitor.assemble import assemble
from posture.monitor.clock import WallClock
from posture.monitor.live import LiveWatch
from posture.perception.meter import STAGES, peak_rss_mb
from posture.plain_file import read_plain_text
from posture.sensor.feeder import feeder_of
from posture.sensor.wire import CostReport
from posture.settings import Settings
from posture.timeline.events import DeviationStarted, Event, PresenceChanged

NO_SENSOR = mark("The sensor does not start: run posture doctor.")
SENSOR_STOPPED = mark("The sensor has stopped while it was measured: run posture bench again.")
CALIBRATE_S = 10.0
FOUND_WITHIN_S = 45.0
"""An event later than this after a change in the scene does not count as noticing it."""
SETTLE_S = 30.0
"""A change in the last so many seconds of the window is left out: its event may come after the end."""


@dataclass(frozen=True)
class Change:
    """A change in a clip whose truth is known: at `t_s` this presence or this deviation begins."""

    t_s: float
    what: str


def interval_of(text: str) -> float | None:
    """Read a policy, ``default``, ``every-frame`` or ``fps=N``, as the seconds between looks; None for the cadence.

    A PostureError says that it is none of these.
    """
    if text == "default":
        return None
    if text == "every-frame":
        return 0.0
    match = re.fullmatch(r"fps=([0-9]+(?:\.[0-9]+)?)", text)
    if match is None or not 0.01 <= float(match[1]) <= 120:
        raise PostureError(
            tr('"{text}" is not a policy: write default, every-frame, or fps=N with N of 0.01 to 120', text=text), 2
        )
    return 1.0 / float(match[1])


def changes_of(video: str) -> list[Change] | None:
    """Read what changes in a clip from NAME.truth.json beside it; None where there is none."""
    path = Path(video).with_suffix(".truth.json")
    try:
        segments = json.loads(read_plain_text(path))["segments"]
        found: list[Change] = []
        was = "sitting"
        for segment in segments:
            label = str(segment["label"])
            presence = label if label in ("away", "standing") else "sitting"
            if presence != was:
                found.append(Change(float(segment["start"]), presence))
            elif label in DEVIATIONS:
                found.append(Change(float(segment["start"]), label))
            was = presence
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return None
    return found


def latencies_s(changes: Sequence[Change], events: Sequence[tuple[float, Event]]) -> tuple[list[float], list[Change]]:
    """Find how long each change took to be noticed, and which were not; `events` have their seconds in the clip."""
    return _latencies(changes, [(t_s, what_of(event)) for t_s, event in events])


def _latencies(changes: Sequence[Change], noticed: Sequence[tuple[float, str]]) -> tuple[list[float], list[Change]]:
    found: list[float] = []
    missed: list[Change] = []
    for change in changes:
        took_s = [
            t_s - change.t_s for t_s, what in noticed if 0 <= t_s - change.t_s <= FOUND_WITHIN_S and change.what == what
        ]
        if took_s:
            found.append(min(took_s))
        else:
            missed.append(change)
    return found, missed


def what_of(event: Event) -> str:
    """Give the presence or the deviation that begins with an event; empty for another event."""
    if isinstance(event, PresenceChanged):
        return event.presence
    return event.kind if isinstance(event, DeviationStarted) else ""


@dataclass
class _Window:
    """The monitored time: what had been used at its beginning, and the events in it."""

    began_s: float
    cpu_s: float
    cost: CostReport
    events: list[tuple[float, Event]] = field(default_factory=list)


def measure(
    settings: Settings,
    source: str,
    seconds: float,
    policy_text: str,
    progress: Callable[[float], None] = lambda done: None,
) -> dict[str, Any]:
    """Watch for `seconds` and report what it cost.

    Parameters
    ----------
    source : str
        A video file, the address of a stream, or a camera by index, path or name.
    seconds : float
        Monitored time; less when a file ends earlier.
    policy_text : str
        See `interval_of`.
    progress : callable
        Called with the share that is done, 0 to 1.

    Returns
    -------
    dict
        See docs/performance.md.

    Raises
    ------
    posture.errors.PostureError
        The source cannot be used.
    """
    interval_s = interval_of(policy_text)
    with contextlib.ExitStack() as stack:
        feeder = feeder_of(source)
        if feeder is not None:
            stack.callback(feeder.close)
        clock = WallClock()
        engine = assemble(settings, Memory(), clock.to_utc)
        live = LiveWatch(
            settings,
            engine,
            clock,
            source,
            feeder=feeder,
            interval_s=interval_s,
            calibrate_s=CALIBRATE_S,
        )
        stack.callback(live.close)
        window: _Window | None = None
        calibrating_s = now_s()
        # On the stack, because a generator that is dropped ends the sensor as soon as the loop is left.
        watching = stack.enter_context(contextlib.closing(live.watch()))
        for update in watching:
            if update.seen is None or update.camera != "open":
                if not live.camera.ever_open or update.camera == "failed":
                    raise PostureError(update.sentence or tr(NO_SENSOR))
                if update.camera == "ended":
                    break
                continue
            if window is None:
                if update.seen.calibrating:
                    continue
                window = _Window(now_s(), time.process_time(), _cost(live))
                calibrating_s = window.began_s - calibrating_s
                continue
            window.events += [(clock.seconds(), event) for event in update.events]
            passed_s = now_s() - window.began_s
            progress(min(1.0, passed_s / seconds))
            # The next look may be seconds away; the window ends after the last one that fits.
            if passed_s + (live.last_plan.interval_s if live.last_plan else 0.0) > seconds:
                time.sleep(max(0.0, window.began_s + seconds - now_s()))
                break
        if window is None:
            raise too_short(source, CALIBRATE_S)
        wall_s, cpu_s = now_s() - window.began_s, time.process_time() - window.cpu_s
        end = _cost(live)
        return {
            "policy": policy_text,
            "whole_program": False,
            "left_out": ["service", "desktop", "store", "control"],
            "model": settings.pose.judge,
            "seconds": round(wall_s, 2),
            **figures(window.cost, end, wall_s, cpu_s),
            "paused_cpu_ms_per_s": None,
            "latency_s": latency(
                source, [(t_s, what_of(event)) for t_s, event in window.events], clock.seconds(window.began_s), wall_s
            )
            if feeder is not None
            else None,
            "peak_rss_mb": {"sensor": round(end.peak_rss_mb, 1), "daemon": round(peak_rss_mb(), 1)},
            "memory_mb": None,
            "startup": {
                "load_cpu_ms": round(1e3 * live.load_cpu_s) if live.load_cpu_s is not None else None,
                "until_monitored_s": round(calibrating_s, 1),
            },
            "feeder_cpu_ms": round(1e3 * (end.feeder_cpu_s - window.cost.feeder_cpu_s)) if feeder is not None else None,
            "restarts": live.restarts,
        }


def too_short(source: str, calibrate_s: float) -> PostureError:
    """What to raise for a video that is over before anything is measured."""
    return PostureError(
        tr(
            "{source} is too short: after {calibrate_s} s of calibration nothing is left: take a longer video.",
            source=source,
            calibrate_s=number(calibrate_s),
        )
    )


def _cost(live: LiveWatch) -> CostReport:
    found = live.cost()
    if found is None:
        raise PostureError(tr(SENSOR_STOPPED))
    return found


def figures(
    start: CostReport, end: CostReport, wall_s: float, daemon_s: float, sensor_s: float | None = None
) -> dict[str, Any]:
    """Give the cost of a window of time.

    Parameters
    ----------
    start, end : CostReport
        What the sensor had used at the beginning and at the end of the window.
    wall_s : float
        Length of the window.
    daemon_s : float
        CPU seconds of the process that asks the sensor, in the window.
    sensor_s : float, optional
        Those of the sensor, read from outside; by default what it tells itself.

    Returns
    -------
    dict
        CPU in milliseconds a second, in all, by stage and by process; counts; inference times in milliseconds, on the
        clock in the window and of CPU since the start.
    """
    sensor_s = end.total_s - start.total_s if sensor_s is None else sensor_s
    stages = {name: end.cpu_s[name] - start.cpu_s[name] for name in STAGES}
    counts = {name: end.counts[name] - start.counts[name] for name in end.counts}
    per_s, per_minute = 1e3 / wall_s, 60.0 / wall_s
    rest_s = sensor_s - sum(stages.values()) + daemon_s
    inferred = end.counts["inferred"]  # from the first one on: in a short window there may be none
    return {
        "cpu_ms_per_s": round((sensor_s + daemon_s) * per_s, 3),
        "cpu_ms_per_s_of": {
            **{name: round(stage_s * per_s, 3) for name, stage_s in stages.items()},
            "rest": round(rest_s * per_s, 3),
        },
        "cpu_ms_per_s_by": {"sensor": round(sensor_s * per_s, 3), "daemon": round(daemon_s * per_s, 3)},
        "frames": {name: counts[name] for name in ("grabbed", "decoded_small", "decoded", "inferred", "dropped")},
        "per_minute": {
            "looks": round(counts["looks"] * per_minute, 1),
            "inferences": round(counts["inferred"] * per_minute, 1),
            "skips": round((counts["looks"] - counts["inferred"]) * per_minute, 1),
            "camera_open_s": round((end.camera_open_s - start.camera_open_s) * per_minute, 1),
        },
        "infer_ms": percentiles(end.infer_ms[len(start.infer_ms) :], 1),
        "infer_cpu_ms": round(1e3 * end.cpu_s["inference"] / inferred, 1) if inferred else None,
    }


def latency(source: str, noticed: Sequence[tuple[float, str]], first_s: float, wall_s: float) -> dict[str, Any] | None:
    """Give how long changes in a clip took to be noticed; None for a clip whose truth is not known.

    Parameters
    ----------
    source : str
        The clip.
    noticed : sequence of (float, str)
        When, in seconds of the clip, and what began, see `what_of`.
    first_s, wall_s : float
        Beginning and length of the window; changes in its last `SETTLE_S` are left out.
    """
    changes = changes_of(source)
    if changes is None:
        return None
    within = [change for change in changes if first_s <= change.t_s <= first_s + wall_s - SETTLE_S]
    found, missed = _latencies(within, noticed)
    return {
        **percentiles(found, 2),
        "changes": len(within),
        "missed": [f"{change.what} at {change.t_s:g}" for change in missed],
    }


def percentiles(values: Sequence[float], digits: int) -> dict[str, float | None]:
    """Give the median and the 95th percentile (the nearest rank); None where there is no value."""
    if not values:
        return {"p50": None, "p95": None}
    ordered = sorted(values)
    nearest = ordered[-(-len(ordered) * 95 // 100) - 1]
    return {"p50": round(statistics.median(ordered), digits), "p95": round(nearest, digits)}
