"""The version comes from the tag, and there is one where no tag is."""

from __future__ import annotations

import importlib.util
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
Git = Callable[..., None]


@pytest.fixture(scope="module")
def version() -> Callable[[Path], str]:
    spec = importlib.util.spec_from_file_location("version", ROOT / "tools/version.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    found: Callable[[Path], str] = module.version
    return found


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A checkout without git, that becomes 1.3.0."""
    tree = tmp_path / "tree"
    (tree / "posture").mkdir(parents=True)
    (tree / "posture/__init__.py").write_text('VERSION = "1.3.0.dev0"\n')
    return tree


@pytest.fixture
def git(tree: Path, monkeypatch: pytest.MonkeyPatch) -> Git:
    """Git in the tree, which has one commit."""
    for variable in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(variable, "/dev/null")
    for variable in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"):
        monkeypatch.delenv(variable, raising=False)

    def git(*words: str) -> None:
        named = ("-c", "user.name=x", "-c", "user.email=x@invalid")
        subprocess.run(["git", "-C", str(tree), *named, *words], check=True, capture_output=True)

    git("init", "-q")
    git("add", ".")
    git("commit", "-qm", "one")
    return git


def test_a_tag_is_the_version(version: Callable[[Path], str], tree: Path, git: Git) -> None:
    git("tag", "v1.2.0rc1")
    assert version(tree) == "1.2.0rc1"


def test_after_a_tag_commits_are_counted(version: Callable[[Path], str], tree: Path, git: Git) -> None:
    git("tag", "v1.2.0")
    git("commit", "-qm", "two", "--allow-empty")
    git("commit", "-qm", "three", "--allow-empty")
    assert re.fullmatch(r"1\.3\.0\.dev2\+g[0-9a-f]{7,}", version(tree))


def test_a_changed_file_is_no_release(version: Callable[[Path], str], tree: Path, git: Git) -> None:
    git("tag", "v1.2.0")
    (tree / "posture/__init__.py").write_text('VERSION = "1.3.0.dev0"  # changed\n')
    assert re.fullmatch(r"1\.3\.0\.dev0\+g[0-9a-f]{7,}\.dirty", version(tree))


@pytest.mark.parametrize("tag", [None, "before-the-move", "v2", "v1.2.0-final"])
def test_without_a_tag_of_ours(version: Callable[[Path], str], tree: Path, git: Git, tag: str | None) -> None:
    if tag:
        git("tag", tag)
    assert re.fullmatch(r"1\.3\.0\.dev1\+g[0-9a-f]{7,}", version(tree))


def test_without_git_at_all(version: Callable[[Path], str], tree: Path) -> None:
    assert version(tree) == "1.3.0.dev0"


def test_inside_a_repository_of_somebody_else(version: Callable[[Path], str], tree: Path, git: Git) -> None:
    git("tag", "v9.0.0")
    inner = tree / "vendored"
    (inner / "posture").mkdir(parents=True)
    (inner / "posture/__init__.py").write_text('VERSION = "1.3.0.dev0"\n')
    assert version(inner) == "1.3.0.dev0"


def test_a_source_distribution_says_its_own(version: Callable[[Path], str], tree: Path, git: Git) -> None:
    git("tag", "v9.0.0")
    (tree / "PKG-INFO").write_text("Metadata-Version: 2.4\nName: posture-coach\nVersion: 1.2.0\n\nVersion: 7\n")
    assert version(tree) == "1.2.0"


def test_this_tree_names_what_it_becomes(version: Callable[[Path], str]) -> None:
    assert re.match(r"\d+\.\d+\.\d+", version(ROOT))
