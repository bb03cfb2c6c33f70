"""The page Stretch: choosing, being led, and that nothing is lost however it ends."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import wave
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from private_session import PATIENCE_S
from window_rig import app, wait_for

from posture.coach.checks import CheckedLook
from posture.coach.exercises import find_exercise, library
from posture.coach.hold import HoldState, plan_for
from posture.guided.lead import Lead, advance, begin
from posture.history.care import care_of, check_in_point
from posture.history.records import Point
from posture.history.store import Store
from posture.window import stretch_shown as shown
from posture.window.sounds import LOUDNESS, RATE_HZ, TONES, tone

if TYPE_CHECKING:
    from posture.window.main_window import MainWindow

CLIP = Path(__file__).parents[1] / "data/stretch_a.mp4"
__all__ = ["app"]


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("POSTURE_CONFIG", str(tmp_path / "settings.toml"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    (tmp_path / "settings.toml").write_text('coach.clearance = "none"\npose.model = "lite"\n')
    return tmp_path


def holds_in(home: Path) -> list[Point]:
    path = home / "data/history.sqlite3"
    if not path.exists():
        return []
    with Store(path, read_only=True) as store:
        found: list[Point] = care_of(store, datetime.now(UTC) + timedelta(seconds=1)).holds
    return found


# -- what is shown, as values ------------------------------------------------------------------------------------------


def lead_of(name: str, *, seen: bool = False, state: HoldState | None = None, look: CheckedLook | None = None) -> Lead:
    exercise = find_exercise(name)
    lead = begin(exercise, plan_for(exercise, ("left", "right"), seen=seen), 0.6, seen=seen)
    return replace(lead, state=state or HoldState(), look=look)


def test_the_large_number_is_what_matters_in_each_form() -> None:
    look = CheckedLook(9.0, True, side="left", value=20.0)
    holding = HoldState(asked="left", inside="left", hold_s=12.4, done={"left": 12.4})
    assert shown.large(lead_of("ql_stand", seen=True, state=holding, look=look)) == shown.Large("18", "seconds left")
    out = replace(holding, inside=None, hold_s=0.0)
    assert shown.large(lead_of("ql_stand", seen=True, state=out, look=look)).below == "seconds to hold"
    settling = CheckedLook(1.0, True, settle_s=2.4, says="Stay upright.")
    assert shown.large(lead_of("ql_stand", seen=True, look=settling)) == shown.Large("3", "until it begins")
    counting = HoldState(asked="both", inside="both", done={"both": 3.0})
    reps = shown.large(lead_of("bridge", state=counting, look=CheckedLook(9.0, True)))
    assert reps == shown.Large("3", f"of {find_exercise('bridge').dose.least:.0f}")
    walking = HoldState(asked="both", inside="both", done={"both": 41.0})
    walk = shown.large(lead_of("walk", state=walking, look=CheckedLook(9.0, True)))
    assert walk.value == "1:19"


@pytest.mark.parametrize("exercise", library(), ids=lambda exercise: exercise.id)
def test_while_it_is_led_it_never_counts_below_zero_and_always_says_what_to_do(exercise: Any) -> None:
    lead = lead_of(exercise.id)
    for number in range(1500):
        lead, _ = advance(lead, number * 0.4)
        large = shown.large(lead)
        assert not large.value.startswith("-")
        assert large.below
        assert lead.message
        assert len(large.value) <= 5
        for side in shown.sides(lead):
            assert 0.0 <= side.part <= 1.0
        assert sum(side.active or side.asked for side in shown.sides(lead)) <= 1
        if lead.state.finished:
            break
    assert lead.state.finished
    assert "well" in shown.result(lead).lower()


def test_praise_is_for_a_whole_dose_alone() -> None:
    part = HoldState(held_s={"left": 20.0}, done={"left": 20.0})
    assert "well" not in shown.result(lead_of("ql_stand", seen=True, state=part)).lower()
    whole = HoldState(held_s={"left": 60.0, "right": 60.0}, done={"left": 60.0, "right": 60.0}, finished=True)
    lead = lead_of("ql_stand", seen=True, state=whole)
    assert "well held" in shown.result(lead)
    assert "well" not in shown.result(replace(lead, state=part, skipped=frozenset({"right"}))).lower()


def test_the_gauge_has_its_band_inside_and_marks_what_is_measured() -> None:
    gauge = shown.gauge(lead_of("ql_stand", seen=True, look=CheckedLook(9.0, True, side="left", value=25.0)))
    assert gauge is not None
    assert gauge.at is not None
    assert 0.0 < gauge.low < gauge.at < gauge.high < 1.0
    assert "25°" in gauge.text
    assert shown.gauge(lead_of("ql_stand")) is None


@pytest.mark.parametrize("sound", TONES)
def test_a_tone_is_soft_and_begins_and_ends_in_silence(sound: str) -> None:
    with wave.open(io.BytesIO(tone(sound))) as file:
        assert file.getframerate() == RATE_HZ
        heard = np.frombuffer(file.readframes(file.getnframes()), "<i2")
    assert 0.5 * LOUDNESS < abs(heard).max() / 32_767 <= LOUDNESS
    assert abs(int(heard[0])) < 100
    assert abs(int(heard[-1])) < 400
    assert len(heard) / RATE_HZ < 0.5, "short"


# -- the page ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def window(app: object) -> Iterator[MainWindow]:
    from posture.window.main_window import MainWindow
    from posture.window.stretch import Stretch

    found = MainWindow()
    found.resize(1000, 720)
    found.show()
    found.activateWindow()
    found.go_to("stretch")
    assert isinstance(found.page, Stretch)
    found.page.pace = False
    yield found
    found.close()


def at(window: MainWindow, kind: str) -> Any:
    """Wait until this part of the page is up."""
    page: Any = window.page
    wait_for(lambda: type(page._part).__name__ == kind, f"{kind} is up")
    return page._part


def press(window: MainWindow, key: str) -> None:
    from PySide6.QtCore import Qt
    from PySide6.QtTest import QTest

    wait_for(window.isActiveWindow, "it has the keys")
    QTest.keyClick(window.focusWidget() or window, getattr(Qt.Key, f"Key_{key}"))


def test_all_are_offered_and_what_is_left_out_says_why(window: MainWindow, own_home: Path) -> None:
    assert set(at(window, "Choice").buttons) == {exercise.id for exercise in library()}
    (own_home / "settings.toml").write_text('coach.clearance = "osteoporosis"\n')
    window.go_to("stretch", "")
    page: Any = window.page
    wait_for(lambda: page._known is not None and page._known.settings.coach.conditions, "read again")
    choice = at(window, "Choice")
    left_out = [exercise.id for exercise in library() if "osteoporosis" in exercise.unless]
    assert left_out
    for name in left_out:
        assert choice.buttons[name].text() == "Look at it"
    window.go_to("stretch", left_out[0])
    start = at(window, "Introduction").start
    assert "clinician has agreed" in start.text()
    press(window, "Return")
    at(window, "Choice")  # Enter alone does not overrule it


def test_what_has_to_be_cleared_is_asked_once(window: MainWindow, own_home: Path) -> None:
    from posture.settings_file import load_settings
    from posture.window.stretch_choose import Conditions

    (own_home / "settings.toml").write_text("")
    window.go_to("stretch", "")
    page: Any = window.page
    wait_for(lambda: page.findChildren(Conditions), "it is asked")
    asked = page.findChildren(Conditions)[-1]
    assert asked.save.text() == "None of these"
    asked.boxes["balance"].click()
    asked.save.click()
    wait_for(lambda: load_settings().coach.clearance == "balance", "it is kept")


def test_while_a_red_flag_is_open_no_exercise_is_named(window: MainWindow, own_home: Path) -> None:
    from PySide6.QtWidgets import QLabel, QPushButton

    from posture.coach.safety import judge

    at(window, "Choice")
    with Store(own_home / "data/history.sqlite3") as store:
        store.write(points=[check_in_point(datetime.now(UTC), judge(["saddle"]))])
    window.go_to("stretch", "ql_stand")
    page: Any = window.page

    def texts() -> list[str]:
        return [found.text() for found in page.findChildren(QLabel) if found.isVisible()]

    wait_for(lambda: any("check-in" in text for text in texts()), "why is said")
    assert not any(exercise.name in text for exercise in library() for text in texts())
    assert not [found for found in page.findChildren(QPushButton) if found.isVisible()]


def test_a_timed_one_can_be_paused_skipped_and_stopped_and_is_kept(
    window: MainWindow, own_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("posture.coach.pace.SETTLE_S", 0.2)
    window.go_to("stretch", "hf_split:no-camera")
    at(window, "Introduction")
    press(window, "Return")
    hold = at(window, "Hold")
    wait_for(lambda: hold.lead.state.held_s.get("left", 0.0) > 1.0, "the clock runs")
    press(window, "Space")
    stands = hold.lead.state
    assert "Paused" in hold.sentence
    hold._ticked()
    assert hold.lead.state == stands
    press(window, "Space")
    wait_for(lambda: hold.lead.state.held_s["left"] > stands.held_s["left"], "it goes on")
    press(window, "S")
    assert hold.lead.state.asked == "right"
    press(window, "Escape")
    assert window.isVisible(), "Esc ends the hold, not the window"
    result = at(window, "_Result")
    assert "self-reported" in result.said
    wait_for(lambda: holds_in(own_home), "it is kept")
    (kept,) = holds_in(own_home)
    assert kept.detail["side"] == "left"
    assert kept.detail["verified"] is False
    wait_for(lambda: "plan" in result._plan.text(), "the plan is told")


def test_no_camera_is_said_and_it_goes_on_by_the_clock(window: MainWindow, own_home: Path) -> None:
    window.go_to("stretch", "ql_stand:source=nothing.mp4")
    at(window, "Introduction")
    press(window, "Return")
    hold = at(window, "Hold")
    wait_for(lambda: hold.note, "it is said")
    assert "nothing.mp4" in hold.note
    assert "by the clock" in hold.note
    assert not hold.lead.verified
    wait_for(lambda: hold.lead.state.held_s.get("left", 0.0) > 0.6, "the clock runs")
    press(window, "Q")
    at(window, "_Result")
    wait_for(lambda: holds_in(own_home), "it is kept")
    assert [hold.detail["verified"] for hold in holds_in(own_home)] == [False]


@pytest.mark.nightly
def test_a_hold_is_seen_and_a_viewer_that_is_killed_loses_nothing(window: MainWindow, own_home: Path) -> None:
    window.go_to("stretch", f"ql_stand:source={CLIP}")
    at(window, "Introduction")
    press(window, "Return")
    hold = at(window, "Hold")
    wait_for(lambda: hold.lead.state.held_s.get("right", 0.0) > 2.0, "the side that is seen is held")
    assert hold.digits_px >= 120.0, "readable from two metres"
    os.kill(hold.seeing._run.viewer._child.pid, signal.SIGKILL)
    wait_for(lambda: hold.note, "it is said")
    seen_s = hold.lead.seen.held_s["right"]
    assert seen_s > 2.0
    wait_for(lambda: sum(hold.lead.state.held_s.values()) > seen_s + 0.5, "it goes on by the clock")
    window.close()
    kept = {bool(point.detail["verified"]): point for point in holds_in(own_home)}
    assert kept[True].detail["hold_s"] == pytest.approx(seen_s, abs=0.1)
    assert False in kept


@pytest.mark.slow
@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_a_session_that_ends_in_a_hold_loses_nothing(own_home: Path, number: signal.Signals) -> None:
    """As the desktop ends it; the process itself, without a screen."""
    environment = {**os.environ, "QT_QPA_PLATFORM": "offscreen"}
    script = (
        "import sys; from PySide6.QtCore import QTimer; from posture.window import stretch as s, stretch_hold as h\n"
        "old = s.Stretch._introduce\n"
        "def at_once(self, wish): old(self, wish); QTimer.singleShot(0, self._enter)\n"
        "s.Stretch._introduce = at_once\n"
        "tick = h.Hold._ticked\n"
        "def ticked(self): tick(self); print(sum(self.lead.state.held_s.values()), flush=True)\n"
        "h.Hold._ticked = ticked\n"
        "from posture.cli.main import main; sys.exit(main(sys.argv[1:]))"
    )
    arguments = ["stretch", "hf_split", "--window", "--no-camera", "--minutes", "9"]
    command = [sys.executable, "-P", "-c", script, *arguments]
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        try:
            held_s = 0.0
            while held_s < 1.0:
                line = process.stdout.readline()
                assert line, process.communicate()
                held_s = float(line)
            process.send_signal(number)
            _, said = process.communicate(timeout=PATIENCE_S)
        finally:
            process.kill()
    assert process.returncode == 0, said
    assert "Traceback" not in said
    (kept,) = holds_in(own_home)
    assert float(kept.detail["hold_s"] or 0) >= held_s - 0.2


def test_the_window_loads_neither_opencv_nor_the_model(own_home: Path) -> None:
    script = (
        "import json, sys; from PySide6.QtWidgets import QApplication; app = QApplication([])\n"
        "from posture.window.main_window import MainWindow; w = MainWindow(); w.show()\n"
        "w.go_to('stretch', 'ql_stand')\n"
        "import posture.window.stretch_hold\n"
        "print(json.dumps([name for name in ('cv2', 'mediapipe') if name in sys.modules])); w.close()"
    )
    found = subprocess.run(
        [sys.executable, "-P", "-c", script],
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert json.loads(found.stdout) == []
