"""Who may use what posture keeps: the user alone, by modes on Unix and by access lists on Windows.

On Windows a list of ours names the user, the system and the administrators, and takes over nothing from the folder
above. The latter two can take any file of a machine for themselves, and backups and scanners for viruses run as the
system; a user's own profile lets in the same three.
"""

from __future__ import annotations

import os
import stat
import sys
from contextlib import suppress
from pathlib import Path

if sys.platform == "win32":
    from functools import cache
    from typing import Any

    _SYSTEM, _ADMINISTRATORS = "S-1-5-18", "S-1-5-32-544"
    _OWNER_OF_IT, _WHO_MAKES_IT = "S-1-3-4", "S-1-3-0"
    """Names that stand for the user in the lists of the user's own files."""
    _NO_LISTS = (1, 50)
    """What Windows says of a disk that has none: no such function, not supported."""

    def is_mine(path: Path, found: os.stat_result) -> bool:
        """Whether what lies at a path belongs to this user, and is not a link or a junction to somewhere else.

        What an administrator makes may belong to all of them. An OSError says that nobody can tell.
        """
        if found.st_file_attributes & stat.FILE_ATTRIBUTE_REPARSE_POINT and stat.S_ISDIR(found.st_mode):
            return False
        return _text(_security(path).GetSecurityDescriptorOwner()) in (*_own_sids(), _ADMINISTRATORS)

    def others_may(path: Path, found: os.stat_result) -> bool:
        """Whether anyone but the user may use what lies at a path. An OSError says that nobody can tell."""
        import win32security

        listed = _security(path).GetSecurityDescriptorDacl()
        if listed is None:
            return True  # everybody may do everything
        allowed = {_SYSTEM, _ADMINISTRATORS, _OWNER_OF_IT, _WHO_MAKES_IT, *_own_sids()[:1]}
        for number in range(listed.GetAceCount()):
            (kind, _), *rest = listed.GetAce(number)
            refuses = (win32security.ACCESS_DENIED_ACE_TYPE, win32security.ACCESS_DENIED_OBJECT_ACE_TYPE)
            if kind not in refuses and _text(rest[-1]) not in allowed:
                return True
        return False

    def keep_to_user(path: Path) -> None:
        """Take away what others may do with a file or a folder. An OSError says that it cannot be.

        On a disk without such lists, such as a memory stick, nothing is done.
        """
        import pywintypes
        import win32security

        folder = path.is_dir()
        names = ("SY", "BA", _own_sids()[0])
        text = "D:P" + "".join(f"(A;{'OICI' if folder else ''};FA;;;{name})" for name in names)
        what = win32security.DACL_SECURITY_INFORMATION | win32security.PROTECTED_DACL_SECURITY_INFORMATION
        try:
            made = win32security.ConvertStringSecurityDescriptorToSecurityDescriptor(
                text, win32security.SDDL_REVISION_1
            )
            if folder:  # what lies in it takes over the same
                listed = made.GetSecurityDescriptorDacl()
                win32security.SetNamedSecurityInfo(
                    str(path), win32security.SE_FILE_OBJECT, what, None, None, listed, None
                )
            win32security.SetFileSecurity(str(path), what, made)
        except pywintypes.error as error:
            if error.winerror not in _NO_LISTS:
                raise OSError(0, error.strerror.strip(" .\r\n"), str(path), error.winerror) from None

    def keep_as(path: Path, other: Path) -> None:
        """Let those use a file who may use another one, as far as that can be done."""
        import pywintypes
        import win32security

        with suppress(OSError, pywintypes.error):
            found = _security(other)
            control, _ = found.GetSecurityDescriptorControl()
            what = win32security.DACL_SECURITY_INFORMATION
            if control & win32security.SE_DACL_PROTECTED:
                what |= win32security.PROTECTED_DACL_SECURITY_INFORMATION
            win32security.SetFileSecurity(str(path), what, found)

    def rights_of(path: Path, found: os.stat_result) -> str:
        """The rights to what lies at a path, as this system writes them; empty where nobody can tell."""
        import win32security

        with suppress(OSError):
            return str(
                win32security.ConvertSecurityDescriptorToStringSecurityDescriptor(
                    _security(path), win32security.SDDL_REVISION_1, win32security.DACL_SECURITY_INFORMATION
                )
            )
        return ""

    def _security(path: Path) -> Any:
        import pywintypes
        import win32security

        asked = win32security.OWNER_SECURITY_INFORMATION | win32security.DACL_SECURITY_INFORMATION
        try:
            return win32security.GetNamedSecurityInfo(str(path), win32security.SE_FILE_OBJECT, asked)
        except pywintypes.error as error:
            raise OSError(0, error.strerror.strip(" .\r\n"), str(path), error.winerror) from None

    @cache
    def _own_sids() -> tuple[str, str]:
        """The user, and who owns what this process makes: an administrator's may belong to all of them."""
        import win32api
        import win32con
        import win32security

        token = win32security.OpenProcessToken(win32api.GetCurrentProcess(), win32con.TOKEN_QUERY)
        user, _ = win32security.GetTokenInformation(token, win32security.TokenUser)
        return _text(user), _text(win32security.GetTokenInformation(token, win32security.TokenOwner))

    def _text(sid: Any) -> str:
        import win32security

        return str(win32security.ConvertSidToStringSid(sid))

else:
    _OTHERS = 0o077

    def is_mine(path: Path, found: os.stat_result) -> bool:
        """Whether what was found at a path belongs to this user."""
        return found.st_uid == os.getuid()

    def others_may(path: Path, found: os.stat_result) -> bool:
        """Whether anyone but the user may use what was found at a path."""
        return bool(found.st_mode & _OTHERS)

    def keep_to_user(path: Path) -> None:
        """Take away what others may do with a file or a folder. An OSError says that it cannot be."""
        path.chmod(stat.S_IMODE(path.lstat().st_mode) & ~_OTHERS)

    def keep_as(path: Path, other: Path) -> None:
        """Let those use a file who may use another one: nothing here, where modes are given when a file is made."""

    def rights_of(path: Path, found: os.stat_result) -> str:
        """The rights to what was found at a path, as this system writes them."""
        return f"{stat.S_IMODE(found.st_mode):o}"


def make_folder(folder: Path) -> None:
    """Make a folder that the user alone may enter, and those above it, if there is none. An OSError says it cannot."""
    if sys.platform == "win32" and not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileExistsError):
            folder.mkdir(mode=0o700)
            keep_to_user(folder)  # of older releases of Python the mode says nothing here
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
