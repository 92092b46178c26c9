"""Glass boxes: readable models that say how well they imitate."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from scipy import stats
from sklearn.metrics import r2_score

from hakari.errors import InputError
from hakari.evidence import Interval, Unmeasured
from hakari.measures.explanation import Features
from hakari.measures.explanation.surrogate import Condition, Surrogate, glass_box
from hakari.measures.explanation.surrogate._tree import _shortened
from hakari.messages import LANGUAGES, render
from tests.unit.measures.explanation.importance.known import Floats, asked, awkward, linear, mixed, plain, rng, xor


def boxed(features: Features, model: Any = linear, **options: Any) -> Surrogate:
    quantity = options.pop("quantity", "score")
    return glass_box(asked(model, quantity=quantity), features, rng(4), **options)


def steps(features: Features) -> Floats:
    """Three rules that a tree of depth 2 can find."""
    women = np.array([value == "f" for value in features.columns["sex"].tolist()])
    return np.where(women, 0.9, np.where(features.columns["count"] > 2, 0.6, 0.1))


def test_a_linear_model_is_found_term_by_term() -> None:
    features = Features({name: plain().columns[name] for name in ("a", "b", "c", "same")})
    found = boxed(features, kind="linear")
    slopes = {term.column: term.slope for term in found.terms}
    assert slopes == pytest.approx({"a": 2, "b": 1, "c": 0}, abs=1e-4)
    assert [term.column for term in found.terms][:2] == ["a", "b"]
    assert found.fidelity[0].value == pytest.approx(1, abs=1e-8)
    assert found.predict(features) == pytest.approx(linear(features), abs=1e-4)


def test_rules_are_found_where_the_model_has_them() -> None:
    features = awkward(1000)
    found = boxed(features, steps, depth=2)
    assert {round(leaf.output, 9) for leaf in found.leaves} == {0.1, 0.6, 0.9}
    assert found.predict(features) == pytest.approx(steps(features))
    assert found.fidelity[0].value == pytest.approx(1)
    assert found.fidelity[1].value == 1.0
    assert found.cost.model_rows == 1000


def test_every_row_is_covered_by_exactly_one_rule() -> None:
    features = awkward(800)
    found = boxed(features, mixed, depth=4)
    covered = np.zeros(800)
    for leaf in found.leaves:
        inside = np.ones(800, dtype=bool)
        for condition in leaf.conditions:
            inside &= condition.holds(features)
        assert inside.sum() == leaf.rows
        covered += inside
    assert covered.tolist() == [1.0] * 800
    assert sum(leaf.share for leaf in found.leaves) == pytest.approx(1)


def test_the_fidelity_is_that_of_the_rows_kept_aside() -> None:
    features = plain(500)
    found = boxed(features, xor, depth=2, held_out=0.4)
    aside = rng(4).permutation(500)[:200]
    own = found.predict(features.take(aside))
    assert found.fidelity[0].value == pytest.approx(r2_score(xor(features)[aside], own))
    same = int(((own >= 0.5) == (xor(features)[aside] >= 0.5)).sum())
    low = stats.beta.ppf(0.025, same, 200 - same + 1)
    interval = found.fidelity[1].interval
    assert found.fidelity[1].value == same / 200
    assert isinstance(interval, Interval)
    assert interval.low == pytest.approx(low)
    assert (found.fitted_rows, found.held_out_rows) == (300, 200)


def test_the_interval_of_the_fidelity_covers() -> None:
    """The fit stays, the rows kept aside are drawn again: R² of half a signal, 40 times."""
    from hakari.measures.explanation.surrogate.imitation import _explained

    inside = 0
    for seed in range(40):
        chance = rng(seed)
        known = chance.normal(size=150)
        found = _explained(known + chance.normal(size=150), known, asked(linear), chance, 0.95)
        assert isinstance(found.interval, Interval)
        inside += found.interval.low <= 0.5 <= found.interval.high
    assert inside >= 33


def test_xor_is_no_sum_and_its_linear_fidelity_says_so() -> None:
    found = boxed(plain(1000), xor, kind="linear")
    assert isinstance(found.fidelity[0].value, float)
    assert found.fidelity[0].value < 0.1


def test_a_missing_number_has_a_rule_of_its_own() -> None:
    features = awkward(1000)
    found = boxed(features, lambda each: np.isnan(each.columns["number"]).astype(float), depth=1)
    words = {condition.operator for leaf in found.leaves for condition in leaf.conditions}
    assert words == {"missing", "known"}
    assert found.fidelity[1].value == 1.0


def test_a_gap_where_none_was_known_still_falls_under_a_rule_that_does_not_mention_it() -> None:
    features = plain(200)
    found = boxed(features, depth=3)
    gap = features.take([0]).with_columns({name: np.array([np.nan]) for name in features.names})
    assert found.predict(gap)[0] in {leaf.output for leaf in found.leaves}
    assert not any("missing" in render(leaf.said()) for leaf in found.leaves)


def test_classes_are_compared_as_decisions_only() -> None:
    found = boxed(plain(), xor, quantity="class")
    assert isinstance(found.fidelity[0].value, Unmeasured)
    assert isinstance(found.fidelity[1].value, float)


def test_a_model_that_always_says_the_same_is_one_rule() -> None:
    for kind in ("tree", "linear"):
        found = boxed(plain(), lambda each: np.full(each.rows, 0.7), kind=kind)
        assert isinstance(found.fidelity[0].value, Unmeasured)
        assert found.predict(plain(3)) == pytest.approx(np.full(3, 0.7))


def test_columns_that_say_nothing_are_one_rule() -> None:
    found = boxed(Features({"gone": np.full(30, np.nan)}), lambda each: np.arange(each.rows) / 100)
    assert len(found.leaves) == 1
    assert render(found.leaves[0].said()).startswith("Always")


@pytest.mark.parametrize("kind", ["tree", "linear"])
def test_rules_and_limits_read_in_both_languages(kind: Any) -> None:
    found = boxed(awkward(1000), mixed, kind=kind)
    said = [*(leaf.said() for leaf in found.leaves), *found.limits]
    texts = [render(each, language) for each in said for language in LANGUAGES]
    assert not any("{" in text or "[" in text for text in texts)
    assert any("kept aside" in text for text in texts)


def test_bounds_of_one_column_are_told_once() -> None:
    path = (
        Condition("x", "<=", 5.0, missing=True),
        Condition("sex", "is_not", "f"),
        Condition("x", "<=", 3.0, missing=True),
        Condition("x", ">", 1.0),
        Condition("sex", "is", "m"),
    )
    assert _shortened(path) == (Condition("x", "<=", 3.0), Condition("x", ">", 1.0), Condition("sex", "is", "m"))


def test_the_same_seed_gives_the_same_numbers() -> None:
    first, second = (boxed(awkward(), mixed) for _ in range(2))
    assert first.leaves == second.leaves
    assert first.fidelity == second.fidelity


def test_what_cannot_be_used_is_one_clear_line() -> None:
    with pytest.raises(InputError, match="Expected at least 20"):
        boxed(plain(1))
    for wrong in ({"held_out": 1.0}, {"depth": 0}, {"threshold": float("nan")}):
        with pytest.raises(InputError, match="from 1 to 10"):
            boxed(plain(50), **wrong)
