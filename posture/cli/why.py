"""`posture why`: explain the last reminder, and the last one that was held back."""

from __future__ import annotations

import argparse
import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from posture.language import dated, mark, tr
from posture.plain_text import padded, width

if TYPE_CHECKING:
    from posture.history.records import Point

_OF_EXERCISES = ("exercise", "side")
NOT_RECORDED = mark("not recorded")
# Translators: what begins a row under a reminder: why it came, what it also reminded of, the exercise it named, the
# side to begin with, and the setting that moves it.
_BECAUSE = mark("because")
# Translators: see "because".
_ALSO = mark("and also")
# Translators: see "because".
_NAMED = mark("it named")
# Translators: see "because".
_SIDE = mark("side")
# Translators: see "because".
_SETTING = mark("setting")


def add_parser(commands: argparse._SubParsersAction[argparse.ArgumentParser]) -> None:
    """Add `why`."""
    parser = commands.add_parser(
        "why",
        description=tr(
            "Explain the last reminder: which measure, how long, which threshold, and the setting that moves "
            "it, as it was then. The same for the last one that was due and was held back."
        ),
    )
    parser.add_argument("--json", action="store_true", help=tr("one JSON object, for other programs"))
    parser.set_defaults(run=run)


def run(args: argparse.Namespace) -> int:
    """Explain it."""
    from datetime import UTC, datetime, timedelta

    from posture.guided.stored import stored_records
    from posture.history.care import care_of
    from posture.settings_file import load_settings

    now = datetime.now(UTC)
    with stored_records(load_settings()) as reader:
        found = reader.points(now - timedelta(days=30), now + timedelta(seconds=1))
        suspended = care_of(reader, now).suspended
    said = next((point for point in reversed(found) if point.kind == "reminder"), None)
    if said is not None and suspended:
        # Nothing names an exercise while a red flag is open.
        said = replace(said, detail={key: value for key, value in said.detail.items() if key not in _OF_EXERCISES})
    silence = next((point for point in reversed(found) if point.kind == "silence"), None)
    if args.json:
        print(json.dumps(_json(said, silence)))
        return 0
    lines = {"said": _said_lines(said), "silence": _silence_lines(silence)}
    if said is not None and silence is not None and silence.at > said.at:
        lines = dict(reversed(lines.items()))
    for line in (line for part in lines.values() for line in part):
        print(line)
    return 0


def _json(said: Point | None, silence: Point | None) -> dict[str, Any] | None:
    """The last reminder, with what was held back last as "silence"; None where there is neither."""
    if said is None and silence is None:
        return None
    held = None if silence is None else {"at": silence.at.isoformat(), "kind": silence.label, **silence.detail}
    if said is None:
        return {"at": None, "kind": None, "silence": held}
    return {"at": said.at.isoformat(), "kind": said.label, **said.detail, "silence": held}


def _said_lines(said: Point | None) -> list[str]:
    from posture.coach.exercises import find_exercise
    from posture.errors import PostureError

    if said is None:
        return [tr("There was no reminder in the last 30 days.")]
    when, kind = dated(said.at.astimezone(), "%A %H:%M"), _kind(said.label)
    if said.detail.get("repeat"):
        lines = [tr("{when}: a {kind} reminder, said a second time.", when=when, kind=kind)]
    else:
        lines = [tr("{when}: a {kind} reminder.", when=when, kind=kind)]
    lines.append(_because(said))
    if said.detail.get("covers"):
        covered = " ".join(_kind(kind) for kind in str(said.detail["covers"]).split())
        lines.append(_row(tr(_ALSO), tr("{kinds} was due", kinds=covered)))
    if exercise := str(said.detail.get("exercise") or ""):
        try:
            name = find_exercise(exercise).name
        except PostureError:  # of another release
            name = exercise
        lines.append(_row(tr(_NAMED), name))
    if said.detail.get("side"):
        lines.append(_row(tr(_SIDE), tr("{side} first", side=said.detail["side"])))
    older = tr("not recorded: this reminder is of an older release")
    return [*lines, _setting_line(said) or _row(tr(_SETTING), older)]


def _silence_lines(silence: Point | None) -> list[str]:
    if silence is None:
        return []
    when = dated(silence.at.astimezone(), "%A %H:%M")
    lines = [tr("{when}: a {kind} reminder was due and was held back.", when=when, kind=_kind(silence.label))]
    return [*lines, _because(silence), *filter(None, [_setting_line(silence)])]


def _kind(kind: str) -> str:
    from posture.report.words import reminder_words

    return reminder_words(kind)


def _because(point: Point) -> str:
    return _row(tr(_BECAUSE), tr(str(point.detail.get("why", NOT_RECORDED))))


def _row(label: str, text: str) -> str:
    columns = max(width(tr(each)) for each in (_BECAUSE, _ALSO, _NAMED, _SIDE, _SETTING)) + 2
    return f"  {padded(label, columns)}{text}"


def _setting_line(point: Point) -> str:
    """The setting as it was then; empty where none was recorded."""
    from posture.errors import PostureError
    from posture.settings import find_spec

    key, value = str(point.detail.get("setting") or ""), str(point.detail.get("value") or "")
    if not key:
        return ""
    try:
        doc = f" ({tr(find_spec(key).doc)})"
    except PostureError:  # of another release
        doc = ""
    said = tr("{setting} = {value} then", setting=key, value=value) if value else key
    return _row(tr(_SETTING), f"{said}{doc}")
