"""Trying: the attributions take up what their trials found, figure by figure and row by row."""

from __future__ import annotations

import numpy as np

from hakari.measures.explanation import Attributions, Explainer, players_of
from hakari.measures.explanation.truth import Trying, tried
from hakari.statistics.streams import stream
from tests.unit.measures.explanation.truth.known import Floats, asked, features


def crossed(matrix: Floats) -> Floats:
    return np.tanh(matrix[:, 0] * matrix[:, 1]) + 0.5 * matrix[:, 2]


def shown(rows: int = 30, *, turned: bool = False) -> Attributions:
    explained, background = features(rows, seed=1), features(20, seed=2)
    explainer = Explainer(asked(crossed), background, players_of(explained.names))
    found = explainer(explained, stream(1, "explanation"))
    if turned:
        object.__setattr__(found, "values", -found.values)
    trying = Trying(repeats=2, threshold=0.0)
    return tried(found, list(trying.trials(explainer, explained, found, lambda name: stream(1, name))))


def metrics(found: Attributions) -> tuple[list[str], list[str]]:
    return [item.metric for item in found.faithfulness], [item.metric for item in found.stability]


def test_every_figure_lands_where_it_belongs() -> None:
    faithfulness, stability = metrics(shown())
    assert {"faithful_share", "infidelity", "method_agreement", "randomisation_similarity"} <= set(faithfulness)
    assert set(stability) == {"stable_reasons_share", "rank_correlation", "max_sensitivity"}


def test_the_rows_have_what_was_found_about_them_and_keep_it_when_some_are_taken() -> None:
    found = shown()
    assert found.followed is not None
    assert found.kept is not None
    assert found.near_line is not None
    assert (found.followed.shape, found.kept.shape, found.near_line.shape) == ((30,), (30, 5), (30,))
    assert found.followed.mean() > 0.9
    # Columns that the model never reads are among nobody's reasons.
    assert not found.kept[:, 3:].any()
    some = found.take(np.array([4, 2]))
    assert some.kept is not None
    np.testing.assert_array_equal(some.kept, found.kept[[4, 2]])
    assert some.faithfulness == found.faithfulness


def test_an_account_that_fails_says_so_before_everything_else() -> None:
    found = shown(turned=True)
    assert found.limits[0].key == "measures.explanation.truth.first"
    assert found.followed is not None
    assert not found.followed.any()
    assert shown().limits[0].key != "measures.explanation.truth.first"
