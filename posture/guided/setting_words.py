"""Settings for people: found by words, named plainly, in the order in which somebody looks for them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from posture.durations import format_duration
from posture.language import LANGUAGES, mark, mark_of, tr, trc
from posture.settings import Settings, SettingSpec, parse_names, setting_specs


@dataclass(frozen=True)
class Section:
    """Settings that belong together."""

    key: str
    title: str
    """In English."""
    exact: bool = False
    """Whether few people ever change them."""


SECTIONS = (
    Section("general", mark("Language")),
    Section("coach", mark("Reminders and exercises")),
    Section("desktop", mark("How reminders are shown")),
    Section("signals", mark("Glow, sound, break card, countdown")),
    Section("goals", mark("Goals of your own")),
    Section("camera", mark("Camera")),
    Section("history", mark("What is kept")),
    Section("privacy", mark("Privacy")),
    Section("measure", mark("From when on a posture counts"), exact=True),
    Section("timeline", mark("How sitting and breaks are counted"), exact=True),
    Section("cadence", mark("How often it looks"), exact=True),
    Section("pose", mark("The model that looks"), exact=True),
)
"""A section that is not named here comes before the exact ones, under its own name."""
_NAME = "name of a setting"
_NAMES = {
    "general.language": mark_of("name of a setting", "Language"),
    "camera.source": mark_of("name of a setting", "Source"),
    "camera.mode": mark_of("name of a setting", "Mode"),
    "camera.width_px": mark_of("name of a setting", "Width"),
    "camera.height_px": mark_of("name of a setting", "Height"),
    "camera.rate_fps": mark_of("name of a setting", "Rate"),
    "camera.rotate": mark_of("name of a setting", "Rotate"),
    "camera.after_lock": mark_of("name of a setting", "After lock"),
    "camera.on_battery": mark_of("name of a setting", "On battery"),
    "camera.field_of_view_deg": mark_of("name of a setting", "Field of view"),
    "cadence.look": mark_of("name of a setting", "Look"),
    "cadence.steady": mark_of("name of a setting", "Steady"),
    "cadence.away": mark_of("name of a setting", "Away"),
    "cadence.verify": mark_of("name of a setting", "Verify"),
    "cadence.attentive": mark_of("name of a setting", "Attentive"),
    "cadence.attentive_for": mark_of("name of a setting", "Attentive for"),
    "cadence.battery_factor": mark_of("name of a setting", "Battery factor"),
    "pose.model": mark_of("name of a setting", "Model"),
    "pose.engine": mark_of("name of a setting", "Engine"),
    "pose.min_visibility": mark_of("name of a setting", "Min visibility"),
    "measure.shoulder_tilt_deg": mark_of("name of a setting", "Shoulder tilt"),
    "measure.head_tilt_deg": mark_of("name of a setting", "Head tilt"),
    "measure.lateral_lean_deg": mark_of("name of a setting", "Lateral lean"),
    "measure.slump_deg": mark_of("name of a setting", "Slump"),
    "measure.forward_head_deg": mark_of("name of a setting", "Forward head"),
    "measure.lean_in_ratio": mark_of("name of a setting", "Lean in ratio"),
    "measure.too_close_cm": mark_of("name of a setting", "Too close"),
    "measure.standing_rise_sw": mark_of("name of a setting", "Standing rise"),
    "timeline.presence_dwell": mark_of("name of a setting", "Presence dwell"),
    "timeline.deviation_dwell": mark_of("name of a setting", "Deviation dwell"),
    "timeline.deviation_release": mark_of("name of a setting", "Deviation release"),
    "timeline.release_ratio": mark_of("name of a setting", "Release ratio"),
    "timeline.gap": mark_of("name of a setting", "Gap"),
    "timeline.break_after": mark_of("name of a setting", "Break after"),
    "timeline.effective_break": mark_of("name of a setting", "Effective break"),
    "timeline.lost_after": mark_of("name of a setting", "Lost after"),
    "timeline.shift_hold": mark_of("name of a setting", "Shift hold"),
    "coach.kinds": mark_of("name of a setting", "Kinds"),
    "coach.stand_after": mark_of("name of a setting", "Stand after"),
    "coach.move_after": mark_of("name of a setting", "Move after"),
    "coach.stretch_after": mark_of("name of a setting", "Stretch after"),
    "coach.sit_after": mark_of("name of a setting", "Sit after"),
    "coach.eyes_after": mark_of("name of a setting", "Eyes after"),
    "coach.posture_window": mark_of("name of a setting", "Posture window"),
    "coach.posture_share": mark_of("name of a setting", "Posture share"),
    "coach.cooldown": mark_of("name of a setting", "Cooldown"),
    "coach.spacing": mark_of("name of a setting", "Spacing"),
    "coach.most_per_hour": mark_of("name of a setting", "Most per hour"),
    "coach.repeat_after": mark_of("name of a setting", "Repeat after"),
    "coach.snooze": mark_of("name of a setting", "Snooze"),
    "coach.quiet_hours": mark_of("name of a setting", "Quiet hours"),
    "coach.quiet_while": mark_of("name of a setting", "Quiet while"),
    "coach.first_side": mark_of("name of a setting", "First side"),
    "coach.bias": mark_of("name of a setting", "Bias"),
    "coach.clearance": mark_of("name of a setting", "Clearance"),
    "coach.cues": mark_of("name of a setting", "Cues"),
    "coach.plan": mark_of("name of a setting", "Plan"),
    "history.folder": mark_of("name of a setting", "Folder"),
    "history.keep": mark_of("name of a setting", "Keep"),
    "privacy.allow_telemetry": mark_of("name of a setting", "Allow telemetry"),
    "desktop.notifications": mark_of("name of a setting", "Notifications"),
    "desktop.end_of_day": mark_of("name of a setting", "End of day"),
    "desktop.typing_wait": mark_of("name of a setting", "Typing wait"),
    "signals.glow": mark_of("name of a setting", "Glow"),
    "signals.glow_strength": mark_of("name of a setting", "Glow strength"),
    "signals.sound": mark_of("name of a setting", "Sound"),
    "signals.sound_strength": mark_of("name of a setting", "Sound strength"),
    "signals.card": mark_of("name of a setting", "Card"),
    "signals.card_strength": mark_of("name of a setting", "Card strength"),
    "signals.card_for": mark_of("name of a setting", "Card for"),
    "signals.countdown": mark_of("name of a setting", "Countdown"),
    "signals.countdown_from": mark_of("name of a setting", "Countdown from"),
    "goals.longest_bout": mark_of("name of a setting", "Longest bout"),
    "goals.breaks_per_hour": mark_of("name of a setting", "Breaks per hour"),
    "goals.sitting": mark_of("name of a setting", "Sitting"),
}
"""What each setting is called, by its key."""
_VALUE = "value of a setting"
_VALUES = {
    "auto": mark_of("value of a setting", "auto"),
    "continuous": mark_of("value of a setting", "continuous"),
    "glance": mark_of("value of a setting", "glance"),
    "slower": mark_of("value of a setting", "slower"),
    "pause": mark_of("value of a setting", "pause"),
    "same": mark_of("value of a setting", "same"),
    "lite": mark_of("value of a setting", "lite"),
    "full": mark_of("value of a setting", "full"),
    "heavy": mark_of("value of a setting", "heavy"),
    "stand": mark_of("value of a setting", "stand"),
    "move": mark_of("value of a setting", "move"),
    "stretch": mark_of("value of a setting", "stretch"),
    "posture": mark_of("value of a setting", "posture"),
    "sit": mark_of("value of a setting", "sit"),
    "eyes": mark_of("value of a setting", "eyes"),
    "left": mark_of("value of a setting", "left"),
    "right": mark_of("value of a setting", "right"),
    "any": mark_of("value of a setting", "any"),
    "neutral": mark_of("value of a setting", "neutral"),
    "extension": mark_of("value of a setting", "extension"),
    "flexion": mark_of("value of a setting", "flexion"),
    "surgery": mark_of("value of a setting", "surgery"),
    "fracture": mark_of("value of a setting", "fracture"),
    "osteoporosis": mark_of("value of a setting", "osteoporosis"),
    "late_pregnancy": mark_of("value of a setting", "late_pregnancy"),
    "hip_replacement": mark_of("value of a setting", "hip_replacement"),
    "balance": mark_of("value of a setting", "balance"),
    "none": mark_of("value of a setting", "none"),
    "sound": mark_of("value of a setting", "sound"),
    "voice": mark_of("value of a setting", "voice"),
}
"""How values that are words are shown. The file has the word itself."""


def sections() -> tuple[Section, ...]:
    """All sections of the settings, in their order."""
    named = {section.key: section for section in SECTIONS}
    keys = dict.fromkeys(spec.section for spec in setting_specs())
    others = tuple(Section(key, key.capitalize()) for key in keys if key not in named)
    listed = tuple(section for section in SECTIONS if section.key in keys)
    return (*(s for s in listed if not s.exact), *others, *(s for s in listed if s.exact))


def plain_name(spec: SettingSpec) -> str:
    """Name a setting as one would say it: ``stand_after`` is "Stand after"."""
    return trc(_NAME, _NAMES[spec.key])


def value_word(value: str) -> str:
    """Name one of the values of a setting: a language by its own name."""
    if value in LANGUAGES:
        return LANGUAGES[value]
    return trc(_VALUE, _VALUES[value]) if value in _VALUES else value


def meaning(spec: SettingSpec) -> str:
    """Say what a setting is, in words that may stand inside a sentence."""
    return tr(spec.doc)


def shown_value(spec: SettingSpec, text: str) -> str:
    """A value with its unit, as it is read."""
    if not text:
        # Translators: a setting is empty by default
        return tr("nothing")
    if spec.kind == "flag":
        # Translators: a setting is turned on, or off
        return tr("on") if text == "true" else tr("off")
    if spec.choices:
        return ", ".join(value_word(name) for name in parse_names(text))
    return f"{text} {tr(spec.unit)}".rstrip()


def range_words(spec: SettingSpec) -> str:
    """Say what may be given, and what is so by default."""
    default = shown_value(spec, spec.text(spec.default))
    if spec.kind == "duration":
        low, high = format_duration(spec.low), format_duration(spec.high)
        return tr("{low} to {high}; default: {default}.", low=low, high=high, default=default)
    if spec.kind in ("number", "whole"):
        return tr("{allowed}; default: {default}.", allowed=spec.allowed, default=default)
    if spec.kind == "names" and not spec.choices:
        return tr("Names with commas between them; default: {default}.", default=default)
    if spec.kind in ("flag", "choice", "names", "text"):
        return tr("Default: {default}.", default=default)
    return tr("{allowed}; default: {default}.", allowed=spec.allowed, default=default)


def speaking_of(words: Sequence[str]) -> list[SettingSpec]:
    """Select the settings in whose name, section or meaning all words stand; all of them without a word."""
    wanted = [word.lower().replace("-", "_") for word in words]
    titles = {section.key: section for section in SECTIONS}

    def said(spec: SettingSpec) -> str:
        section = titles.get(spec.section)
        title = f"{section.title} {tr(section.title)}" if section else ""
        values = " ".join(map(value_word, spec.choices))
        shown = f"{title} {plain_name(spec)} {meaning(spec)} {spec.allowed} {values}"
        return f"{spec.key} {spec.doc} {shown}".lower()  # in English, too: a word of the documentation is found

    return [
        spec for spec in setting_specs() if all(w in said(spec) or w.replace("_", " ") in said(spec) for w in wanted)
    ]


def changed(spec: SettingSpec, settings: Settings) -> bool:
    """Whether a setting is not at its default."""
    return spec.of(settings) != spec.default
