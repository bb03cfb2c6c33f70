"""The language of this process: its sentences, and how it writes numbers, dates and lists.

English texts stand in the code, and are looked up in the catalogue of the language (gettext) when they are shown. In
English nothing is loaded. `tools/catalogues.py` collects the texts and makes the catalogues; docs/translating.md says
how to write a text, and how to translate one.
"""

from __future__ import annotations

import functools
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from datetime import date
    from gettext import GNUTranslations

LANGUAGES: Mapping[str, str] = {
    "en": "English",
    "de": "Deutsch",
    "fr": "Français",
    "es": "Español",
    "it": "Italiano",
    "pt_BR": "Português (Brasil)",
    "ja": "日本語",
}
"""What the program speaks, each by its own name."""
FOLDER = Path(__file__).parent / "locale"
READ_BY_CLINICIAN: frozenset[str] = frozenset()
"""Languages in which a clinician who speaks them has read the safety texts; docs/translating.md says how."""
SAFETY = "safety"
"""The context of texts on which somebody's safety may depend."""

_NOUNS_STAY = ("de", "ja")
"""Languages in which a name keeps its first letter inside a sentence."""


class _Speech:
    """What this process speaks. One for the whole process, as a person reads it in one language."""

    name = "en"
    catalogue: GNUTranslations | None = None


_speech = _Speech()


def language() -> str:
    """Give the language of this process, one of `LANGUAGES`."""
    return _speech.name


def speak(name: str) -> None:
    """Speak a language from now on; without a catalogue for it, English.

    Parameters
    ----------
    name : str
        One of `LANGUAGES`, or the name of a folder in `FOLDER`.
    """
    _speech.catalogue = None if name == "en" else _catalogue(name)
    _speech.name = name if _speech.catalogue is not None else "en"


@functools.cache
def _catalogue(name: str) -> GNUTranslations | None:
    from gettext import GNUTranslations

    try:
        with (FOLDER / name / "LC_MESSAGES/posture.mo").open("rb") as file:
            return GNUTranslations(file)
    except (OSError, UnicodeDecodeError, ValueError):
        return None  # a program that was installed in part still speaks


def language_of(setting: str, environment: Mapping[str, str], system: str = "") -> str:
    """Give the language for the setting ``general.language``, one of `LANGUAGES`.

    Parameters
    ----------
    setting : str
        A language, or "auto" for that of the desktop.
    environment : mapping of str to str
        The variables in which a session names its languages: LANGUAGE, LC_ALL, LC_MESSAGES, LANG, as in gettext.
    system : str
        What the system says where the environment says nothing, such as ``de-DE``.
    """
    if setting in LANGUAGES:
        return setting
    for variable in ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(variable):
            return _first_known(environment[variable].split(":"))
    return _first_known([system])


def _first_known(names: Sequence[str]) -> str:
    """Give the first of some names of locales, such as ``pt_PT.UTF-8``, that is spoken; English if none is."""
    by_tongue = {known.partition("_")[0]: known for known in LANGUAGES}
    for name in names:
        tongue = name.replace("-", "_").partition(".")[0].partition("@")[0].partition("_")[0].lower()
        if tongue in by_tongue:
            return by_tongue[tongue]
    return "en"


def language_of_system() -> str:
    """Give the locale in which the system speaks, for systems that do not say so in the environment; else empty."""
    found = ""
    if sys.platform == "win32":  # pragma: no cover
        import ctypes
        import locale

        found = locale.windows_locale.get(ctypes.windll.kernel32.GetUserDefaultUILanguage(), "")
    elif sys.platform == "darwin":  # pragma: no cover
        import plistlib

        try:
            with Path("~/Library/Preferences/.GlobalPreferences.plist").expanduser().open("rb") as file:
                found = str(plistlib.load(file)["AppleLanguages"][0])
        except (OSError, ValueError, KeyError, IndexError, TypeError, RuntimeError, plistlib.InvalidFileException):
            pass
    return found


def in_all_languages(message: str) -> dict[str, str]:
    """Give a marked text in every language that has a catalogue with it, by the name of the language; not English.

    For files that other programs read in the language of their user.
    """
    found = {name: catalogue.gettext(message) for name in LANGUAGES if (catalogue := _catalogue(name)) is not None}
    return {name: text for name, text in found.items() if text != message}


# -- sentences --------------------------------------------------------------------------------------------------------


def tr(message: str, /, **values: object) -> str:
    """Give a text in the language of this process.

    Parameters
    ----------
    message : str
        The English text, a literal here or where `mark` stands. It may have names in braces, and then it is a whole
        sentence: what a language puts elsewhere cannot be glued together.
    **values
        What stands for the names. For "left" and "right" a translation may write ``{side:linke|rechte}``: the form for
        the left, and that for the right. Numbers come from `number`, dates from `dated`.
    """
    catalogue = _speech.catalogue
    return _filled(message if catalogue is None or not message else catalogue.gettext(message), message, values)


def trn(one: str, many: str, count: int, /, **values: object) -> str:
    """Give a text that depends on a count, which is ``{n}`` in it; see `tr`."""
    catalogue = _speech.catalogue
    english = one if count == 1 else many
    said = english if catalogue is None else catalogue.ngettext(one, many, count)
    return _filled(said, english, {"n": number(count), **values})


def trc(context: str, message: str, /, **values: object) -> str:
    """Give a text that means different things in different places, such as "back"; see `tr`."""
    catalogue = _speech.catalogue
    return _filled(message if catalogue is None else catalogue.pgettext(context, message), message, values)


def tr_safety(message: str, /, **values: object) -> str:
    """Give a text on which somebody's safety may depend; `english_at_hand` goes with it. See `tr`."""
    return trc(SAFETY, message, **values)


def mark(message: str) -> str:
    """Name a text that is translated where it is shown, by `tr`: a constant, what is stored, or what is compared."""
    return message


def mark_safety(message: str) -> str:
    """As `mark`, for `tr_safety`."""
    return message


def mark_of(context: str, message: str) -> str:
    """As `mark`, for `trc`."""
    return message


def english_at_hand(*messages: str, **values: object) -> str:
    """Give what goes with safety texts in another language: that no clinician has read them yet, and the English text.

    Parameters
    ----------
    *messages : str
        The English texts, as given to `tr_safety`.
    **values
        What stands for names in them.

    Returns
    -------
    str
        Empty in English, and in the languages of `READ_BY_CLINICIAN`.
    """
    if _speech.catalogue is None or _speech.name in READ_BY_CLINICIAN:
        return ""
    english = " ".join(_filled(message, message, values) for message in messages)
    return tr(
        "This translation has not been read by a clinician who speaks the language. The English text: {english}",
        english=english,
    )


class _Side(str):
    """ "left" or "right", which gives one of two forms where a translation has both."""

    __slots__ = ()

    def __format__(self, forms: str) -> str:
        if "|" in forms:
            return forms.split("|")[str(self) == "right"]
        return format(tr(str(self)), forms)


def _filled(text: str, english: str, values: Mapping[str, object]) -> str:
    if not values:
        return text
    sided = {name: _Side(value) if value in ("left", "right") else value for name, value in values.items()}
    try:
        return text.format(**sided)
    except (KeyError, IndexError, ValueError):
        return english.format(**sided)  # a catalogue with a fault; tests/test_language.py looks for them


# -- numbers, dates, lists --------------------------------------------------------------------------------------------


def number(value: float, digits: int = 0, *, sign: bool = False) -> str:
    """Write a number as the language does.

    Parameters
    ----------
    value : float
        The number.
    digits : int
        Digits behind the decimal sign.
    sign : bool
        Whether a plus is written.
    """
    text = f"{value:+.{digits}f}" if sign else f"{value:.{digits}f}"
    return text.replace(".", _decimal_sign(_speech.name)) if digits and _speech.name != "en" else text


@functools.cache
def _decimal_sign(name: str) -> str:
    from babel.numbers import get_decimal_symbol

    return get_decimal_symbol(_locale(name))


_SKELETONS = {
    "%a": "ccc",
    "%A": "cccc",
    "%b": "LLL",
    "%B": "LLLL",
    "%a %d": "Ed",
    "%d %b": "MMMd",
    "%a %d %b": "MMMEd",
    "%a %d %b %Y": "yMMMEd",
    "%A %d %B": "MMMMEEEEd",
    "%A %d %B %Y": "yMMMMEEEEd",
    "%A, %d %B %Y": "yMMMMEEEEd",
    "%d %B": "MMMMd",
    "%d %B %Y": "yMMMMd",
    "%d %b %Y": "yMMMd",
    "%b %Y": "yMMM",
    "%b %y": "yMMM",
    "%B %Y": "yMMMM",
}
"""How a date can be written: in English as `strftime` does, else by the locale's own pattern for these fields."""
_OF_DAY = " %H:%M"


def dated(moment: date, form: str) -> str:
    """Write a date, or a date and time, as the language does.

    Parameters
    ----------
    moment : date or datetime
        Local.
    form : str
        How it is written in English: a key of `_SKELETONS`, in which ``%-d`` may stand for ``%d``, alone or before
        " %H:%M".
    """
    from datetime import datetime  # light commands show no date

    of_day = ""
    if form.endswith(_OF_DAY) and isinstance(moment, datetime):
        form, of_day = form.removesuffix(_OF_DAY), format(moment, _OF_DAY)
    if _speech.name == "en":
        padded = form.replace("%-d", f"{moment.day}")  # %-d is not there on every system
        return format(moment, padded) + of_day
    from babel.dates import format_date, format_skeleton

    skeleton, locale = _SKELETONS[form.replace("%-d", "%d")], _locale(_speech.name)
    if skeleton in ("ccc", "cccc", "LLL", "LLLL"):
        return format_date(moment, skeleton, locale) + of_day
    if "EEEE" in skeleton:
        return format_date(moment, _with_whole_weekday(skeleton, locale), locale) + of_day
    return format_skeleton(skeleton, moment, locale=locale) + of_day


@functools.cache
def _with_whole_weekday(skeleton: str, locale: str) -> str:
    """Give a locale's pattern for some fields; the one that is nearest to them may have the short name of the day."""
    from babel import Locale
    from babel.dates import match_skeleton

    patterns = Locale.parse(locale).datetime_skeletons
    nearest = match_skeleton(skeleton, patterns)
    return "EEEE, d MMMM y" if nearest is None else str(patterns[nearest]).replace("EEEE", "E").replace("E", "EEEE")


def listed(names: Sequence[str], kind: Literal["and", "or"] = "and") -> str:
    """Write names as a list: "a, b and c". Empty for none."""
    if _speech.name != "en" and len(names) > 1:
        from babel.lists import format_list

        return format_list(list(names), "standard" if kind == "and" else "or", _locale(_speech.name))
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} {kind} {names[-1]}" if names else ""


def in_sentence(name: str) -> str:
    """Write a name as it stands inside a sentence: "Side-bend" as "side-bend", where that is usual."""
    return name if _speech.name in _NOUNS_STAY else name[:1].lower() + name[1:]


def sentence_start(text: str) -> str:
    """Write a text as it begins a sentence."""
    return text[:1].upper() + text[1:]


def _locale(name: str) -> str:
    from babel import Locale, UnknownLocaleError

    try:
        return str(Locale.parse(name))
    except (UnknownLocaleError, ValueError):
        return "en"  # the language of the tests that no text is forgotten
