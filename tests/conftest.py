"""What the tests of every room share."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from posture.pose.landmarks import PoseModel

DATA = Path(__file__).parent / "data"


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
    return DATA / "desk_stand.mp4"


@pytest.fixture(scope="session")
def require_tool() -> Callable[[str], str]:
    """Give the path of a system tool a test needs.

    Without it the test is skipped; with POSTURE_REQUIRE_ALL=1, as in CI, it fails, so that nothing is skipped unseen.
    """

    def find(tool: str) -> str:
        path = shutil.which(tool)
        if path is None:
            missing(f"needs the system tool {tool}")
        return str(path)

    return find


def missing(what: str) -> None:
    """Skip, or fail where everything is required."""
    if os.environ.get("POSTURE_REQUIRE_ALL") == "1":
        pytest.fail(what)
    pytest.skip(what)


@pytest.fixture
def model() -> Iterator[PoseModel]:
    """The real pose model, fresh: nothing is tracked from one test to the next."""
    from posture.pose.mediapipe_model import MediaPipePose

    with MediaPipePose() as loaded:
        yield loaded
