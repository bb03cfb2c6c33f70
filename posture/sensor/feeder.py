"""A video played as a camera: at its own pace, as MJPG pictures, of which the sensor takes those it looks at.

Decoding H.264 between two looks is the file's cost, not that of watching, and a camera does not have it. So a process
of its own plays the file, `python -m posture.sensor.feeder FD VIDEO`. It answers a request on its socket (a single
byte) with the frame that comes next, as a JPEG, as a camera's driver would.
"""

from __future__ import annotations

import contextlib
import json
import socket
import struct
import subprocess
import sys
import time

from posture.camera.source_kind import kind_of_source
from posture.clock import now_s
from posture.errors import PostureError
from posture.language import language, tr
from posture.own_command import output, own_command, own_environment
from posture.own_language import OVERRIDE, begin
from posture.process_memory import limit_memory

HEADER = struct.Struct(">Idd")
"""Bytes of the picture, 0 at the end of the video; when it was shown; CPU seconds used since the start."""
HELLO = struct.Struct(">I")
LONGEST_HELLO_BYTES, LONGEST_TEXT = 100_000, 1000
JPEG_QUALITY = 90
START_TIMEOUT_S = 30.0
FRAME_TIMEOUT_S = 10.0
END_TIMEOUT_S = 3.0


class Feeder:
    """The process that plays a video, a file or the address of a stream, from its start to its end.

    A PostureError says that it cannot be read.
    """

    def __init__(self, video: str) -> None:
        self.socket, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(
                own_command("posture.sensor.feeder", str(theirs.fileno()), video),
                env=own_environment() | {OVERRIDE: language()},
                pass_fds=[theirs.fileno()],
                stdin=subprocess.DEVNULL,
                stdout=output(),
                stderr=output(),
                start_new_session=True,  # a Ctrl-C in the terminal is for the process that watches
            )
        limit_memory(self._process.pid)
        self.socket.settimeout(START_TIMEOUT_S)
        try:
            (length,) = HELLO.unpack(receive_exactly(self.socket, HELLO.size, START_TIMEOUT_S))
            if length > LONGEST_HELLO_BYTES:
                raise ValueError(length)
            hello = json.loads(receive_exactly(self.socket, length, START_TIMEOUT_S))
            if "error" in hello:
                raise PostureError(str(hello["error"])[:LONGEST_TEXT])
            self.name = str(hello["name"])[:LONGEST_TEXT]
            self.duration_s = None if hello["duration_s"] is None else float(hello["duration_s"])
        except (OSError, EOFError, ValueError, KeyError, TypeError, RecursionError):
            self.close()
            raise PostureError(
                tr("The video could not be played, because the process that plays it did not start: try again.")
            ) from None
        except BaseException:
            self.close()
            raise
        self.playing = False

    def play(self) -> None:
        """Begin: the first frame is shown now. Does nothing when it plays already."""
        if self.playing:
            return
        self.playing = True
        self.socket.sendall(b"p")

    def close(self) -> None:
        """End the process; safe to call twice."""
        self.socket.close()
        if self._process.poll() is None:
            self._process.terminate()
        try:
            self._process.wait(END_TIMEOUT_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self._process.wait(END_TIMEOUT_S)


def feeder_of(source: str) -> Feeder | None:
    """Start the process that plays `source`; None when that is a camera, which the sensor opens itself.

    A PostureError says that it cannot be read.
    """
    return None if kind_of_source(source) == "camera" else Feeder(source)


def receive_exactly(feed: socket.socket, length: int, within_s: float = float("inf")) -> bytes:
    """Wait for `length` bytes; EOFError or OSError where the connection ends before that, or they take too long."""
    until_s = now_s() + within_s
    whole = bytearray(length)
    view = memoryview(whole)
    while view:
        if now_s() > until_s:
            raise TimeoutError
        got = feed.recv_into(view)
        if got == 0:
            raise EOFError
        view = view[got:]
    return bytes(whole)


def main(feed: socket.socket, video: str) -> None:
    """Play `video` into `feed` until the file or the reader ends."""
    from posture.camera.boxed import enter_box

    begin("en")  # what it was started with; a box may not read the catalogue
    address = enter_box(video)
    from posture.camera.opencv import opencv
    from posture.camera.video import VideoFile

    def hello(what: dict[str, object]) -> None:
        text = json.dumps(what).encode()
        feed.sendall(HELLO.pack(len(text)) + text)

    cv2 = opencv()
    cv2.setNumThreads(1)
    try:
        source = VideoFile(video, address=address)
    except PostureError as error:
        hello({"error": str(error)})
        return
    hello({"name": source.name, "duration_s": source.duration_s})
    if feed.recv(1) != b"p":
        return
    began_s = now_s()
    wanted = False
    while (t_s := source.grab()) is not None:
        # A live stream sets the pace itself, on a clock of its own.
        due_s = now_s() if source.duration_s is None else began_s + t_s
        # Until this frame is due, wait for a request; one that came earlier waits for the frame.
        while not wanted and (left_s := due_s - now_s()) > 0:
            feed.settimeout(left_s)
            with contextlib.suppress(TimeoutError):
                if not feed.recv(1):
                    return
                wanted = True
        if not wanted:
            feed.settimeout(0.0)
            with contextlib.suppress(BlockingIOError):
                if not feed.recv(1):
                    return
                wanted = True
        time.sleep(max(0.0, due_s - now_s()))
        if wanted:
            wanted = False
            _, jpeg = cv2.imencode(".jpg", source.retrieve().image, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
            feed.settimeout(None)
            feed.sendall(HEADER.pack(len(jpeg), due_s, time.process_time()) + jpeg.tobytes())
    feed.settimeout(None)
    while wanted or feed.recv(1):
        wanted = False
        feed.sendall(HEADER.pack(0, 0.0, time.process_time()))


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError, ConnectionResetError, KeyboardInterrupt):
        main(socket.socket(fileno=int(sys.argv[1])), sys.argv[2])
