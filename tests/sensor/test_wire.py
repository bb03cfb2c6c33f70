"""Messages between the processes: what is sent arrives as it was, and nothing else does."""

from __future__ import annotations

import json
import math
import socket
import struct
import threading
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.measure.observation import DEVIATIONS, Cause, Judged, Observation
from posture.perception.gate import Demand
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
    decoded,
    encoded,
    settings_from_json,
    settings_to_json,
)
from posture.settings import Settings
from posture.settings_file import settings_from_text

numbers = st.floats(allow_nan=False, allow_infinity=False)
observations = st.builds(
    Observation,
    t_s=numbers,
    presence=st.sampled_from(["sitting", "standing", "away", "unknown"]),
    reason=st.text(),
    levels=st.dictionaries(st.sampled_from(DEVIATIONS), st.none() | numbers),
    posture=st.lists(numbers, max_size=4).map(tuple),
    distance_cm=st.none() | numbers,
    judged=st.dictionaries(
        st.sampled_from(DEVIATIONS),
        st.builds(
            Judged,
            *[st.none() | numbers] * 3,
            unit=st.sampled_from(["deg", "cm", "sw"]),
            why=st.text(),
            coarse=st.text(),
        ),
    ),
    cause=st.sampled_from(get_args(Cause)),
    view_fits=st.booleans(),
)
states = st.sampled_from(["open", "in use", "gone", "forbidden", "failed", "ended"])
messages = st.one_of(
    st.builds(Look, st.integers(), st.builds(Demand, numbers, numbers, numbers, numbers), numbers),
    st.builds(Ready, numbers),
    st.builds(CameraNews, numbers, states, st.text()),
    st.builds(
        LookResult,
        number=st.integers(),
        observation=st.none() | observations,
        camera=states,
        sentence=st.text(),
        name=st.text(),
        inferred=st.booleans(),
        changed=numbers,
        calibrating=st.booleans(),
        calibrated=st.none() | st.just({"ok": False, "reason": "moving"}),
        moved=st.text(),
        source=st.text(),
        calibration=st.sampled_from(["none", "provisional", "kept"]),
        missing=st.text(),
        offer=st.none()
        | st.builds(
            Offer,
            reason=st.sampled_from(["provisional", "taller"]),
            sentence=st.text(),
            camera=st.text(),
            baseline=st.just({"frames": 40}),
        ),
    ),
    st.builds(
        Start,
        settings=st.just(settings_to_json(Settings())),
        source=st.text(),
        baseline=st.none() | st.just({"frames": 40}),
        calibrate_s=numbers,
        follow=st.booleans(),
    ),
    st.builds(
        CostReport,
        cpu_s=st.dictionaries(st.text(), numbers, max_size=3),
        total_s=numbers,
        counts=st.dictionaries(st.text(), st.integers(), max_size=3),
        infer_ms=st.lists(numbers, max_size=5),
        camera_open_s=numbers,
        peak_rss_mb=numbers,
        feeder_cpu_s=numbers,
    ),
    st.just(Ask()),
    st.builds(Probe, st.text()),
    st.builds(Probed, st.just({"network": "refused"})),
    st.builds(Failed, st.text()),
)


@given(messages)
def test_there_and_back(message) -> None:
    assert decoded(encoded(message)[LENGTH.size :]) == message


@given(st.lists(messages, max_size=4), st.integers(1, 400))
def test_messages_in_pieces(sent, piece: int) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        whole = b"".join(encoded(message) for message in sent)
        link, got = SensorLink(theirs), []
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

OFFER = {"reason": "taller", "sentence": "Keep it?", "camera": "cam", "baseline": {}}
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
            SensorLink(theirs).receive(None)


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
    room = MAX_BYTES - len(encoded(Failed(""))) + LENGTH.size
    ours, theirs = socket.socketpair()
    with ours, theirs:
        link = SensorLink(theirs)
        sender = threading.Thread(target=ours.sendall, args=(encoded(Failed("x" * room)) + encoded(Ask()),))
        sender.start()
        assert link.receive(10.0) == Failed("x" * room)
        sender.join()
        assert link.receive(10.0) == Ask()
        sender = threading.Thread(target=ours.sendall, args=(encoded(Failed("x" * (room + 1)))[:100],))
        sender.start()
        with pytest.raises(WireError):
            link.receive(10.0)
        sender.join()


def test_a_message_that_came_with_another_waits() -> None:
    """`select` does not know of it, so the link says so."""
    ours, theirs = socket.socketpair()
    with ours, theirs:
        link = SensorLink(theirs)
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
