"""What programs read, with which token, and what they are refused."""

from __future__ import annotations

import datetime

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from hakari.office.core.ledger.store import append, ledger_name
from hakari.office.core.models import Head
from hakari.office.people.actions.tokens import create_token, revoke_token
from hakari.office.people.models import Assignment, Person, Token
from hakari.office.people.tokens import token_text
from hakari.office.registry.models import UseCase, Visibility
from tests.pages.conftest import Company

pytestmark = pytest.mark.postgres
SEED = "0123456789abcdefghij"


@pytest.fixture(autouse=True)
def no_failures_counted(db: None) -> None:
    cache.clear()


def _program(person: Person, *scopes: str, days: int = 30) -> Client:
    create_token(person, "program", scopes or ["use_cases"], days, seed=SEED, by=person)
    return Client(headers={"authorization": f"Bearer {token_text(person, SEED)}"})


def _case(company: Company, number: str, **values: object) -> UseCase:
    given = {"unit": company.cameras, "reporter": company.reporter, "owner": company.owner, "title": number}
    return UseCase.objects.create(number=number, **{**given, "state": "notified", **values})


def test_a_token_says_for_whom_it_acts(company: Company) -> None:
    told = _program(company.owner).get("/api/v1/me").json()
    assert told["key"] == company.owner.key
    assert told["roles"] == [{"role": "owner", "unit": "Cameras"}]
    assert told["scopes"] == ["use_cases"]


@pytest.mark.parametrize("path", ["me", "use-cases", "use-cases/UC-2026-0001", "ledger/head"])
def test_nothing_is_read_without_a_token_nor_by_a_session(company: Company, path: str) -> None:
    inside = Client()
    inside.force_login(company.auditor)
    for client in (Client(), inside):
        answer = client.get(f"/api/v1/{path}")
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"


@pytest.mark.parametrize(("language", "words"), [("en", "Send a token"), ("ja", "有効なトークン")])
def test_a_refusal_says_what_to_do_in_the_language_asked_for(company: Company, language: str, words: str) -> None:
    answer = Client(headers={"accept-language": language}).get("/api/v1/me")
    assert words in answer.json()["detail"]


def test_a_token_that_ended_counts_no_more(company: Company) -> None:
    client = _program(company.owner)
    assert client.get("/api/v1/me").status_code == 200
    Token.objects.update(expires_at=timezone.now())
    assert client.get("/api/v1/me").status_code == 401


def test_a_revoked_token_counts_no_more(company: Company) -> None:
    client = _program(company.owner)
    revoke_token(Token.objects.get(), by=company.owner)
    assert client.get("/api/v1/me").status_code == 401


def test_the_token_of_a_closed_account_counts_no_more(company: Company) -> None:
    client = _program(company.owner)
    Person.objects.filter(pk=company.owner.pk).update(is_active=False)
    assert client.get("/api/v1/me").status_code == 401


def test_a_token_with_one_letter_changed_does_not_count(company: Company) -> None:
    _program(company.owner)
    text = token_text(company.owner, SEED)
    other = text[:-1] + ("0" if text[-1] != "0" else "1")
    assert Client(headers={"authorization": f"Bearer {other}"}).get("/api/v1/me").status_code == 401


def test_a_token_opens_no_page(company: Company) -> None:
    assert _program(company.owner).get("/people/me/").status_code == 302


def test_after_ten_wrong_tokens_none_is_looked_at_from_that_address(company: Company) -> None:
    right = _program(company.owner)
    for number in range(10):
        Client(headers={"authorization": f"Bearer hkr_{number}"}).get("/api/v1/me")
    assert right.get("/api/v1/me").status_code == 429
    assert right.get("/api/v1/me", REMOTE_ADDR="192.0.2.7").status_code == 200


def test_the_last_use_is_noted_at_most_once_a_minute(company: Company) -> None:
    client = _program(company.owner)
    client.get("/api/v1/me")
    first = Token.objects.get().last_used_at
    client.get("/api/v1/me")
    assert first is not None
    assert Token.objects.get().last_used_at == first
    Token.objects.update(last_used_at=first - datetime.timedelta(seconds=61))
    client.get("/api/v1/me")
    last = Token.objects.get().last_used_at
    assert last is not None
    assert last > first


def test_a_program_sees_the_use_cases_of_its_person(company: Company) -> None:
    _case(company, "UC-2026-0001")
    _case(company, "UC-2026-0002", unit=company.lenses)
    _case(company, "UC-2026-0003", unit=company.music, reporter=company.stranger, owner=company.stranger)
    told = _program(company.owner).get("/api/v1/use-cases").json()
    assert told["count"] == 2
    assert {item["number"] for item in told["items"]} == {"UC-2026-0001", "UC-2026-0002"}


def test_a_use_case_that_is_not_shown_does_not_exist(company: Company) -> None:
    _case(company, "UC-2026-0001")
    assert _program(company.owner).get("/api/v1/use-cases/UC-2026-0001").json()["owner"] == "Owner"
    hidden = _program(company.stranger).get("/api/v1/use-cases/UC-2026-0001")
    assert (hidden.status_code, hidden.json()) == (404, {"detail": "Not Found"})


def test_a_restricted_case_is_not_in_the_list_of_the_unit(company: Company) -> None:
    _case(company, "UC-2026-0001", visibility=Visibility.RESTRICTED)
    assert _program(company.engineer).get("/api/v1/use-cases").json()["count"] == 0
    assert _program(company.head).get("/api/v1/use-cases").json()["count"] == 1


def test_what_an_embargo_hides_is_hidden_from_programs_too(company: Company) -> None:
    _case(company, "UC-2026-0001", visibility=Visibility.GROUP, code_name="Heron", title="Secret", purpose="Secret")
    told = _program(company.stranger).get("/api/v1/use-cases/UC-2026-0001").json()
    assert (told["title"], told["purpose"]) == ("Heron", "")


@pytest.mark.parametrize(
    ("query", "numbers"),
    [
        ("state=notified", {"UC-2026-0001"}),
        ("level=high", {"UC-2026-0002"}),
        ("unit={lenses}", {"UC-2026-0002"}),
        ("unit=none", set()),
        ("changed_since=2999-01-01T00:00:00Z", set()),
    ],
)
def test_filters_narrow_the_list(company: Company, query: str, numbers: set[str]) -> None:
    _case(company, "UC-2026-0001")
    _case(company, "UC-2026-0002", state="triaged", lowest="high", highest="high", unit=company.lenses)
    told = _program(company.owner).get("/api/v1/use-cases?" + query.format(lenses=company.lenses.key)).json()
    assert {item["number"] for item in told["items"]} == numbers


@pytest.mark.parametrize("query", ["state=unheard", "per_page=1000", "page=0", "changed_since=yesterday"])
def test_a_filter_that_does_not_fit_is_told(company: Company, query: str) -> None:
    assert _program(company.owner).get(f"/api/v1/use-cases?{query}").status_code == 422


def test_the_pages_hold_every_case_once_with_the_same_number_of_queries(
    company: Company, django_assert_max_num_queries: object
) -> None:
    for number in range(7):
        _case(company, f"UC-2026-{number:04d}")
    client = _program(company.owner)
    seen = []
    for page in (1, 2, 3):
        with django_assert_max_num_queries(8):  # type: ignore[operator]
            told = client.get(f"/api/v1/use-cases?per_page=3&page={page}").json()
        seen += [item["number"] for item in told["items"]]
    assert sorted(seen) == [f"UC-2026-{number:04d}" for number in range(7)]


def test_the_head_of_the_ledger_is_for_the_scope_and_the_role(company: Company) -> None:
    append("test.happened", by="system", about=("test", "1"))
    auditor = _program(company.auditor, "ledger")
    told = auditor.get("/api/v1/ledger/head").json()
    head = Head.objects.get()
    assert told == {"ledger": ledger_name(), "sequence": head.sequence, "digest": head.digest}
    assert auditor.get("/api/v1/use-cases").status_code == 403
    assert _program(company.owner).get("/api/v1/ledger/head").status_code == 403


def test_a_scope_is_worth_nothing_once_the_role_has_ended(company: Company) -> None:
    client = _program(company.auditor, "ledger")
    Assignment.objects.filter(person=company.auditor).update(ended_at=timezone.now())
    assert client.get("/api/v1/ledger/head").status_code == 403


def test_the_description_names_every_address_and_there_is_no_page_of_scripts(company: Company) -> None:
    told = Client().get("/api/v1/openapi.json").json()
    expected = {"/api/v1/me", "/api/v1/use-cases", "/api/v1/use-cases/{number}", "/api/v1/ledger/head"}
    assert set(told["paths"]) == expected
    assert Client().get("/api/v1/docs").status_code == 404
