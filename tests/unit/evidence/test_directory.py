"""The key directory: whose key, from when until when, signed by a key that it lists."""

from __future__ import annotations

import base64
import json
from pathlib import Path

import pytest

from hakari.errors import EvidenceError, SignatureError
from hakari.evidence import DirectoryEntry, SigningKey, canonical_bytes, create_key, read_directory, write_directory

ISSUED = "2026-11-22T00:00:00+00:00"


@pytest.fixture
def office(tmp_path: Path) -> SigningKey:
    return create_key(tmp_path / "office.pem")


def _entry(key: SigningKey, **changes: str | None) -> DirectoryEntry:
    stated = {"valid_from": "2026-01-01T00:00:00+00:00", "valid_until": None, "revoked": None} | changes
    return DirectoryEntry(key=key.public, name="倫理室", **stated)  # type: ignore[arg-type]  # all are text or None


def test_what_was_written_is_read_again(office: SigningKey) -> None:
    entry = _entry(office, valid_until="2027-01-01T00:00:00+00:00")
    directory = read_directory(write_directory([entry], issued_at=ISSUED, key=office), what="keys.json")
    assert directory.entries == (entry,)
    assert directory.signed_by == office.public.id
    assert directory.find(office.public.id) == entry
    assert directory.find("0" * 64) is None


def test_the_signing_key_must_be_in_the_list(office: SigningKey, tmp_path: Path) -> None:
    other = create_key(tmp_path / "other.pem")
    with pytest.raises(SignatureError, match="not in the list"):
        write_directory([_entry(other)], issued_at=ISSUED, key=office)


@pytest.mark.parametrize(
    ("changes", "at", "standing"),
    [
        ({}, "2026-06-01T00:00:00+00:00", "valid"),
        ({}, "2025-12-31T23:59:59+00:00", "not_yet"),
        ({"valid_until": "2026-05-01T00:00:00+00:00"}, "2026-06-01T00:00:00+00:00", "expired"),
        ({"revoked": "2026-06-01T00:00:00+00:00"}, "2026-06-01T00:00:00+00:00", "revoked"),
        ({"revoked": "2026-06-02T00:00:00+00:00"}, "2026-06-01T00:00:00+00:00", "valid"),
        ({}, "2026-01-01T08:00:00+09:00", "not_yet"),
    ],
)
def test_a_key_stands_by_its_dates(office: SigningKey, changes: dict[str, str], at: str, standing: str) -> None:
    assert _entry(office, **changes).standing(at) == standing


def _bent(content: bytes, before: str, after: str) -> bytes:
    document = json.loads(content)
    payload = base64.b64decode(document["payload"]).decode()
    assert before in payload
    document["payload"] = base64.b64encode(payload.replace(before, after).encode()).decode()
    return canonical_bytes(document)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("倫理室", "別の室"),
        ("2026-01-01", "2020-01-01"),
        ('"name"', '"nome"'),
        ("+00:00", ""),
        ('"schema":1', '"schema":2'),
    ],
)
def test_a_changed_directory_is_refused(office: SigningKey, before: str, after: str) -> None:
    content = write_directory([_entry(office)], issued_at=ISSUED, key=office)
    with pytest.raises(SignatureError):
        read_directory(_bent(content, before, after), what="keys.json")


@pytest.mark.parametrize("content", [b"", b"[]", b"{}", b'{"payload":"e30="}', b"\xff"])
def test_what_is_no_directory_is_refused(content: bytes) -> None:
    with pytest.raises((SignatureError, EvidenceError)):
        read_directory(content, what="keys.json")
