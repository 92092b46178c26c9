"""Reading a public key as people paste it: its digits, what `hakari key show` prints, or PEM.

Points are checked by the arithmetic of RFC 8032, section 5.1: the id that people see beside their key has as many
digits as the key, and a key of small order would let anybody sign.
"""

from __future__ import annotations

import re
from typing import Final

from hakari.errors import InputError
from hakari.evidence import PublicKey
from hakari.messages import say

__all__ = ["LONGEST", "public_key"]

LONGEST: Final = 4_000
_DIGITS: Final = re.compile(r"(?<![0-9a-f])[0-9a-f]{64}(?![0-9a-f])")
_PEM: Final = re.compile(r"-----BEGIN PUBLIC KEY-----.+?-----END PUBLIC KEY-----", re.DOTALL)
_P: Final = 2**255 - 19
_D: Final = -121665 * pow(121666, -1, _P) % _P


def public_key(text: str) -> PublicKey:
    """Return the public key in what somebody pasted.

    Raises:
        InputError: there is none, more than one, or the private half; or it is no key that can sign.
    """
    if len(text) > LONGEST:
        raise InputError(say("office.keys.read.long", most=LONGEST))
    if "PRIVATE KEY" in text.upper():
        raise InputError(say("office.keys.read.private"))
    blocks = _PEM.findall(text)
    found = {_from_pem(block) for block in blocks} if blocks else _from_digits(text.lower())
    if len(found) != 1:
        raise InputError(say("office.keys.read.several" if found else "office.keys.read.none"))
    (key,) = found
    if not _signs(bytes.fromhex(key.hex)):
        raise InputError(say("office.keys.read.no_point", digits=key.hex[:8]))
    return key


def _from_digits(text: str) -> set[PublicKey]:
    """Return the keys among the groups of 64 digits; the id of one of them is no further key."""
    keys = {PublicKey(digits) for digits in _DIGITS.findall(text)}
    ids = {key.id for key in keys}
    return {key for key in keys if key.hex not in ids}


def _from_pem(block: str) -> PublicKey:
    from cryptography.exceptions import UnsupportedAlgorithm
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    from cryptography.hazmat.primitives.serialization import load_pem_public_key

    try:
        loaded = load_pem_public_key(block.encode())
    except (ValueError, UnsupportedAlgorithm):
        raise InputError(say("office.keys.read.pem")) from None
    if not isinstance(loaded, Ed25519PublicKey):
        raise InputError(say("office.keys.read.pem"))
    return PublicKey(loaded.public_bytes_raw().hex())


def _signs(raw: bytes) -> bool:
    """Return whether the bytes are a point of the curve, written in the one way, whose order is not small."""
    number = int.from_bytes(raw, "little")
    y, odd = number & (2**255 - 1), number >> 255
    square = (y * y - 1) * pow(_D * y * y + 1, -1, _P) % _P
    x = pow(square, (_P + 3) // 8, _P)
    if (x * x - square) % _P:
        x = x * pow(2, (_P - 1) // 4, _P) % _P
    if y >= _P or (x * x - square) % _P or (x == 0 and odd):
        return False
    for _ in range(3):
        x, y = _doubled(x, y)
    return (x, y) != (0, 1)


def _doubled(x: int, y: int) -> tuple[int, int]:
    product = _D * x * x * y * y
    return 2 * x * y * pow(1 + product, -1, _P) % _P, (y * y + x * x) * pow(1 - product, -1, _P) % _P
