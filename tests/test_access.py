"""What is kept is the user's alone: by access lists where Windows is played, by modes here."""

from __future__ import annotations

import os
import stat
import sys
import types
from collections.abc import Sequence
from pathlib import Path

import pytest
from other_systems import played

from posture.access import is_mine, keep_to_user, make_folder, others_may

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="Windows is played here; tests/windows asks it itself")

ME, ALL_OF_US, SYSTEM, ADMINISTRATORS, EVERYBODY = "S-1-5-21-7", "S-1-5-21-8", "S-1-5-18", "S-1-5-32-544", "S-1-1-0"
ALLOWED, DENIED = 0, 1


class Security:
    """pywin32, as far as it is asked: what lies at any path belongs to `owner` and has the list `listed`."""

    DACL_SECURITY_INFORMATION, PROTECTED_DACL_SECURITY_INFORMATION, OWNER_SECURITY_INFORMATION = 4, 1 << 31, 1
    SE_FILE_OBJECT, SDDL_REVISION_1, TokenUser, TokenOwner = 1, 1, 1, 4
    ACCESS_DENIED_ACE_TYPE, ACCESS_DENIED_OBJECT_ACE_TYPE = DENIED, 6

    def __init__(self, owner: str, listed: Sequence[tuple[int, str]] | None) -> None:
        self.owner, self.listed = owner, listed
        self.made: list[tuple[str, str]] = []

    def GetNamedSecurityInfo(self, *_: object) -> types.SimpleNamespace:  # noqa: N802
        aces = [((kind, 0), 0x1F01FF, who) for kind, who in self.listed or ()]
        found = types.SimpleNamespace(GetAceCount=lambda: len(aces), GetAce=lambda number: aces[number])
        return types.SimpleNamespace(
            GetSecurityDescriptorOwner=lambda: self.owner,
            GetSecurityDescriptorDacl=lambda: None if self.listed is None else found,
        )

    def OpenProcessToken(self, *_: object) -> None:  # noqa: N802
        return None

    def GetTokenInformation(self, token: object, what: int) -> object:  # noqa: N802
        return (ME, 0) if what == self.TokenUser else ALL_OF_US

    def ConvertSidToStringSid(self, sid: str) -> str:  # noqa: N802
        return sid

    def ConvertStringSecurityDescriptorToSecurityDescriptor(self, text: str, revision: int) -> object:  # noqa: N802
        return types.SimpleNamespace(text=text, GetSecurityDescriptorDacl=lambda: text)

    def SetNamedSecurityInfo(self, path: str, *_: object) -> None:  # noqa: N802
        self.made.append(("with all below", path))

    def SetFileSecurity(self, path: str, what: int, made: types.SimpleNamespace) -> None:  # noqa: N802
        self.made.append((made.text, path))


def windows(monkeypatch: pytest.MonkeyPatch, security: Security) -> types.ModuleType:
    return played(
        monkeypatch,
        "access",
        "win32",
        win32security=security,
        pywintypes=types.SimpleNamespace(error=type("error", (Exception,), {})),
        win32api=types.SimpleNamespace(GetCurrentProcess=lambda: None),
        win32con=types.SimpleNamespace(TOKEN_QUERY=8),
    )


OURS = [(ALLOWED, SYSTEM), (ALLOWED, ADMINISTRATORS), (ALLOWED, ME), (ALLOWED, "S-1-3-4"), (ALLOWED, "S-1-3-0")]


@pytest.mark.parametrize(
    ("listed", "expected"),
    [
        (OURS, False),
        ([], False),
        ([*OURS, (ALLOWED, EVERYBODY)], True),
        ([*OURS, (DENIED, EVERYBODY)], False),
        ([*OURS, (ALLOWED, ALL_OF_US)], True),
        ([(ALLOWED, "S-1-5-21-9")], True),
        (None, True),
    ],
)
def test_a_list_lets_in_the_user_the_system_and_administrators(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, listed: list[tuple[int, str]] | None, expected: bool
) -> None:
    access = windows(monkeypatch, Security(ME, listed))
    assert access.others_may(tmp_path, tmp_path.lstat()) is expected


def found(attributes: int, mode: int = stat.S_IFDIR) -> types.SimpleNamespace:
    return types.SimpleNamespace(st_file_attributes=attributes, st_mode=mode)


def test_what_another_user_made_first_is_not_ours(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder, junction = found(0x10), found(0x10 | 0x400)
    monkeypatch.setattr(stat, "FILE_ATTRIBUTE_REPARSE_POINT", 0x400, raising=False)
    for owner, mine in ((ME, True), (ALL_OF_US, True), (ADMINISTRATORS, True), ("S-1-5-21-9", False)):
        access = windows(monkeypatch, Security(owner, OURS))
        assert access.is_mine(tmp_path, folder) is mine
        assert not access.is_mine(tmp_path, junction), "nor what leads elsewhere"


def test_a_list_of_ours_takes_nothing_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    security = Security(ME, OURS)
    access = windows(monkeypatch, security)
    file = tmp_path / "file"
    file.touch()
    access.keep_to_user(file)
    access.make_folder(tmp_path / "one" / "posture")
    three = f"D:P(A;{{0}};FA;;;SY)(A;{{0}};FA;;;BA)(A;{{0}};FA;;;{ME})"
    made = str(tmp_path / "one" / "posture")
    assert security.made == [
        (three.format(""), str(file)),
        ("with all below", made),
        (three.format("OICI"), made),
    ]
    access.make_folder(tmp_path / "one" / "posture")
    assert len(security.made) == 3, "one that was there is left as it is"


def test_here_modes_say_it(tmp_path: Path) -> None:
    before = os.umask(0)
    try:
        make_folder(tmp_path / "posture")
    finally:
        os.umask(before)
    for path in (tmp_path / "posture", tmp_path / "file"):
        path.is_dir() or path.touch()
        assert is_mine(path, path.lstat())
        path.chmod(0o754)
        assert others_may(path, path.lstat())
        keep_to_user(path)
        assert stat.S_IMODE(path.lstat().st_mode) == 0o700
        assert not others_may(path, path.lstat())
