"""Logging a pain or a tension: kept, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posture.coach.pain import PainEntry, Proposal
    from posture.settings import Settings

LONGEST_NOTE = 500
AT_NIGHT = "If no position changes it at night, please answer posture check-in."
STRONG_PAIN = "That is strong. Please answer posture check-in."
UNTESTED = (
    "Nobody has tested choosing a direction like this; it is a choice of this program, and yours to take or leave"
)


@dataclass(frozen=True)
class Logged:
    """What was kept of a pain, and what is said then."""

    stands: PainEntry
    """The entry, with what was logged within the same minute."""
    amended: bool
    """Whether it is the entry of a moment ago, changed."""
    texts: tuple[str, ...] = ()
    """What follows, one sentence or two each."""
    asks: bool = False
    """Whether the questions on warning signs come next."""
    proposal: Proposal | None = None
    """A direction of exercises to propose; never beside anything that a clinician is to see first."""

    @property
    def words(self) -> str:
        """The entry in words."""
        stands = self.stands
        eased = f"eased by {stands.better}" if stands.better else ""
        words = [f"{stands.level} of 10", stands.where.replace("-", " "), stands.when, eased]
        return ", ".join(word for word in words if word)


def log_pain(settings: Settings, entry: PainEntry) -> Logged:
    """Store a pain, tell the daemon, and give what follows; its time is the present."""
    from posture.coach.direction import STRONG, next_proposal, still_worse
    from posture.coach.note_words import asked_about
    from posture.coach.pain import referrals
    from posture.coach.safety import IN_A_NOTE
    from posture.control.channel import tell
    from posture.history.care import care_of, pain_point
    from posture.history.records import Point
    from posture.history.store import Store
    from posture.paths import history_to_write

    now = datetime.fromtimestamp(entry.at_s, UTC)
    with Store(history_to_write(settings)) as store:
        before = len(care_of(store, now).pains)
        store.write(points=[pain_point(now, entry)])
        care = care_of(store, now)
        new = referrals(care.pains, entry.at_s, care.referred)
        after_check = still_worse(care.directions, care.pains, care.referred)
        new += [after_check] if after_check else []
        store.write(points=[Point("referral", now, referral.key) for referral in new])
    tell("care")
    stands, amended = care.pains[-1], len(care.pains) == before
    texts = [referral.text for referral in new]
    if asked_about(entry.note):
        # Words are no answers: no more than the way to the questions, and never an exercise (evidence, section 5).
        return Logged(stands, amended, (*texts, IN_A_NOTE), asks=True)
    at_night, strong = entry.when == "night", entry.level >= STRONG
    texts += [AT_NIGHT] if at_night else []
    texts += [STRONG_PAIN] if strong else []
    if at_night or strong or new or care.suspended:
        # A clinician or the questions come first: no direction beside them.
        return Logged(stands, amended, tuple(texts), asks=at_night or strong)
    proposal = next_proposal(care.directions, care.pains, entry.at_s, settings.coach.bias, settings.coach.conditions)
    return Logged(stands, amended, tuple(texts), proposal=proposal)


@dataclass(frozen=True)
class LoggedTension:
    """What was kept of a tension, and what is said then."""

    level: int
    amended: bool
    asks: str = ""
    """A sentence that leads to the questions on warning signs; empty if there is no reason."""
    breathing: bool = False
    """Whether a few slow breaths are offered."""


def log_tension(settings: Settings, level: int, note: str = "") -> LoggedTension:
    """Store a tension; no advice follows but to breathe."""
    from posture.coach.note_words import asked_about
    from posture.coach.safety import IN_A_NOTE
    from posture.history.care import care_of, tension_point
    from posture.history.store import Store
    from posture.paths import history_to_write

    now = datetime.now(UTC)
    with Store(history_to_write(settings)) as store:
        before = len(care_of(store, now).tensions)
        store.write(points=[tension_point(now, level, note)])
        care = care_of(store, now)
    amended = len(care.tensions) == before
    if asked_about(note):
        return LoggedTension(level, amended, IN_A_NOTE)
    return LoggedTension(level, amended, breathing=bool(level) and not care.suspended)
