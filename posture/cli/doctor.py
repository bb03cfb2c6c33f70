"""`posture doctor`: check that everything is there that watching needs."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Literal

from posture.errors import PostureError
from posture.plain_text import plain
from posture.settings import Settings

Status = Literal["pass", "warn", "fail"]
LITTLE_SPACE_BYTES = 50_000_000
NO_SPACE_BYTES = 1_000_000
NO_ANSWER = "The sensor process has not answered: run it again; if that does not help, install posture again."


@dataclass(frozen=True)
class Check:
    """What one check found."""

    name: str
    """What was checked."""
    status: Status
    """``warn``: posture works, but something is missing."""
    says: str
    """What was found, or what is wrong and what to do."""


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "doctor",
        help="check camera, model, notifications and data folder",
        description="Check all that watching needs, a line each: pass, or what to do. Opens the camera for a moment. "
        "With --privacy it does not, and proves what PRIVACY.md says. Ends with 1 if something needed is missing.",
    )
    parser.add_argument("--json", action="store_true", help="one JSON object, for other programs")
    parser.add_argument(
        "--privacy",
        action="store_true",
        help="instead: try what a process that sees pictures must not do, and list every file that is kept",
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run all checks, and print each result at once."""
    checks = []
    for check in _privacy() if args.privacy else _checks():
        checks.append(check)
        if not args.json:
            print(plain(f"{check.status:4}  {check.name:{21 if args.privacy else 13}}  {check.says}"), flush=True)
    ok = all(check.status != "fail" for check in checks)
    if args.json:
        print(json.dumps({"ok": ok, "checks": [asdict(check) for check in checks]}, indent=2))
    return 0 if ok else 1


def _checks() -> Iterator[Check]:
    from posture.settings_file import load_settings, settings_path

    try:
        settings = load_settings()
        path = settings_path()
        yield Check("settings", "pass", f"{path}" if path.exists() else f"defaults; {path} is made when you change one")
    except PostureError as error:
        yield Check("settings", "fail", str(error))
        settings = Settings()
    yield from _own_exercises()
    yield _tried("data folder", lambda: _data_folder(settings))
    yield _tried("notifications", lambda: _notifications(settings), worst="warn")
    yield _tried("opencv", _opencv)
    yield _tried("mediapipe", lambda: _mediapipe(settings))
    yield _tried("model", lambda: _model(settings))
    yield _tried("camera", lambda: _camera(settings))
    yield _tried("calibration", lambda: _calibration(settings), worst="warn")


def _own_exercises() -> Iterator[Check]:
    """The user's own exercises and texts, where there are any."""
    from posture.coach.own import own
    from posture.own_files import own_folder

    found = own()
    if found.faults:
        yield Check("own exercises", "warn", " ".join(found.faults))
    elif found.exercises or found.texts:
        says = f"{len(found.exercises)} exercises, {len(found.texts)} texts for reminders in {own_folder()}"
        yield Check("own exercises", "pass", says)


# -- privacy ----------------------------------------------------------------------------------------------------------


def _privacy() -> Iterator[Check]:
    from posture import sandbox
    from posture.settings_file import load_settings

    try:
        settings = load_settings()
    except PostureError as error:
        yield Check("settings", "fail", str(error))
        return
    yield Check("guarantee", "pass" if sandbox.held_by_kernel() else "warn", sandbox.guarantee())
    yield _tried("mediapipe", lambda: _telemetry(settings))
    yield from _sensor_attempts(settings)
    yield from _kept(settings)


def _telemetry(settings: Settings) -> tuple[Status, str]:
    from posture.pose.mediapipe_model import mediapipe_libraries, mediapipe_release, network_functions

    release = mediapipe_release(allow_telemetry=settings.privacy.allow_telemetry)
    if not mediapipe_libraries():
        return "warn", f"{release}; its library was not found, so it was not looked through"
    if found := network_functions():
        return "warn", f"{release}: its library has network code ({', '.join(found)}); privacy.allow_telemetry is true"
    return "pass", f"{release}; its library has no network code"


def _sensor_attempts(settings: Settings) -> Iterator[Check]:
    """Start a sensor as for a watch and have it try what it must not do; its camera is not opened."""
    import contextlib
    import os
    import tempfile
    from pathlib import Path

    from posture import sandbox
    from posture.sensor.client import START_TIMEOUT_S, SensorProcess
    from posture.sensor.wire import Failed, Probe, Probed, Ready, Start, WireError, settings_to_json

    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="posture-doctor-"))
        Path(folder, "there").touch()
        shared = stack.enter_context(tempfile.NamedTemporaryFile(prefix="posture-doctor-", dir=_shared_memory()))
        Path(folder, "shared").symlink_to(shared.name)
        sensor = SensorProcess(Start(settings_to_json(settings), settings.camera.source, None, 0.0))
        try:
            message = sensor.receive(START_TIMEOUT_S)
            if isinstance(message, Ready):
                sensor.send(Probe(folder))
                message = sensor.receive(START_TIMEOUT_S)
        except (EOFError, WireError):
            message = None
        finally:
            sensor.end()
        left = [name for name in os.listdir(folder) if name not in ("there", "shared")]  # noqa: PTH208
    if not isinstance(message, Probed):
        yield Check("sensor", "fail", message.sentence if isinstance(message, Failed) else NO_ANSWER)
        return
    rig = " (UMOCKDEV_DIR is set: a played camera is let in)" if "UMOCKDEV_DIR" in os.environ else ""
    worst: Status = "fail" if sandbox.held_by_kernel() else "warn"
    for name, outcome in message.attempts.items():
        held = sandbox.refused(outcome) and not (left and name == "a new file")
        status: Status = "pass" if held else worst if sandbox.promised(name) else "warn"
        unpromised = ", as the guarantee says" if status == "warn" and sandbox.held_by_kernel() else ""
        yield Check(f"sensor: {name}", status, outcome + unpromised + ("" if held else rig))


def _shared_memory() -> str | None:
    """Give the folder whose files are shared memory; None where there is none."""
    import os

    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def _kept(settings: Settings) -> Iterator[Check]:
    from posture.kept_files import kept_files
    from posture.paths import places

    found = kept_files(places(settings))
    for file in found:
        loose = f"; others may use it (mode {file.mode:o}): posture start tightens it" if file.loose else ""
        yield Check("kept", "warn" if loose else "pass", f"{file.path}: {file.size_bytes:,} bytes, {file.what}{loose}")
    total = sum(file.size_bytes for file in found)
    removes = "; posture forget removes what says something of you" if any(file.about_you for file in found) else ""
    yield Check("kept in all", "pass", f"{len(found)} files, {total:,} bytes, and no picture{removes}")


def _tried(name: str, check: Callable[[], tuple[Status, str]], worst: Status = "fail") -> Check:
    try:
        return Check(name, *check())
    except PostureError as error:
        return Check(name, worst, str(error))


def _data_folder(settings: Settings) -> tuple[Status, str]:
    import os
    import shutil
    import tempfile

    from posture.history.store import existing_store
    from posture.paths import history_path

    file = history_path(settings)
    store = existing_store(file)
    if store is not None:
        store.close()
        if not os.access(file, os.W_OK):
            raise PostureError(f"{file} cannot be written: make it writable, or set history.folder to another place.")
    # The folder is made on first use; until then the nearest one that exists counts.
    nearest = next(folder for folder in file.absolute().parents if folder.exists())
    try:
        with tempfile.TemporaryFile(dir=nearest):
            pass
        free_bytes = shutil.disk_usage(nearest).free
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise PostureError(
            f"{nearest} cannot be written ({reason}): make it writable, or set history.folder to another place."
        ) from error
    if free_bytes < NO_SPACE_BYTES:
        raise PostureError(f"The disk of {nearest} is full: free some space.")
    if free_bytes < LITTLE_SPACE_BYTES:
        return "warn", f"{file.parent}: only {free_bytes / 1e6:.0f} MB are free, free some space."
    return "pass", f"{file.parent}, {free_bytes / 1e9:.1f} GB free"


def _notifications(settings: Settings) -> tuple[Status, str]:
    from posture.desktop.notify import notification_service

    if not settings.desktop.notifications:
        return "pass", "switched off (desktop.notifications): messages go to the terminal"
    return "pass", notification_service().probe()


def _opencv() -> tuple[Status, str]:
    from importlib import metadata

    from posture.camera.opencv import opencv

    flavours = ("opencv-python", "opencv-contrib-python", "opencv-python-headless", "opencv-contrib-python-headless")
    installed = []
    for flavour in flavours:
        try:
            installed.append(f"{flavour} {metadata.version(flavour)}")
        except metadata.PackageNotFoundError:
            continue
    version = opencv().__version__
    if len(installed) > 1:
        return (
            "warn",
            f"{' and '.join(installed)} share one folder, and removing one breaks the other: uninstall all, then run "
            "pip install --force-reinstall opencv-contrib-python",
        )
    return "pass", version


def _mediapipe(settings: Settings) -> tuple[Status, str]:
    from posture.pose.mediapipe_model import mediapipe_release, network_functions

    release = mediapipe_release(allow_telemetry=settings.privacy.allow_telemetry)
    return "pass", f"{release}, {'with' if network_functions() else 'without'} network code"


def _model(settings: Settings) -> tuple[Status, str]:
    import numpy as np

    from posture.camera.frame import Frame
    from posture.pose.model_file import model_file
    from posture.pose.open_model import open_pose_model

    file = model_file(settings.pose.judge)
    with open_pose_model(settings, "video") as model:
        blank = np.zeros((settings.camera.height_px, settings.camera.width_px, 3), np.uint8)
        if model.find(Frame(blank, 0.0)) is not None:
            raise PostureError(f"The pose model {file.path} finds a person in a blank picture: reinstall posture.")
    return "pass", f"{file.title}, checksum right, one look taken"


def _camera(settings: Settings) -> tuple[Status, str]:
    from posture.camera.devices import list_cameras
    from posture.camera.light import blindness, small_luma
    from posture.camera.source import open_source
    from posture.camera.source_kind import NO_STREAM, kind_of_source
    from posture.camera.webcam import Webcam

    if kind_of_source(settings.camera.source) != "camera":
        with open_source(settings.camera.source, settings.camera) as video:
            video.grab()
            if kind_of_source(settings.camera.source) == "stream":
                return "warn", f"{video.name} gives pictures. {NO_STREAM}"
            return "pass", f"{video.name}, a video of {video.retrieve().image.shape[1]} px width in place of a camera"
    with Webcam(settings.camera.source, settings.camera) as webcam:
        image = webcam.look().image
        granted, name = webcam.granted, webcam.name
    if blind := blindness(small_luma(image), nobody=False):
        kind = "black pictures" if blind == "too dark" else "pictures of one colour"
        return "warn", f"{name} gives {kind}: open its lens cover, or switch it on."
    others = [str(camera) for camera in list_cameras() if str(camera) != name]
    also = f"; there is also {', '.join(others)}" if others else ""
    size = f"{granted.width_px}x{granted.height_px}"
    kind = f"{granted.pixel_format} {size}".strip()
    return "pass", f"{name}, {kind}" + (f" at {granted.rate_fps:g} a second" if granted.rate_fps else "") + also


def _calibration(settings: Settings) -> tuple[Status, str]:
    from posture.daemon.status_text import MISFIT_HELP
    from posture.guided.stored import stored_misfit
    from posture.history.calibrations import profiles

    found = stored_misfit(settings)
    if found is not None:
        return "warn", f"{found.sentence} {MISFIT_HELP}"
    cameras = {camera for profile in profiles(settings) for camera in profile.calibrated}
    return "pass", f"stored for {', '.join(sorted(cameras))}" if cameras else "none is stored yet"
