"""`posture stretch`: lead through a stretch, checked by the camera."""

from __future__ import annotations

import argparse
import json
from contextlib import suppress
from typing import TYPE_CHECKING

from posture.errors import PostureError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from posture.cli.guide import GuideLook, GuideView
    from posture.coach.checks import CheckedLook
    from posture.coach.exercise import Exercise, Side
    from posture.coach.hold import Event, HoldPlan, HoldState, Worked
    from posture.history.care import Care
    from posture.settings import Settings

CHANGE_S = 4.0
"""Time to change sides when no camera checks [design choice]."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `stretch`."""
    parser = commands.add_parser(
        "stretch",
        help="lead through a stretch, checked by the camera",
        description="Lead through a stretch: a countdown, then the clock of each side runs while you are in the band. "
        "Esc or q ends it. What was held is kept: verified when the camera saw it, self-reported otherwise. "
        "Stop at anything that hurts.",
    )
    parser.add_argument("id", nargs="?", metavar="ID", help="which, see posture exercises (default: what fits now)")
    parser.add_argument(
        "--minutes", type=float, default=2.0, metavar="N", help="time in the hold, both sides (default %(default)g)"
    )
    parser.add_argument("--side", choices=("left", "right", "both"), default="both", help="which side (default both)")
    parser.add_argument("--source", metavar="CAMERA", help="a camera by index, path or name, or a video file")
    parser.add_argument("--no-camera", action="store_true", help="timed only; kept as self-reported")
    parser.add_argument("--window", action="store_true", help="show the mirrored picture in a window")
    parser.add_argument(
        "--cues", choices=("none", "bell", "voice"), default="none", help="a sound when the clock starts"
    )
    parser.add_argument("--no-store", action="store_true", help="keep nothing")
    parser.add_argument("--anyway", action="store_true", help="also if it is left out by coach.clearance")
    parser.add_argument("--json", action="store_true", help="only one JSON object at the end")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Lead through it, say what was held, and store it."""
    from datetime import UTC, datetime

    from posture.cli.borrow_camera import lent_camera
    from posture.cli.check_in import clearance_once
    from posture.cli.guide import Cues, TerminalView, looks
    from posture.cli.stored import stored_records
    from posture.coach.choose import limits_of, next_stretch
    from posture.coach.exercise import other_side
    from posture.coach.exercises import find_exercise
    from posture.coach.hold import plan_for
    from posture.coach.safety import CLEARANCE, DISCLAIMER, SUSPENDED, left_out
    from posture.control.channel import ask
    from posture.daemon.held import STRETCHING
    from posture.history.care import care_of, hold_points, leaning
    from posture.history.store import Store
    from posture.paths import history_path
    from posture.settings_file import load_settings

    if not 0.02 <= args.minutes <= 30.0:
        raise PostureError(f"--minutes {args.minutes:g} is not between 0.02 and 30.", 2)
    settings = load_settings()
    now = datetime.now(UTC)
    with stored_records(settings) as reader:
        care, finding = care_of(reader, now), leaning(reader, now)
    if care.suspended:
        raise PostureError(SUSPENDED)
    settings = clearance_once(settings, quiet=args.json)
    chosen_side = settings.coach.first_side
    leant: Side | None = finding.side if finding and chosen_side == "auto" else None
    limits = limits_of(settings.coach, care.hurts(now))
    exercise = find_exercise(args.id) if args.id else next_stretch(care.ago_s(now), limits, leant)
    left = left_out(exercise.name, exercise.unless, settings.coach.conditions)
    if left and not args.anyway:
        raise PostureError(f"{left} If one has agreed: posture stretch {exercise.id} --anyway.")
    if leant and exercise.target != "QL":
        leant = None
    first: Side = "left" if chosen_side == "left" else "right" if chosen_side == "right" else leant or "left"
    sides: tuple[Side, ...] = (first, other_side(first)) if args.side == "both" else (args.side,)
    seen = exercise.camera.check is not None and not args.no_camera
    plan = plan_for(
        exercise,
        sides,
        args.minutes * 60.0,
        seen=seen,
        own_most=care.own_most() if exercise.camera.check == "side_bend" else None,
        extra=leant if args.side == "both" else None,
    )
    view: GuideView
    if args.window:
        from posture.cli.guide_window import WindowView

        view = WindowView(exercise.name)
    else:
        view = TerminalView(quiet=args.json)
    cues = Cues(args.cues)
    if not args.json:
        if not care.holds:
            print(f"{DISCLAIMER} {CLEARANCE}\n")
        if leant and finding:
            print(finding.sentence)
        _introduce(exercise, first, seen, args.no_camera)
    source = (args.source or settings.camera.source) if seen else None
    with lent_camera(source, STRETCHING) as lent:
        state, last_s = guide(
            exercise, plan, looks(source, settings, pace=args.window), settings, view, cues, seen=seen
        )
        points = hold_points(exercise.id, state.held_s, _when(state, last_s, datetime.now(UTC)), verified=seen)
        if points and not args.no_store:
            with Store(history_path(settings)) as writable:
                writable.write(points=points)
        # A daemon that has lent the camera reads what was stored once it is back.
        if points and (args.no_store or not lent):
            with suppress(PostureError):  # none runs, or one of an older release
                ask("held", exercise=exercise.id)
    _close(args, exercise, state, care, verified=seen)
    return 0


def guide(
    exercise: Exercise,
    plan: HoldPlan,
    looks: Iterable[GuideLook],
    settings: Settings,
    view: GuideView,
    cues: Callable[[Event], None],
    *,
    seen: bool,
) -> tuple[HoldState, float]:
    """Lead through the exercise until it is done, the source ends or the user stops.

    Returns what was done, and the time of the last look.
    """
    from posture.cli.guide import Shown, event_text
    from posture.coach.checks import Checker, see
    from posture.coach.hold import HoldState, advance

    check = exercise.camera.check if seen else None
    checker = Checker(check, settings.pose.min_visibility) if check else None
    clock = _Clock()
    state, t_s = HoldState(), 0.0
    # Ctrl-C ends it as q does: what was held until then is stored.
    with view, suppress(KeyboardInterrupt):
        for look in looks:
            t_s = look.t_s
            if checker is not None:
                checker, checked = see(checker, t_s, look.pose)
            else:
                checked = clock.look(state, t_s, plan)
            state, events = advance(state, checked, plan)
            for event in events:
                view.tell(event_text(event))
                cues(event)
            view.show(Shown(exercise, plan, state, checked, look))
            if state.finished or view.wants_to_stop():
                break
    return state, t_s


class _Clock:
    """Stands in for the camera where none checks: a countdown first, and time to change sides."""

    def __init__(self) -> None:
        from posture.coach.checks import SETTLE_S

        self._begin_s = SETTLE_S
        self._asked: str | None = None

    def look(self, state: HoldState, t_s: float, plan: HoldPlan) -> CheckedLook:
        from posture.coach.checks import CheckedLook
        from posture.coach.hold import timed_look

        look = timed_look(state, t_s, plan)
        if self._asked is not None and look.side != self._asked and t_s >= self._begin_s:
            self._begin_s = t_s + CHANGE_S
        self._asked = look.side
        if t_s < self._begin_s:
            says = "Get ready." if look.side is None else f"Get ready for the {look.side} side."
            return CheckedLook(t_s, True, self._begin_s - t_s, side=look.side, says=says)
        return look


def _introduce(exercise: Exercise, side: Side, seen: bool, no_camera: bool) -> None:
    from posture.coach.safety import STOP

    print(f"{exercise.name}: {exercise.dose.words}. {STOP}")
    for number, step in enumerate(exercise.steps_for(side), 1):
        print(f"  {number}. {step}")
    if no_camera:
        print("Timed only, without the camera: kept as self-reported.")
    else:
        print(exercise.camera.says + ("" if seen else " It is kept as self-reported."))


def _when(state: HoldState, last_s: float, ended: datetime) -> dict[Worked, datetime]:
    from datetime import timedelta

    return {side: ended - timedelta(seconds=max(0.0, last_s - at_s)) for side, at_s in state.ended_s.items()}


def _close(args: argparse.Namespace, exercise: Exercise, state: HoldState, care: Care, *, verified: bool) -> None:
    if args.json:
        held = {f"{side}_s": round(state.held_s.get(side, 0.0), 2) for side in ("left", "right", "both")}
        print(json.dumps({"exercise": exercise.id, "verified": verified, "finished": state.finished, **held}))
        return
    parts = [
        f"{seconds:.0f} s" if side == "both" else f"{side} {seconds:.0f} s"
        for side, seconds in sorted(state.held_s.items())
        if seconds >= 0.5
    ]
    if not parts:
        print("Nothing was held this time. That is fine: come back when it suits you.")
        return
    how = "seen by the camera" if verified else "self-reported"
    total_s = sum(state.held_s.values())
    print(f"Held, {how}: {', '.join(parts)}. {total_s:.0f} s in all: well held.")
