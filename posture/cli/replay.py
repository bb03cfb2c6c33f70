"""`posture replay`: the whole pipeline on a video, on the video's own clock, as fast as the machine goes."""

from __future__ import annotations

import argparse
import json
import math
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from posture.cli.overrides import add_overrides
from posture.cli.progress import progress
from posture.errors import PostureError
from posture.language import mark, number, tr, trc, trn

if TYPE_CHECKING:
    from posture.measure.baseline import Baseline, Refusal

LOOKS_PER_S = 1.0
"""A file may be looked at often: once a second notices every change within its dwell time."""
WHAT_THE_VIDEO_SHOWED = mark("What the video showed")


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `replay`."""
    parser = commands.add_parser(
        "replay",
        description=tr("Run the whole pipeline on a video, on the video's own clock. Nothing is stored."),
    )
    parser.add_argument("video", metavar="VIDEO", help=tr("a file, or the URL of a stream"))
    parser.add_argument(
        "--calibrate",
        type=_seconds,
        default=10.0,
        metavar="SECONDS",
        help=tr("take the first SECONDS as upright sitting (default 10; 0: no baseline, no deviation is judged)"),
    )
    parser.add_argument(
        "--start",
        type=_time,
        metavar="ISO8601",
        help=tr("when the video began (default: now); for quiet hours and days"),
    )
    parser.add_argument(
        "--looks",
        type=_rate,
        default=LOOKS_PER_S,
        metavar="RATE",
        help=tr("looks a second (default %(default)g), or cadence: as seldom as posture run looks"),
    )
    add_overrides(parser)
    parser.add_argument("--json", action="store_true", help=tr("one JSON object a line; the last is the summary"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Replay and print what is found, as it is found."""
    from posture.camera.boxed import open_video
    from posture.coach.event_text import event_json, event_line
    from posture.history.records import Memory
    from posture.monitor.replay import watch_video
    from posture.pose.open_model import open_pose_model
    from posture.settings_file import load_settings

    settings = load_settings(overrides=args.overrides)
    if args.video.strip().isdecimal():
        raise PostureError(
            tr("{video} is a camera, and posture replay takes a video: use posture run --source.", video=args.video), 2
        )
    start = args.start or datetime.now(UTC)
    memory, seen, last_s = Memory(), False, 0.0
    with (
        open_video(args.video, from_zero=True) as video,
        open_pose_model(settings) as model,
        progress(trc("progress", "replay"), video.duration_s, "s") as bar,
    ):
        steps = watch_video(
            video, model, settings, memory, start=start, calibrate_s=args.calibrate, looks_per_s=args.looks
        )
        for step in steps:
            last_s = step.t_s
            seen = seen or (step.analysis is not None and step.analysis.observation.presence in ("sitting", "standing"))
            if step.calibrated is not None or step.events or step.reminders:
                bar.clear()
            if step.calibrated is not None:
                _say(args.json, calibrated_json(step.t_s, step.calibrated), _calibrated_line(step.calibrated))
            for event in (*step.events, *step.reminders):
                _say(args.json, event_json(event), event_line(event))
            bar(step.t_s)
    print_summary(memory, settings, start, last_s, as_json=args.json)
    if not seen:
        raise PostureError(
            tr("Nobody was seen in {video}: it should show a person, face and shoulders, in light.", video=args.video)
        )
    return 0


def calibrated_json(t_s: float, found: Baseline | Refusal) -> dict[str, Any]:
    """The `calibrated` event: whether there is a baseline now, how good it is, or why there is none."""
    from posture.measure.baseline import Baseline
    from posture.measure.placement import hidden_deviations, sentences_on

    line: dict[str, Any] = {"t": round(t_s, 2), "event": "calibrated", "ok": isinstance(found, Baseline)}
    if not isinstance(found, Baseline):
        return line | {"reason": found.reason, "sentence": found.sentence}
    return line | {
        "frames": found.frames,
        "seconds": round(found.seconds, 2),
        "spread": {name: round(value, 2) for name, value in found.spread.items()},
        "placement": {name: _known(value) for name, value in asdict(found.placement).items()},
        "not_observable": list(hidden_deviations(found.placement)),
        "advice": list(sentences_on(found)),
    }


def _known(value: float) -> float | None:
    return round(value, 1) if math.isfinite(value) else None


def _calibrated_line(found: Baseline | Refusal) -> str:
    from posture.measure.baseline import Baseline
    from posture.measure.placement import sentences_on

    if isinstance(found, Baseline):
        sentences = sentences_on(found)
        calibrated = trn(
            "calibrated on {n} look in {seconds} s",
            "calibrated on {n} looks in {seconds} s",
            found.frames,
            seconds=number(found.seconds),
        )
        return "; ".join((calibrated, *sentences))
    return tr("not calibrated: {why}", why=found.sentence)


def print_summary(
    memory: Any, settings: Any, start: datetime, last_s: float, *, as_json: bool, title: str = WHAT_THE_VIDEO_SHOWED
) -> None:
    """Print the summary of a watch that began at `start` and lasted `last_s` seconds."""
    from posture.report.json import to_json
    from posture.report.summary import summarise

    # A little past the last look, so that what happened at it is included.
    stop = start + timedelta(seconds=last_s + 1.0)
    summary = summarise(
        memory.intervals(start, stop), memory.points(start, stop), memory.distance(start, stop), start, stop, settings
    )
    if as_json:
        print(json.dumps({"t": round(last_s, 2), "event": "summary", **to_json(summary)}))
        return

    from posture.cli.terminal import PlainConsole
    from posture.report.terminal import show

    show(summary, tr(title), PlainConsole())


def _say(as_json: bool, found: dict[str, Any], line: str) -> None:
    if as_json:
        print(json.dumps(found), flush=True)
    else:
        minute, second = divmod(int(found["t"]), 60)
        print(f"{minute:3d}:{second:02d}  {line}")


def _seconds(text: str) -> float:
    from posture.durations import parse_duration

    try:
        value = float(text)
    except ValueError:
        try:
            value = parse_duration(text)
        except PostureError:
            raise argparse.ArgumentTypeError(tr("{text!r} is not a time: write 15, 15s or 1m", text=text)) from None
    if not 0 <= value < 86400:
        raise argparse.ArgumentTypeError(tr("{text!r} is not between 0 and 86400 seconds", text=text))
    return value


def _rate(text: str) -> float | None:
    if text == "cadence":
        return None
    try:
        value = float(text)
    except ValueError:
        value = 0.0
    if not 0 < value <= 120:
        raise argparse.ArgumentTypeError(
            tr("{text!r} is not a rate: give looks a second, over 0 and up to 120, or cadence", text=text)
        )
    return value


def _time(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(tr("{text!r} is not a time such as 2026-11-22T09:00", text=text)) from None
    return at.astimezone(UTC)
