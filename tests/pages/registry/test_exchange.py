from __future__ import annotations

import csv
import io
import zipfile
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from openpyxl import Workbook, load_workbook

from hakari.errors import NotAllowedError
from hakari.office.core.models import Event
from hakari.office.people.models import Person
from hakari.office.registry.actions.imports import import_register
from hakari.office.registry.exchange.mapping import Mapped
from hakari.office.registry.exchange.reading import Sheet
from hakari.office.registry.models import ImportFile, UseCase
from tests.pages.conftest import Company

pytestmark = pytest.mark.postgres
Enter = Callable[..., UseCase]
SignIn = Callable[[Person], Client]
REGISTER = (
    "番号,件名,部門,責任者,概要\nA-1,夜景の補正,カメラ,owner@example.com,星を写す\nA-2,Noise reduction,Music,nobody,\n"
)


def _csv(client: Client, query: str = "") -> list[list[str]]:
    content = client.post(f"/use-cases/export/{query}", {"format": "csv"}).content
    assert content.startswith(b"\xef\xbb\xbf")
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def _upload(client: Client, content: bytes, name: str = "register.csv") -> Any:
    return client.post("/use-cases/import/", {"file": SimpleUploadedFile(name, content)})


def _workbook(rows: Sequence[Sequence[object]]) -> bytes:
    book, target = Workbook(), io.BytesIO()
    for row in rows:
        book.worksheets[0].append([*row])
    book.save(target)
    return target.getvalue()


def test_what_is_seen_and_filtered_is_exported(company: Company, enter: Enter, sign_in: SignIn) -> None:
    enter("Night photography")
    enter("Captions")
    enter("Of nobody's business", visibility="restricted")
    rows = _csv(sign_in(company.delegate), "?text=night")
    assert rows[0][:3] == ["Number", "Title", "Purpose"]
    assert [row[1] for row in rows[1:]] == ["Night photography"]
    assert Event.objects.get(kind="register.exported").by == company.delegate.key


def test_headings_and_values_are_in_the_language_of_the_reader(company: Company, enter: Enter, sign_in: SignIn) -> None:
    enter("Night photography")
    client = sign_in(company.reviewer)
    client.cookies["language"] = "ja"
    rows = _csv(client)
    assert (rows[0][1], rows[1][3], rows[1][6]) == ("件名", "カメラ", "届出済み")


@pytest.mark.parametrize("name", ["owner", "stranger", "member", "chair", "outsider", "admin"])
def test_only_those_who_may_take_it_away_do(company: Company, enter: Enter, sign_in: SignIn, name: str) -> None:
    enter("Night photography", visibility="group")
    assert sign_in(company.people[name]).post("/use-cases/export/", {"format": "csv"}).status_code == 403


def test_a_delegate_exports_their_own_unit_only(company: Company, enter: Enter, sign_in: SignIn) -> None:
    enter("Night photography", visibility="group")
    company.add("other", "delegate", company.music)
    assert len(_csv(sign_in(company.delegate))) == 2
    assert len(_csv(sign_in(company.other))) == 1


def test_an_export_keeps_the_embargo(company: Company, enter: Enter, sign_in: SignIn) -> None:
    enter("Night photography", "stars", code_name="Owl", visibility="group")
    assert _csv(sign_in(company.reviewer))[1][1] == "Night photography"
    company.add("other", "delegate", company.music)
    UseCase.objects.update(unit=company.music)
    company.add("elsewhere", "publisher", None)
    assert "Night" not in str(sign_in(company.elsewhere).get("/use-cases/").content)


@pytest.mark.parametrize("begins", ["=", "+", "-", "@", "＝", " ="])
def test_no_cell_of_an_export_is_a_formula(company: Company, enter: Enter, sign_in: SignIn, begins: str) -> None:
    enter("Night photography", f'{begins}HYPERLINK("http://example.com")')
    client = sign_in(company.reviewer)
    assert _csv(client)[1][2].startswith("'")
    book = load_workbook(io.BytesIO(client.post("/use-cases/export/", {"format": "xlsx"}).content))
    cells = [cell for row in book.worksheets[0].iter_rows() for cell in row if cell.value is not None]
    assert {cell.data_type for cell in cells} == {"s"}


@pytest.mark.parametrize(
    "content",
    [
        REGISTER.encode("utf-8-sig"),
        REGISTER.encode("cp932"),
        REGISTER.replace(",", "\t").encode("utf-16"),
        _workbook([line.split(",") for line in REGISTER.splitlines()]),
    ],
    ids=["utf-8", "shift-jis", "utf-16 tabs", "workbook"],
)
def test_a_register_is_brought_in_and_a_second_time_nothing(company: Company, sign_in: SignIn, content: bytes) -> None:
    client = sign_in(company.head)
    address = _upload(client, content).headers["Location"]
    assert client.get(address).context["entering"] == 2
    assert not UseCase.objects.exists()
    for _ in range(2):
        shown = client.get(address).context["mapped"]
        form = {f"column_{name}": place for name, place in shown.columns.items()}
        assert client.post(address, {**form, "state": "notified"}).status_code == 302
    cases = UseCase.objects.order_by("former_number")
    assert [(case.title, case.unit, case.owner, case.state) for case in cases] == [
        ("夜景の補正", company.cameras, company.owner, "notified"),
        ("Noise reduction", company.music, company.head, "notified"),
    ]
    assert Event.objects.filter(kind="use_case.imported").count() == 2


def test_the_trial_shows_problems_duplicates_and_similar_ones(company: Company, enter: Enter, sign_in: SignIn) -> None:
    enter("Night photography by phone")
    lines = ["Title,Unit", "night  PHOTOGRAPHY by phone,Cameras", "Night photography by phones,Cameras", ",Cameras"]
    lines += ["Captions,Nowhere", "Captions,Music", "captions,Music"]
    client = sign_in(company.head)
    page = client.get(_upload(client, "\n".join(lines).encode()).headers["Location"])
    rows = page.context["page"].object_list
    assert [row.known for row in rows] == ["registered", "", "", "", "", "twice"]
    assert [row.alike for row in rows] == [False, True, False, False, False, False]
    assert [len(row.problems) for row in rows] == [0, 0, 1, 1, 0, 0]
    assert [row.enters for row in rows] == [False, True, False, False, True, False]


def test_the_mapping_can_be_changed(company: Company, sign_in: SignIn) -> None:
    client = sign_in(company.head)
    address = _upload(client, b"x,y\nNight photography,Day photography\n").headers["Location"]
    query = f"?column_title=1&unit={company.music.key}&skip_similar=1"
    row = client.get(f"{address}{query}").context["page"].object_list[0]
    assert (row.title, row.unit, row.enters) == ("Day photography", company.music, True)


def test_what_is_imported_can_be_searched(company: Company, sign_in: SignIn) -> None:
    sheet = Sheet(headings=("Title",), rows=(("Night photography",),))
    import_register(sheet, Mapped(columns={"title": 0}, unit=company.music.key), by=company.head)
    page = sign_in(company.head).get("/use-cases/?text=night")
    assert [row["title"] for row in page.context["rows"]] == ["Night photography"]


@pytest.mark.parametrize("name", ["owner", "reviewer", "auditor", "stranger", "admin"])
def test_only_the_head_of_the_office_imports(company: Company, sign_in: SignIn, name: str) -> None:
    assert sign_in(company.people[name]).get("/use-cases/import/").status_code == 403
    with pytest.raises(NotAllowedError):
        import_register(
            Sheet(headings=("Title",), rows=(("A",),)), Mapped(columns={"title": 0}), by=company.people[name]
        )


def test_an_upload_of_somebody_else_does_not_exist(company: Company, sign_in: SignIn) -> None:
    address = _upload(sign_in(company.head), REGISTER.encode()).headers["Location"]
    company.add("second", "head", None)
    assert sign_in(company.second).get(address).status_code == 404


def _bomb() -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("xl/workbook.xml", "<x/>")
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (50 * 2**20))
    return target.getvalue()


def _entities() -> bytes:
    """Return a workbook whose XML would blow up a parser that expands entities."""
    source, target = zipfile.ZipFile(io.BytesIO(_workbook([["Title"], ["A"]]))), io.BytesIO()
    laughs = '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;">]>'
    with zipfile.ZipFile(target, "w") as archive:
        for part in source.infolist():
            text = source.read(part)
            if part.filename.endswith("sheet1.xml"):
                text = laughs.encode() + text.replace(b"<sheetData>", b"<sheetData>&b;")
            archive.writestr(part.filename, text)
    return target.getvalue()


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\x89PNG\r\n\x1a\n" + bytes(100),
        b"%PDF-1.7\n\x00\x01",
        b"MZ\x90\x00",
        b"PK\x03\x04 and so on",
        b"a" * (5 * 2**20 + 1),
        b"Title\n" + b"x\n" * 5001,
        _bomb(),
        _entities(),
    ],
    ids=["empty", "picture", "pdf", "program", "no zip", "large", "long", "bomb", "entities"],
)
def test_what_is_no_register_is_refused_with_a_reason(company: Company, sign_in: SignIn, content: bytes) -> None:
    page = _upload(sign_in(company.head), content, "register.xlsx")
    assert page.status_code == 200
    assert page.context["form"].errors["file"]
    assert not ImportFile.objects.exists()
