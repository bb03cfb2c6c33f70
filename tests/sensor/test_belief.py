"""What is believed of a sensor over time, and that one that is well keeps to it."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.measure.observation import Observation
from posture.sensor import process
from posture.sensor.client import AHEAD_S, MESSAGES, TEXT, Doubt
from posture.sensor.process import Sensor
from posture.sensor.wire import Ask, CameraNews, Failed, LookResult, Message, WireError

SOON = st.lists(st.floats(0.0, 3.0), max_size=120)
"""Seconds from one event to the next."""


def look(t_s: float, sentence: str = "", reason: str = "") -> LookResult:
    return LookResult(1, Observation(t_s, "unknown", reason), "failed", sentence, "A camera", True, 0.5, False)


def test_messages_that_come_too_often_are_not_believed() -> None:
    doubt = Doubt(0.0)
    for _ in range(int(MESSAGES.most)):
        doubt.check(CameraNews(0.0, "gone", "It is gone."), 0.0)
    with pytest.raises(WireError, match="more messages"):
        doubt.check(CameraNews(0.0, "gone", "It is gone."), 0.0)


FAILED = {"ok": False, "reason": "moving", "sentence": "Sit still."}


@pytest.mark.parametrize("news", [[{"calibrated": FAILED}] * 2, [{"moved": "It was moved."}, {"moved": ""}]])
def test_news_that_come_too_often_are_not_believed(news: list[dict[str, Any]]) -> None:
    doubt = Doubt(0.0)
    for n in range(30):
        doubt.check(replace(look(0.0), **news[n % 2]), 0.0)
    with pytest.raises(WireError, match="more news"):
        doubt.check(replace(look(0.0), **news[0]), 0.0)


def test_an_honest_sensor_may_try_to_calibrate_all_day() -> None:
    doubt = Doubt(0.0)
    for n in range(1000):
        found = replace(look(30.0 * n), calibrated=FAILED)
        doubt.check(found, 30.0 * n)


@given(SOON)
def test_an_honest_sensor_never_tells_too_often(waits_s: list[float]) -> None:
    """Whatever the camera does; and the daemon may get all of it at once."""
    sent: list[Message] = []
    sensor = object.__new__(Sensor)
    sensor._link = SimpleNamespace(send=sent.append)  # type: ignore[assignment]
    sensor._lease = SimpleNamespace(state="in use", sentence="It is in use.")  # type: ignore[assignment]
    sensor._news = process.NEWS
    doubt, t_s = Doubt(0.0), 0.0
    for wait_s in waits_s:
        t_s += wait_s
        sensor._tell(t_s)
    for message in sent:
        assert isinstance(message, CameraNews)
        doubt.check(message, message.t_s)
    assert bool(sent) == bool(waits_s)


def test_a_picture_in_pieces_is_not_believed() -> None:
    doubt = Doubt(0.0)
    for n in range(int(TEXT.most / 300)):
        doubt.check(look(float(n), sentence=f"{n:03}".ljust(300, "x")), float(n))
    with pytest.raises(WireError, match="more text"):
        doubt.check(look(20.0, sentence="y" * 300, reason="z" * 300), 20.0)


def test_what_was_said_before_may_be_said_for_ever() -> None:
    doubt = Doubt(0.0)
    for n in range(10_000):
        doubt.check(look(n / 4, sentence=("a" * 300, "b" * 300)[n % 2]), n / 4)


@given(st.floats(0.0, 1e9), st.floats(0.0, 1e10))
def test_only_what_is_not_later_than_now_was_seen(at_s: float, t_s: float) -> None:
    for message in (look(t_s), CameraNews(t_s, "open", "")):
        try:
            Doubt(at_s).check(message, at_s)
            assert t_s <= at_s + AHEAD_S
        except WireError:
            assert t_s > at_s


def test_what_only_a_sensor_gets_is_not_from_one() -> None:
    with pytest.raises(WireError):
        Doubt(0.0).check(Ask(), 0.0)
    Doubt(0.0).check(Failed("The model is missing."), 0.0)
