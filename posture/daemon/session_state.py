"""What suspends looks and reminders: paused, snoozed, locked, hidden, asleep, lent, on battery. Pure.

Facts come in one at a time; `step` returns the next state and the effects that the daemon has to carry out. Effects are
the difference between the two states, so a fact that changes nothing has none.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal, get_args

from posture.coach.heed import LET_PASS
from posture.coach.reminder import Reminder, ReminderKind
from posture.errors import PostureError
from posture.language import mark, tr
from posture.measure.observation import Cause, cause_of

OFFER_AGAIN = timedelta(days=7)
"""So long after a notice that offered to keep a calibration there is no other for that camera [design choice]."""
SessionChange = Literal["locked", "unlocked", "sleeping", "closing", "awake", "hidden", "shown"]
"""As `posture.desktop.session` reports it."""

# -- the state ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Suspension:
    """Why there are no looks."""

    kind: Literal["paused", "locked", "hidden", "asleep", "lent", "battery"]
    reason: str
    """What the status shows, translated there, and the history stores; a borrower of the camera names its own."""
    cause: Cause = "blind"
    """What it says of what the user does meanwhile."""


SNOOZED = mark("snoozed")
PAUSED = Suspension("paused", mark("paused"))
LOCKED = Suspension("locked", mark("the screen is locked"), "locked")
HIDDEN = Suspension("hidden", mark("another user has the screen"), "locked")
ASLEEP = Suspension("asleep", mark("asleep"), "asleep")
CLOSED = Suspension("asleep", mark("the lid is closed"), "lid closed")
# Translators: why nobody looks: the machine is not plugged in.
BATTERY = Suspension("battery", mark("on battery"))
_BEGINS: dict[SessionChange, Suspension] = {
    "locked": LOCKED,
    "hidden": HIDDEN,
    "sleeping": ASLEEP,
    "closing": CLOSED,
}
_ENDS: dict[SessionChange, tuple[Suspension, ...]] = {
    "unlocked": (LOCKED,),
    "shown": (HIDDEN,),
    "awake": (ASLEEP, CLOSED),
}


@dataclass(frozen=True)
class Snooze:
    """No reminders until then, and why."""

    until: datetime
    why: str


@dataclass(frozen=True)
class SessionState:
    """What the user, the session and borrowers of the camera have asked of the daemon."""

    suspended: tuple[Suspension, ...] = ()
    """Oldest first. The camera is closed while there is any. Two loans with the same reason are two entries."""
    paused_until: datetime | None = None
    """When the pause ends by itself; None without an end, or without a pause."""
    snooze: Snooze | None = None
    standing: bool = False
    """The user has said that they stand."""
    locking_until: datetime | None = None
    """The screen is locked, and until then the camera looks on to see whether the user leaves."""
    camera: str = ""
    sentence: str = ""
    """The state of the camera as the watch reports it, such as "in use" (empty before the first report), and a sentence
    about it."""
    told_day: date | None = None
    """The last local day whose figures were shown."""
    doubted: datetime | None = None
    """When the calibration was made of which a notice last said that it may not fit."""
    offered: Mapping[str, datetime] = field(default_factory=dict)
    """When a notice last offered to keep a calibration, by the name of the camera."""
    let_pass: Mapping[ReminderKind, int] = field(default_factory=dict)
    """How many reminders of each kind were let pass, one after another."""
    asked_less: frozenset[ReminderKind] = frozenset()
    """Kinds of which a notice has asked whether to say them less often: once, whatever comes of it."""

    @property
    def reasons(self) -> tuple[str, ...]:
        """Why there are no looks, oldest first; empty while there are."""
        return tuple(suspension.reason for suspension in self.suspended)

    @property
    def cause(self) -> Cause:
        """What the suspensions together say of the user; empty without any."""
        return cause_of(suspension.cause for suspension in self.suspended)

    @property
    def paused(self) -> bool:
        """Whether the user has paused the watch."""
        return PAUSED in self.suspended

    @property
    def quiet_until(self) -> datetime | None:
        """When the snooze ends; None without one."""
        return self.snooze.until if self.snooze is not None else None

    @property
    def user_is_elsewhere(self) -> bool:
        """Whether nobody can be at the screen: locked, another user's, or asleep."""
        elsewhere = any(suspension.kind in ("locked", "hidden", "asleep") for suspension in self.suspended)
        return elsewhere or self.locking_until is not None

    def may_offer(self, camera: str, now: datetime) -> bool:
        """Whether a notice may offer to keep a calibration of this camera."""
        last = self.offered.get(camera)
        unwanted = self.suspended or self.user_is_elsewhere or self.snooze is not None
        return not unwanted and (last is None or now - last >= OFFER_AGAIN)

    def may_ask_less(self, reminder: Reminder) -> bool:
        """Whether this reminder may ask whether to say its kind less often."""
        return reminder.let_pass >= LET_PASS and reminder.kind not in self.asked_less

    @property
    def lent(self) -> int:
        """How many borrowers have the camera."""
        return sum(suspension.kind == "lent" for suspension in self.suspended)


# -- facts ----------------------------------------------------------------------------------------------------------


class Fact:
    """Something that has happened."""


@dataclass(frozen=True)
class PauseAsked(Fact):
    """The user pauses, until a time or without an end."""

    until: datetime | None = None


@dataclass(frozen=True)
class ResumeAsked(Fact):
    """The user ends the pause."""


@dataclass(frozen=True)
class UserIsHere(Fact):
    """The user is at the screen, even if a screen locker has never reported that it was unlocked."""


@dataclass(frozen=True)
class SnoozeAsked(Fact):
    """The user wants no reminders until then."""

    until: datetime
    why: str = SNOOZED


@dataclass(frozen=True)
class SnoozeEndAsked(Fact):
    """The user wants reminders again."""


@dataclass(frozen=True)
class SessionChanged(Fact):
    """The screen was locked, another user has it, the machine falls asleep; or the opposite of these."""

    change: SessionChange
    looks_until: datetime | None = None
    """When the screen was locked: until when the camera looks on; None for not at all."""


@dataclass(frozen=True)
class BatteryPauses(Fact):
    """The machine runs on battery and is not to watch then; or that is over."""

    on: bool


@dataclass(frozen=True)
class CameraLent(Fact):
    """A borrower asked for the camera."""

    reason: str


@dataclass(frozen=True)
class CameraReturned(Fact):
    """The borrower has finished, or ended."""

    reason: str


@dataclass(frozen=True)
class CameraChanged(Fact):
    """The watch reports another state of the camera."""

    camera: str
    sentence: str = ""


@dataclass(frozen=True)
class StandingSaid(Fact):
    """The user says that they stand, or no longer; or a break has ended it."""

    on: bool


@dataclass(frozen=True)
class DayTold(Fact):
    """The figures of this day were shown."""

    day: date


@dataclass(frozen=True)
class CalibrationDoubted(Fact):
    """A notice has said that the calibration that was made then may not fit."""

    made: datetime


@dataclass(frozen=True)
class OfferShown(Fact):
    """A notice offers to keep a calibration of this camera."""

    camera: str
    at: datetime


@dataclass(frozen=True)
class RemindersLetPass(Fact):
    """The coach has counted, by kind, how many were let pass one after another."""

    let_pass: Mapping[ReminderKind, int]


@dataclass(frozen=True)
class LessOftenAsked(Fact):
    """A notice has asked whether to say this kind less often."""

    kind: ReminderKind


@dataclass(frozen=True)
class TimePassed(Fact):
    """It is now this late."""

    now: datetime


# -- effects --------------------------------------------------------------------------------------------------------


class Effect:
    """Something that the daemon has to do."""


@dataclass(frozen=True)
class SuspendLooks(Effect):
    """Close the camera, for these reasons, oldest first."""

    suspended: tuple[Suspension, ...]


@dataclass(frozen=True)
class ResumeLooks(Effect):
    """Open the camera again."""


@dataclass(frozen=True)
class SnoozeCoach(Effect):
    """Keep the coach quiet until then; None lets it speak."""

    until: datetime | None


@dataclass(frozen=True)
class SetStanding(Effect):
    """Treat sitting as standing, or no longer."""

    on: bool


@dataclass(frozen=True)
class WithdrawNotice(Effect):
    """Take the notice on the screen away."""


@dataclass(frozen=True)
class StartSensorAnew(Effect):
    """Load what a borrower of the camera may have stored, such as a calibration."""


@dataclass(frozen=True)
class StoreMemory(Effect):
    """Store what outlives a restart."""


@dataclass(frozen=True)
class ShowStatus(Effect):
    """Show the new state."""


# -- the step -------------------------------------------------------------------------------------------------------


def step(state: SessionState, fact: Fact) -> tuple[SessionState, tuple[Effect, ...]]:
    """Take a fact; there are no effects when it changes nothing."""
    after = _after(state, fact)
    return after, difference(state, after)


def _after(state: SessionState, fact: Fact) -> SessionState:
    match fact:
        case PauseAsked(until):
            return replace(_suspend(state, PAUSED), paused_until=until)
        case ResumeAsked():
            return replace(_resume(state, PAUSED), paused_until=None)
        case UserIsHere():
            return _resume(replace(state, locking_until=None), LOCKED, HIDDEN, ASLEEP, CLOSED)
        case SnoozeAsked(until, why):
            return replace(state, snooze=Snooze(until, why))
        case SnoozeEndAsked():
            return replace(state, snooze=None)
        case SessionChanged("locked", datetime() as until) if LOCKED not in state.suspended:
            return replace(state, locking_until=until)
        case SessionChanged(change) if change in _BEGINS:
            return _suspend(_locked(state), _BEGINS[change])
        case SessionChanged("unlocked"):
            return _resume(replace(state, locking_until=None), LOCKED)
        case SessionChanged(change):
            return _resume(state, *_ENDS[change])
        case BatteryPauses(on):
            return _suspend(state, BATTERY) if on else _resume(state, BATTERY)
        case CameraLent(reason):
            return replace(state, suspended=(*state.suspended, Suspension("lent", reason)))
        case CameraReturned(reason):
            return _resume(state, Suspension("lent", reason))
        case CameraChanged(camera, sentence):
            return replace(state, camera=camera, sentence=sentence)
        case StandingSaid(on):
            return replace(state, standing=on)
        case DayTold(day):
            return replace(state, told_day=day)
        case CalibrationDoubted(made):
            return replace(state, doubted=made)
        case OfferShown(camera, at):
            return replace(state, offered={**state.offered, camera: at})
        case RemindersLetPass(let_pass):
            return replace(state, let_pass=let_pass)
        case LessOftenAsked(kind):
            return replace(state, asked_less=state.asked_less | {kind})
        case TimePassed(now):
            if state.paused_until is not None and state.paused_until <= now:
                state = replace(_resume(state, PAUSED), paused_until=None)
            if state.snooze is not None and state.snooze.until <= now:
                state = replace(state, snooze=None)
            if state.locking_until is not None and state.locking_until <= now:
                state = _locked(state)
            return state
    raise TypeError(fact)


def _suspend(state: SessionState, suspension: Suspension) -> SessionState:
    if suspension in state.suspended:
        return state
    return replace(state, suspended=(*state.suspended, suspension))


def _locked(state: SessionState) -> SessionState:
    """Suspend looks if the screen is locked and the camera has only looked on."""
    return state if state.locking_until is None else _suspend(replace(state, locking_until=None), LOCKED)


def _resume(state: SessionState, *ended: Suspension) -> SessionState:
    """Remove suspensions; of two equal loans the other stays."""
    suspended = list(state.suspended)
    for suspension in ended:
        if suspension in suspended:
            suspended.remove(suspension)
    return replace(state, suspended=tuple(suspended))


def difference(before: SessionState, after: SessionState) -> tuple[Effect, ...]:
    """What has to be done when one state follows the other; also at the start, after an empty one."""
    if before == after:
        return ()
    effects: list[Effect] = []
    if after.suspended != before.suspended:
        effects.append(SuspendLooks(after.suspended) if after.suspended else ResumeLooks())
    if after.quiet_until != before.quiet_until:
        effects.append(SnoozeCoach(after.quiet_until))
    if after.standing != before.standing:
        effects.append(SetStanding(after.standing))
    if after.paused and not before.paused:
        effects.append(WithdrawNotice())
    if after.lent < before.lent:
        effects.append(StartSensorAnew())
    if memory_to_json(after) != memory_to_json(before):
        effects.append(StoreMemory())
    return (*effects, ShowStatus())


# -- what outlives a restart ----------------------------------------------------------------------------------------


def memory_to_json(state: SessionState) -> dict[str, Any]:
    """What outlives a restart, as plain JSON: a camera that was paused must not open after a crash."""
    return {
        "paused": state.paused,
        "paused_until": state.paused_until and state.paused_until.isoformat(),
        "snoozed_until": state.quiet_until and state.quiet_until.isoformat(),
        "snoozed_why": state.snooze.why if state.snooze is not None else "",
        "told_day": state.told_day and state.told_day.isoformat(),
        "doubted": state.doubted and state.doubted.isoformat(),
        "offered": {camera: at.isoformat() for camera, at in state.offered.items()},
        "let_pass": dict(state.let_pass),
        "asked_less": sorted(state.asked_less),
    }


def memory_from_json(found: Any, now: datetime) -> SessionState:
    """Read what outlived a restart; a pause or a snooze that is over by now is left out.

    PostureError, ValueError, KeyError or TypeError where it is not what `memory_to_json` writes.
    """
    until, snoozed = parse_time(found["paused_until"]), parse_time(found["snoozed_until"])
    # Missing in files of older releases.
    told_day, doubted = found.get("told_day"), found.get("doubted")
    offered = dict(found.get("offered") or {})
    let_pass = dict(found.get("let_pass") or {})
    asked_less = frozenset(found.get("asked_less") or ())
    times = {str(camera): parse_time(at) for camera, at in offered.items()}
    state = SessionState(
        suspended=(PAUSED,) if found["paused"] else (),
        paused_until=until if found["paused"] else None,
        snooze=Snooze(snoozed, str(found["snoozed_why"])) if snoozed is not None else None,
        told_day=date.fromisoformat(told_day) if told_day else None,
        doubted=parse_time(doubted),
        offered={camera: at for camera, at in times.items() if at is not None},
        let_pass={kind: int(let_pass[kind]) for kind in get_args(ReminderKind) if kind in let_pass},
        asked_less=frozenset(kind for kind in get_args(ReminderKind) if kind in asked_less),
    )
    return _after(state, TimePassed(now))


def parse_time(text: object) -> datetime | None:
    """Read an ISO time, local unless it names its zone, as UTC; None stays None.

    A PostureError with exit code 2 says that it is no time.
    """
    if text is None:
        return None
    # Nothing else is shown: the repr of nested JSON may be endless.
    shown = f"{text!r:.40}" if isinstance(text, str) else tr("A {type_name}", type_name=type(text).__name__)
    try:
        if isinstance(text, str):
            return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise PostureError(tr("{shown} is not a time: write it like 2026-03-02T14:00:00+01:00.", shown=shown), 2)
