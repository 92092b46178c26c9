from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakari.office.registry.search import MOST_WORDS, grams, normal, share, words

TEXTS = st.text(max_size=40)


@given(TEXTS)
def test_a_text_that_was_made_comparable_stays_as_it_is(text: str) -> None:
    assert normal(normal(text)) == normal(text)


@given(TEXTS, TEXTS)
def test_what_two_texts_share_is_symmetric_and_between_0_and_1(first: str, second: str) -> None:
    one, two = grams(first), grams(second)
    assert share(one, two) == share(two, one)
    assert 0 <= share(one, two) <= 1
    assert share(one, one) == (1 if one else 0)


@given(TEXTS)
def test_every_pair_of_a_word_stands_in_the_text(text: str) -> None:
    assert all(len(pair) == 2 and pair in normal(text) for pair in grams(text))


@given(st.text(alphabet="アイウカガハパ漢字abcＡｂ１", min_size=1, max_size=20))
def test_full_and_half_width_are_alike(text: str) -> None:
    assert normal(text) == normal(unicodedata.normalize("NFKC", text))


@pytest.mark.parametrize(("typed", "expected"), [("  Ａ b\u3000Ｃ ", ["a", "b", "c"]), ("x x", ["x"]), ("\x00", [])])
def test_words_of_a_query_are_told_apart(typed: str, expected: list[str]) -> None:
    assert words(typed) == expected


def test_a_query_has_only_so_many_words() -> None:
    assert len(words(" ".join(str(number) for number in range(100)))) == MOST_WORDS


def test_the_share_of_two_words_is_that_of_their_pairs() -> None:
    """night: ni ig gh ht; nacht: na ac ch ht; one of eight pairs twice (Dice 1945)."""
    assert share(grams("night"), grams("nacht")) == 2 * 1 / 8
