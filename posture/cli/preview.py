"""`posture preview`: show what the camera sees and what the watch would judge, to find a place for the camera."""

from __future__ import annotations

import argparse
import json
import math
import sys
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from typing import TYPE_CHECKING

from posture.errors import PostureError
from posture.language import mark, tr

if TYPE_CHECKING:
    from rich.console import Console
    from rich.text import Text

    from posture.sensor.preview import Seen
    from posture.settings import Settings

TEXT_S = 10.0
"""How long it runs in words where nobody can end it by a key, unless --seconds says otherwise."""
PRINT_S = 1.0
"""Where lines cannot be drawn over, they are written at most this often."""

_WORDS = 10
"""Characters by which a line is known that says why something is not judged: it may be cut or broken behind them."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `preview`."""
    parser = commands.add_parser(
        "preview",
        description=tr(
            "Show the mirrored picture with the skeleton, what is in and out of it, the light, and each "
            "deviation as a bar: the mark is its threshold, the lighter part its uncertainty (one standard "
            "deviation), in the window's page Live or with --text in the terminal. No picture is kept. Esc "
            "ends it."
        ),
    )
    parser.add_argument("--source", metavar="CAMERA", help=tr("a camera by index, path or name, or a video file"))
    parser.add_argument("--text", action="store_true", help=tr("in words, without a window"))
    parser.add_argument("--json", action="store_true", help=tr("a JSON object for each look, for other programs"))
    parser.add_argument(
        "--seconds",
        type=float,
        metavar="N",
        help=tr("how long (default: until ended; {time} in words that go to a file or a program)", time=f"{TEXT_S:g}"),
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Show it until the user ends it, or the video does."""
    from posture.settings_file import load_settings

    if args.seconds is not None and not 0 < args.seconds <= 86400:
        raise PostureError(tr("--seconds {seconds:g} is not between 0 and 86400.", seconds=args.seconds), 2)
    settings = load_settings()
    show(args.source or settings.camera.source, settings, text=args.text, as_json=args.json, seconds=args.seconds)
    return 0


def show(source: str, settings: Settings, *, text: bool, as_json: bool = False, seconds: float | None = None) -> None:
    """Show what a camera or a video shows: in a window, in words, or as JSON.

    It ends by itself after `seconds`. A PostureError says that there is no such source, or no display for a window.
    """
    from posture.guided.borrow_camera import lent_camera

    if not text and not as_json:
        from posture.window.app import has_display

        if not has_display():
            raise PostureError(tr("There is no display for a window: use --text, or run it on a desktop."))
        if _in_window(source, math.inf if seconds is None else seconds):
            raise PostureError(tr("The window could not be shown: use --text."))
        return
    with suppress(KeyboardInterrupt), lent_camera(source, mark("preview")):
        if as_json:
            _as_json(source, settings, math.inf if seconds is None else seconds)
        elif sys.stdout.isatty():
            _on_terminal(source, settings, math.inf if seconds is None else seconds)
        else:
            _in_words(source, settings, TEXT_S if seconds is None else seconds)


def _looks(source: str, settings: Settings, seconds: float, *, pace: bool) -> Iterator[Seen]:
    from posture.cli.preview_looks import preview_looks

    began_s: float | None = None
    for seen in preview_looks(source, settings, pace=pace):
        yield seen
        began_s = seen.observation.t_s if began_s is None else began_s
        if seen.observation.t_s - began_s >= seconds:
            return


def _in_window(source: str, seconds: float) -> int:
    """Show the page Live; the window borrows the camera itself."""
    from posture.camera.source_kind import kind_of_source
    from posture.window.app import main

    if kind_of_source(source) == "stream":
        raise PostureError(tr("The window has no network, so it shows no stream: use --text."), 2)
    return main([f"live:{seconds:g}" if math.isfinite(seconds) else "live", f"--source={source}"])


def _as_json(source: str, settings: Settings, seconds: float) -> None:
    from posture.cli.preview_looks import seen_json

    for seen in _looks(source, settings, seconds, pace=False):
        print(json.dumps(seen_json(seen)), flush=True)


def _in_words(source: str, settings: Settings, seconds: float) -> None:
    """Write a block of lines whenever something has changed, at most every `PRINT_S`, and what it was at the end."""
    from posture.cli.preview_looks import block
    from posture.cli.printable import is_plain

    seen = written = None
    written_s = -math.inf

    def write(seen: Seen) -> None:
        print("\n".join([*block(seen, plain=is_plain()), ""]), flush=True)

    for seen in _looks(source, settings, seconds, pace=False):
        t_s = seen.observation.t_s
        if seen.state != written and t_s - written_s >= PRINT_S:
            written, written_s = seen.state, t_s
            write(seen)
    if seen is not None and seen.state != written:
        write(seen)


def _on_terminal(source: str, settings: Settings, seconds: float) -> None:
    """Draw the lines over themselves."""
    from rich.live import Live

    from posture.cli.guide import stop_key
    from posture.cli.keypress import keys
    from posture.cli.terminal import PlainConsole

    console = PlainConsole()
    with ExitStack() as stack:
        key = stack.enter_context(keys())
        live = stack.enter_context(Live(console=console, auto_refresh=False))
        for seen in _looks(source, settings, seconds, pace=True):
            live.update(_screen(seen, console, settings.timeline.deviation_dwell_s), refresh=True)
            if stop_key(key(0.0)):
                return


def _screen(seen: Seen, console: Console, dwell_s: float) -> Text:
    """A look in colours, which say nothing that signs do not say."""
    from rich.text import Text

    from posture.cli.preview_looks import bars_in, block, legend
    from posture.cli.printable import is_plain

    text = Text()
    styles = {"!": "bold yellow", "  ok": "green", "  --": "yellow"}
    unjudged = {bar.not_judged[:_WORDS] for bar in bars_in(seen)} - {""}
    for line in block(seen, console.width, plain=is_plain()):
        style = next((style for sign, style in styles.items() if line.startswith(sign)), "")
        text.append(f"{line}\n", style or ("dim" if any(words in line for words in unjudged) else ""))
    return text.append("\n".join(legend(dwell_s, console.width)), style="dim")
