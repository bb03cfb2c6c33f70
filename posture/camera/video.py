"""Frames from a video file, a still picture, or a stream that the user names by its address."""

from __future__ import annotations

import contextlib
import math
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from urllib.request import url2pathname

import numpy as np
from numpy.typing import NDArray

from posture.camera.errors import CameraLost
from posture.camera.frame import Closing, Frame
from posture.camera.light import small_luma
from posture.camera.opencv import opencv
from posture.camera.source_kind import STREAM_SCHEMES, is_file_url, kind_of_source, scheme_of, stream_address
from posture.errors import PostureError
from posture.language import number, tr
from posture.plain_text import plain

STREAM_TIMEOUT_MS = 5_000
# A clock that steps back by more than this has been restarted (joined recordings); by less, it is jitter.
RESTART_S = 1.0
FALLBACK_FPS = 30.0
MOST_STRETCH = 4.0
"""A pixel that is said to be more oblong than this is a mistake of the file; films have up to 2 [design choice]."""
LARGEST_PICTURE_BYTES = 200_000_000
_OPTIONS = "OPENCV_FFMPEG_CAPTURE_OPTIONS"
CONTAINERS = (
    *("mov", "matroska", "webm", "avi", "mpegts", "mpeg", "mpegvideo", "flv", "asf", "ogg", "wtv", "rm", "nut", "dv"),
    *("mxf", "gif", "apng", "ivf", "yuv4mpegpipe", "h264", "hevc", "m4v", "mjpeg", "av1", "obu", "vc1"),
)
"""Formats of files that hold a video themselves, by their names in ffmpeg."""


class VideoFile(Closing):
    """A recorded video, or a network stream.

    A name means a file unless it begins with ``rtsp://``, ``rtsps://``, ``http://`` or ``https://``, see
    `posture.camera.source_kind`. Such a stream is the only place where this program uses the network, and only when the
    user names it; a local file cannot lead there, because ffmpeg opens nothing but files from a file.

    The time of a frame is the file's own timestamp, counted from its first frame and always increasing. Where the
    container has none, or steps back, it advances by a frame of the nominal rate. A live stream has the machine's
    monotonic clock instead, unless `from_zero` is given.

    A picture of oblong pixels, as on a DV tape, is stretched to what was in front of the camera.

    Parameters
    ----------
    path_or_url : str or Path
        A path, a ``file:`` URL or a stream URL.
    from_zero : bool
        A live stream's time begins at 0 with its first frame, as a file's does.
    address : str, optional
        Where a stream is reached, if its host has been looked up already; it is called by its own name.

    Raises
    ------
    posture.errors.PostureError
        The source is missing, is a folder, is empty, cannot be read or is not a video.
    """

    def __init__(self, path_or_url: str | Path, *, from_zero: bool = False, address: str | None = None) -> None:
        self._stream = kind_of_source(str(path_or_url)) == "stream"
        if self._stream:
            address = address or stream_address(str(path_or_url))
            self._name = plain(_without_password(stream_address(str(path_or_url))))
        else:
            path = local_path(path_or_url)
            _check_readable(path, "video")
            # An absolute path, so that ffmpeg does not read a part of the file's name as a protocol.
            address, self._name = str(path.absolute()), plain(path.name)

        cv2 = opencv()
        limits = [cv2.CAP_PROP_OPEN_TIMEOUT_MSEC, STREAM_TIMEOUT_MS, cv2.CAP_PROP_READ_TIMEOUT_MSEC, STREAM_TIMEOUT_MS]
        with _containers_alone() if not self._stream else contextlib.nullcontext():
            self._capture: Any = cv2.VideoCapture(address, cv2.CAP_FFMPEG, limits if self._stream else [])
        if not self._capture.isOpened():
            raise PostureError(
                tr(
                    "No video could be opened at {name}: check the address and that the stream is running.",
                    name=self._name,
                )
                if self._stream
                else tr(
                    "{name} is not a video that can be read, but damaged or of another kind: choose another.",
                    name=self._name,
                )
            )
        self._position_ms = cv2.CAP_PROP_POS_MSEC
        self._stretch = self._read_stretch()
        fps = float(self._capture.get(cv2.CAP_PROP_FPS))
        self._step_s = 1.0 / fps if 0.0 < fps < 1000.0 else 1.0 / FALLBACK_FPS
        count = float(self._capture.get(cv2.CAP_PROP_FRAME_COUNT))
        self._duration_s = count * self._step_s if 0.0 < count < 1e9 else None
        self._raw_s = self._offset_s = 0.0
        self._zero_s: float | None = None if from_zero else 0.0
        self._t_s: float | None = None
        # A file may have the header of a video and not a single frame: grab the first now, for the first `grab`.
        self._first_waits = self._capture.grab()
        if not self._first_waits:
            self.close()
            raise PostureError(tr("{name} is an empty video, without a single frame: choose another.", name=self._name))

    @property
    def name(self) -> str:
        """The file's name, or the stream's address without its password."""
        return self._name

    @property
    def identity(self) -> tuple[str, frozenset[str]]:
        """As of a `Webcam`: a video has its name alone."""
        return "", frozenset()

    @property
    def duration_s(self) -> float | None:
        """Length in seconds as the container states it, None for a live stream."""
        return self._duration_s

    @property
    def _live(self) -> bool:
        return self._stream and self._duration_s is None

    def grab(self) -> float | None:
        """Pass to the next frame; its time in seconds, None at the end of the file. CameraLost when a stream ends."""
        if self._first_waits:
            self._first_waits = False
        elif not self._capture.grab():
            if self._live:
                raise CameraLost(
                    tr("The stream {name} has stopped: check that it is running, then start again.", name=self._name)
                )
            return None
        self._t_s = self._live_time_s() if self._live else self._file_time_s()
        return self._t_s

    def _live_time_s(self) -> float:
        now_s = time.monotonic()
        self._zero_s = now_s if self._zero_s is None else self._zero_s
        return now_s - self._zero_s

    def _read_stretch(self) -> float:
        """How many times as wide as high a pixel is; 1 where the file says nothing sensible."""
        cv2, read = opencv(), self._capture.get
        across, down = float(read(cv2.CAP_PROP_SAR_NUM)), float(read(cv2.CAP_PROP_SAR_DEN))
        if not (across > 0 and down > 0 and 1 / MOST_STRETCH <= across / down <= MOST_STRETCH):
            return 1.0
        # OpenCV turns the pictures of a phone held upright, and with them the pixels.
        on_its_side = read(cv2.CAP_PROP_ORIENTATION_META) % 180.0 == 90.0
        return down / across if on_its_side else across / down

    def _file_time_s(self) -> float:
        raw_s = float(self._capture.get(self._position_ms)) / 1000.0
        if not math.isfinite(raw_s):
            raw_s = self._raw_s
        if self._t_s is None:
            self._offset_s = -raw_s
        elif raw_s < self._raw_s - RESTART_S:
            self._offset_s = self._t_s + self._step_s - raw_s
        self._raw_s = raw_s
        t_s = raw_s + self._offset_s
        if self._t_s is not None and t_s <= self._t_s:
            t_s = self._t_s + self._step_s
        return round(t_s, 6)

    def retrieve(self) -> Frame:
        """Decode the frame grabbed last; PostureError when it is damaged."""
        if self._t_s is None:
            raise RuntimeError("grab() comes before retrieve()")
        ok, image = self._capture.retrieve()
        if not ok:
            raise PostureError(
                tr(
                    "{name} is damaged: the frame at {seconds} s cannot be decoded; choose another file.",
                    name=self._name,
                    seconds=number(self._t_s, 1),
                )
            )
        if self._stretch != 1.0:
            height_px, width_px = image.shape[:2]
            wider, higher = max(self._stretch, 1.0), max(1.0 / self._stretch, 1.0)
            image = opencv().resize(image, (round(width_px * wider), round(height_px * higher)))
        return Frame(image, self._t_s)

    def luma(self) -> NDArray[np.uint8]:
        """Decode the frame grabbed last, grey and at an eighth of its size; PostureError when it is damaged."""
        return small_luma(self.retrieve().image)

    def close(self) -> None:
        """Close the file; safe to call twice."""
        self._capture.release()


@contextlib.contextmanager
def _containers_alone() -> Iterator[None]:
    """Restrict ffmpeg to formats that hold a video themselves.

    It knows formats that are lists of other files, and for some of those it would wait for ever.
    """
    before = os.environ.get(_OPTIONS)
    os.environ[_OPTIONS] = before or f"format_whitelist;{','.join(CONTAINERS)}"
    try:
        yield
    finally:
        if before is None:
            del os.environ[_OPTIONS]


def read_image(path: str | Path) -> Frame:
    """Read a still picture, turned upright as its EXIF orientation says; at time 0, 8 bits a channel, no transparency.

    Parameters
    ----------
    path : str or Path
        A path or a ``file:`` URL.

    Raises
    ------
    posture.errors.PostureError
        The file is missing, is a folder, is empty, cannot be read or is not a picture.
    """
    path = local_path(path, "picture")
    _check_readable(path, "picture")
    cv2 = opencv()
    try:
        # Not imread: on Windows it cannot open a path beyond the code page.
        image = cv2.imdecode(np.fromfile(path, dtype=np.uint8), cv2.IMREAD_COLOR)
    except cv2.error:
        image = None
    if image is None:
        raise PostureError(
            tr(
                "{name} is not a picture that can be read, but damaged or of another kind: choose another.",
                name=path.name,
            )
        )
    return Frame(image, 0.0)


def local_path(path_or_url: str | Path, kind: str = "video") -> Path:
    """Give the path that a name or a ``file:`` URL means; PostureError for an address of another scheme.

    `kind` is what shall be read there, "video" or "picture", for the sentence.
    """
    text = str(path_or_url)
    if is_file_url(text):
        parts = urlsplit(text.strip())
        if parts.netloc.lower() not in ("", "localhost"):
            raise PostureError(
                tr("{url} is a file of another machine: copy it, and give the path of the video.", url=text.strip())
                if kind == "video"
                else tr(
                    "{url} is a file of another machine: copy it, and give the path of the picture.", url=text.strip()
                )
            )
        return Path(url2pathname(parts.path))
    if scheme := scheme_of(text):
        if kind != "video":
            raise PostureError(
                tr(
                    "A picture is not fetched from {scheme}://, so save it and give the path of the picture.",
                    scheme=scheme,
                )
            )
        streams = ", ".join(f"{known}://" for known in STREAM_SCHEMES)
        raise PostureError(
            tr(
                "{scheme}:// is not supported: give the path of a file, or a stream as {streams}.",
                scheme=scheme,
                streams=streams,
            )
        )
    return Path(text)


def _check_readable(path: Path, kind: str) -> None:
    """Raise with one sentence unless this is a file with something in it."""
    try:
        if path.is_dir():
            raise PostureError(
                tr("{path} is a folder: give the path of one video.", path=path)
                if kind == "video"
                else tr("{path} is a folder: give the path of one picture.", path=path)
            )
        path.stat()  # which says what `is_file` hides from Python 3.14 on: a folder that may not be entered
        if not path.is_file():
            raise PostureError(_no_file(path, kind))
        # Before it is opened: files of the kernel are empty too, and reading some of them never ends.
        if not (size := path.stat().st_size):
            raise PostureError(
                tr("{name} is empty (0 bytes): choose another video.", name=path.name)
                if kind == "video"
                else tr("{name} is empty (0 bytes): choose another picture.", name=path.name)
            )
        if kind == "picture" and size > LARGEST_PICTURE_BYTES:
            raise PostureError(
                tr("{name} is too large for a picture: if it is a video, use posture replay.", name=path.name)
            )
        with path.open("rb") as file:
            file.read(1)
    except (FileNotFoundError, NotADirectoryError):
        raise PostureError(_no_file(path, kind)) from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the path
        reason = getattr(error, "strerror", None) or str(error)
        raise PostureError(
            tr(
                "{path} cannot be read ({reason}): check the file and its permissions.",
                path=path,
                reason=reason.lower(),
            )
        ) from error


def _no_file(path: Path, kind: str) -> str:
    if kind == "video":
        return (
            tr("{path} is not a file: give the path of a video.", path=path)
            if path.exists()
            else tr("There is no file {path}: check the path of the video.", path=path)
        )
    return (
        tr("{path} is not a file: give the path of a picture.", path=path)
        if path.exists()
        else tr("There is no file {path}: check the path of the picture.", path=path)
    )


def _without_password(url: str) -> str:
    parts = urlsplit(url)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2], query="").geturl()
