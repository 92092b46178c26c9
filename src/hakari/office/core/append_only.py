"""Rows that are written once: no change through the model, and none in the database (see `triggers`)."""

from __future__ import annotations

from typing import Any

from django.db import models

from hakari.errors import OfficeError
from hakari.messages import say
from hakari.office.core.ledger.made import note

__all__ = ["AppendOnly", "append_only_models"]


class AppendOnlySet(models.QuerySet[Any]):
    """A query that can read and add."""

    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> list[Any]:
        made = super().bulk_create(objs, *args, **kwargs)
        note(made)
        return made

    def update(self, **kwargs: Any) -> int:
        raise OfficeError(say("office.core.append_only", table=self.model._meta.db_table))

    def delete(self) -> tuple[int, dict[str, int]]:
        raise OfficeError(say("office.core.append_only", table=self.model._meta.db_table))


class AppendOnly(models.Model):
    """A model whose rows never change."""

    objects = AppendOnlySet.as_manager()

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self._state.adding:
            raise OfficeError(say("office.core.append_only", table=self._meta.db_table))
        kwargs["force_insert"] = True
        super().save(*args, **kwargs)
        note([self])

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        raise OfficeError(say("office.core.append_only", table=self._meta.db_table))


def append_only_models() -> list[type[models.Model]]:
    """Return every model of the site whose rows never change, by table name."""
    from django.apps import apps

    found = [model for model in apps.get_models() if issubclass(model, AppendOnly)]
    return sorted(found, key=lambda model: model._meta.db_table)
