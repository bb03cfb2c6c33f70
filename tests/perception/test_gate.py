"""When a look must run the model: what moved at once, what stirred after a while, everything now and then."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.perception.gate import ALWAYS, Demand, must_infer

parts = st.floats(0, 1)
times = st.floats(0, 1e5)
STEADY = Demand(moved=0.10, still=0.02, stirred_s=10.0, verify_s=60.0)


@given(parts, times, st.builds(Demand, parts, parts, times, times), parts, times)
def test_more_change_and_more_age_never_need_less(
    changed: float, age_s: float, demand: Demand, more: float, older_s: float
) -> None:
    if must_infer(changed, age_s, demand):
        assert must_infer(min(1.0, changed + more), age_s + older_s, demand)


@pytest.mark.parametrize(
    ("changed", "age_s", "wanted"),
    [
        (0.0, 0.0, False),
        (0.09, 9.9, False),
        (0.10, 0.0, True),
        (0.0, 59.9, False),
        (0.0, 60.0, True),
        (0.02, 9.9, False),
        (0.02, 10.0, True),
        (0.019, 10.0, False),
    ],
)
def test_each_limit_counts_from_itself_on(changed: float, age_s: float, wanted: bool) -> None:
    assert must_infer(changed, age_s, STEADY) is wanted


@given(parts, times)
def test_always_is_always(changed: float, age_s: float) -> None:
    assert must_infer(changed, age_s, ALWAYS)
