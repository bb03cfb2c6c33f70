"""`posture start`, `stop` and `restart`: the daemon in the background."""

from __future__ import annotations

import argparse

from posture.cli.commands import summary_sentence
from posture.cli.overrides import add_overrides
from posture.errors import PostureError
from posture.language import tr

TRAY_S = 5.0
"""How long start waits for the icon, before it says that it is not connected yet [design choice]."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add them."""
    more = tr("Comes back when the daemon answers. When it runs already, says what it is doing.")
    start = commands.add_parser("start", description=f"{summary_sentence('start')} {more}")
    add_overrides(start)
    start.add_argument("--foreground", action="store_true", help=tr("do not detach: for systemd and other supervisors"))
    start.set_defaults(run=_start)
    commands.add_parser("stop", description=summary_sentence("stop")).set_defaults(run=_stop)
    restart = commands.add_parser("restart", description=summary_sentence("restart"))
    add_overrides(restart)
    restart.set_defaults(run=_restart)


def _start(args: argparse.Namespace) -> int:
    from posture.cli.status import show_status
    from posture.control.channel import ask, ask_until
    from posture.control.protocol import NotRunningError
    from posture.daemon.status import TRAY_AWAITED
    from posture.guided.daemon_process import start_daemon, wait_for_answer

    if args.foreground:
        from posture.daemon.main import main

        return main(["--foreground", *(f"--set={override}" for override in args.overrides)])
    started = False
    try:
        status = ask("status")
    except NotRunningError:
        started = start_daemon(args.overrides)
        wait_for_answer()
        status = ask_until(lambda found: found.get("tray") != TRAY_AWAITED, TRAY_S)
    if args.overrides and not started:
        raise PostureError(tr("posture is running already: posture restart takes these settings."))
    print(tr("posture has started.") if started else tr("posture is running already."))
    show_status(status)
    return 0


def _stop(args: argparse.Namespace) -> int:
    from posture.guided.daemon_process import end_daemon

    print(tr("posture has stopped.") if end_daemon() else tr("posture is not running."))
    return 0


def _restart(args: argparse.Namespace) -> int:
    _stop(args)
    args.foreground = False
    return _start(args)
