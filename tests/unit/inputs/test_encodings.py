from __future__ import annotations

import codecs
import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakari.errors import InputError
from hakari.inputs import open_data
from hakari.inputs.readers.encodings import detect_encoding, transcode

JAPANESE = "性別,結果\n男性,1\n女性,0\nﾔﾏﾀﾞ太郎,1\nA社の髙橋①,0\n"


def written(folder: Path, content: bytes) -> Path:
    path = folder / "table.csv"
    path.write_bytes(content)
    return path


@pytest.mark.parametrize(
    ("encoding", "bom", "expected"),
    [
        ("utf-8", b"", "utf-8"),
        ("utf-8", codecs.BOM_UTF8, "utf-8-sig"),
        ("utf-16-le", codecs.BOM_UTF16_LE, "utf-16"),
        ("utf-16-be", codecs.BOM_UTF16_BE, "utf-16"),
        ("cp932", b"", "cp932"),
    ],
)
def test_the_encodings_of_japanese_offices_are_told_apart(
    tmp_path: Path, encoding: str, bom: bytes, expected: str
) -> None:
    path = written(tmp_path, bom + JAPANESE.encode(encoding))
    assert detect_encoding(path) == expected
    data = open_data(path, role="data.test")
    assert data.columns == ("性別", "結果")
    assert data.read(["性別"])["性別"].tolist() == ["男性", "女性", "ﾔﾏﾀﾞ太郎", "A社の髙橋①"]
    assert data.subject.details["encoding"] == expected
    assert [notice.key for notice in data.notices] == ["inputs.encoding.detected"]


@pytest.mark.parametrize(
    "content",
    [
        "name,city\nGarçon,Zürich\nJosé,Genève\nBjörk,Malmö\n".encode("latin-1"),
        "name,note\nit’s,naïve\nÄpfel,don’t\n".encode("cp1252"),
        "性別,結果\n男性,いちご\n女性,ひらがな\n".encode("euc_jp"),
        "name,1\nx,2\n".encode("utf-16-le"),
        b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(range(256)),
        b"a,b\n\x81,1\n",
        "外字,\ue000\n1,2\n".encode("cp932"),
    ],
    ids=["latin-1", "cp1252", "euc-jp", "utf-16 without mark", "picture", "cut in two", "private use"],
)
def test_other_bytes_are_refused_with_the_option_that_helps(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(InputError, match="--encoding"):
        open_data(written(tmp_path, content), role="data.test")


def test_a_given_encoding_is_believed(tmp_path: Path) -> None:
    path = written(tmp_path, "name,city\nGarçon,Zürich\n".encode("latin-1"))
    data = open_data(path, role="data.test", encoding="latin-1")
    assert data.read(["name"])["name"].tolist() == ["Garçon"]
    assert [notice.key for notice in data.notices] == ["inputs.encoding.given"]


@pytest.mark.parametrize(("encoding", "key"), [("klingon", "unknown"), ("ascii", "broken")])
def test_an_encoding_that_cannot_be_right_is_refused(tmp_path: Path, encoding: str, key: str) -> None:
    with pytest.raises(InputError) as caught:
        open_data(written(tmp_path, "é,b\n1,2\n".encode()), role="data.test", encoding=encoding)
    assert caught.value.message.key == f"inputs.encoding.{key}"  # type: ignore[attr-defined]  # on purpose


def test_a_broken_utf_16_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="not utf-16"):
        open_data(written(tmp_path, codecs.BOM_UTF16_LE + b"a\x00,"), role="data.test")


@given(text=st.text(st.characters(codec="cp932", exclude_categories=("Cc", "Co"), include_characters="¢£¬‖−〜")))
def test_transcoding_keeps_every_character(text: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        encoded = text.encode("cp932")
        path = written(Path(folder), encoded)
        transcode(path, "cp932", Path(folder) / "copy.csv")
        assert (Path(folder) / "copy.csv").read_bytes().decode() == encoded.decode("cp932")
