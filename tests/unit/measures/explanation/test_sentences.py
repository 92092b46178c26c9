"""Sentences: what is said of one row follows from its numbers, in both languages."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from hakari.measures.explanation import Attributions, Cost, sentences
from hakari.messages import render

SHOWN = Attributions(
    method="sampled_shapley",
    players={name: (name,) for name in ("income", "debt", "years")},
    values=np.array([[0.30, -0.10, 0.0], [0.0, 0.0, 0.0]]),
    errors=np.array([[0.01, 0.02, 0.0], [0.0, 0.0, 0.0]]),
    base=np.array([0.5, 0.5]),
    outputs=np.array([0.7, 0.5]),
    quantity="score",
    correlated="marginal",
    additive=True,
    cost=Cost(model_rows=1),
)
TRIED = replace(
    SHOWN,
    followed=np.array([True, False]),
    kept=np.array([[1.0, 0.9, 0.0], [0.0, 0.0, 0.0]]),
    near_line=np.array([True, False]),
)


def keys(found: Attributions, row: int = 0) -> list[str]:
    return [item.key.rpartition(".")[2] for item in sentences(found, row)]


def test_a_row_is_told_from_where_to_where_and_by_what() -> None:
    first, second, *_ = (render(item) for item in sentences(SHOWN))
    assert "score of this row is 0.7" in first
    assert "0.5 on average" in first
    assert second == ("What moves it most: income (+0.3, standard error 0.01), debt (-0.1, standard error 0.02).")


def test_what_was_not_tried_is_said() -> None:
    assert keys(SHOWN) == ["way", "most", "untried", "sums"]


def test_what_the_trials_found_about_the_row_is_said() -> None:
    assert keys(TRIED) == ["way", "most", "followed", "hold", "do_not_hold", "near_line", "sums"]
    held, fell = (render(item) for item in sentences(TRIED)[3:5])
    assert held.endswith("income.")
    assert fell.endswith("debt.")
    wrong = replace(TRIED, followed=np.array([False, False]))
    assert "not_followed" in keys(wrong)


def test_a_row_that_nothing_moves_has_no_reasons() -> None:
    assert keys(TRIED, row=1) == ["way", "nothing", "sums"]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_sentence_is_complete_in_both_languages(language: str) -> None:
    for item in sentences(TRIED):
        said = render(item, language)  # type: ignore[arg-type]  # a literal
        assert "{" not in said
        assert said.endswith("." if language == "en" else "。")
