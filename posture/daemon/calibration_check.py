"""Whether the calibration fits the days since it was made: read from the history once a day, in a worker thread."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import partial

from posture.clock import now_s
from posture.daemon.due import midnight_in_s
from posture.desktop.notices import Button
from posture.errors import PostureError
from posture.history.calibrations import calibration_made, confirm_calibration
from posture.history.store import existing_store
from posture.language import mark
from posture.paths import history_path
from posture.report.baseline_check import Misfit, misfit_now
from posture.settings import Settings

AFTER_LOAN_S = 60.0
"""So long after a loan of the camera the history surely names the calibration that is used since."""
# Translators: the title of a notification, 60 characters at most, and its buttons.
TITLE = mark("Does the calibration still fit?")
BUTTONS = (Button("calibrate", mark("Calibrate")), Button("fits", mark("It fits")))


class CalibrationCheck:
    """What the days say of the calibration.

    Parameters
    ----------
    settings : callable
        Returns the present settings.

    Attributes
    ----------
    misfit : Misfit or None
        As of the last reading.
    """

    def __init__(self, settings: Callable[[], Settings]) -> None:
        self._settings = settings
        self._read: date | None = None
        self._not_before_s = float("-inf")
        self.misfit: Misfit | None = None

    @property
    def due_in_s(self) -> float:
        """In how many seconds there is something to compare."""
        now = datetime.now().astimezone()
        return midnight_in_s(now) if now.date() == self._read else self._not_before_s - now_s()

    async def refresh(self) -> None:
        """Compare the days with the calibration, unless that was done today."""
        today = datetime.now().astimezone().date()
        if today == self._read or now_s() < self._not_before_s:
            return
        self._read = today
        with contextlib.suppress(PostureError):
            self.misfit = await asyncio.to_thread(_misfit_of, self._settings())

    def again(self) -> None:
        """Compare again: another calibration may be stored, or the user may have said that this one fits."""
        self._read = self.misfit = None
        self._not_before_s = now_s() + AFTER_LOAN_S

    async def confirm(self) -> None:
        """Take the user's word that the calibration fits; PostureError where it cannot be stored."""
        if self.misfit is not None:
            await asyncio.to_thread(confirm_calibration, self._settings(), self.misfit.made)
            self.misfit = None


def _misfit_of(settings: Settings) -> Misfit | None:
    store = existing_store(history_path(settings))
    if store is None:
        return None
    with store:
        return misfit_now(store, partial(calibration_made, settings), datetime.now(UTC), settings)
