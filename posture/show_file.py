"""Showing a file or a folder in the program that the user has for it."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def show(path: Path) -> bool:
    """Open a file, such as a page, or a folder in the user's own program; False where there is none for it.

    `path` is absolute.
    """
    opened = True
    if sys.platform == "win32":
        try:
            os.startfile(path)
        except OSError:
            opened = False
    elif sys.platform == "darwin":
        import subprocess

        command = ["/usr/bin/open", str(path)]
        opened = subprocess.run(command, check=False, stdin=subprocess.DEVNULL).returncode == 0
    else:
        import webbrowser  # which asks xdg-open, and goes by BROWSER

        opened = webbrowser.open(path.as_uri())
    return opened
