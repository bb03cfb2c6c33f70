"""Logging a pain or a tension: kept, and what follows from it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from posture.language import mark, mark_safety, tr, tr_safety

if TYPE_CHECKING:
    from posture.coach.pain import PainEntry, Proposal, Referral
    from posture.settings import Settings

LONGEST_NOTE = 500
_WORDS = {
    # Translators: where it hurts, as in a list; what follows is what brings a pain on, or eases it.
    "low-left": mark("low left"),
    "low-right": mark("low right"),
    "low": mark("low"),
    "mid": mark("mid"),
    "upper": mark("upper"),
    "neck": mark("neck"),
    "hip": mark("hip"),
    "buttock-left": mark("buttock left"),
    "buttock-right": mark("buttock right"),
    "leg": mark("leg"),
    "leg-left": mark("leg left"),
    "leg-right": mark("leg right"),
    "knee": mark("knee"),
    "groin": mark("groin"),
    "shoulder": mark("shoulder"),
    "wrist": mark("wrist"),
    "ribs": mark("ribs"),
    "sitting": mark("sitting"),
    "standing": mark("standing"),
    "walking": mark("walking"),
    "lying": mark("lying"),
    "bending": mark("bending"),
    "twisting": mark("twisting"),
    "leaning-back": mark("leaning back"),
    "night": mark("night"),
    # Translators: how far a pain reaches, and to which side.
    "back": mark("back"),
    "buttock": mark("buttock"),
    "thigh": mark("thigh"),
    "lower-leg": mark("lower leg"),
    "foot": mark("foot"),
    "left": mark("left"),
    "right": mark("right"),
    "both": mark("both"),
}
AT_NIGHT = mark_safety("If no position changes it at night, please answer posture check-in.")
STRONG_PAIN = mark_safety("That is strong. Please answer posture check-in.")
UNTESTED = mark(
    "Nobody has tested choosing a direction like this; it is a choice of this program, and yours to take or leave"
)


@dataclass(frozen=True)
class Logged:
    """What was kept of a pain, and what is said then."""

    stands: PainEntry
    """The entry, with what was logged within the same minute."""
    amended: bool
    """Whether it is the entry of a moment ago, changed."""
    english: tuple[str, ...] = ()
    """What follows, one sentence or two each, in English."""
    referrals: tuple[Referral, ...] = ()
    """What is to be seen by a clinician by the log: said before the rest."""
    asks: bool = False
    """Whether the questions on warning signs come next."""
    proposal: Proposal | None = None
    """A direction of exercises to propose; never beside anything that a clinician is to see first."""

    @property
    def texts(self) -> tuple[str, ...]:
        """What follows, one sentence or two each."""
        said = (tr_safety(text) for text in self.english)
        return (*(referral.text for referral in self.referrals), *said)

    @property
    def words(self) -> str:
        """The entry in words."""
        stands = self.stands
        eased = tr("eased by {activity}", activity=plain_word(stands.better)) if stands.better else ""
        words = [
            tr("{level} of 10", level=stands.level),
            plain_word(stands.where),
            plain_word(stands.when),
            eased,
        ]
        return ", ".join(word for word in words if word)


def plain_word(value: str) -> str:
    """Name a place, a movement, a reach or a side of a pain, as it is stored, in the language."""
    return tr(_WORDS.get(value, value))


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
    referred, english = tuple(new), list[str]()
    if asked_about(entry.note):
        # Words are no answers: no more than the way to the questions, and never an exercise (evidence, section 5).
        return Logged(stands, amended, (IN_A_NOTE,), referred, asks=True)
    at_night, strong = entry.when == "night", entry.level >= STRONG
    english += [AT_NIGHT] if at_night else []
    english += [STRONG_PAIN] if strong else []
    if at_night or strong or new or care.suspended:
        # A clinician or the questions come first: no direction beside them.
        return Logged(stands, amended, tuple(english), referred, asks=at_night or strong)
    proposal = next_proposal(care.directions, care.pains, entry.at_s, settings.coach.bias, settings.coach.conditions)
    return Logged(stands, amended, tuple(english), referred, proposal=proposal)


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
