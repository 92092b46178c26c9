"""Use cases and forms for tests of this room."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from typing import Any

import pytest

from hakari.office.information.actions.notices import Draft, publish
from hakari.office.information.audience import Audience
from hakari.office.information.models import Notice
from hakari.office.information.words import Words
from hakari.office.people.models import Person, Unit
from hakari.office.registry.models import UseCase
from hakari.office.registry.numbers import next_number
from tests.pages.conftest import Company

MakeCase = Callable[..., UseCase]
MakeNotice = Callable[..., Notice]


@pytest.fixture
def case(company: Company) -> MakeCase:
    """Return a function that registers a use case of the owner in `cameras`."""

    def make(title: str = "Face search", unit: Unit | None = None, owner: Person | None = None, **more: Any) -> UseCase:
        values = {"state": "triaged", "lowest": "middle", "highest": "middle", **more}
        person = owner or company.owner
        reporter = values.pop("reporter", person)
        return UseCase.objects.create(
            number=next_number("UC"),
            title=title,
            unit=unit or company.cameras,
            owner=person,
            reporter=reporter,
            **values,
        )

    return make


@pytest.fixture
def bulletin(company: Company) -> MakeNotice:
    """Return a function that publishes a bulletin of the reviewer."""

    def make(
        title: str | Words = "Beware", audience: Audience | None = None, by: Person | None = None, **more: Any
    ) -> Notice:
        words = {"title": title if isinstance(title, Words) else Words(en=title), "text": Words(en="A risk.")}
        draft = Draft(**{"kind": "bulletin", **words, "audience": audience or Audience(), **more})
        return publish(draft, key=uuid.uuid4().hex, by=by or company.reviewer)

    return make
