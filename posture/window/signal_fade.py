"""When signals come and go: values in, values out."""

from __future__ import annotations

from typing import Any

FADE_S = 1.5
"""How long the glow takes from nothing to all, and back [design choice]."""


def faded(now: float, wanted: float, passed_s: float) -> float:
    """The strength of the glow a moment later, on its way to what is wanted."""
    step = max(0.0, passed_s) / FADE_S
    return min(wanted, now + step) if wanted > now else max(wanted, now - step)


def card_left(found: dict[str, Any], dismissed: int) -> dict[str, Any] | None:
    """The card to show, unless it is the one that the user has taken away."""
    card = found.get("card")
    return card if card is not None and card["number"] > dismissed else None
