"""A process that does with a `Webcam` what its test says, line by line, and answers each line with one of JSON.

Only a process started with umockdev's preload library sees the fake camera, so the test cannot do this itself.
"""

from __future__ import annotations

import json
import os
import sys

from posture.camera.devices import list_cameras
from posture.camera.frame import Frame
from posture.camera.lease import CameraLease
from posture.camera.webcam import Webcam
from posture.errors import PostureError
from posture.settings import CameraSettings


def number(frame: Frame) -> int:
    """Read the frame's number from its bars: see `pictures` in tests/conftest.py."""
    bars = frame.image[240, 40::80].mean(axis=1) > 128
    return sum(int(bar) << bit for bit, bar in enumerate(bars))


def main() -> None:
    camera: Webcam | None = None
    at_s = [0.0]
    lease = CameraLease("0", CameraSettings(), lambda: at_s[0])
    for line in sys.stdin:
        command, _, value = line.strip().partition(" ")
        answer: object = None
        try:
            if command == "list":
                answer = [[found.index, found.name, found.path, found.node] for found in list_cameras()]
            elif command == "open":
                camera = Webcam(value, CameraSettings())
                answer = [camera.name, camera.granted.__dict__]
            elif command == "lease":  # at a time of the test's own
                at_s[0] = float(value)
                lease.notice()
                lease.picture()
                answer = [lease.state, lease.sentence]
            elif camera is None:
                answer = "not open"
            elif command == "grab":
                camera.grab()
            elif command == "retrieve":
                answer = number(camera.retrieve())
            elif command == "look":
                answer = number(camera.look())
            elif command == "close":
                camera.close()
            print(json.dumps({"answer": answer}), flush=True)
        except PostureError as error:
            print(json.dumps({"error": type(error).__name__, "says": str(error)}), flush=True)


if __name__ == "__main__":
    print(json.dumps({"pid": os.getpid()}), flush=True)
    main()
