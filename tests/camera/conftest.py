"""A camera for tests: fake_camera.py plays the driver, client.py is the program that uses it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import posture
from posture.camera.opencv import opencv

HERE = Path(__file__).parent
SYSTEM_PYTHON = "/usr/bin/python3"  # umockdev's Python binding comes with the system
BITS = 8
PACKAGE = str(Path(posture.__file__).parents[1])


class Lines:
    """A process that answers each line with one of JSON."""

    def __init__(self, command: list[str], **environment: str) -> None:
        self.process = subprocess.Popen(
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            bufsize=1,
            env={**os.environ, **environment},
        )
        self.hello = self._answer()

    def _answer(self) -> Any:
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line, f"{self.process.args} has ended"
        return json.loads(line)

    def __call__(self, line: str) -> Any:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        return self._answer()

    def end(self) -> None:
        try:
            self.process.communicate(timeout=20)  # closes its input, on which it ends
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()


class FakeCamera:
    """A driver to command, and clients that see its /dev/video0."""

    def __init__(self, wrapper: str, pictures: Path) -> None:
        self._wrapper = wrapper
        self._processes = [Lines([wrapper, SYSTEM_PYTHON, str(HERE / "fake_camera.py"), str(pictures)])]
        self.tell = self._processes[0]

    def client(self, *before: str) -> Lines:
        """Start a program that sees the camera; `before` goes in front of its command."""
        command = [*before, self._wrapper, sys.executable, str(HERE / "client.py")]
        self._processes.append(Lines(command, UMOCKDEV_DIR=self.tell.hello["root"], PYTHONPATH=PACKAGE))
        return self._processes[-1]

    def end(self) -> None:
        for process in reversed(self._processes):
            process.end()


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of 640x480 JPEGs: picture n shows n as eight bars, the lowest bit at the left."""
    cv2 = opencv()
    folder = tmp_path_factory.mktemp("pictures")
    for n in range(2**BITS):
        bars = np.repeat([255 * (n >> bit & 1) for bit in range(BITS)], 640 // BITS).astype(np.uint8)
        cv2.imwrite(str(folder / f"{n:03d}.jpg"), np.tile(bars[None, :, None], (480, 1, 3)))
    return folder


@pytest.fixture
def fake_camera(
    require_tool: Callable[[str], str], missing: Callable[[str], None], pictures: Path
) -> Iterator[FakeCamera]:
    """A camera that does what it is told."""
    wrapper = require_tool("umockdev-wrapper")
    binding = "import gi; gi.require_version('UMockdev', '1.0'); from gi.repository import UMockdev"
    if subprocess.run([SYSTEM_PYTHON, "-c", binding], capture_output=True, check=False).returncode:
        missing("the system packages python3-gi and gir1.2-umockdev-1.0")
    camera = FakeCamera(wrapper, pictures)
    yield camera
    camera.end()
