"""What people get wrong in a workbook: each fault is told in one line with its sheet and cell."""

from __future__ import annotations

import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from hakari.errors import HakariError, InputError
from hakari.packs import list_packs, pack_files
from hakari.packs.authoring import export_workbook, import_workbook
from hakari.packs.authoring.grid import MOST_COLUMNS, MOST_ROWS, Written, write_grid
from tests.unit.packs.authoring.books import add_row, change, column, put, small_book


@pytest.fixture(scope="module")
def once(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_book(tmp_path_factory.mktemp("book") / "small.xlsx")


@pytest.fixture
def book(once: Path, tmp_path: Path) -> Path:
    return Path(shutil.copy(once, tmp_path / "pack.xlsx"))


def refused(path: Path) -> str:
    with pytest.raises(HakariError) as told:
        import_workbook(path)
    line = str(told.value)
    assert "\n" not in line
    return line


CELLS = [
    ("Requirements", "severity", "big", ["big", "minor", "major", "critical"]),
    ("Requirements", "stages", "plan, relase", ["relase", "release"]),
    ("Requirements", "stages", None, ["stages"]),
    ("Requirements", "version", "two", ["two", "whole number"]),
    ("Requirements", "version", 0, ["0", "at least 1"]),
    ("Requirements", "version", 10**30, ["whole number"]),
    ("Requirements", "group", "fairnes", ["fairnes", "fairness"]),
    ("Requirements", "group", None, ["group"]),
    ("Requirements", "urn", None, ["urn"]),
    ("Requirements", "title [en]", None, ["title", "en"]),
    ("Requirements", "applies_when", "decides &&", ["decides &&"]),
    ("Requirements", "applies_when", "decide", ["decide", "decides"]),
    ("Requirements", "applies_when", "=decides", ["formula"]),
    ("Requirements", "title [en]", "=1+1", ["formula", "apostrophe"]),
    ("Requirements", "title [en]", "#REF!", ["#REF!"]),
    ("Requirements", "text [en]", "a" * 20_001, ["20,001"]),
    ("Requirements", "text [en]", "turned \u202e round", ["U+202E"]),
    ("Requirements", "effective.from", "1 April 2026", ["1 April 2026", "ISO date"]),
    ("Requirements", "evidence.max_age_days", -3, ["-3"]),
    ("Requirements", "evidence.least_assurance", "friend", ["friend", "second_person"]),
    ("Requirements", "scope", "organization", ["organization", "organisation"]),
    ("References", "id", "handbok", ["handbok", "handbook"]),
    ("References", "requirement", "rate", ["rate", "rates"]),
    ("References", "requirement", None, ["requirement"]),
    ("Questions", "requirement", "ratess", ["ratess", "Requirements", "rates"]),
    ("Questions", "type", "yes/no", ["yes/no", "yes_no"]),
    ("Questions", "effects.yes", "good", ["good", "meets"]),
    ("Questions", "minutes", "five", ["five"]),
    ("Questions", "min_length", 20, ["min_length", "yes_no"]),
    ("Choices", "question", "who", ["who", "whom"]),
    ("Choices", "score", "high", ["high"]),
    ("Choices", "id", "unknown", ["unknown"]),
    ("Checks", "sentence [en]", "The gap is small.", ["The gap is small", "[difference]"]),
    ("Checks", "sentence [ja]", None, ["sentence [ja]"]),
    ("Checks", "confidence", 2, ["2"]),
    ("Checks", "coverage_min", "95 percent", ["95 percent"]),
    ("Checks", "parameters", "{columns: sex}", ["JSON"]),
    ("Checks", "parameters", '{"share": NaN}', ["JSON"]),
    ("Checks", "parameters", "[" * 5_000, ["JSON"]),
    ("Checks", "confirmed", "perhaps", ["perhaps", "true or false"]),
    ("Checks", "id", None, ["id"]),
    ("Alternatives", "check", "rate-gop", ["rate-gop", "rate-gap"]),
    ("Mappings", "to", "nist-ai-rmf:x", ["nist-ai-rmf:x"]),
    ("Mappings", "relation", "same", ["same", "equal"]),
    ("Mappings", "rationale [ja]", None, ["rationale", "ja"]),
    ("Facts", "type", "yesno", ["yesno", "boolean"]),
    ("Facts", "id", "Decides!", ["Decides!"]),
    ("Fact choices", "fact", "domian", ["domian", "domain"]),
    ("Principles", "summary [en]", None, ["summary", "en"]),
    ("Principles", "id", "care", ["care"]),
    ("Sources", "date", "May 2024", ["May 2024"]),
]  # fmt: skip


@pytest.mark.parametrize(("sheet", "heading", "value", "says"), CELLS)
def test_a_faulty_cell_is_named(sheet: str, heading: str, value: object, says: list[str], book: Path) -> None:
    cell = put(book, sheet, heading, 2, value)
    line = refused(book)
    assert line.startswith(f"{cell}: ") or (value == "care" and line.startswith("Principles!A3: ")), line
    assert [part for part in says if part not in line] == []


PACK = [("authority", "boss", "company"), ("version", "1.0", "1.0.0"), ("status", "done", "draft"), ("urn", "", "urn")]
PACK += [("languages", "", "languages"), ("effective.from", "soon", "soon"), ("title [en]", "", "title")]


@pytest.mark.parametrize(("key", "value", "says"), PACK)
def test_a_faulty_field_of_the_pack_is_named(key: str, value: str, says: str, book: Path) -> None:
    rows: list[int] = []

    def edit(workbook: Any) -> None:
        page = workbook["Pack"]
        rows.append(next(cell.row for cell in page["A"] if cell.value == key))
        page.cell(rows[0], 2).value = value

    change(book, edit)
    line = refused(book)
    assert line.startswith(f"Pack!B{rows[0]}: ")
    assert says in line


def _rename(old: str, new: str) -> Callable[[Any], None]:
    def how(workbook: Any) -> None:
        workbook[old].title = new

    return how


def _heading(sheet: str, old: str, new: str | None) -> Callable[[Any], None]:
    def how(workbook: Any) -> None:
        page = workbook[sheet]
        page.cell(1, column(page, old)).value = new

    return how


def _twice(workbook: Any) -> None:
    page = workbook["Requirements"]
    for cell in page[2]:
        page.cell(page.max_row + (0 if cell.column > 1 else 1), cell.column).value = cell.value


def _stray(workbook: Any) -> None:
    workbook["Requirements"]["AB3"] = "forgotten"


def _far_right(workbook: Any) -> None:
    workbook["Requirements"].cell(2, MOST_COLUMNS + 1).value = "far"


def _stray_in_pack(workbook: Any) -> None:
    workbook["Pack"]["C4"] = "forgotten"


def _too_long(workbook: Any) -> None:
    for row in range(2, MOST_ROWS + 3):
        workbook["Notes"].cell(row, 1).value = "x"


def _both(workbook: Any) -> None:
    page = workbook["Checks"]
    cell = page.cell(2, column(page, "sentence [en]"))
    cell.value = f"{cell.value} Confidence: [0.9]."


def _differ(workbook: Any) -> None:
    page = workbook["Checks"]
    cell = page.cell(2, column(page, "sentence [ja]"))
    cell.value = cell.value.replace("[0.1]", "[0.12]")


def _extra_question(workbook: Any) -> None:
    add_row(workbook["Questions"], requirement="rates", id="heard", type="text", text__en="Again?", text__ja="再度？")


def _bad_urn(workbook: Any) -> None:
    add_row(
        workbook["Requirements"], urn="urn:näh", group="care", stages="plan",
        title__en="A", title__ja="A", text__en="A", text__ja="A",
    )  # fmt: skip


def _one_effect(workbook: Any) -> None:
    page = workbook["Questions"]
    page.cell(2, column(page, "effects.yes")).value = None


BOOKS: list[tuple[Callable[[Any], None], str, list[str]]] = [
    (_rename("Checks", "Cheks"), "Cheks!A1", ["Cheks", "Checks", "Notes"]),
    (_rename("Principles", "Notes"), "pack.xlsx", ["Principles"]),
    (_rename("Pack", "Notes"), "pack.xlsx", ["Pack"]),
    (_heading("Requirements", "severity", "severty"), "Requirements!", ["severty", "severity"]),
    (_heading("Requirements", "scope", "severity"), "Requirements!", ["severity", "second time"]),
    (_heading("Requirements", "stages", None), "Requirements!", ["stages"]),
    (_heading("Requirements", "title [ja]", "title [fr]"), "Requirements!", ["title [fr]"]),
    (_twice, "Requirements!A", ["already stands at Requirements!A2"]),
    (_stray, "Requirements!AB3", ["forgotten"]),
    (_far_right, "Requirements!DQ2", [str(MOST_COLUMNS)]),
    (_stray_in_pack, "Pack!C4", ["forgotten"]),
    (_both, "Checks!", ["confidence"]),
    (_differ, "Checks!", ["threshold", "0.1", "0.12"]),
    (_extra_question, "Questions!", ["heard", "Questions!B2"]),
    (_bad_urn, "Requirements!A4", ["URN", "urn:näh"]),
    (_one_effect, "Questions!", ["heard", "effects"]),
]


@pytest.mark.parametrize(("how", "place", "says"), BOOKS)
def test_a_faulty_sheet_is_named(how: Callable[[Any], None], place: str, says: list[str], book: Path) -> None:
    change(book, how)
    line = refused(book)
    assert line.startswith(place), line
    assert [part for part in says if part not in line] == []


def test_more_rows_than_are_read_are_told(tmp_path: Path) -> None:
    write_grid(tmp_path / "long.xlsx", [Written("Pack", [["x"]] * (MOST_ROWS + 2))])
    assert refused(tmp_path / "long.xlsx").startswith(f"Pack!A{MOST_ROWS + 1}: ")


def test_a_fault_in_the_triage_sheet_is_told_with_its_cell(tmp_path: Path) -> None:
    (pack,) = (pack for pack in list_packs(versions=False) if pack.name == "ai-ethics-core")
    content = pack_files("ai-ethics-core")["triage.yaml"]
    export_workbook(pack, tmp_path / "core.xlsx", triage=content)
    line = next(at for at, text in enumerate(content.decode().split("\n"), 1) if text.startswith("    tier: high"))
    change(tmp_path / "core.xlsx", lambda workbook: workbook["Triage"].cell(line + 1, 1, "    tier: hihg"))
    told = refused(tmp_path / "core.xlsx")
    assert told.startswith(f"Triage!A{line + 1}: ")
    assert "hihg" in told


def test_a_file_that_is_no_workbook_is_told(tmp_path: Path) -> None:
    (tmp_path / "text.xlsx").write_text("urn: x")
    assert "text.xlsx" in refused(tmp_path / "text.xlsx")
    with zipfile.ZipFile(tmp_path / "other.xlsx", "w") as archive:
        archive.writestr("a.txt", "b")
    assert "other.xlsx" in refused(tmp_path / "other.xlsx")
    assert "none.xlsx" in refused(tmp_path / "none.xlsx")


def test_an_archive_that_unpacks_to_too_much_is_not_unpacked(tmp_path: Path) -> None:
    path = tmp_path / "bomb.xlsx"
    with (
        zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open("xl/worksheets/sheet1.xml", "w") as part,
    ):
        for _ in range(101):
            part.write(b"\0" * 2**20)
    assert path.stat().st_size < 2**20
    assert "unpacks to" in refused(path)


def _rewritten(source: Path, target: Path, name: str, how: Callable[[str], str]) -> None:
    with zipfile.ZipFile(source) as before, zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as after:
        for part in before.namelist():
            content = before.read(part)
            after.writestr(part, how(content.decode()) if part == name else content)


def test_entities_are_refused_before_a_parser_sees_them(once: Path, tmp_path: Path) -> None:
    entities = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]>'
    _rewritten(once, tmp_path / "bad.xlsx", "xl/workbook.xml", lambda text: entities + text)
    assert "entities" in refused(tmp_path / "bad.xlsx")


def test_a_wrong_extent_hides_no_row(once: Path, tmp_path: Path) -> None:
    """What a sheet says about its own size is not believed."""
    import re

    with zipfile.ZipFile(once) as archive:
        names = openpyxl.load_workbook(once).sheetnames
        part = f"xl/worksheets/sheet{names.index('Requirements') + 1}.xml"
        assert "<dimension" in archive.read(part).decode()
    smaller = lambda text: re.sub(r'<dimension ref="[^"]*"', '<dimension ref="A1:B1"', text)  # noqa: E731
    _rewritten(once, tmp_path / "lies.xlsx", part, smaller)
    assert import_workbook(tmp_path / "lies.xlsx").pack == import_workbook(once).pack


def test_a_row_number_beyond_excel_does_not_run_for_ever(once: Path, tmp_path: Path) -> None:
    names = openpyxl.load_workbook(once).sheetnames
    part = f"xl/worksheets/sheet{names.index('Requirements') + 1}.xml"
    far = '<row r="99999999999"><c r="A99999999999" t="n"><v>1</v></c></row></sheetData>'
    _rewritten(once, tmp_path / "far.xlsx", part, lambda text: text.replace("</sheetData>", far))
    assert import_workbook(tmp_path / "far.xlsx").pack == import_workbook(once).pack


def test_a_missing_library_is_told_with_the_command(once: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import sys

    monkeypatch.setitem(sys.modules, "openpyxl", None)
    with pytest.raises(InputError, match=r"hakari\[policy\]"):
        import_workbook(once)
