"""`posture` alone: how it stands now, or the first steps."""

from __future__ import annotations

from posture.language import mark, tr
from posture.plain_text import padded, width

WHAT_IT_IS = mark(
    "posture watches through the camera how, and how long, you sit, and says when to stand, move or stretch. "
    "Nothing leaves this machine, and no picture is stored."
)
_HELP = ("posture --help", mark("everything it can do"))
FIRST_STEPS = (
    ("posture setup", mark("camera, questions on safety, how you sit, a test notification: a few minutes")),
    ("posture demo", mark("see it work on a recorded morning, no camera needed")),
    _HELP,
)
AGAIN = (("posture start", mark("watch in the background")), ("posture summary", mark("how today was")), _HELP)
"""Commands and what they do, for somebody new, and where it does not run."""


def show_now() -> int:
    """Show the status where posture runs; otherwise how to start it, or the first steps where it was never set up."""
    from posture.cli.status import show_status
    from posture.control.channel import ask
    from posture.control.protocol import NotRunningError

    try:
        status = ask("status")
    except NotRunningError:
        if _was_used():
            print(f"{tr('posture is not running.')}\n\n{_rows(AGAIN)}")
        else:
            print(f"{tr(WHAT_IT_IS)}\n\n{tr('first steps')}:\n{_rows(FIRST_STEPS)}")
        return 0
    show_status(status)
    print(f"\n{tr('posture --help shows everything it can do.')}")
    return 0


def _rows(rows: tuple[tuple[str, str], ...]) -> str:
    left = max(width(command) for command, _ in rows)
    return "\n".join(f"  {padded(command, left)}  {tr(says)}" for command, says in rows)


def _was_used() -> bool:
    """Whether anything was ever recorded or calibrated here."""
    from posture.errors import PostureError
    from posture.history.calibrations import calibrations_path
    from posture.paths import history_path
    from posture.plain_file import is_there
    from posture.settings_file import load_settings

    try:
        settings = load_settings()
        return is_there(history_path(settings)) or is_there(calibrations_path(settings))
    except PostureError:
        return True  # there is something, and other commands say what is wrong with it
