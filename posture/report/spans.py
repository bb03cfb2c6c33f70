"""Lists of spans of time: disjoint, in order, half open."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

Span = tuple[datetime, datetime]


class Track:
    """Disjoint spans in order, as `union`, `meet` and `clip` return them.

    They are prepared to tell quickly how much of them lies between two moments.
    """

    def __init__(self, spans: Sequence[Span]) -> None:
        self.spans = spans
        self._starts, self._ends = [a for a, _ in spans], [b for _, b in spans]
        self._before = [timedelta()]
        for a, b in spans:
            self._before.append(self._before[-1] + (b - a))

    def seconds(self, start: datetime, stop: datetime) -> float:
        """Seconds of the spans within [start, stop)."""
        return max(0.0, (self._until(stop) - self._until(start)).total_seconds())

    def near(self, since: datetime, until: datetime) -> Sequence[Span]:
        """The spans that end after `since` and begin at `until` or before, in order."""
        return self.spans[bisect_right(self._ends, since) : bisect_right(self._starts, until)]

    def _until(self, at: datetime) -> timedelta:
        count = bisect_left(self._starts, at)
        whole = self._before[count]
        return whole - max(timedelta(), self.spans[count - 1][1] - at) if count else whole


def clip(spans: Iterable[Span], start: datetime, stop: datetime) -> list[Span]:
    """Cut spans to [start, stop)."""
    return [(max(a, start), min(b, stop)) for a, b in spans if a < stop and b > start]


def union(spans: Iterable[Span]) -> list[Span]:
    """Disjoint spans in order that cover the same time; those that touch become one."""
    out: list[Span] = []
    for a, b in sorted(spans):
        if b <= a:
            continue
        if out and a <= out[-1][1]:
            out[-1] = (out[-1][0], max(out[-1][1], b))
        else:
            out.append((a, b))
    return out


def meet(left: Sequence[Span], right: Sequence[Span]) -> list[Span]:
    """The time that lies in both of two lists, each disjoint and in order."""
    out: list[Span] = []
    i = j = 0
    while i < len(left) and j < len(right):
        (a, b), (c, d) = left[i], right[j]
        start, end = (a if a > c else c), (b if b < d else d)
        if start < end:
            out.append((start, end))
        if b < d:
            i += 1
        else:
            j += 1
    return out


def minus(spans: Sequence[Span], others: Sequence[Span]) -> list[Span]:
    """The time of a list that lies in none of another; both are disjoint and in order."""
    out: list[Span] = []
    j = 0
    for a, b in spans:
        while j < len(others) and others[j][1] <= a:
            j += 1
        k = j
        while k < len(others) and others[k][0] < b:
            if others[k][0] > a:
                out.append((a, others[k][0]))
            a = max(a, others[k][1])
            k += 1
        if a < b:
            out.append((a, b))
    return out


def seconds(spans: Iterable[Span]) -> float:
    """Their length in all, in seconds."""
    return sum((b - a for a, b in spans), timedelta()).total_seconds()
