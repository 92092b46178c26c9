"""A decision signed with a former key of the office: it stands if renewals signed by both keys lead to the new one."""

from __future__ import annotations

from random import Random

import pytest

from hakari.assessment.archive import pack_archive, unpack_archive
from hakari.assessment.bundle import read_bundle
from hakari.errors import HakariError
from hakari.evidence import DirectoryEntry, read_directory, write_directory
from hakari.evidence.renewal import followed
from hakari.workflows.verify import verify_bytes
from tests.contract import _stranger as stranger
from tests.contract._stranger_decision import Decided, decision_in
from tests.contract.bending import Sample
from tests.contract.decided_case import NUMBER, SEQUENCE, decided, decision_about, golden_decided
from tests.contract.good_cases import NOW, OFFICE, case, key_of
from tests.contract.renewed_case import (
    AT,
    CHAIN,
    FIRST,
    NEXT,
    RENEWAL_BENDS,
    SECOND,
    directory_without_the_former_key,
    renewed,
    steps,
    under,
    with_renewals,
)
from tests.contract.second_opinion import of_hakari, of_the_file

pytestmark = pytest.mark.usefixtures("quick_engine")

EDITS = 60
REFUSED = (AssertionError, LookupError, ValueError, TypeError, HakariError)


@pytest.fixture(scope="module")
def content() -> bytes:
    return case("page 3").content


def stands(content: bytes) -> bool:
    """Require that `hakari verify` and the single file say the same, and return whether the decision stands."""
    sample = Sample("renewed", content, None, "any")
    ours, mine = of_hakari(sample), of_the_file(sample)
    assert ours.compared == mine.compared, f"{ours.told}\n--- the file\n{mine.told}"
    told = [line for line in ours.told.splitlines() if "renewal" in line or "decision.json is not" in line]
    assert told == [line for line in mine.told.splitlines() if "renewal" in line or "decision.json is not" in line]
    return not ours.caught


def stranger_refuses(content: bytes) -> bool:
    try:
        return decision_in(stranger.open_bundle(content)) is None
    except REFUSED:
        return True


# ---------------------------------------------------------------- in order


@pytest.mark.parametrize("count", [1, 2])
def test_renewals_signed_by_both_keys_lead_to_the_key_of_the_bundle(content: bytes, count: int) -> None:
    made = renewed(content, count)
    assert stands(made)
    bundle = read_bundle(made)
    assert (bundle.decided_by, bundle.signed_by) == (key_of(OFFICE).public.id, (key_of(CHAIN[count]).public.id,))
    found = verify_bytes(made)
    assert found.ok
    assert found.decision is not None
    assert found.decision.intact
    assert decision_in(stranger.open_bundle(made)) == Decided(NUMBER, "approve_with_conditions", "2027-11-23", SEQUENCE)


@pytest.mark.parametrize("count", [1, 2])
def test_they_are_the_renewals_that_a_reader_of_the_directory_follows(count: int) -> None:
    path = followed(key_of(OFFICE).public.id, key_of(CHAIN[count]).public.id, steps(count).values())
    assert path is not None
    assert [item.at for item in path] == list(AT[:count])


def test_a_decision_of_the_very_moment_of_the_renewal_still_counts(content: bytes) -> None:
    assert stands(under(content, steps(1), SECOND, decision_about(content, decided_at="2026-11-25T18:00:00.5+09:00")))


def test_without_a_ledger_the_times_alone_are_compared(content: bytes) -> None:
    files = unpack_archive(decided(content, sealed=False))[0]
    made = with_renewals(files, steps(1), SECOND)
    assert stands(made)
    assert not stranger_refuses(made)


def test_a_bundle_by_the_key_that_decided_holds_no_renewals() -> None:
    assert not [name for name in unpack_archive(golden_decided())[0] if "renewal" in name]


def test_the_directory_judges_each_key_at_its_own_time(content: bytes) -> None:
    """The old key ended before the bundle was sealed: only what it signed until then counts, and that is all of it."""
    made = renewed(content)
    others = [key for key in read_bundle(made).keys.values() if key.id not in {key_of(n).public.id for n in CHAIN}]
    start = "2026-01-01T00:00:00+00:00"
    for until, status in ((AT[0], "yes"), ("2026-11-24T04:00:00+00:00", "no")):
        entries = [DirectoryEntry(key=key, name="Someone", valid_from=start) for key in others]
        entries.append(DirectoryEntry(key=key_of(OFFICE).public, name="Office", valid_from=start, valid_until=until))
        entries.append(DirectoryEntry(key=key_of(SECOND).public, name="Office", valid_from=start))
        listed = write_directory(entries, issued_at=NOW, key=key_of(SECOND))
        ours = of_hakari(Sample("renewed", made, listed, "any"))
        assert ours.compared == of_the_file(Sample("renewed", made, listed, "any")).compared
        assert read_directory(listed, what="keys").signed_by == key_of(SECOND).public.id
        assert ours.genuine == status, ours.told


@pytest.mark.parametrize(("sealed", "status"), [(True, "partly"), (False, "yes")])
def test_a_directory_need_not_list_the_former_key_of_the_decision(content: bytes, sealed: bool, status: str) -> None:
    """The renewals lead to a key that it lists; of a checkpoint by the former key it knows nothing."""
    made = with_renewals(unpack_archive(decided(content, sealed=sealed))[0], steps(1), SECOND)
    sample = Sample("renewed", made, directory_without_the_former_key(made), "any")
    ours = of_hakari(sample)
    assert ours.compared == of_the_file(sample).compared
    assert (ours.genuine, ours.caught) == (status, False), ours.told


# ---------------------------------------------------------------- not in order


@pytest.mark.parametrize("name", RENEWAL_BENDS)
def test_a_renewal_that_does_not_lead_there_is_named(content: bytes, name: str) -> None:
    make, member = RENEWAL_BENDS[name]
    bent = make(content)
    assert not stands(bent)
    found = verify_bytes(bent)
    assert [problem.member for problem in found.levels[0].problems] == [member]
    assert found.levels[1].status == "yes", "the case itself is in order"
    assert found.decision is None or not found.decision.intact
    assert stranger_refuses(bent)


def test_after_a_loss_it_says_that_the_new_key_vouches_for_itself(content: bytes) -> None:
    (problem,) = verify_bytes(RENEWAL_BENDS["after a loss"][0](content)).levels[0].problems
    assert problem.problem.key == "assessment.ledger.renewal_lost"


def test_the_wrong_key_without_any_renewal_is_told_as_before(content: bytes) -> None:
    (problem,) = verify_bytes(RENEWAL_BENDS["none"][0](content)).levels[0].problems
    assert problem.problem.key == "assessment.bundle.decision_key"


@pytest.mark.parametrize("part", range(3))
def test_each_random_edit_of_a_renewal_is_named_by_all(content: bytes, part: int) -> None:
    """Whoever holds the new key seals the bundle again around an edited renewal."""
    made = renewed(content, 2)
    files = unpack_archive(made)[0]
    for number in range(part, EDITS, 3):
        rng = Random(f"renewal {number}")
        member = rng.choice((FIRST, NEXT))
        old = files[member]
        place = rng.randrange(len(old))
        new = old[:place] + bytes([old[place] ^ (1 << rng.randrange(7))]) + old[place + 1 :]
        bent = with_renewals(files, {FIRST: files[FIRST], NEXT: files[NEXT], member: new}, CHAIN[2])
        assert not stands(bent), number
        assert {problem.member for problem in verify_bytes(bent).levels[0].problems} == {member}, number
        assert stranger_refuses(bent), number


def test_a_renewal_that_was_taken_out_of_the_file_is_missed(content: bytes) -> None:
    files = unpack_archive(renewed(content))[0]
    bent = pack_archive({name: data for name, data in files.items() if name != FIRST})
    assert not stands(bent)
    assert FIRST in {problem.member for problem in verify_bytes(bent).levels[0].problems}
