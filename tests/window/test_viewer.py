"""The process that sees for the window, on a real clip, in its box."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from posture.errors import PostureError
from posture.pose.landmarks import Pose
from posture.sensor.view_wire import SIZES, Ended, Opened, View, ViewError, ask_of, read, write
from posture.sensor.viewer import Viewer
from posture.settings import PoseSettings, Settings

CLIP = Path(__file__).parents[1] / "data/stretch_a.mp4"
LITE = replace(Settings(), pose=PoseSettings(model="lite"))


@pytest.mark.slow
def test_it_shows_then_guides_then_ends(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path))
    modes = []
    with Viewer(str(CLIP), LITE, "preview", pace=False) as viewer:
        for number, view in enumerate(viewer.views()):
            assert view.image is not None
            assert view.image.shape == (480, 640, 3)
            modes.append(view.mode)
            if number == 2:
                assert view.framing is not None
                assert view.observation is not None
                viewer.ask("guide")
            if view.mode == "guide":
                assert view.pose is not None
                assert view.pose.world.shape == (33, 3)
                break
        assert viewer.opened is not None
        assert viewer.opened.name == CLIP.name
    assert modes[0] == "preview"
    assert modes[-1] == "guide"


def test_what_cannot_be_opened_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("POSTURE_DATA", str(tmp_path))
    with (
        Viewer(str(tmp_path / "nothing.mp4"), LITE) as viewer,
        pytest.raises(PostureError, match=r"nothing\.mp4"),
    ):
        list(viewer.views())


def test_views_come_through_as_they_were() -> None:
    pose = Pose(np.random.default_rng(1).random((33, 4)) * 100, np.random.default_rng(2).random((33, 3)), 640, 480)
    image = np.arange(4 * 6 * 3, dtype=np.uint8).reshape(4, 6, 3)
    pipe = io.BytesIO()
    sent = (
        Opened("a camera", ("usb-1", frozenset({"x"}))),
        View(1.5, "guide", image, pose, note="hold"),
        Ended("gone"),
    )
    for message in sent:
        write(pipe, message)
    pipe.seek(0)
    opened, view, ended = (read(pipe) for _ in sent)
    assert (opened, ended) == (sent[0], sent[2])
    assert isinstance(view, View)
    assert view.image is not None
    assert (view.image == image).all()
    assert view.pose is not None
    assert np.allclose(view.pose.landmarks, pose.landmarks, atol=1e-4)
    with pytest.raises(EOFError):
        read(pipe)


@pytest.mark.parametrize(
    "header",
    [b"{}", b"[]", b'{"kind":"view"}', b"\xff", b"[" * 9000, b'{"kind":"ended"}', b'{"kind":"opened","name":1}'],
)
def test_what_is_no_view_is_refused(header: bytes) -> None:
    with pytest.raises(ViewError):
        read(io.BytesIO(SIZES.pack(len(header), 0) + header))
    with pytest.raises(ViewError):
        read(io.BytesIO(SIZES.pack(1 << 30, 0)))
    with pytest.raises(ViewError):
        ask_of(header)
