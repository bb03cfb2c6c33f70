"""`posture log`: log a pain, or list what was logged."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime

from posture.coach.pain import ACTIVITIES, WHEN, WHERE
from posture.errors import PostureError


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `log`."""
    top = commands.add_parser(
        "log",
        help="log a pain, or list what was logged",
        description="Log a pain from 0 to 10, or list what was logged. It stays on this machine and diagnoses nothing.",
    )
    kinds = top.add_subparsers(title="what", dest="what", metavar="WHAT", required=True)
    pain = kinds.add_parser("pain", help="log a pain, 0 (none) to 10", description="Log a pain, 0 (none) to 10.")
    pain.add_argument("level", type=_level, metavar="0-10", help="how strong: 0 none, 10 the worst you can think of")
    pain.add_argument("--where", choices=WHERE, default="", help="where")
    pain.add_argument("--when", choices=WHEN, default="", help="what brings it on")
    pain.add_argument("--better", choices=ACTIVITIES, default="", help="what eases it")
    pain.add_argument("--note", default="", metavar="TEXT", help="in your own words")
    pain.set_defaults(run=run)
    show = kinds.add_parser("list", help="what was logged", description="List what was logged, newest last.")
    show.add_argument("--days", type=int, default=28, metavar="N", help="of the last days (default %(default)d)")
    show.add_argument("--json", action="store_true", help="for other programs")
    show.set_defaults(run=_list)


def run(args: argparse.Namespace) -> int:
    """Store an entry, and say what follows from it."""
    from posture.coach.note_words import asked_about
    from posture.coach.pain import PainEntry, propose, referrals
    from posture.coach.safety import IN_A_NOTE
    from posture.history.care import care_of, pain_point
    from posture.history.records import Point
    from posture.history.store import Store
    from posture.paths import history_path
    from posture.settings_file import load_settings

    if len(args.note) > 500:
        raise PostureError("--note is longer than 500 characters: write it shorter.", 2)
    settings = load_settings()
    now = datetime.now(UTC)
    entry = PainEntry(now.timestamp(), args.level, args.where, args.when, args.note, args.better)
    with Store(history_path(settings)) as store:
        store.write(points=[pain_point(now, entry)])
        care = care_of(store, now)
        new = referrals(care.pains, now.timestamp(), care.referred)
        store.write(points=[Point("referral", now, referral.key) for referral in new])
    words = [f"{args.level} of 10", args.where.replace("-", " "), args.when]
    print(f"Logged: {', '.join(word for word in words if word)}.")
    for referral in new:
        print(referral.text)
    if asked_about(args.note):
        # Words are no answers: no more than the way to the questions, and never an exercise (evidence, section 5).
        print(IN_A_NOTE)
        return 0
    if args.when == "night":
        print("If no position changes it at night, please answer posture check-in.")
    if args.level >= 8:
        print("That is strong. Please answer posture check-in.")
    proposal = propose(care.pains, now.timestamp(), settings.coach.bias, settings.coach.conditions)
    if proposal is not None and not care.suspended:
        print(
            f"Proposed: exercises that go toward {proposal.bias}, because {proposal.reason}. It is your choice: "
            f"posture config set coach.bias {proposal.bias}. Stop if it gets worse or travels down a leg."
        )
        if proposal.advice:
            print(proposal.advice)
    return 0


def _list(args: argparse.Namespace) -> int:
    from posture.cli.stored import stored_records
    from posture.history.care import care_of
    from posture.settings_file import load_settings

    now = datetime.now(UTC)
    with stored_records(load_settings()) as reader:
        care = care_of(reader, now)
    pains = [pain for pain in care.pains if now.timestamp() - pain.at_s <= args.days * 86400]
    if args.json:
        for pain in pains:
            at = datetime.fromtimestamp(pain.at_s, UTC).isoformat(timespec="seconds")
            print(
                json.dumps({"at": at, "level": pain.level, "where": pain.where, "when": pain.when, "note": pain.note})
            )
        return 0
    if not pains:
        print("Nothing was logged. posture log pain 3 --where low --when sitting does it.")
        return 0
    for pain in pains:
        at = datetime.fromtimestamp(pain.at_s).strftime("%a %d %b %H:%M")
        print(f"{at}  {pain.level:2d} {'#' * pain.level:<10}  {pain.where:<9}  {pain.when:<8}  {pain.note}".rstrip())
    return 0


def _level(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 <= int(text[:4]) <= 10:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to 10")
    return int(text)
