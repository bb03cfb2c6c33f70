"""From a person and the light to an observation, with smoothing. Pure."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields

from posture.language import mark
from posture.measure.baseline import Baseline
from posture.measure.geometry import Person
from posture.measure.levels import NO_BASELINE, judge
from posture.measure.measures import Measures, measure
from posture.measure.observation import DEVIATIONS, Deviation, Judged, Observation, Presence
from posture.measure.smoothing import Smoother, smooth
from posture.measure.standing import Fits, on_straight_legs, which_fits
from posture.pose.landmarks import Pose
from posture.settings import Settings

SHIFT_SW = 0.12
DROP_SW = 0.10
SIZE_RATIO = 0.10
"""How far the shoulders, the head or the size of the face must change for a postural shift [design choices]."""
MAX_STANDING_LEAN_IN = 0.5
"""A face larger than at the baseline by more than this is near rather than standing [design choice]."""
MIN_SIZE_RATIO = 0.10
"""A person smaller than this part of the picture's height is over 3 m away, or a false find [design choice]."""
MIN_BASELINE_RATIO = 0.45
"""A person smaller than this part of the baseline is over twice as far: not the one at the desk [design choice]."""
NOT_UPRIGHT = {
    1: mark("the picture lies on its side: set camera.rotate to auto"),
    2: mark("the picture is upside down: set camera.rotate to auto"),
    3: mark("the picture lies on its side: set camera.rotate to auto"),
}
_SMOOTHED = tuple(spec.name for spec in fields(Measures) if spec.name not in ("sd", "not_observable"))


@dataclass(frozen=True)
class Observer:
    """What is remembered between looks."""

    smoothers: Mapping[str, Smoother] = field(default_factory=dict)
    """One for each measure."""
    fits: Fits = ""
    """Which baseline the user fitted last; empty for neither, and where there is no standing baseline."""
    stood_s: float = -math.inf
    """When they last fitted the standing one, seconds."""


def observe(
    state: Observer,
    t_s: float,
    found: Pose | Person | None,
    baseline: Baseline | None,
    settings: Settings,
    *,
    blind: str = "",
    model: str = "lite",
    standing: Baseline | None = None,
) -> tuple[Observer, Observation, Measures]:
    """Take one look; the measures that it returns are smoothed.

    Parameters
    ----------
    t_s : float
        Time of the look, seconds.
    found : Pose, Person or None
        The user, if found.
    baseline : Baseline or None
        Without one, deviations are not judged.
    blind : str
        Why nothing can be seen in the frame (dark, covered); empty when something can.
    model : str
        The pose model that found them.
    standing : Baseline or None
        How the user stands at work. With it, whichever of the two baselines they fit tells standing from sitting; what
        deviates is judged by the sitting one alone.
    """
    person = None if found is None else Person.of(found, settings.pose.min_visibility)
    known = [each for each in (baseline, standing) if each is not None]
    if person is None or not _is_near(person, known):
        presence: Presence = "unknown" if blind else "away"
        return state, Observation(t_s, presence, reason=blind), Measures()
    if turns := person.turns:
        return Observer(), Observation(t_s, "unknown", NOT_UPRIGHT[turns]), Measures()
    raw = measure(person, baseline, settings, model)
    fits: Fits = ""
    if standing is not None:
        fits = which_fits(person, baseline, standing, state.fits, settings.measure.standing_rise_sw)
    stood_s = t_s if fits == "standing" else state.stood_s
    presence, reason = ("standing", "") if fits == "standing" else _presence(person, raw, baseline, fits, settings)
    if presence != "sitting":
        return Observer({}, fits, stood_s), Observation(t_s, presence, reason, distance_cm=raw.distance_cm), raw
    smoothers: dict[str, Smoother] = {}
    values: dict[str, float | None] = {}
    for name in _SMOOTHED:
        smoothers[name], values[name] = smooth(state.smoothers.get(name, Smoother()), t_s, getattr(raw, name))
    smoothed = Measures(**values, sd=raw.sd, not_observable=raw.not_observable)
    levels: Mapping[Deviation, float | None] = {}
    judged = dict.fromkeys(DEVIATIONS, Judged(why=NO_BASELINE))
    if baseline is not None:
        levels, judged = judge(smoothed, settings.measure)
    observation = Observation(
        t_s,
        "sitting",
        levels=levels,
        posture=_posture(smoothed),
        distance_cm=smoothed.distance_cm,
        judged=judged,
    )
    return Observer(smoothers, fits, stood_s), observation, smoothed


def _is_near(person: Person, known: list[Baseline]) -> bool:
    """Whether this can be the person at the desk, rather than somebody behind or a jumble taken for a person."""
    size_px, width_px = person.geometry.size_px, person.pose.frame_w_px
    if size_px < MIN_SIZE_RATIO * person.pose.frame_h_px:
        return False
    usual_px = [each.geometry.size_px * width_px / each.pose.frame_w_px for each in known]
    return not usual_px or size_px > MIN_BASELINE_RATIO * min(usual_px)


def _presence(
    person: Person, raw: Measures, baseline: Baseline | None, fits: Fits, settings: Settings
) -> tuple[Presence, str]:
    """Tell sitting from standing where nobody fits a standing baseline."""
    pose, seen = person.pose, person.geometry
    if baseline is not None and fits != "sitting":
        scale = pose.frame_w_px / baseline.pose.frame_w_px
        width_px = baseline.geometry.shoulder_width_px * scale
        # The head may have left the picture at the top: the model still says roughly where it is.
        rise_sw = (baseline.geometry.ears_px[1] * scale - seen.ears_px[1]) / width_px
        near = raw.lean_in_ratio is not None and raw.lean_in_ratio > MAX_STANDING_LEAN_IN
        if rise_sw > settings.measure.standing_rise_sw and not near:
            return "standing", ""
    elif baseline is None and on_straight_legs(pose, settings.pose.min_visibility):
        return "standing", ""
    if seen.face_seen or seen.shoulders_usable:
        return "sitting", ""
    return "unknown", mark("neither face nor shoulders are in the picture")


def _posture(measures: Measures) -> tuple[float, ...]:
    """See `Observation.posture`."""
    parts = (
        (measures.lateral_shift_sw, SHIFT_SW),
        (measures.head_drop_sw, DROP_SW),
        (measures.lean_in_ratio, SIZE_RATIO),
    )
    if any(value is None for value, _ in parts):
        return ()
    return tuple(value / unit for value, unit in parts if value is not None)
