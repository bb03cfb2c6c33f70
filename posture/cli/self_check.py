"""`posture self-check`: measure how far it goes today, best of three each way, and show the trend."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from posture.cli.keypress import answer_to
from posture.errors import PostureError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from posture.coach.findings import Kind
    from posture.coach.selfcheck import Measured, SelfCheck, SelfCheckState, Tried
    from posture.history.care import Care
    from posture.history.records import Point
    from posture.history.self_checks import Stretched
    from posture.settings import Settings

KINDS: tuple[Kind, ...] = ("side-bend", "hip-rotation", "hip-extension")


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `self-check`."""
    parser = commands.add_parser(
        "self-check",
        help="how far it goes today: a trend, not a verdict",
        description="See by the camera how far it goes today, the best of three each way. It is kept and shown as a "
        "trend; the camera errs by 5 to 10 degrees. Go only as far as is comfortable. Esc or q ends it.",
    )
    parser.add_argument("kind", nargs="?", choices=KINDS, help="what to look at")
    parser.add_argument("--stretch", metavar="ID", help="check, stretch, and check again; see posture exercises")
    parser.add_argument("--source", metavar="CAMERA", help="a camera by index, path or name, or a video file")
    parser.add_argument(
        "--trend",
        "--history",
        dest="trend",
        action="store_true",
        help="only show what was kept, of all kinds or of one",
    )
    parser.add_argument("--no-store", action="store_true", help="keep nothing")
    parser.add_argument("--anyway", action="store_true", help="also if it is left out by coach.clearance")
    parser.add_argument("--json", action="store_true", help="only one JSON object at the end")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Lead through it, store the best values, and show the trend."""
    from posture.cli.check_in import clearance_once, say
    from posture.coach.exercises import find_exercise, typed_exercise
    from posture.coach.safety import CLEARANCE, STOP, left_out, suspended_text
    from posture.coach.selfcheck import CHECKS, LIKE
    from posture.settings_file import load_settings

    if args.kind is None and not args.trend:
        raise PostureError(f"Say which: {', '.join(KINDS)}.", 2)
    settings = load_settings()
    if args.trend:
        kinds: Sequence[Kind] = [args.kind] if args.kind else KINDS
        if args.json:
            shown = {kind: _as_json(_kept(settings, kind)) for kind in kinds}
            print(json.dumps(shown[args.kind] if args.kind else shown))
        else:
            kept = {kind: _kept(settings, kind) for kind in kinds}
            for kind, points in kept.items():
                _show(CHECKS[kind], points, named=args.kind is None)
            if args.kind is None and not any(kept.values()):
                print(f"No self-check was kept yet: posture self-check {KINDS[0]} is one.")
        return 0
    check = CHECKS[args.kind]
    care = _care(settings)
    if care.suspended:
        raise PostureError(suspended_text(emergency=care.emergency))
    if args.stretch:
        args.stretch = typed_exercise(args.stretch).id
    settings = clearance_once(settings, quiet=args.json)
    left = left_out(f"This {args.kind} self-check", find_exercise(LIKE[check.kind]).unless, settings.coach.conditions)
    if left and not args.anyway:
        raise PostureError(f"{left} If one has agreed: posture self-check {args.kind} --anyway.")
    if not args.json:
        for number, step in enumerate(check.steps, 1):
            print(f"  {number}. {step}")
        say(f"{STOP} {CLEARANCE}")
    points = _kept(settings, args.kind)
    first = _checked(args, check, settings)
    if first is not None and args.stretch:
        points = [*points, first]
        stretched = _stretched(args, settings, first)
        if stretched is not None:
            if not args.json:
                print(f"\nNow the same check again.\n  1. {check.steps[0]}")
            first = _checked(args, check, settings, stretched) or first
    if first is None:
        if args.json:
            print("null")
        return 0
    points = points if first in points else [*points, first]
    if args.json:
        print(json.dumps(_as_json(points)))
    else:
        _show(check, points)
    return 0


def _checked(
    args: argparse.Namespace, check: SelfCheck, settings: Settings, after: Stretched | None = None
) -> Point | None:
    """Measure once and store it; None if there is nothing to store, which is said."""
    from datetime import UTC, datetime

    from posture.history.self_checks import self_check_point
    from posture.history.store import Store
    from posture.paths import history_to_write

    state = _measured(args, check, settings)
    best = {**state.best, **_tried(args, check, state)}
    if not best:
        return None
    point = self_check_point(datetime.now(UTC), check.kind, best, state.marks, after)
    if not args.no_store:
        with Store(history_to_write(settings)) as writable:
            writable.write(points=[point])
    return point


def _measured(args: argparse.Namespace, check: SelfCheck, settings: Settings) -> SelfCheckState:
    from posture.cli.guide import looks, stop_key
    from posture.cli.keypress import keys
    from posture.cli.progress import StatusLine
    from posture.coach.selfcheck import (
        ATTEMPTS,
        VISIBILITY,
        SelfCheckState,
        Tracker,
        advance,
        ended,
        finished,
        measured,
    )
    from posture.guided.borrow_camera import lent_camera

    state = SelfCheckState()
    tracker = Tracker(check.kind, min(settings.pose.min_visibility, VISIBILITY))
    line = StatusLine(sys.stdout)
    line.visible = line.visible and not args.json
    source = args.source or settings.camera.source
    t_s = 0.0

    def tell(attempts: Sequence[Tried]) -> None:
        for attempt in attempts if not args.json else ():
            line.clear()
            print(_attempt_text(check, attempt), flush=True)

    with lent_camera(source, "checking"), keys() as key, suppress(KeyboardInterrupt):
        for look in looks(source, settings):
            t_s = look.t_s
            tracker, seen = measured(tracker, t_s, look.pose)
            state, tried = advance(state, check, t_s, seen)
            tell(tried)
            line.show(_live(check, state, seen, tracker.says))
            if finished(state, check) or stop_key(key(0.0)):
                break
    state, tried = ended(state, check, t_s)
    tell(tried)
    line.clear()
    if not args.json:
        _close(check, state, tracker.says)
        if state.best and not finished(state, check):
            print(f"Fewer than {ATTEMPTS} each way: the best of those is kept.")
    return state


def _attempt_text(check: SelfCheck, attempt: Tried) -> str:
    """Report one attempt: how far, whether the camera can tell, and what moved along."""
    from posture.coach.findings import SMALL_ERROR_DEG, way_words
    from posture.coach.selfcheck import ALONG

    text = f"{way_words(check.kind, attempt.way)} {attempt.number}: {attempt.deg:.0f}°"
    if attempt.deg < SMALL_ERROR_DEG:
        text += f" (less than the camera can tell: it may be wrong by {SMALL_ERROR_DEG:.0f})"
    return f"{text}; {ALONG[attempt.along]}." if attempt.along else text


def _close(check: SelfCheck, state: SelfCheckState, says: str) -> None:
    """Say in which ways no movement was seen, and how small it may have been."""
    from posture.coach.findings import way_words
    from posture.coach.selfcheck import least_seen_deg, unseen

    ways = unseen(state, check)
    if not state.rest:
        print(f"Nothing was seen well enough this time. {says or check.come_back}")
    elif ways:
        least_deg = max(least_seen_deg(state, check, way) for way in ways)
        which = f"{', '.join(way_words(check.kind, way) for way in ways)}: no" if state.best else "No"
        print(
            f"{which} movement out and back was seen. It may have been too short, or smaller than about "
            f"{least_deg:.0f} degrees, which the camera cannot tell from staying still; that is no verdict."
        )


def _tried(args: argparse.Namespace, check: SelfCheck, state: SelfCheckState) -> dict[str, float]:
    """Ask whether the user tried what was not seen: then it is kept as 0."""
    from posture.coach.findings import way_words
    from posture.coach.selfcheck import unseen

    if args.json or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return {}
    kept: dict[str, float] = {}
    for way in unseen(state, check):
        with suppress(EOFError, KeyboardInterrupt):
            answer = answer_to(f"Did you try {way_words(check.kind, way)}, as far as it went? [y/N] ")
            if answer.strip().lower() in ("y", "yes"):
                kept[way] = 0.0
    return kept


def _stretched(args: argparse.Namespace, settings: Settings, first: Point) -> Stretched | None:
    """Lead through the stretch as `posture stretch` does; None if nothing was held, or it could not be done."""
    from datetime import UTC, datetime

    from posture.cli.main import main
    from posture.history.self_checks import Stretched

    began = datetime.now(UTC)
    options = [
        *(("--source", args.source) if args.source else ()),
        *(("--no-store",) if args.no_store else ()),
        *(("--json",) if args.json else ()),
    ]
    if not args.json:
        print()
    if main(["stretch", args.stretch, *options]) != 0:
        return None
    if args.no_store:
        return Stretched(args.stretch, 0.0, first.at)
    holds = [hold for hold in _care(settings).holds if hold.at >= began and hold.label == args.stretch]
    seconds = [hold.detail.get("hold_s", 0.0) for hold in holds]
    held_s = sum(float(value) for value in seconds if isinstance(value, int | float))
    if not holds:
        if not args.json:
            print("Without the stretch there is nothing to compare: the check before it is kept.")
        return None
    return Stretched(args.stretch, held_s, first.at)


def _live(check: SelfCheck, state: SelfCheckState, seen: Measured | None, says: str) -> str:
    from posture.coach.findings import way_words
    from posture.coach.selfcheck import ATTEMPTS

    if seen is None:
        return says
    if any(angle not in state.rest for angle in seen.angles):
        return check.come_back
    degrees = {
        way: sign * (seen.angles[angle] - state.rest[angle])
        for way, (angle, sign) in check.ways.items()
        if angle in seen.angles
    }
    if state.attempt is not None:
        way = state.attempt.way
        return f"{way_words(check.kind, way)} {max(degrees.get(way, 0.0), 0.0):3.0f}°"
    left = [way for way in degrees if state.tries.get(way, 0) < ATTEMPTS]
    return f"Next: {way_words(check.kind, left[0])}." if left else "Now the other side."


def _care(settings: Settings) -> Care:
    from datetime import UTC, datetime

    from posture.guided.stored import stored_records
    from posture.history.care import care_of

    with stored_records(settings) as reader:
        return care_of(reader, datetime.now(UTC))


def _kept(settings: Settings, kind: Kind) -> list[Point]:
    points: list[Point] = [point for point in _care(settings).self_checks if point.label == kind]
    return points


def _as_json(points: Sequence[Point]) -> list[Mapping[str, object]]:
    return [{"at": point.at.isoformat(), **point.detail} for point in points]


def _show(check: SelfCheck, points: Sequence[Point], *, named: bool = False) -> None:
    from posture.report.self_checks import trend_lines

    if not points:
        if not named:
            print(f"Nothing was kept yet. {check.steps[0]}")
        return
    if named:
        print(f"\n{check.kind}")
    print("\n".join(("", *trend_lines(check.kind, points))))
