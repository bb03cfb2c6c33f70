"""The entry in the menu of programs: what desktops check, and what they start."""

from __future__ import annotations

import shlex
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Callable
from pathlib import Path

import pytest

from posture.cli.main import main
from posture.desktop.launcher import ART, add_launcher, icon_file, launcher_entry, launcher_place, remove_launcher

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="the entry is of Linux desktops")
ROOT = Path(__file__).parents[2]


@pytest.fixture(autouse=True)
def own_data(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "share"))
    monkeypatch.setenv("XDG_DATA_DIRS", str(tmp_path / "system"))
    return tmp_path


def test_it_is_made_once_and_taken_away_whole(own_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert launcher_place() == ""
    assert main(["launcher", "on"]) == 0
    assert "menu of programs" in capsys.readouterr().out
    icons = sorted((own_data / "share/icons/hicolor").rglob("posture.*"))
    assert len(icons) == len(list(ART.glob("posture*")))
    assert add_launcher() == launcher_place() == str(own_data / "share/applications/posture.desktop")
    assert remove_launcher()
    assert not [file for file in own_data.rglob("*") if file.is_file()]
    assert not remove_launcher()


def test_that_of_the_system_is_enough(own_data: Path) -> None:
    place = own_data / "system/applications/posture.desktop"
    place.parent.mkdir(parents=True)
    place.write_text("[Desktop Entry]\n")
    assert add_launcher() == str(place)
    assert not (own_data / "share").exists()


def test_the_entry_is_valid(tmp_path: Path, require_tool: Callable[[str], str]) -> None:
    entry = tmp_path / "posture.desktop"
    entry.write_text(launcher_entry())
    found = subprocess.run(
        [require_tool("desktop-file-validate"), str(entry)], capture_output=True, text=True, check=False
    )
    assert (found.returncode, found.stdout) == (0, "")


def test_what_it_starts_is_posture_open(monkeypatch: pytest.MonkeyPatch) -> None:
    line = next(line for line in launcher_entry().splitlines() if line.startswith("Exec="))
    words = shlex.split(line.removeprefix("Exec="))
    assert words[0] == sys.executable
    assert words[-3:] == ["-m", "posture", "open"]
    assert "-P" in words


@pytest.mark.parametrize("size_px", [16, 22, 24, 32, 48, 64, 128, 256])
def test_icons_have_their_sizes(size_px: int) -> None:
    from PIL import Image

    with Image.open(icon_file(size_px)) as image:
        assert image.size == (size_px, size_px)
        assert image.getpixel((0, 0))[3] == 0, "round corners"  # type: ignore[index]


def test_the_metadata_names_the_entry() -> None:
    found = ET.parse(ROOT / "packaging/posture.metainfo.xml").getroot()
    assert found.findtext("launchable") == "posture.desktop"
