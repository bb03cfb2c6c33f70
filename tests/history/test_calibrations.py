"""What is known of a calibration without its landmarks: when, how far away, and whether the user says that it fits."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from people import baseline_like, person_of, sitter, zoomed

from posture.errors import PostureError
from posture.history.calibrations import (
    Calibration,
    Which,
    add_profile,
    baseline_from_json,
    baseline_to_json,
    calibration_made,
    calibrations_path,
    confirm_calibration,
    keep_offered,
    load_baseline,
    made_in_use,
    save_baseline,
    use_profile,
)
from posture.measure.measures import measure
from posture.settings import Settings

CAMERA = "Webcam (0)"
HERE = baseline_like(sitter())


@pytest.fixture
def settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path))
    return Settings()


def in_use(settings: Settings, camera: str = CAMERA) -> Calibration | None:
    made = made_in_use(settings, camera)
    return None if made is None else calibration_made(settings, made)


def change(settings: Settings, **entries: Any) -> None:
    """Change the stored entry of the camera; None removes a key."""
    path = calibrations_path(settings)
    stored = json.loads(path.read_text())
    stored["cameras"][CAMERA] = {k: v for k, v in {**stored["cameras"][CAMERA], **entries}.items() if v is not None}
    path.write_text(json.dumps(stored))


def test_its_distance_is_that_of_a_look_at_it(settings: Settings) -> None:
    save_baseline(settings, CAMERA, HERE)
    found = in_use(settings)
    assert found is not None
    assert timedelta(0) <= datetime.now(UTC) - found.made < timedelta(minutes=1)
    same = measure(person_of(sitter()), HERE, settings, "heavy").distance_cm
    nearer = measure(person_of(zoomed(sitter(), 1.2)), HERE, settings, "heavy").distance_cm
    assert found.distance_cm == pytest.approx(same, rel=0.001)
    assert found.distance_cm == pytest.approx(1.2 * (nearer or 0.0), rel=0.001)


def test_one_of_an_older_release_has_no_distance(settings: Settings) -> None:
    save_baseline(settings, CAMERA, HERE)
    change(settings, eyes_px=None)
    found = in_use(settings)
    assert found is not None
    assert found.distance_cm is None
    assert load_baseline(settings, CAMERA) is not None


def test_that_it_fits_is_kept_until_the_next_calibration(settings: Settings) -> None:
    save_baseline(settings, CAMERA, HERE)
    before = in_use(settings)
    assert before is not None
    assert not before.confirmed
    confirm_calibration(settings, before.made - timedelta(days=1))
    assert in_use(settings) == before
    confirm_calibration(settings, before.made)
    confirmed = in_use(settings, "Webcam (2)")  # the same camera, plugged in elsewhere
    assert confirmed == replace(before, confirmed=True)
    assert calibration_made(settings, before.made) == confirmed
    assert load_baseline(settings, CAMERA) is not None
    change(settings, made="2026-03-02T12:00:00+01:00")
    save_baseline(settings, CAMERA, HERE)
    after = in_use(settings)
    assert after is not None
    assert not after.confirmed
    assert calibration_made(settings, datetime(2026, 3, 2, 11, tzinfo=UTC)) is None


def test_each_place_and_model_has_its_own(settings: Settings) -> None:
    save_baseline(settings, CAMERA, HERE)
    assert in_use(settings, "Another camera") is None
    change(settings, model="lite")
    assert in_use(settings) is None
    change(settings, model="heavy")
    add_profile(settings, "couch")
    use_profile(settings, CAMERA, "couch")
    assert in_use(settings) is None
    save_baseline(settings, CAMERA, HERE)
    change(settings, made="2026-03-02T12:00:00+01:00")
    assert calibration_made(settings, datetime(2026, 3, 2, 11, tzinfo=UTC)) is not None
    there = in_use(settings)
    assert there is not None
    assert calibration_made(settings, there.made) == there


@pytest.mark.parametrize(
    "wrong",
    [{"made": 5}, {"made": "yesterday"}, {"eyes_px": "wide"}, {"frame_px": []}, {"frame_px": 3}, {"eyes_px": []}],
)
def test_a_damaged_one_is_one_sentence(settings: Settings, wrong: dict[str, Any]) -> None:
    save_baseline(settings, CAMERA, HERE)
    made = datetime.fromisoformat(json.loads(calibrations_path(settings).read_text())["cameras"][CAMERA]["made"])
    change(settings, **wrong)
    with pytest.raises(PostureError, match="is damaged"):
        in_use(settings)
    with pytest.raises(PostureError, match="is damaged"):
        calibration_made(settings, made)


def twins(first: int, second: int) -> tuple[Which, Which]:
    """Two cameras of one model that are plugged in together, under these numbers."""
    a, b = f"C270 (/dev/video{first})", f"C270 (/dev/video{second})"
    path_a, path_b = "/dev/v4l/by-id/usb-A-index0", "/dev/v4l/by-path/usb-2:1.0-index0"
    return Which(a, path_a, frozenset({b, path_b})), Which(b, path_b, frozenset({a, path_a}))


@pytest.mark.parametrize("standing", [False, True])
def test_of_two_cameras_of_one_model_each_has_its_own(settings: Settings, standing: bool) -> None:
    left, right = twins(0, 2)
    save_baseline(settings, left, HERE, standing=standing)
    assert load_baseline(settings, left, standing=standing) is not None
    assert load_baseline(settings, right, standing=standing) is None, "that of the other, which is plugged in"
    nearer = replace(HERE, seconds=7.0)
    save_baseline(settings, right, nearer, standing=standing)
    for numbers in ((0, 2), (2, 0), (1, 3)):  # plugged in again in another order
        left, right = twins(*numbers)
        for camera, seconds in ((left, HERE.seconds), (right, 7.0)):
            found = load_baseline(settings, camera, standing=standing)
            assert found is not None
            assert found.seconds == seconds
    left, right = twins(2, 0)
    save_baseline(settings, right, replace(HERE, seconds=8.0), standing=standing)
    found = load_baseline(settings, twins(0, 2)[0], standing=standing)
    assert found is not None
    assert found.seconds == HERE.seconds, "a calibration of the other one takes nothing away"


def test_alone_a_camera_is_known_by_its_name(settings: Settings) -> None:
    left, right = twins(0, 2)
    save_baseline(settings, left, HERE)
    assert load_baseline(settings, replace(right, others=frozenset())) is not None, "the same one, at another port"
    assert load_baseline(settings, "C270 (/dev/video7)") is not None
    assert load_baseline(settings, Which("C920 (/dev/video0)", left.path + "x")) is None


def test_one_of_an_older_release_is_not_the_other_cameras(settings: Settings) -> None:
    left, right = twins(0, 2)
    save_baseline(settings, left.name, HERE)  # kept without a path
    assert load_baseline(settings, left) is not None
    assert load_baseline(settings, right) is None


def test_one_of_the_user_standing_may_lie_beside_it(settings: Settings) -> None:
    save_baseline(settings, CAMERA, HERE)
    alone = in_use(settings)
    assert alone is not None
    assert not alone.standing
    save_baseline(settings, "Webcam (2)", HERE, standing=True)
    assert in_use(settings) == replace(alone, standing=True)
    confirm_calibration(settings, alone.made)
    assert in_use(settings) == replace(alone, standing=True, confirmed=True)


def test_what_was_offered_is_kept_as_if_it_had_been_calibrated(settings: Settings) -> None:
    offered = json.loads(json.dumps(baseline_to_json(replace(HERE, provisional=True))))
    assert offered["provisional"] is True
    assert baseline_from_json(offered, settings.pose).provisional
    keep_offered(settings, CAMERA, offered | {"place": [CAMERA, "desk"], "made": "2020-01-01T00:00:00+00:00"})
    found, calibration = load_baseline(settings, CAMERA), in_use(settings)
    assert found is not None
    assert calibration is not None
    assert not found.provisional
    assert found.geometry == HERE.geometry
    assert datetime.now(UTC) - calibration.made < timedelta(minutes=1)
    assert set(json.loads(calibrations_path(settings).read_text())["cameras"][CAMERA]) == set(baseline_to_json(HERE))
    save_baseline(settings, CAMERA, replace(HERE, provisional=True))
    assert "provisional" not in json.loads(calibrations_path(settings).read_text())["cameras"][CAMERA]


@pytest.mark.parametrize(
    "wrong",
    [
        {"landmarks": [[0.0] * 4] * 32},
        {"landmarks": [[0.0] * 3] * 33},
        {"world": None},
        {"noise": {"slump_deg": float("nan")}},
        {"noise": []},
        {"seconds": 1e9},
        {"seconds": "long"},
        {"model": 3},
        {"eyes_px": None},
    ],
)
def test_what_is_no_baseline_is_not_kept(settings: Settings, wrong: dict[str, Any]) -> None:
    with pytest.raises(PostureError, match="posture calibrate"):
        keep_offered(settings, CAMERA, baseline_to_json(HERE) | wrong)
    assert not calibrations_path(settings).exists()
