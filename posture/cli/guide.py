"""Leading through an exercise in a terminal: looks from a camera, a video or a clock, and the view that shows them."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

from posture.cli.keypress import ESCAPE, keys
from posture.coach import told
from posture.errors import PostureError
from posture.guided.gauge import band_shown, gauge_top, number
from posture.guided.speech import Voice
from posture.language import language, tr
from posture.output import own
from posture.plain_text import padded

if TYPE_CHECKING:
    from rich.console import RenderableType

    from posture.guided.lead import Lead
    from posture.pose.landmarks import Pose
    from posture.settings import Settings

TIMED_STEP_S = 0.2
GAUGE_WIDTH = 44


@dataclass(frozen=True)
class GuideLook:
    """One look at the source; only the time where no camera checks."""

    t_s: float
    pose: Pose | None = None


class GuideView(Protocol):
    """Shows a guided hold."""

    def show(self, lead: Lead) -> None:
        """Show the state of the exercise."""

    def tell(self, text: str) -> None:
        """Report an event."""

    def wants_to_stop(self) -> bool:
        """Whether the user has asked to stop."""

    def __enter__(self) -> Any: ...

    def __exit__(self, *_: object) -> Any: ...


def looks(source: str | None, settings: Settings) -> Iterator[GuideLook]:
    """Look at a camera or a video several times a second, or give times alone.

    Pictures are looked at in the box of a viewer, which ends with this. A file goes as fast as the machine does.

    Parameters
    ----------
    source : str or None
        A camera, a file or a stream; None for times alone.
    """
    if source is None:
        began_s = time.monotonic()
        while True:
            yield GuideLook(time.monotonic() - began_s)
            time.sleep(TIMED_STEP_S)
    from posture import sandbox
    from posture.sensor.viewer import Viewer

    with Viewer(source, settings, "guide", pace=False) as viewer:
        sandbox.source_started()  # the viewer has its own rights, and gives them up itself
        for view in viewer.views():
            yield GuideLook(view.t_s, view.pose)


class Cues:
    """Sounds for users who cannot look at the screen: the terminal's bell, or a voice.

    A PostureError says that a voice was asked for, and no text-to-speech program is installed.
    """

    def __init__(self, kind: Literal["none", "bell", "voice"]) -> None:
        self._kind, self._voice = kind, Voice()
        if kind == "voice" and not self._voice.there:
            if language() != "en":
                raise PostureError(
                    tr(
                        "No program with a voice for this language was found: install speech-dispatcher and a voice, "
                        "or use --cues bell."
                    )
                )
            raise PostureError(tr("No program that speaks was found: install speech-dispatcher, or use --cues bell."))

    def __call__(self, text: str) -> None:
        """Play a sound for what was just said, as it matters with closed eyes."""
        if self._kind == "bell":
            own(sys.stderr).write("\a")
            sys.stderr.flush()
        elif self._kind == "voice":
            self._voice.say(text)


def stop_key(key: str) -> bool:
    """Whether this key ends the exercise."""
    return key in (ESCAPE, "q", "Q")


class TerminalView:
    """A live panel on a terminal; plain lines where the output is no terminal."""

    def __init__(self, *, quiet: bool = False) -> None:
        from posture.cli.terminal import PlainConsole

        self._console = PlainConsole()
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

    def show(self, lead: Lead) -> None:
        """See `GuideView.show`."""
        if self._live is not None:
            self._live.update(panel(lead), refresh=True)

    def tell(self, text: str) -> None:
        """See `GuideView.tell`."""
        if not self._quiet and self._live is None:
            print(text, flush=True)

    def wants_to_stop(self) -> bool:
        """See `GuideView.wants_to_stop`."""
        return stop_key(self._key(0.0))


def panel(lead: Lead) -> RenderableType:
    """Draw the live panel: steps, gauge with the pass band, a clock for each side, and what to do now."""
    from rich.console import Group
    from rich.panel import Panel
    from rich.text import Text

    exercise, plan, state = lead.exercise, lead.plan, lead.state
    lines: list[Text] = [
        Text(f"{number}. {step}", style="dim") for number, step in enumerate(exercise.steps_for(lead.side), 1)
    ]
    lines.append(Text())
    if plan.bands:
        lines.append(gauge(lead))
    for side, target in plan.target.items():
        done = state.done.get(side, 0.0)
        filled = min(int(24 * done / target), 24) if target else 24
        style = "bold green" if state.inside == side else ""
        mark = ">" if state.asked == side else " "
        lines.append(
            Text(
                f"{mark} {padded('' if side == 'both' else tr(side), 6)}{padded(told.counted(state, plan, side), 14)}",
                style=style,
            ).append("━" * filled + "─" * (24 - filled))
        )
    lines += [Text(), Text(lead.message, style="bold green" if state.inside else "bold")]
    return Panel(Group(*lines), title=exercise.name, subtitle=tr("Esc or q ends"), width=72, padding=(0, 2))


def gauge(lead: Lead) -> Any:
    """Draw the measure as a line, with the pass band drawn thick and a mark at its present value."""
    from rich.text import Text

    low, high = band_shown(lead)
    top, value = gauge_top(high), lead.look.value if lead.look is not None else None
    at = None if value is None else min(int(GAUGE_WIDTH * value / top), GAUGE_WIDTH - 1)
    text = Text("  ")
    for place in range(GAUGE_WIDTH):
        inside = low <= (place + 0.5) * top / GAUGE_WIDTH <= high
        if place == at:
            text.append("●", style="bold green" if lead.state.inside else "bold yellow")
        else:
            text.append("━" if inside else "·", style="green" if inside else "dim")
    now = "" if value is None else f" {number(value, lead.exercise)}"
    band = tr("({low} to {high})", low=number(low, lead.exercise), high=number(high, lead.exercise))
    return text.append(f"{now}  {band}", style="dim")
