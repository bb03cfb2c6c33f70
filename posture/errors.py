"""The error that users may see: a sentence that says what happened and what to do."""

from __future__ import annotations

from posture.plain_text import plain, shortened


class PostureError(Exception):
    """An error whose message is shown to the user as it is, without a traceback.

    Parameters
    ----------
    message : str
        One sentence: what happened, and what to do about it. What it names, such as a file, is made harmless, and is
        cut if it is very long.
    exit_code : int
        Exit code of the process: 1 failed, 2 wrong usage or settings.
    """

    def __init__(self, message: str, exit_code: int = 1) -> None:
        super().__init__(shortened(plain(message)))
        self.exit_code = exit_code
