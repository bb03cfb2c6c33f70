"""Leading through an exercise: looks from a camera, a video or a clock, and the views that show them."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import ExitStack
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, Protocol

from posture.camera.frame import Frame, FrameSource
from posture.camera.pacer import paced
from posture.camera.source_kind import kind_of_source
from posture.cli.keypress import ESCAPE, keys
from posture.coach import hold, told
from posture.coach.checks import CheckedLook
from posture.coach.exercise import Exercise, Side
from posture.errors import PostureError
from posture.pose.landmarks import Pose
from posture.settings import CameraSettings, Settings

if TYPE_CHECKING:
    from rich.console import RenderableType

LOOKS_PER_S = 8.0
"""A hold is timed to an eighth of a second; the light model takes a tenth of a core for this."""
MODEL = "lite"
"""Guiding needs frequent looks, and the light model is good enough for whole-body angles (see coach.checks)."""
TIMED_STEP_S = 0.2
GAUGE_WIDTH = 44


@dataclass(frozen=True)
class GuideLook:
    """One look at the source; only the time where no camera checks."""

    t_s: float
    frame: Frame | None = None
    pose: Pose | None = None


@dataclass(frozen=True)
class Shown:
    """Everything that a view shows at one time."""

    exercise: Exercise
    plan: hold.HoldPlan
    state: hold.HoldState
    look: CheckedLook
    seen: GuideLook

    @property
    def side(self) -> Side:
        """Which side's steps and drawing are shown."""
        return told.side_of(self.state, self.plan)

    @property
    def message(self) -> str:
        """What to do now, as one sentence."""
        if self.state.finished:
            return "Done."
        if self.look.settle_s > 0 and self.look.seen:
            return f"{self.look.says} Begins in {self.look.settle_s:.0f} s.".strip()
        if self.state.inside is not None:
            return told.going_on(self.state, self.plan)
        return hold.hint(self.state, self.look, self.plan)


class GuideView(Protocol):
    """Shows a guided hold."""

    def show(self, shown: Shown) -> None:
        """Show the state of the exercise."""

    def tell(self, text: str) -> None:
        """Report an event."""

    def wants_to_stop(self) -> bool:
        """Whether the user has asked to stop."""

    def __enter__(self) -> Any: ...

    def __exit__(self, *_: object) -> Any: ...


def looks(source: str | None, settings: Settings, *, pace: bool = False) -> Iterator[GuideLook]:
    """Look at a camera or a video several times a second, or give times alone.

    Parameters
    ----------
    source : str or None
        A camera, a file or a stream; None for times alone.
    pace : bool
        Play a file at its own pace, for a user who watches; otherwise as fast as the machine goes.
    """
    if source is None:
        began_s = time.monotonic()
        while True:
            yield GuideLook(time.monotonic() - began_s)
            time.sleep(TIMED_STEP_S)
    from posture.camera.source import open_source
    from posture.pose.open_model import open_pose_model

    with open_source(source, quick(settings.camera)) as opened, open_pose_model(settings, model=MODEL) as model:
        for t_s in played(opened, LOOKS_PER_S, pace=pace and kind_of_source(source) != "camera"):
            frame = opened.retrieve()
            yield GuideLook(t_s, frame, model.find(frame))


def quick(camera: CameraSettings) -> CameraSettings:
    """Have the camera give pictures often enough for a user who watches."""
    return replace(camera, rate_fps=max(camera.rate_fps, 10.0))


def played(source: FrameSource, looks_per_s: float, *, pace: bool) -> Iterator[float]:
    """Yield the time of each frame to look at; retrieve it before the next. `pace` as in `looks`."""
    played_s: float | None = None
    for t_s in paced(source, 1.0 / looks_per_s):
        played_s = time.monotonic() - t_s if played_s is None else played_s
        if pace:
            time.sleep(max(0.0, played_s + t_s - time.monotonic()))
        yield t_s


class Cues:
    """Sounds for users who cannot look at the screen: the terminal's bell, or a voice.

    A PostureError says that a voice was asked for, and no text-to-speech program is installed.
    """

    _SPEAKERS = ("spd-say", "say", "espeak-ng", "espeak")

    def __init__(self, kind: Literal["none", "bell", "voice"]) -> None:
        self._kind = kind
        self._speaker = next((path for name in self._SPEAKERS if (path := shutil.which(name))), None)
        self._speaking: subprocess.Popen[bytes] | None = None
        if kind == "voice" and self._speaker is None:
            raise PostureError("No program that speaks was found: install speech-dispatcher, or use --cues bell.")

    def __call__(self, text: str) -> None:
        """Play a sound for what was just said, as it matters with closed eyes."""
        if self._kind == "bell":
            sys.stderr.write("\a")
            sys.stderr.flush()
        elif self._kind == "voice" and self._speaker and (self._speaking is None or self._speaking.poll() is not None):
            self._speaking = subprocess.Popen(
                [self._speaker, text], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
            )


def stop_key(key: str) -> bool:
    """Whether this key ends the exercise."""
    return key in (ESCAPE, "q", "Q")


class TerminalView:
    """A live panel on a terminal; plain lines where the output is no terminal."""

    def __init__(self, *, quiet: bool = False) -> None:
        from rich.console import Console

        self._console = Console(highlight=False)
        self._quiet = quiet
        self._stack = ExitStack()
        self._key: Callable[[float], str] = lambda wait_s: ""
        self._live: Any = None
        self._last = ""

    def __enter__(self) -> TerminalView:
        if self._console.is_terminal and not self._quiet:
            from rich.live import Live

            self._key = self._stack.enter_context(keys())
            self._live = self._stack.enter_context(
                Live(console=self._console, refresh_per_second=10, transient=True, auto_refresh=False)
            )
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def show(self, shown: Shown) -> None:
        """See `GuideView.show`."""
        if self._live is not None:
            self._live.update(panel(shown), refresh=True)

    def tell(self, text: str) -> None:
        """See `GuideView.tell`."""
        if not self._quiet and self._live is None:
            print(text, flush=True)

    def wants_to_stop(self) -> bool:
        """See `GuideView.wants_to_stop`."""
        return stop_key(self._key(0.0))


def panel(shown: Shown) -> RenderableType:
    """Draw the live panel: steps, gauge with the pass band, a clock for each side, and what to do now."""
    from rich.console import Group
    from rich.panel import Panel
    from rich.text import Text

    exercise, plan, state = shown.exercise, shown.plan, shown.state
    lines: list[Text] = [
        Text(f"{number}. {step}", style="dim") for number, step in enumerate(exercise.steps_for(shown.side), 1)
    ]
    lines.append(Text())
    if plan.bands:
        lines.append(gauge(shown))
    for side, target in plan.target.items():
        done = state.done.get(side, 0.0)
        filled = min(int(24 * done / target), 24) if target else 24
        style = "bold green" if state.inside == side else ""
        mark = ">" if state.asked == side else " "
        lines.append(
            Text(
                f"{mark} {'' if side == 'both' else side:<6}{told.counted(state, plan, side):<14}", style=style
            ).append("━" * filled + "─" * (24 - filled))
        )
    lines += [Text(), Text(shown.message, style="bold green" if state.inside else "bold")]
    return Panel(Group(*lines), title=exercise.name, subtitle="Esc or q ends", width=72, padding=(0, 2))


def gauge(shown: Shown) -> Any:
    """Draw the measure as a line, with the pass band drawn thick and a mark at its present value."""
    from rich.text import Text

    low, high = band_shown(shown)
    top = gauge_top(high)
    at = None if shown.look.value is None else min(int(GAUGE_WIDTH * shown.look.value / top), GAUGE_WIDTH - 1)
    text = Text("  ")
    for place in range(GAUGE_WIDTH):
        inside = low <= (place + 0.5) * top / GAUGE_WIDTH <= high
        if place == at:
            text.append("●", style="bold green" if shown.state.inside else "bold yellow")
        else:
            text.append("━" if inside else "·", style="green" if inside else "dim")
    now = "" if shown.look.value is None else f" {number(shown.look.value, shown.exercise)}"
    return text.append(f"{now}  ({number(low, shown.exercise)} to {number(high, shown.exercise)})", style="dim")


def band_shown(shown: Shown) -> tuple[float, float]:
    """Give the pass band of the side that is seen, otherwise of the side that is asked for."""
    bands: Mapping[hold.Worked, tuple[float, float]] = shown.plan.bands
    for side in (shown.look.side, shown.state.asked):
        if side is not None and side in bands:
            return bands[side]
    return next(iter(bands.values()))


def gauge_top(high: float) -> float:
    """Give the upper end of the gauge: a third beyond the band."""
    return high * 4.0 / 3.0


def number(value: float, exercise: Exercise) -> str:
    """Format a measure with its unit."""
    return f"{value:.0f}°" if exercise.camera.unit == "deg" else f"{value:.2f}"
