"""`posture doctor`: check that everything is there that watching needs."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Literal

from posture.errors import PostureError
from posture.language import language, listed, mark, mark_of, number, tr, trc, trn
from posture.own_package import reinstall
from posture.plain_text import padded, plain, width
from posture.settings import Settings

Status = Literal["pass", "warn", "fail"]
LITTLE_SPACE_BYTES = 50_000_000
NO_SPACE_BYTES = 1_000_000
NO_ANSWER = mark("The sensor process has not answered: run it again; if that does not help, install posture again.")

STATUSES: dict[Status, str] = {
    # Translators: what came of a check; four letters fit best.
    "pass": mark_of("check", "pass"),
    "warn": mark_of("check", "warn"),
    "fail": mark_of("check", "fail"),
}
_NAMES = (
    # Translators: what posture doctor checks, a line each.
    mark("settings"),
    mark("own exercises"),
    mark("data folder"),
    mark("notifications"),
    mark("desktop"),
    "opencv",
    "mediapipe",
    "litert",
    mark("model"),
    mark("camera"),
    mark("calibration"),
)
_NAMES_OF_PRIVACY = (
    # Translators: what posture doctor --privacy checks, a line each.
    mark("guarantee"),
    mark("sensor"),
    mark("kept"),
    mark("kept in all"),
)
"""Names of checks; those of attempts are made of `_TRIED`."""
_SENSOR = "sensor: "
_TRIED = (
    # Translators: what the sensor process tries and must not be let do: to make a new file, to change an old one, ...
    mark("a new file"),
    mark("an old file"),
    mark("shared memory"),
    mark("a program"),
    mark("reading"),
    mark("a mapped file"),
    mark("permissions"),
    mark("an attribute"),
    mark("a signal"),
    mark("a priority"),
    mark("processors"),
    mark("a limit"),
)
"""Attempts of `posture.sandbox`, as they are translated here."""


@dataclass(frozen=True)
class Check:
    """What one check found."""

    name: str
    """What was checked."""
    status: Status
    """``warn``: posture works, but something is missing."""
    says: str
    """What was found, or what is wrong and what to do."""


_Checked = Callable[[Settings], tuple[Status, str]]


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add the command."""
    parser = commands.add_parser(
        "doctor",
        description=tr(
            "Check all that watching needs, a line each: pass, or what to do. Opens the camera for a moment. "
            "With --privacy it does not, and proves what PRIVACY.md says. Ends with 1 if something needed is "
            "missing."
        ),
    )
    parser.add_argument("--json", action="store_true", help=tr("one JSON object, for other programs"))
    parser.add_argument(
        "--privacy",
        action="store_true",
        help=tr("instead: try what a process that sees pictures must not do, and list every file that is kept"),
    )
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Run all checks, and print each result at once."""
    checks, columns = [], _columns(privacy=args.privacy)
    for check in _privacy() if args.privacy else _checks():
        checks.append(check)
        if not args.json:
            status = padded(trc("check", STATUSES[check.status]), 4)
            print(plain(f"{status}  {padded(_title(check.name), columns)}  {check.says}"), flush=True)
    ok = all(check.status != "fail" for check in checks)
    if args.json:
        print(json.dumps({"ok": ok, "checks": [asdict(check) for check in checks]}, indent=2))
    return 0 if ok else 1


def _title(name: str) -> str:
    """The name of a check as people read it; JSON has it in English."""
    if name.startswith(_SENSOR):
        return tr("sensor: {attempt}", attempt=tr(name.removeprefix(_SENSOR)))
    return tr(name)


def _columns(*, privacy: bool) -> int:
    names = (*_NAMES_OF_PRIVACY, *(f"{_SENSOR}{name}" for name in _TRIED)) if privacy else _NAMES
    return max(width(_title(name)) for name in names)


def _checks() -> Iterator[Check]:
    from posture.settings_file import load_settings
    from posture.settings_text import settings_path

    try:
        settings = load_settings()
        path = settings_path()
        made = str(path) if path.exists() else tr("defaults; {path} is made when you change one", path=path)
        yield Check("settings", "pass", made)
    except PostureError as error:
        yield Check("settings", "fail", str(error))
        settings = Settings()
    yield from _own_exercises()
    yield _tried("data folder", lambda: _data_folder(settings))
    yield _tried("notifications", lambda: _notifications(settings), worst="warn")
    yield from _desktop()
    yield _tried("opencv", _opencv)
    yield from _engines(_mediapipe, _litert, settings)
    yield _tried("model", lambda: _model(settings))
    yield _tried("camera", lambda: _camera(settings))
    yield _tried("calibration", lambda: _calibration(settings), worst="warn")


def _desktop() -> Iterator[Check]:
    """What this session lacks; on Linux, where that differs from desktop to desktop."""
    import sys

    from posture.desktop.autostart import Autostart
    from posture.desktop.session_notes import session_notes

    if sys.platform == "linux":
        notes = [*session_notes(), *filter(None, (Autostart().note(),))]
        says = " ".join(notes) or tr("it has a bus, and a panel that shows the icon")
        yield Check("desktop", "warn" if notes else "pass", says)
    else:
        yield from ()


def _own_exercises() -> Iterator[Check]:
    """The user's own exercises and texts, where there are any."""
    from posture.coach.own import own
    from posture.own_files import own_folder

    found = own()
    if found.faults:
        yield Check("own exercises", "warn", " ".join(found.faults))
    elif found.exercises or found.texts:
        says = tr(
            "{exercises}, {texts} for reminders in {folder}",
            exercises=trn("{n} exercise", "{n} exercises", len(found.exercises)),
            texts=trn("{n} text", "{n} texts", len(found.texts)),
            folder=own_folder(),
        )
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
    yield from _engines(_telemetry, _litert, settings)
    yield from _sensor_attempts(settings)
    yield from _kept(settings)


def _engines(mediapipe: _Checked, litert: _Checked, settings: Settings) -> Iterator[Check]:
    """Check what can run the pose model: what is installed, and mediapipe where nothing is."""
    from posture.pose.open_model import installed

    there = installed()
    if "mediapipe" in there or not there:
        yield _tried("mediapipe", lambda: mediapipe(settings))
    if "litert" in there:
        yield _tried("litert", lambda: litert(settings))


def _litert(settings: Settings) -> tuple[Status, str]:
    from posture.pose.litert_model import litert_libraries, litert_release

    release = litert_release()
    if not litert_libraries():
        return "warn", tr("{release}; its library was not found, so it was not looked through", release=release)
    return "pass", tr("{release}; its library has no network code", release=release)


def _telemetry(settings: Settings) -> tuple[Status, str]:
    from posture.pose.mediapipe_model import mediapipe_libraries, mediapipe_network_code, mediapipe_release

    release = mediapipe_release(allow_telemetry=settings.privacy.allow_telemetry)
    if not mediapipe_libraries():
        return "warn", tr("{release}; its library was not found, so it was not looked through", release=release)
    found = mediapipe_network_code()
    if not found.names:
        return "pass", tr("{release}; its library has no network code", release=release)
    names = ", ".join(found.names)
    if settings.privacy.allow_telemetry:
        return "warn", tr(
            "{release}: its library has network code ({names}); privacy.allow_telemetry is true",
            release=release,
            names=names,
        )
    return "pass", tr(
        "{release}; its library could open sockets ({names}), as every release for macOS, but has nothing that speaks "
        "HTTP and names no server that metrics go to",
        release=release,
        names=names,
    )


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
        yield Check("sensor", "fail", tr(message.sentence if isinstance(message, Failed) else NO_ANSWER))
        return
    for name, outcome in message.attempts.items():
        held = sandbox.refused(outcome) and not (left and name == "a new file")
        status: Status = "pass" if held else "fail" if sandbox.promised(name) else "warn"
        says = _outcome(outcome)
        if status == "warn" and sandbox.held_by_kernel():
            says = tr("{outcome}, as the guarantee says", outcome=says)
        if not held and "UMOCKDEV_DIR" in os.environ:
            says = tr("{outcome} (UMOCKDEV_DIR is set: a played camera is let in)", outcome=says)
        yield Check(f"{_SENSOR}{name}", status, says)


def _outcome(outcome: str) -> str:
    """Say what came of an attempt, see `posture.sandbox.attempts`."""
    from posture import sandbox

    if not sandbox.refused(outcome):
        return tr("allowed")
    return tr("refused: {reason}", reason=outcome.partition(": ")[2])


def _shared_memory() -> str | None:
    """Give the folder whose files are shared memory; None where there is none."""
    import os

    return "/dev/shm" if os.access("/dev/shm", os.W_OK) else None


def _kept(settings: Settings) -> Iterator[Check]:
    from posture.kept_files import kept_files
    from posture.paths import places

    found = kept_files(places(settings))
    for file in found:
        says = tr("{path}: {size} bytes, {what}", path=file.path, size=_whole(file.size_bytes), what=tr(file.what))
        if file.loose:
            says = tr("{file}; others may use it (mode {mode}): posture start tightens it", file=says, mode=file.rights)
        yield Check("kept", "warn" if file.loose else "pass", says)
    total = sum(file.size_bytes for file in found)
    about_you = any(file.about_you for file in found)
    kept = trn(
        "{n} file, {size} bytes, and no picture",
        "{n} files, {size} bytes, and no picture",
        len(found),
        size=_whole(total),
    )
    yield Check(
        "kept in all",
        "pass",
        tr("{kept}; posture forget removes what says something of you", kept=kept) if about_you else kept,
    )


def _whole(count: int) -> str:
    return f"{count:,}" if language() == "en" else number(count)


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
            raise PostureError(
                tr("{file} cannot be written: make it writable, or set history.folder to another place.", file=file)
            )
    # The folder is made on first use; until then the nearest one that exists counts.
    nearest = next(folder for folder in file.absolute().parents if folder.exists())
    try:
        with tempfile.TemporaryFile(dir=nearest):
            pass
        free_bytes = shutil.disk_usage(nearest).free
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise PostureError(
            tr(
                "{nearest} cannot be written ({reason}): make it writable, or set history.folder to another place.",
                nearest=nearest,
                reason=reason,
            )
        ) from error
    if free_bytes < NO_SPACE_BYTES:
        raise PostureError(tr("The disk of {nearest} is full: free some space.", nearest=nearest))
    if free_bytes < LITTLE_SPACE_BYTES:
        return "warn", tr(
            "{folder}: only {megabytes} MB are free, free some space.",
            folder=file.parent,
            megabytes=number(free_bytes / 1e6),
        )
    return "pass", tr("{folder}, {gigabytes} GB free", folder=file.parent, gigabytes=number(free_bytes / 1e9, 1))


def _notifications(settings: Settings) -> tuple[Status, str]:
    from posture.desktop.notify import notification_service

    if not settings.desktop.notifications:
        return "pass", tr("switched off (desktop.notifications): messages go to the terminal")
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
        joined = " and ".join(installed) if language() == "en" else listed(installed)
        return (
            "warn",
            tr(
                "{packages} share one folder, and removing one breaks the other: uninstall all of them, then reinstall "
                "posture ({command})",
                packages=joined,
                command=reinstall(),
            ),
        )
    return "pass", version


def _mediapipe(settings: Settings) -> tuple[Status, str]:
    from posture.pose.mediapipe_model import mediapipe_network_code, mediapipe_release

    release = mediapipe_release(allow_telemetry=settings.privacy.allow_telemetry)
    found = mediapipe_network_code()
    if found.web or (found.sockets and settings.privacy.allow_telemetry):
        return "pass", tr("{release}, with network code", release=release)
    if found.sockets:
        return "pass", tr("{release}, with sockets, but nothing to report by", release=release)
    return "pass", tr("{release}, without network code", release=release)


def _model(settings: Settings) -> tuple[Status, str]:
    import numpy as np

    from posture.camera.frame import Frame
    from posture.pose.model_file import model_file
    from posture.pose.open_model import engine_of, open_pose_model

    engine = engine_of(settings)
    file = model_file(settings.pose.judge if engine == "mediapipe" else f"litert-{settings.pose.judge}")
    with open_pose_model(settings) as model:
        blank = np.zeros((settings.camera.height_px, settings.camera.width_px, 3), np.uint8)
        if model.find(Frame(blank, 0.0)) is not None:
            raise PostureError(
                tr(
                    "The pose model {path} finds a person in a blank picture: reinstall posture ({command}).",
                    path=file.path,
                    command=reinstall(),
                )
            )
    return "pass", tr("{title}, checksum right, one look taken by {engine}", title=file.title, engine=engine)


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
                return "warn", f"{tr('{name} gives pictures.', name=video.name)} {tr(NO_STREAM)}"
            return "pass", tr(
                "{name}, a video of {columns} px width in place of a camera",
                name=video.name,
                columns=video.retrieve().image.shape[1],
            )
    with Webcam(settings.camera.source, settings.camera) as webcam:
        image = webcam.look().image
        granted, name = webcam.granted, webcam.name
    if blind := blindness(small_luma(image), nobody=False):
        if blind == "too dark":
            return "warn", tr("{name} gives black pictures: open its lens cover, or switch it on.", name=name)
        return "warn", tr("{name} gives pictures of one colour: open its lens cover, or switch it on.", name=name)
    others = [str(camera) for camera in list_cameras() if str(camera) != name]
    size = f"{granted.width_px}x{granted.height_px}"
    kind = f"{granted.pixel_format} {size}".strip()
    found = f"{name}, {kind}"
    if granted.rate_fps:
        found = tr("{camera} at {rate:g} a second", camera=found, rate=granted.rate_fps)
    return "pass", tr("{camera}; there is also {others}", camera=found, others=", ".join(others)) if others else found


def _calibration(settings: Settings) -> tuple[Status, str]:
    from posture.daemon.status_text import MISFIT_HELP
    from posture.guided.stored import stored_misfit
    from posture.history.calibrations import profiles

    found = stored_misfit(settings)
    if found is not None:
        return "warn", f"{tr(found.sentence)} {tr(MISFIT_HELP)}"
    cameras = {camera for profile in profiles(settings) for camera in profile.calibrated}
    return "pass", tr("stored for {cameras}", cameras=", ".join(sorted(cameras))) if cameras else tr(
        "none is stored yet"
    )
