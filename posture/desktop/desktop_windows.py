"""The desktop of Windows: its session, idle time, quiet and notices, joined."""

from __future__ import annotations

from posture.desktop.desktop_base import Ears
from posture.desktop.desktop_native import NativeDesktop, plain_notices
from posture.desktop.idle_windows import idle_s
from posture.desktop.notices_windows import WindowsNotices
from posture.desktop.quiet_windows import why_quiet
from posture.desktop.session_windows import WindowsSession


def windows_desktop(ears: Ears) -> NativeDesktop:
    """Join them."""
    session = WindowsSession(ears.session_changed, ears.end)
    notices = WindowsNotices(plain_notices(ears), ears.pressed)
    return NativeDesktop(ears, session, notices, idle_s, why_quiet)
