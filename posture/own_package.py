"""The name under which posture is installed, and the command that installs this very installation once more.

The folder, the import and the command are called posture; on PyPI that is another project, so no command that this
program names may say it to an installer.
"""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path

from posture.language import tr

DISTRIBUTION = "posture-coach"


def reinstall() -> str:
    """Give the command that installs posture, and whatever it needs, once more where this program is installed."""
    if getattr(sys, "frozen", False):
        return tr("from the file that it came in")
    environment = Path(sys.prefix)
    if (environment / "pipx_metadata.json").exists():
        return f"pipx reinstall {DISTRIBUTION}"
    if (environment / "uv-receipt.toml").exists():
        return f"uv tool upgrade --reinstall {DISTRIBUTION}"
    if importlib.util.find_spec("pip") is None:  # made by uv
        return _quoted("uv", "pip", "install", "--python", sys.executable, "--reinstall", *_source())
    return _quoted(sys.executable, "-m", "pip", "install", "--force-reinstall", *_source())


def install(requirement: str) -> str:
    """Give the command that installs another package where this program is installed; empty where none can.

    A frozen program has what it came with.
    """
    if getattr(sys, "frozen", False):
        return ""
    if (Path(sys.prefix) / "pipx_metadata.json").exists():
        return _quoted("pipx", "inject", DISTRIBUTION, requirement)
    if importlib.util.find_spec("pip") is None:
        return _quoted("uv", "pip", "install", "--python", sys.executable, requirement)
    return _quoted(sys.executable, "-m", "pip", "install", requirement)


def _source() -> list[str]:
    """Give what an installer needs to be told: the file or folder that this was installed from, or the name."""
    import json
    from importlib import metadata
    from urllib.parse import unquote, urlsplit

    try:
        noted = metadata.distribution(DISTRIBUTION).read_text("direct_url.json") or "{}"
        origin = json.loads(noted)
        url = urlsplit(origin.get("url", ""))
        path = unquote(url.path)
        if sys.platform == "win32":
            path = path.lstrip("/")
        if url.scheme == "file" and Path(path).exists():
            return ["--editable", path] if origin.get("dir_info", {}).get("editable") else [path]
    except (metadata.PackageNotFoundError, OSError, ValueError, AttributeError):
        pass
    return [DISTRIBUTION]


def _quoted(*words: str) -> str:
    if sys.platform == "win32":
        import subprocess

        return subprocess.list2cmdline(words)
    else:
        import shlex

        return shlex.join(words)
