"""Mutators that know no structure: bytes and letters."""

from __future__ import annotations

from random import Random

__all__ = ["LETTERS", "LONGEST", "bent_bytes", "bent_text", "number_text", "odd_text"]

LONGEST = 700_000
"""What a mutator repeats grows no longer than this; a reader is tried by form, not by size alone."""
LETTERS = (
    "", " ", "\t", "\n", "\r\n", "\x00", "\x1b[2J", "\x7f", "\x85", "\u00a0", "\u2028", "\u202e", "\u3000", "\ufeff",
    "\ufffd", "０", "−", "，", "'", '"', '""', "\\", "{x}", "{0.__class__}", "%s", "$(id)", "../", "/", "é", "e\u0301",
    "日本語", "𠮷", "👩‍👩‍👧", "missing", "unknown", "null", "None", "NaN", "inf", "-inf", "true", "TRUE", "yes", "no",
    "0", "1", "-0", "007",
)  # fmt: skip
_NUMBERS = (
    "0", "-0", "-1", "1", "2", "0.5", "0.1", "1.5", "1e3", "1e308", "1e309", "-1e308", "5e-324", "1e-7",
    "2147483648", "9007199254740991", "9007199254740992", "9223372036854775807", "9223372036854775808",
    "1" + "0" * 400, "0x10", "1_000", "１２", "1,5", "NaN", "Infinity", "99999999999999999999",
)  # fmt: skip


def number_text(rng: Random) -> str:
    """Return a number as somebody might write it, or almost a number."""
    if rng.random() < 0.6:
        return rng.choice(_NUMBERS)
    return str(rng.choice((rng.randrange(-5, 200), round(rng.uniform(-2, 2), 3), rng.randrange(2**63))))


def odd_text(rng: Random) -> str:
    """Return a text with something in it that a reader may trip over."""
    way = rng.random()
    if way < 0.5:
        return rng.choice(LETTERS)
    if way < 0.6:
        return rng.choice(LETTERS) * rng.choice((2, 30, 1000, 30_000))
    return "".join(rng.choice(LETTERS) for _ in range(rng.randrange(1, 6)))


def bent_text(text: str, rng: Random) -> str:
    """Return `text` with one change."""
    at = rng.randrange(len(text) + 1)
    to = min(len(text), at + rng.choice((1, 1, 2, 5, 40)))
    way = rng.randrange(6)
    if way == 0:
        return text[:at] + text[to:]
    if way == 1:
        return text[:at] + odd_text(rng) + text[at:]
    if way == 2:
        return text[:at] + odd_text(rng) + text[to:]
    if way == 3:
        return text[:at] + text[at:to] * rng.choice((2, 3, 50)) + text[to:]
    if way == 4:
        return text[:at]
    return text.swapcase() if rng.random() < 0.3 else number_text(rng)


def bent_bytes(data: bytes, rng: Random) -> bytes:
    """Return `data` with some bytes changed, left out, put in or repeated."""
    bent = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 4, 12))):
        at = rng.randrange(len(bent) + 1)
        size = rng.choice((1, 1, 1, 2, 4, 8, 64))
        way = rng.randrange(6)
        if way == 0 and at < len(bent):
            bent[at] ^= 1 << rng.randrange(8)
        elif way == 1:
            bent[at : at + size] = rng.randbytes(min(size, 8))
        elif way == 2:
            del bent[at : at + size]
        elif way == 3:
            bent[at:at] = bent[at : at + size] * rng.choice((1, 2, 20))
        elif way == 4:
            bent[at : at + 4] = rng.choice(
                (b"\x00\x00\x00\x00", b"\xff\xff\xff\xff", b"\x00\x00\x00\x80", b"\x01\x00\x00\x00")
            )
        else:
            bent[at:at] = odd_text(rng).encode("utf-8", "surrogatepass")[:4096]
    return bytes(bent)
