"""What the log of pain and tension shows: marks of a small chart, and the same in words. Values alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta, tzinfo
from typing import TYPE_CHECKING, Literal

from posture.language import dated, mark, tr, trn

if TYPE_CHECKING:
    from posture.coach.pain import PainEntry
    from posture.history.records import Point

WEEKS = 4
Kind = Literal["pain", "tension"]
KINDS: tuple[Kind, ...] = ("pain", "tension")
NOTHING = mark("Nothing was logged in the last four weeks.")


@dataclass(frozen=True)
class Mark:
    """One entry."""

    at: datetime
    """Local."""
    level: int
    kind: Kind


@dataclass(frozen=True)
class LogShown:
    """The last weeks."""

    begin: datetime
    """Local midnight of the first day."""
    marks: tuple[Mark, ...]
    words: tuple[str, ...]
    """A sentence for each kind that was logged, or one that nothing was."""

    def across(self, mark: Mark) -> float:
        """Where it stands, 0 at the first day and 1 at the end of the last."""
        return (mark.at - self.begin) / timedelta(days=7 * WEEKS)


def shown(pains: Sequence[PainEntry], tensions: Sequence[Point], now: datetime, zone: tzinfo | None = None) -> LogShown:
    """Choose what was logged in the last four weeks, by time; `now` is aware UTC."""
    local = now.astimezone(zone)
    midnight = local.replace(hour=0, minute=0, second=0, microsecond=0)
    begin = midnight - timedelta(days=7 * WEEKS - 1)
    marks = [Mark(datetime.fromtimestamp(each.at_s, local.tzinfo), each.level, "pain") for each in pains]
    for point in tensions:
        level = point.detail.get("level")
        if isinstance(level, int | float):
            marks.append(Mark(point.at.astimezone(zone), int(level), "tension"))
    marks = sorted((mark for mark in marks if begin <= mark.at <= local), key=lambda mark: mark.at)
    words = [_words(kind, [mark for mark in marks if mark.kind == kind]) for kind in KINDS]
    return LogShown(begin, tuple(marks), tuple(word for word in words if word) or (tr(NOTHING),))


def _words(kind: Kind, marks: Sequence[Mark]) -> str:
    if not marks:
        return ""
    low, high, last = min(each.level for each in marks), max(each.level for each in marks), marks[-1]
    days = len({each.at.date() for each in marks})
    name = {"pain": tr("Pain"), "tension": tr("Tension")}[kind]
    when = f"{dated(last.at, '%a %d %b')}, {last.at:%H:%M}"
    if len(marks) == 1:
        return tr(
            "{name}: one entry in the last four weeks, {level} of 10 ({when}).", name=name, level=last.level, when=when
        )
    # Translators: these two stand inside "{name}: {n} entries in the last four weeks, {on}, {between}; the last ...".
    on = trn("on one day", "on {n} days", days)
    between = (
        tr("{level} of 10 each time", level=low)
        if low == high
        else tr("between {low} and {high} of 10", low=low, high=high)
    )
    return trn(
        "{name}: {n} entry in the last four weeks, {on}, {between}; the last {level} ({when}).",
        "{name}: {n} entries in the last four weeks, {on}, {between}; the last {level} ({when}).",
        len(marks),
        name=name,
        on=on,
        between=between,
        level=last.level,
        when=when,
    )
