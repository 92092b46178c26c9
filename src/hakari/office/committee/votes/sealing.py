"""Sealing one vote: AES-256-GCM under a key of its ballot, bound to ballot, person and revision; nothing of Django.

The key of a ballot is HKDF-SHA256 (RFC 5869) of the key of the votes. Every sealed vote is equally long, else its
length would tell whether there is a reason, which only some choices need.
"""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
from dataclasses import dataclass
from typing import Final

from hakari.evidence import canonical_bytes

__all__ = ["SIZE", "Place", "SealError", "Secret", "names_other_key", "open_secret", "seal_secret"]

SIZE: Final = 16_384
"""Bytes that are sealed: a reason of 4,000 characters, of four bytes at the most, with what stands before it."""
_FORM: Final = "vote-1"
_NONCE: Final = 12


class SealError(Exception):
    """The seal is broken: other bytes, another place, or another key."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Whose vote it is, and where; what is sealed opens in this place only."""

    ballot: str
    person: str
    revision: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Secret:
    """What nobody is to know of a vote until the close."""

    choice: str
    dissent: bool
    salt: str
    """Of the digest in the ledger."""
    reason: str
    reason_salt: str
    """Of the digest of the reason, under which its text is kept after the close; empty without a reason."""

    @property
    def words(self) -> str:
        """The digest of the reason, as the store of texts makes it; empty without a reason."""
        return hashlib.sha256(f"{self.reason_salt}\n{self.reason}".encode()).hexdigest() if self.reason else ""


def seal_secret(secret: Secret, place: Place, key: bytes) -> str:
    """Return a vote sealed for its place, as text of one length."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    head = {
        "choice": secret.choice, "dissent": secret.dissent, "reason_salt": secret.reason_salt, "salt": secret.salt,
    }  # fmt: skip
    content = canonical_bytes(head) + b"\n" + secret.reason.encode()
    if len(content) > SIZE:
        raise ValueError("the reason is longer than a vote holds")
    nonce = secrets.token_bytes(_NONCE)
    # No text holds a zero byte, so that the padding is taken off again without a length.
    sealed = AESGCM(_derived(key, place.ballot)).encrypt(nonce, content.ljust(SIZE, b"\0"), _bound(place))
    return f"{_FORM} {_name(key)} {base64.b64encode(nonce + sealed).decode()}"


def open_secret(text: str, place: Place, key: bytes) -> Secret:
    """Return what was sealed for a place.

    Raises:
        SealError: it was not sealed for this place with this key, or was changed since.
    """
    from cryptography.exceptions import InvalidTag
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    try:
        form, name, packed = text.split(" ")
        sealed = base64.b64decode(packed, validate=True)
    except ValueError:
        raise SealError from None
    if (form, name) != (_FORM, _name(key)) or len(sealed) <= _NONCE:
        raise SealError
    try:
        content = AESGCM(_derived(key, place.ballot)).decrypt(sealed[:_NONCE], sealed[_NONCE:], _bound(place))
    except InvalidTag:
        raise SealError from None
    head, _, reason = content.rstrip(b"\0").partition(b"\n")
    return Secret(**json.loads(head), reason=reason.decode())


def names_other_key(text: str, key: bytes) -> bool:
    """Return whether a sealed vote names another key than this as the one that sealed it."""
    form, _, rest = text.partition(" ")
    name = rest.partition(" ")[0]
    return form == _FORM and len(name) == len(_name(key)) and name != _name(key)


def _bound(place: Place) -> bytes:
    """Return what is authenticated beside the content."""
    return canonical_bytes({"ballot": place.ballot, "form": _FORM, "person": place.person, "revision": place.revision})


def _derived(key: bytes, ballot: str) -> bytes:
    return _hkdf(key, f"hakari {_FORM} ballot {ballot}")


def _name(key: bytes) -> str:
    """Return the public name of a key: it tells another key from a changed vote, and nothing of the key."""
    return _hkdf(key, f"hakari {_FORM} name")[:8].hex()


def _hkdf(key: bytes, info: str) -> bytes:
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    return HKDF(algorithm=SHA256(), length=32, salt=None, info=info.encode()).derive(key)
