"""The pose model: MediaPipe Tasks' PoseLandmarker, on the CPU. No mediapipe type leaves this file."""

from __future__ import annotations

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from importlib import metadata
from pathlib import Path
from types import ModuleType
from typing import Any, Literal

import numpy as np

from posture.camera.frame import Closing, Frame
from posture.camera.opencv import opencv
from posture.errors import PostureError
from posture.language import tr
from posture.own_package import reinstall
from posture.pose.landmarks import Pose
from posture.pose.model_file import model_file, opens_by_name
from posture.pose.native_log import native_log_hidden
from posture.pose.network_code import NetworkCode, network_code
from posture.pose.second_look import look_twice
from posture.process_memory import give_back_file

# 0.10.31 brought the C library this is written for; 0.10.35 and later send usage metrics over the network.
FIRST_RELEASE, FIRST_REFUSED = (0, 10, 31), (0, 10, 35)
# On macOS the releases in the range ask the system for sockets, too, without anything to report by; on Linux and
# Windows they do not. 0.10.35 has means to report on every system (tests/pose/test_network_code.py).
SOCKETS_EXPECTED = sys.platform == "darwin"


def mediapipe_release(*, allow_telemetry: bool = False) -> str:
    """Give the release of the installed mediapipe, without importing it.

    With `allow_telemetry` (the setting privacy.allow_telemetry) one that sends usage metrics is accepted, too.

    Raises
    ------
    posture.errors.PostureError
        It is not installed, it is a release that posture does not use, or its library has network code.
    """
    try:
        release = metadata.version("mediapipe")
    except metadata.PackageNotFoundError as error:
        if not _exists_here():
            raise PostureError(
                tr("There is no mediapipe for this kind of processor: set pose.engine to auto, which takes LiteRT.")
            ) from error
        raise PostureError(
            tr("mediapipe is not installed: reinstall posture ({command}).", command=reinstall())
        ) from error
    try:
        number = tuple(int(part) for part in release.split(".")[:3])
    except ValueError:
        number = ()
    if allow_telemetry and number >= FIRST_RELEASE:
        return release
    if not FIRST_RELEASE <= number < FIRST_REFUSED:
        raise PostureError(
            tr(
                "mediapipe {release} is not used, because later releases than 0.10.34 send usage metrics and earlier "
                "ones than 0.10.31 lack what is needed: reinstall posture ({command}). Newer ones are taken with "
                "privacy.allow_telemetry = true.",
                release=release,
                command=reinstall(),
            )
        )
    if found := mediapipe_network_code().refused(sockets_expected=SOCKETS_EXPECTED):
        raise PostureError(
            tr(
                "The library of mediapipe {release} has network code ({functions}), which the release on PyPI has not: "
                "reinstall posture ({command}), or set privacy.allow_telemetry to true.",
                release=release,
                functions=", ".join(found),
                command=reinstall(),
            )
        )
    return release


def _exists_here() -> bool:
    """Say whether there is a mediapipe for this processor, as pyproject.toml knows it."""
    if sys.platform == "win32":
        return True
    else:
        return os.uname().machine == ("arm64" if sys.platform == "darwin" else "x86_64")


def mediapipe_network_code() -> NetworkCode:
    """Look at what mediapipe's own library could reach a network with."""
    return network_code(mediapipe_libraries())


def mediapipe_libraries() -> list[Path]:
    """Find mediapipe's native libraries, wherever it is installed."""
    folder = Path(str(metadata.distribution("mediapipe").locate_file("mediapipe/tasks/c")))
    return sorted(file for file in folder.glob("libmediapipe.*") if file.suffix in (".so", ".dylib", ".dll"))


class MediaPipePose(Closing):
    """MediaPipe's PoseLandmarker: one person, each picture by itself, no segmentation mask.

    Parameters
    ----------
    model : str
        A model of models/manifest.toml.
    running : {"image"}
        The mode of PoseLandmarker, of which no other is used: looks are seconds apart, so there is nobody to follow.
    folder : Path, optional
        The folder of the models, if not the usual one.
    allow_telemetry : bool
        See `mediapipe_release`.

    Raises
    ------
    posture.errors.PostureError
        The model is missing or damaged, or mediapipe cannot be used.
    """

    def __init__(
        self,
        model: str = "lite",
        running: Literal["image"] = "image",
        folder: Path | None = None,
        *,
        allow_telemetry: bool = False,
    ) -> None:
        file = model_file(model, folder)
        self._cv2 = opencv()  # before mediapipe, which imports it too
        vision, options_of, image_type, srgb = _import_mediapipe(allow_telemetry)
        self._image_type, self._srgb = image_type, srgb
        by_name = opens_by_name(file.path)
        asset = {"model_asset_path": str(file.path)} if by_name else {"model_asset_buffer": file.path.read_bytes()}
        options = vision.PoseLandmarkerOptions(
            base_options=options_of(**asset, delegate=options_of.Delegate.CPU),
            running_mode=vision.RunningMode[running.upper()],
            num_poses=1,
            output_segmentation_masks=False,
        )
        self._log_settled = False
        self._landmarker: Any = None
        try:
            with native_log_hidden():
                self._landmarker = vision.PoseLandmarker.create_from_options(options)
        except (RuntimeError, ValueError, OSError) as error:
            raise PostureError(
                tr("The pose model {path} could not be started by mediapipe: {error}", path=file.path, error=error)
            ) from error
        give_back_file(file.path)

    def find(self, frame: Frame) -> Pose | None:
        """Find the landmarks of the person in a frame of any size, see `look_twice`; None if nobody is found."""
        return look_twice(self._detect, frame)

    def _detect(self, frame: Frame) -> Pose | None:
        picture = self._image_type(self._srgb, self._cv2.cvtColor(frame.image, self._cv2.COLOR_BGR2RGB))
        # mediapipe writes a last warning when it finds the first person.
        with nullcontext() if self._log_settled else native_log_hidden():
            result = self._run(picture)
        if not result.pose_landmarks:
            return None
        self._log_settled = True
        height_px, width_px = frame.image.shape[:2]
        landmarks = np.array([(p.x, p.y, p.z, p.visibility) for p in result.pose_landmarks[0]], dtype=np.float64)
        # z has about the scale of x (MediaPipe), so it is in parts of the width as well.
        landmarks[:, :3] *= (width_px, height_px, width_px)
        world = np.array([(p.x, p.y, p.z) for p in result.pose_world_landmarks[0]], dtype=np.float64)
        return Pose(landmarks, world, frame_w_px=width_px, frame_h_px=height_px)

    def _run(self, picture: Any) -> Any:
        return self._landmarker.detect(picture)

    def close(self) -> None:
        """Free the model; safe to call twice."""
        if self._landmarker is not None:
            self._landmarker.close()
            self._landmarker = None


def _import_mediapipe(allow_telemetry: bool) -> tuple[Any, Any, Any, Any]:
    mediapipe_release(allow_telemetry=allow_telemetry)
    try:
        with _without_the_unneeded():
            from mediapipe.tasks.python import vision
            from mediapipe.tasks.python.core.base_options import BaseOptions
            from mediapipe.tasks.python.vision.core.image import Image, ImageFormat
    except (ImportError, OSError) as error:
        raise PostureError(
            tr("mediapipe cannot be loaded ({error}): install the system libraries that the README names.", error=error)
        ) from error
    return vision, BaseOptions, Image, ImageFormat.SRGB


@contextmanager
def _without_the_unneeded() -> Iterator[None]:
    """Import mediapipe without the libraries of its plots and its recorder, which saves 33 MB and 0.4 s of CPU.

    mediapipe imports matplotlib and sounddevice although finding a pose needs neither. Unless they are imported
    already, empty modules stand in for them during the import; afterwards they can be imported as usual.
    """
    names = [name for name in ("matplotlib", "matplotlib.pyplot", "sounddevice") if name not in sys.modules]
    empty = {name: ModuleType(name) for name in names}
    sys.modules.update(empty)
    if "matplotlib" in empty and "matplotlib.pyplot" in empty:
        vars(empty["matplotlib"])["pyplot"] = empty["matplotlib.pyplot"]
    try:
        yield
    finally:
        for name, module in empty.items():
            if sys.modules.get(name) is module:
                del sys.modules[name]
