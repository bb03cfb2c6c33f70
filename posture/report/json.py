"""A summary for other programs. The keys are a promise, documented in docs/history.md."""

from __future__ import annotations

from datetime import datetime, tzinfo
from typing import Any

from posture.report.summary import Summary

__all__ = ["to_json"]


def to_json(summary: Summary, tz: tzinfo | None = None) -> dict[str, Any]:
    """Turn a summary into JSON values.

    Parameters
    ----------
    summary : Summary
    tz : tzinfo or None
        The time zone of the times; None is the machine's.

    Returns
    -------
    dict
        Seconds end in ``_s``, shares lie in 0..1, times are ISO 8601 with offset. A figure that is hidden or cannot
        be known is None; no key is ever left out.
    """
    figures: dict[str, Any] = _figures(summary)
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
    }


def _figures(summary: Summary) -> dict[str, Any]:
    it = summary.figures
    return {
        "sitting_s": _rounded(it.sitting_s),
        "standing_s": _rounded(it.standing_s),
        "away_s": _rounded(it.away_s),
        "bouts": {
            "count": it.bouts.count,
            "longest_s": _rounded(it.bouts.longest_s),
            "w50_s": _rounded(it.bouts.w50_s),
            "limit_s": _rounded(it.bouts.limit_s),
            "over_limit_share": _rounded(it.bouts.over_limit_share),
        },
        "breaks": {
            "effective": it.breaks.effective,
            "per_sitting_hour": _rounded(it.breaks.per_sitting_hour),
            "median_s": _rounded(it.breaks.median_s),
        },
        "reminders": {
            "given": it.reminders.given,
            "by_kind": dict(it.reminders.by_kind),
            "asked_break": it.reminders.asked_break,
            "followed_share": _rounded(it.reminders.followed_share),
        },
        "postural_shifts": {
            "count": it.shifts.count,
            "per_sitting_hour": _rounded(it.shifts.per_sitting_hour),
        },
        "deviations": {
            kind: {
                "total_s": _rounded(held.total_s),
                "share_of_sitting": _rounded(held.share_of_sitting),
                "median_dwell_s": _rounded(held.median_dwell_s),
            }
            for kind, held in it.deviations.items()
        },
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


def _emptied(value: Any) -> Any:
    return {key: _emptied(inner) for key, inner in value.items()} if isinstance(value, dict) else None


def _rounded(value: float | None) -> float | None:
    # Milliseconds and tenths of a percent are finer than anything that is measured here.
    return None if value is None else round(value, 4)


def _time(at: datetime, tz: tzinfo | None) -> str:
    return at.astimezone(tz).isoformat()
