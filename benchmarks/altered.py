"""What is left of the clips' truth when the picture gets worse: the table of docs/accuracy.md, made anew.

    python benchmarks/altered.py CLIP.mp4 ... > table.md

Each CLIP has CLIP.truth.json beside it. Each alteration is applied to every frame, the whole way from frame to event is
gone once a second, and what comes out is held against the truth: presence changes within 5 s and no other, each
scripted deviation held for 80 % of its time, nothing else for more than 5 s of a segment. About half a minute each.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from posture.camera.frame import Frame
from posture.camera.opencv import opencv
from posture.camera.video import VideoFile
from posture.perception.analyzer import FrameAnalyzer
from posture.pose.mediapipe_model import MediaPipePose
from posture.settings import Settings
from posture.timeline import advance as timeline
from posture.timeline.events import DeviationEnded, Event, PresenceChanged
from posture.timeline.state import TimelineState

Image = NDArray[np.uint8]
cv2 = opencv()
WITHIN_S, HELD_SHARE, BY_THE_WAY_S = 5.0, 0.8, 5.0
ALSO: dict[str, set[str]] = {"slump": {"forward_head", "too_close"}, "too_close": {"slump", "forward_head"}}
"""What a scripted deviation includes: a slump brings the head nearer and forward."""
OTHER_SIDE = {"lean_left": "lean_right", "lean_right": "lean_left"}
PRESENT = ("away", "standing")


@dataclass(frozen=True)
class Segment:
    """A part of the script, in seconds."""

    start_s: float
    end_s: float
    label: str

    @property
    def presence(self) -> str:
        return self.label if self.label in PRESENT else "sitting"


def _bytes(image: NDArray[np.floating]) -> Image:
    return np.clip(image, 0, 255).astype(np.uint8)


def _grain(sd: float) -> Callable[[Image], Image]:
    rng = np.random.default_rng(0)
    return lambda image: _bytes(image + rng.normal(0.0, sd, image.shape))


def _grey(image: Image) -> Image:
    return cv2.cvtColor(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), cv2.COLOR_GRAY2BGR)  # type: ignore[no-any-return]


def _compressed(image: Image) -> Image:
    return cv2.imdecode(cv2.imencode(".jpg", image, [cv2.IMWRITE_JPEG_QUALITY, 15])[1], cv2.IMREAD_COLOR)  # type: ignore[no-any-return]


def _rolled(image: Image) -> Image:
    height, width = image.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), 6.0, 1.0)
    return cv2.warpAffine(image, turn, (width, height), borderMode=cv2.BORDER_REFLECT)  # type: ignore[no-any-return]


def _aside(image: Image) -> Image:
    width = image.shape[1]
    moved = cv2.copyMakeBorder(image, 0, 0, width // 6, 0, cv2.BORDER_REPLICATE)
    return np.ascontiguousarray(moved[:, :width])


def _farther(image: Image) -> Image:
    height, width = image.shape[:2]
    small = cv2.resize(image, None, fx=0.7, fy=0.7, interpolation=cv2.INTER_AREA)
    left = (width - small.shape[1]) // 2
    right, top = width - small.shape[1] - left, height - small.shape[0] - 20
    return cv2.copyMakeBorder(small, top, 20, left, right, cv2.BORDER_REPLICATE)  # type: ignore[no-any-return]


def _wide(image: Image) -> Image:
    height = image.shape[0]
    return cv2.resize(image[height // 8 : -height // 8], (1280, 720), interpolation=cv2.INTER_CUBIC)  # type: ignore[no-any-return]


def _lamp(image: Image) -> Image:
    return _bytes(image * np.linspace(0.3, 1.3, image.shape[1])[None, :, None])


_dark_grain = _grain(5.0)
ALTERED: dict[str, Callable[[Image], Image]] = {
    "as it is": lambda image: image,
    "mirrored": lambda image: np.ascontiguousarray(image[:, ::-1]),
    "1280x720, cut above and below": _wide,
    "320x240": lambda image: cv2.resize(image, (320, 240), interpolation=cv2.INTER_AREA),
    "grain of 12 luma": _grain(12.0),
    "dark, with grain": lambda image: _dark_grain(_bytes(255 * (image / 255.0) ** 1.8 * 0.7)),
    "over-lit": lambda image: _bytes(image * 1.5 + 20.0),
    "warm light": lambda image: _bytes(image * np.array([0.6, 0.9, 1.2])),
    "lamp at the side": _lamp,
    "without colour": _grey,
    "JPEG of quality 15": _compressed,
    "out of focus, 3 px": lambda image: cv2.GaussianBlur(image, (0, 0), 3.0),
    "camera rolled by 6 deg": _rolled,
    "person aside, by a sixth": _aside,
    "person at 0.7 of the size": _farther,
}


def watch(clip: Path, calibrate_s: float, model: MediaPipePose, alter: Callable[[Image], Image]) -> list[Event]:
    """All events of an altered clip, looked at once a second."""
    settings, state, events = Settings(), TimelineState(), []
    analyzer, due_s = FrameAnalyzer(model, settings, calibrate_s=calibrate_s), 0.0
    with VideoFile(clip) as video:
        while (t_s := video.grab()) is not None:
            if t_s + 1e-9 < due_s:
                continue
            due_s += 1.0
            seen = analyzer.look(Frame(alter(video.retrieve().image), t_s)).observation
            state, new = timeline.advance(state, seen, settings.timeline)
            events += new
    return [*events, *timeline.finish(state)[1]]


def faults(script: list[Segment], events: list[Event]) -> list[str]:
    """In words, where the events and the script differ."""
    found = [event for event in events if isinstance(event, PresenceChanged)]
    wanted = [script[0]] + [after for before, after in pairwise(script) if after.presence != before.presence]
    wrong = []
    if [one.presence for one in found] != [one.presence for one in wanted]:
        wrong.append("presence " + ", ".join(f"{one.presence} at {one.t_s:.0f} s" for one in found))
    elif late := [
        one.t_s - true.start_s for one, true in zip(found, wanted, strict=True) if one.t_s - true.start_s > WITHIN_S
    ]:
        wrong.append(f"presence {max(late):.0f} s late")
    held = [event for event in events if isinstance(event, DeviationEnded)]
    for segment in script:
        for_s: dict[str, float] = {}
        for one in held:
            both_s = min(one.until_s, segment.end_s) - max(one.since_s, segment.start_s)
            for_s[one.kind] = max(for_s.get(one.kind, 0.0), both_s)
        scripted = segment.label not in ("neutral", "glance", *PRESENT)
        if scripted and for_s.get(segment.label, 0.0) < HELD_SHARE * (segment.end_s - segment.start_s):
            wrong.append(f"{segment.label} at {segment.start_s:.0f} s held for {for_s.get(segment.label, 0.0):.0f} s")
        allowed = {segment.label} | ALSO.get(segment.label, set())
        wrong += [
            f"{kind} in {segment.label} at {segment.start_s:.0f} s"
            for kind, both_s in for_s.items()
            if both_s > BY_THE_WAY_S and kind not in allowed
        ]
    return wrong


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("clips", type=Path, nargs="+")
    clips = parser.parse_args().clips
    print("| picture |", " | ".join(f"`{clip.stem}`" for clip in clips), "|")
    print("|---" * (1 + len(clips)) + "|")
    with MediaPipePose("heavy", "image") as model:
        for name, alter in ALTERED.items():
            cells = []
            for clip in clips:
                truth = json.loads(clip.with_suffix(".truth.json").read_text(encoding="utf-8"))
                labels = [(one["start"], one["end"], one["label"]) for one in truth["segments"]]
                if name == "mirrored":
                    labels = [(start, end, OTHER_SIDE.get(label, label)) for start, end, label in labels]
                wrong = faults([Segment(*one) for one in labels], watch(clip, truth["calibrate"][1], model, alter))
                cells.append("; ".join(wrong) or "all of it")
                print(name, clip.stem, cells[-1], file=sys.stderr, flush=True)
            print(f"| {name} |", " | ".join(cells), "|", flush=True)


if __name__ == "__main__":
    main()
