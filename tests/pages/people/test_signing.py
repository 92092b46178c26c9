"""Signing in, out, and a new password: every step, in both languages."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from hakari.office.core.models import Event
from hakari.office.people.models import Person
from tests.pages.conftest import Company

PASSWORD = "a long password 1"
NEW = "another long password 2"
ME = "/people/me/"


def _login(client: Client, email: str, password: str = PASSWORD) -> Any:
    return client.post(reverse("account_login"), {"login": email, "password": password})


def _link() -> str:
    found = re.search(r"http://testserver(\S+)", str(mail.outbox[-1].body))
    assert found is not None
    return found[1]


@pytest.mark.parametrize(("language", "words"), [("en", "Mail address"), ("ja", "メールアドレス")])
def test_the_sign_in_page_speaks_both_languages(company: Company, language: str, words: str) -> None:
    page = Client(headers={"accept-language": language}).get(reverse("account_login"))
    assert words in page.content.decode()
    assert f'lang="{language}"' in page.content.decode()


def test_address_and_password_open_the_office(company: Company) -> None:
    client = Client()
    assert _login(client, "OWNER@example.com").status_code == 302
    assert client.get(ME).status_code == 200


@pytest.mark.parametrize("language", ["en", "ja"])
def test_a_wrong_password_is_told_as_one_sentence_for_known_and_unknown_alike(company: Company, language: str) -> None:
    client = Client(headers={"accept-language": language})
    known = client.post(reverse("account_login"), {"login": "owner@example.com", "password": "no"}).content.decode()
    unknown = client.post(reverse("account_login"), {"login": "nobody@example.com", "password": "no"}).content.decode()
    words = "Address or password is not right" if language == "en" else "メールアドレスかパスワードが正しくありません"
    assert words in known
    assert words in unknown


def test_the_sixth_wrong_password_for_an_account_is_refused_even_if_right(company: Company, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login_failed": "5/5m/key"}
    for _ in range(5):
        _login(Client(), "owner@example.com", "wrong")
    page = _login(Client(), "owner@example.com")
    assert "Too many attempts" in page.content.decode()


def test_one_who_is_deactivated_does_not_get_in_and_is_out_at_once(
    company: Company, sign_in: Callable[[Person], Client]
) -> None:
    inside = sign_in(company.owner)
    type(company.owner).objects.filter(pk=company.owner.pk).update(is_active=False)
    assert inside.get(ME).status_code == 302
    assert _login(Client(), "owner@example.com").headers["Location"] == reverse("account_inactive")


def test_signing_out_needs_a_button(company: Company, sign_in: Callable[[Person], Client]) -> None:
    client = sign_in(company.owner)
    client.get(reverse("account_logout"))
    assert client.get(ME).status_code == 200
    client.post(reverse("account_logout"))
    assert client.get(ME).status_code == 302


def test_nobody_signs_up(company: Company) -> None:
    assert Client().get(reverse("account_signup")).status_code == 403
    assert Client().post(reverse("account_signup"), {"email": "a@example.com"}).status_code == 403


def test_a_forgotten_password_is_set_anew_by_a_link_that_works_once(company: Company) -> None:
    client = Client()
    client.post(reverse("account_reset_password"), {"email": "owner@example.com"})
    link = _link()
    form = client.get(link, follow=True)
    done = client.post(form.request["PATH_INFO"], {"password1": NEW, "password2": NEW})
    assert done.headers["Location"] == reverse("account_reset_password_from_key_done")
    assert _login(Client(), "owner@example.com", NEW).status_code == 302
    assert "no longer works" in Client().get(link, follow=True).content.decode()


def test_asking_for_an_unknown_address_looks_the_same_and_sends_nothing(company: Company) -> None:
    known = Client().post(reverse("account_reset_password"), {"email": "owner@example.com"})
    unknown = Client().post(reverse("account_reset_password"), {"email": "nobody@example.com"})
    assert known.headers["Location"] == unknown.headers["Location"]
    assert [letter.to for letter in mail.outbox] == [["owner@example.com"]]


def test_letters_speak_the_language_of_the_account(company: Company) -> None:
    type(company.owner).objects.filter(pk=company.owner.pk).update(language="ja", name="大野\r\nBcc: x@example.com")
    Client(headers={"accept-language": "en"}).post(reverse("account_reset_password"), {"email": "owner@example.com"})
    letter = mail.outbox[-1]
    assert letter.subject == "【AI倫理室】パスワードの再設定"
    assert letter.recipients() == ["owner@example.com"]
    assert "Bcc" not in letter.message().as_string().split("\n\n")[0]


def test_a_changed_password_ends_the_other_sessions_and_stands_in_the_ledger(company: Company) -> None:
    here, elsewhere = Client(), Client()
    for client in (here, elsewhere):
        _login(client, "owner@example.com")
    form = {"oldpassword": PASSWORD, "password1": NEW, "password2": NEW}
    here.post(reverse("account_change_password"), form)
    assert (here.get(ME).status_code, elsewhere.get(ME).status_code) == (200, 302)
    assert Event.objects.filter(kind="person.password_changed", by=company.owner.key).count() == 1
    assert mail.outbox[-1].subject == "Your password was changed"


@pytest.mark.parametrize("password", ["short", "passwordpassword1"[:8], "owner@example.com"])
def test_weak_passwords_are_refused(company: Company, password: str) -> None:
    client = Client()
    _login(client, "owner@example.com")
    form = {"oldpassword": PASSWORD, "password1": password, "password2": password}
    assert client.post(reverse("account_change_password"), form).status_code == 200
    assert company.owner.check_password(PASSWORD)


def test_the_cookies_are_out_of_reach_of_scripts_and_other_sites(company: Company) -> None:
    client = Client()
    client.get(reverse("account_login"))
    _login(client, "owner@example.com")
    for name in ("sessionid", "csrftoken"):
        assert client.cookies[name]["httponly"]
        assert client.cookies[name]["samesite"] == "Lax"


def test_the_cookies_travel_over_tls_only_where_the_site_does() -> None:
    from hakari.office.settings import CSRF_COOKIE_SECURE, SECURE, SESSION_COOKIE_SECURE

    assert SESSION_COOKIE_SECURE is CSRF_COOKIE_SECURE is SECURE


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize(
    "name",
    [
        "account_login",
        "account_inactive",
        "account_signup",
        "account_reset_password",
        "account_reset_password_done",
        "account_reset_password_from_key_done",
        "socialaccount_login_cancelled",
        "socialaccount_login_error",
        "socialaccount_signup",
    ],
)
def test_every_page_before_signing_in_is_in_our_frame_and_words(company: Company, name: str, language: str) -> None:
    page = Client(headers={"accept-language": language}).get(reverse(name)).content.decode()
    assert f'<html lang="{language}">' in page
    assert page.count("<h1>") == 1
    assert "office.people" not in page


@pytest.mark.parametrize("language", ["en", "ja"])
@pytest.mark.parametrize("name", ["account_change_password", "account_reauthenticate", "account_logout", "mfa_index"])
def test_and_so_is_every_page_after_it(
    company: Company, sign_in: Callable[[Person], Client], name: str, language: str
) -> None:
    client = sign_in(company.owner)
    client.cookies["language"] = language
    page = client.get(reverse(name)).content.decode()
    assert f'<html lang="{language}">' in page
    assert page.count("<h1>") == 1


def test_one_without_a_password_sets_a_first_one(company: Company, sign_in: Callable[[Person], Client]) -> None:
    company.owner.set_unusable_password()
    company.owner.save()
    client = sign_in(company.owner)
    assert client.get(reverse("account_change_password")).headers["Location"] == reverse("account_set_password")
    assert "Set a password" in client.get(reverse("account_set_password")).content.decode()
    client.post(reverse("account_set_password"), {"password1": NEW, "password2": NEW})
    assert _login(Client(), "owner@example.com", NEW).status_code == 302


def test_too_many_requests_get_a_page_of_ours(company: Company, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"reset_password": "1/m/ip"}
    for _ in range(2):
        page = Client().post(reverse("account_reset_password"), {"email": "owner@example.com"})
    assert page.status_code == 429
    assert "Wait five minutes" in page.content.decode()


def test_the_way_back_after_signing_in_leads_to_no_other_site(company: Company) -> None:
    form = {"login": "owner@example.com", "password": PASSWORD, "next": "https://elsewhere.example/"}
    assert Client().post(reverse("account_login"), form).headers["Location"] == "/"
