"""Plays an office day that is given as data through cadence, timeline, coach, recorder and the history on disk.

    python benchmarks/play_day.py FILE.json [--policy ignore|obey|literal|snooze5|done] [--json]

A file has the truth (what the person does, in segments) and what the camera can see of it; docs/days.md describes the
format. No video: what a look says is made up from the segment, everything after that is the program. The person reacts
to reminders by a policy. Printed are the reminders with what the person was doing, and the figures of the summary
beside the truth.
"""

from __future__ import annotations

import argparse
import json
import math
import random
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal, get_args

from posture.coach.exercises import find_exercise
from posture.coach.reminder import Reminder
from posture.coach.state import CoachContext
from posture.history.store import Store
from posture.measure.observation import DEVIATIONS, Cause, Deviation, Observation, Presence
from posture.monitor import cadence
from posture.monitor.assemble import assemble
from posture.report.json import to_json
from posture.report.summary import Records
from posture.settings import Settings

Policy = Literal["ignore", "obey", "literal", "snooze5", "done"]
SITTING_LEVEL = 0.2
"""Of each deviation that a segment does not name."""
SHIFT_MIN = 6.0
"""Minutes between changes of position, where a segment says nothing."""
SHIFT = 1.5
"""How far one goes, in units of a postural shift."""
NAP_S = 30.0
"""Who is told to get up does so after this long at most."""
GETTING_UP_S = 10.0
"""Before and after a standing exercise."""
SITS_WELL_S = 600.0
"""Whoever obeys sits well for this long when told of a deviation."""
UP_S = 180.0
"""Whoever obeys is up for this long when told to stand or stretch."""
SNOOZES = 5
MOVES: tuple[Presence, ...] = ("away", "standing")
BREAK_S, EFFECTIVE_S = 60.0, 120.0
"""Off the chair for this long ends a sitting, and is an effective break: the defaults of the settings."""
_CAUSES: dict[str, Cause] = {
    "the screen is locked": "locked",
    "another user has the screen": "locked",
    "asleep": "lid closed",
    "camera in use": "busy",
}


@dataclass(frozen=True)
class Segment:
    """One piece of a day; see docs/days.md."""

    what: str
    minutes: float
    presence: Presence = "sitting"
    seen: Presence | None = None
    reason: str = ""
    waiting: str = ""
    shift_min: float | None = SHIFT_MIN
    levels: dict[Deviation, float | list[float]] = field(default_factory=dict)
    said_standing: bool = False
    unknown_share: float = 0.0

    @property
    def cause(self) -> Cause:
        """What kind of not seeing it is."""
        return _CAUSES.get(self.reason, "blind") if self.seen == "unknown" else ""


@dataclass(frozen=True)
class Day:
    """A day as data."""

    name: str
    start: datetime
    segments: tuple[Segment, ...]
    shortened_side: Literal["left", "right"] | None = None


def day_of(path: Path) -> Day:
    """Read a day."""
    found = json.loads(path.read_text(encoding="utf-8"))
    segments = tuple(Segment(**segment) for segment in found["segments"])
    return Day(found["name"], datetime.fromisoformat(found["start"]), segments, found.get("shortened_side"))


@dataclass(frozen=True)
class Given:
    """A reminder, and what the person was doing."""

    reminder: Reminder
    doing: str


@dataclass(frozen=True)
class Lived:
    """What the person truly did: from, until, presence, in what."""

    since_s: float
    until_s: float
    presence: Presence
    what: str


@dataclass(frozen=True)
class Played:
    """A day that was played."""

    given: tuple[Given, ...]
    truth: tuple[Lived, ...]
    summary: dict[str, Any]


class Player:
    """Plays one day with one policy."""

    def __init__(self, day: Day, policy: Policy, settings: Settings, store: Store, seed: int = 1) -> None:
        self._day, self._policy, self._settings = day, policy, settings
        self._chance = random.Random(seed)
        self.engine = assemble(settings, store, lambda t_s: day.start + timedelta(seconds=t_s), known=self._known)
        self._waiting = ""
        self._place = 0.0
        self._well_until_s = -1.0
        self._snoozes = 0
        self._pace = cadence.CadenceState()
        self._to_come: list[Segment] = list(day.segments)
        self.given: list[Given] = []
        self.truth: list[Lived] = []

    def _known(self, context: CoachContext) -> CoachContext:
        return replace(context, shortened_side=self._day.shortened_side, waiting=self._waiting)

    def play(self) -> None:
        """Play it to its end."""
        t_s = 0.0
        while self._to_come:
            segment = self._to_come.pop(0)
            until_s = self._segment(segment, t_s)
            self.truth.append(Lived(t_s, until_s, segment.presence, segment.what))
            t_s = until_s
        self.engine.finish()

    def _segment(self, segment: Segment, t_s: float) -> float:
        """Play one segment from `t_s` on; return when it ended, which is earlier if the person got up."""
        began_s, until_s = t_s, t_s + 60.0 * segment.minutes
        self._waiting = segment.waiting
        if segment.said_standing:
            self.engine.stand(True, t_s)
        shift_s = self._next_shift_s(segment, t_s)
        while t_s < until_s:
            if self._closed(segment, t_s - began_s):
                self._take(Observation(t_s, "unknown", segment.reason, cause=segment.cause), segment)
                self.engine.suspended = True
                self._take(Observation(until_s, "unknown", segment.reason, cause=segment.cause), segment)
                self.engine.suspended = False
                return until_s
            while t_s >= shift_s:
                self._place += SHIFT if self._chance.random() < 0.5 else -SHIFT
                shift_s = self._next_shift_s(segment, shift_s)
            share = (t_s - began_s) / (until_s - began_s)
            for reminder in self._take(self._look(segment, t_s, share, t_s - began_s), segment):
                rest = self._react(reminder, segment, t_s, until_s)
                if rest is not None:
                    until_s = rest
            self._pace, plan = cadence.plan(self._pace, self.engine.timeline, cadence.Situation(), self._settings)
            t_s += plan.interval_s
        return until_s

    def _closed(self, segment: Segment, passed_s: float) -> bool:
        """Whether nobody looks at all: the machine is asleep, or has been locked for as long as looks go on."""
        looks_on_s = self._settings.camera.after_lock_s if segment.cause == "locked" else 0.0
        return segment.cause in ("locked", "asleep", "lid closed") and passed_s >= looks_on_s

    def _next_shift_s(self, segment: Segment, after_s: float) -> float:
        if segment.shift_min is None:
            return math.inf
        return after_s + 60.0 * segment.shift_min * self._chance.uniform(0.6, 1.4)

    def _look(self, segment: Segment, t_s: float, share: float, passed_s: float) -> Observation:
        presence = segment.seen or segment.presence
        cause = segment.cause
        if cause == "locked":  # the camera looks on for a while and sees the truth
            presence, cause = segment.presence, ""
        if self._chance.random() < segment.unknown_share:
            presence, cause = "unknown", ""
        if presence != "sitting":
            return Observation(t_s, presence, segment.reason if presence == "unknown" else "", cause=cause)
        levels: dict[Deviation, float | None] = dict.fromkeys(DEVIATIONS, SITTING_LEVEL)
        if t_s >= self._well_until_s:
            for kind, level in segment.levels.items():
                first, last = level if isinstance(level, list) else (level, level)
                levels[kind] = first + share * (last - first)
        # A desk that is raised takes the camera along: it sees a sitter, in another room.
        fits = segment.presence == "sitting"
        return Observation(t_s, "sitting", "", levels, (self._place, 0.0, 0.0), 60.0, view_fits=fits)

    def _take(self, observation: Observation, segment: Segment) -> list[Reminder]:
        given = self.engine.take(observation).reminders
        self.given += [Given(reminder, segment.what) for reminder in given]
        return given

    def _react(self, reminder: Reminder, segment: Segment, t_s: float, until_s: float) -> float | None:
        """Do what the person does; return when the segment ends if they get up."""
        if self._policy == "ignore" or segment.presence != "sitting":
            return None
        if self._policy == "snooze5" and self._snoozes < SNOOZES:
            self._snoozes += 1
            self.engine.snooze(t_s + self._settings.coach.snooze_s)
            return None
        if self._policy == "done":
            self.engine.done(reminder.kind)
            return None
        if reminder.kind == "move":
            self._place += 2 * SHIFT
        elif reminder.kind == "posture":
            self._well_until_s = t_s + SITS_WELL_S
        elif reminder.kind in ("stand", "stretch"):
            up = self._up(reminder)
            if up is not None:
                leaves_s = min(until_s, t_s + NAP_S * self._chance.uniform(0.5, 1.0))
                left_min = (until_s - leaves_s) / 60.0
                self._to_come[:0] = [
                    up,
                    *([_rest(segment, left_min)] if left_min > 1 else []),
                ]
                return leaves_s
        return None

    def _up(self, reminder: Reminder) -> Segment | None:
        """What getting up is, by the policy; None if the person stays seated as told."""
        if self._policy != "literal":
            return Segment("gets up as asked", UP_S / 60.0, "away")
        if not reminder.exercise:
            return Segment("stands up, as told", 1.0, "standing")
        exercise = find_exercise(reminder.exercise)
        if exercise.position == "desk":
            self._place += 2 * SHIFT
            return None
        if exercise.id == "walk":
            return Segment("walks, as told", 2.0, "away")
        sides = 2 if exercise.sides == "each" else 1
        return Segment(f"does as told: {exercise.id}", (sides * 20.0 + GETTING_UP_S) / 60.0, "standing")


def _rest(segment: Segment, left_min: float) -> Segment:
    """What is left of a segment after a break: what creeps goes on from where it was."""
    share = 1.0 - left_min / segment.minutes
    levels: dict[Deviation, float | list[float]] = {
        kind: [level[0] + share * (level[1] - level[0]), level[1]] if isinstance(level, list) else level
        for kind, level in segment.levels.items()
    }
    return replace(segment, minutes=left_min, levels=levels, said_standing=False)


def play(day: Day, policy: Policy, settings: Settings, store: Store, seed: int = 1) -> Played:
    """Play a day with a policy into a store."""
    player = Player(day, policy, settings, store, seed)
    player.play()
    stop = day.start + timedelta(seconds=player.truth[-1].until_s)
    first, last = _midnight(day.start), _midnight(stop) + timedelta(days=1)
    summary = Records(store, first, last).summarise(first, last, settings)
    return Played(tuple(player.given), tuple(player.truth), to_json(summary))


def _midnight(at: datetime) -> datetime:
    return datetime(at.year, at.month, at.day, tzinfo=at.tzinfo)


# -- the truth, and what is printed -----------------------------------------------------------------------------------


def truth_figures(truth: tuple[Lived, ...]) -> dict[str, float]:
    """Seconds by presence, the longest sitting without a break, and the effective breaks."""
    figures = {f"{presence}_s": 0.0 for presence in ("sitting", "standing", "away")}
    longest_s = sat_s = off_s = breaks = 0.0
    for lived in truth:
        length_s = lived.until_s - lived.since_s
        figures[f"{lived.presence}_s"] += length_s
        if lived.presence != "sitting":
            off_s += length_s
            continue
        breaks += off_s >= EFFECTIVE_S and sat_s > 0
        sat_s = (0.0 if off_s >= BREAK_S else sat_s) + length_s
        longest_s, off_s = max(longest_s, sat_s), 0.0
    return {**figures, "longest_sitting_s": longest_s, "breaks": int(breaks)}


def busiest_hour(given: tuple[Given, ...]) -> int:
    """The most reminders in any hour."""
    times_s = [each.reminder.t_s for each in given]
    return max((sum(first_s <= t_s < first_s + 3600.0 for t_s in times_s) for first_s in times_s), default=0)


def lines_of(played: Played) -> Iterator[dict[str, Any]]:
    """What `--json` prints, one object a line."""
    for each in played.given:
        reminder = each.reminder
        yield {
            "t": round(reminder.t_s, 1),
            "event": "reminder",
            "kind": reminder.kind,
            "title": reminder.title,
            "body": reminder.body,
            "repeat": reminder.repeat,
            "exercise": reminder.exercise,
            "covers": list(reminder.covers),
            "doing": each.doing,
        }
    hours = played.truth[-1].until_s / 3600.0
    yield {
        "event": "day",
        "truth": truth_figures(played.truth),
        "summary": played.summary,
        "reminders": len(played.given),
        "per_hour": round(len(played.given) / hours, 2),
        "busiest_hour": busiest_hour(played.given),
    }


def main() -> None:
    """Play the day that the command names."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("file", type=Path)
    parser.add_argument("--policy", choices=get_args(Policy), default="ignore")
    parser.add_argument("--json", action="store_true", help="one object a line")
    args = parser.parse_args()
    day = day_of(args.file)
    with tempfile.TemporaryDirectory() as folder, Store(Path(folder) / "history.sqlite3") as store:
        played = play(day, args.policy, Settings(), store)
    if args.json:
        for line in lines_of(played):
            print(json.dumps(line))
        return
    for each in played.given:
        reminder, at = each.reminder, day.start + timedelta(seconds=each.reminder.t_s)
        again = " again" if reminder.repeat else ""
        covers = f" (covers {', '.join(reminder.covers)})" if reminder.covers else ""
        print(f"{at:%H:%M:%S} {reminder.kind}{again}{covers} [{each.doing}]\n    {reminder.title}. {reminder.body}")
    *_, last = lines_of(played)
    print(json.dumps(last, indent=1))


if __name__ == "__main__":
    main()
