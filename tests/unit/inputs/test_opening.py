from __future__ import annotations

import hashlib
import json
import os
import zipfile
from pathlib import Path
from typing import Any

import duckdb
import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

from hakari.errors import InputError
from hakari.inputs import digest_file, digest_path, open_data


def key_of(error: pytest.ExceptionInfo[InputError]) -> str:
    message: Any = error.value.message
    assert "\n" not in str(error.value)
    return str(message.key)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    base = tmp_path / "repository"
    base.mkdir()
    (base / "data.csv").write_text("sex,y\nf,1\nm,0\n")
    (tmp_path / "outside.csv").write_text("a,b\n1,2\n")
    (base / "link.csv").symlink_to(tmp_path / "outside.csv")
    return base


def test_a_file_is_a_subject_by_its_bytes(folder: Path) -> None:
    subject = open_data("data.csv", role="data.test", base=folder).subject
    content = (folder / "data.csv").read_bytes()
    assert (subject.kind, subject.name, subject.digest) == ("file", "data.csv", hashlib.sha256(content).hexdigest())
    assert dict(subject.details) == {"bytes": len(content), "rows": 2, "columns": ["sex", "y"], "encoding": "utf-8"}


def test_a_folder_is_a_subject_by_names_and_digests(tmp_path: Path) -> None:
    for name in ("b", "a"):
        pl.DataFrame({"x": [name]}).write_parquet(tmp_path / f"{name}.parquet")
    (tmp_path / "_SUCCESS").write_text("")
    pairs = [[f"{n}.parquet", hashlib.sha256((tmp_path / f"{n}.parquet").read_bytes()).hexdigest()] for n in "ab"]
    expected = hashlib.sha256(json.dumps(pairs, separators=(",", ":")).encode()).hexdigest()
    assert digest_path(tmp_path) == expected == open_data(tmp_path, role="x").subject.digest
    assert digest_file(tmp_path / "a.parquet") == pairs[0][1]


@pytest.mark.parametrize("path", ["../outside.csv", "link.csv", "/etc/hosts"])
def test_nothing_outside_the_base_is_opened(folder: Path, path: str) -> None:
    with pytest.raises(InputError) as caught:
        open_data(path, role="x", base=folder)
    assert key_of(caught) == "inputs.path.outside"


def test_a_folder_may_not_link_outside(folder: Path, tmp_path: Path) -> None:
    pl.DataFrame({"x": [1]}).write_parquet(tmp_path / "o.parquet")
    (folder / "parts").mkdir()
    (folder / "parts" / "o.parquet").symlink_to(tmp_path / "o.parquet")
    with pytest.raises(InputError) as caught:
        open_data("parts", role="x", base=folder)
    assert key_of(caught) == "inputs.path.outside"


@pytest.mark.parametrize(
    ("name", "content", "key"),
    [
        ("absent.csv", None, "inputs.path.absent"),
        ("empty.parquet", b"", "inputs.file.empty"),
        ("broken.parquet", b"PAR1 no", "inputs.parquet.unreadable"),
        ("broken.xlsx", b"PK no", "inputs.sheet.unreadable"),
        ("model.pkl", b"x", "inputs.file.suffix"),
        ("nul\x00.csv", None, "inputs.path.unusable"),
    ],
)
def test_an_unusable_file_is_one_message(folder: Path, name: str, content: bytes | None, key: str) -> None:
    if content is not None:
        (folder / name).write_bytes(content)
    with pytest.raises(InputError) as caught:
        open_data(name, role="x", base=folder)
    assert key_of(caught) == key


def test_a_folder_without_parquet_is_one_message(folder: Path) -> None:
    with pytest.raises(InputError) as caught:
        open_data(folder, role="x")
    assert key_of(caught) == "inputs.folder.no_parquet"


def test_a_file_without_permission_is_one_message(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "data.csv").chmod(0)
    if os.access(folder / "data.csv", os.R_OK):
        # The superuser reads everything, so the refusal is played.
        def refuse(*args: object, **options: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "open", refuse)
    with pytest.raises(InputError) as caught:
        open_data("data.csv", role="x", base=folder)
    assert key_of(caught) == "inputs.file.unreadable"


@pytest.mark.parametrize(
    ("frame", "key"),
    [
        (pd.DataFrame([[1, 2]], columns=["a", "a"]), "inputs.columns.duplicate"),
        (pd.DataFrame([[1, 2]]), "inputs.columns.not_text"),
        (pd.DataFrame({"a": []}), "inputs.file.header_only"),
        (pl.DataFrame(), "inputs.file.empty"),
        (pa.table([[1], [2]], names=["a", "a"]), "inputs.frame.unusable"),
        (np.zeros((2, 2)), "inputs.frame.unknown"),
        ({"a": [1]}, "inputs.frame.unknown"),
        (None, "inputs.frame.unknown"),
    ],
)
def test_an_unusable_frame_is_one_message(frame: Any, key: str) -> None:
    with pytest.raises(InputError) as caught:
        open_data(frame, role="x")
    assert key_of(caught) == key


def test_a_frame_is_a_summary_and_says_that_it_is_weaker() -> None:
    table = {"g": ["a", None, "b"], "x": [1.0, 2.5, 3.0]}
    frames = [pd.DataFrame(table), pl.DataFrame(table), pl.LazyFrame(table), pa.table(table)]
    opened = [open_data(frame, role="x", name="t") for frame in frames]
    assert {data.subject.kind for data in opened} == {"summary"}
    assert len({data.subject.digest for data in opened}) == 1
    assert opened[0].notices[0].key == "inputs.frame.summary"


def test_a_summary_ignores_row_order_and_notices_a_changed_value() -> None:
    def digest(rows: list[tuple[str, int]]) -> str:
        return open_data(pl.DataFrame(rows, schema=["a", "b"], orient="row"), role="x").subject.digest

    assert digest([("x", 1), ("y", 2)]) == digest([("y", 2), ("x", 1)])
    assert len({digest([("x", 1), ("y", 2)]), digest([("x", 2), ("y", 1)]), digest([("x", 1), ("y", 3)])}) == 3


def test_a_query_is_a_snapshot_of_its_files(folder: Path) -> None:
    data = open_data("duckdb: SELECT sex, y FROM 'data.csv' WHERE y = 1", role="x", base=folder)
    assert (data.count_cells(["sex", "y"]), data.subject.kind) == ([("f", 1, 1)], "snapshot")
    assert data.subject.details["files"] == {"data.csv": digest_file(folder / "data.csv")}
    before = data.subject.digest
    (folder / "data.csv").write_text("sex,y\nf,1\nm,1\n")
    assert open_data(f"duckdb:{data.subject.details['query']}", role="x", base=folder).subject.digest != before


def test_a_query_reads_foreign_encodings_and_patterns(folder: Path) -> None:
    (folder / "日本.csv").write_bytes("性別,y\n男,１\n".encode("cp932"))
    for part in range(2):
        pl.DataFrame({"p": [part]}).write_parquet(folder / f"part{part}.parquet")
    data = open_data("duckdb:SELECT 性別, p FROM '日本.csv', 'part*.parquet'", role="x", base=folder)
    assert data.count_cells(["性別", "p"]) == [("男", 0, 1), ("男", 1, 1)]
    assert len(data.subject.details["files"]) == 3


@pytest.mark.parametrize(
    "query",
    [
        "SELECT * FROM '../outside.csv'",
        "SELECT * FROM read_csv('../outside.csv')",
        "SELECT * FROM read_text('/etc/hosts')",
        "SELECT * FROM glob('/*')",
        "COPY (SELECT 1) TO 'new.csv'",
        "SELECT 1 AS a; SELECT 2 AS a",
        "SET lock_configuration = false",
        "ATTACH 'x.db'",
        "SELECT * FROM nowhere",
        "SELECT",
        "",
    ],
)
def test_a_query_reaches_nothing_but_the_folder(folder: Path, query: str) -> None:
    with pytest.raises(InputError) as caught:
        open_data(f"duckdb:{query}", role="x", base=folder)
    assert key_of(caught).startswith(("inputs.query.", "inputs.path.", "inputs.table."))
    assert not (folder / "new.csv").exists()


def test_a_query_that_fails_while_running_is_one_message(folder: Path) -> None:
    with pytest.raises(InputError) as caught:
        open_data("duckdb:SELECT CAST(sex AS INTEGER) AS a FROM 'data.csv'", role="x", base=folder).read(["a"])
    assert key_of(caught) == "inputs.table.unreadable"


def write_sheet(path: Path, name: str, rows: list[list[Any]]) -> None:
    """Write the smallest workbook there is."""
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    links = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"

    def cell(value: Any) -> str:
        if value is None:
            return "<c/>"
        if isinstance(value, str):
            return f'<c t="inlineStr"><is><t xml:space="preserve">{value}</t></is></c>'
        return f"<c><v>{value}</v></c>"

    body = "".join(f"<row>{''.join(map(cell, row))}</row>" for row in rows)
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml"
    with zipfile.ZipFile(path, "w") as book:
        book.writestr(
            "[Content_Types].xml",
            f'<Types xmlns="{package}/content-types"><Default Extension="rels" '
            'ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
            f'<Override PartName="/xl/workbook.xml" ContentType="{kinds}.sheet.main+xml"/>'
            f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{kinds}.worksheet+xml"/></Types>',
        )
        book.writestr(
            "_rels/.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
            f'Type="{links}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        )
        book.writestr(
            "xl/workbook.xml",
            f'<workbook xmlns="{main}" xmlns:r="{links}"><sheets><sheet name="{name}" sheetId="1" r:id="r1"/>'
            "</sheets></workbook>",
        )
        book.writestr(
            "xl/_rels/workbook.xml.rels",
            f'<Relationships xmlns="{package}/relationships"><Relationship Id="r1" '
            f'Type="{links}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
        )
        book.writestr(
            "xl/worksheets/sheet1.xml", f'<worksheet xmlns="{main}"><sheetData>{body}</sheetData></worksheet>'
        )


def test_a_sheet_is_typed_like_a_csv(tmp_path: Path) -> None:
    rows: list[list[Any]] = [[" 性別 ", "コード", "点"], ["男", "007", 1.0], [None, "012", 0.5], [None, None, None]]
    write_sheet(tmp_path / "t.xlsx", "表", rows)
    data = open_data(tmp_path / "t.xlsx", role="x")
    assert [notice.key for notice in data.notices] == ["inputs.sheet.chosen"]
    assert data.count_cells(["性別", "コード", "点"]) == [("男", "007", 1, 1), ("missing", "012", 0.5, 1)]
    with pytest.raises(InputError, match="表"):
        open_data(tmp_path / "t.xlsx", role="x", sheet="none")


def test_a_relation_of_a_person_is_counted_in_its_own_database() -> None:
    own = duckdb.connect(":memory:").sql("SELECT 'a' AS g UNION ALL SELECT NULL")
    assert open_data(own, role="x").count_cells(["g"]) == [("a", 1), ("missing", 1)]


def test_an_unknown_column_is_answered_with_its_neighbours(folder: Path) -> None:
    data = open_data("data.csv", role="x", base=folder)
    with pytest.raises(InputError, match=r"no column “Sexx” in data\.csv. Did you mean: sex"):
        data.count_cells(["Sexx"])
    with pytest.raises(InputError, match="It has: sex, y"):
        data.read(["weight"])


def test_a_large_frame_is_known_by_its_bounds_alike_in_every_engine_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("hakari.inputs.opening.ROWS_READ", 2)
    table = {"g": ["a", None, "b"], "x": [1.0, 2.5, 3.0], "n": [3, 1, 2]}
    frames = [pd.DataFrame(table), pl.DataFrame(table), pl.LazyFrame(table), pa.table(table)]
    frames += [pl.DataFrame(table).with_columns(pl.col("g").cast(pl.Categorical)), duckdb.from_arrow(pa.table(table))]
    opened = [open_data(frame, role="x", name="t") for frame in frames]
    assert len({data.subject.digest for data in opened}) == 1
    assert {data.notices[0].key for data in opened} == {"inputs.frame.bounds"}
    assert opened[0].table.bounds() == {"g": (1, "a", "b"), "x": (0, 1.0, 3.0), "n": (0, 1, 3)}
    other = open_data(pl.DataFrame({**table, "x": [1.0, 2.5, 3.5]}), role="x", name="t")
    assert other.subject.digest != opened[0].subject.digest


def test_a_column_without_an_order_has_no_bounds() -> None:
    data = open_data(pl.DataFrame({"a": [[1], [2], None]}), role="x")
    assert data.table.bounds() == {"a": (1, None, None)}


def test_a_query_that_fails_late_is_one_line() -> None:
    broken = pl.LazyFrame({"a": ["x"]}).with_columns(pl.col("a").cast(pl.Int64).alias("b"))
    with pytest.raises(InputError) as caught:
        open_data(broken, role="x").count_cells(["b"])
    assert key_of(caught) == "inputs.table.unreadable"
    assert "\n" not in str(caught.value)
