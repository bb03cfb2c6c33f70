"""The calibrated baseline: how this person sits upright in front of this camera, and how much they waver. Pure."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from posture.language import number, tr
from posture.measure.angles import ANGLES, Estimate, Placement, estimate_angles, estimate_placement
from posture.measure.edge import MARGIN_SW, PLAIN_LINE_SD_PER_SW
from posture.measure.geometry import (
    FACE,
    Geometry,
    Landmarks,
    Person,
    ear_line_deg,
    eye_line_deg,
    geometry,
    head_yaw_deg,
    shoulder_line_deg,
)
from posture.pose.landmarks import Landmark, Pose

MIN_FRAMES = 8
"""Fewer good looks than this do not give a steady median [design choice]."""
MIN_SECONDS = 3.5
"""Length of the shortest still stretch that is taken: four looks a second over four seconds. Of
47 webcam clips of ordinary people 42 have one within half a minute, and 39 have one of six seconds [measured]."""
LOOK_S = 0.5
"""A stretch may fall short of its length by this: the time between looks [design choice]."""
STRETCH_S = 6.0
"""Length of the stretches that are looked for first."""
MIN_GOOD_SHARE = 0.6
MAX_YAW_DEG = 26.0
"""A head turned further is refused; a camera beside the screen sees a face turned by 20 to 25 deg."""
MAX_TRUNK_WAVER_SW = 0.06
MAX_HEAD_WAVER_SW = 0.12
"""Spread of the place of the shoulders and of the head, in shoulder widths, above which the person moved. The head may:
people talk and nod, and the median of the looks is steady all the same [design choices]."""
EDGE_WAVER = 0.5
"""Shoulders outside the picture waver by themselves, by this part of their distance from where the edge is felt: their
places are off by 0.10 shoulder widths at 0.12 under the edge [measured]."""
STILL_SHARE = 0.8
"""Share of the looks that the spread is taken over: a person who sits one way for most of the time and another way for
the rest has moved."""
LEVEL_SW = 0.06
"""Still stretches in which the head is this much lower than in the tallest one are as upright [design choice]."""
RISEN_SW = 0.45
"""A stretch taller than the middle one by more than this is somebody standing up [design choice]."""
UNLEVEL_DEG = 5.0
"""Shoulders less level than this are said: the threshold of a shoulder tilt [design choice]. Of 80 rendered people who
sit level, seen by three models, none has more than 4.5 [measured]."""
LEVEL_SDS = 1.645
LEVEL_SD_DEG = 1.5
"""Standard deviation of the shoulder line of people who sit level, see `own_line_deg`; it counts as unlevel from 1.645
of them on, as one in twenty of the level ones has [measured on the same people]."""
UNLEVEL_SD_DEG = 4.5
"""The same where the line is found unlevel: heavy model, rendered people with several things off at once [measured]."""


@dataclass(frozen=True, eq=False)
class Baseline:
    """The median of the good looks of a calibration."""

    pose: Pose
    """Median landmarks, in the frame size of the calibration."""
    geometry: Geometry
    """The plain geometry of that median."""
    noise: dict[str, float]
    """Robust standard deviation of a single look, for the fitted angles by name, degrees; older stored baselines have
    other quantities as well, see `spread`."""
    frames: int
    """The number of good looks."""
    seconds: float
    """The time from the first to the last of them."""
    placement: Placement
    """Where the camera stands, as far as the baseline tells."""
    model: str
    """The pose model the landmarks came from; those of another model cannot be compared with them."""
    always_so: bool = False
    """The user's word that their shoulders are always like that: this line is their level."""
    provisional: bool = False
    """Formed by itself from how the user happened to sit, and not kept: it is judged by with a larger uncertainty."""

    @property
    def unlevel(self) -> Estimate | None:
        """How far the shoulder line is from level, degrees, + with the left shoulder higher; None if it is about level.

        Lean and shoulder line are judged against level by it: who calibrates while leaning still leans.
        """
        line_deg, out_sw = own_line_deg(self.pose.landmarks), max(0.0, self.geometry.shoulders_out_sw + MARGIN_SW)
        edge_sd = PLAIN_LINE_SD_PER_SW * out_sw
        if self.always_so or abs(line_deg) < max(UNLEVEL_DEG, LEVEL_SDS * math.hypot(LEVEL_SD_DEG, edge_sd)):
            return None
        return Estimate(line_deg, math.hypot(UNLEVEL_SD_DEG, edge_sd))

    @property
    def spread(self) -> dict[str, float]:
        """How much each fitted angle wavered from look to look, degrees; empty for a single picture."""
        return {name: self.noise[name] for name in ANGLES if name in self.noise}


@dataclass(frozen=True)
class Refusal:
    """Why there is no baseline: a word for programs and a sentence for the user."""

    reason: str
    sentence: str
    if_standing: str = field(default="", compare=False)
    """The sentence for somebody who stands, where it is another."""


def baseline_of(person: Person, model: str) -> Baseline | Refusal:
    """Take a single picture as the baseline; the noise of a look is then not known."""
    pose, found = person.pose, person.geometry
    if not found.face_seen or not found.shoulders_usable:
        return Refusal("few_frames", tr("Face and shoulders are not both in the baseline picture: take another."))
    return Baseline(pose, found, {}, frames=1, seconds=0.0, placement=placement_of(pose, model), model=model)


def own_line_deg(landmarks: Landmarks) -> float:
    """Give the person's own part of the shoulder line, degrees, + with the left shoulder higher.

    A camera that is rolled turns shoulders and head alike, a head that is tilted only itself. So it is the lesser of
    the line against the picture and the line against the head.
    """
    line_deg = shoulder_line_deg(landmarks)
    return smaller(line_deg, line_deg + head_line_deg(landmarks))


def head_line_deg(landmarks: Landmarks) -> float:
    """Mean of the lines of eyes and ears against the picture's level, degrees, + with the left side lower."""
    return (eye_line_deg(landmarks) + ear_line_deg(landmarks)) / 2.0


def smaller(first: float, second: float) -> float:
    """Give what two angles have in common: the lesser of both, 0 if they go to different sides."""
    return min(first, second, key=abs) if first * second > 0 else 0.0


def placement_of(pose: Pose, model: str) -> Placement:
    """Estimate where the camera stands, from a person who sits upright and the model that found them."""
    found = estimate_placement(pose.landmarks, pose.world, pose.frame_w_px, pose.frame_h_px, model)
    return replace(found, turned_deg=head_yaw_deg(pose.landmarks))


def calibrate(
    samples: Sequence[tuple[float, Pose | Person | None]], min_visibility: float, model: str
) -> Baseline | Refusal:
    """Take the baseline from the most upright still stretch of some seconds of sitting.

    Parameters
    ----------
    samples : sequence of (float, Pose, Person or None)
        Time in seconds, and who was found.
    min_visibility : float
        Landmarks of the median below this do not count.
    model : str
        The pose model they came from.

    Returns
    -------
    Baseline or Refusal
        The reason of a refusal is "absent", "not_upright", "out_of_frame", "turned_away", "few_frames" or "moving".
    """
    looks = [(t_s, Person.of(found, min_visibility)) for t_s, found in samples if found is not None]
    if not looks:
        return Refusal(
            "absent",
            tr("Nobody was seen: sit in front of the camera and calibrate again."),
            tr("Nobody was seen: stand in front of the camera and calibrate again."),
        )
    upright = [(t_s, person) for t_s, person in looks if person.turns == 0]
    if len(upright) < MIN_GOOD_SHARE * len(looks):
        return Refusal(
            "not_upright",
            tr("The picture is upside down or lies on its side: set camera.rotate to auto, and calibrate again."),
        )
    whole = [(t_s, person) for t_s, person in upright if person.geometry.face_seen and person.geometry.shoulders_usable]
    good = [(t_s, person) for t_s, person in whole if abs(person.geometry.yaw_deg) <= MAX_YAW_DEG]
    stretch = _upright_stretch(good)
    if stretch is None:
        return _refusal(len(samples), looks, whole, good, min_visibility)
    return baseline_of_stretch(stretch, min_visibility, model)


def baseline_of_stretch(stretch: Looks, min_visibility: float, model: str) -> Baseline:
    """Take the median of a still stretch as the baseline; arguments as for `calibrate`."""
    poses = [person.pose for _, person in stretch]
    pose = Pose(
        landmarks=_median([pose.landmarks for pose in poses]),
        world=_median([pose.world for pose in poses]),
        frame_w_px=poses[0].frame_w_px,
        frame_h_px=poses[0].frame_h_px,
    )
    noise, seconds = _spread(poses, pose, model), stretch[-1][0] - stretch[0][0]
    return Baseline(pose, geometry(pose, min_visibility), noise, len(poses), seconds, placement_of(pose, model), model)


Looks = list[tuple[float, Person]]


def _upright_stretch(looks: Looks) -> Looks | None:
    """Give the first of the most upright still stretches, as long as it stays still; None if there is none."""
    for length_s in (STRETCH_S, MIN_SECONDS):
        stretches = [looks[first:last] for first, last in _stretches(looks, length_s) if is_still(looks[first:last])]
        if stretches:
            width_px = float(np.median([person.geometry.shoulder_width_px for _, person in looks]))
            heights = np.array([-np.median([person.geometry.ears_px[1] for _, person in each]) for each in stretches])
            heights /= max(width_px, 1.0)
            seated = heights <= np.median(heights) + RISEN_SW
            tallest = heights[seated].max()
            chosen = stretches[int(np.argmax(seated & (heights >= tallest - LEVEL_SW)))]
            first = looks.index(chosen[0])
            last = first + len(chosen)
            while last < len(looks) and is_still(looks[first : last + 1]):
                last += 1
            return looks[first:last]
    return None


def _stretches(looks: Looks, length_s: float) -> Iterator[tuple[int, int]]:
    """Give first and end of every run of good looks that lasts this long and is dense enough for a median."""
    times_s = np.array([t_s for t_s, _ in looks])
    for first, t_s in enumerate(times_s):
        last = int(np.searchsorted(times_s, t_s + length_s))
        if last - first >= MIN_FRAMES and times_s[last - 1] - t_s >= length_s - LOOK_S:
            yield first, last


def still_s(looks: Looks) -> float:
    """Give how long the person has been sitting still by the last of the looks, seconds."""
    first = len(looks)
    while first > 0 and is_still(looks[first - 1 :]):
        first -= 1
    return looks[-1][0] - looks[first][0] if first < len(looks) else 0.0


def is_still(looks: Looks) -> bool:
    """Whether head and trunk stay in their places, see `MAX_TRUNK_WAVER_SW`."""
    shapes = [person.geometry for _, person in looks]
    places = np.array([(*shape.ears_px, *shape.shoulders_px) for shape in shapes])
    width_px = max(float(np.median([shape.shoulder_width_px for shape in shapes])), 1.0)
    away = np.abs(places - np.median(places, axis=0)) / width_px
    # Eight of ten values of a normal distribution lie within 1.2816 standard deviations.
    head, trunk = np.quantile(away, STILL_SHARE, axis=0).reshape(2, 2).max(axis=1) / 1.2816
    out_sw = max(0.0, float(np.median([shape.shoulders_out_sw for shape in shapes])) + MARGIN_SW)
    return bool(head <= MAX_HEAD_WAVER_SW and trunk <= MAX_TRUNK_WAVER_SW + EDGE_WAVER * out_sw)


def _refusal(samples: int, looks: Looks, whole: Looks, good: Looks, min_visibility: float) -> Refusal:
    """Name the first thing that stood in the way."""
    if len(looks) < MIN_GOOD_SHARE * samples:
        return Refusal(
            "absent",
            tr("Nobody was seen for most of the time: sit in front of the camera and calibrate again."),
            tr("Nobody was seen for most of the time: stand in front of the camera and calibrate again."),
        )
    if len(whole) < MIN_GOOD_SHARE * len(looks):
        return Refusal("out_of_frame", *_what_is_out([person for _, person in looks], min_visibility))
    if len(good) < MIN_GOOD_SHARE * len(whole):
        yaws_deg = [person.geometry.yaw_deg for _, person in whole]
        side = "left" if np.median([yaw_deg for yaw_deg in yaws_deg if abs(yaw_deg) > MAX_YAW_DEG]) > 0 else "right"
        return Refusal(
            "turned_away",
            tr(
                "Your head was turned to the {side}: face the screen as you do at work, and calibrate again.", side=side
            ),
        )
    if not any(True for length_s in (STRETCH_S, MIN_SECONDS) for _ in _stretches(good, length_s)):
        seconds = good[-1][0] - good[0][0]
        return Refusal(
            "few_frames",
            tr(
                "Only {looks} good looks in {seconds} s, and at least {least} in {least_s} s are needed: see to the "
                "light, and calibrate again.",
                looks=len(good),
                seconds=number(seconds),
                least=MIN_FRAMES,
                least_s=number(MIN_SECONDS),
            ),
        )
    return Refusal(
        "moving",
        tr("You were moving: sit upright and still for six seconds, and calibrate again."),
        tr("You were moving: stand upright and still for six seconds, and calibrate again."),
    )


def _what_is_out(people: list[Person], min_visibility: float) -> tuple[str, str]:
    """Say what is not in the picture, on which side, and what to do: for who sits, and for who stands if it differs."""
    points = np.median([person.pose.landmarks for person in people], axis=0)
    width_px, height_px = people[0].pose.frame_w_px, people[0].pose.frame_h_px
    if np.mean([person.geometry.face_seen for person in people]) < MIN_GOOD_SHARE:
        return _face_out(points[list(FACE)], width_px, height_px)
    left, right = points[[Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER]]
    # The person's right is at the picture's left.
    if right[0] < 0 and right[1] < height_px:
        return _shoulder_aside("right", "left"), ""
    if left[0] >= width_px and left[1] < height_px:
        return _shoulder_aside("left", "right"), ""
    whose = {"left": left, "right": right}
    below = [side for side, point in whose.items() if point[1] >= height_px]
    if len(below) == 2:
        return (
            tr(
                "Your shoulders are far below the picture: sit back a little, or tilt the screen towards you, and "
                "calibrate again."
            ),
            tr(
                "Your shoulders are far below the picture: stand back a little, or tilt the screen towards you, and "
                "calibrate again."
            ),
        )
    if below:
        return (
            tr(
                "Your {side} shoulder is far below the picture: sit back a little, or tilt the screen towards you, and "
                "calibrate again.",
                side=below[0],
            ),
            tr(
                "Your {side} shoulder is far below the picture: stand back a little, or tilt the screen towards you, "
                "and calibrate again.",
                side=below[0],
            ),
        )
    hidden = [side for side, point in whose.items() if point[3] < min_visibility]
    if len(hidden) == 1:
        said = tr(
            "Your {side} shoulder could not be seen: take away what hides it, and calibrate again.", side=hidden[0]
        )
        return said, ""
    return (
        tr("Your shoulders could not be seen: take away what hides them, or make more light, and calibrate again."),
        "",
    )


def _shoulder_aside(side: str, other: str) -> str:
    return tr(
        "Your {side} shoulder is out of the picture at the side: move yourself a little to the {other}, or turn the "
        "camera to your {side}, and calibrate again.",
        side=side,
        other=other,
    )


def _face_out(points: Landmarks, width_px: int, height_px: int) -> tuple[str, str]:
    """Say where the face is, for who sits and for who stands; `points` are those of `FACE`."""
    (least_x, least_y), (most_x, most_y) = points[:, :2].min(axis=0), points[:, :2].max(axis=0)
    if least_y < 0:
        return (
            tr(
                "Your face is out of the picture at the top: sit back a little, or tilt the screen away from you, and "
                "calibrate again."
            ),
            tr(
                "Your face is out of the picture at the top: stand back a little, or tilt the screen away from you, "
                "and calibrate again."
            ),
        )
    if most_y >= height_px:
        return (
            tr(
                "Your face is below the picture: sit back a little, or tilt the screen towards you, and calibrate "
                "again."
            ),
            tr(
                "Your face is below the picture: stand back a little, or tilt the screen towards you, and calibrate "
                "again."
            ),
        )
    if least_x < 0:
        return _face_aside("right", "left"), ""
    if most_x >= width_px:
        return _face_aside("left", "right"), ""
    said = tr(
        "Your face could not be seen: take away what is before it, such as a hand, or make more light, and calibrate "
        "again."
    )
    return said, ""


def _face_aside(side: str, other: str) -> str:
    return tr(
        "Your face is out of the picture at the side: move yourself a little to the {other}, or turn the camera to "
        "your {side}, and calibrate again.",
        side=side,
        other=other,
    )


def _median(arrays: list[NDArray[np.float64]]) -> NDArray[np.float64]:
    middle: NDArray[np.float64] = np.median(np.stack(arrays), axis=0)
    return middle


def _spread(poses: list[Pose], middle: Pose, model: str) -> dict[str, float]:
    """Robust standard deviation of each fitted angle over the looks, against their median pose."""
    rest = (middle.landmarks, middle.world, middle.frame_w_px, middle.frame_h_px)
    angles = [estimate_angles(pose.landmarks, pose.world, *rest, model) for pose in poses]
    return {name: _robust_sd([look[name].value for look in angles]) for name in ANGLES}


def _robust_sd(values: Sequence[float]) -> float:
    """1.4826 turns the median absolute deviation of a normal distribution into its standard deviation."""
    return 1.4826 * float(np.median(np.abs(np.asarray(values) - np.median(values))))
