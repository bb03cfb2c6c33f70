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
from typing import TYPE_CHECKING, Any, TextIO

from posture.cli.overrides import add_overrides
from posture.errors import PostureError
from posture.language import mark, sentence_start, tr

if TYPE_CHECKING:
    from posture.daemon.status import Status

TRAY_S = 5.0
"""How long start waits for the icon, before it says that it is not connected yet [design choice]."""
FIRST_LOOK_S = 12.0
"""How long resume waits for the first look: the camera is opened and the model loaded [design choice]."""
ASKED_AGAIN_S = 0.2
NO_AUTOSTART = mark("posture does not start with the session: posture autostart on makes it do so.")


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add all of them."""

    def add(name: str, text: str, run: Callable[[argparse.Namespace], int], more: str = "") -> argparse.ArgumentParser:
        parser = commands.add_parser(
            name, help=text, description=f"{tr('{sentence}.', sentence=sentence_start(text))} {more}".strip()
        )
        parser.set_defaults(run=run)
        return parser

    start = add(
        "start",
        tr("watch in the background, with an icon in the tray"),
        _start,
        tr("Comes back when the daemon answers. When it runs already, says what it is doing."),
    )
    add_overrides(start)
    start.add_argument("--foreground", action="store_true", help=tr("do not detach: for systemd and other supervisors"))
    add("stop", tr("end the watch"), _stop)
    restart = add("restart", tr("end the watch and begin a new one"), _restart)
    add_overrides(restart)
    status = add(
        "status", tr("what the daemon sees and does, at a glance"), _status, tr("Ends with 1 when it does not run.")
    )
    status.add_argument("--json", action="store_true", help=tr("one JSON object, for other programs"))
    status.add_argument(
        "--bars",
        action="store_true",
        help=tr("also how near each deviation was to its threshold at the last look"),
    )
    pause = add("pause", tr("close the camera for a while"), _pause, tr("Without a time, until posture resume."))
    pause.add_argument("how_long", nargs="*", metavar="TIME", help=tr('30m, 2h, "until 14:00" or until-tomorrow'))
    add("resume", tr("watch again; end a pause and a snooze"), lambda args: _done("resume"))
    add(
        "toggle",
        tr("pause, or watch again: for a keyboard shortcut"),
        _toggle,
        tr("Closes the camera until it is called again, or posture resume; ends a pause, a snooze or a meeting."),
    )
    snooze = add("snooze", tr("go on watching, but say nothing for a while"), _snooze)
    snooze.add_argument("how_long", nargs="?", metavar="TIME", help=tr("such as 10m (default: coach.snooze)"))
    standing = add(
        "standing",
        tr("say that you are standing"),
        _standing,
        tr(
            "For a desk that is raised together with the camera. It holds until you say off, or come back from a break."
        ),
    )
    standing.add_argument("on_off", nargs="?", choices=("on", "off"), default="on", metavar="on|off")
    events = add(
        "events",
        tr("what happens, as it happens, also for other programs"),
        _events,
        tr("Presence, deviations, bouts, reminders and their answers, pauses. docs/commands.md promises the keys."),
    )
    events.add_argument("-f", "--follow", action="store_true", help=tr("go on with what comes, until Ctrl-C"))
    events.add_argument(
        "-n",
        "--lines",
        type=int,
        metavar="N",
        help=tr("begin with the last N, up to 200 (default 20; 0 with --follow)"),
    )
    events.add_argument("--json", action="store_true", help=tr("a JSON object a line"))
    logs = add("logs", tr("what the daemon has noted"), _logs)
    logs.add_argument("-f", "--follow", action="store_true", help=tr("go on with what comes, until Ctrl-C"))
    logs.add_argument(
        "-n",
        "--lines",
        type=int,
        default=50,
        metavar="N",
        help=tr("the last N lines (default %(default)s)"),
    )
    logs.add_argument("--json", action="store_true", help=tr("as it stands in the file: a JSON object a line"))
    auto = add("autostart", tr("start with the session, or no longer"), _autostart)
    auto.add_argument("what", nargs="?", choices=("on", "off", "status"), default="status", metavar="on|off|status")


def _start(args: argparse.Namespace) -> int:
    from posture.control.channel import ask
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
        status = _asked_until(lambda found: found.get("tray") != TRAY_AWAITED, TRAY_S)
    if args.overrides and not started:
        raise PostureError(tr("posture is running already: posture restart takes these settings."))
    print(tr("posture has started.") if started else tr("posture is running already."))
    show_status(status)
    return 0


def _asked_until(settled: Callable[[dict[str, Any]], bool], patience_s: float) -> dict[str, Any]:
    """Ask for the status until something in it is known, but no longer than so."""
    from posture.control.channel import ask

    until_s = time.monotonic() + patience_s
    while not settled(status := ask("status")) and time.monotonic() < until_s:
        time.sleep(ASKED_AGAIN_S)
    return status


def _stop(args: argparse.Namespace) -> int:
    from posture.guided.daemon_process import end_daemon

    print(tr("posture has stopped.") if end_daemon() else tr("posture is not running."))
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
    from posture.daemon.status import Status
    from posture.daemon.status_text import clock_time, headline
    from posture.plain_text import plain_parts

    answer = plain_parts(ask(command, ANSWER_TIMEOUT_S, **args))
    status = Status.from_json(answer)
    if command == "snooze" and status.snoozed is not None:
        print(tr("Nothing is said until {time}.", time=clock_time(status.snoozed.until)))
    elif command in ("resume", "toggle") and status.paused is None:
        _say_what_is_now(status)
    else:
        print(f"{headline(status)}.")
    if not_kept := answer.get("not_kept"):
        print(not_kept)
    return 0


def _say_what_is_now(status: Status) -> None:
    """Say it once somebody has looked again."""
    from posture.daemon.status import Status
    from posture.daemon.status_text import headline, next_line

    def unseen(now: Status) -> bool:  # for the reason that is now over
        return (now.state, now.camera.state, now.trouble) == ("unknown", "open", "")

    if unseen(status):
        print(tr("Watching again."), flush=True)
        status = Status.from_json(_asked_until(lambda found: not unseen(Status.from_json(found)), FIRST_LOOK_S))
    if not unseen(status):
        print(". ".join(filter(None, (headline(status), next_line(status)))) + ".")


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
            raise PostureError(tr("{time!r:.30} is not a time of day: write it like 14:00.", time=words[1]), 2)
        at = midnight.replace(hour=int(hour), minute=int(minute))
        return (at if at > now else at + timedelta(days=1)).astimezone(UTC)
    try:
        seconds = parse_duration(" ".join(words))
    except PostureError as error:
        raise PostureError(tr('{error}; or "until 14:00", or until-tomorrow', error=error), 2) from None
    if not 0 < seconds <= 30 * 86400:
        raise PostureError(tr("A pause lasts up to 30 days; posture stop ends the watch."), 2)
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
    print(
        tr("You are standing, until you are back from a break or say off.") if on else tr("The camera decides again.")
    )
    return 0


def _events(args: argparse.Namespace) -> int:
    import sys

    from posture.control.channel import ask, follow

    most = args.lines if args.lines is not None else 0 if args.follow else 20

    def show(event: dict[str, object]) -> None:
        print(json.dumps(event, ensure_ascii=False) if args.json else _event_line(event), flush=True)

    if not args.follow:
        for event in ask("events", recent=most).get("recent", ()):
            show(event)
        return 0
    told = follow(most, sys.stdout.fileno())
    first = next(told)
    for event in first["recent"]:
        show(event)
    if args.json:
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        show({"v": 1, "at": now, "event": "now", "status": first["status"]})
    for event in told:
        show(event)
    return 0


def _event_line(event: dict[str, object]) -> str:
    """An event as people read it, in local time."""
    from posture.daemon.logs import log_line

    at = datetime.fromisoformat(str(event["at"])).astimezone()
    rest = {key: value for key, value in event.items() if key not in ("v", "at") and value not in (None, "", [])}
    return log_line(json.dumps({"at": at.isoformat(), **rest}))


def _logs(args: argparse.Namespace) -> int:
    from collections import deque

    from posture.daemon.logs import log_line
    from posture.paths import log_path
    from posture.plain_file import open_plain
    from posture.plain_text import plain

    path = log_path()

    def opened() -> TextIO:
        return os.fdopen(open_plain(path), "r", encoding="utf-8", errors="replace", newline="\n")

    def show(line: str) -> None:
        print(plain(line.rstrip("\n")) if args.json else log_line(line.rstrip("\n")), flush=True)

    try:
        file = opened()
    except FileNotFoundError:
        raise PostureError(tr("There is no log yet: posture start begins one.")) from None
    except OSError as error:
        raise PostureError(
            tr(
                "The log {path} cannot be read ({reason}): check it, or move it away.",
                path=path,
                reason=error.strerror,
            )
        ) from None
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
