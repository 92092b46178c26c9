"""Limits of weighted and clustered rates from the rows themselves, and the groups that have next to none."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy import stats

from hakari.statistics._arrays import FloatArray
from hakari.statistics.limits import ClopperPearson, ClusteredRates, WeightedRates, clopper_pearson, simultaneous

Rows = list[tuple[FloatArray, FloatArray]]
"""Weights and outcomes of the rows of each group."""


def rows(seed: int = 1) -> Rows:
    rng = np.random.default_rng(seed)
    return [
        (rng.lognormal(level, 0.8, size), (rng.random(size) < rate).astype(float))
        for level, size, rate in ((0.0, 60, 0.3), (2.0, 40, 0.7), (-1.0, 90, 0.1))
    ]


def weighted(of: Rows) -> WeightedRates:
    sums = [(len(w), (w * y).sum(), w.sum(), (w**2 * y).sum(), (w**2).sum()) for w, y in of]
    return WeightedRates(*(np.array(part, dtype=float) for part in zip(*sums, strict=True)))


def heavier(of: Rows, side: float) -> float:
    """Σw²/Σw of the rows of one outcome over all groups, each group's weights in its own mean weight."""
    parts = [(w / w.mean())[y == side] for w, y in of if len(w)]
    one = np.concatenate(parts)
    return float((one**2).sum() / one.sum()) if len(one) else 0.0


def effective(w: FloatArray, y: FloatArray, side: float, shared: float) -> float:
    """Effective rows for the limit that rows of this outcome would move."""
    p, n, mine = np.average(y, weights=w), len(w), (w / w.mean())[y == side]
    variance = n / (n - 1) * (w**2 * (y - p) ** 2).sum() / w.sum() ** 2
    own = (mine**2).sum() / mine.sum() if len(mine) else 0.0
    return float(
        min(p * (1 - p) / variance if variance else math.inf, w.sum() ** 2 / (w**2).sum(), n, n / max(own, shared))
    )


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_both_limits_are_clopper_pearson_at_their_own_effective_rows(seed: int) -> None:
    of = rows(seed)
    limits = weighted(of)
    for place, (w, y) in enumerate(of):
        p = np.average(y, weights=w)
        down, up = (effective(w, y, side, heavier(of, side)) for side in (0.0, 1.0))
        assert (limits.effective[0][place], limits.effective[1][place]) == pytest.approx((down, up))
        assert limits.lower(0.03)[place] == pytest.approx(clopper_pearson(p * down, down, 0.03)[0])
        assert limits.upper(0.03)[place] == pytest.approx(clopper_pearson(p * up, up, 0.03)[1])


def test_two_rows_are_the_fewest_with_a_variance() -> None:
    w, y = np.array([1.0, 3.0]), np.array([1.0, 0.0])
    limits = weighted([(w, y)])
    for side in (0.0, 1.0):
        assert limits.effective[int(side)][0] == pytest.approx(effective(w, y, side, 0.0))


@pytest.mark.parametrize("unit", [1e-6, 1e6])
def test_the_unit_of_the_weights_and_a_group_without_rows_change_nothing(unit: float) -> None:
    of = rows()
    plain, other = weighted(of), weighted([*((w * unit, y) for w, y in of), (np.zeros(0), np.zeros(0))])
    assert other.heaviness == pytest.approx(plain.heaviness)
    for error in (0.2, 0.01):
        assert other.lower(error)[:3] == pytest.approx(plain.lower(error))
        assert other.upper(error)[:3] == pytest.approx(plain.upper(error))


def test_taken_groups_remember_how_heavy_rows_are_elsewhere() -> None:
    of = rows()
    some = weighted(of).take([2, 0])
    assert some.lower(0.05) == pytest.approx(weighted(of).lower(0.05)[[2, 0]])
    assert some.upper(0.05) == pytest.approx(weighted(of).upper(0.05)[[2, 0]])
    # By itself the light group would not know of the heavy successes elsewhere.
    assert weighted(of[2:]).heaviness != some.heaviness


def test_the_rest_of_a_group_are_the_rows_of_all_others() -> None:
    of = rows()
    rest = weighted(of).rest()
    for place in range(3):
        w, y = (np.concatenate(part) for part in zip(*(of[:place] + of[place + 1 :]), strict=True))
        expected = [effective(w, y, side, heavier(of, side)) for side in (0.0, 1.0)]
        assert [side[place] for side in rest.effective] == pytest.approx(expected)
        assert rest.values[place] == pytest.approx(np.average(y, weights=w))


def test_weights_near_the_digits_keep_rates_and_rests_on_the_scale() -> None:
    """Sums of weights that were added in another order may differ in the last digit."""
    one = np.ones(1)
    over = WeightedRates(one * 3, one * 0.6 * (1 + 1e-15), one * 0.6, one * 0.2 * (1 + 1e-15), one * 0.2)
    assert over.values[0] == 1.0
    assert (over.upper(0.1)[0], over.lower(0.1)[0]) == (1.0, pytest.approx(0.1 ** (1 / over.effective[0][0])))
    alone = weighted(rows()[:1]).rest()
    assert (alone.lower(0.1)[0], alone.upper(0.1)[0]) == (0.0, 1.0)
    assert np.isnan(alone.values[0])


def test_groups_of_no_row_and_of_one_row() -> None:
    limits = weighted([(np.array([2.0]), np.array([1.0])), (np.zeros(0), np.zeros(0)), rows()[0]])
    assert np.isnan(limits.values).tolist() == [False, True, False]
    assert (limits.lower(0.1)[1], limits.upper(0.1)[1]) == (0.0, 1.0)
    assert limits.upper(0.1)[0] == 1.0
    assert 0 < limits.lower(0.1)[0] <= 0.1
    none = weighted([(np.zeros(0), np.zeros(0))])
    assert none.heaviness == (0.0, 0.0)
    assert weighted([(np.ones(4), np.zeros(4))]).heaviness == pytest.approx((0.0, 1.0))


def test_counts_become_real_numbers_and_fractions_are_allowed() -> None:
    found = ClopperPearson(np.array([1, 2]), np.array([4, 5]))
    assert [part.dtype.kind for part in (found.successes, found.trials)] == ["f", "f"]
    x, n = 2.5, 7.25
    assert clopper_pearson(x, n, 0.05) == pytest.approx(
        (stats.beta.ppf(0.05, x, n - x + 1), stats.beta.isf(0.05, x + 1, n - x))
    )
    assert clopper_pearson(0, 0, 0.05) == (0.0, 1.0)
    assert [type(end) for end in clopper_pearson(1, 2, 0.05)] == [float, float]


Sums = tuple[list[float], list[float]]
"""Successes and trials of the clusters of one group."""


def clustered(*groups: Sums, weighted: bool = False) -> ClusteredRates:
    group = np.repeat(np.arange(len(groups)), [len(x) for x, _ in groups])
    x, n = (np.concatenate([np.array(sums[side], dtype=float) for sums in groups]) for side in (0, 1))
    return ClusteredRates(len(groups), group, np.arange(len(group)), x, n, weighted=weighted)


def people(seed: int, count: int = 30) -> Sums:
    rng = np.random.default_rng(seed)
    n = rng.integers(1, 8, count)
    return rng.binomial(n, 0.3).astype(float).tolist(), n.astype(float).tolist()


def test_too_little_to_say_anything_leaves_the_whole_scale() -> None:
    """No cluster, one cluster, and clusters without trials; two are enough for limits, if not for a verdict."""
    limits = clustered(([0.0, 0.0], [0.0, 0.0]), ([1.0, 0.0], [2.0, 0.0]), ([1.0, 2.0], [3.0, 3.0]))
    assert limits.clusters.tolist() == [0, 1, 2]
    assert np.isnan(limits.values).tolist() == [True, False, False]
    assert limits.lower(0.1).tolist()[:2] == [0, 0]
    assert limits.upper(0.1).tolist()[:2] == [1, 1]
    assert 0 < limits.lower(0.1)[2] < 0.5 < limits.upper(0.1)[2] < 1
    assert limits.few_clusters.tolist() == [True, True, True]


def test_groups_are_judged_by_their_own_clusters() -> None:
    one, two = people(1), people(2, 20)
    both = clustered(one, two)
    for error in (0.4, 0.01):
        for place, sums in enumerate((one, two)):
            assert both.lower(error)[place] == pytest.approx(clustered(sums).lower(error)[0])
            assert both.upper(error)[place] == pytest.approx(clustered(sums).upper(error)[0])
    assert both.few_clusters.tolist() == [False, False]


def test_groups_are_taken_in_the_order_asked_for_and_none_at_all() -> None:
    sums = [people(seed) for seed in (1, 2, 3)]
    found = clustered(*sums).take((2, 0))
    assert found.values == pytest.approx([sum(x) / sum(n) for x, n in (sums[2], sums[0])])
    assert found.upper(0.1) == pytest.approx(clustered(*sums).upper(0.1)[[2, 0]])
    none = clustered(*sums).take(())
    assert (none.groups, none.values.tolist(), none.lower(0.1).tolist(), none.too_few_clusters) == (0, [], [], False)
    assert clustered(*sums, weighted=True).take([1]).weighted


@pytest.mark.parametrize("weighted", [False, True])
def test_the_rest_adds_up_what_each_cluster_has_elsewhere(weighted: bool) -> None:
    """Cluster 7 has rows in all three groups, 8 in two, 9 in one."""
    parts = [(0, 7, 1.0, 2.0), (1, 7, 2.0, 3.0), (2, 7, 0.0, 4.0), (0, 8, 1.0, 1.0), (2, 8, 2.0, 5.0), (1, 9, 1.0, 6.0)]
    group, cluster, x, n = (np.array(part) for part in zip(*parts, strict=True))
    rest = ClusteredRates(3, group, cluster, x, n, weighted=weighted).rest()
    assert rest.weighted == weighted
    for place in range(3):
        others = [part for part in parts if part[0] != place]
        names = sorted({part[1] for part in others})
        sums = [[sum(part[side] for part in others if part[1] == name) for name in names] for side in (2, 3)]
        own = clustered((sums[0], sums[1]), weighted=weighted)
        assert rest.clusters[place] == len(names)
        assert rest.values[place] == pytest.approx(own.values[0])
        assert rest.upper(0.1)[place] == pytest.approx(own.upper(0.1)[0])


def test_weighted_clusters_count_at_most_as_rows_and_rows_at_most_as_themselves() -> None:
    """Twenty clusters that all differ within: rows say more than clusters, which holds for plain rows only."""
    x, n = [5.0] * 20, [10.0] * 20
    p, error = 0.5, 0.05
    shrink = (stats.norm.isf(error) / stats.t.isf(error, 19)) ** 2
    for weighted, most in ((True, 20), (False, 200)):
        limits = clustered((x, n), weighted=weighted)
        rows = most * shrink
        bound = clopper_pearson(p * rows, rows, error)[1]
        assert limits.upper(error)[0] >= bound - 1e-12
        assert (limits.upper(error)[0] == pytest.approx(bound)) == weighted


def test_at_an_error_of_one_half_the_t_quantile_changes_nothing() -> None:
    limits = clustered(people(1))
    near, half = limits.upper(0.5 - 1e-7)[0], limits.upper(0.5)[0]
    assert half == pytest.approx(near, abs=2e-4)
    assert limits.lower(0.5)[0] <= limits.values[0] <= half


def test_methods_say_what_the_rows_are() -> None:
    assert clustered(people(1)).method == "clopper-pearson at effective n, clustered"
    assert clustered(people(1), weighted=True).method == "clopper-pearson at effective n, clustered, weighted"
    assert weighted(rows()).method == "clopper-pearson at effective n, weighted"
    assert ClopperPearson(np.ones(1), np.ones(1)).method == "clopper-pearson"
    assert ClopperPearson(np.ones(1), np.ones(1)).approximate is False
    assert (clustered(people(1)).approximate, weighted(rows()).approximate) == (True, True)


def test_groups_without_a_value_do_not_widen_the_simultaneous_limits_of_the_others() -> None:
    x, n = np.array([5.0, 0.0, 9.0]), np.array([20.0, 0.0, 30.0])
    error = (1 - 0.9 ** (1 / 2)) / 2
    lower, upper = simultaneous(ClopperPearson(x, n), 0.1)
    assert lower[2] == pytest.approx(stats.beta.ppf(error, 9, 22))
    assert upper[0] == pytest.approx(stats.beta.isf(error, 6, 15))
    nothing = ClopperPearson(np.zeros(1), np.zeros(1))
    assert [side.tolist() for side in simultaneous(nothing, 0.1)] == [[0.0], [1.0]]
