"""The JSON and the CSV of a review: every key, each with its own figure, rounded."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from posture.history.records import Distance, Interval, Memory, Point
from posture.measure.observation import DEVIATIONS
from posture.report.figures import (
    Bouts,
    Breaks,
    DeviationFigures,
    Figures,
    Holds,
    Lean,
    NotJudged,
    Pain,
    Range,
    Reminders,
    Shifts,
    Summary,
    Viewing,
)
from posture.report.json import csv_rows, review_json, to_json
from posture.report.review import review
from posture.settings import GoalSettings, Settings

BERLIN = ZoneInfo("Europe/Berlin")
T0 = datetime(2026, 3, 2, 8, tzinfo=UTC)

# No two figures are the same, and each has more digits than are written.
SUMMARY = Summary(
    start=T0,
    stop=T0 + timedelta(hours=1),
    watched_s=1.00004,
    observed_s=2.00006,
    unknown_s=3.12345678,
    coverage=0.123456,
    unknown_reasons={"too dark": 4.00001, "covered": 5.55555},
    figures=Figures(
        sitting_s=6.00001,
        standing_s=7.00001,
        away_s=8.00001,
        sitting=Range(43.00001, 44.00001),
        left_s=45.00001,
        busy_s=46.00001,
        blind_s=47.00001,
        bouts=Bouts(
            9,
            10.00001,
            11.00001,
            12.00001,
            0.130001,
            longest=Range(48.00001, 49.00001),
            w50=Range(50.00001, 51.00001),
            sat_on_share=0.17,
        ),
        breaks=Breaks(14, 15.00001, 16.00001, by_session=3),
        reminders=Reminders({"stand": 17, "move": 18, "stretch": 1, "posture": 2, "sit": 3}, 30, 10, 9, 4, 2),
        shifts=Shifts(19, 20.00001),
        deviations={
            kind: DeviationFigures(21.00001 + n, 0.220001 + n, 23.00001 + n, 39.00001 + n, 0.400001 + n, "of that")
            for n, kind in enumerate(DEVIATIONS)
        },
        not_judged=(NotJudged("of this", 41.00001, ("slump", "too_close")), NotJudged("of that", 42.00001, ("slump",))),
        lean=Lean(24.00001, 25.00001, 0.260001),
        viewing=Viewing(27.00001, 28.00001, 29.00001, 0.300001),
    ),
    pain=(
        Pain(T0 + timedelta(minutes=5), 4, "neck", "secret", "sitting", "walking"),
        Pain(T0 + timedelta(minutes=9), 3, "low-left"),
    ),
    self_checks=("side-bend", "hip-rotation"),
    directions=("neutral",),
    tension=(Pain(T0 + timedelta(minutes=10), 6, "", "secret"),),
    verified=Holds(31, 32.00001, 33.00001, 34.00001, 310, 320.00001),
    self_reported=Holds(35, 36.00001, 37.00001, 38.00001, 350, 360.00001),
)

EXPECTED: dict[str, Any] = {
    "start": "2026-03-02T09:00:00+01:00",
    "stop": "2026-03-02T10:00:00+01:00",
    "watched_s": 1.0,
    "observed_s": 2.0001,
    "coverage": 0.1235,
    "hidden": None,
    "unknown_s": 3.1235,
    "unknown_reasons": {"too dark": 4.0, "covered": 5.5556},
    "sitting_s": 6.0,
    "standing_s": 7.0,
    "away_s": 8.0,
    "sitting": {"at_least_s": 43.0, "at_most_s": 44.0},
    "left_s": 45.0,
    "busy_s": 46.0,
    "blind_s": 47.0,
    "bouts": {
        "count": 9,
        "longest_s": 10.0,
        "w50_s": 11.0,
        "limit_s": 12.0,
        "over_limit_share": 0.13,
        "sat_on_share": 0.17,
        "longest": {"at_least_s": 48.0, "at_most_s": 49.0},
        "w50": {"at_least_s": 50.0, "at_most_s": 51.0},
    },
    "breaks": {"effective": 14, "per_sitting_hour": 15.0, "median_s": 16.0, "seen": 11, "by_session": 3},
    "reminders": {
        "given": 41,
        "by_kind": {"stand": 17, "move": 18, "stretch": 1, "posture": 2, "sit": 3},
        "asked_break": 30,
        "kept": 10,
        "told": 4,
        "partly": 2,
        "late": 9,
        "missed": 5,
        "followed_share": 0.4667,
    },
    "postural_shifts": {"count": 19, "per_sitting_hour": 20.0},
    "deviations": {
        kind: {
            "total_s": 21.0 + n,
            "share_of_sitting": 0.22 + n,
            "median_dwell_s": 23.0 + n,
            "judged_s": 39.0 + n,
            "share_of_judged": 0.4 + n,
        }
        for n, kind in enumerate(DEVIATIONS)
    },
    "not_judged": [
        {"why": "of this", "seconds": 41.0, "kinds": ["slump", "too_close"]},
        {"why": "of that", "seconds": 42.0, "kinds": ["slump"]},
    ],
    "lean": {"left_s": 24.0, "right_s": 25.0, "balance": 0.26},
    "distance": {"known_s": 27.0, "median_cm": 28.0, "near_cm": 29.0, "near_share": 0.3},
    "holds": {
        "verified": {"count": 31, "left_s": 32.0, "right_s": 33.0, "both_s": 34.0, "reps": 310, "walked_s": 320.0},
        "self_reported": {"count": 35, "left_s": 36.0, "right_s": 37.0, "both_s": 38.0, "reps": 350, "walked_s": 360.0},
    },
    "pain": {
        "count": 2,
        "mean": 3.5,
        "entries": [
            {"at": "2026-03-02T09:05:00+01:00", "level": 4, "where": "neck", "when": "sitting", "better": "walking"},
            {"at": "2026-03-02T09:09:00+01:00", "level": 3, "where": "low-left", "when": "", "better": ""},
        ],
    },
    "self_checks": 2,
    "directional_checks": 1,
    "tension": {"count": 1, "mean": 6, "entries": [{"at": "2026-03-02T09:10:00+01:00", "level": 6}]},
}


def emptied(value: Any) -> Any:
    return {key: emptied(inner) for key, inner in value.items()} if isinstance(value, dict) else None


def test_every_key_has_its_own_figure_to_four_digits() -> None:
    assert to_json(SUMMARY, BERLIN) == EXPECTED
    assert list(to_json(SUMMARY, BERLIN)) == list(EXPECTED)  # a reader sees them in this order


def test_a_mean_of_pain_is_rounded_and_none_is_none() -> None:
    levels = tuple(Pain(T0, level) for level in (1, 1, 0))
    assert to_json(replace(SUMMARY, pain=levels))["pain"]["mean"] == 0.6667
    assert to_json(replace(SUMMARY, pain=()))["pain"] == {"count": 0, "mean": None, "entries": []}


def test_what_is_hidden_is_none_to_the_last_key_and_the_rest_stays() -> None:
    out = to_json(replace(SUMMARY, hidden="too little"), BERLIN)
    shown = (
        "start",
        "stop",
        "watched_s",
        "observed_s",
        "coverage",
        "unknown_s",
        "unknown_reasons",
        "holds",
        "pain",
        "self_checks",
        "directional_checks",
        "tension",
    )
    assert out == {
        key: "too little" if key == "hidden" else value if key in shown else emptied(value)
        for key, value in EXPECTED.items()
    }


def test_times_are_the_machines_own_without_a_time_zone() -> None:
    assert datetime.fromisoformat(to_json(SUMMARY)["start"]) == T0
    assert to_json(SUMMARY)["start"] == T0.astimezone().isoformat()


# -- reviews ----------------------------------------------------------------------------------------------------------

DAYS = [date(2026, 3, 2), date(2026, 3, 3)]


def history() -> Memory:
    memory = Memory()
    memory.write(
        [
            Interval("watch", "camera", T0, T0 + timedelta(seconds=7001)),
            Interval("presence", "sitting", T0, T0 + timedelta(seconds=7000)),
            Interval("bout", "sitting", T0, T0 + timedelta(seconds=7000), {"sitting_s": 7000.0, "ended_by": "end"}),
        ],
        [Point("shift", T0 + timedelta(minutes=m)) for m in (1, 2)],
        [Distance(T0, 60, 3.0)],
    )
    return memory


def test_a_review_has_its_days_its_averages_and_its_goals() -> None:
    settings = replace(Settings(), goals=GoalSettings(longest_bout_s=3600.0, breaks_per_hour=1.0))
    found = review(history(), DAYS, settings, BERLIN)
    out = review_json(found)
    assert (out["from"], out["to"]) == ("2026-03-02", "2026-03-03")
    assert list(out)[:2] == ["from", "to"]
    assert {key: out[key] for key in to_json(found.whole, BERLIN)} == to_json(found.whole, BERLIN)
    first, second = out["days"]
    assert first == {"day": "2026-03-02", **to_json(found.days[0][1], BERLIN)}
    assert (second["day"], second["watched_s"], second["hidden"]) == ("2026-03-03", 0.0, "nothing was watched")
    average = out["average_day"]
    assert list(average) == ["days", "known_days", *found.average_day.figures]
    assert (average["days"], average["known_days"], average["sitting_s"]) == (2, 1, 7000.0)
    assert average["shifts_per_sitting_hour"] == 1.0286  # 2 in 7000 s, to four digits
    assert (out["trend"]["days"], out["trend"]["known_days"], out["trend"]["sitting_s"]) == (7, 0, None)
    month = week = {"met": 0, "known": 1}
    unknown = dict.fromkeys(("value", "at_least", "at_most", "met"))
    goal = {"limit": 3600.0, **unknown, "week": week, "month": month, "span": month}
    assert out["goals"] == {"longest_bout": goal, "breaks_per_hour": goal | {"limit": 1.0}, "sitting": None}


def test_a_goal_has_the_value_of_the_last_day_to_four_digits() -> None:
    settings = replace(Settings(), goals=GoalSettings(sitting_s=9000.0))
    memory = history()
    memory.write([Interval("presence", "sitting", T0, T0 + timedelta(seconds=7000, microseconds=123456))])
    out = review_json(review(memory, DAYS[:1], settings, BERLIN))
    assert out["goals"]["sitting"] == {
        "limit": 9000.0,
        "value": 7000.1235,
        "at_least": 7000.1235,
        "at_most": 7001.0,  # as long as was watched
        "met": True,
        "week": {"met": 1, "known": 1},
        "month": {"met": 1, "known": 1},
        "span": {"met": 1, "known": 1},
    }


def test_a_review_of_one_day_lists_no_days() -> None:
    out = review_json(review(history(), DAYS[:1], Settings(), BERLIN))
    assert (out["from"], out["to"]) == ("2026-03-02", "2026-03-02")
    assert "days" not in out


def test_a_table_has_a_row_of_names_and_a_row_a_day() -> None:
    found = review(history(), DAYS, Settings(), BERLIN)
    head, *rows = csv_rows(found)
    assert [row[0] for row in rows] == ["2026-03-02", "2026-03-03"]
    first = dict(zip(head, rows[0], strict=True))
    assert first["start"] == "2026-03-02T00:00:00+01:00"
    assert (first["sitting_s"], first["bouts.longest_s"]) == (7000.0, 7000.0)
    assert (first["reminders.by_kind.stand"], first["holds.verified.left_s"]) == (0, 0.0)
    assert first["deviations.slump.total_s"] == 0.0
    # As many columns as there are figures: nothing that differs in number from day to day.
    assert len(head) == len(set(head))
    assert {"pain.count", "pain.mean"} <= set(head)
    assert not [
        name for name in head if name.startswith(("unknown_reasons", "pain.entries", "tension.entries", "not_judged"))
    ]
    assert len(head) == 4 + 8 - 1 + 3 + 2 + 3 + 5 + 4 + 3 + 2 + 6 + 2 + 6 + 2 + 5 * len(DEVIATIONS) + 3 + 4 + 12 + 2 + 2
