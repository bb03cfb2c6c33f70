"""Text that did not come from the program, made harmless: notes, names of cameras, files and programs, imports.

Such text may hold what a terminal obeys instead of showing: escape sequences, line ends that begin a line of their own,
marks that turn the direction of what follows (https://trojansource.codes). What is shown instead has the same length.

It is made so where it enters: `plain` for a text of one line, such as a name, which could fake a row otherwise. Behind
that stands `posture.output`, which lets nothing through that a terminal obeys but what the program itself has made.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

_SPACES = (0x09, 0x0A, 0x0B, 0x0C, 0x0D, 0x1C, 0x1D, 0x1E, 0x1F, 0x85, 0x2028, 0x2029)
"""What ends a line, or moves within it; str.splitlines goes by these."""
_OBEYED = (
    *range(0x20),
    *range(0x7F, 0xA0),
    0x061C,
    *(0x200E, 0x200F, *range(0x202A, 0x202F), *range(0x2066, 0x206A)),  # marks of direction
    *range(0xD800, 0xE000),  # halves of characters, which no file takes
    *range(0xFFF9, 0xFFFC),  # of a note between the lines
    *range(0xE0000, 0xE0080),  # a second alphabet that nobody sees
)
_PLAIN = dict.fromkeys(_OBEYED, "?") | dict.fromkeys(_SPACES, " ")
_OF_LINES = {code: shown for code, shown in _PLAIN.items() if code not in (0x09, 0x0A)}
MOST_CHARACTERS = 2_000
"""Of a text in a message or in a line of the log [design choice]."""


def plain(text: str) -> str:
    """Make one line of a text, with nothing in it that a terminal obeys."""
    return text if text.isprintable() else text.translate(_PLAIN)


def plain_lines(text: str) -> str:
    """Make a text of lines harmless: line ends and tabs stay."""
    return text if text.isprintable() else text.replace("\r\n", "\n").translate(_OF_LINES)


def shortened(text: str, most: int = MOST_CHARACTERS) -> str:
    """Cut the middle out of a text that is longer than anybody reads: its end may say what to do."""
    if len(text) <= most:
        return text
    return f"{text[: most * 2 // 3]} ... {text[-(most // 3) :]}"


def plain_parts(value: Any) -> Any:
    """Make every text in what was read of JSON plain, keys too."""
    if isinstance(value, str):
        return plain(value)
    if isinstance(value, dict):
        return {plain(key): plain_parts(part) for key, part in value.items()}
    return [plain_parts(part) for part in value] if isinstance(value, list) else value


# -- how much room a text takes ---------------------------------------------------------------------------------------

_GAP = r"([\t\n\x0b\x0c\r ]+)"
_NOT_FIRST = frozenset(
    "、。，．・：；？！）］｝」』】〉》〕〟…‥ー〜々ぁぃぅぇぉっゃゅょゎァィゥェォッャュョヮヵヶ)]}.,:;!?%"
)
"""What no line begins with, unless a space stood before it (kinsoku shori)."""
_NOT_LAST = frozenset("（［｛「『【〈《〔〝([{")
"""What no line ends with."""


def width(text: str) -> int:
    """Count the columns that a text takes on a terminal: East Asian wide characters two, combining ones none."""
    return len(text) if text.isascii() else sum(map(_columns_of, text))


def _columns_of(character: str) -> int:
    if unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def padded(text: str, columns: int) -> str:
    """Put spaces behind a text, so that it takes as many columns; a longer one stays as it is."""
    return text + " " * (columns - width(text))


def cut(text: str, columns: int) -> str:
    """Give as much of the beginning of a text as goes into so many columns."""
    while width(text) > columns:
        text = text[: columns if len(text) > columns else -1]
    return text


def wrapped(text: str, columns: int, hang: int = 0) -> list[str]:
    """Break a text into lines: at spaces, and between the characters of a language that writes none.

    Parameters
    ----------
    text : str
        Spaces at its beginning stay.
    columns : int
        The most that a line takes, unless a single word is longer.
    hang : int
        By how many spaces the lines behind the first are indented.
    """
    lines: list[str] = []
    line = ""
    for part in _parts(text):
        indent = " " * hang if lines else ""
        if line and width(indent + line + part) > columns:
            if kept := line.rstrip():
                lines.append(indent + kept)
            line = ""
        if line or not lines or part.strip():
            line += part
    if kept := line.rstrip():
        lines.append((" " * hang if lines else "") + kept)
    return lines


def _parts(text: str) -> Iterator[str]:
    """Give a text in parts that stay whole."""
    for part in re.split(_GAP, text):
        begin = 0
        if not part.isascii():
            for place in range(1, len(part)):
                if _may_break(part[place - 1], part[place]):
                    yield part[begin:place]
                    begin = place
        if part[begin:]:
            yield part[begin:]


def _may_break(before: str, after: str) -> bool:
    if before in _NOT_LAST or after in _NOT_FIRST or _columns_of(after) == 0:
        return False
    return _columns_of(before) == 2 or _columns_of(after) == 2
