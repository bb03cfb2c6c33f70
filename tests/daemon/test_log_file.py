"""The daemon's log goes on when its file is taken away."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from posture.access import others_may
from posture.daemon.logs import Log


def removed(path: Path) -> None:
    path.unlink()


def folder_removed(path: Path) -> None:
    shutil.rmtree(path.parent)


def rotated(path: Path) -> None:
    path.rename(path.with_name("daemon.log.old"))


def replaced(path: Path) -> None:
    path.unlink()
    path.touch()


@pytest.mark.parametrize("change", [removed, folder_removed, rotated, replaced])
def test_it_goes_on_in_a_new_file(tmp_path: Path, change: Callable[[Path], None]) -> None:
    path = tmp_path / "posture/daemon.log"
    log = Log(path)
    log.write("before")
    change(path)
    log.write("after")
    log.write("later")
    log.close()
    assert [json.loads(line)["event"] for line in path.read_text().splitlines()] == ["after", "later"]
    assert not others_may(path, path.stat())


def test_a_folder_that_cannot_be_made_ends_nothing(tmp_path: Path) -> None:
    path = tmp_path / "posture/daemon.log"
    log = Log(path)
    shutil.rmtree(path.parent)
    path.parent.touch()
    log.write("lost")
    path.parent.unlink()
    log.write("found")
    log.close()
    assert json.loads(path.read_text())["event"] == "found"
