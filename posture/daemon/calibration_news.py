"""What the user is told about the calibration: once that it no longer fits, and once a week that one may be kept."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from posture.daemon.logs import Log
from posture.daemon.status import OfferNow
from posture.desktop.notices import Button
from posture.language import mark, tr
from posture.sensor.wire import CalibrationState, LookResult, Offer, OfferReason

BUTTONS = (Button("keep", mark("Keep it")), Button("calibrate", mark("Calibrate properly")))
TITLES: dict[OfferReason, str] = {
    # Translators: titles of notifications, 60 characters at most.
    "provisional": mark("Keep this calibration?"),
    "taller": mark("Keep how you sat today?"),
}
NEEDS: dict[OfferReason, CalibrationState] = {"provisional": "provisional", "taller": "kept"}
"""What an offer was made against: against anything else, it is void."""
ANOTHER = ("calibrating", "choosing a profile")
"""After a loan for this reason another calibration may be stored."""


class CalibrationNews:
    """What the looks report about the calibration.

    Parameters
    ----------
    notify : callable
        Shows a title, a body and buttons.

    Attributes
    ----------
    running : bool
        Whether it is looked closely for a calibration.
    state : CalibrationState
        By what is judged.
    missing : str
        Without a calibration, what is missing for one; empty otherwise.
    offer : Offer or None
        What the user may keep.
    moved : str
        Why the calibration no longer fits; empty while it does.
    """

    def __init__(self, log: Log, notify: Callable[[str, str, Sequence[Button]], None]) -> None:
        self._log, self._notify = log, notify
        self._moved_notified = False
        self.running = False
        self.state: CalibrationState = "none"
        self.missing = ""
        self.offer: Offer | None = None
        self.moved = ""

    def take(self, seen: LookResult) -> None:
        """Take what a look reports."""
        self.running, self.state, self.missing = seen.calibrating, seen.calibration, seen.missing
        self._take_offer(seen)
        if seen.moved != self.moved:
            self._log.write("camera moved", sentence=seen.moved)
        self.moved = seen.moved
        if seen.moved and not self._moved_notified:
            self._moved_notified = True
            until = tr("Until then how you sit is not judged.")
            self._notify(tr("The calibration no longer fits"), f"{tr(seen.moved)} {until}", ())
        if seen.calibrated is not None:
            self._moved_notified = False
            provisional = seen.calibration == "provisional"
            sentence = seen.calibrated.get("sentence", "")
            self._log.write("calibrated", ok=seen.calibrated.get("ok"), provisional=provisional, sentence=sentence)

    def _take_offer(self, seen: LookResult) -> None:
        if seen.offer is not None:
            if self.offer is None:
                self._log.write("offered", reason=seen.offer.reason, sentence=seen.offer.sentence)
            self.offer = seen.offer
        elif self.offer is not None and seen.camera == "open":
            other = seen.name != self.offer.camera or seen.calibration not in (NEEDS[self.offer.reason], "none")
            if other:
                self.offer = None

    @property
    def offer_now(self) -> OfferNow | None:
        """The offer as the status shows it."""
        return OfferNow(self.offer.reason, self.offer.sentence) if self.offer is not None else None

    def show_offer(self, offer: Offer) -> None:
        """Ask the user whether to keep what is offered."""
        self._notify(tr(TITLES[offer.reason]), offer.sentence, BUTTONS)

    def kept(self) -> None:
        """What was offered is stored."""
        self.offer = None

    def camera_returned(self, reason: str) -> None:
        """A borrower has returned the camera; a new calibration that does not fit either is reported again."""
        if reason in ANOTHER:
            self.offer = None
        if reason == "calibrating":
            self._moved_notified = False
