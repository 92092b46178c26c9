"""Case bundles whose decision was signed with a former key of the office, and bends of the renewals between."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from hakari.assessment.archive import unpack_archive
from hakari.assessment.decision import Decision, seal_decision
from hakari.evidence import DirectoryEntry, PublicKey, canonical_bytes, parse_json, write_directory
from hakari.evidence.renewal import KeyRenewal, seal_renewal
from tests.contract.bending import payload_of, with_payload
from tests.contract.decided_case import LEDGER, SEQUENCE, decided, decision_about, signed_again
from tests.contract.good_cases import ATTACKER, NOW, OFFICE, key_of

SECOND, THIRD = 21, 22
"""The keys of the office after `OFFICE`."""
CHAIN = (OFFICE, SECOND, THIRD)
AT = ("2026-11-25T09:00:00.500000+00:00", "2027-02-01T09:00:00+00:00")
"""When the first key ended, and when the second did; the decision is of the day before."""

Files = dict[str, bytes]


def member_of(sequence: int) -> str:
    """Return where the renewal with this number lies in a bundle."""
    return f"ledger/renewals/{sequence:012d}.json"


FIRST, NEXT = member_of(SEQUENCE + 10), member_of(SEQUENCE + 20)


def step(
    old: int,
    new: int,
    sequence: int,
    at: str,
    *,
    signers: Sequence[int] | None = None,
    lost_since: str | None = None,
    ledger: str = LEDGER,
) -> Files:
    """Return a renewal by its name in the bundle, signed by both keys unless other signers are named."""
    made = KeyRenewal(
        role="office",
        old=key_of(old).public,
        new=key_of(new).public,
        at=at,
        lost_since=lost_since,
        ledger=ledger,
        sequence=sequence,
        digest="6" * 64,
    )
    keys = [key_of(number) for number in (signers or (old, new))]
    return {member_of(sequence): seal_renewal(made, keys)}


def steps(count: int) -> Files:
    """Return the office's first renewals."""
    found: Files = {}
    for number in range(count):
        found |= step(CHAIN[number], CHAIN[number + 1], SEQUENCE + 10 * (number + 1), AT[number])
    return found


def under(content: bytes, renewals: Mapping[str, bytes], key: int, decision: Decision | None = None) -> bytes:
    """Return a decided bundle with these renewals, sealed by `key`; the decision is the first key's."""
    made = decided(content, decision, envelope=seal_decision(decision or decision_about(content), key_of(OFFICE)))
    return with_renewals(unpack_archive(made)[0], renewals, key)


def with_renewals(files: Mapping[str, bytes], renewals: Mapping[str, bytes], key: int) -> bytes:
    """Return the files with these renewals in place of those that they have, under a fresh manifest by `key`."""
    kept = {name: data for name, data in files.items() if not name.startswith("ledger/renewals/")}
    listed = {PublicKey(item).hex for item in parse_json(kept["keys.json"], what="keys")["keys"]}
    listed.add(key_of(key).public.hex)
    kept["keys.json"] = canonical_bytes({"keys": sorted(listed), "schema": 1})
    return signed_again({**kept, **renewals}, key)


def renewed(content: bytes, count: int = 1) -> bytes:
    """Return a bundle whose decision the office made `count` keys ago."""
    return under(content, steps(count), CHAIN[count])


def directory_without_the_former_key(content: bytes) -> bytes:
    """Return a key directory of every key in a bundle but the one that signed its decision."""
    start = "2026-01-01T00:00:00+00:00"
    former = key_of(OFFICE).public
    entries = [
        DirectoryEntry(key=PublicKey(item), name="Someone", valid_from=start)
        for item in parse_json(unpack_archive(content)[0]["keys.json"], what="keys")["keys"]
        if item != former.hex
    ]
    return write_directory(entries, issued_at=NOW, key=key_of(SECOND))


def _changed(renewals: Files, member: str) -> Files:
    """Change a field of a renewal under its old signatures."""
    statement = payload_of(renewals[member])
    statement["predicate"]["at"] = "2026-12-25T09:00:00+00:00"
    return {**renewals, member: with_payload(renewals[member], statement)}


def _swapped(content: bytes) -> bytes:
    """Let each renewal stand at the number of the other."""
    one, two = SEQUENCE + 20, SEQUENCE + 10
    return under(content, step(OFFICE, SECOND, one, AT[0]) | step(SECOND, THIRD, two, AT[1]), THIRD)


def _dated(content: bytes, at: str) -> bytes:
    return under(content, steps(1), SECOND, decision_about(content, decided_at=at))


def _site(content: bytes) -> bytes:
    made = KeyRenewal(
        role="site",
        old=key_of(OFFICE).public,
        new=key_of(SECOND).public,
        at=AT[0],
        ledger=LEDGER,
        sequence=SEQUENCE + 10,
        digest="6" * 64,
    )
    return under(content, {FIRST: seal_renewal(made, [key_of(OFFICE), key_of(SECOND)])}, SECOND)


def _without_decision(content: bytes) -> bytes:
    return signed_again({**unpack_archive(content)[0], **steps(1)}, SECOND)


RENEWAL_BENDS: Mapping[str, tuple[Callable[[bytes], bytes], str]] = {
    "forged by the new key alone": (
        lambda content: under(content, step(OFFICE, ATTACKER, 422, AT[0], signers=[ATTACKER]), ATTACKER), FIRST,
    ),
    "signed twice by the new key": (
        lambda content: under(content, step(OFFICE, ATTACKER, 422, AT[0], signers=[ATTACKER, SECOND]), ATTACKER), FIRST,
    ),
    "signed by a third key too": (
        lambda content: under(content, step(OFFICE, SECOND, 422, AT[0], signers=[OFFICE, SECOND, THIRD]), SECOND),
        FIRST,
    ),
    "after a loss": (
        lambda content: under(
            content, step(OFFICE, SECOND, 422, AT[0], signers=[SECOND], lost_since="2026-11-25T00:00:00Z"), SECOND
        ), FIRST,
    ),
    "bent": (lambda content: under(content, _changed(steps(1), FIRST), SECOND), FIRST),
    "the second bent": (lambda content: under(content, _changed(steps(2), NEXT), THIRD), NEXT),
    "no JSON": (lambda content: under(content, {FIRST: b"{"}, SECOND), FIRST),
    "no envelope": (lambda content: under(content, {FIRST: b"[]"}, SECOND), FIRST),
    "under the name of another number": (
        lambda content: under(content, {member_of(SEQUENCE + 11): steps(1)[FIRST]}, SECOND), member_of(SEQUENCE + 11),
    ),
    "of the site": (_site, FIRST),
    "none": (lambda content: under(content, {}, SECOND), "decision.json"),
    "the first missing": (lambda content: under(content, {NEXT: steps(2)[NEXT]}, THIRD), NEXT),
    "the last missing": (lambda content: under(content, steps(1), THIRD), "decision.json"),
    "swapped numbers": (_swapped, member_of(SEQUENCE + 10)),
    "times that fall": (
        lambda content: under(
            content, step(OFFICE, SECOND, 422, AT[1]) | step(SECOND, THIRD, 432, AT[0]), THIRD
        ), NEXT,
    ),
    "of other keys": (lambda content: under(content, step(ATTACKER, SECOND, 422, AT[0]), SECOND), FIRST),
    "to another key": (lambda content: under(content, step(OFFICE, ATTACKER, 422, AT[0]), SECOND), "decision.json"),
    "in a circle": (
        lambda content: under(
            content, step(OFFICE, SECOND, 422, AT[0]) | step(SECOND, OFFICE, 432, AT[1])
            | step(OFFICE, THIRD, 442, AT[1]), THIRD,
        ), NEXT,
    ),
    "one too many": (lambda content: under(content, steps(2), SECOND), NEXT),
    "without need": (lambda content: under(content, steps(1), OFFICE), FIRST),
    "of another ledger": (
        lambda content: under(content, step(OFFICE, SECOND, 422, AT[0], ledger="1" * 64), SECOND), FIRST,
    ),
    "the second of another ledger": (
        lambda content: under(
            content, steps(1) | step(SECOND, THIRD, 432, AT[1], ledger="1" * 64), THIRD
        ), NEXT,
    ),
    "decided after the end": (lambda content: _dated(content, "2026-11-25T09:00:00.500001+00:00"), "decision.json"),
    "decided without a zone": (lambda content: _dated(content, "2026-11-24T05:00:00"), "decision.json"),
    "decided at no time": (lambda content: _dated(content, "yesterday"), "decision.json"),
    "behind the renewal": (
        lambda content: under(content, step(OFFICE, SECOND, SEQUENCE, AT[0]), SECOND), "ledger/event.json",
    ),
    "without a decision": (_without_decision, FIRST),
}  # fmt: skip
"""What is wrong → a bundle made so from one without a decision, and the file that must be named."""
