"""The desktop of macOS: its session, idle time, quiet and notices, joined."""

from __future__ import annotations

from posture.desktop.desktop_base import Ears
from posture.desktop.desktop_native import NativeDesktop, plain_notices
from posture.desktop.idle_mac import mac_idle_s
from posture.desktop.notices_mac import MacNotices
from posture.desktop.quiet_mac import why_quiet
from posture.desktop.session_mac import MacSession


def mac_desktop(ears: Ears) -> NativeDesktop:
    """Join them."""
    session = MacSession(ears.session_changed)
    notices = MacNotices(plain_notices(ears), ears.pressed)
    return NativeDesktop(ears, session, notices, mac_idle_s, why_quiet)
