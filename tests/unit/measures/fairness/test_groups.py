"""`fairness.groups` against plain loops over the rows and quantiles of scipy."""

from __future__ import annotations

import math
from itertools import permutations
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from hakari.errors import InputError
from hakari.evidence import Estimate, Unmeasured
from hakari.measures import Context, Measured
from hakari.measures.fairness import GroupsParameters, measure_groups
from tests.unit.measures.lending import bounds, find, inputs_of, loans, measure, said, synthetic, value, why
from tests.unit.statistics import _contour

SYNTHETIC = {"sensitive": ("region", "age")}


def plain_rates(frame: pd.DataFrame) -> dict[str, tuple[int, int]]:
    """(successes, trials) of every rate, row by row."""
    pairs = list(zip(frame["approve"], frame["prediction"], strict=True))

    def among(hit: object, used: object) -> tuple[int, int]:
        assert callable(hit)
        assert callable(used)
        chosen = [(y, p) for y, p in pairs if used(y, p)]
        return sum(1 for y, p in chosen if hit(y, p)), len(chosen)

    return {
        "selection_rate": among(lambda y, p: p == 1, lambda y, p: True),
        "base_rate": among(lambda y, p: y == 1, lambda y, p: True),
        "accuracy": among(lambda y, p: y == p, lambda y, p: True),
        "true_positive_rate": among(lambda y, p: p == 1, lambda y, p: y == 1),
        "false_positive_rate": among(lambda y, p: p == 1, lambda y, p: y == 0),
        "false_negative_rate": among(lambda y, p: p == 0, lambda y, p: y == 1),
        "true_negative_rate": among(lambda y, p: p == 0, lambda y, p: y == 0),
        "positive_predictive_value": among(lambda y, p: y == 1, lambda y, p: p == 1),
    }


def clopper_pearson(x: int, n: int, error: float) -> tuple[float, float]:
    """One-sided limits by scipy's beta quantiles."""
    low = stats.beta.ppf(error, x, n - x + 1) if x else 0.0
    high = stats.beta.ppf(1 - error, x + 1, n - x) if x < n else 1.0
    return float(low), float(high)


def by_level(frame: pd.DataFrame, column: str) -> dict[str, pd.DataFrame]:
    named = frame[column].astype(object).where(frame[column].notna(), "missing")
    named = named.map(lambda level: str(int(level)) if isinstance(level, float) else str(level))
    return {str(level): frame[named == level] for level in sorted(set(named))}


@pytest.fixture(scope="module")
def lending() -> Measured:
    return measure("fairness.groups", inputs_of(loans()))


@pytest.mark.parametrize("column", ["white", "male"])
def test_every_rate_of_every_group_equals_a_count_of_its_rows(lending: Measured, column: str) -> None:
    for level, rows in by_level(loans(), column).items():
        for metric, (x, n) in plain_rates(rows).items():
            found = find(lending, metric, **{column: level})
            assert found.n == n
            if n:
                assert value(lending, metric, **{column: level}) == pytest.approx(x / n, abs=1e-12)


def test_every_rate_of_an_intersection_equals_a_count_of_its_rows() -> None:
    frame = synthetic()
    measured = measure("fairness.groups", inputs_of(frame, **SYNTHETIC))
    for region, part in by_level(frame, "region").items():
        for age, rows in by_level(part, "age").items():
            for metric, (x, n) in plain_rates(rows).items():
                assert value(measured, metric, region=region, age=age) == pytest.approx(x / n, abs=1e-12)


def test_intervals_of_the_groups_are_exact_and_hold_together(lending: Measured) -> None:
    groups = by_level(loans(), "white")
    each = (1 - 0.95 ** (1 / len(groups))) / 2
    for level, rows in groups.items():
        for metric, (x, n) in plain_rates(rows).items():
            assert bounds(lending, metric, white=level) == pytest.approx(clopper_pearson(x, n, each), abs=1e-12)


@pytest.mark.parametrize("metric", ["selection_rate", "false_positive_rate", "positive_predictive_value"])
def test_aggregates_are_read_off_the_rates_of_the_groups_that_are_large_enough(metric: str) -> None:
    frame = synthetic()
    measured = measure("fairness.groups", inputs_of(frame, **SYNTHETIC), min_rows=50)
    counts = [plain_rates(rows)[metric] for rows in by_level(frame, "region").values()]
    rates = [x / n for x, n in counts if n >= 50]
    worst = max(rates) if metric == "false_positive_rate" else min(rates)
    assert value(measured, f"{metric}_difference", region="*") == pytest.approx(max(rates) - min(rates), abs=1e-12)
    assert value(measured, f"{metric}_ratio", region="*") == pytest.approx(min(rates) / max(rates), abs=1e-12)
    assert value(measured, f"{metric}_worst_group", region="*") == pytest.approx(worst, abs=1e-12)
    assert find(measured, f"{metric}_difference", region="*").n == sum(n for _, n in counts if n >= 50)


def contrast(i: tuple[int, int], j: tuple[int, int], line: float, error: float, side: int) -> float:
    """The MOVER limit of p_i − line·p_j on one side, written out."""
    (p, q), (l_i, u_i), (l_j, u_j) = (i[0] / i[1], j[0] / j[1]), clopper_pearson(*i, error), clopper_pearson(*j, error)
    if side < 0:
        return p - line * q - math.sqrt((p - l_i) ** 2 + line**2 * (u_j - q) ** 2)
    return p - line * q + math.sqrt((u_i - p) ** 2 + line**2 * (q - l_j) ** 2)


def reach(low: tuple[int, int], high: tuple[int, int], line: float) -> float:
    """The upper limit of line·p_high − p_low along the contour of the pair, as `met` reads it."""
    return _contour.upper(
        low[0] / low[1], high[0] / high[1], lambda error: clopper_pearson(*low, error)[0],
        lambda error: clopper_pearson(*high, error)[1], line, 0.025,
    )  # fmt: skip


@pytest.fixture(scope="module")
def regions() -> tuple[list[tuple[int, int]], Measured]:
    frame = synthetic()
    counts = [plain_rates(rows)["true_positive_rate"] for rows in by_level(frame, "region").values()]
    return counts, measure("fairness.groups", inputs_of(frame, **SYNTHETIC), min_rows=1)


def test_the_interval_of_a_difference_is_the_one_of_the_verdict_rule(
    regions: tuple[list[tuple[int, int]], Measured],
) -> None:
    counts, measured = regions
    pairs = list(permutations(counts, 2))
    upper = max(reach(i, j, 1) for i, j in pairs)
    lower = max(0.0, max(contrast(i, j, 1, 0.025 / len(pairs), -1) for i, j in pairs))
    found = bounds(measured, "true_positive_rate_difference", region="*")
    assert found == pytest.approx((lower, upper), abs=1e-12)


def test_the_interval_of_a_ratio_inverts_the_rule(regions: tuple[list[tuple[int, int]], Measured]) -> None:
    counts, measured = regions
    pairs = list(permutations(counts, 2))
    low, high = bounds(measured, "true_positive_rate_ratio", region="*")
    assert max(reach(i, j, low) for i, j in pairs) == pytest.approx(0, abs=1e-12)
    if high < 1:
        assert min(contrast(i, j, high, 0.025 / len(pairs), 1) for i, j in pairs) == pytest.approx(0, abs=1e-12)
    else:
        assert min(contrast(i, j, 1, 0.025 / len(pairs), 1) for i, j in pairs) >= 0


@pytest.mark.parametrize(("metric", "worst"), [("accuracy", min), ("false_negative_rate", max)])
def test_the_worst_group_is_the_one_that_the_metric_means(metric: str, worst: object) -> None:
    assert callable(worst)
    frame = synthetic()
    measured = measure("fairness.groups", inputs_of(frame, **SYNTHETIC), min_rows=1)
    counts = [plain_rates(rows)[metric] for rows in by_level(frame, "region").values()]
    wide = [clopper_pearson(x, n, 0.025 / len(counts)) for x, n in counts]
    single = [clopper_pearson(x, n, 0.025) for x, n in counts]
    if worst is min:
        expected = min(low for low, _ in single), min(high for _, high in wide)
    else:
        expected = max(low for low, _ in wide), max(high for _, high in single)
    assert bounds(measured, f"{metric}_worst_group", region="*") == pytest.approx(expected, abs=1e-12)


def small(*groups: tuple[str, int, int]) -> pd.DataFrame:
    """Rows of groups given as (name, selected, rows); label equals prediction."""
    rows = [(name, int(k < selected)) for name, selected, n in groups for k in range(n)]
    return pd.DataFrame(
        {"group": [g for g, _ in rows], "approve": [p for _, p in rows], "prediction": [p for _, p in rows]}
    )


def test_the_noise_floor_is_the_mean_over_all_outcomes_at_the_pooled_rate() -> None:
    inputs = inputs_of(small(("a", 2, 6), ("b", 5, 8)), sensitive=("group",), score=None)
    measured = measure("fairness.groups", inputs, min_rows=1)
    pooled = 7 / 14
    chance = {(x, y): stats.binom.pmf(x, 6, pooled) * stats.binom.pmf(y, 8, pooled) for x in range(7) for y in range(9)}
    gap = sum(p * abs(x / 6 - y / 8) for (x, y), p in chance.items())
    lowest = sum(p * min(x / 6, y / 8) for (x, y), p in chance.items())
    ratio = sum(p * (min(x / 6, y / 8) / max(x / 6, y / 8) if x or y else 1.0) for (x, y), p in chance.items())
    floors = {name: value(measured, f"selection_rate_{name}_noise_floor", group="*") for name in
              ("difference", "worst_group", "ratio")}  # fmt: skip
    assert floors["difference"] == pytest.approx(gap, abs=1e-12)
    assert floors["worst_group"] == pytest.approx(lowest, abs=1e-12)
    # The ratio's floor is drawn 1,000 times; its standard error is below .01.
    assert floors["ratio"] == pytest.approx(ratio, abs=0.03)
    assert isinstance(find(measured, "selection_rate_ratio_noise_floor", group="*").interval, Unmeasured)


@pytest.mark.parametrize("metric", ["accuracy", "selection_rate"])
def test_one_large_group_is_measured_but_not_compared(metric: str) -> None:
    inputs = inputs_of(small(("a", 30, 60), ("b", 3, 5)), sensitive=("group",), score=None)
    measured = measure("fairness.groups", inputs)
    assert why(measured, f"{metric}_difference", group="*") == "measures.fairness.groups.one_group"
    assert why(measured, f"{metric}_ratio", group="*") == "measures.fairness.groups.one_group"
    assert value(measured, f"{metric}_worst_group", group="*") == value(measured, metric, group="a")
    assert value(measured, metric, group="b") == (1.0 if metric == "accuracy" else 3 / 5)


def test_no_group_large_enough_leaves_every_aggregate_unmeasured() -> None:
    inputs = inputs_of(small(("a", 3, 6), ("b", 3, 5)), sensitive=("group",), score=None)
    measured = measure("fairness.groups", inputs)
    assert why(measured, "accuracy_worst_group", group="*") == "measures.fairness.groups.no_group"


def test_small_groups_are_named_with_rows_and_share() -> None:
    inputs = inputs_of(small(("a", 30, 60), ("b", 20, 35), ("c", 3, 5)), sensitive=("group",), score=None)
    measured = measure("fairness.groups", inputs)
    (message,) = [str(item) for item in measured.limits if item.key.endswith("limit.small")]
    assert "c (5 rows, 5.0%)" in message
    assert "fewer than 30 rows (5 in all, 5.0%)" in message


def test_missing_levels_form_a_group_of_their_own(lending: Measured) -> None:
    absent = loans()["male"].isna()
    assert find(lending, "selection_rate", male="missing").n == int(absent.sum())
    assert "measures.fairness.groups.limit.missing" in said(lending)


def test_without_labels_only_the_selection_rate_is_measured() -> None:
    measured = measure("fairness.groups", inputs_of(synthetic(), label=None, **SYNTHETIC))
    assert value(measured, "selection_rate_difference", region="*") > 0
    assert why(measured, "accuracy", region="*") == "measures.fairness.groups.no_label"
    assert why(measured, "true_positive_rate_ratio", region="*", age="*") == "measures.fairness.groups.no_label"
    assert not any(key.endswith("limit.labels") for key in said(measured))


def test_weighted_rows_get_approximate_limits_and_no_noise_floor() -> None:
    frame = synthetic(400).assign(w=np.tile([1.0, 2.5], 200))
    measured = measure("fairness.groups", inputs_of(frame, weight="w", **SYNTHETIC))
    rows = frame[frame["region"] == "north"]
    expected = float((rows["w"] * rows["prediction"]).sum() / rows["w"].sum())
    assert value(measured, "selection_rate", region="north") == pytest.approx(expected, abs=1e-12)
    floor = "selection_rate_difference_noise_floor"
    assert why(measured, floor, region="*") == "measures.fairness.groups.no_floor"
    assert "measures.fairness.groups.limit.approximate" in said(measured)


def test_clusters_are_carried_into_the_limits() -> None:
    frame = synthetic(400).assign(person=np.repeat(np.arange(200), 2))
    measured = measure("fairness.groups", inputs_of(frame, cluster="person", **SYNTHETIC))
    assert measured.tables[0].columns == ("region", "age", "label", "prediction", "cluster", "n")
    assert "cluster" in str(find(measured, "selection_rate", region="north").interval)


def test_fewer_than_fifteen_clusters_give_a_value_without_an_interval() -> None:
    frame = synthetic(400).assign(shop=np.arange(400) % 8)
    measured = measure("fairness.groups", inputs_of(frame, cluster="shop", sensitive=("age",)))
    assert value(measured, "selection_rate_difference", age="*") >= 0
    assert isinstance(find(measured, "selection_rate_difference", age="*").interval, Unmeasured)


@settings(max_examples=5)
@given(order=st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(order: object) -> None:
    frame = synthetic(200)
    shuffled = frame.sample(frac=1, random_state=order.randint(0, 2**31))  # type: ignore[attr-defined]  # on purpose
    columns = {"sensitive": ("age",)}
    first = measure("fairness.groups", inputs_of(frame, **columns))
    assert measure("fairness.groups", inputs_of(shuffled.reset_index(drop=True), **columns)) == first


def test_an_irrelevant_column_changes_nothing() -> None:
    frame = synthetic(300)
    wider = frame.assign(shoe_size=range(300))
    first = measure("fairness.groups", inputs_of(frame, **SYNTHETIC))
    assert measure("fairness.groups", inputs_of(wider, **SYNTHETIC)) == first


def test_ten_thousand_groups_are_measured() -> None:
    name = np.arange(20_000) % 10_000
    frame = pd.DataFrame({"zip": name, "approve": np.arange(20_000) % 3 == 0, "prediction": np.arange(20_000) % 2})
    frame = frame.astype({"approve": int})
    measured = measure("fairness.groups", inputs_of(frame, sensitive=("zip",), score=None), min_rows=2)
    of_accuracy: list[Estimate] = [item for item in measured.estimates if item.metric == "accuracy"]
    assert len(of_accuracy) == 10_000
    assert value(measured, "accuracy_difference", zip="*") == 1.0


def test_columns_can_be_chosen_and_crossing_left_out() -> None:
    inputs = inputs_of(synthetic(200), **SYNTHETIC)
    only = measure("fairness.groups", inputs, columns=("age",))
    assert {tuple(item.slice) for item in only.estimates} == {("age",)}
    alone = measure("fairness.groups", inputs, intersections=False)
    assert {tuple(item.slice) for item in alone.estimates} == {("age",), ("region",)}


@pytest.mark.parametrize("parameters", [{"min_rows": 0}, {"confidence": 1.0}, {"columns": ("regoin",)}])
def test_a_parameter_out_of_range_is_refused_in_one_line(parameters: dict[str, Any]) -> None:
    with pytest.raises(InputError) as refused:
        measure("fairness.groups", inputs_of(synthetic(100), **SYNTHETIC), **parameters)
    assert "\n" not in str(refused.value)


def test_no_sensitive_column_is_refused() -> None:
    with pytest.raises(InputError, match="without a sensitive column"):
        measure("fairness.groups", inputs_of(synthetic(100), sensitive=()))


def test_a_stopped_measurement_says_so() -> None:
    from hakari.errors import InterruptedRun

    context = Context(measure="fairness.groups", cancelled=lambda: True)
    with pytest.raises(InterruptedRun, match="stopped on request"):
        measure_groups(inputs_of(synthetic(100), **SYNTHETIC), GroupsParameters(), context=context)
