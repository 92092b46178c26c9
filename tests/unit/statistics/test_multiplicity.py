from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakari.errors import InputError
from hakari.statistics.multiplicity import candidates_error, holm_levels, look_error

CHECKS = st.lists(
    st.tuples(st.sampled_from([0.0, 1e-4, 0.004, 0.0125, 0.025, 0.3, 1.0]) | st.floats(0, 1), st.floats(0.001, 0.1)),
    min_size=1,
    max_size=8,
)
Checks = list[tuple[float, float]]


def holm_by_adjusted_p_values(checks: Checks) -> list[bool]:
    """Holm through adjusted p-values: the running maximum of (K−s)·q, rejected up to 1."""
    order = sorted(range(len(checks)), key=lambda k: checks[k][0] / checks[k][1])
    rejected, highest = [False] * len(checks), 0.0
    for step, k in enumerate(order):
        p, budget = checks[k]
        highest = max(highest, (len(checks) - step) * p / budget)
        rejected[k] = highest <= 1
    return rejected


@given(CHECKS)
def test_rejections_at_the_levels_are_those_of_holm(checks: Checks) -> None:
    p, budgets = zip(*checks, strict=True)
    levels = holm_levels(p, budgets)
    near = [abs(s * p / b - 1) < 1e-9 for p, b in checks for s in range(1, len(checks) + 1)]
    if not any(near):  # the two roads may round a tie differently
        assert [a <= level for a, level in zip(p, levels, strict=True)] == holm_by_adjusted_p_values(checks)


@given(CHECKS, st.randoms(use_true_random=False))
def test_levels_belong_to_checks_not_to_their_order(checks: Checks, random: object) -> None:
    order = list(range(len(checks)))
    random.shuffle(order)  # type: ignore[attr-defined]  # the object is known to have it
    p, budgets = zip(*checks, strict=True)
    plain = holm_levels(p, budgets)
    moved = holm_levels([p[k] for k in order], [budgets[k] for k in order])
    assert list(moved) == pytest.approx([plain[k] for k in order])


@given(CHECKS)
def test_every_level_lies_between_its_share_and_its_budget(checks: Checks) -> None:
    p, budgets = zip(*checks, strict=True)
    for level, budget in zip(holm_levels(p, budgets), budgets, strict=True):
        assert budget / len(checks) * (1 - 1e-12) <= level <= budget


def test_a_single_check_has_its_whole_budget() -> None:
    assert holm_levels([0.5], [0.025]) == (0.025,)


def test_checks_after_the_first_that_is_not_rejected_keep_its_level() -> None:
    levels = holm_levels([0.001, 0.02, 0.02, 1.0], [0.025] * 4)
    assert levels == pytest.approx((0.025 / 4, 0.025 / 3, 0.025 / 3, 0.025 / 3))


def test_a_check_that_failed_to_run_still_counts() -> None:
    assert holm_levels([0.02, 1.0], [0.025] * 2)[0] == pytest.approx(0.0125)


def test_the_looks_together_spend_the_error() -> None:
    assert [look_error(0.025, k) for k in (1, 2, 3)] == pytest.approx([0.0125, 0.025 / 6, 0.025 / 12])
    assert sum(look_error(0.025, k) for k in range(1, 10_000)) == pytest.approx(0.025, rel=1e-3)


def test_candidates_divide_the_error() -> None:
    assert candidates_error(0.025, 20) == pytest.approx(0.00125)


@pytest.mark.parametrize("call", [lambda: look_error(0.1, 0), lambda: candidates_error(0.1, 0)])
def test_numbers_below_one_are_refused(call: object) -> None:
    with pytest.raises(InputError):
        call()  # type: ignore[operator]  # one of several callables


def test_a_budget_is_needed_for_each_check() -> None:
    with pytest.raises(InputError, match="2 p-values need 2 budgets, got 1"):
        holm_levels([0.1, 0.2], [0.1])
