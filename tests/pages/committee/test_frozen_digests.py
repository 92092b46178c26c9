"""A decision cites the digests that were frozen, whatever changes between submitting and deciding, by whatever way."""

from __future__ import annotations

import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any

import pytest
from django.db.models import QuerySet
from django.utils import timezone

from hakari.assessment.decision import DECISION_TYPE, digest_of_decision
from hakari.assessment.decision import Decision as Statement
from hakari.errors import HakariError, OfficeError
from hakari.evidence import decode, digest_bytes
from hakari.office.committee.actions.docket import write_passage
from hakari.office.committee.actions.voting import close_ballot, close_due, declare, vote
from hakari.office.committee.models import Ballot, Condition, Decision, DocketItem, Passage
from hakari.office.core.ledger.checkpoints import office_key
from hakari.office.core.models import Event
from hakari.office.lifecycle.actions.answering import answer_question
from hakari.office.lifecycle.actions.delivering import deliver
from hakari.office.lifecycle.actions.opening import state_facts
from hakari.office.lifecycle.actions.reviewing import accept_bound
from hakari.office.lifecycle.given import predicate_of
from hakari.office.lifecycle.models import File, FindingRow, Projection, Record, Round, StageAssessment
from hakari.office.registry.actions import retire
from hakari.office.registry.models import UseCase
from tests.pages.committee.conftest import SOON, circulate, make_item, voters
from tests.pages.conftest import Company, drop_triggers
from tests.pages.lifecycle.trial import ASKED, DOUBTFUL, GAPING, GAPS, content_of, trial_bundle

pytestmark = pytest.mark.postgres
Change = Callable[[StageAssessment, Round, Company], Any]


def _voted(item: DocketItem, company: Company, choice: str = "approve") -> Ballot:
    ballot = circulate(item, company)
    for person in voters(company):
        declare(item, conflict=False, by=person)
        vote(ballot, choice, reason="So.", by=person)
    return ballot


def _statement() -> Statement:
    decision = Decision.objects.get()
    content = content_of(decision.signed)
    found = decode(Statement, predicate_of(content, what="d", kind=DECISION_TYPE), what="d")
    assert digest_of_decision(found) == decision.statement
    assert json.loads(content)["signatures"][0]["keyid"] == office_key().public.id
    return found


def _cites(round: Round) -> None:
    said = _statement()
    assert (said.assessment, said.plan, said.scope) == (round.document, round.plan, round.scope)
    assert (list(said.evidence), said.round) == (round.evidence, round.number)
    assert [(pack.name, pack.digest) for pack in said.packs] == [(pin["name"], pin["digest"]) for pin in round.packs]


BETWEEN: dict[str, Change] = {
    "an answer": lambda found, _, company: answer_question(found, ASKED, "told", "no", seen=1, by=company.owner),
    "evidence": lambda found, _, company: deliver(found, trial_bundle(GAPING, model="b"), by=company.engineer),
    "facts": lambda found, _, company: state_facts(found, {"big": True}, seen=found.version, by=company.owner),
    "an acceptance": lambda found, _, company: accept_bound(
        found, GAPS, reason="R", condition="C", until=timezone.localdate() + SOON, by=company.head
    ),
    "the projection": lambda found, *_: Projection.objects.filter(pk=found.pk).update(
        document="0" * 64, scope="0" * 64, closes=True, content=b"{}"
    ),
    "findings": lambda *_: FindingRow.objects.update(status="met"),
    "the packs of the assessment": lambda found, *_: StageAssessment.objects.filter(pk=found.pk).update(packs=[]),
    "facts by hand": lambda found, *_: StageAssessment.objects.filter(pk=found.pk).update(facts={}),
}


@pytest.mark.parametrize("what", BETWEEN)
def test_what_changes_between_submitting_and_deciding_has_no_way_in(company: Company, what: str) -> None:
    item = make_item(company, DOUBTFUL)
    round, ballot = item.round, _voted(item, company)
    with suppress(HakariError):  # refused while the round is in review: better still
        BETWEEN[what](StageAssessment.objects.get(), round, company)
    close_ballot(ballot, by=company.chair)
    _cites(round)


def _flip(digest: str) -> None:
    content = bytearray(content_of(digest))
    content[len(content) // 2] ^= 1
    File.objects.filter(digest=digest).update(content=bytes(content))


def _other_document(round: Round) -> str:
    content = content_of(round.document).replace(b'"missing"', b'"met"')
    return File.keep(content + b" ")


def _rewrite(**values: Any) -> None:
    """Change the row of the round as somebody does who reaches the database past the site."""
    QuerySet.update(Round.objects.all(), **values)


BENT: dict[str, Callable[[Round], Any]] = {
    "the document": lambda round: _flip(round.document),
    "the plan": lambda round: _flip(round.plan),
    "a document that is gone": lambda round: File.objects.filter(digest=round.document).update(content=None),
    "the row: another document": lambda round: _rewrite(document=_other_document(round)),
    "the row: other evidence": lambda round: _rewrite(evidence=["0" * 64]),
    "the row: another scope": lambda round: _rewrite(scope="0" * 64),
    "the row: other packs": lambda round: _rewrite(packs=[{**round.packs[0], "digest": "0" * 64}]),
}


@pytest.mark.parametrize("what", BENT)
def test_nothing_is_signed_for_a_round_that_was_changed_past_the_site(company: Company, what: str) -> None:
    drop_triggers()
    item = make_item(company)
    ballot = _voted(item, company)
    BENT[what](item.round)
    events = Event.objects.count()
    with pytest.raises(OfficeError):
        close_ballot(Ballot.objects.get(pk=ballot.pk), by=company.chair)
    assert (Decision.objects.count(), Event.objects.count()) == (0, events)


def test_a_page_that_was_changed_while_others_vote_is_noticed(company: Company) -> None:
    item = make_item(company)
    ballot = _voted(item, company)
    with pytest.raises(OfficeError):
        write_passage(item, "asked", "Say yes.", "en", seen=1, by=company.reviewer)
    row, other = Passage.objects.get(item=item, heading="asked"), Passage.objects.get(item=item, heading="unknown")
    Passage.objects.create(item=item, heading="asked", revision=2, language="en", text=other.text, by=row.by)
    with pytest.raises(OfficeError, match="not what the vote was opened on"):
        close_ballot(ballot, by=company.chair)


def test_a_ballot_on_a_use_that_is_retired_ends_without_a_decision(company: Company) -> None:
    item = make_item(company)
    ballot = _voted(item, company)
    retire(UseCase.objects.select_related("unit").get(), by=company.owner)
    close_ballot(ballot, by=company.chair)
    item.refresh_from_db()
    assert (Ballot.objects.get().ending, item.standing, Decision.objects.count()) == ("withdrawn", "withdrawn", 0)


def test_a_ballot_that_cannot_be_decided_keeps_no_other_waiting(company: Company) -> None:
    item = make_item(company)
    ballot = _voted(item, company)
    _flip(item.round.document)
    Ballot.objects.filter(pk=ballot.pk).update(deadline=timezone.now())
    assert close_due() == 0
    assert Ballot.objects.get().closed_at is None


def test_facts_that_come_with_evidence_after_the_decision_make_it_stale(company: Company) -> None:
    """Another fact lets other requirements apply than those that were decided on, whichever way it comes in."""
    item = make_item(company)
    close_ballot(_voted(item, company), by=company.chair)
    deliver(StageAssessment.objects.get(), trial_bundle(facts={"people": True, "big": True}), by=company.engineer)
    found = StageAssessment.objects.get()
    assert (found.standing, [row["key"] for row in found.stale_because]) == ("stale", ["assessment.stale.fact"])


def test_evidence_for_what_was_approved_without_any_is_another_system(company: Company) -> None:
    from hakari.office.lifecycle.actions.submitting import submit
    from tests.pages.committee.conftest import seat
    from tests.pages.lifecycle.conftest import make_assessment

    seat(company)
    found = make_assessment(company)
    round = submit(found, seen=found.version, by=company.owner)
    item = _laid(round, company)
    close_ballot(_voted(item, company), by=company.chair)
    deliver(found, trial_bundle(), by=company.engineer)
    assert StageAssessment.objects.get().standing == "stale"


def _laid(round: Round, company: Company) -> DocketItem:
    from hakari.office.committee.actions.docket import put_on_docket
    from hakari.office.committee.actions.rules import NEEDED

    item = put_on_docket(round, "approve", timezone.localdate() + SOON, by=company.reviewer)
    for heading in NEEDED:
        write_passage(item, heading, f"About {heading}.", "en", seen=0, by=company.reviewer)
    return DocketItem.objects.get(pk=item.pk)


def test_a_condition_of_an_earlier_stage_closes_on_evidence_of_the_next(company: Company) -> None:
    from hakari.office.lifecycle.actions.opening import open_next
    from hakari.office.lifecycle.staleness import expire

    item = make_item(company, GAPING, proposal="approve_with_conditions")
    close_ballot(_voted(item, company, "approve_with_conditions"), by=company.chair)
    expire(timezone.localdate() + SOON * 5)
    fresh = open_next(StageAssessment.objects.get(), by=company.owner)
    deliver(fresh, trial_bundle(data="e"), by=company.engineer)
    condition = Condition.objects.get()
    assert condition.closed_at is not None
    assert condition.closing.evidence in set(Record.objects.values_list("evidence", flat=True))
    assert condition.closing.evidence not in item.round.evidence


def test_frozen_documents_lie_under_their_own_digest(company: Company) -> None:
    round = make_item(company).round
    for digest in (round.document, round.plan):
        assert digest_bytes(content_of(digest)) == digest
