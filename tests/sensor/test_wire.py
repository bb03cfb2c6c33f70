"""Messages between the processes: what is sent arrives as it was, and nothing else does."""

from __future__ import annotations

import json
import math
import socket
import struct

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.measure.observation import DEVIATIONS, Observation
from posture.perception.gate import Demand
from posture.sensor.wire import (
    LENGTH,
    MAX_BYTES,
    CameraNews,
    Look,
    LookResult,
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
    ),
)


@given(messages)
def test_there_and_back(message) -> None:
    assert decoded(encoded(message)[LENGTH.size :]) == message


@given(st.lists(messages, max_size=4), st.integers(1, 400))
def test_messages_in_pieces(sent, piece: int) -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        whole = b"".join(encoded(one) for one in sent)
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


@pytest.mark.parametrize(
    "wrong",
    [
        {"v": 1},
        {"kind": "shutdown"},
        {"kind": ["seen"]},
        {"more": 1},
        {"number": "1"},
        {"number": True},
        {"changed": "much"},
        {"changed": math.inf},
        {"camera": "stolen"},
        {"camera": []},
        {"inferred": 1},
        {"observation": {}},
        {"observation": GOOD["observation"] | {"presence": "asleep"}},
        {"observation": GOOD["observation"] | {"levels": {"hunch": 1.0}}},
        {"observation": GOOD["observation"] | {"levels": [1]}},
        {"observation": GOOD["observation"] | {"picture": "AAAA"}},
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
