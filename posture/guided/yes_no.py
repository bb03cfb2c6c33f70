"""What means yes and no: the English letter and word, and those of the language of this process."""

from __future__ import annotations

from posture.language import trc


def is_yes(answer: str) -> bool:
    """Whether an answer means yes, in English or in the language of this process."""
    # Translators: what is typed for yes, a letter and the word. The English ones are taken as well.
    return answer.strip().lower() in ("y", "yes", trc("answer", "y"), trc("answer", "yes"))


def is_no(answer: str) -> bool:
    """Whether an answer means no, in English or in the language of this process."""
    # Translators: what is typed for no, a letter and the word. The English ones are taken as well.
    return answer.strip().lower() in ("n", "no", trc("answer", "n"), trc("answer", "no"))


def yes_letter() -> str:
    """Give the letter for yes, as a key is called."""
    return trc("answer", "y").upper()


def no_letter() -> str:
    """Give the letter for no, as a key is called."""
    return trc("answer", "n").upper()
