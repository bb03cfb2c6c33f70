"""What the user is told about the calibration, and for how long an offer stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from posture.daemon.calibration_news import BUTTONS, CalibrationNews
from posture.daemon.logs import Log
from posture.desktop.notices import Button
from posture.sensor.wire import LookResult, Offer

LOOK = LookResult(1, None, "open", "", "webcam", True, 0.0, False, calibration="provisional")
OFFER = Offer("provisional", "Keep that?", "webcam", {})


class Told:
    def __init__(self, folder: Path) -> None:
        self.notices: list[tuple[str, str, Sequence[Button]]] = []
        self.news = CalibrationNews(Log(folder / "daemon.log"), lambda *notice: self.notices.append(notice))


@pytest.fixture
def told(tmp_path: Path) -> Told:
    found = Told(tmp_path)
    found.news.take(replace(LOOK, offer=OFFER))
    return found


def test_nobody_is_asked_to_sit_upright(tmp_path: Path) -> None:
    told = Told(tmp_path)
    told.news.take(replace(LOOK, calibration="none", calibrating=True, missing="nobody in the picture"))
    assert (told.news.running, told.news.state, told.news.missing) == (True, "none", "nobody in the picture")
    told.news.take(replace(LOOK, calibrated={"ok": True, "baseline": {}}))
    assert (told.news.running, told.news.state) == (False, "provisional")
    assert told.notices == []


@pytest.mark.parametrize(
    ("stands", "look"),
    [
        (True, LOOK),
        (True, replace(LOOK, camera="in use", name="")),
        (True, replace(LOOK, calibration="none")),  # a sensor that has just begun
        (False, replace(LOOK, calibration="kept")),
        (False, replace(LOOK, name="dock")),
    ],
)
def test_an_offer_stands_while_what_it_was_made_against_does(told: Told, stands: bool, look: LookResult) -> None:
    told.news.take(look)
    assert (told.news.offer is not None) is stands
    assert (told.news.offer_now is not None) is stands


def test_of_a_taller_one_the_opposite_holds(told: Told) -> None:
    kept = replace(LOOK, calibration="kept")
    told.news.take(replace(kept, offer=replace(OFFER, reason="taller")))
    told.news.take(kept)
    assert told.news.offer_now is not None
    assert told.news.offer_now.reason == "taller"
    told.news.take(LOOK)
    assert told.news.offer is None


@pytest.mark.parametrize(
    ("reason", "stands"), [("calibrating", False), ("choosing a profile", False), ("stretching", True)]
)
def test_a_loan_that_may_have_stored_another_one_ends_it(told: Told, reason: str, stands: bool) -> None:
    told.news.camera_returned(reason)
    assert (told.news.offer is not None) is stands


def test_the_notice_has_buttons(told: Told) -> None:
    told.news.show_offer(OFFER)
    assert told.notices == [("Keep this calibration?", "Keep that?", BUTTONS)]
