"""Heads: what they hold, who signed them, and what a change to one leaves."""

from __future__ import annotations

import hashlib
import json
from datetime import date
from pathlib import Path

import pytest

from hakari.capture import verify_store, write_head
from hakari.errors import InputError
from hakari.evidence import create_key
from tests.unit.capture.stores import filled, only_file


def day(store: Path) -> date:
    return date.fromisoformat(next(store.glob("20*")).name)


def test_a_head_holds_the_last_digest_of_every_chain_of_the_day(tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    last = only_file(store).read_bytes().splitlines()[-1]
    writer = only_file(store).name.split(".")[0]
    head = write_head(store, day(store))
    page = json.loads(head.path.read_bytes())
    assert page["chains"] == {writer: [6, hashlib.sha256(last).hexdigest()]}
    assert head.digest == hashlib.sha256(head.path.read_bytes()).hexdigest()


def test_each_head_cites_the_one_before(tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    first = write_head(store, day(store))
    filled(store, first=5)
    second = write_head(store, day(store))
    assert (first.previous, second.previous) == (None, first.digest)
    assert len(second.chains) == 2
    assert verify_store(store, kept=[first.digest, second.digest]).whole


def test_a_signature_is_told_and_must_be_of_this_head(tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    key = create_key(tmp_path / "key.pem")
    head = write_head(store, day(store), key=key)
    (known,) = verify_store(store, keys=[key.public]).heads
    (stranger,) = verify_store(store).heads
    assert (known.signed_by, stranger.signed_by) == ((key.public.id,), None)
    head.path.write_bytes(head.path.read_bytes().replace(b'"number":0', b'"number":9'))
    assert verify_store(store, keys=[key.public]).heads[0].signed_by is None


def test_an_unsigned_head_says_so(tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    head = write_head(store, day(store))
    (found,) = verify_store(store, kept=[head.digest]).heads
    assert (found.signed_by, found.kept) == ((), True)


def test_a_head_taken_away_is_missed_by_the_next(tmp_path: Path) -> None:
    store = filled(tmp_path / "store")
    first = write_head(store, day(store))
    write_head(store, day(store))
    first.path.unlink()
    assert [fault.kind for fault in verify_store(store).faults] == ["head"]


def test_a_day_without_lines_has_no_head(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no line on 2001-01-01"):
        write_head(filled(tmp_path / "store"), date(2001, 1, 1))


@pytest.mark.parametrize("content", [b"no json", b"[]", b'{"chains": 3}', b'{"chains": {"a": [1]}, "day": "x"}'])
def test_a_spoilt_head_is_one_line(tmp_path: Path, content: bytes) -> None:
    store = filled(tmp_path / "store")
    write_head(store, day(store)).path.write_bytes(content)
    with pytest.raises(InputError, match="cannot be read"):
        verify_store(store)
