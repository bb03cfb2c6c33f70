"""`posture exercises`: list the exercises, or show how one is done."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING

from posture.errors import PostureError
from posture.language import english_at_hand, listed, mark, number, speak, tr, tr_safety, trc, trn
from posture.output import terminal_columns
from posture.plain_text import padded, plain, width

if TYPE_CHECKING:
    from posture.coach.exercise import Exercise

POSITIONS = ("desk", "standing", "floor")
BIASES = (mark("neutral"), mark("flexion"), mark("extension"))
WHERE = {
    "desk": mark("at the desk"),
    "standing": mark("standing"),
    "floor": mark("on the floor"),
    "any": mark("anywhere"),
}
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
        description=tr("List the exercises, or show one: posture exercises show ql_stand."),
    )
    parser.add_argument(
        "words",
        nargs="*",
        metavar="EXERCISE",
        # Translators: list and show are words to type; they stay.
        help=tr("list (default); or show, or nothing, and which to show"),
    )
    parser.add_argument(
        "--target", metavar="REGION", help=tr("only for this region, such as QL (the flank), hip or strength")
    )
    parser.add_argument("--position", choices=POSITIONS, action="append", help=tr("only here; may be repeated"))
    parser.add_argument("--minutes", type=float, metavar="N", help=tr("only what takes no longer"))
    parser.add_argument("--bias", choices=BIASES, help=tr("only what goes this way (default: coach.bias)"))
    parser.add_argument("--side", choices=("left", "right"), default="left", help=tr("the side to show (default left)"))
    parser.add_argument("--svg", action="store_true", help=tr("print the drawing as SVG"))
    parser.add_argument("--markdown", action="store_true", help=tr("print all as the page docs/exercises.md"))
    parser.add_argument("--json", action="store_true", help=tr("for other programs"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """List or show."""
    from dataclasses import replace
    from datetime import UTC, datetime

    from posture.cli.check_in import off_text
    from posture.coach.choose import fitting, limits_of
    from posture.coach.exercises import library, typed_exercise
    from posture.coach.own import own
    from posture.coach.safety import because_of, left_out
    from posture.guided.pain_log import plain_word
    from posture.guided.stored import stored_records
    from posture.history.care import care_of
    from posture.settings_file import load_settings

    settings = load_settings()
    with stored_records(settings) as reader:
        now = datetime.now(UTC)
        care = care_of(reader, now)
    if care.suspended:
        raise PostureError(off_text(emergency=care.emergency))
    limits = limits_of(settings.coach, care.hurts(now))
    if args.markdown:
        speak("en")  # as the documents are
        print(page(), end="")
        return 0
    words = list(args.words)
    shows = words[:1] != ["list"] and bool(words)
    if words[:1] in (["show"], ["list"]):
        del words[0]
    if shows:
        if not words:
            raise PostureError(
                tr("posture exercises show needs an exercise: write posture exercises show ql_stand."), 2
            )
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
                print(
                    tr(
                        "By your log this hurts: {what}. Plans and reminders leave it out meanwhile.",
                        what=", ".join(plain_word(each) for each in hurting),
                    )
                )
        return 0
    if words:
        raise PostureError(
            tr(
                "posture exercises list takes no exercise: write posture exercises show {exercise}.",
                exercise=" ".join(words),
            ),
            2,
        )
    limits = replace(limits, bias=args.bias or limits.bias)
    within_s = None if args.minutes is None else args.minutes * 60.0
    for fault in own().faults:
        print(plain(tr("posture: left out: {fault}", fault=fault)), file=sys.stderr)
    found = fitting(library(), limits, target=args.target, positions=args.position or (), within_s=within_s)
    if args.json:
        print(_json(found))
        return 0
    if not found:
        print(tr("Nothing fits: leave out one of the filters."))
        return 0
    _table(found)
    if settings.coach.conditions:
        why = because_of(settings.coach.conditions)
        print(tr("Left out: what has to be cleared first with {conditions} (coach.clearance).", conditions=why))
    out = [exercise for exercise in library() if limits.hurting(exercise)]
    if out:
        hurting = sorted({each for exercise in out for each in limits.hurting(exercise)})
        said = trn(
            "Left out: {n} for what hurts by your log ({what}).",
            "Left out: {n} for what hurts by your log ({what}).",
            len(out),
            what=", ".join(plain_word(each) for each in hurting),
        )
        print(said)
    return 0


def _table(found: list[Exercise]) -> None:
    """Print a line an exercise, or some lines where the terminal is too narrow for that."""
    heading = (
        tr("id"),
        tr("name"),
        # Translators: the region of the body that an exercise is for.
        trc("exercises", "for"),
        # Translators: such as "at the desk".
        trc("exercises", "where"),
        tr("dose"),
        # Translators: how long it takes, such as "1.0 min".
        trc("exercises", "takes"),
        # Translators: which way it moves the back, such as "flexion".
        trc("exercises", "moves"),
        tr("camera"),
    )
    rows = [_row(exercise) for exercise in found]
    widths = [max(width(row[column]) for row in (heading, *rows)) for column in range(len(heading))]
    if not sys.stdout.isatty() or sum(widths) + 2 * (len(widths) - 1) <= terminal_columns():
        for row in (heading, *rows):
            print("  ".join(padded(cell, columns) for cell, columns in zip(row, widths, strict=True)).rstrip())
        return
    for name, called, target, where, dose, takes, moves, camera in rows:
        print(f"{called} ({name})")
        print(f"    {target}, {where}: {dose}; {takes}")
        print(f"    {tr('moves {ways}; {camera}', ways=moves, camera=camera)}")


def _row(exercise: Exercise) -> tuple[str, ...]:
    dose = exercise.dose.words
    return (
        exercise.id,
        exercise.name,
        tr(exercise.target),
        tr(WHERE[exercise.position]),
        tr("{dose} a side", dose=dose) if exercise.sides == "each" else dose,
        tr("{minutes} min", minutes=number(exercise.least_s / 60, 1)),
        ", ".join(tr(bias) for bias in exercise.bias),
        # Translators: what the camera does for an exercise.
        tr("checked") if exercise.camera.check else tr("timed only"),
    )


def _text(exercise: Exercise, side: str) -> str:
    from posture.coach.safety import CLEARANCE, STOP

    steps = exercise.steps_for("right" if side == "right" else "left")
    dose, source = exercise.dose.words, exercise.dose.source
    if exercise.sides == "each":
        dose = tr("{dose} on each side; here the {side} one", dose=dose, side=side)
    if exercise.camera.source:
        source = tr("{source}; band: {source_of_band}", source=source, source_of_band=exercise.camera.source)
    rows = [(tr("Dose"), dose)]
    if exercise.avoid:
        # Translators: the label of a row, before "with osteoporosis".
        rows.append((tr("Not"), tr("with {conditions}", conditions="; ".join(exercise.avoid))))
    rows += [(tr("Camera"), exercise.camera.says), (tr("Source"), source)]
    columns = max(width(label) for label, _ in rows) + 2
    moves = tr(
        "{region}, {where}; moves the back {ways}",
        region=tr(exercise.target),
        where=tr(WHERE[exercise.position]),
        ways=listed([tr(bias) for bias in exercise.bias], "or"),
    )
    english = english_at_hand(STOP, CLEARANCE)
    return "\n".join(
        [
            moves,
            "",
            *(f"  {place}. {step}" for place, step in enumerate(steps, 1)),
            "",
            *(f"{padded(label, columns)}{text}" for label, text in rows),
            "",
            f"{tr_safety(STOP)} {tr_safety(CLEARANCE)}",
            *([english] if english else []),
        ]
    )


def _json(found: list[Exercise]) -> str:
    from dataclasses import asdict

    return json.dumps([asdict(exercise) for exercise in found], indent=2, ensure_ascii=False)


def page() -> str:
    """Write all exercises as the page docs/exercises.md."""
    from posture.coach.disclaimer import DISCLAIMER
    from posture.coach.packaged import packaged
    from posture.coach.safety import CLEARANCE, STOP
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
