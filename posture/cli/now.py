"""`posture` alone: how it stands now, or the first steps."""

from __future__ import annotations

FIRST_STEPS = """\
posture watches through the camera how, and how long, you sit, and says when to stand, move or stretch. \
Nothing leaves this machine, and no picture is stored.

first steps:
  posture setup   camera, questions on safety, how you sit, a test notification: a few minutes
  posture demo    see it work on a recorded morning, no camera needed
  posture --help  everything it can do"""

NOT_RUNNING = """\
posture is not running.

  posture start    watch in the background
  posture summary  how today was
  posture --help   everything it can do"""


def show_now() -> int:
    """Show the status where posture runs; otherwise how to start it, or the first steps where it was never set up."""
    from posture.cli.control import show_status
    from posture.control.channel import ask
    from posture.control.protocol import NotRunningError

    try:
        status = ask("status")
    except NotRunningError:
        print(NOT_RUNNING if _was_used() else FIRST_STEPS)
        return 0
    show_status(status)
    print("\nposture --help shows everything it can do.")
    return 0


def _was_used() -> bool:
    """Whether anything was ever recorded or calibrated here."""
    from posture.errors import PostureError
    from posture.history.calibrations import calibrations_path
    from posture.paths import history_path
    from posture.settings_file import load_settings

    try:
        settings = load_settings()
        return history_path(settings).exists() or calibrations_path(settings).exists()
    except (PostureError, OSError):
        return True  # there is something, and other commands say what is wrong with it
