"""Signing in through the company's provider: a made-up one answers at the one outgoing door."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qs, urlsplit

import jwt
import pytest
import requests
from allauth.socialaccount.models import SocialAccount
from django.test import Client
from django.urls import reverse

from hakari.office.people.models import Person
from tests.pages.conftest import Company

ISSUER = "https://login.company.example"
LOGIN = "/accounts/oidc/company/login/"
Provider = Callable[..., "FakeProvider"]


class FakeProvider:
    """An OpenID provider as far as a sign-in asks of it (OpenID Connect Core, 3.1.3 and 5.3; Discovery, 4)."""

    def __init__(self, **claims: Any) -> None:
        self.claims = {"sub": "1234", "name": "Somebody", **claims}
        self.asked: list[str] = []

    def answer(self, method: str, url: str, data: Any = None) -> Any:
        """Return what the provider answers at an address."""
        self.asked.append(url)
        if url.endswith("/.well-known/openid-configuration"):
            names = {"token_endpoint": "token", "authorization_endpoint": "authorize", "userinfo_endpoint": "userinfo"}
            return {"issuer": ISSUER, "jwks_uri": f"{ISSUER}/keys", **{k: f"{ISSUER}/{v}" for k, v in names.items()}}
        if url == f"{ISSUER}/token":
            assert data["code_verifier"], "the proof of the one who began is sent along"
            claims = {"iss": ISSUER, "aud": "hakari", "exp": 32503680000, "iat": 0, **self.claims}
            token = jwt.encode(claims, "k" * 32, algorithm="HS256")
            return {"access_token": "opaque", "id_token": token, "token_type": "Bearer"}
        assert url == f"{ISSUER}/userinfo"
        return self.claims


@pytest.fixture
def provider(settings: Any, monkeypatch: pytest.MonkeyPatch) -> Provider:
    """Return a function that sets up a provider whose person has these claims."""
    app = {
        "provider_id": "company",
        "name": "Company",
        "client_id": "hakari",
        "secret": "s",
        "settings": {"server_url": ISSUER},
    }
    settings.SOCIALACCOUNT_PROVIDERS = {"openid_connect": {"OAUTH_PKCE_ENABLED": True, "APPS": [app]}}

    def make(**claims: Any) -> FakeProvider:
        fake = FakeProvider(**claims)

        def request(self: Any, method: str, url: str, **given: Any) -> requests.Response:
            response = requests.Response()
            response.status_code = 200
            response.headers["Content-Type"] = "application/json"
            response._content = json.dumps(fake.answer(method, url, given.get("data"))).encode()
            return response

        monkeypatch.setattr(requests.Session, "request", request)
        return fake

    return make


def _sign_in(client: Client, query: str = "") -> Any:
    page = client.post(LOGIN + query)
    away = urlsplit(page.context["address"])
    state = parse_qs(away.query)["state"][0]
    return client.get(f"{LOGIN}callback/", {"code": "c", "state": state})


def test_the_sign_in_page_offers_it_where_it_is_set_up(company: Company, settings: Any, provider: Provider) -> None:
    provider()
    assert "Sign in with Company" in Client().get(reverse("account_login")).content.decode()
    settings.SOCIALACCOUNT_PROVIDERS = {}
    assert "Sign in with" not in Client().get(reverse("account_login")).content.decode()
    assert Client().post(LOGIN).status_code == 404


def test_a_link_alone_begins_nothing(company: Company, provider: Provider) -> None:
    fake = provider()
    page = Client().get(LOGIN).content.decode()
    assert "Go on" in page
    assert "office.css" in page
    assert fake.asked == []


def test_a_provider_that_does_not_answer_is_told_as_such(
    company: Company, provider: Provider, monkeypatch: pytest.MonkeyPatch
) -> None:
    provider()

    def fail(*_: Any, **__: Any) -> None:
        raise requests.ConnectionError

    monkeypatch.setattr(requests.Session, "request", fail)
    page = Client().post(LOGIN)
    assert page.status_code == 502
    assert "did not work" in page.content.decode()


def test_the_way_there_leads_over_a_page_with_proof_and_state(company: Company, provider: Provider) -> None:
    provider()
    page = Client().post(LOGIN)
    query = parse_qs(urlsplit(page.context["address"]).query)
    assert page.context["address"].startswith(f"{ISSUER}/authorize?")
    assert (query["code_challenge_method"], query["response_type"]) == (["S256"], ["code"])
    assert query["redirect_uri"] == ["http://testserver/accounts/oidc/company/login/callback/"]
    assert "refresh" in page.content.decode()


def test_a_known_person_with_a_verified_address_gets_in(company: Company, provider: Provider) -> None:
    provider(email="Owner@example.com", email_verified=True)
    client = Client()
    assert _sign_in(client).headers["Location"] == "/"
    assert "Owner" in client.get(reverse("people:me")).content.decode()
    assert SocialAccount.objects.get().user == company.owner


@pytest.mark.parametrize("verified", [False, "false", None, "no", 0])
def test_an_address_that_the_provider_has_not_verified_opens_nothing(
    company: Company, provider: Provider, verified: object
) -> None:
    provider(email="owner@example.com", email_verified=verified)
    client = Client()
    assert _sign_in(client).status_code == 403
    assert client.get(reverse("people:me")).status_code == 302
    assert not SocialAccount.objects.exists()


def test_somebody_whom_the_office_does_not_know_gets_no_account(company: Company, provider: Provider) -> None:
    provider(email="new@example.com", email_verified=True)
    before = Person.objects.count()
    answer = _sign_in(Client())
    assert answer.status_code == 403
    assert "no account with your address" in answer.content.decode()
    assert Person.objects.count() == before


def test_one_who_was_closed_since_does_not_get_in(company: Company, provider: Provider) -> None:
    provider(email="owner@example.com", email_verified=True)
    _sign_in(Client())
    Person.objects.filter(pk=company.owner.pk).update(is_active=False)
    client = Client()
    assert _sign_in(client).headers["Location"] == reverse("account_inactive")
    assert client.get(reverse("people:me")).status_code == 302


def test_the_provider_is_not_joined_to_an_account_by_hand(company: Company, provider: Provider) -> None:
    provider(email="owner@example.com", email_verified=True)
    client = Client()
    client.force_login(company.stranger)
    assert _sign_in(client, "?process=connect").status_code == 403
    assert not SocialAccount.objects.exists()


def test_an_answer_that_nobody_asked_for_opens_nothing(company: Company, provider: Provider) -> None:
    provider(email="owner@example.com", email_verified=True)
    client = Client()
    assert client.get(f"{LOGIN}callback/", {"code": "c", "state": "made-up"}).status_code == 401
    assert client.get(reverse("people:me")).status_code == 302


def test_breaking_off_at_the_provider_is_told_kindly(company: Company, provider: Provider) -> None:
    provider()
    client = Client()
    state = parse_qs(urlsplit(client.post(LOGIN).context["address"]).query)["state"][0]
    page = client.get(f"{LOGIN}callback/", {"error": "access_denied", "state": state}, follow=True)
    assert "You did not sign in" in page.content.decode()
