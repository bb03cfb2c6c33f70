"""Text that did not come from the program, made harmless: notes, names of cameras, files and programs, imports.

Such text may hold what a terminal obeys instead of showing: escape sequences, line ends that begin a line of their own,
marks that turn the direction of what follows (https://trojansource.codes). What is shown instead has the same length.
"""

from __future__ import annotations

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
_OF_LINES = {code: shown for code, shown in _PLAIN.items() if chr(code) not in "\n\t\r"}


def plain(text: str) -> str:
    """Make one line of a text, with nothing in it that a terminal obeys."""
    return text if text.isprintable() else text.translate(_PLAIN)


def plain_lines(text: str) -> str:
    """Make a text of lines harmless: line ends, tabs and returns to the beginning of the line stay."""
    return text if text.isprintable() else text.translate(_OF_LINES)
