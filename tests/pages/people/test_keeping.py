"""Accounts, units and roles as administrators keep them."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable

import pytest
from allauth.usersessions.models import UserSession
from django.core import mail
from django.db import IntegrityError, transaction
from django.test import Client, TestCase
from django.urls import reverse
from django.utils import timezone

from hakari.errors import ConflictError, InputError, NotAllowedError
from hakari.messages import say
from hakari.office.core.ledger.store import verify
from hakari.office.core.mail import send
from hakari.office.core.models import Event, FreeText, MailItem
from hakari.office.people.access import access_of
from hakari.office.people.actions import accounts, assignments, units
from hakari.office.people.actions.tokens import create_token
from hakari.office.people.models import Assignment, Person, Unit
from hakari.office.people.permissions import Permission as May
from hakari.office.people.tokens import find_token, token_text
from tests.pages.conftest import Company

pytestmark = pytest.mark.postgres
SignIn = Callable[[Person], Client]
TODAY = timezone.localdate()
DAY = datetime.timedelta(days=1)
PAGES = ["people:list", "people:add", "people:units", "people:unit_add"]
ABOUT = ["people:person", "people:role_give", "people:change"]


def _urls(company: Company) -> list[str]:
    held = Assignment.objects.get(person=company.owner)
    return [
        *(reverse(name) for name in PAGES),
        *(reverse(name, args=[company.owner.key]) for name in ABOUT),
        reverse("people:unit", args=[company.cameras.key]),
        reverse("people:role_end", args=[company.owner.key, held.pk]),
        *(
            reverse("people:act", args=[company.owner.key, act])
            for act in ("erase", "deactivate", "activate", "invite")
        ),
    ]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_an_administrator_reads_each_page_in_their_language(company: Company, sign_in: SignIn, language: str) -> None:
    Person.objects.filter(pk=company.admin.pk).update(language=language)
    client = sign_in(company.admin)
    for url in _urls(company):
        page = client.get(url)
        assert page.status_code == 200, url
        text = page.content.decode()
        assert f'<html lang="{language}">' in text
        assert re.search(r"office\.[a-z]+\.[a-z_.]+", re.sub(r"<link[^>]*>", "", text)) is None, url


@pytest.mark.parametrize("who", ["owner", "head", "auditor", "stranger", "outsider"])
def test_nobody_else_reads_or_sends_them(company: Company, sign_in: SignIn, who: str) -> None:
    client = sign_in(company.people[who])
    for url in _urls(company):
        assert client.get(url).status_code == 403, url
        assert client.post(url).status_code in (403, 405), url
    assert not Event.objects.exists()


def test_signed_out_all_lead_to_the_sign_in(company: Company) -> None:
    for url in _urls(company):
        assert Client().get(url).headers["Location"].startswith(reverse("account_login"))


def test_every_action_is_refused_to_others(company: Company) -> None:
    held = Assignment.objects.get(person=company.owner)
    calls: list[Callable[[], object]] = [
        lambda: accounts.add_person("new@example.com", "New", by=company.head),
        lambda: accounts.invite_again(company.owner, by=company.head),
        lambda: accounts.assign_unit(company.owner, company.music, by=company.head),
        lambda: accounts.deactivate(company.owner, by=company.head),
        lambda: accounts.activate(company.owner, by=company.head),
        lambda: accounts.erase(company.owner, by=company.head),
        lambda: assignments.give_role(company.owner, "auditor", None, starts=TODAY, by=company.head),
        lambda: assignments.end_role(held, by=company.head),
        lambda: units.add_unit("New", parent=None, by=company.head),
        lambda: units.rename_unit(company.music, "New", by=company.head),
        lambda: units.move_unit(company.music, None, by=company.head),
    ]
    for call in calls:
        with pytest.raises(NotAllowedError):
            call()
    assert not Event.objects.exists()


def test_people_are_found_by_name_reading_address_and_unit(company: Company, sign_in: SignIn) -> None:
    company.add("suzuki", "owner", company.lenses, reading="すずき")
    Person.objects.filter(email="suzuki@example.com").update(name="鈴木 一郎")
    client = sign_in(company.admin)
    for query in ({"q": "鈴木"}, {"q": "すずき"}, {"q": "SUZUKI@"}, {"q": "鈴木", "unit": company.cameras.key}):
        assert "suzuki@example.com" in client.get(reverse("people:list"), query).content.decode()
    for query in ({"q": "佐藤"}, {"q": "鈴木", "unit": company.music.key}, {"q": "鈴木", "state": "inactive"}):
        assert "suzuki@example.com" not in client.get(reverse("people:list"), query).content.decode()


def test_japanese_names_stand_in_the_order_of_their_reading(company: Company, sign_in: SignIn) -> None:
    for email, name, reading in (("b", "安藤", "あんどう"), ("a", "渡辺", "わたなべ"), ("c", "鈴木", "すずき")):
        company.add(email, None, None, reading=reading)
        Person.objects.filter(email=f"{email}@example.com").update(name=name)
    page = sign_in(company.admin).get(reverse("people:list")).content.decode()
    assert page.index("安藤") < page.index("鈴木") < page.index("渡辺")


def test_the_list_asks_the_database_as_often_for_many_as_for_few(
    company: Company, sign_in: SignIn, django_assert_max_num_queries: Callable[[int], object]
) -> None:
    for number in range(60):
        company.add(f"p{number}", "owner", company.cameras)
    client = sign_in(company.admin)
    client.get(reverse("people:list"))
    with django_assert_max_num_queries(12):  # type: ignore[attr-defined]
        page = client.get(reverse("people:list"), {"page": 2}).content.decode()
    assert page.count('scope="row"') == 25


def test_a_new_account_gets_a_letter_whose_link_sets_a_password(company: Company, sign_in: SignIn) -> None:
    form = {
        "email": "New@Example.com",
        "name": "新田",
        "reading": "にった",
        "language": "ja",
        "unit": company.music.key,
    }
    with TestCase.captureOnCommitCallbacks(execute=True):
        sign_in(company.admin).post(reverse("people:add"), form)
    letter = mail.outbox[-1]
    assert (letter.to, letter.subject) == (["new@example.com"], "【AI倫理室】アカウントを作成しました")
    link = re.search(r"http://testserver(\S+)", str(letter.body))
    assert link is not None
    new = Client()
    page = new.get(link[1], follow=True)
    new.post(page.request["PATH_INFO"], {"password1": "a quite long one 3", "password2": "a quite long one 3"})
    login = {"login": "new@example.com", "password": "a quite long one 3"}
    assert new.post(reverse("account_login"), login).headers["Location"] == "/"


def test_the_same_address_twice_makes_one_account(company: Company, sign_in: SignIn) -> None:
    client = sign_in(company.admin)
    form = {"email": "owner@example.com", "name": "Twin", "language": "en"}
    assert "already" in client.post(reverse("people:add"), form).content.decode()
    assert Person.objects.filter(email="owner@example.com").count() == 1


def test_a_closed_account_is_out_at_once_and_can_be_opened_again(company: Company) -> None:
    client = Client()
    client.post(reverse("account_login"), {"login": "owner@example.com", "password": "a long password 1"})
    accounts.deactivate(company.owner, by=company.admin)
    assert client.get(reverse("people:me")).status_code == 302
    assert not UserSession.objects.filter(user=company.owner).exists()
    assert not access_of(Person.objects.get(pk=company.owner.pk)).signed_in
    accounts.activate(Person.objects.get(pk=company.owner.pk), by=company.admin)
    assert access_of(Person.objects.get(pk=company.owner.pk)).may(May.EDIT, company.cameras)


def test_nobody_closes_or_erases_themselves(company: Company) -> None:
    company.add("second", "admin", None)
    for act in (accounts.deactivate, accounts.erase):
        with pytest.raises(NotAllowedError):
            act(company.admin, by=company.admin)


def test_the_last_administrator_stays(company: Company) -> None:
    second = company.add("second", "admin", None)
    accounts.deactivate(second, by=company.admin)
    second = Person.objects.get(pk=second.pk)
    accounts.activate(second, by=company.admin)
    Assignment.objects.filter(person=second).update(ends=TODAY + DAY)
    held = Assignment.objects.get(person=company.admin)
    for act in (
        lambda: accounts.deactivate(company.admin, by=second),
        lambda: accounts.erase(company.admin, by=second),
        lambda: assignments.end_role(held, by=second),
    ):
        with pytest.raises(NotAllowedError):
            act()
    Assignment.objects.filter(person=second).update(ends=None)
    assignments.end_role(held, by=second)
    assert not access_of(company.admin).may(May.MANAGE_PEOPLE)


def test_nobody_gives_a_role_to_themselves(company: Company, sign_in: SignIn) -> None:
    with pytest.raises(NotAllowedError):
        assignments.give_role(company.admin, "auditor", None, starts=TODAY, by=company.admin)
    url = reverse("people:role_give", args=[company.admin.key])
    assert sign_in(company.admin).get(url).status_code == 403
    answer = sign_in(company.admin).post(url, {"role": "auditor", "starts": TODAY.isoformat()})
    assert answer.status_code == 403
    assert not access_of(company.admin).may(May.AUDIT)


@pytest.mark.parametrize(
    ("starts", "ends", "holds"), [(-1, 1, True), (0, 0, True), (0, None, True), (1, None, False), (-2, -1, False)]
)
def test_a_role_counts_from_its_first_day_to_its_last(
    company: Company, starts: int, ends: int | None, holds: bool
) -> None:
    last = None if ends is None else TODAY + ends * DAY
    assignments.give_role(
        company.outsider, "delegate", company.cameras, starts=TODAY + starts * DAY, ends=last, by=company.admin
    )
    assert access_of(company.outsider).may(May.DECIDE_MIDDLE, company.cameras) is holds


def test_a_role_counts_in_all_below_its_unit_and_nowhere_else(company: Company) -> None:
    assignments.give_role(company.outsider, "delegate", company.cameras, starts=TODAY, by=company.admin)
    access = access_of(company.outsider)
    places = {unit.name: access.may(May.DECIDE_MIDDLE, unit) for unit in Unit.objects.all()}
    assert places == {"Company": False, "Cameras": True, "Lenses": True, "Music": False}


def test_a_role_moves_with_its_unit(company: Company) -> None:
    assignments.give_role(company.outsider, "delegate", company.music, starts=TODAY, by=company.admin)
    units.move_unit(company.cameras, company.music, by=company.admin)
    lenses = Unit.objects.get(pk=company.lenses.pk)
    assert access_of(company.outsider).may(May.DECIDE_MIDDLE, lenses)
    assert lenses.path == f"/{company.top.pk}/{company.music.pk}/{company.cameras.pk}/{lenses.pk}/"


def test_a_role_taken_back_counts_no_more_from_that_moment_and_stays_on_record(
    company: Company, sign_in: SignIn
) -> None:
    held = Assignment.objects.get(person=company.owner)
    sign_in(company.admin).post(reverse("people:role_end", args=[company.owner.key, held.pk]))
    assert access_of(company.owner).held == ()
    held.refresh_from_db()
    assert held.ended_by == company.admin.key
    assert Event.objects.get(kind="role.ended").object_key == company.owner.key


def test_the_same_role_given_twice_is_one(company: Company, sign_in: SignIn) -> None:
    client = sign_in(company.admin)
    form = {"role": "engineer", "unit": company.music.key, "starts": TODAY.isoformat(), "ends": ""}
    for _ in range(2):
        client.post(reverse("people:role_give", args=[company.outsider.key]), form)
    assert Assignment.objects.filter(person=company.outsider).count() == 1


@pytest.mark.parametrize(("role", "with_unit"), [("auditor", True), ("owner", False)])
def test_a_role_is_given_only_where_it_makes_sense(company: Company, role: str, with_unit: bool) -> None:
    unit = company.cameras if with_unit else None
    with pytest.raises(InputError):
        assignments.give_role(company.outsider, role, unit, starts=TODAY, by=company.admin)


def test_a_period_that_ends_before_it_starts_is_refused_by_form_action_and_database(
    company: Company, sign_in: SignIn
) -> None:
    form = {"role": "auditor", "starts": TODAY.isoformat(), "ends": (TODAY - DAY).isoformat()}
    page = sign_in(company.admin).post(reverse("people:role_give", args=[company.outsider.key]), form)
    assert "The last day lies before the first" in page.content.decode()
    with pytest.raises(InputError):
        assignments.give_role(company.outsider, "auditor", None, starts=TODAY, ends=TODAY - DAY, by=company.admin)
    with pytest.raises(IntegrityError), transaction.atomic():
        Assignment.objects.create(person=company.outsider, role="auditor", starts=TODAY, ends=TODAY - DAY)


def test_a_unit_cannot_hang_below_itself_nor_below_its_own(company: Company, sign_in: SignIn) -> None:
    for parent in (company.cameras, company.lenses):
        with pytest.raises(InputError):
            units.move_unit(company.cameras, parent, by=company.admin)
    form = {"name": "Renamed", "name_ja": "", "parent": company.lenses.key, "version": 1}
    page = sign_in(company.admin).post(reverse("people:unit", args=[company.cameras.key]), form)
    assert "cannot hang below itself" in page.content.decode()
    assert Unit.objects.get(pk=company.cameras.pk).name == "Cameras"


def test_of_two_who_rename_a_unit_the_second_is_told(company: Company, sign_in: SignIn) -> None:
    units.rename_unit(company.music, "Sound", name_ja="音", by=company.admin)
    form = {"name": "Songs", "name_ja": "歌", "parent": company.top.key, "version": 1}
    page = sign_in(company.admin).post(reverse("people:unit", args=[company.music.key]), form)
    assert page.status_code == 409
    assert "Sound" in page.content.decode()
    assert 'value="Songs"' in page.content.decode()
    with pytest.raises(ConflictError):
        units.rename_unit(Unit.objects.get(pk=company.music.pk), "X", seen=1, by=company.admin)


def test_a_unit_is_added_once_and_hangs_where_it_should(company: Company, sign_in: SignIn) -> None:
    client = sign_in(company.admin)
    for _ in range(2):
        form = {"name": "Film", "name_ja": "フィルム", "parent": company.cameras.key}
        client.post(reverse("people:unit_add"), form)
    film = Unit.objects.get(name="Film")
    assert film.path == f"{company.cameras.path}{film.pk}/"
    assert "Film" in client.get(reverse("people:units")).content.decode()


def test_an_erased_person_leaves_a_key_and_a_ledger_that_holds(company: Company) -> None:
    owner, text = company.owner, FreeText.keep("what the owner wrote")
    client = Client()
    client.post(reverse("account_login"), {"login": "owner@example.com", "password": "a long password 1"})
    create_token(owner, "build", ["use_cases"], 30, seed="s" * 20, by=owner)
    accounts.erase(owner, by=company.admin)
    gone = Person.objects.get(key=owner.key)
    assert (gone.name, gone.reading, gone.is_active, gone.has_usable_password()) == ("", "", False, False)
    assert gone.erased_at is not None
    assert "owner@example.com" not in gone.email
    assert find_token(token_text(owner, "s" * 20)) is None
    assert client.get(reverse("people:me")).status_code == 302
    assert access_of(gone).held == ()
    text.refresh_from_db()
    assert (str(text), text.holds) == ("what the owner wrote", True)
    assert verify([]).holds


def test_nothing_that_names_an_erased_person_is_left_in_our_tables_or_the_ledger(company: Company) -> None:
    Person.objects.filter(pk=company.owner.pk).update(name="Olga Unmistakable", reading="おるが")
    owner = Person.objects.get(pk=company.owner.pk)
    Client().post(reverse("account_reset_password"), {"email": "owner@example.com"})
    accounts.erase(owner, by=company.admin)
    from django.apps import apps

    for model in apps.get_models():
        for row in model._default_manager.all():
            values = " ".join(str(getattr(row, field.attname)) for field in row._meta.concrete_fields)
            assert "Unmistakable" not in values, model
            assert "owner@example.com" not in values, model


def test_an_erased_person_stays_erased(company: Company, sign_in: SignIn) -> None:
    accounts.erase(company.owner, by=company.admin)
    gone = Person.objects.get(pk=company.owner.pk)
    with pytest.raises(InputError):
        accounts.activate(gone, by=company.admin)
    with pytest.raises(IntegrityError), transaction.atomic():
        Person.objects.filter(pk=gone.pk).update(name="Back")
    page = sign_in(company.admin).get(reverse("people:person", args=[gone.key])).content.decode()
    assert "erased" in page


def test_an_administrator_changes_name_and_unit_and_a_second_one_is_told(company: Company, sign_in: SignIn) -> None:
    client, url = sign_in(company.admin), reverse("people:change", args=[company.owner.key])
    form = {"name": "Ono", "reading": "", "language": "ja", "unit": company.music.key, "version": 1}
    assert client.post(url, form).status_code == 302
    changed = Person.objects.get(pk=company.owner.pk)
    assert (changed.name, changed.language, changed.unit) == ("Ono", "ja", company.music)
    page = client.post(url, {**form, "name": "Omori"})
    assert page.status_code == 409
    assert 'value="Omori"' in page.content.decode()
    assert Event.objects.filter(object_key=company.owner.key).count() == 2


def test_mail_that_waits_for_an_erased_person_goes_with_them(company: Company) -> None:
    send(company.owner, subject=say("office.home.title"), body=say("office.home.nothing"), digest=True)
    accounts.erase(company.owner, by=company.admin)
    assert not MailItem.objects.filter(person_id=company.owner.pk).exists()
