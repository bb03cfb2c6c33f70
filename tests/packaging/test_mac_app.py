"""What would make the frozen program an app of macOS; nobody has built it on a Mac yet."""

from __future__ import annotations

import plistlib
import runpy
import sys
from pathlib import Path

import pytest

from posture import frozen
from posture.desktop import autostart_mac

PACKAGING = Path(__file__).parents[2] / "packaging"


def test_the_app_may_ask_for_the_camera_and_has_windows() -> None:
    made = runpy.run_path(str(PACKAGING / "macos.py"))
    plist = plistlib.loads(plistlib.dumps(made["INFO_PLIST"]))
    assert "camera" in plist["NSCameraUsageDescription"]
    assert (plist["LSUIElement"], plist["LSBackgroundOnly"]) == (True, False)
    assert made["IDENTIFIER"] == autostart_mac.BUNDLE


def test_the_hardened_runtime_is_given_the_camera() -> None:
    given = plistlib.loads((PACKAGING / "macos.entitlements").read_bytes())
    assert given["com.apple.security.device.camera"] is True


@pytest.mark.parametrize(
    ("arguments", "expected"),
    [([], ["open"]), (["-psn_0_12345"], ["open"]), (["start"], ["start"]), (["--version"], ["--version"])],
)
def test_an_app_that_is_opened_opens_the_window(
    arguments: list[str], expected: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(sys, "argv", ["posture", *arguments])
    monkeypatch.setattr("posture.cli.main.main", lambda: ran.append(sys.argv[1:]) or 0)
    monkeypatch.setattr(frozen, "_has_terminal", lambda: False)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "platform", "darwin")
        assert frozen.main() == 0
    assert ran == [expected]


def test_in_a_terminal_the_command_says_what_it_can_do(monkeypatch: pytest.MonkeyPatch) -> None:
    ran: list[list[str]] = []
    monkeypatch.setattr(sys, "argv", ["posture"])
    monkeypatch.setattr("posture.cli.main.main", lambda: ran.append(sys.argv[1:]) or 0)
    monkeypatch.setattr(frozen, "_has_terminal", lambda: True)
    with monkeypatch.context() as patch:
        patch.setattr(sys, "platform", "darwin")
        frozen.main()
    assert ran == [[]]
