"""The process that sees for somebody who watches the screen: `python -m posture.sensor.view_process`, see `viewer`.

It is held like the sensor: it opens the camera, or has a file decoded in a box, and can do nothing else; pictures go to
the window that started it through the link that it was handed, and nowhere else. It ends when that is closed.
"""

from __future__ import annotations

import contextlib
import json
import os
import queue
import signal
import sys
import threading
import time
from dataclasses import replace
from typing import TYPE_CHECKING, Any, BinaryIO

from posture import own_language, sandbox
from posture.camera.source_kind import kind_of_source
from posture.errors import PostureError
from posture.language import tr
from posture.link import handed, reader, writer
from posture.sensor.view_wire import PICTURE_H, Ask, Begin, Ended, Opened, View, ask_of, write
from posture.sensor.wire import settings_from_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from posture.camera.frame import Frame, FrameSource
    from posture.history.calibrations import Which
    from posture.measure.baseline import Baseline, Refusal
    from posture.pose.landmarks import Pose, PoseModel
    from posture.settings import CameraSettings, Settings

LOOKS_PER_S = {"preview": 5.0, "guide": 8.0, "calibrate": 5.0, "calibrate standing": 5.0}
"""Preview and calibration: often enough to follow a movement, and no more than the judging model manages on a laptop
[design choice]. A hold is timed to an eighth of a second; the light model takes a tenth of a core for this."""
GUIDE_MODEL = "lite"
"""Guiding needs frequent looks, and the light model is good enough for whole-body angles (see coach.checks)."""


def quick(camera: CameraSettings) -> CameraSettings:
    """Have the camera give pictures often enough for a user who watches."""
    return replace(camera, rate_fps=max(camera.rate_fps, 10.0))


def played(source: FrameSource, looks_per_s: Callable[[], float], *, pace: bool) -> Iterator[float]:
    """Yield the time of each frame to look at; retrieve it before the next.

    Parameters
    ----------
    looks_per_s : callable
        How often to look, asked again at each look.
    pace : bool
        Play a file at its own pace, for a user who watches; otherwise as fast as the machine goes.
    """
    from posture.camera.pacer import Pacer

    pacer, played_s = Pacer(), None
    while (t_s := source.grab()) is not None:
        if pacer.wants(t_s):
            pacer = pacer.after(t_s, 1.0 / looks_per_s())
            played_s = time.monotonic() - t_s if played_s is None else played_s
            if pace:
                time.sleep(max(0.0, played_s + t_s - time.monotonic()))
            yield t_s


class _Looks:
    """Looks in whatever way is asked for; each model is loaded when it is first needed."""

    def __init__(self, settings: Settings, which: Which) -> None:
        self._settings, self._which = settings, which
        self._models: dict[str, PoseModel] = {}
        self._preview: Any = None
        self._calibration: Any = None
        self.ask = Ask("preview")

    def use(self, ask: Ask) -> None:
        """Look like this from now on."""
        from posture.perception.calibration import Calibration

        self.ask = ask
        self._calibration = Calibration(ask.seconds) if ask.mode.startswith("calibrate") else None
        self._preview = None  # a calibration may have been kept since

    def look(self, frame: Frame) -> View:
        """Look at a frame."""
        if self.ask.mode == "preview":
            return self._previewed(frame)
        pose = self._model(GUIDE_MODEL if self.ask.mode == "guide" else self._settings.pose.judge).find(frame)
        view = View(frame.t_s, self.ask.mode, small(frame), pose)
        return view if self._calibration is None else self._calibrated(view, pose)

    def _model(self, name: str) -> PoseModel:
        from posture.pose.open_model import open_pose_model

        if name not in self._models:
            self._models[name] = open_pose_model(self._settings, model=name)
        return self._models[name]

    def _previewed(self, frame: Frame) -> View:
        from posture.sensor.preview import Preview

        if self._preview is None:
            model = self._model(self._settings.pose.judge)
            self._preview = Preview.by_what_is_kept(model, self._settings, self._which)
        seen = self._preview.look(frame)
        return View(
            t_s=frame.t_s,
            mode="preview",
            image=small(seen.frame),
            pose=seen.pose,
            observation=seen.observation,
            framing=seen.framing,
            calibration=seen.calibration,
            note=seen.note,
        )

    def _calibrated(self, view: View, pose: Pose | None) -> View:
        from posture.measure.baseline import Refusal
        from posture.measure.geometry import Person
        from posture.measure.standing import of_standing
        from posture.perception.calibration import feedback, take

        least, judge = self._settings.pose.min_visibility, self._settings.pose.judge
        person = Person.of(pose, least) if pose is not None else None
        self._calibration, found = take(self._calibration, view.t_s, person, least, judge)
        if found is None:
            return replace(view, note=feedback(self._calibration))
        if self.ask.mode == "calibrate standing" and isinstance(found, Refusal):
            found = of_standing(found)
        self.use(Ask("preview"))
        return replace(view, calibrated=outcome_json(found))


def outcome_json(found: Baseline | Refusal) -> dict[str, Any]:
    """What came of a calibration, as in `View.calibrated`."""
    from posture.history.calibrations import baseline_to_json
    from posture.measure.baseline import Baseline

    if isinstance(found, Baseline):
        return {"ok": True, "baseline": baseline_to_json(found)}
    return {"ok": False, "reason": found.reason, "sentence": found.sentence}


def small(frame: Frame) -> Any:
    """The picture, no higher than it is shown."""
    from posture.camera.opencv import opencv

    height, width = frame.image.shape[:2]
    if height <= PICTURE_H:
        return frame.image
    return opencv().resize(frame.image, (round(width * PICTURE_H / height), PICTURE_H))


def serve(begin: Begin, asked: BinaryIO, shown: BinaryIO) -> None:
    """Look until the source ends, or nobody reads any more."""
    from posture.camera.source import open_source
    from posture.history.calibrations import Which, calibrations_path

    settings = settings_from_json(begin.settings)
    is_camera = kind_of_source(begin.source) == "camera"
    kept = [calibrations_path(settings)]
    if is_camera:
        sandbox.enter_sensor(kept)
    source = open_source(begin.source, quick(settings.camera))
    if not is_camera:
        # What decodes it has been started, in a box of its own.
        sandbox.enter_sensor(kept, camera=False)
    write(shown, Opened(source.name, source.identity))
    asks: queue.SimpleQueue[Ask | None] = queue.SimpleQueue()
    threading.Thread(target=_listen, args=(asked, asks), daemon=True).start()
    looks = _Looks(settings, Which(source.name, *source.identity))
    looks.use(Ask(begin.mode, begin.seconds))
    for _ in played(source, lambda: LOOKS_PER_S[looks.ask.mode], pace=begin.pace and not is_camera):
        while not asks.empty():
            ask = asks.get()
            if ask is None:
                return
            looks.use(ask)
        write(shown, looks.look(source.retrieve()))
    write(shown, Ended())


def _listen(asked: BinaryIO, asks: queue.SimpleQueue[Ask | None]) -> None:
    for line in asked:
        with contextlib.suppress(Exception):
            asks.put(ask_of(line))
    asks.put(None)


def main() -> None:
    """Serve the window at the other end of the link."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    own_language.begin("en")  # what it was started with; in the box the catalogue may be out of reach
    link = handed(sys.argv[1])
    asked, shown = reader(link), writer(link)
    try:
        try:
            begin = Begin(**json.loads(asked.readline()))
            serve(begin, asked, shown)
        except PostureError as error:
            from posture.camera.errors import CameraLost

            write(shown, Ended(str(error), isinstance(error, CameraLost)))
    except (BrokenPipeError, EOFError, ValueError):
        pass  # the window is gone
    except Exception as error:
        if "POSTURE_DEBUG" in os.environ:
            raise
        with contextlib.suppress(OSError, ValueError):
            what = f"{type(error).__name__}: {error}".replace("\n", " ")
            write(shown, Ended(tr("The camera's process has failed ({error}).", error=what)))
    # The decoder of a file ends by itself; nothing that a library leaves to do at the end is needed.
    os._exit(0)


if __name__ == "__main__":
    main()
