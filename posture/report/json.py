"""Summaries and reviews as JSON and CSV, for other programs. The keys are a contract, see docs/history.md."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime, tzinfo
from typing import Any

from posture.report.answer import answer_of
from posture.report.figures import Holds, Pain, Range, Summary
from posture.report.review import Review
from posture.report.trend import Goal, GoalDays, Trend


def review_json(review: Review) -> dict[str, Any]:
    """Turn a review into JSON values: the summary of all its days, and what it is compared with; see docs/history.md.

    For more than one day it also has `days`, with a summary of each.
    """
    days, usual = [day for day, _ in review.days], review.usual
    out = {
        "from": str(days[0]),
        "to": str(days[-1]),
        **to_json(review.whole, review.tz),
        "average_day": _trend(review.average_day),
        "trend": _trend(review.trend),
        "compared": None
        if usual is None
        else {
            "with": usual.than,
            "until": None if usual.until is None else _time(usual.until, review.tz),
            **_trend(usual.trend),
        },
        "answer": [sentence.text for sentence in answer_of(review).sentences],
        "goals": dict.fromkeys(("longest_bout", "breaks_per_hour", "sitting"))
        | {goal.name: _goal(goal) for goal in review.goals},
    }
    if len(days) > 1:
        out["days"] = [{"day": str(day), **to_json(summary, review.tz)} for day, summary in review.days]
    return out


def csv_rows(review: Review) -> Iterator[list[Any]]:
    """The days of a review as rows of a table, after a row of column names: the keys of the JSON, joined by dots."""
    for number, (day, summary) in enumerate(review.days):
        flat = {"day": str(day)} | dict(_flat(to_json(summary, review.tz)))
        if number == 0:
            yield list(flat)
        yield list(flat.values())


def _flat(values: dict[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in values.items():
        if key in ("unknown_reasons", "entries", "not_judged"):
            continue  # they have no fixed number of entries, so they cannot be columns
        if isinstance(value, dict):
            yield from _flat(value, f"{above}{key}.")
        else:
            yield above + key, value


def _trend(trend: Trend) -> dict[str, Any]:
    figures = {name: _rounded(value) for name, value in trend.figures.items()}
    return {"days": trend.days, "known_days": trend.known_days, **figures}


def _goal(goal: Goal) -> dict[str, Any]:
    def count(days: GoalDays) -> dict[str, int]:
        return {"met": days.met, "known": days.known}

    value = _rounded(goal.value)
    ends = {"at_least": _rounded(goal.least), "at_most": _rounded(goal.most)}
    days = {"week": count(goal.week), "month": count(goal.month), "span": count(goal.span)}
    return {"limit": goal.limit, "value": value, **ends, "met": goal.met, **days}


def to_json(summary: Summary, tz: tzinfo | None = None) -> dict[str, Any]:
    """Turn a summary into JSON values.

    Parameters
    ----------
    tz : tzinfo or None
        The time zone of the times; None is the machine's.

    Returns
    -------
    dict
        Keys of seconds end in ``_s``, shares lie in 0..1, times are ISO 8601 with offset. A figure that is hidden or
        unknown is None; no key is ever left out.
    """
    figures = _figures(summary)
    return {
        "start": _time(summary.start, tz),
        "stop": _time(summary.stop, tz),
        "watched_s": _rounded(summary.watched_s),
        "observed_s": _rounded(summary.observed_s),
        "coverage": _rounded(summary.coverage),
        "hidden": summary.hidden or None,
        "unknown_s": _rounded(summary.unknown_s),
        "unknown_reasons": {reason: _rounded(seconds) for reason, seconds in summary.unknown_reasons.items()},
        **(_emptied(figures) if summary.hidden else figures),
        "holds": {"verified": _holds(summary.verified), "self_reported": _holds(summary.self_reported)},
        "pain": {
            **_levels(summary.pain),
            "entries": [
                {
                    "at": _time(pain.at, tz),
                    "level": pain.level,
                    "where": pain.where,
                    "when": pain.when,
                    "better": pain.better,
                }
                for pain in summary.pain
            ],
        },
        "self_checks": len(summary.self_checks),
        "directional_checks": len(summary.directions),
        "tension": {
            **_levels(summary.tension),
            "entries": [{"at": _time(tension.at, tz), "level": tension.level} for tension in summary.tension],
        },
    }


def _levels(logged: Sequence[Pain]) -> dict[str, Any]:
    levels = [entry.level for entry in logged]
    return {"count": len(levels), "mean": _rounded(sum(levels) / len(levels)) if levels else None}


def _holds(holds: Holds) -> dict[str, Any]:
    sides = {"left_s": holds.left_s, "right_s": holds.right_s, "both_s": holds.both_s}
    more = {"reps": holds.reps, "walked_s": _rounded(holds.walked_s)}
    return {"count": holds.count} | {side: _rounded(held_s) for side, held_s in sides.items()} | more


def _figures(summary: Summary) -> dict[str, Any]:
    it = summary.figures
    return {
        "sitting_s": _rounded(it.sitting_s),
        "standing_s": _rounded(it.standing_s),
        "away_s": _rounded(it.away_s),
        "sitting": _range(it.sitting),
        "left_s": _rounded(it.left_s),
        "busy_s": _rounded(it.busy_s),
        "blind_s": _rounded(it.blind_s),
        "bouts": {
            "count": it.bouts.count,
            "longest_s": _rounded(it.bouts.longest_s),
            "w50_s": _rounded(it.bouts.w50_s),
            "limit_s": _rounded(it.bouts.limit_s),
            "over_limit_share": _rounded(it.bouts.over_limit_share),
            "sat_on_share": _rounded(it.bouts.sat_on_share),
            "longest": _range(it.bouts.longest),
            "w50": _range(it.bouts.w50),
        },
        "breaks": {
            "effective": it.breaks.effective,
            "per_sitting_hour": _rounded(it.breaks.per_sitting_hour),
            "median_s": _rounded(it.breaks.median_s),
            "seen": it.breaks.seen,
            "by_session": it.breaks.by_session,
        },
        "reminders": {
            "given": it.reminders.given,
            "by_kind": dict(it.reminders.by_kind),
            "asked_break": it.reminders.asked_break,
            "kept": it.reminders.kept,
            "told": it.reminders.told,
            "partly": it.reminders.partly,
            "late": it.reminders.late,
            "missed": it.reminders.missed,
            "followed_share": _rounded(it.reminders.followed_share),
        },
        "postural_shifts": {"count": it.shifts.count, "per_sitting_hour": _rounded(it.shifts.per_sitting_hour)},
        "deviations": {
            kind: {
                "total_s": _rounded(deviation.total_s),
                "share_of_sitting": _rounded(deviation.share_of_sitting),
                "median_dwell_s": _rounded(deviation.median_dwell_s),
                "judged_s": _rounded(deviation.judged_s),
                "share_of_judged": _rounded(deviation.share_of_judged),
            }
            for kind, deviation in it.deviations.items()
        },
        "not_judged": [
            {"why": reason.why, "seconds": _rounded(reason.total_s), "kinds": list(reason.kinds)}
            for reason in it.not_judged
        ],
        "lean": {
            "left_s": _rounded(it.lean.left_s),
            "right_s": _rounded(it.lean.right_s),
            "balance": _rounded(it.lean.balance),
        },
        "distance": {
            "known_s": _rounded(it.viewing.known_s),
            "median_cm": _rounded(it.viewing.median_cm),
            "near_cm": _rounded(it.viewing.near_cm),
            "near_share": _rounded(it.viewing.near_share),
        },
    }


def _range(of: Range) -> dict[str, Any]:
    return {"at_least_s": _rounded(of.at_least_s), "at_most_s": _rounded(of.at_most_s)}


def _emptied(value: Any) -> Any:
    return {key: _emptied(inner) for key, inner in value.items()} if isinstance(value, dict) else None


def _rounded(value: float | None) -> float | None:
    # Milliseconds and tenths of a percent are finer than anything that is measured here.
    return None if value is None else round(value, 4)


def _time(at: datetime, tz: tzinfo | None) -> str:
    return at.astimezone(tz).isoformat()
