"""What a user can ever see is spelled the British way; the texts are those of test_claims.py.

Names are not spelled by us: what stands in backticks, options, identifiers, style sheets, an organisation's own name.
"""

from __future__ import annotations

import re

import pytest
from test_claims import texts

AMERICAN = re.compile(
    r"\b("
    r"cent(er|ers|ered|ering)|theaters?|fibers?|calibers?|(kilo|centi|milli)?(meters|liters?)|(kilo|centi|milli)meter"
    r"|(\w*colo|behavio|favo|flavo|hono|humo|labo|neighbo|rumo|tumo|vapo|harbo|odo|endeavo|rigo)r(?!ato|oscop|ous)\w*"
    r"|gr[a]y(s|ish|er|scale)?|\w*(analy|paraly|cataly)z\w*"
    r"|(travel|label|model|cancel|signal|level|fuel|dial|channel|counsel|total|unravel|pencil)(ed|ing|er|ers)"
    r"|fulfills?|enrolls?|instills?|distills?|skillful\w*|willful\w*|installments?|enrollments?"
    r"|(def|off|pret)enses?|licenses?|practic(ed|ing)|(judg|acknowledg)ments?|aging"
    r"|catalogs?|dialogs?|analogs?|plows?|molds?|gotten|math|artifacts?|jewelry|maneuver\w*|skeptic\w*|airplanes?"
    r"|aluminum|sulfur|mom|toward|afterward|forwards from"
    r"|orthoped\w*|pediatr\w*|anesthe\w*|estrogen\w*|edema\w*|diarrhea\w*|hemorrhag\w*|leukemia\w*|tumors?|cesarean\w*"
    r"|\w{2,}(?<!s)iz(e|es|ed|er|ers|ing|able|ations?)|\w+yz(e|es|ed|ing)"
    r")\b",
    re.IGNORECASE,
)
# Words in -ize that are so spelled everywhere.
EVERYWHERE = re.compile(
    r"(over|under|down|re|cap|out)?siz(e|es|ed|ing|er|able)|(ap|misap)?priz(e|es|ed|ing)|seiz(e|es|ed|ing)", re.I
)
NAMES = re.compile(
    r"`[^`\n]*`|^```.*?^```|--[\w-]+|\b\w+_\w+\b|World Health Organization|[\w.-]+/[\w./-]+|\b[\w-]+:\s*[^;{}\n]*;"
    r"|\bcolor(?:-scheme)?: |<[a-z!?/][^>]*>|\$\{?\w+|\b[A-Z]+_?[A-Z]+\b",
    re.MULTILINE | re.DOTALL,
)


def american(text: str) -> list[str]:
    if not re.search(r"\s", text.strip()):
        return []  # one word by itself is a name: of a key, an option, a colour of a chart
    found = [match[0] for match in AMERICAN.finditer(NAMES.sub(" ", text))]
    return [word for word in found if not EVERYWHERE.fullmatch(word)]


def test_what_a_user_reads_is_spelled_the_british_way() -> None:
    found = [(where, word) for where, text in texts() for word in american(text)]
    assert not found, "\n".join(f"{where}: {word}" for where, word in found)


@pytest.mark.parametrize(
    "word",
    [
        *(
            "center",
            "colors",
            "behavior",
            "neighbors",
            "gray",
            "analyze",
            "labeled",
            "license",
            "judgment",
            "practicing",
        ),
        *("toward", "organized", "recognize", "summarizes", "minimization", "catalog", "fulfill", "centimeters"),
    ],
)
def test_an_american_word_would_be_found(word: str) -> None:
    assert american(f"All is well with the {word} here.") == [word]


@pytest.mark.parametrize(
    "text",
    [
        "The size of the prize, resized and seized.",
        "Colour of the grey disc, labelled; a licence, a judgement, a program, a cost meter, two laboratories.",
        "World Health Organization guideline on chronic low back pain, 2023",
        "Set NO_COLOR, or give --no-color; `text-align: center` is a style.",
        "body { color: var(--ink); background: var(--paper); }",
    ],
)
def test_what_is_british_or_a_name_is_let_through(text: str) -> None:
    assert american(text) == []
