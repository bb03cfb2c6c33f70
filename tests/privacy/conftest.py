"""What the tests of privacy share."""

from collections.abc import Callable

import pytest
from private_session import daemon, session

__all__ = ["daemon", "session"]


@pytest.fixture
def no_exit() -> Callable[[list[str]], int]:
    """Run a command; argparse ends the process on wrong usage."""

    def run(arguments: list[str]) -> int:
        from posture.cli.main import main

        try:
            return main(arguments)
        except SystemExit as end:
            return int(end.code or 0)

    return run
