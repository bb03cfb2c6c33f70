"""`posture autostart`: start with the session, or no longer."""

from __future__ import annotations

import argparse

from posture.cli.commands import summary_sentence
from posture.language import mark, tr

NO_AUTOSTART = mark("posture does not start with the session: posture autostart on makes it do so.")


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `autostart`."""
    parser = commands.add_parser("autostart", description=summary_sentence("autostart"))
    parser.add_argument("what", nargs="?", choices=("on", "off", "status"), default="status", metavar="on|off|status")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Turn it on or off, or say how it is."""
    from posture.desktop.autostart import Autostart

    autostart = Autostart()
    if args.what == "on":
        from posture.guided.settle import settle_in

        how = settle_in()
        print(autostart.note() or tr("posture starts with the session, by {how}.", how=tr(how)))
    elif args.what == "off":
        was_on = autostart.turn_off()
        print(tr("posture no longer starts with the session.") if was_on else tr(NO_AUTOSTART))
    else:
        how = autostart.how()
        starts = autostart.note() or tr("posture starts with the session, by {how}.", how=tr(how))
        print(starts if how else tr(NO_AUTOSTART))
    return 0
