"""Reading from the terminal: a line, or single keys without Enter, none of which come where it is no terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from posture.guided.yes_no import is_yes
from posture.language import trc
from posture.plain_text import plain_lines

ESCAPE = "\x1b"
SEQUENCE_S = 0.05
"""The characters of one key arrive closer together than this."""


def answer_to(question: str) -> str:
    """Ask for a line; EOFError at the end of input."""
    # `input` writes the question past standard output, where nothing makes it plain.
    return input(plain_lines(question))


def agrees(question: str, *, by_enter: bool = False) -> bool:
    """Ask yes or no; an answer that is neither means no, and Enter alone yes if `by_enter`.

    EOFError at the end of input.
    """
    yes, no = trc("answer", "y"), trc("answer", "n")
    answer = answer_to(f"{question} [{yes.upper()}/{no}] " if by_enter else f"{question} [{yes}/{no.upper()}] ")
    return is_yes(answer) or (by_enter and not answer.strip())


@contextmanager
def keys() -> Iterator[Callable[[float], str]]:
    """Give a function that waits up to the given seconds for a key and returns it, or an empty string.

    Ctrl-C still interrupts; the terminal's mode is restored in any case.
    """
    if not sys.stdin.isatty():
        yield lambda wait_s: ""
        return
    with _single_keys() as key:
        yield key


if sys.platform == "win32":

    @contextmanager
    def _single_keys() -> Iterator[Callable[[float], str]]:
        yield _windows_key

    def _windows_key(wait_s: float) -> str:
        import msvcrt
        import time

        until_s = time.monotonic() + wait_s
        while not msvcrt.kbhit():
            if time.monotonic() >= until_s:
                return ""
            time.sleep(0.02)
        typed = msvcrt.getwch()
        if typed in ("\0", "\xe0"):
            msvcrt.getwch()  # an arrow or function key, which nothing here uses, comes as two
            return ""
        if typed == "\x03":
            raise KeyboardInterrupt
        return "\n" if typed == "\r" else typed

else:

    @contextmanager
    def _single_keys() -> Iterator[Callable[[float], str]]:
        import os
        import select
        import termios
        import tty

        descriptor = sys.stdin.fileno()
        before = termios.tcgetattr(descriptor)

        def waits(wait_s: float) -> bool:
            return bool(select.select([descriptor], [], [], wait_s)[0])

        def key(wait_s: float) -> str:
            if not waits(wait_s):
                return ""
            typed = os.read(descriptor, 1).decode("latin-1")
            if typed == ESCAPE and waits(SEQUENCE_S):
                # An arrow or function key, which nothing here uses: Escape, a bracket or O, and all up to a letter.
                os.read(descriptor, 1)
                while waits(SEQUENCE_S) and not os.read(descriptor, 1).decode("latin-1").isalpha():
                    pass
                return ""
            return typed

        try:
            tty.setcbreak(descriptor)
            yield key
        finally:
            termios.tcsetattr(descriptor, termios.TCSADRAIN, before)
