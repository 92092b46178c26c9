"""A small company whose numbers can be counted by hand."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone

from hakari.office.committee.models import Condition, Decision
from hakari.office.intake.models import Notification
from hakari.office.lifecycle.models import StageAssessment, Standing
from hakari.office.oversight.picture import Picture
from hakari.office.people.access import Access, access_of
from hakari.office.people.models import Person
from hakari.office.registry.models import UseCase
from tests.pages.committee.conftest import decide_by, make_item
from tests.pages.conftest import Company
from tests.pages.lifecycle.conftest import make_case
from tests.pages.lifecycle.trial import DOUBTFUL


def ago(days: int) -> datetime.datetime:
    """Return noon some days ago."""
    day = timezone.localdate() - datetime.timedelta(days=days)
    return datetime.datetime.combine(day, datetime.time(12), tzinfo=datetime.UTC)


def told(company: Company, number: str, *, sent: int, **values: Any) -> UseCase:
    """Make a case that was notified some days ago."""
    case = make_case(company, number=number, **values)
    Notification.objects.create(
        use_case=case, step="settled", lane="office", submitted_by=company.reporter, submitted_at=ago(sent),
        settled_at=ago(sent), settled_in="office",
    )  # fmt: skip
    return case


def decided(company: Company, *, sent: int = 20, **options: Any) -> Decision:
    """Decide a case with one condition, and tell that it was notified some days ago."""
    options = {"number": "UC-2026-0001", **options}
    item = make_item(company, DOUBTFUL, proposal="approve_with_conditions", **options)
    decide_by(item, company, "approve_with_conditions")
    Notification.objects.create(
        use_case=item.use_case, step="settled", lane="office", submitted_by=company.reporter, submitted_at=ago(sent),
        settled_at=ago(sent), settled_in="office",
    )  # fmt: skip
    return Decision.objects.get()


def make_late(days: int) -> Condition:
    """Let the one condition be late by some days."""
    Condition.objects.update(due=timezone.localdate() - datetime.timedelta(days=days))
    return Condition.objects.select_related("use_case").get()


def make_stale(case: UseCase, company: Company, *reasons: dict[str, Any], since: int = 3) -> StageAssessment:
    """Make a case whose decision does not stand any more."""
    UseCase.objects.filter(pk=case.pk).update(state="stale")
    return StageAssessment.objects.create(
        use_case=case, stage="release", number=1, packs=[], standing=Standing.STALE, standing_since=ago(since),
        stale_because=list(reasons), opened_by=company.owner,
    )  # fmt: skip


def numbers(picture: Picture) -> list[list[Any]]:
    """Return the table of a picture as plain values."""
    return [[cell.day or (cell.text if cell.several else str(cell.text)) for cell in row] for row in picture.table.rows]


def of(person: Person) -> Access:
    """Return what a person may do."""
    return access_of(person)


@pytest.fixture
def head(company: Company) -> Access:
    """Return the access of the head of the office, who sees restricted cases."""
    return access_of(company.head)
