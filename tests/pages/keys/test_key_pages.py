"""The pages of keys: what each person sees there, and what their forms do."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from hakari.office.keys.actions import ask_for_key, confirm_key, revoke_key
from hakari.office.keys.models import RegisteredKey, State
from hakari.office.people.actions.accounts import deactivate, erase
from hakari.office.people.models import Person
from tests.pages.conftest import Company
from tests.pages.keys.conftest import digits

pytestmark = [pytest.mark.postgres, pytest.mark.django_db]
SignIn = Callable[[Person], Client]


def groups(row: RegisteredKey) -> str:
    return " ".join(row.key_id[at : at + 4] for at in range(0, 64, 4))


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_the_list_shows_ids_in_groups_of_four_and_how_strangers_use_it(
    company: Company, registered: RegisteredKey, sign_in: SignIn
) -> None:
    page = text(sign_in(company.outsider).get("/keys/"))
    assert groups(registered) in page
    assert "hakari verify case.zip --keys directory.json" in page
    assert 'href="/keys/ask/"' not in page


def test_a_person_asks_with_what_the_command_prints(company: Company, sign_in: SignIn) -> None:
    browser = sign_in(company.reporter)
    given = {"public": f"Key: a/key.pem\nPublic half: {digits(4)}", "valid_from": "2026-01-01"}
    answer = browser.post("/keys/ask/", given)
    row = RegisteredKey.objects.get()
    assert (answer.status_code, answer.headers["Location"]) == (302, f"/keys/{row.key}/")
    assert (row.person, row.valid_from.isoformat()) == (company.reporter, "2026-01-01T00:00:00+00:00")
    assert "will compare the id with you" in text(browser.get("/keys/"))


def test_a_pipeline_is_asked_for_with_its_unit(company: Company, sign_in: SignIn) -> None:
    given = {"public": digits(4), "kind": "pipeline", "name": "nightly", "unit": company.lenses.key}
    assert sign_in(company.owner).post("/keys/ask/", given).status_code == 302
    assert RegisteredKey.objects.get().label == "nightly"
    given = {**given, "public": digits(5), "unit": company.music.key}
    assert sign_in(company.owner).post("/keys/ask/", given).status_code == 422


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({}, "Public half"),
        ({"public": "abc"}, "No public key is in there"),
        ({"public": digits(4), "kind": "pipeline"}, "needs a name"),
        ({"public": digits(4), "kind": "pipeline", "name": "n"}, "belongs to a unit"),
        ({"public": digits(4), "kind": "person", "valid_from": "2026-02-02", "valid_until": "2026-01-01"}, "before"),
        ({"public": digits(1), "kind": "person"}, "registered or asked for already"),
    ],
)
def test_what_does_not_fit_is_told_at_the_form(
    company: Company, registered: RegisteredKey, sign_in: SignIn, given: dict[str, str], told: str
) -> None:
    answer = sign_in(company.owner).post("/keys/ask/", given)
    assert answer.status_code == 422
    assert told in text(answer)


@pytest.mark.parametrize("length", [1, 5_000])
def test_a_private_key_does_not_come_back_in_the_page(company: Company, sign_in: SignIn, length: int) -> None:
    block = f"-----BEGIN PRIVATE KEY-----\nMC4CAQAw{'A' * length}\n-----END PRIVATE KEY-----"
    given = {"public": block, "kind": "pipeline", "name": "nightly"}
    page = text(sign_in(company.owner).post("/keys/ask/", given))
    assert ("private half" in page) == (length == 1)
    assert "MC4CAQAw" not in page
    assert 'value="nightly"' in page


def test_the_office_compares_and_confirms(company: Company, waiting: RegisteredKey, sign_in: SignIn) -> None:
    browser = sign_in(company.reviewer)
    address = f"/keys/{waiting.key}/confirm/"
    assert address in text(browser.get("/"))
    assert groups(waiting) in text(browser.get(address))
    assert browser.post(address, {"version": "1"}).status_code == 422
    assert browser.post(address, {"version": "1", "compared": "on"}).status_code == 302
    assert RegisteredKey.objects.get().confirmed_by == company.reviewer
    assert address not in text(browser.get("/"))


def test_who_confirms_second_is_told_how_it_stands(company: Company, waiting: RegisteredKey, sign_in: SignIn) -> None:
    confirm_key(waiting, by=company.head)
    answer = sign_in(company.reviewer).post(f"/keys/{waiting.key}/confirm/", {"version": "1", "compared": "on"})
    assert answer.status_code == 409
    assert "somebody settled it meanwhile" in text(answer)


def test_a_declined_key_shows_its_reason_to_whoever_asked(
    company: Company, waiting: RegisteredKey, sign_in: SignIn
) -> None:
    address = f"/keys/{waiting.key}/"
    browser = sign_in(company.reviewer)
    assert browser.post(f"{address}decline/", {"version": "1"}).status_code == 422
    assert browser.post(f"{address}decline/", {"version": "1", "reason": "Not <b>yours</b>."}).status_code == 302
    assert "Not &lt;b&gt;yours&lt;/b&gt;." in text(sign_in(company.engineer).get(address))
    assert sign_in(company.owner).get(address).status_code == 404


def test_a_key_is_revoked_with_a_reason(company: Company, registered: RegisteredKey, sign_in: SignIn) -> None:
    browser, address = sign_in(company.engineer), f"/keys/{registered.key}/"
    assert f"{address}revoke/" in text(browser.get(address))
    assert browser.post(f"{address}revoke/", {"reason": "Laptop lost."}).status_code == 302
    assert "Laptop lost." in text(browser.get(address))
    assert f"{address}revoke/" not in text(browser.get(address))
    assert f"{address}revoke/" not in text(sign_in(company.owner).get(address))


def test_a_wish_is_taken_back(company: Company, waiting: RegisteredKey, sign_in: SignIn) -> None:
    assert sign_in(company.engineer).post(f"/keys/{waiting.key}/withdraw/").status_code == 302
    assert RegisteredKey.objects.get().state() == State.DECLINED


def test_whoever_keeps_keys_hears_of_one_whose_account_is_closed(
    company: Company, registered: RegisteredKey, sign_in: SignIn
) -> None:
    deactivate(company.engineer, by=company.admin)
    address = f"/keys/{registered.key}/revoke/"
    assert address in text(sign_in(company.reviewer).get("/"))
    assert "account closed" in text(sign_in(company.owner).get("/keys/"))
    revoke_key(registered, by=company.head)
    assert address not in text(sign_in(company.reviewer).get("/"))


def test_an_erased_person_is_said_to_be(company: Company, registered: RegisteredKey, sign_in: SignIn) -> None:
    erase(company.engineer, by=company.admin)
    for address in ("/keys/", f"/keys/{registered.key}/"):
        page = text(sign_in(company.owner).get(address))
        assert "a person who was erased" in page
        assert "Engineer" not in page


def test_keys_are_found_by_name_and_by_digits(company: Company, registered: RegisteredKey, sign_in: SignIn) -> None:
    confirm_key(ask_for_key(digits(2), kind="person", by=company.owner), by=company.head)
    browser = sign_in(company.member)
    for words in ("engin", groups(registered)[:9], registered.key_id, registered.public):
        page = text(browser.get("/keys/", {"q": words}))
        assert groups(registered) in page
        assert ">Owner<" not in page
    assert "No registered key fits" in text(browser.get("/keys/", {"q": "nobody"}))


def test_the_list_costs_the_same_for_many_keys(
    company: Company, registered: RegisteredKey, sign_in: SignIn, django_assert_max_num_queries: Any
) -> None:
    browser = sign_in(company.head)
    browser.get("/keys/")
    for number in range(2, 12):
        row = ask_for_key(digits(number), kind="pipeline", name=f"p{number}", unit=company.music, by=company.stranger)
        confirm_key(row, by=company.head) if number % 2 else None
    with django_assert_max_num_queries(16):
        assert browser.get("/keys/").status_code == 200


def test_the_pages_speak_japanese(company: Company, registered: RegisteredKey, sign_in: SignIn) -> None:
    browser = sign_in(company.reviewer)
    browser.cookies["language"] = "ja"
    page = text(browser.get("/keys/"))
    assert "署名鍵" in page
    assert "会社 AI倫理室" in page
