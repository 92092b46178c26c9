"""What the office hands out of a decided use verifies far from the office, and no change of it goes unnoticed."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

import pytest
from django.utils import timezone

from hakari.assessment.archive import unpack_archive
from hakari.assessment.bundle import read_bundle, seal_evidence, write_bundle
from hakari.assessment.engine import EngineInput, assess
from hakari.assessment.model import digest_of_plan
from hakari.errors import OfficeError
from hakari.evidence import digest_bytes, read_directory
from hakari.office.committee.actions.docket import put_on_docket, write_passage
from hakari.office.committee.actions.exporting import export_decision
from hakari.office.committee.actions.rules import NEEDED
from hakari.office.committee.exporting import bundle_of, event_of
from hakari.office.committee.models import Decision
from hakari.office.core.ledger.checkpoints import checkpoint_folder
from hakari.office.core.models import Event
from hakari.office.keys.directory import directory_bytes
from hakari.office.lifecycle.actions.delivering import deliver
from hakari.office.lifecycle.actions.opening import open_assessment, state_facts
from hakari.office.lifecycle.actions.reviewing import accept_bound
from hakari.office.lifecycle.models import File, StageAssessment
from hakari.workflows.verification import Level, Verification
from hakari.workflows.verify import verify_bytes
from tests.contract.bending import Sample
from tests.contract.conftest import Demo
from tests.contract.second_opinion import of_hakari, of_the_file
from tests.contract.test_decided_bundles import edited
from tests.pages.committee.conftest import decide_by, make_item, seat
from tests.pages.conftest import Company, emptied, make_company
from tests.pages.lifecycle.conftest import complete, make_assessment, make_case, send
from tests.pages.lifecycle.trial import (
    DOUBTFUL,
    FAIR,
    GAPS,
    REFERENCE,
    key,
    trial_bundle,
    trial_files,
    trial_pack,
    trial_plan,
)
from tests.unit.assessment._small import counts, planned_check

__all__ = ["emptied"]  # a fixture: tests with real transactions are cleaned up by it

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("quick_engine")]

EDITS = 200
Decide = Callable[..., Decision]


@pytest.fixture
def company(db: None, settings: Any, tmp_path: Path) -> Company:
    """Return the company of an office with a folder of its own, whose checkpoints are those of this ledger alone."""
    place = tmp_path / "office"
    place.mkdir()
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, folder=place, key=place / "keys" / "office.pem")
    return make_company()


@pytest.fixture
def decide(company: Company) -> Decide:
    """Return a function that brings a case before the committee and lets it decide."""

    def make(groups: Any = FAIR, choice: str = "approve", **options: Any) -> Decision:
        decide_by(make_item(company, groups, **options), company, choice)
        return Decision.objects.get()

    return make


def level(found: Verification, name: str) -> Level:
    return next(item for item in found.levels if item.name == name)


def names(found: Verification, decision: Decision) -> None:
    """Require that every fault names the decision that rests on the changed file, unless that is a report."""
    problems = level(found, "genuine").problems
    assert problems
    for problem in problems:
        named = any(rest.arguments.get("number") == decision.number for rest in problem.rests)
        assert named != problem.member.startswith("report/"), problem


def test_a_decided_case_is_genuine_in_full_and_recomputed_to_the_last_verdict(decide: Decide) -> None:
    decision = decide(DOUBTFUL, "approve_with_conditions", proposal="approve_with_conditions")
    found = verify_bytes(bundle_of(decision))
    assert [item.status for item in found.levels] == ["yes", "yes", "not_done"], found
    assert (found.verdicts.all, found.verdicts.derived, found.verdicts.read) == (1, 1, ())
    carried = found.decision
    assert carried is not None
    assert (carried.number, carried.outcome, carried.conditions, carried.intact) == (
        decision.number, "approve_with_conditions", 1, True,
    )  # fmt: skip
    assert carried.digest == decision.statement
    assert carried.seal is not None
    assert carried.seal.sequence == event_of(decision).sequence


def test_the_frozen_bytes_themselves_are_handed_out(decide: Decide) -> None:
    decision = decide()
    files = unpack_archive(bundle_of(decision))[0]
    assert digest_bytes(files["assessment.json"]) == decision.round.document
    assert digest_bytes(files["plan.json"]) == decision.round.plan
    assert digest_bytes(files["decision.json"]) == decision.signed
    stored = {f"evidence/{name}.json" for name in decision.round.evidence}
    assert {name for name in files if name.startswith("evidence/")} == stored
    assert {"report/report.en.html", "report/report.ja.html"} <= files.keys()


def test_what_happened_after_the_round_is_not_in_it(decide: Decide, company: Company) -> None:
    decision = decide()
    before = unpack_archive(bundle_of(decision))[0]
    deliver(decision.assessment, trial_bundle({"a": (500, 1000), "b": (480, 1000)}), by=company.engineer)
    after = unpack_archive(bundle_of(decision))[0]
    changed = {name for name in before if before[name] != after.get(name)}
    # The day of the manifest and of the pages about it.
    assert changed <= {"manifest.json", "report/report.en.html", "report/report.ja.html"}


def lay_before(company: Company, found: StageAssessment) -> Decision:
    """Submit an assessment, put it on the docket and let everybody approve."""
    item = put_on_docket(send(found, company), "approve", timezone.localdate(), by=company.reviewer)
    for heading in NEEDED:
        write_passage(item, heading, "Words.", "en", seen=0, by=company.reviewer)
    decide_by(item, company, "approve")
    return Decision.objects.get()


def test_an_acceptance_in_force_travels_with_it(company: Company) -> None:
    seat(company)
    found = complete(make_assessment(company), company, DOUBTFUL)
    today = timezone.localdate()
    accept_bound(found, GAPS, reason="Few rows.", condition="Again monthly.", until=today, by=company.head)
    content = bundle_of(lay_before(company, found))
    assert [item.requirement for item in read_bundle(content).exceptions] == [GAPS]
    result = verify_bytes(content)
    assert result.ok
    assert result.assessment is not None
    assert {finding.status for finding in result.assessment.findings if finding.requirement == GAPS} == {"excepted"}


def without_counts() -> bytes:
    """Return a delivery whose one verdict rests on a figure: the counts behind it were left out."""
    check = planned_check(
        requirement=GAPS, basis="count", table="", metric="exact", aggregation="overall", columns=()
    )  # fmt: skip
    plan = replace(trial_plan(), checks=(check,))
    now = timezone.now().isoformat(timespec="seconds")
    record = counts(plan, FAIR, subjects=plan.subjects, collected_at=now, effective_at=now, tables=())
    identifier, envelope = seal_evidence(record, key())
    given = EngineInput(
        title="Trial", plan=plan, plan_digest=digest_of_plan(plan), packs=(trial_pack(),),
        evidence={identifier: record}, signers={identifier: key().public.id}, today=timezone.localdate(),
    )  # fmt: skip
    return write_bundle(
        assessment=assess(given), plan=plan, pack_files={REFERENCE: trial_files()}, evidence={identifier: envelope},
        keys=[key().public], key=key(), created_at=now,
    )  # fmt: skip


def test_a_verdict_that_cannot_be_derived_again_is_named(company: Company) -> None:
    seat(company)
    found = complete(make_assessment(company), company)
    deliver(found, without_counts(), by=company.engineer)
    result = verify_bytes(bundle_of(lay_before(company, found)))
    assert [item.status for item in result.levels] == ["yes", "yes", "not_done"]
    assert [(item.check, item.metric) for item in result.verdicts.read] == [("gaps/gap[g]", "exact")]
    assert (result.verdicts.all, result.verdicts.derived) == (1, 0)


def test_a_case_that_nobody_measured_is_handed_out_with_its_checks_missing(company: Company) -> None:
    seat(company)
    content = bundle_of(lay_before(company, make_assessment(company)))
    sample = Sample("unmeasured", content, None, "in order")
    ours, theirs = of_hakari(sample), of_the_file(sample)
    assert (ours.genuine, ours.recomputed) == ("yes", "yes"), ours.told
    assert ours.compared == theirs.compared, f"{ours.told}\n---\n{theirs.told}"


def test_a_real_case_is_genuine_recomputed_and_run_again_where_its_data_lie(company: Company, demo: Demo) -> None:
    seat(company)
    plan = read_bundle(demo.content).plan
    assert plan is not None
    case = make_case(company)
    found = open_assessment(case, plan.stage, [f"{p.name}@{p.version}" for p in plan.packs], by=company.owner)
    found = state_facts(found, dict(plan.facts), seen=found.version, by=company.owner)
    deliver(found, demo.content, by=company.engineer)
    content = bundle_of(lay_before(company, found))
    delivered, handed_out = read_bundle(demo.content), read_bundle(content)
    assert delivered.assessment is not None
    assert handed_out.assessment is not None
    assert set(handed_out.evidence) == set(delivered.evidence), "the harm mapping and the notice among them"
    assert handed_out.files.items() >= {
        name: data for name, data in delivered.files.items() if name.startswith(("evidence/", "attachments/", "packs/"))
    }.items()  # fmt: skip
    result = verify_bytes(content, rerun=demo.folder)
    assert [item.status for item in result.levels] == ["yes", "yes", "yes"], result
    before = verify_bytes(demo.content).verdicts
    assert result.verdicts == before, "three figures were only read in what was delivered, and are named as such"
    assert (before.all, before.derived, len(before.read)) == (26, 23, 3)


def test_the_offices_directory_puts_names_to_its_keys(decide: Decide) -> None:
    content = bundle_of(decide())
    directory = read_directory(directory_bytes(timezone.now()), what="keys")
    found = verify_bytes(content, directory=directory)
    # The engineer's key was never registered: their record is genuine, and nobody knows whose it is.
    assert [item.status for item in found.levels] == ["partly", "yes", "not_done"]
    assert "AI ethics office" in str(found.signed)


def test_two_hundred_random_edits_are_each_named_with_the_decision(decide: Decide) -> None:
    decision = decide(DOUBTFUL, "approve_with_conditions", proposal="approve_with_conditions")
    files = unpack_archive(bundle_of(decision))[0]
    for number in range(EDITS):
        what, bent = edited(Random(f"office {number}"), files)
        found = verify_bytes(bent)
        assert level(found, "genuine").status == "no", what
        names(found, decision)


def test_the_single_file_says_the_same_of_it_and_of_what_was_bent(decide: Decide) -> None:
    content = bundle_of(decide(DOUBTFUL, "approve_with_conditions", proposal="approve_with_conditions"))
    files = unpack_archive(content)[0]
    samples = [content, *(edited(Random(f"file {number}"), files)[1] for number in range(12))]
    for number, sample in enumerate(samples):
        ours, theirs = (ask(Sample(str(number), sample, None, "any")) for ask in (of_hakari, of_the_file))
        assert ours.compared == theirs.compared, f"{ours.told}\n---\n{theirs.told}"
    assert of_the_file(Sample("whole", content, None, "in order")).genuine == "yes"


@pytest.mark.parametrize("choice", ["reject", "defer"])
def test_a_decision_against_it_is_handed_out_as_well(decide: Decide, choice: str) -> None:
    found = verify_bytes(bundle_of(decide(choice=choice)))
    assert found.ok
    assert found.decision is not None
    assert found.decision.outcome == choice


def test_the_ledger_says_who_took_it(decide: Decide, company: Company) -> None:
    decision = decide()
    content = export_decision(decision, by=company.auditor)
    event = Event.objects.order_by("-sequence")[0]
    stated = json.loads(bytes(event.body))
    assert (event.kind, event.by, stated["data"]["bundle"]) == (
        "decision.exported", company.auditor.key, digest_bytes(content),
    )  # fmt: skip


def test_a_checkpoint_that_was_not_written_is_written_for_exactly_this_event(decide: Decide) -> None:
    decision = decide()
    path = checkpoint_folder() / f"{event_of(decision).sequence:012d}.json"
    path.unlink(missing_ok=True)
    found = verify_bytes(bundle_of(decision))
    assert path.is_file()
    assert found.decision is not None
    assert found.decision.seal is not None


@pytest.mark.django_db(transaction=True)
def test_the_checkpoint_is_there_from_the_moment_of_the_decision(decide: Decide) -> None:
    decision = decide()
    path = checkpoint_folder() / f"{event_of(decision).sequence:012d}.json"
    assert unpack_archive(bundle_of(decision))[0]["ledger/checkpoint.json"] == path.read_bytes()


def test_an_erased_file_keeps_it_back(decide: Decide) -> None:
    decision = decide()
    attached = decision.round.assessment.attachments.get()
    File.objects.filter(digest=attached.digest).update(content=None)
    with pytest.raises(OfficeError, match="not there any more"):
        bundle_of(decision)


def test_another_key_of_the_office_cannot_countersign_what_was_decided_before(decide: Decide, settings: Any) -> None:
    decision = decide()
    settings.ENVIRONMENT = replace(settings.ENVIRONMENT, key=settings.ENVIRONMENT.key.with_name("other.pem"))
    with pytest.raises(OfficeError, match="another key"):
        bundle_of(decision)
