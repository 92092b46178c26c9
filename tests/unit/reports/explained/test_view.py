"""The view of a row: numbers that can be compared, and sentences that say what the numbers say."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hakari.messages import say
from hakari.reports.explained import Following, row_view
from hakari.reports.explained.view import Numbers
from hakari.reports.words import Words
from tests.unit.reports.explained._found import explanation

_EN, _JA = Words("en"), Words("ja")


def test_the_strongest_stands_first_whichever_way_it_pulls() -> None:
    view = row_view(explanation({"a": 0.1, "b": -0.9, "c": 0.5}), _EN)
    assert [(line.name, line.contribution) for line in view.features] == [("b", -0.9), ("c", 0.5), ("a", 0.1)]


def test_the_way_says_from_where_to_where_and_where_the_line_is() -> None:
    view = row_view(explanation({"a": 0.5, "b": -0.9}), _EN)
    assert "From 1.000" in view.way
    assert "to 0.600 for this row" in view.way
    assert "1.200" in view.way
    assert "line" not in row_view(explanation({"a": 0.5}, line=None), _EN).way


@pytest.mark.parametrize(
    ("values", "number", "text"),
    [
        ([0.5], 0.25, "+0.250"),
        ([0.5], -0.0001, "0.000"),
        ([1234.5], 1234.5, "+1,234"),
        ([0.0], 0.0, "0.00"),
        ([2e-9], -2e-9, "-2.00e-09"),
        ([], 1.0, "+1.00"),
    ],
)
def test_contributions_have_equal_decimals_three_digits_for_the_largest(
    values: list[float], number: float, text: str
) -> None:
    assert Numbers.like(np.array(values)).signed(number) == text


def test_a_true_minus_is_written_where_it_is_asked_for() -> None:
    assert Numbers.like(np.ones(1), minus="−").signed(-0.5) == "−0.50"


def test_only_the_strongest_on_each_side_have_a_share_that_holds() -> None:
    """Nobody looked at the others: their 0 in the figures is no finding."""
    values = {name: -float(place) for place, name in enumerate("abcdef", 1)} | {"g": 0.5, "h": 0.0}
    found = {line.name: line.kept for line in row_view(explanation(values), _EN).features}
    assert found == {"f": 1, "e": 1, "d": 1, "c": 1, "b": None, "a": None, "g": 1, "h": None}


def test_values_of_a_group_stand_by_column_and_a_missing_one_is_named() -> None:
    found = explanation({"x+y": 0.5, "z": 0.1})
    lines = {
        line.name: line for line in row_view(replace(found, own={"x": None, "y": 1234567.0, "z": "東京"}), _EN).features
    }
    assert lines["x+y"].value == "x = missing, y = 1.23457e+06"
    assert lines["x+y"].brief == "missing / 1.23457e+06"
    assert lines["x+y"].usual == "0.5 / 0.5"
    assert lines["z"].value == "東京"


@pytest.mark.parametrize(
    ("following", "words"),
    [
        (Following(orders=99, beaten=98, tied=0, infidelity=None), ("yes: faster than 99%", "nothing to measure")),
        (Following(orders=99, beaten=70, tied=0, infidelity=-0.1), ("open: faster than 71%", "0.00")),
        (Following(orders=99, beaten=20, tied=0, infidelity=1.5), ("no: faster than only 20%", "1.50")),
        (Following(orders=99, beaten=0, tied=99, infidelity=0.2), ("cannot be asked", "0.20")),
    ],
)
def test_what_the_trials_found_is_told_with_its_numbers(following: Following, words: tuple[str, str]) -> None:
    tests = row_view(explanation({"a": 0.5, "b": 0.1}, following=following), _EN).tests
    assert tests[0].value.startswith(words[0])
    assert tests[1].value == words[1]


def test_the_decision_and_its_reasons_are_told_in_both_languages() -> None:
    found = explanation({"debts": -0.9, "income": 0.2})
    english, japanese = row_view(found, _EN), row_view(found, _JA)
    assert english.title == "Row 18 of Loans"
    assert japanese.title == "融資：18 行目"
    assert "does not give this row the class “1”: score 0.7, line 0.8" in english.decision
    assert "pulling down: debts" in english.sentences[-1]
    assert "値を下げる方向）：debts" in japanese.sentences[-1]
    assert "not for the person" in english.private
    assert "本人向けではありません" in japanese.private


def test_a_model_without_scores_has_no_score_in_its_words() -> None:
    assert "score" not in row_view(explanation({"a": 1.0}, score=None, positive=True), _EN).decision


def test_without_a_reason_that_holds_the_view_says_so() -> None:
    found = explanation({"a": 1.0})
    view = row_view(replace(found, reasons=replace(found.reasons, stated=(), unstable=1)), _EN)
    assert view.sentences[-1].startswith("No feature holds well enough")


def test_warnings_and_limits_stand_in_the_language_of_the_reader() -> None:
    warned = explanation({"a": 1.0}, warnings=(say("workflows.explaining.other_groups"),))
    assert row_view(warned, _JA).warnings[0].startswith("マニフェストの groups")
    assert any("not the person" in limit for limit in row_view(warned, _EN).limits)
