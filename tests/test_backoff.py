"""Waiting before another try, and a supply that is spent: for every course of events."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.backoff import Backoff, TokenBucket

waits = st.floats(0.01, 1e3)
times = st.floats(0, 1e6)
amounts = st.floats(0, 100)


def test_the_wait_doubles_up_to_the_longest() -> None:
    backoff, found = Backoff(first_s=1.0, longest_s=10.0), []
    for _ in range(6):
        backoff = backoff.failed(100.0)
        found.append(backoff.wait_s)
        assert backoff.due_s == 100.0 + backoff.wait_s
    assert found == [1.0, 2.0, 4.0, 8.0, 10.0, 10.0]


def test_nothing_is_put_off_before_the_first_failure_or_after_a_reset() -> None:
    fresh = Backoff(first_s=1.0, longest_s=10.0)
    assert fresh.due_s == float("-inf")
    assert fresh.failed(5.0).failed(6.0).reset() == fresh


def test_a_longest_wait_of_this_once() -> None:
    backoff = Backoff(first_s=1.0, longest_s=60.0, wait_s=16.0)
    assert backoff.failed(0.0, 15.0).wait_s == 15.0
    assert backoff.failed(0.0, 15.0).failed(0.0).wait_s == 30.0
    assert backoff.failed(0.0).wait_s == 32.0


@given(waits, waits, st.lists(times, min_size=1, max_size=2000))
def test_no_wait_is_out_of_bounds(first_s: float, more_s: float, failures: list[float]) -> None:
    backoff, last_s = Backoff(first_s, first_s + more_s), 0.0
    for now_s in failures:
        backoff = backoff.failed(now_s)
        assert first_s <= backoff.wait_s <= first_s + more_s
        assert backoff.wait_s >= last_s
        assert backoff.due_s == now_s + backoff.wait_s
        last_s = backoff.wait_s


def test_a_supply_is_spent_and_fills_again() -> None:
    bucket = TokenBucket(most=20.0, refill_per_s=0.25, left=20.0, at_s=100.0)
    bucket = bucket.spent(12.0, 112.0)
    assert (bucket.left, bucket.at_s) == (8.0, 112.0)
    assert bucket.refilled(132.0) == TokenBucket(20.0, 0.25, 13.0, 132.0)
    assert bucket.refilled(112.0 + 48.0).left == 20.0
    assert bucket.refilled(1e6).left == 20.0
    assert bucket.spent(9.0, 121.0).left == -1.0


def test_a_clock_that_goes_back_fills_nothing() -> None:
    bucket = TokenBucket(most=20.0, refill_per_s=0.25, left=5.0, at_s=100.0)
    assert bucket.refilled(0.0).left == 5.0


@given(st.lists(st.tuples(st.booleans(), amounts, st.floats(0, 1000)), max_size=50))
def test_no_more_is_spent_than_there_was_and_came_back(course: list[tuple[bool, float, float]]) -> None:
    bucket, now_s, spent = TokenBucket(60.0, 0.1, 60.0), 0.0, 0.0
    for refills, amount, passed_s in course:
        now_s += passed_s
        if refills:
            bucket = bucket.refilled(now_s)
        if bucket.left >= amount:
            bucket, spent = bucket.spent(amount, now_s), spent + amount
        assert 0.0 <= bucket.left <= 60.0
    assert spent <= 60.0 + 0.1 * now_s + 1e-6


@given(amounts, times, times, times)
def test_filling_in_two_steps_is_filling_in_one(left: float, start_s: float, first_s: float, second_s: float) -> None:
    bucket = TokenBucket(100.0, 0.1, left, start_s)
    once = bucket.refilled(start_s + first_s + second_s)
    assert bucket.refilled(start_s + first_s).refilled(start_s + first_s + second_s).left == pytest.approx(once.left)
