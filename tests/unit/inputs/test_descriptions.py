from __future__ import annotations

import polars as pl
import pytest

from hakari.inputs import describe_columns, open_data

ROWS = 60
TABLE = {
    "id": list(range(ROWS)),
    "code": [f"A{row:04d}" for row in range(ROWS)],
    "label": [row % 2 for row in range(ROWS)],
    "sex": ["女", "男", None] * 20,
    "area": [f"area {row % 5}" for row in range(ROWS)],
    "income": [row * 1.37 for row in range(ROWS)],
    "age": [20 + row % 30 for row in range(ROWS)],
    "born": [f"2000-01-{1 + row % 28:02d}" for row in range(ROWS)],
    "same": ["x"] * ROWS,
    "nothing": [None] * ROWS,
}
EXPECTED = {
    "id": "id-like",
    "code": "id-like",
    "label": "binary",
    "sex": "binary",
    "area": "category",
    "income": "number",
    "age": "number",
    "born": "date",
    "same": "constant",
    "nothing": "constant",
}


@pytest.mark.parametrize("lazy", [True, False])
def test_each_kind_of_column_is_told(lazy: bool) -> None:
    frame = pl.DataFrame(TABLE)
    found = describe_columns(open_data(frame.lazy() if lazy else frame, role="x"))
    assert {column.name: column.kind for column in found} == EXPECTED


def test_values_missing_and_distinct_are_counted() -> None:
    found = {column.name: column for column in describe_columns(open_data(pl.DataFrame(TABLE), role="x"))}
    assert (found["sex"].values, found["sex"].missing, found["sex"].distinct) == (("女", "男"), 20, 2)
    assert (found["label"].values, found["income"].values) == (("0", "1"), ())
    assert (found["nothing"].values, found["nothing"].missing) == ((), ROWS)


def test_days_are_dates() -> None:
    days = pl.date_range(pl.date(2026, 1, 1), pl.date(2026, 1, 9), eager=True)
    (found,) = describe_columns(open_data(pl.DataFrame({"day": days}), role="x"))
    assert found.kind == "date"
