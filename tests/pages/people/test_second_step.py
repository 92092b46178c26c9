"""The second step: set up, asked for, got round by a recovery code, and taken away."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse

from hakari.office.core.models import Event
from tests.pages.conftest import Company

PASSWORD = "a long password 1"


def _code(secret: str, steps: int = 0) -> str:
    return str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + steps)))


def _sign_in(client: Client) -> Any:
    return client.post(reverse("account_login"), {"login": "owner@example.com", "password": PASSWORD})


def _set_up(client: Client) -> str:
    """Set up an app as a person would, and return its key."""
    _sign_in(client)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    client.post(reverse("mfa_activate_totp"), {"code": _code(secret)})
    return str(secret)


def test_setting_it_up_asks_for_the_password_first(company: Company) -> None:
    client = Client()
    _sign_in(client)
    answer = client.get(reverse("mfa_activate_totp"))
    assert answer.headers["Location"].startswith(reverse("account_reauthenticate"))


def test_the_key_is_shown_as_a_picture_inside_the_page_and_as_text(company: Company) -> None:
    client = Client()
    _sign_in(client)
    client.post(reverse("account_reauthenticate"), {"password": PASSWORD})
    page = client.get(reverse("mfa_activate_totp"))
    text = page.content.decode()
    assert 'src="data:image/svg+xml;base64,' in text
    assert page.context["form"].secret in text


def test_signing_in_asks_for_a_code_then(company: Company) -> None:
    secret = _set_up(Client())
    client = Client()
    assert _sign_in(client).headers["Location"] == reverse("mfa_authenticate")
    assert client.get(reverse("people:me")).status_code == 302
    wrong = client.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "This code is not right" in wrong.content.decode()
    client.post(reverse("mfa_authenticate"), {"code": _code(secret, 1)})
    assert client.get(reverse("people:me")).status_code == 200


def test_a_code_counts_once(company: Company) -> None:
    secret = _set_up(Client())
    first, second = Client(), Client()
    for client in (first, second):
        _sign_in(client)
        client.post(reverse("mfa_authenticate"), {"code": _code(secret, 1)})
    assert [client.get(reverse("people:me")).status_code for client in (first, second)] == [200, 302]


def test_a_recovery_code_stands_in_once(company: Company) -> None:
    inside = Client()
    _set_up(inside)
    page = inside.get(reverse("mfa_view_recovery_codes")).content.decode()
    code = re.findall(r"<li><code>(\d+)</code></li>", page)[0]
    first, second = Client(), Client()
    for client in (first, second):
        _sign_in(client)
        client.post(reverse("mfa_authenticate"), {"code": code})
    assert [client.get(reverse("people:me")).status_code for client in (first, second)] == [200, 302]


def test_it_can_be_taken_away_and_each_step_stands_in_the_ledger_and_in_the_mail(
    company: Company, monkeypatch: pytest.MonkeyPatch
) -> None:
    # A test's transaction is never committed; what waits for that runs at once here.
    monkeypatch.setattr(transaction, "on_commit", lambda run, **_: run())
    client = Client()
    _set_up(client)
    assert "Stop using the app?" in client.get(reverse("mfa_deactivate_totp")).content.decode()
    client.post(reverse("mfa_deactivate_totp"))
    kinds = Event.objects.filter(by=company.owner.key).values_list("kind", flat=True)
    assert {"person.factor_added", "person.factor_removed"} <= set(kinds)
    assert {"Second step set up", "Second step taken away"} <= {letter.subject for letter in mail.outbox}
    assert _sign_in(Client()).headers["Location"] == "/"


@pytest.mark.parametrize("name", ["mfa_index", "mfa_view_recovery_codes", "mfa_generate_recovery_codes"])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_its_pages_are_all_our_own(company: Company, name: str, language: str) -> None:
    client = Client()
    _set_up(client)
    client.cookies["language"] = language
    page = client.get(reverse(name)).content.decode()
    assert "office.css" in page
    assert page.count("<h1>") == 1


def test_the_codes_can_be_taken_along_as_a_file(company: Company) -> None:
    client = Client()
    _set_up(client)
    file = client.get(reverse("mfa_download_recovery_codes"))
    assert file.headers["Content-Type"].startswith("text/plain")
    assert len(re.findall(r"^\d{8}$", file.content.decode(), re.M)) == 10
