"""Functions of several classes: the numbers of scikit-learn, with the intervals of the measure."""

from __future__ import annotations

import math

import numpy as np
import pytest
from sklearn.metrics import balanced_accuracy_score, f1_score, recall_score

from hakari.errors import InputError
from hakari.measures.fairness.functions import classes as functions

RNG = np.random.default_rng(8)
Y = RNG.choice(["ant", "bee", "cow"], 900)
P = np.where(RNG.random(900) < 0.6, Y, RNG.choice(["ant", "bee", "cow"], 900))
G = RNG.choice(["left", "right"], 900)
LEFT, RIGHT = G == "left", G == "right"


def test_differences_are_those_of_scikit_learn() -> None:
    for function, metric in (
        (functions.macro_f1_difference, lambda y, p: f1_score(y, p, average="macro")),
        (functions.weighted_f1_difference, lambda y, p: f1_score(y, p, average="weighted")),
        (functions.macro_recall_difference, balanced_accuracy_score),
    ):
        found = function(Y, P, sensitive_features=G)
        assert found == pytest.approx(abs(metric(Y[LEFT], P[LEFT]) - metric(Y[RIGHT], P[RIGHT])), abs=1e-12)
        assert found.low <= found <= found.high


def test_parity_is_the_largest_difference_over_the_classes() -> None:
    gaps = [abs((P[LEFT] == c).mean() - (P[RIGHT] == c).mean()) for c in ("ant", "bee", "cow")]
    assert functions.multiclass_parity(None, P, sensitive_features=G) == pytest.approx(max(gaps), abs=1e-12)


def test_a_figure_for_every_group_and_class() -> None:
    found = functions.class_by_group("class_recall", Y, P, sensitive_features=G)
    assert set(found) == {(g, c) for g in ("left", "right") for c in ("ant", "bee", "cow")}
    expected = recall_score(Y[LEFT], P[LEFT], average=None)
    assert [found[("left", c)] for c in ("ant", "bee", "cow")] == pytest.approx(expected.tolist(), abs=1e-12)
    assert set(functions.class_by_group("macro_f1", Y, P, sensitive_features=G)) == {("left",), ("right",)}


def test_weights_count_as_in_scikit_learn() -> None:
    weight = np.tile([0.5, 2.0, 0.0], 300)
    found = functions.class_by_group("macro_f1", Y, P, sensitive_features=G, sample_weight=weight)
    expected = f1_score(Y[LEFT], P[LEFT], average="macro", sample_weight=weight[LEFT])
    assert found[("left",)] == pytest.approx(expected, abs=1e-9)


def test_numbers_and_names_of_a_class_are_one() -> None:
    found = functions.class_by_group("class_recall", [1, 2, 3], ["1", "2", "1"], sensitive_features=["a"] * 3)
    assert [float(found[("a", c)]) for c in ("1", "2", "3")] == [1.0, 1.0, 0.0]


def test_one_group_has_no_difference_and_says_why() -> None:
    found = functions.macro_f1_difference(Y, P, sensitive_features=["all"] * 900)
    assert math.isnan(found)
    assert "needs two" in found.why


def test_no_rows_at_all_have_no_difference() -> None:
    assert math.isnan(functions.macro_f1_difference([], [], sensitive_features=[]))


def test_missing_parts_are_refused() -> None:
    with pytest.raises(InputError, match="no value"):
        functions.macro_f1_difference([None, "a"], ["a", "b"], sensitive_features=["x", "y"])
    with pytest.raises(InputError, match="y_pred is None"):
        functions.multiclass_parity(Y, None, sensitive_features=G)
    with pytest.raises(InputError, match="needs labels"):
        functions.class_by_group("class_recall", None, P, sensitive_features=G)
    with pytest.raises(InputError, match="no metric of classes"):
        functions.class_by_group("luck", Y, P, sensitive_features=G)


def test_names_are_those_of_the_functions() -> None:
    for name in functions.__all__:
        each = getattr(functions, name)
        assert each.__name__ == name
        assert each.__doc__
