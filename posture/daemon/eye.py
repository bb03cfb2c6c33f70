"""The sensing half of the loop: a frame becomes an observation. Pictures and landmarks end here."""

from __future__ import annotations

from dataclasses import dataclass

from posture.camera.frame import Frame
from posture.camera.light import blindness
from posture.measure.baseline import Baseline, Refusal, calibrate
from posture.measure.measures import Measures
from posture.measure.observation import Observation
from posture.measure.observe import Observer, observe
from posture.pose.landmarks import Pose, PoseModel
from posture.settings import Settings

__all__ = ["Eye", "Sight"]


@dataclass(frozen=True)
class Sight:
    """What one look gave; `calibrated` is set on the look that ends a calibration."""

    observation: Observation
    measures: Measures
    calibrated: Baseline | Refusal | None = None


class Eye:
    """Looks at frames, one after another.

    Parameters
    ----------
    model : PoseModel
    settings : Settings
    baseline : Baseline or None
        A stored one.
    calibrate_s : float
        How long to calibrate first; 0 not at all.
    """

    def __init__(
        self, model: PoseModel, settings: Settings, baseline: Baseline | None = None, calibrate_s: float = 0.0
    ) -> None:
        self._model, self._settings = model, settings
        self.baseline = baseline
        self._calibrate_s = calibrate_s
        self._samples: list[tuple[float, Pose | None]] = []
        self._state = Observer()

    @property
    def calibrating(self) -> bool:
        """Whether looks go into the baseline as well."""
        return self._calibrate_s > 0

    def look(self, frame: Frame) -> Sight:
        """Look at one frame."""
        pose = self._model.find(frame)
        # Light matters only where nobody is found: a person who is seen is seen.
        blind = blindness(frame.image) if pose is None else ""
        calibrated = self._calibrate(frame.t_s, pose) if self.calibrating else None
        self._state, observation, measures = observe(
            self._state, frame.t_s, pose, self.baseline, self._settings, blind=blind, model=self._settings.pose.model
        )
        return Sight(observation, measures, calibrated)

    def _calibrate(self, t_s: float, pose: Pose | None) -> Baseline | Refusal | None:
        self._samples.append((t_s, pose))
        if t_s - self._samples[0][0] < self._calibrate_s:
            return None
        found = calibrate(self._samples, self._settings.pose.min_visibility)
        if isinstance(found, Baseline):
            self.baseline = found
        self._calibrate_s, self._samples, self._state = 0.0, [], Observer()
        return found
