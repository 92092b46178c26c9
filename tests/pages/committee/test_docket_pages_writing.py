from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from hakari.office.committee.actions.fitting import ROOM, lines_of
from hakari.office.committee.actions.rules import page_of
from hakari.office.committee.models import DocketItem, Passage, ProposedCondition
from hakari.office.lifecycle.models import Round
from hakari.office.people.models import Person
from tests.pages.committee.conftest import circulate, decide_by, make_item, make_round
from tests.pages.conftest import Company
from tests.pages.lifecycle.trial import CHECK, FAIR, GAPS

pytestmark = pytest.mark.postgres
Docket = Callable[..., DocketItem]
SignIn = Callable[[Person], Client]


@pytest.fixture
def docket(company: Company) -> Docket:
    """Return a function that lays a complete case, of a number that has a page, before the committee."""
    return lambda groups=FAIR, **options: make_item(company, groups, **{"number": "UC-2026-0001", **options})


@pytest.fixture
def round(company: Company) -> Round:
    """Return a round in review."""
    return make_round(company, number="UC-2026-0001")


def _address(item: DocketItem, *rest: str) -> str:
    return f"/committee/items/{item.key}/" + "".join(f"{part}/" for part in rest)


def _day(days: int = 90) -> str:
    return (timezone.localdate() + datetime.timedelta(days=days)).isoformat()


def _write(client: Client, item: DocketItem, text: str, *, seen: int = 1, heading: str = "asked") -> Any:
    return client.post(_address(item, "write", heading), {"text": text, "language": "en", "seen": seen})


def test_a_reviewer_lays_a_round_before_the_committee_once(round: Round, company: Company, sign_in: SignIn) -> None:
    client, address = sign_in(company.reviewer), f"/committee/rounds/{round.key}/"
    assert "Lay it before the committee" in client.get(address).content.decode()
    assert client.post(address, {"proposal": "approve", "valid_until": "2001-01-01"}).status_code == 400
    assert client.post(address, {"proposal": "approve", "valid_until": _day()}).status_code == 302
    assert client.post(address, {"proposal": "reject", "valid_until": _day()}).status_code == 302
    assert DocketItem.objects.get().proposal == "approve"


@pytest.mark.parametrize("name", ["owner", "member", "chair", "auditor"])
def test_nobody_but_a_reviewer_puts_a_round_on_the_docket(
    round: Round, company: Company, sign_in: SignIn, name: str
) -> None:
    client = sign_in(company.people[name])
    answer = client.post(f"/committee/rounds/{round.key}/", {"proposal": "approve", "valid_until": _day()})
    assert (answer.status_code, DocketItem.objects.count()) == (403, 0)


def test_a_reviewer_does_not_put_or_write_their_own_case(docket: Docket, company: Company, sign_in: SignIn) -> None:
    from hakari.office.registry.models import UseCase

    item = docket()
    UseCase.objects.update(owner=company.head)
    client = sign_in(company.head)
    assert _write(client, item, "Mine.").status_code == 403
    assert _address(item, "write", "asked") not in client.get(_address(item)).content.decode()


def test_the_page_of_the_use_case_leads_to_the_docket(round: Round, company: Company, sign_in: SignIn) -> None:
    page = sign_in(company.reviewer).get("/use-cases/UC-2026-0001/").content.decode()
    assert f"/committee/rounds/{round.key}/" in page
    assert "/committee/rounds/" not in sign_in(company.owner).get("/use-cases/UC-2026-0001/").content.decode()


def test_two_who_write_one_passage_see_both_texts(docket: Docket, company: Company, sign_in: SignIn) -> None:
    item = docket()
    assert _write(sign_in(company.reviewer), item, "From the reviewer.").status_code == 302
    late = _write(sign_in(company.head), item, "From the head.")
    assert late.status_code == 409
    assert all(text in late.content.decode() for text in ("From the reviewer.", "From the head."))
    assert _write(sign_in(company.head), item, "From the head.", seen=2).status_code == 302


def test_a_passage_sent_twice_is_written_once(docket: Docket, company: Company, sign_in: SignIn) -> None:
    item, client = docket(), sign_in(company.reviewer)
    assert [_write(client, item, "Once.").status_code for _ in range(2)] == [302, 302]
    assert Passage.objects.filter(item=item, heading="asked").count() == 2  # one was there already


def test_a_translation_stands_beside_the_original_which_binds(
    docket: Docket, company: Company, sign_in: SignIn
) -> None:
    item, client = docket(), sign_in(company.reviewer)
    answer = client.post(_address(item, "translate", "asked"), {"text": "お諮りします。", "seen": 1})
    assert answer.status_code == 302
    client.cookies["language"] = "ja"
    page = client.get(_address(item)).content.decode()
    assert page.index("お諮りします。") < page.index("About asked.")
    assert "翻訳（Reviewer）" in page
    assert "原文（正文）" in page


def test_nothing_is_written_that_would_not_fit_the_sheet(docket: Docket, company: Company, sign_in: SignIn) -> None:
    item, client = docket(), sign_in(company.reviewer)
    long = "漢" * 1_200
    assert [_write(client, item, long, heading=name).status_code for name in ("asked", "affected")] == [302, 400]
    assert str(page_of(item)["affected"].text) == "About affected."
    assert long in _write(client, item, long, heading="affected").content.decode()
    assert lines_of(long) < ROOM < 2 * lines_of(long)


def test_terms_are_set_with_a_change_envelope(docket: Docket, company: Company, sign_in: SignIn) -> None:
    item, client = docket(), sign_in(company.reviewer)
    typed = {"proposal": "approve", "valid_until": _day(), "roles": "model", "checks": CHECK, "seen": item.version}
    assert client.post(_address(item, "terms"), typed).status_code == 400
    assert [client.post(_address(item, "terms"), {**typed, "until": _day(30)}).status_code for _ in range(2)] == [
        302
    ] * 2
    item.refresh_from_db()
    assert item.envelope == {"checks": [CHECK], "roles": ["model"], "until": _day(30)}
    clash = client.post(_address(item, "terms"), {**typed, "until": _day(31)})
    assert clash.status_code == 409


def test_conditions_are_proposed_once_and_dropped(docket: Docket, company: Company, sign_in: SignIn) -> None:
    item, client = docket(), sign_in(company.reviewer)
    typed = {
        "text": "Show it.", "language": "en", "requirement": GAPS, "rule": "check", "due": _day(), "seen": 0,
    }  # fmt: skip
    assert client.post(_address(item, "conditions"), typed).status_code == 400
    for _ in range(2):
        assert client.post(_address(item, "conditions"), {**typed, "check": CHECK}).status_code == 302
    assert ProposedCondition.objects.get().check_id == CHECK
    for _ in range(2):
        assert client.post(_address(item, "conditions", "1", "drop")).status_code == 302
    assert not ProposedCondition.objects.exists()


def test_nobody_writes_while_others_vote(docket: Docket, company: Company, sign_in: SignIn) -> None:
    item, client = docket(), sign_in(company.reviewer)
    circulate(item, company)
    assert client.get(_address(item, "write", "asked")).status_code == 302
    assert _write(client, item, "Too late.").status_code == 400
    assert str(page_of(item)["asked"].text) == "About asked."


def test_an_item_is_withdrawn_and_put_again(docket: Docket, company: Company, sign_in: SignIn) -> None:
    item, client = docket(), sign_in(company.reviewer)
    typed = {"reason": "Something is missing.", "seen": item.version}
    assert [client.post(_address(item, "withdraw"), typed).status_code for _ in range(2)] == [302, 302]
    item.refresh_from_db()
    assert item.standing == "withdrawn"
    again = {"proposal": "approve", "valid_until": _day()}
    assert client.post(f"/committee/rounds/{item.round.key}/", again).status_code == 302
    item.refresh_from_db()
    assert item.standing == "waiting"


def test_what_changed_since_the_last_decision_is_listed_and_proposed(
    docket: Docket, company: Company, sign_in: SignIn
) -> None:
    from hakari.office.committee.actions.docket import put_on_docket
    from hakari.office.lifecycle.actions.delivering import deliver
    from hakari.office.lifecycle.models import StageAssessment
    from tests.pages.lifecycle.conftest import send
    from tests.pages.lifecycle.trial import GAPING, trial_bundle

    decide_by(docket(GAPING), company, "defer")
    found = StageAssessment.objects.get()
    deliver(found, trial_bundle(FAIR, data="e"), by=company.engineer)
    second = send(found, company)
    item = put_on_docket(second, "approve", timezone.localdate(), by=company.reviewer)
    page = sign_in(company.reviewer).get(_address(item)).content.decode()
    assert "D-" in page.split('id="changed"')[1].split("</section>")[0]
    assert "not met → <strong>met" in page
    draft = sign_in(company.reviewer).get(_address(item, "write", "changed")).content.decode()
    assert "Gaps in results, status: not met → met" in draft.split("<textarea")[1]


def test_the_history_of_the_use_case_does_not_tell_why_somebody_is_recused(
    docket: Docket, company: Company, sign_in: SignIn
) -> None:
    from hakari.office.committee.actions.voting import declare

    item = docket()
    circulate(item, company)
    declare(item, conflict=True, reason="My brother sells it.", by=company.member)
    page = sign_in(company.owner).get("/use-cases/UC-2026-0001/").content.decode()
    assert "Declared whether there is a conflict" in page
    assert "My brother" not in page
