"""The drawing of an exercise in the terminal: of characters, or a picture where the terminal shows pictures."""

from __future__ import annotations

import os
import select
import subprocess
import sys
from collections import Counter
from pathlib import Path

import pytest

from posture.cli.figure import MOST_COLUMNS, ROWS, characters
from posture.coach.exercise import Exercise
from posture.coach.exercises import find_exercise
from posture.coach.packaged import packaged
from posture.report.drawings import drawing

each = pytest.mark.parametrize("exercise", packaged(), ids=lambda exercise: exercise.id)


@each
@pytest.mark.parametrize("braille", [True, False])
def test_every_figure_fits_and_shows_itself(exercise: Exercise, braille: bool) -> None:
    rows = characters(drawing(exercise), braille=braille)
    assert 4 <= len(rows) <= ROWS + 1
    assert max(map(len, rows)) <= MOST_COLUMNS + 1
    assert rows[0].strip()
    assert rows == [row.rstrip() for row in rows]
    text = "".join(rows)
    assert text.isascii() != braille
    assert len(set(text)) > (8 if braille else 3)


def test_left_and_right_are_mirror_images() -> None:
    left, right = (characters(drawing(find_exercise("ql_stand"), side), braille=False) for side in ("left", "right"))  # type: ignore[arg-type]
    arrow_left = max(row.rfind("*") for row in left[:3])
    arrow_right = max(row.rfind("*") for row in right[:3])
    assert arrow_left > arrow_right


def show_in_a_terminal(tmp_path: Path, answer: bytes) -> str:
    """Show a drawing in a terminal that answers questions about itself with `answer`."""
    import pty
    import termios

    master, slave = pty.openpty()
    termios.tcsetwinsize(slave, (40, 100))
    environment = {**os.environ, "TERM": "xterm-256color", "POSTURE_CONFIG": str(tmp_path / "settings.toml")}
    command = [sys.executable, "-m", "posture", "exercises", "show", "bridge"]
    with subprocess.Popen(
        command, stdin=slave, stdout=slave, stderr=slave, env=environment, start_new_session=True
    ) as shown:
        os.close(slave)
        output, answered = b"", Counter[bytes]()
        while shown.poll() is None or select.select([master], [], [], 0)[0]:
            if select.select([master], [], [], 0.1)[0]:
                try:
                    output += os.read(master, 65536)
                except OSError:
                    break
                for question, reply in ((b"\x1b[c", answer), (b"\x1b[16t", b"\x1b[6;20;10t")):
                    if output.count(question) > answered[question]:
                        answered[question] += 1
                        os.write(master, reply)
        assert shown.wait() == 0
    os.close(master)
    return output.decode(errors="replace")


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="a terminal of its own is made with pty")
def test_a_terminal_that_shows_pictures_gets_one_and_another_gets_characters(tmp_path: Path) -> None:
    sixel = show_in_a_terminal(tmp_path, b"\x1b[?62;4;22c")
    assert "\x1bP" in sixel
    assert "⠉" not in sixel
    plain = show_in_a_terminal(tmp_path, b"\x1b[?62;22c")
    assert "\x1bP" not in plain
    assert "⠉" in plain
    assert "Lift" in plain or "lift" in plain
