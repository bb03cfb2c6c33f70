"""The window's process: one at a time, without network, gone from memory when it is closed."""

from __future__ import annotations

import argparse
import contextlib
import os
import signal
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from posture.errors import PostureError
from posture.language import mark, tr
from posture.own_language import begin
from posture.plain_file import read_plain_text
from posture.window.pages import page_keys

MISSING = mark(
    "The window needs a library of the system that is missing ({what}): install it (on Debian and "
    "Ubuntu: apt install libegl1 libxcb-cursor0 libxkbcommon-x11-0), or use the commands in a "
    "terminal."
)
NO_DISPLAY = mark("There is no display for a window: run it on a desktop, or use the commands in a terminal.")


def parse(arguments: Sequence[str]) -> argparse.Namespace:
    """Read the command line of the process."""
    parser = argparse.ArgumentParser(prog="posture open")
    parser.add_argument("page", nargs="?", default="", metavar="PAGE[:DETAIL]")
    parser.add_argument("--source", default="")
    parser.add_argument("--look", choices=("light", "dark", "contrast"), default=None)
    args = parser.parse_args(list(arguments))
    args.page, _, args.detail = args.page.partition(":")
    if args.page and args.page not in page_keys():
        parser.error(
            tr("there is no page {page}: choose of {pages}.", page=repr(args.page)[:40], pages=", ".join(page_keys()))
        )
    return args


def main(arguments: Sequence[str]) -> int:
    """Show the window at a page, in this process unless one shows it already."""
    begin()
    args = parse(arguments)
    try:
        with one_window(args.page, args.detail) as wishes:
            return 0 if wishes is None else _show(args, wishes)
    except PostureError as error:
        print(f"posture: {error}", file=sys.stderr)
        return error.exit_code


def has_display() -> bool:
    """Whether a window can probably be opened."""
    return (
        not sys.platform.startswith("linux")
        or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))
        or os.environ.get("QT_QPA_PLATFORM") in ("offscreen", "minimal")
    )


@contextlib.contextmanager
def one_window(page: str, detail: str) -> Iterator[Path | None]:
    """Be the one window of this user while the block runs.

    Yields the file in which another process says which page is wanted; None where another process has the window: it
    has been told.
    """
    from posture.atomic_write import write_atomically
    from posture.file_lock import LockFile
    from posture.paths import runtime_folder

    folder = runtime_folder()
    wishes = folder / "window.page"
    lock = LockFile(folder / "window.lock")
    if not lock.take():
        write_atomically(wishes, f"{page}\n{detail}\n")
        yield None
        return
    try:
        write_atomically(wishes, "\n")
        yield wishes
    finally:
        wishes.unlink(missing_ok=True)
        lock.release()


def _show(args: argparse.Namespace, wishes: Path) -> int:
    if not has_display():
        raise PostureError(tr(NO_DISPLAY))
    try:
        from PySide6.QtCore import QFileSystemWatcher, QTimer
        from PySide6.QtWidgets import QApplication
    except ImportError as error:
        raise PostureError(tr(MISSING, what=str(error).split(":")[0])) from None
    os.environ.setdefault("QT_LOGGING_RULES", "*.debug=false;qt.qpa.*=false")
    app = QApplication(["posture"])
    app.setApplicationName("posture")
    app.setApplicationDisplayName("posture")
    app.setDesktopFileName("posture")
    from posture import sandbox
    from posture.atomic_write import write_atomically
    from posture.daemon.helper import helper_for
    from posture.daemon.helper_base import shown_commands
    from posture.own_command import own_command
    from posture.paths import report_path
    from posture.window import theme
    from posture.window.main_window import MainWindow
    from posture.window.qt_language import speak_qt
    from posture.window.step_others import PROOF

    # What is started by it is not in the box, and goes on when the window is closed. A proof that is made in the box
    # finds refused what the box refuses to everything.
    shell = helper_for(
        {"start": own_command("posture", "start"), "report": shown_commands(report_path())["report"]},
        {PROOF: own_command("posture", "doctor", "--privacy", "--json")},
    )
    sandbox.enter_daemon()  # the display is reached already; from now on only this machine
    speak_qt()
    theme.dress(app, args.look)
    if args.look is None:
        theme.follow_desktop(app)
    window = MainWindow(args.source, shell)
    app.aboutToQuit.connect(window.finish)
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: window.close())
    # Python's signal handlers run only when Python does.
    beat = QTimer()
    beat.start(500)
    beat.timeout.connect(lambda: None)
    watcher = QFileSystemWatcher([str(wishes)])

    def wished() -> None:
        with contextlib.suppress(OSError, UnicodeDecodeError):
            page, detail, *_ = [*read_plain_text(wishes).splitlines(), "", ""]
            if page in page_keys():
                window.go_to(page, detail[:1000])
            window.come_up()
        if not wishes.exists():  # `posture forget --all` has removed it
            with contextlib.suppress(OSError):
                write_atomically(wishes, "\n")
        watcher.addPath(str(wishes))  # it was replaced

    watcher.fileChanged.connect(lambda _: wished())
    window.go_to(args.page or window.first_page(), args.detail)
    window.show()
    code = QApplication.exec()
    shell.close()
    return code
