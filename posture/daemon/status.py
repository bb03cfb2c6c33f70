"""What the daemon is doing, as a value: for the tray, `posture status` and programs that read its JSON. Pure.

Its values are named tuples: `posture status` would spend most of its time on making twenty dataclasses.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Literal, NamedTuple, TypeVar

from posture.coach.bars import JudgedNow
from posture.coach.words import DEVIATION_WORDS
from posture.errors import PostureError
from posture.language import mark, tr
from posture.plain_text import plain_parts

if TYPE_CHECKING:
    from posture.coach.state import Due
    from posture.daemon.session_state import SessionState
    from posture.measure.observation import Observation
    from posture.settings import TimelineSettings
    from posture.timeline.state import TimelineState

State = Literal["sitting", "standing", "away", "unknown", "starting", "held off"]
TRAY_AWAITED = mark("not connected yet")
"""Why there is no icon while it is not yet known whether there can be one."""
NOT_WORKING = ("gone", "forbidden", "failed")
"""States of the camera that are trouble."""


class BoutNow(NamedTuple):
    """The present bout: since when, and the sitting seen in it so far.

    The sitting since the last break is `at_least_s` to `at_most_s`: a break may have gone unseen. Of it not known are
    `busy_s`, in which another program had the camera, and `unseen_s`, in which nothing could be told.
    """

    since: datetime
    sitting_s: float
    at_least_s: float
    at_most_s: float
    busy_s: float
    unseen_s: float


class ActiveNow(NamedTuple):
    """A deviation that is active now; its level is 1 at the threshold."""

    kind: str
    words: str
    for_s: float
    level: float


class UnjudgedNow(NamedTuple):
    """Deviations that are not judged while somebody sits: why, to be read after "because", which, and for how long."""

    why: str
    kinds: tuple[str, ...]
    for_s: float


class NextReminder(NamedTuple):
    """The reminder that comes next, and why it is held back if it is due already."""

    kind: str
    in_s: float
    why: str
    waiting: str


class RangeNow(NamedTuple):
    """Seconds that are known to lie between two."""

    at_least_s: float
    at_most_s: float


class Today(NamedTuple):
    """The figures of today so far; `sitting` and `longest` are seconds at least and at most."""

    watched_s: int
    observed_s: int
    coverage: float | None
    sitting_s: int
    standing_s: int
    away_s: int
    longest_s: float | None
    sitting: RangeNow
    longest: RangeNow


class CameraNow(NamedTuple):
    """The camera: its state, its name, and a sentence about the state."""

    state: str
    name: str
    sentence: str


class SensorNow(NamedTuple):
    """The process that sees."""

    pid: int | None
    restarts: int
    pace: str | None


class OfferNow(NamedTuple):
    """A calibration that `posture calibrate --keep` would keep: why it is offered, and the sentence for the user."""

    reason: str
    sentence: str


class PauseNow(NamedTuple):
    """A pause; None is without an end."""

    until: datetime | None


class SnoozeNow(NamedTuple):
    """A snooze, and why."""

    until: datetime
    reason: str


class Status(NamedTuple):
    """Everything there is to say at a moment. The README describes its JSON, where `active` is called "held"."""

    v: int
    pid: int
    version: str
    started: datetime
    state: State
    """The presence, "starting" before the first look, "held off" while looks are suspended."""
    state_for_s: float
    """How long the presence has lasted."""
    reason: str
    """Why the presence is not known."""
    trouble: str
    """What has to be put right before posture can watch; empty when it can."""
    bout: BoutNow | None
    active: tuple[ActiveNow, ...]
    next: NextReminder | None
    today: Today | None
    """None without a history."""
    camera: CameraNow
    sensor: SensorNow
    calibrating: bool
    paused: PauseNow | None
    snoozed: SnoozeNow | None
    standing: bool
    on_battery: bool
    battery: str
    """What is done about that: "slower", "pause" or "same"; empty on mains."""
    tray: str
    notices: str
    """Why the icon, or a notification, is not shown; empty when it is."""
    settings: str
    """The settings file."""
    problems: tuple[str, ...]
    """Other things to put right."""
    levels: dict[str, float | None]
    """Of the last look while sitting: each deviation in parts of its threshold; None where it is not judged."""
    judged: dict[str, JudgedNow]
    """How each of these levels came about."""
    unjudged: tuple[UnjudgedNow, ...]
    """What has not been judged for a while, the longest first."""
    misfit: str
    """Why the calibration may not fit, by the last days; empty where nothing says so, or the user says that it does."""
    calibration: str
    """By what is judged how the user sits: "none", "provisional" or "kept"."""
    missing: str
    """Without a calibration, what is missing for one."""
    offer: OfferNow | None

    def to_json(self) -> dict[str, Any]:
        """The JSON of `posture status --json` and of the control channel."""
        found = {("held" if key == "active" else key): _plain(value) for key, value in self._asdict().items()}
        return found | {"today": found["today"] or {}}

    @classmethod
    def from_json(cls, found: dict[str, Any]) -> Status:
        """Read what `to_json` gives; other keys are ignored. PostureError for the status of another release."""
        found = plain_parts(found)
        parts: dict[str, Any] = {"bout": BoutNow, "next": NextReminder, "today": Today, "camera": CameraNow}
        parts |= {"sensor": SensorNow, "paused": PauseNow, "snoozed": SnoozeNow, "offer": OfferNow}
        try:
            values = {key: found["held" if key == "active" else key] for key in cls._fields}
            values |= {key: _part(kind, values[key]) if values[key] else None for key, kind in parts.items()}
            if today := values["today"]:
                sitting, longest = _part(RangeNow, today.sitting), _part(RangeNow, today.longest)
                values["today"] = today._replace(sitting=sitting, longest=longest)
            values["started"] = datetime.fromisoformat(values["started"])
            values["active"] = tuple(_part(ActiveNow, deviation) for deviation in values["active"])
            values["judged"] = {kind: _part(JudgedNow, judged) for kind, judged in dict(values["judged"]).items()}
            values["unjudged"] = tuple(
                UnjudgedNow(part["why"], tuple(part["kinds"]), part["for_s"]) for part in values["unjudged"]
            )
            return cls(**values | {"problems": tuple(values["problems"])})
        except (KeyError, TypeError, ValueError):
            raise PostureError(tr("The daemon is of another release: run posture restart.")) from None


_PARTS = (
    *(BoutNow, ActiveNow, UnjudgedNow, NextReminder, RangeNow, JudgedNow),
    *(Today, CameraNow, SensorNow, OfferNow, PauseNow, SnoozeNow),
)
_Part = TypeVar("_Part", bound=tuple[Any, ...])


def _part(kind: type[_Part], found: dict[str, Any]) -> _Part:
    values = {key: found[key] for key in kind._fields}  # type: ignore[attr-defined]
    for key in ("since", "until"):
        if isinstance(values.get(key), str):
            values[key] = datetime.fromisoformat(values[key])
    return kind(**values)


def _plain(value: Any) -> Any:
    """Write a value as JSON has it."""
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, _PARTS):
        value = value._asdict()
    if isinstance(value, dict):
        return {key: _plain(part) for key, part in value.items()}
    return tuple(map(_plain, value)) if isinstance(value, tuple) else value


# -- how it is made up ----------------------------------------------------------------------------------------------


class Process(NamedTuple):
    """The daemon itself; `settings` is the settings file."""

    pid: int
    version: str
    started: datetime
    settings: str


class Watch(NamedTuple):
    """What the watch reports of its camera and sensor; see `Status`."""

    name: str = ""
    sensor: SensorNow = SensorNow(None, 0, None)
    trouble: str = ""


def status_of(
    process: Process,
    session: SessionState,
    watch: Watch,
    seen: TimelineState,
    now_s: float,
    settings: TimelineSettings,
    *,
    to_utc: Callable[[float], datetime],
    unseen_reason: str = "",
    due: Due | None = None,
    waiting: str = "",
    quiet: str = "",
    calibrating: bool = False,
    today: Today | None = None,
    on_battery: bool = False,
    battery: str = "",
    tray: str = "",
    notices: str = "",
    problems: tuple[str, ...] = (),
    look: Observation | None = None,
    misfit: str = "",
    calibration: str = "none",
    missing: str = "",
    offer: OfferNow | None = None,
) -> Status:
    """Put the status together.

    Parameters
    ----------
    seen : TimelineState
        As of the last look.
    now_s : float
        Seconds on the clock of the timeline.
    to_utc : callable
        From seconds on the clock of the timeline to an aware UTC datetime.
    unseen_reason : str
        Why nobody has looked since looks were suspended, when they are no longer.
    due : Due or None
        The next reminder as of the last look.
    waiting : str
        Why a reminder that is due waits.
    quiet : str
        Until when there are quiet hours now, which may have begun since the last look; empty when there are none.
    look : Observation or None
        What was observed last.
    calibrating, today, on_battery, battery, tray, notices, problems, misfit, calibration, missing, offer
        See `Status`.
    """
    from posture.timeline.advance import at  # light commands read a status and never make one

    suspended = session.reasons[0] if session.reasons else ""
    stands = at(seen, now_s, settings, suspended or unseen_reason, session.cause)
    state: State = "held off" if suspended else stands.presence if seen.t_s is not None else "starting"
    # Without a reason not to, time goes on between two looks.
    since_s = max(0.0, now_s - seen.now_s) if seen.t_s is not None and not (suspended or unseen_reason) else 0.0
    camera, trouble = session.camera or "open", watch.trouble
    if not suspended and camera in NOT_WORKING:
        trouble = trouble or session.sentence or tr("the camera does not work")
    active = [
        ActiveNow(kind, DEVIATION_WORDS[kind], round(stands.now_s - deviation.since_s, 1), round(deviation.level, 2))
        for kind, deviation in stands.active.items()
    ]
    return Status(
        v=1,
        pid=process.pid,
        version=process.version,
        started=process.started.replace(microsecond=0),
        state=state,
        state_for_s=round(stands.spell_s, 1),
        reason=stands.reason if state in ("unknown", "held off") else "",
        trouble=trouble,
        bout=_bout(stands, to_utc),
        active=tuple(active),
        next=_next(due, since_s, waiting, quiet, session) if due is not None and not suspended else None,
        today=today,
        camera=CameraNow(camera, watch.name, "" if trouble or camera == "open" else session.sentence),
        sensor=watch.sensor,
        calibrating=calibrating and not suspended,
        paused=PauseNow(session.paused_until) if session.paused else None,
        snoozed=SnoozeNow(session.snooze.until, session.snooze.why) if session.snooze is not None else None,
        standing=session.standing,
        on_battery=on_battery,
        battery=battery,
        tray=tray,
        notices=notices,
        settings=process.settings,
        problems=problems,
        levels={kind: _rounded(level) for kind, level in look.levels.items()} if look and state == "sitting" else {},
        judged={
            kind: JudgedNow(
                _rounded(judged.value),
                _rounded(judged.sd),
                _rounded(judged.threshold),
                judged.unit,
                judged.why,
                judged.coarse,
            )
            for kind, judged in look.judged.items()
        }
        if look and state == "sitting"
        else {},
        misfit=misfit,
        calibration=calibration,
        missing=missing if state == "sitting" else "",
        offer=offer,
        unjudged=_unjudged(stands),
    )


def _next(due: Due, since_s: float, waiting: str, quiet: str, session: SessionState) -> NextReminder:
    """The next reminder; one that is due and not said now says why, though the reason be newer than the last look."""
    in_s, held = round(max(0.0, due.in_s - since_s), 1), waiting or due.held
    if not held and in_s < 1.0:
        snoozed = mark("snoozed") if session.snooze is not None else ""
        held = quiet or snoozed or (mark("the camera is in use") if session.camera == "in use" else "")
    return NextReminder(due.kind, in_s, due.facts.why, held)


def _bout(stands: TimelineState, to_utc: Callable[[float], datetime]) -> BoutNow | None:
    if stands.bout is None:
        return None
    least_s, most_s = stands.bout_range_s
    seen_s, busy_s = stands.bout_s, stands.bout_busy_s
    found = (seen_s, least_s, most_s, busy_s, max(0.0, most_s - seen_s - busy_s))
    return BoutNow(to_utc(stands.bout.since_s).replace(microsecond=0), *(round(part_s, 1) for part_s in found))


def _unjudged(stands: TimelineState) -> tuple[UnjudgedNow, ...]:
    reasons = sorted(dict.fromkeys(stands.unjudged.values()), key=lambda unjudged: unjudged.since_s)
    return tuple(
        UnjudgedNow(
            reason.why,
            tuple(kind for kind, other in stands.unjudged.items() if other == reason),
            round(stands.now_s - reason.since_s, 1),
        )
        for reason in reasons
    )


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 2)
