"""`posture plan`: a small programme for today, and how the week is going."""

from __future__ import annotations

import argparse
import json

from posture.errors import PostureError

MARKS = {"verified": "x", "self-reported": "s", "begun": "/", "open": " "}


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `plan`."""
    parser = commands.add_parser(
        "plan",
        help="a small programme for today and this week",
        description="A small programme for today and this week: a side-stretch pair, a hip-flexor stretch, breathing, "
        "one strength item. It follows coach.bias and the time you have; what was held ticks itself.",
    )
    parser.add_argument("--minutes", type=float, metavar="N", help="time today (default: coach.plan)")
    parser.add_argument("--json", action="store_true", help="one JSON object, for other programs")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Show it."""
    from datetime import UTC, datetime, timedelta

    from posture.cli.check_in import clearance_once
    from posture.cli.stored import stored_records
    from posture.coach.direction import next_proposal
    from posture.coach.plan import programme, tick, week_of
    from posture.coach.safety import STOP, SUSPENDED
    from posture.history.care import care_of, done_by_day, leaning
    from posture.settings_file import load_settings

    settings = load_settings()
    minutes = settings.coach.plan_s / 60.0 if args.minutes is None else args.minutes
    if not 0.5 <= minutes <= 120.0:
        raise PostureError(f"--minutes {minutes:g} is not between 0.5 and 120.", 2)
    now = datetime.now(UTC)
    with stored_records(settings) as reader:
        care, finding = care_of(reader, now), leaning(reader, now)
    today = now.astimezone().date()
    if care.suspended:
        if args.json:
            print(json.dumps({"day": str(today), "suspended": True, "items": []}))
        else:
            print(SUSPENDED)
        return 0
    settings = clearance_once(settings, quiet=args.json)
    monday = today - timedelta(days=today.weekday())
    week = [monday + timedelta(days=n) for n in range(7)]
    items = programme(settings.coach.bias, minutes, week_of(today.toordinal()))
    done = done_by_day(care.holds)
    ticks = {
        item.exercise.id: [tick(item.exercise, done.get((day, item.exercise.id))) for day in week] for item in items
    }
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
                            "today": ticks[item.exercise.id][today.weekday()],
                            "week": ticks[item.exercise.id],
                        }
                        for item in items
                    ],
                },
                indent=2,
            )
        )
        return 0
    print(f"Today, {minutes:g} min (bias: {settings.coach.bias})\n")
    for item in items:
        exercise = item.exercise
        mark = MARKS[ticks[exercise.id][today.weekday()]]
        dose = exercise.dose.words + (" a side" if exercise.sides == "each" else "")
        late = "" if item.fits else "  (when there is more time)"
        print(f"  [{mark}] {item.slot:<20} {exercise.name}, {dose}: posture stretch {exercise.id}{late}")
    print("\nThis week                          " + "  ".join(f"{day:%a}" for day in week))
    for item in items:
        row = "    ".join(MARKS[day] if day != "open" else "." for day in ticks[item.exercise.id])
        print(f"  {item.exercise.name:<33}  {row}")
    print("\nx seen by the camera, s self-reported, / begun.")
    if finding is not None and settings.coach.first_side == "auto":
        print(finding.sentence)
    proposal = next_proposal(
        care.directions, care.pains, now.timestamp(), settings.coach.bias, settings.coach.conditions
    )
    if proposal is not None:
        print(
            f"Proposed: coach.bias {proposal.bias}, because {proposal.reason}. "
            f"posture config set coach.bias {proposal.bias} takes it. {proposal.advice}".rstrip()
        )
    print(STOP)
    return 0
