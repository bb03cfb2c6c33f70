"""`posture bench`: what watching costs, measured on the real loop at real pace."""

from __future__ import annotations

import argparse

__all__ = ["add_parser", "run"]


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `bench`."""
    one = commands.add_parser(
        "bench",
        help="measure what watching costs on this machine",
        description="Run the real loop at real pace on a camera or a video and measure what it costs.",
    )
    one.add_argument("--source", metavar="VIDEO", help="a video, or a camera by index, path or name")
    one.add_argument("--seconds", type=float, default=60.0, metavar="N", help="how long (default %(default)g)")
    one.add_argument("--json", action="store_true", help="one JSON object")
    one.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Measure twice a second, in one process."""
    import json
    import resource
    import statistics
    import time

    from posture.camera.webcam import Webcam
    from posture.daemon.eye import Eye
    from posture.daemon.feeder import Feeder, PlayedVideo
    from posture.pose.mediapipe_model import MediaPipePose
    from posture.settings_file import load_settings

    settings = load_settings()
    source: Webcam | PlayedVideo
    if args.source:
        feeder = Feeder(args.source)
        source = PlayedVideo(feeder.socket, feeder.name)
        feeder.play()
    else:
        source = Webcam(settings.camera.source, settings.camera)
    infer_ms: list[float] = []
    with MediaPipePose(settings.pose.model) as model, source:
        eye = Eye(model, settings)
        began_s, cpu_s = time.monotonic(), time.process_time()
        while time.monotonic() - began_s < args.seconds and source.grab() is not None:
            frame = source.retrieve()
            at_s = time.monotonic()
            eye.look(frame)
            infer_ms.append((time.monotonic() - at_s) * 1e3)
            time.sleep(0.5)
        wall_s = time.monotonic() - began_s
        found = {
            "seconds": round(wall_s, 2),
            "cpu_ms_per_s": (time.process_time() - cpu_s) * 1e3 / wall_s,
            "inferred": len(infer_ms),
            "infer_ms": {"p50": statistics.median(infer_ms), "p95": statistics.quantiles(infer_ms, n=20)[-1]},
            "peak_rss_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
        }
    print(json.dumps(found))
    return 0
