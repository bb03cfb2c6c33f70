"""`python -m posture.window.signals`: draws the glow and the break card, and plays the soft sound.

It asks the daemon each second what to show, and ends when that was nothing for a while, or when the daemon has ended.
It opens no camera, and from the first picture on it reaches only this machine.
"""

from __future__ import annotations

import contextlib
import os
import signal
import sys

from posture.errors import PostureError
from posture.language import mark, tr
from posture.own_package import reinstall

ASK_MS = 1000
NO_PLACE = mark(
    "this desktop lets no program draw at the screen's edge (Wayland without Xwayland). Turn "
    "signals.glow, signals.card and signals.sound off, or use an X11 session."
)


def choose_platform() -> None:
    """Have Qt use X11, also under Wayland, where only Xwayland has windows that lie at the edge above others.

    A PostureError says that there is no X11.
    """
    if sys.platform.startswith("linux") and os.environ.get("QT_QPA_PLATFORM") not in ("offscreen", "minimal"):
        if not os.environ.get("DISPLAY"):
            raise PostureError(tr(NO_PLACE))
        os.environ["QT_QPA_PLATFORM"] = "xcb"


def has_compositor() -> bool:
    """Whether windows may be partly transparent; on X11, whether a compositor owns the screen's selection for it."""
    return _has_x_compositor() if sys.platform.startswith("linux") else True


def _has_x_compositor() -> bool:
    import ctypes

    try:
        x = ctypes.CDLL("libX11.so.6")
    except OSError:
        return False
    x.XOpenDisplay.restype = ctypes.c_void_p
    x.XInternAtom.argtypes = (ctypes.c_void_p, ctypes.c_char_p, ctypes.c_int)
    x.XInternAtom.restype = ctypes.c_ulong
    x.XGetSelectionOwner.argtypes = (ctypes.c_void_p, ctypes.c_ulong)
    x.XGetSelectionOwner.restype = ctypes.c_ulong
    x.XCloseDisplay.argtypes = (ctypes.c_void_p,)
    x.XDefaultScreen.argtypes = (ctypes.c_void_p,)
    display = x.XOpenDisplay(None)
    if not display:
        return False
    name = f"_NET_WM_CM_S{x.XDefaultScreen(display)}".encode()
    owner = x.XGetSelectionOwner(display, x.XInternAtom(display, name, 0))
    x.XCloseDisplay(display)
    return bool(owner)


def main() -> int:
    """Show what there is to show, in this process unless another does so already."""
    from posture.file_lock import LockFile
    from posture.own_language import begin
    from posture.paths import runtime_folder

    begin()
    lock = LockFile(runtime_folder() / "signals.lock")
    if not lock.take():
        return 0
    try:
        choose_platform()
        return _show()
    except PostureError as error:
        print(f"posture: {error}", file=sys.stderr)
        return error.exit_code
    finally:
        lock.release()


def _show() -> int:
    try:
        from PySide6.QtCore import QTimer
        from PySide6.QtWidgets import QApplication
    except ImportError:
        raise PostureError(tr("PySide6 is missing: reinstall posture ({command}).", command=reinstall())) from None
    os.environ.setdefault("QT_LOGGING_RULES", "*.debug=false;qt.qpa.*=false")
    app = QApplication(["posture"])
    app.setApplicationName("posture")
    app.setDesktopFileName("posture")
    app.setQuitOnLastWindowClosed(False)
    from posture import sandbox
    from posture.window import theme
    from posture.window.signal_shapes import Shown

    theme.dress(app)
    # By Xwayland a window over the whole screen would take every key from what is below: there the focus stays there.
    under_wayland = bool(os.environ.get("WAYLAND_DISPLAY"))
    shown = Shown(app, clear=app.platformName() == "xcb" and has_compositor(), takes_focus=not under_wayland)
    sandbox.enter_daemon()  # the display is reached already; from now on only this machine
    app.aboutToQuit.connect(shown.finish)
    signal.signal(signal.SIGINT, lambda *_: app.quit())
    signal.signal(signal.SIGTERM, lambda *_: app.quit())

    def look() -> None:
        from posture.control.channel import ask

        try:
            found = ask("signals")
        except PostureError:
            app.quit()  # the daemon has ended, or is an older one
            return
        if not shown.take(found):
            app.quit()

    timer = QTimer()
    timer.timeout.connect(look)
    timer.start(ASK_MS)
    QTimer.singleShot(0, look)
    with contextlib.suppress(KeyboardInterrupt):
        return QApplication.exec()
    return 0


if __name__ == "__main__":
    sys.exit(main())
