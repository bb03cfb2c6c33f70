"""The result of one look, as the timeline gets it. It holds no picture and no landmarks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Literal

from posture.language import mark

Presence = Literal["sitting", "standing", "away", "unknown"]

Cause = Literal["", "locked", "asleep", "lid closed", "busy", "blind"]
"""What keeps the camera from seeing: a locked screen, sleep, another program that has the camera, or anything else."""

LID_CLOSED: Cause = "lid closed"


def cause_of(causes: Iterable[Cause]) -> Cause:
    """The one of several causes, the oldest first, that says most of the user: nobody sits before a closed lid."""
    found = list(causes)
    return LID_CLOSED if LID_CLOSED in found else found[0] if found else ""


Deviation = Literal["slump", "forward_head", "lean_left", "lean_right", "shoulder_tilt", "head_tilt", "too_close"]
DEVIATIONS: tuple[Deviation, ...] = (
    "slump",
    "forward_head",
    "lean_left",
    "lean_right",
    "shoulder_tilt",
    "head_tilt",
    "too_close",
)


Unit = Literal["deg", "cm", "sw"]

BY_SLUMP = mark("a slump hides it")
"""Why a forward head is not judged beside a slump: how one sits is known, so nothing is lacking."""


@dataclass(frozen=True)
class Judged:
    """How large one deviation was at one look, and what would have raised it; or why it was not judged."""

    value: float | None = None
    """Size in the direction that the deviation is named after."""
    sd: float | None = None
    """Its standard deviation; None if that is not known."""
    threshold: float | None = None
    """The value at which the deviation is raised, at this uncertainty; for `too_close` it is raised below it."""
    unit: Unit = "deg"
    """Degrees, centimetres, or shoulder widths by which the neck is shorter."""
    why: str = ""
    """Why it is not judged, to be read after "because"; empty if it is."""
    coarse: str = ""
    """Why only a large one is seen, to be read after "because"; empty if that is not so."""


@dataclass(frozen=True)
class Observation:
    """The result of one look."""

    t_s: float
    """Seconds on the source's clock."""
    presence: Presence
    """What this look says by itself, before any dwell."""
    reason: str = ""
    """Why the presence is unknown, in plain words; empty otherwise."""
    levels: Mapping[Deviation, float | None] = field(default_factory=dict)
    """Size of each deviation in parts of its threshold (1.0 is at the threshold); None if it is not known."""
    posture: tuple[float, ...] = ()
    """Where head and shoulders are, in units of a postural shift: if any of the numbers differs by more than 1, the
    posture is another. Empty if not known."""
    distance_cm: float | None = None
    """Eyes to camera."""
    judged: Mapping[Deviation, Judged] = field(default_factory=dict)
    """How each level came about; empty unless somebody sits there."""
    cause: Cause = ""
    """What keeps the camera from seeing, where the presence is unknown; empty is taken as "blind"."""
    view_fits: bool = True
    """Whether the camera looks where it looked at the calibration; a raised desk takes it along."""

    def why_unjudged(self, kind: Deviation) -> str | None:
        """Why a deviation is not judged: empty if it is, None if this look says nothing of it."""
        if kind in self.judged:
            why = self.judged[kind].why
            return "" if why == BY_SLUMP else why
        return None if self.levels.get(kind) is None else ""
