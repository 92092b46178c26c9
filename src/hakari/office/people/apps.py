from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class PeopleConfig(AppConfig):
    name = "hakari.office.people"
    label = "people"

    def ready(self) -> None:
        from hakari.office.people import entries  # noqa: F401  # adds navigation
        from hakari.office.people.signing import notes  # noqa: F401  # listens to what allauth does

        post_migrate.connect(make_cache_table, sender=self, dispatch_uid="hakari.office.people.cache")


def make_cache_table(using: str = "default", verbosity: int = 0, **_: Any) -> None:
    """Make the table in which counts of failed sign-ins stand, if it is not there."""
    from django.core.management import call_command

    call_command("createcachetable", database=using, verbosity=max(verbosity - 1, 0))
