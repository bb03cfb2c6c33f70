"""What a user can set: every value with its unit, range, default and the source of that default.

Each section is a frozen dataclass. A field is a TOML key of the same name; a field whose name ends in ``_s`` is a
duration: the file has it without that ending (``stand_after = "30m"``), and here it is in seconds.
"""

from __future__ import annotations

import functools
import math
import os
import re
from collections.abc import Callable
from dataclasses import dataclass, field, fields
from typing import Any, cast

from posture.durations import format_duration, no_unit, parse_duration, shown
from posture.errors import PostureError
from posture.language import LANGUAGES, listed, mark, tr

Value = str | float | bool  # int is a float to the type checker


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


def _names(default: str, doc: str, choices: tuple[str, ...] = ()) -> Any:
    return field(default=default, metadata={"kind": "names", "choices": choices, "unit": "", "doc": doc})


def _flag(default: bool, doc: str) -> Any:
    return field(default=default, metadata={"kind": "flag", "unit": "", "doc": doc})


@dataclass(frozen=True)
class GeneralSettings:
    """What concerns the whole program."""

    language: str = _choice(
        "auto",
        ("auto", *LANGUAGES),
        "the language of the program; auto is that of your desktop where posture speaks it, else English",
    )


@dataclass(frozen=True)
class CameraSettings:
    """Where frames come from."""

    source: str = _text("0", "camera index, name, or stable path such as /dev/v4l/by-id/...")
    mode: str = _choice(
        "continuous",
        ("continuous", "glance"),
        "hold the camera open and take a picture now and then, or open it for each look (the light blinks)",
    )
    width_px: int = _whole(640, 160, 1920, "px", "width asked of the driver")
    height_px: int = _whole(480, 120, 1080, "px", "height asked of the driver")
    rate_fps: float = _number(5.0, 1.0, 60.0, mark("frames/s"), "rate asked of the driver; low is light")
    rotate: str = _choice(
        "auto",
        ("auto", "0", "90", "180", "270"),
        "degrees, clockwise, by which the camera's pictures are turned; auto finds out from the people in them",
    )
    after_lock_s: float = _duration(
        20.0,
        0.0,
        120.0,
        "after the screen is locked the camera looks on for this long, to see whether you leave; 0 is off",
    )
    on_battery: str = _choice(
        "slower",
        ("slower", "pause", "same"),
        "on battery: look less often (cadence.battery_factor), close the camera until the machine is plugged in, or "
        "look as otherwise",
    )
    field_of_view_deg: float = _number(
        62.0, 30.0, 120.0, mark("deg"), "horizontal field of view of the lens; distances in cm need it"
    )


@dataclass(frozen=True)
class CadenceSettings:
    """How often the camera is looked at, and when the model runs. Measured trade: docs/performance.md."""

    look_s: float = _duration(4.0, 0.5, 60.0, "camera held open: how often its picture is compared with the last one")
    steady_s: float = _duration(
        12.0, 1.0, 60.0, "small changes reach the model this often; with 10s of dwell, news is at most 25s old"
    )
    away_s: float = _duration(20.0, 1.0, 60.0, "camera opened for each look: how often while nobody is there")
    verify_s: float = _duration(60.0, 1.0, 300.0, "the model runs at least this often, however still the picture is")
    attentive_s: float = _duration(0.5, 0.1, 5.0, "while something is changing, looks are at least this far apart")
    attentive_for_s: float = _duration(20.0, 0.0, 120.0, "how long at most, for one change")
    battery_factor: float = _number(2.0, 1.0, 4.0, "", "on battery all but attentive looks are this much rarer")


@dataclass(frozen=True)
class PoseSettings:
    """The landmark model."""

    model: str = _choice(
        "auto",
        ("auto", "lite", "full", "heavy"),
        "which pose model looks; auto is the most accurate (docs/accuracy.md)",
    )
    engine: str = _choice(
        "auto",
        ("auto", "mediapipe", "litert"),
        "what runs the model; auto is litert where it is installed, since it takes less memory, else mediapipe",
    )
    min_visibility: float = _number(0.6, 0.3, 0.95, "", "a landmark below this is not used")

    @property
    def judge(self) -> str:
        """The model that judges. `auto` is heavy: its error is the least, and looks are rare enough for its cost."""
        return "heavy" if self.model == "auto" else self.model


@dataclass(frozen=True)
class MeasureSettings:
    """From which size on a measure is a deviation. Starting values: evidence, section 1, all design choices."""

    shoulder_tilt_deg: float = _number(5.0, 2.0, 30.0, mark("deg"), "one shoulder higher than the other")
    head_tilt_deg: float = _number(10.0, 3.0, 45.0, mark("deg"), "head tilted to a shoulder")
    lateral_lean_deg: float = _number(
        7.0, 3.0, 45.0, mark("deg"), "line from hips to shoulders leaning to a side; a side-bend of 10 deg tips it by 8"
    )
    slump_deg: float = _number(12.0, 6.0, 45.0, mark("deg"), "thorax bent forward, sunk into the chair")
    forward_head_deg: float = _number(
        5.0,
        3.0,
        45.0,
        mark("deg"),
        "neck bent forward; the estimate is cautious, 24 deg may read as 5 (docs/accuracy.md)",
    )
    lean_in_ratio: float = _number(0.45, 0.15, 2.0, "", "face this much larger than at the baseline is too close")
    too_close_cm: float = _number(45.0, 25.0, 80.0, "cm", "eyes nearer to the camera than this are too close")
    standing_rise_sw: float = _number(0.8, 0.3, 3.0, mark("shoulder widths"), "head risen by more than this: standing")


@dataclass(frozen=True)
class TimelineSettings:
    """How observations become presence, bouts and active deviations."""

    presence_dwell_s: float = _duration(2.0, 0.0, 30.0, "a new presence must last this long")
    deviation_dwell_s: float = _duration(10.0, 4.0, 120.0, "a deviation must last this long; a glance does not")
    deviation_release_s: float = _duration(5.0, 1.0, 60.0, "below the leaving level this long ends a deviation")
    release_ratio: float = _number(0.7, 0.3, 1.0, "", "a deviation ends below this part of its threshold")
    gap_s: float = _duration(90.0, 1.0, 300.0, "no observation for this long: presence is unknown")
    break_after_s: float = _duration(60.0, 10.0, 900.0, "away or standing this long ends a sitting bout")
    effective_break_s: float = _duration(120.0, 20.0, 3600.0, "a break from this length on counts as effective")
    lost_after_s: float = _duration(1800.0, 60.0, 14400.0, "unknown this long closes a bout, without a break")
    shift_hold_s: float = _duration(5.0, 1.0, 60.0, "a new posture must last this long to be a postural shift")


CUES = ("none", "sound", "voice")
"""What may be heard in a guided exercise."""
KINDS = ("stand", "move", "stretch", "posture", "sit", "eyes")
"""The kinds of reminders."""
USUAL_KINDS = KINDS[:-1]
"""Those that come unless the user says otherwise."""
CONDITIONS = ("surgery", "fracture", "osteoporosis", "late_pregnancy", "hip_replacement", "balance")
"""What an exercise has to be cleared for by a clinician (evidence, section 3); balance is a design choice."""


@dataclass(frozen=True)
class CoachSettings:
    """Which reminders come, and when."""

    kinds: str = _names(
        ", ".join(USUAL_KINDS), "the kinds of reminders that come; one that is left out never does", KINDS
    )
    stand_after_s: float = _duration(1800.0, 10.0, 4 * 3600.0, "continuous sitting before a stand reminder")
    move_after_s: float = _duration(900.0, 10.0, 4 * 3600.0, "sitting without a postural shift before a move reminder")
    stretch_after_s: float = _duration(7200.0, 10.0, 8 * 3600.0, "accumulated sitting before a stretch reminder")
    sit_after_s: float = _duration(2100.0, 10.0, 4 * 3600.0, "continuous standing before a sit reminder")
    eyes_after_s: float = _duration(
        1200.0, 60.0, 4 * 3600.0, "sitting before a look into the distance, for who wants it"
    )
    posture_window_s: float = _duration(180.0, 10.0, 900.0, "time over which a sustained deviation is judged")
    posture_share: float = _number(0.8, 0.5, 1.0, "", "part of that window above threshold before a posture reminder")
    cooldown_s: float = _duration(
        900.0, 0.0, 4 * 3600.0, "quiet time after a posture notice; twice and four times as long after the next ones"
    )
    spacing_s: float = _duration(300.0, 0.0, 3600.0, "quiet time between any two reminders")
    most_per_hour: int = _whole(4, 1, 60, "", "no more reminders than this in any hour")
    repeat_after_s: float = _duration(
        900.0, 10.0, 3600.0, "a stand reminder not acted on is repeated after this, then a third of it later each time"
    )
    snooze_s: float = _duration(600.0, 30.0, 4 * 3600.0, "how long a snooze lasts")
    quiet_hours: str = _text(
        "",
        'no reminders between these local times, such as "22:00-07:00", or "Mon-Fri 22:00-07:00, Sat-Sun"',
        form="hours",
    )
    quiet_while: str = _names("", 'no reminders while one of these programs runs, such as "obs, zoom"')
    first_side: str = _choice("auto", ("auto", "left", "right"), "the side a stretch starts with")
    bias: str = _choice(
        "any", ("any", "neutral", "extension", "flexion"), "which way exercises move the back; any while nothing hurts"
    )
    clearance: str = _names(
        "",
        'what takes exercises out until a clinician has agreed; "none" is that nothing does, "" that it was not asked',
        (*CONDITIONS, "none"),
    )
    cues: str = _choice(
        "none", CUES, "what is heard in a guided exercise: when a clock starts or ends, and each repetition"
    )
    plan_s: float = _duration(600.0, 60.0, 3600.0, "time for the exercises of a day (posture plan)")

    @property
    def conditions(self) -> tuple[str, ...]:
        """Those of `CONDITIONS` that the user has; see `clearance`."""
        return tuple(name for name in parse_names(self.clearance) if name != "none")

    def wants(self, kind: str) -> bool:
        """Whether reminders of a kind may come."""
        return kind in parse_names(self.kinds)


@dataclass(frozen=True)
class HistorySettings:
    """What is stored."""

    folder: str = _text("", "where the history lies; empty is the data folder of the user", form="path")
    keep_s: float = _duration(
        2 * 31_536_000.0, 0.0, 100 * 31_536_000.0, "how long days are stored, at least the last one; 0 keeps all"
    )


@dataclass(frozen=True)
class PrivacySettings:
    """What may leave this machine, only if you say so."""

    allow_telemetry: bool = _flag(
        False, "take a mediapipe that sends usage metrics; the sensor still has no network where the kernel holds it"
    )


@dataclass(frozen=True)
class DesktopSettings:
    """How reminders are shown."""

    notifications: bool = _flag(True, "show desktop notifications")
    end_of_day: str = _text("", 'local time at which three figures of the day are shown, such as "17:30"', form="clock")
    typing_wait_s: float = _duration(
        60.0, 0.0, 600.0, "a reminder waits at most this long while you are typing; 0 is off"
    )


@dataclass(frozen=True)
class SignalSettings:
    """Other ways to be told, for those who want them: all off until asked for."""

    glow: bool = _flag(False, "the edge of the screen glows while a deviation is active, and fades when it is mended")
    glow_strength: float = _number(0.5, 0.1, 1.0, "", "how strong the glow is; 1 is the most")
    sound: bool = _flag(False, "a soft sound comes with each reminder")
    sound_strength: float = _number(0.25, 0.05, 1.0, "", "how loud the sound is; 1 is the most")
    card: bool = _flag(
        False, "a card fills the screen when it is time for a break; any key or click takes it away, or getting up"
    )
    card_strength: float = _number(0.9, 0.5, 1.0, "", "how much the card covers of what is below it; 1 is all")
    card_for_s: float = _duration(40.0, 10.0, 600.0, "how long the card stays if nothing takes it away")
    countdown: bool = _flag(False, "the tray's title counts down to the next reminder")
    countdown_from_s: float = _duration(600.0, 60.0, 4 * 3600.0, "it counts down from this long before the reminder")


@dataclass(frozen=True)
class GoalSettings:
    """Your own goals for a day; 0 is no goal. Summaries say whether a goal was met, nothing else follows."""

    longest_bout_s: float = _duration(0.0, 0.0, 86400.0, "no sitting bout longer than this")
    breaks_per_hour: float = _number(0.0, 0.0, 20.0, "", "at least this many breaks an hour of sitting")
    sitting_s: float = _duration(0.0, 0.0, 86400.0, "not more sitting than this")


@dataclass(frozen=True)
class Settings:
    """All sections."""

    general: GeneralSettings = field(default_factory=GeneralSettings)
    camera: CameraSettings = field(default_factory=CameraSettings)
    cadence: CadenceSettings = field(default_factory=CadenceSettings)
    pose: PoseSettings = field(default_factory=PoseSettings)
    measure: MeasureSettings = field(default_factory=MeasureSettings)
    timeline: TimelineSettings = field(default_factory=TimelineSettings)
    coach: CoachSettings = field(default_factory=CoachSettings)
    history: HistorySettings = field(default_factory=HistorySettings)
    privacy: PrivacySettings = field(default_factory=PrivacySettings)
    desktop: DesktopSettings = field(default_factory=DesktopSettings)
    signals: SignalSettings = field(default_factory=SignalSettings)
    goals: GoalSettings = field(default_factory=GoalSettings)


# The first of a pair must not be longer than the second. A goal of 0 is no goal.
_NOT_LONGER = (
    ("timeline.presence_dwell", "timeline.break_after"),
    ("timeline.break_after", "timeline.effective_break"),
    ("timeline.gap", "timeline.lost_after"),
    ("cadence.look", "cadence.verify"),
    ("cadence.steady", "cadence.verify"),
    ("timeline.deviation_dwell", "coach.posture_window"),
    ("goals.longest_bout", "goals.sitting"),
)

_NUMBER = re.compile(r"[+-]?[0-9]+(\.[0-9]+)?(e[+-]?[0-9]+)?", re.IGNORECASE)
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DAYS = tuple(day[:3] for day in WEEKDAYS)
_SPAN = re.compile(
    r"(?:([a-z]{3,9})(?:\s*-\s*([a-z]{3,9}))?)?\s*"
    r"(?:([0-9]{1,2}):([0-9]{2})\s*-\s*([0-9]{1,2}):([0-9]{2}))?",
    re.IGNORECASE,
)
_FLAGS = {"true": True, "on": True, "yes": True, "false": False, "off": False, "no": False}


@dataclass(frozen=True)
class QuietSpan:
    """A span of the local day on some days of the week."""

    days: tuple[int, ...]
    """On which it begins, one after another; Monday is 0."""
    start: int
    end: int
    """Minutes since local midnight; the end is lower than the start when the span passes midnight."""

    def __str__(self) -> str:
        first, last = _DAYS[self.days[0]], _DAYS[self.days[-1]]
        days = first if first == last else f"{first}-{last}"
        clock = "{:02}:{:02}".format
        hours = f"{clock(*divmod(self.start, 60))}-{clock(*divmod(self.end, 60))}"
        if len(self.days) == 7:
            return hours
        return days if (self.start, self.end) == (0, 1440) else f"{days} {hours}"


def parse_hours(text: str) -> tuple[QuietSpan, ...]:
    """Read times of the week such as ``22:00-07:00`` or ``Mon-Fri 22:00-07:00, Sat-Sun``.

    Parameters
    ----------
    text : str
        Spans separated by commas, in local time; empty for none. A span has days (``Sat``, ``Mon-Fri``), hours, or
        both: without days it is for each day, without hours for the whole of them. One that passes midnight belongs to
        the day on which it begins.

    Raises
    ------
    PostureError
        When the text is not such a list, or a span is empty.
    """
    spans = []
    for part in text.split(",") if text.strip() else ():
        match = _SPAN.fullmatch(part.strip())
        if match is None or not part.strip():
            raise _not_hours(text)
        first, last, *clock = match.groups()
        days = tuple(range(7)) if first is None else _days(text, first, last or first)
        h1, m1, h2, m2 = (int(group) for group in clock) if clock[0] is not None else (0, 0, 24, 0)
        start, end = h1 * 60 + m1, h2 * 60 + m2
        if start >= 1440 or end > 1440 or m1 > 59 or m2 > 59:
            raise _not_hours(text)
        if start == end:
            raise PostureError(tr('{text} has a span without length: all day is "00:00-24:00"', text=shown(text)), 2)
        spans.append(QuietSpan(days, start, end))
    return tuple(spans)


def _not_hours(text: str) -> PostureError:
    return PostureError(tr('{text} is not hours: write them like "22:00-07:00" or "Sat-Sun"', text=shown(text)), 2)


def _days(text: str, first: str, last: str) -> tuple[int, ...]:
    """The days from one to another, over the end of the week if need be."""
    found = [[n for n, day in enumerate(WEEKDAYS) if day.lower().startswith(name.lower())] for name in (first, last)]
    if not all(found):
        # Translators: {days} are Mon, Tue and so on: these English names are what can be written.
        raise PostureError(
            tr("{text} has a day that is none: they are {days}", text=shown(text), days=", ".join(_DAYS)), 2
        )
    (start,), (end,) = found
    return tuple((start + n) % 7 for n in range((end - start) % 7 + 1))


@functools.cache
def parse_names(text: str) -> tuple[str, ...]:
    """Read names separated by commas, in their order, each once; empty for none."""
    return tuple(dict.fromkeys(name for part in text.split(",") if (name := part.strip())))


def parse_clock(text: str) -> int | None:
    """Read a time of the day such as ``17:30``, local, as minutes since midnight; None for an empty text.

    A PostureError says that the text is not such a time.
    """
    if not text.strip():
        return None
    match = re.fullmatch(r"([0-9]{1,2}):([0-9]{2})", text.strip())
    hour, minute = (int(match[1]), int(match[2])) if match else (99, 0)
    if hour > 23 or minute > 59:
        raise PostureError(tr('{text} is not a time of the day: write it like "17:30"', text=shown(text)), 2)
    return hour * 60 + minute


# Translators: the smallest and the largest value that a setting may have, such as "10s to 4h"
_FROM_TO = mark("{low} to {high}")
# Translators: as above, of a setting that has no fractions
_WHOLE_FROM_TO = mark("whole {low} to {high}")
# Translators: {names} is a list such as "stand, move, stretch", of which any may be written
_ANY_OF = mark("any of {names}")
# Translators: {form} says what may be written; "" is what is written for nothing
_OR_EMPTY = mark('{form}, or ""')
_FORMS = {
    "names": mark("names, ..."),
    # Translators: what to write: the days (in English: Mon-Fri), and hours and minutes from and to
    "hours": mark("[DAY-DAY] HH:MM-HH:MM, ..."),
    # Translators: what to write: hours and minutes of a time of the day
    "clock": mark("HH:MM"),
    "path": mark("a full path"),
    # Translators: any words may be written for this setting
    "text": mark("text"),
}


def _english(message: str, **values: object) -> str:
    return message.format(**values) if values else message


@dataclass(frozen=True)
class SettingSpec:
    """What is known about a setting: its names, allowed values and default.

    `kind` is one of "number", "whole", "duration", "choice", "flag", "text", "names", "hours", "clock", "path".
    """

    section: str
    name: str
    attribute: str
    kind: str
    unit: str
    low: float
    high: float
    choices: tuple[str, ...]
    default: Value
    doc: str

    @property
    def key(self) -> str:
        """The name a user types, such as ``coach.stand_after``."""
        return f"{self.section}.{self.name}"

    @property
    def allowed(self) -> str:
        """The allowed values in words, with the unit."""
        return self._allowed(tr)

    @property
    def range(self) -> str:
        """The allowed values in words, without the unit."""
        return self._range(tr)

    @property
    def in_english(self) -> str:
        """What it sets and what is allowed, in English: as a comment in the settings file, where it is found again."""
        return f"{self.doc} ({self._allowed(_english)})"

    def _allowed(self, say: Callable[..., str]) -> str:
        return f"{self._range(say)} {say(self.unit)}".rstrip()

    def _range(self, say: Callable[..., str]) -> str:
        if self.kind == "duration":
            return say(_FROM_TO, low=format_duration(self.low), high=format_duration(self.high))
        if self.kind in ("number", "whole"):
            form = _WHOLE_FROM_TO if self.kind == "whole" and not self.unit else _FROM_TO
            return say(form, low=_plain(self.low), high=_plain(self.high))
        if self.kind in ("choice", "flag"):
            return ", ".join(self.choices if self.kind == "choice" else ("true", "false"))
        if self.kind == "names" and self.choices:
            form = say(_ANY_OF, names=", ".join(self.choices))
        else:
            form = say(_FORMS[self.kind])
        return say(_OR_EMPTY, form=form) if self.kind == "names" or self.default == "" else form

    def of(self, settings: Settings) -> Value:
        """Give the value this setting has in `settings`."""
        value: Value = getattr(getattr(settings, self.section), self.attribute)
        return value

    def text(self, value: Value) -> str:
        """Write a value as the user would type it; `parse` reads it back."""
        if isinstance(value, bool):
            return "true" if value else "false"
        if isinstance(value, str):
            return value
        return format_duration(value) if self.kind == "duration" else _plain(value)

    def toml(self, value: Value) -> Value:
        """Give the value as it is in the file: a duration as text, a number without a fraction as an integer."""
        if isinstance(value, bool | str):
            return value
        if self.kind == "duration":
            return format_duration(value)
        return int(value) if value == int(value) else value

    def parse(self, text: str) -> Value:
        """Read what a user typed; a PostureError names the key, the value and what is allowed."""
        raw: object = text
        if self.kind in ("number", "whole") and _NUMBER.fullmatch(text.strip()):
            raw = int(text) if text.strip().isdigit() and len(text) < 20 else float(text)
        elif self.kind == "flag":
            raw = _FLAGS.get(text.strip().lower(), text)
        return self.check(raw)

    def check(self, raw: object) -> Value:
        """Check a value as TOML gives it, and convert it to the form used in `Settings`; errors as for `parse`."""
        try:
            return self._checked(raw)
        except PostureError as error:
            said = tr("{key}: {error}; allowed: {allowed}", key=self.key, error=error, allowed=self.allowed)
            raise PostureError(said, 2) from None

    def _checked(self, raw: object) -> Value:
        if self.kind in ("number", "whole"):
            numeric = int if self.kind == "whole" else int | float
            if not isinstance(raw, numeric) or isinstance(raw, bool):
                form = mark("{text} is not a whole number") if self.kind == "whole" else mark("{text} is not a number")
                raise PostureError(tr(form, text=shown(raw)), 2)
            return self._in_range(raw, raw)
        if self.kind == "duration":
            if isinstance(raw, str):
                return self._in_range(parse_duration(raw), raw)
            if isinstance(raw, int | float) and not isinstance(raw, bool):
                if raw == 0:
                    return self._in_range(0, raw)
                raise no_unit(raw, shown(raw))
            raise PostureError(
                tr('{text} is not a duration: write it like "45m", "1h30m" or "90s"', text=shown(raw)), 2
            )
        if self.kind == "flag":
            if not isinstance(raw, bool):
                raise PostureError(tr("{text} is neither true nor false", text=shown(raw)), 2)
            return raw
        return self._checked_text(raw)

    def _in_range(self, value: float, raw: object) -> Value:
        # Written so that NaN, which compares false with everything, is refused too.
        if not self.low <= value <= self.high:
            raise PostureError(tr("{text} is out of range", text=shown(raw)), 2)
        return value if self.kind == "whole" else float(value)

    def _checked_text(self, raw: object) -> str:
        if self.kind == "names" and isinstance(raw, list) and all(isinstance(name, str) for name in raw):
            raw = ", ".join(raw)
        if not isinstance(raw, str):
            raise PostureError(tr("{text} is not text: put it in quotes", text=shown(raw)), 2)
        if any(ord(c) < 32 or 127 <= ord(c) < 160 or 0xD800 <= ord(c) < 0xE000 for c in raw) or len(raw) > 1000:
            raise PostureError(tr("{text} is too long or holds characters that cannot be shown", text=shown(raw)), 2)
        if self.kind == "choice" and raw not in self.choices:
            raise PostureError(tr("{text} is not one of the choices", text=shown(raw)), 2)
        if self.kind == "names":
            return self._checked_names(raw)
        if self.kind == "hours":
            return ", ".join(map(str, parse_hours(raw)))
        if self.kind == "clock":
            minute = parse_clock(raw)
            return "" if minute is None else "{:02}:{:02}".format(*divmod(minute, 60))
        if raw == "" and self.default != "":
            raise PostureError(tr("it must not be empty"), 2)
        if self.kind == "path" and raw:
            raw = os.path.expanduser(raw)  # noqa: PTH111 - leaves an unknown ~name as it is, where Path raises
            if not os.path.isabs(raw):  # noqa: PTH117
                raise PostureError(tr("{text} depends on the folder the program is started in", text=shown(raw)), 2)
        return raw

    def _checked_names(self, raw: str) -> str:
        names = parse_names(raw)
        for name in names if self.choices else ():
            if name not in self.choices:
                raise PostureError(tr("{text} is not one of them", text=shown(name)), 2)
        return ", ".join(sorted(names, key=self.choices.index) if self.choices else names)


@functools.cache
def setting_specs() -> tuple[SettingSpec, ...]:
    """List all settings in the order of the sections."""
    return tuple(
        SettingSpec(
            section=section.name,
            name=entry.name.removesuffix("_s"),
            attribute=entry.name,
            kind=entry.metadata["kind"],
            unit=entry.metadata["unit"],
            low=entry.metadata.get("low", -math.inf),
            high=entry.metadata.get("high", math.inf),
            choices=entry.metadata.get("choices", ()),
            default=cast(Value, entry.default),
            doc=entry.metadata["doc"],
        )
        for section in fields(Settings)
        for entry in fields(section.default_factory)  # type: ignore[arg-type]
    )


def find_spec(key: str) -> SettingSpec:
    """Find a setting by ``section.name``, or by its name alone where only one section has it.

    A PostureError says that there is no such setting, and names the most similar one.
    """
    found = [spec for spec in setting_specs() if key in (spec.key, spec.name)]
    if len(found) == 1:
        return found[0]
    if found:
        which = listed([spec.key for spec in found], "or")
        raise PostureError(tr("{name} may mean {keys}: write which", name=shown(key), keys=which), 2)
    import difflib

    keys = [spec.key for spec in setting_specs()]
    same_name = [spec.key for spec in setting_specs() if key.rpartition(".")[2] in (spec.name, spec.attribute)]
    nearest = (same_name or difflib.get_close_matches(key[:100], keys, 1, cutoff=0.0))[0]
    raise PostureError(tr("there is no setting {name}; the nearest is {nearest}", name=shown(key), nearest=nearest), 2)


def settings_in_conflict(settings: Settings) -> tuple[SettingSpec, SettingSpec] | None:
    """Find two settings that contradict each other: the first must not be longer than the second."""
    for shorter, longer in _NOT_LONGER:
        a, b = find_spec(shorter), find_spec(longer)
        if a.section == "goals" and not b.of(settings):
            continue
        if float(a.of(settings)) > float(b.of(settings)):
            return a, b
    return None


def _plain(number: float) -> str:
    return repr(number).removesuffix(".0")
