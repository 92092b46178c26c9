"""A person's own page: what is known, what they can change, take along, and ask for."""

from __future__ import annotations

import datetime
import json
from collections.abc import Callable

import pytest
from allauth.usersessions.models import UserSession
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from hakari.errors import ConflictError, NotAllowedError
from hakari.office.core.models import Event
from hakari.office.people.actions.profile import ask_for_erasure, change_profile
from hakari.office.people.actions.tokens import create_token
from hakari.office.people.models import Assignment, Person
from tests.pages.conftest import Company

pytestmark = pytest.mark.postgres
SignIn = Callable[[Person], Client]
PASSWORD = "a long password 1"
OWN = ["people:me", "people:profile", "people:sessions", "people:tokens", "people:token_add", "people:erasure"]


def _profile(person: Person, **changes: object) -> dict[str, object]:
    now = {"name": person.name, "reading": person.reading, "language": person.language, "version": person.version}
    return {**now, **changes}


@pytest.mark.parametrize("name", [*OWN, "people:roles"])
@pytest.mark.parametrize("language", ["en", "ja"])
def test_whoever_is_signed_in_reads_each_page_in_their_language(
    company: Company, sign_in: SignIn, name: str, language: str
) -> None:
    Person.objects.filter(pk=company.outsider.pk).update(language=language)
    page = sign_in(company.outsider).get(reverse(name))
    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.content.decode()
    assert "office.people" not in page.content.decode()


@pytest.mark.parametrize("name", [*OWN, "people:export", "people:roles"])
def test_nobody_reads_them_signed_out(company: Company, name: str) -> None:
    assert Client().get(reverse(name)).headers["Location"].startswith(reverse("account_login"))


def test_it_says_which_roles_hold_where_and_until_when(company: Company, sign_in: SignIn) -> None:
    Assignment.objects.filter(person=company.owner).update(ends=timezone.localdate())
    page = sign_in(company.owner).get(reverse("people:me")).content.decode()
    assert "Answers for use cases" in page
    assert "Cameras" in page
    assert f'datetime="{timezone.localdate().isoformat()}"' in page


def test_name_reading_and_language_are_changed_with_an_event_without_the_name(
    company: Company, sign_in: SignIn
) -> None:
    client = sign_in(company.owner)
    client.post(reverse("people:profile"), _profile(company.owner, name="大野", reading="おおの", language="ja"))
    company.owner.refresh_from_db()
    assert (company.owner.name, company.owner.reading, company.owner.language) == ("大野", "おおの", "ja")
    event = Event.objects.get(kind="person.profile_changed")
    assert json.loads(bytes(event.body))["data"] == {"fields": ["language", "name", "reading"]}


def test_of_two_changes_the_second_is_shown_both_and_loses_nothing(company: Company, sign_in: SignIn) -> None:
    client = sign_in(company.owner)
    stale = _profile(company.owner, name="Second")
    client.post(reverse("people:profile"), _profile(company.owner, name="First"))
    page = client.post(reverse("people:profile"), stale)
    assert page.status_code == 409
    assert "First" in page.content.decode()
    assert 'value="Second"' in page.content.decode()


@pytest.mark.parametrize("name", ["A\nB", "A\u202eB", "A\u2028B", ""])
def test_a_name_stands_on_one_line(company: Company, sign_in: SignIn, name: str) -> None:
    page = sign_in(company.owner).post(reverse("people:profile"), _profile(company.owner, name=name))
    assert page.status_code == 200
    company.owner.refresh_from_db()
    assert company.owner.name == "Owner"


def test_a_name_that_looks_like_a_page_is_shown_as_text(company: Company, sign_in: SignIn) -> None:
    client = sign_in(company.owner)
    client.post(reverse("people:profile"), _profile(company.owner, name="<script>alert(1)</script>"))
    page = client.get(reverse("people:me")).content.decode()
    assert "<script" not in page
    assert "&lt;script&gt;" in page


def test_others_change_a_profile_only_as_administrators(company: Company) -> None:
    with pytest.raises(NotAllowedError):
        change_profile(company.owner, name="X", reading="", language="en", by=company.stranger)
    change_profile(company.owner, name="X", reading="", language="en", by=company.admin)
    with pytest.raises(ConflictError):
        change_profile(company.owner, name="Y", reading="", language="en", seen=1, by=company.owner)


def test_sessions_are_listed_and_one_is_ended(company: Company) -> None:
    here, there = Client(headers={"user-agent": "Here"}), Client(headers={"user-agent": "Firefox/1 (Windows)"})
    for client in (here, there):
        client.post(reverse("account_login"), {"login": "owner@example.com", "password": PASSWORD})
    page = here.get(reverse("people:sessions")).content.decode()
    assert "Here" in page
    assert "Firefox · Windows" in page
    other = UserSession.objects.get(user_agent__contains="Firefox")
    here.post(reverse("people:sessions"), {"session": other.pk})
    assert (here.get(reverse("people:me")).status_code, there.get(reverse("people:me")).status_code) == (200, 302)
    assert Event.objects.filter(kind="person.sessions_ended", by=company.owner.key).count() == 1


def test_all_other_sessions_are_ended_at_once(company: Company) -> None:
    clients = [Client() for _ in range(3)]
    for client in clients:
        client.post(reverse("account_login"), {"login": "owner@example.com", "password": PASSWORD})
    clients[0].post(reverse("people:sessions"), {"session": "others"})
    assert [client.get(reverse("people:me")).status_code for client in clients] == [200, 302, 302]


def test_the_session_of_somebody_else_does_not_exist(company: Company, sign_in: SignIn) -> None:
    Client().post(reverse("account_login"), {"login": "owner@example.com", "password": PASSWORD})
    theirs = UserSession.objects.get(user=company.owner)
    answer = sign_in(company.stranger).post(reverse("people:sessions"), {"session": theirs.pk})
    assert answer.status_code == 404
    assert UserSession.objects.filter(pk=theirs.pk).exists()


def test_the_file_about_a_person_has_every_table_that_points_to_them(company: Company, sign_in: SignIn) -> None:
    create_token(company.owner, "build", ["use_cases"], 7, seed="s" * 24, by=company.owner)
    file = sign_in(company.owner).get(reverse("people:export"))
    about = file.json()
    expected = {f"{item.related_model._meta.label_lower}.{item.field.name}" for item in Person._meta.related_objects}
    assert expected <= set(about)
    assert about["person"]["email"] == "owner@example.com"
    assert about["people.assignment.person"][0]["role"] == "owner"
    assert about["people.token.person"][0]["name"] == "build"
    assert about["events"]["by"][0]["kind"] == "token.created"


def test_the_file_opens_nothing_and_is_about_nobody_else(company: Company, sign_in: SignIn) -> None:
    token = create_token(company.owner, "build", ["use_cases"], 7, seed="s" * 24, by=company.owner)
    text = sign_in(company.owner).get(reverse("people:export")).content.decode()
    assert token.digest not in text
    assert company.owner.password not in text
    assert "stranger@example.com" not in text


def test_erasure_is_asked_for_seen_by_administrators_and_taken_back(company: Company, sign_in: SignIn) -> None:
    owner = sign_in(company.owner)
    owner.post(reverse("people:erasure"))
    company.owner.refresh_from_db()
    assert company.owner.erasure_asked_at is not None
    listed = sign_in(company.admin).get(reverse("people:list"), {"state": "asked"}).content.decode()
    assert "owner@example.com" in listed
    owner.post(reverse("people:erasure"), {"withdraw": "1"})
    company.owner.refresh_from_db()
    assert company.owner.erasure_asked_at is None


def test_nobody_asks_for_the_erasure_of_another(company: Company) -> None:
    with pytest.raises(NotAllowedError):
        ask_for_erasure(company.owner, by=company.admin)


def test_when_a_session_was_last_seen_is_noted_every_ten_minutes(company: Company) -> None:
    client = Client()
    client.post(reverse("account_login"), {"login": "owner@example.com", "password": PASSWORD})
    client.get(reverse("people:me"))
    past = timezone.now() - datetime.timedelta(hours=1)
    UserSession.objects.update(last_seen_at=past)
    client.get(reverse("people:me"))
    assert UserSession.objects.get().last_seen_at == past
    session = client.session
    session["seen_at"] = 0
    session.save()
    client.get(reverse("people:me"))
    assert UserSession.objects.get().last_seen_at > past
