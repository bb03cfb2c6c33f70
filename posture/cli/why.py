"""`posture why`: explain the last reminder."""

from __future__ import annotations

import argparse
import json

SETTINGS = {
    "stand": "coach.stand_after",
    "move": "coach.move_after",
    "stretch": "coach.stretch_after",
    "sit": "coach.sit_after",
    "posture": "coach.posture_window",
}


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `why`."""
    parser = commands.add_parser(
        "why",
        help="explain the last reminder",
        description="Explain the last reminder: which measure, how long, which threshold, and the setting "
        "that moves it.",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object, for other programs")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Explain it."""
    from datetime import UTC, datetime, timedelta

    from posture.cli.stored import stored_records
    from posture.coach.exercises import find_exercise
    from posture.settings import find_spec
    from posture.settings_file import load_settings

    settings = load_settings()
    now = datetime.now(UTC)
    with stored_records(settings) as reader:
        found = reader.points(now - timedelta(days=30), now + timedelta(seconds=1))
    reminders = [point for point in found if point.kind == "reminder"]
    if args.json:
        last = reminders[-1] if reminders else None
        out = None if last is None else {"at": last.at.isoformat(), "kind": last.label, **last.detail}
        print(json.dumps(out))
        return 0
    if not reminders:
        print("There was no reminder in the last 30 days.")
        return 0
    last = reminders[-1]
    spec = find_spec(SETTINGS.get(last.label, "coach.stand_after"))
    at = last.at.astimezone()
    again = ", said a second time" if last.detail.get("repeat") else ""
    print(f"{at:%A %H:%M}: a {last.label} reminder{again}.")
    print(f"  because   {last.detail.get('why', 'not recorded')}")
    if last.detail.get("covers"):
        print(f"  and also  {last.detail['covers']} was due")
    if last.detail.get("exercise"):
        print(f"  it named  {find_exercise(str(last.detail['exercise'])).name}")
    if last.detail.get("side"):
        chosen = "set by you (coach.first_side)" if settings.coach.first_side != "auto" else "coach.first_side is auto"
        print(f"  side      {last.detail['side']} first, {chosen}")
    print(f"  setting   {spec.key} = {spec.text(spec.of(settings))} ({spec.doc})")
    return 0
