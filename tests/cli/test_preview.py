"""`posture preview`: what it says of a picture, in words and in a window on a real (virtual) screen."""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from private_session import DATA, Session, session

from posture.camera.frame import Frame
from posture.camera.opencv import opencv
from posture.camera.video import read_image
from posture.cli.main import main
from posture.cli.preview_window import picture
from posture.perception.framing import framing_of
from posture.pose.landmarks import PoseModel

__all__ = ["session"]

CLIP = DATA / "still.mp4"
GREEN = (110, 200, 90)


@pytest.fixture(autouse=True)
def own_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("POSTURE_CONFIG", str(tmp_path / "settings.toml"))


@pytest.mark.slow
def test_what_a_picture_shows(model: PoseModel, frames: Path) -> None:
    base = read_image(frames / "Asian_F_1__base.jpg")
    sight = framing_of(base, model.find(base), 0.5)
    assert sight.ready
    assert sight.light == "good"
    assert "calibrate" in sight.advice

    # The same person at the left edge of the camera's picture: the right shoulder is cut off.
    cut = Frame(np.ascontiguousarray(base.image[:, base.image.shape[1] // 2 :]), 0.0)
    sight = framing_of(cut, model.find(cut), 0.5)
    assert not sight.ready
    assert not sight.parts.get("right shoulder")

    absent = read_image(frames / "Asian_F_1__absent.jpg")
    assert framing_of(absent, model.find(absent), 0.5).lines[0] == (False, "nobody is seen")
    dark = Frame((absent.image * 0.03).astype(np.uint8), 0.0)
    assert framing_of(dark, None, 0.5).light in ("too dark", "lens covered")


@pytest.mark.slow
def test_light_from_behind_and_dim(model: PoseModel, frames: Path) -> None:
    base = read_image(frames / "Asian_F_1__base.jpg")
    pose = model.find(base)
    assert pose is not None
    dim = Frame((base.image * 0.3).astype(np.uint8), 0.0)
    assert framing_of(dim, pose, 0.5).light == "dim"
    x, y = pose.landmarks[0, :2].astype(int)
    window = np.full_like(base.image, 240)
    opencv().circle(window, (int(x), int(y)), 110, (60, 60, 60), -1)
    assert framing_of(Frame(window, 0.0), pose, 0.5).light == "from behind"


def test_the_picture_is_mirrored_and_the_words_are_not(frames: Path) -> None:
    base = read_image(frames / "Asian_F_1__base.jpg")
    image = picture(base, None, framing_of(base, None, 0.5))
    cv2 = opencv()
    height, width = base.image.shape[:2]
    shown = cv2.resize(base.image, (round(width * 480 / height), 480))
    left = (image.shape[1] - shown.shape[1]) // 2
    assert np.array_equal(image[:480, left : left + shown.shape[1]], cv2.flip(shown, 1))


def test_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["preview", "--source", str(CLIP), "--text", "--seconds", "0.5"]) == 0
    printed = capsys.readouterr().out
    assert "ok  left shoulder: in the picture" in printed
    assert "light: good" in printed


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X11")
def test_no_display_is_one_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert main(["preview", "--source", str(CLIP)]) == 1
    printed = capsys.readouterr().err
    assert "--text" in printed
    assert printed.count("\n") == 1


@pytest.mark.slow
def test_the_window(session: Session, require_tool: Callable[[str], str], tmp_path: Path) -> None:
    scrot, xdotool = require_tool("scrot"), require_tool("xdotool")
    xvfb = session.start(require_tool("Xvfb"), "-displayfd", "1", "-screen", "0", "900x760x24", "-nolisten", "tcp")
    session.env["DISPLAY"] = f":{xvfb.line()}"
    session.start(require_tool("openbox"))
    shot = Path(os.environ.get("POSTURE_ARTIFACTS", tmp_path)) / "preview_window.png"
    program = session.python("-m", "posture", "preview", "--source", str(CLIP))
    for _ in range(150):
        time.sleep(0.2)
        session.run(scrot, "--overwrite", str(shot), check=False)
        if shot.exists():
            green = np.abs(read_image(shot).image.astype(int) - GREEN).sum(axis=2) < 40
            # The skeleton stands in the picture, and the discs of what is well below it.
            if green[:500].sum() > 500 and green[520:].sum() > 200:
                break
    else:
        pytest.fail(f"no skeleton, or nothing said, in {shot}")
    session.run(xdotool, "search", "--name", "posture: preview", "windowactivate", "--sync", "key", "q")
    assert program.process.wait(20) == 0
