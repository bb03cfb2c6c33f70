"""The library of exercises: data in exercises.toml, read once and checked whole."""

from __future__ import annotations

import functools
import string
import tomllib
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from importlib import resources
from typing import Any, Literal, cast, get_args

from posture.errors import PostureError

__all__ = [
    "BIASES",
    "POSITIONS",
    "SECONDS_A_REP",
    "Band",
    "Bias",
    "CameraCheck",
    "Check",
    "Dose",
    "Exercise",
    "Figure",
    "Position",
    "Side",
    "find_exercise",
    "library",
    "other_side",
    "read_library",
]

Side = Literal["left", "right"]
Position = Literal["desk", "standing", "floor", "any"]
Bias = Literal["neutral", "flexion", "extension"]
Check = Literal["side_bend", "side_bend_seated", "ankle_on_knee", "hip_swing", "turn"]
View = Literal["front", "side", "none"]
Limb = tuple[float, float]

POSITIONS: tuple[Position, ...] = get_args(Position)
BIASES: tuple[Bias, ...] = get_args(Bias)
SECONDS_A_REP = 6.0
"""How long a repetition takes at an easy pace, about a breath [design choice]."""
MOST_STEPS = 4
LONGEST_STEP_WORDS = 16


@dataclass(frozen=True)
class Dose:
    """How long or how often, from - to, and how many times; `source` says what the numbers rest on.

    Attributes
    ----------
    hold_s : (float, float) or None
        Seconds of one hold.
    reps : (int, int) or None
        Repetitions, where nothing is held.
    times : (int, int)
        Holds or sets, on each side where there are sides.
    source : str
    """

    hold_s: tuple[float, float] | None
    reps: tuple[int, int] | None
    times: tuple[int, int]
    source: str

    @property
    def least_s(self) -> float:
        """Seconds the smallest dose takes on one side."""
        one_s = self.hold_s[0] if self.hold_s else SECONDS_A_REP * (self.reps or (1, 1))[0]
        return one_s * self.times[0]

    @property
    def words(self) -> str:
        """Such as `15-30 s, 2-3 times` or `8-10 repetitions`."""
        if self.hold_s is None:
            return f"{_span(self.reps or (1, 1))} repetitions"
        often = "" if self.times == (1, 1) else f", {_span(self.times)} times"
        if self.hold_s[0] >= 120:
            return f"{_span((self.hold_s[0] / 60, self.hold_s[1] / 60))} min{often}"
        return f"{_span(self.hold_s)} s{often}"


Band = tuple[float, float]


@dataclass(frozen=True)
class CameraCheck:
    """What a camera can make of it.

    Attributes
    ----------
    view : {"front", "side", "none"}
        From where it would have to be seen.
    check : str or None
        The check of `posture.coach.checks` that runs before a webcam in front; None where it is timed only.
    band : (float, float) or None
        Where the measure passes, in `unit`.
    unit : str
    least_s : float
        A hold counts as whole from this length on; 0 where repetitions are counted.
    source : str
        What the band rests on; empty where there is none.
    says : str
        What the user is told about it.
    """

    view: View
    check: Check | None
    band: Band | None
    unit: str
    least_s: float
    source: str
    says: str


@dataclass(frozen=True)
class Figure:
    """Directions of the body's segments, degrees: 0 up, 90 to the right, 180 down; see exercises.toml.

    Attributes
    ----------
    view : {"front", "side"}
    lower, trunk, head : float
        Lower and upper half of the trunk, and the head.
    arms, legs : two pairs of float
        Upper arm and forearm, thigh and shank; left (or near) limb first.
    props : tuple of str
        What stands there: "chair".
    turn : bool
        The chest turns: an arrow says so.
    """

    view: View
    lower: float
    trunk: float
    head: float
    arms: tuple[Limb, Limb]
    legs: tuple[Limb, Limb]
    props: tuple[str, ...] = ()
    turn: bool = False


@dataclass(frozen=True)
class Exercise:
    """One exercise.

    Attributes
    ----------
    id, name : str
    target : str
        The region it is for.
    position : {"desk", "standing", "floor", "any"}
    sides : {"each", "both"}
        One side after the other, or both at once.
    bias : tuple of {"neutral", "flexion", "extension"}
        Which way it moves the back.
    line : str
        The whole of it in a sentence, for a reminder.
    steps : tuple of str
        At most four short sentences. `{side}` is the side that is lengthened or worked, `{other}` the other.
    dose : Dose
    avoid : tuple of str
        Not with these.
    camera : CameraCheck
    source : str
    figure : Figure
    """

    id: str
    name: str
    target: str
    position: Position
    sides: Literal["each", "both"]
    bias: tuple[Bias, ...]
    line: str
    steps: tuple[str, ...]
    dose: Dose
    avoid: tuple[str, ...]
    camera: CameraCheck
    source: str
    figure: Figure

    @property
    def least_s(self) -> float:
        """Seconds the smallest dose takes, both sides together."""
        return self.dose.least_s * (2 if self.sides == "each" else 1)

    def line_for(self, side: Side) -> str:
        """The sentence of a reminder, beginning with `side`."""
        return self.line.format(side=side, other=other_side(side))

    def steps_for(self, side: Side) -> list[str]:
        """The steps for one side."""
        return [step.format(side=side, other=other_side(side)) for step in self.steps]


def other_side(side: Side) -> Side:
    """The other one."""
    return "right" if side == "left" else "left"


@functools.cache
def library() -> tuple[Exercise, ...]:
    """All exercises of the package."""
    text = resources.files("posture.coach").joinpath("exercises.toml").read_text(encoding="utf-8")
    return read_library(text)


def find_exercise(name: str) -> Exercise:
    """The exercise of this id.

    Raises
    ------
    PostureError
        There is none; names the nearest. Exit code 2.
    """
    for one in library():
        if one.id == name.lower().replace("-", "_"):
            return one
    import difflib

    nearest = difflib.get_close_matches(name[:50], [one.id for one in library()], 1, cutoff=0.0)[0]
    raise PostureError(f"There is no exercise {name[:50]!r}; the nearest is {nearest}: see posture exercises.", 2)


def read_library(text: str) -> tuple[Exercise, ...]:
    """Read and check a library.

    Parameters
    ----------
    text : str
        TOML with one `[[exercise]]` each.

    Raises
    ------
    PostureError
        It is no TOML, a key is missing, unknown or of the wrong kind, a band or dose has no source, a step is too
        long, or two have one id; the sentence names exercise and key.
    """
    try:
        data = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise PostureError(f"The library of exercises is not valid TOML ({error}): install posture again.") from None
    found: dict[str, Exercise] = {}
    for number, raw in enumerate(data.get("exercise", []), 1):
        name = str(raw.get("id", f"number {number}"))
        try:
            one = _exercise(raw)
            if one.id in found:
                raise ValueError("id is there twice")
        except (ValueError, TypeError, KeyError) as error:
            raise PostureError(f"The exercise {name} is not sound: {error.args[0]}.") from None
        found[one.id] = one
    if not found or set(data) != {"exercise"}:
        raise PostureError("The library of exercises holds something else than exercises: install posture again.")
    return tuple(found.values())


_KEYS = frozenset(Exercise.__dataclass_fields__)


def _exercise(raw: Mapping[str, Any]) -> Exercise:
    _only(raw, _KEYS, _KEYS)
    steps = _texts(raw["steps"], "steps")
    if not 1 <= len(steps) <= MOST_STEPS:
        raise ValueError(f"steps must be 1 to {MOST_STEPS} sentences")
    for step in steps:
        if len(step.split()) > LONGEST_STEP_WORDS or not step.endswith("."):
            raise ValueError(f"the step {step!r} is not a short sentence")
    sides = _one_of(raw["sides"], ("each", "both"), "sides")
    for text in (*steps, raw["line"]):
        names = {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
        if not names <= {"side", "other"} or (names and sides == "both"):
            raise ValueError(f"{text!r} names a side that there is not")
    bias = tuple(_one_of(one, BIASES, "bias") for one in _texts(raw["bias"], "bias"))
    if not bias:
        raise ValueError("bias is empty")
    return Exercise(
        id=_text(raw["id"], "id"),
        name=_text(raw["name"], "name"),
        target=_text(raw["target"], "target"),
        position=cast(Position, _one_of(raw["position"], POSITIONS, "position")),
        sides=cast(Literal["each", "both"], sides),
        bias=cast(tuple[Bias, ...], bias),
        line=_text(raw["line"], "line"),
        steps=steps,
        dose=_dose(raw["dose"]),
        avoid=_texts(raw["avoid"], "avoid"),
        camera=_camera(raw["camera"]),
        source=_text(raw["source"], "source"),
        figure=_figure(raw["figure"]),
    )


def _dose(raw: Mapping[str, Any]) -> Dose:
    _only(raw, {"times", "source"}, {"hold_s", "reps", "times", "source"}, "dose")
    if ("hold_s" in raw) == ("reps" in raw):
        raise ValueError("dose has hold_s or reps, one of them")
    hold = _range(raw["hold_s"], "dose.hold_s", 1, 600) if "hold_s" in raw else None
    reps = _range(raw["reps"], "dose.reps", 1, 50) if "reps" in raw else None
    times = _range(raw["times"], "dose.times", 1, 20)
    return Dose(
        hold,
        None if reps is None else (int(reps[0]), int(reps[1])),
        (int(times[0]), int(times[1])),
        _text(raw["source"], "dose.source"),
    )


def _camera(raw: Mapping[str, Any]) -> CameraCheck:
    allowed = set(CameraCheck.__dataclass_fields__)
    _only(raw, {"view", "says"}, allowed, "camera")
    view = cast(View, _one_of(raw["view"], get_args(View), "camera.view"))
    check = cast(Check, _one_of(raw["check"], get_args(Check), "camera.check")) if "check" in raw else None
    if (view == "front") != (check is not None):
        raise ValueError("camera.check belongs to what is seen from the front")
    band = _range(raw["band"], "camera.band", 0, 180) if "band" in raw else None
    if check and band is None:
        raise ValueError("camera.band is missing")
    if band is not None and not (raw.get("unit") and raw.get("source")):
        raise ValueError("camera.band needs a unit and a source")
    return CameraCheck(
        view=view,
        check=check,
        band=band,
        unit=str(raw.get("unit", "")),
        least_s=_number(raw.get("least_s", 0), "camera.least_s"),
        source=str(raw.get("source", "")),
        says=_text(raw["says"], "camera.says"),
    )


def _figure(raw: Mapping[str, Any]) -> Figure:
    needed = {"view", "lower", "trunk", "head", "arms", "legs"}
    _only(raw, needed, needed | {"props", "turn"}, "figure")

    def limbs(name: str) -> tuple[Limb, Limb]:
        pair = raw[name]
        if len(pair) != 2 or any(len(limb) != 2 for limb in pair):
            raise ValueError(f"figure.{name} is two pairs of directions")
        left, right = ((_number(a, name), _number(b, name)) for a, b in pair)
        return left, right

    return Figure(
        view=cast(View, _one_of(raw["view"], ("front", "side"), "figure.view")),
        lower=_number(raw["lower"], "figure.lower"),
        trunk=_number(raw["trunk"], "figure.trunk"),
        head=_number(raw["head"], "figure.head"),
        arms=limbs("arms"),
        legs=limbs("legs"),
        props=tuple(_one_of(one, ("chair",), "figure.props") for one in raw.get("props", [])),
        turn=raw.get("turn", False) is True,
    )


def _only(raw: object, needed: Iterable[str], allowed: Iterable[str], where: str = "") -> None:
    if not isinstance(raw, Mapping):
        raise ValueError(f"{where or 'it'} is not a table")
    dot = f"{where}." if where else ""
    for key in needed:
        if key not in raw:
            raise ValueError(f"{dot}{key} is missing")
    unknown = sorted(set(raw) - set(allowed))
    if unknown:
        raise ValueError(f"{dot}{unknown[0]} is not known")


def _text(value: object, key: str) -> str:
    if not isinstance(value, str) or not value.strip():
        raise ValueError(f"{key} is not text")
    return value


def _texts(value: object, key: str) -> tuple[str, ...]:
    if not isinstance(value, list):
        raise ValueError(f"{key} is not a list")
    return tuple(_text(one, key) for one in value)


def _one_of(value: object, choices: Collection[str], key: str) -> str:
    if value not in choices:
        raise ValueError(f"{key} is {value!r}, not one of {', '.join(choices)}")
    return str(value)


def _number(value: object, key: str) -> float:
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ValueError(f"{key} is not a number")
    return float(value)


def _range(value: object, key: str, low: float, high: float) -> tuple[float, float]:
    if not isinstance(value, list) or len(value) != 2:
        raise ValueError(f"{key} is not [from, to]")
    a, b = _number(value[0], key), _number(value[1], key)
    if not low <= a <= b <= high:
        raise ValueError(f"{key} is not in order within {low:g} to {high:g}")
    return a, b


def _span(pair: tuple[float, float]) -> str:
    return f"{pair[0]:g}" if pair[0] == pair[1] else f"{pair[0]:g}-{pair[1]:g}"
