from __future__ import annotations

import numpy as np
import pytest

from hakari.errors import InputError
from hakari.statistics import score_metrics, smooth
from hakari.statistics.limits import RankingLimits
from hakari.statistics.smooth import SMOOTH_METRICS, group_scores, smooth_limits, smooth_rates
from hakari.statistics.studentised import StudentisedBootstrap, monte_carlo_error
from hakari.statistics.tally import Tally
from hakari.statistics.verdict import Rule, decide


def generator(seed: int) -> np.random.Generator:
    return np.random.Generator(np.random.PCG64(seed))


def scored(rows: int, seed: int, *, groups: int = 1, digits: int = 2) -> Tally:
    """Scores that are the true probabilities of their labels."""
    rng = generator(seed)
    score = np.round(rng.random(rows), digits)
    label, group = (rng.random(rows) < score).astype(int), rng.integers(0, groups, rows)
    cells = zip(group.tolist(), label.tolist(), score.tolist(), strict=True)
    return Tally.from_cells(("group", "label", "score"), [(*cell, 1) for cell in cells])


def decided(rows: int, seed: int) -> Tally:
    rng = generator(seed)
    label = rng.random(rows) < 0.3
    prediction = rng.random(rows) < np.where(label, 0.8, 0.1)
    cells = zip(label.astype(int).tolist(), prediction.astype(int).tolist(), strict=True)
    return Tally.from_cells(("label", "prediction"), [(*cell, 1) for cell in cells])


@pytest.mark.parametrize("metric", sorted(SMOOTH_METRICS))
def test_limits_hold_the_value_and_say_that_they_are_asymptotic(metric: str) -> None:
    tally = scored(400, 1) if SMOOTH_METRICS[metric].axis == "score" else decided(400, 1)
    limits = smooth_limits(tally, metric, rng=generator(2), replicates=400)
    assert 0 <= limits.lower(0.025)[0] <= limits.values[0] <= limits.upper(0.025)[0] <= 1
    assert "asymptotic" in limits.method
    assert limits.approximate
    assert limits.lower(1e-5)[0] < limits.lower(0.025)[0] or limits.lower(0.025)[0] == 0


# The truth: score uniform and calibrated gives AUC 5/6 and Brier 1/6; F1 = 2·.24/(.3+.31); balanced (.8+.9)/2.
TRUTH = {"auc": 5 / 6, "brier": 1 / 6, "f1": 2 * 0.24 / 0.61, "balanced_accuracy": 0.85}


@pytest.mark.parametrize("metric", sorted(TRUTH))
def test_the_stated_error_holds_roughly_in_120_samples(metric: str) -> None:
    draw = scored if SMOOTH_METRICS[metric].axis == "score" else decided
    below = above = 0
    for seed in range(120):
        tally = draw(200, seed, digits=1) if draw is scored else draw(200, seed)
        limits = smooth_limits(tally, metric, rng=generator(1000 + seed), replicates=300)
        below += bool(limits.upper(0.05)[0] < TRUTH[metric])
        above += bool(limits.lower(0.05)[0] > TRUTH[metric])
    assert max(below, above) <= 14  # a binomial of 120 at .05 passes 14 once in four thousand


def test_the_same_seed_gives_the_same_limits() -> None:
    first, second = (smooth_limits(scored(200, 1), "brier", rng=generator(3), replicates=200) for _ in range(2))
    assert isinstance(first, StudentisedBootstrap)
    assert isinstance(second, StudentisedBootstrap)
    assert np.array_equal(first.pivots, second.pivots)


def test_a_perfect_ranking_is_not_certain() -> None:
    tally = Tally.from_cells(("label", "score"), [(0, 0.1, 20), (1, 0.9, 20)])
    limits = smooth_limits(tally, "auc", rng=generator(1), replicates=200)
    # Twenty disjoint pairs, all in order: no valid lower limit is above .05^(1/20).
    assert limits.values[0] == 1
    assert limits.lower(0.05)[0] <= 0.05 ** (1 / 20)


def test_a_group_of_one_class_has_no_auc_but_a_brier_score() -> None:
    tally = Tally.from_cells(("g", "label", "score"), [("a", 1, 0.5, 9), ("b", 1, 0.5, 9), ("b", 0, 0.25, 9)])
    ranked = smooth_limits(tally, "auc", by=("g",), rng=generator(1), replicates=200)
    assert np.isnan(ranked.values[0])
    assert (ranked.lower(0.025)[0], ranked.upper(0.025)[0]) == (0, 1)
    assert smooth_limits(tally, "brier", by=("g",), rng=generator(1)).values[0] == pytest.approx(0.25)


def test_many_cells_are_binned_for_the_replicates_only(monkeypatch: pytest.MonkeyPatch) -> None:
    tally = scored(3000, 5, groups=2, digits=6)
    exact = smooth_limits(tally, "brier", by=("group",), rng=generator(1), replicates=400)
    monkeypatch.setattr(smooth, "LARGEST_EXACT", 100)
    binned = smooth_limits(tally, "brier", by=("group",), rng=generator(1), replicates=400)
    assert "1000 bins" in binned.method
    assert "bins" not in exact.method
    assert np.array_equal(binned.values, exact.values)
    assert binned.lower(0.025) == pytest.approx(exact.lower(0.025), abs=0.004)


def test_a_ranking_is_never_binned_and_draws_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    tally, rng = scored(3000, 5, groups=2, digits=6), generator(1)
    before = rng.bit_generator.state
    exact = smooth_limits(tally, "auc", by=("group",), rng=rng)
    monkeypatch.setattr(smooth, "LARGEST_EXACT", 100)
    again = smooth_limits(tally, "auc", by=("group",), rng=rng)
    assert rng.bit_generator.state == before
    assert isinstance(exact, RankingLimits)
    assert again.method == exact.method == "DeLong components, clopper-pearson at effective n, asymptotic"
    assert np.array_equal(again.lower(0.025), exact.lower(0.025))
    assert monte_carlo_error(lambda each: (each.lower(0.1), each.upper(0.1)), exact) is None


def test_rows_without_a_label_or_score_count_as_rows_only() -> None:
    tally = Tally.from_cells(("label", "score"), [(1, 0.5, 4), (None, 0.5, 2), (0, None, 3), (0, 0.1, 5)])
    found = smooth_rates(tally, "brier", rng=generator(1), replicates=200)
    assert (found.rows, found.trials.tolist(), found.groups) == ((14,), [9.0], ((),))
    assert found.limits.values[0] == pytest.approx((4 * 0.25 + 5 * 0.01) / 9)


def test_groups_come_in_canonical_order() -> None:
    tally = scored(200, 1, groups=3)
    groups = group_scores(tally, by=("group",))
    assert [group.group for group in groups] == [(0,), (1,), (2,)]
    found = smooth_limits(tally, "auc", by=("group",), rng=generator(1), replicates=200)
    assert found.values[2] == pytest.approx(float(score_metrics.auc(groups[2].negatives, groups[2].positives)))


def test_smooth_limits_feed_the_verdict_rule() -> None:
    limits = smooth_limits(scored(4000, 6, groups=2), "auc", by=("group",), rng=generator(1))
    rule = Rule(aggregation="difference", operator="<=", threshold=0.05, margin=0.05)
    assert decide(rule, limits, error_met=0.025, error_not_met=0.025).verdict == "met"


def test_weights_and_clusters_are_refused() -> None:
    weighted = Tally.from_cells(("label", "score"), [(1, 0.5, 1, 2.0, 4.0)], scale=10)
    clustered = Tally.from_cells(("cluster", "label", "score"), [(1, 1, 0.5, 1)])
    for tally in (weighted, clustered):
        with pytest.raises(InputError, match="drop weights and cluster"):
            smooth_limits(tally, "auc", rng=generator(1))


def test_scores_outside_the_unit_interval_have_a_rank_but_no_brier_score() -> None:
    tally = Tally.from_cells(("label", "score"), [(1, 3.5, 10), (0, -2, 10), (0, 5, 2)])
    assert smooth_limits(tally, "auc", rng=generator(1), replicates=200).values[0] == pytest.approx(10 / 12)
    with pytest.raises(InputError, match="score -2 is outside"):
        smooth_limits(tally, "brier", rng=generator(1))


def test_an_unknown_metric_is_told_with_the_known_ones() -> None:
    with pytest.raises(InputError, match="no smooth metric “gini”; known are"):
        smooth_limits(scored(10, 1), "gini", rng=generator(1))
