"""The clips at the default cadence: as seldom as a live watch looks, and still every event, in time."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from posture.camera.video import VideoFile
from posture.history.records import Memory
from posture.measure.observation import DEVIATIONS
from posture.monitor.bench import changes_of, latencies_s
from posture.monitor.replay import watch_video
from posture.pose.landmarks import PoseModel
from posture.settings import Settings
from posture.timeline.events import DeviationStarted, Event, PresenceChanged

pytestmark = pytest.mark.slow

PRESENCE_WITHIN_S = 20.0
DEVIATION_WITHIN_S = 25.0


@pytest.mark.parametrize(
    "clip", ["laptop_a", *(pytest.param(clip, marks=pytest.mark.nightly) for clip in ("laptop_b", "desk_stand"))]
)
def test_every_change_is_noticed_in_time(clip: str, heavy: PoseModel, request: pytest.FixtureRequest) -> None:
    path: Path = request.getfixturevalue(clip)
    settings, start = Settings(), datetime(2026, 1, 5, 9, tzinfo=UTC)
    noticed: list[tuple[float, Event]] = []
    looks = inferred = 0
    assert settings.pose.judge == "heavy"
    with VideoFile(path) as video:
        for watched in watch_video(
            video,
            heavy,
            settings,
            Memory(),
            start=start,
            calibrate_s=10.0,
            looks_per_s=None,
        ):
            noticed += [(watched.t_s, event) for event in watched.events]
            looks += watched.analysis is not None
            inferred += watched.analysis is not None and watched.analysis.measures is not None
        length_s = watched.t_s
    changes = changes_of(str(path))
    assert changes
    for change in changes:
        within_s = PRESENCE_WITHIN_S if change.what in ("sitting", "standing", "away") else DEVIATION_WITHIN_S
        (latency_s,), missed = latencies_s([change], noticed)
        assert not missed
        assert latency_s <= within_s, change
    # Nothing that is not there is noticed: a glance, in particular.
    presences = [event.presence for _, event in noticed if isinstance(event, PresenceChanged)]
    assert presences == [
        "sitting",
        *(change.what for change in changes if change.what in ("sitting", "standing", "away")),
    ]
    truth = json.loads(path.with_suffix(".truth.json").read_text())["segments"]
    for _, event in noticed:
        if isinstance(event, DeviationStarted):
            assert next(part["label"] for part in truth if event.since_s <= part["end"]) in DEVIATIONS
    # Two looks a second with the model would be 2 * length_s inferences.
    assert inferred < looks < 2 * length_s
    assert inferred < 0.5 * length_s
