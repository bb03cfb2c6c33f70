"""A video played as a camera: at its own pace, as MJPG pictures, of which the sensor takes those it looks at.

Decoding H.264 between two looks is the file's cost, not that of watching, and a camera does not have it. So a process
of its own plays the file, `python -m posture.sensor.feeder LINK VIDEO`. It answers a request on its link (a single
byte) with the frame that comes next, as a JPEG, as a camera's driver would.
"""

from __future__ import annotations

import contextlib
import json
import struct
import sys
import time

from posture.camera.source_kind import kind_of_source
from posture.child import Child
from posture.clock import now_s
from posture.errors import PostureError
from posture.language import tr
from posture.link import Link, handed, pair
from posture.own_language import begin

HEADER = struct.Struct(">Idd")
"""Bytes of the picture, 0 at the end of the video; when it was shown; CPU seconds used since the start."""
HELLO = struct.Struct(">I")
LONGEST_HELLO_BYTES, LONGEST_TEXT = 100_000, 1000
JPEG_QUALITY = 90
START_TIMEOUT_S = 30.0
FRAME_TIMEOUT_S = 10.0


class Feeder:
    """The process that plays a video, a file or the address of a stream, from its start to its end.

    A PostureError says that it cannot be read.
    """

    def __init__(self, video: str) -> None:
        self.link, theirs = pair()
        try:
            self._child = Child("posture.sensor.feeder", video, links=[theirs])
        except BaseException:
            self.link.close()
            raise
        finally:
            theirs.close()
        try:
            (length,) = HELLO.unpack(receive_exactly(self.link, HELLO.size, START_TIMEOUT_S))
            if length > LONGEST_HELLO_BYTES:
                raise ValueError(length)
            hello = json.loads(receive_exactly(self.link, length, START_TIMEOUT_S))
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
        self.link.send(b"p")

    def close(self) -> None:
        """End the process; safe to call twice."""
        self.link.close()
        self._child.end()


def feeder_of(source: str) -> Feeder | None:
    """Start the process that plays `source`; None when that is a camera, which the sensor opens itself.

    A PostureError says that it cannot be read.
    """
    return None if kind_of_source(source) == "camera" else Feeder(source)


def receive_exactly(feed: Link, length: int, within_s: float) -> bytes:
    """Wait for `length` bytes; EOFError or OSError where the connection ends before that, or they take too long."""
    until_s = now_s() + within_s
    whole = bytearray(length)
    view = memoryview(whole)
    while view:
        left_s = until_s - now_s()
        if left_s < 0:
            raise TimeoutError
        view = view[feed.receive_into(view, left_s) :]
    return bytes(whole)


def main(feed: Link, video: str) -> None:
    """Play `video` into `feed` until the file or the reader ends."""
    from posture.camera.boxed import enter_box

    begin("en")  # what it was started with; a box may not read the catalogue
    address = enter_box(video)
    from posture.camera.opencv import opencv
    from posture.camera.video import VideoFile

    def hello(what: dict[str, object]) -> None:
        text = json.dumps(what).encode()
        feed.send(HELLO.pack(len(text)) + text)

    cv2 = opencv()
    cv2.setNumThreads(1)
    try:
        source = VideoFile(video, address=address)
    except PostureError as error:
        hello({"error": str(error)})
        return
    hello({"name": source.name, "duration_s": source.duration_s})
    if feed.receive(1) != b"p":
        return
    began_s = now_s()
    wanted = False
    while (t_s := source.grab()) is not None:
        # A live stream sets the pace itself, on a clock of its own.
        due_s = now_s() if source.duration_s is None else began_s + t_s
        # Until this frame is due, wait for a request; one that came earlier waits for the frame.
        while not wanted and (left_s := due_s - now_s()) > 0:
            with contextlib.suppress(TimeoutError):
                wanted = bool(feed.receive(1, left_s))
        if not wanted:
            with contextlib.suppress(TimeoutError):
                wanted = bool(feed.receive(1, 0.0))
        time.sleep(max(0.0, due_s - now_s()))
        if wanted:
            wanted = False
            _, jpeg = cv2.imencode(".jpg", source.retrieve().image, [cv2.IMWRITE_JPEG_QUALITY, JPEG_QUALITY])
            feed.send(HEADER.pack(len(jpeg), due_s, time.process_time()) + jpeg.tobytes())
    while wanted or feed.receive(1):
        wanted = False
        feed.send(HEADER.pack(0, 0.0, time.process_time()))


if __name__ == "__main__":
    with contextlib.suppress(BrokenPipeError, ConnectionResetError, EOFError, KeyboardInterrupt):
        main(handed(sys.argv[1]), sys.argv[2])
