"""What starts programs where nothing is inherited, as on Windows, does as the helper shell does."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from private_session import PATIENCE_S, until

from posture.daemon.helper_base import MOST_ANSWER_BYTES
from posture.daemon.helper_direct import DirectHelper


def python(program: str) -> list[str]:
    return [sys.executable, "-c", program]


@pytest.fixture
def helper(tmp_path: Path) -> Iterator[DirectHelper]:
    touch = f"import pathlib, sys; pathlib.Path({str(tmp_path)!r}, *sys.argv[1:] or ['touched']).touch()"
    found = DirectHelper(
        {"touch": python(touch), "fails": python("import sys; print('why\\nmore', file=sys.stderr); sys.exit(1)")},
        {
            "prints": python("print('one');print('two')"),
            "much": python("print('x' * 3_000_000)"),
            "silent": python("import time; time.sleep(600)"),
        },
    )
    yield found
    found.close()


def test_what_a_program_prints_comes_back(helper: DirectHelper) -> None:
    assert helper.ask("prints", PATIENCE_S) == b"one two "
    assert helper.ask("much", PATIENCE_S) == b"x" * MOST_ANSWER_BYTES
    assert helper.ask("silent", 0.2) is None
    assert helper.ask("nothing", PATIENCE_S) is None


def test_nothing_but_what_is_known_is_run(helper: DirectHelper, tmp_path: Path) -> None:
    assert not helper.open("touch", "a/b")
    assert not helper.open("touch;", "a")
    assert not helper.open("prints")
    assert helper.open("touch", "day:1-2_3")
    until((tmp_path / "day:1-2_3").exists, "what is known is run")
    assert [path.name for path in tmp_path.iterdir()] == ["day:1-2_3"]
    helper.close()
    assert not helper.open("touch")


def test_what_fails_is_told_with_what_it_said(helper: DirectHelper) -> None:
    assert helper.open("fails")
    assert helper.failed(PATIENCE_S) == ("fails", "why")
    assert helper.failed(0.0) is None

    async def listen() -> tuple[str, str]:
        told: asyncio.Queue[tuple[str, str]] = asyncio.Queue()
        helper.listen(lambda what, why: told.put_nowait((what, why)))
        assert helper.open("fails")
        return await asyncio.wait_for(told.get(), PATIENCE_S)

    assert asyncio.run(listen()) == ("fails", "why")
