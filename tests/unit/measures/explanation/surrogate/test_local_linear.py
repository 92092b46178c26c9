"""LIME: the plane of a linear model, honest about what is no plane."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats

from hakari.errors import InputError
from hakari.evidence import Interval, Unmeasured
from hakari.measures.explanation import Features, players_of
from hakari.measures.explanation.surrogate import LocalFits, lime, local_fits
from hakari.messages import LANGUAGES, render
from tests.unit.measures.explanation.importance.known import Floats, asked, awkward, linear, mixed, plain, rng, xor


def fitted(features: Features, model: Any = linear, rows: int = 8, **options: Any) -> LocalFits:
    players = players_of(features.names, options.pop("groups", None))
    quantity = options.pop("quantity", "score")
    chance = rng(options.pop("seed", 3))
    options = {"samples": 600, **options}
    ours = asked(model, quantity=quantity)
    return local_fits(ours, features.take(slice(rows)), features.take(slice(rows, None)), players, chance, **options)


def of(found: LocalFits, player: str) -> Floats:
    return found.attributions.values[:, found.attributions.names.index(player)]


@pytest.mark.parametrize("correlated", ["marginal", "conditional"])
def test_a_linear_model_gives_its_slope_times_the_distance_from_the_mean(correlated: str) -> None:
    features = Features({name: plain().columns[name] for name in "abc"})
    found = fitted(features, correlated=correlated)
    for player, slope in (("a", 2), ("b", 1), ("c", 0)):
        column = features.columns[player]
        assert of(found, player) == pytest.approx(slope * (column[:8] - column[8:].mean()), abs=1e-4)
    assert found.attributions.base == pytest.approx(np.full(8, linear(features)[8:].mean()), abs=1e-4)
    assert found.attributions.gaps == pytest.approx(np.zeros(8), abs=1e-4)
    assert found.fidelity == pytest.approx(np.ones(8), abs=1e-6)
    assert not found.poor.any()


def test_a_copy_that_the_model_ignores_gets_nothing_and_a_constant_neither() -> None:
    """Draws replace the two copies apart, so that they can be told apart."""
    found = fitted(plain())
    assert of(found, "copy") == pytest.approx(np.zeros(8), abs=1e-4)
    assert of(found, "same").tolist() == [0.0] * 8


def test_a_group_is_the_sum_of_its_columns() -> None:
    features = plain()
    found = fitted(features, groups={"both": ["a", "b"]})
    moved = linear(features)[:8] - linear(features)[8:].mean()
    assert of(found, "both") == pytest.approx(moved, abs=1e-4)


def test_xor_is_no_plane_and_says_so() -> None:
    found = fitted(plain(), xor)
    assert found.poor.all()
    texts = [render(limit, language) for limit in found.attributions.limits for language in LANGUAGES]
    assert any("less than half" in text for text in texts)
    share = found.attributions.faithfulness[1]
    assert (share.metric, share.value) == ("local_fidelity_share", 0.0)
    assert isinstance(share.interval, Interval)
    assert share.interval.high == pytest.approx(1 - 0.025 ** (1 / 8))


def test_a_curve_is_followed_more_closely_by_a_narrower_kernel() -> None:
    """The slope of sin 3a at the row is 3·cos 3a."""
    features = Features({"a": rng(1).uniform(-2, 2, 800)})
    mean = features.columns["a"][8:].mean()
    own = features.columns["a"][:8]
    slopes = [
        of(fitted(features, lambda each: np.sin(3 * each.columns["a"]), width=width, samples=2000), "a") / (own - mean)
        for width in (1.0, 0.1)
    ]
    wide, narrow = (np.abs(slope - 3 * np.cos(3 * own)).mean() for slope in slopes)
    assert narrow < 0.2 * wide


def test_by_default_a_quarter_of_the_median_square_distance_weighs_a_half() -> None:
    features = Features({"a": plain().columns["a"], "sex": np.array(["f", "m"] * 150, dtype=object)})
    found = fitted(features, lambda each: each.columns["a"])
    number, sex = features.columns["a"], features.columns["sex"]
    squares = ((number[8:] - number[0]) / number[8:].std()) ** 2 / 2 + (sex[8:] != sex[0]) / 2
    assert np.exp(-(np.median(np.sqrt(squares)) ** 2) / 4 / found.widths[0] ** 2) == pytest.approx(0.5)
    assert (found.effective > 50).all()
    assert (found.effective < 600).all()


def test_standard_errors_are_the_spread_over_draws() -> None:
    """The same two rows of a curved model with other draws, 150 times."""

    def curved(features: Features) -> Floats:
        return np.asarray(np.exp(features.columns["a"]) + features.columns["b"] * features.columns["c"], dtype=float)

    features = Features({name: plain(200).columns[name] for name in "abc"})
    runs = [fitted(features, curved, rows=2, samples=300, seed=seed).attributions for seed in range(150)]
    spread = np.std([run.values for run in runs], axis=0)
    errors = np.mean([run.errors for run in runs if run.errors is not None], axis=0)
    assert (errors / spread).mean() == pytest.approx(1, abs=0.12)
    assert ((errors / spread > 0.75) & (errors / spread < 1.35)).all()


def test_columns_as_they_come_are_no_crash() -> None:
    """A missing number is not far or near: it is something else, with a slope of its own."""
    features = awkward()
    found = fitted(features, mixed, samples=4000)
    absent = np.isnan(features.columns["number"])
    count = features.columns["count"]
    assert np.isfinite(found.attributions.values).all()
    assert of(found, "gone").tolist() == [0.0] * 8
    assert np.abs(of(found, "town")).max() < 0.5
    assert of(found, "number")[0] == pytest.approx(5 - mixed_mean(features), abs=0.6)
    assert absent[0]
    assert np.corrcoef(of(found, "count"), count[:8].astype(float) ** 2)[0, 1] > 0.9


def mixed_mean(features: Features) -> float:
    number = features.columns["number"][8:]
    return float(np.where(np.isnan(number), 5.0, number).mean())


def test_where_the_model_never_changes_there_is_nothing_to_explain() -> None:
    found = fitted(plain(), lambda each: np.full(each.rows, 0.3))
    assert np.isnan(found.fidelity).all()
    assert found.attributions.values == pytest.approx(np.zeros((8, 5)), abs=1e-12)
    assert isinstance(found.attributions.faithfulness[0].value, Unmeasured)
    assert any("nothing to explain" in render(limit) for limit in found.attributions.limits)


def test_labels_only_and_one_row_and_a_background_of_one() -> None:
    found = fitted(plain(), xor, rows=1, quantity="class")
    assert found.attributions.quantity == "class"
    assert isinstance(found.attributions.faithfulness[0].interval, Unmeasured)
    features = plain(2)
    assert np.isfinite(fitted(features, rows=1).attributions.values).all()


def test_the_interval_of_the_median_is_that_of_its_order() -> None:
    """Of n rows the median lies between the k-th values from both ends with 1 − 2·P(B < k)."""
    found = fitted(awkward(), mixed, rows=40)
    interval = found.attributions.faithfulness[0].interval
    assert isinstance(interval, Interval)
    ordered = np.sort(found.fidelity)
    k = int(np.flatnonzero(ordered == interval.low)[0]) + 1
    assert ordered[40 - k] == interval.high
    assert 1 - 2 * stats.binom.cdf(k - 1, 40, 0.5) >= 0.95 > 1 - 2 * stats.binom.cdf(k, 40, 0.5)


def test_the_cost_is_every_draw_and_the_rows_themselves() -> None:
    assert fitted(plain(), samples=600).attributions.cost.model_rows == 8 * 900 + 8


def test_the_same_seed_gives_the_same_numbers() -> None:
    features = awkward(100)
    first, second = (fitted(features, mixed).attributions for _ in range(2))
    assert first.values.tobytes() == second.values.tobytes()


def test_lime_is_the_attributions_of_its_fits() -> None:
    features = plain(50)
    rows, background = features.take(slice(3)), features.take(slice(3, None))
    found = lime(asked(linear), rows, background, players_of(features.names), rng(3), samples=600)
    assert found.method == "lime"
    assert not found.additive
    assert found.values.tolist() == fitted(features, rows=3).attributions.values.tolist()


def test_what_cannot_be_used_is_one_clear_line() -> None:
    with pytest.raises(InputError, match="at least 24"):
        fitted(plain(), samples=5)
    with pytest.raises(InputError, match="above 0"):
        fitted(plain(), width=0.0)
    with pytest.raises(InputError, match="no rows"):
        fitted(plain(8))
