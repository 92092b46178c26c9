from __future__ import annotations

from collections.abc import Callable

from django.test import Client

from hakari.office.people.models import Person
from tests.pages.conftest import Company


def test_home_greets_in_the_language_of_the_account(company: Company, sign_in: Callable[[Person], Client]) -> None:
    company.owner.language = "ja"
    company.owner.save()
    page = sign_in(company.owner).get("/").content.decode()
    assert '<html lang="ja">' in page
    assert "あなたの対応が必要なもの" in page


def test_home_asks_a_stranger_to_sign_in(client: Client, db: None) -> None:
    assert client.get("/").headers["Location"].startswith("/accounts/login/")
