"""Use cases to look for."""

from __future__ import annotations

import datetime
from collections.abc import Callable

import pytest
from django.utils import timezone

from hakari.office.registry.actions import create_draft
from hakari.office.registry.models import UseCase
from tests.pages.conftest import Company


@pytest.fixture
def enter(company: Company) -> Callable[..., UseCase]:
    """Return a function that enters a use case of `owner` in `cameras`, notified unless said otherwise."""

    def make(title: str, purpose: str = "", *, state: str = "notified", **values: object) -> UseCase:
        case = create_draft(title, purpose, company.cameras, by=company.owner)
        UseCase.objects.filter(pk=case.pk).update(state=state, **values)
        case.refresh_from_db()
        if {"code_name", "former_number"} & values.keys():
            from hakari.office.registry.search import index

            index(case)
        return case

    return make


@pytest.fixture
def tomorrow() -> datetime.date:
    """Return a day on which an embargo still holds."""
    return timezone.localdate() + datetime.timedelta(days=1)
