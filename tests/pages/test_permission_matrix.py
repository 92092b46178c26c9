"""Every view, asked by every person for every object, gives the answer that stands in the tables of `matrix`.

The tables name people by hand, role by role and object by object: nothing in them is computed by the site's own rules.
"""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db.models import Q
from django.urls import get_resolver
from django.utils import timezone
from pytest_django.plugin import DjangoDbBlocker

from hakari.office.core.ledger.store import verify
from hakari.office.core.models import MailItem
from hakari.office.intake.actions.notifying import start, submit
from hakari.office.intake.lanes import Lane
from hakari.office.people.models import Assignment, Person, new_key
from hakari.office.registry.actions import change_visibility
from hakari.office.registry.models import UseCase
from tests.pages.conftest import TODAY, drop_triggers, make_company
from tests.pages.intake.conftest import MIDDLE, write_all
from tests.pages.matrix.answers import NOBODY, PEOPLE, Answer, answer_of
from tests.pages.matrix.asking import Got, ask_all
from tests.pages.matrix.leaks import EXPORTS, TELLS, Found, forbidden, look_for_words
from tests.pages.matrix.rows_accounts import ACCOUNTS
from tests.pages.matrix.rows_api import API
from tests.pages.matrix.rows_committee import COMMITTEE
from tests.pages.matrix.rows_committee_export import COMMITTEE_EXPORT
from tests.pages.matrix.rows_committee_meetings import COMMITTEE_MEETINGS
from tests.pages.matrix.rows_information import INFORMATION
from tests.pages.matrix.rows_intake import INTAKE
from tests.pages.matrix.rows_keys import KEYS
from tests.pages.matrix.rows_lifecycle import LIFECYCLE
from tests.pages.matrix.rows_oversight import OVERSIGHT
from tests.pages.matrix.rows_people import OWN_PAGES
from tests.pages.matrix.rows_registry import KNOWS, REGISTRY, SEES
from tests.pages.matrix.world import WORDS, Browser, World, build

pytestmark = [pytest.mark.django_db, pytest.mark.postgres, pytest.mark.timeout(1_200)]
ROWS = (
    *ACCOUNTS,
    *OWN_PAGES,
    *REGISTRY,
    *INTAKE,
    *INFORMATION,
    *KEYS,
    *LIFECYCLE,
    *COMMITTEE,
    *COMMITTEE_EXPORT,
    *COMMITTEE_MEETINGS,
    *OVERSIGHT,
    *API,
)
_DONE = (Answer.PAGE, Answer.ELSEWHERE)
_YESTERDAY, _TOMORROW = (timezone.localdate() + datetime.timedelta(days=days) for days in (-1, 1))
_COMES_AND_GOES = {"sessions.session", "usersessions.usersession"}


@dataclass(frozen=True)
class Round:
    """Everything that was asked, and how many rows each table had before and after."""

    got: tuple[Got, ...]
    before: Mapping[str, int]
    after: Mapping[str, int]


@pytest.fixture(scope="module")
def world(django_db_setup: None, django_db_blocker: DjangoDbBlocker) -> Iterator[World]:
    """Return the world; afterwards the database is empty again."""
    with django_db_blocker.unblock():
        try:
            yield build(make_company())
        finally:
            drop_triggers()
            call_command("flush", interactive=False, verbosity=0)


@pytest.fixture(scope="module")
def asked(world: World) -> Round:
    """Return what everybody got for everything."""
    before = _rows()
    got = tuple(ask_all(world, ROWS))
    return Round(got=got, before=before, after=_rows())


@pytest.fixture(scope="module")
def found(world: World) -> tuple[Found, ...]:
    """Return what everybody found who looked for every use case everywhere."""
    return tuple(look_for_words(world))


def _rows() -> dict[str, int]:
    models = (model for model in apps.get_models() if model._meta.managed)
    counts = {model._meta.label_lower: model._default_manager.count() for model in models}
    return {name: count for name, count in counts.items() if name not in _COMES_AND_GOES}


def _views(patterns: Iterable[Any], space: str = "") -> Iterator[tuple[str, Any]]:
    for item in patterns:
        if hasattr(item, "url_patterns"):
            yield from _views(item.url_patterns, f"{space}{item.namespace}:" if item.namespace else space)
        else:
            yield f"{space}{item.name}", item.callback


def _report(lines: Iterable[str]) -> None:
    wrong = list(lines)
    assert not wrong, f"{len(wrong)} wrong:\n" + "\n".join(wrong)


def test_every_view_has_its_rows_for_looking_and_for_sending() -> None:
    views = {name for name, _ in _views(get_resolver().url_patterns)}
    tested = {(row.view, row.method) for row in ROWS}
    assert {row.view for row in ROWS} == views
    _report(f"{view} {method}" for view in sorted(views) for method in ("GET", "POST") if (view, method) not in tested)


def test_every_view_says_for_whom_it_is_open_and_the_table_agrees() -> None:
    marks = {name: getattr(callback, "opens_to", None) for name, callback in _views(get_resolver().url_patterns)}
    _report(name for name, mark in marks.items() if mark is None)
    rows = [row for row in ROWS if row.method == "GET" and marks[row.view] != "token"]
    _report(row.name for row in rows if (marks[row.view] == "public") != (NOBODY in row.opens_to))


@pytest.mark.slow
def test_everybody_gets_the_answer_of_the_table(asked: Round) -> None:
    _report(got.line for got in asked.got if got.answer != got.expected)


@pytest.mark.slow
def test_what_is_hidden_and_what_is_not_there_answer_alike(asked: Round) -> None:
    texts: dict[tuple[str, str], dict[str, str]] = defaultdict(dict)
    for got in asked.got:
        if got.answer == Answer.GONE:
            texts[got.row.name, got.person].setdefault(got.text, got.thing)
    _report(f"{name} · {person}: {sorted(found.values())}" for (name, person), found in texts.items() if len(found) > 1)


@pytest.mark.slow
def test_who_is_turned_away_writes_nothing(asked: Round) -> None:
    _report(f"{got.line} {got.wrote}" for got in asked.got if got.answer not in _DONE and got.wrote)
    # What is found elsewhere in this module is taken away as a file as well, which writes events: only rows in between.
    assert asked.after == asked.before
    assert verify().holds


@pytest.mark.slow
def test_looking_writes_nothing_but_that_a_notice_was_opened(asked: Round) -> None:
    looked = [got for got in asked.got if got.row.method == "GET" and got.row.view != "information:notice"]
    _report(f"{got.line} {got.wrote}" for got in looked if got.wrote)


@pytest.mark.slow
def test_no_answer_holds_a_word_that_its_reader_may_not_know(asked: Round, world: World) -> None:
    hidden = {person: forbidden(world, person) for person in (*PEOPLE, NOBODY)}
    _report(f"{got.line}: {set(hit)}" for got in asked.got if (hit := hidden[got.person].findall(got.text)))


def test_no_search_hint_list_or_file_holds_a_word_that_its_reader_may_not_know(
    found: tuple[Found, ...], world: World
) -> None:
    hidden = {person: forbidden(world, person) for person in (*PEOPLE, NOBODY)}
    _report(
        f"{item.place} {item.case} · {item.person}: {set(hit)}"
        for item in found
        if (hit := hidden[item.person].findall(item.text))
    )


def test_a_use_case_is_found_by_its_words_by_those_who_know_them_and_nobody_else(
    found: tuple[Found, ...], world: World
) -> None:
    expected = {
        "search": KNOWS,
        "program": KNOWS,
        "csv": EXPORTS,
        "hint": {name: who & TELLS for name, who in KNOWS.items()},
        "search by code name": SEES,
        "program by code name": SEES,
        "csv by code name": EXPORTS,
    }
    _report(
        f"{item.place} {item.case} · {item.person}"
        for item in found
        if item.place in expected
        and (world.cases[item.case].number in item.text) != (item.person in expected[item.place].get(item.case, ()))
    )


def test_no_mail_holds_a_word_that_its_reader_may_not_know(world: World) -> None:
    names = {person.email: name for name, person in world.company.people.items()}
    assert len(world.mails) > 3
    assert any(WORDS["own"] in str(mail.subject) + str(mail.body) for mail in world.mails)
    sent = [(reader, str(mail.subject) + str(mail.body)) for mail in world.mails for reader in mail.to]
    waiting = [(item.person.email, item.subject + item.body) for item in MailItem.objects.all() if item.person]
    _report(
        f"{text[:60]} to {reader}"
        for reader, text in sent + waiting
        if forbidden(world, names.get(reader, NOBODY)).search(text)
    )


def test_a_restricted_case_is_not_told_to_the_delegate_who_does_not_see_it(world: World) -> None:
    company, word = world.company, "Bluethroat"
    told = start(company.cameras, title=f"{word} sorting", purpose=word, once=new_key(), by=company.reporter)
    change_visibility(told.use_case, "restricted", [], by=company.reporter)
    told = write_all(told, MIDDLE, company.reporter)
    assert submit(told, seen=told.version, by=company.reporter).lane == Lane.OFFICE
    told_to = {item.person for item in MailItem.objects.filter(Q(subject__contains=word) | Q(body__contains=word))}
    assert told_to <= {company.reporter}
    for address in ("", "notify/queue/unit/", "use-cases/", "use-cases/?text=bluethroa", "information/notices/"):
        assert word not in world.browsers["delegate"].get(f"/{address}").content.decode()


_NUL = (
    "/accounts/oidc/%00/login/",
    "/api/v1/use-cases?unit=%00",
    "/api/v1/use-cases/%00",
    "/information/commitments/%00/",
    "/information/commitments/?q=%00",
    "/information/notices/%00/",
    "/information/notices/?q=%00",
    "/information/notices/new/bulletin/?instead_of=%00",
    "/people/directory/?q=%00",
    "/use-cases/components/?text=a%00",
)


@pytest.mark.parametrize("address", _NUL)
def test_nothing_lies_at_an_address_with_a_character_that_no_database_takes(world: World, address: str) -> None:
    asked = [world.browsers[person].get(address).status_code for person in ("head", "admin", "reporter", NOBODY)]
    assert asked == [404] * 4


def test_what_no_form_of_ours_sends_is_refused_in_words(world: World) -> None:
    (_, key), (number, _) = world.ids["link"]["own"], world.ids["link"]["draft"]
    ask = {"which": "this", "email": "s@example.com", "language": "en", "once": key}
    assert world.browsers["reporter"].post(f"/notify/{number}/question/who/ask/", ask).status_code == 403
    assert world.browsers["head"].post("/notify/samples/", {"after": "\u00b2"}).status_code == 302
    back = {"act": "back", "back-reason": "\0", "version": world.notifications["own"].version}
    decide = f"/notify/{world.cases['own'].number}/decide/"
    assert world.browsers["delegate"].post(decide, back).status_code == 400


@pytest.mark.parametrize(
    ("unit", "role", "sees"),
    [
        ("lenses", {"role": "owner"}, {"group", "coded"}),
        ("top", {"role": "owner"}, {"own", "other", "group", "coded"}),
        (None, {"role": "chair"}, {"own", "other", "group", "restricted", "coded"}),
        (None, {"role": "chair", "ends": _YESTERDAY}, set()),
        (None, {"role": "chair", "ended_at": timezone.now()}, set()),
        (None, {"role": "chair", "starts": _TOMORROW}, set()),
    ],
    ids=["below", "above", "company", "former", "taken back", "future"],
)
def test_sight_follows_the_tree_of_units_and_lasts_as_long_as_the_role(
    world: World, unit: str | None, role: dict[str, Any], sees: set[str]
) -> None:
    person = Person.objects.create_user("somebody@example.com", "a long password 1", name="Somebody")
    where = getattr(world.company, unit) if unit else None
    Assignment.objects.create(person=person, unit=where, **{"starts": TODAY, **role})
    browser = Browser()
    browser.force_login(person)
    pages = {name: browser.get(f"/use-cases/{case.number}/").status_code for name, case in world.cases.items()}
    assert pages == {name: 200 if name in sees else 404 for name in WORDS}
    listed = browser.get("/use-cases/").content.decode()
    assert {name for name, case in world.cases.items() if case.number in listed} == sees


def test_a_closed_account_is_asked_to_sign_in(world: World) -> None:
    Person.objects.filter(pk=world.company.chair.pk).update(is_active=False)
    answer = world.browsers["chair"].get(f"/use-cases/{world.cases['own'].number}/")
    assert answer_of(answer) == Answer.SIGN_IN
    assert world.programs["chair"].get("/api/v1/use-cases").status_code == 401


@pytest.mark.parametrize(("until", "known"), [(_YESTERDAY, True), (timezone.localdate(), False), (None, False)])
def test_a_code_name_stands_until_the_day_after_the_embargo(
    world: World, until: datetime.date | None, known: bool
) -> None:
    case = world.cases["coded"]
    UseCase.objects.filter(pk=case.pk).update(embargo_until=until)
    for address in (f"/use-cases/{case.number}/", "/use-cases/?text=marbleston", "/use-cases/?sort=title"):
        page = world.browsers["member"].get(address).content.decode()
        assert (WORDS["coded"] in page) == known
        assert case.number in page


def test_a_token_for_the_ledger_reads_no_use_case(world: World) -> None:
    assert world.narrow.get("/api/v1/ledger/head").status_code == 200
    for number in ("", f"/{world.cases['own'].number}"):
        assert world.narrow.get(f"/api/v1/use-cases{number}").status_code == 403
