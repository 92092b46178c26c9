"""Conditional importance: what a column says beyond the others."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from hakari.errors import InputError
from hakari.measures.explanation import Attributions, Features, players_of
from hakari.measures.explanation.importance import conditional_importance, permutation_importance
from hakari.measures.explanation.importance._strata import strata_of_player
from hakari.messages import LANGUAGES, render
from tests.unit.measures.explanation.importance.known import asked, awkward, linear, mixed, plain, rng


def measured(
    features: Features, model: Any = linear, how: Any = conditional_importance, **options: Any
) -> Attributions:
    players = players_of(features.names, options.pop("groups", None))
    options = {"loss": "squared", "repeats": 3, **options}
    found: Attributions = how(asked(model), features, model(features), players, rng(7), **options)
    return found


def of(found: Attributions, player: str) -> float:
    return float(found.values[0, found.names.index(player)])


def test_a_column_with_a_copy_loses_most_of_its_credit() -> None:
    features = plain(1500)
    marginal, conditional = measured(features, how=permutation_importance), measured(features)
    assert of(conditional, "a") < 0.05 * of(marginal, "a")
    assert of(conditional, "b") == pytest.approx(of(marginal, "b"), rel=0.15)


def test_what_is_left_is_the_variance_that_the_others_do_not_account_for() -> None:
    """With correlation ρ the rise is 2β²(1 − ρ²) in the limit; strata of finite size leave a little more."""
    chance = rng(4)
    first = chance.normal(size=3000)
    second = 0.8 * first + 0.6 * chance.normal(size=3000)
    features = Features({"a": first, "b": second})
    found = measured(features)
    for player, other, slope in (("a", "b", 2), ("b", "a", 1)):
        left = features.columns[player] - 0.8 * features.columns[other]
        assert 0.97 < of(found, player) / (2 * slope**2 * left.var()) < 1.3


def test_without_any_dependence_it_is_the_permutation_importance() -> None:
    """The tree has not seen the rows that it groups: leaves grown on noise take nothing off."""
    features = Features({name: plain(2000).columns[name] for name in "abc"})
    marginal, conditional = measured(features, how=permutation_importance), measured(features)
    assert conditional.values[0, :2] == pytest.approx(marginal.values[0, :2], rel=0.06)


def test_strata_have_two_rows_and_more_and_say_how_much_they_explain() -> None:
    features = plain(400)
    copied = strata_of_player(features, ("a",), rng(), least=5)
    assert np.bincount(copied.codes).min() >= 2
    assert copied.explained > 0.95
    alone = strata_of_player(Features({name: features.columns[name] for name in "abc"}), ("a",), rng(), least=20)
    assert alone.explained < 0.15


def test_few_rows_or_no_other_column_leave_one_stratum_and_it_is_said() -> None:
    features = plain(300)
    assert strata_of_player(features.take(slice(60)), ("a",), rng(), least=20).count == 1
    assert strata_of_player(Features({"a": features.columns["a"]}), ("a",), rng(), least=20).count == 1
    found = measured(features.take(slice(60)))
    assert "measures.explanation.importance.limit.one_stratum" in {limit.key for limit in found.limits}


def test_the_limits_say_in_both_languages_what_is_approximate() -> None:
    found = measured(plain(400))
    texts = [render(limit, language) for limit in found.limits for language in LANGUAGES]
    assert any("approximate" in text for text in texts)
    assert any("copy 9" in text for text in texts)
    assert not any("{" in text for text in texts)


def test_columns_as_they_come_are_no_crash() -> None:
    features = awkward()
    found = measured(features, mixed)
    assert {name for name in found.names if of(found, name) > 0} == {"number", "sex", "count"}


def test_the_same_seed_gives_the_same_numbers() -> None:
    features = awkward(200)
    assert measured(features, mixed).values.tobytes() == measured(features, mixed).values.tobytes()


def test_a_stratum_of_one_row_is_refused() -> None:
    with pytest.raises(InputError, match="at least 2 rows"):
        measured(plain(50), least=1)
