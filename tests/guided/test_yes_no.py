"""The letters for yes and no: the English ones and the language's own, and none that means both."""

from __future__ import annotations

import pytest
from test_language import SPOKEN, catalogues

from posture.guided import yes_no
from posture.guided.yes_no import is_no, is_yes, no_letter, yes_letter


@pytest.fixture(params=SPOKEN)
def _spoken(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """The answers of a language, from its catalogue."""
    catalogue = catalogues.read(request.param)
    monkeypatch.setattr(yes_no, "trc", lambda context, text: catalogue.get(text, context).string)


@pytest.mark.usefixtures("_spoken")
def test_the_letters_of_a_language_are_taken_beside_the_english_ones() -> None:
    assert is_yes(yes_letter())
    assert is_no(no_letter())
    for answer in ("y", "yes", yes_letter()):
        assert is_yes(answer)
        assert not is_no(answer)
    for answer in ("n", "no", no_letter()):
        assert is_no(answer)
        assert not is_yes(answer)


def test_nothing_means_nothing() -> None:
    assert not is_yes("")
    assert not is_no("")
    assert (yes_letter(), no_letter()) == ("Y", "N")
