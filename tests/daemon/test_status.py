"""The status as a value: its JSON, and how it is made up."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from posture.coach.bars import JudgedNow
from posture.coach.reminder import ReminderKind
from posture.coach.sentences import Facts
from posture.coach.state import Due
from posture.daemon.session_state import PAUSED, SessionState, Snooze, Suspension
from posture.daemon.status import (
    BoutNow,
    OfferNow,
    Process,
    RangeNow,
    SensorNow,
    Status,
    Today,
    UnjudgedNow,
    Watch,
    status_of,
)
from posture.daemon.status_text import MISFIT_HELP, level_lines, nearest_line, status_lines, unjudged_line
from posture.daemon.tray_menu import icon_of, tray_state
from posture.errors import PostureError
from posture.measure.observation import DEVIATIONS, Deviation, Judged, Observation
from posture.settings import TimelineSettings
from posture.timeline.state import ActiveDeviation, Bout, TimelineState, Unjudged

START = datetime(2026, 3, 2, 8, 0, 0, 123456, tzinfo=UTC)
PROCESS = Process(7, "1.2.3", START, "/home/me/settings.toml")
SETTINGS = TimelineSettings()
SITTING = TimelineState(
    t_s=1000.0,
    presence="sitting",
    presence_since_s=400.0,
    bout=Bout(100.0, 200.0, busy_s=60.0, unseen_s=30.0, run_s=150.0),
    active={"slump": ActiveDeviation(940.0, 1.234, 1000.0)},
    unjudged={"lean_left": Unjudged(980.0, "so"), "lean_right": Unjudged(980.0, "so")},
)
DUE = Due("stand", 100.0, 60.0, Facts(800.0, 2700.0, what="sitting"))
TODAY = Today(3600, 3000, 0.83, 2000, 600, 400, None, RangeNow(2000, 2600), RangeNow(0, 0))
LEVELS: Mapping[Deviation, float | None] = {"slump": 1.234, "forward_head": None, "lean_left": 0.0}
JUDGED: Mapping[Deviation, Judged] = {"slump": Judged(12.345, 5.678, 12.0), "lean_left": Judged(why="so")}
SNOOZED = Snooze(START + timedelta(hours=99), "in a meeting")


def to_utc(t_s: float) -> datetime:
    return START + timedelta(seconds=t_s)


def status(
    session: SessionState | None = None,
    seen: TimelineState = SITTING,
    now_s: float = 1002.0,
    watch: Watch | None = None,
    unseen_reason: str = "",
    due: Due | None = DUE,
    levels: Mapping[Deviation, float | None] | None = None,
    calibration: str = "kept",
    missing: str = "",
    offer: OfferNow | None = None,
    waiting: str = "",
    quiet: str = "",
) -> Status:
    return status_of(
        PROCESS,
        session or SessionState(),
        watch or Watch("HD Webcam", SensorNow(8, 1, "steady")),
        seen,
        now_s,
        SETTINGS,
        to_utc=to_utc,
        unseen_reason=unseen_reason,
        due=due,
        waiting=waiting,
        quiet=quiet,
        today=TODAY,
        tray="",
        problems=("The file is broken.",),
        look=Observation(now_s, "sitting", levels=LEVELS if levels is None else levels, judged=JUDGED),
        calibration=calibration,
        missing=missing,
        offer=offer,
    )


def test_the_json_is_what_other_programs_rely_on() -> None:
    assert list(status().to_json().items()) == [
        ("v", 1),
        ("pid", 7),
        ("version", "1.2.3"),
        ("started", "2026-03-02T08:00:00+00:00"),
        ("state", "sitting"),
        ("state_for_s", 602.0),
        ("reason", ""),
        ("trouble", ""),
        (
            "bout",
            {
                "since": "2026-03-02T08:01:40+00:00",
                "sitting_s": 802.0,
                "at_least_s": 752.0,
                "at_most_s": 892.0,
                "busy_s": 60.0,
                "unseen_s": 30.0,
            },
        ),
        ("held", ({"kind": "slump", "words": "slumped", "for_s": 62.0, "level": 1.23},)),
        ("next", {"kind": "stand", "in_s": 58.0, "why": DUE.facts.why, "waiting": ""}),
        (
            "today",
            {
                "watched_s": 3600,
                "observed_s": 3000,
                "coverage": 0.83,
                "sitting_s": 2000,
                "standing_s": 600,
                "away_s": 400,
                "longest_s": None,
                "sitting": {"at_least_s": 2000, "at_most_s": 2600},
                "longest": {"at_least_s": 0, "at_most_s": 0},
            },
        ),
        ("camera", {"state": "open", "name": "HD Webcam", "sentence": ""}),
        ("sensor", {"pid": 8, "restarts": 1, "pace": "steady"}),
        ("calibrating", False),
        ("paused", None),
        ("snoozed", None),
        ("standing", False),
        ("on_battery", False),
        ("battery", ""),
        ("tray", ""),
        ("notices", ""),
        ("settings", "/home/me/settings.toml"),
        ("problems", ("The file is broken.",)),
        ("levels", {"slump": 1.23, "forward_head": None, "lean_left": 0.0}),
        (
            "judged",
            {
                "slump": {"value": 12.35, "sd": 5.68, "threshold": 12.0, "unit": "deg", "why": "", "coarse": ""},
                "lean_left": {"value": None, "sd": None, "threshold": None, "unit": "deg", "why": "so", "coarse": ""},
            },
        ),
        ("unjudged", ({"why": "so", "kinds": ("lean_left", "lean_right"), "for_s": 22.0},)),
        ("misfit", ""),
        ("calibration", "kept"),
        ("missing", ""),
        ("offer", None),
    ]
    empty = status()._replace(today=None, bout=None).to_json()
    assert empty["today"] == {}
    assert empty["bout"] is None
    paused = replace(SessionState(suspended=(PAUSED,)), paused_until=START, snooze=SNOOZED)
    assert status(paused).to_json()["paused"] == {"until": "2026-03-02T08:00:00.123456+00:00"}
    assert status(paused).to_json()["snoozed"] == {"until": SNOOZED.until.isoformat(), "reason": "in a meeting"}
    assert status(replace(paused, paused_until=None)).to_json()["paused"] == {"until": None}


def test_how_long_is_said_as_far_as_it_is_known() -> None:
    """A break may have gone unseen in a call."""
    hour = BoutNow(START, 3600.0, 2700.0, 5880.0, 1800.0, 480.0)
    some = status()._replace(bout=hour)
    assert status_lines(some)[0] == "Sitting 45 min to 1 h 38"
    assert tray_state(some).title == "Sitting 45 min to 1 h 38"
    assert "  of it not known: 30 min in calls and 8 min not seen" in status_lines(some)
    assert "  today: seen 50 min of 1 h 00, sitting 33 min to 43 min" in status_lines(some)
    assert "  of it not known: 30 min in calls" in status_lines(some._replace(bout=hour._replace(unseen_s=0.0)))
    call = some._replace(state="unknown", reason="camera in use")
    assert "  the bout goes on: 45 min to 1 h 38 of sitting so far" in status_lines(call)
    known = some._replace(bout=BoutNow(START, 2700.0, 2700.0, 2710.0, 10.0, 0.0))
    assert status_lines(known)[0] == "Sitting 45 min"
    assert not any("not known:" in line for line in status_lines(known))
    assert status_lines(some._replace(bout=hour._replace(at_least_s=0.0)))[0] == "Sitting up to 1 h 38"
    assert Status.from_json(json.loads(json.dumps(some.to_json()))) == some


DARK, SLUMPED = JudgedNow(why="it is dark"), JudgedNow(12.0, 5.0, 12.0)


def sitting(judged: Mapping[str, Judged], levels: Mapping[str, float]) -> Status:
    return status()._replace(judged=dict(judged), levels={kind: levels.get(kind) for kind in judged}, active=())


def test_what_is_not_judged_is_said() -> None:
    """Grouped by reason; a lean to both sides is a lean."""
    unseen = dict.fromkeys(("lean_left", "lean_right", "head_tilt"), DARK)
    some = sitting({"slump": SLUMPED, **unseen, "too_close": JudgedNow(why="of that")}, {"slump": 0.1})
    assert unjudged_line(some) == "not judged: lean and head tilt, because it is dark; too close, because of that"
    assert f"  {unjudged_line(some)}" in status_lines(some)
    assert unjudged_line(sitting({"slump": SLUMPED, "lean_left": DARK}, {"slump": 0.1})).startswith(
        "not judged: lean left, because"
    )
    none = sitting(dict.fromkeys(DEVIATIONS, DARK), {})
    assert unjudged_line(none) == "how you sit is not judged, only how long, because it is dark"
    assert unjudged_line(sitting({"slump": SLUMPED}, {"slump": 0.1})) == ""
    for other in (none._replace(state="away"), none._replace(calibrating=True)):
        assert not any("judged" in line for line in status_lines(other))
    assert status(SessionState(suspended=(PAUSED,))).levels == {}


def test_what_is_nearest_to_its_threshold() -> None:
    judged = {"slump": JudgedNow(8.0, 5.0, 12.0), "head_tilt": JudgedNow(4.0, 2.0, 8.0)}
    assert nearest_line(sitting(judged, {"slump": 0.66, "head_tilt": 0.5})) == (
        "nearest to its threshold: slump, 8° ± 5 of 12°"
    )
    assert nearest_line(sitting(judged, {"slump": 0.66, "head_tilt": 1.0})) == (
        "past its threshold: head tilt, 4° ± 2 of 8°"
    )
    calm = sitting(judged, {"slump": 0.4, "head_tilt": 0.2})
    assert nearest_line(calm) == "nothing is near its threshold"
    assert nearest_line(sitting(dict.fromkeys(DEVIATIONS, DARK), {})) == ""
    # What is active is in a line of its own.
    slumped = sitting(judged, {"slump": 1.2, "head_tilt": 0.6})._replace(active=status().active)
    assert nearest_line(slumped).startswith("nearest to its threshold: head tilt")
    assert nearest_line(slumped._replace(levels=calm.levels)) == ""
    for other in (calm._replace(state="away"), calm._replace(calibrating=True)):
        assert nearest_line(other) == ""


def test_the_bars_of_the_last_look() -> None:
    slumped = sitting({"slump": SLUMPED, "head_tilt": DARK}, {"slump": 1.0})
    assert level_lines(slumped, 80) == [
        "! slump          █████████▓▓▓▓▓▓▓│░░░░░··  12° ± 5 of 12°",
        "  head tilt      not judged: it is dark",
    ]
    assert level_lines(slumped._replace(state="away"), 80) == ["  nothing is judged while nobody sits here"]
    assert level_lines(slumped._replace(calibrating=True), 80) == ["  nothing is judged until the calibration ends"]


def test_by_what_is_judged_is_said_unless_it_is_kept() -> None:
    said = "judged by how you sat in the first minutes (provisional)"
    assert not any("provisional" in line for line in [*status_lines(status()), tray_state(status()).tooltip])
    assert f"  {said}" in status_lines(status(calibration="provisional"))
    assert f"J{said[1:]}" in tray_state(status(calibration="provisional")).tooltip.splitlines()
    lines = status_lines(status(calibration="none", missing="the shoulders are not in the picture"))
    assert "  no calibration yet: the shoulders are not in the picture" in lines
    assert any("sit still" in line for line in status_lines(status(calibration="none")))
    paused = SessionState(suspended=(PAUSED,))
    assert not any("calibration" in line for line in status_lines(status(paused, calibration="none", missing="so")))


def test_an_offer_is_in_the_menu_while_there_is_one() -> None:
    offered = status(calibration="provisional", offer=OfferNow("provisional", "Keep that?"))
    assert offered.to_json()["offer"] == {"reason": "provisional", "sentence": "Keep that?"}
    assert "  Keep that?" in status_lines(offered)
    assert not any("first minutes" in line for line in status_lines(offered))
    assert any("posture calibrate --keep" in line for line in status_lines(offered))
    keys = [[item.key for item in tray_state(each).menu] for each in (offered, status())]
    assert keys[0].index("keep") + 1 == keys[0].index("calibrate")
    assert "keep" not in keys[1]
    assert Status.from_json(json.loads(json.dumps(offered.to_json()))) == offered


sessions = st.builds(
    SessionState,
    suspended=st.lists(st.sampled_from([PAUSED, Suspension("lent", "calibrating")]), max_size=2).map(tuple),
    paused_until=st.none() | st.just(START),
    snooze=st.none() | st.just(SNOOZED),
    standing=st.booleans(),
    camera=st.sampled_from(["", "open", "in use", "gone"]),
    sentence=st.sampled_from(["", "It is away."]),
)


@given(sessions, st.sampled_from([SITTING, TimelineState()]), st.floats(0, 1e6), st.none() | st.just(DUE))
def test_any_status_is_read_back_and_shown(
    session: SessionState, seen: TimelineState, now_s: float, due: Due | None
) -> None:
    made = status(session, seen, now_s, due=due)
    sent = json.loads(json.dumps(made.to_json()))
    assert Status.from_json(sent | {"of a later release": 1}) == made
    assert all(status_lines(made))
    keys = [item.key for item in tray_state(made).menu]
    assert len(set(keys)) == len(keys)
    assert ("resume" in keys) is session.paused


@pytest.mark.parametrize("key", ["state", "camera", "held", "started", "judged", "unjudged"])
def test_the_status_of_another_release_is_refused(key: str) -> None:
    sent = status().to_json()
    with pytest.raises(PostureError, match="posture restart"):
        Status.from_json({name: value for name, value in sent.items() if name != key})
    with pytest.raises(PostureError, match="posture restart"):
        Status.from_json(sent | {key: 3} if key != "state" else {})


def test_time_goes_on_between_two_looks() -> None:
    early, late = status(now_s=1000.0), status(now_s=1004.0)
    assert (late.state, late.state_for_s - early.state_for_s) == ("sitting", 4.0)
    assert late.bout is not None
    assert early.bout is not None
    assert late.bout.sitting_s - early.bout.sitting_s == 4.0
    assert late.active[0].for_s - early.active[0].for_s == 4.0
    assert late.next is not None
    assert late.next.in_s == 56.0


def test_nobody_sits_where_nobody_has_looked() -> None:
    gap = status(now_s=1000.0 + SETTINGS.gap_s + 1)
    assert (gap.state, gap.reason, gap.active) == ("unknown", "no look", ())
    barely_seen = replace(SITTING, active={"slump": ActiveDeviation(900.0, 1.2, 920.0)})
    assert status(seen=barely_seen, now_s=1002.0).active
    assert not status(seen=barely_seen, now_s=920.0 + SETTINGS.gap_s + 1).active, "seen last too long ago"
    unseen = status(now_s=1001.0, unseen_reason="paused")
    assert (unseen.state, unseen.reason, unseen.active) == ("unknown", "paused", ())
    assert status(seen=TimelineState()).state == "starting"


def test_while_looks_are_suspended() -> None:
    session = SessionState(suspended=(Suspension("lent", "calibrating"), PAUSED), camera="gone", sentence="It is away.")
    made = status(session)
    assert (made.state, made.reason, made.next, made.trouble) == ("held off", "calibrating", None, "")
    assert made.camera.sentence == "It is away."
    assert icon_of(made) == "paused"


def test_a_camera_that_does_not_work_is_trouble() -> None:
    for camera in ("gone", "forbidden", "failed"):
        made = status(SessionState(camera=camera, sentence="It is away."))
        assert (made.trouble, made.camera.sentence) == ("It is away.", "")
        assert status(SessionState(camera=camera)).trouble == "the camera does not work"
    used = status(SessionState(camera="in use", sentence="Zoom has it."))
    assert (used.trouble, used.camera.sentence, icon_of(used)) == ("", "Zoom has it.", "camera")
    ended = status(watch=Watch(trouble="the source has ended"))
    assert (ended.trouble, icon_of(ended)) == ("the source has ended", "trouble")


def test_as_people_read_it() -> None:
    session = SessionState(snooze=SNOOZED, standing=True)
    assert status_lines(status(session)) == [
        "Sitting 13 min to 15 min",
        "  of it not known: 60 s in calls and 30 s not seen",
        "  you said that you are standing",
        "  slumped for 62 s",
        "  not judged: lean left for 22 s, because so",
        "  today: seen 50 min of 1 h 00, sitting 33 min to 43 min",
        "  next: stand up in 58 s (sitting for 13 min; your setting is 45 min)",
        f"  in a meeting until {SNOOZED.until.astimezone():%a %H:%M}",
        "  camera: open (HD Webcam)",
        "  tray: shown",
        "  ! The file is broken.",
    ]
    doubtful = status()._replace(misfit="It may not fit.")
    assert f"  It may not fit. {MISFIT_HELP}" in status_lines(doubtful)
    assert status_lines(status(SessionState(suspended=(PAUSED,))))[0] == "Paused"
    assert icon_of(status()) == "deviation"
    assert icon_of(status()._replace(active=())) == "well"
    assert icon_of(status()._replace(state="away", active=())) == "away"
    tray = tray_state(status(session))
    assert tray.tooltip.splitlines()[0] == "Slumped for 60 s"
    assert tray.menu[0].label == "Sitting 13 min to 15 min. Slumped for 60 s"


# -- what has not been judged for a while ------------------------------------------------------------------------------

DARK_ALL = dict.fromkeys(DEVIATIONS, JudgedNow(why="it is dark"))
LOST = replace(SITTING, active={}, unjudged=dict.fromkeys(DEVIATIONS, Unjudged(400.0, "it is dark")))


def lost(seen: TimelineState = LOST, **changes: object) -> Status:
    levels: dict[str, float | None] = dict.fromkeys(DEVIATIONS)
    return status(seen=seen)._replace(judged=DARK_ALL, levels=levels, **changes)  # type: ignore[arg-type]


def test_what_has_not_been_judged_is_said_with_its_reason_and_how_long() -> None:
    made = lost()
    assert made.unjudged == (UnjudgedNow("it is dark", DEVIATIONS, 602.0),)
    line = "how you sit has not been judged for 10 min, only how long, because it is dark"
    assert unjudged_line(made) == line
    assert f"  {line}" in status_lines(made)
    assert f"{line[0].upper()}{line[1:]}" in tray_state(made).tooltip.splitlines()
    briefly = lost(replace(LOST, unjudged={}))
    assert unjudged_line(briefly) == "how you sit is not judged, only how long, because it is dark"


def test_the_longest_comes_first_and_each_reason_has_its_own_time() -> None:
    seen = replace(LOST, unjudged={"slump": Unjudged(900.0, "of this"), "head_tilt": Unjudged(500.0, "of that")})
    assert [(part.why, part.kinds, part.for_s) for part in status(seen=seen).unjudged] == [
        ("of that", ("head_tilt",), 502.0),
        ("of this", ("slump",), 102.0),
    ]


def test_a_time_is_not_said_for_what_has_only_just_been_lost() -> None:
    seen = replace(LOST, unjudged={"slump": Unjudged(400.0, "it is dark")})
    assert " for " not in unjudged_line(lost(seen))


@pytest.mark.parametrize(
    ("made", "icon"),
    [
        (lost(), "away"),
        (lost(state="standing"), "well"),
        (lost(active=status().active), "deviation"),
        (lost(calibration="none", unjudged=()), "away"),
        (lost(unjudged=(UnjudgedNow("it is dark", DEVIATIONS[1:], 60.0),)), "well"),
        (lost(unjudged=(UnjudgedNow("a", DEVIATIONS[1:], 60.0), UnjudgedNow("b", DEVIATIONS[:1], 20.0))), "away"),
    ],
)
def test_the_icon_is_not_that_of_sitting_well_while_nothing_is_judged(made: Status, icon: str) -> None:
    assert icon_of(made) == icon


def test_without_a_calibration_the_tooltip_says_so() -> None:
    made = lost(calibration="none", unjudged=())
    assert "No calibration yet" in tray_state(made).tooltip


@pytest.mark.parametrize("in_s", [-30.0, 0.0, 0.4, 2.0])
@pytest.mark.parametrize("kind", ["stand", "move", "stretch", "posture", "sit"])
@pytest.mark.parametrize(
    "why",
    [
        {"quiet": "quiet hours until 07:00"},
        {"waiting": "a call"},
        {"session": SessionState(snooze=SNOOZED)},
        {"session": SessionState(camera="in use")},
    ],
)
def test_nobody_is_told_to_do_now_what_is_not_said_now(in_s: float, kind: ReminderKind, why: dict[str, Any]) -> None:
    """`now` is two seconds after the last look: what was not quiet then may be by now."""
    found = status(due=replace(DUE, kind=kind, in_s=in_s), **why)
    assert found.next is not None
    assert found.next.waiting
    assert found.to_json()["next"]["waiting"] == found.next.waiting
    told = [*status_lines(found), tray_state(found).tooltip]
    assert not any(re.search(r"\bnow\b", line) for line in told), told


def test_while_nobody_looks_nothing_is_next() -> None:
    paused = SessionState(suspended=(PAUSED,))
    assert status(paused, due=replace(DUE, in_s=0.0), quiet="quiet hours until 07:00").next is None
    # It can be said to a user who may hear it.
    assert "Next: stand up now" in tray_state(status(due=replace(DUE, in_s=0.0))).tooltip
