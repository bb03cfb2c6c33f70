"""OpenCV, imported after the environment variables it reads have been set.

Everything in this package imports cv2 through `opencv`, so that the order of imports does not matter.
"""

from __future__ import annotations

import os
from typing import Any

from posture.errors import PostureError
from posture.language import tr

MOST_PX = 2**26

ENVIRONMENT = {
    # Users get a sentence of ours about what failed, not the messages of OpenCV and ffmpeg.
    "OPENCV_LOG_LEVEL": "OFF",
    "OPENCV_FFMPEG_LOGLEVEL": "-8",
    # A picture of a few kilobytes may claim to have a billion pixels; a phone's has 50 million.
    "OPENCV_IO_MAX_IMAGE_PIXELS": str(MOST_PX),
    # A stalled camera blocks a read for 10 s by default.
    "OPENCV_VIDEOIO_V4L_SELECT_TIMEOUT": "2",
    # On macOS posture has the user asked itself: OpenCV can do so from the main thread only, and does not say why not.
    "OPENCV_AVFOUNDATION_SKIP_AUTH": "1",
    # Without this, opening a camera takes many seconds on Windows.
    "OPENCV_VIDEOIO_MSMF_ENABLE_HW_TRANSFORMS": "0",
}


def prepare_environment() -> None:
    """Set what OpenCV reads at import; a value the user has set stays."""
    for name, value in ENVIRONMENT.items():
        os.environ.setdefault(name, value)


def opencv() -> Any:
    """Import cv2, quiet and with short time limits; Any, since the stubs of OpenCV 4 and 5 do not agree."""
    prepare_environment()
    try:
        import cv2
    except (ImportError, OSError) as error:  # such as libGL.so.1, which a server has not
        raise PostureError(
            tr(
                "OpenCV cannot be loaded ({error}): install what it names with the packages of your system (libGL.so.1 "
                "is in libgl1).",
                error=error,
            )
        ) from None
    return cv2
