"""The one error that a user may meet: a sentence that says what happened and what to do."""

from __future__ import annotations

__all__ = ["PostureError"]


class PostureError(Exception):
    """Shown to the user as it is, without a traceback.

    Parameters
    ----------
    message : str
        One sentence: what happened, and what to do about it.
    exit_code : int
        What the process ends with: 1 failed, 2 wrong usage or settings.
    """

    def __init__(self, message: str, exit_code: int = 1) -> None:
        super().__init__(message)
        self.exit_code = exit_code
