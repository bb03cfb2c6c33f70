"""The sensing half of the loop: a frame becomes an observation. Pictures and landmarks go no further than this."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from posture.camera.frame import Frame, FrameSource
from posture.camera.light import blindness, dark_luma_after, small_luma
from posture.language import mark
from posture.measure.baseline import STRETCH_S, Baseline, Refusal
from posture.measure.geometry import Person
from posture.measure.measures import Measures
from posture.measure.observation import Judged, Observation
from posture.measure.observe import Observer, observe
from posture.measure.standing import on_straight_legs, which_fits
from posture.perception.calibration import Calibration, ended, feedback, missing, take
from posture.perception.closer import closer_place, enlarged, in_whole, is_doubtful
from posture.perception.drift import Drift, watch_drift
from posture.perception.gate import Demand, must_infer
from posture.perception.meter import CostMeter
from posture.perception.seen import Seen, most_like, remembered
from posture.perception.stationary import StationaryPeople, is_stationary, is_still_there
from posture.perception.taller import Proposal, Search, advance, begun_anew, proposal, taller
from posture.perception.user_filter import is_user
from posture.perception.viewpoint import Viewpoint, watch_viewpoint
from posture.pose.landmarks import Landmark, Pose, PoseModel
from posture.pose.upright import UprightModel, turned
from posture.settings import Settings

TURNED = mark(
    "The camera looks elsewhere than at the calibration: it was turned or tilted. Turn it back, or calibrate again."
)
MOVED = mark("the camera was moved since the calibration")
ELSEWHERE = mark("the camera looks elsewhere than before")
LOST_S = 120.0
"""How long a user whom the model has lost is taken to be still there, if nothing changes in their place
[design choice]."""
MOST_OTHERS = 2
"""How many other people are painted over in one picture, to find the user [design choice]."""
DESK_S = 60.0
"""How long after standing another view is taken for that of the lowered desk [design choice]."""
HOME_S = 2 * 3600.0
"""How long a camera that was moved may come back to where it was, as with a desk that is lowered [design choice]."""
OTHER_MARGIN_SW = 0.6
"""How far around head and shoulders they are painted over, in their own shoulder widths [design choice]."""


@dataclass(frozen=True)
class Analysis:
    """What one look gave."""

    observation: Observation
    measures: Measures | None
    """None if the model did not run: nothing can be seen, or the picture has not changed enough and the last
    observation still stands."""
    calibrated: Baseline | Refusal | None = None
    """Set on the look that ends a calibration."""
    changed: float = 1.0
    """Share of the picture that has changed since the last inference."""


@dataclass(frozen=True, eq=False)
class _Home:
    """A view that was left at `left_s`, as it is compared now, and the provisional baseline that fits it."""

    left_s: float
    view: Viewpoint
    baseline: Baseline

    @property
    def is_back(self) -> bool:
        """Whether the camera looks there again."""
        return not (self.view.changed or self.view.turned)


class FrameAnalyzer:
    """Judges one frame after another.

    Parameters
    ----------
    model : PoseModel
        One that takes each picture by itself. A model that tracks people goes on seeing them in an empty chair when
        looks are seconds apart.
    baseline : Baseline or None
        A stored one.
    calibrate_s : float
        How long to calibrate first; 0 for not at all.
    meter : CostMeter, optional
        Takes down what it costs.
    provisional : bool
        Whether what a calibration finds is provisional, and a taller way of sitting is looked for ever after.
    standing : Baseline or None
        A stored one of the user standing.

    Attributes
    ----------
    baseline : Baseline or None
        The one in use.
    moved : str
        The sentence for the user, in English, while the camera seems to have been moved since the calibration; empty
        otherwise.
    user : Person or None
        Whom the last inference found, in the picture as it was turned; for a window that draws them.
    missing : str
        Without a baseline, why the last look is no part of one, in a few words of English; empty otherwise.
    """

    def __init__(
        self,
        model: PoseModel,
        settings: Settings,
        baseline: Baseline | None = None,
        calibrate_s: float = 0.0,
        meter: CostMeter | None = None,
        *,
        provisional: bool = False,
        standing: Baseline | None = None,
    ) -> None:
        self._model, self._settings, self._provisional = model, settings, provisional
        self.baseline, self._standing = baseline, standing
        self.meter = meter or CostMeter()
        self._calibration = Calibration(calibrate_s) if calibrate_s > 0 else None
        self._observer, self._people = Observer(), StationaryPeople()
        self._drift, self._view, self.moved = Drift(), Viewpoint(), ""
        self._home: _Home | None = None
        self._seen: tuple[Seen, ...] = ()
        self._found_luma: float | None = None
        self._search = Search()
        self.user: Person | None = None
        self.missing = ""

    @property
    def calibrating(self) -> bool:
        """Whether looks are collected for a baseline, which those of a user who stands are not."""
        return self._calibration is not None and self._observer.fits != "standing"

    @property
    def turned_by(self) -> int:
        """Quarter turns, counterclockwise, from the camera's picture to the one that landmarks were found in."""
        return self._model.turned_by if isinstance(self._model, UprightModel) else 0

    @property
    def feedback(self) -> str:
        """What to do for a calibration that goes on, in a few words; empty where none does."""
        return feedback(self._calibration) if self._calibration is not None else ""

    def use(self, baseline: Baseline | None, standing: Baseline | None = None) -> None:
        """Use a stored baseline, if there is one, instead of calibrating; and that of the user standing."""
        self._standing = standing
        if baseline is not None:
            self._calibration = self._home = None
            self._fit(baseline)

    def calibrate(self, seconds: float) -> None:
        """Calibrate on the next looks, for `seconds` or until the user has been still for a while."""
        self._calibration = Calibration(seconds)

    @property
    def proposal(self) -> Proposal | None:
        """The baseline that the user may keep."""
        return proposal(self._search, self.baseline) if self._provisional else None

    def end_calibration(self) -> Baseline | Refusal | None:
        """Give what a calibration that still goes on has come to, where no more pictures come."""
        pose, calibration, self._calibration = self._settings.pose, self._calibration, None
        return ended(calibration, pose.min_visibility, pose.judge) if calibration is not None else None

    def look(self, frame: Frame) -> Analysis:
        """Run the model on a frame."""
        return self._infer(frame, small_luma(frame.image))

    def glance(self, source: FrameSource, t_s: float, demand: Demand) -> Analysis:
        """Look at the frame grabbed last, taken at `t_s`; run the model only if `demand` says so.

        A PostureError says that the frame cannot be decoded.
        """
        meter, seen = self.meter, self._seen
        if self._search.tall:
            seen = seen[-1:]  # how long somebody sits taller is counted by looks of the model
        with meter.stage("decode"):
            luma = source.luma()
            meter.counts["decoded_small"] += 1
        with meter.stage("gate"):
            blind = blindness(luma, nobody=False)
            alike, changed = most_like(seen, luma, t_s, demand) if seen else (None, 1.0)
        if blind:
            self._seen = ()
            return Analysis(Observation(t_s, "unknown", blind), None, changed=changed)
        wanted = self.calibrating or self._search.close_looks
        if alike is None or wanted or must_infer(changed, t_s - seen[-1].t_s, demand):
            with meter.stage("decode"):
                frame = source.retrieve()
                meter.counts["decoded"] += 1
            return replace(self._infer(Frame(frame.image, t_s), luma), changed=changed)
        return Analysis(replace(alike.observation, t_s=t_s), None, changed=changed)

    def _infer(self, frame: Frame, luma: NDArray[np.uint8]) -> Analysis:
        with self.meter.stage("inference"):
            user = self._find_user(frame, luma)
            self.meter.counts["inferred"] += 1
        self.user = user
        # What is remembered of the picture is remembered as it was turned; the gate compares it as the camera gives it.
        small, luma = luma, turned(luma, self.turned_by)
        # Poor light only matters if nobody is found in it.
        if user is None:
            blind = blindness(luma, nobody=True, dark_luma=dark_luma_after(self._found_luma))
        else:
            blind, self._found_luma = "", min(float(luma.mean()), self._found_luma or 255.0)
        calibrated = self._calibrate(self._calibration, frame.t_s, user) if self._calibration else None
        self.missing = missing(user) if self.baseline is None else ""
        last = self._seen[-1].observation if self._seen else None
        lost = user is None and not blind and last is not None and last.presence != "away"
        if last is not None and lost and is_still_there(self._people, luma):
            observation = self._lost_from_sight(last, frame.t_s)
            self._seen = remembered(self._seen, small, observation, self.baseline)
            return Analysis(observation, Measures(), calibrated)
        if user is None:
            self._people = replace(self._people, still=None)
        self._observer, observation, measures = observe(
            self._observer,
            frame.t_s,
            user,
            self.baseline,
            self._settings,
            blind=blind,
            model=self._settings.pose.judge,
            standing=self._standing,
        )
        before = self.baseline
        observation = self._watch_camera(observation, user, luma)
        calibrated = self.baseline if self.baseline is not before else calibrated
        self._seen = remembered(self._seen, small, observation, self.baseline)
        if self._provisional and not self.calibrating:
            calibrated = self._seek_taller(frame.t_s, user if observation.presence == "sitting" else None) or calibrated
        return Analysis(observation, measures, calibrated)

    def _seek_taller(self, t_s: float, sitter: Person | None) -> Baseline | None:
        """Look whether the user sits taller than the baseline, and take that in place of a provisional one."""
        pose, stands = self._settings.pose, not self.moved and not self._view.changed
        if self.moved and self.baseline is not None and self.baseline.provisional:
            # Nobody has to be asked for another one.
            self._home = self._home or _Home(t_s, self._view, self.baseline)
            self.baseline, self._search = None, Search()
            self._drift, self._view, self.moved = Drift(), Viewpoint(), ""
            self.calibrate(STRETCH_S)
            return None
        self._search = advance(
            self._search, t_s, sitter if stands else None, self.baseline, pose.min_visibility, pose.judge
        )
        if self.baseline is not None and not self.baseline.provisional:
            return None
        if (found := taller(self._search, self.baseline)) is None:
            return None
        self._search, self._observer = begun_anew(self._search), Observer()
        self._fit(replace(found.baseline, provisional=True))
        return self.baseline

    def _watch_camera(self, observation: Observation, user: Person | None, luma: NDArray[np.uint8]) -> Observation:
        """Take out of an observation what a camera that was moved cannot tell.

        If it looks elsewhere than where the user was last seen, an empty picture does not mean an empty chair, nor does
        a person higher in it mean one who stands. And deviations cannot be judged by a calibration that no longer fits.
        """
        pose = None if user is None else user.pose
        self._look_home(observation.t_s, luma, pose)
        self._view = watch_viewpoint(self._view, observation.t_s, luma, pose, observation.presence)
        if user is not None and (self._view.changed or self._view.turned) and self._desk_moved(observation.t_s):
            self._view = watch_viewpoint(Viewpoint(), observation.t_s, luma, pose, observation.presence)
        if self._view.changed and observation.presence in ("away", "standing"):
            return Observation(observation.t_s, "unknown", ELSEWHERE, view_fits=False)
        if observation.presence == "sitting" and user is not None and self.baseline is not None:
            self._drift, sentence = watch_drift(self._drift, observation.t_s, user, self.baseline)
            self.moved = TURNED if self._view.turned else sentence
        if not self.moved and not self._view.changed:
            return observation if self._home is None else replace(observation, view_fits=False)
        unjudged = dict.fromkeys(observation.judged, Judged(why=MOVED))
        return replace(observation, levels=dict.fromkeys(observation.levels), judged=unjudged, view_fits=False)

    def _look_home(self, t_s: float, luma: NDArray[np.uint8], pose: Pose | None) -> None:
        """Take up the view and the baseline that were left when the camera was moved, if it is back there in time."""
        if self._home is None:
            return
        home = replace(self._home, view=watch_viewpoint(self._home.view, t_s, luma, pose, "unknown"))
        self._home = home if not home.is_back and t_s - home.left_s <= HOME_S else None
        if home.is_back:
            self._fit(home.baseline)
            self._view, self._search, self._observer, self._calibration = home.view, Search(), Observer(), None

    def _stands(self, user: Person) -> bool:
        """Whether the user stands, so that their posture is no baseline of sitting."""
        if self._standing is None:
            return on_straight_legs(user.pose, self._settings.pose.min_visibility)
        lower_sw = self._settings.measure.standing_rise_sw
        return which_fits(user, self.baseline, self._standing, self._observer.fits, lower_sw) == "standing"

    def _desk_moved(self, t_s: float) -> bool:
        """Whether a view that has changed is that of the raised desk, or of the desk lowered again, and all is well."""
        fits, stood_s = self._observer.fits, self._observer.stood_s
        return fits == "standing" or (fits == "sitting" and t_s - stood_s <= DESK_S)

    def _lost_from_sight(self, last: Observation, t_s: float) -> Observation:
        """Let the last observation stand if nothing has changed where the user was; after a while it is unknown."""
        user = self._people.user
        if user is not None and t_s - user.t_s < LOST_S:
            return replace(last, t_s=t_s)
        return Observation(t_s, "unknown", mark("nobody is found where nothing has changed"))

    def _find_user(self, frame: Frame, luma: NDArray[np.uint8]) -> Person | None:
        """Find the user, in the whole picture or else by a closer look at where they sat."""
        return self._find_in_whole(frame, luma) or self._find_closer(frame, luma)

    def _find_closer(self, frame: Frame, luma: NDArray[np.uint8]) -> Person | None:
        if self.baseline is None or self.turned_by:
            return None
        height_px, width_px = frame.image.shape[:2]
        place = closer_place(self.baseline, width_px, height_px)
        if place is None:
            return None
        pose = self._model.find(Frame(enlarged(frame.image, place), frame.t_s))
        if pose is None or self.turned_by:
            return None
        person = Person.of(in_whole(pose, place, width_px, height_px), self._settings.pose.min_visibility)
        return person if self._is_user(person, frame.t_s, luma) else None

    def _find_in_whole(self, frame: Frame, luma: NDArray[np.uint8]) -> Person | None:
        """Find the user. Anybody else whom the model finds is painted over, and it runs once more."""
        image = frame.image
        for _ in range(1 + MOST_OTHERS):
            pose = self._model.find(Frame(image, frame.t_s))
            if pose is None:
                return None
            person = Person.of(pose, self._settings.pose.min_visibility)
            turns = self.turned_by
            doubtful = self.baseline is not None and is_doubtful(person, self.baseline)
            if not doubtful and self._is_user(person, frame.t_s, turned(luma, turns)):
                return person
            image = turned(_without(turned(image, turns), pose), -turns)
        return None

    def _is_user(self, person: Person, t_s: float, luma: NDArray[np.uint8]) -> bool:
        known = [each for each in (self.baseline, self._standing) if each is not None]
        if known and not any(is_user(person, each) for each in known):
            return False
        self._people, stationary = is_stationary(self._people, t_s, luma, person.pose)
        return not stationary

    def _fit(self, baseline: Baseline) -> None:
        """Use a baseline that fits the camera as it stands now."""
        self.baseline = baseline
        self._drift, self._view, self.moved = Drift(), Viewpoint(), ""

    def _calibrate(self, calibration: Calibration, t_s: float, user: Person | None) -> Baseline | Refusal | None:
        if user is not None and self._stands(user):
            return None
        pose = self._settings.pose
        self._calibration, found = take(calibration, t_s, user, pose.min_visibility, pose.judge)
        if found is not None:
            self._calibration, self._observer = None, Observer()
        if isinstance(found, Baseline):
            found = replace(found, provisional=self._provisional)
            self._fit(found)
        return found


def _without(image: NDArray[np.uint8], pose: Pose) -> NDArray[np.uint8]:
    """Paint over head and shoulders of a person."""
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
