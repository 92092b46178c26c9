from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client

from hakari.office.people.models import Person
from hakari.office.registry.models import UseCase
from tests.pages.conftest import Company

pytestmark = pytest.mark.postgres
Enter = Callable[..., UseCase]
SignIn = Callable[[Person], Client]


def _titles(client: Client, query: str = "") -> list[str]:
    return [row["title"] for row in client.get(f"/use-cases/{query}").context["rows"]]


def test_the_list_shows_what_its_reader_sees(company: Company, enter: Enter, sign_in: SignIn) -> None:
    enter("Night photography")
    assert _titles(sign_in(company.owner)) == ["Night photography"]
    assert _titles(sign_in(company.member)) == ["Night photography"]
    assert _titles(sign_in(company.stranger)) == []
    assert _titles(sign_in(company.outsider)) == []


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("?state=triaged", ["B"]),
        ("?tier=high", ["B"]),
        ("?tier=none", ["A", "D"]),
        ("?tier=open", ["C"]),
        ("?visibility=group", ["C"]),
        ("?text=b", ["B"]),
        ("?state=nonsense&tier=x&sort=y&page=z", ["A", "B", "C", "D"]),
        ("?tier=high&state=notified", []),
    ],
)
def test_filters_stand_in_the_address(
    company: Company, enter: Enter, sign_in: SignIn, query: str, expected: list[str]
) -> None:
    enter("A")
    enter("B", state="triaged", lowest="high", highest="high")
    enter("C", visibility="group", lowest="low", highest="middle")
    enter("D")
    assert sorted(_titles(sign_in(company.owner), query)) == expected


def test_a_unit_filter_covers_what_lies_below_it(company: Company, enter: Enter, sign_in: SignIn) -> None:
    enter("Night photography", unit=company.lenses)
    client = sign_in(company.owner)
    assert _titles(client, f"?unit={company.cameras.key}") == ["Night photography"]
    assert _titles(client, f"?unit={company.music.key}") == []


def test_the_list_is_sorted_by_what_is_shown(company: Company, enter: Enter, sign_in: SignIn) -> None:
    enter("Zebra", visibility="group", code_name="Apple")
    enter("Mouse", visibility="group")
    assert _titles(sign_in(company.stranger), "?sort=title") == ["Apple", "Mouse"]
    assert _titles(sign_in(company.owner), "?sort=-title") == ["Zebra", "Mouse"]


@pytest.mark.parametrize("sort", ["number", "title", "unit", "owner", "state", "tier", "changed"])
def test_every_column_sorts_both_ways(company: Company, enter: Enter, sign_in: SignIn, sort: str) -> None:
    enter("A", state="triaged", highest="high", lowest="high")
    enter("B")
    client = sign_in(company.owner)
    assert sorted(_titles(client, f"?sort={sort}")) == sorted(_titles(client, f"?sort=-{sort}")) == ["A", "B"]


def test_filters_are_kept_from_page_to_page(company: Company, enter: Enter, sign_in: SignIn) -> None:
    for number in range(27):
        enter(f"Case {number}")
    page = sign_in(company.owner).get("/use-cases/?text=case&state=notified").content.decode()
    assert "text=case&amp;state=notified&amp;page=2" in page
    assert len(_titles(sign_in(company.owner), "?text=case&page=2")) == 2


def test_the_list_costs_the_same_number_of_queries_at_5_and_50_rows(
    company: Company, enter: Enter, sign_in: SignIn, django_assert_max_num_queries: Callable[..., object]
) -> None:
    client, counts = sign_in(company.owner), []
    client.get("/use-cases/")
    for more in (5, 45):
        for number in range(more):
            enter(f"Night photography {number}")
        for query in ("", "?text=night", "?sort=title&state=notified"):
            with django_assert_max_num_queries(12) as found:  # type: ignore[attr-defined]
                client.get(f"/use-cases/{query}")
            counts.append(len(found.captured_queries))
    assert counts[:3] == counts[3:]


def test_what_people_typed_is_text_and_nothing_else(company: Company, enter: Enter, sign_in: SignIn) -> None:
    attack = "<script>alert(1)</script>"
    case = enter(attack, attack)
    client = sign_in(company.owner)
    for address in ("/use-cases/", f"/use-cases/{case.number}/", f"/use-cases/{case.number}/edit/"):
        assert attack not in client.get(address).content.decode()


def test_a_page_of_another_unit_does_not_exist(company: Company, enter: Enter, sign_in: SignIn) -> None:
    case = enter("Night photography")
    assert sign_in(company.owner).get(f"/use-cases/{case.number}/").status_code == 200
    assert sign_in(company.engineer).get(f"/use-cases/{case.number}/").status_code == 200
    for part in ("", "edit/", "owner/", "visibility/", "code-name/", "retire/", "versions/", "components/"):
        assert sign_in(company.stranger).get(f"/use-cases/{case.number}/{part}").status_code == 404
        assert Client().get(f"/use-cases/{case.number}/{part}").status_code == 302


def test_under_an_embargo_the_page_tells_strangers_the_code_name_only(
    company: Company, enter: Enter, sign_in: SignIn
) -> None:
    case = enter("Night photography", "sharpens stars", code_name="Owl", visibility="group")
    page = sign_in(company.stranger).get(f"/use-cases/{case.number}/").content.decode()
    assert "Owl" in page
    assert "Night photography" not in page
    assert "sharpens stars" not in page
    assert "Night photography" in sign_in(company.engineer).get(f"/use-cases/{case.number}/").content.decode()


def test_history_names_people_and_forgets_the_erased(company: Company, enter: Enter, sign_in: SignIn) -> None:
    case = enter("Night photography")
    client = sign_in(company.engineer)
    page = client.get(f"/use-cases/{case.number}/")
    assert [str(item.by) for item in page.context["happened"]] == ["Owner"]
    assert [str(item.what) for item in page.context["happened"]] == ["Entered as a draft"]
    Person.objects.filter(pk=company.owner.pk).update(name="", erased_at="2026-01-01T00:00Z", is_active=False)
    page = client.get(f"/use-cases/{case.number}/")
    assert [str(item.by) for item in page.context["happened"]] == ["erased person"]


@pytest.mark.parametrize("language", ["en", "ja"])
def test_every_page_of_a_use_case_renders_in_both_languages(
    company: Company, enter: Enter, sign_in: SignIn, language: str
) -> None:
    case, client = enter("Night photography"), sign_in(company.head)
    client.cookies["language"] = language
    parts = ("", "edit/", "owner/", "visibility/", "code-name/", "retire/", "versions/", "components/")
    for address in (*(f"/use-cases/{case.number}/{part}" for part in parts), "/use-cases/", "/use-cases/import/"):
        page = client.get(address)
        assert page.status_code == 200
        assert f'<html lang="{language}">' in page.content.decode()
