"""`posture plan`: a small programme for today, and how the week is going."""

from __future__ import annotations

import argparse
import json

from posture.errors import PostureError
from posture.language import dated, tr, tr_safety
from posture.plain_text import padded

MARKS = {"verified": "x", "self-reported": "s", "begun": "/", "open": " "}


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `plan`."""
    parser = commands.add_parser(
        "plan",
        description=tr(
            "A small programme for today and this week: a walk, one strength exercise, then the muscle "
            "groups in turn and breathing. It follows coach.bias, what hurts by the log, what the "
            "self-checks and your leaning showed, and the time you have; what was done ticks itself, and "
            "lets strength and walking rise slowly."
        ),
    )
    parser.add_argument("--minutes", type=float, metavar="N", help=tr("time today (default: coach.plan)"))
    parser.add_argument("--json", action="store_true", help=tr("one JSON object, for other programs"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Show it."""
    from posture.cli.check_in import clearance_once, off_text, say_english
    from posture.coach.pain import LOOK
    from posture.coach.plan import SLOT_WORDS
    from posture.coach.safety import STOP
    from posture.guided.today_plan import nothing_fits, programme_now
    from posture.settings_file import load_settings

    settings = load_settings()
    minutes = settings.coach.plan_s / 60.0 if args.minutes is None else args.minutes
    if not 0.5 <= minutes <= 120.0:
        raise PostureError(tr("--minutes {minutes:g} is not between 0.5 and 120.", minutes=minutes), 2)
    programme = programme_now(settings, minutes)
    care, today = programme.care, programme.today
    if care.suspended:
        if args.json:
            print(json.dumps({"day": str(today), "suspended": True, "items": []}))
        else:
            print(off_text(emergency=care.emergency))
        return 0
    asked = clearance_once(settings, quiet=args.json)
    if asked is not settings:
        settings, programme = asked, programme_now(asked, minutes)
    plan, week, ticks = programme.plan, programme.week, programme.ticks
    items = plan.items
    if args.json:
        print(
            json.dumps(
                {
                    "day": str(today),
                    "suspended": False,
                    "bias": settings.coach.bias,
                    "minutes": minutes,
                    "items": [
                        {
                            "slot": item.slot,
                            "id": item.exercise.id,
                            "fits": item.fits,
                            "takes_s": item.exercise.least_s,
                            "dose": item.exercise.dose.words,
                            "side": item.side,
                            "why": item.why,
                            "today": ticks[item.exercise.id][today.weekday()],
                            "week": ticks[item.exercise.id],
                        }
                        for item in items
                    ],
                    "nothing_fits": plan.missing,
                },
                indent=2,
            )
        )
        return 0
    print(tr("Today, {minutes:g} min (bias: {bias})", minutes=minutes, bias=settings.coach.bias), end="\n\n")
    for item in items:
        exercise = item.exercise
        mark = MARKS[ticks[exercise.id][today.weekday()]]
        dose = exercise.dose.words
        if exercise.sides == "each":
            dose = tr("{dose} a side", dose=dose)
        late = "" if item.fits else f"  {tr('(when there is more time)')}"
        print(f"  [{mark}] {padded(tr(SLOT_WORDS[item.slot]), 20)}  {exercise.name}, {dose}{late}")
        print(f"{'':28}posture stretch {exercise.id}")
        if item.why:
            since = (
                tr("since {why}; the {side} side first", why=item.why, side=item.side)
                if item.side
                else tr("since {why}", why=item.why)
            )
            print(f"{'':28}{since}")
    print(f"\n{padded(tr('This week'), 35)}" + " ".join(padded(dated(day, "%a")[:2], 2) for day in week))
    for exercise in plan.week:
        row = "  ".join(MARKS[day] if day != "open" else "." for day in ticks[exercise.id])
        print(f"  {padded(exercise.name, 33)}{row}")
    # Translators: what the marks in the rows of the plan mean; x, s and / stay.
    print("\n" + tr("x seen by the camera, s self-reported, / begun."))
    if plan.missing:
        print(nothing_fits(plan.missing))
    if plan.leaning is not None and settings.coach.first_side == "auto":
        print(plan.leaning.sentence)
    proposal, safety = programme.proposal, [STOP]
    if proposal is not None:
        proposed = tr(
            "Proposed: coach.bias {bias}, because {reason}. posture config set coach.bias {bias} takes it.",
            bias=proposal.bias,
            reason=proposal.reason,
        )
        print(f"{proposed} {proposal.advice}".rstrip())
        safety += [LOOK] if proposal.have_it_looked_at else []
    print(tr_safety(STOP))
    say_english(*safety)
    return 0
