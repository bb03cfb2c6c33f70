"""The poses of data/poses.npz are what the models find in data/frames."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from people import names, rendered

from posture.camera.video import read_image
from posture.pose.landmarks import PoseModel


@pytest.mark.slow
@pytest.mark.parametrize("model", ["lite", "heavy"])
def test_the_stored_poses_are_those_of_the_models(model: str, frames: Path, request: pytest.FixtureRequest) -> None:
    """To two pixels and two centimetres: releases of mediapipe and processors differ a little."""
    loaded: PoseModel = request.getfixturevalue(model)
    seen = [path.stem for path in sorted(frames.glob("*.jpg")) if "absent" not in path.stem]
    assert names() == sorted(seen)
    for name in seen:
        stored, found = rendered(name, model).pose, loaded.find(read_image(frames / f"{name}.jpg"))
        assert found is not None
        assert (stored.frame_w_px, stored.frame_h_px) == (found.frame_w_px, found.frame_h_px)
        upper = slice(0, 13)
        assert np.abs(stored.landmarks[upper, :2] - found.landmarks[upper, :2]).max() < 2.0, name
        assert np.abs(stored.world[upper] - found.world[upper]).max() < 0.02, name
