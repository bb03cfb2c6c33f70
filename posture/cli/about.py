"""`posture about`: what the sources say, and where they disagree."""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, replace
from typing import TYPE_CHECKING

from posture.language import tr

if TYPE_CHECKING:
    from posture.coach.about import Topic


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `about`."""
    parser = commands.add_parser(
        "about",
        description=tr(
            "What is known about warmth, massage, rest and more, in a few neutral sentences, and who says "
            "so. Without a topic: which there are."
        ),
    )
    parser.add_argument("topic", nargs="*", metavar="TOPIC", help=tr("such as cold-and-heat or how-long-it-lasts"))
    parser.add_argument("--json", action="store_true", help=tr("for other programs"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Show a topic, or list all."""
    from posture.coach.about import find_topic, topics

    found = (find_topic(" ".join(args.topic)),) if args.topic else topics()
    if args.json:
        print(json.dumps([asdict(_translated(topic)) for topic in found], indent=2))
    elif args.topic:
        print(_text(found[0]))
    else:
        for topic in found:
            print(f"{topic.id:<17}  {tr(topic.title)}")
        print(f"\n{tr('posture about TOPIC says what is known, and who says so.')}")
    return 0


def _translated(topic: Topic) -> Topic:
    return replace(topic, title=tr(topic.title), text=tr(topic.text), sources=tuple(map(tr, topic.sources)))


def _text(topic: Topic) -> str:
    said = _translated(topic)
    return "\n".join([said.title, "", said.text, "", tr("Sources"), *(f"  {source}" for source in said.sources)])
