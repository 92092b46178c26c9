"""Ed25519 keys: an owner-only PEM file for signing, 32 public bytes in hexadecimal for checking."""

from __future__ import annotations

import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from hakari.errors import SignatureError
from hakari.evidence.canonical import digest_bytes
from hakari.messages import say, shown

if TYPE_CHECKING:
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

__all__ = ["PublicKey", "SigningKey", "create_key", "load_key"]


@dataclass(frozen=True, slots=True)
class PublicKey:
    """An Ed25519 public key."""

    hex: str
    """The 32 raw bytes as 64 hexadecimal digits."""

    def __post_init__(self) -> None:
        if len(self.hex) != 64 or self.hex != self.hex.lower() or set(self.hex) - set("0123456789abcdef"):
            raise SignatureError(
                say("evidence.key.unreadable", path=shown(self.hex, 80), problem="not 64 lower-case hexadecimal digits")
            )

    @property
    def id(self) -> str:
        """SHA-256 of the raw bytes: the key id in every signature, which therefore names exactly one key."""
        return digest_bytes(bytes.fromhex(self.hex))

    def verifies(self, signature: bytes, content: bytes) -> bool:
        """Return whether `signature` is this key's signature over `content`."""
        from cryptography.exceptions import InvalidSignature
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

        try:
            Ed25519PublicKey.from_public_bytes(bytes.fromhex(self.hex)).verify(signature, content)
        except (InvalidSignature, ValueError):
            return False
        return True


@dataclass(frozen=True, slots=True)
class SigningKey:
    """An Ed25519 private key in memory; it prints as its public half only."""

    _private: Ed25519PrivateKey

    @property
    def public(self) -> PublicKey:
        """The public half."""
        return PublicKey(self._private.public_key().public_bytes_raw().hex())

    def sign(self, content: bytes) -> bytes:
        """Return the 64-byte signature over `content`."""
        return self._private.sign(content)

    def __repr__(self) -> str:
        return f"SigningKey(public={self.public.hex!r})"


def create_key(path: Path) -> SigningKey:
    """Write a new private key to `path`, readable by its owner only, and return it.

    Raises:
        SignatureError: a key is there already (it is never overwritten), or the folder cannot be written.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

    private = Ed25519PrivateKey.generate()
    content = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        # Created with its final mode: between creating and chmod, others could otherwise read it.
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError as error:
        raise SignatureError(say("evidence.key.exists", path=str(path))) from error
    except OSError as error:
        raise SignatureError(say("evidence.key.unwritable", path=str(path), problem=error.strerror or "")) from error
    with os.fdopen(handle, "wb") as file:
        file.write(content)
    return SigningKey(private)


def load_key(path: Path) -> SigningKey:
    """Return the private key at `path`.

    Raises:
        SignatureError: no file, readable by others, or not an Ed25519 key in PEM.
    """
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
    from cryptography.hazmat.primitives.serialization import load_pem_private_key

    if not path.is_file():
        raise SignatureError(say("evidence.key.missing", path=str(path)))
    mode = stat.S_IMODE(path.stat().st_mode)
    if os.name == "posix" and mode & 0o077:
        raise SignatureError(say("evidence.key.permissions", path=str(path), mode=oct(mode)))
    try:
        private = load_pem_private_key(path.read_bytes(), password=None)
    except (ValueError, TypeError, OSError) as error:
        raise SignatureError(say("evidence.key.unreadable", path=str(path), problem=_first_line(error))) from error
    if not isinstance(private, Ed25519PrivateKey):
        raise SignatureError(say("evidence.key.unreadable", path=str(path), problem=type(private).__name__))
    return SigningKey(private)


def _first_line(error: Exception) -> str:
    return (str(error).splitlines() or [type(error).__name__])[0]
