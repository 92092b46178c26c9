"""Plain values, and canonical bytes against the library that defines them."""

from __future__ import annotations

import math
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest
import rfc8785
from hypothesis import given
from hypothesis import strategies as st

from hakari.capture._plain import canonical, plain
from hakari.errors import InputError

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=8)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_infinity=False) | TEXTS
VALUES: st.SearchStrategy[Any] = st.recursive(
    SCALARS, lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4), max_leaves=12
)


@given(VALUES)
def test_the_bytes_are_those_of_rfc_8785(value: Any) -> None:
    found = plain(value)
    assert canonical(found) == rfc8785.dumps(found)


@given(st.floats(allow_infinity=False, allow_nan=False) | st.floats(1e15, 1e17) | st.floats(1e-7, 1e-3))
def test_every_number_is_written_as_the_standard_says(number: float) -> None:
    assert canonical(plain(number)) == rfc8785.dumps(number)


@given(st.integers(min_value=-(2**53) + 1, max_value=2**53 - 1))
def test_a_whole_number_is_one_value_however_it_is_typed(number: int) -> None:
    assert canonical(plain(number)) == canonical(plain(float(number)))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.float64(0.1), 0.1),
        (np.float32(0.5), 0.5),
        (np.int64(3), 3),
        (np.bool_(True), True),
        (np.str_("a"), "a"),
        (np.array([1.0, math.nan]), [1, None]),
        (pd.NA, None),
        (pd.NaT, None),
        (math.nan, None),
        (2**60, str(2**60)),
        (date(2026, 11, 22), "2026-11-22"),
        (datetime(2026, 11, 22, tzinfo=UTC), "2026-11-22T00:00:00+00:00"),
        (Decimal("1.50"), "1.50"),
        ((1, (2,)), [1, [2]]),
    ],
)
def test_values_of_other_libraries_become_plain(value: Any, expected: Any) -> None:
    assert plain(value) == expected


@pytest.mark.parametrize("value", [math.inf, {1: 2}, object(), b"bytes", {"a": {1, 2}}])
def test_what_json_does_not_have_is_refused(value: Any) -> None:
    with pytest.raises(InputError):
        plain(value)


def test_a_bottomless_value_is_refused() -> None:
    value: list[Any] = []
    value.append(value)
    with pytest.raises(InputError, match="20 levels"):
        plain(value)
