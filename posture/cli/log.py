"""`posture log`: log a pain or a tension, or list what was logged."""

from __future__ import annotations

import argparse
import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from posture.coach.pain import ACTIVITIES, WHEN, WHERE
from posture.errors import PostureError
from posture.language import dated, language, mark_safety, tr, tr_safety, trc
from posture.plain_text import padded, width

if TYPE_CHECKING:
    from posture.coach.direction import DirectionCheck
    from posture.coach.pain import PainEntry
    from posture.history.records import Point

_STOP_IF = mark_safety("Stop if it gets worse or travels down a leg.")


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `log`."""
    top = commands.add_parser(
        "log",
        description=tr(
            "Log a pain or a tension from 0 to 10, or list what was logged. It stays on this machine and "
            "diagnoses nothing. What is logged within a minute is one entry: the last one stands, and what "
            "it leaves out stays as it was; another place is another entry."
        ),
    )
    kinds = top.add_subparsers(title=trc("log", "what"), dest="what", metavar="WHAT", required=True)
    pain = kinds.add_parser(
        "pain", help=tr("log a pain, 0 (none) to 10"), description=tr("Log a pain, 0 (none) to 10.")
    )
    pain.add_argument(
        "level", type=_level, metavar="0-10", help=tr("how strong: 0 none, 10 the worst you can think of")
    )
    pain.add_argument("--where", choices=WHERE, default="", help=trc("pain", "where"))
    pain.add_argument("--when", choices=WHEN, default="", help=tr("what brings it on"))
    pain.add_argument("--better", choices=ACTIVITIES, default="", help=tr("what eases it"))
    pain.add_argument("--note", default="", metavar="TEXT", help=tr("in your own words"))
    pain.set_defaults(run=run)
    tension = kinds.add_parser(
        "tension",
        help=tr("log how tense you are, 0 to 10"),
        description=tr("Log how tense you are, 0 (not at all) to 10."),
    )
    tension.add_argument(
        "level", type=_level, metavar="0-10", help=tr("how tense: 0 not at all, 10 as tense as can be")
    )
    tension.add_argument("--note", default="", metavar="TEXT", help=tr("in your own words"))
    tension.set_defaults(run=_tension)
    show = kinds.add_parser("list", help=tr("what was logged"), description=tr("List what was logged, newest last."))
    show.add_argument("--days", type=int, default=28, metavar="N", help=tr("of the last days (default %(default)d)"))
    show.add_argument("--json", action="store_true", help=tr("for other programs"))
    show.set_defaults(run=_list)


def run(args: argparse.Namespace) -> int:
    """Store an entry, and say what follows from it."""
    from posture.cli.check_in import english_of, say_english
    from posture.coach.direction import MOVEMENT
    from posture.coach.pain import LOOK, PainEntry
    from posture.guided.pain_log import UNTESTED, log_pain
    from posture.settings_file import load_settings

    _check_note(args.note)
    at_s = datetime.now(UTC).timestamp()
    logged = log_pain(load_settings(), PainEntry(at_s, args.level, args.where, args.when, args.note, args.better))
    print(_logged(logged.words, amended=logged.amended))
    for text in logged.texts:
        print(text)
    say_english(*logged.english, *map(english_of, logged.referrals))
    if (proposal := logged.proposal) is not None:
        towards = tr(proposal.bias)
        if proposal.bias in MOVEMENT:
            towards = f"{towards} ({tr(MOVEMENT[proposal.bias])})"
        print(
            tr(
                "Proposed: exercises that go towards {direction}, because {reason}. {untested}: posture config set "
                "coach.bias {bias}.",
                direction=towards,
                reason=proposal.reason,
                untested=tr(UNTESTED),
                bias=proposal.bias,
            ),
            tr_safety(_STOP_IF),
        )
        if proposal.advice:
            print(proposal.advice)
        say_english(_STOP_IF, *((LOOK,) if proposal.have_it_looked_at else ()))
    return 0


def _tension(args: argparse.Namespace) -> int:
    """Store a tension; no advice follows but to breathe."""
    from posture.cli.check_in import say_english
    from posture.guided.pain_log import log_tension
    from posture.settings_file import load_settings

    _check_note(args.note)
    logged = log_tension(load_settings(), args.level, args.note)
    print(_logged(tr("tension {level} of 10", level=args.level), amended=logged.amended))
    if logged.asks:
        print(tr_safety(logged.asks))
        say_english(logged.asks)
    elif logged.breathing:
        print(tr("If you like, a few slow breaths, longer out than in: posture stretch breath."))
    return 0


def _logged(words: str, *, amended: bool) -> str:
    if amended:
        return tr("Amended, the entry of a moment ago is now: {entry}.", entry=words)
    return tr("Logged: {entry}.", entry=words)


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
        print(tr("Nothing was logged. posture log pain 3 --where low --when sitting --better walking does it."))
    moments = [dated(datetime.fromtimestamp(at_s), "%a %d %b %H:%M") for at_s, _, _ in rows]
    columns = max(map(width, moments), default=0)
    for (at_s, shown, text), moment in zip(rows, moments, strict=True):
        if args.json:
            at = datetime.fromtimestamp(at_s, UTC).isoformat(timespec="seconds")
            print(json.dumps({"at": at, **shown}))
        else:
            print(f"{padded(moment, columns)}  {text}".rstrip())
    return 0


_Row = tuple[float, dict[str, Any], str]
"""Seconds since 1970, the JSON object, the line."""


def _word(value: str) -> str:
    """Name a place or a movement: in English as it is typed after an option."""
    from posture.guided.pain_log import plain_word

    return value if language() == "en" else plain_word(value)


def _pain_row(pain: PainEntry) -> _Row:
    said = {"where": pain.where, "when": pain.when, "better": pain.better, "note": pain.note}
    better = f"{tr('eased by {activity}', activity=_word(pain.better))}  " if pain.better else ""
    where, when = padded(_word(pain.where), 13), padded(_word(pain.when), 8)
    text = f"{_bar(pain.level)}  {where}  {when}  {better}{pain.note}"
    return pain.at_s, {"kind": "pain", "level": pain.level, **said}, text


def _tension_row(point: Point) -> _Row:
    level, note = point.detail.get("level"), str(point.detail.get("note") or "")
    number = int(level) if isinstance(level, int | float) else 0
    said = {"where": "", "when": "", "better": "", "note": note}
    return (
        point.at.timestamp(),
        {"kind": "tension", "level": number, **said},
        f"{_bar(number)}  {padded(tr('tension'), 13)}  {note}",
    )


def _direction_row(check: DirectionCheck) -> _Row:
    from posture.coach.direction import check_words

    said = {"where": check.before.reach, "when": "", "better": "", "note": "", "answer": check.answer}
    text = f"{_bar(check.before.level)}  {tr('directional check: {results}', results=check_words(check))}"
    return check.at_s, {"kind": "direction", "level": check.before.level, **said}, text


def _bar(level: int) -> str:
    return f"{level:2d} {'#' * level:<10}"


def _check_note(note: str) -> None:
    from posture.guided.pain_log import LONGEST_NOTE

    if len(note) > LONGEST_NOTE:
        raise PostureError(tr("--note is longer than {most} characters: write it shorter.", most=LONGEST_NOTE), 2)


def _level(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 <= int(text[:4]) <= 10:
        raise argparse.ArgumentTypeError(tr("{text!r} is not a whole number from 0 to 10", text=text))
    return int(text)
