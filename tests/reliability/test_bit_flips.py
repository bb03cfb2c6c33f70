"""Damaged histories end no command: a sample of what tools/bit_flips.py does each night with 580 of them."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

pytestmark = pytest.mark.slow

ONE_OF_EACH = (0, 3, 4, 5, 6, 7, 8, 10)
"""Numbers of stores, one for each kind of damage."""


def test_a_damaged_history_ends_no_command() -> None:
    place = Path(__file__).parents[2] / "tools/bit_flips.py"
    spec = importlib.util.spec_from_file_location("bit_flips", place)
    assert spec is not None
    assert spec.loader is not None
    tool = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(tool)
    assert {tool.DAMAGES[number] for number in ONE_OF_EACH} == set(tool.DAMAGES)
    assert list(tool.falls(ONE_OF_EACH, seed=3)) == []
