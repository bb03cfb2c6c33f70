"""The one place where a watch is put together: engine, recorder, and what the coach must know of the user.

`posture run`, the daemon, bench, replay and demo all get their engine here. So an open red flag silences exercises in
each of them, also where nothing is stored.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from posture.clock import follow_time_zone, local_minute, local_second, local_weekday, now_s
from posture.coach.asymmetry import Finding
from posture.coach.own import own
from posture.coach.state import CoachContext
from posture.errors import PostureError
from posture.history.care import care_of, leaning
from posture.history.recorder import Recorder
from posture.history.records import Sink
from posture.history.sink import Defect
from posture.history.store import existing_store
from posture.language import mark
from posture.monitor.engine import Engine
from posture.paths import history_path
from posture.settings import Settings

CARE_S = 60.0
"""The history is read again after this long, or when the user has answered a check-in."""
LEANING_S = 3600.0
"""What the last days say of leaning is read again after this long: no minute changes it [design choice]."""
MIN_GAP_S = 120.0
"""Looks closer together than this belong to one watch, however short `timeline.gap` is."""


class HistoryContext:
    """The coach's context: the minute of the day, and what the user's history says of the last weeks.

    `to_utc` turns seconds on the clock of the watch into an aware UTC datetime.
    """

    def __init__(
        self,
        to_utc: Callable[[float], datetime],
        known: Callable[[CoachContext], CoachContext] | None = None,
        on_defect: Callable[[Defect], None] | None = None,
    ) -> None:
        self._to_utc, self._known, self._on_defect = to_utc, known, on_defect
        self._care, self._tried_s = (CoachContext(), now_s()), float("-inf")
        self._leaning: Finding | None = None
        self._leaning_s = float("-inf")

    def refresh(self, settings: Settings, anew: bool = False) -> None:
        """Read the history, `anew` or if that was `CARE_S` ago; keep what is known when it cannot be read.

        The time zone is asked for at each look, or quiet hours would be those of the place that was left.
        """
        follow_time_zone()
        if self._known is not None or (now_s() - self._tried_s < CARE_S and not anew):
            return
        self._tried_s = now_s()
        error: Exception | None = None
        try:
            self._care = self._care_context(settings, anew), now_s()
        except PostureError:
            pass
        except Exception as found:
            if self._on_defect is None:
                raise
            error = found
        if self._on_defect is not None:
            self._on_defect((mark("reading what the history says of you"), error))

    def _care_context(self, settings: Settings, anew: bool) -> CoachContext:
        """Read an open red flag, the side leaned to, what hurts, and when exercises were done last."""
        store, texts = existing_store(history_path(settings)), own().texts
        if store is None:
            self._leaning = None
            return CoachContext(texts=texts)
        now = datetime.now(UTC)
        with store:
            care = care_of(store, now)
            if anew or now_s() - self._leaning_s >= LEANING_S:
                self._leaning, self._leaning_s = leaning(store, now), now_s()
        return CoachContext(
            shortened_side=self._leaning.side if self._leaning else None,
            suspended=care.suspended,
            emergency=care.emergency,
            ago_s=care.ago_s(now),
            hurts=care.hurts(now),
            texts=texts,
        )

    def at(self, t_s: float) -> CoachContext:
        """Give the context at `t_s` on the clock of the watch. Reads no file."""
        care, read_s = self._care if self._known is None else (self._known(CoachContext()), now_s())
        passed_s = now_s() - read_s
        ago_s = {exercise: done_s + passed_s for exercise, done_s in care.ago_s.items()}
        at = self._to_utc(t_s)
        return replace(
            care,
            local_minute=local_minute(at),
            local_second=local_second(at),
            local_weekday=local_weekday(at),
            ago_s=ago_s,
        )


def assemble(
    settings: Settings,
    sink: Sink,
    to_utc: Callable[[float], datetime],
    on_problem: Callable[[PostureError], None] | None = None,
    waiting: str = "",
    known: Callable[[CoachContext], CoachContext] | None = None,
    on_defect: Callable[[Defect], None] | None = None,
) -> Engine:
    """Put an engine together.

    Parameters
    ----------
    sink : Sink
        Where records go; what is known of the user comes from the history of `settings` in any case.
    to_utc : callable
        From seconds on the clock of the watch to an aware UTC datetime.
    on_problem : callable, optional
        Called once when the sink fails.
    waiting : str
        See `Engine`.
    known : callable, optional
        Adds what is known of the user to an empty context, in place of their history.
    on_defect : callable, optional
        Called with how reading the history went, and the watch goes on; by default a defect in that ends it.
    """
    recorder = Recorder(sink, to_utc, gap_s=max(MIN_GAP_S, settings.timeline.gap_s), on_problem=on_problem)
    context = HistoryContext(to_utc, known, on_defect)
    return Engine(settings, recorder, context.at, context.refresh, waiting)
