"""Text for a standard output that may know less than UTF-8."""

from __future__ import annotations

import sys

from posture.coach.bars import PLAIN


def is_plain() -> bool:
    """Whether standard output cannot show bars and degree signs."""
    try:
        "".join(map(chr, PLAIN)).encode(sys.stdout.encoding or "ascii")
    except UnicodeEncodeError:
        return True
    return False


def printable(text: str) -> str:
    """Write a text with characters that standard output can show: "deg" for the degree sign."""
    if not is_plain():
        return text
    encoding = sys.stdout.encoding or "ascii"
    return text.translate(PLAIN).encode(encoding, "replace").decode(encoding)
