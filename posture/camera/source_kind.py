"""What a user means by a source: a camera, a video file, or the address of a stream. The one rule for every command."""

from __future__ import annotations

import os
from typing import Literal

SourceKind = Literal["camera", "file", "stream"]

STREAM_SCHEMES = ("rtsp", "rtsps", "http", "https")
VIDEO_ENDINGS = (
    *(".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".mts", ".ts", ".wmv", ".asf", ".flv"),
    *(".ogv", ".mjpeg", ".3gp"),
)
"""A name that ends so means a file, also when there is none: the user learns that the file is missing."""


def kind_of_source(source: str) -> SourceKind:
    """Tell what a user means by `source`. Opens nothing.

    It is a camera by index, path or name; the path or ``file:`` URL of a video; or the address of a stream. A number is
    always the index of a camera. An address of a scheme that is not supported counts as a file, so that opening it says
    which ones are.
    """
    scheme, mark, _ = source.partition("://")
    if mark and scheme.lower() in STREAM_SCHEMES:
        return "stream"
    if source.strip().isdecimal():
        return "camera"
    # isfile, not Path.is_file: a name that is too long, or holds a NUL, is no file rather than an error.
    if (mark and scheme.isalnum()) or source.lower().startswith("file:") or os.path.isfile(source):  # noqa: PTH113
        return "file"
    return "file" if source.lower().endswith(VIDEO_ENDINGS) else "camera"
