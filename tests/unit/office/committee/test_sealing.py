"""A sealed vote opens in its place, with its key, unchanged; nowhere else."""

from __future__ import annotations

import base64
import hashlib
import hmac
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hakari.office.committee.votes.sealing import (
    SIZE,
    Place,
    SealError,
    Secret,
    names_other_key,
    open_secret,
    seal_secret,
)

KEY = bytes(range(32))
PLACE = Place(ballot="b" * 32, person="p" * 32, revision=1)
SECRET = Secret(choice="reject", dissent=True, salt="5" * 32, reason='満月だから\n"no" \\ x', reason_salt="a" * 64)
WORDS = st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=4_000)


@given(choice=st.sampled_from(["approve", "approve_with_conditions", "lift"]), dissent=st.booleans(), reason=WORDS)
def test_what_is_sealed_opens_and_is_always_as_long(choice: str, dissent: bool, reason: str) -> None:
    secret = replace(SECRET, choice=choice, dissent=dissent, reason=reason)
    sealed = seal_secret(secret, PLACE, KEY)
    assert open_secret(sealed, PLACE, KEY) == secret
    assert len(base64.b64decode(sealed.split(" ")[2])) == 12 + SIZE + 16


def test_the_longest_reason_fits() -> None:
    secret = replace(SECRET, choice="approve_with_conditions", dissent=False, reason="𠮷" * 4_000)
    assert open_secret(seal_secret(secret, PLACE, KEY), PLACE, KEY) == secret
    with pytest.raises(ValueError, match="longer"):
        seal_secret(replace(secret, reason="𠮷" * 5_000), PLACE, KEY)


@pytest.mark.parametrize(
    "place", [replace(PLACE, ballot="c"), replace(PLACE, person="q"), replace(PLACE, revision=2)], ids=str
)
def test_it_opens_in_its_place_only(place: Place) -> None:
    with pytest.raises(SealError):
        open_secret(seal_secret(SECRET, PLACE, KEY), place, KEY)


@given(place=st.integers(0, 12 + SIZE + 16 - 1), bit=st.integers(0, 7))
def test_no_bit_of_it_can_change(place: int, bit: int) -> None:
    form, name, packed = seal_secret(SECRET, PLACE, KEY).split(" ")
    content = bytearray(base64.b64decode(packed))
    content[place] ^= 1 << bit
    with pytest.raises(SealError):
        open_secret(f"{form} {name} {base64.b64encode(content).decode()}", PLACE, KEY)


@pytest.mark.parametrize("text", ["", "vote-1", "vote-1 x y", "vote-1 0123456789abcdef !", "a b c d"])
def test_what_is_no_sealed_vote_is_refused(text: str) -> None:
    with pytest.raises(SealError):
        open_secret(text, PLACE, KEY)


def test_another_key_is_told_from_a_changed_vote() -> None:
    sealed, other = seal_secret(SECRET, PLACE, KEY), bytes(32)
    assert (names_other_key(sealed, KEY), names_other_key(sealed, other), names_other_key("x", other)) == (
        False, True, False,
    )  # fmt: skip
    with pytest.raises(SealError):
        open_secret(sealed, PLACE, other)


def test_two_alike_votes_are_sealed_differently() -> None:
    assert seal_secret(SECRET, PLACE, KEY) != seal_secret(SECRET, PLACE, KEY)


def test_the_key_of_a_ballot_is_derived_as_rfc_5869_says() -> None:
    """Opened by another road: HKDF from HMAC alone, and AES-GCM with what was derived."""
    from cryptography.hazmat.primitives.ciphers.aead import AESGCM

    pseudo = hmac.digest(bytes(32), KEY, "sha256")
    derived = hmac.digest(pseudo, f"hakari vote-1 ballot {PLACE.ballot}".encode() + b"\x01", "sha256")
    sealed = base64.b64decode(seal_secret(SECRET, PLACE, KEY).split(" ")[2])
    bound = f'{{"ballot":"{PLACE.ballot}","form":"vote-1","person":"{PLACE.person}","revision":1}}'
    content = AESGCM(derived).decrypt(sealed[:12], sealed[12:], bound.encode())
    assert content.rstrip(b"\0").endswith(SECRET.reason.encode())


def test_the_digest_of_a_reason_is_that_of_the_store_of_texts() -> None:
    assert SECRET.words == hashlib.sha256(f"{SECRET.reason_salt}\n{SECRET.reason}".encode()).hexdigest()
    assert replace(SECRET, reason="").words == ""
