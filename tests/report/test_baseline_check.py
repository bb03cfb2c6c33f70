"""Whether a calibration fits the days since: what days may say, and what they may not."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from calibrated_days import watched
from hypothesis import given
from hypothesis import strategies as st

from posture.history.calibrations import Calibration
from posture.history.records import Distance, Interval, Memory
from posture.history.store import Store
from posture.measure.observation import DEVIATIONS, Deviation, Observation, Presence
from posture.monitor.assemble import assemble
from posture.report.baseline_check import (
    DAYS,
    LEAST_S,
    LOOK_BACK_DAYS,
    MOSTLY,
    Misfit,
    days_of_use,
    last_used,
    misfit,
    misfit_now,
)
from posture.settings import Settings

MADE = datetime(2026, 11, 16, 8, 30, tzinfo=UTC)
CALIBRATION = Calibration(MADE, distance_cm=60.0)
SETTINGS = Settings()
HOUR_S = 3600.0

shares = st.integers(0, 100).map(lambda percent: percent / 100)
minutes = st.integers(1, 240).map(lambda minutes: minutes / 60)
"""Of a day, in hours."""
judged = [kind for kind in DEVIATIONS if kind != "too_close"]


def morning(number: int) -> datetime:
    """Nine o'clock on a day after the calibration; the calibration was made on day 0."""
    return MADE.replace(hour=9, minute=0) + timedelta(days=number)


def sitting(memory: Memory, number: int, share: float, *, made: datetime | None = MADE, **others: Any) -> None:
    """See `calibrated_days.watched`."""
    memory.write(watched(morning(number), share, made=made, **others))


def far(memory: Memory, number: int, cm: int, seconds: float = 2 * HOUR_S) -> None:
    sitting(memory, number, 0.0)
    parts = 8
    slots = (morning(number) + timedelta(minutes=15 * part) for part in range(parts))
    memory.write(distances=[Distance(slot, cm, seconds / parts) for slot in slots])


def found(memory: Memory, *, last: int = 13, calibration: Calibration = CALIBRATION) -> Misfit | None:
    now = morning(last).replace(hour=20)
    return misfit(days_of_use(memory, calibration, now, SETTINGS, UTC), calibration, UTC)


@pytest.mark.parametrize("kind", judged)
def test_what_is_there_most_of_the_time_is_said_and_not_explained(kind: Deviation) -> None:
    memory = Memory()
    for number in range(DAYS):
        sitting(memory, number, 0.7, kind=kind)
    sign = found(memory)
    assert sign is not None
    assert (sign.kind, sign.deviation) == ("deviation", kind)
    assert "the calibration of 16 November" in sign.sentence
    assert "may be how you sit, or the calibration may not fit" in sign.sentence
    assert sign.sentence.startswith("On the last 3 days that can be judged more than half of your sitting was")


def test_the_numbers_of_the_rule() -> None:
    assert (DAYS, LOOK_BACK_DAYS, LEAST_S, MOSTLY) == (3, 14, HOUR_S, 0.5)


def test_of_the_last_watch_the_calibration_is_asked_for_and_compared() -> None:
    memory, now = Memory(), morning(DAYS).replace(hour=20)
    asked: list[datetime] = []

    def known(made: datetime) -> Calibration | None:
        asked.append(made)
        return CALIBRATION

    assert misfit_now(memory, known, now, SETTINGS, UTC) is None
    assert asked == []
    for number in range(DAYS):
        sitting(memory, number, 0.9)
    assert misfit_now(memory, known, now, SETTINGS, UTC) == found(memory) is not None
    assert asked == [MADE]
    assert misfit_now(memory, lambda made: None, now, SETTINGS, UTC) is None
    sitting(memory, DAYS, 0.0, made=MADE + timedelta(days=1))
    assert last_used(memory, now) == MADE + timedelta(days=1)
    assert last_used(memory, now + timedelta(days=LOOK_BACK_DAYS, hours=1)) is None


def test_of_two_deviations_the_longer_one_is_said() -> None:
    memory = Memory()
    for number in range(DAYS):
        sitting(memory, number, 0.7, kind="slump")
        sitting(memory, number, 0.9, kind="head_tilt")
    sign = found(memory)
    assert sign is not None
    assert sign.deviation == "head_tilt"


def test_how_near_one_sits_is_no_sign_by_itself() -> None:
    memory = Memory()
    for number in range(DAYS):
        sitting(memory, number, 0.9, kind="too_close")
    assert found(memory) is None


@given(st.lists(st.tuples(shares, minutes), max_size=10))
def test_too_few_days_or_hours_say_nothing(days: list[tuple[float, float]]) -> None:
    memory = Memory()
    for number, (share, hours) in enumerate(days):
        sitting(memory, number, share, hours=hours)
    enough = [share for share, hours in days if hours * HOUR_S >= LEAST_S][-DAYS:]
    assert (found(memory) is not None) == (len(enough) == DAYS and min(enough) > MOSTLY)


@given(st.lists(shares, min_size=DAYS, max_size=8), st.data())
def test_more_of_it_is_never_less_of_a_sign(before: list[float], data: st.DataObject) -> None:
    memory, more = Memory(), Memory()
    for number, share in enumerate(before):
        sitting(memory, number, share)
        sitting(more, number, data.draw(st.floats(share, 1.0)))
    if found(memory) is not None:
        assert found(more) is not None


@given(st.integers(1, DAYS), st.integers(0, 6))
def test_a_good_day_among_the_last_ones_ends_it_and_a_bad_one_begins_nothing(ago: int, bad: int) -> None:
    memory, single = Memory(), Memory()
    for number in range(7):
        sitting(memory, number, 0.2 if number == 7 - ago else 0.9)
        sitting(single, number, 0.9 if number == bad else 0.2)
    assert found(memory) is None
    assert found(single) is None


def test_good_days_before_the_last_ones_do_not_end_it() -> None:
    memory = Memory()
    for number in range(6):
        sitting(memory, number, 0.9 if number >= 6 - DAYS else 0.2)
    assert found(memory) is not None


@given(st.lists(st.sampled_from((MADE, MADE - timedelta(days=30), None)), min_size=DAYS, max_size=8))
def test_only_days_with_this_calibration_count(made: list[datetime | None]) -> None:
    memory = Memory()
    for number, by in enumerate(made):
        sitting(memory, number, 0.9, made=by)
    assert (found(memory) is not None) == (made.count(MADE) >= DAYS)


def test_days_before_it_was_made_do_not_count() -> None:
    memory = Memory()
    for number in range(7):
        sitting(memory, number, 0.9)
    new = replace(CALIBRATION, made=MADE + timedelta(days=7))
    assert found(memory) is not None
    assert found(memory, calibration=new) is None


def test_what_the_user_has_confirmed_is_not_asked_again() -> None:
    memory = Memory()
    for number in range(DAYS):
        sitting(memory, number, 0.9)
    assert found(memory, calibration=replace(CALIBRATION, confirmed=True)) is None


def test_what_is_long_ago_says_nothing() -> None:
    memory = Memory()
    for number in range(DAYS):
        sitting(memory, number, 0.9)
    assert found(memory, last=LOOK_BACK_DAYS) is not None
    assert found(memory, last=LOOK_BACK_DAYS + 1) is None


@given(st.lists(st.tuples(minutes, shares), min_size=DAYS, max_size=5))
def test_only_time_that_was_judged_counts(days: list[tuple[float, float]]) -> None:
    """A deviation is held for a share of what was judged of it, and not judged in the rest of four hours."""
    memory = Memory()
    for number, (hours, share) in enumerate(days):
        start, end = morning(number), morning(number) + timedelta(hours=4)
        judged_until = start + timedelta(hours=hours)
        sitting(memory, number, 0.0, hours=4.0)
        memory.write(
            [
                Interval("deviation", "slump", start, start + (judged_until - start) * share),
                Interval("unjudged", "slump", judged_until, end, {"why": "a shoulder is out of the picture"}),
                Interval("unjudged", "head_tilt", start, end, {"why": "the face is not seen"}),
            ]
        )
    enough = [share for hours, share in days if hours * HOUR_S >= LEAST_S][-DAYS:]
    assert (found(memory) is not None) == (len(enough) == DAYS and min(enough) > MOSTLY)


def test_a_day_of_which_little_is_known_does_not_count() -> None:
    memory = Memory()
    for number in range(DAYS):
        sitting(memory, number, 0.9)
        if number == 0:  # watched for long after, and nobody could tell
            start = morning(number) + timedelta(hours=2)
            end = start + timedelta(hours=4)
            memory.write([Interval("watch", "camera", start, end, {"calibration": MADE.isoformat()})])
    assert found(memory) is None


@pytest.mark.parametrize(
    ("days_cm", "says"),
    [
        ((80, 82, 79), "about 80 cm from the camera, and about 60 cm at the calibration of 16 November"),
        ((45, 47, 40), "about 46 cm from the camera"),
        ((80, 60, 80), ""),
        ((80, 45, 80), ""),
        ((70, 72, 68), ""),
        # A quarter farther or nearer; a whole centimetre is its middle, 74.5 and 48.5 are not enough.
        ((74, 74, 74), ""),
        ((75, 75, 75), "about 76 cm"),
        ((48, 48, 48), ""),
        ((47, 47, 47), "about 48 cm"),
        ((90, 80, 100), "about 90 cm"),
    ],
)
def test_another_viewing_distance(days_cm: tuple[int, ...], says: str) -> None:
    memory = Memory()
    for number, cm in enumerate(days_cm):
        far(memory, number, cm)
    sign = found(memory)
    assert (sign is not None) == bool(says)
    if sign is not None:
        assert sign.kind == "distance"
        assert says in sign.sentence
        assert sign.sentence.startswith("On the last 3 days that can be judged your eyes were about")


def test_without_enough_known_of_it_distance_says_nothing() -> None:
    short, unknown = Memory(), Memory()
    for number in range(DAYS):
        far(short, number, 90, seconds=0.9 * LEAST_S)
        far(unknown, number, 90)
    assert found(short) is None
    assert found(unknown, calibration=replace(CALIBRATION, distance_cm=None)) is None


def test_distances_of_a_quarter_hour_with_another_calibration_do_not_count() -> None:
    memory = Memory()
    for number in range(DAYS):
        far(memory, number, 90)
    assert found(memory) is not None
    start = morning(1)
    memory.write([Interval("watch", "camera", start + timedelta(minutes=1), start + timedelta(hours=2))])
    assert found(memory) is None


def test_distances_of_who_stands_do_not_count() -> None:
    memory = Memory()
    for number in range(DAYS):
        far(memory, number, 60)
        start = morning(number) + timedelta(hours=3)
        end = start + timedelta(hours=3)
        memory.write(
            [
                Interval("watch", "camera", start, end, {"calibration": MADE.isoformat()}),
                Interval("presence", "standing", start, end),
            ],
            distances=[Distance(start + timedelta(minutes=15 * part), 90, 900.0) for part in range(12)],
        )
    assert found(memory) is None


def test_who_is_never_seen_sitting() -> None:
    memory = Memory()
    for number in range(DAYS):
        sitting(memory, number, 0.0, presence="standing")
    sign = found(memory)
    assert sign is not None
    assert sign.kind == "standing"
    assert "If you sat" in sign.sentence
    assert sign.sentence.startswith("On the last 3 days that can be judged you were seen standing nearly all")
    assert found(memory, calibration=replace(CALIBRATION, standing=True)) is None


@pytest.mark.parametrize(
    ("stood_h", "sat_h", "says"),
    [(0.98, 0.0, False), (1.0, 0.0, True), (0.95, 0.05, True), (1.8, 0.2, False), (1.85, 0.15, True)],
)
def test_how_long_and_how_much_standing_is_nearly_all(stood_h: float, sat_h: float, says: bool) -> None:
    memory = Memory()
    for number in range(DAYS):
        sitting(memory, number, 0.0, hours=stood_h, presence="standing")
        start = morning(number) + timedelta(hours=stood_h)
        end = start + timedelta(hours=sat_h)
        if sat_h:
            memory.write(
                [
                    Interval("watch", "camera", start, end, {"calibration": MADE.isoformat()}),
                    Interval("presence", "sitting", start, end),
                ]
            )
    sign = found(memory)
    assert (sign is not None) == says
    if sign is not None:
        assert (sign.kind, sign.made, sign.deviation) == ("standing", MADE, None)


def test_the_last_days_on_their_feet_are_asked_and_no_others() -> None:
    memory = Memory()
    for number in range(2 * DAYS):
        sitting(memory, number, 0.0, presence="standing" if number >= DAYS else "sitting")
    assert found(memory) is not None
    memory = Memory()
    for number in range(2 * DAYS):
        sitting(memory, number, 0.0, presence="standing" if number < DAYS else "sitting")
    assert found(memory) is None


def test_who_says_that_they_stand_does() -> None:
    memory = Memory()
    for number in range(DAYS):
        sitting(memory, number, 0.0, presence="standing", reason="you said so" if number == 1 else "")
    assert found(memory) is None


def test_who_sits_as_well_stands_for_the_rest() -> None:
    memory = Memory()
    for number in range(DAYS):
        sitting(memory, number, 0.0, presence="standing")
        start = morning(number) + timedelta(hours=2)
        end = start + timedelta(minutes=20)
        memory.write(
            [
                Interval("watch", "camera", start, end, {"calibration": MADE.isoformat()}),
                Interval("presence", "sitting", start, end),
            ]
        )
    assert found(memory) is None


@pytest.mark.parametrize("named", ["", "yesterday", "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", 5, None])
def test_a_watch_that_names_no_time_goes_by_none(named: str | float | None) -> None:
    memory = Memory()
    sitting(memory, 0, 0.0)
    now = morning(1)
    assert last_used(memory, now) == MADE
    memory.write([Interval("watch", "camera", morning(0), now, {"calibration": named})])
    assert last_used(memory, now) is None
    assert last_used(Memory(), now) is None


# -- whole days through timeline, recorder and store -------------------------------------------------------------------


def worked(store: Store, number: int, seen: list[tuple[float, Presence, float]], *, said: bool = False) -> None:
    """Play a day: for so many minutes a presence with this level of slump, a look every 10 s."""
    start = morning(number)
    engine = assemble(SETTINGS, store, lambda t_s: start + timedelta(seconds=t_s))
    engine.use_calibration(MADE)
    if said:
        engine.stand(True, 0.0)
    t_s = 0.0
    for minutes, presence, level in seen:
        for _ in range(round(minutes * 6)):
            at_desk = presence == "sitting"
            engine.take(
                Observation(
                    t_s, presence, "", {"slump": level} if at_desk else {}, distance_cm=60.0 if at_desk else None
                )
            )
            t_s += 10.0
    engine.finish()


def test_days_that_slump_and_days_that_creep(store: Store) -> None:
    slumping: list[tuple[float, Presence, float]] = [
        (20, "sitting", 0.2),
        (40, "sitting", 1.4),
        (5, "away", 0.0),
        (50, "sitting", 1.3),
        (10, "sitting", 0.3),
    ]
    for number in range(DAYS):
        worked(store, number, slumping)
    now = morning(DAYS)
    days = days_of_use(store, CALIBRATION, now, SETTINGS, UTC)
    sign = misfit(days, CALIBRATION, UTC)
    assert sign is not None
    assert (sign.kind, sign.deviation) == ("deviation", "slump")

    worked(store, DAYS, [(70, "sitting", 0.3), (50, "sitting", 1.3)])
    assert misfit(days_of_use(store, CALIBRATION, now, SETTINGS, UTC), CALIBRATION, UTC) is None


@pytest.mark.parametrize("said", [False, True])
def test_a_desk_that_is_raised_and_the_camera_with_it(store: Store, said: bool) -> None:
    presence: Presence = "sitting" if said else "standing"
    for number in range(DAYS):
        worked(store, number, [(80, presence, 0.2)], said=said)
    sign = misfit(days_of_use(store, CALIBRATION, morning(DAYS), SETTINGS, UTC), CALIBRATION, UTC)
    assert (sign is None) == said


def test_a_calibration_in_the_middle_of_a_watch(store: Store) -> None:
    """The watch goes on, and its records say which part was compared with which calibration."""
    engine = assemble(SETTINGS, store, lambda t_s: morning(0) + timedelta(seconds=t_s))
    later = MADE + timedelta(hours=2)
    for t_s, made in ((0.0, None), (3600.0, MADE), (7200.0, later)):
        engine.use_calibration(made)
        for look in range(360):
            engine.take(Observation(t_s + 10.0 * look, "sitting"))
    engine.finish()
    watches = store.intervals(morning(-1), morning(1), "watch")
    assert [watch.detail for watch in watches] == [
        {},
        {"calibration": MADE.isoformat()},
        {"calibration": later.isoformat()},
    ]
    assert [a.end for a in watches[:-1]] == [b.start for b in watches[1:]]
