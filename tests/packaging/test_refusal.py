"""Where posture refuses to be installed, as hatch_build.py says it in one sentence."""

from __future__ import annotations

import importlib.util
import sys
import types
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]


@pytest.fixture(scope="module")
def build() -> types.ModuleType:
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


@pytest.mark.parametrize("python", [(3, 11), (3, 12), (3, 13), (3, 14)])
@pytest.mark.parametrize(
    ("system", "processor", "libc"),
    [
        ("linux", "x86_64", "glibc 2.28"),
        ("linux", "x86_64", "glibc 2.41"),
        ("linux", "aarch64", "glibc 2.36"),
        ("win32", "amd64", ""),
        ("darwin", "arm64", ""),
    ],
)
def test_supported(build: types.ModuleType, system: str, processor: str, libc: str, python: tuple[int, int]) -> None:
    assert build.refusal(system, processor, libc, 64, python) is None


@pytest.mark.parametrize(
    ("machine", "named"),
    [
        (("linux", "x86_64", "", 64, (3, 12)), "a Linux without glibc, such as Alpine"),
        (("linux", "x86_64", "glibc 2.27", 64, (3, 12)), "glibc 2.27 on x86_64"),
        (("linux", "aarch64", "glibc 2.28", 64, (3, 12)), "glibc 2.28 on aarch64"),
        (("linux", "armv7l", "glibc 2.36", 32, (3, 12)), "a 32-bit Python"),
        (("linux", "riscv64", "glibc 2.39", 64, (3, 12)), "Linux on riscv64"),
        (("win32", "win32", "", 32, (3, 12)), "a 32-bit Python"),
        (("win32", "arm64", "", 64, (3, 12)), "a Python for Windows on arm64"),
        (("darwin", "x86_64", "", 64, (3, 12)), "a Mac with an Intel processor"),
        (("freebsd14", "amd64", "", 64, (3, 12)), "freebsd14"),
        (("linux", "x86_64", "glibc 2.41", 64, (3, 10)), "Python 3.10"),
        (("linux", "x86_64", "glibc 2.41", 64, (3, 15)), "Python 3.15"),
    ],
)
def test_refused_in_one_sentence(build: types.ModuleType, machine: tuple[object, ...], named: str) -> None:
    sentence = build.refusal(*machine)
    assert sentence.startswith(f"posture cannot run on {named}")
    assert sentence.endswith("(Apple silicon).")
    assert "\n" not in sentence


def test_this_machine_is_supported(build: types.ModuleType) -> None:
    assert build.refusal_here() is None
