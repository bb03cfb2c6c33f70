"""The calibrated baselines, stored beside the history: one for each camera, by its name, and place.

A place is a profile: desk, couch, docked. Each camera has the profile that was chosen for it last, so the camera of a
dock brings its own. The first profile, desk, is stored in the form that the file had before there were profiles.

A baseline is 33 median landmarks and the noise of one look. It is stored so that a program that starts with the session
need not ask for ten upright seconds each morning. Beside the one of the user sitting may lie one of them standing, in
a part of the file that older releases pass over.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from posture.atomic_write import read_replaced, write_atomically
from posture.errors import PostureError
from posture.file_lock import locked
from posture.language import tr
from posture.measure.distance import distance_cm
from posture.paths import history_path, history_to_write
from posture.plain_text import plain_parts
from posture.settings import PoseSettings, Settings

if TYPE_CHECKING:
    from posture.measure.baseline import Baseline

VERSION = 1
CALIBRATIONS = "calibrations.json"
MOST = 100_000
"""No landmark, size or noise of a baseline comes near this."""
LANDMARKS = 33
STORED = ("model", "frame_px", "landmarks", "world", "noise", "frames", "seconds", "eyes_px")
"""What is kept of a baseline."""
FIRST_PROFILE = "desk"
NUMBER = re.compile(r" \((/dev/video\d+|\d+|/dev/v4l/[^()]+)\)$")
"""The number that a camera's name ends with; it may differ when the camera is plugged in again."""
_WRONG = (KeyError, TypeError, ValueError, IndexError, OverflowError, AttributeError)
"""What reading the entry of a damaged file raises."""
PROFILE_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,30}")


@dataclass(frozen=True)
class Which:
    """Which camera it is: cameras of one model have one name, and a number that they may exchange."""

    name: str
    """Its name with the number, as `CameraDevice` writes it; of a video its file name."""
    path: str = ""
    """A name for it that stays; empty where the system has none."""
    others: frozenset[str] = frozenset()
    """Names and paths of the other cameras that are plugged in now."""


def calibrations_path(settings: Settings) -> Path:
    """Where the baselines are: beside the history."""
    return history_path(settings).with_name(CALIBRATIONS)


def load_baseline(settings: Settings, camera: str | Which, *, standing: bool = False) -> Baseline | None:
    """Load the baseline of a camera, of the user sitting or standing; None if there is none by the pose model in use.

    A camera that is back under another number is recognised by its path, or else by its name; if several share it, the
    last calibration is taken, but never that of another camera that is plugged in now. A PostureError says that the
    file cannot be read, or is not one of ours.
    """
    try:
        found = _in_use(_read(calibrations_path(settings)), settings, camera, standing)
        return baseline_from_json(found, settings.pose) if found is not None else None
    except (KeyError, TypeError, ValueError):
        raise _damaged(calibrations_path(settings)) from None


@dataclass(frozen=True)
class Calibration:
    """The calibration that a camera uses, without its landmarks: what a process that sees no picture needs of it."""

    made: datetime
    """Aware UTC; it tells the calibrations of a camera apart."""
    distance_cm: float | None = None
    """From the eyes to the camera; None for one of an older release."""
    confirmed: bool = False
    """The user has said that it fits."""
    standing: bool = False
    """There is one of the user standing beside it."""


def made_in_use(settings: Settings, camera: str) -> datetime | None:
    """When the calibration was made that a camera uses, aware UTC; None and PostureError as for `load_baseline`."""
    try:
        found = _in_use(_read(calibrations_path(settings)), settings, camera)
        return _made(found) if found is not None else None
    except _WRONG:
        raise _damaged(calibrations_path(settings)) from None


def calibration_made(settings: Settings, made: datetime) -> Calibration | None:
    """Look up the calibration that was made then; None if it is no longer stored. PostureError as for others."""
    stored, lens_deg = _read(calibrations_path(settings)), settings.camera.field_of_view_deg
    try:
        for name, camera, entry in _made_then(stored, made):
            eyes_px, frame_w_px = entry.get("eyes_px"), int(entry["frame_px"][0])
            away_cm = None if eyes_px is None else distance_cm(float(eyes_px), frame_w_px, lens_deg)
            standing = bool(_keys(_standing(stored, name), camera))
            return Calibration(made, away_cm, confirmed=entry.get("fits") is True, standing=standing)
        return None
    except _WRONG:
        raise _damaged(calibrations_path(settings)) from None


def confirm_calibration(settings: Settings, made: datetime) -> None:
    """Store that the user says that the calibration that was made then fits: no other one is proposed from then on.

    Without it nothing is done. A PostureError says that the file cannot be read or written.
    """
    path = calibrations_path(settings)
    if not path.exists():
        return
    with _changing(path) as stored:
        try:
            found = _made_then(stored, made)
        except _WRONG:
            raise _damaged(path) from None
        for _, _, entry in found:
            entry["fits"] = True


def _made(entry: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(entry["made"]).astimezone(UTC)


def _made_then(stored: dict[str, Any], made: datetime) -> list[tuple[str, str, dict[str, Any]]]:
    """Profile, camera and entry of the calibrations of the user sitting that were made then: one, or none."""
    every = ((name, camera, entry) for name in _names(stored) for camera, entry in _cameras(stored, name).items())
    return [found for found in every if _made(found[2]) == made]


def _in_use(
    stored: dict[str, Any], settings: Settings, camera: str | Which, standing: bool = False
) -> dict[str, Any] | None:
    """The entry of the calibration that a camera uses; None if there is none, or for another pose model only."""
    which = _which(camera)
    profile = _chosen(stored, which.name)
    cameras = _standing(stored, profile) if standing else _cameras(stored, profile)
    keys = _keys_of(cameras, which)
    if not keys:
        return None
    found: dict[str, Any] = max((cameras[key] for key in keys), key=lambda entry: str(entry["made"]))
    # Another model places the landmarks differently, so its baseline would be wrong.
    return found if found["model"] == settings.pose.judge else None


def save_baseline(settings: Settings, camera: str | Which, baseline: Baseline, *, standing: bool = False) -> None:
    """Store the baseline of a camera, of the user sitting or standing, in place of its last one.

    A PostureError says that it cannot be written; what was stored before is unchanged.
    """
    _store(settings, camera, baseline_to_json(replace(baseline, provisional=False)), standing=standing)


def keep_offered(settings: Settings, camera: str, offered: dict[str, Any], *, always_so: bool = False) -> None:
    """Store the JSON of a baseline that was offered, as `save_baseline` does; light, as the daemon needs it.

    With `always_so`, the shoulders are always like that, see `posture.measure.baseline.Baseline`.

    A PostureError says that it is no baseline, or that it cannot be written.
    """
    try:
        numbers = [x for name, n in (("landmarks", 4), ("world", 3)) for row in _rows(offered[name], n) for x in row]
        numbers += map(float, (*offered["noise"].values(), offered["seconds"], offered["eyes_px"]))
        known = {"made": _now(), **{name: offered[name] for name in STORED}}
        if not all(abs(number) < MOST for number in numbers) or not isinstance(known["model"], str):
            raise ValueError("no baseline has such numbers")
    except (AttributeError, KeyError, TypeError, ValueError):
        raise PostureError(tr("What was offered is no calibration: run posture calibrate.")) from None
    _store(settings, camera, known | ({"always_so": True} if always_so else {}))


def _rows(found: Any, length: int) -> list[list[float]]:
    rows = [[float(x) for x in row] for row in found]
    if len(rows) != LANDMARKS or any(len(row) != length for row in rows):
        raise ValueError("not the landmarks of a person")
    return rows


def _store(settings: Settings, camera: str | Which, found: dict[str, Any], *, standing: bool = False) -> None:
    which = _which(camera)
    with _changing(history_to_write(settings).with_name(CALIBRATIONS)) as stored:
        profile = _chosen(stored, which.name)
        if standing:
            stored.setdefault("standing", {})[profile] = _standing(stored, profile)
        cameras = (_standing if standing else _cameras)(stored, profile)
        cameras[_key_for(cameras, which)] = found | ({"path": which.path} if which.path else {})


@dataclass(frozen=True)
class Profile:
    """A place, with the cameras calibrated there and those for which it is chosen."""

    name: str
    calibrated: tuple[str, ...]
    chosen: tuple[str, ...]
    standing: tuple[str, ...] = ()
    """Those with a calibration of the user standing."""


def profiles(settings: Settings) -> list[Profile]:
    """List the profiles, the first one first; PostureError as for `load_baseline`."""
    stored = _read(calibrations_path(settings))
    chosen = stored.get("chosen", {})
    return [
        Profile(
            name,
            tuple(sorted(_cameras(stored, name))),
            tuple(sorted(camera for camera, profile in chosen.items() if profile == name)),
            tuple(sorted(_standing(stored, name))),
        )
        for name in _names(stored)
    ]


def profile_of(settings: Settings, camera: str) -> str:
    """The profile chosen for a camera; the first one if none was."""
    return _chosen(_read(calibrations_path(settings)), camera)


def add_profile(settings: Settings, name: str) -> None:
    """Make a profile, without a calibration yet.

    A PostureError says that the name is taken, or cannot be one, or that the file cannot be written.
    """
    if not PROFILE_NAME.fullmatch(name):
        raise PostureError(
            tr("{name!r} cannot be a profile: write a word such as couch, in small letters.", name=name[:40]), 2
        )
    with _changing(history_to_write(settings).with_name(CALIBRATIONS)) as stored:
        if name in _names(stored):
            raise PostureError(
                tr("There is a profile {name} already: posture profile use {name} chooses it.", name=name)
            )
        stored.setdefault("profiles", {})[name] = {}


def use_profile(settings: Settings, camera: str, name: str) -> None:
    """Choose a profile for a camera; PostureError where there is no such profile, or it cannot be written."""
    with _changing(history_to_write(settings).with_name(CALIBRATIONS)) as stored:
        if name not in _names(stored):
            known = ", ".join(_names(stored))
            raise PostureError(
                tr(
                    "There is no profile {name}, but {known}: posture profile new makes one.",
                    name=name[:40],
                    known=known,
                ),
                2,
            )
        stored.setdefault("chosen", {})[camera] = name


def _names(stored: dict[str, Any]) -> list[str]:
    return [FIRST_PROFILE, *sorted(stored.get("profiles", {}))]


def _chosen(stored: dict[str, Any], camera: str) -> str:
    chosen: dict[str, str] = stored.get("chosen", {})
    names = {chosen[key] for key in _keys(chosen, camera)}
    name = names.pop() if len(names) == 1 else FIRST_PROFILE
    return name if name in _names(stored) else FIRST_PROFILE


def _keys(of: dict[str, Any], camera: str) -> list[str]:
    """The camera's own key, or every key with its name if that number is not known."""
    name = NUMBER.sub("", camera)
    return [camera] if camera in of else [key for key in of if NUMBER.sub("", key) == name]


def _which(camera: str | Which) -> Which:
    return camera if isinstance(camera, Which) else Which(camera)


def _path(entry: Any) -> str:
    """The path that a calibration was stored with; empty where there is none, as in one of an older release."""
    found = entry.get("path", "") if isinstance(entry, dict) else ""
    return found if isinstance(found, str) else ""


def _keys_of(cameras: dict[str, Any], which: Which) -> list[str]:
    """The keys of the calibrations that may be this camera's: its own by the path, otherwise those of its name."""
    own = [key for key, entry in cameras.items() if which.path and _path(entry) == which.path]
    if own:
        return own
    return _keys({key: 0 for key in cameras if not _is_other(key, cameras[key], which)}, which.name)


def _is_other(key: str, entry: Any, which: Which) -> bool:
    """Whether a calibration belongs to another camera that is plugged in now."""
    path = _path(entry)
    return path in which.others if path else key != which.name and key in which.others


def _key_for(cameras: dict[str, Any], which: Which) -> str:
    """The key to store under: that of this camera's own calibration, and never that of another camera's."""
    own = [key for key, entry in cameras.items() if which.path and _path(entry) == which.path]
    if own:
        return own[0]
    taken = which.name in cameras and _path(cameras[which.name]) not in ("", which.path)
    return f"{NUMBER.sub('', which.name)} ({which.path})" if taken and which.path else which.name


def _cameras(stored: dict[str, Any], profile: str) -> dict[str, Any]:
    found: dict[str, Any] = stored["cameras"] if profile == FIRST_PROFILE else stored["profiles"][profile]
    return found


def _standing(stored: dict[str, Any], profile: str) -> dict[str, Any]:
    found: dict[str, Any] = stored.get("standing", {}).get(profile, {})
    return found


@contextmanager
def _changing(path: Path) -> Iterator[dict[str, Any]]:
    """Give what is stored, to be changed by the block, and store it; no other process can store meanwhile.

    Nothing is stored if the block raises an error. A PostureError says that the file cannot be read or written.
    """
    try:
        with locked(path):
            stored = _read(path)
            yield stored
            write_atomically(path, json.dumps(stored), erase_old=True)
    except OSError as error:
        raise PostureError(
            tr(
                "The calibration {file} cannot be written ({reason}): free some space or check the folder.",
                file=path,
                reason=error.strerror,
            )
        ) from None


def _read(path: Path) -> dict[str, Any]:
    try:
        stored = plain_parts(json.loads(read_replaced(path)))
    except FileNotFoundError:
        return {"version": VERSION, "cameras": {}}
    except OSError as error:
        raise PostureError(
            tr(
                "The calibration {file} cannot be read ({reason}): check the folder.",
                file=path,
                reason=error.strerror,
            )
        ) from None
    except (ValueError, RecursionError):
        raise _damaged(path) from None
    if not isinstance(stored, dict) or stored.get("version") != VERSION or not _sound(stored):
        raise _damaged(path)
    return stored


def _sound(stored: dict[str, Any]) -> bool:
    """Whether cameras, profiles, choices and standing have the right types; the last three may be missing."""
    places, chosen, standing = stored.get("profiles", {}), stored.get("chosen", {}), stored.get("standing", {})
    if not all(isinstance(part, dict) for part in (stored.get("cameras"), places, chosen, standing)):
        return False
    return all(isinstance(place, dict) for place in (*places.values(), *standing.values())) and all(
        isinstance(n, str) for n in chosen.values()
    )


def _damaged(path: Path) -> PostureError:
    return PostureError(
        tr("The calibration {path} is damaged or from another release: remove it and calibrate again.", path=path)
    )


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


def baseline_to_json(baseline: Baseline) -> dict[str, Any]:
    """Turn a baseline into JSON values; `baseline_from_json` reads them back."""
    pose = baseline.pose
    return {
        "made": _now(),
        "model": baseline.model,
        "frame_px": [pose.frame_w_px, pose.frame_h_px],
        "landmarks": [[round(float(x), 3) for x in row] for row in pose.landmarks],
        "world": [[round(float(x), 5) for x in row] for row in pose.world],
        "noise": {name: round(value, 6) for name, value in baseline.noise.items()},
        "frames": baseline.frames,
        "seconds": round(baseline.seconds, 2),
        "eyes_px": round(baseline.geometry.eye_distance_px, 2),
        **({"always_so": True} if baseline.always_so else {}),
        **({"provisional": True} if baseline.provisional else {}),
    }


def baseline_from_json(stored: dict[str, Any], settings: PoseSettings) -> Baseline:
    """Read a baseline; KeyError, TypeError or ValueError where it is none."""
    import numpy as np

    from posture.measure.baseline import Baseline, placement_of
    from posture.measure.geometry import geometry
    from posture.pose.landmarks import Pose

    try:
        width_px, height_px = (int(size) for size in stored["frame_px"])
        landmarks = np.asarray(stored["landmarks"], dtype=np.float64).reshape(33, 4)
        world = np.asarray(stored["world"], dtype=np.float64).reshape(33, 3)
        noise = {str(name): float(value) for name, value in stored["noise"].items()}
        frames, seconds = int(stored["frames"]), float(stored["seconds"])
        provisional = stored.get("provisional") is True
    except (AttributeError, OverflowError) as error:
        raise ValueError(str(error)) from None
    # A value that is not finite, or far outside any picture, would spoil every later look.
    numbers = [*landmarks.flat, *world.flat, *noise.values(), seconds]
    if not all(abs(number) < MOST for number in numbers) or not 0 < min(width_px, height_px) <= MOST:
        raise ValueError("no baseline has such numbers")
    pose = Pose(landmarks, world, width_px, height_px)
    placement = placement_of(pose, stored["model"])
    found = Baseline(pose, geometry(pose, settings.min_visibility), noise, frames, seconds, placement, stored["model"])
    return replace(found, always_so=stored.get("always_so") is True, provisional=provisional)
