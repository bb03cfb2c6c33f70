"""`posture stretch`: lead through an exercise by its form, checked by the camera."""

from __future__ import annotations

import argparse
import json
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from posture.errors import PostureError
from posture.language import tr, tr_safety

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence
    from typing import Literal

    from posture.cli.guide import GuideLook, GuideView
    from posture.guided.lead import Lead
    from posture.guided.stretch import Chosen, Known, Wish


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `stretch`."""
    parser = commands.add_parser(
        "stretch",
        description=tr(
            "Lead through an exercise. In a stretch the clock of each side runs while you are in the band, "
            "repetitions are counted or paced, a walk is timed. Esc or q ends it. What was done is kept: "
            "verified when the camera saw it, self-reported otherwise. Stop at anything that hurts."
        ),
    )
    parser.add_argument(
        "id", nargs="*", metavar="ID", help=tr("which, by id or name, see posture exercises (default: what fits now)")
    )
    parser.add_argument(
        "--minutes", type=float, metavar="N", help=tr("how long in all, without the changes (default: a usual dose)")
    )
    parser.add_argument(
        "--side", choices=("left", "right", "both"), default="both", help=tr("which side (default both)")
    )
    parser.add_argument("--source", metavar="CAMERA", help=tr("a camera by index, path or name, or a video file"))
    parser.add_argument("--no-camera", action="store_true", help=tr("timed only; kept as self-reported"))
    parser.add_argument("--window", action="store_true", help=tr("in the window, with the mirrored picture"))
    parser.add_argument(
        "--cues",
        choices=("none", "bell", "voice"),
        help=tr("what is heard when the clock starts (default: coach.cues)"),
    )
    parser.add_argument("--no-store", action="store_true", help=tr("keep nothing"))
    parser.add_argument("--anyway", action="store_true", help=tr("also if it is left out by coach.clearance"))
    parser.add_argument("--json", action="store_true", help=tr("only one JSON object at the end"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Lead through it, say what was held, and store it."""
    from datetime import UTC, datetime

    from posture.cli.check_in import clearance_once
    from posture.cli.guide import Cues, TerminalView, looks
    from posture.coach.disclaimer import DISCLAIMER
    from posture.coach.safety import CLEARANCE
    from posture.daemon.held import STRETCHING
    from posture.guided.borrow_camera import lent_camera
    from posture.guided.kept import keep, points_of
    from posture.guided.lead import begin
    from posture.guided.stretch import known_of
    from posture.settings_file import load_settings

    settings = load_settings()
    wish = _wish(args)
    if args.window:
        return _in_window(args, wish)
    now = datetime.now(UTC)
    known = known_of(settings, now)
    settings = clearance_once(settings, quiet=args.json)
    known = known_of(settings, now)
    chosen = _chosen(wish, known)
    view = TerminalView(quiet=args.json)
    heard: Mapping[str, Literal["none", "bell", "voice"]] = {"sound": "bell", "voice": "voice"}
    cues = Cues(args.cues or heard.get(settings.coach.cues, "none"))
    if not args.json:
        first = () if known.care.holds else (DISCLAIMER, CLEARANCE)
        if first:
            print(f"{tr_safety(DISCLAIMER)} {tr_safety(CLEARANCE)}\n")
        for sentence in (chosen.finding, chosen.hurts):
            if sentence:
                print(sentence)
        _introduce(chosen, first)
    lead = begin(chosen.exercise, chosen.plan, settings.pose.min_visibility, seen=chosen.seen)
    with lent_camera(chosen.source or None, STRETCHING) as lent:
        lead, last_s = guide(lead, looks(chosen.source or None, settings), view, cues)
        points = points_of(lead, last_s, datetime.now(UTC))
        # A daemon that has lent the camera reads what was stored once it is back.
        keep(settings, points, store=not args.no_store, let_go=lambda: lent)
    _close(args, lead)
    return 0


def _wish(args: argparse.Namespace) -> Wish:
    from posture.guided.stretch import Wish

    return Wish(
        " ".join(args.id),
        args.side,
        args.minutes,
        not args.no_camera,
        args.source or "",
        not args.no_store,
        args.anyway,
        {None: "", "bell": "sound"}.get(args.cues, args.cues),
    )


def _chosen(wish: Wish, known: Known) -> Chosen:
    from posture.cli.check_in import off_text
    from posture.guided.direction_check import ExercisesOffError
    from posture.guided.stretch import choose

    try:
        return choose(wish, known)
    except ExercisesOffError as error:
        raise PostureError(off_text(emergency=error.emergency)) from None


def _in_window(args: argparse.Namespace, wish: Wish) -> int:
    """Show the window at this exercise; what it cannot be is said here."""
    from dataclasses import replace
    from datetime import UTC, datetime

    from posture.guided.stretch import known_of, wish_text
    from posture.settings_file import load_settings
    from posture.window.app import main

    if args.json:
        raise PostureError(tr("--window and --json do not go together: leave out one of them."), 2)
    chosen = _chosen(wish, known_of(load_settings(), datetime.now(UTC)))
    return main([f"stretch:{wish_text(replace(wish, exercise=chosen.exercise.id))}"])


def guide(lead: Lead, looks: Iterable[GuideLook], view: GuideView, cues: Callable[[str], None]) -> tuple[Lead, float]:
    """Lead through the exercise until it is done, the source ends or the user stops.

    Returns what was done, and the time of the last look.
    """
    from posture.guided.lead import advance

    t_s = 0.0
    try:
        # Ctrl-C ends it as q does: what was done until then is stored.
        with view, suppress(KeyboardInterrupt):
            for look in looks:
                t_s = look.t_s
                lead, said = advance(lead, t_s, look.pose)
                for each in said:
                    if each.text:
                        view.tell(each.text)
                        cues(each.text)
                view.show(lead)
                if lead.state.finished or view.wants_to_stop():
                    break
    finally:
        close = getattr(looks, "close", None)  # the camera's process ends before the camera is given back
        if close is not None:
            close()
    return lead, t_s


def _introduce(chosen: Chosen, first: Sequence[str]) -> None:
    """Say what comes; `first` are the safety texts that were said before."""
    from posture.cli.check_in import say_english
    from posture.coach.safety import STOP
    from posture.coach.told import planned

    exercise, wish = chosen.exercise, chosen.wish
    print(f"{exercise.name}: {planned(exercise, chosen.plan)}. {tr_safety(STOP)}")
    if sys.stdout.isatty():
        from posture.cli.figure import show

        show(exercise, chosen.sides[0])
        print()
    for number, step in enumerate(exercise.steps_for(chosen.sides[0]), 1):
        print(f"  {number}. {step}")
    if wish.side != "both" and exercise.sides == "both":
        print(tr("It has no side of its own: both are done."))
    if not wish.camera:
        print(tr("Timed only, without the camera: kept as self-reported."))
    else:
        kept = () if chosen.seen else (tr("It is kept as self-reported."),)
        print(" ".join((exercise.camera.says, *kept)))
    say_english(*first, STOP)


def _close(args: argparse.Namespace, lead: Lead) -> None:
    from posture.coach.told import done_words, reached

    exercise, state, plan = lead.exercise, lead.done, lead.plan
    if not args.json:
        print(done_words(exercise, state, plan, verified=lead.verified))
        return
    sides = ("left", "right", "both")
    held = {f"{side}_s": round(state.held_s.get(side, 0.0), 2) for side in sides}  # type: ignore[call-overload]
    reps = {f"{side}_reps": round(done) for side, done in state.done.items()} if plan.form == "reps" else {}
    whole = {"form": plan.form, "sides": list(plan.target), "whole_dose": reached(exercise, state, plan)}
    found = {"exercise": exercise.id, "verified": lead.verified, "finished": state.finished, **held, **reps, **whole}
    print(json.dumps(found))
