"""Envelopes: one canonical form, signatures that verify, nothing else."""

from __future__ import annotations

import base64
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakari.errors import EvidenceError, SignatureError
from hakari.evidence import PublicKey, SigningKey, canonical_bytes, create_key, open_envelope, seal

TYPE = "urn:hakari:predicate:test:1"


@pytest.fixture(scope="module")
def key(tmp_path_factory: pytest.TempPathFactory) -> SigningKey:
    return create_key(tmp_path_factory.mktemp("keys") / "key.pem")


@pytest.fixture(scope="module")
def envelope(key: SigningKey) -> bytes:
    return seal(TYPE, {"count": 3, "name": "検査"}, [("data", "0" * 64)], [key])


def _open(content: bytes, *keys: PublicKey, signatures: int | None = None) -> Any:
    known = {item.id: item for item in keys}
    return open_envelope(content, what="it", predicate_type=TYPE, keys=known, signatures=signatures)


def test_what_was_sealed_comes_out_again(key: SigningKey, envelope: bytes) -> None:
    opened = _open(envelope, key.public)
    assert opened.predicate == {"count": 3, "name": "検査"}
    assert opened.subjects == (("data", "0" * 64),)
    assert opened.key_ids == (key.public.id,)


def test_sealing_twice_gives_the_same_bytes(key: SigningKey, envelope: bytes) -> None:
    assert seal(TYPE, {"name": "検査", "count": 3}, [("data", "0" * 64)], [key]) == envelope


def test_the_signature_is_over_the_dsse_encoding(key: SigningKey, envelope: bytes) -> None:
    document = json.loads(envelope)
    payload = base64.b64decode(document["payload"])
    kind = document["payloadType"].encode()
    signed = b"DSSEv1 " + str(len(kind)).encode() + b" " + kind + b" " + str(len(payload)).encode() + b" " + payload
    assert key.public.verifies(base64.b64decode(document["signatures"][0]["sig"]), signed)


def test_an_unsigned_envelope_opens_and_names_no_key(key: SigningKey) -> None:
    assert _open(seal(TYPE, {}, [], []), key.public).key_ids == ()


def test_an_unsigned_envelope_is_refused_where_a_signature_is_expected() -> None:
    with pytest.raises(SignatureError):
        _open(seal(TYPE, {}, [], []), signatures=1)


def test_a_signature_by_a_key_that_is_not_known_is_refused(envelope: bytes, tmp_path: Path) -> None:
    other = create_key(tmp_path / "other.pem").public
    with pytest.raises(SignatureError, match="signature"):
        _open(envelope, other)


def test_another_predicate_type_is_a_swapped_file(key: SigningKey, envelope: bytes) -> None:
    with pytest.raises(SignatureError, match="swapped"):
        open_envelope(envelope, what="it", predicate_type="urn:other", keys={key.public.id: key.public})


def _with_padding_bits(envelope: bytes) -> bytes:
    """Change only bits of the last base64 letter that decode to nothing."""
    alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"
    document = json.loads(envelope)
    text = document["signatures"][0]["sig"]
    assert text.endswith("==")
    last = alphabet[alphabet.index(text[-3]) + 1]
    document["signatures"][0]["sig"] = text[:-3] + last + "=="
    assert base64.b64decode(document["signatures"][0]["sig"]) == base64.b64decode(text)
    return canonical_bytes(document)


def _with_second_signature(envelope: bytes) -> bytes:
    document = json.loads(envelope)
    document["signatures"].append({"keyid": "f" * 64, "sig": base64.b64encode(b"0" * 64).decode()})
    return canonical_bytes(document)


def _with_same_signature_twice(envelope: bytes) -> bytes:
    document = json.loads(envelope)
    document["signatures"] *= 2
    return canonical_bytes(document)


def _with_extra_field(envelope: bytes) -> bytes:
    return canonical_bytes({**json.loads(envelope), "note": "x"})


def _with_spaces(envelope: bytes) -> bytes:
    return json.dumps(json.loads(envelope)).encode()


@pytest.mark.parametrize(
    "bend",
    [_with_padding_bits, _with_second_signature, _with_same_signature_twice, _with_extra_field, _with_spaces],
)
def test_a_form_that_is_not_canonical_is_refused(key: SigningKey, envelope: bytes, bend: Any) -> None:
    with pytest.raises(SignatureError):
        _open(bend(envelope), key.public)


@given(st.data())
def test_any_changed_byte_is_found(key: SigningKey, envelope: bytes, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(envelope) - 1))
    value = data.draw(st.integers(0, 255).filter(lambda byte: byte != envelope[place]))
    with pytest.raises((SignatureError, EvidenceError)):
        _open(envelope[:place] + bytes([value]) + envelope[place + 1 :], key.public)


@given(st.binary(max_size=200))
def test_no_bytes_make_it_crash(content: bytes) -> None:
    with pytest.raises((SignatureError, EvidenceError)):
        _open(content)


@pytest.mark.parametrize(
    "value", [[], "x", 3, None, {"payload": 1}, {"payload": "", "payloadType": "", "signatures": 3}]
)
def test_other_json_is_refused(value: Any) -> None:
    with pytest.raises(SignatureError):
        _open(canonical_bytes(value))
