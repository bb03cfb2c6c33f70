"""The model's place and checksum."""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path

import pytest

from posture.camera.video import read_image
from posture.errors import PostureError
from posture.pose import model_file as model_file_module
from posture.pose.litert_model import LiteRTPose
from posture.pose.mediapipe_model import MediaPipePose
from posture.pose.model_file import model_file, models_folder


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A copy of the models that a test may damage."""
    return Path(shutil.copytree(models_folder(), tmp_path / "models"))


def test_the_model_that_travels_with_posture() -> None:
    file = model_file("lite")
    assert hashlib.sha256(file.path.read_bytes()).hexdigest() == file.sha256
    assert file.licence == "Apache-2.0"
    assert file.source.startswith("https://")


def damage_by_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def cut_off(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


@pytest.mark.parametrize(
    ("harm", "says"), [(Path.unlink, "cannot be read"), (damage_by_a_bit, "is damaged"), (cut_off, "is damaged")]
)
def test_missing_or_damaged(folder: Path, harm: object, says: str) -> None:
    path = folder / "pose_landmarker_lite.task"
    harm(path)  # type: ignore[operator]
    with pytest.raises(PostureError, match=says) as error:
        MediaPipePose(folder=folder)
    assert str(path) in str(error.value)
    assert "reinstall" in str(error.value)


@pytest.mark.parametrize("text", [None, "", "not toml [", "[lite]\nfile = 3\n", "lite = 3\n"])
def test_bad_manifest(folder: Path, text: str | None) -> None:
    path = folder / "manifest.toml"
    path.unlink()
    if text is not None:
        path.write_text(text)
    with pytest.raises(PostureError, match="list of models") as error:
        model_file("lite", folder)
    assert str(path) in str(error.value)


def test_checked_once_in_a_process(folder: Path) -> None:
    first = model_file("lite", folder)
    first.path.unlink()
    assert model_file("lite", folder) is first


@pytest.mark.slow
@pytest.mark.parametrize("engine", [MediaPipePose, LiteRTPose])
def test_a_name_that_windows_has_no_letters_for(
    engine: type[MediaPipePose | LiteRTPose], folder: Path, frames: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its libraries cannot open such a file by its name, so they get what is in it."""
    picture = read_image(frames / "White_M_1__base.jpg")
    with engine("lite") as usual:
        before = usual.find(picture)
    read: list[str] = []
    read_bytes = Path.read_bytes

    def noted(path: Path) -> bytes:
        read.append(path.name)
        return read_bytes(path)

    monkeypatch.setattr(model_file_module, "ON_WINDOWS", True)
    monkeypatch.setattr(Path, "read_bytes", noted)
    named = folder.rename(folder.with_name("Zoë Łukasik (日本)"))
    with engine("lite", folder=named) as one:
        found = one.find(picture)
    assert {name for name in read if name.startswith("pose_")}
    assert before is not None
    assert found is not None
    assert (found.landmarks == before.landmarks).all()
