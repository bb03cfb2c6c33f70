"""How far LiteRT's landmarks lie from mediapipe's: the table of docs/accuracy.md.

    python benchmarks/engines.py PICTURE_OR_VIDEO ... [--every SECONDS] [--model heavy]

Pictures and videos, of which a frame is taken every SECONDS (5). Both engines look at the same pixels; the differences
are those of head and shoulders (landmarks 0 to 12), in px of the picture, and those of the angles without a baseline.
The times are CPU times of a look in this process, in turns, of pictures in which somebody was found.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from posture.camera.frame import Frame
from posture.camera.opencv import opencv
from posture.camera.video import VideoFile, read_image
from posture.errors import PostureError
from posture.measure.measures import measure
from posture.pose.landmarks import Pose, PoseModel
from posture.pose.litert_model import LiteRTPose
from posture.pose.mediapipe_model import MediaPipePose
from posture.settings import Settings

UPPER = slice(0, 13)
VIDEOS = (".mp4", ".mkv", ".mov", ".gif", ".avi", ".webm")
ANGLES = ("shoulder_tilt_deg", "head_tilt_deg", "head_yaw_deg", "head_pitch_deg", "lateral_lean_deg")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("sources", type=Path, nargs="+")
    parser.add_argument("--every", type=float, default=5.0)
    parser.add_argument("--model", action="append", choices=("lite", "full", "heavy"))
    a = parser.parse_args()
    opencv().setNumThreads(1)
    print(
        "| model | pictures | nobody by both | by one only | px median | p95 | max | deg median | p95 | max | ms | ms |"
    )
    print("|---|---|---|---|---|---|---|---|---|---|---|---|")
    for model in a.model or ("lite", "full", "heavy"):
        print(row(model, a.sources, a.every))


def row(model: str, sources: list[Path], every_s: float) -> str:
    """Compare the engines on all sources, with one model."""
    off_px, off_deg, spent = [], [], [0.0, 0.0]
    pictures = nobody = one = 0
    with MediaPipePose(model, "image") as mediapipe, LiteRTPose(model) as litert:
        for frame in frames(sources, every_s):
            pictures += 1
            (theirs, theirs_s), (ours, ours_s) = timed(mediapipe, frame), timed(litert, frame)
            if theirs is None or ours is None:
                nobody, one = nobody + (theirs is ours), one + (theirs is not ours)
                continue
            spent = [spent[0] + theirs_s, spent[1] + ours_s]
            off_px.append(np.hypot(*(theirs.landmarks - ours.landmarks)[UPPER, :2].T))
            measured = [measure(pose, None, Settings(), model) for pose in (theirs, ours)]
            pairs = [[getattr(each, angle) for each in measured] for angle in ANGLES]
            off_deg += [abs(x - y) for x, y in pairs if x is not None and y is not None]
    cells = [
        *(f"{value:.2f}" for value in (np.median(off_px), np.percentile(off_px, 95), np.max(off_px))),
        *(f"{value:.2f}" for value in (np.median(off_deg), np.percentile(off_deg, 95), np.max(off_deg))),
        *(f"{1e3 * seconds / len(off_px):.1f}" for seconds in spent),
    ]
    return "| " + " | ".join([model, str(pictures), str(nobody), str(one), *cells]) + " |"


def timed(model: PoseModel, frame: Frame) -> tuple[Pose | None, float]:
    began_s = time.process_time()
    return model.find(frame), time.process_time() - began_s


def frames(sources: list[Path], every_s: float) -> Iterator[Frame]:
    for source in sources:
        if source.suffix not in VIDEOS:
            yield read_image(source)
            continue
        try:
            with VideoFile(source) as video:
                due_s = 0.0
                while (t_s := video.grab()) is not None:
                    if t_s >= due_s:
                        due_s = t_s + every_s
                        yield video.retrieve()
        except PostureError as error:
            print(f"{source}: {error}")


if __name__ == "__main__":
    main()
