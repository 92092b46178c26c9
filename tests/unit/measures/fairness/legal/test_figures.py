"""`fairness.legal`: every figure of every group against SciPy and plain sums over the rows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from hakari.evidence import Interval, Unmeasured
from hakari.inputs import Columns, Inputs, open_data
from hakari.measures import Context, Measured
from hakari.measures.fairness.legal import LegalParameters, measure_legal
from hakari.statistics.contingency import mantel_haenszel
from tests.unit.measures.lending import bounds, find, said, value, why
from tests.unit.statistics.contingency.test_exact import scipys


def people(counts: Mapping[Any, tuple[int, int]], *columns: str) -> pd.DataFrame:
    """Rows with so many selected and not selected in each cell."""
    rows = [(*cell, hit) for cell, (yes, no) in counts.items() for hit in [1] * yes + [0] * no]
    return pd.DataFrame(rows, columns=[*columns, "hired"])


def legal(frame: pd.DataFrame, *sensitive: str, meaning: dict[str, Any] | None = None, **parameters: Any) -> Measured:
    columns = Columns(prediction="hired", sensitive=sensitive, **(meaning or {}))
    context = Context(seed=1, measure="fairness.legal")
    inputs = Inputs(open_data(frame, role="data.test"), None, columns)
    return measure_legal(inputs, LegalParameters(**parameters), context=context)


SEXES = {("men",): (60, 40), ("women",): (30, 50), ("other",): (12, 20)}
FRAME = people(SEXES, "sex")


def test_the_impact_ratio_is_the_rate_over_the_highest_rate() -> None:
    measured = legal(FRAME, "sex")
    assert value(measured, "impact_ratio", sex="men") == 1
    assert value(measured, "impact_ratio", sex="women") == pytest.approx((30 / 80) / 0.6)
    assert value(measured, "impact_ratio_min", sex="*") == pytest.approx(0.375 / 0.6)
    low, high = bounds(measured, "impact_ratio", sex="women")
    assert low < 0.625 < high


def test_the_tests_compare_each_group_with_all_others() -> None:
    measured = legal(FRAME, "sex")
    for sex, (yes, no) in SEXES.items():
        other_yes, other_no = 102 - yes, 110 - no
        table = [[yes, no], [other_yes, other_no]]
        slice_ = {"sex": sex[0]}
        assert value(measured, "fisher_p", **slice_) == pytest.approx(scipys(table), abs=1e-10)
        chi = stats.chi2_contingency(table, correction=False)
        assert value(measured, "pooled_z", **slice_) ** 2 == pytest.approx(chi.statistic)
        assert value(measured, "pooled_z_p", **slice_) == pytest.approx(chi.pvalue, abs=1e-10)
        law = stats.hypergeom(212, 102, yes + no)
        assert value(measured, "standard_deviations", **slice_) == pytest.approx((yes - law.mean()) / law.std())
        assert value(measured, "shortfall", **slice_) == pytest.approx(law.mean() - yes)
        difference = yes / (yes + no) - other_yes / (other_yes + other_no)
        assert value(measured, "rate_difference", **slice_) == pytest.approx(difference)


def test_a_named_reference_takes_the_place_of_the_rest() -> None:
    measured = legal(FRAME, "sex", reference="men")
    assert value(measured, "fisher_p", sex="women") == pytest.approx(scipys([[30, 50], [60, 40]]))
    assert why(measured, "fisher_p", sex="men") == "measures.fairness.legal.is_reference"
    assert find(measured, "fisher_p", sex="women").n == 180


def test_p_values_are_adjusted_over_all_groups_and_columns() -> None:
    frame = FRAME.assign(age=["young", "old"] * 106)
    measured = legal(frame, "sex", "age")
    found = [value(measured, "fisher_p", sex=sex) for sex in ("men", "women", "other")]
    found.append(value(measured, "fisher_p", age="old"))
    order, largest = np.argsort(found), 0.0
    for step, place in enumerate(order):
        largest = max(largest, min((4 - step) * found[place], 1.0))
        slice_ = {"age": "old"} if place == 3 else {"sex": ("men", "women", "other")[place]}
        assert value(measured, "fisher_p_adjusted", **slice_) == pytest.approx(largest)
    assert value(measured, "fisher_p_min") == value(measured, "fisher_p_min", sex="*") == pytest.approx(4 * min(found))


def test_two_groups_that_are_each_the_rest_of_the_other_are_one_comparison() -> None:
    measured = legal(people({("a",): (60, 40), ("b",): (30, 50)}, "g"), "g")
    p = scipys([[60, 40], [30, 50]])
    for group in ("a", "b"):
        assert value(measured, "fisher_p_adjusted", g=group) == pytest.approx(p)


def test_the_difference_has_the_contour_limits_of_the_verdict_rule() -> None:
    """At no more than two groups the rule's own interval for |p − q| ends where this one does."""
    from hakari.statistics import Rule, decide
    from hakari.statistics.limits import ClopperPearson

    measured = legal(people({("a",): (60, 40), ("b",): (30, 50)}, "g"), "g")
    limits = ClopperPearson(np.array([60.0, 30.0]), np.array([100.0, 80.0]))
    rule = Rule(aggregation="difference", operator="<=", threshold=0.0)
    expected = decide(rule, limits, error_met=0.025, error_not_met=0.025).upper
    assert bounds(measured, "rate_difference", g="a")[1] == pytest.approx(expected)
    low, high = bounds(measured, "rate_difference", g="b")
    assert (-high, -low) == pytest.approx(bounds(measured, "rate_difference", g="a"))


STRATA = {
    ("men", "law"): (40, 10),
    ("women", "law"): (16, 4),
    ("men", "arts"): (6, 24),
    ("women", "arts"): (16, 64),
}


def test_within_strata_a_difference_of_the_whole_can_vanish() -> None:
    measured = legal(people(STRATA, "sex", "faculty"), "sex", controls=("faculty",))
    assert value(measured, "impact_ratio_min") < 0.8
    assert value(measured, "fisher_p_min") < 0.001
    assert value(measured, "mantel_haenszel_odds_ratio", sex="women") == pytest.approx(1.0)
    assert value(measured, "mantel_haenszel_p_min") > 0.9
    assert value(measured, "demographic_disparity", sex="women") > 0.2
    assert value(measured, "conditional_demographic_disparity", sex="women") == pytest.approx(0.0)
    assert "measures.fairness.legal.limit.controls" in said(measured)


def test_the_stratified_figures_are_those_of_the_strata() -> None:
    rng = np.random.default_rng(3)
    cells = [(g, s) for g in ("a", "b", "c") for s in ("x", "y", "z")]
    counts = {cell: (int(yes), int(no)) for cell, (yes, no) in zip(cells, rng.integers(8, 40, (9, 2)), strict=True)}
    measured = legal(people(counts, "g", "s"), "g", controls=("s",))
    strata = np.array(
        [[counts["a", s], np.add(counts["b", s], counts["c", s]).tolist()] for s in ("x", "y", "z")], dtype=np.int64
    )
    expected = mantel_haenszel(strata)
    for name, figure in (
        ("mantel_haenszel_odds_ratio", expected.odds_ratio),
        ("mantel_haenszel_chi_square", expected.statistic),
        ("mantel_haenszel_p", expected.p),
        ("mantel_haenszel_corrected_p", expected.corrected_p),
        ("breslow_day_p", expected.homogeneity_p),
    ):
        assert value(measured, name, g="a") == pytest.approx(figure)
    assert bounds(measured, "mantel_haenszel_odds_ratio", g="a") == pytest.approx((expected.low, expected.high))


def test_a_control_that_is_the_group_itself_is_left_out() -> None:
    measured = legal(people(STRATA, "sex", "faculty"), "sex", "faculty", controls=("faculty",))
    assert value(measured, "mantel_haenszel_p", sex="women") > 0
    assert why(measured, "mantel_haenszel_p", faculty="*") == "measures.fairness.legal.no_controls"


def test_the_share_of_the_people_who_could_be_selected_may_be_known_from_elsewhere() -> None:
    measured = legal(FRAME, "sex", availability={"sex": {"women": 0.45}})
    law = stats.binom(102, 0.45)
    found = value(measured, "availability_deviations", sex="women")
    assert found == pytest.approx((30 - law.mean()) / law.std())
    assert why(measured, "availability_deviations", sex="men") == "measures.fairness.legal.no_availability"


def test_the_good_side_can_be_the_negative_one() -> None:
    turned = legal(FRAME.assign(hired=1 - FRAME["hired"]), "sex", favourable="negative")
    straight = legal(FRAME, "sex")
    assert [e.value for e in turned.estimates] == [e.value for e in straight.estimates]


def test_the_label_can_be_what_is_looked_at() -> None:
    frame = FRAME.rename(columns={"hired": "past"}).assign(hired=[0, 1] * 106)
    measured = legal(frame, "sex", meaning={"label": "past"}, outcome="label")
    assert value(measured, "impact_ratio", sex="women") == pytest.approx((30 / 80) / 0.6)
    assert "measures.fairness.legal.limit.label" in said(measured)


def test_every_figure_follows_from_the_tables() -> None:
    measured = legal(people(STRATA, "sex", "faculty"), "sex", controls=("faculty",))
    (tally,) = [table for table in measured.tables if table.name == "tally sex"]
    assert tally.columns == ("sex", "faculty", "hired", "n") or tally.columns[-1] == "n"
    assert sum(int(row[-1] or 0) for row in tally.rows) == 180
    (comparisons,) = [table for table in measured.tables if table.name == "comparisons"]
    assert ("sex", "women", "*", 32, 100, 46, 80) in comparisons.rows


def test_figures_of_tests_have_a_reason_in_place_of_an_interval() -> None:
    interval = find(legal(FRAME, "sex"), "fisher_p", sex="men").interval
    assert isinstance(interval, Unmeasured)
    assert isinstance(find(legal(FRAME, "sex"), "impact_ratio_min").interval, Interval)


def test_a_reference_counts_in_the_column_that_has_it_and_the_others_keep_the_rest() -> None:
    frame = FRAME.assign(age=["young", "old"] * 106)
    measured = legal(frame, "sex", "age", reference="men", intersections=True)
    assert why(measured, "fisher_p", sex="men") == "measures.fairness.legal.is_reference"
    assert find(measured, "fisher_p", age="old").n == 212
    crossed = legal(frame, "sex", "age", reference="men × old", intersections=True)
    assert why(crossed, "fisher_p", sex="men", age="old") == "measures.fairness.legal.is_reference"
    assert legal(FRAME, "sex", reference="rest").estimates == legal(FRAME, "sex").estimates
