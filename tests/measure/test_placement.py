"""What a camera cannot see from where it stands, and what to move."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.measure import placement
from posture.measure.angles import Placement
from posture.measure.placement import advice, hidden_deviations


def placed(below_cm: float = 18.0, distance_cm: float = 62.0) -> Placement:
    return Placement(10.0, below_cm, distance_cm, 2.7, 4.6, 0.125 * distance_cm)


def test_the_laptop_and_eye_level_hide_nothing() -> None:
    for below_cm in (18.0, 0.0, -5.0):
        assert hidden_deviations(placed(below_cm)) == ()
        assert advice(placed(below_cm)) == ()


def test_a_low_camera_hides_a_forward_head_and_nothing_else() -> None:
    low = placed(32.0)
    assert hidden_deviations(low) == ("forward_head",)
    (sentence,) = advice(low)
    assert sentence == "The camera is too low to see a forward head: raise the screen by about 15 cm."


def test_what_the_estimate_does_not_know_is_not_claimed() -> None:
    (sentence,) = advice(placed(28.0))
    assert sentence == "The camera may be too low to see a forward head: raise the screen by about 10 cm."
    (sentence,) = advice(placed(distance_cm=40.0))
    assert sentence == "The camera is too near to see a forward head: sit about 25 cm farther from it."
    (sentence,) = advice(placed(distance_cm=52.0))
    assert "may be too near" in sentence
    (sentence,) = advice(placed(distance_cm=110.0))
    assert sentence == "The camera is too far away to see a forward head: bring it about 45 cm nearer."


def test_a_camera_to_the_side_hides_it_too() -> None:
    beside = replace(placed(), turned_deg=-22.0)
    assert hidden_deviations(beside) == ("forward_head",)
    (sentence,) = advice(beside)
    assert "from the side" in sentence
    assert advice(replace(placed(), turned_deg=8.0)) == ()


def test_an_unknown_place_is_named_unknown() -> None:
    unknown = Placement(*[float("nan")] * 6)
    assert hidden_deviations(unknown) == ("forward_head",)
    expected = "Where the camera stands could not be told, so a forward head is not judged: calibrate again."
    assert advice(unknown) == (expected,)
    nan = float("nan")
    for half in (replace(placed(), lens_below_eyes_cm=nan), replace(placed(), distance_cm=nan)):
        assert advice(half) == (expected,)


@given(st.floats(-40, 80), st.floats(20, 200))
def test_advice_is_given_exactly_where_something_is_hidden(below_cm: float, distance_cm: float) -> None:
    place = placed(below_cm, distance_cm)
    assert bool(advice(place)) == bool(hidden_deviations(place))
    for sentence in advice(place):
        assert sentence[0].isupper()
        assert sentence.endswith(".")


@given(st.floats(26.1, 80))
def test_who_follows_it_can_be_seen(below_cm: float) -> None:
    (sentence,) = advice(placed(below_cm))
    raised_cm = float(sentence.rsplit(" ", 2)[1])
    assert hidden_deviations(placed(below_cm - raised_cm)) == ()


LOW = "The camera {} too low to see a forward head: raise the screen by about {} cm."
NEAR = "The camera {} too near to see a forward head: sit about {} cm farther from it."
FAR = "The camera {} too far away to see a forward head: bring it about {} cm nearer."
ASIDE = (
    "The camera sees your face from the side, where a forward head hardly shows: "
    "place it in front of you, or face it while you calibrate."
)


@pytest.mark.parametrize(
    ("place", "sentences"),
    [
        # At a limit nothing is hidden; beyond it by one standard deviation (4.6 cm, an eighth) it is not yet sure.
        (placed(26.0), ()),
        (placed(26.1), (LOW.format("may be", 10),)),
        (placed(30.55), (LOW.format("may be", 15),)),
        (placed(30.7), (LOW.format("is", 15),)),
        (placed(60.0), (LOW.format("is", 40),)),
        (placed(distance_cm=55.0), ()),
        (placed(distance_cm=54.9), (NEAR.format("may be", 10),)),
        (placed(distance_cm=48.9), (NEAR.format("may be", 15),)),
        (placed(distance_cm=48.8), (NEAR.format("is", 15),)),
        (placed(distance_cm=77.0), ()),
        (placed(distance_cm=77.1), (FAR.format("may be", 10),)),
        (placed(distance_cm=87.9), (FAR.format("may be", 25),)),
        (placed(distance_cm=88.1), (FAR.format("is", 25),)),
        (replace(placed(), turned_deg=12.0), ()),
        (replace(placed(), turned_deg=12.1), (ASIDE,)),
        (replace(placed(), turned_deg=-12.1), (ASIDE,)),
        (replace(placed(26.0), turned_deg=20.0), (ASIDE,)),
        (replace(placed(distance_cm=55.0), turned_deg=20.0), (ASIDE,)),
        (replace(placed(distance_cm=77.0), turned_deg=20.0), (ASIDE,)),
        (replace(placed(40.0), turned_deg=12.0), (LOW.format("is", 20),)),
        (replace(placed(40.0, 40.0), turned_deg=20.0), (LOW.format("is", 20), NEAR.format("is", 25), ASIDE)),
        (replace(placed(40.0, 100.0), turned_deg=20.0), (LOW.format("is", 20), FAR.format("is", 35), ASIDE)),
    ],
)
def test_every_sentence_at_its_limit(place: Placement, sentences: tuple[str, ...]) -> None:
    assert advice(place) == sentences
    assert hidden_deviations(place) == (("forward_head",) if sentences else ())


@pytest.mark.parametrize(
    ("place", "sure"),
    [
        (replace(placed(30.0), lens_below_eyes_sd_cm=4.0), "may be"),
        (replace(placed(30.0), lens_below_eyes_sd_cm=3.9), "is"),
        (replace(placed(distance_cm=45.0), distance_sd_cm=10.0), "may be"),
        (replace(placed(distance_cm=45.0), distance_sd_cm=9.9), "is"),
        (replace(placed(distance_cm=87.0), distance_sd_cm=10.0), "may be"),
        (replace(placed(distance_cm=87.0), distance_sd_cm=9.9), "is"),
    ],
)
def test_one_standard_deviation_is_sure(place: Placement, sure: str) -> None:
    (sentence,) = advice(place)
    assert sentence.startswith(f"The camera {sure} too ")


def test_a_step_is_five_centimetres_and_the_least() -> None:
    steps = [(0.0, 5), (7.4, 5), (7.6, 10), (12.4, 10), (12.6, 15), (-30.0, 5)]
    assert [placement._step(length_cm) for length_cm, _ in steps] == [step for _, step in steps]
