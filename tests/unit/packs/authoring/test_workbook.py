from __future__ import annotations

import dataclasses
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import openpyxl
import pytest

from hakari.errors import InputError
from hakari.packs import Pack, list_packs, pack_files, read_pack
from hakari.packs._files import library_names
from hakari.packs.authoring import export_workbook, import_workbook
from hakari.packs.authoring.exporting import workbook_sheets
from hakari.packs.authoring.grid import write_grid
from hakari.packs.authoring.layout import SHEETS, TRIAGE, columns_of
from hakari.packs.model import Check
from tests.unit.packs.authoring.books import change, put, small_book
from tests.unit.packs.example import PACK, REQUIREMENTS

NAMES = library_names()
DANGEROUS = ["=1+1", '=HYPERLINK("x")', "+1", "-1", "@SUM(A1)", "#N/A", "'quoted", " =1", "1e5", "0012", "TRUE"]


def _shipped(name: str) -> Pack:
    packs = {pack.reference: pack for pack in list_packs()} | {pack.name: pack for pack in list_packs(versions=False)}
    return packs[name]


@pytest.mark.parametrize("name", NAMES)
def test_every_shipped_pack_comes_back_equal(name: str, tmp_path: Path) -> None:
    pack, triage = _shipped(name), pack_files(name).get("triage.yaml")
    write_grid(tmp_path / "pack.xlsx", workbook_sheets(pack, triage, "ja"))
    back = import_workbook(tmp_path / "pack.xlsx")
    assert replace(back.pack, digest=pack.digest) == pack
    assert back.files.get("triage.yaml") == triage


def test_what_is_written_as_yaml_has_the_digest_of_the_pack(tmp_path: Path) -> None:
    found = import_workbook(small_book(tmp_path / "small.xlsx"))
    assert read_pack(found.files, name="again") == found.pack


def test_every_field_of_every_record_has_a_place_in_the_workbook() -> None:
    """A field that is new in the model is carried, or this fails."""
    for table in SHEETS:
        if table.record is None:
            continue
        known = {column.path[0] for column in columns_of(table.record)}
        below = {other.field for other in SHEETS if other.parent == table.sheet}
        names = {field.name for field in dataclasses.fields(table.record)} - {"digest"}
        assert names - known == below, table.sheet


def test_the_sentence_says_exactly_the_fields_that_have_no_column() -> None:
    (table,) = (table for table in SHEETS if table.record is Check)
    hints = get_type_hints(Check)
    spoken = set(table.without)
    assert spoken < set(hints)
    assert {column.path[0] for column in table.columns} & spoken == set()


@pytest.mark.parametrize("text", DANGEROUS)
def test_a_text_that_looks_like_a_formula_stays_a_text(text: str, tmp_path: Path) -> None:
    pack = _shipped("jp-social-principles")
    first, *others = pack.requirements
    changed = replace(pack, requirements=(replace(first, title={"en": text, "ja": text}), *others))
    export_workbook(changed, tmp_path / "pack.xlsx")
    cells = [
        cell for page in openpyxl.load_workbook(tmp_path / "pack.xlsx") for row in page.iter_rows() for cell in row
    ]
    assert [cell.coordinate for cell in cells if cell.data_type in ("f", "e")] == []
    assert import_workbook(tmp_path / "pack.xlsx").pack.requirements[0].title == {"en": text, "ja": text}


def test_another_reader_sees_the_same_texts(tmp_path: Path) -> None:
    """Excel is not at hand in tests; a second library that shares no code with the first one is."""
    from python_calamine import CalamineWorkbook

    pack = _shipped("jp-social-principles")
    rows = tuple(
        replace(item, title={"en": text, "ja": text}) for item, text in zip(pack.requirements, DANGEROUS, strict=False)
    )
    export_workbook(replace(pack, requirements=rows), tmp_path / "pack.xlsx")
    page = CalamineWorkbook.from_path(str(tmp_path / "pack.xlsx")).get_sheet_by_name("Requirements").to_python()
    at = [str(name).split("\n")[0] for name in page[0]].index("title [en]")
    assert [row[at] for row in page[1:]] == DANGEROUS[: len(rows)]


@pytest.mark.parametrize("number", [0.1, 0.30000000000000004, 1e-12, 123456.789, 5e-324])
def test_a_number_keeps_all_its_digits(number: float, tmp_path: Path) -> None:
    pack = read_pack({"pack.yaml": PACK.encode(), "requirements/all.yaml": REQUIREMENTS.encode()}, name="small")
    place, requirement = next((at, item) for at, item in enumerate(pack.requirements) if item.checks)
    check = replace(requirement.checks[0], threshold=number, margin=number / 3)
    kept = [*pack.requirements]
    kept[place] = replace(requirement, checks=(check,))
    export_workbook(replace(pack, requirements=tuple(kept)), tmp_path / "pack.xlsx")
    (back,) = import_workbook(tmp_path / "pack.xlsx").pack.requirements[place].checks
    assert (back.threshold, back.margin) == (check.threshold, check.margin)


def test_parameters_keep_their_types(tmp_path: Path) -> None:
    found = import_workbook(small_book(tmp_path / "small.xlsx")).pack.requirements[0].checks[0]
    assert found.parameters == {"columns": ("sex", "age"), "bins": 4, "share": 0.5, "quoted": "4", "exact": True}
    assert [type(value) for value in found.parameters.values()] == [tuple, int, float, str, bool]


def test_what_a_workbook_cannot_hold_is_refused_instead_of_lost(tmp_path: Path) -> None:
    pack = _shipped("jp-social-principles")
    first, *others = pack.requirements
    odd = replace(pack, requirements=(replace(first, title={"en": "a\rb", "ja": "c"}), *others))
    with pytest.raises(InputError, match="without loss"):
        export_workbook(odd, tmp_path / "pack.xlsx")
    assert not (tmp_path / "pack.xlsx").exists()


def test_numbers_dates_and_truths_that_excel_typed_are_read_as_they_are_meant(tmp_path: Path) -> None:
    path = small_book(tmp_path / "small.xlsx")
    put(path, "Requirements", "version", 2, 7.0)
    put(path, "Requirements", "effective.from", 2, date(2026, 4, 1))
    put(path, "Checks", "confirmed", 2, True)
    found = import_workbook(path).pack.requirements[0]
    assert (found.version, found.effective, found.checks[0].confirmed) == (7, {"from": "2026-04-01"}, True)


def test_a_short_name_and_an_empty_version_are_completed(tmp_path: Path) -> None:
    path = small_book(tmp_path / "small.xlsx")
    put(path, "Requirements", "urn", 2, "rates")
    put(path, "Requirements", "version", 2, None)
    found = import_workbook(path).pack.requirements[0]
    assert found.reference == "urn:test:requirement:lending:rates@1"


def test_sheets_that_begin_with_notes_and_rows_in_another_order_do_no_harm(tmp_path: Path) -> None:
    path = small_book(tmp_path / "small.xlsx")
    before = import_workbook(path).pack

    def more(book: Any) -> None:
        book.create_sheet("Notes of the meeting")["A1"] = "=1+1 was discussed"
        book["Notes of the meeting"]["A1"].data_type = "s"
        book.move_sheet("Checks", -5)
        book["Questions"].insert_rows(3, 4)

    change(path, more)
    assert import_workbook(path).pack == before


def test_the_triage_sheet_carries_the_file_as_it_was_written(tmp_path: Path) -> None:
    triage = pack_files("ai-ethics-core")["triage.yaml"]
    export_workbook(_shipped("ai-ethics-core"), tmp_path / "core.xlsx", triage=triage)
    page = openpyxl.load_workbook(tmp_path / "core.xlsx")[TRIAGE]
    assert page["A2"].value == triage.decode().split("\n")[0]
    assert import_workbook(tmp_path / "core.xlsx").files["triage.yaml"] == triage


def test_headings_are_explained_in_the_language_of_the_person(tmp_path: Path) -> None:
    export_workbook(_shipped("jp-social-principles"), tmp_path / "pack.xlsx", language="ja")
    page = openpyxl.load_workbook(tmp_path / "pack.xlsx")["Requirements"]
    assert "severity\n重大度" in [cell.value for cell in page[1]]


def test_lists_hold_values_with_commas(tmp_path: Path) -> None:
    pack = _shipped("jp-social-principles")
    first, *others = pack.requirements
    changed = replace(pack, requirements=(replace(first, roles=("owner, or deputy", "legal")), *others))
    export_workbook(changed, tmp_path / "pack.xlsx")
    assert import_workbook(tmp_path / "pack.xlsx").pack.requirements[0].roles == ("owner, or deputy", "legal")


def test_columns_know_the_values_of_closed_sets() -> None:
    hints = get_type_hints(Check)
    (severity,) = (column for column in columns_of(Check) if column.key == "severity")
    assert get_origin(hints["severity"]) is not None
    assert severity.choices == get_args(hints["severity"])
