"""The single file writes canonical JSON as RFC 8785 asks, and reads JSON as strictly as the product."""

from __future__ import annotations

import json
import math
import random
import struct
from typing import Any

import pytest
import rfc8785
from hypothesis import given, settings
from hypothesis import strategies as st

from hakari.errors import EvidenceError
from hakari.evidence import canonical_bytes, parse_json
from hakari.standalone.python.reading.canonical import canonical, parse, sha256_of
from hakari.standalone.python.words import Refused

VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**53) + 1, 2**53 - 1) | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(exclude_categories=["Cs"])),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(st.characters(exclude_categories=["Cs"])), inner),
    max_leaves=12,  # every pair of kinds beside and inside each other; size alone changes nothing
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(VALUES)
def test_values_are_written_as_by_the_reference(value: Any) -> None:
    assert canonical(value) == rfc8785.dumps(value)


def test_every_kind_of_float_is_written_as_by_the_reference() -> None:
    rng = random.Random(5)
    for _ in range(20_000):
        bits = struct.unpack("d", rng.randbytes(8))[0]
        for number in (bits, rng.uniform(-1e25, 1e25), rng.randint(1, 999) * 10.0 ** rng.randint(-30, 30), -0.0):
            if math.isfinite(number):
                assert canonical([number]) == rfc8785.dumps([number])


def test_keys_are_in_the_order_of_utf_16() -> None:
    value = {"\ufb33": 1, "\U0001f600": 2, "é": 3, "1": 4, "\r": 5}
    assert canonical(value) == rfc8785.dumps(value)
    assert sha256_of(value) == sha256_of(dict(reversed(value.items())))


@pytest.mark.parametrize("value", [math.nan, math.inf, 2**53, "\ud800", {"\ud800": 1}])
def test_what_has_no_canonical_form_is_refused_by_both(value: Any) -> None:
    with pytest.raises(Refused):
        canonical(value)
    with pytest.raises(EvidenceError):
        canonical_bytes(value)


DOCUMENTS = [
    b"", b"[", b"{}", b"[1,2]", b'{"a":1,"a":2}', b"NaN", b"[Infinity]", b"-Infinity", b"1e999", b"9" * 20, b"9" * 500,
    b"-0", b"1.0", b"\xff", b"\xef\xbb\xbf{}", b"[" * 65 + b"]" * 65, b"[" * 64 + b"]" * 64, b"[" * 100_000,
    b'"\\ud800"', b"9007199254740991", b"9007199254740992", b"9007199254740993", b"{}x", b"nul", b'"\x01"',
    b"[1,]", b"01",
]  # fmt: skip


@pytest.mark.parametrize("content", DOCUMENTS)
def test_documents_are_read_or_refused_as_by_the_product(content: bytes) -> None:
    def of(reader: Any, *refusals: type[Exception]) -> Any:
        try:
            return json.dumps(reader())
        except refusals:
            return "refused"

    mine = of(lambda: parse(content, "x"), Refused)
    assert mine == of(lambda: parse_json(content, what="x"), EvidenceError)
