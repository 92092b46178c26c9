from __future__ import annotations

from collections.abc import Callable

import pytest

from hakari.office.people.access import access_of
from hakari.office.people.models import Person
from hakari.office.registry.models import UseCase
from hakari.office.registry.search import search, similar
from hakari.office.registry.visibility import is_veiled, veiled, visible
from tests.pages.conftest import Company

pytestmark = pytest.mark.postgres
Enter = Callable[..., UseCase]


def _found(person: Person, text: str) -> list[str]:
    return sorted(search(access_of(person), text).values_list("title", flat=True))


@pytest.mark.parametrize(
    ("title", "asked"),
    [
        ("Résumé screening for factories", "SCREEN"),
        ("Résumé screening for factories", "résumé factories"),
        ("採用選考の支援", "採用"),
        ("採用選考の支援", "選"),
        ("カメラの自動追尾", "ｶﾒﾗ"),
        ("ＡＩによる校正", "ai"),
        ("100% automatic_grading", "0% auto"),
        ("Straße recognition", "STRASSE"),
    ],
)
def test_a_use_case_is_found_by_a_word_however_it_is_typed(
    company: Company, enter: Enter, title: str, asked: str
) -> None:
    enter("Something else entirely")
    enter(title)
    assert _found(company.owner, asked) == [title]


def test_wildcards_of_the_database_are_letters_like_others(company: Company, enter: Enter) -> None:
    enter("Automatic grading")
    assert _found(company.owner, "%") == _found(company.owner, "a_t") == []


def test_every_word_must_be_there_next_to_each_other_or_not(company: Company, enter: Enter) -> None:
    enter("Night photography", "sharpens stars")
    assert _found(company.owner, "stars night") == ["Night photography"]
    assert _found(company.owner, "stars moon") == []
    assert _found(company.owner, "nigraphy") == []


def test_number_and_code_name_are_found(company: Company, enter: Enter) -> None:
    case = enter("Night photography", code_name="Owl")
    assert _found(company.owner, case.number) == _found(company.owner, "owl") == [case.title]


def test_what_is_not_visible_is_not_found(company: Company, enter: Enter) -> None:
    enter("Night photography")
    assert _found(company.stranger, "night") == []
    assert _found(company.outsider, "night") == []


def test_a_title_under_embargo_is_found_by_its_code_name_only(company: Company, enter: Enter) -> None:
    enter("Night photography", "sharpens stars", code_name="Owl", visibility="group")
    assert _found(company.stranger, "owl") == ["Night photography"]
    for hidden in ("night", "stars", "n", "photography owl"):
        assert _found(company.stranger, hidden) == []
        assert _found(company.engineer, hidden) == ["Night photography"]


def test_similar_cases_are_ranked_by_what_they_share(company: Company, enter: Enter) -> None:
    near = enter("Screening of applications for factory jobs")
    far = enter("Screening of applications for scholarships in music")
    enter("Noise reduction in recordings")
    found, hidden = similar(access_of(company.owner), "Screening of applications for factory work")
    assert (found, hidden) == ([near, far], False)


def test_a_hidden_similar_case_is_only_hinted_at(company: Company, enter: Enter) -> None:
    enter("Screening of applications for factory jobs")
    assert similar(access_of(company.stranger), "Screening of applications") == ([], True)
    assert similar(access_of(company.stranger), "Noise reduction in recordings") == ([], False)


def test_a_similar_case_under_embargo_is_not_named(company: Company, enter: Enter) -> None:
    enter("Screening of applications", code_name="Owl", visibility="group")
    assert similar(access_of(company.stranger), "Screening of applications") == ([], True)


def test_drafts_of_others_are_neither_named_nor_hinted_at(company: Company, enter: Enter) -> None:
    enter("Screening of applications", state="draft")
    assert similar(access_of(company.engineer), "Screening of applications") == ([], False)


def test_two_japanese_titles_are_similar_by_their_characters(company: Company, enter: Enter) -> None:
    case = enter("採用選考における書類審査の支援")
    assert similar(access_of(company.owner), "採用選考の書類審査を支援") == ([case], False)


def test_the_rule_of_the_embargo_is_the_same_in_the_database_and_for_one_case(company: Company, enter: Enter) -> None:
    enter("Night photography", code_name="Owl", visibility="group")
    enter("Day photography", code_name="Lark", visibility="group", embargo_until="2020-01-02")
    enter("Noon photography", visibility="group")
    for person in company.people.values():
        access = access_of(person)
        hidden = set(visible(access).filter(veiled(access)).values_list("pk", flat=True))
        assert hidden == {case.pk for case in visible(access).select_related("unit") if is_veiled(access, case)}


def test_searching_costs_the_same_number_of_queries_for_many_cases(
    company: Company, enter: Enter, django_assert_num_queries: Callable[..., object]
) -> None:
    access = access_of(company.owner)
    for count in (5, 20):
        for number in range(count):
            enter(f"Night photography {number}")
        with django_assert_num_queries(2):  # type: ignore[attr-defined]
            list(search(access, "night photo"))
        with django_assert_num_queries(4):  # type: ignore[attr-defined]
            similar(access, "Night photography by phone")
