"""Whether a program runs on Windows, by the name of its file."""

from __future__ import annotations

from collections.abc import Collection

from posture.windows_programs import program_names


class WindowsRunning:
    """See `posture.desktop.running.Running`."""

    note = ""

    def any_of(self, names: Collection[str]) -> bool:
        """See `Running.any_of`; "zoom" and "zoom.exe" are the same."""
        wanted = {name.lower().removesuffix(".exe") for name in names}
        return bool(wanted) and any(name.removesuffix(".exe") in wanted for name in program_names())
