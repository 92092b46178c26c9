"""Mutators of tables: delimited text in odd encodings and shapes, spreadsheets and Parquet files.

An input is one line of JSON (how the file is called and what its columns mean) and, after it, the bytes of the file.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from random import Random
from typing import Any

from bench.fuzz.mutate_bytes import LETTERS, LONGEST, bent_bytes, bent_text, number_text, odd_text

__all__ = ["bent_table", "joined", "parted"]

_ENCODINGS = (
    "cp932",
    "utf-16",
    "utf-16-le",
    "utf-8-sig",
    "euc_jp",
    "latin-1",
    "iso2022_jp",
    "cp1252",
    "utf-7",
    "shift_jis_2004",
)
_STATED = (
    None,
    None,
    None,
    None,
    "utf-8",
    "cp932",
    "utf-16",
    "idna",
    "punycode",
    "rot13",
    "base64",
    "hex",
    "unicode_escape",
    "mbcs",
    "raw_unicode_escape",
    "no-such",
    "\x00",
)


def joined(head: Mapping[str, Any], content: bytes) -> bytes:
    """Return one input."""
    return json.dumps(head, sort_keys=True).encode() + b"\n" + content


def parted(data: bytes) -> tuple[dict[str, Any], bytes]:
    """Return what an input says about its file, and the bytes of the file; anything at all gives something."""
    line, _, content = data.partition(b"\n")
    try:
        head = json.loads(line)
    except (ValueError, RecursionError):
        head = None
    return (head, content) if isinstance(head, dict) else ({"suffix": ".csv"}, data)


def bent_table(data: bytes, rng: Random) -> bytes:
    """Return an input with one change to its file or to what is said about it."""
    head, content = parted(data)
    if rng.random() < 0.12:
        return joined(_bent_head(head, rng), content)
    suffix = head.get("suffix")
    if suffix in (".xlsx", ".ods"):
        return joined(head, _bent_workbook(content, rng))
    if suffix == ".parquet":
        return joined(head, bent_bytes(content, rng) if rng.random() < 0.6 else _drawn_parquet(rng))
    if suffix == ".xls":
        return joined(head, bent_bytes(content, rng))
    return joined(head, _bent_delimited(content, rng))


def _bent_head(head: Mapping[str, Any], rng: Random) -> dict[str, Any]:
    bent = dict(head)
    way = rng.randrange(4)
    if way == 0:
        bent["encoding"] = rng.choice(_STATED)
    elif way == 1:
        bent["suffix"] = rng.choice((".csv", ".tsv", ".xlsx", ".xls", ".ods", ".parquet", ".txt"))
    elif way == 2:
        bent["sheet"] = rng.choice((None, "Sheet1", odd_text(rng)[:200]))
    else:
        columns = dict(bent.get("columns") or {})
        names = [value for value in columns.values() if isinstance(value, str)] or ["a"]
        columns[rng.choice(("label", "prediction", "score", "weight", "cluster", "positive", "negative"))] = rng.choice(
            (*names, "1", "yes", "nan", odd_text(rng)[:200])
        )
        bent["columns"] = columns
    return bent


def _bent_delimited(content: bytes, rng: Random) -> bytes:
    way = rng.random()
    if way < 0.12:
        return bent_bytes(content, rng)
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        return bent_bytes(content, rng)
    if way < 0.22:
        return text.encode(rng.choice(_ENCODINGS), "replace")
    lines = text.splitlines(keepends=True) or [""]
    for _ in range(rng.choice((1, 1, 2, 4))):
        _bend_row(lines, rng)
    return "".join(lines).encode("utf-8", "surrogatepass")


def _bend_row(lines: list[str], rng: Random) -> None:
    at = 0 if rng.random() < 0.2 else rng.randrange(len(lines))
    line = lines[at]
    sign = max(",;\t", key=line.count)
    fields = line.rstrip("\r\n").split(sign)
    place = rng.randrange(len(fields))
    way = rng.randrange(12)
    if way <= 2:
        fields[place] = rng.choice((number_text(rng), odd_text(rng), rng.choice(LETTERS)))
    elif way == 3:
        fields[place] = '"' + odd_text(rng).replace('"', rng.choice(('""', '"'))) + rng.choice(('"', "", '"x', '" '))
    elif way == 4:
        fields.insert(place, odd_text(rng))
    elif way == 5:
        del fields[place]
    elif way == 6:
        fields[place] = rng.choice(("x", "9", "あ", '"')) * rng.choice((300, 70_000, 2_200_000))
    elif way == 7:
        lines[at:at] = [line] * min(rng.choice((1, 3, 3000)), LONGEST // (len(line) + 1))
        return
    elif way == 8:
        fields = fields * min(rng.choice((2, 40, 900)), LONGEST // (len(line) + 1) + 1)
    elif way == 9:
        lines[at] = bent_text(line, rng)
        return
    elif way == 10:
        lines[at:] = [one.replace(sign, rng.choice((",", ";", "\t", "|"))) for one in lines[at:]]
        return
    lines[at] = sign.join(fields) + rng.choice(("\n", "\n", "\n", "\r\n", "\r", "\n\n", ""))


def _bent_workbook(content: bytes, rng: Random) -> bytes:
    """Change the XML inside a workbook and pack it again; now and then the archive around it."""
    if rng.random() < 0.25:
        return bent_bytes(content, rng)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()[:60]}
    except Exception:  # noqa: BLE001 (a broken archive is what a mutator may make)
        return bent_bytes(content, rng)
    if not parts:
        return bent_bytes(content, rng)
    sheets = [name for name in parts if "sheet" in name or "content" in name or "Strings" in name] or sorted(parts)
    name = rng.choice(sheets) if rng.random() < 0.8 else rng.choice(sorted(parts))
    parts[name] = _bent_xml(parts[name], rng)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", rng.choice((zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED))) as archive:
        for part, text in parts.items():
            archive.writestr(part, text)
    return buffer.getvalue()


_XML = (
    (b'r="', b'r="XFD1048576" x="'), (b'r="', b'r="A99999999999" x="'), (b'r="A', b'r="ZZZZ'),
    (b'ref="', b'ref="A1:XFD1048576" x="'), (b"<v>", b"<v>1e309"), (b"<v>", b"<v>-1"),
    (b"<v>", b"<v>99999999999999999999"), (b't="s"', b't="e"'), (b't="n"', b't="d"'), (b't="s"', b't="b"'),
    (b"<row", b'<row r="1048577"'), (b"</c>", b""), (b"<si>", b"<si><t>&#0;</t>"),
    (b"<table:table-cell", b'<table:table-cell table:number-columns-repeated="1000000000"'),
    (b"<table:table-row", b'<table:table-row table:number-rows-repeated="2000000000"'),
    (b"?>", b'?><!DOCTYPE a [<!ENTITY b "c">]>'), (b"office:value=", b'office:value="nan" y='),
    (b"</t>", b"&b;</t>"), (b'style-name="', b'style-name="\x00'), (b"<c ", b'<c s="4294967295" '),
)  # fmt: skip


def _bent_xml(content: bytes, rng: Random) -> bytes:
    way = rng.random()
    if way < 0.7:
        old, new = rng.choice(_XML)
        return content.replace(old, new, rng.choice((1, 1, -1)))
    if way < 0.8:
        return content.replace(b">", b"> " + b" " * rng.choice((1, 1000, 10**6)), 1)
    return bent_bytes(content, rng)


def _drawn_parquet(rng: Random) -> bytes:
    """Return a Parquet file with columns of odd types and values."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    rows = rng.choice((0, 1, 4, 60))
    kinds = (
        lambda: pa.array([rng.choice((None, 0, 1)) for _ in range(rows)], pa.int64()),
        lambda: pa.array(
            [rng.choice((None, 0.0, -0.0, float("nan"), float("inf"), 1e308, 0.5)) for _ in range(rows)], pa.float64()
        ),
        lambda: pa.array([rng.choice((None, "", *LETTERS)) for _ in range(rows)], pa.string()),
        lambda: pa.array([rng.choice((None, b"", b"\xff\x00")) for _ in range(rows)], pa.binary()),
        lambda: pa.array([rng.choice((None, True, False)) for _ in range(rows)], pa.bool_()),
        lambda: pa.array(
            [rng.choice((None, 0, 2**62, -(2**62))) for _ in range(rows)],
            pa.timestamp(rng.choice(("s", "ms", "us", "ns")), rng.choice((None, "UTC", "Asia/Tokyo"))),
        ),
        lambda: pa.array([rng.choice((None, 0, 2**31 - 1, -(2**31))) for _ in range(rows)], pa.date32()),
        lambda: pa.array([rng.choice((None, [], [1, None])) for _ in range(rows)], pa.list_(pa.int32())),
        lambda: pa.array(
            [rng.choice((None, {"a": 1}, {"a": None})) for _ in range(rows)], pa.struct([("a", pa.int8())])
        ),
        lambda: pa.array([rng.choice((None, 10**30)) for _ in range(rows)], pa.decimal128(38, rng.choice((0, 5)))),
        lambda: pa.array([rng.choice((None, 2**64 - 1, 0)) for _ in range(rows)], pa.uint64()),
        lambda: pa.array([rng.choice((None, "a", "b")) for _ in range(rows)]).dictionary_encode(),
        lambda: pa.array([rng.choice((None, 0, 86_399_999_999)) for _ in range(rows)], pa.time64("us")),
        lambda: pa.array([rng.choice((None, 0, 2**62)) for _ in range(rows)], pa.duration("us")),
        lambda: pa.nulls(rows),
    )
    arrays = [rng.choice(kinds)() for _ in range(rng.choice((1, 3, 6)))]
    names = [rng.choice(("label", "prediction", "score", "weight", "group", "A", "a", *LETTERS)) for _ in arrays]
    buffer = io.BytesIO()
    try:
        pq.write_table(pa.table(arrays, names=names), buffer)
    except (pa.ArrowException, ValueError):
        return b"PAR1"
    return buffer.getvalue()
