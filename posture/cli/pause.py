"""`posture pause`, `resume`, `toggle`, `snooze` and `standing`: what is said to the daemon."""

from __future__ import annotations

import argparse
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from posture.cli.commands import summary_sentence
from posture.errors import PostureError
from posture.language import tr

if TYPE_CHECKING:
    from posture.daemon.status import Status

FIRST_LOOK_S = 12.0
"""How long resume waits for the first look: the camera is opened and the model loaded [design choice]."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add them."""
    pause = commands.add_parser(
        "pause", description=f"{summary_sentence('pause')} {tr('Without a time, until posture resume.')}"
    )
    pause.add_argument("how_long", nargs="*", metavar="TIME", help=tr('30m, 2h, "until 14:00" or until-tomorrow'))
    pause.set_defaults(run=_pause)
    commands.add_parser("resume", description=summary_sentence("resume")).set_defaults(run=_resume)
    more = tr("Closes the camera until it is called again, or posture resume; ends a pause, a snooze or a meeting.")
    commands.add_parser("toggle", description=f"{summary_sentence('toggle')} {more}").set_defaults(run=_toggle)
    snooze = commands.add_parser("snooze", description=summary_sentence("snooze"))
    snooze.add_argument("how_long", nargs="?", metavar="TIME", help=tr("such as 10m (default: coach.snooze)"))
    snooze.set_defaults(run=_snooze)
    more = tr(
        "For a desk that is raised together with the camera. It holds until you say off, or come back from a break."
    )
    standing = commands.add_parser("standing", description=f"{summary_sentence('standing')} {more}")
    standing.add_argument("on_off", nargs="?", choices=("on", "off"), default="on", metavar="on|off")
    standing.set_defaults(run=_standing)


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
    from posture.durations import parse_duration

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


def _resume(args: argparse.Namespace) -> int:
    return _done("resume")


def _toggle(args: argparse.Namespace) -> int:
    return _done("toggle")


def _snooze(args: argparse.Namespace) -> int:
    if args.how_long is None:
        return _done("snooze")
    from posture.durations import parse_duration

    return _done("snooze", seconds=parse_duration(args.how_long))


def _standing(args: argparse.Namespace) -> int:
    on = args.on_off == "on"
    from posture.control.channel import ask

    ask("standing", on=on)
    print(
        tr("You are standing, until you are back from a break or say off.") if on else tr("The camera decides again.")
    )
    return 0


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
    from posture.control.channel import ask_until
    from posture.daemon.status import Status
    from posture.daemon.status_text import headline, next_line

    def unseen(now: Status) -> bool:  # for the reason that is now over
        return (now.state, now.camera.state, now.trouble) == ("unknown", "open", "")

    if unseen(status):
        print(tr("Watching again."), flush=True)
        status = Status.from_json(ask_until(lambda found: not unseen(Status.from_json(found)), FIRST_LOOK_S))
    if not unseen(status):
        print(". ".join(filter(None, (headline(status), next_line(status)))) + ".")
