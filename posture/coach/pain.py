"""From logged pain: what hurts, which direction of movement to propose, when to suggest a clinician. Pure.

A log is no examination, and no rule here was tested: all are design choices (evidence, section 5). What was studied is
a direction found by repeated movements in an examination (PMID 15564907), and not one taken from a history.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from posture.coach.exercise import Bias
from posture.language import english_at_hand, listed, mark, mark_safety, number, tr, tr_safety

Activity = Literal["sitting", "standing", "walking", "lying", "bending"]
When = Literal["sitting", "standing", "walking", "lying", "bending", "twisting", "leaning-back", "night"]
WHERE = (
    *("low-left", "low-right", "low", "mid", "upper", "neck", "hip", "buttock-left", "buttock-right"),
    *("leg-left", "leg-right", "knee", "groin", "shoulder", "wrist", "ribs"),
)
"""Where it hurts: the back and what goes with it, and the places that exercises name in their "avoid"."""
ACTIVITIES: tuple[Activity, ...] = ("sitting", "standing", "walking", "lying", "bending")
"""What may bring a pain on, or ease it."""
ACTIVITY_WORDS: Mapping[str, str] = {
    "sitting": mark("sitting"),
    "standing": mark("standing"),
    "walking": mark("walking"),
    "lying": mark("lying"),
    "bending": mark("bending"),
}
MOVEMENTS: tuple[When, ...] = (*ACTIVITIES, "twisting", "leaning-back")
WHEN: tuple[When, ...] = (*MOVEMENTS, "night")
IN_A_LEG = ("leg-left", "leg-right", "buttock-left", "buttock-right")

DAY_S = 86400.0
CONSISTENT = 3
"""Entries that must agree before anything is proposed (evidence, section 5) [design choice]."""
RECENT_S = 28 * DAY_S
"""Older entries are not considered [design choice]."""
MINUTE_S = 60.0
"""What is logged within it counts as one [design choice]."""
GAP_S = 14 * DAY_S
"""Entries further apart belong to two episodes [design choice]."""
SUGGEST_DAY, FIRM_DAY = 14, 21
RISE = 2
RISE_DAYS = 7
"""Evidence, section 5. An episode also counts as improved by 2 points [design choice]."""
LONG_DAY = 90
"""Three months, after which a pain of the night that moving eases is worth a look (evidence, section 5; NG65)."""

OSTEOPOROSIS = "osteoporosis"
"""The condition, among those of `coach.clearance`, with which no bending forward is proposed (evidence, section 3)."""
RISEN = mark_safety(
    "It has gone up by {points} points within {days} days: please see a clinician or physiotherapist, "
    "and leave out what makes it worse. posture check-in asks about the warning signs."
)
LOOK = mark_safety(
    "Please have a clinician look at pain in a leg or buttock that comes with walking and eases on sitting."
)

_FLEXED = ("sitting", "bending")
_UPRIGHT = ("standing", "walking")


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
    better: str = ""
    """What eases it, see `ACTIVITIES`; empty when not given."""


@dataclass(frozen=True)
class Proposal:
    """A direction of movement to propose, with the reason in words."""

    bias: Bias
    reason: str
    """In the language, to be read after "because"."""
    have_it_looked_at: bool = False
    """A leg that hurts on walking and eases on sitting: worth a clinician's look as well."""

    @property
    def advice(self) -> str:
        """What to do besides, or nothing."""
        return tr_safety(LOOK) if self.have_it_looked_at else ""

    @property
    def beside(self) -> str:
        """What goes with the advice in another language, see `posture.language.english_at_hand`; or nothing."""
        return english_at_hand(LOOK) if self.have_it_looked_at else ""


@dataclass(frozen=True)
class Referral:
    """Advice to see a clinician; `key` names its kind and the episode, in which it is shown once."""

    key: str
    text: str
    """In the language."""
    beside: str = ""
    """What goes with it in another language, see `posture.language.english_at_hand`."""
    message: str = field(default="", compare=False)
    """The English text, with names for its values."""
    values: Mapping[str, object] = field(default_factory=dict, compare=False)


def referral(key: str, message: str, **values: object) -> Referral:
    """Make a referral of a text that `mark_safety` names, and the values in it."""
    return Referral(key, tr_safety(message, **values), english_at_hand(message, **values), message, values)


def hurts_by(entries: Iterable[PainEntry], now_s: float) -> frozenset[str]:
    """Find the activities that hurt, by the entries of the last four weeks [design choice].

    One counts when the last three entries that speak of it name it as what brings the pain on, or when it is among what
    brings it on in the last three entries that tell a direction, and these agree: who names standing twice and walking
    once is spared both. An entry speaks against an activity by naming it as what eases the pain, or by a level of 0; a
    level of 0 that names no activity says that nothing hurts any more. Entries within a minute count once.
    """
    recent = [entry for entry in _by_time(entries) if 0.0 <= now_s - entry.at_s <= RECENT_S]
    gone = [number for number, entry in enumerate(recent) if entry.level == 0 and not entry.when]
    recent = recent[gone[-1] + 1 :] if gone else recent
    directed = _last_of([entry for entry in recent if entry.level > 0 and _points_to(entry)])
    agree = len(directed) == CONSISTENT and len({_points_to(entry) for entry in directed}) == 1
    found: set[str] = set()
    for activity in MOVEMENTS:
        telling = _last_of([entry for entry in recent if activity in (entry.when, entry.better)])
        if not telling or not _hurts(telling[-1], activity):
            continue
        consistent = len(telling) == CONSISTENT and all(_hurts(entry, activity) for entry in telling)
        if consistent or (agree and any(_hurts(entry, activity) for entry in directed)):
            found.add(activity)
    return frozenset(found)


def sore_places(entries: Iterable[PainEntry], now_s: float) -> frozenset[str]:
    """Find the places that hurt, without their side ("leg", "knee"), by the entries of the last four weeks.

    One entry is enough, until a later one of the place has level 0, or one of level 0 says that nothing hurts any more.
    """
    sore: dict[str, bool] = {}
    for entry in _by_time(entries):
        if not 0.0 <= now_s - entry.at_s <= RECENT_S:
            continue
        if entry.where:
            sore[entry.where] = entry.level > 0
        elif entry.level == 0 and not entry.when:
            sore = {}
    return frozenset(where.partition("-")[0] for where, hurts in sore.items() if hurts)


def propose(
    entries: Iterable[PainEntry], now_s: float, current: str, conditions: Collection[str] = ()
) -> Proposal | None:
    """Propose another bias than the current one from the last entries [design choice; evidence, section 5].

    None if fewer than three recent entries tell a direction, or if they agree and nothing was said of what eases the
    pain: worse by one way and better by the other are both needed. With osteoporosis among the `conditions` no bending
    forward is proposed.
    """
    telling = _last_of(
        [
            entry
            for entry in _by_time(entries)
            if entry.level > 0 and _points_to(entry) and 0.0 <= now_s - entry.at_s <= RECENT_S
        ]
    )
    if len(telling) < CONSISTENT:
        return None
    ways = {_points_to(entry) for entry in telling}
    if len(ways) > 1 or "neutral" in ways:
        proposal = Proposal(
            "neutral", tr("the last {n} entries do not agree on what brings it on or eases it", n=CONSISTENT)
        )
        return None if current == "neutral" else proposal
    bias: Bias = "extension" if "extension" in ways else "flexion"
    worse, better = (_FLEXED, _UPRIGHT) if bias == "extension" else (_UPRIGHT, _FLEXED)
    brought_on = sorted({entry.when for entry in telling} & set(worse), key=ACTIVITIES.index)
    eased = sorted({entry.better for entry in telling} & set(better), key=ACTIVITIES.index)
    if not brought_on or not eased or bias == current or (bias == "flexion" and OSTEOPOROSIS in conditions):
        return None
    reason = tr(
        "by the last {n} entries {worse} brings it on and {better} eases it; {movement} may feel better",
        n=CONSISTENT,
        worse=listed([tr(ACTIVITY_WORDS[activity]) for activity in brought_on], "or"),
        better=listed([tr(ACTIVITY_WORDS[activity]) for activity in eased], "or"),
        movement=tr("leaning back") if bias == "extension" else tr("bending forward"),
    )
    return Proposal(bias, reason, have_it_looked_at=bias == "flexion" and any(map(_walked_off, telling)))


def _points_to(entry: PainEntry) -> Bias | None:
    """Give the direction an entry points to: neutral if it contradicts itself, None if it tells none."""
    ways: set[Bias] = set()
    if entry.when in _FLEXED or entry.better in _UPRIGHT:
        ways.add("extension")
    if entry.when in _UPRIGHT or entry.better in _FLEXED:
        ways.add("flexion")
    return "neutral" if len(ways) == 2 else next(iter(ways), None)


def _hurts(entry: PainEntry, activity: str) -> bool:
    return entry.level > 0 and entry.when == activity and entry.better != activity


def _walked_off(entry: PainEntry) -> bool:
    """Whether it is a leg pain on walking that sitting eases."""
    return entry.level > 0 and entry.where in IN_A_LEG and entry.when == "walking" and entry.better == "sitting"


def _by_time(entries: Iterable[PainEntry]) -> list[PainEntry]:
    return sorted(entries, key=lambda entry: entry.at_s)


def _last_of(telling: Sequence[PainEntry]) -> list[PainEntry]:
    """Give the last three, by time, of which those within a minute count once: the last of them stands."""
    kept: list[PainEntry] = []
    for entry in reversed(telling):
        if not kept or kept[-1].at_s - entry.at_s > MINUTE_S:
            kept.append(entry)
    return kept[:CONSISTENT][::-1]


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
                referral(
                    f"day{FIRM_DAY}:{first.at_s:.0f}",
                    mark_safety(
                        "This has been logged for {days} days without clear improvement: please see a clinician or "
                        "physiotherapist."
                    ),
                    days=number(days),
                )
            )
        elif days >= SUGGEST_DAY:
            found.append(
                referral(
                    f"day{SUGGEST_DAY}:{first.at_s:.0f}",
                    mark_safety(
                        "This has been logged for {days} days without clear improvement: consider seeing a clinician "
                        "or physiotherapist."
                    ),
                    days=number(days),
                )
            )
    lowest = min(entry.level for entry in going if last.at_s - entry.at_s <= RISE_DAYS * DAY_S)
    if last.level - lowest >= RISE:
        found.append(
            referral(
                f"rise:{first.at_s:.0f}",
                RISEN,
                points=last.level - lowest,
                days=RISE_DAYS,
            )
        )
    if any(map(_walked_off, going)):
        found.append(referral(f"walking:{first.at_s:.0f}", LOOK))
    at_night = any(entry.when == "night" for entry in going)
    if days >= LONG_DAY and at_night and any(entry.better in _UPRIGHT for entry in going):
        found.append(
            referral(
                f"months:{first.at_s:.0f}",
                mark_safety(
                    "This has been logged for over three months, at night too, and moving eases it: mention that at "
                    "an appointment, above all if it began before you were 45."
                ),
            )
        )
    return [referral for referral in found if referral.key not in said]
