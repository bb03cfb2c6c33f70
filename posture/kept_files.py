"""What posture stores on this machine: where, how large, and who may read it.

`KINDS` is the one list of it: `posture forget` and `posture doctor --privacy` go by it, and so does the table in
PRIVACY.md, which is `as_markdown`.
"""

from __future__ import annotations

import json
import os
import re
import stat
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Literal

from posture.access import is_mine, keep_to_user, make_folder, others_may, rights_of
from posture.atomic_write import prefix_of, write_atomically
from posture.language import mark, tr
from posture.plain_file import read_plain_text

OWN_FOLDER = "posture"
"""Folders of this name are ours; one that the user has chosen may hold other files too."""
Where = Literal["history", "state", "runtime", "settings", "draft", "left"]
_TEMPORARY = r"[a-z0-9_]{8}"
"""How the name of a file ends that was to replace another when its writer was killed, see `atomic_write`."""


@dataclass(frozen=True)
class Kind:
    """A sort of file that posture makes."""

    where: Where
    """Which of the `Places` it lies in."""
    pattern: str
    """A regular expression for the whole of its name."""
    shown: str
    """Its name, or the sort of name, as PRIVACY.md shows it; empty where the line above says it."""
    what: str
    """Its content in a few words."""
    holds: str = ""
    """Its content as PRIVACY.md says it, if that is more."""
    about_you: bool = True
    """Whether it says something about the user, so that `posture forget --all` removes it."""


# The first that fits.
KINDS = (
    Kind(
        "history",
        r"history\.sqlite3",
        "history.sqlite3",
        mark("the history: when you sat, stood, were away, leaned; reminders, pains, exercises"),
        "from when to when you sat, stood, were away or leaned, or could not be judged and why; moments of reminders, "
        "of your answers to them, and of reminders that were held back, with the reason; of exercises, pains, tensions "
        "and notes that you logged, check-ins, directional checks; how long each viewing distance was held, by quarter "
        "hour; when the calibration was made that was in use",
    ),
    Kind("history", r"history\.sqlite3-.*", "history.sqlite3-wal, -shm", mark("the last writes to the history")),
    Kind("history", r"history\.sqlite3\.v.*", "history.sqlite3.v1", mark("the history as it was before an update")),
    Kind(
        "history", r"history\.sqlite3\.damaged-.*", "history.sqlite3.damaged-DATE", mark("a damaged history, set aside")
    ),
    Kind(
        "history",
        r"calibrations\.json",
        "calibrations.json",
        mark("calibrations: for each camera 33 landmarks of you sitting upright, or standing, as numbers"),
        "for each camera that you calibrated, or whose calibration you kept: **33 landmarks of you sitting upright, "
        "the median of some seconds**, and as many of you standing if you calibrated that, which is the outline of a "
        "person, not a picture; and whether you said that it fits, or that your shoulders are always like that",
    ),
    Kind(
        "history",
        r"expiry\.json",
        "expiry.json",
        mark("how far the days have been counted that `history.keep` goes by"),
    ),
    Kind(
        "history",
        rf"\.(calibrations|expiry|posture(-.*)?)-{_TEMPORARY}|\.calibrations\.json\.lock",
        ".calibrations-*",
        mark("left by a calibration or a report that was interrupted"),
    ),
    Kind(
        "state",
        r"daemon\.log.*",
        "daemon.log*",
        mark("the daemon's log: what was seen and said, and when"),
        "what was seen and said, and when, and what went wrong; 2 MB at most",
    ),
    Kind("state", r"daemon\.err", "daemon.err", mark("what Python said when the daemon crashed")),
    Kind(
        "state",
        r"daemon\.json",
        "daemon.json",
        mark("until when it is paused or snoozed"),
        "until when it is paused; of which calibration it has said that it may not fit; when it last offered to keep a "
        "calibration of each camera, by the camera's name; how many reminders of each kind were let pass, and of which "
        "it has asked whether to say them less often",
    ),
    Kind(
        "state",
        r"report\.html",
        "report.html",
        mark("the report that was shown last: what the history holds, as a page"),
    ),
    Kind(
        "state", r"elsewhere-.*\.json", "elsewhere-*.json", mark("where a history lies, or a report is being written")
    ),
    Kind(
        "state",
        rf"\.(daemon|report|elsewhere-.*|posture(-.*)?)-{_TEMPORARY}",
        ".daemon-*, .report-*",
        mark("left by a daemon or a report that was killed"),
    ),
    Kind(
        "settings",
        r"{settings}",
        "settings.toml",
        mark("your settings"),
        "what you changed, also what has to be cleared first (`coach.clearance`)",
        about_you=False,
    ),
    Kind("settings", r"{settings}\.old", "settings.toml.old", mark("your settings as they were before a reset")),
    Kind(
        "settings",
        r"\.({stem}|posture(-.*)?)-" + _TEMPORARY.replace("{8}", "{{8}}") + r"|\.{settings}\.lock",
        ".settings-*",
        mark("left by a change of settings that was killed"),
    ),
    Kind(
        "draft",
        r"posture-settings-.*\.toml",
        "posture-settings-*.toml",
        mark("a draft of your settings, not taken over"),
    ),
    Kind(
        "left",
        rf"\.posture(-.*)?-{_TEMPORARY}",
        ".posture-*",
        mark("left by a report or another command that was killed"),
    ),
    Kind("history", r"\.posture\.lock", ".posture.lock", mark("the number of the daemon's process"), about_you=False),
    Kind(
        "history",
        r"\.posture-run\.lock",
        ".posture-run.lock",
        mark("the number of the process of posture run"),
        about_you=False,
    ),
    Kind("runtime", r"control", "control", mark("the daemon's socket"), about_you=False),
    Kind("runtime", r"lock", "lock", mark("the number of the daemon's process"), about_you=False),
    Kind("runtime", r"window\.lock", "window.lock", mark("the number of the window's process"), about_you=False),
    Kind(
        "runtime",
        rf"window\.page|\.window-{_TEMPORARY}",
        "window.page",
        mark("which page of the open window another command asked for"),
    ),
)


@dataclass(frozen=True)
class Places:
    """Where posture stores things."""

    history: Path
    """The history file; calibrations lie beside it."""
    state: Path
    """The folder of the daemon's log and memory."""
    runtime: Path
    """The folder of the daemon's socket."""
    settings: Path
    """The settings file."""
    former: tuple[Path, ...] = ()
    """Other history files that there may be: of a `history.folder` that was named before, and of none."""
    unfinished: tuple[Path, ...] = ()
    """Files of the user's own choice that are being written, or were when the command was killed."""
    drafts: Path | None = None
    """The folder in which settings are edited."""
    left: tuple[Path, ...] = ()
    """Other folders in which something of ours may have been left."""


@dataclass(frozen=True)
class KeptFile:
    """One file."""

    path: Path
    what: str
    """Its content in words."""
    size_bytes: int
    rights: str
    """Who may use it, as the system writes that."""
    about_you: bool
    """Whether it says something about the user, so that `posture forget --all` removes it."""
    loose: bool = False
    """Whether anyone but the user may read or write it; not of a link."""
    link: bool = False
    """Whether it is a link; what it leads to is listed as well."""


def kept_files(places: Places) -> list[KeptFile]:
    """List every file that posture has made and that exists; reports and exports lie where the user put them.

    A link and the file that it leads to are both in the list.
    """
    folders: list[tuple[Where, Path]] = []
    for history in (places.history, *places.former):
        folders.append(("history", history.parent))
    folders += [("state", places.state), ("runtime", places.runtime)]
    for settings in {places.settings, Path(os.path.realpath(places.settings))}:
        folders.append(("settings", settings.parent))
    folders += [("draft", places.drafts)] if places.drafts is not None else []
    folders += [("left", folder) for folder in places.left]
    found: dict[Path, KeptFile] = {}
    for where, folder in folders:
        for kept in _of(where, folder, places.settings):
            found.setdefault(kept.path, kept)
    for output in places.unfinished:
        for name in _names(output.parent):
            if re.fullmatch(re.escape(prefix_of(output)) + _TEMPORARY, name):
                for kept in _listed(output.parent / name, tr("left by a command that was killed"), about_you=True):
                    found.setdefault(kept.path, kept)
    return list(found.values())


def _of(where: Where, folder: Path, settings: Path) -> Iterator[KeptFile]:
    words = {"settings": re.escape(settings.name), "stem": re.escape(settings.stem[:40])}
    kinds = [
        (re.compile(kind.pattern.format(**words) if where == "settings" else kind.pattern), kind)
        for kind in KINDS
        if kind.where == where
    ]
    for name in _names(folder):
        for pattern, kind in kinds:
            if pattern.fullmatch(name):
                for kept in _listed(folder / name, tr(kind.what), about_you=kind.about_you):
                    # In folders that are not ours, what has such a name by chance is hardly private like this.
                    if where != "left" or not (kept.loose or kept.link):
                        yield kept
                break


def _names(folder: Path) -> list[str]:
    with suppress(OSError):
        return sorted(os.listdir(folder))  # noqa: PTH208 - names are enough
    return []


def _listed(path: Path, what: str, *, about_you: bool) -> Iterator[KeptFile]:
    with suppress(OSError):
        status = path.lstat()
        if stat.S_ISDIR(status.st_mode) or not is_mine(path, status):
            return
        link = stat.S_ISLNK(status.st_mode)
        loose = not link and others_may(path, status)
        yield KeptFile(path, what, status.st_size, rights_of(path, status), about_you, loose, link)
    with suppress(OSError, RuntimeError):
        if path.is_symlink():
            real = path.resolve(strict=True)
            if not stat.S_ISREG(real.lstat().st_mode):  # such as a device, which is not ours
                return
            # Translators: {what} is what a file holds, such as "your settings", {link} the name of a link to it
            behind = tr("{what}, to which {link} leads", what=what, link=path.name)
            yield from _listed(real, behind, about_you=about_you)
            # SQLite keeps what belongs to the file beside the file itself, by its name.
            for end in ("-wal", "-shm", "-journal"):
                yield from _listed(real.with_name(real.name + end), tr("the last writes to it"), about_you=about_you)


def as_markdown() -> str:
    """The table of PRIVACY.md."""
    folders = {
        "history": "~/.local/share/posture/",
        "state": "~/.local/state/posture/",
        "runtime": "$XDG_RUNTIME_DIR/posture/",
        "settings": "~/.config/posture/",
        "draft": "/tmp/",
        "left": "~/",
    }
    lines = ["| where (Linux) | holds |", "|---|---|"]
    lines += [f"| `{folders[kind.where]}{kind.shown}` | {kind.holds or kind.what} |" for kind in KINDS]
    return "\n".join(lines) + "\n"


# -- places that nobody would know of otherwise ------------------------------------------------------------------------


def note_place(state: Path, sort: Literal["history", "output"], path: Path) -> Path:
    """Remember in the state folder that something of ours lies, or is being written, at a path; gives the note.

    Each is a file of its own, so that no two programs need wait for each other. An OSError says that it cannot be kept.
    """
    whole = str(path.absolute())
    mine = f"{sort} {whole} {os.getpid() if sort == 'output' else ''}"
    note = state / f"elsewhere-{sha256(mine.encode('utf-8', 'surrogateescape')).hexdigest()[:16]}.json"
    if not note.exists():
        make_folder(state)
        write_atomically(note, json.dumps({sort: whole}))
    return note


def noted_places(state: Path, sort: Literal["history", "output"]) -> tuple[Path, ...]:
    """The paths that were noted; a note that cannot be read is passed over."""
    found = []
    for name in _names(state):
        if name.startswith("elsewhere-"):
            with suppress(OSError, ValueError, AttributeError, TypeError, RecursionError):
                noted = json.loads(read_plain_text(state / name)).get(sort)
                if isinstance(noted, str) and noted:
                    found.append(Path(noted))
    return tuple(found)


def tighten(places: Places) -> list[Path]:
    """Take away the rights of other users to our files and folders; gives those that were open to others."""
    found = []
    folders = {places.history.parent, places.state, places.runtime, places.settings.parent}
    for path in (*sorted(folders), *(kept.path for kept in kept_files(places))):
        with suppress(OSError):
            status = path.lstat()
            ours = not stat.S_ISLNK(status.st_mode) and is_mine(path, status)
            if stat.S_ISDIR(status.st_mode):
                ours = ours and path.name == OWN_FOLDER
            if ours and others_may(path, status):
                keep_to_user(path)
                if not others_may(path, path.lstat()):  # as on a disk that knows no such rights
                    found.append(path)
    return found
