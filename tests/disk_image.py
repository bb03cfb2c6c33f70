"""A disk that can be searched."""

from __future__ import annotations

import os
import re
from pathlib import Path


class Image:
    """An ext4 file system in a file, mounted: what is on the disk itself can be looked for."""

    def __init__(self, file: Path, folder: Path) -> None:
        self.file, self.folder = file, folder

    def found(self, pattern: bytes) -> set[bytes]:
        """What a regular expression finds on the disk, in files and where files have been."""
        os.sync()
        return set(re.findall(pattern, self.file.read_bytes()))
