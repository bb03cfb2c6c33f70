"""What a camera cannot see from where it stands, and what to move."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

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
    (said,) = advice(low)
    assert said == "The camera is too low to see a forward head: raise the screen by about 15 cm."


def test_what_the_estimate_does_not_know_is_not_claimed() -> None:
    (said,) = advice(placed(28.0))
    assert said == "The camera may be too low to see a forward head: raise the screen by about 10 cm."
    (said,) = advice(placed(distance_cm=40.0))
    assert said == "The camera is too near to see a forward head: sit about 25 cm farther from it."
    (said,) = advice(placed(distance_cm=52.0))
    assert "may be too near" in said
    (said,) = advice(placed(distance_cm=110.0))
    assert said == "The camera is too far away to see a forward head: bring it about 45 cm nearer."


def test_a_camera_to_the_side_hides_it_too() -> None:
    beside = replace(placed(), turned_deg=-22.0)
    assert hidden_deviations(beside) == ("forward_head",)
    (said,) = advice(beside)
    assert "from the side" in said
    assert advice(replace(placed(), turned_deg=8.0)) == ()


def test_an_unknown_place_is_said_to_be_unknown() -> None:
    unknown = Placement(*[float("nan")] * 6)
    assert hidden_deviations(unknown) == ("forward_head",)
    (said,) = advice(unknown)
    assert "could not be told" in said


@given(st.floats(-40, 80), st.floats(20, 200))
def test_advice_is_given_exactly_where_something_is_hidden(below_cm: float, distance_cm: float) -> None:
    one = placed(below_cm, distance_cm)
    assert bool(advice(one)) == bool(hidden_deviations(one))
    for sentence in advice(one):
        assert sentence[0].isupper()
        assert sentence.endswith(".")


@given(st.floats(26.1, 80))
def test_who_follows_it_can_be_seen(below_cm: float) -> None:
    (said,) = advice(placed(below_cm))
    raised_cm = float(said.rsplit(" ", 2)[1])
    assert hidden_deviations(placed(below_cm - raised_cm)) == ()
