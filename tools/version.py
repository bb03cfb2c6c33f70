#!/usr/bin/env python3
"""Which version this is: that of the tag ``v1.2.3`` of the commit that is checked out. pyproject.toml asks here.

Between tags it is a version in development: the next one, the number of commits since the last tag and the commit, as
in ``1.3.0.dev12+g0123abc``; with changes that are not committed ``.dirty`` follows. A source distribution has its
version in PKG-INFO. Where there is neither, it is the ``.dev0`` that posture/__init__.py names: the next version.
"""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
RELEASE = r"\d+\.\d+\.\d+(?:(?:a|b|rc)\d+)?"


def version(root: Path = ROOT) -> str:
    """Give the version of the tree at `root`."""
    return _of_source_distribution(root) or _of_git(root) or in_development(root)


def in_development(root: Path = ROOT) -> str:
    """Give the version that a checkout calls itself, such as ``1.3.0.dev0``."""
    text = (root / "posture/__init__.py").read_text(encoding="utf-8")
    found = re.search(rf'VERSION = "({RELEASE}\.dev0)"', text)
    assert found, "posture/__init__.py names no version"
    return found[1]


def _of_source_distribution(root: Path) -> str:
    file = root / "PKG-INFO"
    found = re.search(r"^Version: (\S+)$", file.read_text(encoding="utf-8"), re.MULTILINE) if file.is_file() else None
    return found[1] if found else ""


def _of_git(root: Path) -> str:
    if not (root / ".git").exists():  # it may lie inside another repository
        return ""
    tag = re.fullmatch(
        rf"v({RELEASE})-(\d+)-(g[0-9a-f]+)(-dirty)?",
        _git(root, "describe", "--tags", "--long", "--dirty", "--match", "v[0-9]*"),
    )
    if tag:
        release, commits, commit, dirty = tag.groups()
        if commits == "0" and not dirty:
            return release
    else:
        commits, commit = _git(root, "rev-list", "--count", "HEAD"), _git(root, "rev-parse", "--short", "HEAD")
        dirty = _git(root, "status", "--porcelain", "--untracked-files=no")
        if not commits or not commit:
            return ""
        commit = f"g{commit}"
    return f"{in_development(root).removesuffix('0')}{commits}+{commit}{'.dirty' if dirty else ''}"


def _git(root: Path, *words: str) -> str:
    try:
        done = subprocess.run(["git", "-C", str(root), *words], capture_output=True, text=True, check=False)
    except OSError:
        return ""
    return done.stdout.strip() if done.returncode == 0 else ""


if __name__ == "__main__":
    print(version())
