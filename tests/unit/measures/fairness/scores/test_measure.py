"""`fairness.scores` against plain loops over rows, scikit-learn and scipy."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats
from sklearn.metrics import average_precision_score, brier_score_loss, roc_auc_score

from hakari.errors import InputError, InterruptedRun
from hakari.evidence import Interval, Table, canonical_bytes, encode
from hakari.measures import Context, Measured
from hakari.measures.fairness.scores import ScoresParameters, measure_scores
from hakari.messages import Message
from hakari.statistics import Tally, smooth_rates
from hakari.statistics.metrics.scores import DEFINITIONS
from tests.unit.measures.lending import bounds, find, inputs_of, said, synthetic, value, why

CONTEXT = Context(seed=7, measure="fairness.scores")


def run(frame: Any, *, seed: int = 7, parameters: dict[str, Any] | None = None, **columns: Any) -> Measured:
    inputs = inputs_of(frame, **{"sensitive": ("region",), **columns})
    return measure_scores(inputs, ScoresParameters(**(parameters or {})), context=replace(CONTEXT, seed=seed))


@cache
def rows() -> pd.DataFrame:
    return synthetic(900)


@cache
def whole() -> Measured:
    return run(rows(), sensitive=("region", "age"))


def parts() -> dict[str, pd.DataFrame]:
    named = rows()["region"].fillna("missing")
    return {str(level): rows()[named == level] for level in sorted(set(named))}


def table(measured: Measured, name: str) -> Table:
    (found,) = [each for each in measured.tables if each.name == name]
    return found


def test_every_metric_of_a_group_equals_the_one_of_its_rows() -> None:
    for level, part in parts().items():
        y, s = part["approve"], part["score"]
        expected = {
            "average_score": s.mean(),
            "auc": roc_auc_score(y, s),
            "average_precision": average_precision_score(y, s),
            "brier": brier_score_loss(y, s),
        }
        for metric, number in expected.items():
            assert value(whole(), metric, region=level) == pytest.approx(number, abs=1e-12)
            low, high = bounds(whole(), metric, region=level)
            assert low < number < high


def test_areas_across_groups_set_a_group_against_everybody_else() -> None:
    for level, part in parts().items():
        others = rows().drop(part.index)
        for metric, negatives, positives in (("bpsn_auc", part, others), ("bnsp_auc", others, part)):
            low, high = negatives[negatives["approve"] == 0]["score"], positives[positives["approve"] == 1]["score"]
            expected = roc_auc_score(np.r_[np.zeros(len(low)), np.ones(len(high))], np.r_[low, high])
            assert value(whole(), metric, region=level) == pytest.approx(expected, abs=1e-12)
            assert find(whole(), metric, region=level).n == len(low) + len(high)


def test_a_disparity_of_ranking_is_the_largest_over_ordered_pairs_and_both_areas_stand_in_the_table() -> None:
    pairs = {(row[1], row[2]): row[5] for row in table(whole(), "xauc").rows if row[0] == "region"}
    large = [level for level, part in parts().items() if len(part) >= 30]
    assert set(pairs) == {(a, b) for a in large for b in large if a != b}
    assert value(whole(), "xauc_difference", region="*") == pytest.approx(
        max(float(str(pairs[a, b])) - float(str(pairs[b, a])) for a, b in pairs), abs=1e-12
    )
    low, high = bounds(whole(), "xauc_difference", region="*")
    assert 0 <= low <= value(whole(), "xauc_difference", region="*") <= high


@pytest.mark.parametrize("metric", ["average_score", "auc", "average_precision", "brier", "calibration_error"])
def test_spreads_are_read_off_the_groups_that_are_large_enough(metric: str) -> None:
    values = [value(whole(), metric, region=level) for level, part in parts().items() if len(part) >= 30]
    assert value(whole(), f"{metric}_difference", region="*") == pytest.approx(max(values) - min(values), abs=1e-12)
    if metric != "calibration_error":
        assert value(whole(), f"{metric}_ratio", region="*") == pytest.approx(min(values) / max(values), abs=1e-12)
    if metric != "average_score":
        worst = max(values) if metric in ("brier", "calibration_error") else min(values)
        assert value(whole(), f"{metric}_worst_group", region="*") == pytest.approx(worst, abs=1e-12)


def test_distances_are_those_of_scipy_between_a_group_and_all_others() -> None:
    for level, part in parts().items():
        own, others = part["score"], rows().drop(part.index)["score"]
        expected = stats.ks_2samp(own, others, method="asymp").statistic
        assert value(whole(), "kolmogorov_smirnov", region=level) == pytest.approx(expected, abs=1e-12)
        wasserstein = stats.wasserstein_distance(own, others)
        assert value(whole(), "wasserstein_distance", region=level) == pytest.approx(wasserstein, abs=1e-12)
        p, q = (np.histogram(each, bins=10, range=(0, 1))[0] + 0.5 for each in (own, others))
        assert value(whole(), "kl_divergence", region=level) == pytest.approx(
            stats.entropy(p / p.sum(), q / q.sum()), rel=0.2, abs=0.01
        )  # numpy's bins may put a score on an edge into its neighbour


def test_the_largest_distance_is_over_pairs_of_groups_and_its_conditional_kinds_over_one_class() -> None:
    found = {level: part for level, part in parts().items() if len(part) >= 30}
    for name, kept in (
        ("kolmogorov_smirnov_largest", [0, 1]),
        ("kolmogorov_smirnov_of_positives", [1]),
        ("kolmogorov_smirnov_of_negatives", [0]),
    ):
        scores = [part[part["approve"].isin(kept)]["score"] for part in found.values()]
        expected = max(stats.ks_2samp(a, b, method="asymp").statistic for a in scores for b in scores)
        assert value(whole(), name, region="*") == pytest.approx(expected, abs=1e-12)


def test_the_area_of_a_group_has_the_limits_that_a_check_of_it_reads() -> None:
    found = table(whole(), "scores")
    tally = Tally.from_rows(found.columns[:-1], [list(row) for row in found.rows])
    rates = smooth_rates(tally, "auc", ("region",), rng=np.random.default_rng(1))
    each = (1 - 0.95 ** (1 / len(rates.groups))) / 2
    for (level,), low, high in zip(rates.groups, rates.limits.lower(each), rates.limits.upper(each), strict=True):
        assert bounds(whole(), "auc", region=str(level)) == pytest.approx((low, high), abs=1e-12)


def test_every_defined_metric_is_measured_and_no_other() -> None:
    assert {each.metric for each in whole().estimates} == {each.name for each in DEFINITIONS}


def test_curves_hold_the_rates_at_every_threshold() -> None:
    found = [row for row in table(whole(), "curves").rows if row[:2] == ("region", "north")]
    part = parts()["north"]
    assert [row[2] for row in found] == sorted(set(part["score"]))
    for row in found[:: len(found) // 5]:
        chosen = part["score"] >= row[2]
        assert row[4] == int(chosen.sum())
        assert row[7] == pytest.approx(chosen.mean())
        assert row[8] == pytest.approx(chosen[part["approve"] == 1].mean())
        assert row[9] == pytest.approx(chosen[part["approve"] == 0].mean())
        assert row[10] == pytest.approx(part["approve"][chosen].mean())
    assert table(whole(), "curves").disclosure == "rows"


def test_the_table_of_calibration_adds_up_to_the_error_and_its_rows() -> None:
    for metric in ("calibration_error", "calibration_error_equal_counts"):
        found = [row for row in table(whole(), "calibration").rows if row[:3] == ("region", "north", metric)]
        sizes = [int(str(row[6])) for row in found]
        assert sum(sizes) == len(parts()["north"])
        gaps = [n * abs(float(str(row[7])) - float(str(row[9]))) for n, row in zip(sizes, found, strict=True) if n]
        assert sum(gaps) / sum(sizes) == pytest.approx(value(whole(), metric, region="north"), abs=1e-12)


def test_drawn_intervals_carry_the_error_of_their_draws_and_follow_the_seed() -> None:
    interval = find(whole(), "calibration_error", region="north").interval
    assert isinstance(interval, Interval)
    assert interval.monte_carlo_error is not None
    assert "bootstrap" in interval.method
    first, second = (run(rows().head(200), seed=seed) for seed in (1, 2))
    gap = abs(
        bounds(first, "calibration_error", region="north")[1] - bounds(second, "calibration_error", region="north")[1]
    )
    assert 0 < gap < 6 * 0.01
    assert run(rows().head(200), seed=1) == first


def test_without_labels_level_and_distances_are_measured() -> None:
    measured = run(rows(), label=None)
    assert value(measured, "average_score_difference", region="*") > 0
    assert value(measured, "wasserstein_distance_largest", region="*") > 0
    assert why(measured, "auc_difference", region="*") == "measures.fairness.scores.no_label"
    assert why(measured, "kolmogorov_smirnov_of_positives", region="*") == "measures.fairness.scores.no_label"
    assert {row[8] for row in table(measured, "curves").rows} == {None}


def test_weights_move_values_as_repeated_rows_do() -> None:
    frame = rows().head(300).assign(w=np.tile([1.0, 2.0, 3.0], 100))
    repeated = frame.loc[frame.index.repeat(frame["w"].astype(int))]
    weighted, plain = run(frame, weight="w"), run(repeated)
    for metric in ("average_score", "auc", "average_precision", "brier", "calibration_error", "bnsp_auc"):
        assert value(weighted, metric, region="north") == pytest.approx(value(plain, metric, region="north"), abs=1e-9)
        if metric != "calibration_error":
            low, high = bounds(weighted, metric, region="north")
            near, far = bounds(plain, metric, region="north")
            assert high - low > far - near
    assert (
        find(weighted, "calibration_error", region="north").interval
        == find(weighted, "wasserstein_distance", region="north").interval
    )
    assert "measures.fairness.scores.limit.dependent" in said(weighted)


def test_rows_that_repeat_a_person_say_no_more_than_the_person() -> None:
    frame = rows().head(200).assign(person=np.arange(200))
    tripled = pd.concat([frame] * 3, ignore_index=True)
    once, thrice = run(frame, cluster="person"), run(tripled, cluster="person")
    for metric in ("average_score", "auc", "average_precision", "brier"):
        assert value(thrice, metric, region="north") == pytest.approx(value(once, metric, region="north"), abs=1e-9)
        assert bounds(thrice, metric, region="north") == pytest.approx(bounds(once, metric, region="north"), abs=1e-6)


def test_few_clusters_leave_a_value_without_an_interval() -> None:
    measured = run(rows().assign(shop=np.arange(900) % 8), cluster="shop", sensitive=("age",))
    found = find(measured, "auc", age="old")
    assert isinstance(found.value, float)
    assert not isinstance(found.interval, Interval)


AWKWARD: dict[str, pd.DataFrame] = {
    "one group": pd.DataFrame({"g": ["a"] * 40, "approve": [0, 1] * 20, "score": np.arange(40) / 40}),
    "one row per group": pd.DataFrame(
        {"g": [f"g{k}" for k in range(40)], "approve": [0, 1] * 20, "score": np.arange(40) / 40}
    ),
    "no level at all": pd.DataFrame({"g": [None] * 40, "approve": [0, 1] * 20, "score": [0.5] * 40}),
    "one class": pd.DataFrame({"g": ["a", "b"] * 20, "approve": [1] * 40, "score": np.arange(40) / 40}),
    "names of all kinds": pd.DataFrame(
        {"g": ["score", "label", "مجموعة", "組　一"] * 10, "approve": [0, 1] * 20, "score": np.arange(40) / 40}
    ),
    "one score": pd.DataFrame({"g": ["a", "b"] * 40, "approve": [0, 0, 1, 1] * 20, "score": [1.0] * 80}),
    "mixed levels": pd.DataFrame({"g": [1, "1", 2.5, None] * 10, "approve": [0, 1] * 20, "score": [0.2, 0.4] * 20}),
}


@pytest.mark.parametrize("frame", AWKWARD.values(), ids=AWKWARD)
def test_awkward_groups_give_clear_results(frame: pd.DataFrame) -> None:
    measured = run(frame, sensitive=("g",), prediction=None)
    assert canonical_bytes(encode([*measured.estimates, *measured.tables]))
    assert {each.metric for each in measured.estimates} == {each.name for each in DEFINITIONS}
    for each in measured.estimates:
        if isinstance(each.interval, Interval):
            assert isinstance(each.value, float)
            assert each.interval.low <= each.value + 1e-9
            assert each.value <= each.interval.high + 1e-9


@pytest.mark.parametrize("weights", [[0.0, 1.0], [1.0, 1e6]])
def test_a_group_of_no_weight_has_no_value(weights: list[float]) -> None:
    frame = AWKWARD["one score"].assign(score=np.arange(80) / 80, w=weights * 40)
    measured = run(frame, sensitive=("g",), prediction=None, weight="w")
    found = find(measured, "auc", g="a")
    assert isinstance(found.value, float) == (weights[0] > 0)
    assert isinstance(find(measured, "auc", g="b").value, float)
    assert isinstance(find(measured, "auc_difference", g="*").value, float) == (weights[0] > 0)


def test_a_score_outside_its_range_is_refused_in_one_line() -> None:
    with pytest.raises(InputError) as told:
        run(rows().head(40).assign(score=1.5))
    assert "\n" not in str(told.value)


@pytest.mark.parametrize(
    ("parameters", "columns"),
    [({}, {"sensitive": ()}), ({"min_rows": 0}, {}), ({"curve_points": 1}, {}), ({"confidence": 1.0}, {})],
)
def test_parameters_out_of_range_are_refused(parameters: dict[str, Any], columns: dict[str, Any]) -> None:
    with pytest.raises(InputError):
        run(rows().head(40), parameters=parameters, **columns)


def test_more_groups_than_can_be_compared_say_so() -> None:
    frame = pd.DataFrame(
        {"g": [f"g{k}" for k in range(501)], "approve": [0, 1] * 250 + [0], "score": np.arange(501) / 501}
    )
    measured = run(frame, sensitive=("g",), prediction=None)
    assert why(measured, "auc", g="*") == "measures.fairness.scores.too_many_groups"
    assert {each.metric for each in measured.estimates} == {each.name for each in DEFINITIONS}


def test_twenty_five_groups_share_one_bound_of_the_noise() -> None:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({"g": np.repeat(np.arange(25), 40), "approve": rng.integers(0, 2, 1_000)})
    measured = run(frame.assign(score=rng.random(1_000).round(2)), sensitive=("g",), prediction=None)
    interval = find(measured, "wasserstein_distance_largest", g="*").interval
    assert isinstance(interval, Interval)
    assert "one bound for all pairs" in interval.method
    assert interval.low == 0.0
    assert why(measured, "kl_divergence_largest", g="*") == "measures.fairness.scores.too_many_pairs"


def test_a_person_may_stop_and_sees_how_far_it_is() -> None:
    steps: list[tuple[int, int]] = []

    def progress(done: int, total: int, message: Message) -> None:
        steps.append((done, total))

    inputs = inputs_of(rows().head(60), sensitive=("region", "age"))
    measure_scores(inputs, ScoresParameters(), context=replace(CONTEXT, progress=progress))
    assert steps == [(0, 3), (1, 3), (2, 3), (3, 3)]
    with pytest.raises(InterruptedRun):
        measure_scores(inputs, ScoresParameters(), context=replace(CONTEXT, cancelled=lambda: True))
