"""True angles from landmarks and a calibrated baseline, each with its uncertainty. Pure but for the packaged fit.

The pose models show tilts at about half their size, looking down imitates a forward head, and what a slump looks like
depends on where the camera stands. So the mapping from (landmarks, baseline) to angles is fitted on rendered people
whose angles are known, and evaluated here in plain numpy. ``benchmarks/fit_angles.py`` makes the numbers in
``data/angles_*.npz`` and prints the errors on people left out of the fit; every number of the fit comes from there.

Each angle is the change from the baseline posture, in degrees, of the person's body in space (not of its projection),
fitted to this truth of the rendered people:

=====================  ==============================================================================================
shoulder_tilt_deg      line through the shoulder joints against the horizontal (`shoulder_line_deg`), + left higher;
                       a lean tips it too
lateral_lean_deg       line from mid-hip to mid-shoulder against the vertical, sideways (`trunk_lat_deg`), + to the
                       person's left; a side-bend of the trunk by 10 deg is 8.2 here
head_tilt_deg          head against the vertical, sideways (`head_roll`), + towards the left shoulder
head_pitch_deg         head nod (`head_pitch`), + looking down
head_yaw_deg           head turn (`head_yaw`), + to the person's left
slump_deg              thorax flexion, the pelvis rolling back by half of it (`slouch`), + forward
forward_head_deg       neck flexion with the head kept level (`head_fwd`), + forward
hip_hinge_deg          trunk tipped towards the screen from the hips (`trunk_fwd`), + forward
=====================  ==============================================================================================

How it works: landmarks are divided by the frame's *width* (the fit knows horizontal fields of view from 58 to 80 deg).
The features are their change from the baseline and shapes (face points against each other, face against shoulders),
split into a part that changes sign when left and right are swapped and a part that does not. A linear map and a few
small networks (two tanh layers) get both parts, as they are and mirrored, so a mirrored person gives exactly the
mirrored answer. What they give for the baseline is subtracted, so the baseline gives exactly zero.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from functools import lru_cache
from importlib import resources
from typing import Final

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

ANGLES: Final = (
    "shoulder_tilt_deg",
    "lateral_lean_deg",
    "head_tilt_deg",
    "head_pitch_deg",
    "head_yaw_deg",
    "slump_deg",
    "forward_head_deg",
    "hip_hinge_deg",
)
SIGN: Final[Array] = np.array([-1.0, -1.0, -1.0, 1.0, -1.0, 1.0, 1.0, 1.0])
"""The sign that each angle takes when left and right are swapped."""

CLIP: Final = 4.0
"""Standardised features are limited to +-4 sd of the training set: beyond it the fit knows nothing. [D]"""

# BlazePose: eye inner, eye, eye outer, ear, mouth, shoulder, elbow, hip; the first five pairs are the face.
_LEFT: Final = np.array([1, 2, 3, 7, 9, 11, 13, 23])
_RIGHT: Final = np.array([4, 5, 6, 8, 10, 12, 14, 24])
_FACE_PAIRS: Final = 5
_USED: Final = np.concatenate([[0], _LEFT, _RIGHT])


@dataclass(frozen=True)
class Estimate:
    """One angle as a change from the baseline."""

    value: float
    """Degrees, in the person's own space; NaN if the landmarks cannot be used."""
    sd: float
    """Degrees. ``value +- 1.645 sd`` contained the truth in about 90 % of the frames of people left out of the fit."""


@dataclass(frozen=True)
class Placement:
    """Where the camera stands, as far as the baseline tells. Each value with its sd on people left out of the fit."""

    camera_pitch_deg: float
    """+ when the lens looks up."""
    lens_below_eyes_cm: float
    """+ when the lens is lower than the eyes."""
    distance_cm: float
    """From the eyes to the lens. The field of view is not known (58 to 80 deg in the fit), hence the large sd."""
    camera_pitch_sd_deg: float
    lens_below_eyes_sd_cm: float
    distance_sd_cm: float
    turned_deg: float = 0.0
    """How far the face is turned from the lens while it looks at the screen, + to the person's own left; by the plain
    geometry of the landmarks, not by the fit."""


# ---- features


def _normalised(landmarks: Array, frame_w_px: float, frame_h_px: float) -> Array:
    """(N, 33, >=3) px -> (N, 33, 3) in frame widths from the picture's middle."""
    points = landmarks[..., :3] / frame_w_px
    points[..., 0] -= 0.5
    points[..., 1] -= 0.5 * frame_h_px / frame_w_px
    return points


def _split(points: Array, pairs: int) -> tuple[Array, Array]:
    """Split points (N, 33, 3) into parts that keep (even) and change (odd) their sign when the person is mirrored.

    Of a left and a right point, the x of the middle and the y and z of the difference change sign; the rest does not.
    """
    left, right = points[:, _LEFT[:pairs]], points[:, _RIGHT[:pairs]]
    middle, half = (left + right) / 2, (left - right) / 2
    nose = points[:, 0]
    even = np.concatenate([nose[:, 1:], middle[:, :, 1], half[:, :, 0], middle[:, :, 2]], axis=1)
    odd = np.concatenate([nose[:, :1], middle[:, :, 0], half[:, :, 1], half[:, :, 2]], axis=1)
    return even, odd


def _describe(points: Array, world: Array) -> tuple[Array, Array, Array, Array, Array, Array]:
    """Describe a posture by itself, without the baseline.

    Points are (N, 33, 3) in frame widths, world (N, 33, 3) in metres.

    Returns
    -------
    even, odd : (N, 58) and (N, 60)
        Shapes and angles.
    size : (N, 5)
        Logs of shoulder width, face size, eye distance, ear distance, eye-to-mouth height.
    mid_shoulder, mid_ear : (N, 3), frame widths
    short : (N, 15)
        The first entries of `even`, which also describe the camera's placement.
    """
    face = points[:, :11, :2]
    centred = face - face.mean(axis=1, keepdims=True)
    face_size = np.sqrt((centred * centred).sum(axis=2).mean(axis=1))
    middle = (points[:, _LEFT] + points[:, _RIGHT]) / 2
    across = points[:, _LEFT, :2] - points[:, _RIGHT, :2]
    width = np.sqrt((across * across).sum(axis=2))
    eyes, ears, mouth, shoulders, nose = middle[:, 1], middle[:, 3], middle[:, 4], middle[:, 5], points[:, 0]
    eye_w, ear_w, shoulder_w = width[:, 1], width[:, 3], width[:, 5]
    drop = eyes[:, :2] - mouth[:, :2]
    face_h = np.sqrt((drop * drop).sum(axis=1))
    size = np.log(np.stack([shoulder_w, face_size, eye_w, ear_w, face_h], axis=1))
    face_even, face_odd = _split((points - ears[:, None]) / face_size[:, None, None], _FACE_PAIRS)

    ratios = np.stack(
        [
            (shoulders[:, 1] - ears[:, 1]) / shoulder_w,
            (shoulders[:, 1] - nose[:, 1]) / shoulder_w,
            (shoulders[:, 1] - eyes[:, 1]) / shoulder_w,
            (eyes[:, 1] - ears[:, 1]) / ear_w,
            (nose[:, 1] - ears[:, 1]) / ear_w,
            (mouth[:, 1] - eyes[:, 1]) / ear_w,
            (nose[:, 1] - eyes[:, 1]) / face_h,
        ],
        axis=1,
    )
    against_shoulders = size[:, 1:] - size[:, :1]
    tilts = np.arctan2(across[:, :6, 1], across[:, :6, 0])
    sideways = np.stack(
        [
            np.arctan2((ears - shoulders)[:, 0], (shoulders - ears)[:, 1]),
            (eyes - shoulders)[:, 0] / shoulder_w,
            (nose - ears)[:, 0] / ear_w,
            (nose - eyes)[:, 0] / eye_w,
            (nose - mouth)[:, 0] / eye_w,
            (mouth - ears)[:, 0] / ear_w,
        ],
        axis=1,
    )
    w_even, w_odd = _split(world, len(_LEFT))
    w_ears = (world[:, 7] + world[:, 8]) / 2
    w_shoulders = (world[:, 11] + world[:, 12]) / 2
    gaze, neck = world[:, 0] - w_ears, w_ears - w_shoulders
    w_shoulder, w_ear = world[:, 11] - world[:, 12], world[:, 7] - world[:, 8]
    w_angles_even = np.stack(
        [
            np.arctan2(gaze[:, 1], -gaze[:, 2]),
            np.arctan2(-neck[:, 2], -neck[:, 1]),
            np.arctan2(-w_shoulders[:, 2], -w_shoulders[:, 1]),
            0.5 * np.log((w_shoulder * w_shoulder).sum(axis=1)),
        ],
        axis=1,
    )
    w_angles_odd = np.stack(
        [
            np.arctan2(gaze[:, 0], -gaze[:, 2]),
            np.arctan2(w_shoulder[:, 1], w_shoulder[:, 0]),
            np.arctan2(w_shoulder[:, 2], w_shoulder[:, 0]),
            np.arctan2(w_ear[:, 1], w_ear[:, 0]),
            np.arctan2(w_ear[:, 2], w_ear[:, 0]),
            np.arctan2(w_shoulders[:, 0], -w_shoulders[:, 1]),
            np.arctan2(neck[:, 0], -neck[:, 1]),
        ],
        axis=1,
    )
    short = np.concatenate([against_shoulders, ratios, w_angles_even], axis=1)
    even = np.concatenate([short, face_even, w_even], axis=1)
    odd = np.concatenate([tilts, sideways, w_angles_odd, face_odd, w_odd], axis=1)
    return even, odd, size, shoulders, ears, short


_ODD_SHORT: Final = 19  # tilts, sideways and world angles come first in `odd`
_EVEN_CONTEXT: Final = 32  # short and face shape come first in `even`


def features(
    landmarks: Array,
    world: Array,
    baseline_landmarks: Array,
    baseline_world: Array,
    frame_w_px: float,
    frame_h_px: float,
) -> tuple[Array, Array]:
    """Compute the features of N looks, each with its baseline.

    Parameters
    ----------
    landmarks, baseline_landmarks : (N, 33, 4)
        x px, y px, z px, visibility.
    world, baseline_world : (N, 33, 3)
        Metres.

    Returns
    -------
    even, odd : (N, E) and (N, O)
        Those that keep and those that change their sign when the person is mirrored.
    """
    n = len(landmarks)
    points = _normalised(np.concatenate([landmarks, baseline_landmarks]), frame_w_px, frame_h_px)
    even, odd, size, shoulders, ears, _ = _describe(points, np.concatenate([world, baseline_world]))
    scale = np.exp(size[n:, :1, None])
    origin = shoulders[n:, None]
    moved = (points - np.concatenate([origin, origin])) / np.concatenate([scale, scale])
    image_even, image_odd = _split(moved, len(_LEFT))
    base_even, base_odd = even[n:], odd[n:]
    all_even = np.concatenate(
        [
            image_even[:n] - image_even[n:],
            even[:n] - base_even,
            size[:n] - size[n:],
            size[n:, :2],
            base_even[:, :_EVEN_CONTEXT],
            shoulders[n:, 1:2],
            ears[n:, 1:2],
            shoulders[:n, 1:2],
            ears[:n, 1:2],
        ],
        axis=1,
    )
    all_odd = np.concatenate(
        [
            image_odd[:n] - image_odd[n:],
            odd[:n] - base_odd,
            base_odd[:, :_ODD_SHORT],
            shoulders[n:, :1],
            ears[n:, :1],
            shoulders[:n, :1],
            ears[:n, :1],
        ],
        axis=1,
    )
    return all_even, all_odd


def placement_features(baseline_landmarks: Array, baseline_world: Array, frame_w_px: float, frame_h_px: float) -> Array:
    """(N, 33, 4) and (N, 33, 3) -> (N, 19): the features of baselines that depend on where the camera stands."""
    points = _normalised(baseline_landmarks, frame_w_px, frame_h_px)
    _, _, size, shoulders, ears, short = _describe(points, baseline_world)
    return np.concatenate([short, size[:, :2], shoulders[:, 1:2], ears[:, 1:2]], axis=1)


# ---- the fit


@dataclass(frozen=True)
class Fit:
    """The fitted numbers of one pose model; made by ``benchmarks/fit_angles.py``. E even, O odd features, K networks.

    H1 and H2 are the sizes of their layers, S and P the numbers of features of the sd and of the placement.
    """

    even_mean: Array
    even_sd: Array
    odd_sd: Array
    """Standardisation: (E,), (E,), (O,)."""
    linear_even: Array
    linear_odd: Array
    """The linear part, degrees per sd: (E, 8), (O, 8)."""
    w1_even: Array
    w1_odd: Array
    b1: Array
    w2: Array
    b2: Array
    w3: Array
    b3: Array
    """The networks, degrees: (E, K H1), (O, K H1), (K H1,); (K, H1, H2), (K, 1, H2); (K, H2, 8), (K, 1, 8)."""
    sd_weights: Array
    sd_scale: Array
    sd_most: Array
    """The log-linear model of the sd, see `spread_features`, and its upper end: (S, 8), (8,), (8,)."""
    place_mean: Array
    place_sd: Array
    place_weights: Array
    place_residual: Array
    """Camera pitch (deg), lens below eyes (cm), log of the distance (cm); sd on left-out people (the third relative).
    (P,), (P,), (P + 1, 3), (3,)."""


@lru_cache(maxsize=3)
def _load(model: str) -> Fit:
    if model not in ("lite", "full", "heavy"):
        raise ValueError(f"no fit for pose model {model!r}: lite, full or heavy")
    raw = (resources.files("posture.measure") / "data" / f"angles_{model}.npz").read_bytes()
    with np.load(io.BytesIO(raw)) as stored:
        return Fit(**{name: stored[name].astype(np.float64) for name in Fit.__dataclass_fields__})


def _raw_values(fit: Fit, even: Array, odd: Array) -> tuple[Array, Array, Array]:
    """Standardised features -> values (N, 8), their spread over the networks (N, 8), how unusual the look is (N,)."""
    n, nets = len(even), len(fit.w2)
    kept, flipped = even @ fit.w1_even + fit.b1, odd @ fit.w1_odd
    hidden = np.tanh(np.concatenate([kept + flipped, kept - flipped]))
    hidden = hidden.reshape(2 * n, nets, -1).transpose(1, 0, 2)
    out = np.tanh(hidden @ fit.w2 + fit.b2) @ fit.w3 + fit.b3
    each = (out[:, :n] + SIGN * out[:, n:]) / 2
    values = each.mean(axis=0) + even @ fit.linear_even + odd @ fit.linear_odd
    unusual = np.sqrt((np.square(even).sum(axis=1) + np.square(odd).sum(axis=1)) / (even.shape[1] + odd.shape[1]))
    return values, each.std(axis=0), unusual


def spread_features(values: Array, spread: Array, unusual: Array) -> Array:
    """Compute what the sd of an angle may depend on, (N, 8, S).

    A constant, how unusual the look is, the turn and nod of the head, the networks' disagreement and the size of the
    angle itself. They are bounded, since the trend must not be extrapolated to large angles, which are rare in the set.
    """
    n = len(values)
    turn, nod = np.minimum(np.abs(values[:, 4:2:-1]) / 20, 1.0).T
    shared = np.stack([np.ones(n), unusual, turn, nod], axis=1)
    own = np.stack([np.log(spread + 0.3), np.minimum(np.abs(values) / 15, 1.0)], axis=2)
    return np.concatenate([np.repeat(shared[:, None], 8, axis=1), own], axis=2)


def standard_deviation(parts: Array, weights: Array, scale: Array, most: Array) -> Array:
    """`spread_features` (..., 8, S) -> sd in degrees (..., 8), at most the largest of the fit."""
    log_sd = np.clip(np.einsum("...as,sa->...a", parts, weights), -2.0, 4.0)
    sd: Array = np.minimum(scale * np.exp(log_sd), most)
    return sd


def evaluate(fit: Fit, even: Array, odd: Array, base_even: Array, base_odd: Array) -> tuple[Array, Array]:
    """From `features` of looks, and of their baselines against themselves, to values and sd in degrees, (N, 8) each."""
    n = len(even)
    e = np.clip((np.concatenate([even, base_even]) - fit.even_mean) / fit.even_sd, -CLIP, CLIP)
    o = np.clip(np.concatenate([odd, base_odd]) / fit.odd_sd, -CLIP, CLIP)
    values, spread, unusual = _raw_values(fit, e, o)
    change = values[:n] - values[n:]
    parts = spread_features(change, spread[:n], unusual[:n])
    return change, standard_deviation(parts, fit.sd_weights, fit.sd_scale, fit.sd_most)


# ---- for use


def _checked(points: Array, columns: int, name: str) -> Array:
    array = np.asarray(points, dtype=np.float64)
    if array.ndim != 2 or array.shape[0] != 33 or array.shape[1] < columns:
        raise ValueError(f"{name} has shape {array.shape}, not (33, {columns})")
    return array[:, :3]


def _usable(landmarks: Array, world: Array) -> bool:
    """Whether all landmarks that are used are finite, and neither face nor shoulders are shrunk to a point."""
    if not (np.isfinite(landmarks[_USED]).all() and np.isfinite(world[_USED]).all()):
        return False
    # One pixel is far less than the models find (a face is 20 px or more); ratios of less mean nothing. [D]
    across = np.abs(landmarks[[2, 7, 11, 2, 5]] - landmarks[[5, 8, 12, 9, 10]])[:, :2].max(axis=1)
    return bool((across > 1.0).all() and np.abs(world[11] - world[12]).max() > 1e-3)


def estimate_angles(
    landmarks: Array,
    world: Array,
    baseline_landmarks: Array,
    baseline_world: Array,
    frame_w_px: float,
    frame_h_px: float,
    model: str = "lite",
) -> dict[str, Estimate]:
    """Estimate how far a person has moved from the baseline posture, in their own space.

    Parameters
    ----------
    landmarks, baseline_landmarks : (33, 4)
        BlazePose: x px, y px, z px, visibility, in the un-mirrored frame; the baseline is the median of the frames
        of a calibration.
    world, baseline_world : (33, 3)
        Metres.
    frame_w_px, frame_h_px : float
        Size of the frame that both were found in.
    model : {"lite", "full", "heavy"}
        The pose model that found the landmarks; each has its own fit.

    Returns
    -------
    dict of str to Estimate
        One for each name in `ANGLES`, degrees; signs and truths are in the module's docstring. All NaN if a landmark
        that is used is not finite, or if eyes, ears, mouth or shoulders coincide. The caller checks whether landmarks
        lie inside the picture.

    Raises
    ------
    ValueError
        Wrong shape, frame size not positive, or unknown model.
    """
    now, base = _checked(landmarks, 3, "landmarks"), _checked(baseline_landmarks, 3, "baseline_landmarks")
    now_w, base_w = _checked(world, 3, "world"), _checked(baseline_world, 3, "baseline_world")
    if not (frame_w_px > 0 and frame_h_px > 0):
        raise ValueError(f"frame size {frame_w_px} x {frame_h_px} is not positive")
    fit = _load(model)
    if not (_usable(now, now_w) and _usable(base, base_w)):
        return {name: Estimate(np.nan, np.nan) for name in ANGLES}
    even, odd = features(
        np.stack([now, base]),
        np.stack([now_w, base_w]),
        np.stack([base, base]),
        np.stack([base_w, base_w]),
        frame_w_px,
        frame_h_px,
    )
    values, sd = evaluate(fit, even[:1], odd[:1], even[1:], odd[1:])
    return {name: Estimate(float(v), float(s)) for name, v, s in zip(ANGLES, values[0], sd[0], strict=True)}


def estimate_placement(
    baseline_landmarks: Array, baseline_world: Array, frame_w_px: float, frame_h_px: float, model: str = "lite"
) -> Placement:
    """Estimate where the camera stands, from the baseline alone; parameters, NaN and errors as `estimate_angles`."""
    base, base_w = _checked(baseline_landmarks, 3, "baseline_landmarks"), _checked(baseline_world, 3, "baseline_world")
    if not (frame_w_px > 0 and frame_h_px > 0):
        raise ValueError(f"frame size {frame_w_px} x {frame_h_px} is not positive")
    fit = _load(model)
    if not _usable(base, base_w):
        return Placement(*[np.nan] * 6)
    parts = placement_features(base[None], base_w[None], frame_w_px, frame_h_px)
    x = np.clip((parts - fit.place_mean) / fit.place_sd, -CLIP, CLIP)
    pitch, below, log_distance = (x @ fit.place_weights[:-1] + fit.place_weights[-1])[0]
    distance = float(np.exp(log_distance))
    pitch_sd, below_sd, relative_sd = fit.place_residual
    return Placement(
        float(pitch), float(below), distance, float(pitch_sd), float(below_sd), distance * float(relative_sd)
    )


# Placements, as `estimate_placement` sees them (its errors included), in which a forward head of 24 deg stood out from
# its uncertainty in single-factor frames: 18 cm below the eyes and at eye level, 60 cm away; not surely 30 cm below,
# 45 cm away, 85 cm away (which it takes for 78), nor from the side. Few people, so the limits are coarse.
FORWARD_HEAD_MAX_LENS_BELOW_CM: Final = 26.0
FORWARD_HEAD_DISTANCE_CM: Final = (55.0, 77.0)
FORWARD_HEAD_MAX_TURNED_DEG: Final = 12.0
FORWARD_HEAD_MAX_PITCH_DEG: Final = 14.0
FORWARD_HEAD_MAX_YAW_DEG: Final = 17.0
# Of people left out of the fit, 9 of 34 forward heads above 18 deg stood out while the trunk leaned by more than this,
# and 57 of 139 while it leaned by less; both false ones of the clips, mirrored and rolled, came in a lean.
FORWARD_HEAD_MAX_LEAN_DEG: Final = 5.0


def observable(angle: str, placement: Placement) -> bool:
    """Whether a camera placed like this can show the angle at all; ValueError where there is no such angle.

    Everything but `forward_head_deg` can be seen from any placement of the fit. No placement shows that one while the
    head is nodded or turned beyond `FORWARD_HEAD_MAX_PITCH_DEG` or `FORWARD_HEAD_MAX_YAW_DEG`, since looking down
    imitates it; the caller checks this for each look.
    """
    if angle not in ANGLES:
        raise ValueError(f"no angle {angle!r}")
    if angle != "forward_head_deg":
        return True
    near, far = FORWARD_HEAD_DISTANCE_CM
    return (
        placement.lens_below_eyes_cm <= FORWARD_HEAD_MAX_LENS_BELOW_CM
        and near <= placement.distance_cm <= far
        and abs(placement.turned_deg) <= FORWARD_HEAD_MAX_TURNED_DEG
    )
