"""`--set KEY=VALUE`, the same for every command that takes it."""

from __future__ import annotations

import argparse

from posture.language import tr


def add_overrides(parser: argparse.ArgumentParser, example: str = "coach.stand_after=2m") -> None:
    """Add the option; it changes settings for this run only."""
    parser.add_argument(
        "--set",
        dest="overrides",
        action="append",
        default=[],
        metavar="KEY=VALUE",
        help=tr("a setting for this run, such as {example}; may be repeated", example=example),
    )
