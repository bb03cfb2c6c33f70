"""A sensor that has been taken over: `python hostile.py KIND LINK [FEED NAME]`; and one that is well, `well`,
or well and slow, `slow`.

`KINDS` has what each does once it has been started; those that then still run do as a sensor that is well does.
"""

from __future__ import annotations

import base64
import json
import random
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from typing import Any

from posture.clock import now_s
from posture.link import handed
from posture.measure.observation import Judged, Observation
from posture.sensor.wire import (
    LENGTH,
    VERSION,
    Ask,
    CameraNews,
    CostReport,
    Failed,
    Look,
    LookResult,
    Ready,
    SensorLink,
    Start,
)

PICTURE = base64.b64encode(random.Random(1).randbytes(225_000)).decode()
"""300 kB, as a picture would be."""


def result(number: int, **other: Any) -> dict[str, Any]:
    """A message that is well, with other fields in it, those of the observation in `observation`."""
    found = asdict(LookResult(number, Observation(now_s(), "away"), "open", "", "A camera", True, 0.5, False))
    found["observation"] |= other.pop("observation", {})
    return {"v": VERSION, "kind": "lookresult", **found, **other}


def raw(found: Any) -> bytes:
    body = found if isinstance(found, bytes) else json.dumps(found).encode()
    return LENGTH.pack(len(body)) + body


class Sensor:
    """One end of the link, and ways to lie over it."""

    def __init__(self, link: SensorLink) -> None:
        self.link = link

    def looks(self) -> Iterator[int]:
        """Be ready, then give the number of each look that is asked for."""
        self.link.send(Ready(0.1))
        while True:
            message = self.link.receive()
            if isinstance(message, Look):
                yield message.number
            elif isinstance(message, Ask):
                self.link.send(CostReport({}, 0.0, {}, [], 0.0, 0.0, 0.0))

    def write(self, message: bytes) -> None:
        self.link.stream.send(message)

    def be_well(self, **other: Any) -> None:
        for number in self.looks():
            self.write(raw(result(number, **other)))

    def be_slow(self, first_s: float) -> None:
        for at, number in enumerate(self.looks()):
            time.sleep(0.0 if at else first_s)
            self.write(raw(result(number)))

    def answer(self, make: Callable[[int], Any]) -> None:
        for number in self.looks():
            self.write(raw(make(number)))

    def flood(self, make: Callable[[int], bytes], ready: bool = True) -> None:
        if ready:
            self.link.send(Ready(0.1))
        n = 0
        while True:
            self.write(make(n))
            n += 1

    def slowly(self, message: bytes, each_s: float) -> None:
        for at in range(len(message)):
            self.write(message[at : at + 1])
            time.sleep(each_s)

    def grow(self, mb: int) -> None:
        kept = []
        for number in self.looks():
            kept.append(bytearray(b"x") * (mb << 20))
            self.write(raw(result(number)))


def news(n: int) -> bytes:
    return raw({"v": VERSION, "kind": "cameranews", **asdict(CameraNews(now_s(), "open", f"news {n % 2}"))})


def deaf() -> None:
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        signal.signal(number, signal.SIG_IGN)


def for_ever() -> None:
    while True:
        time.sleep(60.0)


EMPTY = {"ok": True, "baseline": {}}
BASELINE = {
    "made": "2026-01-05T09:00:00+00:00",
    "model": "heavy",
    "frame_px": [640, 480],
    "landmarks": [[0.0, 0.0, 0.0, 0.0]] * 33,
    "world": [[0.0, 0.0, 0.0]] * 33,
    "noise": {},
    "frames": 1,
    "seconds": 0.0,
    "eyes_px": 0.0,
}
"""One that has every field, and nobody in it."""
JUDGED = asdict(Judged(1.0, 0.1, 12.0))

KINDS: dict[str, Callable[[Sensor], None]] = {
    "a time of the far future": lambda s: s.be_well(observation={"t_s": 1e15}),
    "a time a minute ahead": lambda s: s.be_well(observation={"t_s": now_s() + 60.0}),
    "a time before all times": lambda s: s.be_well(observation={"t_s": -1e9}),
    "news of the future": lambda s: s.flood(lambda n: raw(json.loads(news(n)[4:]) | {"t_s": 1e9})),
    "a distance of 1e308": lambda s: s.be_well(observation={"distance_cm": 1e308}),
    "a level of 1e308": lambda s: s.be_well(observation={"presence": "sitting", "levels": {"slump": 1e308}}),
    "a size of 1e308": lambda s: s.be_well(observation={"judged": {"slump": JUDGED | {"value": 1e308}}}),
    "a number that is none": lambda s: s.be_well(observation={"distance_cm": float("nan")}),
    "calibrated, without a baseline": lambda s: s.be_well(calibrated={"ok": True}),
    "calibrated, with an empty baseline": lambda s: s.be_well(calibrated=EMPTY),
    "a flood of news": lambda s: s.flood(news),
    "a flood of answers": lambda s: s.flood(lambda n: raw(result(n))),
    "a flood of being ready": lambda s: s.flood(lambda n: raw({"v": VERSION, "kind": "ready", "cpu_s": 0.1})),
    "a flood before it is ready": lambda s: s.flood(news, ready=False),
    "a flood of noise": lambda s: s.flood(lambda n: random.Random(n).randbytes(65536)),
    "a byte each 0.9 s": lambda s: (s.link.send(Ready(0.1)), s.slowly(raw(result(1)), 0.9))[0],
    "a byte each 0.9 s at first": lambda s: s.slowly(raw({"v": VERSION, "kind": "ready", "cpu_s": 0.1}), 0.9),
    "half a message": lambda s: (s.link.send(Ready(0.1)), s.write(raw(result(1))[:100]), for_ever())[0],
    "a length of 4 GB": lambda s: s.answer(lambda n: LENGTH.pack(2**32 - 1) + b"x"),
    "300 kB in a sentence": lambda s: s.be_well(sentence=PICTURE, camera="failed"),
    "300 kB in a reason": lambda s: s.be_well(observation={"presence": "unknown", "reason": PICTURE}),
    "a picture in many sentences": lambda s: pieces(s),
    "lists in lists": lambda s: s.answer(lambda n: b"[" * 500_000),
    "an answer to another look": lambda s: s.answer(lambda n: result(n + 1)),
    "another version": lambda s: s.answer(lambda n: result(n) | {"v": VERSION + 1}),
    "a message for sensors": lambda s: s.answer(lambda n: {"v": VERSION, "kind": "ask"}),
    "silence": lambda s: (s.link.send(Ready(0.1)), for_ever())[0],
    "silence, and deaf to signals": lambda s: (deaf(), s.link.send(Ready(0.1)), for_ever())[0],
    "more and more memory": lambda s: s.grow(150),
    "calibrations without end": lambda s: s.be_well(
        calibrated={"ok": False, "reason": "moving", "sentence": "Sit still."}, calibrating=True
    ),
    "another camera, then the future": lambda s: others(s, observation={"t_s": 1e15}),
    "a baseline that fails the next": lambda s: others(s, number=None),
    "it ends at once": lambda s: sys.exit(1),
}
"""What a sensor that was taken over does, by what it is called."""
LASTING = ("silence, and deaf to signals", "a byte each 0.9 s", "a flood of news", "half a message")
"""Those that may hold up whoever ends them."""


def pieces(sensor: Sensor) -> None:
    """A picture, each answer with another 300 characters of it."""
    for at, number in enumerate(sensor.looks()):
        words = " ".join(PICTURE[at * 300 :][i : i + 15] for i in range(0, 300, 15))
        sensor.write(raw(result(number, sentence=words, camera="failed", observation={"presence": "unknown"})))


def others(sensor: Sensor, **then: Any) -> None:
    """What the next sensor would go by; then something else, or the end."""
    for at, number in enumerate(sensor.looks()):
        if at and "number" in then:
            return
        calibrated = {"ok": True, "baseline": BASELINE}
        sensor.write(raw(result(number, **(then if at else {"source": "/dev/video99", "calibrated": calibrated}))))


def main(kind: str, fd: int) -> None:
    """Be a sensor of this kind."""
    sensor = Sensor(SensorLink(handed(str(fd))))
    start = sensor.link.receive()
    assert isinstance(start, Start)
    if kind == "well" and start.baseline is not None:
        sensor.link.send(Failed("The calibration is damaged: run posture calibrate again."))
    elif kind == "well":
        sensor.be_well()
    elif kind == "slow":
        sensor.be_slow(2.5)
    else:
        KINDS[kind](sensor)


if __name__ == "__main__":
    try:
        main(sys.argv[1], int(sys.argv[2]))
    except (EOFError, OSError):
        # A sensor that is well ends; one that is not, as late as it can.
        if sys.argv[1] in LASTING:
            deaf()
            for_ever()
