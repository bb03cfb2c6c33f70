"""Starts programs of the user's where what is started inherits no box, as on Windows: without anything between.

It is otherwise like `posture.daemon.helper_shell`: what is not known by its name is not run, nor with a word that is
more than that.
"""

from __future__ import annotations

import asyncio
import contextlib
import queue
import re
import subprocess
import threading
from collections.abc import Callable, Mapping, Sequence

from posture.child import started
from posture.daemon.helper_base import MOST_ANSWER_BYTES, MOST_WORDS_BYTES
from posture.own_command import own_environment

WORD = re.compile(r"[A-Za-z0-9_:-]*")


class DirectHelper:
    """See `posture.daemon.helper_base.Helper`."""

    def __init__(self, commands: Mapping[str, Sequence[str]], asked: Mapping[str, Sequence[str]] | None = None) -> None:
        self._commands, self._asked = dict(commands), dict(asked or {})
        self._asking, self._closed = threading.Lock(), False
        self._failures: queue.SimpleQueue[tuple[str, str]] = queue.SimpleQueue()
        self._heard: Callable[[str, str], None] = lambda what, why: self._failures.put((what, why))

    def open(self, what: str, word: str = "") -> bool:
        """See `posture.daemon.helper_base.Helper`."""
        if self._closed or what not in self._commands or not WORD.fullmatch(word):
            return False
        try:
            program = started(
                [*self._commands[what], *([word] if word else [])],
                env=own_environment(),
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
            )
        except OSError:
            return False
        threading.Thread(target=self._follow, args=(what, program), name=f"posture-{what}", daemon=True).start()
        return True

    def _follow(self, what: str, program: subprocess.Popen[bytes]) -> None:
        assert program.stderr is not None
        with program.stderr as errors:
            said = errors.read(MOST_WORDS_BYTES)
            while errors.read(MOST_WORDS_BYTES):
                pass
        if program.wait():
            self._heard(what, said.decode("utf-8", "replace").partition("\n")[0].strip())

    def ask(self, what: str, patience_s: float) -> bytes | None:
        """See `posture.daemon.helper_base.Helper`."""
        if self._closed or what not in self._asked:
            return None
        with self._asking:
            try:
                program = started(
                    self._asked[what], env=own_environment(), stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
                )
            except OSError:
                return None
            with program:
                try:
                    said, _ = program.communicate(timeout=patience_s)
                except subprocess.TimeoutExpired:
                    program.kill()
                    return None
        return said[:MOST_ANSWER_BYTES].replace(b"\r\n", b"\n").replace(b"\n", b" ")

    def failed(self, patience_s: float) -> tuple[str, str] | None:
        """See `posture.daemon.helper_base.Helper`."""
        with contextlib.suppress(queue.Empty):
            return self._failures.get(timeout=patience_s)
        return None

    def listen(self, heard: Callable[[str, str], None]) -> None:
        """See `posture.daemon.helper_base.Helper`."""
        loop = asyncio.get_running_loop()

        def tell(what: str, why: str) -> None:
            with contextlib.suppress(RuntimeError):  # the loop has ended
                loop.call_soon_threadsafe(heard, what, why)

        self._heard = tell

    def close(self) -> None:
        """See `posture.daemon.helper_base.Helper`."""
        self._closed = True
