"""The short steps: welcome and privacy, the test notification, starting with the session, starting now."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from posture.coach.disclaimer import DISCLAIMER
from posture.desktop.session_notes import session_notes
from posture.errors import PostureError
from posture.guided.first_steps import NOT_SHOWN, show_test
from posture.language import mark, tr, tr_safety
from posture.window.english import english_beside
from posture.window.widgets import button, card, label, row, set_role

if TYPE_CHECKING:
    from posture.window.page import Surroundings

WELCOME = mark(
    "posture sees through your camera how you sit, and reminds you to stand up, to move and to "
    "stretch. It takes a few minutes to set up; each step can be left out and come back to."
)
PRIVACY = (
    mark("Pictures stay in one process, which can write no file and reach no network; each is forgotten at once."),
    mark("Only numbers are kept, such as how long you sat, in a folder of yours; you can delete them at any time."),
    mark("Nothing leaves this machine: no account, no cloud, no statistics."),
)
PROVE, PROVING = mark("Show me the proof"), mark("It is being tried ...")
PROOF = "proof"
"""What the window's helper shell calls it."""
PROOF_PATIENCE_S = 120.0
PROOF_FAILED = mark("The proof could not be made: in a terminal, posture doctor --privacy shows it.")
PROOF_HELD = mark("All of it holds on this machine:")
PROOF_NOT_HELD = mark("Not all of it holds on this machine:")
SIGNS = {"pass": "✓", "warn": "○", "fail": "✗"}
PROOF_LINE = "{sign}  {name}: {says}"
SEEN_ASK = mark("Did you see it?")
SEEN = mark("Reminders will look like that.")
# Translators: {way} is how, such as "systemd"
STARTS = mark("posture starts with the session, by {way}.")
STARTS_NOT = mark("posture does not start with the session.")
WATCHES = mark("posture is watching.")
STARTING = mark("Starting ...")


class WelcomeStep(QWidget):
    """What it is, privacy in three lines, and the proof."""

    def __init__(self, around: Surroundings) -> None:
        super().__init__()
        self._around = around
        self.prove = button(tr(PROVE), self._prove)
        self.proof = label()
        self.proof.hide()
        self.session = label()
        self.session.hide()
        lines = [label(f"{number}.  {tr(line)}") for number, line in enumerate(PRIVACY, 1)]
        privacy = card(label(tr("Privacy"), "heading"), *lines, row(self.prove), self.proof, name=tr("Privacy"))
        _in_a_column(
            self,
            label(tr(WELCOME)),
            self.session,
            privacy,
            label(tr_safety(DISCLAIMER), "soft"),
            *english_beside(DISCLAIMER),
        )
        around.work(session_notes, self._show_session)  # it is shown in its place, which it has now

    def _show_session(self, found: Any) -> None:
        """Say at once what this desktop lacks, and what to do instead."""
        if found and not isinstance(found, PostureError):
            self.session.setText("\n".join(found))
            self.session.show()

    def _prove(self) -> None:
        self.prove.setEnabled(False)
        self.proof.setText(tr(PROVING))
        self.proof.show()
        self._around.work(lambda: privacy_checks(self._around.outside), self._proved)

    def _proved(self, found: Any) -> None:
        self.prove.setEnabled(True)
        self.proof.setText(str(found) if isinstance(found, PostureError) else proof_text(found))


def privacy_checks(outside: Callable[[str, float], bytes | None]) -> dict[str, Any]:
    """What `posture doctor --privacy` finds, as its JSON; it runs outside of the window's box, which refuses a lot."""
    import json

    from posture import sandbox

    printed = outside(PROOF, PROOF_PATIENCE_S)
    if printed is None and not sandbox.held_by_kernel():
        printed = _printed_here()  # there is no box
    try:
        found = json.loads(printed or b"")
        return {"ok": bool(found["ok"]), "checks": list(found["checks"])}
    except (ValueError, KeyError, TypeError):
        raise PostureError(tr(PROOF_FAILED)) from None


def _printed_here() -> bytes | None:
    import subprocess

    from posture.child import NO_CONSOLE
    from posture.own_command import own_command, own_environment

    try:
        printed: bytes = subprocess.run(
            own_command("posture", "doctor", "--privacy", "--json"),
            env=own_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            timeout=PROOF_PATIENCE_S,
            check=False,
            **NO_CONSOLE,
        ).stdout
        return printed
    except (OSError, subprocess.TimeoutExpired):
        return None


def proof_text(found: dict[str, Any]) -> str:
    """Write the proof as lines."""
    lines = [
        PROOF_LINE.format(sign=SIGNS.get(str(check["status"]), "○"), name=check["name"], says=check["says"])
        for check in found["checks"]
    ]
    return "\n".join([tr(PROOF_HELD) if found["ok"] else tr(PROOF_NOT_HELD), *lines])


class NotificationStep(QWidget):
    """A notification that looks like a reminder."""

    def __init__(self, around: Surroundings, done: Callable[[], None]) -> None:
        super().__init__()
        self._around, self._done = around, done
        self.said = label()
        self.show_it = button(tr("Show a test notification"), self._show, main=True)
        self.yes = button(tr("&Yes, I have seen it"), lambda: self._answer(seen=True))
        self.no = button(tr("&No"), lambda: self._answer(seen=False))
        _in_a_column(
            self,
            label(tr("Reminders are notifications of your desktop. See what one looks like.")),
            row(self.show_it),
            self.said,
            row(self.yes, self.no),
        )
        self._ask(asks=False)

    def _ask(self, *, asks: bool) -> None:
        self.yes.setVisible(asks)
        self.no.setVisible(asks)

    def _show(self) -> None:
        why: list[str] = []
        settings = self._around.settings
        self._around.work(lambda: show_test(settings(), why.append), lambda found: self._shown(found, why))

    def _shown(self, found: Any, why: list[str]) -> None:
        console = not isinstance(found, PostureError) and found.via == "console"
        if isinstance(found, PostureError) or console:
            self._say(" ".join(why) if console else str(found), "bad")
            self._ask(asks=False)
            return
        self._say(tr(SEEN_ASK))
        self._ask(asks=True)
        self.yes.setFocus()

    def _answer(self, *, seen: bool) -> None:
        self._ask(asks=False)
        self._say(tr(SEEN) if seen else tr(NOT_SHOWN), "well" if seen else "bad")
        if seen:
            self._done()

    def _say(self, text: str, role: str = "") -> None:
        self.said.setText(text)
        set_role(self.said, role)


class AutostartStep(QWidget):
    """Start with the session, or not."""

    def __init__(self, around: Surroundings, done: Callable[[], None]) -> None:
        super().__init__()
        self._around, self._done = around, done
        self.said = label("", "heading")
        self.on = button(tr("Start with the session"), lambda: self._turn(on=True), main=True)
        # Translators: a button, beside "Start with the session"
        self.off = button(tr("Do not"), lambda: self._turn(on=False))
        _in_a_column(
            self,
            label(tr("posture can start by itself when you log in. It can be turned off here at any time.")),
            self.said,
            row(self.on, self.off),
        )

    def enter(self) -> None:
        """Say what is so now."""
        self._around.work(_way, self._came)

    def _turn(self, *, on: bool) -> None:
        def turned() -> str:
            from posture.desktop.autostart import Autostart

            if not on:
                Autostart().turn_off()
                return ""
            Autostart().turn_on()
            return _way()

        self._around.work(turned, self._turned)

    def _turned(self, found: Any) -> None:
        self._came(found)
        if not isinstance(found, PostureError):
            self._done()

    def _came(self, found: Any) -> None:
        bad = isinstance(found, PostureError)
        set_role(self.said, "bad" if bad else "heading")
        self.said.setText(str(found) if bad else found or tr(STARTS_NOT))


def _way() -> str:
    from posture.desktop.autostart import Autostart

    how = Autostart().how()
    return Autostart().note() or (tr(STARTS, way=how) if how else "")


class StartStep(QWidget):
    """Begin the watch."""

    def __init__(self, around: Surroundings, done: Callable[[], None]) -> None:
        super().__init__()
        self._around, self._done = around, done
        self.said = label("", "heading")
        self.start = button(tr("Start watching"), self._start, main=True)
        _in_a_column(
            self,
            label(tr("That was all. From now on posture watches how you sit, and says when it is time to move.")),
            row(self.start),
            self.said,
        )

    def on_status(self, runs: bool) -> None:
        """Whether a daemon runs."""
        self.start.setVisible(not runs)
        if runs:
            self._say(tr(WATCHES))

    def _start(self) -> None:
        self._say(tr(STARTING))
        self.start.setEnabled(False)
        self._around.daemon.start(self._started)

    def _started(self, why: str) -> None:
        self.start.setEnabled(True)
        self._say(why or tr(WATCHES), "bad" if why else "heading")
        if not why:
            self._done()

    def _say(self, text: str, role: str = "heading") -> None:
        self.said.setText(text)
        set_role(self.said, role)


def _in_a_column(inside: QWidget, *widgets: QWidget) -> None:
    column = QVBoxLayout(inside)
    column.setContentsMargins(0, 0, 0, 0)
    column.setSpacing(12)
    for widget in widgets:
        column.addWidget(widget)
