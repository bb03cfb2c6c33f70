"""How much room a text takes on a terminal, and where its lines are broken."""

from __future__ import annotations

import textwrap

from hypothesis import given
from hypothesis import strategies as st

from posture.output import fitted
from posture.plain_text import cut, padded, width, wrapped

JAPANESE = "三十分ほど座りつづけています。立ち上がって、「少し」歩きましょう。posture pause 30m で休止できます。"


@given(st.text("ab-é .\t", max_size=60), st.integers(1, 30), st.integers(0, 4))
def test_text_with_spaces_is_broken_as_textwrap_does(text: str, columns: int, hang: int) -> None:
    assert wrapped(text, columns, hang) == textwrap.wrap(
        text,
        columns,
        subsequent_indent=" " * hang,
        break_long_words=False,
        break_on_hyphens=False,
        replace_whitespace=False,
        expand_tabs=False,
    )


def test_wide_characters_take_two_columns_and_combining_ones_none() -> None:
    assert (width("abc"), width("姿勢"), width("e\u0301"), width("…°é")) == (3, 4, 1, 3)
    assert padded("姿勢", 6) + "|" == "姿勢  |"
    assert padded("longer", 3) == "longer"
    assert cut("姿勢を見る", 5) == "姿勢"


@given(st.integers(20, 60), st.integers(0, 4))
def test_text_without_spaces_is_broken_between_its_characters(columns: int, hang: int) -> None:
    lines = wrapped(JAPANESE, columns, hang)
    assert all(width(line) <= columns for line in lines)
    assert "".join("".join(lines).split()) == "".join(JAPANESE.split())
    assert not any(line.strip()[0] in "、。」" or line[-1] == "「" for line in lines)
    assert any("posture" in line for line in lines)


def test_a_line_of_wide_characters_is_fitted_to_the_terminal() -> None:
    lines = fitted(f"カメラ  {JAPANESE}", 40).split("\n")
    assert len(lines) > 2
    assert all(width(line) <= 40 for line in lines)
    assert all(line.startswith(" " * width("カメラ  ")) for line in lines[1:])


@given(st.text(max_size=30), st.integers(0, 40))
def test_what_is_cut_fits_and_is_a_beginning(text: str, columns: int) -> None:
    assert width(cut(text, columns)) <= columns
    assert text.startswith(cut(text, columns))
