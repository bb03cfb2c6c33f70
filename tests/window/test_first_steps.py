"""The page First steps: each step can be left out and come back to, and what is answered in one is kept."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from people import baseline_like, pose_of, sitter
from window_rig import app, around

from posture.coach.safety import CONDITION_QUESTIONS, QUESTIONS, judge
from posture.history.calibrations import baseline_to_json, load_baseline
from posture.pose.landmarks import Landmark
from posture.sensor.view_wire import Opened, View
from posture.settings_file import load_settings

if TYPE_CHECKING:
    from posture.window.first_steps import FirstSteps

__all__ = ["app"]


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("POSTURE_CONFIG", str(tmp_path / "settings.toml"))


@pytest.fixture
def page(app: object, monkeypatch: pytest.MonkeyPatch) -> FirstSteps:
    """The page; no camera is opened in it."""
    from posture.window.first_steps import FirstSteps
    from posture.window.seeing import Seeing

    monkeypatch.setattr(Seeing, "start", lambda *_, **__: None)
    monkeypatch.setattr("posture.window.step_camera._cameras", list)
    found = FirstSteps(around())
    found.show()
    found.open_at("")
    return found


def test_each_step_can_be_left_out_and_come_back_to(page: FirstSteps) -> None:
    from posture.window.first_steps import STEPS

    seen = []
    for _ in STEPS:
        seen.append(page.present)
        assert [name for name, step in page.steps.items() if step.isVisibleTo(page)] == [page.present]
        last = page.next.text()
        page.next.click()
    assert seen == list(STEPS)
    assert last == "To your day"
    page.back.click()
    assert page.present == "autostart"
    page.choice.activated.emit(1)
    assert page.present == "camera"
    page.left()
    page.open_at("")
    assert page.present == "camera", "it goes on where it was left"


def test_a_step_alone_leads_back_to_the_day(app: object, page: FirstSteps) -> None:
    page.open_at("calibrate-standing")
    assert page.present == "calibrate"
    assert not page.choice.isVisibleTo(page)
    assert not page.back.isVisibleTo(page)
    step = page.steps["calibrate"]
    assert step.standing.isChecked()  # type: ignore[attr-defined]


def verdict() -> object:
    from posture.guided.questions import care_now

    return care_now(load_settings()).verdict


def test_the_questions_are_kept(page: FirstSteps) -> None:
    from posture.window.step_safety import SafetyStep

    page.show_step("safety")
    step = page.steps["safety"]
    assert isinstance(step, SafetyStep)
    step.begin.click()
    assert step.signs.question.text() == QUESTIONS[0].text
    step.signs.no.click()
    step.signs.back.click()
    assert step.signs.question.text() == QUESTIONS[0].text
    for _ in QUESTIONS:
        step.signs.no.click()
    for name in CONDITION_QUESTIONS:
        (step.conditions.yes if name == "osteoporosis" else step.conditions.no).click()
    assert load_settings().coach.conditions == ("osteoporosis",)
    assert "osteoporosis" in step.said.text()
    assert page.done == {"safety"}
    assert page.next.text() == "Next"


def test_an_emergency_is_answered_as_an_emergency(page: FirstSteps) -> None:
    from posture.window.step_safety import SafetyStep

    page.show_step("safety")
    step = page.steps["safety"]
    assert isinstance(step, SafetyStep)
    step.begin.click()
    for question in QUESTIONS:
        if question.rank == "emergency":
            step.signs.yes.click()
            break
        step.signs.no.click()
    for text in judge([question.id]).texts:
        assert text in step.said.text()
    assert not page.next.isVisibleTo(page), "nothing else is asked of somebody who needs help"
    assert not step.conditions.frame.isVisibleTo(page)
    assert verdict() is not None


def test_a_yes_counts_if_the_window_closes_before_the_last_question(page: FirstSteps) -> None:
    from posture.window.step_safety import SafetyStep

    page.show_step("safety")
    step = page.steps["safety"]
    assert isinstance(step, SafetyStep)
    step.begin.click()
    for question in QUESTIONS:
        if question.rank == "urgent":
            step.signs.yes.click()
            break
        step.signs.no.click()
    page.left()
    found = verdict()
    assert found is not None
    assert question.id in found.items  # type: ignore[attr-defined]


def calibrated(page: FirstSteps, **more: object) -> View:
    return View(10.0, "calibrate", pose=pose_of(sitter()), calibrated={"ok": True} | more)  # type: ignore[arg-type]


def test_a_good_calibration_is_kept_and_a_refused_one_says_why(page: FirstSteps) -> None:
    from posture.window.step_calibrate import CalibrateStep

    page.open_at("calibrate")
    step = page.steps["calibrate"]
    assert isinstance(step, CalibrateStep)
    step.seeing.opened.emit(Opened("Cam 1"))
    why = "You were moving: sit upright and still for six seconds, and calibrate again."
    step.seeing.seen.emit(View(9.0, "calibrate", calibrated={"ok": False, "reason": "moving", "sentence": why}))
    assert step.more.text() == why
    assert step.begin.text() == "Try again"
    assert load_baseline(load_settings(), "Cam 1") is None
    step.seeing.seen.emit(calibrated(page, baseline=baseline_to_json(baseline_like(sitter()))))
    assert load_baseline(load_settings(), "Cam 1") is not None
    assert step.said.text().startswith("Kept for Cam 1")
    step.seeing.seen.emit(calibrated(page, baseline={"made": datetime.now(UTC).isoformat()}))
    assert "cannot be read" in step.more.text()


@pytest.mark.parametrize("always", [False, True])
def test_who_does_not_sit_level_is_asked(page: FirstSteps, always: bool) -> None:
    from posture.window.step_calibrate import CalibrateStep

    page.open_at("calibrate")
    step = page.steps["calibrate"]
    assert isinstance(step, CalibrateStep)
    step.seeing.opened.emit(Opened("Cam 1"))
    leaning = baseline_to_json(baseline_like(sitter({Landmark.LEFT_SHOULDER: (0, 45)})))
    step.seeing.seen.emit(calibrated(page, baseline=leaning))
    assert load_baseline(load_settings(), "Cam 1") is None, "not before the user has said so"
    assert step.keep.isVisibleTo(page)
    (step.always if always else step.keep).click()
    kept = load_baseline(load_settings(), "Cam 1")
    assert kept is not None
    assert kept.always_so is always
    assert not step.keep.isVisibleTo(page)


def test_the_proof_is_made_outside_and_shown(app: object, monkeypatch: pytest.MonkeyPatch) -> None:
    from posture import sandbox
    from posture.window.step_others import PROOF, PROOF_FAILED, PROOF_HELD, WelcomeStep

    monkeypatch.setattr(sandbox, "held_by_kernel", lambda: True)
    asked: list[str] = []

    def outside(what: str, _patience_s: float) -> bytes | None:
        asked.append(what)
        return answers.pop(0)

    answers = [b'{"ok": true, "checks": [{"status": "pass", "name": "a file", "says": "refused"}]}', None, b"{}", b"x"]
    step = WelcomeStep(replace(around(), outside=outside))
    for _ in range(4):
        step.prove.click()
        shown = step.proof.text()
        assert shown == (PROOF_FAILED if len(answers) < 3 else f"{PROOF_HELD}\n✓  a file: refused")
        assert step.prove.isEnabled()
    assert asked == [PROOF] * 4


def test_the_proof_is_what_the_doctor_finds() -> None:
    from posture.window.step_others import proof_text

    found = {"ok": False, "checks": [{"status": "pass", "name": "a file", "says": "refused"},
                                     {"status": "fail", "name": "network", "says": "open"}]}  # fmt: skip
    assert proof_text(found).splitlines() == [
        "Not all of it holds on this machine:", "✓  a file: refused", "✗  network: open"
    ]  # fmt: skip
