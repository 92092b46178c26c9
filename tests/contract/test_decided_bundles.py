"""A bundle with an office's decision: in order it is genuine in full, and every change names the decision."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from random import Random
from typing import Any

import pytest

from hakari.assessment.archive import pack_archive, unpack_archive
from hakari.assessment.bundle import read_bundle, seal_evidence, write_bundle
from hakari.assessment.decision import Decision, digest_of_decision
from hakari.assessment.engine import assess
from hakari.errors import BundleError
from hakari.evidence import DirectoryEntry, canonical_bytes, read_directory, write_directory
from hakari.messages import Message
from hakari.workflows.verification import Level, Verification
from hakari.workflows.verify import verify_bytes
from tests.contract import _stranger as stranger
from tests.contract._stranger_decision import Decided, decision_in
from tests.contract.bending import Work, payload_of, with_payload
from tests.contract.decided_case import (
    ADDED,
    DECISION_BENDS,
    LEDGER,
    NUMBER,
    SEQUENCE,
    checkpoint_of,
    decided,
    decided_sample,
    decision_about,
    event_of,
    golden_decided,
    signed_again,
)
from tests.contract.golden_case import GOLDEN, golden_case
from tests.contract.good_cases import ENGINEER, NOW, OFFICE, case, key_of
from tests.contract.second_opinion import of_hakari, of_the_file
from tests.unit.assessment._small import PACK, REQUIREMENTS, answer, counts, given, planned_check, small_plan

pytestmark = pytest.mark.usefixtures("quick_engine")

RESTS = "workflows.verify.rests_decision"
EDITS, PARTS = 200, 4
SAMPLES = 3 * len(DECISION_BENDS)


@pytest.fixture(scope="module")
def content() -> bytes:
    return golden_decided()


@pytest.fixture
def files(content: bytes) -> dict[str, bytes]:
    return unpack_archive(content)[0]


def level(found: Verification, name: str) -> Level:
    return next(item for item in found.levels if item.name == name)


def names_the_decision(rests: tuple[Message, ...]) -> bool:
    return any(rest.key == RESTS and rest.arguments["number"] == NUMBER for rest in rests)


def require_named(content: bytes, what: str) -> Verification | None:
    """Require that a bent bundle is refused or not genuine, and that each fault names the decision."""
    try:
        found = verify_bytes(content)
    except BundleError:
        return None  # nothing in it is believed, so nothing is named
    genuine = level(found, "genuine")
    assert genuine.status == "no", what
    for problem in genuine.problems:
        assert names_the_decision(problem.rests) != problem.member.startswith("report/"), (what, problem)
    return found


# ---------------------------------------------------------------- in order


def test_it_is_genuine_in_full_and_recomputed(content: bytes) -> None:
    found = verify_bytes(content, today=date(2026, 11, 30))
    assert [item.status for item in found.levels] == ["yes", "yes", "not_done"]
    carried = found.decision
    assert carried is not None
    assert (carried.number, carried.outcome, carried.intact, carried.run_out) == (
        NUMBER, "approve_with_conditions", True, False,
    )  # fmt: skip
    assert carried.seal is not None
    assert (carried.seal.sequence, carried.seal.ledger) == (SEQUENCE, LEDGER)
    assert carried.seal.key == key_of(OFFICE).public.id
    assert [line.key.rpartition(".")[2] for line in carried.told] == [
        "decision", "decision_conditions", "decision_sealed",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("today", "past"), [("2027-11-23", False), ("2027-11-24", True), ("2026-01-01", False), (None, None)]
)
def test_its_last_day_is_compared_with_the_day_that_is_given(content: bytes, today: str | None, past: Any) -> None:
    found = verify_bytes(content, today=None if today is None else date.fromisoformat(today))
    assert found.decision is not None
    assert found.decision.run_out is past
    said = {line.key for line in found.decision.told}
    assert ("workflows.verify.decision_past" in said) == bool(past)
    assert found.ok, "that time went by changes no file"


def test_without_the_ledger_it_says_that_its_place_is_not_shown() -> None:
    found = verify_bytes(decided(golden_case(), sealed=False))
    assert found.ok
    assert found.decision is not None
    assert found.decision.seal is None
    assert found.decision.told[-1].key == "workflows.verify.decision_unsealed"


def test_a_bundle_without_a_decision_says_nothing_of_one() -> None:
    for old in (GOLDEN.read_bytes(), golden_case()):
        found = verify_bytes(old)
        assert found.ok
        assert found.decision is None
        assert decision_in(stranger.open_bundle(old)) is None


def test_equal_input_gives_equal_bytes() -> None:
    assert golden_decided() == golden_decided()


def test_a_reader_that_knows_no_decisions_would_see_three_more_listed_files(files: dict[str, bytes]) -> None:
    """So the schema version of bundles stays 1: members and fields were added, and none means anything else."""
    predicate = payload_of(files["manifest.json"])["predicate"]
    assert predicate["schema"] == 1
    assert set(ADDED) <= predicate["files"].keys()
    before = payload_of(unpack_archive(golden_case())[0]["manifest.json"])["predicate"]
    assert predicate.keys() - before.keys() == {"decision"}


def test_the_directory_puts_a_name_to_who_decided_and_judges_the_key_then(content: bytes) -> None:
    engineer = key_of(ENGINEER)
    start = "2026-01-01T00:00:00+00:00"
    golden = read_bundle(content).signers.values()

    def checked(**office: Any) -> Level:
        entries = [
            DirectoryEntry(key=item, name="Daniel", valid_from=start)
            for item in read_bundle(content).keys.values()
            if item.id in golden
        ]
        entries.append(DirectoryEntry(key=key_of(OFFICE).public, name="Office", valid_from=start, **office))
        entries.append(DirectoryEntry(key=engineer.public, name="Third", valid_from=start))
        listed = write_directory(entries, issued_at=NOW, key=engineer)
        return level(verify_bytes(content, directory=read_directory(listed, what="keys")), "genuine")

    assert checked().status == "yes"
    late = checked(revoked="2026-11-24T05:00:00+00:00")
    assert {problem.member for problem in late.problems} == {"manifest.json", "decision.json", "ledger/checkpoint.json"}
    assert all(names_the_decision(problem.rests) for problem in late.problems)


# ---------------------------------------------------------------- edits


def fields(value: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """Yield the path of each value inside a JSON document that holds no others."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else None
    if inner is None:
        yield path
        return
    for key, item in inner:
        yield from fields(item, (*path, key))


def with_other_field(rng: Random, document: Any) -> None:
    *path, last = rng.choice(list(fields(document)))
    target = document
    for key in path:
        target = target[key]
    value = target[last]
    if isinstance(value, bool) or value is None:
        target[last] = not value
    elif isinstance(value, (int, float)):
        target[last] = value + rng.choice((1, -1, 7))
    else:
        target[last] = value + "0" if rng.random() < 0.5 or not value else value[:-1]


def edited(rng: Random, files: dict[str, bytes]) -> tuple[str, bytes]:
    """Return what was edited, and the bundle: a byte anywhere, or a field inside a document or an envelope."""
    name = rng.choice(sorted(files))
    old = files[name]
    if rng.random() < 0.5 or not name.endswith(".json"):
        place = rng.randrange(len(old))
        new = old[:place] + bytes([old[place] ^ (1 << rng.randrange(8))]) + old[place + 1 :]
        return f"{name} byte {place}", pack_archive({**files, name: new})
    document = json.loads(old)
    if "payload" in document and rng.random() < 0.8:
        statement = payload_of(old)
        with_other_field(rng, statement)
        return f"{name} statement", pack_archive({**files, name: with_payload(old, statement)})
    if name == "ledger/event.json" and rng.random() < 0.5:
        body = json.loads(document["body"])
        with_other_field(rng, body)
        document["body"] = canonical_bytes(body).decode()
    else:
        with_other_field(rng, document)
    return f"{name} field", pack_archive({**files, name: canonical_bytes(document)})


@pytest.mark.parametrize("part", range(PARTS))
def test_two_hundred_random_edits_are_each_found_and_name_the_decision(files: dict[str, bytes], part: int) -> None:
    for number in range(part, EDITS, PARTS):
        what, bent = edited(Random(f"edits {number}"), files)
        assert require_named(bent, f"{number} {what}") is not None


def test_each_member_of_the_bundle_is_edited_and_removed_at_least_once(files: dict[str, bytes]) -> None:
    touched = {edited(Random(f"edits {number}"), files)[0].split(" ")[0] for number in range(EDITS)}
    assert touched == set(files)
    for name in files:
        require_named(pack_archive({other: data for other, data in files.items() if other != name}), name)


def test_a_report_may_change_without_the_decision(files: dict[str, bytes]) -> None:
    content = decided(case("page 3").content)
    bent = {**unpack_archive(content)[0], "report/report.en.html": b"<!doctype html>other"}
    found = verify_bytes(pack_archive(bent))
    assert level(found, "genuine").status == "no"
    assert found.decision is not None
    assert found.decision.intact


# ---------------------------------------------------------------- with a key at hand


@pytest.mark.parametrize("name", DECISION_BENDS)
def test_whoever_has_a_key_cannot_bend_the_decision_either(content: bytes, name: str) -> None:
    work = Work(Random(name), "golden", content, unpack_archive(content)[0])
    bent = DECISION_BENDS[name](work)
    assert bent is not None
    found = require_named(bent, name)
    assert found is not None
    assert found.decision is None or not found.decision.intact
    with pytest.raises((AssertionError, KeyError, ValueError, TypeError)):
        assert stranger_says(bent) is not None


def test_a_decision_moved_to_the_bundle_of_another_case_is_refused_there(files: dict[str, bytes]) -> None:
    other = unpack_archive(decided(case("page 3").content))[0]
    moved = signed_again({**other, **{name: files[name] for name in ADDED}})
    found = require_named(moved, "moved")
    assert found is not None
    keys = {problem.problem.key for problem in level(found, "genuine").problems}
    assert {f"assessment.decision.{name}" for name in ("assessment", "plan", "evidence", "packs")} <= keys
    assert level(found, "recomputed").status == "yes", "the other case itself is in order"


@pytest.mark.parametrize(
    ("digest", "sequence", "problem"),
    [("1" * 64, SEQUENCE, "other_event"), (None, SEQUENCE + 1, "other_event"), (None, SEQUENCE, "")],
)
def test_a_checkpoint_of_another_ledger_or_number_seals_nothing(
    digest: str | None, sequence: int, problem: str
) -> None:
    made = decision_about(golden_case())
    event, chained = event_of(digest_of_decision(made))
    found = verify_bytes(
        decided(golden_case(), made, ledger=(event, checkpoint_of(digest or chained, sequence=sequence)))
    )
    problems = [(item.member, item.problem.key) for item in level(found, "genuine").problems]
    assert problems == ([("ledger/checkpoint.json", f"assessment.ledger.{problem}")] if problem else [])
    assert found.decision is not None
    assert (found.decision.seal is None) == bool(problem)


def test_a_checkpoint_by_a_key_that_the_bundle_does_not_list_is_refused() -> None:
    made = decision_about(golden_case())
    event, chained = event_of(digest_of_decision(made))
    foreign = checkpoint_of(chained, key=key_of(77))
    found = verify_bytes(decided(golden_case(), made, ledger=(event, foreign)))
    assert [item.problem.key for item in level(found, "genuine").problems] == ["evidence.envelope.bad_signature"]


def test_the_checkpoint_may_be_signed_by_another_key_of_the_office() -> None:
    made = decision_about(golden_case())
    event, chained = event_of(digest_of_decision(made))
    content = decided(golden_case(), made, ledger=(event, checkpoint_of(chained, key=key_of(ENGINEER))), key=OFFICE)
    files = unpack_archive(content)[0]
    listed = {*json.loads(files["keys.json"])["keys"], key_of(ENGINEER).public.hex}
    found = verify_bytes(signed_again({**files, "keys.json": canonical_bytes({"keys": sorted(listed), "schema": 1})}))
    assert found.ok
    assert found.decision is not None
    assert found.decision.seal is not None
    assert found.decision.seal.key == key_of(ENGINEER).public.id


# ---------------------------------------------------------------- what cannot be recomputed


def test_a_verdict_whose_counts_are_left_out_is_named_and_the_decision_stands() -> None:
    """A check of the basis *count* on a measure whose cells are not derived: its figure is only read, and named."""
    plan = small_plan(planned_check(basis="count", table="", metric="exact", aggregation="overall", columns=()))
    record = counts(plan, {"a": (50, 100), "b": (40, 100)}, tables=())
    sealed = dict(seal_evidence(item, key_of(ENGINEER)) for item in (record, answer("sure", "no")))
    made = given(plan, record, answer("sure", "no"), signers=dict.fromkeys(sealed, key_of(ENGINEER).public.id))
    undecided = write_bundle(
        assessment=assess(made),
        plan=plan,
        pack_files={"small@1.0.0": {"pack.yaml": PACK, "requirements/fair.yaml": REQUIREMENTS}},
        evidence=sealed,
        keys=[key_of(ENGINEER).public],
        key=key_of(ENGINEER),
        created_at=NOW,
    )
    found = verify_bytes(decided(undecided))
    assert level(found, "genuine").status == "yes"
    assert [(item.check, item.metric) for item in found.verdicts.read] == [("gaps/gap[g]", "exact")]
    assert found.verdicts.derived == 0
    assert found.decision is not None
    assert found.decision.intact


# ---------------------------------------------------------------- other verifiers


def stranger_says(content: bytes) -> Decided | None:
    return decision_in(stranger.open_bundle(content))


def test_a_stranger_finds_the_same_decision(content: bytes) -> None:
    assert stranger_says(content) == Decided(NUMBER, "approve_with_conditions", "2027-11-23", SEQUENCE)
    bundle = stranger.open_bundle(content)
    verdicts = stranger.verdicts(bundle)
    assert {item.status for item in verdicts.values()} == {"inconclusive"}


@pytest.mark.parametrize("part", range(PARTS))
def test_house_single_file_and_stranger_say_the_same(part: int) -> None:
    """In order, bent as any bundle may be, and each bend of a decision or its place in the ledger once."""
    for number in range(part, SAMPLES, PARTS):
        sample = decided_sample(number, seed=3)
        ours, mine = of_hakari(sample), of_the_file(sample)
        assert ours.compared == mine.compared, f"{sample.name}\n{ours.told}\n--- the file\n{mine.told}"
        if sample.expected != "any":
            assert ours.caught == (sample.expected == "caught"), f"{sample.name}\n{ours.told}"
            stands = sample.expected == "in order"
            try:
                found = stranger_says(sample.content)
            except (AssertionError, LookupError, ValueError, TypeError):
                assert not stands, sample.name
            else:
                assert (found is not None) == stands, sample.name


def test_the_record_is_read_as_it_was_written(content: bytes) -> None:
    bundle = read_bundle(content)
    assert isinstance(bundle.decision, Decision)
    assert bundle.decision == decision_about(golden_case())
    assert (bundle.decided_by, bundle.faults) == (key_of(OFFICE).public.id, ())
