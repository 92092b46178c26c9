"""Rounding: only numbers that a person would say, and only where the model still agrees."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakari.measures.explanation import Features
from hakari.workflows.notice.rounding import changed_columns, rounded_change


def features(**values: float | str) -> Features:
    return Features({name: np.array([value]) for name, value in values.items()})


def below(limit: float) -> Callable[[Features], np.ndarray[tuple[int], np.dtype[np.bool_]]]:
    return lambda rows: np.asarray(rows.columns["debts"] <= limit)


def test_the_nearest_multiple_is_taken_where_it_holds() -> None:
    found = rounded_change(features(debts=0.4), features(debts=0.29), {"debts": 0.05}, below(0.31))
    assert found is not None
    assert found.columns["debts"][0] == pytest.approx(0.30)


def test_else_the_number_goes_further_from_where_the_person_stands() -> None:
    found = rounded_change(features(debts=0.4), features(debts=0.29), {"debts": 0.05}, below(0.29))
    assert found is not None
    assert found.columns["debts"][0] == pytest.approx(0.25)


def test_a_change_that_never_holds_is_dropped() -> None:
    assert rounded_change(features(debts=0.4), features(debts=0.29), {"debts": 0.05}, below(-1)) is None


def test_a_change_that_can_be_said_exactly_stays_if_no_multiple_holds() -> None:
    after = features(debts=0.29)
    exactly = lambda rows: np.isclose(rows.columns["debts"], 0.29)  # noqa: E731
    assert rounded_change(features(debts=0.4), after, {"debts": 0.05}, exactly) is None
    assert rounded_change(features(debts=0.4), after, {"debts": 0.05}, exactly, exact=lambda _: True) is not None


def test_rounding_back_to_where_the_person_stands_is_no_change() -> None:
    always = lambda rows: np.ones(rows.rows, dtype=bool)  # noqa: E731
    found = rounded_change(features(debts=0.4), features(debts=0.39), {"debts": 0.1}, always)
    assert found is not None
    assert found.columns["debts"][0] == pytest.approx(0.3)


def test_texts_and_columns_without_a_unit_are_left_as_they_are() -> None:
    before = Features({"debts": np.array([0.4]), "job": np.array(["none"], dtype=object)})
    after = Features({"debts": np.array([0.333]), "job": np.array(["clerk"], dtype=object)})
    found = rounded_change(before, after, {"job": 1.0}, lambda rows: np.ones(rows.rows, dtype=bool))
    assert found is not None
    assert (found.columns["debts"][0], found.columns["job"][0]) == (0.333, "clerk")


def test_missing_is_like_missing() -> None:
    row = features(debts=float("nan"))
    assert changed_columns(row, row) == ()
    assert changed_columns(row, features(debts=0.1)) == ("debts",)


def test_what_follows_is_set_after_rounding() -> None:
    before, after = features(debts=0.4, rest=0.6), features(debts=0.29, rest=0.71)

    def settled(rows: Features) -> Features:
        return rows.with_columns({"rest": 1 - rows.columns["debts"]})

    always = lambda rows: np.ones(rows.rows, dtype=bool)  # noqa: E731
    found = rounded_change(before, after, {"debts": 0.1}, always, settled=settled)
    assert found is not None
    assert found.columns["rest"][0] == pytest.approx(0.7)


@given(st.floats(-50, 50), st.floats(-50, 50), st.sampled_from([0.01, 0.25, 1.0, 5.0]), st.floats(-60, 60))
def test_whatever_is_said_is_a_multiple_that_was_accepted(
    before: float, after: float, unit: float, limit: float
) -> None:
    found = rounded_change(features(debts=before), features(debts=after), {"debts": unit}, below(limit))

    if found is not None:
        value = float(found.columns["debts"][0])
        assert value <= limit
        assert value == pytest.approx(round(value / unit) * unit, abs=1e-6)
