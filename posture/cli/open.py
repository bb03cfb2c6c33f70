"""`posture open`: the window."""

from __future__ import annotations

import argparse

from posture.language import tr


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `open`."""
    parser = commands.add_parser(
        "open",
        description=tr(
            "Show the window, at a page if one is named. There is one at a time: a second call brings it up."
        ),
    )
    parser.add_argument(
        "page",
        nargs="?",
        default="",
        metavar="PAGE[:DETAIL]",
        help=tr("which page: {keys}", keys=_keys()),
    )
    parser.add_argument("--source", default="", metavar="CAMERA", help=tr("look at this camera, or video, instead"))
    parser.add_argument("--look", choices=("light", "dark", "contrast"), help=tr("instead of that of the desktop"))
    parser.set_defaults(run=run)


def _keys() -> str:
    from posture.window.pages import page_keys

    return ", ".join(page_keys())


def run(args: argparse.Namespace) -> int:
    """Show it until it is closed."""
    from posture.window.app import main

    more = [f"--source={args.source}"] if args.source else []
    more += [f"--look={args.look}"] if args.look else []
    return main([*([args.page] if args.page else []), *more])
