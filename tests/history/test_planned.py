"""The programme of today, from a history: what hurts, what was found, what was done, and an open red flag."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from posture.coach.choose import Limits
from posture.coach.exercises import find_exercise
from posture.history.care import care_of
from posture.history.planned import Planned, planned
from posture.history.records import Memory, Point
from posture.settings import CoachSettings

NOW = datetime(2026, 12, 2, 12, tzinfo=UTC)  # a Wednesday


def plan_of(*points: Point, **settings: str) -> Planned:
    memory = Memory()
    memory.write(points=sorted(points, key=lambda point: point.at))
    return planned(memory, care_of(memory, NOW), CoachSettings(**settings), NOW, 10.0, UTC)  # type: ignore[arg-type]


def pain(days: float, when: str, where: str = "low", level: int = 4) -> Point:
    return Point("pain", NOW - timedelta(days=days), where, {"level": level, "when": when})


def done(name: str, days: int, amount: float) -> list[Point]:
    exercise = find_exercise(name)
    kind = "reps" if exercise.dose.form == "reps" else "hold_s"
    return [
        Point(
            "hold",
            NOW - timedelta(days=days, minutes=number),
            name,
            {"side": side, "hold_s": amount, "verified": False, kind: amount},
        )
        for number, side in enumerate(("left", "right") if exercise.sides == "each" else ("both",))
    ]


def ids(plan: Planned) -> set[str]:
    return {exercise.id for exercise in plan.week}


def test_an_empty_history_limits_nothing() -> None:
    plan = plan_of()
    assert plan.limits == Limits()
    assert plan.missing == []
    assert {"walk", "ql_stand"} <= ids(plan)
    assert len([each for each in plan.week if each.target == "strength"]) == 2


def test_walking_that_hurts_is_in_no_plan() -> None:
    plan = plan_of(*(pain(days, "walking") for days in (3, 2, 1)))
    assert "walking" in plan.limits.hurts
    assert "walk" not in ids(plan)
    assert plan.missing == ["walk"]


def test_a_sore_knee_and_what_is_to_be_cleared_take_exercises_out() -> None:
    plan = plan_of(pain(1, "", "knee"), clearance="balance")
    assert plan.limits.hurts == {"knee"}
    for exercise in plan.week:
        assert "knee" not in exercise.hurts
        assert "balance" not in exercise.unless
    assert plan.missing == ["hip flexors"]


@pytest.mark.parametrize("side", ["left", "right"])
def test_a_self_check_is_followed(side: str) -> None:
    more = "right" if side == "left" else "left"
    found = Point("self-check", NOW - timedelta(days=1), "hip-extension", {side: 2.0, more: 14.0})
    items = {item.slot: item for item in plan_of(found).items}
    assert items["hip flexors"].side == side
    assert items["side stretch"].why == ""


def test_what_was_done_on_two_days_of_a_week_lets_the_dose_rise() -> None:
    week_before = [point for days in (7, 8) for point in done("walk", days, 130.0)]
    walk = next(item.exercise for item in plan_of(*week_before).items if item.slot == "walk")
    assert walk.dose.hold_s == (150.0, 150.0)
    rise = [pain(2, "", level=2), pain(0.5, "", level=5)]
    walk = next(item.exercise for item in plan_of(*week_before, *rise).items if item.slot == "walk")
    assert walk.dose.hold_s == (120.0, 120.0)


def test_an_open_red_flag_leaves_nothing() -> None:
    plan = plan_of(Point("check-in", NOW - timedelta(days=1), "emergency", {"items": "bladder"}))
    assert (plan.items, plan.week, plan.missing) == ([], [], [])
