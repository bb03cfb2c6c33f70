"""The commands that talk to the daemon: start, stop, restart, status, pause, resume, snooze, standing, logs, autostart.

Each answers in well under a quarter of a second, since it imports nothing heavier than a socket.
"""

from __future__ import annotations

import argparse
import json
import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import TextIO

from posture.cli.overrides import add_overrides
from posture.errors import PostureError

NO_AUTOSTART = "posture does not start with the session: posture autostart on makes it do so."


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add all of them."""

    def add(name: str, text: str, run: Callable[[argparse.Namespace], int], more: str = "") -> argparse.ArgumentParser:
        parser = commands.add_parser(name, help=text, description=f"{text[0].upper()}{text[1:]}. {more}".strip())
        parser.set_defaults(run=run)
        return parser

    start = add(
        "start",
        "watch in the background, with an icon in the tray",
        _start,
        "Comes back when the daemon answers. When it runs already, says what it is doing.",
    )
    add_overrides(start)
    start.add_argument("--foreground", action="store_true", help="do not detach: for systemd and other supervisors")
    add("stop", "end the watch", _stop)
    restart = add("restart", "end the watch and begin a new one", _restart)
    add_overrides(restart)
    status = add("status", "what the daemon sees and does, at a glance", _status, "Ends with 1 when it does not run.")
    status.add_argument("--json", action="store_true", help="one JSON object, for other programs")
    status.add_argument(
        "--bars", action="store_true", help="also how near each deviation was to its threshold at the last look"
    )
    pause = add("pause", "close the camera for a while", _pause, "Without a time, until posture resume.")
    pause.add_argument("how_long", nargs="*", metavar="TIME", help='30m, 2h, "until 14:00" or until-tomorrow')
    add("resume", "watch again; end a pause and a snooze", lambda args: _done("resume"))
    add(
        "toggle",
        "pause, or watch again: for a keyboard shortcut",
        _toggle,
        "Closes the camera until it is called again, or posture resume; ends a pause, a snooze or a meeting.",
    )
    snooze = add("snooze", "go on watching, but say nothing for a while", _snooze)
    snooze.add_argument("how_long", nargs="?", metavar="TIME", help="such as 10m (default: coach.snooze)")
    standing = add(
        "standing",
        "say that you are standing",
        _standing,
        "For a desk that is raised together with the camera. It holds until you say off, or come back from a break.",
    )
    standing.add_argument("on_off", nargs="?", choices=("on", "off"), default="on", metavar="on|off")
    logs = add("logs", "what the daemon has noted", _logs)
    logs.add_argument("-f", "--follow", action="store_true", help="go on with what comes, until Ctrl-C")
    logs.add_argument("-n", "--lines", type=int, default=50, metavar="N", help="the last N lines (default %(default)s)")
    logs.add_argument("--json", action="store_true", help="as it stands in the file: a JSON object a line")
    auto = add("autostart", "start with the session, or no longer", _autostart)
    auto.add_argument("what", nargs="?", choices=("on", "off", "status"), default="status", metavar="on|off|status")


def _start(args: argparse.Namespace) -> int:
    from posture.control.channel import ask
    from posture.control.protocol import NotRunningError
    from posture.guided.daemon_process import start_daemon, wait_for_answer

    if args.foreground:
        from posture.daemon.main import main

        return main(["--foreground", *(f"--set={override}" for override in args.overrides)])
    started = False
    try:
        status = ask("status")
    except NotRunningError:
        started = start_daemon(args.overrides)
        status = wait_for_answer()
    if args.overrides and not started:
        raise PostureError("posture is running already: posture restart takes these settings.")
    print("posture has started." if started else "posture is running already.")
    show_status(status)
    return 0


def _stop(args: argparse.Namespace) -> int:
    from posture.guided.daemon_process import end_daemon

    print("posture has stopped." if end_daemon() else "posture is not running.")
    return 0


def _restart(args: argparse.Namespace) -> int:
    _stop(args)
    args.foreground = False
    return _start(args)


def _status(args: argparse.Namespace) -> int:
    from posture.control.channel import ask
    from posture.control.protocol import NotRunningError

    try:
        status = ask("status")
    except NotRunningError as error:
        if not args.json:
            raise
        print(json.dumps({"v": 1, "state": "not running", "error": str(error)}))
        return 1
    if args.json:
        print(json.dumps(status, indent=2, ensure_ascii=False))
    else:
        show_status(status, bars=args.bars)
    return 0


def show_status(status: dict[str, object], *, bars: bool = False) -> None:
    """Print a status as people read it."""
    import shutil

    from posture.cli.printable import is_plain, printable
    from posture.daemon.status import Status
    from posture.daemon.status_text import level_lines, status_lines

    shown = Status.from_json(status)
    lines = status_lines(shown)
    if bars:
        lines += ["", *level_lines(shown, shutil.get_terminal_size().columns, plain=is_plain())]
    print(printable("\n".join(lines)))


def _done(command: str, **args: str | float | None) -> int:
    from posture.control.channel import ANSWER_TIMEOUT_S, ask
    from posture.daemon.session_state import NOT_KEPT
    from posture.daemon.status import Status
    from posture.daemon.status_text import clock_time, headline

    status = Status.from_json(ask(command, ANSWER_TIMEOUT_S, **args))
    if command == "snooze" and status.snoozed is not None:
        print(f"Nothing is said until {clock_time(status.snoozed.until)}.")
    elif command == "resume" and (status.state, status.camera.state, status.trouble) == ("unknown", "open", ""):
        print("Watching again.")  # nobody has looked yet, for the reason that is now over
    else:
        print(f"{headline(status)}.")
    for problem in status.problems:
        if problem.startswith(NOT_KEPT):
            print(problem)
    return 0


def _pause(args: argparse.Namespace) -> int:
    until = pause_until(" ".join(args.how_long), datetime.now())
    return _done("pause", until=until.isoformat() if until else None)


def pause_until(text: str, now: datetime) -> datetime | None:
    """Read until when to pause.

    Parameters
    ----------
    text : str
        A duration (``30m``), ``until 14:00``, ``until-tomorrow``, or nothing.
    now : datetime
        Local time, without a zone.

    Returns
    -------
    datetime or None
        In UTC, aware; None for no end. A time of day that has passed means tomorrow's; tomorrow begins at midnight.

    Raises
    ------
    PostureError
        The text is not a time. Exit code 2.
    """
    from posture.settings import parse_duration

    words = text.lower().replace("until-", "until ").split()
    if not words:
        return None
    midnight = now.replace(hour=0, minute=0, second=0, microsecond=0)
    if words == ["until", "tomorrow"]:
        return (midnight + timedelta(days=1)).astimezone(UTC)
    if words[0] == "until" and len(words) == 2:
        hour, _, minute = words[1].partition(":")
        if not (hour.isdecimal() and minute.isdecimal() and len(minute) == 2 and int(hour) < 24 and int(minute) < 60):
            raise PostureError(f"{words[1]!r:.30} is not a time of day: write it like 14:00.", 2)
        at = midnight.replace(hour=int(hour), minute=int(minute))
        return (at if at > now else at + timedelta(days=1)).astimezone(UTC)
    try:
        seconds = parse_duration(" ".join(words))
    except PostureError as error:
        raise PostureError(f'{error}; or "until 14:00", or until-tomorrow', 2) from None
    if not 0 < seconds <= 30 * 86400:
        raise PostureError("A pause lasts up to 30 days; posture stop ends the watch.", 2)
    return now.astimezone(UTC) + timedelta(seconds=seconds)


def _toggle(args: argparse.Namespace) -> int:
    return _done("toggle")


def _snooze(args: argparse.Namespace) -> int:
    if args.how_long is None:
        return _done("snooze")
    from posture.settings import parse_duration

    return _done("snooze", seconds=parse_duration(args.how_long))


def _standing(args: argparse.Namespace) -> int:
    on = args.on_off == "on"
    from posture.control.channel import ask

    ask("standing", on=on)
    print("You are standing, until you are back from a break or say off." if on else "The camera decides again.")
    return 0


def _logs(args: argparse.Namespace) -> int:
    from collections import deque

    from posture.daemon.logs import log_line
    from posture.paths import log_path
    from posture.plain_file import open_plain

    path = log_path()

    def opened() -> TextIO:
        return os.fdopen(open_plain(path), "r", encoding="utf-8", errors="replace")

    def show(line: str) -> None:
        print(line.rstrip("\n") if args.json else log_line(line.rstrip("\n")), flush=True)

    try:
        file = opened()
    except FileNotFoundError:
        raise PostureError("There is no log yet: posture start begins one.") from None
    except OSError as error:
        raise PostureError(f"The log {path} cannot be read ({error.strerror}): check it, or move it away.") from None
    for line in deque(file, max(0, args.lines)):
        show(line)
    while args.follow:
        line = file.readline()
        if line:
            show(line)
            continue
        time.sleep(0.2)
        try:
            if path.stat().st_ino != os.fstat(file.fileno()).st_ino:
                file = opened()  # the log was rotated
        except OSError:
            continue
    return 0


def _autostart(args: argparse.Namespace) -> int:
    from posture.desktop.autostart import Autostart

    autostart = Autostart()
    if args.what == "on":
        from posture.guided.settle import settle_in

        print(f"posture starts with the session, by {settle_in()}.")
    elif args.what == "off":
        was_on = autostart.turn_off()
        print("posture no longer starts with the session." if was_on else NO_AUTOSTART)
    else:
        how = autostart.how()
        print(f"posture starts with the session, by {how}." if how else NO_AUTOSTART)
    return 0
