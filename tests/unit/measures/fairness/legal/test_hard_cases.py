"""`fairness.legal` on what is awkward: small, empty, weighted, clustered, oddly named, and asked wrongly."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hakari.errors import InputError, InterruptedRun
from hakari.evidence import Interval
from hakari.inputs import Columns, Inputs, open_data
from hakari.measures import Context
from hakari.measures.fairness.legal import LegalParameters, measure_legal
from hakari.messages import render
from tests.unit.measures.fairness.legal.test_figures import FRAME, legal, people
from tests.unit.measures.lending import bounds, find, said, value, why


def test_small_groups_are_listed_and_not_compared() -> None:
    measured = legal(FRAME, "sex", min_rows=40)
    assert why(measured, "impact_ratio", sex="other") == "measures.fairness.legal.small_group"
    assert why(measured, "fisher_p", sex="other") == "measures.fairness.legal.small_group"
    (told,) = [m for m in measured.limits if m.key == "measures.fairness.legal.limit.small"]
    assert "other" in render(told)
    # They are still among the others that the rest are compared with.
    assert find(measured, "fisher_p", sex="men").n == 212


def test_a_ratio_that_rests_on_one_selection_is_said_to() -> None:
    """80 and 20 people with 16 and 3 selected: below four-fifths, but one selection more turns it."""
    measured = legal(people({("w",): (16, 64), ("b",): (3, 17)}, "g"), "g", min_rows=20)
    assert value(measured, "impact_ratio_min") == pytest.approx(0.75)
    assert value(measured, "selections_to_flip", g="b") == 1
    (told,) = [m for m in measured.limits if m.key == "measures.fairness.legal.limit.shaky"]
    assert "b" in told.arguments["groups"]
    low, high = bounds(measured, "impact_ratio_min")
    assert low < 0.4 < 0.8 < high


def test_a_clear_difference_above_four_fifths_is_said_too() -> None:
    measured = legal(people({("w",): (6000, 4000), ("b",): (5200, 4800)}, "g"), "g")
    assert value(measured, "impact_ratio_min") > 0.8
    (told,) = [m for m in measured.limits if m.key == "measures.fairness.legal.limit.hidden"]
    assert told.arguments["groups"] == ["b"]


def test_where_nobody_is_selected_there_is_a_reason_and_no_number() -> None:
    measured = legal(people({("a",): (0, 50), ("b",): (0, 60)}, "g"), "g")
    for metric in ("impact_ratio", "fisher_p", "standard_deviations", "pooled_z", "selections_to_flip"):
        assert why(measured, metric, g="a") == "measures.fairness.legal.nothing_selected"
    assert why(measured, "impact_ratio_min") == "measures.fairness.legal.nothing_selected"


def test_one_group_has_nothing_to_be_compared_with() -> None:
    measured = legal(people({("a",): (20, 50)}, "g"), "g")
    assert why(measured, "impact_ratio", g="a") == "measures.fairness.legal.one_group"
    assert why(measured, "fisher_p_min") == "measures.fairness.legal.one_group"


def test_strata_that_compare_nothing_are_counted() -> None:
    counts = {("a", "x"): (5, 35), ("b", "x"): (9, 31), ("a", "y"): (20, 0), ("b", "y"): (20, 0)}
    measured = legal(people(counts, "g", "s"), "g", controls=("s",))
    (told,) = [m for m in measured.limits if m.key == "measures.fairness.legal.limit.silent"]
    assert told.arguments["share"] == pytest.approx(40 / 120)


@pytest.mark.parametrize("meaning", [{"weight": "w"}, {"cluster": "who"}])
def test_dependent_rows_have_ratios_and_no_tests(meaning: dict[str, str]) -> None:
    frame = FRAME.assign(w=np.linspace(0.5, 1.5, 212), who=[f"p{k // 2}" for k in range(212)], s="x")
    measured = legal(frame, "sex", meaning=meaning, controls=("s",))
    assert why(measured, "fisher_p", sex="men") == "measures.fairness.legal.dependent"
    assert why(measured, "mantel_haenszel_p_min") == "measures.fairness.legal.dependent"
    found = find(measured, "impact_ratio_min")
    assert isinstance(found.interval, Interval)
    assert "effective n" in found.interval.method
    assert "measures.fairness.legal.limit.dependent" in said(measured)


def test_names_of_groups_may_be_anything() -> None:
    names = ("אחר", "مرأة", "女性", "sex", "*", "missing", " ", "rest")
    counts = {(name,): (20 + place, 40) for place, name in enumerate(names)}
    measured = legal(people(counts, "sex"), "sex", reference="女性")
    for name in names:
        assert value(measured, "impact_ratio", sex=name) > 0
    assert why(measured, "fisher_p", sex="女性") == "measures.fairness.legal.is_reference"


def test_missing_values_are_a_group_and_said_to_be() -> None:
    frame = people({("a",): (30, 30), ("b",): (20, 40)}, "g")
    frame.loc[frame.index[:35], "g"] = None
    measured = legal(frame, "g", min_rows=10)
    assert value(measured, "impact_ratio", g="missing") > 0
    assert "measures.fairness.legal.limit.missing" in said(measured)


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({"min_rows": 0}, "min_rows is 0"),
        ({"confidence": 1.0}, "confidence of 1.0"),
        ({"reference": "men "}, "Expected one of men, other, women, or rest"),
        ({"availability": {"age": {"old": 0.5}}}, "names the column age"),
        ({"availability": {"sex": {"men": 1.0}}}, "share of 1.0"),
        ({"controls": ("faculty",)}, "faculty"),
    ],
)
def test_what_was_asked_wrongly_is_told_in_one_line(parameters: dict[str, Any], told: str) -> None:
    with pytest.raises(InputError, match=told) as caught:
        legal(FRAME, "sex", **parameters)
    assert "\n" not in str(caught.value)


def test_without_a_sensitive_column_nothing_is_tested() -> None:
    with pytest.raises(InputError, match="without a sensitive column"):
        legal(FRAME)


def test_numbers_that_make_thousands_of_strata_are_refused() -> None:
    frame = people({("a",): (6000, 6000)}, "g").assign(salary=range(12_000))
    with pytest.raises(InputError, match="12,000 strata"):
        legal(frame, "g", controls=("salary",))


def test_a_run_can_be_stopped() -> None:
    inputs = Inputs(open_data(FRAME, role="data.test"), None, Columns(prediction="hired", sensitive=("sex",)))
    with pytest.raises(InterruptedRun):
        measure_legal(inputs, LegalParameters(), context=Context(measure="fairness.legal", cancelled=lambda: True))


def test_every_reason_and_limit_has_its_words_in_both_languages() -> None:
    measured = legal(FRAME.assign(s="x"), "sex", controls=("s",), min_rows=40)
    for message in measured.limits:
        assert "{" not in render(message) + render(message, "ja")


def test_strata_with_few_selections_have_an_odds_ratio_and_no_approximations() -> None:
    counts = {("a", "x"): (2, 38), ("b", "x"): (1, 39), ("a", "y"): (3, 37), ("b", "y"): (2, 38)}
    measured = legal(people(counts, "g", "s"), "g", controls=("s",))
    assert value(measured, "mantel_haenszel_odds_ratio", g="a") > 1
    assert not isinstance(find(measured, "mantel_haenszel_odds_ratio", g="a").interval, Interval)
    assert why(measured, "mantel_haenszel_p", g="a") == "measures.fairness.legal.too_few_selections"
    assert why(measured, "mantel_haenszel_p_min") == "measures.fairness.legal.too_few_selections"
    assert value(measured, "conditional_demographic_disparity", g="b") > 0
