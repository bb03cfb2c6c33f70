"""The protocol between sensor and daemon: length-framed JSON with a version, checked at both ends. Never a picture.

A message is four bytes of length, most significant first, and one JSON object: `v`, `kind`, and the fields of the
dataclass of that kind. Nothing in it can be executed, and a message that is not valid ends the connection.
"""

from __future__ import annotations

import json
import math
import socket
import struct
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal, get_args

from posture.errors import PostureError
from posture.measure.observation import DEVIATIONS, Cause, Judged, Observation, Presence, Unit
from posture.perception.gate import Demand
from posture.settings import Settings, Value, setting_specs

VERSION = 4
LENGTH = struct.Struct(">I")
MAX_BYTES = 1 << 20
"""A message is about 300 bytes; one with a baseline 6 kB."""

CameraState = Literal["open", "in use", "gone", "forbidden", "failed", "ended"]
CalibrationState = Literal["none", "provisional", "kept"]
OfferReason = Literal["provisional", "taller"]


class WireError(Exception):
    """The bytes received are not a message of this version."""


@dataclass(frozen=True)
class Start:
    """To the sensor, first: how to look. `settings` and `baseline` are plain JSON, see their own modules."""

    settings: dict[str, Any]
    source: str
    baseline: dict[str, Any] | None
    """One that an earlier sensor has found; a provisional one gives way to what is stored."""
    calibrate_s: float
    follow: bool = False


@dataclass(frozen=True)
class Look:
    """To the sensor: look now. An answer after `deadline_s`, on the clock of `now_s`, is of no use."""

    number: int
    demand: Demand
    deadline_s: float


@dataclass(frozen=True)
class Ask:
    """To the sensor: report what watching has cost."""


@dataclass(frozen=True)
class Probe:
    """To the sensor: try what the sandbox forbids, with files in this folder."""

    folder: str


@dataclass(frozen=True)
class Ready:
    """From the sensor: the model is loaded, which took this much CPU time."""

    cpu_s: float


@dataclass(frozen=True)
class Offer:
    """A baseline that the user may keep."""

    reason: OfferReason
    sentence: str
    """What is offered, for the user."""
    camera: str
    """The name of the camera that it is for."""
    baseline: dict[str, Any]


@dataclass(frozen=True)
class LookResult:
    """From the sensor: the answer to a look."""

    number: int
    """Of the `Look`."""
    observation: Observation | None
    """None when the answer is too late, or the source has ended."""
    camera: CameraState
    sentence: str
    name: str
    """State of the camera, what is wrong with it, and what it calls itself."""
    inferred: bool
    """Whether the model ran."""
    changed: float
    """Share of the picture that has changed since the last inference, 0 to 1."""
    calibrating: bool
    calibrated: dict[str, Any] | None = None
    """The baseline, or why there is none, of a calibration that ended with this look."""
    moved: str = ""
    """What to tell the user while the camera seems to have been moved since the calibration."""
    source: str = ""
    """By what the camera is found again when it comes back under another number."""
    calibration: CalibrationState = "none"
    """By what is judged."""
    missing: str = ""
    """Without a calibration, what is missing for one; empty otherwise."""
    offer: Offer | None = None
    """Set when there is something new to keep."""


@dataclass(frozen=True)
class CameraNews:
    """From the sensor, unasked: the state of the camera has changed."""

    t_s: float
    camera: CameraState
    sentence: str


@dataclass(frozen=True)
class CostReport:
    """From the sensor: CPU seconds by stage and in all since it was ready, counts, inference times, memory."""

    cpu_s: dict[str, float]
    total_s: float
    counts: dict[str, int]
    infer_ms: list[float]
    camera_open_s: float
    peak_rss_mb: float
    feeder_cpu_s: float


@dataclass(frozen=True)
class Probed:
    """From the sensor: the result of each attempt, see `posture.sandbox.attempts`."""

    attempts: dict[str, Any]


@dataclass(frozen=True)
class Failed:
    """From the sensor, as its last message: why it cannot work."""

    sentence: str


Message = Start | Look | Ask | Probe | Ready | LookResult | CameraNews | CostReport | Probed | Failed
_KINDS: dict[str, type[Any]] = {kind.__name__.lower(): kind for kind in get_args(Message)}
_CHOICES = {"camera": get_args(CameraState), "calibration": get_args(CalibrationState)}


def settings_to_json(settings: Settings) -> dict[str, Any]:
    """Turn settings into plain JSON, by section and attribute."""
    return asdict(settings)


def settings_from_json(found: Mapping[str, Any]) -> Settings:
    """Read settings that `settings_to_json` wrote; each value is checked like one from a file. Otherwise WireError."""
    sections: dict[str, dict[str, Value]] = {}
    try:
        for spec in setting_specs():
            raw = found[spec.section][spec.attribute]
            # A duration in a file has a unit; here it is seconds already.
            value = f"{_number(raw)!r}s" if spec.kind == "duration" else raw
            sections.setdefault(spec.section, {})[spec.attribute] = spec.check(value)
    except (KeyError, TypeError, PostureError) as error:
        raise WireError(f"not settings: {error}") from None
    return Settings(**{name: replace(getattr(Settings(), name), **values) for name, values in sections.items()})


def encoded(message: Message) -> bytes:
    """Turn a message into the bytes that go over the socket, length first."""
    text = json.dumps({"v": VERSION, "kind": type(message).__name__.lower(), **asdict(message)}, allow_nan=False)
    body = text.encode()
    return LENGTH.pack(len(body)) + body


def decoded(body: bytes) -> Message:
    """Read the body of a message; WireError where it is none of this version."""
    try:
        found = json.loads(body)
        if found.pop("v") != VERSION:
            raise WireError("another version")
        kind = _KINDS[found.pop("kind")]
        names = {attribute.name for attribute in fields(kind)}
        if set(found) != names:
            raise WireError(f"not the fields of {kind.__name__}")
        message: Message = kind(**{name: _checked(kind, name, value) for name, value in found.items()})
    except WireError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise WireError(str(error)) from None
    return message


def _checked(kind: type[Any], name: str, value: Any) -> Any:
    """Return the value of a field if it has the type and range that the field asks for."""
    if name == "observation":
        return None if value is None else _observation(value)
    if name == "demand":
        return Demand(**{attribute.name: _number(value[attribute.name]) for attribute in fields(Demand)})
    if name in _CHOICES:
        return _one_of(value, _CHOICES[name])
    if name == "offer":
        return None if value is None else _offer(value)
    wanted = next(attribute.type for attribute in fields(kind) if attribute.name == name)
    checks: dict[object, Any] = {
        "int": lambda: _instance(value, int),
        "float": lambda: _number(value),
        "str": lambda: _instance(value, str),
        "bool": lambda: _instance(value, bool),
        "dict[str, Any]": lambda: _instance(value, dict),
        "dict[str, Any] | None": lambda: None if value is None else _instance(value, dict),
        "dict[str, float]": lambda: {_instance(key, str): _number(number) for key, number in value.items()},
        "dict[str, int]": lambda: {_instance(key, str): _instance(count, int) for key, count in value.items()},
        "list[float]": lambda: [_number(number) for number in _instance(value, list)],
    }
    return checks[wanted]()


def _offer(value: Mapping[str, Any]) -> Offer:
    if set(value) != {attribute.name for attribute in fields(Offer)}:
        raise WireError("not the fields of an offer")
    return Offer(
        reason=_one_of(value["reason"], get_args(OfferReason)),
        sentence=_instance(value["sentence"], str),
        camera=_instance(value["camera"], str),
        baseline=_instance(value["baseline"], dict),
    )


def _observation(value: Mapping[str, Any]) -> Observation:
    if set(value) != {attribute.name for attribute in fields(Observation)}:
        raise WireError("not the fields of an observation")
    return Observation(
        t_s=_number(value["t_s"]),
        presence=_one_of(value["presence"], get_args(Presence)),
        reason=_instance(value["reason"], str),
        levels={_one_of(kind, DEVIATIONS): _number_or_none(level) for kind, level in value["levels"].items()},
        posture=tuple(_number(part) for part in value["posture"]),
        distance_cm=_number_or_none(value["distance_cm"]),
        judged={_one_of(kind, DEVIATIONS): _judged(judged) for kind, judged in value["judged"].items()},
        cause=_one_of(value["cause"], get_args(Cause)),
        view_fits=_instance(value["view_fits"], bool),
    )


def _judged(value: Mapping[str, Any]) -> Judged:
    if set(value) != {attribute.name for attribute in fields(Judged)}:
        raise WireError("not the fields of how a deviation was judged")
    return Judged(
        value=_number_or_none(value["value"]),
        sd=_number_or_none(value["sd"]),
        threshold=_number_or_none(value["threshold"]),
        unit=_one_of(value["unit"], get_args(Unit)),
        why=_instance(value["why"], str),
        coarse=_instance(value["coarse"], str),
    )


def _number_or_none(value: object) -> float | None:
    return None if value is None else _number(value)


def _number(value: object) -> float:
    try:
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            return float(value)
    except OverflowError:
        pass
    raise WireError(f"{value!r:.40} is not a number")


def _instance(value: Any, kind: type[Any]) -> Any:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise WireError(f"{value!r} is not {kind.__name__}")
    if kind is str:
        value.encode()  # raises on a lone surrogate, which SQLite cannot store
    return value


def _one_of(value: Any, allowed: tuple[Any, ...]) -> Any:
    if value not in allowed:
        raise WireError(f"{value!r} is not one of {allowed}")
    return value


@dataclass
class SensorLink:
    """One end of the socket."""

    socket: socket.socket
    """Connected, of stream kind."""
    _rest: bytearray = field(default_factory=bytearray)

    def fileno(self) -> int:
        """Return the descriptor that `select` waits on."""
        return self.socket.fileno()

    def send(self, message: Message, timeout_s: float | None = None) -> None:
        """Send all of a message; OSError where the other end is gone, or has not read for `timeout_s`."""
        self.socket.settimeout(timeout_s)
        self.socket.sendall(encoded(message))

    def receive(self, timeout_s: float | None = None) -> Message | None:
        """Wait for the next message; None when there is none in `timeout_s`.

        EOFError says that the other end is gone, WireError that the bytes received are no message.
        """
        self.socket.settimeout(timeout_s)
        while (message := self._next()) is None:
            try:
                more = self.socket.recv(65536)
            except (TimeoutError, BlockingIOError):
                return None
            except OSError:
                raise EOFError from None
            if not more:
                raise EOFError
            self._rest += more
        return message

    @property
    def waiting(self) -> bool:
        """Whether a whole message has been read from the socket already, so that `select` would not report it."""
        return len(self._rest) >= LENGTH.size and len(self._rest) >= LENGTH.size + LENGTH.unpack_from(self._rest)[0]

    def _next(self) -> Message | None:
        if len(self._rest) < LENGTH.size:
            return None
        (length,) = LENGTH.unpack_from(self._rest)
        if length > MAX_BYTES:
            raise WireError(f"a message of {length} bytes")
        end = LENGTH.size + length
        if len(self._rest) < end:
            return None
        body = bytes(self._rest[LENGTH.size : end])
        del self._rest[:end]
        return decoded(body)

    def close(self) -> None:
        """Close the connection, which the other end notices; safe to call twice."""
        self.socket.close()
