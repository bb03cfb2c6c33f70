"""A video file played as a camera: at its own pace, as MJPG pictures, of which the watcher takes those it looks at.

Decoding H.264 between two looks is the file's cost, not that of watching, and a camera does not have it. So the file is
played by a process of its own, `python -m posture.daemon.feeder FD VIDEO`. A request on its socket (one byte) is
answered with the frame that comes next, as a JPEG, as a camera's driver would.
"""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import subprocess
import sys
import time
from types import TracebackType
from typing import Self

import numpy as np
from numpy.typing import NDArray

from posture.camera.errors import CameraLost
from posture.camera.frame import Frame
from posture.camera.opencv import opencv
from posture.errors import PostureError

__all__ = ["Feeder", "PlayedVideo"]

HEADER = struct.Struct(">Idd")  # bytes of the picture, 0 at the end; its time in the file; CPU seconds used so far
HELLO = struct.Struct(">I")
JPEG_QUALITY = 90
START_TIMEOUT_S = 30.0
FRAME_TIMEOUT_S = 10.0


class Feeder:
    """Starts the process that plays a file, and ends it.

    Parameters
    ----------
    video : str
        A file.

    Raises
    ------
    posture.errors.PostureError
        It cannot be read.
    """

    def __init__(self, video: str) -> None:
        self.socket, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "posture.daemon.feeder", str(theirs.fileno()), video],
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
            )
        self.socket.settimeout(START_TIMEOUT_S)
        try:
            (length,) = HELLO.unpack(_receive(self.socket, HELLO.size))
            hello = json.loads(_receive(self.socket, length))
        except (OSError, EOFError, ValueError):
            self.close()
            raise PostureError(f"{video} could not be played: its player did not start.") from None
        if "error" in hello:
            self.close()
            raise PostureError(hello["error"])
        self.name: str = hello["name"]
        self.duration_s: float | None = hello["duration_s"]

    def play(self) -> None:
        """Begin: the first frame is now."""
        self.socket.sendall(b"p")

    def close(self) -> None:
        """End it; safe to call twice."""
        self.socket.close()
        if self._process.poll() is None:
            self._process.terminate()
        self._process.wait()


class PlayedVideo:
    """The pictures of a feeder, as a frame source.

    Parameters
    ----------
    feed : socket
        The feeder's.
    name : str
    duration_s : float or None
    """

    def __init__(self, feed: socket.socket, name: str, duration_s: float | None = None) -> None:
        self._feed, self.name, self.duration_s = feed, name, duration_s
        self._feed.settimeout(FRAME_TIMEOUT_S)
        self._jpeg = b""
        self._t_s = 0.0
        self.feeder_cpu_s = 0.0
        self._cv2 = opencv()

    def grab(self) -> float | None:
        """Take the next picture as it is; its time in seconds into the file, None at the end."""
        try:
            self._feed.sendall(b"g")
            length, self._t_s, self.feeder_cpu_s = HEADER.unpack(_receive(self._feed, HEADER.size))
            self._jpeg = _receive(self._feed, length)
        except (OSError, EOFError):
            raise CameraLost(f"{self.name} is no longer played.") from None
        return self._t_s if length else None

    def retrieve(self) -> Frame:
        """Decode the picture taken last."""
        image = self._cv2.imdecode(np.frombuffer(self._jpeg, dtype=np.uint8), self._cv2.IMREAD_COLOR)
        return Frame(image, self._t_s)

    def luma(self) -> NDArray[np.uint8]:
        """Decode the picture taken last at an eighth of its size, grey."""
        jpeg = np.frombuffer(self._jpeg, dtype=np.uint8)
        grey: NDArray[np.uint8] = self._cv2.imdecode(jpeg, self._cv2.IMREAD_REDUCED_GRAYSCALE_8)
        return grey

    def close(self) -> None:
        """Let the socket go."""
        self._feed.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


def _receive(feed: socket.socket, length: int) -> bytes:
    whole = bytearray(length)
    view = memoryview(whole)
    while view:
        got = feed.recv_into(view)
        if got == 0:
            raise EOFError
        view = view[got:]
    return bytes(whole)


def main(feed: socket.socket, video: str) -> None:
    """Play `video` into `feed` until the file or the reader ends."""
    from posture.camera.video import VideoFile

    def hello(what: dict[str, object]) -> None:
        text = json.dumps(what).encode()
        feed.sendall(HELLO.pack(len(text)) + text)

    cv2 = opencv()
    cv2.setNumThreads(1)
    try:
        source = VideoFile(video)
    except PostureError as error:
        hello({"error": str(error)})
        return
    hello({"name": source.name, "duration_s": source.duration_s})
    if feed.recv(1) != b"p":
        return
    began_s = time.monotonic()
    wanted = False
    while (t_s := source.grab()) is not None:
        feed.settimeout(max(0.0, began_s + t_s - time.monotonic()))
        # The time until this frame is spent waiting for a request; one that came before waits for the frame.
        while not wanted:
            try:
                if not feed.recv(1):
                    return
                wanted = True
            except (TimeoutError, BlockingIOError):
                break
        time.sleep(max(0.0, began_s + t_s - time.monotonic()))
        if wanted:
            wanted = False
            _, jpeg = cv2.imencode(".jpg", source.retrieve().image, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
            feed.settimeout(None)
            feed.sendall(HEADER.pack(len(jpeg), t_s, time.process_time()) + jpeg.tobytes())
    feed.settimeout(None)
    while wanted or feed.recv(1):
        wanted = False
        feed.sendall(HEADER.pack(0, 0.0, time.process_time()))


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError, ConnectionResetError, KeyboardInterrupt):
        main(socket.socket(fileno=int(sys.argv[1])), sys.argv[2])
