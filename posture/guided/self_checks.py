"""One step of a self-check: `advance(checking, t_s, pose) -> (checking, what to say)`; and keeping what came of it."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from posture.coach import selfcheck
from posture.coach.exercises import find_exercise
from posture.coach.findings import SMALL_ERROR_DEG, Kind, way_words
from posture.coach.safety import left_out
from posture.coach.selfcheck import ALONG, ATTEMPTS, LIKE, VISIBILITY, Measured, SelfCheck, SelfCheckState, Tracker
from posture.guided.questions import care_now
from posture.history.self_checks import Stretched, self_check_point
from posture.language import mark, number, tr

if TYPE_CHECKING:
    from posture.history.records import Point
    from posture.pose.landmarks import Pose
    from posture.settings import Settings

CHECKING = "checking"
"""What for the camera is lent, as `posture status` shows it."""
_THIS: Mapping[Kind, str] = {
    "side-bend": mark("This side-bend self-check"),
    "hip-rotation": mark("This hip-rotation self-check"),
    "hip-extension": mark("This hip-extension self-check"),
}
"""How a sentence on one that is left out begins."""


@dataclass(frozen=True)
class Checking:
    """A self-check that is being done."""

    check: SelfCheck
    tracker: Tracker
    state: SelfCheckState = field(default_factory=SelfCheckState)
    seen: Measured | None = None
    """What the last look measured; None if the person was not seen well enough."""
    t_s: float = 0.0

    @property
    def finished(self) -> bool:
        """Whether every way has had its attempts."""
        return selfcheck.finished(self.state, self.check)

    @property
    def degrees(self) -> dict[str, float]:
        """How far each way that is seen goes now; empty until rest is known."""
        if self.seen is None or any(angle not in self.state.rest for angle in self.seen.angles):
            return {}
        return {
            way: sign * (self.seen.angles[angle] - self.state.rest[angle])
            for way, (angle, sign) in self.check.ways.items()
            if angle in self.seen.angles
        }

    @property
    def message(self) -> str:
        """What to do now, or how far it goes, in a line."""
        if self.seen is None:
            return tr(self.tracker.says)
        degrees = self.degrees
        if not degrees:
            return tr(self.check.come_back)
        if self.state.attempt is not None:
            way = self.state.attempt.way
            deg = number(max(degrees.get(way, 0.0), 0.0)).rjust(3)
            return tr("{way} {degrees}°", way=way_words(self.check.kind, way), degrees=deg)
        left = [way for way in degrees if self.state.tries.get(way, 0) < ATTEMPTS]
        if not left:
            return tr("Now the other side.")
        # Translators: what to do next, such as "left" of a side-bend or "left foot in" of a hip rotation.
        return tr("Next: {way}.", way=way_words(self.check.kind, left[0]))


def begin(check: SelfCheck, min_visibility: float) -> Checking:
    """Begin a self-check."""
    return Checking(check, Tracker(check.kind, min(min_visibility, VISIBILITY)))


def advance(checking: Checking, t_s: float, pose: Pose | None) -> tuple[Checking, list[str]]:
    """Take one look, at a time that never goes back; with what is to be said of an attempt that has ended."""
    tracker, seen = selfcheck.measured(checking.tracker, t_s, pose)
    state, tried = selfcheck.advance(checking.state, checking.check, t_s, seen)
    checking = replace(checking, tracker=tracker, state=state, seen=seen, t_s=t_s)
    return checking, [attempt_text(checking.check, each) for each in tried]


def end(checking: Checking) -> tuple[Checking, list[str]]:
    """End it where it is; with what is to be said of an attempt that was going on."""
    state, tried = selfcheck.ended(checking.state, checking.check, checking.t_s)
    return replace(checking, state=state), [attempt_text(checking.check, each) for each in tried]


def attempt_text(check: SelfCheck, attempt: selfcheck.Tried) -> str:
    """Report one attempt: how far, whether the camera can tell, and what moved along."""
    values = {"way": way_words(check.kind, attempt.way), "number": attempt.number, "degrees": number(attempt.deg)}
    error = number(SMALL_ERROR_DEG)
    if attempt.deg < SMALL_ERROR_DEG:
        # Translators: {way} is such as "left"; {number} is which of three attempts it was.
        text = tr(
            "{way} {number}: {degrees}° (less than the camera can tell: it may be wrong by {error})",
            error=error,
            **values,
        )
    else:
        text = tr("{way} {number}: {degrees}°", **values)
    if not attempt.along:
        return text
    # Translators: {along} is what moved along and how to keep it, such as "the hip came up: keep both sit bones heavy".
    return tr("{attempt}; {along}.", attempt=text, along=tr(ALONG[attempt.along]))


def closing(checking: Checking) -> list[str]:
    """Say at the end in which ways no movement was seen, how small it may have been, and what is kept of a part."""
    check, state = checking.check, checking.state
    said: list[str] = []
    ways = selfcheck.unseen(state, check)
    if not state.rest:
        missing = tr(checking.tracker.says or check.come_back)
        said.append(f"{tr('Nothing was seen well enough this time.')} {missing}")
    elif ways:
        least_deg = max(selfcheck.least_seen_deg(state, check, way) for way in ways)
        which = ", ".join(way_words(check.kind, way) for way in ways)
        said.append(
            tr(
                "{ways}: no movement out and back was seen. It may have been too short, or smaller than about "
                "{degrees} degrees, which the camera cannot tell from staying still; that is no verdict.",
                ways=which,
                degrees=number(least_deg),
            )
            if state.best
            else tr(
                "No movement out and back was seen. It may have been too short, or smaller than about {degrees} "
                "degrees, which the camera cannot tell from staying still; that is no verdict.",
                degrees=number(least_deg),
            )
        )
    if state.best and not checking.finished:
        said.append(tr("Fewer than {n} each way: the best of those is kept.", n=ATTEMPTS))
    return said


def unseen_ways(checking: Checking) -> tuple[str, ...]:
    """The ways in which the person was seen at rest, and in which no attempt was seen."""
    return selfcheck.unseen(checking.state, checking.check)


def did_you_try(checking: Checking, way: str) -> str:
    """Ask whether the user tried a way that was not seen."""
    return tr("Did you try {way}, as far as it went?", way=way_words(checking.check.kind, way))


def keep_result(
    settings: Settings,
    checking: Checking,
    tried: Collection[str] = (),
    after: Stretched | None = None,
    *,
    store: bool = True,
) -> Point | None:
    """Make the record of a self-check and store it; None if there is nothing to keep.

    Parameters
    ----------
    tried : collection of str
        The ways that were tried and not seen: they are kept as 0.
    after : Stretched, optional
        The stretch that it follows.
    store : bool
        Whether it is kept at all.
    """
    from posture.history.store import Store
    from posture.paths import history_to_write

    best = {**checking.state.best, **dict.fromkeys(tried, 0.0)}
    if not best:
        return None
    point = self_check_point(datetime.now(UTC), checking.check.kind, best, checking.state.marks, after)
    if store:
        with Store(history_to_write(settings)) as writable:
            writable.write(points=[point])
    return point


def kept_checks(settings: Settings, kind: Kind) -> list[Point]:
    """Those of a kind that were kept, by time."""
    return [point for point in care_now(settings).self_checks if point.label == kind]


def why_left_out(settings: Settings, check: SelfCheck) -> str:
    """Say what a clinician has to clear before this self-check; empty if nothing."""
    unless = find_exercise(LIKE[check.kind]).unless
    return left_out(tr(_THIS[check.kind]), unless, settings.coach.conditions)
