"""Every view, asked by every person for every object, gives the answer that stands in the tables of `matrix`."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.core.management import call_command
from pytest_django.plugin import DjangoDbBlocker

from tests.pages.conftest import drop_triggers, make_company
from tests.pages.matrix.asking import Got, ask_all
from tests.pages.matrix.rows_accounts import ACCOUNTS
from tests.pages.matrix.rows_api import API
from tests.pages.matrix.rows_information import INFORMATION
from tests.pages.matrix.rows_intake import INTAKE
from tests.pages.matrix.rows_people import OWN_PAGES
from tests.pages.matrix.rows_registry import REGISTRY
from tests.pages.matrix.world import World, build

pytestmark = [pytest.mark.django_db, pytest.mark.timeout(1_200)]
ROWS = (*ACCOUNTS, *OWN_PAGES, *REGISTRY, *INTAKE, *INFORMATION, *API)


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
def asked(world: World) -> list[Got]:
    """Return what everybody got for everything."""
    return list(ask_all(world, ROWS))


def test_everybody_gets_the_answer_of_the_table(asked: list[Got]) -> None:
    wrong = [got.line for got in asked if got.answer != got.expected]
    assert not wrong, f"{len(wrong)} of {len(asked)} answers:\n" + "\n".join(wrong)
