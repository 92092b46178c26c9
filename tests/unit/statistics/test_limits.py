from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from hakari.errors import InputError
from hakari.statistics.limits import (
    ClopperPearson,
    ClusteredRates,
    Limits,
    WeightedRates,
    clopper_pearson,
    simultaneous,
)
from hakari.statistics.studentised import StudentisedBootstrap, monte_carlo_error


def whole_number_pairs() -> st.SearchStrategy[tuple[int, int]]:
    return st.integers(1, 4000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n)))


@given(whole_number_pairs(), st.sampled_from([0.025, 0.05, 0.001, 1e-6]))
def test_clopper_pearson_equals_scipy_exact(pair: tuple[int, int], error: float) -> None:
    exact = stats.binomtest(*pair).proportion_ci(1 - 2 * error, "exact")
    lower, upper = clopper_pearson(*pair, error)
    assert lower == pytest.approx(exact.low, abs=1e-9)
    assert upper == pytest.approx(exact.high, abs=1e-9)


def test_zero_and_all_successes_have_the_ends_of_the_scale() -> None:
    limits = ClopperPearson(np.array([0, 10, 0]), np.array([10, 10, 0]))
    assert limits.lower(0.025).tolist()[::2] == [0.0, 0.0]
    assert limits.upper(0.025).tolist()[1:] == [1.0, 1.0]
    assert limits.upper(0.025)[0] == pytest.approx(1 - 0.025**0.1)
    assert limits.lower(0.025)[1] == pytest.approx(0.025**0.1)


@pytest.mark.parametrize("groups", [1, 4, 250])  # many groups are looked up by their different counts
def test_limits_at_several_errors_are_those_at_each(groups: int) -> None:
    rng, errors = np.random.default_rng(groups), np.array([0.5, 0.025, 1e-9])
    trials = rng.integers(1, 30, groups)
    limits = ClopperPearson(rng.binomial(trials, 0.5).astype(float), trials.astype(float))
    assert limits.lower_at(errors).tolist() == [limits.lower(error).tolist() for error in errors.tolist()]
    assert limits.upper_at(errors).tolist() == [limits.upper(error).tolist() for error in errors.tolist()]


def test_a_tiny_error_keeps_its_digits() -> None:
    assert clopper_pearson(0, 1000, 1e-18)[1] == pytest.approx(-np.expm1(np.log(1e-18) / 1000), rel=1e-12)


@given(whole_number_pairs(), st.floats(1e-9, 0.4))
def test_a_smaller_error_gives_wider_limits(pair: tuple[int, int], error: float) -> None:
    outer, inner = clopper_pearson(*pair, error / 2), clopper_pearson(*pair, error)
    assert outer[0] <= inner[0] <= pair[0] / pair[1] <= inner[1] <= outer[1] or error > 0.3


def test_more_successes_than_trials_are_refused() -> None:
    with pytest.raises(InputError):
        ClopperPearson(np.array([3]), np.array([2]))


@pytest.mark.parametrize("groups", [2, 10])
def test_simultaneous_limits_cover_all_groups_at_95_percent_exactly(groups: int) -> None:
    """The exact coverage of one group, to the power of the groups, is at least .95."""
    n, outcomes = 50, np.arange(51)
    error = (1 - 0.95 ** (1 / groups)) / 2
    filler = ClopperPearson(np.zeros(groups), np.full(groups, n))
    assert simultaneous(filler, 0.05)[1][0] == pytest.approx(clopper_pearson(0, n, error)[1])
    single = ClopperPearson(outcomes.astype(float), np.full(51, float(n)))
    lower, upper = single.lower(error), single.upper(error)
    for p in np.linspace(0.01, 0.99, 99):
        inside = float(stats.binom.pmf(outcomes, n, p)[(lower <= p) & (p <= upper)].sum())
        assert inside**groups >= 0.95


def weighted(weights: np.ndarray, hits: np.ndarray) -> WeightedRates:
    parts = (weights * hits, weights, weights**2 * hits, weights**2)
    return WeightedRates(np.array([float(weights.size)]), *(np.array([part.sum()]) for part in parts))


def test_the_effective_n_comes_from_the_design_variance() -> None:
    w, y = np.array([1.0, 2, 3, 1, 2, 3, 1, 2]), np.array([1.0, 0, 0, 1, 0, 1, 0, 1])
    p = (w * y).sum() / w.sum()
    variance = 8 / 7 * (w**2 * (y - p) ** 2).sum() / w.sum() ** 2
    kish = w.sum() ** 2 / (w**2).sum()
    for found, rows in zip(weighted(w, y).effective, (w[y == 0], w[y == 1]), strict=True):
        heavy = (rows**2).sum() / rows.sum() / w.mean()
        assert found[0] == pytest.approx(min(p * (1 - p) / variance, kish, 8, 8 / heavy))


def test_one_light_success_does_not_raise_the_effective_n_above_the_weights_own() -> None:
    w = np.r_[0.01, np.full(50, 1.0), np.full(50, 5.0)]
    limits = weighted(w, np.r_[1.0, np.zeros(100)])
    assert max(float(side[0]) for side in limits.effective) <= w.sum() ** 2 / (w**2).sum() + 1e-9
    assert limits.upper(0.025)[0] >= clopper_pearson(0, 101, 0.025)[1]


def test_success_rows_that_are_heavy_in_another_group_are_expected_to_be_heavy_here() -> None:
    """Ten success rows of weight 5 among ninety of weight 1 in one group; none drawn in the other."""
    n, x, squares = np.array([100.0, 60.0]), np.array([50.0, 0.0]), np.array([250.0, 0.0])
    limits = WeightedRates(n, x, np.array([140.0, 60.0]), squares, np.array([340.0, 60.0]))
    heavy = 5 / 1.4  # in mean weights of the group that shows them
    assert limits.upper(0.025)[1] == pytest.approx(clopper_pearson(0, 60 / heavy, 0.025)[1])
    assert limits.take([1]).upper(0.025)[0] == limits.upper(0.025)[1]
    assert limits.lower(0.025)[1] == 0.0


def test_weights_that_are_equal_within_each_group_change_nothing() -> None:
    n, x = np.array([40.0, 80.0, 0.0]), np.array([4.0, 30.0, 0.0])
    w = np.array([7.0, 0.2, 1.0])
    limits, plain = WeightedRates(n, x * w, n * w, x * w**2, n * w**2), ClopperPearson(x, n)
    near = pytest.approx(plain.upper(0.025), rel=0.02)  # n/(n−1) in the variance is capped by the rows
    assert limits.upper(0.025) == near
    assert limits.effective[0] == pytest.approx(n, rel=0.03)


def test_weights_keep_the_stated_error_roughly() -> None:
    rng = np.random.default_rng(11)
    misses = 0
    for _ in range(400):
        w, y = rng.lognormal(0, 1, 200), (rng.random(200) < 0.1).astype(float)
        misses += bool(weighted(w, y).upper(0.05)[0] < 0.1)
    assert misses / 400 < 0.09


def clustered(x: list[float], n: list[float]) -> ClusteredRates:
    size = len(x)
    return ClusteredRates(1, np.zeros(size, dtype=np.int64), np.arange(size), np.array(x), np.array(n))


def imagined_limit(x: np.ndarray, n: np.ndarray, adverse: float, error: float) -> float:
    """The limit by adding the imagined clusters one by one, and the sums row by row."""
    p, size, k = x.sum() / n.sum(), (n**2).sum() / n.sum(), n.sum() ** 2 / (n**2).sum()
    more = np.full(4, size)
    x, n = np.r_[x, adverse * more], np.r_[n, more]
    q = x.sum() / n.sum()
    variance = (k + 4) / (k + 3) * sum((a - q * b) ** 2 for a, b in zip(x, n, strict=True)) / n.sum() ** 2
    shrink = (stats.norm.isf(error) / stats.t.isf(error, k - 1)) ** 2
    rows = min(q * (1 - q) / variance, n.sum() - more.sum()) * shrink
    return clopper_pearson(p * rows, rows, error)[int(adverse)]


@pytest.mark.parametrize("rate", [0.05, 0.5, 0.9])
def test_four_clusters_of_the_other_kind_are_imagined_beyond_each_limit(rate: float) -> None:
    rng = np.random.default_rng(3)
    n = rng.integers(2, 9, 40).astype(float)
    x = rng.binomial(n.astype(int), rng.beta(4 * rate, 4 * (1 - rate), 40)).astype(float)
    limits = clustered(x.tolist(), n.tolist())
    assert limits.lower(0.025)[0] == pytest.approx(imagined_limit(x, n, 0.0, 0.025))
    assert limits.upper(0.025)[0] == pytest.approx(imagined_limit(x, n, 1.0, 0.025))


def test_clusters_without_a_success_count_as_so_many_rows() -> None:
    limits = clustered([0.0] * 30, [5.0] * 30)
    assert limits.lower(0.025)[0] == 0
    # 30 clusters and three of the four imagined ones, shrunk for the t quantile.
    rows = 33 * (stats.norm.isf(0.025) / stats.t.isf(0.025, 29)) ** 2
    assert limits.upper(0.025)[0] == pytest.approx(clopper_pearson(0, rows, 0.025)[1])


def test_rare_clusters_of_nothing_but_successes_rarely_escape_the_upper_limit() -> None:
    """Half of the people always get the same answer, one in twenty of those a yes: the case that needs the imagined."""
    rng, misses = np.random.default_rng(12), 0
    for _ in range(400):
        same, one = rng.random(100) < 0.5, rng.random(100) < 0.05
        x = np.where(same, 20.0 * one, rng.binomial(20, 0.05, 100)).astype(float)
        misses += bool(clustered(x.tolist(), [20.0] * 100).upper(0.025)[0] < 0.05)
    assert misses / 400 < 0.05


def test_clusters_with_rows_in_two_groups_are_seen() -> None:
    group, cluster = np.repeat([0, 1], 3), np.array([0, 1, 2, 2, 3, 4])
    x, n = np.zeros(6), np.array([1.0, 1, 1, 0, 1, 1])
    assert not ClusteredRates(2, group, cluster, x, n).spanning
    assert ClusteredRates(2, group, cluster, x, np.ones(6)).spanning
    assert not ClusteredRates(2, group, cluster, x, np.ones(6)).take([0]).spanning


def test_fourteen_clusters_are_too_few_and_fifteen_are_not() -> None:
    assert clustered([1.0] * 14, [2.0] * 14).too_few_clusters
    assert not clustered([1.0] * 15, [2.0] * 15).too_few_clusters


def test_a_single_cluster_says_nothing() -> None:
    limits = clustered([1.0], [2.0])
    assert (limits.lower(0.025)[0], limits.upper(0.025)[0]) == (0, 1)


def all_kinds() -> list[Limits]:
    rng = np.random.default_rng(5)
    n, w = np.array([30.0, 50.0, 20.0]), np.array([2.0, 1.0, 3.0])
    x = np.array([3.0, 20.0, 10.0])
    group = np.repeat(np.arange(3), 20)
    own = ClusteredRates(3, group, np.arange(60), rng.integers(0, 3, 60).astype(float), np.full(60, 3.0))
    pivots = np.sort(rng.standard_normal((999, 3)), axis=0)
    smooth = StudentisedBootstrap(x / n, np.log(x / (n - x)), np.full(3, 0.2), pivots, logit=True)
    return [ClopperPearson(x, n), WeightedRates(n, x * w, n * w, x * w**2, n * w**2), own, smooth]


@pytest.mark.parametrize("limits", all_kinds(), ids=lambda limits: limits.method)
def test_taking_groups_takes_their_limits(limits: Limits) -> None:
    some = limits.take([2, 0])
    assert some.values == pytest.approx(limits.values[[2, 0]])
    assert some.lower(0.01) == pytest.approx(limits.lower(0.01)[[2, 0]])
    assert some.upper(0.01) == pytest.approx(limits.upper(0.01)[[2, 0]])


@pytest.mark.parametrize("limits", all_kinds(), ids=lambda limits: limits.method)
def test_limits_of_every_kind_widen_as_the_error_shrinks(limits: Limits) -> None:
    errors = [0.4, 0.1, 0.025, 1e-3, 1e-6]
    lower, upper = (np.array([side(error) for error in errors]) for side in (limits.lower, limits.upper))
    assert np.all(np.diff(lower, axis=0) <= 1e-12)
    assert np.all(np.diff(upper, axis=0) >= -1e-12)
    assert np.all((lower >= 0) & (upper <= 1))


def test_the_rest_is_everybody_else() -> None:
    limits = ClopperPearson(np.array([1, 2, 3]), np.array([10, 20, 30]))
    assert limits.rest().values == pytest.approx([5 / 50, 4 / 40, 3 / 30])
    kinds = all_kinds()
    weights, clusters = kinds[1], kinds[2]
    assert isinstance(weights, WeightedRates)
    assert isinstance(clusters, ClusteredRates)
    assert weights.rest().trials.tolist() == [70.0, 50.0, 80.0]
    others = clusters.successes[clusters.group != 1]
    assert clusters.rest().values[1] == pytest.approx(others.sum() / 120)


def test_a_studentised_limit_is_the_quantile_of_its_pivots() -> None:
    """With skewed pivots the upper limit uses the low quantile and the lower limit the high one, or the normal one."""
    pivots = np.sort(np.random.default_rng(1).exponential(2.0, (3999, 1)) - 4.0, axis=0)
    limits = StudentisedBootstrap(np.array([0.5]), np.array([0.5]), np.array([0.01]), pivots, logit=False)
    assert limits.upper(0.1)[0] == pytest.approx(0.5 - 0.01 * np.quantile(pivots, 0.1), abs=1e-4)
    assert limits.lower(0.1)[0] <= 0.5 - 0.01 * stats.norm.isf(0.1)


def test_the_monte_carlo_error_of_a_bound_falls_with_the_replicates() -> None:
    def error(count: int) -> float:
        pivots = np.sort(np.random.default_rng(2).standard_t(3, (count, 1)), axis=0)
        limits = StudentisedBootstrap(np.array([0.5]), np.array([0.5]), np.array([0.01]), pivots, logit=False)
        found = monte_carlo_error(lambda each: (each.lower(0.025), each.upper(0.025)), limits)
        assert found is not None
        return float(found[0][0])

    assert 0 < error(16_000) < error(1_000)


def test_counted_limits_have_no_monte_carlo_error() -> None:
    exact = ClopperPearson(np.array([3.0]), np.array([10.0]))
    assert monte_carlo_error(lambda each: (each.lower(0.025), each.upper(0.025)), exact) is None


def test_the_monte_carlo_error_is_how_far_the_bound_moves_from_draw_to_draw() -> None:
    bounds, errors = [], []
    for seed in range(200):
        pivots = np.sort(np.random.default_rng(seed).standard_t(4, (2_000, 1)), axis=0)
        limits = StudentisedBootstrap(np.array([0.5]), np.array([0.5]), np.array([0.01]), pivots, logit=False)
        found = monte_carlo_error(lambda each: (each.lower(0.025), each.upper(0.025)), limits)
        assert found is not None
        bounds.append(limits.lower(0.025)[0])
        errors.append(found[0][0])
    assert np.mean(errors) == pytest.approx(np.std(bounds), rel=0.2)
