"""From logged pain: which direction of movement to propose, and when to suggest a clinician. Pure; no diagnosis.

The rules are those of the evidence, section 5 (matched exercise: PMID 15564907, PMC10834418).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from posture.coach.exercises import Bias

When = Literal["sitting", "standing", "walking", "bending", "night"]
WHERE = ("low-left", "low-right", "low", "mid", "upper", "neck", "hip")
WHEN: tuple[When, ...] = ("sitting", "standing", "walking", "bending", "night")

DAY_S = 86400.0
CONSISTENT = 3
"""Entries that must agree before anything is proposed (evidence, section 5)."""
RECENT_S = 28 * DAY_S
"""Older entries are not considered [design choice]."""
GAP_S = 14 * DAY_S
"""Entries further apart belong to two episodes [design choice]."""
SUGGEST_DAY, FIRM_DAY = 14, 21
RISE, RISE_DAYS = 2, 7
"""Evidence, section 5. An episode also counts as improved by 2 points [design choice]."""

_WORSE_FLEXED = ("sitting", "bending")
_WORSE_UPRIGHT = ("standing", "walking")


@dataclass(frozen=True)
class PainEntry:
    """One logged pain."""

    at_s: float
    """Seconds since 1970, UTC."""
    level: int
    """0 (none) to 10."""
    where: str = ""
    when: str = ""
    """See `WHERE` and `WHEN`; empty when not given. `when` is what brings it on."""
    note: str = ""


@dataclass(frozen=True)
class Proposal:
    """A direction of movement to propose, with the reason in words."""

    bias: Bias
    reason: str


@dataclass(frozen=True)
class Referral:
    """Advice to see a clinician; `key` names its kind and the episode, in which it is shown once."""

    key: str
    text: str


def propose(entries: Sequence[PainEntry], now_s: float, current: str) -> Proposal | None:
    """Propose another bias than the current one from the last entries, ordered by time.

    None if fewer than three recent entries say what brings the pain on.
    """
    telling = [
        entry
        for entry in entries
        if entry.level > 0 and entry.when in (*_WORSE_FLEXED, *_WORSE_UPRIGHT) and now_s - entry.at_s <= RECENT_S
    ][-CONSISTENT:]
    if len(telling) < CONSISTENT:
        return None
    flexed = sum(entry.when in _WORSE_FLEXED for entry in telling)
    bias: Bias
    if flexed == CONSISTENT:
        bias, reason = (
            "extension",
            f"the last {CONSISTENT} entries name sitting or bending; walking and bending back may feel better",
        )
    elif flexed == 0:
        bias, reason = (
            "flexion",
            f"the last {CONSISTENT} entries name standing or walking; sitting and bending forward may feel better",
        )
    else:
        bias, reason = "neutral", f"the last {CONSISTENT} entries do not agree on what brings it on"
    return None if bias == current else Proposal(bias, reason)


def episode(entries: Sequence[PainEntry], now_s: float) -> list[PainEntry]:
    """Select the entries of the episode that goes on at `now_s`, by time; empty if there is none.

    An episode ends with an entry of level 0, or with 14 days without an entry.
    """
    found: list[PainEntry] = []
    last_s = now_s
    past = (entry for entry in entries if entry.at_s <= now_s)
    for entry in sorted(past, key=lambda entry: entry.at_s, reverse=True):
        if entry.level == 0 or last_s - entry.at_s > GAP_S:
            break
        found.append(entry)
        last_s = entry.at_s
    return found[::-1]


def referrals(entries: Sequence[PainEntry], now_s: float, said: Collection[str]) -> list[Referral]:
    """Find the advice to see a clinician that is due now, each once in an episode.

    `said` has the keys of the referrals that were shown before.
    """
    going = episode(entries, now_s)
    if not going:
        return []
    first, last = going[0], going[-1]
    days = (now_s - first.at_s) / DAY_S
    found: list[Referral] = []
    if last.level > first.level - RISE:
        if days >= FIRM_DAY:
            found.append(
                Referral(
                    f"day{FIRM_DAY}:{first.at_s:.0f}",
                    f"This has been logged for {days:.0f} days without clear improvement: please see a clinician or "
                    "physiotherapist now.",
                )
            )
        elif days >= SUGGEST_DAY:
            found.append(
                Referral(
                    f"day{SUGGEST_DAY}:{first.at_s:.0f}",
                    f"This has been logged for {days:.0f} days without clear improvement: consider seeing a clinician "
                    "or physiotherapist.",
                )
            )
    lowest = min(entry.level for entry in going if last.at_s - entry.at_s <= RISE_DAYS * DAY_S)
    if last.level - lowest >= RISE:
        found.append(
            Referral(
                f"rise:{first.at_s:.0f}",
                f"It has gone up by {last.level - lowest} points within {RISE_DAYS} days: please see a clinician or "
                "physiotherapist, and leave out what makes it worse.",
            )
        )
    return [referral for referral in found if referral.key not in said]
