"""Tokens on the page of their person."""

from __future__ import annotations

import json
import re
from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hakari.errors import InputError, NotAllowedError
from hakari.office.core.models import Event
from hakari.office.people.actions.tokens import create_token, revoke_token
from hakari.office.people.models import Person, Token
from hakari.office.people.tokens import digest_of, find_token, token_text
from tests.pages.conftest import Company

pytestmark = pytest.mark.postgres
SignIn = Callable[[Person], Client]
SEED = "0123456789abcdefghij"


def _make(client: Client, **changes: object) -> str:
    form = {"name": "build", "scopes": ["use_cases"], "days": 30, "seed": SEED, **changes}
    return client.post(reverse("people:token_add"), form).content.decode()


def _shown(page: str) -> list[str]:
    return re.findall(r"hkr_[0-9a-f]{8}_[0-9a-f]{64}", page)


def test_a_token_is_shown_once_and_kept_as_a_digest(company: Company, sign_in: SignIn) -> None:
    client = sign_in(company.owner)
    (text,) = _shown(_make(client))
    token = Token.objects.get()
    assert (token.prefix, token.digest) == (text[:12], digest_of(text))
    listed = client.get(reverse("people:tokens")).content.decode()
    assert token.prefix in listed
    assert _shown(listed) == []


def test_the_ledger_holds_neither_the_token_nor_its_name(company: Company, sign_in: SignIn) -> None:
    (text,) = _shown(_make(sign_in(company.owner), name="my secret plan"))
    body = bytes(Event.objects.get(kind="token.created").body).decode()
    assert json.loads(body)["about"] == ["token", text[:12]]
    assert text[13:] not in body
    assert "secret plan" not in body


def test_the_same_form_sent_twice_makes_one_token_and_shows_it_again(company: Company, sign_in: SignIn) -> None:
    client = sign_in(company.owner)
    assert _shown(_make(client)) == _shown(_make(client))
    assert Token.objects.count() == 1


def test_a_second_token_needs_another_name(company: Company, sign_in: SignIn) -> None:
    client = sign_in(company.owner)
    _make(client)
    assert "You have a token called “build”" in _make(client, seed=SEED[::-1])
    assert Token.objects.count() == 1


@pytest.mark.parametrize("days", [0, 366, -1])
def test_no_token_holds_longer_than_a_year(company: Company, days: int) -> None:
    with pytest.raises(InputError):
        create_token(company.owner, "build", ["use_cases"], days, seed=SEED, by=company.owner)


def test_a_year_is_the_longest(company: Company) -> None:
    token = create_token(company.owner, "build", ["use_cases"], 365, seed=SEED, by=company.owner)
    assert (token.expires_at - timezone.now()).days in (364, 365)


@pytest.mark.parametrize(("who", "offered"), [("auditor", True), ("owner", False)])
def test_the_ledger_scope_is_offered_to_auditors_only(
    company: Company, sign_in: SignIn, who: str, offered: bool
) -> None:
    page = sign_in(company.people[who]).get(reverse("people:token_add")).content.decode()
    assert ('value="ledger"' in page) is offered


def test_asking_for_a_scope_that_is_not_offered_makes_nothing(company: Company, sign_in: SignIn) -> None:
    assert _shown(_make(sign_in(company.owner), scopes=["ledger"])) == []
    with pytest.raises(NotAllowedError):
        create_token(company.owner, "build", ["ledger"], 30, seed=SEED, by=company.owner)
    assert not Token.objects.exists()


def test_nobody_makes_a_token_for_another(company: Company) -> None:
    with pytest.raises(NotAllowedError):
        create_token(company.owner, "build", ["use_cases"], 30, seed=SEED, by=company.admin)


def test_its_owner_and_an_administrator_revoke_a_token_and_others_do_not(company: Company) -> None:
    token = create_token(company.owner, "build", ["use_cases"], 30, seed=SEED, by=company.owner)
    with pytest.raises(NotAllowedError):
        revoke_token(token, by=company.stranger)
    assert find_token(token_text(company.owner, SEED)) == token
    revoke_token(token, by=company.admin)
    assert find_token(token_text(company.owner, SEED)) is None


def test_the_token_of_another_does_not_exist(company: Company, sign_in: SignIn) -> None:
    token = create_token(company.owner, "build", ["use_cases"], 30, seed=SEED, by=company.owner)
    url = reverse("people:token_revoke", args=[token.prefix])
    assert sign_in(company.stranger).post(url).status_code == 404
    assert sign_in(company.owner).get(url).status_code == 405
    sign_in(company.owner).post(url)
    token.refresh_from_db()
    assert token.revoked_at is not None
