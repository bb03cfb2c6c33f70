"""`posture demo`: the bundled clip through the whole pipeline, with shortened times. Needs no camera."""

from __future__ import annotations

import argparse
import sys
import time
from typing import TYPE_CHECKING

from posture.language import mark_of, number, tr, trc

if TYPE_CHECKING:
    from pathlib import Path

    from posture.monitor.engine import Engine

CLIP = "desk_stand.mp4"
CALIBRATE_S = 15.0
SHORTENED = (
    "coach.stand_after=1m",
    "coach.move_after=35s",
    "coach.sit_after=45s",
    "coach.posture_window=20s",
    "coach.cooldown=30s",
    "coach.spacing=5s",
    "timeline.break_after=20s",
    "timeline.effective_break=40s",
)
"""Half hours become a minute, so that a clip of six minutes shows what a morning would."""

_PRESENCE = {
    "sitting": mark_of("presence", "sitting"),
    "standing": mark_of("presence", "standing"),
    "away": mark_of("presence", "away"),
    "unknown": mark_of("presence", "unknown"),
}


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `demo`."""
    parser = commands.add_parser(
        "demo",
        description=tr(
            "Replay the bundled sample clip through the whole pipeline with shortened times: live status, a "
            "real notification where a service answers, and the day's summary at the end. Nothing is stored."
        ),
    )
    parser.set_defaults(run=run)


def sample_clip() -> Path:
    """Find the sample clip, in the package or at the top of a checkout; PostureError where it is in neither place."""
    from pathlib import Path

    from posture.errors import PostureError

    package = Path(__file__).resolve().parent.parent
    for folder in (package / "_bundled" / "samples", package.parent / "samples"):
        if (folder / CLIP).is_file():
            return folder / CLIP
    raise PostureError(tr("The sample clip {clip} is missing from the installation: install posture again.", clip=CLIP))


def status_text(engine: Engine) -> str:
    """Describe presence, bout, active deviations and the next reminder in one line."""
    from posture.coach.words import DEVIATION_WORDS, minutes
    from posture.report.words import reminder_words

    state = engine.timeline
    parts = [f"{trc('presence', _PRESENCE[state.presence])} {minutes(state.spell_s)}"]
    if state.bout is not None:
        parts.append(tr("this sitting {time}", time=minutes(state.bout_s)))
    parts.append(", ".join(tr(DEVIATION_WORDS[kind]) for kind in state.active) or tr("no deviation"))
    coming = engine.next_reminder()
    if coming is not None:
        kind = reminder_words(coming.kind)
        due = tr("{kind} in {time}", kind=kind, time=minutes(coming.in_s)) if coming.in_s > 0 else ""
        parts.append(due or tr("{kind} now", kind=kind))
    return " | ".join(parts)


def run(args: argparse.Namespace) -> int:
    """Replay the clip and show what comes of it."""
    from datetime import UTC, datetime

    from rich.text import Text

    from posture.camera.boxed import open_video
    from posture.cli.replay import print_summary
    from posture.cli.terminal import PlainConsole
    from posture.coach.event_text import event_line
    from posture.desktop.notify import open_notifier
    from posture.history.records import Memory
    from posture.monitor.replay import watch_video
    from posture.pose.open_model import open_pose_model
    from posture.settings_file import load_settings

    settings = load_settings(overrides=SHORTENED)
    console = PlainConsole()
    console.print(
        tr("[bold]posture demo[/]: a recorded morning at the desk, six minutes, shown about fifteen times as fast.")
        + "\n"
        + tr("Times are shortened: a stand reminder after 60 s of sitting instead of 30 min.")
        + "\n",
        markup=True,
    )
    began = time.monotonic()
    memory, start, last_s = Memory(), datetime.now(UTC), 0.0
    notifier = open_notifier(settings.desktop)
    notified = False
    with open_video(sample_clip()) as video, open_pose_model(settings) as model:
        status = console.status("") if console.is_terminal else None
        if status is not None:
            status.start()
        try:
            for step in watch_video(
                video, model, settings, memory, start=start, calibrate_s=CALIBRATE_S, looks_per_s=1.0
            ):
                last_s = step.t_s
                if step.calibrated is not None:
                    console.print(f"{_clock(step.t_s)}  {tr('calibrated: this is upright from now on')}")
                for event in step.events:
                    console.print(f"{_clock(event.t_s)}  {event_line(event)}")
                for reminder in step.reminders:
                    said = (f"{_clock(reminder.t_s)}  ", (reminder.title, "bold"), f": {reminder.body}")
                    console.print(Text.assemble(*said))
                    console.print(Text(f"        {tr('why: {why}', why=reminder.why)}", style="dim"))
                    if not notified:
                        # A single real notification shows how they look; a dozen in half a minute would be a nuisance.
                        notifier.send(reminder.title, reminder.body)
                    notified = True
                if status is not None:
                    status.update(f"{_clock(step.t_s)}  {status_text(step.engine)}")
        finally:
            if status is not None:
                status.stop()
    console.print()
    print_summary(memory, settings, start, last_s, as_json=False, title=tr("The day so far"))
    speed = last_s / max(time.monotonic() - began, 1e-6)
    console.print(
        "\n"
        + tr(
            "{video} s of video in {passed} s. Nothing was stored and nothing left this machine.",
            video=number(last_s),
            passed=number(last_s / speed),
        )
    )
    console.print(tr("Next: [bold]posture setup[/] leads through the first steps with your own camera."), markup=True)
    sys.stdout.flush()
    return 0


def _clock(t_s: float) -> str:
    return f"{int(t_s) // 60:3d}:{int(t_s) % 60:02d}"
