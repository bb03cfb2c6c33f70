"""`posture stretch`: lead through an exercise by its form, checked by the camera."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from posture.errors import PostureError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from datetime import datetime

    from posture.cli.guide import GuideLook, GuideView
    from posture.coach.exercise import Exercise, Side
    from posture.coach.hold import HoldPlan, HoldState, Worked
    from posture.settings import Settings


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `stretch`."""
    parser = commands.add_parser(
        "stretch",
        help="lead through an exercise, checked by the camera",
        description="Lead through an exercise. In a stretch the clock of each side runs while you are in the band, "
        "repetitions are counted or paced, a walk is timed. Esc or q ends it. What was done is kept: verified when the "
        "camera saw it, self-reported otherwise. Stop at anything that hurts.",
    )
    parser.add_argument(
        "id", nargs="*", metavar="ID", help="which, by id or name, see posture exercises (default: what fits now)"
    )
    parser.add_argument(
        "--minutes", type=float, metavar="N", help="how long in all, without the changes (default: a usual dose)"
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
    from dataclasses import replace
    from datetime import UTC, datetime

    from posture.cli.check_in import clearance_once
    from posture.cli.guide import Cues, TerminalView, looks
    from posture.coach.choose import limits_of, next_stretch
    from posture.coach.done import answering
    from posture.coach.exercise import other_side
    from posture.coach.exercises import typed_exercise
    from posture.coach.hold import plan_for
    from posture.coach.plan import dose_at
    from posture.coach.safety import CLEARANCE, DISCLAIMER, left_out, suspended_text
    from posture.control.channel import ask
    from posture.daemon.held import STRETCHING
    from posture.guided.borrow_camera import lent_camera
    from posture.guided.stored import stored_records
    from posture.history.care import care_of, hold_points, leaning
    from posture.history.planned import dose_levels
    from posture.history.store import Store
    from posture.paths import history_to_write
    from posture.settings_file import load_settings

    if args.minutes is not None and not 0.02 <= args.minutes <= 30.0:
        raise PostureError(f"--minutes {args.minutes:g} is not between 0.02 and 30.", 2)
    settings = load_settings()
    now = datetime.now(UTC)
    with stored_records(settings) as reader:
        care, finding = care_of(reader, now), leaning(reader, now)
    if care.suspended:
        raise PostureError(suspended_text(emergency=care.emergency))
    settings = clearance_once(settings, quiet=args.json)
    chosen_side = settings.coach.first_side
    leant: Side | None = finding.side if finding and chosen_side == "auto" else None
    limits = limits_of(settings.coach, care.hurts(now))
    exercise = typed_exercise(" ".join(args.id)) if args.id else next_stretch(care.ago_s(now), limits, leant)
    exercise = replace(exercise, dose=dose_at(exercise, dose_levels(care, now).get(exercise.id, 0)))
    left = left_out(exercise.name, exercise.unless, settings.coach.conditions)
    if left and not args.anyway:
        raise PostureError(f"{left} If one has agreed: posture stretch {exercise.id} --anyway.")
    if leant and exercise.target != "QL":
        leant = None
    first: Side = "left" if chosen_side == "left" else "right" if chosen_side == "right" else leant or "left"
    alone = args.side != "both" and exercise.sides == "each"
    sides: tuple[Side, ...] = (args.side,) if alone else (first, other_side(first))
    if alone:
        leant = None
    seen = exercise.camera.check is not None and not args.no_camera
    plan = plan_for(
        exercise,
        sides,
        None if args.minutes is None else args.minutes * 60.0,
        seen=seen,
        own_most=care.own_most() if exercise.camera.check == "side_bend" else None,
        extra=leant,
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
        if hurting := limits.hurting(exercise):
            print(f"By your log this hurts: {', '.join(hurting)}. Stop if it does; plans and reminders leave it out.")
        _introduce(exercise, plan, sides[0], seen, args)
    source = (args.source or settings.camera.source) if seen else None
    with lent_camera(source, STRETCHING) as lent:
        state, last_s = guide(
            exercise, plan, looks(source, settings, pace=args.window), settings, view, cues, seen=seen
        )
        ended = _when(state, last_s, datetime.now(UTC))
        reps = state.done if plan.form == "reps" else None
        points = hold_points(exercise.id, state.held_s, ended, form=plan.form, reps=reps, verified=seen)
        if points and not args.no_store:
            with Store(history_to_write(settings)) as writable:
                writable.write(points=points)
        # A daemon that has lent the camera reads what was stored once it is back.
        if answering(points) and (args.no_store or not lent):
            with suppress(PostureError):  # none runs, or one of an older release
                ask("held", exercise=exercise.id)
    _close(args, exercise, state, plan, verified=seen)
    return 0


def guide(
    exercise: Exercise,
    plan: HoldPlan,
    looks: Iterable[GuideLook],
    settings: Settings,
    view: GuideView,
    cues: Callable[[str], None],
    *,
    seen: bool,
) -> tuple[HoldState, float]:
    """Lead through the exercise until it is done, the source ends or the user stops.

    Returns what was done, and the time of the last look.
    """
    from posture.cli.guide import Shown
    from posture.coach.checks import Checker, see
    from posture.coach.hold import HoldState, advance
    from posture.coach.pace import Clock, begun, timed
    from posture.coach.told import event_text

    check = exercise.camera.check if seen else None
    checker = Checker(check, settings.pose.min_visibility) if check else None
    clock = Clock()
    state, t_s = HoldState(), 0.0
    # Ctrl-C ends it as q does: what was done until then is stored.
    with view, suppress(KeyboardInterrupt):
        for look in looks:
            t_s = look.t_s
            if checker is not None:
                checker, checked = see(checker, t_s, look.pose)
            else:
                clock, checked = timed(clock, state, t_s, plan)
            before = state
            state, events = advance(state, checked, plan)
            for text in (*(event_text(event, plan) for event in events), begun(before, state, plan)):
                if text:
                    view.tell(text)
                    cues(text)
            view.show(Shown(exercise, plan, state, checked, look))
            if state.finished or view.wants_to_stop():
                break
    return state, t_s


def _introduce(exercise: Exercise, plan: HoldPlan, side: Side, seen: bool, args: argparse.Namespace) -> None:
    from posture.coach.safety import STOP
    from posture.coach.told import planned

    print(f"{exercise.name}: {planned(exercise, plan)}. {STOP}")
    if sys.stdout.isatty() and not args.window:  # the window shows it
        from posture.cli.figure import show

        show(exercise, side)
        print()
    for number, step in enumerate(exercise.steps_for(side), 1):
        print(f"  {number}. {step}")
    if args.side != "both" and exercise.sides == "both":
        print("It has no side of its own: both are done.")
    if args.no_camera:
        print("Timed only, without the camera: kept as self-reported.")
    else:
        print(exercise.camera.says + ("" if seen else " It is kept as self-reported."))


def _when(state: HoldState, last_s: float, ended: datetime) -> dict[Worked, datetime]:
    from datetime import timedelta

    return {side: ended - timedelta(seconds=max(0.0, last_s - at_s)) for side, at_s in state.ended_s.items()}


def _close(args: argparse.Namespace, exercise: Exercise, state: HoldState, plan: HoldPlan, *, verified: bool) -> None:
    from posture.coach.told import done_words, reached

    if not args.json:
        print(done_words(exercise, state, plan, verified=verified))
        return
    sides = ("left", "right", "both")
    held = {f"{side}_s": round(state.held_s.get(side, 0.0), 2) for side in sides}  # type: ignore[call-overload]
    reps = {f"{side}_reps": round(done) for side, done in state.done.items()} if plan.form == "reps" else {}
    whole = {"form": plan.form, "sides": list(plan.target), "whole_dose": reached(exercise, state, plan)}
    found = {"exercise": exercise.id, "verified": verified, "finished": state.finished, **held, **reps, **whole}
    print(json.dumps(found))
