"""In another language: what is stored or found again stays English, and what the sensor says comes whole."""

from __future__ import annotations

from pathlib import Path

import pytest
from longer_words import NAME, catalogue, longer
from people import VISIBLE
from test_language import catalogues

from posture.language import speak
from posture.measure.baseline import Refusal, calibrate
from posture.measure.standing import of_standing
from posture.perception.calibration import missing
from posture.perception.framing import Framing
from posture.sensor.wire import cleaned
from posture.settings import find_spec
from posture.settings_file import reset_setting, set_setting, settings_template

__all__ = ["catalogue"]

ROOMS = ("posture/camera/", "posture/pose/", "posture/measure/", "posture/perception/", "posture/sensor/")


@pytest.fixture(autouse=True)
def spoken(catalogue: None) -> None:
    speak(NAME)


def test_comments_in_the_settings_file_stay_english_and_are_found_again(tmp_path: Path) -> None:
    file, spec = tmp_path / "settings.toml", find_spec("coach.kinds")
    assert spec.allowed == longer("any of {names}").format(names=", ".join(spec.choices)).join(
        longer('{form}, or ""').split("{form}")
    )
    set_setting(file, spec, "stand")
    written = file.read_text("utf-8")
    assert f'# {spec.doc} (any of {", ".join(spec.choices)}, or "")' in written
    assert "ü" not in written + settings_template()
    assert reset_setting(file, spec.key)
    assert "#" not in file.read_text("utf-8")


def test_a_refusal_is_said_in_the_language_and_for_who_stands() -> None:
    nobody = calibrate([], VISIBLE, "heavy")
    assert isinstance(nobody, Refusal)
    assert nobody.sentence == longer("Nobody was seen: sit in front of the camera and calibrate again.")
    assert of_standing(nobody).sentence == longer("Nobody was seen: stand in front of the camera and calibrate again.")


def test_reasons_stay_english_and_what_is_shown_does_not() -> None:
    assert missing(None) == "nobody in the picture"
    assert Framing("good", {}).lines[0] == (False, longer("nobody is seen"))


def test_every_text_of_the_sensor_comes_whole() -> None:
    of_sensor = [
        text
        for message in catalogues.template()
        if any(place.startswith(ROOMS) for place, _ in message.locations)
        for text in (message.id if isinstance(message.id, tuple) else [message.id])
    ]
    assert len(of_sensor) > 100
    assert [text for text in of_sensor if cleaned(longer(text)) != longer(text)] == []
