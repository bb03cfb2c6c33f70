"""One exercise: what an entry of a file of exercises becomes. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal, get_args

from posture.language import mark, number, tr

Side = Literal["left", "right"]
Position = Literal["desk", "standing", "floor", "any"]
Bias = Literal["neutral", "flexion", "extension"]
Check = Literal["side_bend", "side_bend_seated", "ankle_on_knee", "hip_swing", "turn"]
View = Literal["front", "side", "none"]
Form = Literal["hold", "reps", "walk"]
Group = Literal["QL", "buttock", "hip flexors", "back", "whole body"]
Limb = tuple[float, float]

POSITIONS: tuple[Position, ...] = get_args(Position)
BIASES: tuple[Bias, ...] = get_args(Bias)
BOTH_SIDES: tuple[Side, Side] = get_args(Side)
SIDE_WORDS: Mapping[Side, str] = {"left": mark("left"), "right": mark("right")}
GROUPS: tuple[Group, ...] = get_args(Group)
HURTS = (
    *("sitting", "standing", "walking", "lying", "bending", "twisting", "leaning-back"),
    *("shoulder", "wrist", "ribs", "groin", "hip", "knee", "leg"),
)
"""What can take an exercise out: pain in doing something, and pain in a place."""


@dataclass(frozen=True)
class Move:
    """One movement of a repetition, such as lifting the hips or coming back."""

    says: str
    """What is said while it is done. `{side}` and `{other}` as in the steps; `{way}` is left and right in turn."""
    takes_s: float
    """How long it takes at an easy pace, in seconds."""


@dataclass(frozen=True)
class Dose:
    """How long or how often an exercise is done, by its form."""

    form: Form
    """`hold` is kept for some seconds, `reps` is done some times, each with a hold of its own, `walk` goes on for a
    time."""
    times: tuple[int, int]
    """From - to holds, or sets of repetitions, on each side if it is done on each; 1 for a walk."""
    source: str
    """What the numbers rest on."""
    hold_s: tuple[float, float]
    """From - to seconds of one hold, of the hold in each repetition (0 for none), or of the walk."""
    reps: tuple[int, int] | None = None
    """From - to repetitions of a set; only for `reps`."""
    moves: tuple[Move, ...] = ()
    """The movements of one repetition in order; its hold comes after the first. Only for `reps`."""

    @property
    def rep_s(self) -> float:
        """Seconds that one repetition takes with its shortest hold; 0 where none are counted."""
        return sum(move.takes_s for move in self.moves) + self.hold_s[0] if self.form == "reps" else 0.0

    @property
    def least(self) -> float:
        """The smallest dose on one side: repetitions for `reps`, otherwise seconds."""
        return float(self.times[0] * (self.reps[0] if self.reps else self.hold_s[0]))

    @property
    def most(self) -> float:
        """The largest dose on one side, as `least`."""
        return float(self.times[1] * (self.reps[1] if self.reps else self.hold_s[1]))

    @property
    def least_s(self) -> float:
        """Seconds that the smallest dose takes on one side."""
        return self.least * (self.rep_s if self.form == "reps" else 1.0)

    @property
    def words(self) -> str:
        """Such as `15-30 s, 2-3 times`, `12-15 repetitions of 3 s` or `2-5 min`."""
        if self.form == "walk":
            return tr("{minutes} min", minutes=_span((self.hold_s[0] / 60, self.hold_s[1] / 60)))
        held, times = _span(self.hold_s), _span(self.times)
        once = self.times == (1, 1)
        if self.reps is None:
            # Translators: how long one hold is, and how often it is done.
            return tr("{held} s", held=held) if once else tr("{held} s, {times} times", held=held, times=times)
        reps = _span(self.reps)
        if self.hold_s[1] > 0:
            if once:
                return tr("{reps} repetitions of {held} s", reps=reps, held=held)
            return tr("{reps} repetitions of {held} s, {times} sets", reps=reps, held=held, times=times)
        if once:
            return tr("{reps} repetitions", reps=reps)
        return tr("{reps} repetitions, {times} sets", reps=reps, times=times)


Band = tuple[float, float]


@dataclass(frozen=True)
class CameraCheck:
    """How far a camera can check an exercise."""

    view: View
    """The side that a camera would have to see it from."""
    says: str
    """What the user is told about it."""
    check: Check | None = None
    """The check of `posture.coach.checks` for a webcam in front; None if the exercise is only timed."""
    band: Band | None = None
    """The measure passes within this band, in `unit`."""
    unit: str = ""
    least_s: float = 0.0
    """A hold is complete from this length on; 0 where repetitions are counted."""
    source: str = ""
    """What the band rests on; empty without one."""


Part = Literal[
    "head",
    "chest",
    "belly",
    "hips",
    "left_hand",
    "right_hand",
    "left_knee",
    "right_knee",
    "left_foot",
    "right_foot",
]
"""What an arrow of a drawing stands at; left is the near one where the person is seen from the side."""


@dataclass(frozen=True)
class Arrow:
    """Where a part of the body goes; an arrow in the drawing."""

    part: Part
    toward_deg: float
    """As the directions of `Figure`."""
    back: bool = False
    """It goes to and fro."""


@dataclass(frozen=True)
class Figure:
    """Directions of the body's segments in degrees: 0 is up, 90 to the right, 180 down; see exercises.toml."""

    view: Literal["front", "side", "above"]
    lower: float
    trunk: float
    head: float
    """Lower and upper half of the trunk, and the head."""
    arms: tuple[Limb, Limb]
    legs: tuple[Limb, Limb]
    """Upper arm and forearm, thigh and shank; the left (or near) limb comes first."""
    props: tuple[str, ...] = ()
    """Furniture: "chair"."""
    turn: bool = False
    """The chest turns, which an arrow shows."""
    arrows: tuple[Arrow, ...] = ()
    """What moves."""
    legs_seen: tuple[Limb, Limb] = ((1.0, 1.0), (1.0, 1.0))
    """Visible share of thigh and shank of each leg, less than 1 where they point at the viewer or away."""


@dataclass(frozen=True)
class Exercise:
    """One exercise."""

    id: str
    name: str
    target: str
    """The region of the body it is for."""
    group: Group
    """The muscles that it is for: QL and neighbours; gluteals, piriformis and rotators; hip flexors; the back
    otherwise; or the whole body."""
    position: Position
    sides: Literal["each", "both"]
    """One side after the other, or both at once."""
    bias: tuple[Bias, ...]
    """Which way it moves the back."""
    line: str
    """The whole exercise in a sentence, for a reminder."""
    steps: tuple[str, ...]
    """At most four short sentences. `{side}` is the side that is lengthened or worked, `{other}` the other."""
    dose: Dose
    avoid: tuple[str, ...]
    """Who should not do it."""
    camera: CameraCheck
    source: str
    figure: Figure | None = None
    """None where a user's own exercise has no drawing."""
    hurts: tuple[str, ...] = ()
    """`avoid` as the log can tell it, of `HURTS`: whom one of them hurts is not given the exercise."""
    unless: tuple[str, ...] = ()
    """The conditions that take it out until a clinician has agreed, of `posture.settings.CONDITIONS`."""
    line_s: float = 0.0
    """Seconds that `line` asks for, where that is not the smallest dose."""

    @property
    def asks_s(self) -> float:
        """Seconds that a reminder with this exercise asks for, both sides together."""
        return self.line_s or self.least_s

    @property
    def least_s(self) -> float:
        """Seconds that the smallest dose takes, both sides together."""
        return self.dose.least_s * (2 if self.sides == "each" else 1)

    def line_for(self, side: Side) -> str:
        """The sentence of a reminder, starting with `side`."""
        return tr(self.line, side=side, other=other_side(side))

    def steps_for(self, side: Side) -> list[str]:
        """The steps for one side."""
        return [tr(step, side=side, other=other_side(side)) for step in self.steps]


def other_side(side: Side) -> Side:
    """The other side."""
    return "right" if side == "left" else "left"


def exercise_of(entry: Mapping[str, Any]) -> Exercise:
    """Make an exercise of its entry in a file, which must be sound (see `posture.coach.exercise_file`)."""
    texts = {name: tuple(entry.get(name, ())) for name in ("bias", "steps", "avoid", "hurts", "unless")}
    parts = {
        "dose": _dose(entry["dose"]),
        "camera": _camera(entry["camera"]),
        "figure": _figure(entry["figure"]) if "figure" in entry else None,
    }
    return Exercise(**{**entry, **texts, **parts})


def _dose(entry: Mapping[str, Any]) -> Dose:
    ranges = {name: tuple(entry[name]) for name in ("reps", "times") if name in entry}
    moves = tuple(Move(move["says"], float(move["takes_s"])) for move in entry.get("moves", ()))
    return Dose(**{**entry, **ranges, "hold_s": _floats(entry["hold_s"]), "moves": moves})


def _camera(entry: Mapping[str, Any]) -> CameraCheck:
    band = _floats(entry["band"]) if "band" in entry else None
    return CameraCheck(**{**entry, "band": band, "least_s": float(entry.get("least_s", 0.0))})


def _figure(entry: Mapping[str, Any]) -> Figure:
    numbers = {name: float(entry[name]) for name in ("lower", "trunk", "head")}
    names = [name for name in ("arms", "legs", "legs_seen") if name in entry]
    limbs = {name: tuple(_floats(limb) for limb in entry[name]) for name in names}
    arrows = tuple(Arrow(**{**arrow, "toward_deg": float(arrow["toward_deg"])}) for arrow in entry.get("arrows", ()))
    return Figure(**{**entry, **numbers, **limbs, "props": tuple(entry.get("props", ())), "arrows": arrows})


def _floats(values: Iterable[float]) -> tuple[float, ...]:
    return tuple(float(value) for value in values)


def _span(pair: tuple[float, float]) -> str:
    low, high = (number(value, 0 if value == round(value) else 1) for value in pair)
    return low if low == high else f"{low}-{high}"
