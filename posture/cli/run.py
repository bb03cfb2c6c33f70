"""`posture run`: watch now, in the foreground."""

from __future__ import annotations

import argparse
import json
import sys
from typing import TYPE_CHECKING, Any

from posture.cli.overrides import add_overrides
from posture.errors import PostureError

if TYPE_CHECKING:
    from posture.monitor.engine import Engine
    from posture.monitor.live import LiveWatch, Update


__all__ = ["add_parser", "run"]

CALIBRATE_S = 10.0
TICK_S = 1.0
"""How often the status line is drawn anew; without a terminal there is none, and nothing wakes for it."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `run`."""
    one = commands.add_parser(
        "run",
        help="watch now",
        description="Watch through the camera until Ctrl-C: say what happens, remind, and keep the history. Where this "
        "camera has no calibration, the first 10 seconds are taken as upright sitting.",
    )
    one.add_argument(
        "--source",
        metavar="CAMERA",
        help="a camera by index, path or name (default: the setting), a video file, or the address of a stream",
    )
    add_overrides(one)
    one.add_argument("--json", action="store_true", help="one JSON object a line; the last is the summary")
    one.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Watch until Ctrl-C, SIGTERM or the end of the file."""
    import contextlib
    import signal

    from posture.cli.borrow_camera import lent_camera
    from posture.cli.replay import print_summary
    from posture.desktop.notify import open_notifier
    from posture.desktop.session import on_battery
    from posture.history.rescue import open_sound
    from posture.history.store import history_path
    from posture.monitor.assemble import assemble
    from posture.monitor.clock import WallClock
    from posture.monitor.engine import Engine
    from posture.monitor.live import LiveWatch
    from posture.sensor.feeder import feeder_of
    from posture.settings_file import load_settings

    settings = load_settings(overrides=args.overrides)
    wanted = args.source or settings.camera.source
    with contextlib.ExitStack() as stack:
        stack.enter_context(lent_camera(wanted, "watching in a terminal"))
        store, told = open_sound(history_path(settings))
        stack.enter_context(store)
        if told:
            print(f"posture: {told}", file=sys.stderr)
        feeder = feeder_of(wanted)
        if feeder is not None:
            stack.callback(feeder.close)
        wall = WallClock()
        engine = assemble(
            Engine, settings, store, wall.to_utc, lambda error: print(f"posture: {error}", file=sys.stderr)
        )
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
        voice = _Voice(args, engine, live)
        notifier = open_notifier(settings.desktop, voice.say)
        for name in (signal.SIGINT, signal.SIGTERM):
            signal.signal(name, lambda number, frame: live.stop())
        for update in live.watch(TICK_S if voice.terminal else None):
            _refuse(update, live)
            if update.seen is not None and not voice.begun:
                voice.ready()
            voice.tell(update)
            for reminder in update.reminders:
                delivered = notifier.send(reminder.title, reminder.body)
                if delivered.via == "desktop" or args.json:
                    voice.event(reminder)
        last = engine.finish()
        for event in last.events:
            voice.event(event)
        voice.clear()
        if voice.begun:
            print_summary(store, settings, wall.began, engine.timeline.now_s, as_json=args.json, title="This session")
    return 0


def _refuse(update: Update, live: LiveWatch) -> None:
    """End with a sentence when there is no camera to begin with; one that is in use is waited for."""
    if live.ever_open or update.seen is None:
        return
    if update.camera in ("gone", "forbidden", "failed", "ended"):
        raise PostureError(update.sentence)


class _Voice:
    """What is printed: JSON lines, or lines for people with a status line under them on a terminal."""

    def __init__(self, args: argparse.Namespace, engine: Engine, live: LiveWatch) -> None:
        self._json: bool = args.json
        self._engine, self._live = engine, live
        self.terminal = sys.stdout.isatty() and not args.json
        self.begun = False
        self._shown = 0
        self._camera = "open"

    def ready(self) -> None:
        """The first look was answered."""
        self.begun = True
        if not self._json:
            self.say(f"Watching through {self._live.name or 'the camera'}; Ctrl-C ends it.")

    def tell(self, update: Update) -> None:
        if update.camera != self._camera:
            self._camera = update.camera
            found = {"t": round(update.t_s, 2), "event": "camera", "state": update.camera, "sentence": update.sentence}
            self._out(found, update.sentence or "the camera is back")
        if update.seen is not None and update.seen.calibrated is not None:
            self._calibrated(update)
        for event in update.events:
            self.event(event)
        if self.terminal and self.begun:
            self._status()

    def event(self, event: Any) -> None:
        from posture.coach.event_text import event_json, event_line

        self._out(event_json(event), event_line(event))

    def say(self, line: str) -> None:
        """A line that is no event."""
        self.clear()
        print(line, file=sys.stderr if self._json else sys.stdout, flush=True)

    def clear(self) -> None:
        """Take the status line away."""
        if self._shown:
            print("\r" + " " * self._shown + "\r", end="", flush=True)
            self._shown = 0

    def _calibrated(self, update: Update) -> None:
        assert update.seen is not None
        found = update.seen.calibrated or {}
        line: dict[str, Any] = {"t": round(update.t_s, 2), "event": "calibrated", "ok": bool(found.get("ok"))}
        if line["ok"]:
            kept = found["baseline"]
            line |= {"frames": kept["frames"], "seconds": kept["seconds"]}
            self._out(line, f"calibrated for this session on {kept['frames']} looks: this is upright")
        else:
            line |= {"reason": found["reason"], "sentence": found["sentence"]}
            self._out(line, f"not calibrated: {found['sentence']}")

    def _out(self, found: dict[str, Any], line: str) -> None:
        if self._json:
            print(json.dumps(found), flush=True)
        else:
            minute, second = divmod(int(found["t"]), 60)
            self.say(f"{minute:3d}:{second:02d}  {line}")

    def _status(self) -> None:
        import shutil

        from posture.cli.demo import status_text

        text = status_text(self._engine)
        if self._camera != "open":
            text += f" | camera {self._camera}"
        text = text[: max(10, shutil.get_terminal_size().columns - 1)]
        print("\r" + text.ljust(self._shown), end="", flush=True)
        self._shown = len(text)
