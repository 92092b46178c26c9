"""A public key is read in every way in which people paste it, and nothing else is taken for one."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from hypothesis import given, settings
from hypothesis import strategies as st

from hakari.errors import InputError
from hakari.evidence import PublicKey, create_key
from hakari.messages import render, say
from hakari.office.keys.reading import public_key

_SEEDS = st.binary(min_size=32, max_size=32)


def _public(seed: bytes) -> PublicKey:
    return PublicKey(Ed25519PrivateKey.from_private_bytes(seed).public_key().public_bytes_raw().hex())


def _pem(key: PublicKey) -> str:
    loaded = Ed25519PublicKey.from_public_bytes(bytes.fromhex(key.hex))
    return loaded.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()


@settings(max_examples=30, deadline=None)
@given(_SEEDS)
def test_every_key_that_can_sign_is_read_as_digits_and_as_pem(seed: bytes) -> None:
    key = _public(seed)
    assert public_key(f"  {key.hex.upper()}\n") == public_key(_pem(key)) == key


@pytest.mark.parametrize("language", ["en", "ja"])
def test_what_the_command_prints_is_read_whole(language: str) -> None:
    key = _public(b"1" * 32)
    lines = [say("cli.key.at", path="a/key.pem"), say("cli.key.public", public=key.hex)]
    text = "\n".join(
        render(line, "ja" if language == "ja" else "en") for line in [*lines, say("cli.key.id", id=key.id)]
    )
    assert public_key(text) == key
    assert public_key(f'{{"id":"{key.id}","path":"k","public":"{key.hex}"}}') == key


def test_the_command_itself_prints_what_is_read(tmp_path: Path) -> None:
    key = create_key(tmp_path / "key.pem").public
    shown = subprocess.run(
        [sys.executable, "-m", "hakari.cli", "key", "show", "--path", str(tmp_path / "key.pem")],
        capture_output=True, text=True, check=True, encoding="utf-8",
    )  # fmt: skip
    assert public_key(shown.stdout) == key


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "No public key"),
        ("a" * 63, "No public key"),
        ("a" * 65, "No public key"),
        ("0" * 5_000, "too long"),
        (f"{_public(b'1' * 32).hex} {_public(b'2' * 32).hex}", "More than one"),
        ("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----", "no Ed25519 public key"),
        ("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----", "private half"),
        ("-----begin openssh private key-----", "private half"),
    ],
)
def test_anything_else_is_refused_in_one_line(text: str, told: str) -> None:
    with pytest.raises(InputError, match=told) as refused:
        public_key(text)
    assert "\n" not in str(refused.value)


def test_a_private_key_is_refused_and_not_repeated() -> None:
    private = Ed25519PrivateKey.from_private_bytes(b"3" * 32)
    text = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    with pytest.raises(InputError) as refused:
        public_key(text)
    assert text.splitlines()[1] not in str(refused.value)


def test_a_key_of_another_kind_is_refused() -> None:
    other = ec.generate_private_key(ec.SECP256R1()).public_key()
    with pytest.raises(InputError, match="no Ed25519"):
        public_key(other.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode())


# The eight points of small order (RFC 7748 and RFC 8032 give the curve; y = 0, 1, -1 and the two of order 8), each of
# which lets anybody make signatures that verify.
_SMALL = (
    "0100000000000000000000000000000000000000000000000000000000000000",
    "ecffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f",
    "0000000000000000000000000000000000000000000000000000000000000000",
    "0000000000000000000000000000000000000000000000000000000000000080",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
    "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc85",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
    "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac03fa",
)


@pytest.mark.parametrize("digits", _SMALL)
def test_a_key_with_which_anybody_could_sign_is_refused(digits: str) -> None:
    with pytest.raises(InputError, match="no Ed25519 public key"):
        public_key(digits)


def test_of_the_ids_that_people_paste_by_mistake_half_are_no_key() -> None:
    refused = 0
    for number in range(200):
        try:
            public_key(_public(number.to_bytes(32, "big")).id)
        except InputError:
            refused += 1
    assert 65 < refused < 135  # five standard deviations around one half
