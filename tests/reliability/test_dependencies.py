"""pyproject.toml, requirements.lock and docs/dependencies.md say the same."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

ROOT = Path(__file__).parents[2]


def locked() -> dict[str, list[str]]:
    """Pinned versions by name, each with at least one hash."""
    found: dict[str, list[str]] = {}
    for block in re.split(r"\n(?=[a-z])", (ROOT / "requirements.lock").read_text()):
        if match := re.match(r"([a-z0-9-]+)==(\S+)", block):
            assert "--hash=sha256:" in block, match[1]
            found.setdefault(match[1], []).append(match[2])
    return found


def wanted() -> list[Requirement]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return [Requirement(line) for line in project["dependencies"]]


def test_every_dependency_is_pinned_within_its_range() -> None:
    pins = locked()
    for requirement in wanted():
        assert all(requirement.specifier.contains(version) for version in pins[requirement.name]), requirement


def test_the_bill_of_materials_is_that_of_the_lock() -> None:
    written = (ROOT / "sbom.cdx.json").read_text()
    printed = subprocess.run(
        [sys.executable, ROOT / "tools/sbom.py", "--print"], capture_output=True, text=True, check=True
    )
    assert written == printed.stdout, "python tools/sbom.py writes it"
    bill = json.loads(written)
    assert {(part["name"], part["version"]) for part in bill["components"]} == {
        (name, version) for name, versions in locked().items() for version in versions
    }
    assert all(part["licenses"][0]["license"]["name"] for part in bill["components"])


def test_every_dependency_has_a_purpose_and_a_licence() -> None:
    page = (ROOT / "docs/dependencies.md").read_text()
    rows = [row.split(" | ") for row in page.splitlines() if row.startswith("| ") and "licence" not in row]
    assert all(len(row) == 3 and all(cell.strip(" |") for cell in row) for row in rows)
    named = {name for row in rows for name in row[0].strip("| ").split(", ")}
    assert named == set(locked())
    chosen = page.partition("## Brought along")[0]
    for requirement in wanted():
        assert f"| {requirement.name} |" in chosen
