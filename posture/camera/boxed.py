"""Files and streams that the user names, decoded in a process of their own that can do nothing else.

Decoders meet files of any origin. So this process, `python -m posture.camera.boxed LINK`, takes the name of what it
shall read, goes into the box (`posture.sandbox.enter_reader`), and only then imports a decoder and opens it. It answers
one request of a byte at a time: pass a frame, decode it, decode it small. What it answers is checked like any other
input.
"""

from __future__ import annotations

import contextlib
import json
import math
import socket
import struct
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import numpy as np
from numpy.typing import NDArray

from posture import sandbox
from posture.camera.errors import CameraLost
from posture.camera.frame import Closing, Frame
from posture.camera.opencv import MOST_PX
from posture.camera.source_kind import kind_of_source, stream_address
from posture.camera.video import VideoFile, local_path, read_image
from posture.child import Child
from posture.errors import PostureError
from posture.language import tr
from posture.link import Link, handed, pair, reader
from posture.own_language import begin
from posture.plain_text import plain

ANSWER = struct.Struct(">cdIII")
"""What it is, when it was shown, and of what follows the height, width and channels, or the bytes of a text."""
TEXT, PICTURE, TIME, END = b"{", b"p", b"t", b"e"
LONGEST_TEXT_BYTES = 100_000
GRAB, RETRIEVE, LUMA = b"g", b"r", b"l"
MOST_CHANNELS = 3


def enter_box(*names: str, pictures: bool = False) -> str | None:
    """Give up, for good, all that decoding these files, or this stream, does not need; `pictures` come from no stream.

    Gives the address to open where that is not the stream's own, see `_found_nearby`. A PostureError says that the
    kernel refuses.
    """
    if not pictures and any(kind_of_source(name) == "stream" for name in names):
        address = _found_nearby(stream_address(names[0]))
        sandbox.enter_reader(None)
        return address
    files = []
    for name in names:
        with contextlib.suppress(PostureError, OSError, ValueError):  # opening it says what is wrong with it
            path = local_path(name)
            files += [path] if path.is_file() else []
    sandbox.enter_reader(files)
    return None


def _found_nearby(address: str) -> str | None:
    """Look up a name such as ``camera.local``: a service of this machine knows it, which the box cannot ask."""
    parts = urlsplit(address)
    try:
        host, port = parts.hostname or "", parts.port
        if not host.endswith(".local"):
            return None
        number = socket.getaddrinfo(host, port, family=socket.AF_INET, type=socket.SOCK_STREAM)[0][4][0]
    except (OSError, ValueError):
        return None
    who, mark, _ = parts.netloc.rpartition("@")
    return parts._replace(netloc=f"{who}{mark}{number}" + (f":{port}" if port else "")).geturl()


def open_video(path_or_url: str | Path, *, from_zero: bool = False) -> BoxedVideo:
    """Open a video file or a stream in a box; errors as `VideoFile`."""
    return BoxedVideo(path_or_url, from_zero=from_zero)


class _Decoder(Closing):
    """The process, as the one that started it sees it."""

    def __init__(self, names: dict[str, Any], what: str) -> None:
        self._what = what
        self._link, theirs = pair()
        try:
            self._child = Child("posture.camera.boxed", links=[theirs])
        except BaseException:
            self._link.close()
            raise
        finally:
            theirs.close()
        sandbox.source_started()
        self._send(json.dumps(names).encode() + b"\n")

    def ask(self, request: bytes, *kinds: bytes) -> tuple[bytes, float, Any]:
        """Give which of these kinds of answer comes, a time, and the picture or text with it.

        A PostureError is the one that it answers with, or says that it has ended.
        """
        self._send(request)
        try:
            found = self._answer()
            if found[0] not in kinds:
                raise ValueError(found[0])
            return found
        except (OSError, EOFError, ValueError):
            raise self._ended() from None

    def _answer(self) -> tuple[bytes, float, Any]:
        kind, t_s, *shape = ANSWER.unpack(bytes(self._receive(bytearray(ANSWER.size))))
        if not math.isfinite(t_s):
            raise ValueError(t_s)
        if kind == PICTURE:
            height, width, channels = shape
            if not (0 < height * width <= MOST_PX and channels in (1, MOST_CHANNELS)):
                raise ValueError(shape)
            image = np.empty((height, width, channels), np.uint8)
            self._receive(image.reshape(-1).data)
            return kind, t_s, image if channels == MOST_CHANNELS else image[:, :, 0]
        if kind != TEXT:
            return kind, t_s, None
        if shape[0] > LONGEST_TEXT_BYTES:
            raise ValueError(shape)
        text = json.loads(self._receive(bytearray(shape[0])))
        if "error" in text:
            raise (CameraLost if text.get("lost") else PostureError)(str(text["error"]))
        return kind, t_s, text

    def _receive(self, into: Any) -> Any:
        left = memoryview(into)
        while left:
            left = left[self._link.receive_into(left) :]
        return into

    def _send(self, request: bytes) -> None:
        try:
            self._link.send(request)
        except OSError:
            raise self._ended() from None

    def _ended(self) -> PostureError:
        return PostureError(
            tr(
                "{what} cannot be read: the process that decodes it has ended; it may be damaged, so try another.",
                what=self._what,
            )
        )

    def close(self) -> None:
        """End the process; safe to call twice."""
        self._link.close()
        self._child.end()


class BoxedVideo(Closing):
    """A video file or a stream like `posture.camera.video.VideoFile`, with the same errors, decoded in a box."""

    def __init__(self, path_or_url: str | Path, *, from_zero: bool = False) -> None:
        self._decoder = _Decoder({"video": str(path_or_url), "from_zero": from_zero}, str(path_or_url))
        try:
            _, _, found = self._decoder.ask(b"", TEXT)
            self._name, duration_s = plain(str(found["name"])), found["duration_s"]
            self._duration_s = None if duration_s is None else float(duration_s)
        except (KeyError, TypeError, ValueError):
            self.close()
            raise PostureError(
                tr(
                    "{what} cannot be read, since the process that decodes it failed: try again, or another file.",
                    what=path_or_url,
                )
            ) from None
        except BaseException:
            self.close()
            raise

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

    def grab(self) -> float | None:
        """Pass to the next frame; its time in seconds, None at the end of the file. CameraLost when a stream ends."""
        kind, t_s, _ = self._decoder.ask(GRAB, TIME, END)
        return None if kind == END else t_s

    def retrieve(self) -> Frame:
        """Decode the frame grabbed last; PostureError when it is damaged."""
        _, t_s, image = self._decoder.ask(RETRIEVE, PICTURE)
        return Frame(image, t_s)

    def luma(self) -> NDArray[np.uint8]:
        """Decode the frame grabbed last, grey and at an eighth of its size; PostureError when it is damaged."""
        _, _, image = self._decoder.ask(LUMA, PICTURE)
        grey: NDArray[np.uint8] = image
        return grey

    def close(self) -> None:
        """Close the file; safe to call twice."""
        self._decoder.close()


class BoxedPictures(Closing):
    """Still pictures, read like `posture.camera.video.read_image`, with the same errors, by one process in a box."""

    def __init__(self, paths: Sequence[str | Path]) -> None:
        self._paths = [str(path) for path in paths]
        self._decoder = _Decoder({"pictures": self._paths}, tr("The picture"))

    def read(self, path: str | Path) -> Frame:
        """Read one of the pictures; PostureError where that cannot be."""
        _, t_s, image = self._decoder.ask(struct.pack(">I", self._paths.index(str(path))), PICTURE)
        return Frame(image, t_s)

    def close(self) -> None:
        """End the process; safe to call twice."""
        self._decoder.close()


# -- in the box -------------------------------------------------------------------------------------------------------


def main(link: Link) -> None:
    """Read what the first line names, one video or some pictures, until the other end is closed."""
    with reader(link) as requests:
        named = json.loads(requests.readline())
        try:
            if pictures := named.get("pictures"):
                enter_box(*pictures, pictures=True)
                while number := requests.read(4):
                    path = pictures[struct.unpack(">I", number)[0]]
                    _answered(link, lambda: _picture(read_image(path)))  # noqa: B023
                return
            address = enter_box(named["video"])
            video = VideoFile(named["video"], from_zero=bool(named["from_zero"]), address=address)
        except PostureError as error:
            link.send(_text({"error": str(error)}))
            return
        link.send(_text({"name": video.name, "duration_s": video.duration_s}))
        while request := requests.read(1):
            _answered(link, lambda: _of_video(video, request))


def _answered(link: Link, answer: Any) -> None:
    try:
        parts = answer()
    except PostureError as error:
        parts = (_text({"error": str(error), "lost": isinstance(error, CameraLost)}),)
    for part in parts:
        link.send(part)


def _of_video(video: VideoFile, request: bytes) -> tuple[Any, ...]:
    if request == GRAB:
        t_s = video.grab()
        return (ANSWER.pack(END, 0.0, 0, 0, 0) if t_s is None else ANSWER.pack(TIME, t_s, 0, 0, 0),)
    if request == LUMA:
        return _picture(Frame(video.luma(), 0.0))
    return _picture(video.retrieve())


def _picture(frame: Frame) -> tuple[Any, ...]:
    image = np.ascontiguousarray(frame.image)
    height, width, channels = (*image.shape, 1)[:3]
    return ANSWER.pack(PICTURE, frame.t_s, height, width, channels), image.reshape(-1).data


def _text(what: dict[str, Any]) -> bytes:
    text = json.dumps(what).encode()[:LONGEST_TEXT_BYTES]
    return ANSWER.pack(TEXT, 0.0, len(text), 0, 0) + text


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError, ConnectionResetError, EOFError, KeyboardInterrupt):
        begin("en")
        main(handed(sys.argv[1]))
