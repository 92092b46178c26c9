from __future__ import annotations

import datetime
import math
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from hakari.inputs.values import class_text, is_missing, level, text


@pytest.mark.parametrize(
    "value", [None, math.nan, np.float32("nan"), pd.NA, pd.NaT, np.datetime64("NaT"), Decimal("nan")]
)
def test_every_null_is_missing(value: Any) -> None:
    assert is_missing(value)
    assert level(value) == "missing"


@pytest.mark.parametrize("value", [0, "", "NA", False, math.inf, b""])
def test_what_is_there_is_not_missing(value: Any) -> None:
    assert not is_missing(value)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (1.0, "1"),
        (np.float64(-0.0), "0"),
        (np.int8(3), "3"),
        (2.5, "2.5"),
        (1e20, "100000000000000000000"),
        (True, "true"),
        (np.False_, "false"),
        ("TRUE", "true"),
        ("007", "007"),
        (Decimal("1.50"), "1.5"),
        (Decimal("2.00"), "2"),
        (datetime.date(2026, 4, 1), "2026-04-01"),
        (pd.Timestamp("2026-04-01"), "2026-04-01"),
        (pd.Timestamp("2026-04-01 09:30").to_pydatetime(), "2026-04-01T09:30:00"),
        (datetime.datetime(2026, 4, 1, tzinfo=datetime.UTC), "2026-04-01T00:00:00+00:00"),
        (b"\x01\xff", "01ff"),
        ("東京", "東京"),
    ],
)
def test_a_value_has_one_spelling(value: Any, expected: str) -> None:
    assert text(value) == expected


@pytest.mark.parametrize("value", ["1", "1.0", 1, 1.0, True, "TRUE", "１", " 1 ", "+1", np.int64(1)])
def test_one_is_written_in_many_ways(value: Any) -> None:
    assert class_text(value) == "1"


@pytest.mark.parametrize(("value", "expected"), [("Yes", "yes"), ("inf", "inf"), ("0.50", "0.5"), ("ＯＫ", "ok")])
def test_other_classes_are_compared_without_case_and_width(value: Any, expected: str) -> None:
    assert class_text(value) == expected
