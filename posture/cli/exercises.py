"""`posture exercises`: list the exercises, or show how one is done."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from posture.errors import PostureError
from posture.plain_text import plain

if TYPE_CHECKING:
    from posture.coach.exercise import Exercise

POSITIONS = ("desk", "standing", "floor")
BIASES = ("neutral", "flexion", "extension")
WHERE = {"desk": "at the desk", "standing": "standing", "floor": "on the floor", "any": "anywhere"}
WAYS = (
    "Reminders and the plan name only what fits you: the direction you have set (`coach.bias`), what has to be "
    "cleared first (`coach.clearance`), and what hurts by your log. The table is for somebody who has set and "
    "logged nothing but the bias, with {minutes:.0f} minutes a day: which reminders name an exercise under which "
    "bias, in which weeks of twelve the plan has it, which direction brings it in because it goes that way, and "
    "after which self-check the plan has it for what was found. Where nothing else fits, breathing is left, and "
    "the plan says what to ask a clinician about. That side stretches come up twice as often as others is a "
    "choice of the product; a walk and strength come first in the plan since more is known of them (evidence, "
    "section 3). Their doses rise in steps after weeks in which they were done on two days, never over the dose "
    "below; they stay or step back when pain has gone up, and step back after two weeks without (a choice of ours)."
)
"""How exercises reach a user, above the table of docs/exercises.md."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `exercises`."""
    parser = commands.add_parser(
        "exercises",
        help="list the exercises, or show one",
        description="List the exercises, or show one: posture exercises show ql_stand.",
    )
    parser.add_argument(
        "words", nargs="*", metavar="EXERCISE", help="list (default); or show, or nothing, and which to show"
    )
    parser.add_argument(
        "--target", metavar="REGION", help="only for this region, such as QL (the flank), hip or strength"
    )
    parser.add_argument("--position", choices=POSITIONS, action="append", help="only here; may be repeated")
    parser.add_argument("--minutes", type=float, metavar="N", help="only what takes no longer")
    parser.add_argument("--bias", choices=BIASES, help="only what goes this way (default: coach.bias)")
    parser.add_argument("--side", choices=("left", "right"), default="left", help="the side to show (default left)")
    parser.add_argument("--svg", action="store_true", help="print the drawing as SVG")
    parser.add_argument("--markdown", action="store_true", help="print all as the page docs/exercises.md")
    parser.add_argument("--json", action="store_true", help="for other programs")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """List or show."""
    from dataclasses import replace
    from datetime import UTC, datetime

    from posture.coach.choose import fitting, limits_of
    from posture.coach.exercises import library, typed_exercise
    from posture.coach.own import own
    from posture.coach.safety import because_of, left_out, suspended_text
    from posture.guided.stored import stored_records
    from posture.history.care import care_of
    from posture.settings_file import load_settings

    settings = load_settings()
    with stored_records(settings) as reader:
        now = datetime.now(UTC)
        care = care_of(reader, now)
    if care.suspended:
        raise PostureError(suspended_text(emergency=care.emergency))
    limits = limits_of(settings.coach, care.hurts(now))
    if args.markdown:
        print(page(), end="")
        return 0
    words = list(args.words)
    shows = words[:1] != ["list"] and bool(words)
    if words[:1] in (["show"], ["list"]):
        del words[0]
    if shows:
        if not words:
            raise PostureError("posture exercises show needs an exercise: write posture exercises show ql_stand.", 2)
        exercise = typed_exercise(" ".join(words))
        if args.svg:
            from posture.report.drawings import svg

            print(svg(exercise, args.side))
        elif args.json:
            print(_json([exercise]))
        else:
            from posture.cli.figure import show

            print(f"{exercise.name} ({exercise.id})\n")
            show(exercise, args.side)
            print(_text(exercise, args.side))
            if left := left_out(exercise.name, exercise.unless, settings.coach.conditions):
                print(left)
            if hurting := limits.hurting(exercise):
                print(f"By your log this hurts: {', '.join(hurting)}. Plans and reminders leave it out meanwhile.")
        return 0
    if words:
        raise PostureError(
            f"posture exercises list takes no exercise: write posture exercises show {' '.join(words)}.", 2
        )
    limits = replace(limits, bias=args.bias or limits.bias)
    within_s = None if args.minutes is None else args.minutes * 60.0
    for fault in own().faults:
        print(plain(f"posture: left out: {fault}"), file=sys.stderr)
    found = fitting(library(), limits, target=args.target, positions=args.position or (), within_s=within_s)
    if args.json:
        print(_json(found))
        return 0
    if not found:
        print("Nothing fits: leave out one of the filters.")
        return 0
    _table(found)
    if settings.coach.conditions:
        print(f"Left out: what has to be cleared first with {because_of(settings.coach.conditions)} (coach.clearance).")
    out = [exercise for exercise in library() if limits.hurting(exercise)]
    if out:
        hurting = sorted({each for exercise in out for each in limits.hurting(exercise)})
        print(f"Left out: {len(out)} for what hurts by your log ({', '.join(hurting)}).")
    return 0


def _table(found: list[Exercise]) -> None:
    """Print a line an exercise, or some lines where the terminal is too narrow for that."""
    import shutil

    heading = ("id", "name", "for", "where", "dose", "takes", "moves", "camera")
    rows = [_row(exercise) for exercise in found]
    widths = [max(len(row[column]) for row in (heading, *rows)) for column in range(len(heading))]
    if not sys.stdout.isatty() or sum(widths) + 2 * (len(widths) - 1) <= shutil.get_terminal_size().columns:
        for row in (heading, *rows):
            print("  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip())
        return
    for name, called, target, where, dose, takes, moves, camera in rows:
        print(f"{called} ({name})")
        print(f"    {target}, {where}: {dose}; {takes}")
        print(f"    moves {moves}; {camera}")


def _row(exercise: Exercise) -> tuple[str, ...]:
    return (
        exercise.id,
        exercise.name,
        exercise.target,
        WHERE[exercise.position],
        exercise.dose.words + (" a side" if exercise.sides == "each" else ""),
        f"{exercise.least_s / 60:.1f} min",
        ", ".join(exercise.bias),
        "checked" if exercise.camera.check else "timed only",
    )


def _text(exercise: Exercise, side: str) -> str:
    from posture.coach.safety import CLEARANCE, STOP

    steps = exercise.steps_for("right" if side == "right" else "left")
    sides = f" on each side; here the {side} one" if exercise.sides == "each" else ""
    return "\n".join(
        [
            f"{exercise.target}, {WHERE[exercise.position]}; moves the back {' or '.join(exercise.bias)}",
            "",
            *(f"  {number}. {step}" for number, step in enumerate(steps, 1)),
            "",
            f"Dose    {exercise.dose.words}{sides}",
            *([f"Not     with {'; '.join(exercise.avoid)}"] if exercise.avoid else []),
            f"Camera  {exercise.camera.says}",
            f"Source  {exercise.dose.source}" + (f"; band: {exercise.camera.source}" if exercise.camera.source else ""),
            "",
            f"{STOP} {CLEARANCE}",
        ]
    )


def _json(found: list[Exercise]) -> str:
    from dataclasses import asdict

    return json.dumps([asdict(exercise) for exercise in found], indent=2, ensure_ascii=False)


def page() -> str:
    """Write all exercises as the page docs/exercises.md."""
    from posture.coach.packaged import packaged
    from posture.coach.safety import CLEARANCE, DISCLAIMER, STOP
    from posture.coach.ways import MINUTES, as_table

    lines = [
        "# Exercises",
        "",
        "This page is written by `posture exercises --markdown` from `posture/coach/exercises.toml`; "
        "`posture exercises show ID --svg` draws each. What the numbers rest on stands beside them; docs/evidence.md, "
        "section 3, has the literature.",
        "",
        f"> {DISCLAIMER}",
        "",
        f"{STOP} {CLEARANCE} How long it is held counts, not how deep it goes: the camera's band adapts to 60 % of "
        "your own comfortable maximum once `posture self-check side-bend` has told it, and then never asks for more.",
        "",
        "Where a check says *left* it is your own left. To lengthen the left side, the left arm is up and you bend to "
        "the right.",
        "",
        "| id | name | for | where | moves | dose | camera |",
        "|---|---|---|---|---|---|---|",
    ]
    for exercise in packaged():
        a_side = " a side" if exercise.sides == "each" else ""
        band = ""
        if exercise.camera.check and exercise.camera.band:
            band = f"{exercise.camera.band[0]:g} to {exercise.camera.band[1]:g} {exercise.camera.unit}"
        lines.append(
            f"| `{exercise.id}` | {exercise.name} | {exercise.target} | {WHERE[exercise.position]} | "
            f"{', '.join(exercise.bias)} | {exercise.dose.words}{a_side} | {band or 'timed only'} |"
        )
    lines += [
        "",
        "## How each reaches you",
        "",
        WAYS.format(minutes=MINUTES),
        "",
        *as_table([exercise.id for exercise in packaged()]),
    ]
    for exercise in packaged():
        lines += ["", f"## {exercise.name}", ""]
        lines += [f"{number}. {step}" for number, step in enumerate(exercise.steps_for("left"), 1)]
        lines += [
            "",
            f"- Dose: {exercise.dose.words} ({exercise.dose.source})",
            f"- Not with: {'; '.join(exercise.avoid)}",
        ]
        if exercise.hurts:
            lines.append(f"- Left out while this hurts by the log: {', '.join(exercise.hurts)}")
        if exercise.unless:
            lines.append(f"- Left out until a clinician agrees: {', '.join(exercise.unless).replace('_', ' ')}")
        lines += [
            f"- Camera: {exercise.camera.says}" + (f" ({exercise.camera.source})" if exercise.camera.source else "")
        ]
    return "\n".join(lines) + "\n"
