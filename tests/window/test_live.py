"""The page Live: the mirrored picture, the bars against their thresholds, and why one is not judged."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
from people import pose_of, sitter
from window_rig import app, around, wait_for

from posture.coach.bars import bars_of
from posture.measure.levels import NO_SHOULDERS
from posture.measure.observation import DEVIATIONS, Deviation, Judged, Observation
from posture.perception.framing import Framing
from posture.sensor.view_wire import View

__all__ = ["app"]

INSIDE = Framing("good", {"head": "inside", "left shoulder": "inside", "right shoulder": "edge", "hips": "outside"})


def look(
    judged: dict[Deviation, Judged], levels: dict[Deviation, float | None], image: np.ndarray | None = None
) -> View:
    observation = Observation(0.0, "sitting", levels=levels, judged=judged)
    return View(0.0, "preview", image, pose_of(sitter()), observation, INSIDE, "kept", "Judged by the calibration.")


def test_each_bar_is_as_long_as_its_level_and_has_its_mark() -> None:
    from posture.window.level_bars import MARK, shape_of

    sizes = (0.0, 0.25, 0.5, 0.75, 0.99, 1.2, 3.0)
    levels: dict[Deviation, float | None] = dict(zip(DEVIATIONS, sizes, strict=True))
    judged = {kind: Judged(10.0 * (level or 0.0), 1.0, 10.0) for kind, level in levels.items()}
    for bar, size in zip(bars_of(levels, judged), sizes, strict=True):
        shape = shape_of(bar)
        assert shape is not None
        assert shape.filled == pytest.approx(min(size, 1.5) / 1.5)
        assert (shape.filled >= MARK) == shape.over == (size >= 1.0)
        assert 0.0 <= shape.low <= shape.filled <= shape.high <= 1.0
        assert shape.goes_on == (size == 3.0)


@pytest.mark.usefixtures("app")
def test_a_look_is_shown_in_words_and_bars() -> None:
    from posture.window.live import Live

    page = Live(around())
    judged: dict[Deviation, Judged] = dict.fromkeys(DEVIATIONS, Judged(why=NO_SHOULDERS))
    judged["slump"] = Judged(13.0, 3.0, 12.0)
    page.show()
    page.seeing.seen.emit(look(judged, {"slump": 13 / 12}, np.zeros((48, 64, 3), np.uint8)))
    rows = page.bars.rows
    assert page.presence.text() == "Sitting"
    assert rows["slump"].name.text() == "Slump: past its mark"
    assert rows["slump"].value.text() == "13° ± 3 of 12°"
    assert rows["slump"].strip.isVisibleTo(page)
    assert not rows["head_tilt"].strip.isVisibleTo(page)
    assert rows["head_tilt"].why.text() == f"Not judged: {NO_SHOULDERS}."
    assert rows["head_tilt"].accessibleName() == f"Head tilt: not judged: {NO_SHOULDERS}"
    assert page.framing.text().splitlines()[0] == "✓  head: in the picture"
    assert page.framing.text().splitlines()[2].startswith("○  right shoulder: cut off")
    assert page.advice.text().startswith("This will do.")
    assert page.note.text() == "Judged by the calibration."

    # One reason for all of them is said once.
    page.seeing.seen.emit(look(dict.fromkeys(DEVIATIONS, Judged(why=NO_SHOULDERS)), {}))
    assert page.bars.said.text() == f"Not judged: {NO_SHOULDERS}."
    assert not any(row.isVisibleTo(page) for row in rows.values())
    page.left()
    assert page.presence.text() == ""


@pytest.mark.usefixtures("app")
def test_the_picture_is_mirrored_and_the_bar_is_drawn_to_its_level() -> None:
    from posture.window import theme
    from posture.window.camera_picture import CameraPicture
    from posture.window.level_bars import BarShape, LevelStrip

    picture = CameraPicture()
    picture.resize(320, 240)
    image = np.zeros((240, 320, 3), np.uint8)
    image[:, :160, 2] = 255  # red at the left of the camera's picture
    picture.show_view(View(0.0, "preview", image))
    drawn = picture.grab().toImage()
    assert drawn.pixelColor(300, 120).red() > 200
    assert drawn.pixelColor(20, 120).red() < 50

    strip = LevelStrip()
    strip.resize(312, 26)
    strip.show_shape(BarShape(0.5, 0.5, 0.5, goes_on=False, over=False))
    drawn = strip.grab().toImage()
    filled = [x for x in range(312) if drawn.pixelColor(x, 12).name() == theme.colours().accent]
    assert (filled[0], filled[-1]) == (6, 155)


@pytest.mark.usefixtures("app")
def test_a_source_that_is_not_there_is_said_on_the_page() -> None:
    from posture.window.live import Live

    page = Live(around(source="no/such/video.mp4"))
    page.show()
    page.open_at("")
    wait_for(lambda: not page.seeing.running, "the page says why")
    assert "no/such/video.mp4" in page.error.text()
    assert page.error.isVisibleTo(page)
    page.left()


def test_the_page_loads_neither_opencv_nor_the_model() -> None:
    found = subprocess.run(
        [
            sys.executable,
            "-c",
            "import sys, posture.window.live, posture.window.first_steps; "
            "print([name for name in ('cv2', 'mediapipe') if name in sys.modules])",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    assert found.stdout.strip() == "[]"
