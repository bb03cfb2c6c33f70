"""Finds the file of a pose model and checks it against the manifest."""

from __future__ import annotations

import hashlib
import sys
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from posture.errors import PostureError
from posture.language import tr
from posture.own_package import reinstall

ON_WINDOWS = sys.platform == "win32"
PACKAGE = Path(__file__).resolve().parents[1]


@dataclass(frozen=True)
class ModelFile:
    """A model of models/manifest.toml."""

    name: str
    """Its name in the settings."""
    path: Path
    """The file, which exists and has the size and sha256 of the manifest."""
    sha256: str
    title: str
    source: str
    author: str
    licence: str
    """These five are from the manifest."""


def models_folder() -> Path:
    """Give the folder of the models: inside an installed package, or at the top of a checkout."""
    bundled = PACKAGE / "_bundled" / "models"
    return bundled if bundled.is_dir() else PACKAGE.parent / "models"


@cache
def model_file(name: str, folder: Path | None = None) -> ModelFile:
    """Find a model by its name in the manifest, such as ``lite``, and check it; once in each process.

    A PostureError says that the manifest or the model is missing or damaged; it names the file and the remedy.
    """
    folder = folder or models_folder()
    manifest_path = folder / "manifest.toml"
    try:
        manifest = tomllib.loads(manifest_path.read_text(encoding="utf-8"))
        entry = manifest[name]
        model = ModelFile(
            name=name,
            path=folder / entry["file"],
            sha256=entry["sha256"],
            title=entry["title"],
            source=entry["source"],
            author=entry["author"],
            licence=entry["licence"],
        )
        size_bytes = int(entry["size_bytes"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise PostureError(
            tr(
                "The list of models {path} is missing or damaged: reinstall posture ({command}), or in a checkout run: "
                "git checkout -- models.",
                path=manifest_path,
                command=reinstall(),
            )
        ) from error
    try:
        with model.path.open("rb") as file:
            whole = model.path.stat().st_size == size_bytes
            whole = whole and hashlib.file_digest(file, "sha256").hexdigest() == model.sha256
    except OSError as error:
        reason = (error.strerror or str(error)).lower()
        raise PostureError(
            tr(
                "The pose model {path} cannot be read ({reason}): reinstall posture ({command}), or in a checkout run: "
                "git checkout -- models.",
                path=model.path,
                reason=reason,
                command=reinstall(),
            )
        ) from error
    if not whole:
        raise PostureError(
            tr(
                "The pose model {path} is damaged (its checksum differs): reinstall posture ({command}), or in a "
                "checkout run: git checkout -- models.",
                path=model.path,
                command=reinstall(),
            )
        )
    return model


def opens_by_name(path: Path) -> bool:
    """Whether the engines' libraries can open a file by its name; else they are handed what is in it.

    On Windows they ask for a name of 8 bits a character, which not every user or folder has.
    """
    return not ON_WINDOWS or str(path).isascii()
