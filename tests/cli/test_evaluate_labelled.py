"""`posture evaluate` on landmarks of real people that were labelled: the limits that the measures keep there."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from posture.cli.main import main

REAL = Path(__file__).parent.parent / "data/real"
WEBCAM5 = REAL / "webcam5_heavy.npz"

pytestmark = pytest.mark.usefixtures("own_folder")
Printed = Callable[..., str]


@pytest.fixture
def found(printed: Printed) -> Any:
    (line,) = printed("evaluate", REAL, "--json").splitlines()  # the clips have no labels
    return json.loads(line)


def test_two_people_at_their_webcams(found: Any) -> None:
    assert (found["set"], found["looks"], found["people"]) == ("webcam5", 985, ["B", "C"])
    assert (found["calibration_refused"], found["not_sitting"]) == ({}, 0.0)
    assert found["lean_left"]["recall"] >= 0.84
    assert found["lean_left"]["precision"] >= 0.91
    assert found["lean_right"]["recall"] >= 0.84
    assert found["lean_right"]["precision"] >= 0.95
    assert found["lean_left"]["not_known"] == found["lean_right"]["not_known"] == 0.0
    assert min(found["lean_auc"].values()) >= 0.97
    assert found["head_tilt"]["recall"] >= 0.90
    assert found["head_tilt"]["precision_any_tilted"] >= 0.98
    error_deg = found["head_tilt_mae_deg"]
    assert error_deg["0-10"] <= 2.5
    assert error_deg["10-20"] <= 3.5
    assert error_deg["20-30"] <= 4.0
    assert error_deg["30-60"] <= 6.0
    assert found["shoulder_tilt_mae_deg"] <= 2.3
    assert sum(found["raised_on_straight"].values()) <= 0.02
    # The yardsticks do not depend on the measures.
    assert found["peer_nose_rule_flags"] == {
        "head_left": 0.402, "head_right": 0.322, "lean_left": 0.748, "lean_right": 0.879, "straight": 0.006,
    }  # fmt: skip
    assert found["peer_neck_rule_flags"] == {
        "head_left": 0.236, "head_right": 0.164, "lean_left": 0.297, "lean_right": 0.739, "straight": 0.0,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("which", "least"),
    [("on_the_edge", (0.9, 0.82, 0.84, 0.9)), ("under_it", (0.9, 0.78, 0.84, 0.92))],
)
def test_the_same_people_with_their_shoulders_at_the_edge(
    printed: Printed, which: str, least: tuple[float, ...]
) -> None:
    """The pictures cut so that the lower shoulder lies on the lower edge, and 0.12 shoulder widths above it."""
    lines = [json.loads(line) for line in printed("evaluate", REAL.parent / "real_cut", "--json").splitlines()]
    (found,) = [line for line in lines if line["set"] == which]
    assert (found["looks"], found["calibration_refused"], found["not_sitting"]) == (329, {}, 0.0)
    left, right = found["lean_left"], found["lean_right"]
    seen = (left["recall"], left["precision"], right["recall"], right["precision"])
    assert all(share >= limit for share, limit in zip(seen, least, strict=True))
    assert left["not_known"] == right["not_known"] == 0.0
    assert sum(found["raised_on_straight"].values()) <= 0.05
    assert found["head_tilt"]["recall"] >= 0.9


def stored(path: Path, rows: Any, **changes: Any) -> Path:
    """Some rows of the set as a set of its own."""
    with np.load(WEBCAM5) as arrays:
        np.savez(path, **{name: arrays[name][rows] for name in arrays.files} | changes)
    return path


def recording(name: str) -> Any:
    with np.load(WEBCAM5) as arrays:
        return np.flatnonzero(arrays["recording"] == name)


def test_the_tables_for_people(printed: Printed, tmp_path: Path) -> None:
    stored(tmp_path / "mine_heavy.npz", recording("ngatrai"))
    text = printed("evaluate", tmp_path)
    for words in ("mine: ", " people; calibration refused: none;", "Labelled deviations", "Raised on straight looks"):
        assert words in text
    assert text.count("head_tilt_deg") == 4


def test_each_set_is_a_line_and_its_name_says_the_model(printed: Printed, tmp_path: Path) -> None:
    rows = recording("ngatrai")
    for name in ("b_heavy", "a_lite", "a_b"):
        stored(tmp_path / f"{name}.npz", rows)
    lines = [json.loads(line) for line in printed("evaluate", tmp_path, "--json").splitlines()]
    assert [line["set"] for line in lines] == ["a_b", "a", "b"]
    assert lines[0] | {"set": "b"} == lines[2]
    assert lines[1]["head_tilt_mae_deg"] != lines[2]["head_tilt_mae_deg"]


def test_a_recording_that_does_not_calibrate_is_named_with_its_reason(printed: Printed, tmp_path: Path) -> None:
    rows = recording("ngatrai")
    with np.load(WEBCAM5) as arrays:
        landmarks = arrays["landmarks"][rows]
    stored(tmp_path / "x.npz", rows, landmarks=np.full_like(landmarks, np.nan))
    found = json.loads(printed("evaluate", tmp_path, "--json"))
    assert (found["looks"], found["calibration_refused"]) == (0, {"ngatrai": "absent"})
    assert "refused: ngatrai (absent)" in " ".join(printed("evaluate", tmp_path).split())


def test_looks_are_taken_in_the_order_of_their_frames(printed: Printed, tmp_path: Path) -> None:
    rows = recording("ngatrai")
    stored(tmp_path / "a_heavy.npz", rows)
    stored(tmp_path / "b_heavy.npz", rows[::-1])
    first, second = (json.loads(line) for line in printed("evaluate", tmp_path, "--json").splitlines())
    assert first | {"set": "b"} == second


def test_a_look_without_anybody_is_nobody_sitting(printed: Printed, tmp_path: Path) -> None:
    rows = recording("ngatrai")
    with np.load(WEBCAM5) as arrays:
        landmarks, leaning = arrays["landmarks"][rows], arrays["label"][rows] == "lean_left"
    assert leaning.any()
    landmarks[leaning] = np.nan
    stored(tmp_path / "x_heavy.npz", rows, landmarks=landmarks)
    found = json.loads(printed("evaluate", tmp_path, "--json"))
    assert found["lean_left"] == {"recall": 0.0, "precision": None, "not_known": 1.0}
    assert found["not_sitting"] == round(float(leaning.mean()), 3)


@pytest.mark.parametrize("content", [b"", b"nothing", None])
def test_what_is_no_set_is_said_in_one_sentence(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    path = tmp_path / "x.npz"
    if content is None:
        np.savez(path, label=["straight"])
    else:
        path.write_bytes(content)
    assert main(["evaluate", str(tmp_path)]) == 1
    error = capsys.readouterr().err
    assert "x.npz is no set of labelled landmarks: it needs landmarks, world, size, label" in error
    assert len(error.splitlines()) == 1


def test_landmarks_without_labels_are_not_enough(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shutil.copy(REAL / "webcam_clips_heavy.npz", tmp_path)
    assert main(["evaluate", str(tmp_path)]) == 1
    assert "no labelled landmarks" in capsys.readouterr().err
