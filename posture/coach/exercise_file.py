"""Read a file of exercises, and say on which line what is wrong with it. Pure.

The program's own exercises.toml and a user's files in the folder `exercises.d` have the same keys; in a user's file
what the camera would check, what it rests on and the drawing may be left out.
"""

from __future__ import annotations

import re
import string
import tomllib
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from typing import Any, get_args

from posture.coach.exercise import (
    BIASES,
    GROUPS,
    HURTS,
    POSITIONS,
    Arrow,
    CameraCheck,
    Check,
    Dose,
    Exercise,
    Figure,
    Form,
    Move,
    Part,
    exercise_of,
)
from posture.coach.reminder import OwnText
from posture.language import mark, tr
from posture.settings import CONDITIONS, KINDS

MOST_STEPS = 4
MOST_STEP_WORDS = 16
MOST_TEXT = 300
"""Characters of one text: what a notification shows [design choice]."""
OWN_SOURCE = mark("your own")
PLACEHOLDERS = ("lasted", "exercise", "what")
"""What an own text may name in braces: how long it has lasted, the exercise in a sentence, what was seen."""


@dataclass(frozen=True)
class Fault:
    """What is wrong, on which line; the first is 1."""

    line: int
    says: str


@dataclass(frozen=True)
class Contents:
    """What a file holds: all that is sound, and what is not."""

    exercises: tuple[Exercise, ...] = ()
    texts: tuple[OwnText, ...] = ()
    faults: tuple[Fault, ...] = ()


Keys = tuple[str | int, ...]
Found = tuple[Keys, str]
Rule = Callable[[Any, Keys], Iterator[Found]]


def read(text: str, taken: Collection[str] = ()) -> Contents:
    """Read a user's file.

    Parameters
    ----------
    taken : collection of str
        Ids that there are already.
    """
    try:
        data = tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError) as error:
        at = re.search(r" \(at line (\d+), column \d+\)$", str(error))
        says = str(error)[: at.start()] if at else tr("it is not TOML")
        end = text.count("\n") + 1
        return Contents(faults=(Fault(int(at[1]) if at else end, says[:1].lower() + says[1:]),))
    found: list[Found] = [
        ((key,), tr("{key} is not known", key=key)) for key in data if key not in ("exercise", "reminder")
    ]
    exercises: list[Exercise] = []
    texts: list[OwnText] = []
    for number, entry in _entries(data, "exercise", found):
        whole = {**_LEFT_OUT, **entry, "dose": _with_source(entry.get("dose"))}
        keys: Keys = ("exercise", number)
        wrong = [(keys + name[2:], says) for name, says in faults_of(whole, keys)]
        name = whole.get("id")
        if not wrong and name in (*taken, *(exercise.id for exercise in exercises)):
            wrong = [((*keys, "id"), tr("there is an exercise {name} already: give it another id", name=name))]
        found += wrong
        if not wrong:
            exercises.append(_in_the_language(exercise_of(whole)))
    for number, entry in _entries(data, "reminder", found):
        wrong = list(_REMINDER(entry, ("reminder", number)))
        if not wrong and entry["kind"] in [text.kind for text in texts]:
            wrong = [(("reminder", number, "kind"), tr("{kind} is there twice", kind=entry["kind"]))]
        found += wrong
        if not wrong:
            texts.append(OwnText(**entry))
    lines = text.splitlines()
    faults = sorted({(_line_of(lines, keys), says) for keys, says in found})
    return Contents(tuple(exercises), tuple(texts), tuple(Fault(*fault) for fault in faults))


def _in_the_language(exercise: Exercise) -> Exercise:
    """Translate what the program has filled in; what the user has written stays."""
    own, says = tr(OWN_SOURCE), _LEFT_OUT["camera"]["says"]
    return replace(
        exercise,
        source=own if exercise.source == OWN_SOURCE else exercise.source,
        dose=replace(exercise.dose, source=own if exercise.dose.source == OWN_SOURCE else exercise.dose.source),
        camera=replace(exercise.camera, says=tr(says) if exercise.camera.says == says else exercise.camera.says),
    )


def faults_of(entry: Any, keys: Keys = ("exercise", 0)) -> list[Found]:
    """What is wrong with the entry of one exercise: the keys that lead to it, and a sentence; empty if it is sound."""
    return list(_EXERCISE(entry, keys)) or list(_together(entry, keys))


def _entries(data: Mapping[str, Any], kind: str, found: list[Found]) -> Iterator[tuple[int, Mapping[str, Any]]]:
    entries = data.get(kind, [])
    if not isinstance(entries, list) or not all(isinstance(entry, Mapping) for entry in entries):
        found.append(((kind,), tr("{kind} is written as [[{kind}]]", kind=kind)))
        return
    yield from enumerate(entries)


def _with_source(dose: Any) -> Any:
    return {"source": OWN_SOURCE, **dose} if isinstance(dose, Mapping) else dose


_LEFT_OUT: Mapping[str, Any] = {
    "target": OWN_SOURCE,
    "group": "whole body",
    "bias": ["neutral"],
    "avoid": [],
    "camera": {"view": "none", "says": mark("It is one of your own: timed only.")},
    "source": OWN_SOURCE,
}
"""What a user need not say."""


# -- what a key may hold -----------------------------------------------------------------------------------------------


def _name(keys: Keys) -> str:
    return ".".join(key for key in keys[2:] if isinstance(key, str)) or str(keys[0])


def _text(value: Any, keys: Keys) -> Iterator[Found]:
    if not isinstance(value, str) or not value.strip():
        yield keys, tr("{key} is not text", key=_name(keys))
    elif len(value) > MOST_TEXT:
        yield keys, tr("{key} is longer than {most} characters", key=_name(keys), most=MOST_TEXT)
    elif any(not character.isprintable() for character in value):
        yield keys, tr("{key} holds a character that cannot be shown", key=_name(keys))


def _identity(value: Any, keys: Keys) -> Iterator[Found]:
    if not isinstance(value, str) or not re.fullmatch(r"[a-z][a-z0-9_]{0,39}", value):
        yield keys, tr("{key} is not a name of small letters, digits and underscores", key=_name(keys))


def _choice(of: Collection[str]) -> Rule:
    def rule(value: Any, keys: Keys) -> Iterator[Found]:
        if not isinstance(value, str) or value not in of:
            yield (
                keys,
                tr(
                    "{key} is {value!r}, not one of {choices}",
                    key=_name(keys),
                    value=str(value)[:40],
                    choices=", ".join(of),
                ),
            )

    return rule


def _each_of(rule: Rule, least: int = 0, most: int = 99) -> Rule:
    def check(values: Any, keys: Keys) -> Iterator[Found]:
        if not isinstance(values, list) or not least <= len(values) <= most:
            yield keys, tr("{key} is not a list of {least} to {most}", key=_name(keys), least=least, most=most)
        else:
            for number, value in enumerate(values):
                yield from rule(value, (*keys, number))

    return check


def _number(value: Any, keys: Keys) -> Iterator[Found]:
    if isinstance(value, bool) or not isinstance(value, int | float) or not -1e4 <= value <= 1e4:
        yield keys, tr("{key} is not a number", key=_name(keys))


def _interval(low: float, high: float, kind: type = object) -> Rule:
    def rule(values: Any, keys: Keys) -> Iterator[Found]:
        faults = list(_each_of(_number, 2, 2)(values, keys))
        yield from faults
        if not faults and not low <= values[0] <= values[1] <= high:
            yield (
                keys,
                tr("{key} is not in order within {low} to {high}", key=_name(keys), low=f"{low:g}", high=f"{high:g}"),
            )
        if not faults and not all(isinstance(value, kind) for value in values):
            yield keys, tr("{key} is not whole", key=_name(keys))

    return rule


def _flag(value: Any, keys: Keys) -> Iterator[Found]:
    if not isinstance(value, bool):
        yield keys, tr("{key} is not true or false", key=_name(keys))


def _step(value: Any, keys: Keys) -> Iterator[Found]:
    faults = list(_text(value, keys))
    yield from faults
    if not faults and (len(value.split()) > MOST_STEP_WORDS or not value.endswith(".")):
        yield keys, tr("{key}: {value!r} is not a short sentence", key=_name(keys), value=value[:60])


def _table(kind: type, needed: Mapping[str, Rule], optional: Mapping[str, Rule] | None = None) -> Rule:
    """A table with these keys; together they are the fields of the class that it becomes."""
    rules = {**needed, **(optional or {})}
    assert set(rules) == {field.name for field in fields(kind)}, set(rules) ^ {field.name for field in fields(kind)}

    def rule(value: Any, keys: Keys) -> Iterator[Found]:
        if not isinstance(value, Mapping):
            yield keys, tr("{key} is not a table", key=_name(keys))
            return
        meant = {
            name: _nearest(name, [rule for rule in rules if rule not in value]) for name in value if name not in rules
        }
        for name in needed:
            if name not in value and name not in meant.values():
                yield keys, tr("{key} is missing", key=_name((*keys, name)))
        for name, found in value.items():
            if name in rules:
                yield from rules[name](found, (*keys, name))
            else:
                key = _name((*keys, name))
                if meant[name]:
                    yield (*keys, name), tr("{key} is not known: did you mean {meant}?", key=key, meant=meant[name])
                else:
                    yield (*keys, name), tr("{key} is not known", key=key)

    return rule


def _nearest(name: str, known: Sequence[str]) -> str:
    import difflib

    return next(iter(difflib.get_close_matches(name, known, 1)), "")


_DIRECTIONS = _each_of(_each_of(_number, 2, 2), 2, 2)
_EXERCISE = _table(
    Exercise,
    {
        "id": _identity,
        "group": _choice(GROUPS),
        **dict.fromkeys(("name", "target", "line", "source"), _text),
        "position": _choice(POSITIONS),
        "sides": _choice(("each", "both")),
        "bias": _each_of(_choice(BIASES), 1),
        "steps": _each_of(_step, 1, MOST_STEPS),
        "dose": _table(
            Dose,
            {
                "form": _choice(get_args(Form)),
                "times": _interval(1, 20, int),
                "source": _text,
                "hold_s": _interval(0, 600),
            },
            {
                "reps": _interval(1, 50, int),
                "moves": _each_of(_table(Move, {"says": _text, "takes_s": _number}), 1),
            },
        ),
        "avoid": _each_of(_text),
        "camera": _table(
            CameraCheck,
            {"view": _choice(("front", "side", "none")), "says": _text},
            {
                "check": _choice(get_args(Check)),
                "band": _interval(0, 180),
                "least_s": _number,
                **dict.fromkeys(("unit", "source"), _text),
            },
        ),
    },
    {
        "line_s": _number,
        "hurts": _each_of(_choice(HURTS)),
        "unless": _each_of(_choice(CONDITIONS)),
        "figure": _table(
            Figure,
            {
                "view": _choice(("front", "side", "above")),
                **dict.fromkeys(("lower", "trunk", "head"), _number),
                **dict.fromkeys(("arms", "legs"), _DIRECTIONS),
            },
            {
                "props": _each_of(_choice(("chair",))),
                "turn": _flag,
                "arrows": _each_of(
                    _table(Arrow, {"part": _choice(get_args(Part)), "toward_deg": _number}, {"back": _flag}), 1, 4
                ),
                "legs_seen": _DIRECTIONS,
            },
        ),
    },
)


def _together(entry: Mapping[str, Any], keys: Keys) -> Iterator[Found]:
    """What the keys of one exercise must be together."""
    dose, camera = entry["dose"], entry["camera"]
    at_dose = (*keys, "dose")
    if (dose["form"] == "reps") != ("reps" in dose) or ("reps" in dose) != ("moves" in dose):
        yield at_dose, tr("dose has reps and moves where its form is reps, and only there")
    if dose["form"] != "reps" and dose["hold_s"][0] < 1:
        yield (*at_dose, "hold_s"), tr("dose.hold_s is nothing to keep")
    if dose["form"] == "walk" and dose["times"] != [1, 1]:
        yield (*at_dose, "times"), tr("dose.times of a walk is not 1")
    if any(move["takes_s"] <= 0 for move in dose.get("moves", ())):
        yield (*at_dose, "moves"), tr("dose.moves take no time")
    if (camera["view"] == "front") != ("check" in camera):
        yield (*keys, "camera"), tr("camera.check belongs to what is seen from the front")
    if "check" in camera and "band" not in camera:
        yield (*keys, "camera"), tr("camera.band is missing")
    if "band" in camera and not {"unit", "source"} <= set(camera):
        yield (*keys, "camera"), tr("camera.band needs a unit and a source")
    sides = {"side", "other"} if entry["sides"] == "each" else set[str]()
    sentences: list[tuple[Keys, str]] = [(("steps", number), step) for number, step in enumerate(entry["steps"])]
    sentences += [(("dose", "moves", number), move["says"]) for number, move in enumerate(dose.get("moves", ()))]
    for key, sentence in (*sentences, (("line",), entry["line"])):
        allowed = sides | {"way"} if key[0] == "dose" else sides
        if not _named(sentence) <= allowed:
            yield (
                (*keys, *key),
                tr("{key}: {sentence!r} names a side that there is not", key=key[0], sentence=sentence[:60]),
            )


def _named(sentence: str) -> set[str]:
    """The names in braces; "?" where the braces do not fit together or more than a name stands in them."""
    try:
        parts = list(string.Formatter().parse(sentence))
    except ValueError:
        return {"?"}
    return {"?" if spec or conversion else name for _, name, spec, conversion in parts if name is not None}


def _own_text(value: Any, keys: Keys) -> Iterator[Found]:
    faults = list(_text(value, keys))
    yield from faults
    if not faults and not _named(value) <= set(PLACEHOLDERS):
        yield (
            keys,
            tr(
                "{key} may name {names}, nothing else",
                key=_name(keys),
                names=", ".join("{" + name + "}" for name in PLACEHOLDERS),
            ),
        )


_REMINDER = _table(OwnText, {"kind": _choice(KINDS)}, {"title": _own_text, "body": _own_text})


def _line_of(lines: Sequence[str], keys: Keys) -> int:
    """The line that the keys lead to, as far as they can be followed; the first is 1."""
    at = 0
    if len(keys) == 1:
        pattern = rf"\s*(\[+\s*)?[\"']?{re.escape(str(keys[0]))}[\"']?\s*[=\].]"
        return next((number for number, line in enumerate(lines, 1) if re.match(pattern, line)), 1)
    if len(keys) > 1:
        heads = [number for number, line in enumerate(lines) if re.match(rf"\s*\[\[\s*{keys[0]}\s*\]\]", line)]
        at = heads[int(keys[1])] if int(keys[1]) < len(heads) else 0
        keys = keys[2:]
    for key in keys:
        pattern = _KEY.format(re.escape(key)) if isinstance(key, str) else _ELEMENT
        seen = 0
        for number in range(at, len(lines)):
            if number > at and re.match(r"\s*\[\[", lines[number]):
                break
            line = lines[number].partition("[")[2] if number == at and isinstance(key, int) else lines[number]
            seen += len(re.findall(pattern, line))
            if seen > (key if isinstance(key, int) else 0):
                at = number
                break
    return at + 1


_KEY = r"(?:^|[\s{{,\[.])[\"']?{}[\"']?\s*[=\].]"
_ELEMENT = r"\{[^}]*\}?|\"(?:[^\"\\]|\\.)*\"|'[^']*'|[-+.\w]+"
"""A key, and an element of a list."""
