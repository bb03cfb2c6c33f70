"""The step of the camera: a list, the picture, and which one is kept."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from posture.errors import PostureError
from posture.guided.first_steps import after_lock_line, keep_camera, no_camera
from posture.language import mark, tr
from posture.window.camera_picture import OPENING, CameraPicture
from posture.window.live_shown import shown
from posture.window.seeing import Seeing
from posture.window.widgets import button, label, row, set_role

if TYPE_CHECKING:
    from posture.camera.devices import CameraDevice
    from posture.sensor.view_wire import View
    from posture.settings import Settings
    from posture.window.page import Surroundings

WHICH = mark("Which camera looks at you while you sit? Choose it, and see yourself.")
KEPT = mark("{camera} is kept as the camera (camera.source).")
NOTHING = mark("No picture.")


class CameraStep(QWidget):
    """Choose a camera and see what it sees; `done` is called when one was kept."""

    def __init__(self, around: Surroundings, done: Callable[[], None]) -> None:
        super().__init__()
        self._around, self._done = around, done
        self._cameras: list[CameraDevice] = []
        self.seeing = Seeing(self)
        self.seeing.seen.connect(self._seen)
        self.seeing.failed.connect(self._failed)
        self.choice = QComboBox()
        self.choice.setAccessibleName(tr("Camera"))
        self.choice.activated.connect(lambda _: self._look())
        self.keep = button(tr("&Use this camera"), self._keep, main=True)
        self.again = button(tr("Look for cameras again"), self.enter)
        self.picture, self.advice, self.said = CameraPicture(most_px=300), label("", "heading"), label()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(10)
        for each in (label(tr(WHICH)), self.choice, self.picture, self.advice, self.said, row(self.keep, self.again)):
            column.addWidget(each)

    def enter(self) -> None:
        """List the cameras, and look through the one of the settings."""
        self._say("")
        self.advice.setText("")
        self.picture.show_view(None, tr(OPENING))
        self._around.work(_cameras, self._listed)

    def leave(self) -> None:
        """Let the camera go."""
        self.seeing.stop(wait=True)

    def _listed(self, found: Any) -> None:
        self._cameras = [] if isinstance(found, PostureError) else found
        self.choice.clear()
        self.choice.addItems([str(camera) for camera in self._cameras])
        self.choice.setEnabled(len(self._cameras) > 0)
        self.keep.setEnabled(len(self._cameras) > 0)
        if not self._cameras and not self._around.source:
            self._failed(str(found) if isinstance(found, PostureError) else no_camera())
            return
        source = self._settings().camera.source
        for number, camera in enumerate(self._cameras):
            if source in (camera.name, camera.path, camera.node, str(camera.index)):
                self.choice.setCurrentIndex(number)
        if self.isVisible():  # another step may be up by now
            self._look()

    def _settings(self) -> Settings:
        return self._around.settings()

    def _look(self) -> None:
        number = self.choice.currentIndex()
        source = self._around.source
        if not source:
            camera = self._cameras[number]
            source = camera.path or camera.node or str(camera.index)
        self._say("")
        self.picture.show_view(None, tr(OPENING))
        self.seeing.start(source, self._settings())

    def _seen(self, view: View) -> None:
        self.picture.show_view(view)
        self.advice.setText(shown(view).advice)

    def _keep(self) -> None:
        camera, cameras = self._cameras[self.choice.currentIndex()], self._cameras
        self._around.work(lambda: keep_camera(camera, cameras), lambda found: self._kept(found, camera))

    def _kept(self, found: Any, camera: CameraDevice) -> None:
        if isinstance(found, PostureError):
            self._say(str(found), "bad")
            return
        self._say("\n".join(part for part in (tr(KEPT, camera=camera), after_lock_line(found)) if part), "well")
        self._done()

    def _failed(self, sentence: str) -> None:
        self.picture.show_view(None, tr(NOTHING))
        self.advice.setText("")
        self._say(sentence, "bad")

    def _say(self, text: str, role: str = "") -> None:
        self.said.setText(text)
        set_role(self.said, role)


def _cameras() -> list[CameraDevice]:
    from posture.camera.devices import list_cameras

    return list_cameras()
