"""`posture launcher`: the entry in the desktop's menu of programs."""

from __future__ import annotations

import argparse

from posture.language import tr


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `launcher`."""
    parser = commands.add_parser(
        "launcher",
        description=tr(
            "Put posture, with its icon, into the desktop's menu of programs, from where the window is "
            "opened. posture setup and posture autostart on do it, too."
        ),
    )
    parser.add_argument("what", nargs="?", choices=("on", "off", "status"), default="status", metavar="on|off|status")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Make it, take it away, or say whether there is one."""
    from posture.desktop.launcher import add_launcher, launcher_place, remove_launcher

    if args.what == "on":
        print(
            tr(
                "posture is in the menu of programs, by {place}; posture launcher off undoes it.",
                place=add_launcher(),
            )
        )
    elif args.what == "off":
        print(tr("Removed from the menu of programs.") if remove_launcher() else tr("There was no entry of yours."))
    else:
        place = launcher_place()
        print(
            tr("In the menu of programs, by {place}.", place=place)
            if place
            else tr("Not in the menu of programs: posture launcher on.")
        )
    return 0
