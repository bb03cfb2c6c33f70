"""Soft sounds of a guided exercise: a tone when a clock starts, another when it ends, a short one for each repetition.

QtMultimedia is no part of PySide6-Essentials, and the whole of PySide6 is three times its size. So the tones are made
here, and played by the program that the desktop has for it (PipeWire, PulseAudio, ALSA, macOS), or by Windows itself;
without one there is the desktop's own beep. They lie in a folder of the process, which ends with it.
"""

from __future__ import annotations

import contextlib
import math
import shutil
import struct
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from posture.guided.lead import Said, Sound

RATE_HZ = 22_050
LOUDNESS = 0.25
"""The highest peak, of 1: soft beside speech or music [design choice]."""
TONES: dict[str, tuple[tuple[float, float], ...]] = {
    "start": ((523.25, 0.12), (783.99, 0.22)),
    "end": ((783.99, 0.12), (523.25, 0.30)),
    "counted": ((659.26, 0.14),),
}
"""Pitch in Hz and length in s of each note: up, down, and one alone, so that they are told apart [design choice]."""
PLAYERS = ("pw-play", "paplay", "aplay", "afplay")


def tone(sound: str, loudness: float = LOUDNESS) -> bytes:
    """Give a tone as a WAV file: one channel, 16 bits, each note fading in and out."""
    samples: list[int] = []
    for pitch_hz, length_s in TONES[sound]:
        count = round(length_s * RATE_HZ)
        for number in range(count):
            fade = min(1.0, number / (0.01 * RATE_HZ)) * (1.0 - number / count) ** 1.5
            samples.append(round(32_767 * loudness * fade * math.sin(2 * math.pi * pitch_hz * number / RATE_HZ)))
    body = struct.pack(f"<{len(samples)}h", *samples)
    head = struct.pack("<4sI4s", b"RIFF", 36 + len(body), b"WAVE")
    head += struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, 1, RATE_HZ, 2 * RATE_HZ, 2, 16)
    return head + struct.pack("<4sI", b"data", len(body)) + body


class Sounds:
    """Plays what is to be heard, by the setting `coach.cues`; `loudness` is the highest peak of a tone."""

    def __init__(self, cues: str, loudness: float = LOUDNESS) -> None:
        from posture.guided.speech import Voice

        self.cues, self._loudness = cues, loudness
        self.voice = Voice()
        self._player = next((path for name in PLAYERS if (path := shutil.which(name))), None)
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._playing: subprocess.Popen[bytes] | None = None

    def hear(self, said: Said) -> None:
        """Let a sentence be heard, or the tone that stands for it."""
        if self.cues == "voice" and said.text:
            self.voice.say(said.text)
        elif self.cues == "sound" and said.sound != "say":
            self.play(said.sound)

    def play(self, sound: Sound) -> None:
        """Play a tone, unless one is playing."""
        if self._playing is not None and self._playing.poll() is None:
            return
        try:
            if sys.platform == "win32":
                import winsound

                winsound.PlaySound(str(self._file(sound)), winsound.SND_FILENAME | winsound.SND_ASYNC)
            elif self._player is not None:
                self._playing = subprocess.Popen(
                    [self._player, str(self._file(sound))],
                    stdin=subprocess.DEVNULL,
                    stdout=subprocess.DEVNULL,
                    stderr=subprocess.DEVNULL,
                )
            else:
                raise OSError
        except (OSError, RuntimeError):
            from PySide6.QtWidgets import QApplication

            QApplication.beep()

    def _file(self, sound: Sound) -> Path:
        if self._folder is None:
            self._folder = tempfile.TemporaryDirectory(prefix="posture-", ignore_cleanup_errors=True)
        path = Path(self._folder.name, f"{sound}.wav")
        if not path.exists():
            with path.open("wb") as file:
                file.write(tone(sound, self._loudness))
        return path

    def close(self) -> None:
        """Leave nothing behind."""
        if self._folder is not None:
            if sys.platform == "win32":
                import winsound

                winsound.PlaySound(None, 0)  # a file that is being played cannot be removed
            with contextlib.suppress(OSError):
                self._folder.cleanup()
