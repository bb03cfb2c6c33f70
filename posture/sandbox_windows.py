"""What a process that sees pictures gives up itself on Windows, see `posture.sandbox`; `posture.job` holds it as well.

None of it can be taken back: a privilege that is removed is gone, and a process can lower its integrity, not raise it.
"""

from __future__ import annotations

import sys

assert sys.platform == "win32"

import contextlib

import pywintypes
import win32api
import win32security

SE_PRIVILEGE_REMOVED = 4
SE_GROUP_INTEGRITY = 0x20
LOW = "S-1-16-4096"
"""Low integrity: what is the user's has medium, and cannot be changed from below."""
KEPT = "SeChangeNotifyPrivilege"
"""To pass through a folder that may not be listed; without it not even Python finds its files."""


def give_up(*, changing: bool) -> None:
    """Give up all privileges and, with `changing`, the changing of anything that is the user's.

    An OSError says that Windows refuses.
    """
    try:
        token = win32security.OpenProcessToken(
            win32api.GetCurrentProcess(),
            win32security.TOKEN_QUERY | win32security.TOKEN_ADJUST_PRIVILEGES | win32security.TOKEN_ADJUST_DEFAULT,
        )
        kept = win32security.LookupPrivilegeValue(None, KEPT)
        had = win32security.GetTokenInformation(token, win32security.TokenPrivileges)
        removed = [(number, SE_PRIVILEGE_REMOVED) for number, _ in had if number != kept]
        win32security.AdjustTokenPrivileges(token, False, removed)
        if changing:
            low = win32security.ConvertStringSidToSid(LOW)
            win32security.SetTokenInformation(token, win32security.TokenIntegrityLevel, (low, SE_GROUP_INTEGRITY))
    except pywintypes.error as error:
        raise OSError(0, error.strerror, None, error.winerror) from None


def privileges() -> list[str]:
    """Give the privileges that this process has."""
    token = win32security.OpenProcessToken(win32api.GetCurrentProcess(), win32security.TOKEN_QUERY)
    found = win32security.GetTokenInformation(token, win32security.TokenPrivileges)
    names = []
    for number, _ in found:
        with contextlib.suppress(pywintypes.error):
            names.append(str(win32security.LookupPrivilegeName(None, number)))
    return names
