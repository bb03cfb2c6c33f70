"""The lines that pass between a client and the daemon: their version, limits and types. What carries them lies above.

A request is ``{"v": 1, "do": "pause", "args": {...}}``; its answer ``{"v": 1, "ok": true, "result": {...}}`` or
``{"v": 1, "ok": false, "error": "a sentence"}``. This module imports only what light commands can afford.
"""

from __future__ import annotations

import json
from typing import Any

from posture.errors import PostureError
from posture.language import mark, tr

VERSION = 1
MAX_LINE_BYTES = 16_384
MAX_CLIENTS = 16
MAX_FOLLOWERS = 8
"""Of the clients, how many may follow what happens: commands always find a place [design choice]."""
CLIENT_TIMEOUT_S = 2.0
"""How long a client may take to send its request, or to read the answer."""
OTHER_RELEASE = mark("The daemon is of another release: run posture restart.")
BUSY = mark("The daemon is busy, too many programs are asking it at once: try again in a moment.")
NOT_A_REQUEST = mark("A request is one JSON object a line, such as {example}.")
_EXAMPLE = '{"v": 1, "do": "status"}'


class NotRunningError(PostureError):
    """There is no daemon."""

    def __init__(self) -> None:
        super().__init__(tr("posture is not running: start it with posture start."))


class TakenError(PostureError):
    """A program that is no daemon answers, or does not, where the daemon would."""

    def __init__(self, pid: int) -> None:
        super().__init__(
            tr(
                "Another program (process {pid}) has taken the name under which posture is reached: end it, or sign "
                "out and in again, then try again.",
                pid=pid,
            )
            if pid
            else tr(
                "Another program has taken the name under which posture is reached: sign out and in again, then try "
                "again."
            )
        )


def request_line(command: str, args: dict[str, Any]) -> bytes:
    """A request as it is sent."""
    return json.dumps({"v": VERSION, "do": command, "args": args}).encode() + b"\n"


def parse_request(line: bytes) -> tuple[str, dict[str, Any]]:
    """Read the command and the arguments of a request; PostureError where it is none, or one of another version."""
    try:
        request = json.loads(line)
        version, command, args = request["v"], request["do"], request.get("args", {})
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise PostureError(tr(NOT_A_REQUEST, example=_EXAMPLE)) from None
    if version != VERSION:
        raise PostureError(tr(OTHER_RELEASE))
    if not isinstance(command, str) or not isinstance(args, dict):
        raise PostureError(tr(NOT_A_REQUEST, example=_EXAMPLE))
    return command, args


def answer_line(result: dict[str, Any]) -> bytes:
    """An answer as it is sent."""
    return json.dumps({"v": VERSION, "ok": True, "result": result}).encode() + b"\n"


def refusal(sentence: str) -> bytes:
    """An answer that refuses, with the sentence that says why."""
    return json.dumps({"v": VERSION, "ok": False, "error": sentence}).encode() + b"\n"


def parse_answer(line: bytes) -> dict[str, Any]:
    """Read the result in an answer.

    A PostureError says that the daemon has refused, is of another version, or ended before it had answered.
    """
    try:
        answer = json.loads(line)
        if answer["v"] != VERSION:
            raise PostureError(tr(OTHER_RELEASE))
        if not answer["ok"]:
            raise PostureError(str(answer["error"]))
        result: dict[str, Any] = answer["result"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise PostureError(tr("The daemon ended before it had answered: see posture logs.")) from None
    return result
