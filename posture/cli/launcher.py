"""`posture launcher`: the entry in the desktop's menu of programs."""

from __future__ import annotations

import argparse


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `launcher`."""
    parser = commands.add_parser(
        "launcher",
        help="an entry in the menu of programs, or no longer",
        description="Put posture, with its icon, into the desktop's menu of programs, from where the window is opened. "
        "posture setup and posture autostart on do it, too.",
    )
    parser.add_argument("what", nargs="?", choices=("on", "off", "status"), default="status", metavar="on|off|status")
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Make it, take it away, or say whether there is one."""
    from posture.desktop.launcher import add_launcher, launcher_place, remove_launcher

    if args.what == "on":
        print(f"posture is in the menu of programs, by {add_launcher()}; posture launcher off undoes it.")
    elif args.what == "off":
        print("Removed from the menu of programs." if remove_launcher() else "There was no entry of yours.")
    else:
        place = launcher_place()
        print(f"In the menu of programs, by {place}." if place else "Not in the menu of programs: posture launcher on.")
    return 0
