"""`posture run`: watch now, in the foreground."""

from __future__ import annotations

import argparse

__all__ = ["add_parser", "run"]


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `run`."""
    one = commands.add_parser(
        "run",
        help="watch now",
        description="Watch through the camera until Ctrl-C: say what happens, remind, and keep the history.",
    )
    one.add_argument(
        "--source", metavar="CAMERA", help="a camera by index, path or name (default: the setting), or a video file"
    )
    one.add_argument(
        "--set",
        dest="overrides",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help="a setting for this run, such as coach.stand_after=2m; may be repeated",
    )
    one.add_argument("--json", action="store_true", help="one JSON object a line; the last is the summary")
    one.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Watch until Ctrl-C, SIGTERM or the end of the file."""
    import contextlib
    import json
    import time
    from datetime import UTC, datetime, timedelta
    from pathlib import Path

    from posture.camera.webcam import Webcam
    from posture.coach.advance import Moment
    from posture.daemon.eye import Eye
    from posture.daemon.feeder import Feeder, PlayedVideo
    from posture.daemon.mind import Mind
    from posture.daemon.watch import local_minute
    from posture.history.calibrations import load_baseline
    from posture.history.recorder import Recorder
    from posture.history.store import Store, history_path
    from posture.pose.mediapipe_model import MediaPipePose
    from posture.report.lines import event_json, event_line
    from posture.settings_file import load_settings

    settings = load_settings(overrides=args.overrides)
    wanted = args.source or settings.camera.source
    with contextlib.ExitStack() as stack:
        model = stack.enter_context(MediaPipePose(settings.pose.model))
        store = stack.enter_context(Store(history_path(settings)))
        source: Webcam | PlayedVideo
        if Path(wanted).is_file():
            feeder = Feeder(wanted)
            stack.callback(feeder.close)
            source = PlayedVideo(feeder.socket, feeder.name, feeder.duration_s)
            feeder.play()
        else:
            source = stack.enter_context(Webcam(wanted, settings.camera))
        began_s, start = None, datetime.now(UTC)
        baseline = load_baseline(settings, source.name)
        eye = Eye(model, settings, baseline, calibrate_s=0.0 if baseline else 10.0)
        mind: Mind | None = None
        try:
            while (t_s := source.grab()) is not None:
                if began_s is None or mind is None:
                    began_s = t_s

                    def to_utc(at_s: float, began_s: float = t_s) -> datetime:
                        return start + timedelta(seconds=at_s - began_s)

                    mind = Mind(
                        settings, Recorder(store, to_utc), lambda at_s: Moment(local_minute=local_minute(to_utc(at_s)))
                    )
                step = mind.take(eye.look(source.retrieve()).observation)
                for event in (*step.events, *step.reminders):
                    print(json.dumps(event_json(event)) if args.json else event_line(event), flush=True)
                time.sleep(0.5)
        except KeyboardInterrupt:
            pass
        if mind is not None:
            mind.finish()
    return 0
