"""Calibrating from the menu of a real daemon: what the notices say, and what is kept."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from private_session import Daemon, Program, until

from posture.camera.opencv import opencv
from posture.camera.video import read_image
from posture.daemon.menu_calibration import KEPT, outcome_of

LITE = "pose.model = 'lite'\n"
SAID = "Your left shoulder was lower by about "


def film(path: Path, picture: Path) -> Path:
    """A minute and a half of one picture."""
    cv2 = opencv()
    image = read_image(picture).image
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 10, image.shape[1::-1])
    for _ in range(900):
        writer.write(image)
    writer.release()
    return path


def stored(daemon: Daemon) -> dict[str, Any]:
    path = Path(daemon.session.env["XDG_DATA_HOME"]) / "posture/calibrations.json"
    cameras: dict[str, Any] = json.loads(path.read_text())["cameras"] if path.exists() else {}
    return cameras


def watching(daemon: Daemon, picture: Path) -> Program:
    """The notices of a daemon that watches this picture; a first one is on the screen, whose buttons can be pressed."""
    daemon.configure(film(daemon.session.folder / f"{picture.stem}.mp4", picture), LITE)
    (Path(daemon.session.env["XDG_DATA_HOME"]) / "posture").mkdir(0o755, parents=True)
    server = daemon.session.notifications()
    daemon.run("start")
    shown(daemon, server.told())
    return server


def shown(daemon: Daemon, notice: dict[str, Any]) -> dict[str, Any]:
    """The notice, once the daemon knows that it is on the screen and hears its buttons."""
    until(lambda: f'"notice", "title": "{notice["summary"]}"' in daemon.log(), "it knows")
    return notice


def title(daemon: Daemon, server: Program, wanted: str) -> dict[str, Any]:
    """The next notice with this title."""
    while (notice := server.told())["summary"] != wanted:
        pass
    return shown(daemon, notice)


@pytest.mark.slow
@pytest.mark.parametrize("button", ["keep-unlevel", "always-so"])
def test_what_is_not_level_is_kept_by_a_button(daemon: Daemon, frames: Path, button: str) -> None:
    told = watching(daemon, frames / "Asian_F_1__lat_lean_+10.jpg")
    told.write("calibrate")
    assert "sit bone" in title(daemon, told, "Calibrating")["body"]
    asked = title(daemon, told, "This calibration is not level")
    assert asked["body"].startswith(SAID)
    assert asked["actions"][::2] == ["calibrate", "keep-unlevel", "always-so"]
    assert stored(daemon) == {}
    told.write(button)
    body = title(daemon, told, "Calibrated")["body"]
    assert body.startswith(KEPT)
    assert ("judged against level." in body) is ("always" not in button)
    (baseline,) = stored(daemon).values()
    assert baseline.get("always_so", False) is ("always" in button)
    # The leaning goes on, and the watch judges by what was kept.
    levels = until(lambda: daemon.status()["levels"], "the lean is judged")
    assert (levels["lean_left"] > 1.0) is ("always" not in button)


@pytest.mark.slow
def test_a_level_one_is_kept_and_what_is_coarse_is_said(daemon: Daemon, frames: Path) -> None:
    server = watching(daemon, frames / "Asian_F_1__camlow__base_+0.jpg")
    server.write("calibrate")
    body = title(daemon, server, "Calibrated")["body"]
    assert body.startswith(f"{KEPT} The camera ")
    assert list(stored(daemon)) == ["Asian_F_1__camlow__base_+0.mp4"]
    # Nobody was asked, so there is nothing to keep.
    server.write("always-so")
    daemon.until("it goes on", calibrating=False, state="sitting")
    assert "always_so" not in stored(daemon)["Asian_F_1__camlow__base_+0.mp4"]


def test_whatever_the_command_says_is_anoutcome_of() -> None:
    assert outcome_of('a warning\n{"ok": true, "advice": []}') == {"ok": True, "advice": []}
    assert outcome_of("posture: There is no camera.") == {"ok": False, "sentence": "There is no camera."}
    assert "posture doctor" in outcome_of("")["sentence"]
