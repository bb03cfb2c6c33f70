"""What the user is told about the calibration: that it runs, and once that it no longer fits."""

from __future__ import annotations

from collections.abc import Callable

from posture.daemon.logs import Log
from posture.sensor.wire import LookResult

CALIBRATING = (
    "Shoulders loose, looking at the screen: posture learns how you sit upright, for this session. "
    "Calibrate in the menu, or posture calibrate, keeps it."
)


class CalibrationNews:
    """What the looks report about the calibration.

    Parameters
    ----------
    notify : callable
        Shows a title and a body.

    Attributes
    ----------
    running : bool
        Whether the first looks calibrate.
    moved : str
        Why the calibration no longer fits; empty while it does.
    """

    def __init__(self, log: Log, notify: Callable[[str, str], None]) -> None:
        self._log, self._notify = log, notify
        self._moved_notified = False
        self.running = False
        self.moved = ""

    def take(self, seen: LookResult) -> None:
        """Take what a look reports."""
        if seen.calibrating and not self.running:
            self._notify("Sit upright for ten seconds", CALIBRATING)
        self.running = seen.calibrating
        if seen.moved != self.moved:
            self._log.write("camera moved", sentence=seen.moved)
        self.moved = seen.moved
        if seen.moved and not self._moved_notified:
            self._moved_notified = True
            self._notify("The calibration no longer fits", f"{seen.moved} Until then how you sit is not judged.")
        if seen.calibrated is not None:
            self._moved_notified = False
            self._log.write("calibrated", ok=seen.calibrated.get("ok"), sentence=seen.calibrated.get("sentence", ""))

    def camera_returned(self, reason: str) -> None:
        """A borrower has returned the camera; a new calibration that does not fit either is reported again."""
        if reason == "calibrating":
            self._moved_notified = False
