from __future__ import annotations

import io
from types import SimpleNamespace

import pytest

from posture.cli.progress import StatusLine, progress


class Terminal(io.StringIO):
    """A terminal, and what a person sees in its last line."""

    def isatty(self) -> bool:
        return True

    def line(self) -> str:
        shown = ""
        for part in self.getvalue().split("\r"):
            shown = part + shown[len(part) :]
        return shown.rstrip()


@pytest.fixture
def terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    terminal = Terminal()
    # Not sys.stderr itself, which pytest sets anew between a fixture and its test.
    monkeypatch.setattr("posture.cli.progress.sys", SimpleNamespace(stderr=terminal))
    monkeypatch.setenv("COLUMNS", "60")
    return terminal


def test_a_job_of_known_length(terminal: Terminal) -> None:
    with progress("replay", 50.0, "s") as bar:
        assert terminal.line() == "replay [                    ] 0 of 50 s"
        bar(25.0)
        assert terminal.line() == "replay [##########          ] 25 of 50 s"
        bar(80.0)
        assert terminal.line() == "replay [####################] 80 of 50 s"
    assert terminal.line() == ""


def test_a_job_of_unknown_length_and_one_in_per_cent(terminal: Terminal) -> None:
    with progress("replay", None, "s") as bar:
        bar(7.0)
        assert terminal.line() == "replay 7 s"
    with progress("fps=2", 1.0) as bar:
        bar(0.5)
        assert terminal.line() == "fps=2 [##########          ]  50 %"


def test_the_line_goes_when_the_job_fails(terminal: Terminal) -> None:
    with pytest.raises(KeyboardInterrupt), progress("replay", 50.0, "s"):
        raise KeyboardInterrupt
    assert terminal.line() == ""


def test_a_shorter_text_covers_a_longer_one_and_a_long_one_is_cut(terminal: Terminal) -> None:
    line = StatusLine(terminal)
    line.show("sitting 12 min | bout 40 min")
    line.show("away")
    assert terminal.line() == "away"
    line.show("x" * 100)
    assert terminal.line() == "x" * 59
    written = terminal.tell()
    line.clear()
    line.clear()
    line.show("")
    assert terminal.tell() == written + 59 + 2


def test_nothing_is_written_where_nobody_watches(capsys: pytest.CaptureFixture[str]) -> None:
    with progress("replay", 50.0, "s") as bar:
        bar(25.0)
    assert capsys.readouterr() == ("", "")
