"""Durations as people write them, and values as a message shows them. Light: `posture pause 30m` imports it."""

from __future__ import annotations

import math
import re

from posture.errors import PostureError
from posture.language import tr

_UNIT_S = {
    name: size_s
    for size_s, names in (
        ("31536000", "y year years"),
        ("86400", "d day days"),
        ("3600", "h hr hrs hour hours"),
        ("60", "m min mins minute minutes"),
        ("1", "s sec secs second seconds"),
        ("0.001", "ms"),
    )
    for name in names.split()
}
_PART = r"([0-9]+(?:\.[0-9]+)?)\s*([a-z]+)\s*"


def parse_duration(text: str) -> float:
    """Read a duration as people write it, in seconds: ``45m``, ``1h30m``, ``90s``, ``1.5h``, ``500ms`` or ``0``.

    Larger units come first, each once. A PostureError says that the text is not a duration; a bare number is not, since
    its unit is not known.
    """
    from decimal import Decimal  # exact, so that 1h0.1s is 3600.1; imported here to keep this module light

    rest = text.strip().lower()
    if rest == "0":
        return 0.0
    if re.fullmatch(r"[0-9]{1,20}(\.[0-9]{1,20})?", rest):
        raise no_unit(text, rest)
    total_s, last_unit_s = Decimal(0), Decimal("Infinity")
    part = re.match(_PART, rest)
    while part and part[2] in _UNIT_S and Decimal(_UNIT_S[part[2]]) < last_unit_s:
        last_unit_s = Decimal(_UNIT_S[part[2]])
        total_s += Decimal(part[1]) * last_unit_s
        rest = rest[part.end() :]
        part = re.match(_PART, rest)
    if rest or last_unit_s.is_infinite() or math.isinf(total_s):
        raise PostureError(tr("{text} is not a duration: write it like 45m, 1h30m or 90s", text=shown(text)), 2)
    return float(total_s)


def format_duration(duration_s: float) -> str:
    """Write a duration of 0 to 1e15 s in its short form: ``90s``, ``45m``, ``1h30m``; `parse_duration` reads it back.

    Below two minutes that is only seconds, otherwise years (of 365 days), days, hours, minutes and seconds, without
    those that are zero.
    """
    from decimal import Decimal

    if not 0 <= duration_s <= 1e15:
        raise ValueError(f"not a duration: {duration_s!r} s")
    rest_s = Decimal(repr(abs(float(duration_s))))
    text = ""
    if duration_s >= 120 or duration_s == 60:
        for unit, size_s in (("y", 31_536_000), ("d", 86400), ("h", 3600), ("m", 60)):
            count, rest_s = divmod(rest_s, size_s)
            text += f"{int(count)}{unit}" if count else ""
    return text + f"{rest_s.normalize():f}s" if rest_s or not text else text


def no_unit(value: object, digits: str) -> PostureError:
    """Give the error that says of a bare number that its unit is not known."""
    return PostureError(tr('{text} has no unit: write "{digits}m" or "{digits}s"', text=shown(value), digits=digits), 2)


def shown(value: object) -> str:
    """Show a value in a message on one line, as TOML would write it, cut when long."""
    if isinstance(value, dict):
        # Translators: stands for what was found where a value was expected
        return tr("a section")
    if isinstance(value, bool):
        return "true" if value else "false"
    try:
        text = str(value)[:200] if isinstance(value, str | int | float) else repr(value)[:200]
    except ValueError:  # Python refuses to write out an integer of thousands of digits
        return tr("a number of thousands of digits")
    text = "".join(c if c.isprintable() else "?" for c in text)
    text = text if len(text) <= 60 else text[:57] + "..."
    return f'"{text}"' if isinstance(value, str) else text
