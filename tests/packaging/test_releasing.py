"""The checklist for a release names what there is, and what makes packages does what it says."""

from __future__ import annotations

import ast
import importlib.util
import re
import shlex
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest

ROOT = Path(__file__).parents[2]
CHECKLIST = ROOT / "docs/releasing.md"
OF_OTHERS = {"git", "uv", "lintian", "sha256sum", "gpg", "twine"}
"""Programs that are not ours."""


def module(path: str) -> ModuleType:
    spec = importlib.util.spec_from_file_location(Path(path).stem, ROOT / path)
    assert spec is not None
    assert spec.loader is not None
    found = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(found)
    return found


@pytest.fixture(scope="module")
def build() -> ModuleType:
    return module("packaging/build.py")


def commands() -> list[list[str]]:
    """The commands of the checklist's blocks."""
    blocks = re.findall(r"```sh\n(.+?)```", CHECKLIST.read_text(encoding="utf-8"), re.DOTALL)
    return [shlex.split(line) for block in blocks for line in block.splitlines() if line.strip()]


def test_the_checklist_has_commands() -> None:
    assert len(commands()) > 12


@pytest.mark.parametrize("words", commands(), ids=" ".join)
def test_every_command_of_the_checklist_exists(words: list[str], build: ModuleType) -> None:
    if words[0] in OF_OTHERS:
        return
    if words[:2] == ["python", "-m"]:
        assert importlib.util.find_spec(words[2])
        return
    script = ROOT / words[words[0] in ("python", "bash")]
    assert script.is_file(), script
    if script.name == "build.py":
        assert set(words[2:]) <= {"wheel", "frozen", "archive", "deb", "sums"}
    if words[0] == "python":
        compile(script.read_text(encoding="utf-8"), str(script), "exec")
    else:
        assert script.read_text(encoding="utf-8").startswith("#!")


def test_files_that_the_page_names_exist() -> None:
    text = CHECKLIST.read_text(encoding="utf-8")
    for name in re.findall(r"`((?:packaging|posture|tools|docs)/[\w./-]+\.\w+)`", text):
        assert (ROOT / name).is_file(), name


def test_what_makes_packages_says_what_it_can_make() -> None:
    done = subprocess.run(
        [sys.executable, ROOT / "packaging/build.py", "--help"], capture_output=True, text=True, check=True
    )
    for what in ("wheel", "frozen", "archive", "deb", "sums"):
        assert re.search(rf"^    {what}\b", done.stdout, re.MULTILINE), what


def test_platforms_are_those_of_the_wheels(build: ModuleType) -> None:
    tree = ast.parse((ROOT / "hatch_build.py").read_text(encoding="utf-8"))
    assigned = {ast.unparse(node.targets[0]): node.value for node in tree.body if isinstance(node, ast.Assign)}
    assert build.platforms() == list(ast.literal_eval(assigned["PLATFORMS"]))


@pytest.mark.parametrize(
    ("ours", "debians"),
    [
        ("1.2.0", "1.2.0"),
        ("1.2.0rc1", "1.2.0~rc1"),
        ("1.3.0.dev12+g0123abc", "1.3.0~dev12+g0123abc"),
        ("1.3.0.dev0+gb1d2a3c.dirty", "1.3.0~dev0+gb1d2a3c.dirty"),
    ],
)
def test_debian_sorts_what_comes_before_a_release_before_it(build: ModuleType, ours: str, debians: str) -> None:
    assert build.debian_version(ours) == debians


def test_the_change_log_begins_with_what_is_unreleased() -> None:
    first, *released = re.findall(r"^## (.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)
    assert first == "Unreleased"
    for heading in released:
        assert re.fullmatch(r"\d+\.\d+\.\d+ - \d{4}-\d\d-\d\d", heading), heading


def test_the_desktops_metadata_names_the_same_releases() -> None:
    about = ElementTree.parse(ROOT / "packaging/posture.metainfo.xml").getroot()
    named = [f"{release.get('version')} - {release.get('date')}" for release in about.iter("release")]
    assert named == re.findall(r"^## (\d.+)$", (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"), re.MULTILINE)


def test_licences_of_what_is_carried_are_written_out() -> None:
    third_party = module("packaging/third_party.py")
    third_party.OWN = "rich"  # which is installed wherever the tests run
    carried = [each.metadata["Name"].lower() for each in third_party.carried()]
    assert carried == ["markdown-it-py", "mdurl", "pygments"]
    text = third_party.document()
    assert "Permission is hereby granted" in text
    assert "PYTHON SOFTWARE FOUNDATION LICENSE" in text
