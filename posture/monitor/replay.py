"""Watching a video: analyzer and engine in one process, on the video's own clock."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from posture.camera.frame import FrameSource
from posture.camera.pacer import Pacer, times_to_the_end
from posture.coach.reminder import Reminder
from posture.errors import PostureError
from posture.history.records import Sink
from posture.language import tr
from posture.measure.baseline import Baseline, Refusal
from posture.monitor import cadence
from posture.monitor.assemble import assemble
from posture.monitor.engine import Engine
from posture.perception.analyzer import Analysis, FrameAnalyzer
from posture.perception.gate import ALWAYS
from posture.pose.landmarks import PoseModel
from posture.settings import Settings
from posture.timeline.events import Event

CALIBRATION_LOOKS_PER_S = 4.0
"""Forty looks in ten seconds are enough for a steady median."""


@dataclass(frozen=True)
class ReplayStep:
    """What one look led to, with the engine as it is after it."""

    t_s: float
    engine: Engine
    analysis: Analysis | None
    events: list[Event] = field(default_factory=list)
    reminders: list[Reminder] = field(default_factory=list)
    calibrated: Baseline | Refusal | None = None


def watch_video(
    source: FrameSource,
    model: PoseModel,
    settings: Settings,
    sink: Sink,
    *,
    start: datetime,
    calibrate_s: float,
    looks_per_s: float | None,
) -> Iterator[ReplayStep]:
    """Go through a video, looking `looks_per_s` times a second with the model; frames between are passed undecoded.

    Parameters
    ----------
    model : PoseModel
        In image mode: it looks at each picture alone.
    sink : Sink
        Where records go.
    start : datetime
        When the video began; its clock is seconds since then.
    calibrate_s : float
        How much of the beginning is upright sitting.
    looks_per_s : float or None
        None to look as a live watch does: when the cadence says so, with the model when the gate says so.

    Yields
    ------
    ReplayStep
        After each look, and once more at the end.

    Raises
    ------
    posture.errors.PostureError
        The video gives no picture at all.
    """

    def to_utc(t_s: float) -> datetime:
        return start.astimezone(UTC) + timedelta(seconds=t_s)

    analyzer = FrameAnalyzer(model, settings, calibrate_s=calibrate_s)
    engine = assemble(settings, sink, to_utc)
    pacer, pace, demand = Pacer(), cadence.CadenceState(), ALWAYS
    for t_s in times_to_the_end(source):
        if not pacer.wants(t_s):
            continue
        analysis = analyzer.glance(source, t_s, demand) if looks_per_s is None else analyzer.look(source.retrieve())
        step = engine.take(analysis.observation)
        if looks_per_s is None:
            situation = cadence.Situation(calibrating=analyzer.calibrating)
            pace, plan = cadence.plan(pace, engine.timeline, situation, settings)
            step_s, demand = plan.interval_s, plan.demand
        else:
            step_s = 1.0 / max(looks_per_s, CALIBRATION_LOOKS_PER_S if analyzer.calibrating else 0.0)
        pacer = pacer.after(t_s, step_s)
        yield ReplayStep(t_s, engine, analysis, step.events, step.reminders, analysis.calibrated)
    if engine.timeline.t_s is None:
        raise PostureError(tr("{name} holds no picture: choose another file.", name=source.name))
    last = engine.finish()
    yield ReplayStep(engine.timeline.now_s, engine, None, last.events, last.reminders, analyzer.end_calibration())
