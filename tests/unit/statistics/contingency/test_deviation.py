"""Standard deviations from what is expected: the figures of the courts, SciPy, and the distributions themselves."""

from __future__ import annotations

import math

import pytest
from scipy import stats

from hakari.errors import InputError
from hakari.statistics.contingency import (
    Pair,
    binomial_deviations,
    hypergeometric_deviations,
    pooled_z,
)
from tests.unit.statistics.contingency.test_exact import random_pairs, table

INFORMATIVE = [pair for pair in random_pairs() if pair.informative]


def test_the_pooled_z_is_the_root_of_pearsons_chi_square() -> None:
    assert len(INFORMATIVE) > 150
    for pair in INFORMATIVE:
        expected = stats.chi2_contingency(table(pair), correction=False)
        found = pooled_z(pair)
        assert found is not None
        assert found.statistic**2 == pytest.approx(expected.statistic, rel=1e-10, abs=1e-10)
        assert found.p == pytest.approx(expected.pvalue, abs=1e-10)


def test_the_deviations_use_mean_and_spread_of_the_hypergeometric_distribution() -> None:
    for pair in INFORMATIVE:
        n, group, drawn = pair.total, pair.rows, pair.selections
        # Mean and variance of drawing without replacement, as every textbook has them.
        mean = drawn * group / n
        variance = drawn * (group / n) * (1 - group / n) * (n - drawn) / (n - 1)
        found = hypergeometric_deviations(pair)
        assert found is not None
        assert found.statistic == pytest.approx((pair.selected - mean) / math.sqrt(variance), abs=1e-10)


def test_castaneda_v_partida_is_29_standard_deviations() -> None:
    """870 grand jurors, 339 Mexican-American, where 79.1 % of the county are: expected about 688, spread about 12."""
    found = binomial_deviations(339, 870, 0.791)
    assert found is not None
    assert round(870 * 0.791) == 688
    assert round(stats.binom(870, 0.791).std()) == 12
    assert -29.5 < found.statistic < -28.5


def test_fewer_selected_is_negative_and_the_other_side_is_the_same_amount() -> None:
    here, there = pooled_z(Pair(3, 20, 16, 80)), pooled_z(Pair(16, 80, 3, 20))
    assert here is not None
    assert there is not None
    assert here.statistic == pytest.approx(-there.statistic)
    assert here.statistic < 0


def test_where_nobody_or_everybody_is_selected_there_is_no_deviation() -> None:
    for pair in (Pair(0, 5, 0, 7), Pair(5, 5, 7, 7), Pair(0, 0, 3, 9)):
        assert pooled_z(pair) is None
        assert hypergeometric_deviations(pair) is None
    assert binomial_deviations(0, 0, 0.5) is None


def test_a_far_tail_is_not_rounded_to_nothing() -> None:
    found = pooled_z(Pair(0, 400, 300, 400))
    assert found is not None
    assert 0 < found.p < 1e-80
    assert math.log(found.p) == pytest.approx(stats.norm.logsf(abs(found.statistic)) + math.log(2), rel=1e-9)


@pytest.mark.parametrize("share", [0.0, 1.0, -0.2, float("nan")])
def test_a_share_that_is_none_is_refused(share: float) -> None:
    with pytest.raises(InputError, match="between 0 and 1"):
        binomial_deviations(3, 9, share)
