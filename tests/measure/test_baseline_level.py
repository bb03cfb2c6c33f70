"""Who calibrates while leaning still leans: lean and shoulder line are judged against level by such a baseline."""

from __future__ import annotations

import json
import math
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from people import VISIBLE, baseline_like, mirrored, names, rendered, rolled, sitter

from posture.coach.asymmetry import Finding
from posture.coach.exercise import Side
from posture.history.calibrations import baseline_from_json, baseline_to_json
from posture.history.care import leaning
from posture.history.records import Memory
from posture.measure.baseline import UNLEVEL_SD_DEG, Baseline, baseline_of, calibrate
from posture.measure.geometry import Person
from posture.measure.levels import deviations_of
from posture.measure.measures import LINE_PER_LEAN, Measures, measure
from posture.measure.observe import Observer, observe
from posture.monitor.assemble import assemble
from posture.pose.landmarks import Landmark
from posture.settings import Settings

SETTINGS = Settings()
LEANS = [("Asian_F_1", "lat_lean_+10"), ("Asian_F_1", "lat_lean_-15"), ("White_M_1", "lat_lean_+10")]
"""Who leans in the rendered pictures, and by how much; all of them."""


def turned(person: Person, degrees: float) -> Person:
    pose = person.pose
    return Person.of(replace(pose, landmarks=rolled(pose.landmarks, degrees)), VISIBLE)


def seen(who: str, what: str, *, swapped: bool, roll_deg: float = 0.0) -> Person:
    person = rendered(f"{who}__{what}")
    return turned(mirrored(person) if swapped else person, roll_deg)


def taken(person: Person) -> Baseline:
    found = calibrate([(k / 4.0, person) for k in range(41)], VISIBLE, "heavy")
    assert isinstance(found, Baseline)
    return found


def judged(person: Person, baseline: Baseline) -> tuple[Measures, list[Any]]:
    found = measure(person, baseline, SETTINGS, "heavy")
    return found, deviations_of(found, SETTINGS.measure)


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize(("who", "lean"), LEANS)
def test_upright_is_upright_and_the_habit_a_lean_to_its_side(who: str, lean: str, swapped: bool) -> None:
    side = "right" if ("-" in lean) is not swapped else "left"
    habit = seen(who, lean, swapped=swapped)
    baseline = taken(habit)
    found, raised = judged(seen(who, "base", swapped=swapped), baseline)
    assert raised == []
    assert found.lateral_lean_deg is not None
    assert abs(found.lateral_lean_deg) < 3.0
    found, raised = judged(habit, baseline)
    assert raised == [f"lean_{side}"]
    assert found.lateral_lean_deg is not None
    assert 7.0 < math.copysign(found.lateral_lean_deg, 1.0) < 13.0


@pytest.mark.parametrize("roll_deg", [5.0, 10.0])
@pytest.mark.parametrize(("who", "lean"), LEANS)
def test_a_camera_rolled_the_same_way_changes_nothing_of_it(who: str, lean: str, roll_deg: float) -> None:
    """One rolled the other way makes a level line of a lean, and is not told from a tilted head."""
    roll_deg, side = (-roll_deg, "right") if "-" in lean else (roll_deg, "left")
    habit = seen(who, lean, swapped=False, roll_deg=roll_deg)
    baseline = taken(habit)
    assert judged(seen(who, "base", swapped=False, roll_deg=roll_deg), baseline)[1] == []
    assert judged(habit, baseline)[1] == [f"lean_{side}"]


@pytest.mark.parametrize("roll_deg", [-20.0, -10.0, -5.0, 5.0, 10.0, 20.0])
@pytest.mark.parametrize("who", ["Asian_F_1", "White_M_1"])
def test_an_upright_baseline_is_as_it_was_however_the_camera_is_rolled(who: str, roll_deg: float) -> None:
    base = seen(who, "base", swapped=False, roll_deg=roll_deg)
    baseline = taken(base)
    assert baseline.unlevel is None
    found, raised = judged(base, baseline)
    assert raised == []
    assert (found.lateral_lean_deg, found.shoulder_tilt_deg) == pytest.approx((0.0, 0.0), abs=1e-9)


@pytest.mark.parametrize("model", ["heavy", "lite"])
def test_of_the_rendered_pictures_only_leans_and_lowered_shoulders_are_not_level(model: str) -> None:
    for name in names():
        found = baseline_of(rendered(name, model), model)
        if isinstance(found, Baseline) and found.unlevel is not None:
            assert any(what in name for what in ("lat_lean", "shoulder_tilt", "head_yaw")), name


def test_the_offset_and_its_uncertainty_go_into_both_measures() -> None:
    lean = rendered("Asian_F_1__lat_lean_+10")
    baseline = taken(lean)
    line = baseline.unlevel
    assert line is not None
    assert line.sd == UNLEVEL_SD_DEG
    assert line.value == pytest.approx(-10.4, abs=0.1)
    level, plain = (judged(lean, each)[0] for each in (baseline, replace(baseline, always_so=True)))
    assert plain.lateral_lean_deg == pytest.approx(0.0, abs=1e-9)
    assert level.shoulder_tilt_deg == pytest.approx(line.value)
    assert level.lateral_lean_deg == pytest.approx(-line.value / LINE_PER_LEAN)
    assert level.sd["shoulder_tilt_deg"] == pytest.approx(math.hypot(plain.sd["shoulder_tilt_deg"], line.sd))
    lean_sd = math.hypot(plain.sd["lateral_lean_deg"], line.sd / LINE_PER_LEAN)
    assert level.sd["lateral_lean_deg"] == pytest.approx(lean_sd)
    others = set(plain.sd) - {"shoulder_tilt_deg", "lateral_lean_deg"}
    assert all(getattr(level, name) == getattr(plain, name) and level.sd[name] == plain.sd[name] for name in others)


def test_whose_shoulders_are_always_so_is_judged_against_them() -> None:
    lean, base = rendered("White_M_1__lat_lean_+10"), rendered("White_M_1__base")
    baseline = replace(taken(lean), always_so=True)
    assert baseline.unlevel is None
    assert judged(lean, baseline)[1] == []
    assert judged(base, baseline)[1] == ["lean_right"]


def test_a_stored_baseline_keeps_it_and_an_older_one_is_judged_against_level() -> None:
    baseline = taken(rendered("White_M_1__lat_lean_+10"))
    stored = json.loads(json.dumps(baseline_to_json(baseline)))
    assert "always_so" not in stored
    older = baseline_from_json(stored, SETTINGS.pose)
    assert older.unlevel is not None
    assert baseline.unlevel is not None
    assert older.unlevel.value == pytest.approx(baseline.unlevel.value, abs=0.01)
    always = json.loads(json.dumps(baseline_to_json(replace(baseline, always_so=True))))
    assert baseline_from_json(always, SETTINGS.pose).unlevel is None
    assert baseline_from_json(stored | {"always_so": "no"}, SETTINGS.pose).unlevel is not None


def with_line(line_deg: float, out_sw: float) -> Baseline:
    """Shoulders that slope by so much, + with the left one higher, and so far out of the picture."""
    points = sitter()
    width_px = points[Landmark.LEFT_SHOULDER, 0] - points[Landmark.RIGHT_SHOULDER, 0]
    points[Landmark.LEFT_SHOULDER, 1] -= abs(width_px) * math.tan(math.radians(line_deg))
    baseline = baseline_like(points)
    return replace(baseline, geometry=replace(baseline.geometry, shoulders_out_sw=out_sw))


@pytest.mark.parametrize(
    ("out_sw", "least_deg", "sd_deg"),
    [
        (-1.0, 5.0, 4.5),
        (-0.1, 5.0, 4.5),
        # The line is uncertain by 22 degrees for each shoulder width beyond where the edge is felt.
        (0.05, 1.645 * math.hypot(1.5, 3.3), math.hypot(4.5, 3.3)),
        (0.2, 1.645 * math.hypot(1.5, 6.6), math.hypot(4.5, 6.6)),
    ],
)
@pytest.mark.parametrize("side", [1.0, -1.0])
def test_how_far_from_level_counts_depends_on_the_edge(
    side: float, out_sw: float, least_deg: float, sd_deg: float
) -> None:
    assert with_line(side * (least_deg - 0.01), out_sw).unlevel is None
    found = with_line(side * (least_deg + 0.01), out_sw).unlevel
    assert found is not None
    assert (found.value, found.sd) == pytest.approx((side * (least_deg + 0.01), sd_deg))
    assert replace(with_line(side * 20.0, out_sw), always_so=True).unlevel is None


# -- over days ---------------------------------------------------------------------------------------------------------

STEP_S = 10.0
"""Looks this far apart are not smoothed: a pose gives the same one each time."""
FIRST = datetime(2026, 11, 2, 9, 0, tzinfo=UTC)


def days_of(baseline: Baseline, poses: list[tuple[float, Person]], days: int = 3) -> Memory:
    """What is recorded of days on which somebody sits like this in turn, for so many minutes each."""
    memory = Memory()
    for day in range(days):
        began = FIRST + timedelta(days=day)
        engine = assemble(SETTINGS, memory, lambda t_s, began=began: began + timedelta(seconds=t_s))  # type: ignore[misc]
        t_s = 0.0
        for minutes, person in poses:
            _, look, _ = observe(Observer(), t_s, person, baseline, SETTINGS, model="heavy")
            for _ in range(int(minutes * 60 / STEP_S)):
                engine.take(replace(look, t_s=t_s))
                t_s += STEP_S
        engine.finish()
    return memory


@pytest.mark.parametrize("swapped", [False, True])
@pytest.mark.parametrize(("who", "lean"), LEANS)
def test_after_three_days_the_rule_names_the_true_side(who: str, lean: str, swapped: bool) -> None:
    side: Side = "right" if ("-" in lean) is not swapped else "left"
    habit, base = seen(who, lean, swapped=swapped), seen(who, "base", swapped=swapped)
    memory, now = days_of(taken(habit), [(22, habit), (30, base)]), FIRST + timedelta(days=3)
    assert leaning(memory, now, UTC) == Finding(side, 3, 3)
    kinds = {interval.label for interval in memory.intervals(FIRST, now, "deviation")}
    assert kinds == {f"lean_{side}"}
    # Without it, being upright is a lean to the other side, and that is what the rule would say.
    other: Side = "left" if side == "right" else "right"
    as_level = replace(taken(habit), always_so=True)
    assert leaning(days_of(as_level, [(52, habit)]), now, UTC) is None
    assert leaning(days_of(as_level, [(22, habit), (30, base)]), now, UTC) == Finding(other, 3, 3)
