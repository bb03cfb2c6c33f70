"""What cv2.VideoCapture gives for a camera, played for systems whose cameras are not here."""

from __future__ import annotations

from collections.abc import Callable
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from posture.camera import webcam


class FakeCapture:
    """A capture that works while it is `open`, and says of each setting whether it `takes` it."""

    def __init__(self, index: int, *, is_open: bool = True, takes: bool = False) -> None:
        self.index, self.grabbed, self.open, self._takes = index, 0, is_open, takes

    def isOpened(self) -> bool:  # noqa: N802
        return self.open

    def set(self, _what: int, _value: float) -> bool:
        return self._takes

    def get(self, _what: int) -> float:
        return 0.0

    def grab(self) -> bool:
        self.grabbed += 1
        return self.open

    def retrieve(self) -> tuple[bool, Any]:
        return True, np.full((48, 64, 3), self.grabbed, np.uint8)

    def release(self) -> None:
        self.open = False


def play_captures(monkeypatch: pytest.MonkeyPatch, opened: Callable[[int, int], FakeCapture]) -> None:
    """Have cameras opened by `opened`, which takes an index and a back end."""
    real = webcam.opencv()
    names = {name: getattr(real, name) for name in dir(real) if name.startswith(("CAP_", "IMREAD_"))}
    played = SimpleNamespace(**names, VideoCapture=opened, VideoWriter=real.VideoWriter)
    monkeypatch.setattr(webcam, "opencv", lambda: played)
