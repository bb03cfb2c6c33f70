"""What a user can set: every value with its unit, range, default and the source of that default.

One frozen dataclass a section. A field is a TOML key of the same name; a field whose name ends in ``_s`` is a
duration, is written without that ending in the file (``stand_after = "30m"``) and held in seconds here.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

__all__ = ["Camera", "Coach", "Desktop", "History", "Measure", "Pose", "Settings", "Timeline"]


def _number(default: float, low: float, high: float, unit: str, doc: str) -> Any:
    return field(default=default, metadata={"kind": "number", "low": low, "high": high, "unit": unit, "doc": doc})


def _whole(default: int, low: int, high: int, unit: str, doc: str) -> Any:
    return field(default=default, metadata={"kind": "whole", "low": low, "high": high, "unit": unit, "doc": doc})


def _duration(default_s: float, low_s: float, high_s: float, doc: str) -> Any:
    return field(default=default_s, metadata={"kind": "duration", "low": low_s, "high": high_s, "unit": "", "doc": doc})


def _choice(default: str, choices: tuple[str, ...], doc: str) -> Any:
    return field(default=default, metadata={"kind": "choice", "choices": choices, "unit": "", "doc": doc})


def _text(default: str, doc: str, form: str = "text") -> Any:
    return field(default=default, metadata={"kind": form, "unit": "", "doc": doc})


def _flag(default: bool, doc: str) -> Any:
    return field(default=default, metadata={"kind": "flag", "unit": "", "doc": doc})


@dataclass(frozen=True)
class Camera:
    """Where frames come from."""

    source: str = _text("0", "camera index, name, or stable path such as /dev/v4l/by-id/...")
    width_px: int = _whole(640, 160, 1920, "px", "width asked of the driver")
    height_px: int = _whole(480, 120, 1080, "px", "height asked of the driver")
    rate_fps: float = _number(5.0, 1.0, 60.0, "frames/s", "rate asked of the driver; low is light")
    field_of_view_deg: float = _number(
        62.0, 30.0, 120.0, "deg", "horizontal field of view of the lens; distances in cm need it"
    )


@dataclass(frozen=True)
class Pose:
    """The landmark model."""

    model: str = _choice("lite", ("lite",), "which pose model looks")
    min_visibility: float = _number(0.6, 0.3, 0.95, "", "a landmark below this is not used (EVIDENCE 1)")


@dataclass(frozen=True)
class Measure:
    """From which size on a measure is a deviation. Starting values: evidence, section 1, all design choices."""

    shoulder_tilt_deg: float = _number(5.0, 2.0, 30.0, "deg", "one shoulder higher than the other")
    head_tilt_deg: float = _number(10.0, 3.0, 45.0, "deg", "head tilted to a shoulder")
    lateral_lean_deg: float = _number(10.0, 3.0, 45.0, "deg", "trunk leaning to a side")
    lateral_shift_sw: float = _number(0.20, 0.05, 1.0, "shoulder widths", "shoulders shifted sideways, hips hidden")
    head_drop_sw: float = _number(0.12, 0.05, 1.0, "shoulder widths", "head sunk below its upright height: slump")
    forward_head_ratio: float = _number(0.07, 0.03, 0.5, "", "head forward of the shoulders, relative")
    lean_in_ratio: float = _number(0.15, 0.05, 1.0, "", "face closer to the camera, relative")
    too_close_cm: float = _number(45.0, 25.0, 80.0, "cm", "eyes nearer to the camera than this are too close")
    standing_rise_sw: float = _number(0.8, 0.3, 3.0, "shoulder widths", "head risen by more than this: standing")


@dataclass(frozen=True)
class Timeline:
    """How observations become presence, bouts and held deviations."""

    presence_dwell_s: float = _duration(2.0, 0.0, 30.0, "a new presence must hold this long")
    deviation_dwell_s: float = _duration(10.0, 4.0, 120.0, "a deviation must hold this long; a glance does not")
    deviation_release_s: float = _duration(5.0, 1.0, 60.0, "below the leaving level this long ends a deviation")
    release_ratio: float = _number(0.7, 0.3, 1.0, "", "a deviation ends below this part of its threshold")
    gap_s: float = _duration(30.0, 1.0, 300.0, "no observation for this long: presence is unknown")
    break_after_s: float = _duration(60.0, 10.0, 900.0, "away or standing this long ends a sitting bout")
    effective_break_s: float = _duration(120.0, 20.0, 3600.0, "a break from this length on counts as effective")
    lost_after_s: float = _duration(1800.0, 60.0, 14400.0, "unknown this long closes a bout, without a break")
    shift_hold_s: float = _duration(5.0, 1.0, 60.0, "a new posture must hold this long to be a postural shift")


@dataclass(frozen=True)
class Coach:
    """What is said and when."""

    stand_after_s: float = _duration(1800.0, 10.0, 4 * 3600.0, "continuous sitting before a stand reminder")
    move_after_s: float = _duration(900.0, 10.0, 4 * 3600.0, "sitting without a postural shift before a move reminder")
    stretch_after_s: float = _duration(7200.0, 10.0, 8 * 3600.0, "accumulated sitting before a stretch reminder")
    sit_after_s: float = _duration(2100.0, 10.0, 4 * 3600.0, "continuous standing before a sit reminder")
    posture_window_s: float = _duration(180.0, 10.0, 900.0, "time over which a sustained deviation is judged")
    posture_share: float = _number(0.8, 0.5, 1.0, "", "part of that window above threshold before a posture reminder")
    cooldown_s: float = _duration(900.0, 0.0, 4 * 3600.0, "quiet time after a reminder of the same kind")
    spacing_s: float = _duration(120.0, 0.0, 3600.0, "quiet time between any two reminders")
    repeat_after_s: float = _duration(600.0, 10.0, 3600.0, "a reminder not acted on is repeated once after this")
    snooze_s: float = _duration(600.0, 30.0, 4 * 3600.0, "how long a snooze lasts")
    quiet_hours: str = _text("", 'no reminders between these local times, such as "22:00-07:00"', form="hours")
    first_side: str = _choice("auto", ("auto", "left", "right"), "the side a stretch starts with")


@dataclass(frozen=True)
class History:
    """What is kept."""

    folder: str = _text("", "where the history lies; empty is the data folder of the user", form="path")


@dataclass(frozen=True)
class Desktop:
    """How the user is told."""

    notifications: bool = _flag(True, "show desktop notifications")


@dataclass(frozen=True)
class Settings:
    """All sections."""

    camera: Camera = field(default_factory=Camera)
    pose: Pose = field(default_factory=Pose)
    measure: Measure = field(default_factory=Measure)
    timeline: Timeline = field(default_factory=Timeline)
    coach: Coach = field(default_factory=Coach)
    history: History = field(default_factory=History)
    desktop: Desktop = field(default_factory=Desktop)
