"""What an installation makes, the catalogues and the file that says the version; and where it refuses, in one sentence.

Wheels are published for the platforms that posture runs on (`PLATFORMS`), so that an installer takes none of them
elsewhere but the sdist, builds it, and shows the sentence. Without that it would search a library that finds people in
pictures, and end with its own words about tags. `tools/supported.py` makes the README's table from the same facts.
"""

from __future__ import annotations

import importlib.util
import os
import platform
import struct
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

# The platforms that wheels are published for; what is in them is the same. POSTURE_WHEEL_PLATFORM chooses one of them.
PLATFORMS = ("manylinux_2_28_x86_64", "manylinux_2_31_aarch64", "win_amd64", "macosx_12_0_arm64")
PYTHONS = ((3, 11), (3, 14))
SUPPORTED = (
    "it needs a 64-bit Python 3.11 to 3.14 on Linux with glibc (x86_64 from 2.28, aarch64 from 2.31), on Windows "
    "(x64), or on macOS from 12 (Apple silicon)"
)


def refusal(system: str, processor: str, libc: str, bits: int, python: tuple[int, int]) -> str | None:
    """Say in one sentence why posture cannot run on such a machine, or None if it can.

    Parameters
    ----------
    system : str
        As `sys.platform` says it.
    processor : str
        The end of what `sysconfig.get_platform` says; on macOS what the kernel says.
    libc : str
        Such as "glibc 2.36"; empty where Linux has another one, such as Alpine's musl.
    bits : int
        Of Python, 32 or 64.
    python : (int, int)
        Its version.
    """
    if not PYTHONS[0] <= python <= PYTHONS[1]:
        here = f"Python {python[0]}.{python[1]}"
    elif bits != 64:
        here = "a 32-bit Python"
    elif system == "linux":
        oldest = {"x86_64": 28, "aarch64": 31}.get(processor)
        if oldest is None:
            here = f"Linux on {processor}"
        elif not libc.startswith("glibc 2."):
            here = "a Linux without glibc, such as Alpine"
        elif int(libc.removeprefix("glibc 2.").partition(".")[0]) < oldest:
            here = f"{libc} on {processor}"
        else:
            return None
    elif system == "win32":
        if processor == "amd64":
            return None
        here = f"a Python for Windows on {processor} (one for x64 runs there, too)"
    elif system == "darwin":
        if processor == "arm64":
            return None
        here = "a Mac with an Intel processor, or a Python for one"
    else:
        here = system
    return f"posture cannot run on {here}: {SUPPORTED}."


def refusal_here() -> str | None:
    """Say why posture cannot run on this machine, or None if it can."""
    processor = sysconfig.get_platform().rpartition("-")[2]
    libc = ""
    if sys.platform == "linux":
        try:
            libc = os.confstr("CS_GNU_LIBC_VERSION") or ""
        except (OSError, ValueError):  # musl
            libc = ""
    elif sys.platform == "darwin":
        processor = platform.machine()
    return refusal(sys.platform, processor, libc, 8 * struct.calcsize("P"), sys.version_info[:2])


class Catalogues(BuildHookInterface):  # type: ignore[misc]
    """Compiles posture/locale, and writes the version into a wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile the catalogues before anything is packed, also for an installation that uses the sources."""
        wanted = os.environ.get("POSTURE_WHEEL_PLATFORM")
        if self.target_name == "wheel":
            if wanted:
                if wanted not in PLATFORMS:
                    sys.exit(f"POSTURE_WHEEL_PLATFORM is {wanted}, and not one of {', '.join(PLATFORMS)}")
                build_data["tag"] = f"py3-none-{wanted}"
            elif sentence := refusal_here():
                sys.exit(f"Error: {sentence}")  # so that pipx, which shows few lines of what pip says, shows this one
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
