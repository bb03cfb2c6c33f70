"""The shortcut's icon; the shortcut itself is made in the bench."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
from PIL import Image

from posture.desktop import launcher_windows
from posture.desktop.launcher import icon_file
from posture.errors import PostureError


def drawings() -> list[Path]:
    return [icon_file(size_px) for size_px in launcher_windows.ICON_SIZES_PX]


def test_the_icon_has_every_size() -> None:
    with Image.open(io.BytesIO(launcher_windows.icon(file.read_bytes() for file in drawings()))) as found:
        assert found.format == "ICO"
        sizes = found.info["sizes"]
        assert sizes == {(size_px, size_px) for size_px in launcher_windows.ICON_SIZES_PX}
        for size_px in launcher_windows.ICON_SIZES_PX:
            with Image.open(icon_file(size_px)) as drawn:
                assert (
                    found.ico.getimage((size_px, size_px)).convert("RGBA").tobytes() == drawn.convert("RGBA").tobytes()
                )


def test_a_shortcut_is_made_and_taken_away(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: dict[str, Any] = {}

    class Link:
        def __getattr__(self, name: str) -> Any:
            return lambda *values: made.update({name: values})

        def QueryInterface(self, _which: Any) -> Any:  # noqa: N802
            return self

        def Save(self, place: str, _remember: int) -> None:  # noqa: N802
            if made.get("refuse"):
                raise com.com_error("denied")
            Path(place).write_bytes(b"L")

    class ComError(Exception):
        strerror = "Access is denied"

    com, shell, folder = ModuleType("pythoncom"), ModuleType("shell"), ModuleType("win32com.shell")
    com.__dict__.update(
        CoInitialize=lambda: None,
        CoUninitialize=lambda: None,
        CoCreateInstance=lambda *_what: Link(),
        CLSCTX_INPROC_SERVER=1,
        IID_IPersistFile="file",
        com_error=ComError,
    )
    shell.__dict__.update(CLSID_ShellLink="link", IID_IShellLink="link")
    folder.shell = shell  # type: ignore[attr-defined]
    for name, module in {"pythoncom": com, "win32com": ModuleType("win32com"), "win32com.shell": folder}.items():
        monkeypatch.setitem(sys.modules, name, module)
    monkeypatch.setenv("APPDATA", str(tmp_path / "Roaming"))
    monkeypatch.setenv("LOCALAPPDATA", str(tmp_path / "Local"))
    monkeypatch.setattr(launcher_windows, "windowless", lambda *words: ["C:\\pythonw.exe", "-m", *words])
    assert launcher_windows.place() == ""
    place = launcher_windows.add(drawings())
    assert (made["SetPath"], made["SetArguments"]) == (("C:\\pythonw.exe",), ("-m posture open",))
    assert Path(made["SetIconLocation"][0]).is_file()
    assert launcher_windows.place() == place
    assert launcher_windows.remove()
    assert not launcher_windows.remove()
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []
    made["refuse"] = True
    with pytest.raises(PostureError, match="Access is denied"):
        launcher_windows.add(drawings())
