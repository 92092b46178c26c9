from __future__ import annotations

import hashlib
import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakari.errors import EvidenceError
from hakari.evidence.canonical import LARGEST_INTEGER, canonical_bytes, digest_bytes, digest_json, freeze

# Beyond 2**53 RFC 8785 writes a whole double as digits that a JSON reader takes for an integer: records stay below.
JSON = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-LARGEST_INTEGER, LARGEST_INTEGER)
    | st.floats(-LARGEST_INTEGER, LARGEST_INTEGER)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"]), max_size=5), inner, max_size=4)
    ),
    max_leaves=12,
)


@given(JSON)
def test_canonical_bytes_hold_the_same_value(value: object) -> None:
    assert json.loads(canonical_bytes(value)) == value


@given(JSON)
def test_reading_and_writing_again_gives_the_same_bytes(value: object) -> None:
    once = canonical_bytes(value)
    assert canonical_bytes(json.loads(once)) == once


@given(st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), st.integers(0, 9), max_size=6))
def test_the_order_of_keys_changes_nothing(value: dict[str, int]) -> None:
    turned = dict(reversed(list(value.items())))
    assert digest_json(turned) == digest_json(value)


@pytest.mark.parametrize(
    ("value", "written"),
    [
        # RFC 8785: shortest form of a double, no spaces, keys by UTF-16 code units.
        ({"b": 1, "a": 0.1}, b'{"a":0.1,"b":1}'),
        ([1.0, 1e21, 1e-7, -0.0], b"[1,1e+21,1e-7,0]"),
        ("é\n秤", '"é\\n秤"'.encode()),
        ({"\U0001f600": 1, "￿": 2}, '{"\U0001f600":1,"￿":2}'.encode()),
    ],
)
def test_the_form_is_that_of_rfc_8785(value: object, written: bytes) -> None:
    assert canonical_bytes(value) == written


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, LARGEST_INTEGER + 1, "\ud800", {1: 2}, {3, 4}, b"x"])
def test_what_json_does_not_have_is_refused(value: object) -> None:
    with pytest.raises(EvidenceError, match="canonical JSON"):
        canonical_bytes([value])


def test_endless_nesting_is_refused_without_a_crash() -> None:
    value: list[object] = []
    value.append(value)
    with pytest.raises(EvidenceError):
        canonical_bytes(value)


@given(st.binary(max_size=40))
def test_a_digest_is_sha_256_in_hexadecimal(content: bytes) -> None:
    assert digest_bytes(content) == hashlib.sha256(content).hexdigest()


def test_frozen_lists_are_tuples_at_every_depth() -> None:
    assert freeze({"a": [1, [2, {"b": [3]}]]}) == {"a": (1, (2, {"b": (3,)}))}
