"""`posture run` on a clip at its own pace: both processes, the real model, the history on disk."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.slow, pytest.mark.skipif(sys.platform == "win32", reason="signals are of POSIX")]


def posture(tmp_path: Path, *arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "posture", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "POSTURE_DATA": str(tmp_path), "POSTURE_CONFIG": str(tmp_path / "none")},
    )


def test_a_session(data: Path, tmp_path: Path) -> None:
    options = ["--set", "pose.model=lite", "--set", "coach.stand_after=11s", "--set", "desktop.notifications=false"]
    run = posture(tmp_path, "run", "--source", str(data / "still.mp4"), "--json", *options)
    assert run.stdout is not None
    events = []
    for line in run.stdout:
        events.append(json.loads(line))
        if events[-1]["event"] == "reminder":
            peak_kb = int(Path(f"/proc/{run.pid}/status").read_text().partition("VmHWM:")[2].split()[0])
            run.send_signal(signal.SIGINT)
    assert run.stderr is not None
    errors = run.stderr.read()
    assert run.wait() == 0
    kinds = [event["event"] for event in events]
    assert kinds == ["presence", "bout_start", "calibrated", "reminder", "bout_end", "summary"]
    assert events[0]["state"] == "sitting"
    assert events[2]["ok"] is True
    assert events[3]["kind"] == "stand"
    assert errors.startswith(events[3]["title"])  # there is no desktop here
    assert events[5]["sitting_s"] >= 11.0
    # The daemon sees no picture, and carries nothing that does.
    if sys.platform == "linux":
        assert peak_kb < 45 * 1024
    # And it is all on disk.
    shown = posture(tmp_path, "summary", "--json")
    kept = json.loads(shown.communicate()[0])
    assert shown.returncode == 0
    assert kept["sitting_s"] == pytest.approx(events[5]["sitting_s"], abs=1.0)


def test_the_end_of_the_file_is_the_end(data: Path, tmp_path: Path) -> None:
    from posture.camera.opencv import opencv
    from posture.camera.video import VideoFile

    cv2 = opencv()
    clip = str(tmp_path / "short.avi")
    writer = cv2.VideoWriter(clip, cv2.VideoWriter.fourcc(*"MJPG"), 10, (640, 480))
    with VideoFile(data / "still.mp4") as video:
        for _ in range(15):
            video.grab()
            writer.write(video.retrieve().image)
    writer.release()
    run = posture(tmp_path, "run", "--source", clip, "--json", "--set", "pose.model=lite")
    out, errors = run.communicate(timeout=60)
    assert (run.returncode, errors) == (0, "")
    assert [json.loads(line)["event"] for line in out.splitlines()][-1] == "summary"


@pytest.mark.parametrize("source", ["README.md", "nowhere.mp4"])
def test_what_cannot_be_watched_is_one_sentence(source: str, tmp_path: Path) -> None:
    (tmp_path / "README.md").write_text("not a video")
    run = posture(tmp_path, "run", "--source", str(tmp_path / source))
    _, errors = run.communicate(timeout=60)
    assert run.returncode == 1
    assert errors.startswith("posture: ")
    assert errors.count("\n") == 1
