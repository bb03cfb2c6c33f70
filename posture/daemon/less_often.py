"""Saying a kind of reminder less often: its time is doubled in the settings file, where it can be seen and undone."""

from __future__ import annotations

from collections.abc import Callable

from posture.coach.heed import LESS_OFTEN
from posture.coach.reminder import ReminderKind
from posture.daemon.programs import run_posture
from posture.durations import format_duration
from posture.language import mark, tr
from posture.settings import Settings, SettingSpec, find_spec

ASK = mark("The last five of these came and went. Should it come less often?")


def doubled(settings: Settings, kind: ReminderKind) -> tuple[SettingSpec, str] | None:
    """The setting by which a kind comes less often, and twice its value, as a user types it.

    None where it cannot be longer.
    """
    spec = find_spec(LESS_OFTEN[kind])
    now_s = float(spec.of(settings))
    longer_s = min(2 * now_s, spec.high)
    return (spec, format_duration(longer_s)) if longer_s > now_s else None


async def say_less_often(
    settings: Callable[[], Settings], reload: Callable[[], None], kind: ReminderKind
) -> tuple[str, str]:
    """Double the time of a kind; the title and the body of the notice that says so.

    `settings` gives the present settings, and `reload` reads the file again.
    """
    found = doubled(settings(), kind)
    if found is None:
        # Translators: "Not changed" is the title of a notification, 60 characters at most.
        return tr("Not changed"), tr("That is as seldom as it can be set.")
    spec, value = found
    before = spec.text(spec.of(settings()))
    # In a process of its own: what edits the file without loss is not needed again.
    code, output = await run_posture("config", "set", spec.key, value)
    if code:
        return tr("Not changed"), output
    reload()
    done = tr("{key} is {value} now, it was {before}.", key=spec.key, value=value, before=before)
    if spec.text(spec.of(settings())) == before:
        done = tr(
            "{key} is {value} in the file; --set goes before it until posture is started without.",
            key=spec.key,
            value=value,
        )
    undo = tr("To take it back: {command}", command=f"posture config set {spec.key} {before}")
    # Translators: the title of a notification, 60 characters at most.
    return tr("Less often from now on"), f"{done} {undo}"
