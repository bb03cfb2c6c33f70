"""What a user means by a source: a camera, a video file, or the address of a stream. The one rule for every command."""

from __future__ import annotations

import os
import re
from typing import Literal

from posture.language import mark

SourceKind = Literal["camera", "file", "stream"]

STREAM_SCHEMES = ("rtsp", "rtsps", "http", "https")
VIDEO_ENDINGS = (
    *(".mp4", ".m4v", ".mov", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".mts", ".ts", ".wmv", ".asf", ".flv"),
    *(".ogv", ".mjpeg", ".3gp"),
)
"""A name that ends so means a file, also when there is none: the user learns that the file is missing."""
NO_STREAM = mark(
    "The daemon gives up the network, so it watches no stream: choose a camera with posture setup camera, or watch the "
    "stream with posture run."
)
"""Said wherever a stream is named for the daemon; translated there."""
_ADDRESS = re.compile(r"\s*([a-z][a-z0-9+.-]+)://", re.IGNORECASE)  # two characters: C:// is a drive of Windows


def kind_of_source(source: str) -> SourceKind:
    """Tell what a user means by `source`. Opens nothing.

    It is a camera by index, path or name; the path or ``file:`` URL of a video; or the address of a stream, in capitals
    or not, with spaces around it or not. A number is always the index of a camera. An address of a scheme that is not
    supported counts as a file, so that opening it says which ones are.
    """
    scheme = scheme_of(source)
    if scheme in STREAM_SCHEMES:
        return "stream"
    if source.strip().isdecimal():
        return "camera"
    # isfile, not Path.is_file: a name that is too long, or holds a NUL, is no file rather than an error.
    if scheme or is_file_url(source) or os.path.isfile(source):  # noqa: PTH113
        return "file"
    return "file" if source.strip().lower().endswith(VIDEO_ENDINGS) else "camera"


def scheme_of(source: str) -> str:
    """Give the scheme of an address, in small letters; empty for what is none."""
    found = _ADDRESS.match(source)
    return found[1].lower() if found else ""


def is_elsewhere(source: str) -> bool:
    """Whether that is an address of something that is not on this machine, supported or not."""
    return scheme_of(source) not in ("", "file")


def is_file_url(source: str) -> bool:
    """Whether that is the ``file:`` URL of a file on this machine."""
    return source.lstrip().lower().startswith("file:")


def stream_address(source: str) -> str:
    """Give the address of a stream as ffmpeg takes it: without spaces around it, and with its scheme in small letters.

    Another source stays as it is.
    """
    if kind_of_source(source) != "stream":
        return source
    scheme, mark, rest = source.strip().partition("://")
    return f"{scheme.lower()}{mark}{rest}"
