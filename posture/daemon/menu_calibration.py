"""Calibrating from the menu: a command of its own looks, and what comes of it is told, or asked about, in a notice."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Sequence
from typing import Any, Protocol

from posture.camera.source_kind import kind_of_source
from posture.daemon.programs import run_posture
from posture.desktop.notices import Button
from posture.errors import PostureError
from posture.history.calibrations import keep_offered
from posture.language import mark, tr
from posture.perception.guidance import STEPS
from posture.settings import Settings

LEAD_S = 8.0
"""How long the user has to read the notice and to sit as it says before the looking begins [design choice]."""
KEPT = mark("How you sit is compared with this from now on.")
ASK = mark(
    "Nothing is kept yet: sit on both sit bones and try again, or keep it, or say that you are always like that and "
    "this is your level."
)
CALIBRATING = mark("calibrating")
"""Why the camera is lent meanwhile."""
KEEP, ALWAYS_SO = "keep-unlevel", "always-so"
BUTTONS = (
    # Translators: buttons of a notification, as short as can be.
    Button("calibrate", mark("Try again")),
    Button(KEEP, mark("Keep it")),
    # Translators: "I am always like that".
    Button(ALWAYS_SO, mark("Always so")),
)


class Notify(Protocol):
    """Shows a title and a body, with buttons."""

    def __call__(self, title: str, body: str, buttons: Sequence[Button] = ()) -> None:
        """Show it in place of the last one."""


class MenuCalibration:
    """Calibrates in a process of its own; a baseline that is not level is kept only on the user's word.

    Parameters
    ----------
    settings : callable
        Returns the present settings.
    lend : callable
        Lets others have the camera for a reason, and returns what takes it back; the watch then reads the stored
        calibration.
    """

    def __init__(
        self, settings: Callable[[], Settings], lend: Callable[[str], Callable[[], None]], notify: Notify
    ) -> None:
        self._settings, self._lend, self._notify = settings, lend, notify
        self._asked: dict[str, Any] | None = None

    async def run(self) -> None:
        """Calibrate, and tell what came of it."""
        self._asked = None
        # Translators: the title of a notification, as the others here: 60 characters at most.
        self._notify(tr("Calibrating"), guidance())
        take_back = self._lend(CALIBRATING)
        try:
            if kind_of_source(self._settings().camera.source) == "camera":
                await asyncio.sleep(LEAD_S)
            _, output = await run_posture("calibrate", "--json")
        finally:
            take_back()
        found = outcome_of(output)
        if found.get("ok"):
            self._notify(tr("Calibrated"), " ".join([tr(KEPT), *map(tr, found["advice"])]))
        elif found.get("reason") == "unlevel":
            self._asked = found
            self._notify(tr("This calibration is not level"), f"{tr(found['seen'])} {tr(ASK)}", BUTTONS)
        else:
            self._notify(tr("Not calibrated"), tr(found["sentence"]))

    async def keep(self, *, always_so: bool) -> None:
        """Keep what the user was asked about, if they were."""
        found, self._asked = self._asked, None
        if found is None:
            return
        take_back = self._lend(CALIBRATING)
        try:
            await asyncio.to_thread(
                keep_offered, self._settings(), found["camera"], found["baseline"], always_so=always_so
            )
        except PostureError as error:
            self._notify(tr("Not calibrated"), str(error))
        else:
            # The first thing to say is how far from level it was.
            self._notify(tr("Calibrated"), " ".join([tr(KEPT), *map(tr, found["advice"][always_so:])]))
        finally:
            take_back()


def guidance() -> str:
    """Say how to sit, and that what comes of it is told."""
    return " ".join((*map(tr, STEPS), tr("What comes of it is told here in about 20 s.")))


def outcome_of(output: str) -> dict[str, Any]:
    """Read what `posture calibrate --json` printed; an error that it ended with is a refusal as well."""
    lines = output.splitlines() or [tr("posture calibrate said nothing: posture doctor may say why.")]
    for line in lines:
        if line.startswith("{"):
            found: dict[str, Any] = json.loads(line)
            return found
    return {"ok": False, "sentence": lines[-1].removeprefix("posture: ")}
