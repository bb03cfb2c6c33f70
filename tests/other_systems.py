"""A module of ours as it is on another system, whose libraries are played."""

from __future__ import annotations

import importlib.util
import sys
import types
from pathlib import Path

import pytest

import posture

ROOT = Path(posture.__file__).parent


def played(monkeypatch: pytest.MonkeyPatch, module: str, system: str, **libraries: object) -> types.ModuleType:
    """Load a module, such as ``"cli/keypress"``, once more, with the given libraries in place of the system's."""
    monkeypatch.setattr(sys, "platform", system)
    for name, library in libraries.items():
        monkeypatch.setitem(sys.modules, name, library)  # type: ignore[arg-type]
    spec = importlib.util.spec_from_file_location(f"played_{module.replace('/', '_')}", ROOT / f"{module}.py")
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made
