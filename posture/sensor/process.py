"""The process that sees pictures: `python -m posture.sensor.process LINK [FEED NAME]`, started by the daemon.

It answers each `Look` with what it saw, gives way when another program wants the camera, and ends when the daemon's end
of the link is closed. It opens no network, starts no program and writes no file: `posture.sandbox` makes sure of that
before anything that could is imported.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posture import sandbox
from posture.backoff import Backoff, TokenBucket
from posture.camera.inotify import watch_cameras
from posture.clock import now_s
from posture.errors import PostureError
from posture.language import mark, tr
from posture.link import Link, handed, wait
from posture.measure.observation import Observation
from posture.own_language import begin
from posture.process_memory import give_back_libraries
from posture.sensor.wire import (
    Ask,
    CalibrationState,
    CameraNews,
    CameraState,
    CostReport,
    Failed,
    Look,
    LookResult,
    Offer,
    Probe,
    Probed,
    Ready,
    SensorLink,
    Start,
    WireError,
    settings_from_json,
)

if TYPE_CHECKING:
    from posture.camera.lease import LeaseState
    from posture.measure.baseline import Baseline
    from posture.perception.analyzer import Analysis
    from posture.perception.taller import Proposal

REASONS: dict[str, str] = {
    "closed": mark("camera closed"),
    "in use": mark("camera in use"),
    "gone": mark("camera unplugged or stalled"),
    "forbidden": mark("camera not permitted"),
    "failed": mark("camera gives no picture"),
    "ended": mark("source ended"),
}

OFFERED = {
    "provisional": mark(
        "You have not calibrated yet, so you are judged by how you sat in the first minutes (provisional). Keep that, "
        "if it is how you want to sit, or calibrate properly."
    ),
    "taller": mark("You sat taller than at your calibration for {minutes} min today: keep that as the new one?"),
}
NEWS = TokenBucket(most=10.0, refill_per_s=1.0, left=10.0)
"""How often the daemon is told of the camera unasked; what is left out, the next look says. The daemon ends a sensor
that tells it more than thrice as often, see `posture.sensor.client` [design choice]."""
RECALIBRATE = Backoff(first_s=30.0, longest_s=900.0)
"""How long after a calibration that failed the next one is tried [design choice]."""


class _RestartNeeded(Exception):  # noqa: N818 - nothing is wrong
    """A camera was plugged in, or a calibration stored, after this process was locked in: a new one may open it."""


class Sensor:
    """Answers looks with a camera, a gate and a model.

    `feed` is of a feeder, when the source is a file. A PostureError says that the model cannot be loaded, or that the
    baseline is damaged.
    """

    def __init__(self, link: SensorLink, start: Start, feed: Link | None, feed_name: str) -> None:
        from posture.camera.lease import CameraLease, Lease, SourceLease
        from posture.camera.opencv import opencv
        from posture.history.calibrations import baseline_from_json
        from posture.perception.analyzer import FrameAnalyzer
        from posture.perception.meter import CostMeter
        from posture.pose.open_model import open_pose_model
        from posture.sensor.virtual_camera import VirtualCamera

        self._link, self._start = link, start
        settings = settings_from_json(start.settings)
        self._settings = settings
        # For pictures of 80x60 px threads cost more than they save.
        opencv().setNumThreads(1)
        give_back_libraries()
        model = open_pose_model(settings)
        give_back_libraries()
        baseline = None
        if start.baseline is not None:
            try:
                baseline = baseline_from_json(start.baseline, settings.pose)
            except (KeyError, TypeError, ValueError):
                raise PostureError(tr("The calibration is damaged: run posture calibrate again.")) from None
        self._virtual = VirtualCamera(feed, feed_name) if feed is not None else None
        self._lease: Lease = (
            CameraLease(start.source, settings.camera, now_s)
            if self._virtual is None
            else SourceLease(self._virtual, now_s)
        )
        self._carried = baseline
        self._analyzer = FrameAnalyzer(model, settings, calibrate_s=start.calibrate_s, provisional=True)
        self._place: list[str] | None = None
        self._offered: tuple[Baseline, int] | None = None
        self._unread = ""
        self._meter: CostMeter = self._analyzer.meter
        self._recalibrate, self._news = RECALIBRATE, NEWS

    def serve(self) -> None:
        """Answer looks until the daemon closes the connection."""
        self._link.send(Ready(time.process_time()))
        self._meter.start()
        while True:
            stream = self._link.stream
            waited: list[Any] = [stream, *([self._lease] if self._lease.fileno() >= 0 else [])]
            ready = waited if self._link.waiting else wait(waited, None)
            if self._lease in ready and self._lease.notice():
                self._tell(now_s())
            if stream in ready:
                message = self._link.receive(None)
                if isinstance(message, Look):
                    self._link.send(self._look(message))
                elif isinstance(message, Ask):
                    self._link.send(self._cost())
                elif isinstance(message, Probe):
                    self._link.send(Probed(dict(sandbox.attempts(Path(message.folder)))))
                else:
                    raise WireError(f"{type(message).__name__} is not for a sensor")

    def _tell(self, t_s: float) -> None:
        """Tell the daemon of the camera, unless that was done too often."""
        news = self._news.refilled(t_s).spent(1.0, t_s)
        if news.left >= 0.0:
            self._news = news
            self._link.send(CameraNews(t_s, _shown(self._lease.state), self._lease.sentence))

    def _look(self, ask: Look) -> LookResult:
        self._meter.counts["looks"] += 1
        analysis, name = None, self._lease.name
        observation: Observation | None
        try:
            with self._meter.stage("capture"):
                source = self._lease.picture()
            t_s = now_s()
            if source is None:
                state = self._lease.state
                if state in ("gone", "forbidden", "failed") and sandbox.camera_out_of_reach():
                    raise _RestartNeeded
                observation = None if state == "ended" else _unseen(t_s, state)
            else:
                self._meter.counts["grabbed"] += 1
                self._find_baseline()
                if self._virtual is not None:
                    t_s = self._virtual.t_s
                found = self._analyzer.glance(source, t_s, ask.demand)
                if found.observation.presence != "unknown":  # two black pictures are alike on a live camera, too
                    self._lease.check()
                analysis, observation = found, found.observation
                self._calibrate_again(analysis)
        except PostureError as error:
            self._lease.lost(error)
            observation = _unseen(now_s(), self._lease.state)
        self._lease.looked()
        if now_s() > ask.deadline_s:
            # The daemon no longer waits for this look.
            self._meter.counts["dropped"] += 1
            observation = None
        return LookResult(
            number=ask.number,
            observation=observation,
            camera="open" if analysis is not None else _shown(self._lease.state),
            sentence="" if analysis is not None else self._lease.sentence,
            name=self._lease.name or name,
            inferred=analysis is not None and analysis.measures is not None,
            changed=1.0 if analysis is None else analysis.changed,
            calibrating=self._analyzer.calibrating,
            calibrated=self._news_of_calibration(analysis),
            moved=self._analyzer.moved,
            source=self._lease.source,
            calibration=_kind(self._analyzer.baseline),
            missing=self._analyzer.missing,
            offer=self._new_offer(),
        )

    def _news_of_calibration(self, analysis: Analysis | None) -> dict[str, Any] | None:
        if self._unread:
            sentence, self._unread = self._unread, ""
            return {"ok": False, "reason": "stored", "sentence": sentence}
        if analysis is None or analysis.calibrated is None:
            return None
        found = _calibrated(analysis.calibrated)
        return found | {"baseline": found["baseline"] | {"place": self._place}} if found["ok"] else found

    def _find_baseline(self) -> None:
        """Use the stored baseline of this camera, or the provisional one; its name is known only once it is open."""
        if self._place is not None:
            return
        from posture.history.calibrations import Which, calibrations_path, load_baseline, profile_of

        if sandbox.out_of_reach(calibrations_path(self._settings)):
            raise _RestartNeeded

        stored, standing, self._place = None, None, [self._lease.name, ""]
        try:
            self._place = [self._lease.name, profile_of(self._settings, self._lease.name)]
            which = Which(self._lease.name, *self._lease.identity)
            stored = load_baseline(self._settings, which)
            standing = load_baseline(self._settings, which, standing=True)
        except PostureError as error:
            # Watching goes on with a provisional one.
            self._unread = str(error)
        self._analyzer.use(stored or self._carried_for(self._place), standing)

    def _carried_for(self, place: list[str]) -> Baseline | None:
        """Give the baseline of an earlier sensor if it was made with this camera, in this profile, by this model."""
        found = self._start.baseline or {}
        fits = found.get("place", place) == place and found.get("model") == self._settings.pose.judge
        return self._carried if fits else None

    def _calibrate_again(self, analysis: Analysis) -> None:
        """After a calibration that failed, try again later, when somebody sits there."""
        t_s = analysis.observation.t_s
        if self._analyzer.baseline is not None or self._analyzer.calibrating:
            return
        if analysis.calibrated is not None:
            self._recalibrate = self._recalibrate.failed(t_s)
        elif self._recalibrate.wait_s and t_s >= self._recalibrate.due_s and analysis.observation.presence == "sitting":
            self._analyzer.calibrate(self._start.calibrate_s)

    def _new_offer(self) -> Offer | None:
        """What the user may keep, if that has changed: another baseline, or more minutes."""
        found = self._analyzer.proposal
        if found is None or self._place is None:
            return None
        minutes = int(found.held_s / 60.0) if found.reason == "taller" else 0
        if self._offered == (found.baseline, minutes):
            return None
        self._offered = (found.baseline, minutes)
        from posture.history.calibrations import baseline_to_json

        return Offer(found.reason, _sentence(found, minutes), self._place[0], baseline_to_json(found.baseline))

    def _cost(self) -> CostReport:
        from posture.perception.meter import peak_rss_mb

        meter = self._meter
        return CostReport(
            cpu_s=dict(meter.cpu_s),
            total_s=meter.total_s(),
            counts=dict(meter.counts),
            infer_ms=list(meter.infer_ms),
            camera_open_s=self._lease.open_s,
            peak_rss_mb=peak_rss_mb(),
            feeder_cpu_s=self._virtual.feeder_cpu_s if self._virtual is not None else 0.0,
        )

    def close(self) -> None:
        """Close the camera."""
        self._lease.close()


def _calibrations(start: Start) -> Path:
    from posture.history.calibrations import calibrations_path

    return calibrations_path(settings_from_json(start.settings))


def _unseen(t_s: float, state: LeaseState) -> Observation:
    return Observation(t_s, "unknown", REASONS[state], cause="busy" if state == "in use" else "blind")


def _shown(state: LeaseState) -> CameraState:
    return "open" if state == "closed" else state


def _kind(baseline: Baseline | None) -> CalibrationState:
    if baseline is None:
        return "none"
    return "provisional" if baseline.provisional else "kept"


def _sentence(found: Proposal, minutes: int) -> str:
    from posture.measure.placement import aslant_sentence

    aslant = aslant_sentence(found.baseline)
    offered = tr(OFFERED[found.reason], minutes=minutes)
    return f"{offered} {aslant}" if aslant else offered


def _calibrated(found: Any) -> dict[str, Any]:
    from posture.history.calibrations import baseline_to_json
    from posture.measure.baseline import Baseline

    if isinstance(found, Baseline):
        return {"ok": True, "baseline": baseline_to_json(found)}
    return {"ok": False, "reason": found.reason, "sentence": found.sentence}


def main(arguments: list[str]) -> None:
    """Serve the daemon that has handed this its end of a link."""
    # The daemon decides when this process ends; a Ctrl-C in its terminal is not for it.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    begin("en")  # what it was started with; in the box the catalogue may be out of reach
    link = SensorLink(handed(arguments[0]))
    sandbox.end_with(link.stream)
    feed = handed(arguments[1]) if len(arguments) > 1 else None
    sensor = None
    try:
        start = link.receive(None)
        if not isinstance(start, Start):
            raise WireError("the first message is Start")
        try:
            watch_cameras()
            # A file is decoded by the feeder: then there is no camera to open.
            sandbox.enter_sensor([_calibrations(start)], camera=feed is None)
            sensor = Sensor(link, start, feed, arguments[2] if len(arguments) > 2 else "")
        except PostureError as error:
            link.send(Failed(str(error)))
            return
        sensor.serve()
    except (EOFError, BrokenPipeError, ConnectionResetError, _RestartNeeded):
        pass  # the daemon starts another sensor if it wants one
    except Exception as error:
        # The daemon reports one sentence and starts another sensor; a traceback is only for those who ask for it.
        if "POSTURE_DEBUG" in os.environ:
            raise
        with contextlib.suppress(OSError):
            what = f"{type(error).__name__}: {error}".replace("\n", " ")
            link.send(Failed(tr("The sensor has failed ({error}).", error=what)))
    finally:
        if sensor is not None:
            sensor.close()


if __name__ == "__main__":
    main(sys.argv[1:])
