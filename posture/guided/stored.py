"""Reading the history, for the commands that only look at it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING

from posture.history.calibrations import calibration_made
from posture.history.records import Memory, Reader
from posture.history.store import existing_store
from posture.language import mark
from posture.paths import history_path
from posture.settings import Settings

if TYPE_CHECKING:
    from posture.report.baseline_check import Misfit

NOTHING_YET = mark("Nothing has been recorded yet: `posture setup` leads through the first steps.")


@contextmanager
def stored_records(settings: Settings) -> Iterator[Reader]:
    """Open the history for reading; one without records where nothing has been stored yet. See `Store` for errors."""
    store = existing_store(history_path(settings))
    if store is None:
        yield Memory()
        return
    with store:
        yield store


def stored_misfit(settings: Settings) -> Misfit | None:
    """Compare the calibration of the last watch with the days since; see `report.baseline_check.misfit`.

    A PostureError says that the history or the calibrations cannot be read.
    """
    from posture.report.baseline_check import misfit_now

    with stored_records(settings) as reader:
        return misfit_now(reader, partial(calibration_made, settings), datetime.now(UTC), settings)
