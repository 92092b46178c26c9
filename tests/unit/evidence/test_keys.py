"""Keys: owner-only files, ids that name one key, and clear refusals."""

from __future__ import annotations

import hashlib
import stat
from pathlib import Path

import pytest

from hakari.errors import SignatureError
from hakari.evidence import PublicKey, create_key, load_key


def test_a_new_key_is_readable_by_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "folder" / "key.pem"
    create_key(path)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_a_key_is_never_overwritten(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    first = create_key(path)
    with pytest.raises(SignatureError, match="never overwritten"):
        create_key(path)
    assert load_key(path).public == first.public


def test_a_key_that_others_can_read_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "key.pem"
    create_key(path)
    path.chmod(0o640)
    with pytest.raises(SignatureError, match="0o640"):
        load_key(path)


def test_a_missing_key_says_how_to_make_one(tmp_path: Path) -> None:
    with pytest.raises(SignatureError, match="hakari key new"):
        load_key(tmp_path / "none.pem")


@pytest.mark.parametrize(
    "content", [b"", b"not a key", b"-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"]
)
def test_what_is_no_key_is_refused_in_one_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "key.pem"
    path.write_bytes(content)
    path.chmod(0o600)
    with pytest.raises(SignatureError) as caught:
        load_key(path)
    assert "\n" not in str(caught.value)


def test_a_key_of_another_kind_is_refused(tmp_path: Path) -> None:
    from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, generate_private_key
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    path = tmp_path / "key.pem"
    path.write_bytes(generate_private_key(SECP256R1()).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    path.chmod(0o600)
    with pytest.raises(SignatureError, match="ECPrivateKey"):
        load_key(path)


def test_the_key_id_is_the_digest_of_the_public_bytes(tmp_path: Path) -> None:
    public = create_key(tmp_path / "key.pem").public
    assert public.id == hashlib.sha256(bytes.fromhex(public.hex)).hexdigest()


def test_a_private_key_never_prints_itself(tmp_path: Path) -> None:
    key = create_key(tmp_path / "key.pem")
    assert key.public.hex in repr(key)
    assert key._private.private_bytes_raw().hex() not in repr(key)


@pytest.mark.parametrize("text", ["", "AB" * 32, "ab" * 31, "zz" * 32])
def test_what_is_no_public_key_is_refused(text: str) -> None:
    with pytest.raises(SignatureError):
        PublicKey(text)
