from __future__ import annotations

import gc
import tempfile
from pathlib import Path
from typing import Any

import pytest

from hakari.errors import InputError
from hakari.inputs import Data, open_data


def opened(folder: Path, text: str, name: str = "table.csv") -> Data:
    path = folder / name
    path.write_bytes(text.encode())
    return open_data(path, role="data.test")


def values(data: Data, column: str) -> list[Any]:
    found: list[Any] = data.read([column])[column].tolist()
    return found


@pytest.mark.parametrize("sign", [",", ";", "\t"])
def test_the_delimiter_is_found(tmp_path: Path, sign: str) -> None:
    data = opened(tmp_path, f"a{sign}b{sign}c\n1{sign}x{sign}2\n3{sign}y{sign}4\n")
    assert (data.columns, values(data, "c")) == (("a", "b", "c"), [2, 4])


def test_a_semicolon_table_with_decimal_commas_stays_text(tmp_path: Path) -> None:
    data = opened(tmp_path, "a;b\n1,5;x\n2,5;y\n")
    assert (values(data, "a"), data.numeric_columns) == (["1,5", "2,5"], ())


def test_quoted_fields_hold_separators_quotes_and_line_ends(tmp_path: Path) -> None:
    data = opened(tmp_path, '"first, name","q\n""r"""\n"a,b","x\ny"\n"say ""hi""",z\n')
    assert data.columns == ("first, name", 'q\n"r"')
    assert values(data, "first, name") == ["a,b", 'say "hi"']
    assert values(data, 'q\n"r"') == ["x\ny", "z"]


@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"])
def test_every_line_end_is_read(tmp_path: Path, end: str) -> None:
    assert values(opened(tmp_path, end.join(["a,b", "1,x", "2,y", ""])), "a") == [1, 2]


def test_mixed_line_ends_are_read(tmp_path: Path) -> None:
    assert values(opened(tmp_path, "a,b\r\n1,x\n2,y\r\n3,z\n"), "a") == [1, 2, 3]


def test_one_column_is_a_table(tmp_path: Path) -> None:
    assert values(opened(tmp_path, "a\n1\n2\n"), "a") == [1, 2]


def test_full_width_digits_are_numbers(tmp_path: Path) -> None:
    data = opened(tmp_path, "年齢,率\n２０,０．５\n－３,1.25\n 7 ,\n")
    assert data.numeric_columns == ("年齢", "率")
    assert values(data, "年齢") == [20, -3, 7]
    assert values(data, "率")[:2] == [0.5, 1.25]


@pytest.mark.parametrize(
    ("column", "kind"),
    [
        (["007", "12", "3"], "text"),
        (["1", "2", "x"], "text"),
        (["1_000", "2", "3"], "text"),
        (["1", "NA", ""], "number"),
        ([" 1", "2 ", " -3 "], "number"),
        (["true", "null", "false"], "object"),
        (["NA", "ZA", "GB"], "text"),
        (["0", "0.5", "-0.25"], "number"),
        (["9223372036854775808", "1", "2"], "number"),
        (["1e3", "2", "3"], "number"),
        (["true", "False", "TRUE"], "truth"),
        (["true", "1", "0"], "text"),
    ],
)
def test_a_column_is_typed_by_all_its_values(tmp_path: Path, column: list[str], kind: str) -> None:
    data = opened(tmp_path, "c,d\n" + "".join(f"{value},x\n" for value in column))
    found = data.read(["c"])["c"]
    assert found.dtype.kind in {"number": "if", "text": "O", "truth": "b", "object": "O"}[kind]
    if kind == "text":
        assert found.tolist() == column


def test_a_word_after_thousands_of_numbers_makes_the_column_text(tmp_path: Path) -> None:
    data = opened(tmp_path, "c,d\n" + "1,x\n" * 5000 + "abc,x\n")
    assert data.count_cells(["c"]) == [("1", 5000), ("abc", 1)]


def test_namibia_is_a_group_and_an_empty_field_is_missing(tmp_path: Path) -> None:
    data = opened(tmp_path, 'country,d\nNA,1\n,2\n"",3\nGB,4\n')
    assert data.count_cells(["country"]) == [("GB", 1), ("NA", 1), ("missing", 2)]


@pytest.mark.parametrize(
    ("text", "key", "facts"),
    [
        ("", "inputs.file.empty", {}),
        ("\n\n", "inputs.file.empty", {}),
        ("a,b\n", "inputs.file.header_only", {}),
        ("a,b", "inputs.file.header_only", {}),
        ("a,,c,\n1,2,3,4\n", "inputs.columns.unnamed", {"positions": [2, 4]}),
        ("年,年,b\n1,2,3\n", "inputs.columns.duplicate", {"columns": ["年"]}),
        ("Sex,sex\n1,2\n", "inputs.columns.duplicate", {"columns": ["Sex", "sex"]}),
        ("a,b\n1,2\n1,2,3\n", "inputs.csv.ragged", {"line": 3, "expected": 2, "found": 3}),
        ("a,b\n1,2\n3,4\n5\n6,7\n", "inputs.csv.ragged", {"line": 4, "expected": 2, "found": 1}),
        ('a,b\n1,"2\n', "inputs.csv.quote", {"line": 2}),
    ],
)
def test_a_broken_table_is_one_message_with_its_place(
    tmp_path: Path, text: str, key: str, facts: dict[str, object]
) -> None:
    with pytest.raises(InputError) as caught:
        opened(tmp_path, text)
    message: Any = caught.value.message
    assert message.key == key
    assert facts.items() <= dict(message.arguments).items()
    assert "\n" not in str(caught.value)


def test_a_name_with_signs_of_a_pattern_is_one_file(tmp_path: Path) -> None:
    (tmp_path / "data1.csv").write_text("a,b\n9,9\n")
    assert values(opened(tmp_path, "a,b\n1,2\n", "data[1]*?.csv"), "a") == [1]


def test_column_names_are_never_code(tmp_path: Path) -> None:
    name = 'a\'); DROP TABLE "x" --'
    data = opened(tmp_path, '"' + name.replace('"', '""') + '",b\n1,2\n')
    assert (data.columns[0], data.count_cells([name]), data.distinct_counts()[name]) == (name, [(1, 1)], 1)


def test_the_copy_of_a_foreign_encoding_is_deleted_with_its_table(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "scratch"
    place.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(place))
    path = tmp_path / "t.csv"
    path.write_bytes("性別,b\n男,1\n".encode("cp932"))
    data = open_data(path, role="data.test")
    wider = data.extended({"more": data.read(["b"])["b"]})
    assert len(list(place.glob("hakari-*/table.csv"))) == 1
    del data
    gc.collect()
    assert wider.subject.details["rows"] == 1
    del wider
    gc.collect()
    assert list(place.iterdir()) == []
