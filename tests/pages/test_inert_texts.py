"""Whatever stands in a text field of any table comes out as text, on every page that links lead to."""

from __future__ import annotations

from contextlib import suppress

import pytest
from django.apps import apps
from django.db import IntegrityError, connection, models, transaction
from django.test import Client

from hakari.office.desk.demo import seed
from hakari.office.people.models import Person
from tests.pages.conftest import drop_triggers
from tests.pages.crawling import crawl

ATTACK = "\"'><script>alert(1)</script><img src=x onerror=alert(2)>{{ 7|add:7 }}"
_KEPT = {"key", "number", "digest", "salt", "path", "email", "password", "prefix", "label_key"}
"""Columns that the site makes itself or needs to find a row again."""


def _texts(model: type[models.Model]) -> list[models.Field]:  # type: ignore[type-arg]  # any field
    found = []
    for field in model._meta.concrete_fields:
        words = isinstance(field, (models.CharField, models.TextField)) and not isinstance(field, models.EmailField)
        made = field.choices or field.primary_key or field.name in _KEPT or field.max_length in {32, 64}
        if words and not made:
            found.append(field)
    return found


def _fill() -> int:
    """Write the attack into every text of every table of the office; return how many columns took it."""
    taken = 0
    drop_triggers()
    for model in apps.get_models():
        if not model.__module__.startswith("hakari.office"):
            continue
        for field in _texts(model):
            quoted = connection.ops.quote_name
            table, column = quoted(model._meta.db_table), quoted(str(field.column))
            pk = quoted(str(model._meta.pk.column))
            with suppress(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
                # The row's own number keeps it unique; a column that only takes certain words refuses it.
                cursor.execute(f"UPDATE {table} SET {column} = %s || {pk} WHERE {column} <> ''", [ATTACK])
                taken += cursor.rowcount > 0
    return taken


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor != "sqlite", reason="PostgreSQL refuses texts longer than their column")
def test_no_page_hands_an_attack_on_as_markup() -> None:
    seed(lambda told: None)
    assert _fill() > 15
    raw: dict[str, int] = {}
    seen: set[str] = set()
    for role in ("head", "reviewer", "delegate", "owner", "admin", "auditor"):
        person = Person.objects.filter(assignments__role=role).order_by("pk").first()
        assert person is not None
        client = Client()
        client.force_login(person)
        for kind, path in crawl(person).items():
            page = client.get(path).content.decode()
            seen |= {kind} if "alert(1)" in page else set()
            if "<script>alert" in page or "<img src=x" in page or ">14<" in page or page[:3] == " 14":
                raw[f"{role} {path}"] = page.count("<script>alert")
    assert raw == {}
    assert len(seen) > 12, f"the attack was shown on few pages only: {sorted(seen)}"
