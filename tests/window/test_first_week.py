"""A first week without a terminal: everything in the window and in notifications, nothing typed but what is asked for.

The window is the real one in its own process, the daemon is the one that it starts, the notifications arrive at a
service of this test. The camera is a clip; the days before are those of the sample. It takes three minutes, so it runs
at night.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from private_session import DATA, EVER, Program, Session, session, until

from posture.coach.safety import CONDITION_QUESTIONS, QUESTIONS
from posture.history.store import Store
from posture.report import sample

__all__ = ["session"]
pytestmark = [pytest.mark.nightly, pytest.mark.skipif(not sys.platform.startswith("linux"), reason="X11")]
DRIVEN = Path(__file__).parent / "driven.py"
CLIP = DATA / "still.mp4"
SETTINGS = {"Source": str(CLIP), "Stretch after": "10s", "Spacing": "0s"}
"""What somebody who cannot wait chooses in the preferences."""


class Hand:
    """Uses the window."""

    def __init__(self, own: Session, *arguments: str) -> None:
        self._window = own.python(str(DRIVEN), *arguments)

    def do(self, do: str, what: str = "", **more: object) -> Any:
        self._window.write(json.dumps({"do": do, "what": what, **more}))
        return json.loads(self._window.line())

    def sees(self, *texts: str) -> bool:
        shown = " ".join(self.do("see"))
        return all(text in shown for text in texts)

    def wait(self, *texts: str, patience_s: float = 120.0) -> None:
        try:
            until(lambda: self.sees(*texts), f"{texts} is seen", patience_s)
        except AssertionError as error:
            raise AssertionError(f"{error}\n" + "\n".join(self.do("see"))) from None

    def click(self, what: str) -> None:
        try:
            until(lambda: self.do("click", what), f"{what} can be clicked", 60.0)
        except AssertionError as error:
            raise AssertionError(f"{error}\n" + "\n".join(self.do("see"))) from None

    def slide(self, what: str, to: int) -> None:
        until(lambda: self.do("slide", what, to=to), f"{what} can be moved", 60.0)

    def key(self, keys: str) -> None:
        self.do("key", keys)

    def type(self, what: str, text: str) -> None:
        until(lambda: self.do("type", what, text=text), f"{what} can be filled in", 60.0)

    def close(self) -> int:
        self.do("key", "Ctrl+W")
        return self._window.process.wait(60)


def told(server: Program) -> dict[str, Any]:
    """What the notification service is told next, on a busy machine, too."""
    until(lambda: not server.silent(), "a notification", 180.0)
    return server.told()


@pytest.fixture
def new_desk(session: Session, require_tool: Callable[[str], str], tmp_path: Path) -> Iterator[Session]:
    """A desktop with a screen; posture was installed and has never run."""
    session.env |= {"POSTURE_CONFIG": str(tmp_path / "settings.toml"), "POSTURE_DATA": str(tmp_path / "data")}
    session.screen(require_tool, "1100x900")
    yield session
    session.run(sys.executable, "-m", "posture", "stop", check=False)


def test_a_first_week_without_a_terminal(new_desk: Session, tmp_path: Path) -> None:
    server = new_desk.notifications("actions", "body", "persistence")
    hand = Hand(new_desk, "--source", str(CLIP))

    # The first evening: setup.
    hand.wait("Welcome", "Nothing leaves this machine")
    hand.click("Next")
    hand.wait("Your camera")
    hand.click("Skip")
    hand.wait("Your safety")
    hand.click("Answer the questions")
    for question in QUESTIONS:
        hand.wait(question.text)
        hand.click("No")
    for _ in CONDITION_QUESTIONS:
        hand.click("No")
    hand.click("Next")
    hand.wait("How you sit upright")
    hand.click("Begin")
    hand.wait("this is how you sit upright")
    hand.click("Next")
    hand.click("Show a test notification")
    assert "reminder" in told(server)["body"]
    hand.click("Yes, I have seen it")
    hand.click("Next")
    hand.click("Start with the session")
    hand.wait("posture starts with the session")
    hand.click("Next")
    hand.key("Ctrl+6")
    hand.wait("Preferences")
    for setting, value in SETTINGS.items():
        hand.type("Search the settings", setting)
        hand.type(setting, value)
        key = setting.lower().replace(" ", "_")
        until(lambda key=key: f"{key} =" in (tmp_path / "settings.toml").read_text(), f"{setting} is kept")
    hand.key("Ctrl+1")
    hand.click("Start watching")
    hand.wait("Sitting")

    # A reminder comes, "Show me" shows how, and the hold is led and kept.
    while (shown := told(server)).get("summary", "").partition(":")[0] != "Time to stretch":
        pass
    assert "show" in shown["actions"]
    server.write("show")
    hand.wait("Breathe into the open", "Start")
    assert hand.close() == 0

    # The hold is led by what the camera sees, and kept.
    hand = Hand(new_desk, "stretch:ql_stand", "--source", str(DATA / "stretch_a.mp4"))
    hand.wait("Standing side-bend")
    hand.click("Start")
    hand.wait("seen by the camera", "Your plan for today", "Next:", patience_s=300.0)

    # In the evening it hurts a little.
    hand.key("Ctrl+4")
    hand.slide("Pain, 0 to 10", 3)
    hand.click("Log this pain")
    hand.wait("Logged", "3")

    # The days went by, and the week is looked at.
    with Store(tmp_path / "data/history.sqlite3") as store:
        points = store.points(*EVER)
        for back in range(1, 7):
            sample._write(store, date.today() - timedelta(days=back), sample._LAST_WEEK[0], sample.sample_zone())
    assert all(point.detail["verified"] for point in points if point.kind == "hold")
    assert {"hold", "reminder"} <= {point.kind for point in points}
    assert [point.detail["level"] for point in points if point.kind == "pain"] == [3]
    hand.key("Ctrl+5")
    hand.click("Week")
    hand.wait("You sat")
    assert hand.close() == 0
