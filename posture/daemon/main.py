"""The daemon as a process: arguments, the lock of the single instance, the sandbox, and reporting that it is ready."""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import faulthandler
import os
import sys
from collections.abc import Sequence

from posture import own_language, sandbox
from posture.access import make_folder
from posture.camera.source_kind import NO_STREAM, is_elsewhere
from posture.control.instance import ALREADY, RUN, SingleInstance, in_the_way
from posture.daemon import systemd
from posture.daemon.helper import helper_for
from posture.daemon.helper_base import Helper, shown_commands
from posture.daemon.logs import Log
from posture.daemon.service import Service
from posture.errors import PostureError
from posture.event_loop import loop_factory
from posture.language import tr
from posture.link import Link, handed
from posture.paths import log_path, report_path, state_folder
from posture.settings_file import load_settings


class Ready:
    """Tells whoever started the daemon how that went: the parent over a link, systemd through its socket.

    The link is closed after the first line, unless it `stays` for the one who measures what the daemon uses.
    """

    def __init__(self, link: Link | None, *, stays: bool = False) -> None:
        self._link = link
        self.measurer = link if stays else None

    def __call__(self) -> None:
        """The daemon answers."""
        self.write("ready")
        systemd.notify("READY=1")

    def write(self, line: str) -> None:
        """Write a line to the parent, once."""
        if self._link is not None:
            with contextlib.suppress(OSError):
                self._link.send(line.encode() + b"\n")
            if self.measurer is None:
                self._link.close()
            self._link = None


def main(argv: Sequence[str] | None = None) -> int:
    """Run the daemon until it is stopped, and return its exit code."""
    parser = argparse.ArgumentParser(prog="posture-daemon")
    parser.add_argument("--set", dest="overrides", action="append", default=[])
    parser.add_argument("--ready", metavar="LINK")
    parser.add_argument("--measured", action="store_true")
    parser.add_argument("--foreground", action="store_true")
    args = parser.parse_args(argv)
    with contextlib.suppress(RuntimeError):  # there is no standard error
        faulthandler.enable()
    os.umask(0o077)
    ready = Ready(None if args.ready is None else handed(args.ready), stays=args.measured)
    instance: SingleInstance | None = None
    try:
        own_language.begin()  # for what may be wrong with the settings
        settings = load_settings(overrides=args.overrides)
        own_language.begin(settings.general.language)
        if is_elsewhere(settings.camera.source):
            raise PostureError(tr(NO_STREAM))
        instance = SingleInstance(settings)
        if not instance.take():
            if instance.other is not None and instance.other.who == RUN:
                raise PostureError(in_the_way(instance.other))
            ready.write(ALREADY)
            return 0
        make_folder(state_folder())
        log = Log(log_path(), supervised=args.foreground)
        try:
            shell = helper_for(shown_commands(report_path()))
            sandbox.enter_daemon()
            try:
                with asyncio.Runner(loop_factory=loop_factory()) as runner:
                    runner.run(_serve(args.overrides, log, shell, instance, ready))
            finally:
                shell.close()
        finally:
            log.close()
    except PostureError as error:
        ready.write(f"error {error}")
        print(f"posture: {error}", file=sys.stderr)
        return error.exit_code
    except OSError as error:
        sentence = tr(
            "The daemon cannot start ({error}: {file}): run posture doctor.",
            error=error.strerror or error,
            file=error.filename or "",
        )
        ready.write(f"error {sentence}")
        print(f"posture: {sentence}", file=sys.stderr)
        return 1
    finally:
        systemd.notify("STOPPING=1")
        if instance is not None:
            instance.release()
    return 0


async def _serve(overrides: Sequence[str], log: Log, shell: Helper, instance: SingleInstance, ready: Ready) -> None:
    service = Service(overrides, log, shell, instance)
    if ready.measurer is not None:
        service.measure_for(ready.measurer)
    await service.run(ready)
