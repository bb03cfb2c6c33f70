"""The sensing half of the loop: a frame becomes an observation. Pictures and landmarks end here."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from posture.camera.frame import Frame, FrameSource
from posture.camera.gate import change
from posture.camera.light import blindness, small_luma
from posture.daemon.cadence import Demand, must_infer
from posture.daemon.meter import Meter
from posture.daemon.user import is_user
from posture.measure.baseline import Baseline, Refusal, calibrate
from posture.measure.drift import Drift, watch_drift
from posture.measure.measures import Measures
from posture.measure.observation import Observation
from posture.measure.observe import Observer, observe
from posture.pose.landmarks import Landmark, Pose, PoseModel
from posture.settings import Settings

__all__ = ["Eye", "Sight"]

OTHER_MARGIN_SW = 0.6
"""How far around head and shoulders a person is painted over, in their own shoulder widths [design choice]."""


@dataclass(frozen=True)
class Sight:
    """What one look gave; `calibrated` is set on the look that ends a calibration.

    `measures` is None where the model did not run: because nothing can be seen, or because the picture has not changed
    (by `changed` of its cells) and what was seen last still stands.
    """

    observation: Observation
    measures: Measures | None
    calibrated: Baseline | Refusal | None = None
    changed: float = 1.0


@dataclass(frozen=True, eq=False)
class _Inferred:
    """The picture that the model saw last, small, and what came of it."""

    t_s: float
    luma: NDArray[np.uint8]
    observation: Observation


class Eye:
    """Looks at frames, one after another.

    Parameters
    ----------
    model : PoseModel
        One that looks at each picture alone: one that follows people sees them go on sitting in an empty chair when
        looks are seconds apart.
    settings : Settings
    baseline : Baseline or None
        A stored one.
    calibrate_s : float
        How long to calibrate first; 0 not at all.
    meter : Meter, optional
        Where the cost is written down.
    """

    def __init__(
        self,
        model: PoseModel,
        settings: Settings,
        baseline: Baseline | None = None,
        calibrate_s: float = 0.0,
        meter: Meter | None = None,
    ) -> None:
        self._model, self._settings = model, settings
        self.baseline = baseline
        self.meter = meter or Meter()
        self._calibrate_s = calibrate_s
        self._samples: list[tuple[float, Pose | None]] = []
        self._state = Observer()
        self._drift = Drift()
        self.moved = ""
        """What to say while the camera seems to have been moved since the calibration; empty otherwise."""
        self._inferred: _Inferred | None = None

    @property
    def calibrating(self) -> bool:
        """Whether looks go into the baseline as well."""
        return self._calibrate_s > 0

    def use(self, baseline: Baseline | None) -> None:
        """Use a stored baseline; with one, there is no calibration."""
        if baseline is not None:
            self.baseline, self._calibrate_s = baseline, 0.0

    def calibrate(self, seconds: float) -> None:
        """Calibrate on the next `seconds` of looks."""
        self._calibrate_s, self._samples = seconds, []

    def look(self, frame: Frame) -> Sight:
        """Look at one frame with the model."""
        return self._infer(frame, small_luma(frame.image))

    def glance(self, source: FrameSource, t_s: float, demand: Demand) -> Sight:
        """Look at the frame grabbed last; run the model only where `demand` says so.

        Parameters
        ----------
        source : FrameSource
        t_s : float
            When that frame was taken.
        demand : Demand

        Raises
        ------
        posture.errors.PostureError
            The frame cannot be decoded.
        """
        meter, last = self.meter, self._inferred
        with meter.stage("decode"):
            luma = source.luma()
            meter.counts["decoded_small"] += 1
        with meter.stage("gate"):
            blind = blindness(luma, nobody=False)
            changed = 1.0 if last is None else change(last.luma, luma)
        if blind:
            self._inferred = None
            return Sight(Observation(t_s, "unknown", blind), None, changed=changed)
        if last is None or self.calibrating or must_infer(changed, t_s - last.t_s, demand):
            with meter.stage("decode"):
                frame = source.retrieve()
                meter.counts["decoded"] += 1
            return replace(self._infer(Frame(frame.image, t_s), luma), changed=changed)
        return Sight(replace(last.observation, t_s=t_s), None, changed=changed)

    def _infer(self, frame: Frame, luma: NDArray[np.uint8]) -> Sight:
        with self.meter.stage("inference"):
            pose = self._find_user(frame)
            self.meter.counts["inferred"] += 1
        # Poor light matters only where nobody is found: a person who is seen is seen.
        blind = blindness(luma, nobody=True) if pose is None else ""
        calibrated = self._calibrate(frame.t_s, pose) if self.calibrating else None
        self._state, observation, measures = observe(
            self._state, frame.t_s, pose, self.baseline, self._settings, blind=blind, model=self._settings.pose.judge
        )
        observation = self._watch_drift(observation, pose)
        self._inferred = _Inferred(frame.t_s, luma, observation)
        return Sight(observation, measures, calibrated)

    def _watch_drift(self, observation: Observation, pose: Pose | None) -> Observation:
        """Against a calibration that no longer fits, how far a posture is from upright is not known."""
        if pose is not None and self.baseline is not None and observation.presence == "sitting":
            self._drift, self.moved = watch_drift(
                self._drift, observation.t_s, pose, self.baseline, self._settings.pose.min_visibility
            )
        if not self.moved:
            return observation
        return replace(observation, levels=dict.fromkeys(observation.levels))

    def _find_user(self, frame: Frame) -> Pose | None:
        """The user's pose. Where the model finds somebody else, that one is painted over, and it looks once more."""
        pose = self._model.find(frame)
        if pose is None or self.baseline is None or self._is_user(pose):
            return pose
        pose = self._model.find(Frame(_without(frame.image, pose), frame.t_s))
        return pose if pose is not None and self._is_user(pose) else None

    def _is_user(self, pose: Pose) -> bool:
        return self.baseline is None or is_user(pose, self.baseline, self._settings.pose.min_visibility)

    def _calibrate(self, t_s: float, pose: Pose | None) -> Baseline | Refusal | None:
        self._samples.append((t_s, pose))
        if t_s - self._samples[0][0] < self._calibrate_s:
            return None
        found = calibrate(self._samples, self._settings.pose.min_visibility, self._settings.pose.judge)
        if isinstance(found, Baseline):
            self.baseline = found
            self._drift, self.moved = Drift(), ""
        self._calibrate_s, self._samples, self._state = 0.0, [], Observer()
        return found


def _without(image: NDArray[np.uint8], pose: Pose) -> NDArray[np.uint8]:
    """The picture with head and trunk of one person painted over."""
    rows = list(range(Landmark.RIGHT_SHOULDER + 1))
    x, y = pose.landmarks[rows, 0], pose.landmarks[rows, 1]
    shoulders = pose.landmarks[[Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER], 0]
    margin = OTHER_MARGIN_SW * max(float(np.ptp(shoulders)), float(np.ptp(y)) / 2)
    left, right = max(0, int(x.min() - margin)), max(0, int(x.max() + margin))
    top = max(0, int(y.min() - margin))
    bottom = max(0, int(y.max() + 2 * margin))
    painted = image.copy()
    painted[top:bottom, left:right] = image.mean(axis=(0, 1)).astype(np.uint8)
    return painted
