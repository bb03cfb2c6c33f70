"""`posture setup`, as a user runs it: over --yes without a terminal, and in a terminal with answers typed."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from private_session import DATA, Session, session

from posture.camera.devices import CameraDevice
from posture.camera.errors import CameraError
from posture.camera.frame import Frame
from posture.cli.setup import STEPS, _that_shows_something
from posture.settings import CameraSettings

if TYPE_CHECKING:
    from conftest import FakeCamera

__all__ = ["session"]

CLIP = str(DATA / "still.mp4")


def setup(session: Session, *args: str) -> subprocess.CompletedProcess[str]:
    return session.run(sys.executable, "-m", "posture", "setup", *args, check=False)


def autostart_file(session: Session) -> Path:
    return Path(session.env["XDG_CONFIG_HOME"]) / "autostart/posture.desktop"


@pytest.mark.slow
def test_all_of_it_without_a_terminal_and_a_display(session: Session) -> None:
    server = session.notifications("body")
    done = setup(session, "--yes", "--source", CLIP)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "not a medical device" in done.stdout, "the first time says what this is"
    assert "left shoulder: in the picture" in done.stdout
    assert "kept for still.mp4" in done.stdout
    assert "reminder looks like this" in server.line()
    assert "starts with the session" in done.stdout
    assert autostart_file(session).exists()
    stored = json.loads((Path(session.env["XDG_DATA_HOME"]) / "posture/calibrations.json").read_text())
    assert list(stored["cameras"]) == ["still.mp4"]

    # Once more, and only one step: the disclaimer is not repeated.
    again = setup(session, "notification", "--yes")
    assert again.returncode == 0
    assert "medical" not in again.stdout
    assert "[1/1]" in again.stdout


def test_what_fails_is_said_and_the_rest_goes_on(session: Session) -> None:
    done = setup(session, "--yes", "--source", "no such camera", "--skip", "calibrate", "--skip", "notification")
    assert done.returncode == 1
    assert done.stdout.count("There is no camera no such camera") == 2
    assert "Not done: camera, preview. Again: posture setup camera preview" in done.stdout
    assert autostart_file(session).exists()
    assert done.stderr == ""


@pytest.mark.parametrize("args", [(), ("sleep", "--yes")])
def test_what_cannot_be_is_one_sentence(session: Session, args: tuple[str, ...]) -> None:
    done = setup(session, *args)
    assert done.returncode == 2
    assert done.stderr.startswith("posture: ")
    assert done.stderr.count("\n") == 1


DO_IT, SOMETIMES, NOW = "Do it? [Y/n] ", "standing at this desk? [y/N] ", "sit or stand now? [sit] "
OTHER = "to do it later. [now] "


def typed(session: Session, answers: list[tuple[str, str]], *args: str) -> tuple[int, str]:
    """Run it in a terminal and answer each question; the exit code, and what was printed."""
    import pty

    ours, theirs = pty.openpty()
    program = subprocess.Popen(
        [sys.executable, "-m", "posture", "setup", *args],
        env=session.env | {"TERM": "dumb"},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    printed = ""
    for question, answer in answers:
        while not printed.endswith(question):
            printed += os.read(ours, 4096).decode().replace("\r\n", "\n")
        os.write(ours, answer.encode())
        printed += " "
    rest = b""
    try:
        while more := os.read(ours, 4096):
            rest += more
    except OSError:  # how Linux says that the other end is closed
        pass
    os.close(ours)
    return program.wait(20), printed + rest.decode()


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminal")
def test_in_a_terminal_it_calibrates(session: Session) -> None:
    code, printed = typed(session, [(DO_IT, "y\n"), (SOMETIMES, "\n")], "calibrate", "--source", CLIP)
    assert (code, "Calibrated on " in printed) == (0, True), printed
    assert "s left" in printed
    assert stored(session) == ({"still.mp4"}, set())


def stored(session: Session) -> tuple[set[str], set[str]]:
    """The cameras with a baseline of sitting, and of standing."""
    kept = json.loads((Path(session.env["XDG_DATA_HOME"]) / "posture/calibrations.json").read_text())
    return set(kept["cameras"]), set(kept.get("standing", {}).get("desk", {}))


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminal")
@pytest.mark.parametrize(
    ("now", "other", "kept"),
    [
        ("stand", "l", (set(), {"still.mp4"})),
        ("stand", "", ({"still.mp4"}, {"still.mp4"})),
        ("", "later", ({"still.mp4"}, set())),
    ],
)
def test_who_stands_at_this_desk_is_not_stored_as_sitting(
    session: Session, now: str, other: str, kept: tuple[set[str], set[str]]
) -> None:
    answers = [(DO_IT, "y\n"), (SOMETIMES, "y\n"), (NOW, f"{now}\n"), (OTHER, f"{other}\n")]
    code, printed = typed(session, answers, "calibrate", "--source", CLIP)
    assert code == 0, printed
    assert stored(session) == kept
    later = f"Later: posture calibrate{'' if now else ' --standing'}."
    assert (later in printed) == bool(other)


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminal")
def test_in_a_terminal_each_step_can_be_skipped(session: Session) -> None:
    # The camera is the clip; no questions on safety, no preview, no notification, and no start with the session.
    code, printed = typed(session, [(DO_IT, "n\n")] * 4, "--source", CLIP, "--skip", "calibrate")
    assert code == 0
    assert printed.count("Skipped.") == 3
    assert "Skipped: nothing is left out until you are asked again" in printed
    assert not autostart_file(session).exists()
    assert "posture start" in printed


@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminal")
def test_what_is_safe_is_asked_before_any_exercise_is_named(session: Session) -> None:
    from posture.coach.exercises import library
    from posture.coach.safety import CONDITION_QUESTIONS, QUESTIONS

    assert next(iter(STEPS)) == "safety"
    signs = [(f"{question.text.split()[-1]}  ", "n") for question in QUESTIONS]
    conditions = [
        (f"{text}  ", "y" if name == "hip_replacement" else "n") for name, text in CONDITION_QUESTIONS.items()
    ]
    code, printed = typed(session, [(DO_IT, "y\n"), *signs, *conditions], "safety")
    assert code == 0, printed
    assert printed.index("not a medical device") < printed.index("[1/1]")
    assert "Your answers stay on this machine" in printed
    assert "You answered no to all of these signs." in " ".join(printed.split())
    assert (
        'clearance = "hip_replacement"' in (Path(session.env["XDG_CONFIG_HOME"]) / "posture/settings.toml").read_text()
    )
    assert not any(exercise.name in printed for exercise in library())

    code, printed = typed(session, [(DO_IT, "y\n"), (signs[0][0], "y")], "safety")
    assert (code, "Please get help now" in printed) == (0, True), "an emergency ends the step"
    assert CONDITION_QUESTIONS["surgery"] not in printed
    assert "The rest can wait" in printed


def test_without_a_terminal_nothing_is_asked_and_that_is_said(session: Session) -> None:
    done = setup(session, "safety", "--yes")
    assert done.returncode == 0
    assert "no exercise is left out" in done.stdout
    assert not (Path(session.env["XDG_CONFIG_HOME"]) / "posture/settings.toml").exists()


def test_the_camera_is_kept_by_its_name(fake_camera: FakeCamera, tmp_path: Path) -> None:
    settings = tmp_path / "settings.toml"
    own = {"POSTURE_CONFIG": str(settings), "POSTURE_DATA": str(tmp_path), "XDG_RUNTIME_DIR": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-m", "posture", "setup", "camera", "--yes"],
        env=fake_camera.environment | own,
        capture_output=True,
        text=True,
        check=False,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    name = settings.read_text().split("source = ")[1].splitlines()[0].strip('"')
    assert f"{name} (/dev/video0); kept as camera.source." in done.stdout
    assert not name.startswith("/dev")
    assert name != "0"


DEAD, GREY, GOOD, FOURTH = (
    CameraDevice(n, name, "", f"/dev/video{n}") for n, name in enumerate(("isys", "ir", "c", "d"))
)


@pytest.mark.parametrize(
    ("first", "listed", "proposed"),
    [
        (DEAD, (DEAD, GOOD), GOOD),
        (DEAD, (DEAD, GREY, GOOD), GOOD),
        (GREY, (GREY, GOOD), GOOD),
        (GREY, (GREY, DEAD), GREY),
        (DEAD, (DEAD, GREY), GREY),
        (FOURTH, (GOOD, FOURTH), FOURTH),
        (DEAD, (DEAD,), DEAD),
    ],
)
def test_the_camera_that_gives_pictures_is_proposed(
    first: CameraDevice,
    listed: tuple[CameraDevice, ...],
    proposed: CameraDevice,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    pictures = {GREY.node: 90, GOOD.node: 200, FOURTH.node: 200}

    class Camera(contextlib.nullcontext[Any]):
        def __init__(self, source: str, settings: CameraSettings) -> None:
            if source not in pictures:
                raise CameraError(f"{source} opens but gives no picture.")
            super().__init__(self)
            self.image = np.full((48, 64, 3), 90, np.uint8)
            self.image[..., 2] = pictures[source]

        def look(self) -> Frame:
            return Frame(self.image, 0.0)

    monkeypatch.setattr("posture.camera.webcam.Webcam", Camera)
    assert _that_shows_something(first, listed, CameraSettings()) == proposed
