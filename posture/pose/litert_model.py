"""The pose model on LiteRT: the same networks as `mediapipe_model`, with what MediaPipe does around them in numpy.

A look has two steps. A detector looks at the whole picture, made square, and gives where a person's hips are and how
large and how far turned the person is. The landmark model looks at a square cut out there, turned upright, and gives 33
points, which are projected back. This is MediaPipe's pose landmarker in its mode for single pictures; the constants are
those of its graphs, named with each. `tests/pose/test_litert_model.py` holds it to mediapipe's own answers.

There is no mode that follows a person from picture to picture: looks are seconds apart, and everything that judges
(`posture.perception`) takes each picture by itself.
"""

from __future__ import annotations

import math
from importlib import metadata
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from posture.camera.frame import Closing, Frame
from posture.camera.opencv import opencv
from posture.errors import PostureError
from posture.language import tr
from posture.own_package import install, reinstall
from posture.pose.landmarks import Pose
from posture.pose.model_file import model_file, opens_by_name
from posture.pose.native_log import native_log_hidden
from posture.pose.network_code import network_code
from posture.pose.second_look import look_twice
from posture.process_memory import give_back_file

Floats = NDArray[np.float32]
WANTED = "ai-edge-litert>=2.1.5"
LIBRARIES = ("_pywrap_litert_interpreter_wrapper.*", "*pywrap_litert_common.*", "*LiteRt.*")

# mediapipe/tasks/cc/vision/pose_detector/pose_detector_graph.cc
DETECTOR_PX, STRIDES_PX = 224, (8, 16, 32, 32, 32)
"""Side of the detector's picture, and of the cells of each of its layers; each layer has two anchors a cell."""
LEAST_SCORE, SAME_PERSON_IOU = 0.5, 0.3
"""Boxes that overlap more are one person, whose points are the mean weighted by their scores."""
BOX = 4
"""Numbers of a box before its key points."""
HIPS, RIM = 0, 1
"""Key points: the middle of the hips, and a point on the circle around the whole person, above the head."""
ENLARGED = 1.25
# mediapipe/tasks/cc/vision/pose_landmarker/pose_landmarks_detector_graph.cc, tensors_to_pose_landmarks_and_segmentation
LANDMARK_PX, LEAST_PRESENCE = 256, 0.5
POINTS = 33
"""Of the 39 points of the model; the others are for following a person."""
KERNEL, LEAST_HEAT = 7, 0.5
"""A point is moved to the middle of the warm cells of its heat map around it, of KERNEL cells a side."""


def anchors() -> Floats:
    """Give the middles of the detector's anchors, (2254, 2), in parts of its picture.

    SsdAnchorsCalculator with `fixed_anchor_size`: layers with cells of one size lie together, cell by cell.
    """
    found = []
    for stride_px in sorted(set(STRIDES_PX)):
        cells = DETECTOR_PX // stride_px
        y, x = np.mgrid[0:cells, 0:cells]
        middles = np.stack([x.ravel() + 0.5, y.ravel() + 0.5], axis=1) / cells
        found.append(np.repeat(middles, 2 * STRIDES_PX.count(stride_px), axis=0))
    return np.concatenate(found).astype(np.float32)


def sigmoid(x: NDArray[Any]) -> NDArray[Any]:
    """Logistic function; scores beyond 80 are 0 or 1 in single precision anyway."""
    result: NDArray[Any] = 1.0 / (1.0 + np.exp(-np.clip(x, -80.0, 80.0)))
    return result


def person_in(scores: Floats, raw: Floats, anchor: Floats) -> Floats | None:
    """Give the key points of the surest person, (4, 2), in parts of the detector's picture; None if there is nobody.

    Parameters
    ----------
    scores : array, shape (2254,)
        Before the logistic function.
    raw : array, shape (2254, 12)
        Box (middle x, y, width, height) and four key points, in px from their anchors.
    anchor : array, shape (2254, 2)
        See `anchors`.
    """
    likely = np.flatnonzero(scores >= math.log(LEAST_SCORE / (1.0 - LEAST_SCORE)))
    if likely.size == 0:
        return None
    score, parts, middle = sigmoid(scores[likely]), raw[likely] / DETECTOR_PX, anchor[likely]
    centre, size = parts[:, 0:2] + middle, parts[:, 2:BOX]
    low, high = centre - size / 2.0, centre + size / 2.0
    best = int(np.argmax(score))
    shared = np.maximum(0.0, np.minimum(high, high[best]) - np.maximum(low, low[best])).prod(axis=1)
    area = size.prod(axis=1)
    same = shared / (area + area[best] - shared) > SAME_PERSON_IOU
    points = parts[same, BOX:].reshape(-1, 4, 2) + middle[same, None]
    weighted: Floats = (points * (score[same] / score[same].sum())[:, None, None]).sum(axis=0)
    return weighted


def upright_square(hips_px: NDArray[Any], rim_px: NDArray[Any]) -> tuple[float, float]:
    """Give the side in px of the square around a person, and by how much it is turned, in radians, -pi to pi."""
    x, y = (rim_px - hips_px).tolist()
    turned_rad = math.pi / 2.0 - math.atan2(-y, x)
    return 2.0 * math.hypot(x, y) * ENLARGED, (turned_rad + math.pi) % (2.0 * math.pi) - math.pi


def refined(points: NDArray[np.float64], heat: Floats) -> NDArray[np.float64]:
    """Move points to the middle of the heat around them (RefineLandmarksFromHeatmapCalculator).

    Parameters
    ----------
    points : array, shape (33, 2)
        In parts of the picture.
    heat : array, shape (64, 64, 39)
        One map a point, before the logistic function.
    """
    cells, reach, moved = heat.shape[0], KERNEL // 2, points.copy()
    for number, (x, y) in enumerate((points * cells).astype(int)):
        if not (0 <= x < cells and 0 <= y < cells):
            continue
        columns = np.arange(max(0, x - reach), min(cells, x + reach + 1))
        rows = np.arange(max(0, y - reach), min(cells, y + reach + 1))
        warm = sigmoid(heat[rows[0] : rows[-1] + 1, columns[0] : columns[-1] + 1, number].astype(np.float64))
        if warm.max() >= LEAST_HEAT:
            middle = np.array([warm.sum(axis=0) @ columns, warm.sum(axis=1) @ rows]) / warm.sum()
            moved[number] = middle / cells
    return moved


class LiteRTPose(Closing):
    """The pose model on LiteRT: one person, each picture by itself.

    Parameters
    ----------
    model : str
        A model of models/manifest.toml: lite, full or heavy.
    folder : Path, optional
        The folder of the models, if not the usual one.

    Raises
    ------
    posture.errors.PostureError
        A model is missing or damaged, or LiteRT cannot be used.
    """

    def __init__(self, model: str = "heavy", folder: Path | None = None) -> None:
        detector, landmarks = model_file("litert-detector", folder), model_file(f"litert-{model}", folder)
        self._cv2, self._anchors = opencv(), anchors()
        interpreter = _interpreter()
        with native_log_hidden():  # the larger one first: memory is fullest while that is packed
            self._landmarks = _Network(interpreter, landmarks.path)
            self._detector = _Network(interpreter, detector.path)

    def find(self, frame: Frame) -> Pose | None:
        """Find the landmarks of the person in a frame of any size, see `look_twice`; None if nobody is found."""
        return look_twice(self._find, frame)

    def _find(self, frame: Frame) -> Pose | None:
        image = frame.image
        height_px, width_px = image.shape[:2]
        points_px = self._detect(image)
        if points_px is None:
            return None
        hips_px = points_px[HIPS]
        side_px, turned_rad = upright_square(hips_px, points_px[RIM])
        if not (math.isfinite(side_px) and side_px > 0.0):
            return None
        cut = self._square(image, hips_px, side_px, turned_rad, LANDMARK_PX, self._cv2.BORDER_REPLICATE)
        found = self._landmarks.run(cut, 255.0)
        if found[1, 1].item() < LEAST_PRESENCE:  # the model gives a probability here
            return None
        numbers = found[1, 195].reshape(-1, 5)[:POINTS].astype(np.float64)  # x, y, z px; visibility, presence
        turn = np.array([[math.cos(turned_rad), -math.sin(turned_rad)], [math.sin(turned_rad), math.cos(turned_rad)]])
        points = refined(numbers[:, :2] / LANDMARK_PX, found[1, 64, 64, 39][0])
        landmarks = np.empty((POINTS, 4))
        landmarks[:, :2] = (points - 0.5) @ turn.T * side_px + hips_px
        landmarks[:, 2] = numbers[:, 2] / LANDMARK_PX * side_px
        landmarks[:, 3] = sigmoid(numbers[:, 3])
        world = found[1, 117].reshape(-1, 3)[:POINTS].astype(np.float64)
        world[:, :2] = world[:, :2] @ turn.T
        return Pose(landmarks, world, frame_w_px=width_px, frame_h_px=height_px)

    def _detect(self, image: NDArray[np.uint8]) -> NDArray[np.float64] | None:
        """Give the key points of a person in px, (4, 2)."""
        middle_px = np.array(image.shape[1::-1]) / 2.0
        side_px = float(max(image.shape[:2]))
        whole = self._square(image, middle_px, side_px, 0.0, DETECTOR_PX, self._cv2.BORDER_CONSTANT)
        found = self._detector.run(whole, 127.5, 1.0)
        points = person_in(found[1, 2254, 1][0, :, 0], found[1, 2254, 12][0], self._anchors)
        return None if points is None else (points.astype(np.float64) - 0.5) * side_px + middle_px

    def _square(
        self,
        image: NDArray[np.uint8],
        middle_px: NDArray[Any],
        side_px: float,
        turned_rad: float,
        size_px: int,
        border: int,
    ) -> NDArray[np.uint8]:
        """Cut a turned square out of a picture and scale it; red first, as the networks want it."""
        corners = self._cv2.boxPoints((tuple(middle_px.tolist()), (side_px, side_px), math.degrees(turned_rad)))
        target = np.array([[0, size_px], [0, 0], [size_px, 0], [size_px, size_px]], np.float32)
        how = self._cv2.getPerspectiveTransform(corners.astype(np.float32), target)
        flags = self._cv2.INTER_LINEAR
        cut = self._cv2.warpPerspective(image, how, (size_px, size_px), flags=flags, borderMode=border)
        red_first: NDArray[np.uint8] = self._cv2.cvtColor(cut, self._cv2.COLOR_BGR2RGB)
        return red_first

    def close(self) -> None:
        """Free the model; safe to call twice."""
        self._detector = self._landmarks = None  # type: ignore[assignment]


class _Network:
    """A network of a file; its outputs are told apart by their shapes, since their order is the converter's.

    LiteRT maps the file and packs its weights anew, so the pages of the file are given back.
    """

    def __init__(self, interpreter: Any, path: Path) -> None:
        try:
            asset = {"model_path": str(path)} if opens_by_name(path) else {"model_content": path.read_bytes()}
            self._interpreter = interpreter(**asset, num_threads=1)
            self._interpreter.allocate_tensors()
        except (RuntimeError, ValueError, OSError) as error:
            raise PostureError(
                tr("The pose model {path} could not be started by LiteRT: {error}", path=path, error=error)
            ) from error
        give_back_file(path)
        (tensor,) = self._interpreter.get_input_details()
        self._input = self._interpreter.tensor(tensor["index"])
        outputs = self._interpreter.get_output_details()
        self._outputs = {tuple(map(int, tensor["shape"])): tensor["index"] for tensor in outputs}

    def run(self, picture: NDArray[np.uint8], unit: float, zero: float = 0.0) -> dict[tuple[int, ...], Floats]:
        """Give the outputs by their shapes; the network sees `picture / unit - zero`."""
        pixels = self._input()[0]
        np.divide(picture, unit, out=pixels, dtype=np.float32)
        if zero:
            pixels -= zero
        del pixels  # LiteRT wants its memory for itself when it runs
        self._interpreter.invoke()
        return {shape: self._interpreter.get_tensor(index) for shape, index in self._outputs.items()}


def litert_release() -> str:
    """Give the release of the installed LiteRT, without importing it.

    Raises
    ------
    posture.errors.PostureError
        It is not installed, or its library has network code, which no release on PyPI has.
    """
    try:
        release = metadata.version("ai-edge-litert")
    except metadata.PackageNotFoundError as error:
        if not install(WANTED):
            raise PostureError(
                tr("This posture came without LiteRT: set pose.engine to auto, which takes what it came with.")
            ) from error
        raise PostureError(tr("LiteRT is not installed: run {command}.", command=install(WANTED))) from error
    if found := network_code(litert_libraries()).names:
        functions = ", ".join(found)
        if not install(WANTED):
            raise PostureError(
                tr(
                    "The library of LiteRT {release} has network code ({functions}), which the release on PyPI has "
                    "not: reinstall posture ({command}).",
                    release=release,
                    functions=functions,
                    command=reinstall(),
                )
            )
        raise PostureError(
            tr(
                "The library of LiteRT {release} has network code ({functions}), which the release on PyPI has not: "
                "uninstall it, then run {command}.",
                release=release,
                functions=functions,
                command=install(WANTED),
            )
        )
    return release


def litert_libraries() -> list[Path]:
    """Find the native libraries that running a model loads, wherever LiteRT is installed."""
    folder = Path(str(metadata.distribution("ai-edge-litert").locate_file("ai_edge_litert")))
    return sorted(
        file for name in LIBRARIES for file in folder.glob(name) if file.suffix in (".so", ".dylib", ".dll", ".pyd")
    )


def _interpreter() -> Any:
    litert_release()
    try:
        from ai_edge_litert.interpreter import Interpreter
    except (ImportError, OSError) as error:
        raise PostureError(
            tr("LiteRT cannot be loaded ({error}): install the system libraries that the README names.", error=error)
        ) from error
    return Interpreter
