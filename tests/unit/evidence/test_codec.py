from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from typing import Any, ClassVar

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakari.errors import EvidenceError
from hakari.evidence import canonical_bytes, codec
from hakari.evidence.codec import decode, encode, json_schema, parse_json
from hakari.messages import Message, say


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    """A small record of every shape that records have."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    name: str
    x: float | None = None
    parts: tuple[int, ...] = ()
    words: Mapping[str, str] = field(default_factory=dict)
    note: Message | None = None


def test_a_field_that_is_none_is_left_out() -> None:
    assert encode(Point(name="a")) == {"name": "a", "parts": [], "words": {}}


def test_messages_and_times_become_plain_json() -> None:
    assert encode(say("language.name", n=[1])) == {"key": "language.name", "arguments": {"n": [1]}}
    assert encode([date(2026, 11, 22), datetime(2026, 11, 22, tzinfo=UTC)]) == [
        "2026-11-22",
        "2026-11-22T00:00:00+00:00",
    ]


@given(
    st.builds(
        Point,
        name=st.text(),
        x=st.none() | st.floats(allow_nan=False, allow_infinity=False),
        parts=st.lists(st.integers(-(2**53) + 1, 2**53 - 1)).map(tuple),
        words=st.dictionaries(st.text(), st.text(), max_size=3),
        note=st.none() | st.builds(Message, st.text(), st.dictionaries(st.text(), st.integers(), max_size=2)),
    )
)
def test_a_record_comes_back_as_it_was(point: Point) -> None:
    assert decode(Point, json.loads(json.dumps(encode(point)))) == point


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ({"name": "a", "y": 1}, "y"),
        ({}, "name"),
        ({"name": "a", "parts": [1, "two"]}, "parts.1"),
        ([], "the top"),
    ],
)
def test_a_malformed_record_is_named_with_its_place(value: object, place: str) -> None:
    with pytest.raises(EvidenceError) as caught:
        decode(Point, value, what="point.json")
    assert f"point.json is malformed at “{place}”" in str(caught.value)


def test_the_schema_names_required_fields_and_allows_no_others() -> None:
    schema = json_schema(Point)
    assert schema["required"] == ["name"]
    assert schema["additionalProperties"] is False


def test_json_is_read_from_utf_8() -> None:
    assert parse_json('{"秤": [1, 2.5, null]}'.encode(), what="a") == {"秤": [1, 2.5, None]}


@pytest.mark.parametrize(
    "content",
    [
        b'{"a": 1, "a": 2}',
        b"NaN",
        b"[Infinity]",
        b"{",
        b"",
        b"\xff\xfe",
        b"[" * 100_000,
        b"[" * 65 + b"]" * 65,
    ],
    ids=["duplicate", "nan", "infinity", "open", "empty", "not-utf-8", "bomb", "too-deep"],
)
def test_json_that_could_be_read_in_two_ways_or_hurt_is_refused(content: bytes) -> None:
    with pytest.raises(EvidenceError, match=r"record\.json is not valid JSON"):
        parse_json(content, what="record.json")


def test_a_document_that_is_too_large_is_not_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(codec, "LARGEST_DOCUMENT", 10)
    with pytest.raises(EvidenceError, match="has 11 bytes; at most 10"):
        parse_json(b" " * 11, what="a")


@pytest.mark.parametrize("number", [2.0**53, 2.0**60, 1e21, 1.5e300, -(2.0**53)])
def test_a_large_float_survives_the_way_through_canonical_json(number: float) -> None:
    """RFC 8785 writes a whole float as digits; read as an integer it could not be written again."""
    content = canonical_bytes({"x": number})
    assert canonical_bytes(parse_json(content, what="it")) == content


@pytest.mark.parametrize("content", [b"1e400", b"-1e999", b"1" * 500, b"NaN", b"Infinity"])
def test_a_number_that_is_none_is_refused(content: bytes) -> None:
    with pytest.raises(EvidenceError):
        parse_json(content, what="it")
