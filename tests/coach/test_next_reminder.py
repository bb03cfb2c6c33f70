"""What is said to come next does come then: the status and the coach agree over all that may have gone before."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from posture.coach import advance as coach
from posture.coach.next import next_reminder
from posture.coach.reminder import Reminder
from posture.coach.state import CoachContext, CoachState, Due
from posture.measure.observation import DEVIATIONS, Cause, Deviation, Observation, Presence
from posture.settings import CoachSettings, TimelineSettings
from posture.timeline.advance import advance
from posture.timeline.state import TimelineState

LOOK_S = 10.0
HORIZON_S = 2 * 3600.0


@dataclass
class Watch:
    """Timeline and coach, fed with looks at one pace."""

    settings: CoachSettings
    start_min: int = 720
    weekday: int = 0
    t_s: float = 0.0
    timeline: TimelineState = field(default_factory=TimelineState)
    coach: CoachState = field(default_factory=CoachState)
    given: list[Reminder] = field(default_factory=list)

    def context(self) -> CoachContext:
        day, minute = divmod(self.start_min + int(self.t_s // 60), 1440)
        return CoachContext(minute, local_weekday=(self.weekday + day) % 7, local_second=self.t_s % 60)

    def look(self, presence: Presence, levels: dict[Deviation, float], place: float, cause: Cause = "") -> None:
        shown: dict[Deviation, float | None] = {kind: levels.get(kind, 0.2) for kind in DEVIATIONS}
        sitting = presence == "sitting"
        seen = Observation(
            self.t_s, presence, "", shown if sitting else {}, (place, 0.0, 0.0) if sitting else (), cause=cause
        )
        self.timeline, _ = advance(self.timeline, seen, TimelineSettings())
        self.coach, reminders = coach.advance(self.coach, self.timeline, self.context(), self.settings)
        self.given += reminders

    def live(
        self, presence: Presence, minutes: float, slump: float = 0.2, place: float = 0.0, cause: Cause = ""
    ) -> None:
        until_s = self.t_s + 60.0 * minutes
        while self.t_s < until_s:
            self.t_s += LOOK_S
            self.look(presence, {"slump": slump}, place, cause)

    def next(self) -> Due | None:
        return next_reminder(self.coach, self.timeline, self.context(), self.settings)


spells = st.tuples(
    st.sampled_from(["sitting", "sitting", "sitting", "away", "standing", "unknown"]),
    st.sampled_from([0.5, 2.0, 6.0, 17.0, 31.0, 45.0]),
    st.sampled_from([0.2, 1.5]),
    st.sampled_from([0.0, 3.0]),
    st.sampled_from(["busy", "locked", "blind"]),
)
choices = st.builds(
    CoachSettings,
    kinds=st.sampled_from(["stand, move, stretch, posture, sit", "move, posture", "stand", "stretch, move", "sit", ""]),
    spacing_s=st.sampled_from([0.0, 60.0, 300.0]),
    most_per_hour=st.sampled_from([1, 2, 4, 60]),
    stretch_after_s=st.sampled_from([1200.0, 7200.0]),
    quiet_hours=st.sampled_from(["", "12:30-13:10", "Mon 13:00-14:00", "Tue-Sun", "12:20-12:40, 12:40-13:30"]),
)


@given(choices, st.lists(spells, min_size=1, max_size=4), st.sampled_from(["sitting", "standing"]), st.booleans())
@settings(max_examples=40, deadline=None, phases=(Phase.explicit, Phase.generate))
def test_next_is_what_comes_next(chosen: CoachSettings, before: list, now: Presence, snoozed: bool) -> None:
    watch = Watch(chosen)
    for presence, minutes, slump, place, cause in before:
        watch.live(presence, minutes, slump, place, cause if presence == "unknown" else "")
    slump, place = before[-1][2:4]
    watch.live(now, 1.0, slump, place)
    if snoozed:
        watch.coach = coach.snooze(watch.coach, watch.t_s + 400.0)
    said, at_s = watch.next(), watch.t_s
    # On the first looks of a spell a deviation or a posture has not lasted for its dwell: nothing changes from here on.
    given_before = len(watch.given)
    while len(watch.given) == given_before and watch.t_s < at_s + HORIZON_S:
        watch.live(now, LOOK_S / 60.0, slump, place)
    came = watch.given[given_before:]
    if said is None:
        assert came == []
        return
    if said.in_s > HORIZON_S - 60.0:
        return
    assert [reminder.kind for reminder in came] == [said.kind]
    late_s = came[0].t_s - at_s - said.in_s
    assert -1.0 <= late_s <= LOOK_S + 1.0, (said, came[0].t_s - at_s)
    if said.held:
        assert replace(said, in_s=0.0).held == said.held
