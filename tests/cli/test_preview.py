"""`posture preview`: what it says of a picture, in words and in a window on a real (virtual) screen."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from unittest import mock

import numpy as np
import pytest
from inferred import LOADED_BY_COMMANDS, commands_model
from people import pose_of, sitter
from private_session import DATA, Session, session, until
from rich.console import Console

from posture.camera.frame import Frame
from posture.camera.opencv import opencv
from posture.camera.video import read_image
from posture.cli.main import main
from posture.cli.preview import _screen
from posture.cli.preview_looks import Seen, bars_in, block, legend, preview_looks
from posture.cli.printable import is_plain, printable
from posture.measure.levels import NO_SHOULDERS
from posture.measure.observation import DEVIATIONS, Deviation, Judged, Observation
from posture.perception.framing import framing_of
from posture.pose.landmarks import PoseModel
from posture.settings import Settings

__all__ = ["session"]

CLIP = DATA / "still.mp4"
DWELL_S = 10.0


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
    assert sight.parts == {
        "head": "inside", "left shoulder": "inside", "right shoulder": "inside", "hips": "outside"
    }  # fmt: skip

    # The same person at the left edge of the camera's picture: the right shoulder is cut off, and judged coarsely.
    cut = Frame(np.ascontiguousarray(base.image[:, base.image.shape[1] // 2 :]), 0.0)
    sight = framing_of(cut, model.find(cut), 0.5)
    assert sight.parts["left shoulder"] == "inside"
    assert sight.parts["right shoulder"] == "edge"

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


# -- in words ----------------------------------------------------------------------------------------------------------


def seen_of(
    judged: Mapping[Deviation, Judged],
    levels: Mapping[Deviation, float | None],
    image: np.ndarray | None = None,
    note: str = "Judged by the calibration of this camera.",
) -> Seen:
    frame = Frame(np.full((480, 640, 3), 120, np.uint8) if image is None else image, 0.0)
    pose = pose_of(sitter())
    observation = Observation(0.0, "sitting", levels=levels, judged=judged)
    return Seen(frame, pose, framing_of(frame, pose, 0.5), observation, "kept", note)


def test_a_look_in_words() -> None:
    judged = {"slump": Judged(13.0, 5.0, 12.0), "head_tilt": Judged(why=NO_SHOULDERS)}
    seen = seen_of(judged, {"slump": 13 / 12})  # type: ignore[arg-type]
    assert block(seen)[-4:] == [
        "sitting",
        "! slump          ██████████▓▓▓▓▓▓│▓░░░░░░  13° ± 5 of 12°",
        "  head tilt      not judged: your shoulders are not in the picture",
        "Judged by the calibration of this camera.",
    ]
    for width in (40, 80):
        assert all(len(line) <= width for line in (*block(seen, width), *legend(DWELL_S, width)))
    assert all(line.isascii() for line in block(seen, plain=True))
    away = replace(seen, observation=Observation(0.0, "away"), note="")
    assert block(away)[-1] == "nobody sits there: nothing is judged"
    dark = replace(away, observation=Observation(0.0, "unknown", "too dark"))
    assert block(dark)[-1] == "too dark: nothing is judged"


def test_seconds_that_are_counted_down_are_no_change() -> None:
    seen = seen_of({}, {}, note="good, 3 s left")
    assert seen.state == replace(seen, note="good, 2 s left").state
    assert seen.state != replace(seen, note="hold still ...").state
    # A level that rises is one when it reaches its threshold.
    below, more, over = (
        seen_of({"slump": Judged(at, 1.0, 10.0)}, {"slump": at / 10.0}).state  # type: ignore[arg-type]
        for at in (2.0, 8.0, 11.0)
    )
    assert below == more != over


def test_in_words(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["preview", "--source", str(CLIP), "--text", "--seconds", "0.5"]) == 0
    printed = capsys.readouterr().out
    assert "ok  left shoulder: in the picture" in printed
    assert "light: good" in printed
    assert "not judged: there is no calibration yet" in printed
    assert printed.count("light: good") == 1


def test_colours_say_nothing_that_signs_do_not_say() -> None:
    judged = {"slump": Judged(13.0, 5.0, 12.0), "head_tilt": Judged(why=NO_SHOULDERS)}
    seen = seen_of(judged, {"slump": 13 / 12})  # type: ignore[arg-type]
    console = Console(width=80, force_terminal=True, file=io.StringIO())
    text = _screen(seen, console, DWELL_S)
    assert text.plain.splitlines() == [*block(seen, plain=is_plain()), *legend(DWELL_S)]
    styles = {text.plain[span.start : span.end].split()[0]: span.style for span in reversed(text.spans)}
    assert (styles["ok"], styles["!"], styles["head"]) == ("green", "bold yellow", "dim")


@pytest.mark.parametrize(("encoding", "plain"), [("utf-8", False), ("ascii", True), ("latin-1", True)])
def test_where_bars_cannot_be_shown_they_are_of_ascii(
    encoding: str, plain: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(io.BytesIO(), encoding=encoding))
    assert is_plain() is plain
    assert printable("8° ± 5") == ("8 deg +- 5" if plain else "8° ± 5")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="no pseudo-terminal")
def test_on_a_terminal_it_draws_over_itself_until_q(tmp_path: Path) -> None:
    import pty

    ours, theirs = pty.openpty()
    environment = {"TERM": "xterm", "COLUMNS": "80", "LINES": "30", "PYTHONIOENCODING": "utf-8"}
    program = subprocess.Popen(
        [sys.executable, "-m", "posture", "preview", "--text", "--source", str(CLIP)],
        env={**os.environ, **environment},
        stdin=theirs,
        stdout=theirs,
        stderr=theirs,
    )
    os.close(theirs)
    printed = b""
    try:
        while more := os.read(ours, 4096):
            if printed.count(b"light: good") < 3 <= (printed + more).count(b"light: good"):
                os.write(ours, b"q")
            printed += more
    except OSError:  # how Linux says that the other end is closed
        pass
    os.close(ours)
    assert program.wait(30) == 0
    assert b"Esc or q ends" in printed
    assert b"\x1b[1A" in printed, "the cursor goes up"


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Eight seconds upright, five slumped, five leaning left, three with nobody, three in the dark."""
    cv2 = opencv()
    path = tmp_path_factory.mktemp("clip") / "short.avi"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 5.0, (640, 480))
    film = cv2.VideoCapture(str(DATA / "laptop_a.mp4"))
    for begin_s, length_s, light in ((0, 8, 1.0), (60, 5, 1.0), (210, 5, 1.0), (480, 3, 1.0), (480, 3, 0.02)):
        film.set(cv2.CAP_PROP_POS_MSEC, begin_s * 1000.0)
        for k in range(length_s * 10):
            ok, image = film.read()
            assert ok
            if k % 2 == 0:
                writer.write((image * light).astype(np.uint8))
    film.release()
    writer.release()
    return path


@pytest.fixture
def real_model(answers: Path) -> Iterator[None]:
    with mock.patch(LOADED_BY_COMMANDS, commands_model(answers)):
        yield


@pytest.mark.slow
def test_what_would_count_on_real_footage(clip: Path, real_model: None, capsys: pytest.CaptureFixture[str]) -> None:
    looks = list(preview_looks(str(clip), Settings()))
    at = {t_s: looks[round(t_s * 5)] for t_s in (2, 7, 12, 17, 20, 23)}
    assert [at[t_s].calibration for t_s in (2, 7)] == ["none", "provisional"]
    assert "left" in at[2].note
    over = {t_s: [bar.kind for bar in bars_in(seen) if bar.over] for t_s, seen in at.items()}
    assert over == {2: [], 7: [], 12: ["slump"], 17: ["lean_left"], 20: [], 23: []}
    assert {bar.why for bar in bars_in(at[2])} == {"there is no calibration yet"}
    assert at[20].observation.presence == "away"
    assert at[23].presence == "too dark: nothing is judged"

    # In words where nothing can be drawn over: a few blocks, and one whenever something else would count.
    assert main(["preview", "--source", str(clip), "--text", "--seconds", "30"]) == 0
    printed = capsys.readouterr().out
    assert "! slump" in printed
    assert "! lean left" in printed
    assert printed.index("! slump") < printed.index("! lean left") < printed.index("nobody sits there")
    assert 5 <= printed.count("light: ") <= 14


@pytest.mark.slow
def test_the_json_is_what_other_programs_rely_on(
    clip: Path, real_model: None, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["preview", "--source", str(clip), "--json"]) == 0
    looks = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    assert len(looks) == 24 * 5
    first, slumped, last = looks[0], looks[60], looks[-1]
    for look in looks:
        assert list(look) == [
            "v", "t", "presence", "reason", "levels", "judged", "light", "parts", "ready", "lines", "advice",
            "calibration", "note",
        ]  # fmt: skip
    assert first["v"] == 1
    assert (first["calibration"], first["levels"]) == ("none", {})
    assert set(first["judged"]) == set(DEVIATIONS)
    assert first["parts"] == {
        "head": "inside", "left shoulder": "inside", "right shoulder": "inside", "hips": "outside"
    }  # fmt: skip
    assert first["lines"][0] == {"ok": True, "text": "head: in the picture"}
    assert (slumped["presence"], slumped["calibration"], slumped["ready"]) == ("sitting", "provisional", True)
    found = slumped["judged"]["slump"]
    assert set(found) == {"value", "sd", "threshold", "unit", "why", "coarse"}
    assert found["value"] / found["threshold"] == pytest.approx(slumped["levels"]["slump"], abs=0.01) != 0.0
    assert slumped["levels"]["slump"] > 1.0
    assert slumped["judged"]["forward_head"]["why"] == "a slump hides it"
    assert (last["presence"], last["reason"], last["judged"]) == ("unknown", "too dark", {})
    assert (last["light"], last["parts"], last["ready"]) == ("too dark", {}, False)


@pytest.mark.slow
def test_it_judges_by_the_calibration_that_is_kept(
    clip: Path, real_model: None, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert main(["calibrate", "--source", str(clip), "--seconds", "5"]) == 0
    first = next(preview_looks(str(clip), Settings()))
    assert (first.calibration, first.note) == ("kept", "Judged by the calibration of this camera.")
    assert all(bar.level is not None for bar in bars_in(first))
    (stored,) = (tmp_path / "data").glob("**/calibrations.json")
    stored.write_text("{}")
    first = next(preview_looks(str(clip), Settings()))
    assert first.calibration == "none"
    assert first.note.startswith(f"The calibration {stored} is damaged")


@pytest.mark.slow
def test_a_calibration_of_its_own_is_made_again_when_the_camera_was_moved(
    clip: Path, real_model: None, tmp_path: Path
) -> None:
    """A user tries out places for the camera here. Of a kept calibration it says that it no longer fits."""
    cv2 = opencv()
    film, path = cv2.VideoCapture(str(clip)), tmp_path / "moved.avi"
    images = [film.read()[1] for _ in range(40)]
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"MJPG"), 5.0, (640, 480))
    higher = [np.vstack([image[60:], np.full((60, 640, 3), 90, np.uint8)]) for image in images]
    for image in images + higher + higher:
        writer.write(image)
    writer.release()
    looks = list(preview_looks(str(path), Settings()))
    states = [look.calibration for look in looks]
    assert states[38] == "provisional"
    assert "none" in states[55:70]
    assert any("moved" in look.note for look in looks[40:70])
    assert states[-1] == "provisional"
    assert all(bar.level is not None for bar in bars_in(looks[-1]))


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X11")
def test_no_display_is_one_sentence(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.delenv("DISPLAY", raising=False)
    monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
    assert main(["preview", "--source", str(CLIP)]) == 1
    printed = capsys.readouterr().err
    assert "--text" in printed
    assert printed.count("\n") == 1


@pytest.mark.slow
def test_the_window(session: Session, require_tool: Callable[[str], str]) -> None:
    session.screen(require_tool, "1024x700")
    program = session.python("-m", "posture", "preview", "--source", str(CLIP), "--seconds", "1")
    until(lambda: "Live" in session.run("wmctrl", "-l", check=False).stdout, "the page Live is there")
    assert program.process.wait(60) == 0, "it closes by itself"


def test_a_stream_is_no_sight_for_the_window(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("DISPLAY", ":0")
    assert main(["preview", "--source", "rtsp://camera.local/1"]) == 2
    assert "--text" in capsys.readouterr().err
