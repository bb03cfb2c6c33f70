"""What the tests of packaging share."""

from __future__ import annotations

import importlib.util
import sys
import types
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def hatch_build() -> types.ModuleType:
    """hatch_build.py, which hatchling loads in an environment that has hatchling."""
    stand_in = types.ModuleType("hatchling.builders.hooks.plugin.interface")
    stand_in.BuildHookInterface = object  # type: ignore[attr-defined]
    had = sys.modules.get(stand_in.__name__)
    sys.modules[stand_in.__name__] = stand_in
    parents = ["hatchling", "hatchling.builders", "hatchling.builders.hooks", "hatchling.builders.hooks.plugin"]
    missing = [name for name in parents if name not in sys.modules]
    sys.modules.update({name: types.ModuleType(name) for name in missing})
    try:
        spec = importlib.util.spec_from_file_location("hatch_build", ROOT / "hatch_build.py")
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
    finally:
        for name in missing:
            del sys.modules[name]
        if had is None:
            del sys.modules[stand_in.__name__]
        else:
            sys.modules[stand_in.__name__] = had
    return module
