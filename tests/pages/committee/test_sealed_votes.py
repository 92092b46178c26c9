from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

import pytest

from hakari.evidence import digest_json
from hakari.office.committee.actions.exporting import export_decision
from hakari.office.committee.actions.voting import close_ballot, declare, vote
from hakari.office.committee.models import Ballot, Choice, Decision, DocketItem
from hakari.office.core.ledger.store import verify
from hakari.office.core.models import Event
from tests.pages.committee.conftest import circulate, decide_by
from tests.pages.conftest import Company

pytestmark = pytest.mark.postgres
Docket = Callable[..., DocketItem]


def _data(kind: str) -> list[dict[str, Any]]:
    rows = Event.objects.filter(kind=kind).order_by("sequence")
    return [json.loads(bytes(row.body))["data"] for row in rows]


def _voted(docket: Docket, company: Company, choice: str = "reject") -> Ballot:
    item = docket()
    ballot = circulate(item, company)
    declare(item, conflict=False, by=company.member)
    vote(ballot, choice, reason="The moon is full.", dissent=True, by=company.member)
    return ballot


def test_before_the_close_no_event_says_how_anybody_voted(docket: Docket, company: Company) -> None:
    _voted(docket, company)
    (data,) = _data("committee.voted")
    assert data.keys() - {"made"} == {"ballot", "revision", "sealed"}
    assert not _data("committee.votes_opened")


def test_no_choice_fits_the_digest_without_its_salt(docket: Docket, company: Company) -> None:
    ballot = _voted(docket, company)
    row = ballot.votes.get()
    tried = [
        digest_json(
            {
                "ballot": ballot.key, "choice": str(choice), "dissent": dissent, "person": company.member.key,
                "revision": 1, "salt": salt, "words": row.reason_id,
            }
        )
        for choice in Choice.values
        for dissent in (True, False)
        for salt in ("", "0" * 32)
    ]  # fmt: skip
    assert _data("committee.voted")[0]["sealed"] not in tried


def test_two_alike_votes_have_different_digests(docket: Docket, company: Company) -> None:
    ballot = _voted(docket, company)
    vote(ballot, "reject", reason="The moon is full.", dissent=True, by=company.member)
    first, second = _data("committee.voted")
    assert (first["sealed"] != second["sealed"], second["revision"]) == (True, 2)


def test_the_close_says_how_each_voted_and_fits_what_was_sealed(docket: Docket, company: Company) -> None:
    decide_by(docket(), company, "approve")
    (opened,) = _data("committee.votes_opened")
    sealed = {(row["ballot"], row["sealed"]) for row in _data("committee.voted")}
    assert {(row["ballot"], digest_json(row)) for row in opened["votes"]} == sealed
    assert {row["choice"] for row in opened["votes"]} == {"approve"}
    assert verify(checkpoints=[]).holds


def test_what_decides_nothing_stays_sealed(docket: Docket, company: Company) -> None:
    ballot = _voted(docket, company)
    Ballot.objects.filter(pk=ballot.pk).update(deadline=ballot.opened_at)
    ended = close_ballot(ballot, by=company.chair)
    assert (ended.ending, _data("committee.votes_opened")) == ("no_quorum", [])


def test_the_exported_decision_says_nothing_of_single_votes(docket: Docket, company: Company) -> None:
    decide_by(docket(), company, "approve")
    content = export_decision(Decision.objects.get(), by=company.chair)
    (opened,) = _data("committee.votes_opened")
    assert not any(row["salt"].encode() in content for row in opened["votes"])
    assert len(content) > 1_000
