"""The README's table of where posture runs, against what pyproject.toml asks for and what hatch_build.py refuses."""

from __future__ import annotations

import re
import sys
import types
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import supported  # noqa: E402


def table() -> dict[str, list[str]]:
    text = (ROOT / "README.md").read_text(encoding="utf-8")
    written = text.partition(supported.BEGIN)[2].partition(supported.END)[0].splitlines()
    rows = [[cell.strip() for cell in row.strip("|").split("|")] for row in written]
    assert rows[0][1:] == [f"Python {python}" for python in supported.PYTHONS]
    return {row[0]: row[1:] for row in rows[2:]}


PLACES = {place.name: place for place in supported.PLACES}


def test_every_place_is_in_it() -> None:
    assert list(table()) == list(PLACES)
    assert {cell.partition(",")[0] for row in table().values() for cell in row} == {"no", *supported.ENGINES.values()}


@pytest.mark.parametrize("name", list(PLACES))
@pytest.mark.parametrize("column", range(len(supported.PYTHONS)))
def test_a_cell(name: str, column: int, hatch_build: types.ModuleType) -> None:
    place, python, cell = PLACES[name], supported.PYTHONS[column], table()[name][column]
    engine, _, since = cell.partition(", ")
    asked = supported.engine_asked_for(place, python)
    processor = place.platform_machine.lower()
    minor = int(python.partition(".")[2])
    if engine == "no":
        libc = "" if place.system == "musl" else "glibc 2.40"
        assert hatch_build.refusal(place.sys_platform, processor, libc, 64, (3, minor))
        return
    assert asked is not None
    assert engine == supported.ENGINES[asked]
    assert hatch_build.refusal(place.sys_platform, processor, since, 64, (3, minor)) is None


@pytest.mark.parametrize("name", list(PLACES))
def test_the_wheels_are_for_the_oldest_system_of_a_row(name: str, hatch_build: types.ModuleType) -> None:
    cells = [cell for cell in table()[name] if cell != "no"]
    fits = [match for tag in hatch_build.PLATFORMS if (match := re.fullmatch(PLACES[name].tags, tag))]
    assert len(fits) == bool(cells)
    if cells and PLACES[name].system:
        oldest = min(tuple(map(int, re.findall(r"\d+", cell.partition(",")[2]))) for cell in cells)
        assert tuple(map(int, fits[0].groups()))[: len(oldest)] == oldest
        assert ".".join(map(str, oldest)) in hatch_build.SUPPORTED


def test_the_pythons_are_those_of_the_project() -> None:
    project = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    first, last = supported.PYTHONS[0], supported.PYTHONS[-1]
    assert f'requires-python = ">={first},<3.{int(last[2:]) + 1}"' in project
