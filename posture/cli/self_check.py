"""`posture self-check`: measure how far it goes today, best of three each way, and show the trend."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from posture.cli.keypress import agrees
from posture.coach.findings import KINDS
from posture.errors import PostureError
from posture.language import tr, tr_safety

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from posture.coach.findings import Kind
    from posture.coach.selfcheck import SelfCheck
    from posture.guided.self_checks import Checking
    from posture.history.records import Point
    from posture.history.self_checks import Stretched
    from posture.settings import Settings


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `self-check`."""
    parser = commands.add_parser(
        "self-check",
        description=tr(
            "See by the camera how far it goes today, the best of three each way. It is kept and shown as a "
            "trend; the camera errs by 5 to 10 degrees. Go only as far as is comfortable. Esc or q ends it."
        ),
    )
    parser.add_argument("kind", nargs="?", choices=KINDS, help=tr("what to look at"))
    parser.add_argument("--stretch", metavar="ID", help=tr("check, stretch, and check again; see posture exercises"))
    parser.add_argument("--source", metavar="CAMERA", help=tr("a camera by index, path or name, or a video file"))
    parser.add_argument(
        "--trend",
        "--history",
        dest="trend",
        action="store_true",
        help=tr("only show what was kept, of all kinds or of one"),
    )
    parser.add_argument("--no-store", action="store_true", help=tr("keep nothing"))
    parser.add_argument("--anyway", action="store_true", help=tr("also if it is left out by coach.clearance"))
    parser.add_argument("--json", action="store_true", help=tr("only one JSON object at the end"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Lead through it, store the best values, and show the trend."""
    from posture.cli.check_in import clearance_once, off_text, say, say_english
    from posture.coach.exercises import typed_exercise
    from posture.coach.safety import CLEARANCE, STOP
    from posture.coach.selfcheck import CHECKS
    from posture.guided.questions import care_now
    from posture.guided.self_checks import kept_checks, why_left_out
    from posture.settings_file import load_settings

    if args.kind is None and not args.trend:
        raise PostureError(tr("Say which: {kinds}.", kinds=", ".join(KINDS)), 2)
    settings = load_settings()
    if args.trend:
        kinds: Sequence[Kind] = [args.kind] if args.kind else KINDS
        if args.json:
            shown = {kind: _as_json(kept_checks(settings, kind)) for kind in kinds}
            print(json.dumps(shown[args.kind] if args.kind else shown))
        else:
            kept = {kind: kept_checks(settings, kind) for kind in kinds}
            for kind, points in kept.items():
                _show(CHECKS[kind], points, named=args.kind is None)
            if args.kind is None and not any(kept.values()):
                print(tr("No self-check was kept yet: posture self-check {kind} is one.", kind=KINDS[0]))
        return 0
    check = CHECKS[args.kind]
    care = care_now(settings)
    if care.suspended:
        raise PostureError(off_text(emergency=care.emergency))
    if args.stretch:
        args.stretch = typed_exercise(args.stretch).id
    settings = clearance_once(settings, quiet=args.json)
    left = why_left_out(settings, check)
    if left and not args.anyway:
        raise PostureError(f"{left} " + tr("If one has agreed: posture self-check {kind} --anyway.", kind=args.kind))
    if not args.json:
        for number, step in enumerate(check.steps, 1):
            print(f"  {number}. {tr(step)}")
        say(f"{tr_safety(STOP)} {tr_safety(CLEARANCE)}")
        say_english(STOP, CLEARANCE)
    points = kept_checks(settings, args.kind)
    first = _checked(args, check, settings)
    if first is not None and args.stretch:
        points = [*points, first]
        stretched = _stretched(args, settings, first)
        if stretched is not None:
            if not args.json:
                print("\n" + tr("Now the same check again.") + f"\n  1. {tr(check.steps[0])}")
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
    from posture.guided.self_checks import keep_result

    checking = _measured(args, check, settings)
    return keep_result(settings, checking, _tried(args, checking), after, store=not args.no_store)


def _measured(args: argparse.Namespace, check: SelfCheck, settings: Settings) -> Checking:
    from posture.cli.guide import looks, stop_key
    from posture.cli.keypress import keys
    from posture.cli.progress import StatusLine
    from posture.guided.borrow_camera import lent_camera
    from posture.guided.self_checks import CHECKING, advance, begin, closing, end

    checking = begin(check, settings.pose.min_visibility)
    line = StatusLine(sys.stdout)
    line.visible = line.visible and not args.json
    source = args.source or settings.camera.source

    def tell(texts: Sequence[str]) -> None:
        for text in texts if not args.json else ():
            line.clear()
            print(text, flush=True)

    with lent_camera(source, CHECKING), keys() as key, suppress(KeyboardInterrupt):
        for look in looks(source, settings):
            checking, texts = advance(checking, look.t_s, look.pose)
            tell(texts)
            line.show(checking.message)
            if checking.finished or stop_key(key(0.0)):
                break
    checking, texts = end(checking)
    tell(texts)
    line.clear()
    tell(closing(checking))
    return checking


def _tried(args: argparse.Namespace, checking: Checking) -> list[str]:
    """Ask whether the user tried what was not seen; gives those ways."""
    from posture.guided.self_checks import did_you_try, unseen_ways

    if args.json or not (sys.stdin.isatty() and sys.stdout.isatty()):
        return []
    tried: list[str] = []
    for way in unseen_ways(checking):
        with suppress(EOFError, KeyboardInterrupt):
            if agrees(did_you_try(checking, way)):
                tried.append(way)
    return tried


def _stretched(args: argparse.Namespace, settings: Settings, first: Point) -> Stretched | None:
    """Lead through the stretch as `posture stretch` does; None if nothing was held, or it could not be done."""
    from posture.cli.main import main
    from posture.guided.questions import care_now
    from posture.history.self_checks import Stretched

    # Not by their times: a film goes as fast as the machine does, and what was held in it began before the stretch did.
    known = set() if args.no_store else {(hold.at, hold.label) for hold in care_now(settings).holds}
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
    now = [hold for hold in care_now(settings).holds if hold.label == args.stretch]
    holds = [hold for hold in now if (hold.at, hold.label) not in known]
    seconds = [hold.detail.get("hold_s", 0.0) for hold in holds]
    held_s = sum(float(value) for value in seconds if isinstance(value, int | float))
    if not holds:
        if not args.json:
            print(tr("Without the stretch there is nothing to compare: the check before it is kept."))
        return None
    return Stretched(args.stretch, held_s, first.at)


def _as_json(points: Sequence[Point]) -> list[Mapping[str, object]]:
    return [{"at": point.at.isoformat(), **point.detail} for point in points]


def _show(check: SelfCheck, points: Sequence[Point], *, named: bool = False) -> None:
    from posture.report.self_checks import trend_lines

    if not points:
        if not named:
            print(tr("Nothing was kept yet."), tr(check.steps[0]))
        return
    if named:
        print(f"\n{check.kind}")
    print("\n".join(("", *trend_lines(check.kind, points))))
