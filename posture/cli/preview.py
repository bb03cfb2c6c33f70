"""`posture preview`: show what the camera sees, to find a place for it."""

from __future__ import annotations

import argparse
import os
import sys
from contextlib import suppress
from typing import TYPE_CHECKING

from posture.errors import PostureError

if TYPE_CHECKING:
    from posture.settings import Settings

TEXT_S = 10.0
"""How long it runs in words, unless --seconds says otherwise."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `preview`."""
    parser = commands.add_parser(
        "preview",
        help="see what the camera sees",
        description="Show the mirrored picture with the skeleton, what is in and out of it, and the light. No picture "
        "is kept. Esc or q ends it.",
    )
    parser.add_argument("--source", metavar="CAMERA", help="a camera by index, path or name, or a video file")
    parser.add_argument("--text", action="store_true", help="in words, without a window")
    parser.add_argument(
        "--seconds", type=float, metavar="N", help=f"how long (default: until ended; in words {TEXT_S:g})"
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Show it until the user ends it, or the video does."""
    from posture.settings_file import load_settings

    if args.seconds is not None and not 0 < args.seconds <= 86400:
        raise PostureError(f"--seconds {args.seconds:g} is not between 0 and 86400.", 2)
    settings = load_settings()
    show(args.source or settings.camera.source, settings, text=args.text, seconds=args.seconds)
    return 0


def has_display() -> bool:
    """Whether a window can probably be opened."""
    return not sys.platform.startswith("linux") or bool(os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY"))


def show(source: str, settings: Settings, *, text: bool, seconds: float | None = None) -> None:
    """Show what a camera or a video shows, in a window or in words (a block of lines whenever something has changed).

    It ends by itself after `seconds`. A PostureError says that there is no such source, or no display for a window.
    """
    from posture.cli.borrow_camera import lent_camera

    with suppress(KeyboardInterrupt), lent_camera(source, "preview"):
        if text:
            _in_words(source, settings, TEXT_S if seconds is None else seconds)
        else:
            _in_window(source, settings, float("inf") if seconds is None else seconds)


def _in_window(source: str, settings: Settings, seconds: float) -> None:
    from posture.cli.guide import looks
    from posture.cli.guide_window import WindowView
    from posture.cli.preview_window import picture
    from posture.perception.framing import framing_of

    with WindowView("preview", "use --text") as view:
        began_s: float | None = None
        for look in looks(source, settings, pace=True):
            assert look.frame is not None
            began_s = look.t_s if began_s is None else began_s
            sight = framing_of(look.frame, look.pose, settings.pose.min_visibility)
            view.show_picture(picture(look.frame, look.pose, sight))
            if view.wants_to_stop() or look.t_s - began_s >= seconds:
                break


def _in_words(source: str, settings: Settings, seconds: float) -> None:
    from posture.cli.guide import looks
    from posture.perception.framing import Framing, framing_of

    printed: Framing | None = None
    began_s: float | None = None
    for look in looks(source, settings):
        assert look.frame is not None
        began_s = look.t_s if began_s is None else began_s
        sight = framing_of(look.frame, look.pose, settings.pose.min_visibility)
        if sight != printed:
            printed = sight
            for good, line in sight.lines:
                print(f"  {'ok' if good else '--'}  {line}")
            print(sight.advice, flush=True)
        if look.t_s - began_s >= seconds:
            break
