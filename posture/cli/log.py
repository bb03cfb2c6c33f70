"""`posture log`: log a pain or a tension, or list what was logged."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from posture.coach.pain import ACTIVITIES, WHEN, WHERE
from posture.errors import PostureError

if TYPE_CHECKING:
    from posture.coach.direction import DirectionCheck
    from posture.coach.pain import PainEntry
    from posture.history.records import Point


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `log`."""
    top = commands.add_parser(
        "log",
        help="log a pain or a tension, or list what was logged",
        description="Log a pain or a tension from 0 to 10, or list what was logged. It stays on this machine and "
        "diagnoses nothing. What is logged within a minute is one entry: the last one stands, and what it leaves out "
        "stays as it was; another place is another entry.",
    )
    kinds = top.add_subparsers(title="what", dest="what", metavar="WHAT", required=True)
    pain = kinds.add_parser("pain", help="log a pain, 0 (none) to 10", description="Log a pain, 0 (none) to 10.")
    pain.add_argument("level", type=_level, metavar="0-10", help="how strong: 0 none, 10 the worst you can think of")
    pain.add_argument("--where", choices=WHERE, default="", help="where")
    pain.add_argument("--when", choices=WHEN, default="", help="what brings it on")
    pain.add_argument("--better", choices=ACTIVITIES, default="", help="what eases it")
    pain.add_argument("--note", default="", metavar="TEXT", help="in your own words")
    pain.set_defaults(run=run)
    tension = kinds.add_parser(
        "tension", help="log how tense you are, 0 to 10", description="Log how tense you are, 0 (not at all) to 10."
    )
    tension.add_argument("level", type=_level, metavar="0-10", help="how tense: 0 not at all, 10 as tense as can be")
    tension.add_argument("--note", default="", metavar="TEXT", help="in your own words")
    tension.set_defaults(run=_tension)
    show = kinds.add_parser("list", help="what was logged", description="List what was logged, newest last.")
    show.add_argument("--days", type=int, default=28, metavar="N", help="of the last days (default %(default)d)")
    show.add_argument("--json", action="store_true", help="for other programs")
    show.set_defaults(run=_list)


def run(args: argparse.Namespace) -> int:
    """Store an entry, and say what follows from it."""
    from posture.coach.direction import MOVEMENT, STRONG, next_proposal, still_worse
    from posture.coach.note_words import asked_about
    from posture.coach.pain import PainEntry, referrals
    from posture.coach.safety import IN_A_NOTE
    from posture.control.channel import tell
    from posture.history.care import care_of, pain_point
    from posture.history.records import Point
    from posture.history.store import Store
    from posture.paths import history_to_write
    from posture.settings_file import load_settings

    _check_note(args.note)
    settings = load_settings()
    now = datetime.now(UTC)
    entry = PainEntry(now.timestamp(), args.level, args.where, args.when, args.note, args.better)
    with Store(history_to_write(settings)) as store:
        before = len(care_of(store, now).pains)
        store.write(points=[pain_point(now, entry)])
        care = care_of(store, now)
        new = referrals(care.pains, now.timestamp(), care.referred)
        after_check = still_worse(care.directions, care.pains, care.referred)
        new += [after_check] if after_check else []
        store.write(points=[Point("referral", now, referral.key) for referral in new])
    tell("care")
    stands = care.pains[-1]
    eased = f"eased by {stands.better}" if stands.better else ""
    words = [f"{stands.level} of 10", stands.where.replace("-", " "), stands.when, eased]
    begins = "Amended, the entry of a moment ago is now" if len(care.pains) == before else "Logged"
    print(f"{begins}: {', '.join(word for word in words if word)}.")
    for referral in new:
        print(referral.text)
    if asked_about(args.note):
        # Words are no answers: no more than the way to the questions, and never an exercise (evidence, section 5).
        print(IN_A_NOTE)
        return 0
    asks = args.when == "night" or args.level >= STRONG
    if args.when == "night":
        print("If no position changes it at night, please answer posture check-in.")
    if args.level >= STRONG:
        print("That is strong. Please answer posture check-in.")
    if asks or new or care.suspended:
        return 0  # a clinician or the questions come first: no direction beside them
    proposal = next_proposal(
        care.directions, care.pains, now.timestamp(), settings.coach.bias, settings.coach.conditions
    )
    if proposal is not None:
        plainly = f" ({MOVEMENT[proposal.bias]})" if proposal.bias in MOVEMENT else ""
        print(
            f"Proposed: exercises that go towards {proposal.bias}{plainly}, because {proposal.reason}. Nobody has "
            "tested choosing a direction like this; it is a choice of this program, and yours to take or leave: "
            f"posture config set coach.bias {proposal.bias}. Stop if it gets worse or travels down a leg."
        )
        if proposal.advice:
            print(proposal.advice)
    return 0


def _tension(args: argparse.Namespace) -> int:
    """Store a tension; no advice follows but to breathe."""
    from posture.coach.note_words import asked_about
    from posture.coach.safety import IN_A_NOTE
    from posture.history.care import care_of, tension_point
    from posture.history.store import Store
    from posture.paths import history_to_write
    from posture.settings_file import load_settings

    _check_note(args.note)
    now = datetime.now(UTC)
    with Store(history_to_write(load_settings())) as store:
        before = len(care_of(store, now).tensions)
        store.write(points=[tension_point(now, args.level, args.note)])
        care = care_of(store, now)
    begins = "Amended, the entry of a moment ago is now" if len(care.tensions) == before else "Logged"
    print(f"{begins}: tension {args.level} of 10.")
    if asked_about(args.note):
        print(IN_A_NOTE)
    elif args.level and not care.suspended:
        print("If you like, a few slow breaths, longer out than in: posture stretch breath.")
    return 0


def _list(args: argparse.Namespace) -> int:
    from posture.guided.stored import stored_records
    from posture.history.care import care_of
    from posture.settings_file import load_settings

    now = datetime.now(UTC)
    with stored_records(load_settings()) as reader:
        care = care_of(reader, now)
    since_s = now.timestamp() - args.days * 86400
    rows = [_pain_row(pain) for pain in care.pains]
    rows += [_tension_row(point) for point in care.tensions]
    rows += [_direction_row(check) for check in care.directions]
    rows = sorted((row for row in rows if row[0] >= since_s), key=lambda row: row[0])
    if not rows and not args.json:
        print("Nothing was logged. posture log pain 3 --where low --when sitting --better walking does it.")
    for at_s, shown, text in rows:
        if args.json:
            at = datetime.fromtimestamp(at_s, UTC).isoformat(timespec="seconds")
            print(json.dumps({"at": at, **shown}))
        else:
            print(f"{datetime.fromtimestamp(at_s):%a %d %b %H:%M}  {text}".rstrip())
    return 0


_Row = tuple[float, dict[str, Any], str]
"""Seconds since 1970, the JSON object, the line."""


def _pain_row(pain: PainEntry) -> _Row:
    said = {"where": pain.where, "when": pain.when, "better": pain.better, "note": pain.note}
    better = f"eased by {pain.better}  " if pain.better else ""
    text = f"{_bar(pain.level)}  {pain.where:<13}  {pain.when:<8}  {better}{pain.note}"
    return pain.at_s, {"kind": "pain", "level": pain.level, **said}, text


def _tension_row(point: Point) -> _Row:
    level, note = point.detail.get("level"), str(point.detail.get("note") or "")
    number = int(level) if isinstance(level, int | float) else 0
    said = {"where": "", "when": "", "better": "", "note": note}
    return point.at.timestamp(), {"kind": "tension", "level": number, **said}, f"{_bar(number)}  tension        {note}"


def _direction_row(check: DirectionCheck) -> _Row:
    from posture.coach.direction import check_words

    said = {"where": check.before.reach, "when": "", "better": "", "note": "", "answer": check.answer}
    text = f"{_bar(check.before.level)}  directional check: {check_words(check)}"
    return check.at_s, {"kind": "direction", "level": check.before.level, **said}, text


def _bar(level: int) -> str:
    return f"{level:2d} {'#' * level:<10}"


def _check_note(note: str) -> None:
    if len(note) > 500:
        raise PostureError("--note is longer than 500 characters: write it shorter.", 2)


def _level(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 <= int(text[:4]) <= 10:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 0 to 10")
    return int(text)
