"""`fairness.decisions` on real mortgage decisions, against arithmetic on the rows."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from hakari.errors import InputError
from hakari.evidence import Interval, Unmeasured
from hakari.measures import Context, Measured
from hakari.measures.fairness import DecisionsParameters, measure_decisions
from hakari.statistics import RATES
from hakari.statistics.metrics import decisions
from tests.unit.measures.lending import bounds, find, inputs_of, loans, said, synthetic, value, why

LOANS = loans()
ODDS = ("equalized_odds_difference", "equalized_odds_ratio", "average_odds_difference")


def run(frame: Any = None, *, meaning: dict[str, Any] | None = None, **parameters: Any) -> Measured:
    inputs = inputs_of(LOANS if frame is None else frame, **(meaning or {}))
    context = Context(seed=7, measure="fairness.decisions")
    return measure_decisions(inputs, DecisionsParameters(**parameters), context=context)


@pytest.fixture(scope="module")
def plain() -> Measured:
    return run()


def cells(frame: pd.DataFrame, column: str) -> Any:
    return np.array(
        [
            [
                [
                    ((frame[column] == level) & (frame["approve"] == label) & (frame["prediction"] == decision)).sum()
                    for decision in (0, 1)
                ]
                for label in (0, 1)
            ]
            for level in sorted(frame[column].dropna().unique())
        ]
    )


def test_indices_are_those_of_the_counts(plain: Measured) -> None:
    counts = cells(LOANS, "white")
    for name in (*ODDS, "generalized_entropy_between"):
        expected = getattr(decisions, name)(counts)
        assert value(plain, name, white="*") == pytest.approx(float(expected)), name
        low, high = bounds(plain, name, white="*")
        assert low <= value(plain, name, white="*") <= high
    for name in ("theil_index", "generalized_entropy", "coefficient_of_variation"):
        assert value(plain, name) == pytest.approx(float(getattr(decisions, name)(counts)))


def test_bias_amplification_has_a_value_and_says_why_it_has_no_interval(plain: Measured) -> None:
    found = find(plain, "bias_amplification", white="*")
    assert found.value == pytest.approx(float(decisions.bias_amplification(cells(LOANS, "white"))))
    assert isinstance(found.interval, Unmeasured)
    assert found.interval.unmeasured.key == "measures.fairness.decisions.unsure_sign"


def test_groups_below_the_minimum_are_left_out_of_what_averages_groups(plain: Measured) -> None:
    assert value(plain, "bias_amplification", male="*") == pytest.approx(
        float(decisions.bias_amplification(cells(LOANS, "male")))
    )
    assert find(plain, "bias_amplification", male="*").n == int(LOANS["male"].notna().sum())


def test_the_rates_that_the_other_measure_leaves_out_are_there_with_their_gaps(plain: Measured) -> None:
    part = LOANS[LOANS["white"] == 0]
    wrong = float((part["prediction"] != part["approve"]).mean())
    assert value(plain, "error_rate", white="0") == pytest.approx(wrong)
    assert value(plain, "error_rate_worst_group", white="*") == pytest.approx(wrong)
    assert not [each for each in plain.estimates if each.metric == "accuracy" and each.slice == {"white": "0"}]


def test_every_rate_has_its_deviation(plain: Measured) -> None:
    for name in RATES:
        assert 0 <= value(plain, f"{name}_deviation", white="*") <= 0.5


def test_a_named_group_is_what_the_others_are_compared_with() -> None:
    measured = run(reference="1")
    white, black = (LOANS.loc[LOANS["white"] == level, "prediction"].mean() for level in (1, 0))
    name = "selection_rate_difference_to_reference"
    assert value(measured, name, white="0") == pytest.approx(black - white)
    low, high = bounds(measured, name, white="0")
    assert low < black - white < high < 0
    assert value(measured, "selection_rate_ratio_to_reference", white="0") == pytest.approx(black / white)
    assert not [each for each in measured.estimates if each.metric == name and each.slice == {"white": "1"}]


def test_each_group_can_be_compared_with_all_others() -> None:
    measured = run(reference="rest", meaning={"sensitive": ("male",)})
    rest = LOANS.loc[~(LOANS["male"] == 1), "prediction"].mean()
    own = LOANS.loc[LOANS["male"] == 1, "prediction"].mean()
    assert value(measured, "selection_rate_difference_to_rest", male="1") == pytest.approx(own - rest)


def test_control_columns_are_looked_at_level_by_level() -> None:
    measured = run(controls=("married",), meaning={"sensitive": ("white",)})
    for level in (0, 1):
        part = LOANS[LOANS["married"] == level]
        rates = part.groupby("white")["prediction"].mean()
        assert value(measured, "selection_rate_difference", white="*", married=str(level)) == pytest.approx(
            rates.max() - rates.min()
        )
        assert value(measured, "accuracy", white="1", married=str(level)) == pytest.approx(
            (part.loc[part["white"] == 1, "prediction"] == part.loc[part["white"] == 1, "approve"]).mean()
        )
    strata = np.stack([cells(part, "white") for _, part in LOANS.fillna({"married": -1}).groupby("married")])
    expected = decisions.conditional_demographic_disparity(strata)
    assert value(measured, "conditional_demographic_disparity", white="0", married="*") == pytest.approx(expected[0])
    assert "measures.fairness.decisions.limit.controls" in said(measured)


def test_weighted_and_clustered_rows_get_rates_but_no_index_that_would_be_wrong() -> None:
    frame = LOANS.assign(w=np.linspace(0.5, 2, len(LOANS)), person=np.arange(len(LOANS)) // 3)
    for column in ({"weight": "w"}, {"cluster": "person"}):
        measured = run(frame, meaning=column)
        assert why(measured, "theil_index") == "measures.fairness.decisions.dependent_rows"
        assert why(measured, "selection_rate_deviation", white="*") == "measures.fairness.decisions.dependent_rows"
        assert isinstance(find(measured, "error_rate_difference", white="*").interval, Interval)


def test_without_labels_only_what_needs_none_is_measured() -> None:
    measured = run(meaning={"label": None})
    assert value(measured, "selection_rate_deviation", white="*") >= 0
    assert isinstance(find(measured, "bias_amplification", white="*").value, Unmeasured)
    assert not [each for each in measured.estimates if each.metric in ("theil_index", "equalized_odds_difference")]


def test_one_group_everybody_alike_and_a_row_per_group_give_reasons() -> None:
    one = run(LOANS.assign(white=1), meaning={"sensitive": ("white",)})
    assert why(one, "equalized_odds_difference", white="*") == "measures.fairness.decisions.too_few_groups"
    alike = run(LOANS.assign(prediction=1), meaning={"sensitive": ("white",)})
    assert why(alike, "demographic_disparity", white="0") == "measures.fairness.decisions.one_decision"
    single = run(LOANS.head(300).assign(white=np.arange(300)), meaning={"sensitive": ("white",)})
    assert why(single, "bias_amplification", white="*") == "measures.fairness.decisions.too_few_groups"


def test_the_same_seed_gives_the_same_and_groups_keep_their_names() -> None:
    frame = synthetic().assign(region=lambda each: each["region"].replace({"north": "‏צפון", "south": "approve"}))
    columns = {"sensitive": ("region",)}
    first, again = run(frame, meaning=columns), run(frame, meaning=columns)
    assert first.estimates == again.estimates
    assert {each.slice["region"] for each in first.estimates if "region" in each.slice} == {
        "*", "‏צפון", "approve", "east", "missing",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("parameters", "told"),
    [
        ({"reference": "purple"}, "purple"),
        ({"controls": ("white",)}, "white"),
        ({"controls": ("income",)}, ""),
        ({"min_rows": 0}, "0"),
        ({"confidence": 1.0}, "1"),
        ({"columns": ("nobody",)}, "nobody"),
    ],
)
def test_bad_parameters_get_one_line(parameters: dict[str, Any], told: str) -> None:
    frame = LOANS.assign(income=np.arange(len(LOANS)))
    with pytest.raises(InputError) as caught:
        run(frame, **parameters)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)
