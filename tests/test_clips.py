"""The whole way on rendered footage: what was scripted is found, and nothing else.

The truth files beside the clips are the referee. Each clip is replayed once, through the command line.
"""

from __future__ import annotations

import itertools
import json
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest
from inferred import CALIBRATE_S, CLIPS, START, Replay, replay

pytestmark = pytest.mark.slow

PRESENCE_WITHIN_S = 5.0
SITTING = ("neutral", "glance", "slump", "forward_head", "lean_left", "lean_right", "shoulder_tilt", "too_close")
SCRIPTED = SITTING[2:]
# A slump brings the head nearer and forward as well; the kinds that a scripted one may bring with it.
ALSO: dict[str, set[str]] = {"slump": {"forward_head", "too_close"}, "too_close": {"slump", "forward_head"}}


@dataclass(frozen=True)
class Segment:
    start: float
    end: float
    label: str

    @property
    def presence(self) -> str:
        return "sitting" if self.label in SITTING else self.label


def segments(name: str) -> list[Segment]:
    truth = json.loads(CLIPS[name].with_suffix(".truth.json").read_text())
    assert truth["calibrate"][1] >= CALIBRATE_S  # upright until then
    return [Segment(segment["start"], segment["end"], segment["label"]) for segment in truth["segments"]]


def deviations(replayed: Replay, name: str) -> list[tuple[str, float, float]]:
    """Kind, since, until of every deviation that was found."""
    return [(e["kind"], e["since"], e["until"]) for e in replayed(name) if e["event"] == "deviation_end"]


@pytest.mark.parametrize("name", CLIPS)
def test_every_presence_change_is_found_in_time_and_no_other(replayed: Replay, name: str) -> None:
    spells = segments(name)
    expected = [(spells[0].start, spells[0].presence)]
    for before, after in itertools.pairwise(spells):
        if after.presence != before.presence:
            expected.append((after.start, after.presence))
    found = [(e["t"], e["state"]) for e in replayed(name) if e["event"] == "presence"]
    assert [state for _, state in found] == [state for _, state in expected]
    for (t_s, _), (true_s, _) in zip(found, expected, strict=True):
        assert 0 <= t_s - true_s <= PRESENCE_WITHIN_S


@pytest.mark.parametrize("name", CLIPS)
def test_every_scripted_deviation_is_active_for_most_of_its_time(replayed: Replay, name: str) -> None:
    for segment in segments(name):
        if segment.label not in SCRIPTED:
            continue
        overlaps = [
            min(until, segment.end) - max(since, segment.start)
            for kind, since, until in deviations(replayed, name)
            if kind == segment.label
        ]
        assert max(overlaps, default=0.0) > 0.8 * (segment.end - segment.start), segment


@pytest.mark.parametrize("name", CLIPS)
def test_nothing_else_is_raised(replayed: Replay, name: str) -> None:
    for kind, since, until in deviations(replayed, name):
        during = [s for s in segments(name) if min(until, s.end) - max(since, s.start) > 5.0]
        for segment in during:
            assert kind == segment.label or kind in ALSO.get(segment.label, set()), (kind, since, until, segment)


@pytest.mark.parametrize("name", CLIPS)
def test_the_lines_keep_their_promise(replayed: Replay, name: str) -> None:
    lines = replayed(name)
    assert lines[-1]["event"] == "summary"
    times = [line["t"] for line in lines]
    assert times == sorted(times)
    calibrated = [line for line in lines if line["event"] == "calibrated"]
    assert [line["ok"] for line in calibrated] == [True]
    allowed = {
        "presence",
        "deviation_start",
        "deviation_end",
        "unjudged_start",
        "unjudged_end",
        "bout_start",
        "bout_end",
        "postural_shift",
        "reminder",
        "calibrated",
        "summary",
    }
    assert {line["event"] for line in lines} <= allowed


def test_breaks_of_the_day_at_the_desk(replayed: Replay) -> None:
    ended = [line for line in replayed("desk_stand") if line["event"] == "bout_end"]
    assert [line["ended_by"] for line in ended] == ["break", "break", "end"]


@pytest.mark.nightly
def test_a_program_of_its_own_prints_the_same(data: Path, answers: Path) -> None:
    """The other tests run the command in their own process, for the sake of its model."""
    clip = data / "still.mp4"
    command = [
        sys.executable,
        "-m",
        "posture",
        "replay",
        clip,
        "--start",
        START,
        "--calibrate",
        str(CALIBRATE_S),
        "--json",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stderr == ""
    assert [json.loads(line) for line in done.stdout.splitlines()] == replay(clip, answers)
