"""How an installation is made once more, each by what made it."""

from __future__ import annotations

import importlib.util
import json
import shlex
import sys
import tomllib
from importlib import metadata
from pathlib import Path

import pytest

from posture import own_package
from posture.errors import PostureError
from posture.own_package import DISTRIBUTION, install, reinstall
from posture.pose import litert_model


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Path:
    """An environment in which nothing says what made it, from the index."""
    monkeypatch.setattr(sys, "prefix", str(tmp_path))
    installed_from(monkeypatch, None)
    return tmp_path


def installed_from(monkeypatch: pytest.MonkeyPatch, noted: str | None) -> None:
    class Installed:
        @staticmethod
        def read_text(name: str) -> str | None:
            return noted if name == "direct_url.json" else None

    monkeypatch.setattr(metadata, "distribution", lambda name: Installed)


def test_the_name_is_that_of_the_project() -> None:
    project = tomllib.loads((Path(own_package.__file__).parents[1] / "pyproject.toml").read_text())["project"]
    assert project["name"] == DISTRIBUTION
    assert "posture" in project["scripts"]


def test_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    assert shlex.split(reinstall()) == [sys.executable, "-m", "pip", "install", "--force-reinstall", DISTRIBUTION]


def test_an_environment_without_pip(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert reinstall().startswith("uv pip install --python ")
    assert reinstall().endswith(f" --reinstall {DISTRIBUTION}")


@pytest.mark.parametrize(
    ("receipt", "command"),
    [
        ("pipx_metadata.json", f"pipx reinstall {DISTRIBUTION}"),
        ("uv-receipt.toml", f"uv tool upgrade --reinstall {DISTRIBUTION}"),
    ],
)
def test_tools_that_keep_environments(receipt: str, command: str, environment: Path) -> None:
    (environment / receipt).touch()
    assert reinstall() == command


def test_a_file_or_a_checkout_that_it_came_from(monkeypatch: pytest.MonkeyPatch, environment: Path) -> None:
    folder = environment / "my posture"
    folder.mkdir()
    installed_from(monkeypatch, json.dumps({"url": folder.as_uri(), "dir_info": {}}))
    assert shlex.split(reinstall())[-1] == str(folder)
    installed_from(monkeypatch, json.dumps({"url": folder.as_uri(), "dir_info": {"editable": True}}))
    assert shlex.split(reinstall())[-2:] == ["--editable", str(folder)]
    folder.rmdir()
    assert shlex.split(reinstall())[-1] == DISTRIBUTION


@pytest.mark.parametrize("noted", ["", "{", "[]", "{}", '{"url": "https://example.org/x.whl"}', '{"url": 5}'])
def test_what_says_nothing(monkeypatch: pytest.MonkeyPatch, noted: str) -> None:
    installed_from(monkeypatch, noted)
    assert shlex.split(reinstall())[-1] == DISTRIBUTION


def test_another_package(monkeypatch: pytest.MonkeyPatch, environment: Path) -> None:
    wanted = "ai-edge-litert>=2.1.5"
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: object())
    assert shlex.split(install(wanted)) == [sys.executable, "-m", "pip", "install", wanted]
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert shlex.split(install(wanted)) == ["uv", "pip", "install", "--python", sys.executable, wanted]
    (environment / "pipx_metadata.json").touch()
    assert shlex.split(install(wanted)) == ["pipx", "inject", DISTRIBUTION, wanted]


def test_a_frozen_program_has_no_installer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert reinstall() == "from the file that it came in"


def test_nothing_can_be_installed_into_a_frozen_program(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "frozen", True, raising=False)
    assert install("any>=1") == ""

    def missing(name: str) -> str:
        raise metadata.PackageNotFoundError(name)

    monkeypatch.setattr(metadata, "version", missing)
    with pytest.raises(PostureError, match=r"came without LiteRT: set pose\.engine to auto"):
        litert_model.litert_release()
