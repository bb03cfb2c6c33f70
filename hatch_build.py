"""What an installation makes: the catalogues that the program reads, from those that translators write."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Catalogues(BuildHookInterface):  # type: ignore[misc]
    """Compiles posture/locale."""

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
