"""People for tests that need no pose model: a made-up sitter, and the rendered ones as the models once found them."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from posture.measure.angles import Placement
from posture.measure.baseline import Baseline, baseline_of
from posture.measure.geometry import Person
from posture.pose.landmarks import Landmark, Pose

Points = NDArray[np.float64]
W, H = 640, 480
VISIBLE = 0.6
GOOD_PLACE = Placement(10.0, 18.0, 62.0, 2.7, 4.6, 8.0)
"""Where a camera shows everything."""

PLACES = {
    Landmark.NOSE: (320, 215),
    Landmark.LEFT_EYE: (345, 190),
    Landmark.RIGHT_EYE: (295, 190),
    Landmark.LEFT_EAR: (370, 200),
    Landmark.RIGHT_EAR: (270, 200),
    Landmark.MOUTH_LEFT: (335, 240),
    Landmark.MOUTH_RIGHT: (305, 240),
    Landmark.LEFT_SHOULDER: (440, 360),
    Landmark.RIGHT_SHOULDER: (200, 360),
    Landmark.LEFT_ELBOW: (460, 450),
    Landmark.RIGHT_ELBOW: (180, 450),
    Landmark.LEFT_WRIST: (420, 470),
    Landmark.RIGHT_WRIST: (220, 470),
    Landmark.LEFT_HIP: (390, 470),
    Landmark.RIGHT_HIP: (250, 470),
}


def sitter(moved: Mapping[Landmark, tuple[float, float]] | None = None) -> Points:
    """Landmarks of an upright person, frontal, in the middle of a picture; some of them moved, right and down, px."""
    points = np.zeros((33, 4))
    points[:, 3] = 0.99
    for landmark, place in PLACES.items():
        points[landmark, :2] = place
    for landmark, move in (moved or {}).items():
        points[landmark, :2] += move
    return points


def pose_of(points: Points, width: int = W, height: int = H) -> Pose:
    return Pose(points, np.zeros((33, 3)), width, height)


def person_of(points: Points, width: int = W, height: int = H) -> Person:
    return Person.of(pose_of(points, width, height), VISIBLE)


def zoomed(points: Points, factor: float, about: tuple[float, float] = (W / 2, H / 2)) -> Points:
    """All of it larger about a point of the picture."""
    larger = points.copy()
    larger[:, :2] = (points[:, :2] - about) * factor + about
    return larger


def rolled(points: Points, degrees: float) -> Points:
    """The picture turned about its middle, + clockwise as seen, which lowers the person's left."""
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    out = points.copy()
    out[:, :2] = (points[:, :2] - (W / 2, H / 2)) @ np.array([[c, s], [-s, c]]) + (W / 2, H / 2)
    return out


def mirrored(person: Person) -> Person:
    """The same person with left and right swapped."""
    pairs = [*((k, k + 3) for k in (1, 2, 3)), (7, 8), *((k, k + 1) for k in range(9, 33, 2))]
    order = np.arange(33)
    for left, right in pairs:
        order[[left, right]] = right, left
    points, world = person.pose.landmarks[order], person.pose.world[order]
    points[:, 0], world[:, 0] = W - 1 - points[:, 0], -world[:, 0]
    return Person.of(Pose(points, world, W, H), VISIBLE)


def baseline_like(points: Points, noise: dict[str, float] | None = None, place: Placement = GOOD_PLACE) -> Baseline:
    """A baseline of these landmarks, as from a calibration."""
    person = person_of(points)
    return Baseline(person.pose, person.geometry, noise or {}, 40, 10.0, place, "heavy")


@cache
def _found() -> dict[str, Points]:
    with np.load(Path(__file__).parent / "data/poses.npz") as stored:
        return {name: stored[name].astype(np.float64) for name in stored.files}


def names() -> list[str]:
    """The rendered pictures with somebody in them, see data/frames."""
    return sorted({name.partition("/")[2] for name in _found()})


def rendered(name: str, model: str = "heavy") -> Person:
    """The person of a picture of data/frames, as a model ("lite" or "heavy") found them."""
    array = _found()[f"{model}/{name}"]
    return Person.of(Pose(array[:, :4].copy(), array[:, 4:].copy(), W, H), VISIBLE)


def rendered_baseline(name: str, model: str = "heavy") -> Baseline:
    """The baseline of a single picture."""
    found = baseline_of(rendered(name, model), model)
    assert isinstance(found, Baseline)
    return found
