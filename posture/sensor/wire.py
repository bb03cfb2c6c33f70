"""The protocol between sensor and daemon: length-framed JSON with a version, checked at both ends. Never a picture.

A message is four bytes of length, most significant first, and one JSON object: `v`, `kind`, and the fields of the
dataclass of that kind. Nothing in it can be executed, and a message that is not valid ends the connection.

The sensor sees pictures, so it is the one that could be taken over: whatever it sends has a range, a length and a size
that an honest one keeps to, and text is cleaned. `posture.sensor.client` bounds what it sends over time.
"""

from __future__ import annotations

import functools
import json
import math
import re
import struct
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields, replace
from typing import Any, Literal, get_args

from posture.errors import PostureError
from posture.link import Link
from posture.measure.observation import DEVIATIONS, Cause, Judged, Observation, Presence, Unit
from posture.perception.gate import Demand
from posture.settings import Settings, Value, setting_specs

VERSION = 4
LENGTH = struct.Struct(">I")
MAX_BYTES = 1 << 19
"""A message is about 300 bytes; one with a baseline 6 kB, with all times of a long benchmark 400 kB [measured]."""
MESSAGE_S = 5.0
"""A message that has begun to come is whole within this time, however slowly its bytes come [design choice]."""
MOST_CHARACTERS, MOST_WORD, MOST_CODE = 600, 150, 24
"""Of a text from the sensor: in all, half as much again as in English; in a word, but of scripts that write none apart;
and in a run of letters and digits: no picture reaches a log."""
MOST_NAME = 400
"""Of a name from the sensor, in characters."""
_WORDLESS = re.compile(r"[\u2e80-\ud7ff\uf900-\ufaff\uff00-\uff60]")
"""Letters and signs of Chinese, Japanese and Korean: a sentence of them has no space."""
MOST_ENTRIES, MOST_TIMES = 64, 20_000
MOST_COUNT, MOST_S = 2**53, 1e10
LEVELS, DISTANCES_CM, SIZES, POSTURES = (-1e3, 1e3), (1.0, 2e3), (-1e4, 1e4), (-1e6, 1e6)
"""What levels, distances, sizes of deviations, and the parts of a posture can be; far beyond what people are."""
MOST_PARTS, LANDMARKS, MOST_PX = 16, 33, 100_000
_NAMES = ("name", "source")
"""Fields by which something is found again: they are used as they are, or not at all."""
_RANGES = {"changed": (0.0, 1.0), "t_s": (0.0, MOST_S), "number": (0, MOST_COUNT)}

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
_FIELDS: dict[type[Any], dict[str, str]] = {
    kind: {one.name: str(one.type) for one in fields(kind)}
    for kind in (*_KINDS.values(), Observation, Judged, Demand, Offer)
}
"""The fields of each message, and of its parts, with their types as they are written."""
FROM_SENSOR = (Ready, LookResult, CameraNews, CostReport, Probed, Failed)
"""What a sensor may send."""
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
    message = _within_bounds(message)
    found = {"v": VERSION, "kind": type(message).__name__.lower(), **vars(message)}
    text = json.dumps(found, allow_nan=False, default=vars)
    body = text.encode()
    return LENGTH.pack(len(body)) + body


def decoded(body: bytes) -> Message:
    """Read the body of a message; WireError where it is none of this version."""
    try:
        found = json.loads(body, object_pairs_hook=_once, parse_constant=_no_constant)
        version = found.pop("v")
        if version != VERSION or not isinstance(version, int):
            raise WireError("another version")
        kind = _KINDS[found.pop("kind")]
        _all_of(kind, found)
        message: Message = kind(**{name: _checked(kind, name, value) for name, value in found.items()})
    except WireError:
        raise
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise WireError(f"no message ({type(error).__name__})") from None
    return message


def _all_of(kind: type[Any], found: Any) -> None:
    """Refuse what has not just the fields of a message, or of a part of one."""
    if not isinstance(found, dict) or found.keys() != _FIELDS[kind].keys():
        raise WireError(f"not the fields of {kind.__name__}")


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise WireError("a key that is there twice")
    return found


def _no_constant(name: str) -> None:
    raise WireError(f"{name} is not a number")


def cleaned(text: str) -> str:
    """Give a text of the sensor as it may be shown and logged: printable, on one line, no code, of no great length."""
    return _cleaned(text[: 2 * MOST_CHARACTERS]) if text else ""


@functools.lru_cache(maxsize=64)
def _cleaned(text: str) -> str:
    """Nearly all texts are those of the last look."""
    plain = "".join(part if part.isprintable() else " " for part in text)
    return " ".join(word if _is_word(word) else "…" for word in plain.split())[:MOST_CHARACTERS]


def _is_word(word: str) -> bool:
    runs = (run for run in re.split(r"[^A-Za-z0-9+=]", word) if len(run) >= MOST_CODE)
    long = any(len(part) > MOST_WORD for part in _WORDLESS.split(word))
    return not long and not any(re.search(r"\d", run) and re.search(r"[A-Za-z]", run) for run in runs)


def _within_bounds(message: Message) -> Message:
    """Give what an honest sensor sends: a number that cannot be is one that is not known, text is cleaned."""
    if not isinstance(message, FROM_SENSOR):
        return message
    texts = {
        name: cleaned(getattr(message, name))
        for name, kind in _FIELDS[type(message)].items()
        if kind == "str" and name not in _NAMES
    }
    if any(getattr(message, name) != text for name, text in texts.items()):
        message = replace(message, **texts)  # type: ignore[arg-type]
    if isinstance(message, Probed):
        return Probed({str(name)[:MOST_CHARACTERS]: cleaned(str(text)) for name, text in message.attempts.items()})
    if isinstance(message, CostReport):
        return replace(message, infer_ms=message.infer_ms[-MOST_TIMES:])
    if not isinstance(message, LookResult):
        return message
    seen, offer, calibrated = message.observation, message.offer, message.calibrated
    if seen is not None:
        judged = {
            kind: Judged(
                value=_known(one.value, SIZES),
                sd=_known(one.sd, SIZES),
                threshold=_known(one.threshold, SIZES),
                unit=one.unit,
                why=cleaned(one.why),
                coarse=cleaned(one.coarse),
            )
            for kind, one in seen.judged.items()
        }
        seen = replace(
            seen,
            reason=cleaned(seen.reason),
            levels={kind: _known(level, LEVELS) for kind, level in seen.levels.items()},
            judged=judged,
            distance_cm=_known(seen.distance_cm, DISTANCES_CM),
            posture=seen.posture if all(_known(part, POSTURES) is not None for part in seen.posture) else (),
        )
    if offer is not None:
        camera, baseline = _name(offer.camera), _named_baseline(offer.baseline)
        offer = replace(offer, sentence=cleaned(offer.sentence), camera=camera, baseline=baseline)
    if calibrated is not None:
        calibrated = {name: cleaned(one) if isinstance(one, str) else one for name, one in calibrated.items()}
        if "baseline" in calibrated:
            calibrated["baseline"] = _named_baseline(calibrated["baseline"])
    return replace(
        message,
        observation=seen,
        offer=offer,
        calibrated=calibrated,
        changed=min(max(message.changed, 0.0), 1.0),
        name=_name(message.name),
        source=message.source if _is_name(message.source) else "",
    )


def _is_name(text: str, most: int = MOST_NAME) -> bool:
    return len(text) <= most and text.isprintable()


def _name(text: str) -> str:
    return "".join(part if part.isprintable() else "?" for part in text[:MOST_NAME])


def _named_baseline(baseline: dict[str, Any]) -> dict[str, Any]:
    place = baseline.get("place")
    return baseline | {"place": [_name(part) for part in place]} if place else baseline


def _known(value: float | None, bounds: tuple[float, float]) -> float | None:
    # What is not finite is left to json.dumps, which refuses it: that is a mistake of ours.
    return value if value is None or not math.isfinite(value) or bounds[0] <= value <= bounds[1] else None


def _checked(kind: type[Any], name: str, value: Any) -> Any:
    """Return the value of a field if it has the type and range that the field asks for."""
    if name == "observation":
        return None if value is None else observation_from_json(value)
    if name == "calibrated":
        return None if value is None else _calibrated(value)
    if name == "demand":
        _all_of(Demand, value)
        return Demand(**{part: _number(value[part]) for part in _FIELDS[Demand]})
    if name in _CHOICES:
        return _one_of(value, _CHOICES[name])
    if name == "offer":
        return None if value is None else _offer(value)
    ours = kind not in FROM_SENSOR
    bounds = (-math.inf, math.inf) if ours else _RANGES.get(name, (0.0, MOST_S))
    match _FIELDS[kind][name]:
        case "int":
            return _within(_instance(value, int), bounds)
        case "float":
            return _number(value, bounds)
        case "str" if ours:
            return _instance(value, str)
        case "str":
            return _address(value) if name in _NAMES else _text(value)
        case "bool":
            return _instance(value, bool)
        case "dict[str, Any]":
            return _instance(value, dict) if ours else _attempts(value)
        case "dict[str, Any] | None":
            return None if value is None else _instance(value, dict)
        case "dict[str, float]":
            return {_key(key): _number(number, bounds) for key, number in _few(value).items()}
        case "dict[str, int]":
            return {_key(key): _within(_instance(count, int), (0, MOST_COUNT)) for key, count in _few(value).items()}
        case "list[float]":
            return [_number(number, bounds) for number in _few(_instance(value, list), MOST_TIMES)]
    raise TypeError(name)  # a field of ours that nobody checks


def _offer(value: Mapping[str, Any]) -> Offer:
    _all_of(Offer, value)
    return Offer(
        reason=_one_of(value["reason"], get_args(OfferReason)),
        sentence=_text(value["sentence"]),
        camera=_address(value["camera"]),
        baseline=_baseline(value["baseline"]),
    )


def _calibrated(value: Any) -> dict[str, Any]:
    """How a calibration ended: with a baseline, or with the reason why there is none."""
    ok = _instance(_instance(value, dict).get("ok"), bool)
    if set(value) != ({"ok", "baseline"} if ok else {"ok", "reason", "sentence"}):
        raise WireError("not how a calibration ends")
    if ok:
        return {"ok": True, "baseline": _baseline(value["baseline"])}
    return {"ok": False, "reason": _text(value["reason"]), "sentence": _text(value["sentence"])}


_BASELINE = frozenset(["made", "model", "frame_px", "landmarks", "world", "noise", "frames", "seconds", "eyes_px"])
_BASELINE_MORE = frozenset(["always_so", "provisional", "place"])


def _baseline(value: Any) -> dict[str, Any]:
    """Check the shape and the numbers of a baseline; whether one can be judged by it is found where it is read."""
    if not _BASELINE <= set(_instance(value, dict)) <= _BASELINE | _BASELINE_MORE:
        raise WireError("not the fields of a baseline")
    size = (-float(MOST_PX), float(MOST_PX))
    for name, columns in (("landmarks", 4), ("world", 3)):
        rows = _instance(value[name], list)
        if len(rows) != LANDMARKS or any(len(_instance(row, list)) != columns for row in rows):
            raise WireError(f"not the {name} of a baseline")
        for row in rows:
            for number in row:
                _number(number, size)
    frame_px = _instance(value["frame_px"], list)
    if len(frame_px) != 2:
        raise WireError("not the size of a picture")
    for side in frame_px:
        _within(_instance(side, int), (1, MOST_PX))
    for key, number in _few(_instance(value["noise"], dict)).items():
        _key(key)
        _number(number, size)
    _within(_instance(value["frames"], int), (0, MOST_PX))
    _number(value["seconds"], (0.0, float(MOST_PX)))
    _number(value["eyes_px"], size)
    for name in ("made", "model"):
        if _text(value[name]) != value[name] or len(value[name]) > MOST_ENTRIES:
            raise WireError(f"not the {name} of a baseline")
    for name in ("always_so", "provisional"):
        _instance(value.get(name, True), bool)
    place = value.get("place")
    if place is not None and len([_address(part) for part in _instance(place, list)]) != 2:
        raise WireError("not the place of a baseline")
    return dict(value)


def _attempts(value: Any) -> dict[str, str]:
    return {_key(name): _text(outcome) for name, outcome in _few(_instance(value, dict)).items()}


def _few(value: Any, most: int = MOST_ENTRIES) -> Any:
    if len(value) > most:
        raise WireError("more than there can be")
    return value


def _key(value: Any) -> str:
    return _address(value, MOST_ENTRIES)


def _address(value: Any, most: int = MOST_NAME) -> str:
    """A text that is used as it is: printable, and not long."""
    found: str = _instance(value, str)
    if not _is_name(found, most):
        raise WireError("not a plain text")
    return found


def _text(value: Any, kind: type[str] = str) -> str:
    found: str = _instance(value, kind)
    if len(found) > MOST_CHARACTERS:
        raise WireError("a text longer than a sentence")
    return cleaned(found)


def observation_from_json(value: Mapping[str, Any]) -> Observation:
    """Read an observation out of a message; a WireError, KeyError or TypeError says that it is none."""
    _all_of(Observation, value)
    return Observation(
        t_s=_number(value["t_s"], (0.0, MOST_S)),
        presence=_one_of(value["presence"], get_args(Presence)),
        reason=_text(value["reason"]),
        levels={_one_of(kind, DEVIATIONS): _number_or_none(level, LEVELS) for kind, level in value["levels"].items()},
        posture=tuple(_number(part, POSTURES) for part in _few(_instance(value["posture"], list), MOST_PARTS)),
        distance_cm=_number_or_none(value["distance_cm"], DISTANCES_CM),
        judged={_one_of(kind, DEVIATIONS): _judged(judged) for kind, judged in value["judged"].items()},
        cause=_one_of(value["cause"], get_args(Cause)),
        view_fits=_instance(value["view_fits"], bool),
    )


def _judged(value: Mapping[str, Any]) -> Judged:
    _all_of(Judged, value)
    return Judged(
        value=_number_or_none(value["value"], SIZES),
        sd=_number_or_none(value["sd"], SIZES),
        threshold=_number_or_none(value["threshold"], SIZES),
        unit=_one_of(value["unit"], get_args(Unit)),
        why=_text(value["why"]),
        coarse=_text(value["coarse"]),
    )


def _number_or_none(value: object, bounds: tuple[float, float]) -> float | None:
    return None if value is None else _number(value, bounds)


def _number(value: object, bounds: tuple[float, float] = (-math.inf, math.inf)) -> float:
    try:
        if isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value):
            return float(_within(value, bounds))
    except OverflowError:
        pass
    raise WireError("not a number")


def _within(value: Any, bounds: tuple[float, float]) -> Any:
    if not bounds[0] <= value <= bounds[1]:
        raise WireError("a number that cannot be")
    return value


def _instance(value: Any, kind: type[Any]) -> Any:
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise WireError(f"not {kind.__name__}")
    if kind is str:
        value.encode()  # raises on a lone surrogate, which SQLite cannot store
    return value


def _one_of(value: Any, allowed: tuple[Any, ...]) -> Any:
    if value not in allowed:
        raise WireError(f"not one of {allowed}")
    return value


@dataclass
class SensorLink:
    """One end of the link."""

    stream: Link
    _rest: bytearray = field(default_factory=bytearray)
    _since_s: float = math.inf
    """When what there is of a message began to come, on the clock of `time.monotonic`."""

    def send(self, message: Message, timeout_s: float | None = None) -> None:
        """Send all of a message; OSError where the other end is gone, or has not read for `timeout_s`."""
        self.stream.send(encoded(message), timeout_s)

    def receive(self, timeout_s: float | None = None) -> Message | None:
        """Wait for the next message; None when there is no whole one in `timeout_s`, however its bytes come.

        EOFError says that the other end is gone, WireError that the bytes received are no message, or too slow.
        """
        until_s = math.inf if timeout_s is None else time.monotonic() + timeout_s
        while (message := self._next()) is None:
            now_s = time.monotonic()
            overdue = bool(self._rest) and now_s - self._since_s > MESSAGE_S  # unless the rest has come meanwhile
            left_s = 0.0 if overdue else max(0.0, min(until_s - now_s, MESSAGE_S + 1.0 if self._rest else math.inf))
            try:
                more = self.stream.receive(65536, None if left_s == math.inf else left_s)
            except TimeoutError:
                if overdue:
                    raise WireError("a message that takes too long") from None
                if time.monotonic() >= until_s:
                    return None
                continue
            if not self._rest:
                self._since_s = time.monotonic()
            self._rest += more
        return message

    @property
    def begun(self) -> bool:
        """Whether a part of a message has come."""
        return bool(self._rest)

    @property
    def waiting(self) -> bool:
        """Whether a whole message has been read from the stream already, so that `wait` would not report it."""
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
        self._since_s = time.monotonic()
        return decoded(body)

    def close(self) -> None:
        """Close the connection, which the other end notices; safe to call twice."""
        self.stream.close()
