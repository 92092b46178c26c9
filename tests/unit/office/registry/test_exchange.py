from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakari.errors import InputError
from hakari.office.registry.exchange.cells import defused, restored
from hakari.office.registry.exchange.mapping import Mapped
from hakari.office.registry.exchange.reading import kind_of, read_sheet

PRINTED = st.text(alphabet=st.characters(categories=["L", "N", "P", "S", "Zs"]), max_size=30)


@given(PRINTED)
def test_a_defused_cell_begins_no_formula_and_can_be_restored(text: str) -> None:
    plain = "".join(char if char.isprintable() else " " for char in text)
    assert not defused(text).lstrip().startswith(("=", "+", "-", "@"))
    if not plain.startswith("'"):
        assert restored(defused(text)) == plain


@given(st.binary(max_size=200))
def test_any_bytes_are_read_or_refused_with_a_reason(content: bytes) -> None:
    try:
        sheet = read_sheet(content)
    except InputError:
        return
    assert all(len(row) == len(sheet.headings) for row in sheet.rows)


def test_the_kind_is_told_by_content() -> None:
    assert kind_of(b"Title\nA") == "csv"


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_columns_are_parted_as_the_first_line_parts_them(delimiter: str) -> None:
    sheet = read_sheet(f"Title{delimiter}Unit\nA{delimiter}B\n\n".encode())
    assert (sheet.headings, sheet.rows) == (("Title", "Unit"), (("A", "B"),))


@pytest.mark.parametrize(
    ("headings", "expected"),
    [
        (("ID", "Use case", "Department"), {"former_number": 0, "title": 1, "unit": 2}),
        (("管理番号", "AI案件名", "担当部署"), {"former_number": 0, "title": 1, "unit": 2}),
        (("x", "y"), {}),
    ],
)
def test_columns_are_guessed_by_their_headings(headings: tuple[str, ...], expected: dict[str, int]) -> None:
    assert dict(Mapped.guess(headings).columns) == expected
