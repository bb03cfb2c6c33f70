"""Settings for people: found by words, named plainly, in the order in which somebody looks for them. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from posture.settings import Settings, SettingSpec, format_duration, setting_specs


@dataclass(frozen=True)
class Section:
    """Settings that belong together."""

    key: str
    title: str
    exact: bool = False
    """Whether few people ever change them."""


SECTIONS = (
    Section("coach", "Reminders and exercises"),
    Section("desktop", "How reminders are shown"),
    Section("signals", "Glow, sound, break card, countdown"),
    Section("goals", "Goals of your own"),
    Section("camera", "Camera"),
    Section("history", "What is kept"),
    Section("privacy", "Privacy"),
    Section("measure", "From when on a posture counts", exact=True),
    Section("timeline", "How sitting and breaks are counted", exact=True),
    Section("cadence", "How often it looks", exact=True),
    Section("pose", "The model that looks", exact=True),
)
"""A section that is not named here comes before the exact ones, under its own name."""
_UNITS = {"_deg": "", "_cm": "", "_px": "", "_fps": "", "_sw": ""}


def sections() -> tuple[Section, ...]:
    """All sections of the settings, in their order."""
    named = {section.key: section for section in SECTIONS}
    keys = dict.fromkeys(spec.section for spec in setting_specs())
    others = tuple(Section(key, key.capitalize()) for key in keys if key not in named)
    listed = tuple(section for section in SECTIONS if section.key in keys)
    return (*(s for s in listed if not s.exact), *others, *(s for s in listed if s.exact))


def plain_name(spec: SettingSpec) -> str:
    """Name a setting as one would say it: ``stand_after`` is "Stand after"."""
    name = spec.name
    for unit in _UNITS:
        name = name.removesuffix(unit)
    return name.replace("_", " ").capitalize()


def shown_value(spec: SettingSpec, text: str) -> str:
    """A value with its unit, as it is read."""
    if not text:
        return "nothing"
    if spec.kind == "flag":
        return "on" if text == "true" else "off"
    return f"{text} {spec.unit}".rstrip()


def range_words(spec: SettingSpec) -> str:
    """Say what may be given, and what is so by default."""
    default = shown_value(spec, spec.text(spec.default))
    if spec.kind == "duration":
        return f"{format_duration(spec.low)} to {format_duration(spec.high)}; default: {default}."
    if spec.kind in ("number", "whole"):
        return f"{spec.allowed}; default: {default}."
    if spec.kind == "names" and not spec.choices:
        return f"Names with commas between them; default: {default}."
    if spec.kind in ("flag", "choice", "names", "text"):
        return f"Default: {default}."
    return f"{spec.allowed}; default: {default}."


def speaking_of(words: Sequence[str]) -> list[SettingSpec]:
    """Select the settings in whose name, section or meaning all words stand; all of them without a word."""
    wanted = [word.lower().replace("-", "_") for word in words]
    titles = {section.key: section.title for section in SECTIONS}

    def said(spec: SettingSpec) -> str:
        return f"{spec.key} {titles.get(spec.section, '')} {spec.doc} {spec.allowed}".lower()

    return [
        spec for spec in setting_specs() if all(w in said(spec) or w.replace("_", " ") in said(spec) for w in wanted)
    ]


def changed(spec: SettingSpec, settings: Settings) -> bool:
    """Whether a setting is not at its default."""
    return spec.of(settings) != spec.default
