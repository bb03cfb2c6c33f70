"""What a viewer is asked, and what it shows: a JSON header, and the picture beside it.

This is the one protocol with pictures. It runs over the pipes between a window and its viewer, which end with the
window; it is in no file and reaches no other process. The window checks what comes like any other input.
"""

from __future__ import annotations

import json
import math
import struct
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, BinaryIO, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from posture.measure.observation import Observation
from posture.perception.framing import Framing
from posture.pose.landmarks import Pose
from posture.sensor.wire import observation_from_json

SIZES = struct.Struct(">II")
"""Bytes of the header, and of the picture after it."""
HEADER_BYTES = 200_000
PICTURE_H = 480
"""Pictures are shown no higher than this, px."""
MOST_PX = 4096 * PICTURE_H
LANDMARKS = 33
MOST_NOTE = 750

Mode = Literal["preview", "guide", "calibrate", "calibrate standing"]
"""What for it looks: as the watch judges; the landmarks alone, often; until there is a baseline."""
MODES: tuple[Mode, ...] = get_args(Mode)


class ViewError(Exception):
    """What came is no view."""


@dataclass(frozen=True)
class Ask:
    """To a viewer, as one line: look like this from now on."""

    mode: Mode
    seconds: float = 10.0
    """How long a calibration looks at least."""


@dataclass(frozen=True)
class Opened:
    """The source is open: its name, and what tells it from another one of that name."""

    name: str
    identity: tuple[str, frozenset[str]] = ("", frozenset())


@dataclass(frozen=True, eq=False)
class View:
    """One look."""

    t_s: float
    mode: Mode
    image: NDArray[np.uint8] | None = None
    """(height, width, 3): blue, green, red; people in it are upright, and it is not mirrored."""
    pose: Pose | None = None
    """In the pixels of a frame of `pose.frame_w_px` by `pose.frame_h_px`."""
    observation: Observation | None = None
    framing: Framing | None = None
    calibration: str = ""
    """As in `posture.sensor.preview.Seen`, and so is `note`."""
    note: str = ""
    """While calibrating: what to do now."""
    calibrated: dict[str, Any] | None = None
    """What came of a calibration: ``ok`` with ``baseline``, else ``reason`` and ``sentence``."""


@dataclass(frozen=True)
class Ended:
    """Nothing more comes: why, if it was not the end of a video, and whether the camera was lost."""

    error: str = ""
    lost: bool = False


Message = Opened | View | Ended


@dataclass(frozen=True)
class Begin:
    """The first line to a viewer."""

    source: str
    settings: dict[str, Any]
    mode: Mode
    pace: bool = True
    """Play a file at its own pace."""
    seconds: float = 10.0


def line_of(what: Begin | Ask) -> bytes:
    """A message to the viewer."""
    return json.dumps(asdict(what)).encode() + b"\n"


def ask_of(line: bytes) -> Ask:
    """Read an `Ask`; ViewError where it is none."""
    try:
        found = json.loads(line)
        if found["mode"] not in MODES:
            raise ViewError(found["mode"])
        return Ask(found["mode"], float(found["seconds"]))
    except (ValueError, KeyError, TypeError, RecursionError):
        raise ViewError(line) from None


# -- from the viewer --------------------------------------------------------------------------------------------------


def write(to: BinaryIO, message: Message) -> None:
    """Send a message."""
    picture = b""
    if isinstance(message, Opened):
        header: dict[str, Any] = {"kind": "opened", "name": message.name}
        header |= {"path": message.identity[0], "marks": sorted(message.identity[1])}
    elif isinstance(message, Ended):
        header = {"kind": "ended", "error": message.error, "lost": message.lost}
    else:
        header = {"kind": "view", "t_s": message.t_s, "mode": message.mode, "calibration": message.calibration}
        header |= {"note": message.note, "calibrated": message.calibrated, "pose": None, "size": None}
        header["observation"] = None if message.observation is None else asdict(message.observation)
        header["framing"] = None if message.framing is None else asdict(message.framing)
        if message.pose is not None:
            header["pose"] = {
                "landmarks": np.round(message.pose.landmarks, 5).tolist(),
                "world": np.round(message.pose.world, 6).tolist(),
                "size": [message.pose.frame_w_px, message.pose.frame_h_px],
            }
        if message.image is not None:
            header["size"] = list(message.image.shape[:2])
            picture = np.ascontiguousarray(message.image).tobytes()
    body = json.dumps(header).encode()
    to.write(SIZES.pack(len(body), len(picture)) + body)
    to.write(picture)
    to.flush()


def read(source: BinaryIO) -> Message:
    """Read a message; ViewError where it is none, EOFError at the end."""
    try:
        header_bytes, picture_bytes = SIZES.unpack(_exactly(source, SIZES.size))
        if header_bytes > HEADER_BYTES or picture_bytes > 3 * MOST_PX:
            raise ViewError("too long")
        header = json.loads(_exactly(source, header_bytes))
        picture = _exactly(source, picture_bytes)
        match header["kind"]:
            case "opened":
                return Opened(str(header["name"]), (str(header["path"]), frozenset(map(str, header["marks"]))))
            case "ended":
                return Ended(str(header["error"]), bool(header["lost"]))
            case "view":
                return _view(header, picture)
            case _:
                raise ViewError("no such kind")
    except (EOFError, OSError, ViewError):
        raise
    except Exception as error:  # a WireError of the observation, and whatever else such JSON may lead to
        raise ViewError(f"{error!r:.200}") from None


def _exactly(source: BinaryIO, count: int) -> bytes:
    found = source.read(count)
    if found is None or len(found) < count:
        raise EOFError
    return found


def _view(header: Mapping[str, Any], picture: bytes) -> View:
    t_s = float(header["t_s"])
    if not math.isfinite(t_s) or header["mode"] not in MODES:
        raise ViewError("no look")
    image = None
    if header["size"] is not None:
        height, width = map(int, header["size"])
        if not (0 < height <= PICTURE_H and width > 0 and len(picture) == 3 * height * width):
            raise ViewError("no picture")
        image = np.frombuffer(picture, np.uint8).reshape(height, width, 3)
    framing = header["framing"]
    return View(
        t_s=t_s,
        mode=header["mode"],
        image=image,
        pose=None if header["pose"] is None else _pose(header["pose"]),
        observation=None if header["observation"] is None else observation_from_json(header["observation"]),
        framing=None
        if framing is None
        else Framing(framing["light"], dict(framing["parts"]), bool(framing["upright"])),
        calibration=str(header["calibration"]),
        note=str(header["note"])[:MOST_NOTE],
        calibrated=header["calibrated"],
    )


def _pose(found: Mapping[str, Any]) -> Pose:
    landmarks, world = (np.array(found[name], np.float64) for name in ("landmarks", "world"))
    if landmarks.shape != (LANDMARKS, 4) or world.shape != (LANDMARKS, 3) or not np.isfinite(landmarks).all():
        raise ViewError("no pose")
    width, height = map(int, found["size"])
    return Pose(landmarks, world, width, height)
