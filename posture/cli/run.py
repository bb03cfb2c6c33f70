"""`posture run`: watch now, in the foreground."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from posture.cli.overrides import add_overrides
from posture.cli.progress import StatusLine
from posture.errors import PostureError
from posture.language import mark, tr

if TYPE_CHECKING:
    from posture.coach.reminder import Reminder
    from posture.monitor.engine import Engine
    from posture.monitor.live import LiveWatch, Update
    from posture.timeline.events import Event

CALIBRATE_S = 6.0
PROVISIONAL = mark("judged by how you sit now (provisional), until you sit taller for a while")
_CAMERA = {
    "in use": mark("camera in use"),
    "gone": mark("camera gone"),
    "forbidden": mark("camera forbidden"),
    "failed": mark("camera failed"),
    "ended": mark("camera ended"),
}
TICK_S = 1.0
"""How often the status line is drawn; without a terminal there is none, and nothing wakes for it."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `run`."""
    parser = commands.add_parser(
        "run",
        description=tr(
            "Watch through the camera until Ctrl-C: say what happens, remind, and keep the history. Where "
            "this camera has no calibration, it judges by how you sit in the first minutes."
        ),
    )
    parser.add_argument(
        "--source",
        metavar="CAMERA",
        help=tr("a camera by index, path or name (default: the setting), a video file, or the address of a stream"),
    )
    add_overrides(parser)
    parser.add_argument("--json", action="store_true", help=tr("one JSON object a line; the last is the summary"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Watch until Ctrl-C, SIGTERM or the end of the file."""
    import contextlib

    from posture.cli.replay import print_summary
    from posture.control.instance import recording_alone
    from posture.desktop.battery import on_battery
    from posture.desktop.notify import open_notifier
    from posture.guided.borrow_camera import lent_camera
    from posture.history.sink import HistorySink
    from posture.history.store import Store
    from posture.monitor.assemble import assemble
    from posture.monitor.clock import WallClock
    from posture.monitor.live import LiveWatch
    from posture.paths import history_path
    from posture.sensor.feeder import feeder_of
    from posture.settings_file import load_settings
    from posture.stop_signals import when_stopped

    settings = load_settings(overrides=args.overrides)
    wanted = args.source or settings.camera.source
    with contextlib.ExitStack() as stack:
        keep_lock = stack.enter_context(recording_alone(settings))
        stack.enter_context(lent_camera(wanted, mark("watching in a terminal"), always=True))
        sink = HistorySink(settings, _say_notice)
        sink.open()
        stack.callback(sink.close)
        feeder = feeder_of(wanted)
        if feeder is not None:
            stack.callback(feeder.close)
        wall = WallClock()
        engine = assemble(settings, sink, wall.to_utc, lambda error: print(f"posture: {error}", file=sys.stderr))
        live = LiveWatch(
            settings,
            engine,
            wall,
            wanted,
            feeder=feeder,
            calibrate_s=CALIBRATE_S,
            on_battery=lambda: on_battery() is True,
        )
        stack.callback(live.close)
        printer = _Printer(as_json=args.json, engine=engine, live=live)
        notifier = open_notifier(settings.desktop, printer.say)
        when_stopped(live.stop)
        for update in live.watch(TICK_S if printer.has_status else None):
            keep_lock()
            _refuse(update, live)
            printer.show(update)
            for reminder in update.reminders:
                delivered = notifier.send(reminder.title, reminder.body)
                if delivered.via == "desktop" or args.json:
                    printer.event(reminder)
        for event in engine.finish().events:
            printer.event(event)
        printer.status.clear()
        if printer.begun:
            if printer.provisional and not args.json:
                printer.say(tr("That was judged by a provisional calibration: posture calibrate makes one to keep."))
            sink.close()
            with Store(history_path(settings), read_only=True) as store:
                now_s = engine.timeline.now_s
                print_summary(store, settings, wall.began, now_s, as_json=args.json, title=tr("This session"))
    return 0


def _say_notice(notice: str) -> None:
    if notice:
        print(f"posture: {notice}", file=sys.stderr)


def _refuse(update: Update, live: LiveWatch) -> None:
    """Raise when there is no camera to begin with; wait for one that is in use."""
    if live.camera.ever_open or update.seen is None:
        return
    if update.camera in ("gone", "forbidden", "failed", "ended"):
        raise PostureError(tr(update.sentence))


class _Printer:
    """Prints a watch: JSON lines, or lines for people with a status line below them on a terminal."""

    def __init__(self, *, as_json: bool, engine: Engine, live: LiveWatch) -> None:
        self._json, self._engine, self._live = as_json, engine, live
        self.status = StatusLine(sys.stdout)
        self.has_status = self.status.visible and not as_json
        self.begun = self.provisional = False
        self._camera = "open"

    def show(self, update: Update) -> None:
        """Print what is new in an update, and draw the status line."""
        if update.seen is not None and not self.begun:
            self.begun = True
            if not self._json:
                self.say(
                    tr("Watching through {camera}; Ctrl-C ends it.", camera=self._live.camera.name or tr("the camera"))
                )
        if update.camera != self._camera:
            self._camera = update.camera
            line = {"t": round(update.t_s, 2), "event": "camera", "state": update.camera, "sentence": update.sentence}
            self._out(line, tr(update.sentence) or tr("the camera is back"))
        if update.seen is not None and update.seen.calibrated is not None:
            self._calibrated(update.t_s, update.seen.calibrated)
        for event in update.events:
            self.event(event)
        if self.has_status and self.begun:
            self._draw_status()

    def event(self, event: Event | Reminder) -> None:
        """Print an event or a reminder."""
        from posture.coach.event_text import event_json, event_line

        self._out(event_json(event), event_line(event))

    def say(self, line: str) -> None:
        """Print a line that is no event."""
        self.status.clear()
        print(line, file=sys.stderr if self._json else sys.stdout, flush=True)

    def _calibrated(self, t_s: float, found: dict[str, Any]) -> None:
        line: dict[str, Any] = {"t": round(t_s, 2), "event": "calibrated", "ok": bool(found.get("ok"))}
        if line["ok"]:
            baseline = found["baseline"]
            line |= {"frames": baseline["frames"], "seconds": baseline["seconds"], "provisional": True}
            self._out(line, tr("you sit taller: judged by that from now on") if self.provisional else tr(PROVISIONAL))
            self.provisional = True
        else:
            line |= {"reason": found["reason"], "sentence": found["sentence"]}
            self._out(line, tr("not calibrated yet: {reason}", reason=tr(found["sentence"])))

    def _out(self, found: dict[str, Any], line: str) -> None:
        if self._json:
            print(json.dumps(found), flush=True)
        else:
            minute, second = divmod(int(found["t"]), 60)
            self.say(f"{minute:3d}:{second:02d}  {line}")

    def _draw_status(self) -> None:
        from posture.cli.demo import status_text

        text = status_text(self._engine)
        self.status.show(f"{text} | {tr(_CAMERA[self._camera])}" if self._camera != "open" else text)
