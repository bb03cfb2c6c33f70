"""`posture glossary`: what the words mean that posture uses."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict

from posture.errors import PostureError
from posture.language import tr


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "glossary",
        description=tr("Say in plain words what the words of summary and report mean."),
    )
    parser.add_argument("word", nargs="*", metavar="WORD", help=tr("only this one; all of them by default"))
    parser.add_argument("--json", action="store_true", help=tr("one JSON list, for other programs"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Print the words."""
    from posture.report.glossary import TERMS, find_term

    terms = TERMS
    if args.word:
        typed = " ".join(args.word)
        found = find_term(typed)
        if found is None:
            known = ", ".join(term.said.word for term in TERMS)
            raise PostureError(tr("{word!r} is not in the glossary: it has {known}.", word=typed, known=known), 2)
        terms = (found,)
    if args.json:
        print(
            json.dumps([asdict(term) | {"meaning": term.said.meaning} for term in terms], indent=2, ensure_ascii=False)
        )
        return 0
    for number, term in enumerate(each.said for each in terms):
        print(f"{chr(10) * bool(number)}{term.word}\n    {term.meaning}")
    return 0
