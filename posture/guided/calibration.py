"""Calibrating, for the terminal and the window: what came of it, what is asked then, and keeping it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal

from posture.language import mark, tr
from posture.measure.baseline import Baseline, Refusal

if TYPE_CHECKING:
    from posture.history.calibrations import Which
    from posture.settings import Settings

GUIDE_S = 3.0
"""How long each step of the guidance is shown before the next one [design choice]."""
STANDS = mark("You seem to be standing.")
DAMAGED = mark("What was measured cannot be read: calibrate again.")
SIT_TOO = mark("How you sit there is not calibrated yet: lower the desk, sit down and calibrate.")

Kind = Literal["refused", "stands", "unlevel", "good"]


@dataclass(frozen=True)
class Outcome:
    """What came of a calibration."""

    kind: Kind
    """Refused; or a baseline of somebody who seems to stand, who does not sit level, or that is good as it is."""
    says: str = ""
    """Why it is refused or asked about; empty if it is good."""
    baseline: Baseline | None = None
    """None if it is refused."""


def outcome_of(found: Baseline | Refusal, settings: Settings, *, standing: bool = False) -> Outcome:
    """Say what there is to do with what a calibration has found."""
    from posture.measure.placement import aslant_sentence
    from posture.measure.standing import on_straight_legs

    if isinstance(found, Refusal):
        return Outcome("refused", found.sentence)
    if standing:
        return Outcome("good", baseline=found)
    if on_straight_legs(found.pose, settings.pose.min_visibility):
        return Outcome("stands", tr(STANDS), found)
    aslant = aslant_sentence(found)
    return Outcome("unlevel", aslant, found) if aslant else Outcome("good", baseline=found)


def read_found(stored: Mapping[str, Any], settings: Settings) -> Baseline | Refusal:
    """Read what a viewer gives, see `posture.sensor.view_wire.View.calibrated`."""
    from posture.history.calibrations import baseline_from_json

    try:
        if stored["ok"]:
            return baseline_from_json(stored["baseline"], settings.pose)
        return Refusal(str(stored["reason"])[:40], str(stored["sentence"])[:750])
    except (KeyError, TypeError, ValueError):
        return Refusal("damaged", tr(DAMAGED))


def keep(
    settings: Settings, which: Which, found: Baseline, *, standing: bool = False, always_so: bool = False
) -> tuple[str, ...]:
    """Keep a baseline, have the daemon go by it, and give what there is to say of it, a sentence each.

    A PostureError says that it cannot be written; what was stored before is unchanged.
    """
    from posture.control.channel import tell
    from posture.history.calibrations import load_baseline, save_baseline
    from posture.measure.placement import sentences_on
    from posture.measure.standing import alike_sentence

    if not standing:
        found = replace(found, always_so=always_so)
    save_baseline(settings, which, found, standing=standing)
    tell("reload")
    sitting = load_baseline(settings, which)
    alike = alike_sentence(sitting, load_baseline(settings, which, standing=True))
    # What hides a lean or a forward head matters for sitting alone: of standing nothing else is judged.
    about = () if standing else sentences_on(found)
    missing = (tr(SIT_TOO),) if standing and sitting is None else ()
    return (*about, *missing, *([alike] if alike else []))
