"""What the tests of reliability share."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from private_session import daemon, session

__all__ = ["clip", "daemon", "session"]


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small video, to be damaged."""
    path = tmp_path_factory.mktemp("clip") / "clip.mp4"
    writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 10, (160, 120))
    for n in range(12):
        writer.write(np.full((120, 160, 3), 20 * n, np.uint8))
    writer.release()
    return path
