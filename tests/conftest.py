"""What the tests of every room share: the data, system tools, the model, and a camera that does what it is told."""

from __future__ import annotations

import atexit
import functools
import io
import json
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from disk_image import Image
from hypothesis import settings
from inferred import CLIPS, InferredOnce, Replay, replay

import posture
from posture.cli.main import main
from posture.coach.safety import QUESTIONS
from posture.history.store import Store
from posture.pose.landmarks import PoseModel

HERE = Path(__file__).parent
DATA = HERE / "data"
SAMPLES = HERE.parent / "samples"
PACKAGE = str(Path(posture.__file__).parents[1])  # for programs that tests start
SYSTEM_PYTHON = "/usr/bin/python3"  # umockdev's Python binding comes with the system
BITS = 8  # of the number that a picture of the fake camera shows

# What a history is noted in, see `posture.kept_files`, is the test session's own.
os.environ["XDG_STATE_HOME"] = tempfile.mkdtemp(prefix="posture-tests-")
atexit.register(shutil.rmtree, os.environ["XDG_STATE_HOME"], ignore_errors=True)

# The tests read English, whatever the machine speaks; programs that they start do so, too.
os.environ["LANGUAGE"] = "en"

# A busy machine is no failure.
settings.register_profile("posture", deadline=None)
settings.load_profile("posture")


SLOW = {"browser", "daemon", "fake_camera", "heavy", "image", "lite", "replayed", "session", "small_disk", "strace"}
"""Fixtures that start a daemon, a driver, a browser or a model: what uses them is marked `slow`."""
LONGEST = {"heavy", "new_desk", "replayed", "scenes"}
"""Fixtures of whole clips, of a whole day and of a week: what uses them takes minutes."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Mark what is slow, leave out what runs at night, and run the longest first, so that none is left for the end."""
    if not os.environ.get("POSTURE_NIGHTLY"):
        left_out = [item for item in items if item.get_closest_marker("nightly")]
        items[:] = [item for item in items if item not in left_out]
        config.hook.pytest_deselected(items=left_out)

    def uses(item: pytest.Item, fixtures: set[str]) -> bool:
        return bool(fixtures & set(getattr(item, "fixturenames", ())))

    for item in items:
        if uses(item, SLOW):
            item.add_marker(pytest.mark.slow)
    items.sort(key=lambda item: (not uses(item, LONGEST), item.get_closest_marker("slow") is None))


@pytest.fixture(scope="session")
def data() -> Path:
    """The folder of the project's own clips and pictures."""
    return DATA


@pytest.fixture(scope="session")
def frames() -> Path:
    """Still pictures of rendered people, named as PERSON__what_is_varied.jpg."""
    return DATA / "frames"


@pytest.fixture(scope="session")
def laptop_a() -> Path:
    return DATA / "laptop_a.mp4"


@pytest.fixture(scope="session")
def laptop_b() -> Path:
    return DATA / "laptop_b.mp4"


@pytest.fixture(scope="session")
def desk_stand() -> Path:
    return SAMPLES / "desk_stand.mp4"


@pytest.fixture
def own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with data (`data`) and settings (`settings.toml`) of the test's own, for commands in this process."""
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path / "data"))
    monkeypatch.setenv("POSTURE_CONFIG", str(tmp_path / "settings.toml"))
    return tmp_path


@pytest.fixture
def store(own_folder: Path) -> Iterator[Store]:
    """The history of `own_folder`."""
    with Store(own_folder / "data/history.sqlite3") as opened:
        yield opened


@pytest.fixture
def printed(own_folder: Path, capsys: pytest.CaptureFixture[str]) -> Callable[..., str]:
    """Run a command in this process and give what it prints."""

    def run(*arguments: str | Path) -> str:
        assert main([str(argument) for argument in arguments]) == 0
        return capsys.readouterr().out

    return run


@pytest.fixture
def answer(own_folder: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., None]:
    """Answer the questions of the next check-in: yes to those that are named."""

    def answer(*yes: str) -> None:
        lines = "".join("y\n" if question.id in yes else "n\n" for question in QUESTIONS)
        monkeypatch.setattr(sys, "stdin", io.StringIO(lines))

    return answer


@pytest.fixture(scope="session")
def missing() -> Callable[[str], None]:
    """Say that something of the system which a test needs is not there.

    The test is skipped; with POSTURE_REQUIRE_ALL=1, as in CI, it fails, so that nothing is skipped unseen.
    """

    def say(what: str) -> None:
        if os.environ.get("POSTURE_REQUIRE_ALL") == "1":
            pytest.fail(f"needs {what}")
        pytest.skip(f"needs {what}")

    return say


@pytest.fixture(scope="session")
def require_tool(missing: Callable[[str], None]) -> Callable[[str], str]:
    """Give the path of a system tool a test needs, see `missing`."""

    def find(tool: str) -> str:
        path = shutil.which(tool)
        if path is None:
            missing(f"the system tool {tool}")
        return str(path)

    return find


@pytest.fixture(scope="session")
def answers(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Path:
    """The folder of `InferredOnce`, the same for all workers of this session."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if hasattr(request.config, "workerinput") else base) / "answers"
    folder.mkdir(exist_ok=True)
    return folder


@pytest.fixture(scope="session")
def heavy(answers: Path) -> Iterator[PoseModel]:
    """The model that judges, which looks at each picture alone; asked about each picture once a session."""
    with InferredOnce(answers, "heavy") as model:
        yield model


@pytest.fixture(scope="session")
def lite(answers: Path) -> Iterator[PoseModel]:
    """As `heavy`, the smallest model."""
    with InferredOnce(answers, "lite") as model:
        yield model


@pytest.fixture(scope="session")
def replayed(answers: Path) -> Replay:
    """What `posture replay --json` prints about one of `CLIPS`."""
    return functools.cache(lambda name: replay(CLIPS[name], answers))


@pytest.fixture
def model() -> Iterator[PoseModel]:
    """The real pose model, fresh: nothing is tracked from one test to the next."""
    from posture.pose.mediapipe_model import MediaPipePose

    with MediaPipePose() as loaded:
        yield loaded


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
    """A driver to command (`tell`, see camera/fake_camera.py), and programs that see its /dev/video0.

    A program sees it when it is started with `environment` in its own; camera/client.py is one for tests.
    """

    def __init__(self, wrapper: str, pictures: Path) -> None:
        self.tell = Lines([wrapper, SYSTEM_PYTHON, str(HERE / "camera/fake_camera.py"), str(pictures)])
        self.environment = {
            "LD_PRELOAD": "libumockdev-preload.so.0",  # all that umockdev-wrapper does
            "UMOCKDEV_DIR": self.tell.hello["root"],
            "PYTHONPATH": PACKAGE,
        }
        self._processes = [self.tell]

    def client(self, *before: str) -> Lines:
        """Start a program that sees the camera; `before` goes in front of its command."""
        command = [*before, sys.executable, str(HERE / "camera/client.py")]
        self._processes.append(Lines(command, **self.environment))
        return self._processes[-1]

    def end(self) -> None:
        for process in reversed(self._processes):
            process.end()


@pytest.fixture(scope="session")
def pictures(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder of 640x480 JPEGs: picture n shows n as eight bars, the lowest bit at the left."""
    from posture.camera.opencv import opencv

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


@pytest.fixture
def small_disk(require_tool: Callable[[str], str], missing: Callable[[str], None], tmp_path: Path) -> Iterator[Path]:
    """A real file system of one megabyte."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = [require_tool("mount"), "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        missing("the right to mount (root)")
    yield folder
    subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.fixture
def image(require_tool: Callable[[str], str], missing: Callable[[str], None], tmp_path: Path) -> Iterator[Image]:
    """A real disk of 64 megabytes, see `Image`."""
    found = Image(tmp_path / "disk.img", tmp_path / "mounted")
    found.folder.mkdir()
    with found.file.open("wb") as file:
        file.truncate(64 << 20)
    subprocess.run([require_tool("mkfs.ext4"), "-q", "-b", "1024", str(found.file)], check=True)
    mount = [require_tool("mount"), "-o", "loop", str(found.file), str(found.folder)]
    if subprocess.run(mount, capture_output=True, check=False).returncode != 0:
        missing("the right to mount (root)")
    yield found
    subprocess.run(["umount", str(found.folder)], check=True)
