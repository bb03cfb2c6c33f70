"""The desktop of macOS: its session, idle time, quiet and notices, joined."""

from __future__ import annotations

from posture.desktop.desktop_base import Ears
from posture.desktop.desktop_native import NativeDesktop
from posture.desktop.idle_mac import mac_idle_s
from posture.desktop.notices_linux import LinuxNotices
from posture.desktop.notices_mac import MacNotices
from posture.desktop.quiet_mac import why_quiet
from posture.desktop.session_mac import MacSession


def mac_desktop(ears: Ears) -> NativeDesktop:
    """Join them."""
    session = MacSession(ears.session_changed)
    plain_ones = LinuxNotices(
        None, ears.fallback(), ears.pressed, lambda what, why: ears.say("message", text=what, why=why)
    )
    notices = MacNotices(plain_ones, ears.pressed)
    return NativeDesktop(ears, session, notices, mac_idle_s, why_quiet)
