"""The glossary says values as people say them, and names nothing that it does not know."""

from __future__ import annotations

import math

import pytest

from tests.unit.assessment.notice._texts import both, glossary, glossary_of

LANGUAGES = ("en", "ja")


def test_a_number_is_scaled_rounded_and_written_with_its_unit() -> None:
    entry = glossary().columns["debts"]
    assert entry.shown(0.404, LANGUAGES) == {"en": "40 %", "ja": "40 %（日）"}
    assert entry.unit == pytest.approx(0.05)
    assert glossary().columns["income"].shown(12345, ("en",)) == {"en": "12,345"}


def test_a_number_that_rounds_to_nothing_has_no_minus() -> None:
    assert glossary().columns["debts"].shown(-0.001, ("en",)) == {"en": "0 %"}


@pytest.mark.parametrize("value", [1, 1.0, True, "1"])
def test_a_level_is_found_however_it_is_stored(value: object) -> None:
    assert glossary().columns["late"].shown(value, ("en",)) == {"en": "some"}


@pytest.mark.parametrize("value", [None, math.nan])
def test_a_missing_value_has_no_words(value: object) -> None:
    assert glossary().columns["debts"].shown(value, LANGUAGES) == {}


def test_a_text_without_words_is_shown_as_it_is() -> None:
    assert glossary().columns["income"].shown("unknown", LANGUAGES) == {"en": "unknown", "ja": "unknown"}


def test_what_stands_nowhere_in_the_file_may_not_be_named() -> None:
    assert glossary().is_private("race")
    assert not glossary().is_private("debts")


def test_a_group_with_a_private_column_is_private() -> None:
    columns = {**glossary_of()["columns"], "second": {"name": both("second income"), "private": True}}
    assert glossary(columns=columns).is_private("incomes")


def test_a_group_holds_only_columns_that_the_model_is_given() -> None:
    assert glossary().grouped(("debts", "second")) == {"incomes": ("second",)}
    assert glossary().grouped(("debts",)) == {}
