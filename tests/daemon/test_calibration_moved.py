"""A calibration that no longer fits, under a real daemon: one notice, and in `status` for as long as it is so."""

from __future__ import annotations

from pathlib import Path

from private_session import DATA, Daemon, until

from posture.camera.opencv import opencv
from posture.camera.video import VideoFile


def cropped(path: Path) -> Path:
    """The clip with its sides cut off, as from a camera of another shape; under the same name, so the same camera."""
    cv2 = opencv()
    path.parent.mkdir()
    with VideoFile(DATA / "still.mp4") as video:
        video.grab()
        image = video.retrieve().image
        image = image[:, image.shape[1] // 8 : -image.shape[1] // 8]
        writer = cv2.VideoWriter(str(path), cv2.VideoWriter.fourcc(*"mp4v"), 10, image.shape[1::-1])
        for _ in range(400):
            writer.write(image)
        writer.release()
    return path


def test_it_is_said_once_and_not_scored(daemon: Daemon) -> None:
    daemon.run("calibrate", "--source", str(DATA / "still.mp4"), "--seconds", "5")
    daemon.configure(cropped(daemon.session.folder / "other" / "still.mp4"))
    server = daemon.session.notifications()
    daemon.run("start")
    shown = server.told()
    assert shown["summary"] == "The calibration no longer fits"
    assert "calibrate again" in shown["body"]
    (problem,) = until(lambda: daemon.status()["problems"], "status says it")
    assert "another shape" in problem
    assert daemon.status()["held"] == []
    assert "another shape" in daemon.run("status")
    daemon.run("pause")
    assert "paused" not in daemon.run("resume")
    daemon.until("it watches again", camera__state="open", state="sitting")
    assert daemon.events().count("notice") == 1
