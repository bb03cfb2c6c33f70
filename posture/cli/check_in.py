"""`posture check-in`: ask for warning signs, one key for each answer."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from datetime import UTC, datetime

from posture.coach.safety import QUESTIONS, SUSPENDED, Question, judge
from posture.errors import PostureError


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `check-in`."""
    parser = commands.add_parser(
        "check-in",
        help="a short list of warning signs; y or n each",
        description="Answer a short list of warning signs, one key each: y or n; Esc or q leaves without keeping "
        "anything. A warning sign turns exercise prompts off until you clear it. It asks; it does not diagnose.",
    )
    parser.add_argument("--clear", action="store_true", help="it has been looked at: turn exercise prompts on again")
    parser.add_argument("--show", action="store_true", help="show the last answer and what follows from it")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Ask, say what follows, and store the answers."""
    from posture.cli.stored import stored_records
    from posture.coach.pain import referrals
    from posture.history.care import care_of, check_in_point, cleared_point
    from posture.history.records import Point
    from posture.history.store import Store
    from posture.paths import history_path
    from posture.settings_file import load_settings

    settings = load_settings()
    path = history_path(settings)
    now = datetime.now(UTC)
    if args.show:
        with stored_records(settings) as reader:
            care = care_of(reader, now)
        print(
            "\n".join(care.verdict.texts)
            if care.verdict
            else "No check-in is open: posture check-in asks the questions."
        )
        return 0
    if args.clear:
        with Store(path) as writable:
            writable.write(points=[cleared_point(now)])
        print("Cleared: exercise prompts are on again. Stop anything that hurts.")
        return 0
    print("Do you have any of these, new or now? y or n; Esc or q leaves.\n")
    yes = _ask(QUESTIONS)
    if yes is None:
        print("\nLeft without keeping anything.")
        return 0
    verdict = judge(yes)
    now = datetime.now(UTC)
    with Store(path) as writable:
        writable.write(points=[check_in_point(now, verdict)])
        care = care_of(writable, now)
        new = referrals(care.pains, now.timestamp(), care.referred)
        writable.write(points=[Point("referral", now, referral.key) for referral in new])
    print()
    still_off = care.suspended and not verdict.suspends
    for text in (*verdict.texts, *(referral.text for referral in new), *((SUSPENDED,) if still_off else ())):
        print(text)
    return 0


def _ask(questions: Sequence[Question]) -> list[str] | None:
    """Give the ids answered with yes, or None when the user leaves. An emergency ends the questions at once."""
    from posture.cli.guide import stop_key
    from posture.cli.keypress import keys

    yes: list[str] = []
    with keys() as key:
        for number, question in enumerate(questions, 1):
            print(f"{number:2d}/{len(questions)}  {question.text}  ", end="", flush=True)
            answer = ""
            while answer not in ("y", "n"):
                typed = key(3600.0) if sys.stdin.isatty() else _line()
                if stop_key(typed):
                    return None
                answer = typed.lower()
            print("yes" if answer == "y" else "no")
            if answer == "y":
                yes.append(question.id)
                if question.rank == "emergency":
                    break
    return yes


def _line() -> str:
    """Read the first character of the next line, where single keys cannot be read."""
    line = sys.stdin.readline()
    if not line:
        raise PostureError("The answers ended before the questions: nothing was kept.")
    return line.strip()[:1]
