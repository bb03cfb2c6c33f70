"""Messages between the processes: what is sent arrives as it was, and nothing else does."""

from __future__ import annotations

import base64
import json
import math
import random
import socket
import struct
import threading
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.link_socket import SocketLink
from posture.measure.observation import DEVIATIONS, Cause, Judged, Observation
from posture.perception.gate import Demand
from posture.sensor import wire
from posture.sensor.wire import (
    LENGTH,
    MAX_BYTES,
    VERSION,
    Ask,
    CameraNews,
    CostReport,
    Failed,
    Look,
    LookResult,
    Offer,
    Probe,
    Probed,
    Ready,
    SensorLink,
    Start,
    WireError,
    cleaned,
    decoded,
    encoded,
    settings_from_json,
    settings_to_json,
)
from posture.settings import Settings
from posture.settings_file import settings_from_text

numbers = st.floats(allow_nan=False, allow_infinity=False)
times = st.floats(0.0, 1e10)
counts = st.integers(0, 2**53)
texts = st.text(max_size=80).map(cleaned)
LANDMARK, WORLD = [0.5, 1.0, -3.0, 0.9], [0.1, 0.2, 0.3]
BASELINE = {
    "made": "2026-01-05T09:00:00+00:00",
    "model": "heavy",
    "frame_px": [640, 480],
    "landmarks": [LANDMARK] * 33,
    "world": [WORLD] * 33,
    "noise": {"slump": 0.5},
    "frames": 40,
    "seconds": 10.0,
    "eyes_px": 60.0,
}
observations = st.builds(
    Observation,
    t_s=times,
    presence=st.sampled_from(["sitting", "standing", "away", "unknown"]),
    reason=texts,
    levels=st.dictionaries(st.sampled_from(DEVIATIONS), st.none() | st.floats(-1e3, 1e3)),
    posture=st.lists(st.floats(-1e6, 1e6), max_size=4).map(tuple),
    distance_cm=st.none() | st.floats(1.0, 2e3),
    judged=st.dictionaries(
        st.sampled_from(DEVIATIONS),
        st.builds(
            Judged,
            *[st.none() | st.floats(-1e4, 1e4)] * 3,
            unit=st.sampled_from(["deg", "cm", "sw"]),
            why=texts,
            coarse=texts,
        ),
    ),
    cause=st.sampled_from(get_args(Cause)),
    view_fits=st.booleans(),
)
states = st.sampled_from(["open", "in use", "gone", "forbidden", "failed", "ended"])
messages = st.one_of(
    st.builds(Look, st.integers(), st.builds(Demand, numbers, numbers, numbers, numbers), numbers),
    st.builds(Ready, times),
    st.builds(CameraNews, times, states, texts),
    st.builds(
        LookResult,
        number=counts,
        observation=st.none() | observations,
        camera=states,
        sentence=texts,
        name=texts,
        inferred=st.booleans(),
        changed=st.floats(0.0, 1.0),
        calibrating=st.booleans(),
        calibrated=st.sampled_from(
            [None, {"ok": False, "reason": "moving", "sentence": "Sit still."}, {"ok": True, "baseline": BASELINE}]
        ),
        moved=texts,
        source=texts,
        calibration=st.sampled_from(["none", "provisional", "kept"]),
        missing=texts,
        offer=st.none()
        | st.builds(
            Offer,
            reason=st.sampled_from(["provisional", "taller"]),
            sentence=texts,
            camera=texts,
            baseline=st.just(BASELINE),
        ),
    ),
    st.builds(
        Start,
        settings=st.just(settings_to_json(Settings())),
        source=st.text(),
        baseline=st.none() | st.just({"frames": 40}),
        calibrate_s=numbers,
    ),
    st.builds(
        CostReport,
        cpu_s=st.dictionaries(texts.map(lambda text: text[:60]), times, max_size=3),
        total_s=times,
        counts=st.dictionaries(texts.map(lambda text: text[:60]), counts, max_size=3),
        infer_ms=st.lists(times, max_size=5),
        camera_open_s=times,
        peak_rss_mb=times,
        feeder_cpu_s=times,
    ),
    st.just(Ask()),
    st.builds(Probe, st.text()),
    st.builds(Probed, st.just({"network": "refused"})),
    st.builds(Failed, texts),
)


@given(messages)
def test_there_and_back(message) -> None:
    assert decoded(encoded(message)[LENGTH.size :]) == message


@given(st.lists(messages, max_size=4), st.integers(1, 400))
def test_messages_in_pieces(sent, piece: int) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        whole = b"".join(encoded(message) for message in sent)
        link, got = SensorLink(SocketLink(theirs)), []
        for at in range(0, len(whole), piece):
            ours.sendall(whole[at : at + piece])
            while (message := link.receive(0.0)) is not None:
                got.append(message)
        assert got == sent
        ours.close()
        with pytest.raises(EOFError):
            link.receive(None)


@given(st.binary(max_size=200))
def test_noise_is_refused(noise: bytes) -> None:
    with pytest.raises(WireError):
        decoded(noise)


GOOD = json.loads(encoded(LookResult(1, Observation(1.0, "away"), "open", "", "cam", True, 0.5, False))[LENGTH.size :])

OFFER = {"reason": "taller", "sentence": "Keep it?", "camera": "cam", "baseline": BASELINE}
JUDGED = {"value": 1.0, "sd": None, "threshold": 12.0, "unit": "deg", "why": "", "coarse": ""}


def test_how_a_deviation_was_judged_is_understood() -> None:
    message = decoded(json.dumps(GOOD | {"observation": GOOD["observation"] | {"judged": {"slump": JUDGED}}}).encode())
    assert isinstance(message, LookResult)
    assert message.observation is not None
    assert message.observation.judged == {"slump": Judged(1.0, None, 12.0)}


@pytest.mark.parametrize(
    "wrong",
    [
        {"v": VERSION - 1},
        {"v": VERSION + 1},
        {"v": None},
        {"kind": "shutdown"},
        {"kind": "LookResult"},
        {"kind": ["seen"]},
        {"more": 1},
        {"number": "1"},
        {"number": True},
        {"number": 1.0},
        {"number": None},
        {"sentence": None},
        {"sentence": 1},
        {"name": "\ud800"},
        {"calibrated": []},
        {"calibrated": "no"},
        {"calibrated": {}},
        {"calibrated": {"ok": True}},
        {"calibrated": {"ok": True, "baseline": {}}},
        {"calibrated": {"ok": True, "baseline": BASELINE | {"landmarks": [LANDMARK] * 32}}},
        {"calibrated": {"ok": True, "baseline": BASELINE | {"landmarks": [[0.0, 0.0, 0.0, 1e308]] * 33}}},
        {"calibrated": {"ok": True, "baseline": BASELINE | {"frame_px": [0, 480]}}},
        {"calibrated": {"ok": True, "baseline": BASELINE | {"picture": "AAAA"}}},
        {"calibrated": {"ok": True, "baseline": BASELINE | {"model": "A" * 400}}},
        {"calibrated": {"ok": True, "baseline": BASELINE | {"noise": {"A" * 400: 1.0}}}},
        {"calibrated": {"ok": False}},
        {"calibrated": {"ok": 1, "baseline": BASELINE}},
        {"sentence": "a " * 150_000},
        {"name": "a " * 300},
        {"source": "a" * 500},
        {"source": "0\n"},
        {"number": -1},
        {"number": 10**30},
        {"changed": 1.5},
        {"observation": GOOD["observation"] | {"t_s": 1e15}},
        {"observation": GOOD["observation"] | {"t_s": -1.0}},
        {"observation": GOOD["observation"] | {"distance_cm": 1e308}},
        {"observation": GOOD["observation"] | {"distance_cm": 0.0}},
        {"observation": GOOD["observation"] | {"levels": {"slump": 1e308}}},
        {"observation": GOOD["observation"] | {"posture": [1e308]}},
        {"observation": GOOD["observation"] | {"posture": [0.0] * 1000}},
        {"observation": GOOD["observation"] | {"judged": {"slump": JUDGED | {"value": 1e308}}}},
        {"observation": GOOD["observation"] | {"reason": "a " * 301}},
        {"calibrating": None},
        {"source": None},
        {"calibration": "good"},
        {"missing": None},
        {"offer": {}},
        {"offer": OFFER | {"more": 1}},
        {"offer": OFFER | {"reason": "taste"}},
        {"offer": OFFER | {"sentence": None}},
        {"offer": OFFER | {"camera": 1}},
        {"offer": OFFER | {"baseline": []}},
        {"changed": "much"},
        {"changed": math.inf},
        {"changed": -math.inf},
        {"changed": math.nan},
        {"changed": True},
        {"changed": None},
        {"changed": 10**400},
        {"camera": "stolen"},
        {"camera": []},
        {"inferred": 1},
        {"observation": {}},
        {"observation": GOOD["observation"] | {"presence": "asleep"}},
        {"observation": GOOD["observation"] | {"levels": {"hunch": 1.0}}},
        {"observation": GOOD["observation"] | {"levels": [1]}},
        {"observation": GOOD["observation"] | {"picture": "AAAA"}},
        {"observation": []},
        {"observation": {name: value for name, value in GOOD["observation"].items() if name != "reason"}},
        {"observation": GOOD["observation"] | {"t_s": "now"}},
        {"observation": GOOD["observation"] | {"t_s": math.nan}},
        {"observation": GOOD["observation"] | {"reason": None}},
        {"observation": GOOD["observation"] | {"levels": {"slump": "much"}}},
        {"observation": GOOD["observation"] | {"judged": {"hunch": JUDGED}}},
        {"observation": GOOD["observation"] | {"judged": {"slump": JUDGED | {"value": "much"}}}},
        {"observation": GOOD["observation"] | {"judged": {"slump": JUDGED | {"unit": "feet"}}}},
        {"observation": GOOD["observation"] | {"judged": {"slump": JUDGED | {"why": None}}}},
        {"observation": GOOD["observation"] | {"judged": {"slump": JUDGED | {"coarse": 1}}}},
        {"observation": GOOD["observation"] | {"judged": {"slump": JUDGED | {"more": 1}}}},
        {"observation": GOOD["observation"] | {"judged": {"slump": {"value": 1.0}}}},
        {"observation": GOOD["observation"] | {"judged": [1]}},
        {"observation": GOOD["observation"] | {"posture": 1.0}},
        {"observation": GOOD["observation"] | {"posture": [None]}},
        {"observation": GOOD["observation"] | {"distance_cm": "near"}},
        {"observation": GOOD["observation"] | {"cause": "lunch"}},
        {"observation": GOOD["observation"] | {"cause": None}},
        {"observation": GOOD["observation"] | {"view_fits": 1}},
        {"observation": GOOD["observation"] | {"view_fits": None}},
        {"observation": {name: value for name, value in GOOD["observation"].items() if name != "view_fits"}},
    ],
)
def test_what_is_not_in_the_schema_is_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(WireError):
        decoded(json.dumps(GOOD | wrong).encode())


def test_a_message_too_large_is_refused_before_it_is_read() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        ours.sendall(struct.pack(">I", MAX_BYTES + 1))
        with pytest.raises(WireError):
            SensorLink(SocketLink(theirs)).receive(None)


def test_settings_go_over_whole(tmp_path) -> None:
    settings = settings_from_text('[camera]\nsource = "Cam"\n[cadence]\nlook = "500ms"\n', tmp_path)
    start = Start(settings_to_json(settings), "0", None, 10.0)
    sent = decoded(encoded(start)[LENGTH.size :])
    assert isinstance(sent, Start)
    assert settings_from_json(sent.settings) == settings


@pytest.mark.parametrize(
    "wrong", [{}, {"camera": {}}, settings_to_json(Settings()) | {"pose": {"model": "x", "min_visibility": 0.6}}]
)
def test_settings_out_of_range_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(WireError):
        settings_from_json(wrong)


@pytest.mark.parametrize("name", sorted(GOOD))
def test_what_is_missing_is_refused(name: str) -> None:
    with pytest.raises(WireError):
        decoded(json.dumps({key: value for key, value in GOOD.items() if key != name}).encode())


COST = CostReport({"decode": 1.0}, 2.0, {"looks": 3}, [4.0], 5.0, 6.0, 7.0)


@pytest.mark.parametrize(
    "wrong",
    [
        {"cpu_s": {"decode": "1"}},
        {"cpu_s": [1.0]},
        {"counts": {"looks": 1.5}},
        {"counts": {"looks": True}},
        {"counts": 1},
        {"infer_ms": {"0": 1.0}},
        {"infer_ms": ["1"]},
        {"infer_ms": [None]},
        {"total_s": "2"},
    ],
)
def test_a_cost_of_another_shape_is_refused(wrong: dict[str, object]) -> None:
    good = json.loads(encoded(COST)[LENGTH.size :])
    assert decoded(json.dumps(good).encode()) == COST
    with pytest.raises(WireError):
        decoded(json.dumps(good | wrong).encode())


@pytest.mark.parametrize(
    "wrong", [{}, {"moved": 0.1}, {"moved": None}, {"moved": 0.1, "still": 0.1, "stirred_s": 1.0, "verify_s": "1"}, 3]
)
def test_a_demand_of_another_shape_is_refused(wrong: object) -> None:
    good = json.loads(encoded(Look(1, Demand(0.1, 0.02, 10.0, 58.0), 5.0))[LENGTH.size :])
    with pytest.raises(WireError):
        decoded(json.dumps(good | {"demand": wrong}).encode())


def test_what_is_no_number_is_not_sent() -> None:
    with pytest.raises(ValueError, match="JSON"):
        encoded(Ready(math.nan))


def test_the_largest_message_is_taken() -> None:
    """Up to the limit, and not a byte beyond."""
    room = MAX_BYTES - len(encoded(Probe(""))) + LENGTH.size
    ours, theirs = socket.socketpair()
    with ours, theirs:
        link = SensorLink(SocketLink(theirs))
        sender = threading.Thread(target=ours.sendall, args=(encoded(Probe("x" * room)) + encoded(Ask()),))
        sender.start()
        assert link.receive(10.0) == Probe("x" * room)
        sender.join()
        assert link.receive(10.0) == Ask()
        sender = threading.Thread(target=ours.sendall, args=(encoded(Probe("x" * (room + 1)))[:100],))
        sender.start()
        with pytest.raises(WireError):
            link.receive(10.0)
        sender.join()


def test_a_message_that_came_with_another_waits() -> None:
    """`select` does not know of it, so the link says so."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        link = SensorLink(SocketLink(theirs))
        assert not link.waiting
        both = encoded(Ask()) + encoded(Ready(1.0))
        ours.sendall(both[:-1])
        assert link.receive(10.0) == Ask()
        assert not link.waiting
        assert link.receive(0.0) is None
        ours.sendall(both[-1:] + encoded(Ask()))
        assert link.receive(10.0) == Ready(1.0)
        assert link.waiting
        assert link.receive(0.0) == Ask()
        assert not link.waiting


SENSOR = st.one_of(
    st.builds(
        LookResult,
        counts,
        st.none() | observations,
        states,
        st.text(),
        st.text(),
        st.booleans(),
        numbers,
        st.booleans(),
    ),
    st.builds(CameraNews, times, states, st.text()),
    st.builds(Failed, st.text()),
)


@given(SENSOR)
def test_what_an_honest_sensor_says_is_always_taken(message) -> None:
    """A number that cannot be is one that is not known; text is cleaned by the sensor already."""
    assert decoded(encoded(message)[LENGTH.size :])


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from([1e308, -1e308, 10**400]),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=8,
)


@given(messages, st.lists(st.tuples(st.integers(0, 200), json_values), min_size=1, max_size=3))
def test_a_message_with_other_values_is_refused_or_within_bounds(message, changes) -> None:
    found = json.loads(encoded(message)[LENGTH.size :])
    for at, value in changes:
        places = list(_places(found))
        inside, key = places[at % len(places)]
        inside[key] = value
    try:
        taken = decoded(json.dumps(found).encode())
    except WireError:
        return
    if isinstance(taken, LookResult):
        assert 0.0 <= taken.changed <= 1.0
        assert max(len(text) for text in (taken.sentence, taken.name, taken.source, taken.moved, taken.missing)) <= 600
        assert (
            taken.calibrated is None or taken.calibrated["ok"] is False or taken.calibrated["baseline"]["frames"] >= 0
        )
        if (seen := taken.observation) is not None:
            assert 0.0 <= seen.t_s <= 1e10
            assert seen.distance_cm is None or 1.0 <= seen.distance_cm <= 2e3
            assert all(level is None or abs(level) <= 1e3 for level in seen.levels.values())


def _places(inside):
    """Every place in a message where there is a value."""
    for key in inside if isinstance(inside, dict) else range(len(inside)):
        yield inside, key
        if isinstance(inside[key], dict | list):
            yield from _places(inside[key])


@pytest.mark.parametrize(
    "body",
    [
        b'{"v":4,"v":4,"kind":"ask"}',
        b'{"v":4,"kind":"ready","cpu_s":1.0,"cpu_s":2.0}',
        b'{"v":4,"kind":"ready","cpu_s":NaN}',
        b'{"v":4,"kind":"ready","cpu_s":Infinity}',
        b'{"v":4.0,"kind":"ready","cpu_s":1.0}',
        b'{"v":true,"kind":"ready","cpu_s":1.0}',
        b'{"v":4,"kind":"ready","cpu_s":' + b"[" * 100_000 + b"]" * 100_000 + b"}",
        b'{"v":4,"kind":"ready","cpu_s":' + b"9" * 100_000 + b"}",
        b"\xff\xfe",
        b"[]",
        b"4",
        b"",
    ],
)
def test_json_that_is_no_message(body: bytes) -> None:
    with pytest.raises(WireError) as refused:
        decoded(body.replace(b'"v":4', f'"v":{VERSION}'.encode()))
    assert len(str(refused.value)) < 200, "nothing of it is repeated"


def test_a_picture_in_a_sentence_reaches_nobody() -> None:
    picture = base64.b64encode(random.Random(1).randbytes(20_000)).decode()
    with pytest.raises(WireError):
        decoded(json.dumps(GOOD | {"sentence": picture}).encode())
    for code in (
        picture[:400],
        picture.lower()[:300],
        "Look: " + picture[:100] + " there",
        picture[:35].encode().hex(),
    ):
        taken = decoded(json.dumps(GOOD | {"sentence": code}).encode())
        assert isinstance(taken, LookResult)
        assert len(taken.sentence) < 60, taken.sentence
    kept = "The camera is in use: close the other program (/srv/pictures/clip_2024-11-28.mp4)."
    assert cleaned(kept) == kept
    assert cleaned("a\x1b[2Jb\u202e\n c") == "a [2Jb c"


def test_a_sentence_of_any_language_comes_whole() -> None:
    japanese = "椅子に深く座り、画面を自分の方へ少し傾けてから、もう一度キャリブレーションしてください。" * 8
    german = "Deine Schultern sind weit unter dem Bild: lehne dich etwas zurück oder neige den Bildschirm zu dir. " * 5
    for sentence in (japanese, german.strip()):
        assert 300 < len(sentence) < 600
        taken = decoded(encoded(CameraNews(1.0, "gone", sentence))[LENGTH.size :])
        assert isinstance(taken, CameraNews)
        assert taken.sentence == sentence
    code = base64.b64encode(random.Random(1).randbytes(200)).decode()
    assert cleaned(f"椅子に{code}") == "…"


def test_a_byte_at_a_time_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    clock = [0.0]
    monkeypatch.setattr(wire.time, "monotonic", lambda: clock[0])
    ours, theirs = socket.socketpair()
    with ours, theirs:
        link = SensorLink(SocketLink(theirs))
        for byte in encoded(Ready(1.0))[:6]:
            ours.sendall(bytes([byte]))
            assert link.receive(0.0) is None
            clock[0] += 0.9
        with pytest.raises(WireError, match="too long"):
            link.receive(0.0)


def test_the_rest_of_a_message_that_came_in_time_is_taken_however_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever reads may have been held up, by a disk."""
    clock = [0.0]
    monkeypatch.setattr(wire.time, "monotonic", lambda: clock[0])
    ours, theirs = socket.socketpair()
    with ours, theirs:
        link, message = SensorLink(SocketLink(theirs)), encoded(Ready(1.0))
        ours.sendall(message[:6])
        assert link.receive(0.0) is None
        ours.sendall(message[6:])
        clock[0] += 60.0
        assert link.receive(0.0) == Ready(1.0)
