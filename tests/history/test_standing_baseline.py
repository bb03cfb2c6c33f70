"""The baseline of a user standing: kept beside that of them sitting, for each camera and profile."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from people import rendered_baseline

from posture.errors import PostureError
from posture.history.calibrations import (
    add_profile,
    calibrations_path,
    load_baseline,
    made_in_use,
    profiles,
    save_baseline,
    use_profile,
)
from posture.settings import Settings
from posture.settings_file import load_settings

CAMERA = "Cam: Integrated (/dev/video0)"
SITTING = rendered_baseline("Asian_F_1__base")
STANDING = replace(SITTING, frames=SITTING.frames + 6)


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("POSTURE_CONFIG", str(tmp_path / "settings.toml"))
    return load_settings()


def frames(settings: Settings, *, standing: bool, camera: str = CAMERA) -> int | None:
    found = load_baseline(settings, camera, standing=standing)
    return None if found is None else found.frames


def test_alone_it_is_no_sitting_one(settings: Settings) -> None:
    save_baseline(settings, CAMERA, STANDING, standing=True)
    assert frames(settings, standing=True) == STANDING.frames
    assert frames(settings, standing=False) is None
    assert made_in_use(settings, CAMERA) is None
    (desk,) = profiles(settings)
    assert (desk.calibrated, desk.standing) == ((), (CAMERA,))


def test_each_is_stored_in_place_of_its_last(settings: Settings) -> None:
    save_baseline(settings, CAMERA, SITTING)
    save_baseline(settings, CAMERA, SITTING, standing=True)
    save_baseline(settings, CAMERA, STANDING, standing=True)
    assert (frames(settings, standing=False), frames(settings, standing=True)) == (SITTING.frames, STANDING.frames)
    assert frames(settings, standing=True, camera="Cam: Integrated (/dev/video4)") == STANDING.frames


def test_each_profile_has_its_own(settings: Settings) -> None:
    save_baseline(settings, CAMERA, STANDING, standing=True)
    add_profile(settings, "couch")
    use_profile(settings, CAMERA, "couch")
    assert frames(settings, standing=True) is None
    use_profile(settings, CAMERA, "desk")
    assert frames(settings, standing=True) == STANDING.frames


def test_older_releases_read_the_rest_of_the_file_as_before(settings: Settings) -> None:
    save_baseline(settings, CAMERA, SITTING)
    before = json.loads(calibrations_path(settings).read_text())
    save_baseline(settings, CAMERA, STANDING, standing=True)
    after = json.loads(calibrations_path(settings).read_text())
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) == {"standing"}


@pytest.mark.parametrize("wrong", [[], {"desk": 1}, {"desk": {CAMERA: {}}}, {"desk": {CAMERA: 3}}])
def test_a_damaged_one_is_said(settings: Settings, wrong: object) -> None:
    save_baseline(settings, CAMERA, SITTING)
    path = calibrations_path(settings)
    path.write_text(json.dumps(json.loads(path.read_text()) | {"standing": wrong}))
    with pytest.raises(PostureError, match="damaged"):
        load_baseline(settings, CAMERA, standing=True)
