"""The JSON of 27 November 2026, from before the rooms were rebuilt, and how far today's may differ from it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

RECORDED = Path(__file__).parent / "data/contracts"

LOOK_S = 1.0
"""Between two looks of a replay: a threshold may be passed one look earlier or later."""
LEVEL = 0.05
ANGLE_DEG = 0.5
RATIO = 0.02

NEW_EVENTS = ("unjudged_start", "unjudged_end")
"""What is told beside what was told then."""

TOLERANCES = {
    **dict.fromkeys(("t", "since", "until", "sitting_s", "seconds"), LOOK_S),
    "level": LEVEL,
}
"""How much a figure of an event may differ; angles and centimetres otherwise, and whole numbers not at all."""


def recorded(name: str) -> Any:
    text = (RECORDED / name).read_text(encoding="utf-8")
    return [json.loads(line) for line in text.splitlines()] if name.endswith(".jsonl") else json.loads(text)


def missing_keys(before: Any, now: Any, where: str = "") -> list[str]:
    """Name what was there and is not: keys of objects, at any depth; lists are compared by their first entry."""
    if isinstance(before, dict):
        if not isinstance(now, dict):
            return [where]
        lost = [f"{where}.{key}" for key in before if key not in now]
        kept = (key for key in before if key in now)
        return lost + [name for key in kept for name in missing_keys(before[key], now[key], f"{where}.{key}")]
    if isinstance(before, list) and before and isinstance(now, list) and now:
        return missing_keys(before[0], now[0], f"{where}[0]")
    return []


def differences(before: Any, now: Any, tolerance: Callable[[str], float], where: str = "", key: str = "") -> list[str]:
    """Name what differs, by more than is allowed for the key; keys that are new do not count."""
    if isinstance(before, dict) and isinstance(now, dict):
        lost = [f"{where}.{name} is gone" for name in before if name not in now]
        kept = [name for name in before if name in now]
        return lost + [
            line for name in kept for line in differences(before[name], now[name], tolerance, f"{where}.{name}", name)
        ]
    if isinstance(before, list) and isinstance(now, list) and len(before) == len(now):
        pairs = enumerate(zip(before, now, strict=True))
        return [line for k, (old, new) in pairs for line in differences(old, new, tolerance, f"{where}[{k}]", key)]
    numbers = [value for value in (before, now) if isinstance(value, float | int) and not isinstance(value, bool)]
    same = abs(before - now) <= tolerance(key) if len(numbers) == 2 else (before, type(before)) == (now, type(now))
    return [] if same else [f"{where} was {before!r}, is {now!r}"]


def exact(key: str) -> float:
    return 0.0


def of_an_event(key: str) -> float:
    if key in TOLERANCES:
        return TOLERANCES[key]
    return 2 * ANGLE_DEG if key.endswith("_cm") else ANGLE_DEG if key.endswith("_deg") else 0.0


def of_a_summary(key: str) -> float:
    """Seconds may move by the two looks at the ends of a span; shares and rates by what that is of the clip."""
    if key == "count":
        return 0.0
    return 2 * LOOK_S if key.endswith("_s") else 2 * ANGLE_DEG if key.endswith("_cm") else RATIO


def of_a_measure(key: str) -> float:
    return ANGLE_DEG if key.endswith(("_deg", "_cm")) else RATIO


def differences_of_events(before: list[dict[str, Any]], now: list[dict[str, Any]]) -> list[str]:
    """Name what differs between the lines of two replays; what is told today beside that does not count."""
    now = [line for line in now if line["event"] not in NEW_EVENTS]
    if [line["event"] for line in now] != [line["event"] for line in before]:
        return [f"the events were {[line['event'] for line in before]}, are {[line['event'] for line in now]}"]
    found = []
    for k, (old, new) in enumerate(zip(before, now, strict=True)):
        tolerance = of_a_summary if old["event"] == "summary" else of_an_event
        found += differences(old, new, tolerance, f"line {k + 1}, {old['event']}")
    return found
