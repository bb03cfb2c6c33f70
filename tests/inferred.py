"""The real pose model, asked about each picture once a session, and the clips replayed with it."""

from __future__ import annotations

import hashlib
import json
import pickle
from collections.abc import Callable
from contextlib import redirect_stdout
from io import StringIO
from pathlib import Path
from types import TracebackType
from typing import Any, Self
from unittest import mock

from posture.camera.frame import Frame
from posture.cli.main import main
from posture.file_lock import locked
from posture.pose.landmarks import Pose
from posture.pose.mediapipe_model import MediaPipePose
from posture.settings import Settings

HERE = Path(__file__).parent
CLIPS = {
    "laptop_a": HERE / "data/laptop_a.mp4",
    "laptop_b": HERE / "data/laptop_b.mp4",
    "desk_stand": HERE.parent / "samples/desk_stand.mp4",
}
START, CALIBRATE_S = "2026-11-25T09:00:00+00:00", 10


class InferredOnce:
    """A model that looks at each picture alone and remembers its answers for all tests of the session.

    Several tests go through the same clips, and the heavy model takes most of their time. The answers lie in a folder
    that is new in every session, so that a change of the model, of mediapipe or of the code is always seen.

    Parameters
    ----------
    folder : Path
        Of this session, the same for all workers.
    model : str
        A model of models/manifest.toml.
    """

    def __init__(self, folder: Path, model: str) -> None:
        self._folder, self._model = folder, model
        self._loaded: MediaPipePose | None = None

    def find(self, frame: Frame) -> Pose | None:
        """Landmarks of the person in the frame, as `MediaPipePose.find` gives them."""
        content = hashlib.sha256(repr((self._model, frame.image.shape)).encode() + frame.image.tobytes())
        answer = self._folder / content.hexdigest()
        with locked(answer):  # another worker that wants the same waits for it
            if answer.exists():
                found: Pose | None = pickle.loads(answer.read_bytes())
                return found
            if self._loaded is None:
                self._loaded = MediaPipePose(self._model, "image")
            pose = self._loaded.find(frame)
            answer.write_bytes(pickle.dumps(pose))
            return pose

    def close(self) -> None:
        """Free the model; safe to call twice."""
        if self._loaded is not None:
            self._loaded.close()
            self._loaded = None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()


LOADED_BY_COMMANDS = "posture.pose.open_model.load_model"
"""What commands load their model by."""


def commands_model(folder: Path) -> Callable[..., InferredOnce]:
    """Give what commands may load instead."""

    def load(name: str, settings: Settings) -> InferredOnce:
        return InferredOnce(folder, name)

    return load


Replay = Callable[[str], list[dict[str, Any]]]
"""The lines of `posture replay --json` on one of the `CLIPS`."""


def replay(path: Path, folder: Path) -> list[dict[str, Any]]:
    """Run `posture replay --json` in this process, with answers of the model from `folder`."""

    printed = StringIO()
    with mock.patch(LOADED_BY_COMMANDS, commands_model(folder)), redirect_stdout(printed):
        assert main(["replay", str(path), "--start", START, "--calibrate", str(CALIBRATE_S), "--json"]) == 0
    return [json.loads(line) for line in printed.getvalue().splitlines()]
