"""Side-bends of known angle and duration, seen by the real model: what is credited is what was held.

The truth file is the referee. `bend_left` is leaning left with the right arm up: it lengthens the right side.
"""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from posture.camera.video import VideoFile
from posture.coach import selfcheck
from posture.coach.checks import Checker, see
from posture.coach.exercises import find_exercise
from posture.coach.findings import findings
from posture.coach.hold import Entered, Event, HoldPlan, HoldState, Left, Paused, advance, plan_for
from posture.coach.selfcheck import Tracker
from posture.pose.landmarks import Pose, PoseModel

pytestmark = pytest.mark.slow

Poses = list[tuple[float, Pose | None]]
CLIP = Path(__file__).parents[1] / "data/stretch_a.mp4"
TRUTH = json.loads(CLIP.with_suffix(".truth.json").read_text())
LENGTHENS = {"bend_left": "right", "bend_right": "left"}
WITHIN_S = 1.5
LOOKS_PER_S = 7.5  # every other frame


@pytest.fixture(scope="module")
def poses(lite: PoseModel) -> Poses:
    found = []
    with VideoFile(CLIP) as video:
        number = 0
        while (t_s := video.grab()) is not None:
            if number % 2 == 0:
                found.append((t_s, lite.find(video.retrieve())))
            number += 1
    return found


def lead(poses: Poses, plan: HoldPlan, every: int = 1) -> tuple[HoldState, list[Event]]:
    checker, state, events = Checker("side_bend"), HoldState(), []
    for t_s, pose in poses[::every]:
        checker, look = see(checker, t_s, pose)
        state, now = advance(state, look, plan)
        events += now
    return state, events


def truth_s(side: str) -> float:
    return sum(
        segment["end"] - segment["start"] for segment in TRUTH["segments"] if LENGTHENS.get(segment["label"]) == side
    )


PLAN = plan_for(find_exercise("ql_stand"), ("left", "right"), 240.0, seen=True)


@pytest.mark.parametrize("every", [1, 2], ids=["7.5 looks a second", "3.75 looks a second"])
@pytest.mark.parametrize("side", ["left", "right"])
def test_seconds_of_each_side(poses: Poses, side: str, every: int) -> None:
    state, _ = lead(poses, PLAN, every)
    tolerance_s = WITHIN_S * every  # half as many looks tell half as well when it began
    assert state.held_s[side] == pytest.approx(truth_s(side), abs=tolerance_s)  # type: ignore[index]


def test_the_wrong_side_is_never_credited(poses: Poses) -> None:
    _, events = lead(poses, PLAN)
    spans = [(event.t_s - event.hold_s, event.t_s, event.side) for event in events if isinstance(event, Left)]
    assert len(spans) == 5
    for since_s, until_s, side in spans:
        overlaps = {
            segment["label"]: min(until_s, segment["end"]) - max(since_s, segment["start"])
            for segment in TRUTH["segments"]
            if min(until_s, segment["end"]) - max(since_s, segment["start"]) > WITHIN_S
        }
        assert {LENGTHENS.get(label) for label in overlaps} == {side}


def test_shallow_bends_begin_no_hold_and_leaving_pauses(poses: Poses) -> None:
    _, events = lead(poses, PLAN)
    for segment in TRUTH["segments"]:
        if segment["label"].startswith("shallow"):
            assert not [e for e in events if isinstance(e, Entered) and segment["start"] <= e.t_s < segment["end"]]
    (paused,) = [event for event in events if isinstance(event, Paused)]
    (away,) = [segment for segment in TRUTH["segments"] if segment["label"] == "away"]
    assert 0 < paused.t_s - away["start"] < 2.5


def test_a_self_check_finds_both_sides_equal_as_they_are(poses: Poses) -> None:
    tracker, state = Tracker("side-bend"), selfcheck.SelfCheckState()
    check = selfcheck.CHECKS["side-bend"]
    for t_s, pose in poses:
        tracker, look = selfcheck.measured(tracker, t_s, pose)
        state, _ = selfcheck.advance(state, check, t_s, look)
    # The trunk leans 24.4 degrees to either side at most; the camera's error is 5 to 10.
    assert state.best["left"] == pytest.approx(24.4, abs=5)
    assert state.best["right"] == pytest.approx(24.4, abs=5)
    assert state.tries == {"left": 3, "right": 2}
    assert findings([(0.0, "side-bend", state.best)]) == ()


def test_one_side_alone(poses: Poses) -> None:
    state, _ = lead(poses, plan_for(find_exercise("ql_stand"), ("right",), 240.0, seen=True))
    assert set(state.held_s) == {"right"}
    assert state.held_s["right"] == pytest.approx(truth_s("right"), abs=WITHIN_S)


def test_a_supple_persons_own_band_does_not_let_a_shallow_bend_through(poses: Poses) -> None:
    own = plan_for(find_exercise("ql_stand"), ("left", "right"), 240.0, seen=True, own_most={"left": 24, "right": 24})
    assert own.bands["left"][0] == pytest.approx(14.4)
    state, _ = lead(poses, own)
    assert state.held_s["left"] == pytest.approx(truth_s("left"), abs=WITHIN_S)
