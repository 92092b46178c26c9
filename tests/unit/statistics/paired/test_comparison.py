"""One verdict from `not worse` and harm."""

from __future__ import annotations

import math

import numpy as np
import pytest

from hakari.errors import InputError
from hakari.statistics.paired import Comparison, PairedChange, compare


def groups(*each: tuple[int, int, int]) -> PairedChange:
    return PairedChange(*(np.array(part, dtype=float) for part in zip(*each, strict=True)))


EQUAL = groups((5, 5, 2000), (4, 6, 2000))
ONE_BAD = groups((5, 5, 2000), (10, 90, 2000))


def read(change: PairedChange, *harmed: int, worse: int = -1, **more: bool) -> Comparison:
    return compare(change, harmed, margin=0.02, worse=worse, error=0.025, **more)


def test_every_group_within_the_margin_is_met_and_the_worst_one_decides() -> None:
    found = read(EQUAL)
    assert (found.verdict, found.reason, found.worst) == ("met", "", 1)
    assert found.bound == min(EQUAL.lower(0.025)) > -0.02
    assert found.value == -0.001


def test_no_correction_is_made_for_the_number_of_groups_in_met() -> None:
    many = groups(*[(5, 5, 2000)] * 40)
    assert read(many).bound == groups((5, 5, 2000)).lower(0.025)[0]
    assert read(many).other == groups((5, 5, 2000)).upper(0.025 / 40)[0]


def test_one_group_beyond_the_margin_keeps_it_from_being_met() -> None:
    assert read(ONE_BAD).verdict == "inconclusive"
    assert read(ONE_BAD, 1).verdict == "not_met"


def test_a_loss_that_is_real_and_within_the_margin_is_said_to_be_so() -> None:
    found = read(EQUAL, 1)
    assert (found.verdict, found.reason, found.harmed) == ("met", "within_margin", (1,))


def test_where_a_rise_is_worse_the_signs_turn() -> None:
    found = read(ONE_BAD, worse=1)
    assert found.verdict == "met"
    assert found.bound == pytest.approx(max(ONE_BAD.upper(0.025)))
    assert found.value == 0.0
    mirrored = groups((90, 10, 2000), (5, 5, 2000))
    assert read(mirrored, worse=1).bound == pytest.approx(-read(groups((10, 90, 2000), (5, 5, 2000))).bound)


def test_groups_that_hold_too_few_rows_cannot_meet_but_can_show_harm() -> None:
    assert (read(EQUAL, covered=False).verdict, read(EQUAL, covered=False).reason) == ("inconclusive", "coverage")
    assert read(EQUAL, 7, covered=False).verdict == "not_met"


def test_without_a_group_large_enough_only_harm_can_be_shown() -> None:
    none = EQUAL.take([])
    found = read(none)
    assert (found.verdict, found.reason, found.worst) == ("inconclusive", "no_groups", None)
    assert (found.bound, found.other) == (-1.0, 1.0)
    assert math.isnan(found.value)
    assert read(none, 3).verdict == "not_met"


@pytest.mark.parametrize("margin", [0.0, -0.1, 1.0, math.nan])
def test_a_margin_outside_zero_and_one_is_refused(margin: float) -> None:
    with pytest.raises(InputError, match="The margin"):
        compare(EQUAL, (), margin=margin, worse=-1, error=0.025)
