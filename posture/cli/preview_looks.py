"""What the preview shows of one look: the picture, how the person sits in it, and each deviation as a bar.

It looks through the analyzer of the watch, so that what it shows is what the watch would judge.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal

from posture.camera.frame import Frame
from posture.camera.source import open_source
from posture.camera.source_kind import kind_of_source
from posture.coach.bars import Bar, bar_lines, bars_of, wrapped
from posture.errors import PostureError
from posture.history.calibrations import Which, load_baseline
from posture.measure.baseline import STRETCH_S, Baseline, Refusal
from posture.measure.observation import Observation
from posture.perception.analyzer import ELSEWHERE, MOVED, Analysis, FrameAnalyzer
from posture.perception.framing import Framing, framing_of
from posture.pose.landmarks import Pose, PoseModel
from posture.pose.open_model import open_pose_model
from posture.pose.upright import turned
from posture.sensor.view_process import played, quick
from posture.settings import Settings

LOOKS_PER_S = 5.0
"""Often enough to follow a movement, and no more than the judging model manages on a laptop [design choice]."""
MOVED_S = 3.0
"""A calibration of the preview's own is made again when the camera seems to have been moved this long
[design choice]."""
NOT_SITTING = {"standing": "standing", "away": "nobody sits there"}
KEPT = "Judged by the calibration of this camera."
PROVISIONAL = (
    "Judged by how you sat just now, for this preview only; posture calibrate makes a calibration that is kept."
)
FORMING = "No calibration is kept for this camera; one is made for this preview:"
AGAIN = "The camera was moved; a new calibration is made for this preview:"

Calibrated = Literal["none", "provisional", "kept"]


@dataclass(frozen=True, eq=False)
class Seen:
    """What one look shows."""

    frame: Frame
    """Turned so that people in it are upright."""
    pose: Pose | None
    framing: Framing
    observation: Observation
    bars: tuple[Bar, ...]
    """Empty unless somebody sits there."""
    calibration: Calibrated
    """By what is judged: "provisional" is a calibration that was made for this preview."""
    note: str
    """What there is to say of the calibration."""

    @property
    def presence(self) -> str:
        """Whether somebody sits there, in words."""
        look = self.observation
        if look.presence == "sitting":
            return "sitting"
        return f"{NOT_SITTING.get(look.presence, look.reason)}: nothing is judged"

    @property
    def state(self) -> object:
        """What a user would call a change when it differs; seconds that are counted down are none."""
        bars = [(bar.over, bar.why, bar.coarse) for bar in self.bars]
        note = "".join(letter for letter in self.note if not letter.isdigit())
        return self.framing, self.observation.presence, self.observation.reason, bars, self.calibration, note


def preview_looks(source: str, settings: Settings, *, pace: bool = False) -> Iterator[Seen]:
    """Look at a camera or a video several times a second; `pace` plays a file at its own pace.

    Without a kept calibration one is made of the first still seconds. A PostureError says that there is no such source.
    """
    with open_source(source, quick(settings.camera)) as opened, open_pose_model(settings) as model:
        problem, kept, standing = "", None, None
        try:
            which = Which(opened.name, *opened.identity)
            kept, standing = load_baseline(settings, which), load_baseline(settings, which, standing=True)
        except PostureError as error:  # without it, one is made
            problem = str(error)
        shown = _Shown(model, settings, kept, standing, problem)
        for _ in played(opened, lambda: LOOKS_PER_S, pace=pace and kind_of_source(source) != "camera"):
            yield shown.look(opened.retrieve())


class _Shown:
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
        self._why_made = FORMING
        self._moved_since_s: float | None = None

    def _new(self) -> FrameAnalyzer:
        calibrate_s = 0.0 if self._kept else STRETCH_S
        return FrameAnalyzer(
            self._model, self._settings, self._kept, calibrate_s, provisional=True, standing=self._standing
        )

    def look(self, frame: Frame) -> Seen:
        analyzer = self._analyzer
        analysis = analyzer.look(frame)
        look, moved = analysis.observation, analyzer.moved
        if self._kept is None:
            self._calibrate_again(analysis)
        pose = analyzer.user.pose if analyzer.user is not None else None
        frame = replace(frame, image=turned(frame.image, analyzer.turned_by))
        calibration: Calibrated = "kept" if self._kept else "provisional" if analyzer.baseline is not None else "none"
        bars = bars_of(look.levels, look.judged) if look.presence == "sitting" else ()
        if calibration == "none":
            said = [self._problem, self._why_made, analyzer.feedback]
        elif any(bar.level is not None for bar in bars):
            said = [self._problem, KEPT if self._kept else PROVISIONAL]
        else:
            said = [moved]
        return Seen(
            frame=frame,
            pose=pose,
            framing=framing_of(frame, pose, self._settings.pose.min_visibility),
            observation=look,
            bars=bars,
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
            self._why_made, self._moved_since_s = AGAIN, None
        elif isinstance(analysis.calibrated, Refusal):
            self._why_made = analysis.calibrated.sentence
            self._analyzer.calibrate(STRETCH_S)


def block(seen: Seen, columns: int = 80, *, plain: bool = False) -> list[str]:
    """Write a look as lines, none longer than `columns`; `plain` for where only ASCII can be shown."""
    found = [f"{'  ok' if good else '  --'}  {line}"[:columns] for good, line in seen.framing.lines]
    found += wrapped(seen.framing.advice, columns)
    found += ["", *wrapped(seen.presence, columns)]
    found += bar_lines(seen.bars, columns, plain=plain) if seen.bars else []
    return found + (wrapped(seen.note, columns) if seen.note else [])


def legend(dwell_s: float, columns: int = 80) -> list[str]:
    """Say what the signs mean, and how it is ended."""
    text = (
        f"The mark is the threshold, what is lighter is uncertain; ! counts once it has lasted for {dwell_s:.0f} s. "
        "Esc or q ends. No picture is kept."
    )
    return wrapped(text, columns)


def seen_json(seen: Seen) -> dict[str, Any]:
    """A look as one JSON object; docs/commands.md has the keys."""
    look, framing = seen.observation, seen.framing
    return {
        "v": 1,
        "t": round(look.t_s, 2),
        "presence": look.presence,
        "reason": look.reason,
        "levels": {kind: _rounded(level) for kind, level in look.levels.items()},
        "judged": {
            kind: {name: _rounded(value) for name, value in asdict(judged).items()}
            for kind, judged in look.judged.items()
        },
        "light": framing.light,
        "parts": framing.parts,
        "ready": framing.ready,
        "lines": [{"ok": good, "text": line} for good, line in framing.lines],
        "advice": framing.advice,
        "calibration": seen.calibration,
        "note": seen.note,
    }


def _rounded(value: Any) -> Any:
    return round(value, 3) if isinstance(value, float) else value
