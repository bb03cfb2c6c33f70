"""A calibration while it goes on: looks come in until a still stretch is found, or was looked for long enough. Pure.

Who comes up or sits back in the first seconds is soon still: after the least time the search goes on for half a minute.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from posture.language import mark, number, tr
from posture.measure.baseline import MAX_YAW_DEG, STRETCH_S, Baseline, Refusal, calibrate, still_s
from posture.measure.geometry import Person

SEARCH_S = 30.0
"""How long a still stretch is looked for: 42 of 47 webcam clips of ordinary people have one in that time [measured]."""
AGAIN_S = 1.0
"""After a search that found nothing, the next one comes this much later [design choice]."""


@dataclass(frozen=True)
class Calibration:
    """A calibration that goes on."""

    least_s: float
    """How long to look at least, seconds."""
    looks: tuple[tuple[float, Person | None], ...] = ()
    """Time in seconds and who was found, look by look."""
    due_s: float = 0.0
    """How long after the first look the next search comes, seconds."""

    @property
    def passed_s(self) -> float:
        """How long it has been going on, seconds."""
        return self.looks[-1][0] - self.looks[0][0] if self.looks else 0.0


def take(
    state: Calibration, t_s: float, person: Person | None, min_visibility: float, model: str
) -> tuple[Calibration, Baseline | Refusal | None]:
    """Take one look; the result is None while the calibration goes on.

    Parameters
    ----------
    t_s : float
        Time of the look, seconds.
    person : Person or None
        The user, if found.
    min_visibility : float
        Landmarks of the median below this do not count.
    model : str
        The pose model.
    """
    state = replace(state, looks=(*state.looks, (t_s, person)))
    if state.passed_s < max(state.least_s, state.due_s):
        return state, None
    found = calibrate(state.looks, min_visibility, model)
    if isinstance(found, Refusal) and state.passed_s < SEARCH_S:
        return replace(state, due_s=state.passed_s + AGAIN_S), None
    return state, found


def ended(state: Calibration, min_visibility: float, model: str) -> Baseline | Refusal | None:
    """Give what comes of the looks so far where no more will come; None before the least time has passed."""
    if not state.looks or state.passed_s < state.least_s:
        return None
    return calibrate(state.looks, min_visibility, model)


def missing(person: Person | None) -> str:
    """Say in a few words, in English, why a look is no part of a calibration; empty if it is."""
    if person is None:
        return mark("nobody in the picture")
    if person.turns:
        return mark("the picture is not upright")
    if not person.geometry.face_seen:
        return mark("the face is not in the picture")
    if not person.geometry.shoulders_usable:
        return mark("the shoulders are not in the picture")
    if abs(person.geometry.yaw_deg) > MAX_YAW_DEG:
        return mark("the head is turned away")
    return ""


def feedback(state: Calibration) -> str:
    """Say in a few words what to do now: "hold still", "good, 3 s left"."""
    if not state.looks or (lacking := missing(state.looks[-1][1])):
        return tr(lacking if state.looks else missing(None))
    seen = [(t_s, person) for t_s, person in state.looks if person is not None]
    still = still_s(seen)
    left_s = max(STRETCH_S - still, state.least_s - state.passed_s)
    if still < 1.0 or left_s <= 0:
        return tr("hold still ...")
    return tr("good, {seconds} s left", seconds=number(left_s))
