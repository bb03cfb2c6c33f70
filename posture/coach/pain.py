"""Pain as it was logged: which way of moving to propose, and when to suggest a clinician. Pure; never a diagnosis.

The rules are those of the evidence, section 5 (matched exercise: PMID 15564907, PMC10834418).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from posture.coach.exercises import Bias

__all__ = ["WHEN", "WHERE", "PainEntry", "Proposal", "Referral", "When", "episode", "propose", "referrals"]

When = Literal["sitting", "standing", "walking", "bending", "night"]
WHERE = ("low-left", "low-right", "low", "mid", "upper", "neck", "hip")
WHEN: tuple[When, ...] = ("sitting", "standing", "walking", "bending", "night")

DAY_S = 86400.0
CONSISTENT = 3
"""Entries that must agree before anything is proposed (evidence, section 5)."""
RECENT_S = 28 * DAY_S
"""Older entries say nothing of now [design choice]."""
GAP_S = 14 * DAY_S
"""Entries further apart are two episodes [design choice]."""
SUGGEST_DAY, FIRM_DAY = 14, 21
RISE, RISE_DAYS = 2, 7
"""Evidence, section 5. By the same 2 points an episode counts as improved [design choice]."""

_WORSE_FLEXED = ("sitting", "bending")
_WORSE_UPRIGHT = ("standing", "walking")


@dataclass(frozen=True)
class PainEntry:
    """One logged pain.

    Attributes
    ----------
    at_s : float
        Seconds since 1970, UTC.
    level : int
        0 (none) to 10.
    where, when : str
        See `WHERE` and `WHEN`; empty when not said. `when` is what brings it on.
    note : str
    """

    at_s: float
    level: int
    where: str = ""
    when: str = ""
    note: str = ""


@dataclass(frozen=True)
class Proposal:
    """A way of moving that is proposed, with the reason in words."""

    bias: Bias
    reason: str


@dataclass(frozen=True)
class Referral:
    """A text that is shown once; `key` says for which episode."""

    key: str
    text: str


def propose(entries: Sequence[PainEntry], now_s: float, current: str) -> Proposal | None:
    """Propose a bias when the last entries agree.

    Parameters
    ----------
    entries : sequence of PainEntry
        By time.
    now_s : float
    current : str
        The bias that is set; it is not proposed again.

    Returns
    -------
    Proposal or None
        None while there are fewer than three entries that say what brings the pain on.
    """
    told = [
        one
        for one in entries
        if one.level > 0 and one.when in (*_WORSE_FLEXED, *_WORSE_UPRIGHT) and now_s - one.at_s <= RECENT_S
    ][-CONSISTENT:]
    if len(told) < CONSISTENT:
        return None
    flexed = sum(one.when in _WORSE_FLEXED for one in told)
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
    """The entries of the episode that goes on at `now_s`, by time; empty when there is none.

    It ends with an entry of 0, or with 14 days without one.
    """
    found: list[PainEntry] = []
    last_s = now_s
    for one in sorted((one for one in entries if one.at_s <= now_s), key=lambda one: one.at_s, reverse=True):
        if one.level == 0 or last_s - one.at_s > GAP_S:
            break
        found.append(one)
        last_s = one.at_s
    return found[::-1]


def referrals(entries: Sequence[PainEntry], now_s: float, said: Collection[str]) -> list[Referral]:
    """What to say now about seeing a clinician, each text once in an episode.

    Parameters
    ----------
    entries : sequence of PainEntry
    now_s : float
    said : collection of str
        Keys of what was said before.
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
    lowest = min(one.level for one in going if last.at_s - one.at_s <= RISE_DAYS * DAY_S)
    if last.level - lowest >= RISE:
        found.append(
            Referral(
                f"rise:{first.at_s:.0f}",
                f"It has gone up by {last.level - lowest} points within {RISE_DAYS} days: please see a clinician or "
                "physiotherapist, and leave out what makes it worse.",
            )
        )
    return [one for one in found if one.key not in said]
