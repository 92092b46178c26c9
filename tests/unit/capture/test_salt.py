"""The salt and the digests that it makes."""

from __future__ import annotations

import hashlib
import hmac
import json
import stat
from pathlib import Path
from typing import Any

import pytest

from hakari.capture import inputs_digest, inputs_match, load_salt
from hakari.capture.salt import beside
from hakari.errors import InputError
from tests.unit.capture.stores import SALT, filled, lines_of, only_file


def test_the_digest_is_an_hmac_of_id_and_inputs() -> None:
    content = json.dumps(["A-1", {"age": 40, "town": "北"}], ensure_ascii=False, separators=(",", ":")).encode()
    expected = hmac.new(SALT, content, hashlib.sha256).hexdigest()
    assert inputs_digest("A-1", {"town": "北", "age": 40.0}, salt=SALT) == expected


def test_equal_inputs_of_two_decisions_do_not_show_as_equal() -> None:
    assert inputs_digest("A-1", {"a": 1}, salt=SALT) != inputs_digest("A-2", {"a": 1}, salt=SALT)


@pytest.mark.parametrize(
    ("inputs", "salt", "expected"),
    [({"income": 3}, SALT, True), ({"income": 4}, SALT, False), ({"income": 3}, b"o" * 32, False), ({}, SALT, False)],
)
def test_a_stranger_can_check_inputs(tmp_path: Path, inputs: dict[str, Any], salt: bytes, expected: bool) -> None:
    record = lines_of(only_file(filled(tmp_path / "store")))[4]
    assert record["id"] == "A-3"
    assert inputs_match(record, inputs, salt=salt) is expected


def test_only_a_decision_has_inputs_to_check(tmp_path: Path) -> None:
    opened = lines_of(only_file(filled(tmp_path / "store")))[0]
    with pytest.raises(InputError, match="“opened”"):
        inputs_match(opened, {}, salt=SALT)


def test_a_salt_is_made_once_beside_the_store_for_its_owner_only(tmp_path: Path) -> None:
    path = beside(tmp_path / "store")
    salt = load_salt(path, create=True)
    assert path == tmp_path.resolve() / "store.salt"
    assert load_salt(path, create=True) == load_salt(path) == salt
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_missing_or_spoilt_salt_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="There is no salt file"):
        load_salt(tmp_path / "none")
    (tmp_path / "short").write_text("abcd")
    with pytest.raises(InputError, match="64 hexadecimal digits"):
        load_salt(tmp_path / "short")


def test_neither_inputs_nor_salt_stand_in_the_store(tmp_path: Path) -> None:
    store = filled(tmp_path / "store", 1, first=123456)
    content = only_file(store).read_bytes()
    assert b"income" in content  # as a reason
    assert b"123456}" not in content
    assert SALT not in content
    assert SALT.hex().encode() not in content
