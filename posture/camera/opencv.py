"""OpenCV, with what it reads from the environment set before its first import.

Everything in this package imports cv2 through `opencv`, so that no other order of imports can undo it.
"""

from __future__ import annotations

import os
from typing import Any

__all__ = ["opencv"]

MOST_PX = 2**26

ENVIRONMENT = {
    # A user is told in one sentence of ours what failed, not in the words of OpenCV and ffmpeg.
    "OPENCV_LOG_LEVEL": "OFF",
    "OPENCV_FFMPEG_LOGLEVEL": "-8",
    # A picture of a few kilobytes may say that it has a billion pixels; a phone's has 50 million.
    "OPENCV_IO_MAX_IMAGE_PIXELS": str(MOST_PX),
    # A stalled camera blocks a read for 10 s by default.
    "OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT": "2",
    # Opening a camera takes many seconds on Windows otherwise.
    "OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS": "0",
}


def prepare_environment() -> None:
    """Set what OpenCV reads at import; a value the user has set stays."""
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)


def opencv() -> Any:
    """Import cv2, quiet and with short time limits.

    Returns
    -------
    module
        cv2. Typed as Any because the stubs of OpenCV 4 and 5 differ in what they accept.
    """
    prepare_environment()
    import cv2

    return cv2
