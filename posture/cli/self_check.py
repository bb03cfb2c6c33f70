"""`posture self-check`: measure how far it goes today, best of three each way, and show the trend."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from posture.coach.selfcheck import SelfCheck, SelfCheckState
    from posture.history.records import Point
    from posture.settings import Settings

KINDS = ("side-bend", "hip-rotation", "hip-extension")


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `self-check`."""
    parser = commands.add_parser(
        "self-check",
        help="how far it goes today: a trend, not a verdict",
        description="See by the camera how far it goes today, the best of three each way. It is kept and shown as a "
        "trend; the camera errs by 5 to 10 degrees. Go only as far as is comfortable. Esc or q ends it.",
    )
    parser.add_argument("kind", choices=KINDS, help="what to look at")
    parser.add_argument("--source", metavar="CAMERA", help="a camera by index, path or name, or a video file")
    parser.add_argument("--history", action="store_true", help="only show what was kept")
    parser.add_argument("--no-store", action="store_true", help="keep nothing")
    parser.add_argument("--json", action="store_true", help="only one JSON object at the end")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Lead through it, store the best values, and show the trend."""
    from datetime import UTC, datetime

    from posture.cli.stored import stored_records
    from posture.coach.safety import STOP, SUSPENDED
    from posture.coach.selfcheck import CHECKS
    from posture.errors import PostureError
    from posture.history.care import care_of, self_check_point
    from posture.history.store import Store
    from posture.paths import history_path
    from posture.settings_file import load_settings

    check = CHECKS[args.kind]
    settings = load_settings()
    with stored_records(settings) as reader:
        care = care_of(reader, datetime.now(UTC))
    before = [point for point in care.self_checks if point.label == args.kind]
    if args.history:
        _show(check, before, as_json=args.json)
        return 0
    if care.suspended:
        raise PostureError(SUSPENDED)
    if not args.json:
        for number, step in enumerate(check.steps, 1):
            print(f"  {number}. {step}")
        print(STOP)
    best = _measured(args, check, settings)
    if not best:
        print("null" if args.json else "Nothing was seen well enough this time: check the steps above.")
        return 0
    point = self_check_point(datetime.now(UTC), args.kind, best)
    if not args.no_store:
        with Store(history_path(settings)) as writable:
            writable.write(points=[point])
    _show(check, [*before, point], as_json=args.json)
    return 0


def _measured(args: argparse.Namespace, check: SelfCheck, settings: Settings) -> Mapping[str, float]:
    from posture.cli.borrow_camera import lent_camera
    from posture.cli.guide import looks, stop_key
    from posture.cli.keypress import keys
    from posture.cli.progress import StatusLine
    from posture.coach.selfcheck import ATTEMPTS, SelfCheckState, Tracker, advance, angles_of, finished

    state, tracker = SelfCheckState(), Tracker(check.kind, settings.pose.min_visibility)
    line = StatusLine(sys.stdout)
    line.visible = line.visible and not args.json
    source = args.source or settings.camera.source
    with lent_camera(source, "checking"), keys() as key, suppress(KeyboardInterrupt):
        for look in looks(source, settings):
            tracker, angles = angles_of(tracker, look.t_s, look.pose)
            state, tried = advance(state, check, look.t_s, angles)
            for attempt in tried if not args.json else ():
                line.clear()
                print(f"{_name(attempt.way)} {attempt.number}: {attempt.deg:.0f}°", flush=True)
            line.show(_live(check, state, angles, tracker.says))
            if finished(state, check) or stop_key(key(0.0)):
                break
    line.clear()
    if not args.json and state.best and not finished(state, check):
        print(f"Fewer than {ATTEMPTS} each way: the best of those is kept.")
    return state.best


def _live(check: SelfCheck, state: SelfCheckState, angles: Mapping[str, float] | None, says: str) -> str:
    if angles is None:
        return says
    way = state.way or max(check.ways, key=lambda way: angles.get(way, 0.0))
    return f"{_name(way)} {max(angles.get(way, 0.0), 0.0):3.0f}°"


def _show(check: SelfCheck, points: list[Point], *, as_json: bool) -> None:
    from posture.coach.selfcheck import CAMERA_ERROR, note

    results = [
        {way: float(value) for way, value in point.detail.items() if isinstance(value, int | float)} for point in points
    ]
    if as_json:
        print(json.dumps([{"at": p.at.isoformat(), **r} for p, r in zip(points, results, strict=True)]))
        return
    if not points:
        print(f"Nothing was kept yet. {check.steps[0]}")
        return
    print("\n" + " " * 12 + "  ".join(f"{_name(way):>9}" for way in check.ways))
    for point, result in list(zip(points, results, strict=True))[-8:]:
        cells = "  ".join(f"{result[way]:8.0f}°" if way in result else f"{'-':>9}" for way in check.ways)
        print(f"{point.at.astimezone():%d %b %Y} {cells}")
    print(f"\n{check.usual}")
    remark = note(check.kind, results)
    if remark:
        print(remark)
    print(CAMERA_ERROR)


def _name(way: str) -> str:
    return way.replace("_", " ")
