"""Inside the bench: say as JSON what runs there; fail where pyproject.toml asks for something else."""

import json
import sys
import tomllib
from importlib.metadata import version
from pathlib import Path

from packaging.requirements import Requirement

project = tomllib.loads((Path(__file__).parent.parent / "pyproject.toml").read_text(encoding="utf-8"))["project"]
for text in [*project["dependencies"], *project["optional-dependencies"]["test"]]:
    wanted = Requirement(text)
    if wanted.name != project["name"] and (wanted.marker is None or wanted.marker.evaluate()):
        found = version(wanted.name)
        if not wanted.specifier.contains(found, prereleases=True):
            sys.exit(f"pyproject.toml asks for {wanted}, .ci/windows-wheels.txt has {found}")
windows = sys.getwindowsversion()
versions = {"Wine": sys.argv[1].partition("~")[0], "Windows": f"{windows.major}.{windows.minor}.{windows.build}"}
versions["Python"] = sys.version.split()[0]
for name in ("numpy", "mediapipe", "opencv-contrib-python", "PySide6_Essentials", "pywin32", "desktop-notifier"):
    versions[name] = version(name)
print(json.dumps(versions))
