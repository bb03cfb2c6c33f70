"""What the tests of every room share."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import settings

from posture.pose.landmarks import PoseModel

DATA = Path(__file__).parent / "data"
SAMPLES = Path(__file__).parent.parent / "samples"

# How long a test takes says nothing about whether it is right.
settings.register_profile("posture", deadline=None)
settings.load_profile("posture")


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


@pytest.fixture
def model() -> Iterator[PoseModel]:
    """The real pose model, fresh: nothing is tracked from one test to the next."""
    from posture.pose.mediapipe_model import MediaPipePose

    with MediaPipePose() as loaded:
        yield loaded
