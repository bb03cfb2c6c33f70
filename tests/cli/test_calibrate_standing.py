"""`posture calibrate --standing`: a baseline of standing beside that of sitting, never one in place of the other."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from footage import cut

from posture.camera.opencv import opencv
from posture.camera.video import read_image
from posture.cli.main import main
from posture.history.calibrations import calibrations_path, load_baseline
from posture.measure.standing import APART, apart
from posture.settings_file import load_settings

pytestmark = pytest.mark.slow

SITTING, STANDING = (2.0, 9.0), (50.0, 57.0)
"""Seconds of desk_stand.mp4."""
Part = Callable[[str, tuple[float, float]], Path]


@pytest.fixture
def part(desk_stand: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Part:
    """Cut a part out of the clip; the copies have one name, as if one camera had seen them."""
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("POSTURE_CONFIG", str(tmp_path / "settings.toml"))
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))
    return lambda folder, span: cut(desk_stand, tmp_path / folder / "desk.avi", span)


def run(capsys: pytest.CaptureFixture[str], *args: object) -> tuple[int, str]:
    code = main(["calibrate", "--seconds", "4", *map(str, args)])
    printed = capsys.readouterr()
    return code, printed.out + printed.err


def test_both_are_kept_for_one_camera(part: Part, capsys: pytest.CaptureFixture[str]) -> None:
    code, said = run(capsys, "--source", part("up", STANDING), "--standing")
    assert code == 0
    assert "Stand as you do at work, your weight on both feet." in said
    assert "Calibrated standing on" in said
    assert "How you sit there is not calibrated yet" in said
    settings = load_settings()
    assert load_baseline(settings, "desk.avi") is None
    main(["profile", "list"])
    assert "desk: desk.avi (standing)\n" in capsys.readouterr().out

    code, said = run(capsys, "--source", part("down", SITTING), "--json")
    assert (code, json.loads(said)["ok"], "standing" in json.loads(said)) == (0, True, False)
    code, said = run(capsys, "--source", part("up", STANDING), "--standing", "--json")
    assert (code, json.loads(said)["ok"], json.loads(said)["standing"]) == (0, True, True)
    assert json.loads(said)["advice"] == []
    sitting, standing = load_baseline(settings, "desk.avi"), load_baseline(settings, "desk.avi", standing=True)
    assert sitting is not None
    assert standing is not None
    assert apart(sitting, standing) > APART
    main(["profile", "list"])
    assert "desk: desk.avi (sitting and standing)\n" in capsys.readouterr().out


def test_two_that_look_alike_are_said(part: Part, capsys: pytest.CaptureFixture[str]) -> None:
    source = part("down", SITTING)
    assert run(capsys, "--source", source)[0] == 0
    code, said = run(capsys, "--source", source, "--standing")
    assert code == 0
    assert "say posture standing on when you stand up" in said
    assert "say posture standing on when you stand up" in run(capsys, "--source", source)[1]


def test_who_plainly_stands_is_not_kept_as_sitting(part: Part, capsys: pytest.CaptureFixture[str]) -> None:
    source = part("up", STANDING)
    code, said = run(capsys, "--source", source, "--json")
    assert (code, json.loads(said)["reason"]) == (1, "standing")
    code, said = run(capsys, "--source", source)
    assert code == 1
    assert "You seem to be standing. posture calibrate --standing learns how you stand" in said
    assert not calibrations_path(load_settings()).exists()
    assert run(capsys, "--source", source, "--yes")[0] == 0, "on the user's word"


@pytest.mark.parametrize(
    ("picture", "sentence"),
    [
        ("absent", "Nobody was seen: stand in front of the camera and calibrate again."),
        ("head_yaw_+30", "Your head was turned to the left: face the screen as you do at work, and calibrate again."),
    ],
)
def test_a_refusal_is_worded_for_who_stands(
    part: Part, frames: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], picture: str, sentence: str
) -> None:
    cv2 = opencv()
    image = read_image(frames / f"Asian_F_1__{picture}.jpg").image
    writer = cv2.VideoWriter(str(tmp_path / "v.avi"), cv2.VideoWriter.fourcc(*"FFV1"), 4.0, (640, 480))
    for _ in range(28):
        writer.write(image)
    writer.release()
    code, said = run(capsys, "--source", tmp_path / "v.avi", "--standing", "--json")
    assert (code, json.loads(said)["sentence"]) == (1, sentence)
