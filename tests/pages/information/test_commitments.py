"""The register of commitments: everybody reads it, the office writes it, nothing is overwritten."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from hakari.errors import ConflictError, InputError, NotAllowedError
from hakari.office.core.models import Event
from hakari.office.information.actions.commitments import (
    InitiativeFacts,
    PromiseFacts,
    add_initiative,
    add_promise,
    change_initiative,
)
from hakari.office.information.models import Initiative, InitiativeVersion, Promise, PromiseVersion
from hakari.office.information.requirements import find_carriers
from hakari.office.information.words import Words
from hakari.office.people.models import Person
from tests.pages.conftest import Company

pytestmark = pytest.mark.postgres

SignIn = Callable[[Person], Client]
LIST = "/information/commitments/"
XSS = "<script>alert(1)</script>"


@pytest.fixture
def joined(company: Company) -> Initiative:
    facts = InitiativeFacts(name=Words(en="Open AI Pact", ja="AI協定"), body="Forum", link="https://pact.example/")
    return add_initiative(facts, key=uuid.uuid4().hex, by=company.reviewer)


def promised(joined: Initiative, company: Company, text: str = "We publish reports.", **more: Any) -> Promise:
    return add_promise(joined, PromiseFacts(text=Words(en=text), **more), key=uuid.uuid4().hex, by=company.reviewer)


def test_everybody_signed_in_reads_it_and_nobody_else(company: Company, sign_in: SignIn, joined: Initiative) -> None:
    promised(joined, company)
    for person in (company.outsider, company.stranger, company.head):
        for address in (LIST, f"{LIST}{joined.number}/"):
            page = sign_in(person).get(address).content.decode()
            assert "We publish reports." in page
            assert "carried by no requirement" in page
    assert Client().get(LIST).status_code == 302


@pytest.mark.parametrize("role", ["owner", "member", "auditor", "outsider"])
def test_others_change_nothing(role: str, company: Company, sign_in: SignIn, joined: Initiative) -> None:
    client = sign_in(company.people[role])
    for address in ("new/", f"{joined.number}/edit/", f"{joined.number}/promises/new/"):
        assert client.get(LIST + address).status_code == 403
        assert client.post(LIST + address, {"name_en": "x", "text_en": "x"}).status_code == 403
    with pytest.raises(NotAllowedError):
        promised(joined, Company(**{**vars(company), "people": {"reviewer": company.people[role]}}))


def test_the_office_adds_an_initiative_once(company: Company, sign_in: SignIn) -> None:
    office = sign_in(company.reviewer)
    data = {"key": str(uuid.uuid4()), "version": "0", "name_en": "Pact", "link": "https://pact.example/"}
    places = {office.post(f"{LIST}new/", data).headers["Location"] for _ in range(2)}
    assert len(places) == Initiative.objects.count() == 1
    assert Event.objects.filter(kind="initiative.added").count() == 1


def test_a_change_is_a_new_version_and_a_second_submit_is_none(
    company: Company, sign_in: SignIn, joined: Initiative
) -> None:
    office, data = sign_in(company.reviewer), {"key": joined.key, "version": "1", "name_en": "Pact 2"}
    for _ in range(2):
        assert office.post(f"{LIST}{joined.number}/edit/", data).status_code == 302
    assert list(InitiativeVersion.objects.values_list("version", flat=True)) == [2, 1]
    page = office.get(f"{LIST}{joined.number}/").content.decode()
    assert "Pact 2" in page
    assert "Open AI Pact" in page


def test_who_saves_second_sees_what_stands_there_and_loses_nothing(
    company: Company, sign_in: SignIn, joined: Initiative
) -> None:
    change_initiative(joined, InitiativeFacts(name=Words(en="Theirs")), seen=1, by=company.head)
    office, data = sign_in(company.reviewer), {"key": joined.key, "version": "1", "name_en": "Mine"}
    page = office.post(f"{LIST}{joined.number}/edit/", data)
    assert page.status_code == 409
    assert "Theirs" in page.content.decode()
    assert 'value="Mine"' in page.content.decode()
    assert 'name="version" value="2"' in page.content.decode()


def test_a_version_that_was_not_seen_is_refused(company: Company, joined: Initiative) -> None:
    with pytest.raises(ConflictError):
        change_initiative(joined, InitiativeFacts(name=Words(en="x")), seen=7, by=company.head)


def test_requirements_are_found_ticked_and_pinned(company: Company, sign_in: SignIn, joined: Initiative) -> None:
    office, address = sign_in(company.reviewer), f"{LIST}{joined.number}/promises/new/"
    data = {"key": str(uuid.uuid4()), "version": "0", "text_en": "We tell people.", "words": "purpose"}
    page = office.post(address, {**data, "search": "1"})
    assert page.status_code == 200
    assert "We tell people." in page.content.decode()
    assert not Promise.objects.exists()
    carrier = find_carriers("purpose")[0]
    assert carrier.code in page.content.decode()
    assert office.post(address, {**data, "carrier": [carrier.code]}).status_code == 302
    assert PromiseVersion.objects.get().requirements == [{"pack": carrier.pack, "requirement": carrier.requirement}]
    assert carrier.pack in office.get(LIST).content.decode()


def test_what_was_ticked_stays_while_searching(company: Company, sign_in: SignIn, joined: Initiative) -> None:
    first, second = find_carriers("purpose")[0], find_carriers("ISO 42001")[0]
    data = {"text_en": "x", "carrier": first.code, "words": "ISO 42001", "search": "1"}
    page = sign_in(company.reviewer).post(f"{LIST}{joined.number}/promises/new/", data).content.decode()
    assert f'value="{first.code}" checked' in page
    assert f'value="{second.code}"><span>' in page


def test_a_promise_changes_by_a_new_version(company: Company, sign_in: SignIn, joined: Initiative) -> None:
    promise, office = promised(joined, company), sign_in(company.reviewer)
    address = f"{LIST}{joined.number}/promises/{promise.key}/"
    data = {"key": promise.key, "version": "1", "text_en": "We publish yearly.", "due": "2020-01-01"}
    for _ in range(2):
        assert office.post(address, data).status_code == 302
    assert PromiseVersion.objects.count() == 2
    page = office.get(f"{LIST}{joined.number}/").content.decode()
    assert all(text in page for text in ("We publish yearly.", "We publish reports.", "Late:", "1 earlier version"))
    stale = office.post(address, {**data, "text_en": "Mine"})
    assert stale.status_code == 409
    assert "Mine" in stale.content.decode()


def test_what_does_not_fit_is_refused(company: Company, joined: Initiative) -> None:
    for facts in (PromiseFacts(text=Words()), PromiseFacts(text=Words(en="x"), carriers=("no such",))):
        with pytest.raises(InputError):
            add_promise(joined, facts, key=uuid.uuid4().hex, by=company.reviewer)
    name = Words(en="x")
    for wrong in (InitiativeFacts(name=name, link="javascript:alert(1)"), InitiativeFacts(name=Words())):
        with pytest.raises(InputError):
            add_initiative(wrong, key=uuid.uuid4().hex, by=company.reviewer)


def test_a_link_that_is_no_page_is_refused_in_the_form(company: Company, sign_in: SignIn) -> None:
    data = {"key": str(uuid.uuid4()), "version": "0", "name_en": "x", "link": "javascript:alert(1)"}
    assert sign_in(company.reviewer).post(f"{LIST}new/", data).status_code == 422
    assert sign_in(company.reviewer).post(f"{LIST}new/", {**data, "link": "ftp://x.example"}).status_code in (400, 422)


def test_what_people_wrote_stays_text(company: Company, sign_in: SignIn, joined: Initiative) -> None:
    change_initiative(joined, InitiativeFacts(name=Words(en=XSS), body=XSS), seen=1, by=company.head)
    promised(joined, company, XSS)
    for address in (LIST, f"{LIST}{joined.number}/", f"{LIST}?q={XSS}"):
        assert "<script>alert" not in sign_in(company.owner).get(address).content.decode()


def test_the_list_filters_by_words_and_by_what_is_not_carried(
    company: Company, sign_in: SignIn, joined: Initiative
) -> None:
    code = find_carriers("purpose")[0].code
    promised(joined, company, carriers=(code,))
    other = add_initiative(InitiativeFacts(name=Words(ja="別の枠組み")), key=uuid.uuid4().hex, by=company.head)
    promised(other, company, "Nothing carries this.")
    client = sign_in(company.owner)
    bare = client.get(f"{LIST}?carried=no").content.decode()
    assert other.number in bare
    assert joined.number not in bare
    assert joined.number in client.get(f"{LIST}?q=publish").content.decode()
    assert other.number not in client.get(f"{LIST}?q=協定").content.decode()


def test_the_list_pages_and_asks_a_constant_number_of_questions(company: Company, sign_in: SignIn) -> None:
    counts, client = [], sign_in(company.owner)
    client.get("/")  # the first page of a session notes the session
    for turn in range(2):
        for number in range(1 + 10 * turn):
            facts = InitiativeFacts(name=Words(en=f"Pact {turn}{number:02}"))
            found = add_initiative(facts, key=uuid.uuid4().hex, by=company.head)
            for _ in range(2):
                promised(found, company)
        with CaptureQueriesContext(connection) as asked:
            page = client.get(LIST).content.decode()
        counts.append(len(asked))
    assert counts[0] == counts[1]
    assert "Pact 110" in page
    assert "Pact 000" not in page


def test_an_erased_author_is_said_to_be(company: Company, sign_in: SignIn, joined: Initiative) -> None:
    Person.objects.filter(pk=company.reviewer.pk).update(erased_at=timezone.now(), name="", is_active=False)
    page = sign_in(company.head).get(f"{LIST}{joined.number}/").content.decode()
    assert "a person who was erased" in page


def test_others_keys_lead_nowhere(company: Company, sign_in: SignIn, joined: Initiative) -> None:
    office, promise = sign_in(company.reviewer), promised(joined, company)
    other = add_initiative(InitiativeFacts(name=Words(en="x")), key=uuid.uuid4().hex, by=company.head)
    assert office.get(f"{LIST}{other.number}/promises/{promise.key}/").status_code == 404
    assert office.get(f"{LIST}IN-1999-0001/").status_code == 404
