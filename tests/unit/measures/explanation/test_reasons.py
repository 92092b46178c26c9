"""Reasons: only players that hold when the explanation is repeated, strongest first, and never a private one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakari.measures.explanation import Attributions, Cost
from hakari.measures.explanation._reasons import Reasons, choose_reasons

PLAYERS = ("income", "debts", "age", "term", "race", "price")
VALUES = [-0.30, -0.20, 0.40, -0.10, -0.05, -0.01]


def attributions(
    values: list[float], errors: list[float] | None = None, *, kept: Sequence[float] | None = None
) -> Attributions:
    names = PLAYERS[: len(values)]
    return Attributions(
        method="sampled_shapley",
        players={name: (name,) for name in names},
        values=np.array([values]),
        errors=np.zeros((1, len(values))) if errors is None else np.array([errors]),
        base=np.zeros(1),
        outputs=np.array([sum(values)]),
        quantity="score",
        correlated="marginal",
        additive=True,
        cost=Cost(model_rows=1),
        kept=np.array([[1.0] * len(values) if kept is None else kept]),
    )


def names(found: Reasons) -> list[str]:
    return [reason.player for reason in found.stated]


def test_the_strongest_on_the_decided_side_come_first_with_their_share_of_the_pull() -> None:
    found = choose_reasons(attributions(VALUES), pull="down")

    assert names(found) == ["income", "debts", "term", "race"]
    assert found.stated[0].share == pytest.approx(0.30 / 0.66)
    assert names(choose_reasons(attributions(VALUES), pull="up")) == ["age"]


def test_a_reason_that_flips_is_left_out_and_no_weaker_one_takes_its_place() -> None:
    kept = [1.0, 0.94, 1.0, 1.0, 1.0, 1.0]

    found = choose_reasons(attributions(VALUES, kept=kept), pull="down", least_share=0.0)

    assert names(found) == ["income", "term", "race"]
    assert (found.unstable, found.unnamed, found.reliable) == (1, 0, True)


def test_a_private_reason_is_counted_but_not_named() -> None:
    found = choose_reasons(attributions(VALUES), pull="down", private={"race", "age"})

    assert "race" not in names(found)
    assert (found.unstable, found.unnamed) == (0, 1)


def test_without_one_stable_reason_nothing_is_reliable() -> None:
    found = choose_reasons(attributions(VALUES, kept=[0.5] * 6), pull="down")

    assert found.stated == ()
    assert not found.reliable
    assert choose_reasons(attributions([0.2, 0.1]), pull="down").reliable is False


def test_a_value_within_three_standard_errors_of_nothing_has_no_sure_sign() -> None:
    found = choose_reasons(attributions([-0.3, -0.2], [0.05, 0.07]), pull="down")

    assert names(found) == ["income"]
    assert found.unstable == 1


def test_a_player_with_a_small_share_is_no_main_reason() -> None:
    assert names(choose_reasons(attributions([-0.96, -0.04]), pull="down")) == ["income"]


def test_attributions_that_nobody_tried_give_no_reasons() -> None:
    with pytest.raises(ValueError, match="tried"):
        choose_reasons(replace(attributions(VALUES), kept=None), pull="down")


@given(
    st.lists(st.floats(-1, 1).filter(lambda value: abs(value) > 1e-6), min_size=1, max_size=6),
    st.lists(st.floats(0, 1), min_size=6, max_size=6),
    st.sets(st.sampled_from(PLAYERS)),
    st.sampled_from(["up", "down"]),
)
def test_whatever_is_stated_is_stable_allowed_and_on_the_decided_side(
    values: list[float], kept: list[float], private: set[str], pull: str
) -> None:
    found = choose_reasons(attributions(values, kept=kept[: len(values)]), pull=pull, private=private)  # type: ignore[arg-type]  # a literal

    for reason in found.stated:
        place = PLAYERS.index(reason.player)
        assert kept[place] >= 0.95
        assert reason.player not in private
        assert (values[place] > 0) == (pull == "up")
    assert len(found.stated) + found.unstable + found.unnamed <= 4
