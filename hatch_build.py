"""What an installation makes: the catalogues that the program reads, and the file that says its version."""

from __future__ import annotations

import importlib.util
import sys
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Catalogues(BuildHookInterface):  # type: ignore[misc]
    """Compiles posture/locale, and writes the version into a wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the catalogues before anything is packed, also for an installation that uses the sources."""
        path = Path(self.root) / "tools/catalogues.py"
        spec = importlib.util.spec_from_file_location("catalogues", path)
        assert spec is not None
        assert spec.loader is not None
        catalogues = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = catalogues
        spec.loader.exec_module(catalogues)
        made = catalogues.compile_all(Path(self.root))
        build_data["artifacts"] += [f"/{each.relative_to(self.root).as_posix()}" for each in made]
        if self.target_name == "wheel" and version == "standard":
            self._folder = tempfile.TemporaryDirectory()
            file = Path(self._folder.name) / "_version.py"
            file.write_text(f'"""Which version this is."""\n\nVERSION = "{self.metadata.version}"\n', "utf-8")
            build_data["force_include"][str(file)] = "posture/_version.py"

    def finalize(self, version: str, build_data: dict[str, Any], artifact_path: str) -> None:
        """Remove what was only needed for packing."""
        if hasattr(self, "_folder"):
            self._folder.cleanup()
