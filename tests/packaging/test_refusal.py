"""Where posture refuses to be installed, as hatch_build.py says it in one sentence."""

from __future__ import annotations

import types

import pytest


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
def test_supported(
    hatch_build: types.ModuleType, system: str, processor: str, libc: str, python: tuple[int, int]
) -> None:
    assert hatch_build.refusal(system, processor, libc, 64, python) is None


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
def test_refused_in_one_sentence(hatch_build: types.ModuleType, machine: tuple[object, ...], named: str) -> None:
    sentence = hatch_build.refusal(*machine)
    assert sentence.startswith(f"posture cannot run on {named}")
    assert sentence.endswith("(Apple silicon).")
    assert "\n" not in sentence


def test_this_machine_is_supported(hatch_build: types.ModuleType) -> None:
    assert hatch_build.refusal_here() is None
