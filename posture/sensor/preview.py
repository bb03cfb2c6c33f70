"""What a preview shows of one look: the picture, how the person sits in it, and what is judged by which calibration.

It looks through the analyzer of the watch, so that what it shows is what the watch would judge.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from posture.camera.frame import Frame
from posture.errors import PostureError
from posture.history.calibrations import Which, load_baseline
from posture.language import mark, tr
from posture.measure.baseline import STRETCH_S, Baseline, Refusal
from posture.measure.observation import Observation
from posture.perception.analyzer import ELSEWHERE, MOVED, Analysis, FrameAnalyzer
from posture.perception.framing import Framing, framing_of
from posture.pose.landmarks import Pose, PoseModel
from posture.pose.upright import turned
from posture.settings import Settings

MOVED_S = 3.0
"""A calibration of the preview's own is made again when the camera seems to have been moved this long
[design choice]."""
NOT_SITTING = {"standing": mark("standing"), "away": mark("nobody sits there")}
KEPT = mark("Judged by the calibration of this camera.")
PROVISIONAL = mark("Judged by how you sat just now, for this preview only; what you calibrate yourself is kept.")
FORMING = mark("No calibration is kept for this camera; one is made for this preview:")
AGAIN = mark("The camera was moved; a new calibration is made for this preview:")

Calibrated = Literal["none", "provisional", "kept"]


def presence_of(look: Observation) -> str:
    """Whether somebody sits there, in words."""
    if look.presence == "sitting":
        return tr("sitting")
    # Translators: {what} says why, such as "nobody sits there"
    return tr("{what}: nothing is judged", what=tr(NOT_SITTING.get(look.presence, look.reason)))


@dataclass(frozen=True, eq=False)
class Seen:
    """What one look shows."""

    frame: Frame
    """Turned so that people in it are upright."""
    pose: Pose | None
    framing: Framing
    observation: Observation
    calibration: Calibrated
    """By what is judged: "provisional" is a calibration that was made for this preview."""
    note: str
    """What there is to say of the calibration."""

    @property
    def presence(self) -> str:
        """Whether somebody sits there, in words."""
        return presence_of(self.observation)

    @property
    def state(self) -> object:
        """What a user would call a change when it differs; seconds that are counted down are none."""
        look = self.observation
        judged = [
            ((look.levels.get(kind) or 0.0) >= 1.0, found.why, found.coarse) for kind, found in look.judged.items()
        ]
        note = "".join(letter for letter in self.note if not letter.isdigit())
        return self.framing, look.presence, look.reason, judged, self.calibration, note


class Preview:
    """The analyzer, and what there is to say of its calibration.

    `kept` and `standing` are the stored baselines, and `problem` why they cannot be used.
    """

    def __init__(
        self,
        model: PoseModel,
        settings: Settings,
        kept: Baseline | None,
        standing: Baseline | None = None,
        problem: str = "",
    ) -> None:
        self._model, self._settings, self._kept, self._standing = model, settings, kept, standing
        self._problem = problem
        self._analyzer = self._new()
        self._why_made = tr(FORMING)
        self._moved_since_s: float | None = None

    @classmethod
    def by_what_is_kept(cls, model: PoseModel, settings: Settings, which: Which) -> Preview:
        """Judge by the baselines that are stored for a camera, if they can be read."""
        problem, kept, standing = "", None, None
        try:
            kept, standing = load_baseline(settings, which), load_baseline(settings, which, standing=True)
        except PostureError as error:  # without it, one is made
            problem = str(error)
        return cls(model, settings, kept, standing, problem)

    def _new(self) -> FrameAnalyzer:
        calibrate_s = 0.0 if self._kept else STRETCH_S
        return FrameAnalyzer(
            self._model, self._settings, self._kept, calibrate_s, provisional=True, standing=self._standing
        )

    def look(self, frame: Frame) -> Seen:
        """Look at a frame."""
        analyzer = self._analyzer
        analysis = analyzer.look(frame)
        look, moved = analysis.observation, analyzer.moved
        if self._kept is None:
            self._calibrate_again(analysis)
        pose = analyzer.user.pose if analyzer.user is not None else None
        frame = replace(frame, image=turned(frame.image, analyzer.turned_by))
        calibration: Calibrated = "kept" if self._kept else "provisional" if analyzer.baseline is not None else "none"
        if calibration == "none":
            said = [self._problem, self._why_made, analyzer.feedback]
        elif look.presence == "sitting" and any(level is not None for level in look.levels.values()):
            said = [self._problem, tr(KEPT if self._kept else PROVISIONAL)]
        else:
            said = [tr(moved)]
        return Seen(
            frame=frame,
            pose=pose,
            framing=framing_of(frame, pose, self._settings.pose.min_visibility),
            observation=look,
            calibration=calibration,
            note=" ".join(part for part in said if part),
        )

    def _calibrate_again(self, analysis: Analysis) -> None:
        """Make another calibration after one that was refused, or that no longer fits: a camera is tried out here."""
        look = analysis.observation
        moved = look.reason == ELSEWHERE or any(judged.why == MOVED for judged in look.judged.values())
        self._moved_since_s = (look.t_s if self._moved_since_s is None else self._moved_since_s) if moved else None
        if self._moved_since_s is not None and look.t_s - self._moved_since_s >= MOVED_S:
            self._analyzer = self._new()
            self._why_made, self._moved_since_s = tr(AGAIN), None
        elif isinstance(analysis.calibrated, Refusal):
            self._why_made = analysis.calibrated.sentence
            self._analyzer.calibrate(STRETCH_S)
