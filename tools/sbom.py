#!/usr/bin/env python3
"""The software bill of materials of a release, sbom.cdx.json (CycloneDX), from requirements.lock.

The version of the program is not in it: that is the tag's, and packaging/build.py adds it. Its licences are those of
docs/dependencies.md. The wheel carries the file in its metadata, and a test holds it to the lock: python tools/sbom.py
writes it anew after the lock has changed.
"""

from __future__ import annotations

import json
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
FILE = ROOT / "sbom.cdx.json"


def licences() -> dict[str, str]:
    """The licence of each package, as docs/dependencies.md has it."""
    found = {}
    for row in (ROOT / "docs/dependencies.md").read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in row.strip("|").split("|")]
        if row.startswith("| ") and len(cells) == 3:
            found |= dict.fromkeys(cells[0].split(", "), cells[1])
    return found


def bill() -> dict[str, Any]:
    """The bill, as JSON values."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    named = licences()
    components = []
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    for name, version in re.findall(r"^([a-z0-9-]+)==([^\s;]+)", lock, re.MULTILINE):
        purl = f"pkg:pypi/{name}@{version}"
        licence = [{"license": {"name": named[name]}}]
        components.append(
            {"type": "library", "bom-ref": purl, "name": name, "version": version, "purl": purl, "licenses": licence}
        )
    program = {
        "type": "application",
        "bom-ref": project["name"],
        "name": project["name"],
    }
    return {
        "bomFormat": "CycloneDX",
        "specVersion": "1.6",
        "version": 1,
        "metadata": {"component": {**program, "licenses": [{"license": {"id": project["license"]}}]}},
        "components": components,
        "dependencies": [{"ref": project["name"], "dependsOn": [component["bom-ref"] for component in components]}],
    }


def text() -> str:
    """The bill, as it stands in the file."""
    return json.dumps(bill(), indent=1) + "\n"


if __name__ == "__main__":
    if "--print" in sys.argv:
        sys.stdout.write(text())
    else:
        FILE.write_text(text(), encoding="utf-8")
