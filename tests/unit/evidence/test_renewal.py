"""The renewal of a key: signed by both keys, and followed from the one that a reader trusts to the one of today."""

from __future__ import annotations

import base64
import json
from dataclasses import replace
from itertools import pairwise
from pathlib import Path

import pytest

from hakari.errors import SignatureError
from hakari.evidence import DirectoryEntry, SigningKey, canonical_bytes, create_key, read_directory, write_directory
from hakari.evidence.renewal import KeyRenewal, followed, open_renewal, seal_renewal

AT, LOST = "2026-11-22T09:00:00.500000+00:00", "2026-11-20T00:00:00+00:00"


@pytest.fixture
def keys(tmp_path: Path) -> list[SigningKey]:
    return [create_key(tmp_path / f"{number}.pem") for number in range(4)]


def stated(old: SigningKey, new: SigningKey, sequence: int = 7, **changes: object) -> KeyRenewal:
    given = {"role": "office", "at": AT, "ledger": "1" * 64, "digest": "2" * 64, "lost_since": None} | changes
    return KeyRenewal(old=old.public, new=new.public, sequence=sequence, **given)  # type: ignore[arg-type]


def test_what_both_keys_signed_is_read_again(keys: list[SigningKey]) -> None:
    item = stated(keys[0], keys[1])
    assert open_renewal(seal_renewal(item, keys[:2]), what="x") == item


@pytest.mark.parametrize("signers", [[], [1], [0], [2], [0, 1, 2], [1, 2]])
def test_a_signature_that_is_missing_wrong_or_one_too_many_is_refused(
    keys: list[SigningKey], signers: list[int]
) -> None:
    content = seal_renewal(stated(keys[0], keys[1]), [keys[number] for number in signers])
    with pytest.raises(SignatureError):
        open_renewal(content, what="x")


def test_a_lost_key_does_not_sign_and_the_new_one_does_so_alone(keys: list[SigningKey]) -> None:
    item = stated(keys[0], keys[1], lost_since=LOST)
    assert open_renewal(seal_renewal(item, [keys[1]]), what="x") == item
    with pytest.raises(SignatureError):
        open_renewal(seal_renewal(item, keys[:2]), what="x")


def test_the_sites_renewal_needs_the_offices_key(keys: list[SigningKey]) -> None:
    item, office = stated(keys[0], keys[1], role="site"), keys[2]
    content = seal_renewal(item, [*keys[:2], office])
    assert open_renewal(content, what="x", office=office.public) == item
    for signed, named in ((content, None), (content, keys[3].public), (seal_renewal(item, keys[:2]), office.public)):
        with pytest.raises(SignatureError):
            open_renewal(signed, what="x", office=named)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("at", "2026-11-19T00:00:00+00:00"), ("at", "yesterday"), ("at", "2026-11-22T00:00:00"), ("sequence", 0),
        ("sequence", True), ("role", "chair"), ("digest", "3" * 64), ("new", "0" * 63), ("schema", 2),
        ("lost_since", "2027-01-01T00:00:00+00:00"),
    ],
)  # fmt: skip
def test_a_statement_that_was_changed_is_refused_and_never_a_crash(
    keys: list[SigningKey], name: str, value: object
) -> None:
    outer = json.loads(seal_renewal(stated(keys[0], keys[1]), keys[:2]))
    statement = json.loads(base64.b64decode(outer["payload"]))
    statement["predicate"][name] = value
    outer["payload"] = base64.b64encode(canonical_bytes(statement)).decode()
    with pytest.raises(SignatureError):
        open_renewal(canonical_bytes(outer), what="x")


def test_trust_follows_from_key_to_key_in_any_order(keys: list[SigningKey]) -> None:
    pairs = enumerate(pairwise(keys), 1)
    steps = [seal_renewal(stated(old, new, number), [old, new]) for number, (old, new) in pairs]
    found = followed(keys[0].public.id, keys[3].public.id, reversed(steps))
    assert found is not None
    assert [item.sequence for item in found] == [1, 2, 3]
    assert followed(keys[3].public.id, keys[3].public.id, steps) == ()
    assert followed(keys[3].public.id, keys[0].public.id, steps) is None, "never back"
    assert followed(keys[0].public.id, keys[3].public.id, steps[:1] + steps[2:]) is None


def test_nobody_follows_a_lost_key_nor_one_with_two_successors(keys: list[SigningKey]) -> None:
    lost = seal_renewal(stated(keys[0], keys[1], lost_since=LOST), [keys[1]])
    assert followed(keys[0].public.id, keys[1].public.id, [lost]) is None
    one, two = (seal_renewal(stated(keys[0], new), [keys[0], new]) for new in keys[1:3])
    assert followed(keys[0].public.id, keys[1].public.id, [one]) is not None
    assert followed(keys[0].public.id, keys[1].public.id, [one, two]) is None


def test_a_forged_step_among_genuine_ones_leads_nowhere(keys: list[SigningKey]) -> None:
    forged = seal_renewal(stated(keys[0], keys[2]), [keys[2]])
    assert followed(keys[0].public.id, keys[2].public.id, [forged, b"{}", b"\xff"]) is None


def test_the_list_of_keys_carries_renewals_and_is_followed(keys: list[SigningKey]) -> None:
    old, new = keys[:2]
    entry = DirectoryEntry(key=new.public, name="Office", valid_from=AT)
    content = seal_renewal(stated(old, new), [old, new])
    listed = write_directory(
        [entry, replace(entry, key=old.public, valid_from="2026-01-01T00:00:00+00:00", valid_until=AT)],
        issued_at=AT, key=new, renewals=[content],
    )  # fmt: skip
    directory = read_directory(listed, what="keys")
    assert directory.renewals == (content,)
    assert directory.follow(new.public.id) == ()
    steps = directory.follow(old.public.id)
    assert steps is not None
    assert steps[0].new == new.public
    assert directory.follow(keys[3].public.id) is None
