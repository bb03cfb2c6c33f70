"""The camera's picture, mirrored like a mirror's, with the points that are looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPainterPath, QPaintEvent, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from posture.language import mark, tr
from posture.pose.landmarks import Landmark
from posture.window.theme import colours

if TYPE_CHECKING:
    from posture.sensor.view_wire import View

BONES = (
    (Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER),
    (Landmark.LEFT_SHOULDER, Landmark.LEFT_ELBOW),
    (Landmark.LEFT_ELBOW, Landmark.LEFT_WRIST),
    (Landmark.RIGHT_SHOULDER, Landmark.RIGHT_ELBOW),
    (Landmark.RIGHT_ELBOW, Landmark.RIGHT_WRIST),
    (Landmark.LEFT_SHOULDER, Landmark.LEFT_HIP),
    (Landmark.RIGHT_SHOULDER, Landmark.RIGHT_HIP),
    (Landmark.LEFT_HIP, Landmark.RIGHT_HIP),
)
LEGS = (
    (Landmark.LEFT_HIP, Landmark.LEFT_KNEE),
    (Landmark.LEFT_KNEE, Landmark.LEFT_ANKLE),
    (Landmark.RIGHT_HIP, Landmark.RIGHT_KNEE),
    (Landmark.RIGHT_KNEE, Landmark.RIGHT_ANKLE),
)
POINTS = (
    Landmark.NOSE, Landmark.LEFT_EYE, Landmark.RIGHT_EYE, Landmark.LEFT_EAR, Landmark.RIGHT_EAR,
    Landmark.LEFT_SHOULDER, Landmark.RIGHT_SHOULDER,
)  # fmt: skip
VISIBLE = 0.5
"""Points below this visibility are not drawn [design choice]."""
WELL, WAIT = "#5ac86e", "#f0b43c"
"""Points where all that is needed is in the picture, and where not; that is said in words as well."""
OPENING = mark("The camera is being opened ...")


class CameraPicture(QWidget):
    """What the camera sees. It is mirrored, words are not: the user's left is at the left.

    `legs` are drawn for exercises, which need more of the body than sitting does; with `most_px` it is no higher.
    """

    def __init__(self, *, legs: bool = False, most_px: int | None = None) -> None:
        super().__init__()
        self._bones = (*BONES, *LEGS) if legs else BONES
        self._well: bool | None = None
        self._view: View | None = None
        self._words = tr(OPENING)
        self._most_px = most_px or 480
        if most_px is not None:
            self.setMaximumHeight(most_px)
        self._ratio = 4 / 3
        policy = QSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        policy.setHeightForWidth(True)
        self.setSizePolicy(policy)
        self.setMinimumSize(240, 180)
        self.setAccessibleName(tr("The picture of the camera, mirrored"))

    def sizeHint(self) -> QSize:  # noqa: N802 - Qt's name
        """The size of the pictures of most cameras."""
        return QSize(480, round(480 / self._ratio))

    def hasHeightForWidth(self) -> bool:  # noqa: N802 - Qt's name
        """Whether it keeps its shape."""
        return True

    def heightForWidth(self, width: int) -> int:  # noqa: N802 - Qt's name
        """As high as the picture is at this width, and no higher than fits a small screen."""
        return min(round(width / self._ratio), self._most_px)

    def show_view(self, view: View | None, words: str = "", *, well: bool | None = None) -> None:
        """Show a look.

        `words` stand where there is none, by default that it is being opened; `well` decides the colour in place of
        the framing.
        """
        self._view, self._words, self._well = view, words or tr(OPENING), well
        self.setAccessibleDescription(self._words if view is None or view.image is None else "")
        if view is not None and view.image is not None:
            ratio = view.image.shape[1] / view.image.shape[0]
            if abs(ratio - self._ratio) > 0.01:
                self._ratio = ratio
                self.updateGeometry()
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:  # noqa: N802 - Qt's name
        """Draw picture and points."""
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        view = self._view
        if view is None or view.image is None:
            painter.fillRect(self.rect(), QColor(colours().trough))
            painter.setPen(QColor(colours().ink))
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.drawText(self.rect().adjusted(12, 12, -12, -12), int(flags), self._words)
            painter.end()
            return
        height, width = view.image.shape[:2]
        data = view.image if view.image.flags.c_contiguous else view.image.copy()
        image = QImage(data.data, width, height, 3 * width, QImage.Format.Format_BGR888)
        scale = min(self.width() / width, self.height() / height)
        painter.translate(self.width() / 2.0, self.height() / 2.0)
        painter.scale(-scale, scale)
        painter.translate(-width / 2.0, -height / 2.0)
        clip = QPainterPath()
        clip.addRoundedRect(QRectF(0, 0, width, height), 10.0 / scale, 10.0 / scale)
        painter.setClipPath(clip)
        painter.drawImage(0, 0, image)
        self._points(painter, view, width, height)
        painter.end()

    def _points(self, painter: QPainter, view: View, width: int, height: int) -> None:
        if view.pose is None:
            return
        found = view.pose.landmarks
        across, down = width / view.pose.frame_w_px, height / view.pose.frame_h_px

        def place(point: Landmark) -> QPointF:
            return QPointF(float(found[point, 0]) * across, float(found[point, 1]) * down)

        well = self._well if self._well is not None else view.framing is None or view.framing.ready
        colour = QColor(WELL if well else WAIT)
        pen = QPen(colour, 4.0)
        pen.setCapStyle(Qt.PenCapStyle.RoundCap)
        painter.setPen(pen)
        for a, b in self._bones:
            if min(found[a, 3], found[b, 3]) >= VISIBLE:
                painter.drawLine(place(a), place(b))
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(colour)
        for point in POINTS:
            if found[point, 3] >= VISIBLE:
                painter.drawEllipse(place(point), 5.0, 5.0)
