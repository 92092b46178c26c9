from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakari.cli.terminal.layout import paragraph, table, width_of
from hakari.cli.terminal.strip import ASCII, UNICODE, Strip, nice_range, strip

JAPANESE = "「リリース」段階は終えられません。対象となる要求事項 26 件のうち、満たさないものが 3 件あります。"
NUMBERS = st.floats(-1000, 1000).map(lambda number: round(number, 3))


@pytest.mark.parametrize(("text", "width"), [("abc", 3), ("件数", 4), ("n = 10 件", 9), ("é", 1), ("e\u0301", 1)])
def test_width_counts_columns_of_the_terminal(text: str, width: int) -> None:
    assert width_of(text) == width


@pytest.mark.parametrize("width", [20, 40, 61])
def test_japanese_wraps_within_its_width_and_loses_nothing(width: int) -> None:
    lines = paragraph(JAPANESE, width).split("\n")
    assert all(width_of(line) <= width + 2 for line in lines)
    assert "".join(lines).replace(" ", "") == JAPANESE.replace(" ", "")


@pytest.mark.parametrize("width", range(10, 40))
def test_no_japanese_line_begins_with_a_closing_mark_or_ends_with_an_opening_one(width: int) -> None:
    lines = paragraph(JAPANESE, width).split("\n")
    assert not any(line[0] in "。、」）" for line in lines)
    assert not any(line[-1] in "「（" for line in lines)


@given(st.text("ab ", max_size=80).map(str.strip), st.integers(10, 30))
def test_english_keeps_its_words(text: str, width: int) -> None:
    assert paragraph(text, width).split() == text.split()


def test_a_table_aligns_japanese_and_latin() -> None:
    lines = table([("性別", "女性"), ("sex", "female")], 80, indent="").split("\n")
    assert width_of(lines[0].removesuffix("女性")) == width_of(lines[1].removesuffix("female"))


def test_the_picture_shows_figure_interval_and_both_lines() -> None:
    drawn = Strip(value=12, low=4, high=18, limit=10, line=15, at_most=True, natural=(0, 100))
    picture, labels = strip(drawn, UNICODE, width=60, labels=("10", "15"), unit="%")
    body = picture[picture.index("├") + 1 : picture.index("┤")]
    low, high = nice_range(drawn)

    def place(number: float) -> int:
        return round((number - low) / (high - low) * (len(body) - 1))

    assert body[place(12)] == "●"
    assert body[place(10)] == "┿"
    assert body[place(15)] == "╋"
    assert body[place(4)] == "━" == body[place(18)]
    assert body[place(4) - 1] == "·"
    assert body[place(18) + 1] == "▒"
    assert labels.index("╵") == picture.index("┿")
    assert labels.rindex("╵") == picture.index("╋")


def test_a_limit_from_below_is_shaded_on_the_other_side() -> None:
    drawn = Strip(value=0.9, low=0.85, high=0.95, limit=0.8, line=0.75, at_most=False, natural=(0, 1))
    picture, _ = strip(drawn, UNICODE, width=60, labels=("0.80", "0.75"), unit="")
    assert picture.index("▒") < picture.index("┃") < picture.index("│") < picture.index("·") < picture.index("━")


@given(NUMBERS, NUMBERS, NUMBERS, NUMBERS, NUMBERS, st.booleans())
def test_the_picture_fits_whatever_the_numbers(
    value: float, one: float, two: float, limit: float, margin: float, at_most: bool
) -> None:
    low, high = min(one, two, value), max(one, two, value)
    line = limit + abs(margin) if at_most else limit - abs(margin)
    drawn = Strip(value=value, low=low, high=high, limit=limit, line=line, at_most=at_most)
    for signs in (UNICODE, ASCII):
        picture, labels = strip(drawn, signs, width=76, labels=("limit", "line"), unit=" points")
        assert width_of(picture) <= 76
        assert signs.value in picture
        assert "limit" in labels or signs.tick in labels
    ends = nice_range(drawn)
    assert ends[0] <= min(low, limit, line)
    assert ends[1] >= max(high, limit, line)
    assert picture.isascii()
