"""Starts programs of the user's from outside the sandbox of a process of ours.

Whatever a process starts inherits its sandbox, and a browser without a network is of no use. So a shell that is started
before the sandbox is entered runs these programs. Their command lines are fixed then; it reads nothing but their names,
and one word of letters, digits, ``_``, ``:`` and ``-`` after it, so it cannot be made to run anything else.

What some of them print comes back to `ask`, through a pipe, in one line of bounded length behind the word.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import secrets
import select
import shlex
import subprocess
import threading
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import IO

from posture.daemon.helper_base import MOST_ANSWER_BYTES, MOST_WORDS_BYTES
from posture.own_command import own_environment

_LOOK_S = 0.2

_SHELL = """
exec 4>&2 2>/dev/null
while IFS= read -r line; do
  what=${line%% *} word=${line#"${line%% *}"} word=${word# }
  case $word in *[!A-Za-z0-9_:-]*) continue ;; esac
  case $what in
@CASES@
  esac 3>&1 </dev/null >/dev/null 2>&1 &
done
"""
_CASE = """    @NAME@) why=$(@COMMAND@ ${word:+"$word"} 2>&1 >/dev/null 3>&- 4>&-) || printf '%s\\n' "@NAME@ ${why%%
*}" >&3 ;;"""
# Written at once, so that two answers do not get mixed up.
_ASKED = """    @NAME@) said=$(@COMMAND@ 2>/dev/null 3>&- 4>&- | head -c @MOST@ | tr '\\n' ' ')
      printf '%s %s\\n' "$word" "$said" >&4 ;;"""


class HelperShell:
    """See `posture.daemon.helper_base.Helper`; the shell ends with the process that has the other end of its input."""

    def __init__(self, commands: Mapping[str, Sequence[str]], asked: Mapping[str, Sequence[str]] | None = None) -> None:
        self._shell: subprocess.Popen[bytes] | None = None
        self._asking = threading.Lock()
        cases = [
            case.replace("@NAME@", name)
            .replace("@MOST@", str(MOST_ANSWER_BYTES))
            .replace("@COMMAND@", shlex.join(line))
            for case, lines in ((_CASE, commands), (_ASKED, asked or {}))
            for name, line in lines.items()
        ]
        with contextlib.suppress(OSError):
            self._shell = subprocess.Popen(
                ["/bin/sh", "-c", _SHELL.replace("@CASES@", "\n".join(cases)), "posture-shell"],
                env=own_environment(),
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE if asked else subprocess.DEVNULL,
                start_new_session=True,
            )

    def open(self, what: str, word: str = "") -> bool:
        """See `posture.daemon.helper_base.Helper`."""
        try:
            assert self._shell is not None
            assert self._shell.stdin is not None
            self._shell.stdin.write(f"{what} {word}".rstrip().encode() + b"\n")
            self._shell.stdin.flush()
        except (AssertionError, OSError, ValueError):  # there is none, it has ended, it was closed
            return False
        return True

    def ask(self, what: str, patience_s: float) -> bytes | None:
        """See `posture.daemon.helper_base.Helper`."""
        word, until_s = secrets.token_hex(8), time.monotonic() + patience_s
        with self._asking:
            if self._shell is None or self._shell.stderr is None or not self.open(what, word):
                return None
            answers, unread = self._shell.stderr, b""
            while time.monotonic() < until_s and len(unread) <= MOST_ANSWER_BYTES + 100:
                try:
                    if not select.select([answers], [], [], _LOOK_S)[0]:
                        continue
                    more = os.read(answers.fileno(), 65536)
                except (OSError, ValueError):  # it was closed meanwhile
                    return None
                if not more:
                    return None
                *lines, unread = (unread + more).split(b"\n")
                for line in lines:  # one may be the answer to what was no longer waited for
                    name, _, printed = line.partition(b" ")
                    if name == word.encode():
                        return printed
        return None

    def failed(self, patience_s: float) -> tuple[str, str] | None:
        """See `posture.daemon.helper_base.Helper`."""
        if (failures := self._failures) is None or not select.select([failures], [], [], patience_s)[0]:
            return None
        return next(_failures(os.read(failures.fileno(), MOST_WORDS_BYTES)), ("", ""))

    def listen(self, heard: Callable[[str, str], None]) -> None:
        """See `posture.daemon.helper_base.Helper`."""
        if (failures := self._failures) is None:
            return
        loop = asyncio.get_running_loop()

        def come() -> None:
            said = os.read(failures.fileno(), MOST_WORDS_BYTES)
            if not said:
                loop.remove_reader(failures)
            for what, why in _failures(said):
                heard(what, why)

        loop.add_reader(failures, come)

    @property
    def _failures(self) -> IO[bytes] | None:
        """The stream on which the names of what has failed arrive, one a line, each with what it said."""
        return self._shell.stdout if self._shell is not None else None

    def close(self) -> None:
        """See `posture.daemon.helper_base.Helper`."""
        if self._shell is not None:
            with contextlib.suppress(OSError):
                assert self._shell.stdin is not None
                self._shell.stdin.close()
            self._shell.wait()
            for stream in (self._shell.stdout, self._shell.stderr):
                if stream is not None:
                    stream.close()


def _failures(said: bytes) -> Iterator[tuple[str, str]]:
    for line in said.decode("utf-8", "replace").splitlines():
        what, _, why = line.partition(" ")
        yield what, why
